/* test_login.c - the login texts against a vector that was made elsewhere.
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

#include "agent/agent_state.h"

static struct agent_config config(const char *pk, const char *dn,
                                  const char *ds)
{
    return (struct agent_config){
        .product_key = pk, .device_name = dn, .device_secret = ds};
}

static void login_matches_the_vector_of_the_link_sdk(void **state)
{
    struct agent_login l;
    struct agent_config c = config("a1TESTpk001", "dev01", "secret0123456789");

    (void)state;
    assert_int_equal(login_make(&l, &c), OTA_OK);
    assert_string_equal(l.client_id,
                        "a1TESTpk001.dev01|timestamp=2524608000000,_v=tern-"
                        "" TERN_VERSION ",securemode=3,signmethod=hmacsha256|");
    assert_string_equal(l.username, "dev01&a1TESTpk001");
    assert_string_equal(
        l.password,
        "9DCDC246AD8526A9A09A006637061E25DD6EEEFFA2708BE99FE23B089F81C7F9");
}

static void login_of_the_longest_names_fits(void **state)
{
    char pk[33], dn[33], ds[65];
    struct agent_login l;
    struct agent_config c = config(pk, dn, ds);

    (void)state;
    memset(pk, 'P', 32);
    memset(dn, 'd', 32);
    memset(ds, 's', 64);
    pk[32] = dn[32] = ds[64] = '\0';
    assert_int_equal(login_make(&l, &c), OTA_OK);
    assert_int_equal(strlen(l.username), 65);
}

static void login_with_bad_names_is_range(void **state)
{
    static const char LONG[] = "123456789012345678901234567890123";
    static const char *const BAD[][3] = {
        {"", "dev01", "secret0123"},
        {"pk", "", "secret0123"},
        {"pk", "dev01", "short12"},
        {LONG, "dev01", "secret0123"},
        {"pk", LONG, "secret0123"},
        {"pk", "dev01",
         "12345678901234567890123456789012345678901234567890123456789012345"},
    };
    struct agent_login l;

    (void)state;
    for (unsigned i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct agent_config c = config(BAD[i][0], BAD[i][1], BAD[i][2]);
        assert_int_equal(login_make(&l, &c), OTA_ERR_RANGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(login_matches_the_vector_of_the_link_sdk),
        cmocka_unit_test(login_of_the_longest_names_fits),
        cmocka_unit_test(login_with_bad_names_is_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
