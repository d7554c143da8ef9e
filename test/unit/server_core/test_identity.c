/* test_identity.c - the names, the login and the topics of devices.
 *
 * The passwords below were computed with an independent HMAC, the first of
 * them is the one of Link SDK's own clientId.
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

#include "server/core/identity.h"

#define LINK_SDK_ID                                                            \
    "a1TESTpk001.dev01|timestamp=2524608000000,_ss=1,_v=sdk-c-4.0.0,"          \
    "securemode=3,signmethod=hmacsha256,ext=3,|"
#define SECRET "secret0123456789"

static struct identity_login login_of(const char *client_id)
{
    struct identity_login l;
    const char *why = "";

    if (identity_login_parse(&l, client_id, "dev01&a1TESTpk001", &why))
        fail_msg("%s: %s", client_id, why);
    return l;
}

static const char *refusal_of(const char *client_id, const char *username)
{
    struct identity_login l;
    const char *why = NULL;

    assert_int_equal(identity_login_parse(&l, client_id, username, &why),
                     OTA_ERR_SYNTAX);
    assert_non_null(why);
    return why;
}

static void login_of_link_sdk_is_taken_apart(void **state)
{
    (void)state;
    struct identity_login l = login_of(LINK_SDK_ID);

    assert_string_equal(l.product_key, "a1TESTpk001");
    assert_string_equal(l.device_name, "dev01");
    assert_string_equal(l.cid, "a1TESTpk001.dev01");
    assert_string_equal(l.agent, "sdk-c-4.0.0");
    assert_int_equal(l.method, HMAC_SHA256);
    assert_string_equal(l.content,
                        "clientIda1TESTpk001.dev01deviceNamedev01"
                        "productKeya1TESTpk001timestamp2524608000000");
}

static void password_of_link_sdk_is_accepted(void **state)
{
    (void)state;
    struct identity_login l = login_of(LINK_SDK_ID);

    assert_true(identity_password_ok(&l, SECRET,
                                     "9DCDC246AD8526A9A09A006637061E25"
                                     "DD6EEEFFA2708BE99FE23B089F81C7F9"));
    assert_true(identity_password_ok(&l, SECRET,
                                     "9dcdc246ad8526a9a09a006637061e25"
                                     "dd6eeeffa2708be99fe23b089f81c7f9"));
}

static void password_by_each_method_with_and_without_time_is_accepted(void **s)
{
    static const struct {
        const char *client_id, *password;
    } GOOD[] = {
        {"wx.1|signmethod=hmacmd5|", "8a7d102a3f301497e7b0be130d234048"},
        {"wx.1|signmethod=hmacmd5,timestamp=1|",
         "e5a8fc3e7abd5f287ff37f47c1f5010c"},
        {"wx.1|signmethod=hmacsha1|",
         "333fbe6c4e3bdc149ff59ae86a9755fb76842386"},
        {"wx.1|timestamp=1,signmethod=hmacsha1|",
         "37a2e1cfa4a6b151325171817fcda51d6f36b613"},
        {"wx.1|signmethod=hmacsha256|",
         "3586bf4929420846a0ebf41948ed42986facb41e56d0bddb2cd09ff815f0fcf6"},
        {"wx.1|signmethod=hmacsha256,timestamp=1,|",
         "f90c174285603eddde80e5da7794dd2636310d65346ae358abf7516028284e7e"},
    };
    (void)s;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        struct identity_login l = login_of(GOOD[i].client_id);
        assert_true(identity_password_ok(&l, SECRET, GOOD[i].password));
        assert_false(
            identity_password_ok(&l, "secret012345678X", GOOD[i].password));
    }
}

static void password_cut_grown_or_no_hex_is_refused(void **state)
{
    static const char *const BAD[] = {
        "",
        "8a7d102a3f301497e7b0be130d23404",
        "8a7d102a3f301497e7b0be130d234048 ",
        "8a7d102a3f301497e7b0be130d23404800",
        "8a7d102a3f301497e7b0be130d23404g",
        "0a7d102a3f301497e7b0be130d234048",
    };
    (void)state;
    struct identity_login l = login_of("wx.1|signmethod=hmacmd5|");

    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(identity_password_ok(&l, SECRET, BAD[i]));
    assert_false(identity_password_ok(&l, SECRET, NULL));
}

static void login_with_empty_cid_signs_it_empty(void **state)
{
    (void)state;
    assert_string_equal(login_of("|signmethod=hmacsha1|").content,
                        "clientIddeviceNamedev01productKeya1TESTpk001");
}

static void login_with_empty_items_and_unknown_keys_is_taken(void **state)
{
    (void)state;
    struct identity_login l =
        login_of("x|,,what=ever=1,signmethod=hmacsha1,lan=C,|");

    assert_int_equal(l.method, HMAC_SHA1);
    assert_string_equal(l.agent, "");
}

static void login_malformed_is_refused(void **state)
{
    static const struct {
        const char *client_id, *username;
    } BAD[] = {
        {NULL, "dev01&pk1"},
        {"x|signmethod=hmacsha1|", NULL},
        {"x|signmethod=hmacsha1|", ""},
        {"x|signmethod=hmacsha1|", "dev01"},
        {"x|signmethod=hmacsha1|", "&pk1"},
        {"x|signmethod=hmacsha1|", "dev01&"},
        {"x|signmethod=hmacsha1|", "dev01&pk1&pk1"},
        {"x|signmethod=hmacsha1|", "dev/01&pk1"},
        {"x|signmethod=hmacsha1|", "dev01&pk.1"},
        {"x|signmethod=hmacsha1|", "d234567890123456789012345678901234&pk1"},
        {"", "dev01&pk1"},
        {"x", "dev01&pk1"},
        {"x|", "dev01&pk1"},
        {"x|signmethod=hmacsha1", "dev01&pk1"},
        {"x|signmethod=hmacsha1|y", "dev01&pk1"},
        {"x|signmethod=hmacsha1||", "dev01&pk1"},
        {"x||", "dev01&pk1"},
        {"x|signmethod|", "dev01&pk1"},
        {"x|signmethod=|", "dev01&pk1"},
        {"x|signmethod=HMACSHA1|", "dev01&pk1"},
        {"x|signmethod=hmacsha1,signmethod=hmacmd5|", "dev01&pk1"},
        {"x|timestamp=1,timestamp=2,signmethod=hmacsha1|", "dev01&pk1"},
        {"x|timestamp=,signmethod=hmacsha1|", "dev01&pk1"},
        {"x|timestamp=-1,signmethod=hmacsha1|", "dev01&pk1"},
        {"x|timestamp=123456789012345678901,signmethod=hmacsha1|", "d&pk1"},
        {"12345678901234567890123456789012345678901234567890123456789012345"
         "|signmethod=hmacsha1|",
         "dev01&pk1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        (void)refusal_of(BAD[i].client_id, BAD[i].username);
}

/* A good clientId of len characters. */
static void id_of_length(char id[IDENTITY_CLIENT_ID_MAX + 1], int len)
{
    static const char HEAD[] = "a|signmethod=hmacsha1,";

    (void)snprintf(id, IDENTITY_CLIENT_ID_MAX + 1, "%s%0*d|", HEAD,
                   len - (int)strlen(HEAD) - 1, 0);
}

static void login_too_long_is_refused(void **state)
{
    char id[IDENTITY_CLIENT_ID_MAX + 1];

    (void)state;
    id_of_length(id, IDENTITY_CLIENT_ID_MAX);
    assert_string_equal(refusal_of(id, "dev01&pk1"),
                        "clientId is longer than 512 characters");

    id_of_length(id, IDENTITY_CLIENT_ID_MAX - 1);
    (void)login_of(id);
}

static void login_refused_leaves_the_output_alone(void **state)
{
    struct identity_login l;
    const char *why;

    (void)state;
    memset(&l, 0x5a, sizeof l);
    assert_int_equal(identity_login_parse(&l, "x|timestamp=a|", "d&p", &why),
                     OTA_ERR_SYNTAX);
    assert_int_equal(l.product_key[0], 0x5a);
}

static void login_agent_that_would_end_a_string_is_made_harmless(void **state)
{
    (void)state;
    assert_string_equal(
        login_of("x|_v=a\"b\\c<d>\xc3\xa4 e,signmethod=hmacmd5|").agent,
        "a?b?c?d????e");

    char id[200];
    (void)snprintf(id, sizeof id, "x|signmethod=hmacmd5,_v=%0100d|", 0);
    assert_int_equal(strlen(login_of(id).agent), 80);
}

static void names_at_their_limits_are_told_apart(void **state)
{
    (void)state;
    assert_true(identity_product_key_ok("a"));
    assert_true(identity_product_key_ok("12345678901234567890123456789012"));
    assert_false(identity_product_key_ok("123456789012345678901234567890123"));
    assert_false(identity_product_key_ok(""));
    assert_false(identity_product_key_ok("a-b"));
    assert_true(identity_device_name_ok("a._:@-Z9"));
    assert_false(identity_device_name_ok("a+b"));
    assert_false(identity_device_name_ok("a#"));
    assert_false(identity_device_name_ok("a b"));
    assert_true(identity_secret_ok("12345678"));
    assert_false(identity_secret_ok("1234567"));
    assert_false(identity_secret_ok("1234567_"));
    assert_true(identity_version_ok("1.4.0-rc.1+build_7"));
    assert_false(identity_version_ok("1.4.0 "));
    assert_false(identity_version_ok(""));
}

static void topic_of_each_kind_is_recognised_with_its_owner(void **state)
{
    static const struct {
        const char *topic;
        enum identity_topic_kind kind;
    } KNOWN[] = {
        {"/ota/device/inform/pk1/dev-01", TOPIC_INFORM},
        {"/ota/device/progress/pk1/dev-01", TOPIC_PROGRESS},
        {"/ota/device/upgrade/pk1/dev-01", TOPIC_UPGRADE},
        {"/ota/device/request/pk1/dev-01", TOPIC_DEVICE_DOWN},
        {"/sys/pk1/dev-01/thing/ota/firmware/get", TOPIC_FIRMWARE_GET},
        {"/sys/pk1/dev-01/thing/ota/firmware/get_reply",
         TOPIC_FIRMWARE_GET_REPLY},
        {"/sys/pk1/dev-01/thing/event/property/post", TOPIC_DEVICE_UP},
        {"/pk1/dev-01/user/update", TOPIC_DEVICE_UP},
    };
    (void)state;
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        struct identity_topic t = identity_topic_parse(KNOWN[i].topic);
        assert_int_equal(t.kind, KNOWN[i].kind);
        assert_string_equal(t.product_key, "pk1");
        assert_string_equal(t.device_name, "dev-01");
    }
}

static void topic_of_nobody_is_other(void **state)
{
    static const char *const OTHER[] = {
        "",
        "/",
        "//",
        "tern/v1/presence",
        "ota/device/inform/pk1/dev-01",
        "/ota",
        "/ota/device",
        "/ota/device/inform",
        "/ota/device/inform/pk1",
        "/ota/device/inform/pk1/",
        "/ota/device/inform//dev-01",
        "/ota/device/inform/pk1/dev-01/",
        "/ota/device/inform/pk1/dev-01/x",
        "/ota/device/inform/+/+",
        "/ota/device/inform/pk1/#",
        "/ota/device/other/pk1/dev-01",
        "/ota/devices/inform/pk1/dev-01",
        "/OTA/device/inform/pk1/dev-01",
        "//ota/device/inform/pk1/dev-01",
        "/sys/pk1/dev-01",
        "/sys/pk1/dev-01/",
        "/sys/pk1",
        "/sys/+/dev-01/x",
        "/pk1/dev-01",
        "/pk1/dev-01/user",
        "/pk1/dev-01/user/",
        "/pk1/dev-01/use/x",
        "$SYS/broker/uptime",
        "$share/g//sys/pk1/dev-01/x",
    };
    (void)state;
    for (size_t i = 0; i < sizeof OTHER / sizeof OTHER[0]; i++) {
        struct identity_topic t = identity_topic_parse(OTHER[i]);
        if (t.kind != TOPIC_OTHER)
            fail_msg("'%s' is taken for a device's", OTHER[i]);
        assert_string_equal(t.product_key, "");
        assert_string_equal(t.device_name, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(login_of_link_sdk_is_taken_apart),
        cmocka_unit_test(password_of_link_sdk_is_accepted),
        cmocka_unit_test(
            password_by_each_method_with_and_without_time_is_accepted),
        cmocka_unit_test(password_cut_grown_or_no_hex_is_refused),
        cmocka_unit_test(login_with_empty_cid_signs_it_empty),
        cmocka_unit_test(login_with_empty_items_and_unknown_keys_is_taken),
        cmocka_unit_test(login_malformed_is_refused),
        cmocka_unit_test(login_too_long_is_refused),
        cmocka_unit_test(login_refused_leaves_the_output_alone),
        cmocka_unit_test(login_agent_that_would_end_a_string_is_made_harmless),
        cmocka_unit_test(names_at_their_limits_are_told_apart),
        cmocka_unit_test(topic_of_each_kind_is_recognised_with_its_owner),
        cmocka_unit_test(topic_of_nobody_is_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
