/* test_agent_log.c - lines for a person, also about bytes from the network.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent/agent_log.h"

static char lines[16][AGENT_LOG_LINE_MAX];
static unsigned count;

static void keep(void *ctx, const char *line)
{
    (void)ctx;
    assert_in_range(count, 0, 15);
    snprintf(lines[count++], AGENT_LOG_LINE_MAX, "%s", line);
}

static const struct port_log LOG = {NULL, keep};

static void log_short_text_is_one_line(void **state)
{
    (void)state;
    count = 0;
    agent_log_text(&LOG, LINE_HEARD, "{\"id\":1}", 8);

    assert_int_equal(count, 1);
    assert_string_equal(lines[0], "[LK-030A] < {\"id\":1}");
}

static void log_long_text_wraps_under_the_same_head(void **state)
{
    char text[AGENT_LOG_WRAP + 3];

    (void)state;
    count = 0;
    memset(text, 'x', sizeof text);
    agent_log_text(&LOG, LINE_SENT, text, sizeof text);

    assert_int_equal(count, 2);
    assert_int_equal(strlen(lines[0]), 12 + AGENT_LOG_WRAP);
    assert_string_equal(lines[1], "[LK-030A] > xxx");
}

static void log_bytes_that_do_not_print_become_dots(void **state)
{
    (void)state;
    count = 0;
    agent_log_text(&LOG, LINE_REPLY, "a\n\x1b[2J\xff\0z", 9);

    assert_string_equal(lines[0], "[LK-040D] < a..[2J..z");
}

static void log_puts_arguments_into_the_line(void **state)
{
    (void)state;
    count = 0;
    agent_log(&LOG, LINE_ARMED, 2u, "1.4.0");
    agent_log(&LOG, LINE_PROGRESS, 35, 2048u);

    assert_string_equal(lines[0], "trial armed: slot 2, version 1.4.0. "
                                  "Down finished all.SystemReset Now...");
    assert_string_equal(lines[1], "download 35% done, +2048 bytes");
}

static void log_without_port_is_harmless(void **state)
{
    (void)state;
    agent_log(NULL, LINE_LINK_UP);
    agent_log_text(NULL, LINE_SENT, "y", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_short_text_is_one_line),
        cmocka_unit_test(log_long_text_wraps_under_the_same_head),
        cmocka_unit_test(log_bytes_that_do_not_print_become_dots),
        cmocka_unit_test(log_puts_arguments_into_the_line),
        cmocka_unit_test(log_without_port_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
