/* fake_flash.h - a NOR flash in memory, for tests: it only clears bits on
 * write, counts what is done to it, loses power where a test says so, and
 * stops the test when it is misused.
 *
 * An operation is one erase, or one page (FAKE_FLASH_PAGE_BYTES, aligned) of a
 * write: a write over three pages is three operations, and a cut may lie in
 * each of them.
 *
 * Misuse is what a real chip would answer with damaged data: programming a 0
 * bit to 1, or changing bytes outside the regions the test allows. The program
 * is aborted with a sentence that says where, so a test cannot miss it.
 *
 * Tests: test/unit/port_fake/test_fake_flash.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_FAKE_FLASH_H
#define TERN_FAKE_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#include "port/port_flash.h"

enum { FAKE_FLASH_PAGE_BYTES = 256, FAKE_FLASH_REGIONS_MAX = 8 };

/* What the interrupted operation has done to the bytes it was about to change,
 * where done means the new value and the rest keeps the old one. */
enum fake_tear {
    TEAR_NOTHING,     /* power went just before */
    TEAR_ALL,         /* power went just after */
    TEAR_FIRST_HALF,  /* the lower half of the bytes is new */
    TEAR_SECOND_HALF, /* the upper half of the bytes is new */
    TEAR_RANDOM,      /* each bit is old or new, by the seed */
    TEAR_COUNT
};

struct fake_flash; /* on the heap: this is test code */

struct fake_counts {
    uint64_t ops;    /* erases + written pages; torn ones count */
    uint64_t writes; /* written pages */
    uint64_t erases;
    uint64_t read_bytes;
    uint64_t misuses; /* only while fake_flash_forgive() is on */
};

/* A blank (0xff) flash: erase and write are powers of two, size a multiple of
 * erase, all bytes; anything else aborts. The caller frees. */
struct fake_flash *fake_flash_new(uint32_t size, uint32_t erase,
                                  uint32_t write);
void fake_flash_free(struct fake_flash *f); /* NULL is fine */

/* A copy of everything: bytes, counts, allowed regions, the planned cut. */
struct fake_flash *fake_flash_clone(const struct fake_flash *f);

/* The port; lives as long as f. */
const struct port_flash *fake_flash_port(struct fake_flash *f);

/* All size bytes, for a test to look at or to spoil. Nothing is counted. */
uint8_t *fake_flash_bytes(struct fake_flash *f);

/* Lose power in the at_op-th operation from now (1: the next); 0: never. From
 * then on each call returns OTA_ERR_IO and does nothing, until power_on. */
void fake_flash_cut(struct fake_flash *f, uint64_t at_op, enum fake_tear tear,
                    uint32_t seed);
bool fake_flash_dead(const struct fake_flash *f); /* the cut has happened */
void fake_flash_power_on(struct fake_flash *f);   /* a planned cut is dropped */

/* As a cut, but power stays: that one operation returns OTA_ERR_IO. */
void fake_flash_fail(struct fake_flash *f, uint64_t at_op, enum fake_tear tear,
                     uint32_t seed);

/* Worn out: these bits of the byte at off keep their value, and no operation
 * reports it. One byte at a time; bits 0 heals it. */
void fake_flash_wear(struct fake_flash *f, uint32_t off, uint8_t bits);

/* Only allowed regions may be changed. Before the first call all may. */
void fake_flash_allow(struct fake_flash *f, uint32_t off, uint32_t len);
void fake_flash_allow_all(struct fake_flash *f); /* forget the regions */

/* Count misuse and answer OTA_ERR_IO, instead of aborting: for the tests of
 * this file alone. */
void fake_flash_forgive(struct fake_flash *f);

struct fake_counts fake_flash_counts(const struct fake_flash *f);
void fake_flash_counts_reset(struct fake_flash *f); /* also per sector */
uint32_t fake_flash_sector_erases(const struct fake_flash *f, uint32_t off);

#endif
