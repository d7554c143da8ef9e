/* test_err.c - every error has a sentence of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/err.h"

static void err_every_value_has_its_own_text(void **state)
{
    (void)state;
    for (int a = 0; a < OTA_ERR_COUNT; a++) {
        const char *text = ota_err_text((ota_err)a);

        assert_true(strlen(text) > 0);
        assert_string_not_equal(text, "unknown error");
        assert_int_not_equal(text[strlen(text) - 1], '.');
        for (int b = 0; b < a; b++)
            assert_string_not_equal(text, ota_err_text((ota_err)b));
    }
    assert_string_equal(ota_err_text(OTA_OK), "ok");
    assert_string_equal(ota_err_text(OTA_ERR_SYNTAX),
                        "text is not well formed");
}

static void err_a_value_outside_the_list_is_unknown(void **state)
{
    /* Set from outside, as by flash or memory gone bad. */
    static const int VALUES[] = {OTA_ERR_COUNT, -1, INT32_MAX, INT32_MIN};
    volatile int value;

    (void)state;
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++) {
        value = VALUES[i];
        assert_string_equal(ota_err_text((ota_err)value), "unknown error");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(err_every_value_has_its_own_text),
        cmocka_unit_test(err_a_value_outside_the_list_is_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
