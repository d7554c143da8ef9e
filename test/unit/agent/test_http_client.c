/* test_http_client.c - replies, right and hostile, in every split.
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

#include "agent/http_client.h"
#include "port/fake/fake_net.h"

static const char GOOD[] = "HTTP/1.1 206 Partial Content\r\n"
                           "ETag: \"x\"\r\n"
                           "CONTENT-length:  272600 \r\n"
                           "content-Range: bytes 0-272599/272600\r\n"
                           "\r\n";

/* Feed the text in portions of step bytes. */
static ota_err feed(struct http_reply *r, const char *text, size_t len,
                    size_t step)
{
    ota_err e = OTA_ERR_AGAIN;
    size_t at = 0, used;

    http_reply_begin(r, NULL);
    while (at < len && e == OTA_ERR_AGAIN) {
        size_t n = len - at < step ? len - at : step;
        e = http_reply_feed(r, text + at, n, &used);
        assert_in_range(used, 1, n);
        at += used;
    }
    return e;
}

static void reply_in_portions_of_any_size_is_the_same(void **state)
{
    struct http_reply r;

    (void)state;
    for (size_t step = 1; step <= sizeof GOOD - 1; step++) {
        assert_int_equal(feed(&r, GOOD, sizeof GOOD - 1, step), OTA_OK);
        assert_int_equal(r.status, 206);
        assert_true(r.has_length && r.has_range);
        assert_int_equal(r.length_bytes, 272600);
        assert_int_equal(r.range_first, 0);
        assert_int_equal(r.range_last, 272599);
        assert_int_equal(r.range_total, 272600);
    }
}

static void reply_cut_anywhere_is_not_complete(void **state)
{
    struct http_reply r;

    (void)state;
    for (size_t len = 1; len < sizeof GOOD - 1; len++)
        assert_int_equal(feed(&r, GOOD, len, 7), OTA_ERR_AGAIN);
}

static void reply_uses_no_byte_of_the_body(void **state)
{
    struct http_reply r;
    size_t used;

    (void)state;
    http_reply_begin(&r, NULL);
    assert_int_equal(http_reply_feed(&r, "HTTP/1.1 200 OK\n\nbody", 21, &used),
                     OTA_OK);
    assert_int_equal(used, 17);
}

static void reply_that_is_hostile_is_refused_with_a_reason(void **state)
{
#define OK206 "HTTP/1.1 206 x\r\n"
    static const struct {
        const char *text, *why;
    } BAD[] = {
        {"\r\n\r\n", "HTTP/1.1"},
        {"SSH-2.0-x\r\n", "HTTP/1.1"},
        {"HTTP/2 200\r\n", "HTTP/1.1"},
        {"HTTP/1.\r\n", "HTTP/1.1"},
        {"HTTP/1.1 \r\n", "status"},
        {"HTTP/1.1 20x OK\r\n", "status"},
        {"HTTP/1.1 99 OK\r\n", "status"},
        {"HTTP/1.1 2000000000000 OK\r\n", "status"},
        {OK206 "Content-Length: \r\n", "Content-Length"},
        {OK206 "Content-Length: -5\r\n", "Content-Length"},
        {OK206 "Content-Length: 5x\r\n", "Content-Length"},
        {OK206 "Content-Length: 4294967296\r\n", "Content-Length"},
        {OK206 "Content-Length: 5\r\nContent-Length: 5\r\n", "twice"},
        {OK206 "Content-Range: bytes 0-1/2\r\nContent-Range: bytes 0-1/2\r\n",
         "twice"},
        {OK206 "Content-Range: lines 0-1/2\r\n", "Content-Range"},
        {OK206 "Content-Range: bytes 0-1\r\n", "Content-Range"},
        {OK206 "Content-Range: bytes 5-4/9\r\n", "Content-Range"},
        {OK206 "Content-Range: bytes 0-9/9\r\n", "Content-Range"},
        {OK206 "Content-Range: bytes 0-1/2 x\r\n", "Content-Range"},
        {OK206 "Content-Range: bytes -1/2\r\n", "Content-Range"},
        {OK206 "Transfer-Encoding: chunked\r\n", "Transfer-Encoding"},
        {OK206 "content-encoding: gzip\r\n", "Content-Encoding"},
        {OK206 "X: y\r\n folded\r\n", "folded"},
    };
    struct http_reply r;

    (void)state;
    for (unsigned i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        size_t len = strlen(BAD[i].text);
        for (size_t step = 1; step <= len; step += len - 1) {
            assert_int_equal(feed(&r, BAD[i].text, len, step),
                             OTA_ERR_PROTOCOL);
            if (!strstr(r.why, BAD[i].why))
                fail_msg("%s: want %s, got %s", BAD[i].text, BAD[i].why, r.why);
        }
    }
}

static void reply_with_nul_is_refused(void **state)
{
    struct http_reply r;

    (void)state;
    assert_int_equal(feed(&r, "HTTP/1.1 2\00000 OK\r\n", 19, 19),
                     OTA_ERR_PROTOCOL);
}

static void reply_line_too_long_is_skipped_unless_it_matters(void **state)
{
    char text[1024];
    struct http_reply r;
    int n;

    (void)state;
    n = snprintf(text, sizeof text,
                 OK206 "Set-Cookie: %0400d\r\nContent-Length: 7\r\n\r\n", 1);
    assert_int_equal(feed(&r, text, (size_t)n, 11), OTA_OK);
    assert_int_equal(r.length_bytes, 7);

    n = snprintf(text, sizeof text, OK206 "Content-Length: %0400d\r\n", 1);
    assert_int_equal(feed(&r, text, (size_t)n, 11), OTA_ERR_PROTOCOL);
}

static void reply_head_without_end_is_refused(void **state)
{
    struct http_reply r;
    size_t used, total = 0;
    ota_err e = OTA_ERR_AGAIN;

    (void)state;
    http_reply_begin(&r, NULL);
    assert_int_equal(http_reply_feed(&r, OK206, sizeof OK206 - 1, &used),
                     OTA_ERR_AGAIN);
    while (e == OTA_ERR_AGAIN) {
        e = http_reply_feed(&r, "A: b\r\n", 6, &used);
        total += used;
        assert_in_range(total, 0, AGENT_HEADER_BYTES_MAX + 6);
    }
    assert_int_equal(e, OTA_ERR_PROTOCOL);
}

static void reply_of_416_names_no_range(void **state)
{
    static const char TEXT[] = "HTTP/1.1 416 Range Not Satisfiable\r\n"
                               "Content-Range: bytes */100\r\n\r\n";
    struct http_reply r;

    (void)state;
    assert_int_equal(feed(&r, TEXT, sizeof TEXT - 1, 3), OTA_OK);
    assert_int_equal(r.status, 416);
    assert_false(r.has_range);
}

/* --- over a connection --------------------------------------------------- */

static const char REQUEST[] =
    "GET /x HTTP/1.1\r\nHost: h\r\nRange: bytes=0-\r\n\r\n";

/* Run a whole exchange; the body ends up in out. */
static ota_err fetch(struct fake_net *n, uint8_t *out, size_t cap, size_t *len)
{
    struct http_client c = {.net = &n->port};
    size_t got;
    ota_err e = http_open(&c, "h", 80);

    *len = 0;
    http_reply_begin(&c.reply, NULL);
    while (e == OTA_OK || e == OTA_ERR_AGAIN) {
        e = http_send(&c, REQUEST, sizeof REQUEST - 1);
        if (e == OTA_OK)
            break;
    }
    do
        e = http_head(&c, out, cap, len);
    while (e == OTA_ERR_AGAIN);
    while (e == OTA_OK && c.body_left > 0) {
        e = http_body(&c, out + *len, cap - *len, &got);
        if (e == OTA_OK)
            *len += got;
    }
    if (e == OTA_OK)
        assert_int_equal(http_body(&c, out, cap, &got), OTA_ERR_CLOSED);
    http_close(&c);
    return e;
}

static void client_body_is_whole_for_every_slice_size(void **state)
{
    uint8_t file[300], out[600];
    struct fake_net n;
    size_t len;

    (void)state;
    for (unsigned i = 0; i < sizeof file; i++)
        file[i] = (uint8_t)(i * 7);
    for (uint32_t slice = 1; slice < 500; slice++) {
        fake_net_init(&n, file, sizeof file);
        n.slice_bytes = slice;
        assert_int_equal(fetch(&n, out, sizeof out, &len), OTA_OK);
        assert_int_equal(len, sizeof file);
        assert_memory_equal(out, file, sizeof file);
    }
}

static void client_takes_no_byte_beyond_the_length(void **state)
{
    uint8_t file[300] = {0}, out[600];
    struct fake_net n;
    size_t len;

    (void)state;
    fake_net_init(&n, file, sizeof file);
    fake_net_fault(&n, NET_SURPLUS, 0, 0);
    assert_int_equal(fetch(&n, out, sizeof out, &len), OTA_OK);
    assert_int_equal(len, sizeof file);
}

static void client_close_at_any_byte_is_closed(void **state)
{
    uint8_t file[100] = {0}, out[600];
    struct fake_net n;
    size_t len;

    (void)state;
    for (uint32_t at = 0; at < 100; at++) {
        fake_net_init(&n, file, sizeof file);
        fake_net_fault(&n, NET_CLOSE_HEAD, at, 0);
        assert_int_equal(fetch(&n, out, sizeof out, &len), OTA_ERR_CLOSED);
        fake_net_init(&n, file, sizeof file);
        fake_net_fault(&n, NET_CLOSE_AFTER, at, 0);
        assert_int_equal(fetch(&n, out, sizeof out, &len), OTA_ERR_CLOSED);
        assert_int_equal(len, at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reply_in_portions_of_any_size_is_the_same),
        cmocka_unit_test(reply_cut_anywhere_is_not_complete),
        cmocka_unit_test(reply_uses_no_byte_of_the_body),
        cmocka_unit_test(reply_that_is_hostile_is_refused_with_a_reason),
        cmocka_unit_test(reply_with_nul_is_refused),
        cmocka_unit_test(reply_line_too_long_is_skipped_unless_it_matters),
        cmocka_unit_test(reply_head_without_end_is_refused),
        cmocka_unit_test(reply_of_416_names_no_range),
        cmocka_unit_test(client_body_is_whole_for_every_slice_size),
        cmocka_unit_test(client_takes_no_byte_beyond_the_length),
        cmocka_unit_test(client_close_at_any_byte_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
