/* fuzz_record.c - the boot record loaded from two sectors of anything.
 *
 * Input: the bytes at the start of copy 1 and, from FUZZ_COPY on, of copy 2.
 * Whatever they are: each field that is loaded is in its range, and a store on
 * top of them gives back what was stored.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crc32.h"
#include "boot/boot_limits.h"
#include "boot/boot_step.h"

enum { FUZZ_COPY = 64, CRC_AT = 60 };

static uint8_t sectors[2 * FLASH_SECTOR_BYTES];

static ota_err read_at(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    (void)ctx;
    memcpy(dst, sectors + (off - FLASH_BOOT_RECORD), len);
    return OTA_OK;
}

static ota_err write_at(void *ctx, uint32_t off, const void *src, uint32_t len)
{
    (void)ctx;
    memcpy(sectors + (off - FLASH_BOOT_RECORD), src, len);
    return OTA_OK;
}

static ota_err erase_at(void *ctx, uint32_t off)
{
    (void)ctx;
    memset(sectors + (off - FLASH_BOOT_RECORD), 0xff, FLASH_SECTOR_BYTES);
    return OTA_OK;
}

static const struct port_flash FLASH = {
    NULL, FLASH_BYTES, FLASH_SECTOR_BYTES, 1, read_at, write_at, erase_at,
};

static void must(int ok)
{
    if (!ok)
        abort();
}

static void check_ranges(const struct boot_record *r)
{
    must(r->state >= BOOT_STEADY && r->state <= BOOT_TRIAL);
    must(r->active == SLOT_1 || r->active == SLOT_2);
    must(r->tries_left <= BOOT_TRIES_MAX);
    must(r->power_tries_left <= BOOT_TRIES_MAX);
    must(r->state != BOOT_ARMED || r->tries_left > 0);
    must(r->confirmed_slots <= 3);
    must(r->outcome <= OUTCOME_ACTIVE_CORRUPT);
    must(r->outcome_cause <= RESET_PIN);
}

/* Each event leaves a record that can be stored and loaded again. */
static void check_steps(const struct boot_record *loaded)
{
    const struct boot_facts facts = {
        .cause = RESET_PIN, .counter = 3, .mark = 5, .nxp_type = 4};

    for (int ev = 0; ev < BOOT_EVENT_COUNT; ev++) {
        struct boot_record r = *loaded, back;
        struct boot_rule rule = boot_rule(&r, (enum boot_event)ev);

        boot_apply(&r, &rule, &facts);
        check_ranges(&r);
        must(boot_record_store(&FLASH, &r) == OTA_OK);
        must(boot_record_load(&FLASH, &back) == OTA_OK);
        r.sequence = back.sequence;
        must(boot_record_same(&r, &back));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct boot_record r;
    size_t first = size < FUZZ_COPY ? size : FUZZ_COPY;

    memset(sectors, 0xff, sizeof sectors);
    memcpy(sectors, data, first);
    if (size > FUZZ_COPY && size - FUZZ_COPY <= FLASH_SECTOR_BYTES)
        memcpy(sectors + FLASH_SECTOR_BYTES, data + FUZZ_COPY,
               size - FUZZ_COPY);
    /* No fuzzer guesses a CRC: the first copy gets a right one, the second
     * keeps what it has. */
    put_u32le(sectors + CRC_AT, crc32(sectors, CRC_AT));

    must(boot_record_load(&FLASH, &r) == OTA_OK);
    check_ranges(&r);
    check_steps(&r);
    return 0;
}
