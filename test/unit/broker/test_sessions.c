/* test_sessions.c - which device is connected, over which connection.
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

#include "broker/sessions.h"

enum { MANY = 500 };
static const char CLIENTS[MANY]; /* their addresses stand for connections */

static struct session *open_one(struct sessions *s, int i)
{
    struct identity_login login = {.product_key = "pk", .agent = "tern-1"};
    char client_id[32];

    (void)snprintf(login.device_name, sizeof login.device_name, "dev-%03d", i);
    (void)snprintf(client_id, sizeof client_id, "id-%d", i);
    return sessions_open(s, &CLIENTS[i], client_id, &login);
}

static void session_opened_is_found_each_way(void **state)
{
    struct sessions s;

    (void)state;
    sessions_begin(&s, 0xab);
    struct session *a = open_one(&s, 1), *b = open_one(&s, 2);

    assert_ptr_equal(sessions_by_client(&s, &CLIENTS[1]), a);
    assert_ptr_equal(sessions_by_device(&s, "pk", "dev-002"), b);
    assert_ptr_equal(sessions_by_client_id(&s, "id-1"), a);
    assert_string_equal(a->epoch, "000000ab-1");
    assert_string_equal(b->epoch, "000000ab-2");
    assert_string_equal(b->agent, "tern-1");
    assert_null(sessions_by_client(&s, &CLIENTS[3]));
    assert_null(sessions_by_device(&s, "pk2", "dev-002"));
    assert_null(sessions_by_device(
        &s, "a-product-key-that-is-much-too-long-to-be-one", "dev-002"));
    assert_null(sessions_by_client_id(&s, "id"));
    sessions_end(&s);
}

static void session_closed_is_found_no_more(void **state)
{
    struct sessions s;

    (void)state;
    sessions_begin(&s, 1);
    struct session *a = open_one(&s, 1), *b = open_one(&s, 2);
    sessions_close(&s, a);

    assert_null(sessions_by_client(&s, &CLIENTS[1]));
    assert_null(sessions_by_device(&s, "pk", "dev-001"));
    assert_null(sessions_by_client_id(&s, "id-1"));
    assert_ptr_equal(sessions_by_client(&s, &CLIENTS[2]), b);
    assert_string_equal(open_one(&s, 1)->epoch, "00000001-3");
    sessions_end(&s);
}

static void session_of_a_taken_device_or_id_is_not_opened(void **state)
{
    struct identity_login login = {.product_key = "pk", .device_name = "d"};
    struct identity_login other = {.product_key = "pk", .device_name = "e"};
    struct sessions s;

    (void)state;
    sessions_begin(&s, 1);
    struct session *a = sessions_open(&s, &CLIENTS[0], "id", &login);

    assert_null(sessions_open(&s, &CLIENTS[0], "id2", &other));
    assert_null(sessions_open(&s, &CLIENTS[1], "id2", &login));
    assert_null(sessions_open(&s, &CLIENTS[1], "id", &other));
    assert_ptr_equal(sessions_by_client(&s, &CLIENTS[0]), a);
    assert_ptr_equal(sessions_by_device(&s, "pk", "d"), a);
    assert_ptr_equal(sessions_by_client_id(&s, "id"), a);
    assert_null(sessions_by_client(&s, &CLIENTS[1]));
    assert_null(sessions_by_device(&s, "pk", "e"));
    sessions_end(&s);
}

static void session_keeps_the_last_inform(void **state)
{
    struct sessions s;

    (void)state;
    sessions_begin(&s, 1);
    struct session *a = open_one(&s, 1);
    assert_null(a->inform.topic);
    assert_true(session_keep_inform(a, "t", "first", 5));
    assert_true(session_keep_inform(a, "t2", "second", 6));

    assert_string_equal(a->inform.topic, "t2");
    assert_memory_equal(a->inform.payload, "second", 6);
    assert_int_equal(a->inform.payload_bytes, 6);
    assert_true(session_keep_inform(a, "t3", NULL, 0));
    assert_int_equal(a->inform.payload_bytes, 0);
    sessions_end(&s);
}

struct seen {
    int count;
    const struct session *last;
};

static void see(void *ctx, const struct session *session)
{
    struct seen *seen = ctx;

    if (seen->last != NULL)
        assert_true(strcmp(seen->last->device_name, session->device_name) < 0);
    seen->last = session;
    seen->count++;
}

static void sessions_each_visits_everyone_once_in_order(void **state)
{
    struct sessions s;
    struct seen seen = {0, NULL};

    (void)state;
    sessions_begin(&s, 1);
    for (int i = 0; i < MANY; i++)
        assert_non_null(open_one(&s, i * 7 % MANY));
    for (int i = 0; i < MANY; i += 2)
        sessions_close(&s, sessions_by_client(&s, &CLIENTS[i]));
    sessions_each(&s, see, &seen);
    assert_int_equal(seen.count, MANY / 2);
    sessions_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(session_opened_is_found_each_way),
        cmocka_unit_test(session_closed_is_found_no_more),
        cmocka_unit_test(session_of_a_taken_device_or_id_is_not_opened),
        cmocka_unit_test(session_keeps_the_last_inform),
        cmocka_unit_test(sessions_each_visits_everyone_once_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
