/* test_provision.c - what the factory wrote is read back, and nothing that is
 * torn, altered or against the protocol is believed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/crc32.h"
#include "base/provision.h"

static const struct provision GOOD = {
    .product_key = "a1B2",
    .device_name = "dev-01._:@",
    .device_secret = "s3cretS3cret",
    .mqtt_host = "mqtt.example.com",
    .mqtt_port = 1883,
    .http_port = 65535,
};

enum { HEAD = 8, CRC = 4 };

static uint8_t bytes[PROVISION_BYTES_MAX + 64];
static struct provision got;
static struct provision_why why;

/* As a sector holds it: erased bytes behind it. */
static size_t sector_with(const struct provision *id)
{
    memset(bytes, 0xff, sizeof bytes);
    return provision_format(id, bytes);
}

/* fields: len bytes of fields in a frame that is right. */
static ota_err parse_fields(const void *fields, size_t len)
{
    memset(bytes, 0xff, sizeof bytes);
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes, no text */
    memcpy(bytes, "TRNI\1\0", 6);
    put_u16le(bytes + 6, (uint16_t)len);
    memcpy(bytes + HEAD, fields, len);
    put_u32le(bytes + HEAD + len, crc32(bytes, HEAD + len));
    return provision_parse(&got, bytes, sizeof bytes, &why);
}

static void provision_written_is_read_back(void **state)
{
    (void)state;
    (void)sector_with(&GOOD);

    assert_int_equal(provision_parse(&got, bytes, sizeof bytes, &why), OTA_OK);

    assert_memory_equal(&got, &GOOD, sizeof got);
}

static const uint8_t CA[PROVISION_CA_MAX + 1] = {0x30, 0x82};

static void provision_longest_fields_fit(void **state)
{
    struct provision id = {.mqtt_port = 1, .http_port = 1};

    (void)state;
    memset(id.product_key, 'p', PROVISION_NAME_MAX - 1);
    memset(id.device_name, 'd', PROVISION_NAME_MAX - 1);
    memset(id.device_secret, 's', PROVISION_SECRET_MAX - 1);
    memset(id.mqtt_host, 'h', PROVISION_HOST_MAX - 1);
    memset(id.time_server, 't', PROVISION_HOST_MAX - 1);
    id.ca = CA;
    id.ca_len = PROVISION_CA_MAX;

    assert_true(sector_with(&id) <= PROVISION_BYTES_MAX);

    assert_int_equal(provision_parse(&got, bytes, sizeof bytes, &why), OTA_OK);
    assert_memory_equal(got.ca, CA, PROVISION_CA_MAX);
    got.ca = CA; /* the same bytes elsewhere */
    assert_memory_equal(&got, &id, sizeof got);
}

static void provision_bytes_are_those_of_the_spec(void **state)
{
    static const uint8_t BEGIN[] = {'T', 'R', 'N', 'I', 1,   0,   0,   0,
                                    1,   0,   4,   0,   'a', '1', 'B', '2'};
    static const uint8_t END[] = {5, 0, 2, 0, 0x5b, 0x07, 6, 0, 2, 0, 255, 255};

    (void)state;
    size_t len = sector_with(&GOOD);

    assert_memory_equal(bytes, BEGIN, 6);
    assert_int_equal(get_u16le(bytes + 6), len - HEAD - CRC);
    assert_memory_equal(bytes + HEAD, BEGIN + HEAD, sizeof BEGIN - HEAD);
    assert_memory_equal(bytes + len - CRC - sizeof END, END, sizeof END);
}

static void provision_blank_sector_is_not_found(void **state)
{
    (void)state;
    memset(bytes, 0xff, sizeof bytes);

    assert_int_equal(provision_parse(&got, bytes, sizeof bytes, &why),
                     OTA_ERR_NOT_FOUND);
    assert_true(why.missing);
}

static void provision_any_changed_bit_is_refused(void **state)
{
    (void)state;
    size_t len = sector_with(&GOOD);

    for (size_t bit = 0; bit < 8 * len; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(provision_parse(&got, bytes, sizeof bytes, &why),
                             OTA_OK);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void provision_cut_anywhere_is_refused(void **state)
{
    (void)state;
    size_t len = sector_with(&GOOD);

    for (size_t n = 0; n < len; n++)
        assert_int_not_equal(provision_parse(&got, bytes, n, &why), OTA_OK);
    assert_int_equal(provision_parse(&got, bytes, len, &why), OTA_OK);
}

static void provision_unknown_field_is_skipped(void **state)
{
    uint8_t fields[PROVISION_BYTES_MAX];

    (void)state;
    size_t len = sector_with(&GOOD) - HEAD - CRC;
    memcpy(fields, bytes + HEAD, len);
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a field */
    memcpy(fields + len, "\x09\0\3\0abc", 7);

    assert_int_equal(parse_fields(fields, len + 7), OTA_OK);
    assert_string_equal(got.device_name, GOOD.device_name);
}

static void provision_ca_too_long_empty_or_twice_is_refused(void **state)
{
    static const size_t WRONG[] = {0, PROVISION_CA_MAX + 1};
    struct provision id = GOOD;

    (void)state;
    id.ca = CA;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        id.ca_len = WRONG[i];
        (void)sector_with(&id);
        assert_int_equal(provision_parse(&got, bytes, sizeof bytes, &why),
                         OTA_ERR_CORRUPT);
    }
    assert_int_equal(parse_fields("\7\0\1\0a\7\0\1\0a", 10), OTA_ERR_CORRUPT);
}

static ota_err ca_path(const char *json, char out[PROVISION_PATH_MAX])
{
    return provision_ca_path(out, json, strlen(json), &why);
}

static void provision_ca_path_is_optional_and_a_text(void **state)
{
    char path[PROVISION_PATH_MAX];

    (void)state;
    assert_int_equal(ca_path("{\"caFile\":\"a/ca.pem\"}", path), OTA_OK);
    assert_string_equal(path, "a/ca.pem");
    assert_int_equal(ca_path("{}", path), OTA_OK);
    assert_string_equal(path, "");
    assert_int_equal(ca_path("{\"caFile\":1}", path), OTA_ERR_SYNTAX);
    assert_string_equal(why.field, "caFile");
    assert_int_equal(ca_path("{\"caFile\":\"\"}", path), OTA_ERR_SYNTAX);
    assert_int_equal(ca_path("[]", path), OTA_ERR_SYNTAX);
}

static void provision_time_server_in_json_is_optional(void **state)
{
    static const char WITH[] =
        "{\"productKey\":\"a1\",\"deviceName\":\"d\",\"deviceSecret\":"
        "\"s3cretS3\",\"mqttHost\":\"h\",\"mqttPort\":1,\"httpPort\":2,"
        "\"timeServer\":\"ntp.test\"}";
    static const char WRONG[] =
        "{\"productKey\":\"a1\",\"deviceName\":\"d\",\"deviceSecret\":"
        "\"s3cretS3\",\"mqttHost\":\"h\",\"mqttPort\":1,\"httpPort\":2,"
        "\"timeServer\":\"a b\"}";

    (void)state;
    assert_int_equal(provision_from_json(&got, WITH, strlen(WITH), &why),
                     OTA_OK);
    assert_string_equal(got.time_server, "ntp.test");
    assert_int_equal(provision_from_json(&got, WRONG, strlen(WRONG), &why),
                     OTA_ERR_SYNTAX);
    assert_string_equal(why.field, "timeServer");
}

static void provision_field_given_twice_is_refused(void **state)
{
    uint8_t fields[PROVISION_BYTES_MAX];

    (void)state;
    size_t len = sector_with(&GOOD) - HEAD - CRC;
    memcpy(fields, bytes + HEAD, len);
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a field */
    memcpy(fields + len, "\x01\0\3\0abc", 7);

    assert_int_equal(parse_fields(fields, len + 7), OTA_ERR_CORRUPT);
}

static void provision_value_beyond_the_fields_is_refused(void **state)
{
    (void)state;
    assert_int_equal(parse_fields("\x01\0\5\0abc", 7), OTA_ERR_CORRUPT);
    assert_int_equal(parse_fields("\x01\0\xff\xff", 4), OTA_ERR_CORRUPT);
    assert_int_equal(parse_fields("\x01", 1), OTA_ERR_CORRUPT);
    assert_int_equal(parse_fields("\x01\0\3\0a\0b", 7), OTA_ERR_CORRUPT);
}

static void provision_missing_or_wrong_field_is_named(void **state)
{
    struct provision id = GOOD;

    (void)state;
    memcpy(id.device_secret, "short", sizeof "short");
    (void)sector_with(&id);
    assert_int_equal(provision_parse(&got, bytes, sizeof bytes, &why),
                     OTA_ERR_RANGE);
    assert_string_equal(why.field, "deviceSecret");
    assert_false(why.missing);

    assert_int_equal(parse_fields("\x01\0\3\0abc", 7), OTA_ERR_RANGE);
    assert_string_equal(why.field, "deviceName");
    assert_true(why.missing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(provision_written_is_read_back),
        cmocka_unit_test(provision_longest_fields_fit),
        cmocka_unit_test(provision_bytes_are_those_of_the_spec),
        cmocka_unit_test(provision_blank_sector_is_not_found),
        cmocka_unit_test(provision_any_changed_bit_is_refused),
        cmocka_unit_test(provision_cut_anywhere_is_refused),
        cmocka_unit_test(provision_unknown_field_is_skipped),
        cmocka_unit_test(provision_field_given_twice_is_refused),
        cmocka_unit_test(provision_ca_too_long_empty_or_twice_is_refused),
        cmocka_unit_test(provision_ca_path_is_optional_and_a_text),
        cmocka_unit_test(provision_time_server_in_json_is_optional),
        cmocka_unit_test(provision_value_beyond_the_fields_is_refused),
        cmocka_unit_test(provision_missing_or_wrong_field_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
