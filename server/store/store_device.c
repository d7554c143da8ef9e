/* store_device.c - devices.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "server/store/store_table.h"

static const struct field FIELDS[] = {
    FIELD_OF(device, id, FIELD_I64),
    FIELD_TEXT_OF(device, product_key),
    FIELD_TEXT_OF(device, name),
    FIELD_TEXT_OF(device, secret),
    FIELD_OF(device, enabled, FIELD_BOOL),
    FIELD_TEXT_OF(device, version),
    FIELD_TEXT_OF(device, agent),
    FIELD_OF(device, online, FIELD_BOOL),
    FIELD_TEXT_OF(device, epoch),
    FIELD_TEXT_OF(device, boot_epoch),
    FIELD_OF(device, begun, FIELD_BOOL),
    FIELD_OF(device, created_ms, FIELD_I64),
    FIELD_OF(device, seen_ms, FIELD_I64),
    FIELD_OF(device, informed_ms, FIELD_I64),
    FIELD_OF(device, row_version, FIELD_I64),
};

static const struct table DEVICE = TABLE_OF(device, FIELDS);

ota_err store_device_add(struct store *s, struct device *d, struct diag *why)
{
    ota_err e = table_add(s, &DEVICE, d, &d->id, why);

    if (e == OTA_ERR_EXISTS)
        diag_set(why, "product %s already has a device %s", d->product_key,
                 d->name);
    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "there is no product %s", d->product_key);
    return e;
}

ota_err store_device_save(struct store *s, struct device *d, struct diag *why)
{
    return table_save(s, &DEVICE, d, why);
}

ota_err store_device_get(struct store *s, const char *product_key,
                         const char *name, struct device *d, struct diag *why)
{
    struct query q = {.count = 0};

    query_text(&q, "product_key = $?", product_key);
    query_text(&q, "name = $?", name);
    ota_err e = table_find(s, &DEVICE, &q, "", d, why);
    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "product %s has no device %s", product_key, name);
    return e;
}

ota_err store_device_by_id(struct store *s, int64_t id, struct device *d,
                           struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "id = $?", id);
    return table_find(s, &DEVICE, &q, "", d, why);
}

ota_err store_devices_all_offline(struct store *s, struct diag *why)
{
    return table_run(s,
                     "UPDATE device SET online = 0,"
                     " row_version = row_version + 1 WHERE online <> 0",
                     NULL, 0, NULL, why);
}

/* A range and not LIKE, for which _ is a wildcard: '~' sorts after every
 * letter that a device name can have. end is lent until the query is over. */
static void name_begins(struct query *q, const char *begin,
                        char end[IDENTITY_DEVICE_NAME_MAX + 1])
{
    if (!begin || begin[0] == '\0')
        return;
    (void)snprintf(end, IDENTITY_DEVICE_NAME_MAX + 1, "%s~", begin);
    query_text(q, "name >= $?", begin);
    query_text(q, "name < $?", end);
}

struct each_device {
    bool (*each)(void *, const struct device *);
    void *ctx;
};

static bool each_row(void *ctx, const void *row)
{
    struct each_device *c = ctx;

    return c->each(c->ctx, row);
}

ota_err store_devices(struct store *s, const struct store_filter *f,
                      bool (*each)(void *, const struct device *), void *ctx,
                      struct diag *why)
{
    struct each_device c = {each, ctx};
    struct query q = {.count = 0};
    char end[IDENTITY_DEVICE_NAME_MAX + 1];

    filter_text(&q, "product_key = $?", f->product_key);
    filter_text(&q, "name = $?", f->device_name);
    name_begins(&q, f->name_begin, end);
    if (f->online)
        query_number(&q, "online = $?", *f->online);
    return table_list(s, &DEVICE, &q, f, each_row, &c, why);
}
