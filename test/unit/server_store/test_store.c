/* test_store.c - the contract of store.h, for whatever database the URL names:
 * rows come back as they went in, and rules on them hold.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "test/unit/server_store/scene.h"

#define NUMBER(member) assert_int_equal(a->member, b->member)
#define TEXT(member)   assert_string_equal(a->member, b->member)

static void same_product(const struct product *a, const struct product *b)
{
    TEXT(key);
    TEXT(name);
    NUMBER(slot_bytes);
    TEXT(release_keys);
    NUMBER(created_ms);
    NUMBER(row_version);
}

static void same_device(const struct device *a, const struct device *b)
{
    NUMBER(id);
    TEXT(product_key);
    TEXT(name);
    TEXT(secret);
    NUMBER(enabled);
    TEXT(version);
    TEXT(agent);
    NUMBER(online);
    TEXT(epoch);
    TEXT(boot_epoch);
    NUMBER(begun);
    NUMBER(created_ms);
    NUMBER(seen_ms);
    NUMBER(informed_ms);
    NUMBER(row_version);
}

static void same_package(const struct package *a, const struct package *b)
{
    NUMBER(id);
    TEXT(product_key);
    TEXT(name);
    TEXT(module);
    TEXT(version);
    NUMBER(state);
    NUMBER(sign_method);
    NUMBER(size_bytes);
    TEXT(sha256);
    TEXT(md5);
    TEXT(image);
    TEXT(checks);
    NUMBER(created_ms);
    NUMBER(row_version);
}

static void same_job(const struct job *a, const struct job *b)
{
    NUMBER(id);
    NUMBER(package_id);
    NUMBER(type);
    NUMBER(state);
    NUMBER(timeout_minutes);
    NUMBER(source_count);
    NUMBER(created_ms);
    NUMBER(row_version);
    for (uint32_t i = 0; i < a->source_count; i++)
        TEXT(sources[i]);
}

static void same_task(const struct task *a, const struct task *b)
{
    NUMBER(id);
    NUMBER(job_id);
    NUMBER(package_id);
    NUMBER(device_id);
    NUMBER(state);
    NUMBER(step);
    NUMBER(pushes);
    NUMBER(attempts);
    TEXT(epoch);
    TEXT(reason);
    TEXT(source_version);
    NUMBER(created_ms);
    NUMBER(changed_ms);
    NUMBER(deadline_ms);
    NUMBER(row_version);
}

/* --- rows ----------------------------------------------------------------- */

static void store_gives_back_what_was_added(void **state)
{
    struct scene *s = *state;
    struct product p = {.id = 0};
    struct device d = {.id = 0};
    struct package g = {.id = 0};
    struct job j = {.id = 0};

    fill(s);
    assert_int_equal(store_product_get(s->store, "pk", &p, &s->why), OTA_OK);
    same_product(&p, &s->product);
    assert_int_equal(store_device_get(s->store, "pk", "dev-01", &d, &s->why),
                     OTA_OK);
    same_device(&d, &s->device);
    assert_int_equal(store_package_get(s->store, s->package.id, &g, &s->why),
                     OTA_OK);
    same_package(&g, &s->package);
    assert_int_equal(store_job_get(s->store, s->job.id, &j, &s->why), OTA_OK);
    same_job(&j, &s->job);
}

static void store_task_gives_back_what_was_added(void **state)
{
    struct scene *s = *state;
    struct task t, got = {.id = 0};

    fill(s);
    t = task_of(s);
    assert_int_equal(store_task_add(s->store, &t, &s->why), OTA_OK);
    assert_int_equal(store_task_get(s->store, t.id, &got, &s->why), OTA_OK);
    same_task(&got, &t);
}

static void store_save_of_a_changed_row_is_refused(void **state)
{
    struct scene *s = *state;
    struct device other;

    fill(s);
    other = s->device;
    (void)snprintf(s->device.version, sizeof s->device.version, "1.4.0");
    assert_int_equal(store_device_save(s->store, &s->device, &s->why), OTA_OK);
    assert_int_equal(store_device_save(s->store, &other, &s->why),
                     OTA_ERR_STATE);
    assert_string_equal(s->why.text,
                        "the device was changed by somebody else: load it "
                        "again");
    assert_int_equal(store_device_save(s->store, &s->device, &s->why), OTA_OK);
    assert_int_equal(
        store_device_by_id(s->store, s->device.id, &other, &s->why), OTA_OK);
    assert_string_equal(other.version, "1.4.0");
    assert_int_equal(other.row_version, 2);
}

static void store_save_keeps_every_noun(void **state)
{
    struct scene *s = *state;
    struct package g = {.id = 0};
    struct job j = {.id = 0};
    struct task t, k = {.id = 0};

    fill(s);
    t = task_of(s);
    assert_int_equal(store_task_add(s->store, &t, &s->why), OTA_OK);
    s->package.state = PACKAGE_VERIFIED;
    s->job.state = JOB_COMPLETED;
    s->job.source_count = 0;
    memset(s->job.sources, 0, sizeof s->job.sources);
    t.state = TASK_CANCELED;
    t.step = 100;
    assert_int_equal(store_package_save(s->store, &s->package, &s->why),
                     OTA_OK);
    assert_int_equal(store_job_save(s->store, &s->job, &s->why), OTA_OK);
    assert_int_equal(store_task_save(s->store, &t, &s->why), OTA_OK);

    assert_int_equal(store_package_get(s->store, s->package.id, &g, &s->why),
                     OTA_OK);
    same_package(&g, &s->package);
    assert_int_equal(store_job_get(s->store, s->job.id, &j, &s->why), OTA_OK);
    same_job(&j, &s->job);
    assert_int_equal(store_task_get(s->store, t.id, &k, &s->why), OTA_OK);
    same_task(&k, &t);
}

static void store_says_what_is_missing_or_taken(void **state)
{
    struct scene *s = *state;
    struct device d;
    struct package p;
    struct job j;
    struct task t;

    fill(s);
    assert_int_equal(store_product_add(s->store, &s->product, &s->why),
                     OTA_ERR_EXISTS);
    assert_string_equal(s->why.text, "there is already a product pk");
    assert_int_equal(store_device_add(s->store, &s->device, &s->why),
                     OTA_ERR_EXISTS);
    assert_string_equal(s->why.text, "product pk already has a device dev-01");
    assert_int_equal(store_device_get(s->store, "pk", "x", &d, &s->why),
                     OTA_ERR_NOT_FOUND);
    assert_string_equal(s->why.text, "product pk has no device x");
    assert_int_equal(store_device_by_id(s->store, 0, &d, &s->why),
                     OTA_ERR_NOT_FOUND);
    assert_int_equal(store_package_get(s->store, 0, &p, &s->why),
                     OTA_ERR_NOT_FOUND);
    assert_string_equal(s->why.text, "there is no package 0");
    assert_int_equal(store_job_get(s->store, 42, &j, &s->why),
                     OTA_ERR_NOT_FOUND);
    assert_int_equal(store_task_get(s->store, 42, &t, &s->why),
                     OTA_ERR_NOT_FOUND);
    s->package.id = 0;
    (void)snprintf(s->package.product_key, sizeof s->package.product_key, "no");
    assert_int_equal(store_package_add(s->store, &s->package, &s->why),
                     OTA_ERR_NOT_FOUND);
    assert_string_equal(s->why.text, "there is no product no");
}

static void store_text_is_never_taken_for_sql(void **state)
{
    struct scene *s = *state;
    struct device d;

    fill(s);
    assert_int_equal(
        store_device_get(s->store, "pk", "x' OR '1'='1", &d, &s->why),
        OTA_ERR_NOT_FOUND);
    assert_int_equal(store_device_get(s->store, "", "", &d, &s->why),
                     OTA_ERR_NOT_FOUND);
}

static void store_finds_a_package_by_its_blob(void **state)
{
    struct scene *s = *state;
    struct package p;

    fill(s);
    assert_int_equal(store_package_by_blob(s->store,
                                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                           &p, &s->why),
                     OTA_OK);
    assert_int_equal(p.id, s->package.id);
    assert_int_equal(store_package_by_blob(s->store,
                                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
                                           &p, &s->why),
                     OTA_ERR_NOT_FOUND);
    assert_int_equal(store_package_by_blob(s->store, "", &p, &s->why),
                     OTA_ERR_NOT_FOUND);
}

/* --- tasks ---------------------------------------------------------------- */

static void store_has_one_unfinished_task_per_device(void **state)
{
    struct scene *s = *state;
    struct task t, second, got;
    bool open = false;

    fill(s);
    t = second = task_of(s);
    assert_int_equal(
        store_task_unfinished(s->store, s->device.id, &got, &s->why),
        OTA_ERR_NOT_FOUND);
    assert_int_equal(store_task_add(s->store, &t, &s->why), OTA_OK);
    assert_int_equal(store_task_add(s->store, &second, &s->why),
                     OTA_ERR_EXISTS);
    assert_int_equal(store_job_is_open(s->store, s->job.id, &open, &s->why),
                     OTA_OK);
    assert_true(open);
    t.state = TASK_SUCCEEDED;
    assert_int_equal(store_task_save(s->store, &t, &s->why), OTA_OK);
    assert_int_equal(store_job_is_open(s->store, s->job.id, &open, &s->why),
                     OTA_OK);
    assert_false(open);
    assert_int_equal(
        store_package_is_open(s->store, s->package.id, &open, &s->why), OTA_OK);
    assert_false(open);
    assert_int_equal(store_task_add(s->store, &second, &s->why), OTA_OK);
    assert_int_equal(
        store_task_unfinished(s->store, s->device.id, &got, &s->why), OTA_OK);
    assert_int_equal(got.id, second.id);
}

static void store_due_is_the_earliest_of_the_unfinished(void **state)
{
    struct scene *s = *state;
    struct task first, later, got;

    fill(s);
    first = later = task_of(s);
    later.deadline_ms = 50;
    assert_int_equal(store_task_add(s->store, &first, &s->why), OTA_OK);
    s->device.id = 0;
    (void)snprintf(s->device.name, sizeof s->device.name, "dev-02");
    assert_int_equal(store_device_add(s->store, &s->device, &s->why), OTA_OK);
    later.device_id = s->device.id;
    assert_int_equal(store_task_add(s->store, &later, &s->why), OTA_OK);

    assert_int_equal(store_task_due(s->store, 49, &got, &s->why),
                     OTA_ERR_NOT_FOUND);
    assert_int_equal(store_task_due(s->store, 1000, &got, &s->why), OTA_OK);
    assert_int_equal(got.id, later.id);
    got.state = TASK_FAILED;
    assert_int_equal(store_task_save(s->store, &got, &s->why), OTA_OK);
    assert_int_equal(store_task_due(s->store, 1000, &got, &s->why), OTA_OK);
    assert_int_equal(got.id, first.id);
    got.deadline_ms = 0;
    assert_int_equal(store_task_save(s->store, &got, &s->why), OTA_OK);
    assert_int_equal(store_task_due(s->store, 1000, &got, &s->why),
                     OTA_ERR_NOT_FOUND);
}

static void store_all_offline_and_explained(void **state)
{
    struct scene *s = *state;
    struct task t;
    struct device d;

    fill(s);
    t = task_of(s);
    assert_int_equal(store_task_add(s->store, &t, &s->why), OTA_OK);
    assert_int_equal(store_devices_all_offline(s->store, &s->why), OTA_OK);
    assert_int_equal(store_tasks_explain(s->store, "lost", &s->why), OTA_OK);

    assert_int_equal(store_device_by_id(s->store, s->device.id, &d, &s->why),
                     OTA_OK);
    assert_false(d.online);
    assert_string_equal(d.epoch, "e-1");
    assert_int_equal(store_device_save(s->store, &s->device, &s->why),
                     OTA_ERR_STATE);
    assert_int_equal(store_task_get(s->store, t.id, &t, &s->why), OTA_OK);
    assert_string_equal(t.reason, "lost");
}

static void store_newest_task_is_found_though_it_is_over(void **state)
{
    struct scene *s = *state;
    struct task first, second, got;

    fill(s);
    assert_int_equal(store_task_newest(s->store, s->device.id, &got, &s->why),
                     OTA_ERR_NOT_FOUND);
    first = second = task_of(s);
    first.state = TASK_FAILED;
    second.state = TASK_SUCCEEDED;
    assert_int_equal(store_task_add(s->store, &first, &s->why), OTA_OK);
    assert_int_equal(store_task_add(s->store, &second, &s->why), OTA_OK);
    assert_int_equal(store_task_newest(s->store, s->device.id, &got, &s->why),
                     OTA_OK);
    assert_int_equal(got.id, second.id);
}

static void store_job_of_a_package_is_the_newest_that_verifies(void **state)
{
    struct scene *s = *state;
    struct job verify = {.type = JOB_VERIFY_FIRMWARE}, got;

    fill(s); /* its job upgrades */
    assert_int_equal(
        store_job_of_package(s->store, s->package.id, &got, &s->why),
        OTA_ERR_NOT_FOUND);
    verify.package_id = s->package.id;
    for (int i = 0; i < 2; i++)
        assert_int_equal(store_job_add(s->store, &verify, &s->why), OTA_OK);
    assert_int_equal(
        store_job_of_package(s->store, s->package.id, &got, &s->why), OTA_OK);
    assert_int_equal(got.id, verify.id);
}

/* --- tokens and sessions ---------------------------------------------------
 */

static void store_token_removed_takes_its_sessions_along(void **state)
{
    struct scene *s = *state;
    struct token t = {.name = "eve", .role = ROLE_VIEWER, .sha256 = "aa"};
    struct session a = {.sha256 = "1", .created_ms = 5, .expires_ms = 90};
    struct session b = {.sha256 = "2", .expires_ms = 80}, got;

    assert_int_equal(store_session_add(s->store, &a, &s->why),
                     OTA_ERR_NOT_FOUND); /* of no token */
    assert_int_equal(store_token_add(s->store, &t, &s->why), OTA_OK);
    assert_int_equal(store_token_by_hash(s->store, "aa", &t, &s->why), OTA_OK);
    a.token_id = b.token_id = t.id;
    assert_int_equal(store_session_add(s->store, &a, &s->why), OTA_OK);
    assert_int_equal(store_session_add(s->store, &b, &s->why), OTA_OK);
    assert_int_equal(store_session_by_hash(s->store, "1", &got, &s->why),
                     OTA_OK);
    assert_int_equal(got.id, a.id);
    assert_int_equal(got.token_id, t.id);
    assert_int_equal(got.created_ms, 5);

    assert_int_equal(store_token_remove(s->store, t.id, &s->why), OTA_OK);
    assert_int_equal(store_session_by_hash(s->store, "1", &got, &s->why),
                     OTA_ERR_NOT_FOUND);
    assert_int_equal(store_token_get(s->store, t.id, &t, &s->why),
                     OTA_ERR_NOT_FOUND);
}

static void store_session_due_is_the_earliest(void **state)
{
    struct scene *s = *state;
    struct token t = {.name = "eve", .role = ROLE_VIEWER, .sha256 = "aa"};
    struct session a = {.sha256 = "1", .expires_ms = 90};
    struct session b = {.sha256 = "2", .expires_ms = 80}, got;

    assert_int_equal(store_token_add(s->store, &t, &s->why), OTA_OK);
    assert_int_equal(store_token_by_hash(s->store, "aa", &t, &s->why), OTA_OK);
    a.token_id = b.token_id = t.id;
    assert_int_equal(store_session_add(s->store, &a, &s->why), OTA_OK);
    assert_int_equal(store_session_add(s->store, &b, &s->why), OTA_OK);
    assert_int_equal(store_session_due(s->store, 79, &got, &s->why),
                     OTA_ERR_NOT_FOUND);
    assert_int_equal(store_session_due(s->store, 95, &got, &s->why), OTA_OK);
    assert_int_equal(got.id, b.id);
    assert_int_equal(store_session_extend(s->store, b.id, 99, &s->why), OTA_OK);
    assert_int_equal(store_session_due(s->store, 95, &got, &s->why), OTA_OK);
    assert_int_equal(got.id, a.id);
    assert_int_equal(store_session_remove(s->store, a.id, &s->why), OTA_OK);
    assert_int_equal(store_session_due(s->store, 95, &got, &s->why),
                     OTA_ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(store_gives_back_what_was_added),
        TEST(store_task_gives_back_what_was_added),
        TEST(store_save_of_a_changed_row_is_refused),
        TEST(store_save_keeps_every_noun),
        TEST(store_says_what_is_missing_or_taken),
        TEST(store_text_is_never_taken_for_sql),
        TEST(store_finds_a_package_by_its_blob),
        TEST(store_has_one_unfinished_task_per_device),
        TEST(store_due_is_the_earliest_of_the_unfinished),
        TEST(store_all_offline_and_explained),
        TEST(store_newest_task_is_found_though_it_is_over),
        TEST(store_job_of_a_package_is_the_newest_that_verifies),
        TEST(store_token_removed_takes_its_sessions_along),
        TEST(store_session_due_is_the_earliest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
