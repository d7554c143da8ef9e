/* boot_place_swap.c - parts that do not remap: the slots exchange their
 * contents, sector by sector, and power may go at any instant.
 *
 * Start at boot_place() at the end. There is no scratch area: slot 1 is moved
 * up by one sector, and then each sector of slot 2 goes to slot 1 and the one
 * that was there, which lies one higher, to slot 2. No step changes what it
 * copies, so the one that was interrupted is done again; the marks say which.
 * Why it is safe: spec/flash-layout.md section 5. Tests:
 * test/unit/boot/test_boot_place_swap.c, test/sweep/swap_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/boot_place.h"

#include "boot/boot_limits.h"
#include "boot/boot_run.h"
#include "crypto/crypto.h"

enum {
    MARK_BYTES = 8, /* the largest write unit: each mark is a write */
    MARKS_BYTES = FLASH_EXCHANGE_MARKS_BYTES,
    SECTORS_MAX = FLASH_SLOT_BYTES / FLASH_SECTOR_BYTES - 1,
    BLANK = 0xff,
    DONE = 0,
};
_Static_assert(3 * SECTORS_MAX * MARK_BYTES <= MARKS_BYTES,
               "a mark for each step");

const uint8_t BOOT_PLACES = 1;
const uint32_t BOOT_IMAGE_MAX = SECTORS_MAX * FLASH_SECTOR_BYTES;

/* ---- flash ---- */

/*@ requires exchange_flash_ok(f) && exchange_range(at, FLASH_SECTOR_BYTES);
    assigns \nothing; */
static ota_err sector_erase(const struct port_flash *f, uint32_t at)
{
    ota_err e = OTA_OK;

    /*@ loop invariant 0 <= o <= 2 * FLASH_SECTOR_BYTES;
        loop assigns o, e;
        loop variant 2 * FLASH_SECTOR_BYTES - o; */
    for (uint32_t o = 0; o < FLASH_SECTOR_BYTES && e == OTA_OK;
         o += f->erase_bytes)
        //@ calls exchange_erase;
        e = f->erase(f->ctx, at + o);
    return e;
}

/* Copy one sector and read it back. */
/*@ requires exchange_flash_ok(f) && exchange_range(to, FLASH_SECTOR_BYTES);
    requires exchange_range(from, FLASH_SECTOR_BYTES);
    assigns \nothing; */
static ota_err sector_copy(const struct port_flash *f, uint32_t to,
                           uint32_t from)
{
    uint8_t bytes[BOOT_COPY_BYTES], back[BOOT_COPY_BYTES];
    ota_err e = sector_erase(f, to);

    /*@ loop invariant 0 <= o <= FLASH_SECTOR_BYTES;
        loop invariant o % BOOT_COPY_BYTES == 0;
        loop assigns o, e, bytes[0 .. BOOT_COPY_BYTES - 1],
                     back[0 .. BOOT_COPY_BYTES - 1];
        loop variant FLASH_SECTOR_BYTES - o; */
    for (uint32_t o = 0; o < FLASH_SECTOR_BYTES && e == OTA_OK;
         o += sizeof bytes) {
        //@ calls exchange_read;
        e = f->read(f->ctx, from + o, bytes, sizeof bytes);
        if (e == OTA_OK)
            //@ calls exchange_write;
            e = f->write(f->ctx, to + o, bytes, sizeof bytes);
        if (e == OTA_OK)
            //@ calls exchange_read;
            e = f->read(f->ctx, to + o, back, sizeof back);
        if (e == OTA_OK && !bytes_equal(bytes, back, sizeof bytes))
            e = OTA_ERR_IO;
    }
    return e;
}

/* Are all bytes of step k's mark this one? DONE: the step is. OTA_ERR_NOT_FOUND
 * no; OTA_ERR_IO nobody knows. */
/*@ requires exchange_flash_ok(f) && k < MARKS_BYTES / MARK_BYTES;
    assigns \nothing; */
static ota_err mark_check(const struct port_flash *f, uint32_t k, uint8_t value)
{
    uint8_t mark[MARK_BYTES];
    ota_err e;

    //@ calls exchange_read;
    e = f->read(f->ctx, FLASH_EXCHANGE_MARKS + k * MARK_BYTES, mark,
                sizeof mark);
    /*@ loop invariant 0 <= i <= MARK_BYTES;
        loop assigns i, e;
        loop variant MARK_BYTES - i; */
    for (uint32_t i = 0; i < sizeof mark && e == OTA_OK; i++)
        if (mark[i] != value)
            e = OTA_ERR_NOT_FOUND;
    return e;
}

/* Zeros may be written over whatever a cut has left of an earlier mark. */
/*@ requires exchange_flash_ok(f) && k < MARKS_BYTES / MARK_BYTES;
    assigns \nothing; */
static ota_err mark_set(const struct port_flash *f, uint32_t k)
{
    static const uint8_t ZEROS[MARK_BYTES] = {DONE};
    ota_err e;

    //@ calls exchange_write;
    e = f->write(f->ctx, FLASH_EXCHANGE_MARKS + k * MARK_BYTES, ZEROS,
                 sizeof ZEROS);
    return e == OTA_OK && mark_check(f, k, DONE) == OTA_OK ? OTA_OK
                                                           : OTA_ERR_IO;
}

/*@ requires exchange_flash_ok(f);
    assigns \nothing; */
static ota_err marks_erase(const struct port_flash *f)
{
    /*@ loop invariant 0 <= o <= MARKS_BYTES && o % FLASH_SECTOR_BYTES == 0;
        loop assigns o;
        loop variant MARKS_BYTES - o; */
    for (uint32_t o = 0; o < MARKS_BYTES; o += FLASH_SECTOR_BYTES)
        if (sector_erase(f, FLASH_EXCHANGE_MARKS + o) != OTA_OK)
            return OTA_ERR_IO;
    /*@ loop invariant 0 <= k <= MARKS_BYTES / MARK_BYTES;
        loop assigns k;
        loop variant MARKS_BYTES / MARK_BYTES - k; */
    for (uint32_t k = 0; k < MARKS_BYTES / MARK_BYTES; k++)
        if (mark_check(f, k, BLANK) != OTA_OK)
            return OTA_ERR_IO;
    return OTA_OK;
}

/* ---- the exchange ---- */

/* Step k of 3 n. The first n move slot 1 up by a sector, from the top. */
/*@ requires exchange_flash_ok(f) && n <= SECTORS_MAX && k < 3 * n;
    assigns \nothing; */
static ota_err step(const struct port_flash *f, uint32_t k, uint32_t n)
{
    uint32_t i = k < n ? n - 1 - k : (k - n) / 2;
    uint32_t here = FLASH_SLOT_1 + i * FLASH_SECTOR_BYTES;
    uint32_t above = here + FLASH_SECTOR_BYTES;
    uint32_t there = FLASH_SLOT_2 + i * FLASH_SECTOR_BYTES;
    uint32_t from = here, to = above;

    if (k >= n) {
        bool to_slot_1 = (k - n) % 2 == 0;

        from = to_slot_1 ? there : above;
        to = to_slot_1 ? here : there;
    }
    return sector_copy(f, to, from);
}

/* How many steps are done. To do one again of which the next is done would
 * copy what is no more there: a mark that cannot be read stops everything. */
/*@ requires exchange_flash_ok(f) && n <= SECTORS_MAX && \valid(done);
    requires \separated(done, f);
    assigns *done;
    ensures *done <= 3 * n; */
static ota_err steps_done(const struct port_flash *f, uint32_t n,
                          uint32_t *done)
{
    ota_err e = OTA_ERR_NOT_FOUND;
    uint32_t k = 3 * n;

    /*@ loop invariant 0 <= k <= 3 * n;
        loop assigns k, e;
        loop variant k + (e == OTA_ERR_NOT_FOUND ? 1 : 0); */
    while (k > 0 && e == OTA_ERR_NOT_FOUND) {
        e = mark_check(f, k - 1, DONE);
        if (e == OTA_ERR_NOT_FOUND)
            k--;
    }
    *done = k;
    return e == OTA_ERR_NOT_FOUND ? OTA_OK : e;
}

/*@ requires exchange_flash_ok(f) && n <= SECTORS_MAX;
    assigns \nothing; */
static ota_err exchange(const struct port_flash *f, uint32_t n)
{
    uint32_t k;
    ota_err e = steps_done(f, n, &k);

    /* Power may have gone while the last mark was written: a bit that is only
     * half cleared must not read as 1 after the next step has begun. */
    if (e == OTA_OK && k > 0)
        e = mark_set(f, k - 1);
    /*@ loop invariant 0 <= k <= 3 * n;
        loop assigns k, e;
        loop variant 3 * n - k; */
    for (; k < 3 * n && e == OTA_OK; k++) {
        e = step(f, k, n);
        if (e == OTA_OK)
            e = mark_set(f, k);
    }
    return e;
}

/* 0: no image, nothing that is worth keeping. */
static uint32_t sectors(const struct port_flash *f, enum slot s)
{
    struct boot_slot_source slot;
    struct image_source src = boot_slot_source(&slot, f, s);
    struct image_info info;

    if (image_parse(&info, &src, NULL) != OTA_OK)
        return 0;
    return (info.total_bytes + FLASH_SECTOR_BYTES - 1) / FLASH_SECTOR_BYTES;
}

/* The marks are blank whenever a record says for the first time that an
 * exchange is under way. */
static ota_err begin(const struct port_flash *f, struct boot_record *r)
{
    uint32_t n = sectors(f, SLOT_1), m = sectors(f, SLOT_2);
    ota_err e;

    if (f->erase_bytes > FLASH_SECTOR_BYTES)
        return OTA_ERR_RANGE;
    e = marks_erase(f);
    if (e != OTA_OK)
        return e;
    r->exchange_sectors = (uint8_t)(n > m ? n : m);
    e = boot_record_store(f, r);
    if (e != OTA_OK)
        r->exchange_sectors = 0;
    return e;
}

/* What was said of slot 1 is said of slot 2, and the other way round. */
/*@ requires \valid(r) && record_ok(r);
    assigns r->active, r->confirmed_slots, r->marks[0 .. 1];
    ensures r->active == 3 - \old(r->active);
    ensures r->marks[0] == \old(r->marks[1]);
    ensures r->marks[1] == \old(r->marks[0]);
    behavior none:
      assumes r->confirmed_slots == 0;
      ensures r->confirmed_slots == 0 && record_ok(r);
    behavior first:
      assumes r->confirmed_slots == 1;
      ensures r->confirmed_slots == 2 && record_ok(r);
    behavior second:
      assumes r->confirmed_slots == 2;
      ensures r->confirmed_slots == 1 && record_ok(r);
    behavior both:
      assumes r->confirmed_slots == 3;
      ensures r->confirmed_slots == 3 && record_ok(r);
    complete behaviors; */
static void rename_slots(struct boot_record *r)
{
    uint32_t mark = r->marks[0];

    r->active = slot_other(r->active);
    r->confirmed_slots =
        (uint8_t)((r->confirmed_slots & 1) << 1 | r->confirmed_slots >> 1);
    r->marks[0] = r->marks[1];
    r->marks[1] = mark;
}

bool boot_place_pending(const struct boot_record *r)
{
    return r->exchange_sectors != 0;
}

ota_err boot_exchange(const struct port_flash *f, struct boot_record *r)
{
    ota_err e = r->exchange_sectors != 0 ? OTA_OK : begin(f, r);

    if (e == OTA_OK)
        e = exchange(f, r->exchange_sectors);
    if (e != OTA_OK)
        return e;
    rename_slots(r);
    r->exchange_sectors = 0;
    return OTA_OK;
}

bool boot_place(struct boot_run *run)
{
    uint8_t where = slot_bit(boot_running(&run->next));
    ota_err e = OTA_ERR_IO;

    if (run->uncertain ||
        (!boot_place_pending(&run->next) && (BOOT_PLACES & where) != 0))
        return true;
    boot_tell(run, NOTE_EXCHANGE);
    for (uint32_t i = 0; i < BOOT_FLASH_TRIES && e != OTA_OK; i++)
        e = boot_exchange(run->setup->flash, &run->next);
    if (e != OTA_OK || !boot_save(run)) {
        run->uncertain = true; /* and boot.c does what can still be done */
        return true;
    }
    return boot_judge(run, boot_running(&run->next)) == BOOT_YES;
}
