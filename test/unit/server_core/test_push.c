/* test_push.c - what a device is told, byte for byte.
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

#include "server/core/link.h"
#include "server/core/push.h"

static const struct core_config CONFIG = {.url_host = "192.168.1.5",
                                          .url_port = 8080,
                                          .link_key = {7},
                                          .link_seconds = 3600};

static const struct device DEVICE = {
    .product_key = "a1Pk", .name = "dev-01", .agent = "sdk-c-4.0.0"};

static struct package example(void)
{
    struct package p = {.id = 1,
                        .module = "default",
                        .version = "1.4.0",
                        .sign_method = SIGN_SHA256,
                        .size_bytes = 272600};

    memset(p.sha256, 'a', 64);
    memset(p.md5, 'b', 32);
    return p;
}

static struct push_order order(const struct package *p, const struct device *d)
{
    return (struct push_order){
        .config = &CONFIG, .now = 1626969597470, .package = p, .device = d};
}

static void push_has_the_known_names_in_the_known_order(void **state)
{
    struct package p = example();
    struct push_order o = order(&p, &DEVICE);
    struct push got;
    struct diag why;
    char url[LINK_URL_MAX], want[PUSH_PAYLOAD_MAX];

    (void)state;
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_OK);
    assert_int_equal(link_build(url, "192.168.1.5", 0, p.sha256,
                                1626969597 + 3600, CONFIG.link_key),
                     OTA_OK);
    (void)snprintf(
        want, sizeof want,
        "{\"code\":\"1000\",\"data\":{\"size\":272600,\"version\":\"1.4.0\","
        "\"url\":\"%s\",\"md5\":\"%s\",\"sign\":\"%s\",\"signMethod\":"
        "\"SHA256\"},\"id\":1626969597470,\"message\":\"success\"}",
        url, p.md5, p.sha256);
    assert_string_equal(got.payload, want);
    assert_string_equal(got.topic, "/ota/device/upgrade/a1Pk/dev-01");
}

static void push_by_md5_says_md5_as_link_sdk_reads_it(void **state)
{
    struct package p = example();
    struct push_order o = order(&p, &DEVICE);
    struct push got;
    struct diag why;

    (void)state;
    p.sign_method = SIGN_MD5;
    (void)snprintf(p.module, sizeof p.module, "MCU");
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_OK);
    assert_non_null(strstr(got.payload,
                           "\"sign\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\","
                           "\"signMethod\":\"Md5\",\"module\":\"MCU\"},"));
}

static void push_names_a_port_only_to_agents_that_read_it(void **state)
{
    struct package p = example();
    struct device tern = DEVICE;
    struct push_order o = order(&p, &DEVICE);
    struct push got;
    struct diag why;

    (void)state;
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_OK);
    assert_non_null(strstr(got.payload, "\"http://192.168.1.5/d/"));
    (void)snprintf(tern.agent, sizeof tern.agent, "tern-0.1.0");
    o = order(&p, &tern);
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_OK);
    assert_non_null(strstr(got.payload, "\"http://192.168.1.5:8080/d/"));
}

static void push_numbers_its_task_only_for_agents_that_report_it(void **state)
{
    struct package p = example();
    struct device tern = DEVICE;
    struct push_order o = order(&p, &DEVICE);
    struct push got;
    struct diag why;

    (void)state;
    o.task_id = 17;
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_OK);
    assert_null(strstr(got.payload, "task"));
    (void)snprintf(tern.agent, sizeof tern.agent, "tern-0.1.0");
    o.device = &tern;
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_OK);
    assert_non_null(
        strstr(got.payload, "\"signMethod\":\"SHA256\",\"task\":17}"));
    assert_int_equal(push_task_number(1), 1);
    assert_int_equal(push_task_number(PUSH_TASK_MAX), PUSH_TASK_MAX);
    assert_int_equal(push_task_number((int64_t)PUSH_TASK_MAX + 1), 1);
}

/* What Link SDK's scanner cannot take: blanks after a colon or comma, any
 * escape; and its limit on the URL. */
static void push_of_the_largest_values_is_compact_and_fits(void **state)
{
    struct core_config c = CONFIG;
    struct package p = example();
    struct device d = DEVICE;
    struct push_order o = order(&p, &d);
    struct push got;
    struct diag why = {""};
    const char *url;

    (void)state;
    memset(c.url_host, 'h', sizeof c.url_host - 1);
    o.config = &c;
    p.size_bytes = UINT32_MAX;
    memset(p.version, 'v', sizeof p.version - 1);
    memset(p.module, 'm', sizeof p.module - 1);
    memset(d.product_key, 'k', sizeof d.product_key - 1);
    memset(d.name, 'n', sizeof d.name - 1);
    assert_int_equal(push_config_check(&c, &why), OTA_OK);
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_OK);

    assert_null(strpbrk(got.payload, " \\\n\t"));
    url = strstr(got.payload, "http://");
    assert_non_null(url);
    assert_true(strcspn(url, "\"") <= 254);
    assert_true(strlen(got.topic) < 128);
    assert_string_equal(got.payload + strlen(got.payload) - 9, "success\"}");
    o.request_id = "12345678901234567890123";
    assert_int_equal(push_reply(&got, &o, &why), OTA_OK);
    assert_true(strlen(got.topic) < 128);
    assert_string_equal(got.payload + strlen(got.payload) - 2, "}}");
}

static void push_of_a_text_that_needs_an_escape_is_refused(void **state)
{
    struct package p = example();
    struct push_order o = order(&p, &DEVICE);
    struct push got;
    struct diag why;

    (void)state;
    (void)snprintf(p.version, sizeof p.version, "1\"4");
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_ERR_SYNTAX);
    p = example();
    (void)snprintf(p.module, sizeof p.module, "size");
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_ERR_SYNTAX);
    p = example();
    p.size_bytes = 0;
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_ERR_SYNTAX);
    p = example();
    p.md5[0] = '"';
    assert_int_equal(push_upgrade(&got, &o, &why), OTA_ERR_SYNTAX);
}

static void reply_echoes_the_id_as_text(void **state)
{
    struct push_order o = order(NULL, &DEVICE);
    struct push got;
    struct diag why;

    (void)state;
    o.request_id = "007";
    assert_int_equal(push_reply(&got, &o, &why), OTA_OK);
    assert_string_equal(got.payload,
                        "{\"id\":\"007\",\"code\":200,\"data\":{}}");
    assert_string_equal(got.topic,
                        "/sys/a1Pk/dev-01/thing/ota/firmware/get_reply");
    o.request_id = "";
    assert_int_equal(push_reply(&got, &o, &why), OTA_ERR_SYNTAX);
    o.request_id = "1\",\"x";
    assert_int_equal(push_reply(&got, &o, &why), OTA_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(push_has_the_known_names_in_the_known_order),
        cmocka_unit_test(push_by_md5_says_md5_as_link_sdk_reads_it),
        cmocka_unit_test(push_names_a_port_only_to_agents_that_read_it),
        cmocka_unit_test(push_numbers_its_task_only_for_agents_that_report_it),
        cmocka_unit_test(push_of_the_largest_values_is_compact_and_fits),
        cmocka_unit_test(push_of_a_text_that_needs_an_escape_is_refused),
        cmocka_unit_test(reply_echoes_the_id_as_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
