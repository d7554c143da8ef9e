/* fake_flash.c - NOR flash in memory with power cuts. Start at operate(): each
 * operation goes through it, as a whole or torn.
 *
 * Tests: test/unit/port_fake/test_fake_flash.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/fake/fake_flash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct region {
    uint32_t off, len;
};

struct fake_flash {
    struct port_flash port;
    uint8_t *bytes;
    uint32_t *sector_erases;
    struct fake_counts counts;

    struct region allowed[FAKE_FLASH_REGIONS_MAX];
    uint32_t regions; /* 0: everything may be changed */
    bool forgiving;

    uint64_t ops_to_trouble; /* 0: none is planned */
    bool trouble_is_cut;     /* else the operation fails and power stays */
    enum fake_tear tear;
    uint32_t random;
    bool dead;

    uint32_t worn_off;
    uint8_t worn_bits;
};

static void *must(void *p)
{
    if (!p) {
        fputs("fake_flash: no memory\n", stderr);
        abort();
    }
    return p;
}

/* xorshift32: good enough to mix bits, the same on every machine. */
static uint32_t random_u32(struct fake_flash *f)
{
    f->random ^= f->random << 13;
    f->random ^= f->random >> 17;
    f->random ^= f->random << 5;
    return f->random;
}

static ota_err misuse(struct fake_flash *f, const char *what, uint32_t off)
{
    if (!f->forgiving) {
        fprintf(stderr, "fake_flash: misuse: %s at 0x%06" PRIx32 "\n", what,
                off);
        abort();
    }
    f->counts.misuses++;
    return OTA_ERR_IO;
}

static bool inside(const struct fake_flash *f, uint32_t off, uint32_t len)
{
    return off <= f->port.size_bytes && len <= f->port.size_bytes - off;
}

static bool may_change(const struct fake_flash *f, uint32_t off, uint32_t len)
{
    for (uint32_t i = 0; i < f->regions; i++) {
        const struct region *r = &f->allowed[i];
        if (off >= r->off && off - r->off <= r->len &&
            len <= r->len - (off - r->off))
            return true;
    }
    return f->regions == 0;
}

/* Bits of byte i (of len) that take their new value in a torn operation. */
static uint8_t reached(struct fake_flash *f, uint32_t i, uint32_t len)
{
    switch (f->tear) {
    case TEAR_ALL:
        return 0xff;
    case TEAR_FIRST_HALF:
        return i < len / 2 ? 0xff : 0;
    case TEAR_SECOND_HALF:
        return i < len / 2 ? 0 : 0xff;
    case TEAR_RANDOM:
        return (uint8_t)(random_u32(f) >> 8);
    case TEAR_NOTHING:
    case TEAR_COUNT:
        break;
    }
    return 0;
}

/* Set len bytes at off: to 0xff if src is NULL (an erase), else to old & src.
 * Whole, or torn and then dead or failed if trouble is planned for now. */
static ota_err operate(struct fake_flash *f, uint32_t off, const uint8_t *src,
                       uint32_t len)
{
    bool trouble = f->ops_to_trouble == 1;

    if (f->ops_to_trouble > 0)
        f->ops_to_trouble--;
    f->counts.ops++;
    for (uint32_t i = 0; i < len; i++) {
        uint8_t *b = &f->bytes[off + i];
        uint8_t fresh = src ? (uint8_t)(*b & src[i]) : 0xff;
        uint8_t bits = trouble ? reached(f, i, len) : 0xff;
        if (off + i == f->worn_off)
            bits = (uint8_t)(bits & ~f->worn_bits);
        *b = (uint8_t)((*b & ~bits) | (fresh & bits));
    }
    if (trouble)
        f->dead = f->trouble_is_cut;
    return trouble ? OTA_ERR_IO : OTA_OK;
}

static ota_err flash_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    struct fake_flash *f = ctx;

    if (!inside(f, off, len))
        return OTA_ERR_RANGE;
    if (f->dead)
        return OTA_ERR_IO;
    f->counts.read_bytes += len;
    memcpy(dst, f->bytes + off, len);
    return OTA_OK;
}

static ota_err write_page(struct fake_flash *f, uint32_t off,
                          const uint8_t *src, uint32_t len)
{
    f->counts.writes++;
    return operate(f, off, src, len);
}

static ota_err flash_write(void *ctx, uint32_t off, const void *src,
                           uint32_t len)
{
    struct fake_flash *f = ctx;
    const uint8_t *from = src;
    ota_err e = OTA_OK;

    if (!inside(f, off, len) || (off | len) & (f->port.write_bytes - 1))
        return OTA_ERR_RANGE;
    if (f->dead)
        return OTA_ERR_IO;
    if (len > 0 && !may_change(f, off, len))
        return misuse(f, "write outside the allowed regions", off);
    for (uint32_t i = 0; i < len; i++)
        if (from[i] & ~f->bytes[off + i])
            return misuse(f, "write of a 1 over a 0 (not erased)", off + i);

    while (len > 0 && e == OTA_OK) {
        uint32_t n =
            FAKE_FLASH_PAGE_BYTES - (off & (FAKE_FLASH_PAGE_BYTES - 1));
        n = n < len ? n : len;
        e = write_page(f, off, from, n);
        off += n;
        from += n;
        len -= n;
    }
    return e;
}

static ota_err flash_erase(void *ctx, uint32_t off)
{
    struct fake_flash *f = ctx;
    uint32_t unit = f->port.erase_bytes;

    if (!inside(f, off, unit) || off & (unit - 1))
        return OTA_ERR_RANGE;
    if (f->dead)
        return OTA_ERR_IO;
    if (!may_change(f, off, unit))
        return misuse(f, "erase outside the allowed regions", off);
    f->counts.erases++;
    f->sector_erases[off / unit]++;
    return operate(f, off, NULL, unit);
}

static bool power_of_two(uint32_t v)
{
    return v != 0 && (v & (v - 1)) == 0;
}

struct fake_flash *fake_flash_new(uint32_t size, uint32_t erase, uint32_t write)
{
    struct fake_flash *f = must(calloc(1, sizeof *f));

    if (!power_of_two(erase) || !power_of_two(write) || write > erase ||
        size == 0 || size % erase != 0) {
        fputs("fake_flash: impossible geometry\n", stderr);
        abort();
    }
    f->port = (struct port_flash){f,          size,        erase,      write,
                                  flash_read, flash_write, flash_erase};
    f->bytes = must(malloc(size));
    memset(f->bytes, 0xff, size);
    f->sector_erases = must(calloc(size / erase, sizeof *f->sector_erases));
    f->random = 1;
    return f;
}

void fake_flash_free(struct fake_flash *f)
{
    if (!f)
        return;
    free(f->bytes);
    free(f->sector_erases);
    free(f);
}

struct fake_flash *fake_flash_clone(const struct fake_flash *f)
{
    uint32_t size = f->port.size_bytes;
    uint32_t sectors = size / f->port.erase_bytes;
    struct fake_flash *c = must(malloc(sizeof *c));

    *c = *f;
    c->port.ctx = c;
    c->bytes = must(malloc(size));
    memcpy(c->bytes, f->bytes, size);
    c->sector_erases = must(malloc(sectors * sizeof *c->sector_erases));
    memcpy(c->sector_erases, f->sector_erases,
           sectors * sizeof *c->sector_erases);
    return c;
}

const struct port_flash *fake_flash_port(struct fake_flash *f)
{
    return &f->port;
}

uint8_t *fake_flash_bytes(struct fake_flash *f)
{
    return f->bytes;
}

static void plan(struct fake_flash *f, uint64_t at_op, enum fake_tear tear,
                 uint32_t seed)
{
    f->ops_to_trouble = at_op;
    f->tear = tear;
    /* Small seeds differ in few bits only, and xorshift never leaves 0. */
    f->random = (seed * 2654435761u) | 1u;
}

void fake_flash_cut(struct fake_flash *f, uint64_t at_op, enum fake_tear tear,
                    uint32_t seed)
{
    plan(f, at_op, tear, seed);
    f->trouble_is_cut = true;
}

void fake_flash_fail(struct fake_flash *f, uint64_t at_op, enum fake_tear tear,
                     uint32_t seed)
{
    plan(f, at_op, tear, seed);
    f->trouble_is_cut = false;
}

bool fake_flash_dead(const struct fake_flash *f)
{
    return f->dead;
}

void fake_flash_power_on(struct fake_flash *f)
{
    f->dead = false;
    f->ops_to_trouble = 0;
}

void fake_flash_wear(struct fake_flash *f, uint32_t off, uint8_t bits)
{
    f->worn_off = off;
    f->worn_bits = bits;
}

void fake_flash_allow(struct fake_flash *f, uint32_t off, uint32_t len)
{
    if (f->regions == FAKE_FLASH_REGIONS_MAX || !inside(f, off, len)) {
        fputs("fake_flash: too many regions, or one outside\n", stderr);
        abort();
    }
    f->allowed[f->regions++] = (struct region){off, len};
}

void fake_flash_allow_all(struct fake_flash *f)
{
    f->regions = 0;
}

void fake_flash_forgive(struct fake_flash *f)
{
    f->forgiving = true;
}

struct fake_counts fake_flash_counts(const struct fake_flash *f)
{
    return f->counts;
}

void fake_flash_counts_reset(struct fake_flash *f)
{
    uint32_t sectors = f->port.size_bytes / f->port.erase_bytes;

    f->counts = (struct fake_counts){0};
    memset(f->sector_erases, 0, sectors * sizeof *f->sector_erases);
}

uint32_t fake_flash_sector_erases(const struct fake_flash *f, uint32_t off)
{
    return f->sector_erases[off / f->port.erase_bytes];
}
