/* boot_board.h - a device for tests of boot/: a fake flash with the real map,
 * two trusted keys and a foreign one, images that are truly signed, and a reset
 * button. The verification is the real one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_BOOT_BOARD_H
#define TERN_TEST_BOOT_BOARD_H

#include "boot/boot.h"
#include "boot/nxp_mailbox.h"
#include "port/fake/fake_flash.h"

enum {
    BOARD_FLASH_BYTES = FLASH_EXCHANGE_MARKS + FLASH_EXCHANGE_MARKS_BYTES,
    BOARD_IMAGE_MAX = 3 * FLASH_SECTOR_BYTES,
};

enum board_key { KEY_OLD, KEY_NEW, KEY_FOREIGN, KEY_COUNT };

struct board_image {
    uint8_t bytes[BOARD_IMAGE_MAX];
    uint32_t len;
};

/* Make the keys, and forget them: cmocka's group set-up and tear-down. */
int board_setup(void **state);
int board_teardown(void **state);

/* A small image: 32 bytes of header, a body that says its version, TLVs.
 * counter 0: no security counter. */
struct board_image board_image(const char *version, uint32_t counter,
                               enum board_key key);
/* The same with so many bytes of body, no two sectors of them alike. */
struct board_image board_image_of(const char *version, uint32_t counter,
                                  enum board_key key, uint32_t body_bytes);

/* A blank flash in which only the record and the slots may be changed. */
struct fake_flash *board_new(void);

/* Its bootloader has NXP's mailbox, until the next board_new(). */
void board_mailbox(struct fake_flash *f);

/* Put an image there from outside, as a programmer's cable does: nothing is
 * counted, the rest of the slot is blank. */
void board_load(struct fake_flash *f, enum slot s,
                const struct board_image *img);
void board_load_version(struct fake_flash *f, enum slot s, const char *version);
/* One bit of the body flips; the header stays readable. */
void board_spoil(struct fake_flash *f, enum slot s);

/* What the bootloader decides; its lines are kept for board_said(). */
struct boot_choice board_reset(struct fake_flash *f,
                               enum boot_reset_cause cause);
/* The same over another flash port, e.g. one that fails. */
struct boot_choice board_reset_with(const struct port_flash *port,
                                    enum boot_reset_cause cause);
/* Did the last reset print a line with this text in it? */
bool board_said(const char *text);
const char *board_log(void); /* all its lines */

#endif
