/* test_net_rules.c - claims about what `--net` means, emu/net_rules.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "emu/net_rules.h"

static struct net_rules rules;
static char why[200];

static bool parse(const char *text)
{
    why[0] = '\0';
    return net_rules_parse(&rules, text, why, sizeof why);
}

static void rules_of_the_manual_are_understood(void **state)
{
    (void)state;
    assert_true(parse("map=443:127.0.0.1:1883,map=80:10.1.2.3:8080,"
                      "host=*.iot-as-mqtt.cn-shanghai.aliyuncs.com"));

    const struct net_map *m = net_rules_map(&rules, 443);
    assert_non_null(m);
    assert_int_equal(m->to_address, 0x7F000001);
    assert_int_equal(m->to_port, 1883);
    m = net_rules_map(&rules, 80);
    assert_int_equal(m->to_address, 0x0A010203);
    assert_int_equal(m->to_port, 8080);
    assert_null(net_rules_map(&rules, 1883));
    assert_true(
        net_rules_has_host(&rules, "pk.iot-as-mqtt.cn-shanghai.aliyuncs.com"));
}

static void rules_empty_allow_nothing(void **state)
{
    (void)state;
    assert_true(parse(""));
    assert_null(net_rules_map(&rules, 80));
    assert_false(net_rules_has_host(&rules, "example.com"));
}

static void rules_wildcard_matches_below_a_dot_only(void **state)
{
    (void)state;
    assert_true(parse("host=*.Example.com"));

    assert_true(net_rules_has_host(&rules, "a.example.COM"));
    assert_true(net_rules_has_host(&rules, "a.b.example.com"));
    assert_false(net_rules_has_host(&rules, "example.com"));
    assert_false(net_rules_has_host(&rules, "badexample.com"));
    assert_false(net_rules_has_host(&rules, "example.com.evil.org"));
    assert_false(net_rules_has_host(&rules, ".example.com.x"));
    assert_false(net_rules_has_host(&rules, ""));
}

static void rules_plain_name_matches_itself_only(void **state)
{
    (void)state;
    assert_true(parse("host=ota.example.com"));

    assert_true(net_rules_has_host(&rules, "OTA.example.com"));
    assert_false(net_rules_has_host(&rules, "x.ota.example.com"));
    assert_false(net_rules_has_host(&rules, "ota.example.co"));
}

static void rules_star_matches_every_name(void **state)
{
    (void)state;
    assert_true(parse("host=*"));
    assert_true(net_rules_has_host(&rules, "whatever.org"));
}

static void rules_with_a_mistake_are_refused_and_named(void **state)
{
    static const char *const WRONG[] = {
        "map",
        "map=",
        "map=80",
        "map=80:127.0.0.1",
        "map=80:127.0.0.1:",
        "map=0:127.0.0.1:80",
        "map=65536:127.0.0.1:80",
        "map=80:127.0.0.1:99999",
        "map=80:localhost:80",
        "map=80:127.0.0.1.5.6.7.8.9.10.11:80",
        "map=+80:127.0.0.1:80",
        "map=80:127.0.0.1:80x",
        "map=80:127.0.0.1:80,map=80:127.0.0.1:81",
        "host=",
        "host=*x.com",
        "host=a..b",
        "host=.b",
        "host=b.",
        "host=a b",
        "hosts=a",
        "host=a,",
        "time=",
        "time=soon",
        "time=4294967296",
        "time=99999999999999999999999",
        "time=1,time=now",
        ",host=a",
    };

    (void)state;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        if (parse(WRONG[i]))
            fail_msg("accepted: %s", WRONG[i]);
        assert_non_null(strstr(why, "--net"));
    }
    parse("host=ok,map=80:localhost:80");
    assert_non_null(strstr(why, "map=80:localhost:80"));
    assert_non_null(strstr(why, "127.0.0.1"));
}

static void rules_that_are_too_long_or_many_are_refused(void **state)
{
    char text[4096] = "host=";

    (void)state;
    memset(text + 5, 'a', 1000);
    assert_false(parse(text));
    size_t at = 0;
    for (unsigned i = 1; i <= NET_MAPS_MAX + 1; i++)
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "%smap=%u:1.2.3.4:5", i > 1 ? "," : "", i);
    assert_false(parse(text));
    assert_non_null(strstr(why, "too many"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_of_the_manual_are_understood),
        cmocka_unit_test(rules_empty_allow_nothing),
        cmocka_unit_test(rules_wildcard_matches_below_a_dot_only),
        cmocka_unit_test(rules_plain_name_matches_itself_only),
        cmocka_unit_test(rules_star_matches_every_name),
        cmocka_unit_test(rules_with_a_mistake_are_refused_and_named),
        cmocka_unit_test(rules_that_are_too_long_or_many_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
