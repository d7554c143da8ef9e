/* test_acl.c - who may do what with which topic.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "broker/acl.h"

static bool may(const char *user, enum acl_access access, const char *topic)
{
    struct acl_client who = acl_client_of(user);

    return acl_allows(&who, access, topic);
}

#define DEVICE  "dev&pk"
#define SERVICE ACL_SERVICE_USER

static void acl_client_is_what_its_username_says(void **state)
{
    (void)state;
    assert_int_equal(acl_client_of("tern-service").kind, ACL_SERVICE);
    assert_int_equal(acl_client_of("dev&pk").kind, ACL_DEVICE);
    assert_string_equal(acl_client_of("dev&pk").product_key, "pk");
    assert_string_equal(acl_client_of("dev&pk").device_name, "dev");
    assert_int_equal(acl_client_of("tern-service2").kind, ACL_NOBODY);
    assert_int_equal(acl_client_of("dev").kind, ACL_NOBODY);
    assert_int_equal(acl_client_of("").kind, ACL_NOBODY);
    assert_int_equal(acl_client_of(NULL).kind, ACL_NOBODY);
}

/* Every kind of topic of the device, with what it may do there. */
static void acl_device_on_its_own_topics_follows_their_direction(void **state)
{
    static const struct {
        const char *topic;
        bool up, down;
    } OWN[] = {
        {"/ota/device/inform/pk/dev", true, false},
        {"/ota/device/progress/pk/dev", true, false},
        {"/ota/device/upgrade/pk/dev", false, true},
        {"/ota/device/request/pk/dev", false, true},
        {"/sys/pk/dev/thing/ota/firmware/get", true, false},
        {"/sys/pk/dev/thing/ota/firmware/get_reply", false, true},
        {"/sys/pk/dev/thing/event/x/post", true, true},
        {"/pk/dev/user/x", true, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof OWN / sizeof OWN[0]; i++) {
        const char *t = OWN[i].topic;
        assert_int_equal(may(DEVICE, ACL_WRITE, t), OWN[i].up);
        assert_int_equal(may(DEVICE, ACL_READ, t), OWN[i].down);
        assert_int_equal(may(DEVICE, ACL_SUBSCRIBE, t), OWN[i].down);
        assert_int_equal(may(DEVICE, ACL_UNSUBSCRIBE, t), OWN[i].down);
        for (int access = ACL_READ; access <= ACL_UNSUBSCRIBE; access++) {
            assert_false(may("dev2&pk", (enum acl_access)access, t));
            assert_false(may("dev&pk2", (enum acl_access)access, t));
            assert_false(may("de&pk", (enum acl_access)access, t));
            assert_false(may(NULL, (enum acl_access)access, t));
        }
    }
}

static void acl_device_filter_stays_in_its_own_folders(void **state)
{
    static const char *const GOOD[] = {"/sys/pk/dev/#", "/sys/pk/dev/+/x",
                                       "/pk/dev/user/#", "/pk/dev/user/+"};
    static const char *const BAD[] = {
        "#",
        "+",
        "/#",
        "+/+/+/+/+/+",
        "/+/device/upgrade/pk/dev",
        "/ota/device/upgrade/+/dev",
        "/ota/device/upgrade/pk/+",
        "/ota/device/upgrade/pk/#",
        "/ota/device/+/pk/dev",
        "/ota/device/upgrade/pk/dev/#",
        "/sys/#",
        "/sys/+/dev/x",
        "/sys/pk/+/x",
        "/sys/pk/#",
        "/pk/dev/#",
        "/pk/dev/+/x",
        "$SYS/#",
        "$share/g//sys/pk/dev/#",
        "tern/#",
    };
    (void)state;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++)
        assert_true(may(DEVICE, ACL_SUBSCRIBE, GOOD[i]));
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        if (may(DEVICE, ACL_SUBSCRIBE, BAD[i]))
            fail_msg("a device may subscribe to %s", BAD[i]);
}

static void acl_device_has_no_part_in_the_servers_topics(void **state)
{
    static const char *const TOPICS[] = {
        "tern/v1/presence", "tern/v1/sync", "tern/v1/synced",
        "tern/v1/down/00000000-1/ota/device/upgrade/pk/dev"};
    (void)state;
    for (size_t i = 0; i < sizeof TOPICS / sizeof TOPICS[0]; i++)
        for (int access = ACL_READ; access <= ACL_SUBSCRIBE; access++)
            assert_false(may(DEVICE, (enum acl_access)access, TOPICS[i]));
}

static void acl_service_hears_all_and_says_only_down_and_sync(void **state)
{
    (void)state;
    assert_true(may(SERVICE, ACL_SUBSCRIBE, "/ota/device/inform/+/+"));
    assert_true(may(SERVICE, ACL_SUBSCRIBE, "$share/ternd/tern/v1/presence"));
    assert_true(may(SERVICE, ACL_READ, "/ota/device/inform/pk/dev"));
    assert_true(may(SERVICE, ACL_WRITE, "tern/v1/sync"));
    assert_true(may(SERVICE, ACL_WRITE, "tern/v1/down/x/y"));
    assert_false(may(SERVICE, ACL_WRITE, "tern/v1/sync/x"));
    assert_false(may(SERVICE, ACL_WRITE, "tern/v1/presence"));
    assert_false(may(SERVICE, ACL_WRITE, "/ota/device/upgrade/pk/dev"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acl_client_is_what_its_username_says),
        cmocka_unit_test(acl_device_on_its_own_topics_follows_their_direction),
        cmocka_unit_test(acl_device_filter_stays_in_its_own_folders),
        cmocka_unit_test(acl_device_has_no_part_in_the_servers_topics),
        cmocka_unit_test(acl_service_hears_all_and_says_only_down_and_sync),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
