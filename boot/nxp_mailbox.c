/* nxp_mailbox.c - messages from firmware that was built with NXP's SFW.
 *
 * Start at nxp_trailer_read() and nxp_trailer_make(). Why it is so:
 * spec/flash-layout.md section 4.
 * Tests: test/unit/boot/test_nxp_mailbox.c, test/sweep/mailbox_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/nxp_mailbox.h"

#include <string.h>

#include "boot/boot_limits.h"

/* Offsets in the trailer; the bytes between them stay blank. */
enum {
    AT_POSITION = 0, /* 1, 2: the slot that runs */
    AT_TYPE = 4,     /* who updates; SFW confirms where it finds its own */
    AT_OK = 8,
    AT_MAGIC = 16,
    MAGIC_BYTES = 16,
    TRAILER_AT = FLASH_NXP_FLAGS + FLASH_SECTOR_BYTES - NXP_TRAILER_BYTES,
};

enum {
    BLANK = 0xff,
    TYPE_CONFIRMED = 0, /* SFW's write_image_ok */
    TYPE_ALIYUN = 4,
    OK_TRIAL = 4,
};

static const uint8_t MAGIC[MAGIC_BYTES] = {0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2,
                                           0xef, 0x7f, 0x35, 0x52, 0x50, 0x0f,
                                           0x2c, 0xb6, 0x79, 0x80};

/* Nobody writes the bytes between the fields. */
/*@ requires \valid_read(t + (0 .. NXP_TRAILER_BYTES - 1));
    assigns \nothing;
    ensures \result ==> SLOT_1 <= t[AT_POSITION] <= SLOT_2; */
static bool is_well_formed(const uint8_t *t)
{
    /*@ loop invariant 1 <= i <= AT_MAGIC;
        loop assigns i;
        loop variant AT_MAGIC - i; */
    for (uint32_t i = 1; i < AT_MAGIC; i++)
        if (i != AT_TYPE && i != AT_OK && t[i] != BLANK)
            return false;
    return t[AT_POSITION] == SLOT_1 || t[AT_POSITION] == SLOT_2;
}

struct boot_mail nxp_trailer_read(const uint8_t t[NXP_TRAILER_BYTES],
                                  const struct boot_record *r)
{
    bool trial = r->state == BOOT_TRIAL;
    bool message = is_well_formed(t) && t[AT_OK] == BLANK &&
                   t[AT_POSITION] == boot_running(r);
    bool armed = bytes_equal(t + AT_MAGIC, MAGIC, MAGIC_BYTES);
    struct boot_mail mail = {.type = t[AT_TYPE]};

    /* SFW's confirmation erases the magic, and its next update programs it
     * again with no reset in between, or a part of it. */
    mail.confirm = message && trial && t[AT_TYPE] == TYPE_CONFIRMED;
    mail.arm = message && armed && (!trial || mail.confirm);
    /* That update's type went over the 0 of the confirmation, and is lost. */
    if (t[AT_TYPE] == TYPE_CONFIRMED || t[AT_TYPE] == BLANK)
        mail.type = 0;
    return mail;
}

struct boot_mail nxp_trailer_adopt(const uint8_t t[NXP_TRAILER_BYTES],
                                   struct boot_record *r)
{
    bool adopt = r->sequence == 0 && is_well_formed(t);
    bool trial = adopt && t[AT_OK] == OK_TRIAL;
    struct boot_mail mail;

    if (adopt && trial == (t[AT_POSITION] == SLOT_1))
        r->active = SLOT_2;
    if (r->sequence == 0)
        r->sequence = 1; /* so it is stored, and the trailer is asked once */
    mail = nxp_trailer_read(t, r);
    mail.arm = mail.arm || trial;
    return mail;
}

void nxp_trailer_make(uint8_t t[NXP_TRAILER_BYTES], const struct boot_record *r)
{
    memset(t, BLANK, NXP_TRAILER_BYTES);
    t[AT_POSITION] = (uint8_t)boot_running(r);
    if (r->state != BOOT_TRIAL)
        return;
    /* Without the magic: if it is there at the next reset, the firmware has
     * armed in its own trial. */
    t[AT_TYPE] = r->nxp_type != 0 ? r->nxp_type : TYPE_ALIYUN;
    t[AT_OK] = OK_TRIAL;
}

static ota_err trailer_load(const struct port_flash *f,
                            uint8_t t[NXP_TRAILER_BYTES])
{
    ota_err e = OTA_ERR_IO;

    for (uint32_t i = 0; i < BOOT_FLASH_TRIES && e != OTA_OK; i++)
        e = f->read(f->ctx, TRAILER_AT, t, NXP_TRAILER_BYTES);
    return e;
}

static ota_err collect(const struct port_flash *f, struct boot_record *r,
                       struct boot_mail *out)
{
    uint8_t t[NXP_TRAILER_BYTES];

    if (trailer_load(f, t) != OTA_OK)
        return OTA_ERR_IO;
    *out = nxp_trailer_adopt(t, r);
    return OTA_OK;
}

static bool trailer_is(const struct port_flash *f,
                       const uint8_t want[NXP_TRAILER_BYTES])
{
    uint8_t t[NXP_TRAILER_BYTES];

    return trailer_load(f, t) == OTA_OK &&
           bytes_equal(t, want, NXP_TRAILER_BYTES);
}

static ota_err settle(const struct port_flash *f, const struct boot_record *r)
{
    uint8_t want[NXP_TRAILER_BYTES];

    nxp_trailer_make(want, r);
    if (trailer_is(f, want))
        return OTA_OK;
    if (f->erase_bytes > FLASH_SECTOR_BYTES)
        return OTA_ERR_RANGE; /* the boot record would go with it */
    for (uint32_t i = 0; i < BOOT_FLASH_TRIES; i++)
        if (f->erase(f->ctx, TRAILER_AT & ~(f->erase_bytes - 1)) == OTA_OK &&
            f->write(f->ctx, TRAILER_AT, want, sizeof want) == OTA_OK &&
            trailer_is(f, want))
            return OTA_OK;
    return OTA_ERR_IO;
}

const struct boot_mailbox NXP_MAILBOX = {boot_mail_take, collect, settle};
