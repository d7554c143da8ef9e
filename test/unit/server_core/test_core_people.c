/* test_core_people.c - products, devices, packages, tokens: made, refused, and
 * noted in the audit log.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "test/unit/server_core/fixture.h"

static void product_without_a_key_gets_one(void **state)
{
    struct fixture *f = *state;
    struct core_result a = do_product(f, ""), b = do_product(f, "");
    struct product p;
    struct diag why;

    assert_ok(a);
    assert_ok(b);
    assert_true(identity_product_key_ok(a.key));
    assert_string_not_equal(a.key, b.key);
    assert_int_equal(store_product_get(f->reader, a.key, &p, &why), OTA_OK);
    assert_string_equal(p.name, "lamp");
    assert_int_equal(events_of_kind(f, "product.created"), 2);
}

static void product_with_a_taken_or_bad_key_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_ok(do_product(f, "pk"));
    assert_refused(do_product(f, "pk"), OTA_ERR_EXISTS,
                   "there is already a product pk");
    assert_refused(do_product(f, "p k"), OTA_ERR_SYNTAX,
                   "a productKey has 1 to 32 letters and digits");
    assert_int_equal(events_of_kind(f, "product.created"), 1);
}

static struct core_result do_settings(struct fixture *f,
                                      enum core_command_type type,
                                      const struct product *p)
{
    struct core_command c = {.type = type, .actor = "ann", .u.product = *p};

    return core_call(f->core, &c);
}

static void product_slot_is_1_mib_until_it_is_set(void **state)
{
    struct fixture *f = *state;
    struct product p = {.key = "pk", .slot_bytes = 4096};
    struct diag why;

    assert_ok(do_product(f, "pk"));
    assert_int_equal(store_product_get(f->reader, "pk", &p, &why), OTA_OK);
    assert_int_equal(p.slot_bytes, 1048576);
    p.slot_bytes = 4096;
    assert_ok(do_settings(f, CMD_PRODUCT_SLOT, &p));
    assert_ok(do_settings(f, CMD_PRODUCT_SLOT, &p)); /* changes nothing */
    assert_int_equal(store_product_get(f->reader, "pk", &p, &why), OTA_OK);
    assert_int_equal(p.slot_bytes, 4096);
    assert_int_equal(events_of_kind(f, "product.updated"), 1);
    p.slot_bytes = 4095;
    assert_refused(do_settings(f, CMD_PRODUCT_SLOT, &p), OTA_ERR_RANGE,
                   "a slot has 4096 to 1000000000 bytes");
    p = (struct product){.key = "none", .slot_bytes = 4096};
    assert_refused(do_settings(f, CMD_PRODUCT_SLOT, &p), OTA_ERR_NOT_FOUND,
                   "there is no product none");
}

static void product_keys_are_kept_if_they_are_keys(void **state)
{
    static const char POINT[] =
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    struct fixture *f = *state;
    struct product p = {.key = "pk"}, got;
    struct diag why;

    assert_ok(do_product(f, "pk"));
    (void)snprintf(p.release_keys, sizeof p.release_keys, "%s", POINT);
    assert_ok(do_settings(f, CMD_PRODUCT_KEYS, &p));
    assert_int_equal(store_product_get(f->reader, "pk", &got, &why), OTA_OK);
    assert_string_equal(got.release_keys, POINT);
    p.release_keys[20] =
        p.release_keys[20] == '0' ? '1' : '0'; /* off the curve */
    assert_int_equal(do_settings(f, CMD_PRODUCT_KEYS, &p).error,
                     OTA_ERR_SYNTAX);
    p.release_keys[0] = '\0';
    assert_ok(do_settings(f, CMD_PRODUCT_KEYS, &p));
    assert_int_equal(store_product_get(f->reader, "pk", &got, &why), OTA_OK);
    assert_string_equal(got.release_keys, "");
    assert_int_equal(events_of_kind(f, "product.keys"), 2);
}

static void device_is_made_enabled_with_a_secret_and_told_to_the_broker(
    void **state)
{
    struct fixture *f = *state;

    assert_ok(do_product(f, "pk"));
    struct core_result r = do_device(f, "dev-01");
    assert_ok(r);

    struct device d = device_now(f, "dev-01");
    assert_int_equal(d.id, r.id);
    assert_true(d.enabled);
    assert_true(identity_secret_ok(d.secret));
    assert_int_equal(strlen(d.secret), 32);
    assert_int_equal(f->key_count, 1);
    assert_string_equal(f->keys[0].secret, d.secret);
    assert_refused(do_device(f, "dev-01"), OTA_ERR_EXISTS,
                   "product pk already has a device dev-01");
    assert_refused(do_device(f, "dev/01"), OTA_ERR_SYNTAX,
                   "a deviceName has 1 to 32 of A-Z a-z 0-9 . _ : @ -");
    assert_int_equal(f->key_count, 1);
}

static void device_without_a_product_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_refused(do_device(f, "dev-01"), OTA_ERR_NOT_FOUND,
                   "there is no product pk");
    assert_int_equal(f->key_count, 0);
}

static void disabled_device_is_not_told_until_it_is_enabled(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);

    assert_ok(do_offline(f, "dev-01", "e-1"));
    int64_t task = verify_begins(f, package);
    assert_ok(do_enable(f, "dev-01", false));
    assert_ok(do_enable(f, "dev-01", false));
    assert_int_equal(f->key_count, 2);
    assert_false(f->keys[1].enabled);
    assert_task(f, task, TASK_QUEUED, "device is disabled");
    /* A connection that the broker had not closed yet. */
    assert_ok(do_online(f, "dev-01", "e-2"));
    assert_int_equal(push_count(f), 0);
    assert_ok(do_enable(f, "dev-01", true));

    assert_int_equal(push_count(f), 1);
    assert_int_equal(task_now(f, task).state, TASK_NOTIFIED);
    assert_refused(do_enable(f, "nobody", true), OTA_ERR_NOT_FOUND,
                   "product pk has no device nobody");
}

static void package_that_no_device_could_take_is_refused(void **state)
{
    struct fixture *f = *state;
    struct package good = package_now(f, ready(f)), p = good;

    p.size_bytes = 0;
    assert_refused(do_package_as(f, &p), OTA_ERR_RANGE,
                   "the file is empty: Link SDK devices would crash on it");
    p = good;
    (void)snprintf(p.version, sizeof p.version, "url");
    assert_int_equal(do_package_as(f, &p).error, OTA_ERR_SYNTAX);
    (void)snprintf(p.version, sizeof p.version, "1.4 beta");
    assert_int_equal(do_package_as(f, &p).error, OTA_ERR_SYNTAX);
    p = good;
    (void)snprintf(p.module, sizeof p.module, "a\"b");
    assert_int_equal(do_package_as(f, &p).error, OTA_ERR_SYNTAX);
    p = good;
    p.sha256[3] = 'G';
    assert_int_equal(do_package_as(f, &p).error, OTA_ERR_SYNTAX);
    p = good;
    p.state = PACKAGE_VERIFIED;
    assert_int_equal(do_package_as(f, &p).error, OTA_ERR_STATE);
    p = good;
    (void)snprintf(p.product_key, sizeof p.product_key, "other");
    assert_refused(do_package_as(f, &p), OTA_ERR_NOT_FOUND,
                   "there is no product other");
    assert_int_equal(events_of_kind(f, "package.created"), 1);
}

static void token_is_found_by_its_hash(void **state)
{
    struct fixture *f = *state;
    struct core_command c = {.type = CMD_TOKEN_CREATE, .actor = "server"};
    struct token got;
    struct diag why;

    (void)snprintf(c.u.token.name, sizeof c.u.token.name, "first");
    c.u.token.role = ROLE_OPERATOR;
    memset(c.u.token.sha256, 'c', 64);
    assert_ok(core_call(f->core, &c));
    assert_refused(core_call(f->core, &c), OTA_ERR_EXISTS,
                   "there is already a token named first");

    assert_int_equal(
        store_token_by_hash(f->reader, c.u.token.sha256, &got, &why), OTA_OK);
    assert_string_equal(got.name, "first");
    assert_int_equal(got.role, ROLE_OPERATOR);
    got.sha256[0] = 'd';
    assert_int_equal(store_token_by_hash(f->reader, got.sha256, &got, &why),
                     OTA_ERR_NOT_FOUND);
    assert_int_equal(store_token_by_hash(f->reader, "", &got, &why),
                     OTA_ERR_NOT_FOUND);
}

static bool keep_last(void *ctx, const struct event *e)
{
    *(struct event *)ctx = *e;
    return true;
}

static void event_names_who_did_what_to_whom(void **state)
{
    struct fixture *f = *state;
    struct event e = {.id = 0};
    struct diag why;
    int64_t package = ready(f), task = verify_begins(f, package);
    struct store_filter of_task = {.task_id = task};

    assert_ok(do_cancel(f, task));
    assert_int_equal(store_events(f->reader, &of_task, keep_last, &e, &why),
                     OTA_OK);
    assert_string_equal(e.actor, "ann");
    assert_string_equal(e.kind, "task.state");
    assert_string_equal(e.product_key, "pk");
    assert_string_equal(e.device_name, "dev-01");
    assert_int_equal(e.package_id, package);
    assert_int_equal(e.task_id, task);
    assert_true(e.job_id > 0);
    assert_string_equal(e.text, "CANCELED: canceled by ann");
}

static void core_with_a_host_that_makes_bad_links_does_not_start(void **state)
{
    struct fixture *f = *state;
    struct core_config c = {.store = f->store, .url_host = "ota.example:80"};
    struct diag why;

    assert_null(core_start(&c, &why));
    assert_string_equal(why.text,
                        "\"ota.example:80\" cannot be the host of a download "
                        "link: give a name or an IPv4 address, without port");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(product_without_a_key_gets_one),
        TEST(product_with_a_taken_or_bad_key_is_refused),
        TEST(product_slot_is_1_mib_until_it_is_set),
        TEST(product_keys_are_kept_if_they_are_keys),
        TEST(device_is_made_enabled_with_a_secret_and_told_to_the_broker),
        TEST(device_without_a_product_is_refused),
        TEST(disabled_device_is_not_told_until_it_is_enabled),
        TEST(package_that_no_device_could_take_is_refused),
        TEST(token_is_found_by_its_hash),
        TEST(event_names_who_did_what_to_whom),
        TEST(core_with_a_host_that_makes_bad_links_does_not_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
