/* m7_bus.c - the core's way to memory and devices: the map of 4 GiB, register
 * accesses, accesses to nothing. Start at m7_map_all().
 *
 * Source: i.MX RT1060 Processor Reference Manual, rev. 3, "Memory Maps".
 * Tests: test/unit/emu/test_board.c, test/emu
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "emu/m7_core.h"

#define PPB 0xE0000000u /* private peripheral bus */
enum {
    PPB_BYTES = 0x100000,
    PERIPHERALS = 0x40000000,
    PERIPHERALS_BYTES = 0x400000, /* AIPS-1 to AIPS-4 */
    AIPS5 = 0x42000000,
    AIPS5_BYTES = 0x100000,
    PAGE = 0x1000,
    RANGES_MAX = 64,
};

bool m7_on_bad_access(uc_engine *uc, uc_mem_type type, uint64_t address,
                      int size, int64_t value, void *ctx)
{
    struct m7 *c = ctx;

    (void)uc;
    (void)size;
    (void)value;
    if (type == UC_MEM_WRITE_PROT) { /* the flash */
        exception_late(c, CFSR_IMPRECISERR);
        return true;
    }
    bool fetch = type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT;

    c->event = fetch ? EVENT_BAD_FETCH : EVENT_BAD_READ;
    c->fault_address = (uint32_t)address;
    return false;
}

/* --- devices -------------------------------------------------------------- */

static uint32_t width_mask(unsigned width)
{
    return width == 4 ? 0xFFFFFFFFu : (1u << 8 * width) - 1;
}

static uint32_t device_read(struct m7 *c, uint32_t address, unsigned width)
{
    uint32_t value;

    if (c->cut)
        return 0;
    if (address - PPB < PPB_BYTES)
        value = scs_read(c, address - PPB, width);
    else
        value = soc_read(c->soc, address, width);
    return value & width_mask(width);
}

static void device_write(struct m7 *c, uint32_t address, uint32_t value,
                         unsigned width)
{
    value &= width_mask(width);
    if (c->cut)
        return;
    if (address - PPB < PPB_BYTES)
        scs_write(c, address - PPB, value, width);
    else
        soc_write(c->soc, address, value, width);
}

static bool is_device(const struct m7 *c, uint32_t address, size_t len)
{
    bool aligned = (len == 1 || len == 2 || len == 4) && address % len == 0;

    return aligned && (address - PPB < PPB_BYTES ||
                       soc_device_at(c->soc, address) != NULL);
}

bool m7_device_read(struct m7 *c, uint32_t address, void *dst, size_t len)
{
    if (!is_device(c, address, len))
        return false;
    uint32_t value = device_read(c, address, (unsigned)len);

    memcpy(dst, &value, len);
    return true;
}

bool m7_device_write(struct m7 *c, uint32_t address, const void *src,
                     size_t len)
{
    uint32_t value = 0;

    if (!is_device(c, address, len))
        return false;
    memcpy(&value, src, len);
    device_write(c, address, value, (unsigned)len);
    return true;
}

/* One per mapped window: Unicorn gives offsets, the bus wants addresses. */
struct window {
    struct m7 *cpu;
    uint32_t base;
};

/* The private bus is for privileged code, but for STIR if CCR allows it. On
 * silicon the fault comes at the instruction; a callback cannot stop there, so
 * here at the end of its block, with nothing written and zero read. */
static bool is_forbidden(struct m7 *c, uint32_t address)
{
    bool unprivileged = (m7_get(c, UC_ARM_REG_CONTROL) & 1) != 0 &&
                        (m7_get(c, UC_ARM_REG_XPSR) & 0x1FF) == 0;

    if (!unprivileged || scs_is_open(c, address - PPB))
        return false;
    c->scs.bfar = address;
    exception_late(c, CFSR_PRECISERR | CFSR_BFARVALID);
    return true;
}

static uint64_t on_device_read(uc_engine *uc, uint64_t offset, unsigned width,
                               void *ctx)
{
    const struct window *w = ctx;
    uint32_t address = w->base + (uint32_t)offset;

    (void)uc;
    if (w->base == PPB && is_forbidden(w->cpu, address))
        return 0;
    if (width != 8)
        return device_read(w->cpu, address, width);
    uint64_t low = device_read(w->cpu, address, 4);

    return low | (uint64_t)device_read(w->cpu, address + 4, 4) << 32;
}

static void on_device_write(uc_engine *uc, uint64_t offset, unsigned width,
                            uint64_t value, void *ctx)
{
    const struct window *w = ctx;
    uint32_t address = w->base + (uint32_t)offset;

    (void)uc;
    if (w->base == PPB && is_forbidden(w->cpu, address))
        return;
    device_write(w->cpu, address, (uint32_t)value, width == 8 ? 4 : width);
    if (width == 8)
        device_write(w->cpu, address + 4, (uint32_t)(value >> 32), 4);
}

static void on_hole_write(uc_engine *uc, uint64_t offset, unsigned width,
                          uint64_t value, void *ctx)
{
    (void)uc;
    (void)offset;
    (void)width;
    (void)value;
    exception_late(ctx, CFSR_IMPRECISERR);
}

/* Address ranges that answer, in order; the rest of 4 GiB is holes. */
struct layout {
    struct range {
        uint64_t start, end;
    } range[RANGES_MAX];
    size_t count;
};

static void layout_add(struct layout *l, uint64_t base, uint64_t bytes)
{
    uint64_t start = base & ~(uint64_t)(PAGE - 1);
    uint64_t end = (base + bytes + PAGE - 1) & ~(uint64_t)(PAGE - 1);
    size_t at = l->count;

    while (at > 0 && l->range[at - 1].start > start) {
        l->range[at] = l->range[at - 1];
        at--;
    }
    l->range[at] = (struct range){start, end};
    l->count++;
}

static bool map_devices(struct m7 *c, uint32_t base, uint32_t bytes,
                        struct layout *l)
{
    struct window *w = soc_alloc(c->soc, sizeof *w);

    if (l->count == RANGES_MAX)
        return false;
    *w = (struct window){c, base};
    layout_add(l, base, bytes);
    return uc_mmio_map(c->uc, base, bytes, on_device_read, w, on_device_write,
                       w) == UC_ERR_OK;
}

static bool map_memory(struct m7 *c, struct layout *l)
{
    size_t count;
    const struct memory_region *r = memory_regions(c->memory, &count);

    for (size_t i = 0; i < count; i++) {
        layout_add(l, r[i].base, r[i].bytes);
        if (uc_mem_map_ptr(c->uc, r[i].base, r[i].bytes, UC_PROT_ALL,
                           r[i].host))
            return false;
        /* Only this way are writes dropped; with the right to write withheld
         * from the start they are reported and done all the same. */
        if (!r[i].writable && uc_mem_protect(c->uc, r[i].base, r[i].bytes,
                                             UC_PROT_READ | UC_PROT_EXEC))
            return false;
    }
    return true;
}

/* Writes to nothing are reported after the fact, as on silicon; reads stay
 * unmapped and fault at their instruction. */
static bool map_holes(struct m7 *c, const struct layout *l)
{
    uint64_t at = 0;

    for (size_t i = 0; i <= l->count; i++) {
        uint64_t end = i < l->count ? l->range[i].start : 1ull << 32;
        if (end > at && uc_mmio_map(c->uc, at, (size_t)(end - at), NULL, NULL,
                                    on_hole_write, c) != UC_ERR_OK)
            return false;
        if (i < l->count && l->range[i].end > at)
            at = l->range[i].end;
    }
    return true;
}

bool m7_map_all(struct m7 *c)
{
    struct layout l = {.count = 0};
    bool ok = map_memory(c, &l) && map_devices(c, PPB, PPB_BYTES, &l) &&
              map_devices(c, PERIPHERALS, PERIPHERALS_BYTES, &l) &&
              map_devices(c, AIPS5, AIPS5_BYTES, &l);
    uint64_t mapped = 0;

    /* Devices elsewhere (FlexSPI's FIFOs): a window of their own. */
    for (size_t i = 0; ok && i < soc_devices(c->soc); i++) {
        const struct soc_device *d = soc_device(c->soc, i);
        bool inside = d->base - PERIPHERALS < PERIPHERALS_BYTES ||
                      d->base - AIPS5 < AIPS5_BYTES;
        uint32_t page = d->base & ~(uint32_t)(PAGE - 1);
        if (inside || d->base < mapped)
            continue;
        uint32_t end = (d->base + d->bytes + PAGE - 1) & ~(uint32_t)(PAGE - 1);
        ok = map_devices(c, page, end - page, &l);
        mapped = end;
    }
    return ok && map_holes(c, &l);
}
