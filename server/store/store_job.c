/* store_job.c - jobs. Their source versions are one column, joined by commas:
 * a version has none, and nobody looks for a job by one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "server/store/store_table.h"

struct job_row {
    struct job job;
    char sources[MODEL_SOURCES_MAX * MODEL_VERSION_MAX];
};

#define NUMBER(member, kind)                                                   \
    {                                                                          \
#member, kind, offsetof(struct job_row, job.member), 0                 \
    }
#define CHOICE(member, values)                                                 \
    {                                                                          \
#member, FIELD_ENUM, offsetof(struct job_row, job.member), values      \
    }

static const struct field FIELDS[] = {
    NUMBER(id, FIELD_I64),
    NUMBER(package_id, FIELD_I64),
    CHOICE(type, JOB_UPGRADE_FIRMWARE + 1),
    CHOICE(state, JOB_CANCELED + 1),
    NUMBER(timeout_minutes, FIELD_U32),
    NUMBER(created_ms, FIELD_I64),
    FIELD_TEXT_OF(job_row, sources),
    NUMBER(row_version, FIELD_I64),
};

static const struct table JOB = {
    "job", FIELDS, sizeof FIELDS / sizeof FIELDS[0], sizeof(struct job_row)};

static struct job_row row_of(const struct job *j)
{
    struct job_row row = {.job = *j};
    size_t len = 0;

    for (uint32_t i = 0; i < j->source_count; i++) {
        int n = snprintf(row.sources + len, sizeof row.sources - len, "%s%s",
                         i ? "," : "", j->sources[i]);
        len += (size_t)n;
    }
    return row;
}

/* sources came from row_of(), or from somebody's hand: trust no length. */
static bool sources_split(struct job_row *row)
{
    struct job *j = &row->job;
    const char *at = row->sources;

    j->source_count = 0;
    while (*at) {
        size_t len = strcspn(at, ",");

        if (len >= MODEL_VERSION_MAX || j->source_count == MODEL_SOURCES_MAX)
            return false;
        memcpy(j->sources[j->source_count], at, len);
        j->sources[j->source_count][len] = '\0';
        j->source_count++;
        at += len + (at[len] == ',');
    }
    return true;
}

static ota_err sources_check(struct job_row *row, struct diag *why)
{
    if (sources_split(row))
        return OTA_OK;
    diag_set(why,
             "job %lld has source versions that cannot be: was the database "
             "changed by hand? Restore a backup",
             (long long)row->job.id);
    return OTA_ERR_CORRUPT;
}

ota_err store_job_add(struct store *s, struct job *j, struct diag *why)
{
    struct job_row row = row_of(j);

    return table_add(s, &JOB, &row, &j->id, why);
}

ota_err store_job_save(struct store *s, struct job *j, struct diag *why)
{
    struct job_row row = row_of(j);
    ota_err e = table_save(s, &JOB, &row, why);

    if (e == OTA_OK)
        j->row_version = row.job.row_version;
    return e;
}

static ota_err find(struct store *s, const struct query *q, const char *tail,
                    struct job *j, struct diag *why)
{
    struct job_row row = {.sources = ""};

    ota_err e = table_find(s, &JOB, q, tail, &row, why);
    if (e == OTA_OK)
        e = sources_check(&row, why);
    if (e == OTA_OK)
        *j = row.job;
    return e;
}

ota_err store_job_get(struct store *s, int64_t id, struct job *j,
                      struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "id = $?", id);
    ota_err e = find(s, &q, "", j, why);
    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "there is no job %lld", (long long)id);
    return e;
}

ota_err store_job_of_package(struct store *s, int64_t package_id, struct job *j,
                             struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "package_id = $?", package_id);
    query_number(&q, "type = $?", JOB_VERIFY_FIRMWARE);
    return find(s, &q, "ORDER BY id DESC", j, why);
}

struct each_job {
    bool (*each)(void *, const struct job *);
    void *ctx;
    ota_err error;
    struct diag *why;
};

static bool each_row(void *ctx, const void *row)
{
    struct each_job *c = ctx;
    struct job_row copy = *(const struct job_row *)row;

    c->error = sources_check(&copy, c->why);
    return c->error == OTA_OK && c->each(c->ctx, &copy.job);
}

ota_err store_jobs(struct store *s, const struct store_filter *f,
                   bool (*each)(void *, const struct job *), void *ctx,
                   struct diag *why)
{
    struct each_job c = {each, ctx, OTA_OK, why};
    struct query q = {.count = 0};

    filter_text(&q,
                "package_id IN (SELECT id FROM package WHERE product_key = $?)",
                f->product_key);
    filter_number(&q, "package_id = $?", f->package_id);
    filter_number(&q, "id = $?", f->job_id);
    ota_err e = table_list(s, &JOB, &q, f, each_row, &c, why);
    return e == OTA_OK ? c.error : e;
}
