/* test_crash_limit.c - a program that crashes at once must not busy the
 * machine; one that crashes now and then must not wait.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "targets/posix-device/crash_limit.h"

static void crash_limit_fifth_crash_in_ten_seconds_waits(void **state)
{
    struct crash_limit c = {.count = 0};

    (void)state;
    for (uint64_t i = 0; i < 4; i++)
        assert_int_equal(crash_limit_note(&c, 100 + i * 2500), 0);
    assert_int_equal(crash_limit_note(&c, 100 + 4 * 2500), 1000);
    assert_int_equal(crash_limit_note(&c, 100 + 5 * 2500), 1000);
}

static void crash_limit_rare_crashes_never_wait(void **state)
{
    struct crash_limit c = {.count = 0};

    (void)state;
    for (uint64_t i = 0; i < 100; i++)
        assert_int_equal(crash_limit_note(&c, i * 2501u), 0);
}

static void crash_limit_forgets_an_old_burst(void **state)
{
    struct crash_limit c = {.count = 0};

    (void)state;
    for (uint64_t i = 0; i < 9; i++)
        (void)crash_limit_note(&c, i);
    for (uint64_t i = 0; i < 4; i++)
        assert_int_equal(crash_limit_note(&c, 20000 + i), 0);
    assert_int_equal(crash_limit_note(&c, 20004), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crash_limit_fifth_crash_in_ten_seconds_waits),
        cmocka_unit_test(crash_limit_rare_crashes_never_wait),
        cmocka_unit_test(crash_limit_forgets_an_old_burst),
    };
    return cmocka_run_group_tests_name("crash_limit", tests, NULL, NULL);
}
