/* journal.h - what of which image is already in the slot: the download's
 * memory across resets, one flash sector at FLASH_JOURNAL.
 *
 *   0   header, written once per task:
 *       u32 magic "TRNJ", u32 image bytes, u32 slot, u32 digest kind (0 MD5,
 *       1 SHA-256), u8[32] digest, u32 major, u32 minor, u32 revision,
 *       u32 build; believed only if all 64 bytes are those of the task asked
 *       for, which is a stronger check than a CRC
 *   64  marks of 8 bytes, appended: u32 bytes that are in the slot, u32 the
 *       same inverted. Numbers are little-endian. With the top bit set, which
 *       no count of bytes has, the rest is the number of the task that a trial
 *       was armed for: it outlives the reset, and names the task in the report
 *       of how that trial ended.
 *
 * A mark that a power cut tore is no mark: a half-done write or erase leaves
 * bits set that should be clear in the number, in its inverse, or in both, and
 * then the two no longer match. So the sector needs no second copy.
 *
 * Tests: test/unit/agent/test_journal.c (every operation cut, every tear),
 * test/sweep/update_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_AGENT_JOURNAL_H
#define TERN_AGENT_JOURNAL_H

#include "agent/push.h"
#include "boot/flash_layout.h"
#include "port/port_flash.h"

struct journal {
    uint32_t next; /* offset in the sector for the next mark */
};

/* Look for the journal of this task and slot.
 *
 * done  bytes of the image that are in the slot: 0, or the greatest mark.
 *
 * Returns OTA_OK; OTA_ERR_NOT_FOUND none, or of another task or slot;
 *         OTA_ERR_IO the flash failed. Both outputs only on OTA_OK. */
TERN_MUST_USE ota_err journal_load(struct journal *j, uint32_t *done,
                                   const struct port_flash *f,
                                   const struct agent_task *t, enum slot slot);

/* Forget what was, begin for this task: one erase, one write. */
TERN_MUST_USE ota_err journal_begin(struct journal *j,
                                    const struct port_flash *f,
                                    const struct agent_task *t, enum slot slot);

/* done bytes are in the slot for good. When the sector is full (after hundreds
 * of torn marks) nothing is written: only a later resume is shorter. */
TERN_MUST_USE ota_err journal_mark(struct journal *j,
                                   const struct port_flash *f, uint32_t done);

/* A trial is about to be armed for this task (0 to PUSH_TASK_MAX). A full
 * sector as in journal_mark(). */
TERN_MUST_USE ota_err journal_name(struct journal *j,
                                   const struct port_flash *f, uint32_t task);

/* The task that a trial was armed for last, or 0: none, or its server did not
 * number it.
 *
 * Returns OTA_OK; OTA_ERR_IO the flash failed. */
TERN_MUST_USE ota_err journal_named(const struct port_flash *f, uint32_t *task);

/* Nothing in the slot is worth keeping: one erase. */
TERN_MUST_USE ota_err journal_clear(const struct port_flash *f);

#endif
