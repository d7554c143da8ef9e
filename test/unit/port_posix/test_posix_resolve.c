/* test_posix_resolve.c - names become addresses without waiting. No name
 * server is asked: digits, /etc/hosts, and names no server could know.
 *
 * SPDX-License-Identifier: MIT
 */
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "port/posix/posix_clock.h"
#include "port/posix/posix_resolve.h"

/* A label may have 63 bytes: the C library refuses this one by itself. */
#define IMPOSSIBLE                                                             \
    "0123456789012345678901234567890123456789012345678901234567890123456789"

static ota_err settled(struct resolver *r)
{
    uint64_t end = posix_monotonic_ms() + 20000;
    ota_err e;

    while ((e = resolve_poll(r)) == OTA_ERR_AGAIN) {
        assert_true(posix_monotonic_ms() < end);
        poll(NULL, 0, 1);
    }
    return e;
}

static void resolve_digits_are_an_answer_at_once(void **state)
{
    static struct resolver r;

    (void)state;
    resolve_init(&r);
    assert_int_equal(resolve_start(&r, "127.0.0.1", 1883), OTA_OK);

    assert_int_equal(resolve_poll(&r), OTA_OK);
    assert_int_equal(r.count, 1);
    const struct sockaddr_in *a = (const void *)&r.address[0].sa;
    assert_int_equal(a->sin_family, AF_INET);
    assert_int_equal(ntohs(a->sin_port), 1883);
    assert_int_equal(ntohl(a->sin_addr.s_addr), INADDR_LOOPBACK);

    assert_int_equal(resolve_start(&r, "::1", 80), OTA_OK);
    assert_int_equal(resolve_poll(&r), OTA_OK);
    assert_int_equal(r.address[0].sa.ss_family, AF_INET6);
}

static void resolve_name_is_found(void **state)
{
    static struct resolver r;

    (void)state;
    resolve_init(&r);
    assert_int_equal(resolve_start(&r, "localhost", 80), OTA_OK);
    assert_int_equal(settled(&r), OTA_OK);
    assert_true(r.count >= 1);
}

static void resolve_unknown_name_is_not_found(void **state)
{
    static struct resolver r;

    (void)state;
    resolve_init(&r);
    assert_int_equal(resolve_start(&r, IMPOSSIBLE, 80), OTA_OK);
    assert_int_equal(settled(&r), OTA_ERR_NOT_FOUND);
}

static void resolve_later_question_wins(void **state)
{
    static struct resolver r;

    (void)state;
    resolve_init(&r);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(resolve_start(&r, IMPOSSIBLE, 80), OTA_OK);
        assert_int_equal(resolve_start(&r, "localhost", 80), OTA_OK);
        assert_int_equal(settled(&r), OTA_OK);
        assert_int_equal(resolve_start(&r, "localhost", 80), OTA_OK);
        resolve_stop(&r);
        assert_int_equal(resolve_start(&r, "127.0.0.1", 80), OTA_OK);
        assert_int_equal(resolve_poll(&r), OTA_OK);
    }
}

static void resolve_empty_or_endless_name_is_refused(void **state)
{
    static struct resolver r;
    char name[RESOLVE_NAME_MAX + 1];

    (void)state;
    resolve_init(&r);
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(resolve_start(&r, name, 80), OTA_ERR_RANGE);
    assert_int_equal(resolve_start(&r, "", 80), OTA_ERR_RANGE);
    assert_int_equal(resolve_poll(&r), OTA_ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolve_digits_are_an_answer_at_once),
        cmocka_unit_test(resolve_name_is_found),
        cmocka_unit_test(resolve_unknown_name_is_not_found),
        cmocka_unit_test(resolve_later_question_wins),
        cmocka_unit_test(resolve_empty_or_endless_name_is_refused),
    };
    return cmocka_run_group_tests_name("posix_resolve", tests, NULL, NULL);
}
