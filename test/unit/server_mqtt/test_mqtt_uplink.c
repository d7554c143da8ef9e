/* test_mqtt_uplink.c - what devices say, well and badly.
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

#include "server/mqtt/mqtt_uplink.h"

#define INFORM   "/ota/device/inform/a1Pk/dev-01"
#define PROGRESS "/ota/device/progress/a1Pk/dev-01"
#define GET      "/sys/a1Pk/dev-01/thing/ota/firmware/get"
#define PRESENCE MQTT_TOPIC_PRESENCE

static struct core_command cmd;
static const char *why;

static ota_err say(const char *topic, const char *payload)
{
    return mqtt_uplink_parse(&cmd, topic, payload, strlen(payload), &why);
}

static void says(const char *topic, const char *payload)
{
    if (say(topic, payload) != OTA_OK)
        fail_msg("%s refused: %s", payload, why);
}

static void uplink_inform_of_link_sdk_is_an_inform(void **state)
{
    (void)state;

    says(INFORM, "{\"id\":1, \"params\":{\"version\":\"1.3.0\"}}");

    assert_int_equal(cmd.type, CMD_DEVICE_INFORM);
    assert_string_equal(cmd.actor, "device");
    assert_string_equal(cmd.u.seen.product_key, "a1Pk");
    assert_string_equal(cmd.u.seen.device_name, "dev-01");
    assert_string_equal(cmd.u.seen.version, "1.3.0");
    assert_string_equal(cmd.u.seen.module, "default");
}

static void uplink_module_is_taken_when_it_is_there(void **state)
{
    (void)state;
    says(INFORM,
         "{\"id\":1, \"params\":{\"version\":\"1\",\"module\":\"MCU\"}}");
    assert_string_equal(cmd.u.seen.module, "MCU");
}

static void uplink_step_may_be_text_or_number(void **state)
{
    static const struct {
        const char *payload;
        int32_t step;
    } ROWS[] = {
        {"{\"id\":2, \"params\":{\"step\":\"35\",\"desc\":\"\"}}", 35},
        {"{\"id\":2, \"params\":{\"step\":35}}", 35},
        {"{\"id\":2, \"params\":{\"step\":\"0\"}}", 0},
        {"{\"id\":2, \"params\":{\"step\":\"-3\",\"desc\":\"x\"}}", -3},
        {"{\"id\":2, \"params\":{\"step\":-4}}", -4},
        {"{\"id\":2, \"params\":{\"step\":\"105\"}}", 105},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        says(PROGRESS, ROWS[i].payload);
        assert_int_equal(cmd.type, CMD_DEVICE_PROGRESS);
        assert_int_equal(cmd.u.seen.step, ROWS[i].step);
    }
}

static void uplink_progress_may_name_its_task(void **state)
{
    (void)state;
    says(PROGRESS, "{\"id\":2, \"params\":{\"step\":\"-1\",\"desc\":\"x\","
                   "\"task\":2147483647}}");
    assert_int_equal(cmd.u.seen.task, 2147483647);
    says(PROGRESS, "{\"params\":{\"step\":1}}");
    assert_int_equal(cmd.u.seen.task, 0);
}

static void uplink_long_desc_is_cut_between_characters(void **state)
{
    char umlauts[401] = "", payload[512];
    (void)state;
    for (int i = 0; i < 400; i += 2)
        memcpy(umlauts + i, "\xc3\xa4", 3); /* two bytes, at odd places */
    (void)snprintf(payload, sizeof payload,
                   "{\"params\":{\"step\":-1,\"desc\":\"x%s\"}}", umlauts);

    says(PROGRESS, payload);

    assert_int_equal(strlen(cmd.u.seen.desc), 255);
    assert_int_equal((unsigned char)cmd.u.seen.desc[254], 0xa4);
}

static void uplink_get_keeps_the_id_to_echo(void **state)
{
    (void)state;
    says(GET, "{\"id\":3, \"params\":{}}");
    assert_int_equal(cmd.type, CMD_DEVICE_GET);
    assert_string_equal(cmd.u.seen.request_id, "3");
    says(GET, "{\"id\":\"123\",\"version\":\"1.0\",\"params\":{},"
              "\"method\":\"thing.ota.firmware.get\"}");
    assert_string_equal(cmd.u.seen.request_id, "123");
}

static void uplink_presence_names_the_connection(void **state)
{
    (void)state;
    says(PRESENCE, "{\"pk\":\"a1Pk\",\"dn\":\"dev-01\",\"online\":true,"
                   "\"epoch\":\"0badcafe-7\",\"agent\":\"sdk-c-4.0.0\"}");
    assert_int_equal(cmd.type, CMD_DEVICE_ONLINE);
    assert_string_equal(cmd.u.seen.epoch, "0badcafe-7");
    assert_string_equal(cmd.u.seen.agent, "sdk-c-4.0.0");
    says(PRESENCE, "{\"pk\":\"a1Pk\",\"dn\":\"dev-01\",\"online\":false,"
                   "\"epoch\":\"0badcafe-7\"}");
    assert_int_equal(cmd.type, CMD_DEVICE_OFFLINE);
}

static void uplink_hostile_messages_are_dropped_with_a_reason(void **state)
{
    static const struct {
        const char *topic, *payload;
    } ROWS[] = {
        {INFORM, ""},
        {INFORM, "{"},
        {INFORM, "[]"},
        {INFORM, "null"},
        {INFORM, "{}"},
        {INFORM, "{\"params\":[]}"},
        {INFORM, "{\"params\":{}}"},
        {INFORM, "{\"params\":{\"version\":1}}"},
        {INFORM, "{\"params\":{\"version\":\"\"}}"},
        {INFORM, "{\"params\":{\"version\":\"1 3\"}}"},
        {INFORM, "{\"params\":{\"version\":\"1\\u0000\"}}"},
        {INFORM, "{\"params\":{\"version\":\"1\",\"version\":\"2\"}}"},
        {INFORM, "{\"params\":{\"version\":\"1\"}} trailing"},
        {INFORM, "{\"params\":{\"version\":\"1\",\"module\":7}}"},
        {INFORM, "{\"params\":{\"version\":\"1\",\"module\":\"a b\"}}"},
        {INFORM, "{\"params\":{\"version\":\"\xff\"}}"},
        {PROGRESS, "{\"params\":{}}"},
        {PROGRESS, "{\"params\":{\"step\":\"\"}}"},
        {PROGRESS, "{\"params\":{\"step\":\"-\"}}"},
        {PROGRESS, "{\"params\":{\"step\":\"1.5\"}}"},
        {PROGRESS, "{\"params\":{\"step\":1.5}}"},
        {PROGRESS, "{\"params\":{\"step\":true}}"},
        {PROGRESS, "{\"params\":{\"step\":\" 1\"}}"},
        {PROGRESS, "{\"params\":{\"step\":4294967296}}"},
        {PROGRESS, "{\"params\":{\"step\":\"4294967296\"}}"},
        {PROGRESS, "{\"params\":{\"step\":1,\"desc\":5}}"},
        {PROGRESS, "{\"params\":{\"step\":1,\"task\":0}}"},
        {PROGRESS, "{\"params\":{\"step\":1,\"task\":\"1\"}}"},
        {PROGRESS, "{\"params\":{\"step\":1,\"task\":2147483648}}"},
        {GET, "{\"params\":{}}"},
        {GET, "{\"id\":-1,\"params\":{}}"},
        {GET, "{\"id\":\"x\\\"\",\"params\":{}}"},
        {GET, "{\"id\":\"123456789012345678901234\",\"params\":{}}"},
        {GET, "{\"id\":1}"},
        {PRESENCE, "{}"},
        {PRESENCE, "{\"pk\":\"a1Pk\",\"dn\":\"d\",\"online\":1,"
                   "\"epoch\":\"e\"}"},
        {PRESENCE, "{\"pk\":\"a/b\",\"dn\":\"d\",\"online\":true,"
                   "\"epoch\":\"e\"}"},
        {PRESENCE, "{\"pk\":\"a1Pk\",\"dn\":\"d\",\"online\":true,"
                   "\"epoch\":\"\"}"},
        {PRESENCE, "{\"pk\":\"a1Pk\",\"dn\":\"d\",\"online\":true}"},
        {"/ota/device/upgrade/a1Pk/dev-01", "{}"},
        {"/ota/device/inform/a1Pk", "{\"params\":{\"version\":\"1\"}}"},
        {"nothing", "{}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (say(ROWS[i].topic, ROWS[i].payload) != OTA_ERR_SYNTAX)
            fail_msg("taken: %s", ROWS[i].payload);
        assert_non_null(why);
    }
}

static void uplink_huge_payload_is_not_even_parsed(void **state)
{
    static char payload[MQTT_UPLINK_MAX + 64];
    (void)state;
    memset(payload, ' ', MQTT_UPLINK_MAX + 1);
    memcpy(payload, "{\"params\":{\"version\":\"1\"}}", 26);
    payload[MQTT_UPLINK_MAX] = '\0';
    says(INFORM, payload);
    payload[MQTT_UPLINK_MAX] = ' ';
    assert_int_equal(say(INFORM, payload), OTA_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uplink_inform_of_link_sdk_is_an_inform),
        cmocka_unit_test(uplink_module_is_taken_when_it_is_there),
        cmocka_unit_test(uplink_step_may_be_text_or_number),
        cmocka_unit_test(uplink_progress_may_name_its_task),
        cmocka_unit_test(uplink_long_desc_is_cut_between_characters),
        cmocka_unit_test(uplink_get_keeps_the_id_to_echo),
        cmocka_unit_test(uplink_presence_names_the_connection),
        cmocka_unit_test(uplink_hostile_messages_are_dropped_with_a_reason),
        cmocka_unit_test(uplink_huge_payload_is_not_even_parsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
