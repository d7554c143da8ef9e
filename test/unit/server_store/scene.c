/* scene.c - see scene.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/server_store/scene.h"

#include <stdlib.h>
#include <string.h>

int scene_open(void **state)
{
    struct scene *s = calloc(1, sizeof *s);

    assert_non_null(s);
    store_url_make(s->url);
    s->store = store_open(s->url, &s->why);
    assert_non_null(s->store);
    *state = s;
    return 0;
}

int scene_close(void **state)
{
    struct scene *s = *state;

    store_close(s->store);
    store_url_drop(s->url);
    free(s);
    return 0;
}

struct task task_of(const struct scene *s)
{
    return (struct task){.job_id = s->job.id,
                         .package_id = s->package.id,
                         .device_id = s->device.id,
                         .state = TASK_QUEUED,
                         .step = -4,
                         .pushes = UINT32_MAX,
                         .attempts = 2,
                         .epoch = "e-1",
                         .reason = "it's \"why\"; %s \xc3\xa4",
                         .source_version = "1.3.0",
                         .created_ms = INT64_MAX,
                         .changed_ms = 5,
                         .deadline_ms = 100};
}

void fill(struct scene *s)
{
    s->product = (struct product){
        .key = "pk", .name = "lamp", .slot_bytes = UINT32_MAX, .created_ms = 7};
    memset(s->product.release_keys, 'c', sizeof s->product.release_keys - 1);
    s->device = (struct device){.product_key = "pk",
                                .name = "dev-01",
                                .secret = "secret00",
                                .enabled = true,
                                .version = "1.3.0",
                                .agent = "tern-1",
                                .online = true,
                                .epoch = "e-1",
                                .boot_epoch = "e-0",
                                .begun = true,
                                .created_ms = 1,
                                .seen_ms = 2,
                                .informed_ms = 3};
    s->package = (struct package){.product_key = "pk",
                                  .name = "a",
                                  .module = "default",
                                  .version = "1.4.0",
                                  .state = PACKAGE_VERIFY_FAILED,
                                  .sign_method = SIGN_SHA256,
                                  .size_bytes = UINT32_MAX,
                                  .image = "none",
                                  .checks = "size ok x\n",
                                  .created_ms = 4};
    memset(s->package.sha256, 'a', 64);
    memset(s->package.md5, 'b', 32);
    assert_int_equal(store_product_add(s->store, &s->product, &s->why), OTA_OK);
    assert_int_equal(store_device_add(s->store, &s->device, &s->why), OTA_OK);
    assert_int_equal(store_package_add(s->store, &s->package, &s->why), OTA_OK);
    s->job = (struct job){.package_id = s->package.id,
                          .type = JOB_UPGRADE_FIRMWARE,
                          .state = JOB_IN_PROGRESS,
                          .timeout_minutes = 60,
                          .source_count = MODEL_SOURCES_MAX,
                          .created_ms = 9};
    for (uint32_t i = 0; i < MODEL_SOURCES_MAX; i++)
        memset(s->job.sources[i], (char)('a' + i), MODEL_VERSION_MAX - 1);
    assert_int_equal(store_job_add(s->store, &s->job, &s->why), OTA_OK);
}
