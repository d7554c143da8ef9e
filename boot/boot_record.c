/* boot_record.c - the small record that must survive any power cut.
 *
 * Start at boot_record_store(). Layout: spec/boot-record.md section 2.
 * Tests: test/unit/boot/test_boot_record.c, test/sweep/boot_cut.c,
 * test/fuzz/fuzz_record.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/boot_record.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crc32.h"
#include "boot/boot_limits.h"

enum {
    RECORD_BYTES = 64,
    RECORD_CRC_AT = 60,        /* over all bytes before it */
    RECORD_MAGIC = 0x31524254, /* "TBR1" */
    COPIES = 2,
};

/* What the two sectors hold: which copy is the newest valid one, and it. */
struct found {
    struct boot_record record;
    uint32_t live; /* COPIES: there is none */
    bool readable; /* at least one copy could be read */
};

static uint32_t copy_offset(uint32_t copy)
{
    return FLASH_BOOT_RECORD + copy * FLASH_SECTOR_BYTES;
}

static void encode(uint8_t out[RECORD_BYTES], const struct boot_record *r)
{
    memset(out, 0, RECORD_BYTES); /* reserved bytes are zero */
    put_u32le(out, RECORD_MAGIC);
    put_u32le(out + 4, r->sequence);
    out[8] = (uint8_t)r->state;
    out[9] = (uint8_t)r->active;
    out[10] = r->tries_left;
    out[11] = r->confirmed_slots;
    out[12] = (uint8_t)r->outcome;
    out[13] = r->outcome_reported ? 1 : 0;
    out[14] = (uint8_t)r->outcome_error;
    out[15] = (uint8_t)r->outcome_cause;
    out[16] = r->outcome_version.major;
    out[17] = r->outcome_version.minor;
    put_u16le(out + 18, r->outcome_version.revision);
    put_u32le(out + 20, r->outcome_version.build);
    put_u32le(out + 24, r->security_floor);
    put_u32le(out + RECORD_CRC_AT, crc32(out, RECORD_CRC_AT));
}

/* Enumerations and counts as plain numbers, before any is trusted. */
static bool in_range(const uint8_t b[RECORD_BYTES])
{
    return b[8] >= BOOT_STEADY && b[8] <= BOOT_TRIAL && b[9] >= SLOT_1 &&
           b[9] <= SLOT_2 && b[10] <= BOOT_TRIES_MAX &&
           (b[8] != BOOT_ARMED || b[10] > 0) && b[11] <= 3 &&
           b[12] <= OUTCOME_ACTIVE_CORRUPT && b[13] <= 1 &&
           b[14] < OTA_ERR_COUNT && b[15] <= RESET_PIN;
}

static bool decode(struct boot_record *out, const uint8_t b[RECORD_BYTES])
{
    if (get_u32le(b) != (uint32_t)RECORD_MAGIC ||
        get_u32le(b + RECORD_CRC_AT) != crc32(b, RECORD_CRC_AT) || !in_range(b))
        return false;
    *out = (struct boot_record){
        .sequence = get_u32le(b + 4),
        .state = (enum boot_state)b[8],
        .active = (enum slot)b[9],
        .tries_left = b[10],
        .confirmed_slots = b[11],
        .outcome = (enum boot_outcome)b[12],
        .outcome_reported = b[13] == 1,
        .outcome_error = (ota_err)b[14],
        .outcome_cause = (enum boot_reset_cause)b[15],
        .outcome_version = {b[16], b[17], get_u16le(b + 18), get_u32le(b + 20)},
        .security_floor = get_u32le(b + 24),
    };
    return true;
}

/* Serial-number order, so that a sequence that has come round is still newer
 * than the one before it. */
static bool is_newer(uint32_t a, uint32_t b)
{
    return a != b && a - b < 0x80000000u;
}

static struct found find(const struct port_flash *f)
{
    struct found found = {
        .record = {.state = BOOT_STEADY, .active = SLOT_1},
        .live = COPIES,
    };

    for (uint32_t i = 0; i < COPIES; i++) {
        uint8_t bytes[RECORD_BYTES];
        struct boot_record r;

        /* A copy that cannot be read is no copy; the other one still is. */
        if (f->read(f->ctx, copy_offset(i), bytes, sizeof bytes) != OTA_OK)
            continue;
        found.readable = true;
        if (!decode(&r, bytes))
            continue;
        if (found.live == COPIES ||
            is_newer(r.sequence, found.record.sequence)) {
            found.record = r;
            found.live = i;
        }
    }
    return found;
}

ota_err boot_record_load(const struct port_flash *f, struct boot_record *out)
{
    struct found found = find(f);

    if (!found.readable)
        return OTA_ERR_IO;
    *out = found.record;
    return OTA_OK;
}

ota_err boot_record_store(const struct port_flash *f,
                          const struct boot_record *r)
{
    uint8_t bytes[RECORD_BYTES], back[RECORD_BYTES];
    struct found found = find(f);
    struct boot_record next = *r;
    /* Write the copy that is NOT live: at every instant one copy is valid, so
     * a cut here costs us the new record, never the old one. Proved by
     * record_store_cut_anywhere_leaves_old_or_new. */
    uint32_t off = copy_offset(found.live == 0 ? 1 : 0);

    if (f->erase_bytes > FLASH_SECTOR_BYTES)
        return OTA_ERR_RANGE;
    if (!found.readable)
        return OTA_ERR_IO;
    next.sequence = found.record.sequence + 1;
    encode(bytes, &next);
    if (f->erase(f->ctx, off) != OTA_OK ||
        f->write(f->ctx, off, bytes, sizeof bytes) != OTA_OK ||
        f->read(f->ctx, off, back, sizeof back) != OTA_OK ||
        memcmp(bytes, back, sizeof bytes) != 0)
        return OTA_ERR_IO;
    return OTA_OK;
}

bool boot_record_same(const struct boot_record *a, const struct boot_record *b)
{
    uint8_t x[RECORD_BYTES], y[RECORD_BYTES];

    encode(x, a);
    encode(y, b);
    return memcmp(x, y, sizeof x) == 0;
}
