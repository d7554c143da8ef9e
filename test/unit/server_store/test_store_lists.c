/* test_store_lists.c - the contract of store.h: lists, transactions, opening.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "test/unit/server_store/scene.h"

/* --- lists ---------------------------------------------------------------- */

struct seen {
    int64_t ids[32];
    size_t count;
    size_t stop_at;
    struct store *store; /* not NULL: look something up on the way */
};

static bool note(struct seen *n, int64_t id)
{
    n->ids[n->count++] = id;
    return n->count != n->stop_at;
}

static bool note_event(void *ctx, const struct event *e)
{
    return note(ctx, e->id);
}

static bool note_device(void *ctx, const struct device *d)
{
    return note(ctx, d->id);
}

static bool note_task(void *ctx, const struct task *t, const struct device *d)
{
    struct seen *n = ctx;
    struct task same;
    struct diag why;

    assert_int_equal(t->device_id, d->id);
    if (n->store)
        assert_int_equal(store_task_get(n->store, t->id, &same, &why), OTA_OK);
    return note(n, t->id);
}

static bool note_package(void *ctx, const struct package *p)
{
    return note(ctx, p->id);
}

static bool note_job(void *ctx, const struct job *j)
{
    assert_int_equal(j->source_count, MODEL_SOURCES_MAX);
    return note(ctx, j->id);
}

static bool note_product(void *ctx, const struct product *p)
{
    return note(ctx, p->id);
}

static void add_event(struct scene *s, const char *device, int64_t task)
{
    struct event e = {.at_ms = 1, .kind = "k", .text = "t", .task_id = task};

    (void)snprintf(e.product_key, sizeof e.product_key, "pk");
    (void)snprintf(e.device_name, sizeof e.device_name, "%s", device);
    assert_int_equal(store_event_add(s->store, &e, &s->why), OTA_OK);
}

static void store_events_are_paged_and_filtered(void **state)
{
    struct scene *s = *state;
    struct seen all = {.count = 0}, page = {.count = 0}, of = {.count = 0},
                two = {.stop_at = 2};
    struct store_filter f = {.limit = 1000};

    for (int i = 0; i < 10; i++)
        add_event(s, i % 2 ? "odd" : "even", i / 5);
    assert_int_equal(store_events(s->store, &f, note_event, &all, &s->why),
                     OTA_OK);
    assert_int_equal(all.count, 10);
    f.after = all.ids[3];
    f.limit = 3;
    assert_int_equal(store_events(s->store, &f, note_event, &page, &s->why),
                     OTA_OK);
    assert_int_equal(page.count, 3);
    assert_int_equal(page.ids[0], all.ids[4]);
    f = (struct store_filter){
        .product_key = "pk", .device_name = "odd", .task_id = 1};
    assert_int_equal(store_events(s->store, &f, note_event, &of, &s->why),
                     OTA_OK);
    assert_int_equal(of.count, 3);
    f = (struct store_filter){.product_key = ""};
    assert_int_equal(store_events(s->store, &f, note_event, &two, &s->why),
                     OTA_OK);
    assert_int_equal(two.count, 2);
}

static void store_events_newest_first_end_where_before_says(void **state)
{
    struct scene *s = *state;
    struct seen all = {.count = 0}, page = {.count = 0};
    struct store_filter f = {.limit = 4, .newest_first = true};
    struct event last = {.kind = "k", .state = "VERIFIED", .step = -3};
    int64_t id = -1;

    assert_int_equal(store_event_last(s->store, &id, &s->why), OTA_OK);
    assert_int_equal(id, 0);
    for (int i = 0; i < 9; i++)
        add_event(s, "d", 0);
    assert_int_equal(store_event_add(s->store, &last, &s->why), OTA_OK);
    assert_int_equal(store_event_last(s->store, &id, &s->why), OTA_OK);
    assert_int_equal(id, last.id);
    assert_int_equal(store_events(s->store, &f, note_event, &all, &s->why),
                     OTA_OK);
    assert_int_equal(all.count, 4);
    assert_int_equal(all.ids[0], id);
    f.before = all.ids[3];
    assert_int_equal(store_events(s->store, &f, note_event, &page, &s->why),
                     OTA_OK);
    assert_int_equal(page.ids[0], all.ids[3] - 1);
}

static size_t devices_of(struct scene *s, const char *begin, const bool *online)
{
    struct seen n = {.count = 0};
    struct store_filter f = {.name_begin = begin, .online = online};

    assert_int_equal(store_devices(s->store, &f, note_device, &n, &s->why),
                     OTA_OK);
    return n.count;
}

static void store_devices_are_found_by_how_their_name_begins(void **state)
{
    static const char *const NAMES[] = {"dev_1", "dev_10", "devz",
                                        "devA",  "Dev_1",  "d"};
    struct scene *s = *state;
    const bool yes = true, no = false;

    fill(s); /* dev-01, online */
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        struct device d = {.product_key = "pk"};

        (void)snprintf(d.name, sizeof d.name, "%s", NAMES[i]);
        assert_int_equal(store_device_add(s->store, &d, &s->why), OTA_OK);
    }
    assert_int_equal(devices_of(s, "dev_1", NULL), 2);
    assert_int_equal(devices_of(s, "dev_", NULL), 2); /* _ is no wildcard */
    assert_int_equal(devices_of(s, "dev", NULL), 5);
    assert_int_equal(devices_of(s, "d", &no), 5);
    assert_int_equal(devices_of(s, "", &yes), 1);
    assert_int_equal(devices_of(s, NULL, NULL), 7);
    assert_int_equal(devices_of(s, "x", NULL), 0);
}

static bool note_token(void *ctx, const struct token *t)
{
    return note(ctx, t->id);
}

static void store_packages_and_tokens_are_listed(void **state)
{
    struct scene *s = *state;
    struct seen n = {.count = 0}, of = {.count = 0};
    const enum package_state failed = PACKAGE_VERIFY_FAILED,
                             unneeded = PACKAGE_NOT_NEEDED;
    struct store_filter f = {.state = &failed}, any = {.limit = 5};
    struct token t = {.name = "a", .sha256 = "aa"};

    fill(s);
    assert_int_equal(store_packages(s->store, &f, note_package, &n, &s->why),
                     OTA_OK);
    assert_int_equal(n.count, 1);
    f.state = &unneeded;
    assert_int_equal(store_packages(s->store, &f, note_package, &n, &s->why),
                     OTA_OK);
    assert_int_equal(n.count, 1);
    assert_int_equal(store_token_add(s->store, &t, &s->why), OTA_OK);
    assert_int_equal(store_tokens(s->store, &any, note_token, &of, &s->why),
                     OTA_OK);
    assert_int_equal(of.count, 1);
}

static void store_lists_every_noun_by_product(void **state)
{
    struct scene *s = *state;
    struct seen n = {.count = 0};
    struct store_filter pk = {.product_key = "pk"}, no = {.product_key = "no"};
    struct task t;

    fill(s);
    t = task_of(s);
    assert_int_equal(store_task_add(s->store, &t, &s->why), OTA_OK);
    n.store = s->store;
    for (int i = 0; i < 2; i++) {
        const struct store_filter *f = i == 0 ? &pk : &no;

        assert_int_equal(store_products(s->store, f, note_product, &n, &s->why),
                         OTA_OK);
        assert_int_equal(store_devices(s->store, f, note_device, &n, &s->why),
                         OTA_OK);
        assert_int_equal(store_packages(s->store, f, note_package, &n, &s->why),
                         OTA_OK);
        assert_int_equal(store_jobs(s->store, f, note_job, &n, &s->why),
                         OTA_OK);
        assert_int_equal(store_tasks(s->store, f, note_task, &n, &s->why),
                         OTA_OK);
        assert_int_equal(n.count, 5);
    }
    pk = (struct store_filter){.product_key = "pk",
                               .device_name = "dev-01",
                               .package_id = s->package.id,
                               .job_id = s->job.id,
                               .task_id = t.id};
    assert_int_equal(store_tasks(s->store, &pk, note_task, &n, &s->why),
                     OTA_OK);
    assert_int_equal(n.count, 6);
}

/* --- transactions --------------------------------------------------------- */

static void store_undo_takes_back_one_command_only(void **state)
{
    struct scene *s = *state;
    struct seen n = {.count = 0};
    struct store_filter any = {.limit = 10};

    assert_int_equal(store_begin(s->store, &s->why), OTA_OK);
    assert_int_equal(store_mark(s->store, &s->why), OTA_OK);
    add_event(s, "a", 0);
    assert_int_equal(store_keep(s->store, &s->why), OTA_OK);
    assert_int_equal(store_mark(s->store, &s->why), OTA_OK);
    add_event(s, "b", 0);
    assert_int_equal(store_undo(s->store, &s->why), OTA_OK);
    assert_int_equal(store_mark(s->store, &s->why), OTA_OK);
    add_event(s, "c", 0);
    assert_int_equal(store_keep(s->store, &s->why), OTA_OK);
    assert_int_equal(store_commit(s->store, &s->why), OTA_OK);

    assert_int_equal(store_events(s->store, &any, note_event, &n, &s->why),
                     OTA_OK);
    assert_int_equal(n.count, 2);
}

static void store_reader_sees_only_what_is_committed(void **state)
{
    struct scene *s = *state;
    struct store *reader = store_open_reader(s->url, &s->why);
    struct seen n = {.count = 0};
    struct store_filter any = {.limit = 10};
    struct event e = {.kind = "k"};

    assert_non_null(reader);
    assert_int_equal(store_begin(s->store, &s->why), OTA_OK);
    add_event(s, "a", 0);
    assert_int_equal(store_events(reader, &any, note_event, &n, &s->why),
                     OTA_OK);
    assert_int_equal(n.count, 0);
    store_rollback(s->store);
    assert_int_equal(store_begin(s->store, &s->why), OTA_OK);
    add_event(s, "b", 0);
    assert_int_equal(store_commit(s->store, &s->why), OTA_OK);
    assert_int_equal(store_events(reader, &any, note_event, &n, &s->why),
                     OTA_OK);
    assert_int_equal(n.count, 1);
    assert_int_equal(store_event_add(reader, &e, &s->why), OTA_ERR_IO);
    store_close(reader);
}

static void store_opened_again_has_everything(void **state)
{
    struct scene *s = *state;
    struct package p;

    fill(s);
    store_close(s->store);
    s->store = store_open(s->url, &s->why);
    assert_non_null(s->store);
    assert_int_equal(store_package_get(s->store, s->package.id, &p, &s->why),
                     OTA_OK);
}

static void store_url_that_names_no_database_is_refused(void **state)
{
    struct diag why;

    (void)state;
    assert_null(store_open("oracle:x", &why));
    assert_string_equal(why.text, "\"oracle:x\" names no database: say "
                                  "sqlite:/path/to/file");
    assert_null(store_open("", &why));
    assert_null(store_open("sqlite:", &why));
    store_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(store_events_are_paged_and_filtered),
        TEST(store_events_newest_first_end_where_before_says),
        TEST(store_devices_are_found_by_how_their_name_begins),
        TEST(store_packages_and_tokens_are_listed),
        TEST(store_lists_every_noun_by_product),
        TEST(store_undo_takes_back_one_command_only),
        TEST(store_reader_sees_only_what_is_committed),
        TEST(store_opened_again_has_everything),
        cmocka_unit_test(store_url_that_names_no_database_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
