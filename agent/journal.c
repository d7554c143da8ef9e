/* journal.c - see journal.h for the layout; start at journal_load().
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/journal.h"

#include <string.h>

#include "base/bytes.h"

enum {
    MAGIC = 0x4a4e5254, /* "TRNJ" */
    HEADER_BYTES = 64,
    MARK_BYTES = 8,
};
static const uint32_t NAME = 0x80000000; /* a mark that names a task */
_Static_assert((uint32_t)FLASH_SLOT_BYTES < 0x80000000, "no count looks so");
_Static_assert((uint32_t)PUSH_TASK_MAX < 0x80000000, "the bit is NAME's");
_Static_assert(HEADER_BYTES % MARK_BYTES == 0, "marks keep their alignment");
_Static_assert((FLASH_SECTOR_BYTES - HEADER_BYTES) % MARK_BYTES == 0,
               "the last mark ends with the sector");

static void header_put(uint8_t h[HEADER_BYTES], const struct agent_task *t,
                       enum slot slot)
{
    put_u32le(h, MAGIC);
    put_u32le(h + 4, t->size_bytes);
    put_u32le(h + 8, (uint32_t)slot);
    put_u32le(h + 12, t->digest_kind == DIGEST_SHA256 ? 1 : 0);
    memcpy(h + 16, t->digest, DIGEST_BYTES_MAX);
    put_u32le(h + 48, t->version.major);
    put_u32le(h + 52, t->version.minor);
    put_u32le(h + 56, t->version.revision);
    put_u32le(h + 60, t->version.build);
}

static bool is_blank(const uint8_t m[MARK_BYTES])
{
    return get_u32le(m) == UINT32_MAX && get_u32le(m + 4) == UINT32_MAX;
}

static bool is_mark(const uint8_t m[MARK_BYTES])
{
    return get_u32le(m) == ~get_u32le(m + 4);
}

/* Greatest good mark, and the place behind the last byte ever written. */
static ota_err marks_scan(struct journal *j, uint32_t *done,
                          const struct port_flash *f, uint32_t size_bytes)
{
    uint8_t m[MARK_BYTES];

    for (uint32_t at = HEADER_BYTES; at < FLASH_SECTOR_BYTES; at += sizeof m) {
        ota_err e = f->read(f->ctx, FLASH_JOURNAL + at, m, sizeof m);
        if (e != OTA_OK)
            return e;
        uint32_t bytes = get_u32le(m);
        if (is_blank(m))
            continue;
        j->next = at + MARK_BYTES;
        if (is_mark(m) && bytes <= size_bytes && bytes > *done)
            *done = bytes;
    }
    return OTA_OK;
}

ota_err journal_load(struct journal *j, uint32_t *done,
                     const struct port_flash *f, const struct agent_task *t,
                     enum slot slot)
{
    uint8_t want[HEADER_BYTES], have[HEADER_BYTES];
    struct journal found = {HEADER_BYTES};
    uint32_t found_done = 0;

    ota_err e = f->read(f->ctx, FLASH_JOURNAL, have, sizeof have);
    if (e != OTA_OK)
        return e;
    header_put(want, t, slot);
    if (memcmp(want, have, sizeof want) != 0)
        return OTA_ERR_NOT_FOUND;

    e = marks_scan(&found, &found_done, f, t->size_bytes);
    if (e == OTA_OK) {
        *j = found;
        *done = found_done;
    }
    return e;
}

ota_err journal_begin(struct journal *j, const struct port_flash *f,
                      const struct agent_task *t, enum slot slot)
{
    uint8_t h[HEADER_BYTES];

    header_put(h, t, slot);
    ota_err e = journal_clear(f);
    if (e == OTA_OK)
        e = f->write(f->ctx, FLASH_JOURNAL, h, sizeof h);
    j->next = HEADER_BYTES;
    return e;
}

static ota_err append(struct journal *j, const struct port_flash *f,
                      uint32_t number)
{
    uint8_t m[MARK_BYTES];

    if (j->next + MARK_BYTES > FLASH_SECTOR_BYTES)
        return OTA_OK;
    put_u32le(m, number);
    put_u32le(m + 4, ~number);
    ota_err e = f->write(f->ctx, FLASH_JOURNAL + j->next, m, sizeof m);
    j->next += MARK_BYTES;
    return e;
}

ota_err journal_mark(struct journal *j, const struct port_flash *f,
                     uint32_t done)
{
    return append(j, f, done);
}

ota_err journal_name(struct journal *j, const struct port_flash *f,
                     uint32_t task)
{
    return append(j, f, NAME | task);
}

ota_err journal_named(const struct port_flash *f, uint32_t *task)
{
    uint8_t m[MARK_BYTES];

    *task = 0;
    ota_err e = f->read(f->ctx, FLASH_JOURNAL, m, sizeof m);
    if (e != OTA_OK || get_u32le(m) != MAGIC)
        return e;
    for (uint32_t at = HEADER_BYTES; at < FLASH_SECTOR_BYTES; at += sizeof m) {
        e = f->read(f->ctx, FLASH_JOURNAL + at, m, sizeof m);
        if (e != OTA_OK)
            return e;
        if (is_mark(m) && get_u32le(m) & NAME)
            *task = get_u32le(m) & ~NAME;
    }
    return OTA_OK;
}

ota_err journal_clear(const struct port_flash *f)
{
    return f->erase(f->ctx, FLASH_JOURNAL);
}
