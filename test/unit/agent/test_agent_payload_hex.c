/* test_agent_payload_hex.c - payloads as sixteen bytes in hex beside their
 * text.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "agent/agent_log.h"

static char lines[4][AGENT_LOG_LINE_MAX];
static unsigned count;

static void keep(void *ctx, const char *line)
{
    (void)ctx;
    assert_in_range(count, 0, 3);
    (void)snprintf(lines[count++], AGENT_LOG_LINE_MAX, "%s", line);
}

static const struct port_log LOG = {NULL, keep};

static void payload_rows_have_sixteen_bytes(void **state)
{
    (void)state;
    count = 0;
    agent_log_payload(&LOG, LINE_SENT, "{\"step\":\"0\",\"desc\":\"\"}", 22);

    assert_int_equal(count, 2);
    assert_string_equal(lines[0], "[LK-030A] > 7B 22 73 74 65 70 22 3A 22 30 "
                                  "22 2C 22 64 65 73 | {\"step\":\"0\",\"des");
    assert_string_equal(lines[1], "[LK-030A] > 63 22 3A 22 22 7D               "
                                  "                | c\":\"\"}");
}

static void payload_bytes_that_do_not_print_are_dots(void **state)
{
    (void)state;
    count = 0;
    agent_log_payload(&LOG, LINE_HEARD, "\x1b[\xff\0", 4);

    assert_string_equal(lines[0] + strlen(lines[0]) - 6, "| .[..");
}

static void payload_of_no_bytes_says_nothing(void **state)
{
    (void)state;
    count = 0;
    agent_log_payload(&LOG, LINE_HEARD, "", 0);

    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payload_rows_have_sixteen_bytes),
        cmocka_unit_test(payload_bytes_that_do_not_print_are_dots),
        cmocka_unit_test(payload_of_no_bytes_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
