/* test_device_files.c - identity and key come from people: each mistake is
 * answered with the file, the field and what it should be.
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
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "targets/posix-device/device_files.h"

static char path[] = "/tmp/tern-identity-XXXXXX";
static char why[DEVICE_WHY_MAX];
static struct device_identity identity;

static void file_is(const void *bytes, size_t len)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

/* Identity JSON in which one member, of this name, is replaced by `by`. */
static ota_err identity_with(const char *name, const char *by)
{
    static const char *const MEMBERS[][2] = {
        {"productKey", "\"productKey\":\"a1B2\""},
        {"deviceName", "\"deviceName\":\"dev-01._:@\""},
        {"deviceSecret", "\"deviceSecret\":\"s3cretS3cret\""},
        {"mqttHost", "\"mqttHost\":\"127.0.0.1\""},
        {"mqttPort", "\"mqttPort\":1883"},
        {"httpPort", "\"httpPort\":65535"},
    };
    char text[2048];
    int len = snprintf(text, sizeof text, "{\"comment\":null");

    for (size_t i = 0; i < sizeof MEMBERS / sizeof MEMBERS[0]; i++) {
        const char *member = MEMBERS[i][1];
        if (strcmp(MEMBERS[i][0], name) == 0)
            member = by;
        len += snprintf(text + len, sizeof text - (size_t)len, "%s%s",
                        member[0] != '\0' ? "," : "", member);
    }
    len += snprintf(text + len, sizeof text - (size_t)len, "}\n");
    file_is(text, (size_t)len);
    return device_identity_read(&identity, path, why);
}

static void identity_whole_file_is_read(void **state)
{
    (void)state;
    assert_int_equal(identity_with("", ""), OTA_OK);
    assert_string_equal(identity.identity.product_key, "a1B2");
    assert_string_equal(identity.identity.device_name, "dev-01._:@");
    assert_string_equal(identity.identity.device_secret, "s3cretS3cret");
    assert_string_equal(identity.identity.mqtt_host, "127.0.0.1");
    assert_int_equal(identity.identity.mqtt_port, 1883);
    assert_int_equal(identity.identity.http_port, 65535);
}

static void identity_missing_field_is_named_with_the_file(void **state)
{
    static const char *const NAMES[] = {"productKey",   "deviceName",
                                        "deviceSecret", "mqttHost",
                                        "mqttPort",     "httpPort"};

    (void)state;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        char said[64];
        (void)snprintf(said, sizeof said, "\"%s\" is missing", NAMES[i]);
        assert_int_equal(identity_with(NAMES[i], ""), OTA_ERR_SYNTAX);
        assert_non_null(strstr(why, said));
        assert_non_null(strstr(why, path));
    }
}

static void identity_wrong_field_is_named_with_its_rule(void **state)
{
    static const char *const WRONG[][3] = {
        {"productKey", "\"productKey\":\"\"", "1 to 32"},
        {"productKey", "\"productKey\":\"a/b\"", "1 to 32"},
        {"productKey", "\"productKey\":12", "1 to 32"},
        {"productKey", "\"productKey\":\"123456789012345678901234567890123\"",
         "1 to 32"},
        {"deviceName", "\"deviceName\":\"a b\"", "1 to 32"},
        {"deviceName", "\"deviceName\":\"a\\u0000b\"", "1 to 32"},
        {"deviceSecret", "\"deviceSecret\":\"short\"", "8 to 64"},
        {"mqttHost", "\"mqttHost\":\"a host\"", "host name"},
        {"mqttPort", "\"mqttPort\":0", "1 to 65535"},
        {"mqttPort", "\"mqttPort\":65536", "1 to 65535"},
        {"mqttPort", "\"mqttPort\":\"1883\"", "1 to 65535"},
        {"mqttPort", "\"mqttPort\":1.5", "1 to 65535"},
        {"httpPort", "\"httpPort\":-1", "1 to 65535"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        char said[64];
        (void)snprintf(said, sizeof said, "\"%s\" is wrong", WRONG[i][0]);
        assert_int_equal(identity_with(WRONG[i][0], WRONG[i][1]),
                         OTA_ERR_SYNTAX);
        assert_non_null(strstr(why, said));
        assert_non_null(strstr(why, WRONG[i][2]));
    }
}

static void identity_that_is_no_json_object_is_refused(void **state)
{
    static const char *const TEXTS[] = {"", "[]", "{", "{\"a\":1,\"a\":1}",
                                        "\xff\xfe"};

    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        file_is(TEXTS[i], strlen(TEXTS[i]));
        assert_int_equal(device_identity_read(&identity, path, why),
                         OTA_ERR_SYNTAX);
        assert_non_null(strstr(why, "not an identity file"));
    }
}

static void identity_file_without_end_is_refused(void **state)
{
    (void)state;
    assert_int_equal(device_identity_read(&identity, "/dev/zero", why),
                     OTA_ERR_FULL);
    assert_non_null(strstr(why, "/dev/zero: too large"));
}

static void identity_missing_file_is_named(void **state)
{
    (void)state;
    assert_int_equal(device_identity_read(&identity, "/tmp/tern-none", why),
                     OTA_ERR_IO);
    assert_string_equal(why, "/tmp/tern-none: No such file or directory");
}

static void identity_readable_by_others_is_noticed(void **state)
{
    (void)state;
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(identity_with("", ""), OTA_OK);
    assert_false(identity.exposed);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(identity_with("", ""), OTA_OK);
    assert_true(identity.exposed);
}

static void key_of_65_bytes_is_read(void **state)
{
    uint8_t bytes[P256_POINT_BYTES] = {0}, got[P256_POINT_BYTES];

    (void)state;
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i + 4);
    file_is(bytes, sizeof bytes);
    assert_int_equal(device_key_read(got, path, why), OTA_OK);
    assert_memory_equal(got, bytes, sizeof bytes);
}

static void key_of_another_shape_is_refused_with_advice(void **state)
{
    uint8_t bytes[P256_POINT_BYTES + 1] = {4}, got[P256_POINT_BYTES];

    (void)state;
    file_is(bytes, P256_POINT_BYTES - 1);
    assert_int_equal(device_key_read(got, path, why), OTA_ERR_SYNTAX);
    file_is(bytes, P256_POINT_BYTES + 1);
    assert_int_equal(device_key_read(got, path, why), OTA_ERR_SYNTAX);
    bytes[0] = 2; /* a compressed point */
    file_is(bytes, P256_POINT_BYTES);
    assert_int_equal(device_key_read(got, path, why), OTA_ERR_SYNTAX);
    assert_non_null(strstr(why, "tern key show"));
}

static int group_setup(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    return close(fd);
}

static int group_teardown(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identity_whole_file_is_read),
        cmocka_unit_test(identity_missing_field_is_named_with_the_file),
        cmocka_unit_test(identity_wrong_field_is_named_with_its_rule),
        cmocka_unit_test(identity_that_is_no_json_object_is_refused),
        cmocka_unit_test(identity_file_without_end_is_refused),
        cmocka_unit_test(identity_missing_file_is_named),
        cmocka_unit_test(identity_readable_by_others_is_noticed),
        cmocka_unit_test(key_of_65_bytes_is_read),
        cmocka_unit_test(key_of_another_shape_is_refused_with_advice),
    };
    return cmocka_run_group_tests_name("device_files", tests, group_setup,
                                       group_teardown);
}
