/* test_hello_tasks.c - two tasks take turns, whatever the clock does.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "targets/hello/hello_release.h"

/* test_hello_tasks.c is a release of its own. */
const struct hello_release HELLO_RELEASE = {.note = "",
                                            .self_test = hello_tasks_fit};

struct heard {
    struct port_log port;
    char text[4096]; /* "1", "2" for each line */
    size_t len;
};

static void hear(void *ctx, const char *line)
{
    struct heard *h = ctx;

    assert_true(strcmp(line, "Hello world1.") == 0 ||
                strcmp(line, "Hello world2.") == 0);
    h->text[h->len++] = line[11];
    h->text[h->len] = '\0';
}

static struct hello_tasks tasks_on(struct heard *h, uint32_t now_ms)
{
    struct hello_tasks t;

    *h = (struct heard){.port = {.ctx = h, .line = hear}};
    hello_tasks_init(&t, &h->port, now_ms);
    return t;
}

static void hello_tasks_take_turns_every_500_ms_each(void **state)
{
    struct heard h;
    struct hello_tasks t = tasks_on(&h, 7);

    (void)state;
    for (uint32_t now = 7; now < 7 + 2000; now++)
        hello_tasks_run(&t, now);
    assert_string_equal(h.text, "12121212");
    assert_int_equal(t.longest_gap_ms, 1);
}

static void hello_tasks_go_on_when_the_clock_wraps(void **state)
{
    struct heard h;
    uint32_t now = UINT32_MAX - 600;
    struct hello_tasks t = tasks_on(&h, now);

    (void)state;
    for (unsigned i = 0; i < 2000; i++)
        hello_tasks_run(&t, now++);
    assert_string_equal(h.text, "12121212");
}

static void hello_tasks_longest_gap_is_kept(void **state)
{
    struct heard h;
    struct hello_tasks t = tasks_on(&h, 0);

    (void)state;
    hello_tasks_run(&t, 3);
    hello_tasks_run(&t, 45);
    hello_tasks_run(&t, 50);
    assert_int_equal(t.longest_gap_ms, 42);
}

/* A stopped machine must not be followed by hundreds of lines. */
static void hello_tasks_missed_turns_are_not_made_up_for(void **state)
{
    struct heard h;
    struct hello_tasks t = tasks_on(&h, 0);

    (void)state;
    hello_tasks_run(&t, 0);
    hello_tasks_run(&t, 100000);
    hello_tasks_run(&t, 100001);
    assert_string_equal(h.text, "112");
}

static void hello_tasks_are_fit_once_each_has_spoken(void **state)
{
    struct heard h;
    struct hello_tasks t = tasks_on(&h, 0);

    (void)state;
    hello_tasks_run(&t, 0);
    assert_int_equal(hello_tasks_fit(&t), AGENT_NOT_YET);
    hello_tasks_run(&t, HELLO_PERIOD_MS / HELLO_TASKS);
    assert_int_equal(hello_tasks_fit(&t), AGENT_FIT);
    t.ran_ms += 2 * HELLO_PERIOD_MS; /* time passed and no task ran */
    assert_int_equal(hello_tasks_fit(&t), AGENT_UNFIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hello_tasks_take_turns_every_500_ms_each),
        cmocka_unit_test(hello_tasks_go_on_when_the_clock_wraps),
        cmocka_unit_test(hello_tasks_longest_gap_is_kept),
        cmocka_unit_test(hello_tasks_missed_turns_are_not_made_up_for),
        cmocka_unit_test(hello_tasks_are_fit_once_each_has_spoken),
    };
    return cmocka_run_group_tests_name("hello_tasks", tests, NULL, NULL);
}
