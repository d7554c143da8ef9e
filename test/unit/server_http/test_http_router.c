/* test_http_router.c - which row of a table a request means.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/http/http_router.h"

static const struct http_route ROUTES[] = {
    {.method = "GET", .pattern = "/a"},
    {.method = "POST", .pattern = "/a"},
    {.method = "GET", .pattern = "/a/{}"},
    {.method = "GET", .pattern = "/a/{}/b/{}"},
    {.method = "PATCH", .pattern = "/a/{}/b/{}"},
    {.method = "POST", .pattern = "/a/{}/go"},
};
static const struct http_table TABLE = {ROUTES, 6};

static struct http_match match;
static char allow[HTTP_ALLOW_MAX];

static const struct http_route *find(const char *method, const char *path)
{
    return http_router_find(&TABLE, method, path, &match, allow);
}

static void router_path_and_method_give_their_row(void **state)
{
    (void)state;
    assert_ptr_equal(find("GET", "/a"), &ROUTES[0]);
    assert_ptr_equal(find("POST", "/a"), &ROUTES[1]);
    assert_ptr_equal(find("PATCH", "/a/x/b/y"), &ROUTES[4]);
    assert_ptr_equal(find("POST", "/a/x/go"), &ROUTES[5]);
}

static void router_head_is_answered_as_get(void **state)
{
    (void)state;
    assert_ptr_equal(find("HEAD", "/a/7"), &ROUTES[2]);
}

static void router_segments_are_copied_out(void **state)
{
    (void)state;

    assert_ptr_equal(find("GET", "/a/pk1/b/dev:0@1"), &ROUTES[3]);

    assert_int_equal(match.count, 2);
    assert_string_equal(match.segment[0], "pk1");
    assert_string_equal(match.segment[1], "dev:0@1");
}

static void router_unknown_path_allows_nothing(void **state)
{
    static const char *const PATHS[] = {
        "",    "/",      "/a/",        "/b",         "/aa",
        "//a", "/a//b/", "/a/x/b",     "/a/x/b/",    "/a/x/b/y/z",
        "/A",  "a",      "/a/x/other", "/a/x/go/on",
    };
    (void)state;
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        assert_null(find("GET", PATHS[i]));
        assert_string_equal(allow, "");
    }
}

static void router_other_method_lists_what_is_allowed(void **state)
{
    (void)state;
    assert_null(find("DELETE", "/a"));
    assert_string_equal(allow, "GET, HEAD, POST");
    assert_null(find("get", "/a/x"));
    assert_string_equal(allow, "GET, HEAD");
}

static void router_segment_too_long_is_no_match(void **state)
{
    char path[3 + HTTP_SEGMENT_MAX + 1] = "/a/";
    (void)state;

    memset(path + 3, 'x', HTTP_SEGMENT_MAX - 1);
    assert_ptr_equal(find("GET", path), &ROUTES[2]);
    path[3 + HTTP_SEGMENT_MAX - 1] = 'x';
    assert_null(find("GET", path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(router_path_and_method_give_their_row),
        cmocka_unit_test(router_head_is_answered_as_get),
        cmocka_unit_test(router_segments_are_copied_out),
        cmocka_unit_test(router_unknown_path_allows_nothing),
        cmocka_unit_test(router_other_method_lists_what_is_allowed),
        cmocka_unit_test(router_segment_too_long_is_no_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
