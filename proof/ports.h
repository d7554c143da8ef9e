/* ports.h - any port, as the proofs see one: what a function pointer may do.
 * tools/prove.sh puts it before each file.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PROOF_PORTS_H
#define TERN_PROOF_PORTS_H

#include "boot/flash_layout.h"
#include "image/image.h"
#include "port/port_flash.h"

/* Any bytes and any answer may come back; the range is the caller's duty. */
/*@ requires \valid((uint8_t *)dst + (0 .. len - 1));
    assigns \result, ((uint8_t *)dst)[0 .. len - 1] \from ctx, off, len; */
ota_err flash_read_any(void *ctx, uint32_t off, void *dst, uint32_t len);

/*@ requires \valid_read((uint8_t *)src + (0 .. len - 1));
    assigns \result \from ctx, off, ((uint8_t *)src)[0 .. len - 1]; */
ota_err flash_write_any(void *ctx, uint32_t off, const void *src, uint32_t len);

/*@ assigns \result \from ctx, off; */
ota_err flash_erase_any(void *ctx, uint32_t off);

/*@ requires \valid((uint8_t *)dst + (0 .. len - 1));
    assigns \result, ((uint8_t *)dst)[0 .. len - 1] \from ctx, off, len; */
ota_err source_read_any(void *ctx, uint32_t off, void *dst, uint32_t len);

/*@ predicate flash_ok(struct port_flash *f) = \valid_read(f) &&
      f->erase_bytes > 0 && f->read == &flash_read_any &&
      f->write == &flash_write_any && f->erase == &flash_erase_any; */

/* The same for boot_place_swap.c, which may touch nothing but the slots and its
 * marks: not the record, not the bootloader. */
/*@ predicate exchange_range(integer off, integer len) =
      (FLASH_SLOT_1 <= off &&
       off + len <= FLASH_SLOT_2 + FLASH_SLOT_BYTES) ||
      (FLASH_EXCHANGE_MARKS <= off &&
       off + len <= FLASH_EXCHANGE_MARKS + FLASH_EXCHANGE_MARKS_BYTES); */

/*@ requires \valid((uint8_t *)dst + (0 .. len - 1));
    requires exchange_range(off, len);
    assigns \result, ((uint8_t *)dst)[0 .. len - 1] \from ctx, off, len; */
ota_err exchange_read(void *ctx, uint32_t off, void *dst, uint32_t len);

/*@ requires \valid_read((uint8_t *)src + (0 .. len - 1));
    requires exchange_range(off, len);
    assigns \result \from ctx, off, ((uint8_t *)src)[0 .. len - 1]; */
ota_err exchange_write(void *ctx, uint32_t off, const void *src, uint32_t len);

/*@ requires exchange_range(off, 1);
    assigns \result \from ctx, off; */
ota_err exchange_erase(void *ctx, uint32_t off);

/*@ predicate exchange_flash_ok(struct port_flash *f) = \valid_read(f) &&
      0 < f->erase_bytes <= FLASH_SECTOR_BYTES && f->read == &exchange_read &&
      f->write == &exchange_write && f->erase == &exchange_erase; */

#endif
