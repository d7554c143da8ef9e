/* test_points.c - release keys as text.
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

#include "server/core/points.h"

/* The generator of P-256, and it with the other y. */
#define X "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
#define Y "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define Z "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a"

static void points_on_the_curve_are_taken_in_their_order(void **state)
{
    const char *at = "04" X Y " 04" X Z;
    uint8_t point[P256_POINT_BYTES];

    (void)state;
    assert_true(points_are_ok(at));
    assert_true(points_next(&at, point));
    assert_int_equal(point[0], 4);
    assert_int_equal(point[64], 0xf5);
    assert_true(points_next(&at, point));
    assert_int_equal(point[64], 0x0a);
    assert_false(points_next(&at, point));
    assert_true(points_are_ok(""));
}

static void points_that_are_none_are_refused(void **state)
{
    static const char *const BAD[] = {
        "04",
        " ",
        "04" X Y " ",
        "04" X Y "  04" X Z,
        "04" X Y "04" X Z,
        "04" X Y " 04" X Y,  /* twice */
        "04" X X,            /* not on the curve */
        "02" X Y,            /* compressed by its first byte */
        "04" X Y "00",       /* too long */
        "04" X "4FE342E2" Y, /* capitals */
    };

    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        if (points_are_ok(BAD[i]))
            fail_msg("taken: %s", BAD[i]);
    }
    assert_true(point_is_ok("04" X Y));
    assert_false(point_is_ok(""));
    assert_false(point_is_ok("04" X Y " 04" X Z));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_on_the_curve_are_taken_in_their_order),
        cmocka_unit_test(points_that_are_none_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
