/* m7_block.c - what happens before each block: count its instructions into the
 * clock, and stop if something wants attention. Start at m7_on_block().
 *
 * Tests: test/unit/emu/test_board.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <string.h>

#include "emu/m7_core.h"

static const uint8_t *block_code(struct m7 *c, uint32_t address)
{
    const struct memory_region *r = c->block_region;

    if (!r || address - r->base >= r->bytes) {
        r = memory_region_at(c->memory, address);
        if (!r)
            return NULL;
        c->block_region = r;
    }
    return r->host + (address - r->base);
}

static bool is_flash(uint32_t address)
{
    return address - MEMORY_FLASH < MEMORY_FLASH_BYTES;
}

/* Instructions of a block; UINT_MAX: it must be translated again first. */
static unsigned look_at_block(struct m7 *c, uint32_t address, uint32_t bytes)
{
    bool busy = is_flash(address) && memory_flash_is_busy(c->memory);
    const uint8_t *code = block_code(c, address);

    /* Reading the code of a busy flash would be a read of the flash. */
    if (!code || busy)
        return bytes / 2;
    if (c->scans && trap_scan(c, address, code, bytes))
        return UINT_MAX;
    return thumb_count(code, bytes);
}

static struct known_block *known_block(struct m7 *c, uint32_t address)
{
    return &c->known[address / 2 % KNOWN_BLOCKS];
}

static unsigned count_block(struct m7 *c, uint32_t address, uint32_t bytes)
{
    unsigned count = look_at_block(c, address, bytes);
    bool busy = memory_flash_is_busy(c->memory);

    if (count != UINT_MAX && !busy)
        *known_block(c, address) =
            (struct known_block){address, bytes, c->generation, count};
    return count;
}

/* Nothing tells of changes to code in RAM, but comparing costs a twentieth of
 * counting. */
static unsigned count_ram_block(struct m7 *c, uint32_t address, uint32_t bytes)
{
    struct ram_block *r = &c->ram_known[address / 2 % RAM_BLOCKS];
    const struct known_block *k = &r->known;
    const uint8_t *code = block_code(c, address);

    if (!code || bytes > RAM_BLOCK_BYTES)
        return look_at_block(c, address, bytes);
    if (k->address == address && k->bytes == bytes &&
        k->generation == c->generation && memcmp(r->code, code, bytes) == 0)
        return k->count;
    unsigned count = look_at_block(c, address, bytes);

    if (count != UINT_MAX) {
        r->known = (struct known_block){address, bytes, c->generation, count};
        memcpy(r->code, code, bytes);
    }
    return count;
}

/* All that is known is to be looked at again. */
void m7_forget_blocks(struct m7 *c)
{
    if (++c->generation == 0) {
        memset(c->known, 0, sizeof c->known);
        memset(c->ram_known, 0, sizeof c->ram_known);
        c->generation = 1;
    }
}

/* Something wants a closer look: is it a reason to stop before this block? */
static bool must_stop(struct m7 *c, uint32_t address)
{
    int check = atomic_load(&c->check);

    if (c->clock->now >= c->alarm || (check & CHECK_EVENT))
        return true;
    if (check & CHECK_PENDING) {
        if (c->nvic.pending_count == 0)
            atomic_fetch_and(&c->check, ~CHECK_PENDING);
        else if (nvic_take(&c->nvic, m7_masks(c)) != EXC_NONE)
            return true;
    }
    if (check & CHECK_BUSY) {
        if (!memory_flash_is_busy(c->memory))
            atomic_fetch_and(&c->check, ~CHECK_BUSY);
        else if (is_flash(address))
            soc_not_modelled(c->soc, "flash, which is busy: code in it runs",
                             address, false, 0);
    }
    if (check & CHECK_TRACE)
        fprintf(c->trace, "%llu %08x %llu\n", (unsigned long long)c->clock->now,
                address, (unsigned long long)c->instructions);
    return (atomic_load(&c->check) & CHECK_EVENT) != 0;
}

static void stop_before_block(struct m7 *c)
{
    c->block_count = 0;
    c->event = EVENT_STOPPED;
    uc_emu_stop(c->uc);
}

/* Single steps count by the instruction; a second block is a step too far. */
static void step_begins(struct m7 *c)
{
    if (c->step_hooks > 0) {
        stop_before_block(c);
        return;
    }
    c->block_count = 1;
    c->clock->now++;
    c->instructions++;
}

static void run_block(struct m7 *c, unsigned count)
{
    c->block_count = count;
    c->clock->now += count;
    c->instructions += count;
}

/* Out of line: it would cost m7_on_block() its registers. */
__attribute__((noinline)) static void block_in_detail(struct m7 *c,
                                                      uint32_t address,
                                                      uint32_t bytes)
{
    bool closer = c->clock->now >= c->alarm || atomic_load(&c->check) != 0;

    if (closer && must_stop(c, address)) {
        stop_before_block(c);
    } else if (c->steps) {
        step_begins(c);
    } else {
        unsigned count = is_flash(address) ? count_block(c, address, bytes)
                                           : count_ram_block(c, address, bytes);
        if (count == UINT_MAX)
            stop_before_block(c);
        else
            run_block(c, count);
    }
}

/* Called before each block: the hottest code of the emulator. */
void m7_on_block(uc_engine *uc, uint64_t address64, uint32_t bytes, void *ctx)
{
    struct m7 *c = ctx;
    uint32_t address = (uint32_t)address64;
    const struct known_block *k = known_block(c, address);

    (void)uc;
    c->block = address;
    c->block_bytes = bytes;
    if (c->clock->now < c->alarm &&
        atomic_load_explicit(&c->check, memory_order_relaxed) == 0 &&
        k->address == address && k->bytes == bytes &&
        k->generation == c->generation && !c->steps)
        run_block(c, k->count);
    else
        block_in_detail(c, address, bytes);
}
