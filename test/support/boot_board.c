/* boot_board.c - the device that tests of boot/ reset.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/boot_board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/support/image_builder.h"

enum { LOG_BYTES = 4096, PAGE = FAKE_FLASH_PAGE_BYTES };

/* Test programs have one thread, and making keys is slow. */
static struct test_key keys[KEY_COUNT];
static uint8_t trusted[2][P256_POINT_BYTES];
static char log_text[LOG_BYTES];
static const struct boot_mailbox *mailbox;

int board_setup(void **state)
{
    (void)state;
    for (int i = 0; i < KEY_COUNT; i++)
        test_key_new(&keys[i]);
    memcpy(trusted[0], keys[KEY_OLD].point, P256_POINT_BYTES);
    memcpy(trusted[1], keys[KEY_NEW].point, P256_POINT_BYTES);
    return 0;
}

int board_teardown(void **state)
{
    (void)state;
    for (int i = 0; i < KEY_COUNT; i++)
        test_key_free(&keys[i]);
    return 0;
}

struct board_image board_image(const char *version, uint32_t counter,
                               enum board_key key)
{
    return board_image_of(version, counter, key, 300); /* two flash pages */
}

struct board_image board_image_of(const char *version, uint32_t counter,
                                  enum board_key key, uint32_t body_bytes)
{
    char body[BOARD_IMAGE_MAX] = "this is firmware ";
    struct board_image img = {.len = 0};
    struct test_image_spec spec = {.version = version,
                                   .header_bytes = IMAGE_HEADER_BYTES,
                                   .body = (const uint8_t *)body,
                                   .body_len = body_bytes,
                                   .security_counter = counter};

    strncat(body, version, sizeof body - strlen(body) - 1);
    for (uint32_t at = 2 * PAGE; at < body_bytes; at += PAGE)
        snprintf(body + at, sizeof body - at, "%s, page %u", version,
                 (unsigned)(at / PAGE));
    img.len = (uint32_t)test_image_build(img.bytes, sizeof img.bytes,
                                         &keys[key], &spec);
    return img;
}

struct fake_flash *board_new(void)
{
    struct fake_flash *f =
        fake_flash_new(BOARD_FLASH_BYTES, FLASH_SECTOR_BYTES, 1);

    mailbox = NULL;
    fake_flash_allow(f, FLASH_BOOT_RECORD, 2 * FLASH_SECTOR_BYTES);
    fake_flash_allow(f, FLASH_SLOT_1, 2 * FLASH_SLOT_BYTES);
    return f;
}

void board_mailbox(struct fake_flash *f)
{
    mailbox = &NXP_MAILBOX;
    fake_flash_allow(f, FLASH_NXP_FLAGS, FLASH_SECTOR_BYTES);
}

void board_load(struct fake_flash *f, enum slot s,
                const struct board_image *img)
{
    uint8_t *slot = fake_flash_bytes(f) + slot_offset(s);

    memset(slot, 0xff, FLASH_SLOT_BYTES);
    memcpy(slot, img->bytes, img->len);
}

void board_load_version(struct fake_flash *f, enum slot s, const char *version)
{
    struct board_image img = board_image(version, 0, KEY_OLD);

    board_load(f, s, &img);
}

void board_spoil(struct fake_flash *f, enum slot s)
{
    fake_flash_bytes(f)[slot_offset(s) + IMAGE_HEADER_BYTES] ^= 1;
}

static void log_line(void *ctx, const char *line)
{
    size_t used = strlen(log_text);

    (void)ctx;
    if (used + strlen(line) + 2 > sizeof log_text) {
        fputs("boot_board: the bootloader talks too much\n", stderr);
        abort();
    }
    snprintf(log_text + used, sizeof log_text - used, "%s\n", line);
}

struct boot_choice board_reset_with(const struct port_flash *port,
                                    enum boot_reset_cause cause)
{
    /* C11 adds no const through a pointer to an array by itself. */
    struct image_keys k = {(const uint8_t(*)[P256_POINT_BYTES])trusted, 2,
                           NULL};
    struct port_log log = {NULL, log_line};
    struct boot_report report = boot_words(&log);
    struct boot_setup setup = {port, &k, &report, mailbox};
    struct boot_choice choice;

    log_text[0] = '\0';
    boot_choose(&choice, &setup, cause);
    return choice;
}

struct boot_choice board_reset(struct fake_flash *f,
                               enum boot_reset_cause cause)
{
    return board_reset_with(fake_flash_port(f), cause);
}

bool board_said(const char *text)
{
    return strstr(log_text, text) != NULL;
}

const char *board_log(void)
{
    return log_text;
}
