/* test_core_access.c - tokens and the sessions that hang on them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "test/unit/server_core/fixture.h"

static struct core_result add_token(struct fixture *f, const char *name,
                                    enum role role, char digit)
{
    struct core_command c = {.type = CMD_TOKEN_CREATE, .actor = "ann"};

    (void)snprintf(c.u.token.name, sizeof c.u.token.name, "%s", name);
    c.u.token.role = role;
    memset(c.u.token.sha256, digit, 64);
    return core_call(f->core, &c);
}

static struct core_result do_id(struct fixture *f, enum core_command_type type,
                                int64_t id)
{
    struct core_command c = {.type = type, .actor = "ann", .u.id = id};

    return core_call(f->core, &c);
}

static struct core_result sign_in(struct fixture *f, int64_t token, char digit)
{
    struct core_command c = {.type = CMD_SESSION_BEGIN, .actor = "ann"};

    c.u.session.token_id = token;
    memset(c.u.session.sha256, digit, 64);
    return core_call(f->core, &c);
}

static int64_t token_id(struct fixture *f, char digit)
{
    struct token t;
    struct diag why;
    char hash[65] = "";

    memset(hash, digit, 64);
    ota_err e = store_token_by_hash(f->reader, hash, &t, &why);
    return e == OTA_OK ? t.id : 0;
}

/* When the session expires; -1: there is none. */
static model_ms session_until(struct fixture *f, char digit)
{
    struct session s;
    struct diag why;
    char hash[65] = "";

    memset(hash, digit, 64);
    ota_err e = store_session_by_hash(f->reader, hash, &s, &why);
    return e == OTA_OK ? s.expires_ms : -1;
}

static void session_ends_an_hour_after_its_last_use(void **state)
{
    struct fixture *f = *state;

    assert_ok(add_token(f, "root", ROLE_ADMIN, 'a'));
    struct core_result r = sign_in(f, token_id(f, 'a'), '1');
    assert_ok(r);
    assert_int_equal(session_until(f, '1'), f->now + MINUTES(60));

    pass_ms(f, MINUTES(50));
    assert_ok(do_id(f, CMD_SESSION_EXTEND, r.id));
    pass_ms(f, MINUTES(59));
    assert_int_equal(session_until(f, '1'), f->now + MINUTES(1));
    assert_int_equal(events_of_kind(f, "session.expired"), 0);

    pass_ms(f, MINUTES(1));
    assert_int_equal(session_until(f, '1'), -1);
    assert_int_equal(events_of_kind(f, "session.expired"), 1);
}

static void session_is_over_when_its_person_signs_out(void **state)
{
    struct fixture *f = *state;

    assert_ok(add_token(f, "root", ROLE_ADMIN, 'a'));
    struct core_result r = sign_in(f, token_id(f, 'a'), '1');
    assert_ok(sign_in(f, token_id(f, 'a'), '2'));
    assert_ok(do_id(f, CMD_SESSION_END, r.id));

    assert_int_equal(session_until(f, '1'), -1);
    assert_true(session_until(f, '2') > 0);
    assert_int_equal(events_of_kind(f, "session.ended"), 1);
}

static void token_revoked_takes_its_sessions_along(void **state)
{
    struct fixture *f = *state;

    assert_ok(add_token(f, "root", ROLE_ADMIN, 'a'));
    assert_ok(add_token(f, "eve", ROLE_VIEWER, 'b'));
    assert_ok(sign_in(f, token_id(f, 'a'), '1'));
    assert_ok(sign_in(f, token_id(f, 'b'), '2'));
    assert_ok(do_id(f, CMD_TOKEN_REVOKE, token_id(f, 'b')));

    assert_int_equal(token_id(f, 'b'), 0);
    assert_int_equal(session_until(f, '2'), -1);
    assert_true(session_until(f, '1') > 0);
    assert_int_equal(events_of_kind(f, "token.revoked"), 1);
    assert_refused(do_id(f, CMD_TOKEN_REVOKE, 77), OTA_ERR_NOT_FOUND,
                   "there is no token 77");
}

static void token_of_the_last_admin_stays(void **state)
{
    struct fixture *f = *state;

    assert_ok(add_token(f, "root", ROLE_ADMIN, 'a'));
    assert_ok(add_token(f, "eve", ROLE_OPERATOR, 'b'));
    assert_refused(do_id(f, CMD_TOKEN_REVOKE, token_id(f, 'a')), OTA_ERR_STATE,
                   "this is the last token with the role admin: make another "
                   "one first");
    assert_ok(add_token(f, "second", ROLE_ADMIN, 'c'));
    assert_ok(do_id(f, CMD_TOKEN_REVOKE, token_id(f, 'a')));
}

static void session_of_an_unknown_token_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(sign_in(f, 5, '1').error, OTA_ERR_NOT_FOUND);
    assert_int_equal(session_until(f, '1'), -1);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        TEST(session_ends_an_hour_after_its_last_use),
        TEST(session_is_over_when_its_person_signs_out),
        TEST(token_revoked_takes_its_sessions_along),
        TEST(token_of_the_last_admin_stays),
        TEST(session_of_an_unknown_token_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
