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
#include "crypto/crypto.h"

enum {
    RECORD_BYTES = 64,
    SEQUENCE_AT = 4,
    RECORD_CRC_AT = 60,        /* over all bytes before it */
    RECORD_MAGIC = 0x31524254, /* "TBR1" */
    COPIES = 2,
};

/* What the two sectors hold: which copy is the newest valid one, and it. */
struct found {
    struct boot_record record;
    uint32_t live;       /* COPIES: there is none */
    uint32_t unreadable; /* copies */
};

/*@ requires copy < COPIES;
    assigns \nothing;
    ensures \result == FLASH_BOOT_RECORD + copy * FLASH_SECTOR_BYTES; */
static uint32_t copy_offset(uint32_t copy)
{
    return FLASH_BOOT_RECORD + copy * FLASH_SECTOR_BYTES;
}

/*@ requires \valid(out + (0 .. RECORD_BYTES - 1)) && record_ok(r);
    requires \separated(out + (0 .. RECORD_BYTES - 1), r);
    assigns out[0 .. RECORD_BYTES - 1]; */
static void encode(uint8_t out[RECORD_BYTES], const struct boot_record *r)
{
    memset(out, 0, RECORD_BYTES); /* reserved bytes are zero */
    put_u32le(out, RECORD_MAGIC);
    put_u32le(out + SEQUENCE_AT, r->sequence);
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
    out[28] = r->power_tries_left;
    out[29] = r->nxp_type;
    out[30] = r->exchange_sectors;
    put_u32le(out + 32, r->marks[0]);
    put_u32le(out + 36, r->marks[1]);
    put_u32le(out + RECORD_CRC_AT, crc32(out, RECORD_CRC_AT));
}

/*@ predicate bytes_ok(uint8_t *b) =
      BOOT_STEADY <= b[8] <= BOOT_TRIAL && SLOT_1 <= b[9] <= SLOT_2 &&
      b[10] <= BOOT_TRIES_MAX && b[11] <= 3 &&
      b[12] <= OUTCOME_ACTIVE_CORRUPT && b[15] <= RESET_PIN &&
      b[28] <= BOOT_TRIES_MAX && (b[8] == BOOT_ARMED ==> b[10] > 0); */

/* Enumerations and counts as plain numbers, before any is trusted. The outcome
 * error is only ever told, and a newer bootloader may know more of them. */
/*@ requires \valid_read(b + (0 .. RECORD_BYTES - 1));
    assigns \nothing;
    ensures \result ==> bytes_ok(b); */
static bool in_range(const uint8_t b[RECORD_BYTES])
{
    static const struct {
        uint8_t at, min, max;
    } RANGES[] = {
        {8, BOOT_STEADY, BOOT_TRIAL}, /* state */
        {9, SLOT_1, SLOT_2},          /* active slot */
        {10, 0, BOOT_TRIES_MAX},      /* tries left */
        {11, 0, 3},                   /* confirmed slots */
        {12, 0, OUTCOME_ACTIVE_CORRUPT},
        {13, 0, 1},              /* outcome reported */
        {15, 0, RESET_PIN},      /* outcome cause */
        {28, 0, BOOT_TRIES_MAX}, /* power tries left */
    };

    /*@ loop invariant 0 <= i <= sizeof(RANGES) / sizeof(RANGES[0]);
        loop invariant \forall integer k; 0 <= k < i ==>
            RANGES[k].min <= b[RANGES[k].at] <= RANGES[k].max;
        loop assigns i;
        loop variant sizeof(RANGES) / sizeof(RANGES[0]) - i; */
    for (uint32_t i = 0; i < sizeof RANGES / sizeof RANGES[0]; i++)
        if (b[RANGES[i].at] < RANGES[i].min || b[RANGES[i].at] > RANGES[i].max)
            return false;
    return b[8] != BOOT_ARMED || b[10] > 0;
}

/*@ requires \valid_read(b + (0 .. RECORD_BYTES - 1));
    assigns \nothing;
    ensures \result ==> bytes_ok(b); */
static bool is_valid(const uint8_t b[RECORD_BYTES])
{
    return get_u32le(b) == (uint32_t)RECORD_MAGIC &&
           get_u32le(b + RECORD_CRC_AT) == crc32(b, RECORD_CRC_AT) &&
           in_range(b);
}

/*@ requires \valid(out) && \valid_read(b + (0 .. RECORD_BYTES - 1));
    requires \separated(out, b + (0 .. RECORD_BYTES - 1)) && bytes_ok(b);
    assigns *out;
    ensures record_ok(out); */
static void decode(struct boot_record *out, const uint8_t b[RECORD_BYTES])
{
    out->sequence = get_u32le(b + SEQUENCE_AT);
    out->state = (enum boot_state)b[8];
    out->active = (enum slot)b[9];
    out->tries_left = b[10];
    out->confirmed_slots = b[11];
    out->outcome = (enum boot_outcome)b[12];
    out->outcome_reported = b[13] == 1;
    out->outcome_error = (ota_err)b[14];
    out->outcome_cause = (enum boot_reset_cause)b[15];
    out->outcome_version.major = b[16];
    out->outcome_version.minor = b[17];
    out->outcome_version.revision = get_u16le(b + 18);
    out->outcome_version.build = get_u32le(b + 20);
    out->security_floor = get_u32le(b + 24);
    out->power_tries_left = b[28];
    out->nxp_type = b[29];
    out->exchange_sectors = b[30];
    out->marks[0] = get_u32le(b + 32);
    out->marks[1] = get_u32le(b + 36);
    //@ assert BOOT_STEADY <= out->state <= BOOT_TRIAL;
    //@ assert SLOT_1 <= out->active <= SLOT_2;
    //@ assert out->outcome <= OUTCOME_ACTIVE_CORRUPT;
    //@ assert out->outcome_cause <= RESET_PIN;
}

/* Serial-number order, so that a sequence that has come round is still newer
 * than the one before it. */
static bool is_newer(uint32_t a, uint32_t b)
{
    return a != b && a - b < 0x80000000u;
}

/*@ requires flash_ok(f) && copy < COPIES;
    requires \valid(out + (0 .. RECORD_BYTES - 1));
    assigns out[0 .. RECORD_BYTES - 1]; */
static bool copy_read(const struct port_flash *f, uint32_t copy,
                      uint8_t out[RECORD_BYTES])
{
    /*@ loop invariant 0 <= i <= BOOT_FLASH_TRIES;
        loop assigns i, out[0 .. RECORD_BYTES - 1];
        loop variant BOOT_FLASH_TRIES - i; */
    for (uint32_t i = 0; i < BOOT_FLASH_TRIES; i++)
        //@ calls flash_read_any;
        if (f->read(f->ctx, copy_offset(copy), out, RECORD_BYTES) == OTA_OK)
            return true;
    return false;
}

static void find(const struct port_flash *f, struct found *out)
{
    *out = (struct found){
        .record = {.state = BOOT_STEADY, .active = SLOT_1},
        .live = COPIES,
    };

    for (uint32_t i = 0; i < COPIES; i++) {
        uint8_t bytes[RECORD_BYTES];

        if (!copy_read(f, i, bytes)) {
            out->unreadable++;
            continue;
        }
        if (is_valid(bytes) &&
            (out->live == COPIES ||
             is_newer(get_u32le(bytes + SEQUENCE_AT), out->record.sequence))) {
            decode(&out->record, bytes);
            out->live = i;
        }
    }
}

ota_err boot_record_load(const struct port_flash *f, struct boot_record *out)
{
    struct found found;

    find(f, &found);
    if (found.unreadable == COPIES)
        return OTA_ERR_IO;
    *out = found.record;
    return found.unreadable == 0 ? OTA_OK : OTA_ERR_AGAIN;
}

ota_err boot_record_store(const struct port_flash *f,
                          const struct boot_record *r)
{
    uint8_t bytes[RECORD_BYTES], back[RECORD_BYTES];
    struct boot_record next = *r;
    struct found found;
    uint32_t off;

    find(f, &found);
    /* Write the copy that is NOT live: at every instant one copy is valid, so
     * a cut here costs us the new record, never the old one. Proved by
     * record_store_cut_anywhere_leaves_old_or_new. */
    off = copy_offset(found.live == 0 ? 1 : 0);
    if (f->erase_bytes > FLASH_SECTOR_BYTES)
        return OTA_ERR_RANGE;
    if (found.unreadable > 0)
        return OTA_ERR_IO; /* it may be the live one */
    next.sequence = found.record.sequence + 1;
    encode(bytes, &next);
    if (f->erase(f->ctx, off) != OTA_OK ||
        f->write(f->ctx, off, bytes, sizeof bytes) != OTA_OK ||
        f->read(f->ctx, off, back, sizeof back) != OTA_OK ||
        !bytes_equal(bytes, back, sizeof bytes))
        return OTA_ERR_IO;
    return OTA_OK;
}

bool boot_record_same(const struct boot_record *a, const struct boot_record *b)
{
    uint8_t x[RECORD_BYTES], y[RECORD_BYTES];

    encode(x, a);
    encode(y, b);
    return bytes_equal(x, y, sizeof x);
}
