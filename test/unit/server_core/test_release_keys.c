/* test_release_keys.c - release keys as text.
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

#include "server/core/release_keys.h"

/* The generator of P-256, and it with the other y. */
#define X "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
#define Y "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define Z "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a"

/* Odd, and with the highest bit set; the last digits are its own. */
#define FILL32   "00112233445566778899aabbccddeeff"
#define FILL     FILL32 FILL32 FILL32 FILL32 FILL32
#define RSA(end) "c0" FILL FILL FILL "00112233445566778899aabbcc" end

static void release_keys_are_taken_in_their_order(void **state)
{
    const char *at = "04" X Y " " RSA("0001") " 04" X Z;
    struct release_key key;

    (void)state;
    assert_true(release_keys_are_ok(at));
    assert_true(release_key_next(&at, &key));
    assert_string_equal(release_key_type(&key), "p256");
    assert_int_equal(key.len, P256_POINT_BYTES);
    assert_int_equal(key.bytes[0], 4);
    assert_int_equal(key.bytes[64], 0xf5);
    assert_true(release_key_next(&at, &key));
    assert_string_equal(release_key_type(&key), "rsa2048");
    assert_int_equal(key.len, RSA2048_BYTES);
    assert_int_equal(key.bytes[0], 0xc0);
    assert_int_equal(key.bytes[RSA2048_BYTES - 1], 1);
    assert_true(release_key_next(&at, &key));
    assert_int_equal(key.bytes[64], 0x0a);
    assert_false(release_key_next(&at, &key));
    assert_true(release_keys_are_ok(""));
}

static void release_keys_are_read_by_their_kind(void **state)
{
    struct release_keys all;

    (void)state;
    release_keys_read(&all, "04" X Y " " RSA("0001") " 04" X Z);
    assert_int_equal(all.keys.count, 2);
    assert_int_equal(all.keys.points[1][64], 0x0a);
    assert_int_equal(all.keys.rsa->count, 1);
    assert_int_equal(all.keys.rsa->moduli[0][RSA2048_BYTES - 1], 1);
    assert_true(all.keys.rsa->check == image_rsa_check);
    release_keys_read(&all, "");
    assert_int_equal(all.keys.count + all.keys.rsa->count, 0);
}

static void release_keys_that_are_none_are_refused(void **state)
{
    static const char *const BAD[] = {
        "04",
        " ",
        "04" X Y " ",
        "04" X Y "  04" X Z,
        "04" X Y "04" X Z,
        "04" X Y " 04" X Y,          /* twice */
        RSA("0001") " " RSA("0001"), /* likewise */
        "04" X X,                    /* not on the curve */
        "02" X Y,                    /* compressed by its first byte */
        "04" X Y "00",               /* too long */
        "04" X "4FE342E2" Y,         /* capitals */
        RSA("0000"),                 /* even */
        "40" FILL FILL FILL "00112233445566778899aabbcc0001", /* 2047 bits */
        RSA("0001") "00",                                     /* too long */
    };

    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        if (release_keys_are_ok(BAD[i]))
            fail_msg("taken: %s", BAD[i]);
    }
    assert_true(release_key_is_ok("04" X Y));
    assert_true(release_key_is_ok(RSA("0001")));
    assert_false(release_key_is_ok(""));
    assert_false(release_key_is_ok("04" X Y " 04" X Z));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(release_keys_are_taken_in_their_order),
        cmocka_unit_test(release_keys_are_read_by_their_kind),
        cmocka_unit_test(release_keys_that_are_none_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
