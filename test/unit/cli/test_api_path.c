/* test_api_path.c - tests of cli/api_path.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/api.h"

static void api_path_names_are_escaped(void **s)
{
    struct api_path p = api_path("/api/v1/products");

    (void)s;
    api_path_add(&p, "a/b?c#d %");
    api_path_add(&p, "dev-01._~");
    assert_false(p.bad);
    assert_string_equal(p.text,
                        "/api/v1/products/a%2Fb%3Fc%23d%20%25/dev-01._~");
}

static void api_path_query_members_are_joined(void **s)
{
    struct api_path p = api_path("/x");

    (void)s;
    api_path_query(&p, "a", "1&b=2");
    api_path_query(&p, "c", "gr\xc3\xbcn");
    assert_string_equal(p.text, "/x?a=1%26b%3D2&c=gr%C3%BCn");
}

static void api_path_that_would_be_another_is_bad(void **s)
{
    static const char *const SEGMENTS[] = {"", ".", ".."};

    (void)s;
    for (size_t i = 0; i < 3; i++) {
        struct api_path p = api_path("/x");
        api_path_add(&p, SEGMENTS[i]);
        assert_true(p.bad);
    }
}

static void api_path_too_long_stays_bad(void **s)
{
    struct api_path p = api_path("/x");
    char name[300];

    (void)s;
    memset(name, '%', sizeof name - 1);
    name[sizeof name - 1] = 0;
    for (int i = 0; i < 3; i++)
        api_path_add(&p, name);
    assert_true(p.bad);
    assert_true(strlen(p.text) < sizeof p.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(api_path_names_are_escaped),
        cmocka_unit_test(api_path_query_members_are_joined),
        cmocka_unit_test(api_path_that_would_be_another_is_bad),
        cmocka_unit_test(api_path_too_long_stays_bad),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
