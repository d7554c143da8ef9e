/* soc.c - what holds the peripheral models together: the register bus, virtual
 * time, interrupt lines, notes. Start at soc_read() and soc_advance().
 *
 * Knows no core: that listens through struct soc_host.
 * Tests: test/unit/emu/test_soc.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/soc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/random.h"
#include "emu/soc_host.h"
#include "emu/timer.h"

enum {
    DEVICES_MAX = 96,
    UARTS = 9, /* instances 1..8 */
    LINE_MAX_BYTES = 256,
};

/* One thing of the models that lives as long as the board. */
struct block {
    struct block *next;
    max_align_t bytes[];
};

struct uart {
    void (*in)(void *ctx, const uint8_t *bytes, size_t len);
    void *ctx;
};

/* A set of (address, PC) pairs: open addressing, zero is free. */
struct seen {
    uint64_t *slot;
    size_t size, used;
};

struct soc {
    const struct board_config *config;
    struct soc_host host;
    struct memory *memory;
    struct soc_device device[DEVICES_MAX]; /* in the order of soc_add() */
    size_t by_base[DEVICES_MAX];
    size_t devices;
    const struct soc_device *recent; /* accesses come in runs */
    struct block *blocks;
    struct soc_clock clock;
    struct timer_list timers;
    bool irq[SOC_IRQS], awaited[SOC_IRQS];
    struct uart uart[UARTS];
    uint64_t (*wait)(void *ctx, uint64_t ns);
    void *wait_ctx;
    uint32_t lose_per_million;
    bool lose_corrupts;
    uint64_t random, frame_random;
    bool reset_wanted, strict_hit;
    uint32_t srsr_wanted, srsr;
    struct seen seen;
    uint64_t not_modelled;
};

/* --- life ----------------------------------------------------------------- */

static void window_changed(void *ctx, uint32_t address, uint32_t bytes)
{
    const struct soc *s = ctx;

    if (s->host.code_changed)
        s->host.code_changed(s->host.ctx, address, bytes);
}

static void busy_read(void *ctx, uint32_t address)
{
    soc_not_modelled(ctx, "flash, which is busy: the data read is noise",
                     address, false, 0);
}

struct soc *soc_new(const struct board_config *c, struct board_why *why)
{
    struct soc *s = calloc(1, sizeof *s);

    if (!s) {
        snprintf(why->text, sizeof why->text, "no memory for the board");
        return NULL;
    }
    s->memory = memory_new(why);
    if (!s->memory) {
        free(s);
        return NULL;
    }
    s->config = c;
    s->random = c->seed;
    s->frame_random = ~c->seed;
    s->clock.next_timer = UINT64_MAX;
    memory_set_events(s->memory,
                      &(struct memory_events){s, window_changed, busy_read});
    return s;
}

void soc_free(struct soc *s)
{
    if (!s)
        return;
    while (s->blocks) {
        struct block *b = s->blocks;
        s->blocks = b->next;
        free(b);
    }
    free(s->seen.slot);
    memory_free(s->memory);
    free(s);
}

void *soc_alloc(struct soc *s, size_t bytes)
{
    struct block *b = calloc(1, sizeof *b + bytes);

    if (!b) { /* models cannot do without; a board is a few hundred KB */
        fputs("tern emu: out of memory\n", stderr);
        abort();
    }
    b->next = s->blocks;
    s->blocks = b;
    return b->bytes;
}

void soc_set_host(struct soc *s, const struct soc_host *h)
{
    s->host = *h;
}

struct memory *soc_memory(struct soc *s)
{
    return s->memory;
}

const struct board_config *soc_config(const struct soc *s)
{
    return s->config;
}

uint64_t soc_seed(const struct soc *s)
{
    return s->config->seed;
}

uint32_t soc_random(struct soc *s)
{
    return (uint32_t)random_next(&s->random);
}

static void attention(struct soc *s)
{
    if (s->host.attention)
        s->host.attention(s->host.ctx);
}

/* --- bus ------------------------------------------------------------------ */

void soc_add(struct soc *s, const struct soc_device *d)
{
    if (s->devices == DEVICES_MAX) {
        fprintf(stderr, "tern emu: raise DEVICES_MAX for %s\n", d->name);
        abort();
    }
    size_t at = s->devices;

    while (at > 0 && s->device[s->by_base[at - 1]].base > d->base) {
        s->by_base[at] = s->by_base[at - 1];
        at--;
    }
    s->by_base[at] = s->devices;
    s->device[s->devices++] = *d;
}

size_t soc_devices(const struct soc *s)
{
    return s->devices;
}

const struct soc_device *soc_device(const struct soc *s, size_t index)
{
    return &s->device[s->by_base[index]];
}

const struct soc_device *soc_device_at(struct soc *s, uint32_t address)
{
    size_t low = 0, high = s->devices;

    if (s->recent && address - s->recent->base < s->recent->bytes)
        return s->recent;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const struct soc_device *d = soc_device(s, mid);
        if (address - d->base < d->bytes)
            return s->recent = d;
        if (address < d->base)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

uint32_t soc_read(struct soc *s, uint32_t address, unsigned width)
{
    const struct soc_device *d = soc_device_at(s, address);

    if (!d) {
        soc_not_modelled(s, "a peripheral", address, false, 0);
        return 0;
    }
    return d->read(d->ctx, address - d->base, width);
}

void soc_write(struct soc *s, uint32_t address, uint32_t value, unsigned width)
{
    const struct soc_device *d = soc_device_at(s, address);

    if (!d)
        soc_not_modelled(s, "a peripheral", address, true, value);
    else
        d->write(d->ctx, address - d->base, value, width);
}

void soc_reset(struct soc *s, enum soc_reset kind, uint32_t srsr)
{
    timer_stop_all(&s->timers);
    s->clock.next_timer = UINT64_MAX;
    if (kind == SOC_RESET_POWER)
        s->clock.now = 0;
    s->reset_wanted = false;
    s->srsr_wanted = 0;
    s->srsr = srsr;
    soc_remap(s, 0, 0, 0);
    soc_flash_busy(s, false);
    for (unsigned irq = 0; irq < SOC_IRQS; irq++) {
        soc_irq(s, irq, false);
        s->awaited[irq] = false;
    }
    for (size_t i = 0; i < s->devices; i++)
        if (s->device[i].reset)
            s->device[i].reset(s->device[i].ctx, kind);
}

void soc_reset_request(struct soc *s, uint32_t srsr)
{
    s->reset_wanted = true;
    s->srsr_wanted |= srsr;
    attention(s);
}

bool soc_take_reset(struct soc *s, uint32_t *srsr)
{
    bool wanted = s->reset_wanted;

    *srsr = s->srsr_wanted;
    s->reset_wanted = false;
    s->srsr_wanted = 0;
    return wanted;
}

bool soc_reset_is_wanted(const struct soc *s)
{
    return s->reset_wanted;
}

uint32_t soc_reset_cause(const struct soc *s)
{
    return s->srsr;
}

/* --- time ----------------------------------------------------------------- */

struct soc_clock *soc_clock(struct soc *s)
{
    return &s->clock;
}

uint64_t soc_now(const struct soc *s)
{
    return s->clock.now;
}

void soc_spend(struct soc *s, uint64_t cycles)
{
    s->clock.now += cycles;
}

struct soc_timer *soc_timer_new(struct soc *s, void (*fire)(void *ctx),
                                void *ctx)
{
    struct soc_timer *t = soc_alloc(s, sizeof *t);

    t->owner = s;
    t->fire = fire;
    t->ctx = ctx;
    return t;
}

static void timers_changed(struct soc *s)
{
    uint64_t before = s->clock.next_timer;

    s->clock.next_timer = timer_next(&s->timers);
    if (s->clock.next_timer < before)
        attention(s);
}

void soc_timer_at(struct soc_timer *t, uint64_t cycles)
{
    struct soc *s = t->owner;

    /* Never now: a timer that re-arms itself must let time pass. */
    if (cycles <= s->clock.now)
        cycles = s->clock.now + 1;
    timer_start(&s->timers, t, cycles);
    timers_changed(s);
}

void soc_timer_stop(struct soc_timer *t)
{
    struct soc *s = t->owner;

    timer_stop(&s->timers, t);
    timers_changed(s);
}

void soc_fire_due(struct soc *s)
{
    struct soc_timer *t;

    while ((t = timer_take_due(&s->timers, s->clock.now)) != NULL) {
        s->clock.next_timer = timer_next(&s->timers);
        t->fire(t->ctx);
    }
}

void soc_advance(struct soc *s, uint64_t cycles)
{
    while (s->clock.next_timer <= cycles) {
        if (s->clock.now < s->clock.next_timer)
            s->clock.now = s->clock.next_timer;
        soc_fire_due(s);
    }
    if (s->clock.now < cycles)
        s->clock.now = cycles;
}

void soc_on_wait(struct soc *s, uint64_t (*wait)(void *ctx, uint64_t ns),
                 void *ctx)
{
    s->wait = wait;
    s->wait_ctx = ctx;
}

void soc_sleep(struct soc *s, uint64_t cycles)
{
    uint64_t span = cycles - s->clock.now;

    if (s->wait && cycles > s->clock.now) {
        /* In steps of at most a second, so that the product fits. */
        uint64_t step = span < BOARD_HZ ? span : BOARD_HZ;
        uint64_t ns = s->wait(s->wait_ctx, step * 1000000000u / BOARD_HZ);
        uint64_t passed = ns * (BOARD_HZ / 1000000u) / 1000u + 1;
        span = passed < step ? passed : step;
    }
    soc_advance(s, s->clock.now + span);
}

/* --- lines and bytes ------------------------------------------------------ */

void soc_irq(struct soc *s, unsigned irq, bool level)
{
    if (irq >= SOC_IRQS || s->irq[irq] == level)
        return;
    s->irq[irq] = level;
    if (s->host.irq)
        s->host.irq(s->host.ctx, irq, level);
}

bool soc_irq_level(const struct soc *s, unsigned irq)
{
    return s->irq[irq];
}

void soc_irq_may_come(struct soc *s, unsigned irq, bool may)
{
    s->awaited[irq] = may;
}

bool soc_irq_awaited(const struct soc *s, unsigned irq)
{
    return s->awaited[irq];
}

void soc_uart_out(struct soc *s, unsigned instance, uint8_t byte)
{
    if (instance == 1 && s->config->uart_out)
        s->config->uart_out(s->config->uart_ctx, byte);
}

void soc_on_uart_in(struct soc *s, unsigned instance,
                    void (*in)(void *ctx, const uint8_t *bytes, size_t len),
                    void *ctx)
{
    s->uart[instance] = (struct uart){in, ctx};
}

void soc_uart_in(struct soc *s, unsigned instance, const void *bytes,
                 size_t len)
{
    if (s->uart[instance].in)
        s->uart[instance].in(s->uart[instance].ctx, bytes, len);
}

void soc_lose_frames(struct soc *s, uint32_t per_million, bool corrupt)
{
    s->lose_per_million = per_million;
    s->lose_corrupts = corrupt;
}

enum soc_frame soc_frame_fate(struct soc *s)
{
    if (s->lose_per_million == 0 ||
        random_next(&s->frame_random) % 1000000u >= s->lose_per_million)
        return SOC_FRAME_PASS;
    return s->lose_corrupts ? SOC_FRAME_CORRUPT : SOC_FRAME_LOSE;
}

/* --- memory --------------------------------------------------------------- */

bool soc_dma_read(struct soc *s, uint32_t address, void *dst, size_t len)
{
    const uint8_t *src = memory_find(s->memory, address, len);

    if (src)
        memcpy(dst, src, len);
    return src != NULL;
}

bool soc_dma_write(struct soc *s, uint32_t address, const void *src, size_t len)
{
    const struct memory_region *r = memory_region_at(s->memory, address);
    uint8_t *dst = memory_find(s->memory, address, len);

    if (!dst || !r->writable)
        return false;
    memcpy(dst, src, len);
    if (s->host.code_changed && len > 0)
        s->host.code_changed(s->host.ctx, address, (uint32_t)len);
    return true;
}

void soc_remap(struct soc *s, uint32_t start, uint32_t end, uint32_t offset)
{
    if (!memory_remap(s->memory, start, end, offset))
        soc_note(s, "remap of 0x%08X..0x%08X by 0x%X leaves the flash; ignored",
                 start, end, offset);
}

void soc_flash_changed(struct soc *s, uint32_t offset, uint32_t bytes)
{
    memory_chip_changed(s->memory, offset, bytes);
}

void soc_flash_busy(struct soc *s, bool busy)
{
    memory_flash_busy(s->memory, busy);
    attention(s);
}

/* --- notes ---------------------------------------------------------------- */

void soc_note(struct soc *s, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list args;

    if (!s->config->note)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    s->config->note(s->config->note_ctx, line);
}

static size_t seen_slot(const struct seen *e, uint64_t key)
{
    uint64_t state = key;
    size_t at = (size_t)random_next(&state) & (e->size - 1);

    while (e->slot[at] != 0 && e->slot[at] != key)
        at = (at + 1) & (e->size - 1);
    return at;
}

static bool seen_grow(struct seen *e)
{
    struct seen wider = {NULL, e->size ? 2 * e->size : 64, e->used};

    wider.slot = calloc(wider.size, sizeof *wider.slot);
    if (!wider.slot)
        return false;
    for (size_t i = 0; i < e->size; i++)
        if (e->slot[i] != 0)
            wider.slot[seen_slot(&wider, e->slot[i])] = e->slot[i];
    free(e->slot);
    *e = wider;
    return true;
}

/* True the first time; out of memory, true again: a line too many is better
 * than none. */
static bool seen_first(struct seen *e, uint64_t key)
{
    if (2 * e->used >= e->size && !seen_grow(e))
        return true;
    size_t at = seen_slot(e, key);

    if (e->slot[at] == key)
        return false;
    e->slot[at] = key;
    e->used++;
    return true;
}

void soc_not_modelled(struct soc *s, const char *what, uint32_t address,
                      bool is_write, uint32_t value)
{
    uint32_t pc = s->host.pc ? s->host.pc(s->host.ctx) : 0;

    if (s->config->strict) {
        s->strict_hit = true;
        attention(s);
    }
    /* Code addresses are even, so the lowest bit is free to tell a write. */
    if (!seen_first(&s->seen, (uint64_t)address << 32 | (pc & ~1u) | is_write))
        return;
    s->not_modelled++;
    if (is_write)
        soc_note(s, "not modelled: %s: write 0x%08X to 0x%08X, code at 0x%08X",
                 what, value, address, pc);
    else
        soc_note(s, "not modelled: %s: read of 0x%08X, code at 0x%08X", what,
                 address, pc);
}

bool soc_take_strict(struct soc *s)
{
    bool hit = s->strict_hit;

    s->strict_hit = false;
    return hit;
}

uint64_t soc_not_modelled_count(const struct soc *s)
{
    return s->not_modelled;
}
