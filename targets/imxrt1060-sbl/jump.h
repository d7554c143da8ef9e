/* jump.h - from the bootloader into an image.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_JUMP_H
#define TERN_SBL_JUMP_H

#include "boot/boot.h"

/* The first two words of an image's vector table. */
struct jump_target {
    uint32_t table; /* address of the table, as the image is linked */
    uint32_t stack;
    uint32_t entry;
};

/* Where does the chosen image start? OTA_ERR_CORRUPT: its first words are no
 * vector table of a program that is linked for slot 1; OTA_ERR_IO. */
TERN_MUST_USE ota_err jump_find(struct jump_target *out,
                                const struct port_flash *f,
                                const struct boot_choice *choice);

/* Peripherals, caches, MPU and interrupts as after a reset; slot 2 is shown at
 * slot 1's addresses if that is the choice; then the image. */
void jump(const struct jump_target *to, enum slot slot)
    __attribute__((noreturn));

#endif
