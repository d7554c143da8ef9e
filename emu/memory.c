/* memory.c - RAM, the flash chip, and the window in which it is seen.
 *
 * The window is ordinary memory that holds a copy of the chip's pages, so the
 * core's translated code reads it at full speed. What changes the view (flash
 * operations, remap) copies the pages concerned. While the chip is busy the
 * window is closed to the process (mprotect); a read then raises SIGSEGV, and
 * the handler puts noise in place of that page and notes the address.
 *
 * Source: i.MX RT1060 Processor Reference Manual, rev. 3, "Memory Maps" and
 * "FlexRAM" (the default split of 512 KiB: ITCM 128, DTCM 128, OCRAM 256).
 * Tests: test/unit/emu/test_memory.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "emu/random.h"

enum {
    PAGES = MEMORY_FLASH_BYTES / MEMORY_PAGE_BYTES,
    REGIONS = 4,
    RAM_BYTES = MEMORY_ITCM_BYTES + MEMORY_DTCM_BYTES + MEMORY_OCRAM_BYTES,
    BOARDS_MAX = 64, /* in one process */
};

struct memory {
    struct memory_region region[REGIONS];
    uint8_t *ram;
    uint8_t *chip;
    uint8_t *window;
    uint32_t remap_start, remap_end, remap_offset; /* window offsets */
    bool busy;
    bool stale[PAGES]; /* window page to be copied again when not busy */
    struct memory_events events;
};

/* A signal handler can learn only from a global which windows there are. */
static _Atomic(struct memory *) boards[BOARDS_MAX];
static struct sigaction earlier_handler;

static void fill_noise(uint8_t *dst, size_t len, uint64_t seed)
{
    for (size_t i = 0; i < len; i += 8) {
        uint64_t word = random_next(&seed);
        memcpy(dst + i, &word, sizeof word);
    }
}

/* The page of the chip that page `page` of the window shows. */
static uint32_t chip_page(const struct memory *m, uint32_t page)
{
    uint32_t at = page * MEMORY_PAGE_BYTES;

    if (at >= m->remap_start && at < m->remap_end)
        at += m->remap_offset;
    return at / MEMORY_PAGE_BYTES;
}

static bool busy_read(struct memory *m, const uint8_t *where)
{
    if (!m->busy || where < m->window ||
        where >= m->window + MEMORY_FLASH_BYTES)
        return false;
    uint32_t offset = (uint32_t)(where - m->window);
    uint32_t page = offset / MEMORY_PAGE_BYTES;
    uint8_t *host = m->window + (size_t)page * MEMORY_PAGE_BYTES;

    if (mprotect(host, MEMORY_PAGE_BYTES, PROT_READ | PROT_WRITE) != 0)
        return false;
    fill_noise(host, MEMORY_PAGE_BYTES, page);
    m->stale[page] = true;
    if (m->events.busy_read)
        m->events.busy_read(m->events.ctx, MEMORY_FLASH + offset);
    return true;
}

static void on_segv(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    int saved = errno;

    for (size_t i = 0; i < BOARDS_MAX; i++) {
        struct memory *m = atomic_load(&boards[i]);
        if (m && busy_read(m, info->si_addr)) {
            errno = saved;
            return;
        }
    }
    /* A bug, not a busy read: let it happen again under the old rule. */
    sigaction(SIGSEGV, &earlier_handler, NULL);
}

/* At each busy time anew: test frameworks and others set handlers too. */
static void take_over_segv(void)
{
    struct sigaction present;

    sigaction(SIGSEGV, NULL, &present);
    if ((present.sa_flags & SA_SIGINFO) && present.sa_sigaction == on_segv)
        return;
    struct sigaction ours = {.sa_flags = SA_SIGINFO};

    earlier_handler = present;
    ours.sa_sigaction = on_segv;
    sigemptyset(&ours.sa_mask);
    sigaction(SIGSEGV, &ours, NULL);
}

static bool enlist(struct memory *m)
{
    for (size_t i = 0; i < BOARDS_MAX; i++) {
        struct memory *none = NULL;
        if (atomic_compare_exchange_strong(&boards[i], &none, m))
            return true;
    }
    return false;
}

static uint8_t *map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

static void set_regions(struct memory *m)
{
    uint8_t *dtcm = m->ram + MEMORY_ITCM_BYTES;
    uint8_t *ocram = dtcm + MEMORY_DTCM_BYTES;
    const struct memory_region all[REGIONS] = {
        {"flash", MEMORY_FLASH, MEMORY_FLASH_BYTES, false, m->window},
        {"DTCM", MEMORY_DTCM, MEMORY_DTCM_BYTES, true, dtcm},
        {"OCRAM", MEMORY_OCRAM, MEMORY_OCRAM_BYTES, true, ocram},
        {"ITCM", MEMORY_ITCM, MEMORY_ITCM_BYTES, true, m->ram},
    };

    memcpy(m->region, all, sizeof all);
}

struct memory *memory_new(struct board_why *why)
{
    struct memory *m = calloc(1, sizeof *m);

    if (m) {
        m->ram = map(RAM_BYTES);
        m->chip = map(MEMORY_FLASH_BYTES);
        m->window = map(MEMORY_FLASH_BYTES);
    }
    if (!m || !m->ram || !m->chip || !m->window) {
        snprintf(why->text, sizeof why->text,
                 "no memory for the board (18 MiB): %s", strerror(errno));
        memory_free(m);
        return NULL;
    }
    if (!enlist(m)) {
        snprintf(why->text, sizeof why->text,
                 "more than %d boards in one process: free some first",
                 BOARDS_MAX);
        memory_free(m);
        return NULL;
    }
    set_regions(m);
    memset(m->chip, 0xFF, MEMORY_FLASH_BYTES);
    memset(m->window, 0xFF, MEMORY_FLASH_BYTES);
    return m;
}

void memory_free(struct memory *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < BOARDS_MAX; i++) {
        struct memory *self = m;
        atomic_compare_exchange_strong(&boards[i], &self, NULL);
    }
    if (m->ram)
        munmap(m->ram, RAM_BYTES);
    if (m->chip)
        munmap(m->chip, MEMORY_FLASH_BYTES);
    if (m->window)
        munmap(m->window, MEMORY_FLASH_BYTES);
    free(m);
}

const struct memory_region *memory_regions(const struct memory *m,
                                           size_t *count)
{
    *count = REGIONS;
    return m->region;
}

const struct memory_region *memory_region_at(const struct memory *m,
                                             uint32_t address)
{
    for (size_t i = 0; i < REGIONS; i++)
        if (address - m->region[i].base < m->region[i].bytes)
            return &m->region[i];
    return NULL;
}

uint8_t *memory_find(const struct memory *m, uint32_t address, size_t len)
{
    const struct memory_region *r = memory_region_at(m, address);

    if (!r || len > r->bytes - (address - r->base))
        return NULL;
    return r->host + (address - r->base);
}

void memory_poison(struct memory *m, uint64_t seed)
{
    fill_noise(m->ram, RAM_BYTES, seed);
}

uint8_t *memory_chip(struct memory *m)
{
    return m->chip;
}

uint8_t *memory_peek(const struct memory *m, uint32_t address, size_t len,
                     uint32_t *chip)
{
    uint32_t at = address - MEMORY_FLASH;

    *chip = UINT32_MAX;
    if (at >= MEMORY_FLASH_BYTES)
        return memory_find(m, address, len);
    /* Within one page, or the next byte may be elsewhere. */
    if (len > MEMORY_PAGE_BYTES - at % MEMORY_PAGE_BYTES)
        return NULL;
    *chip = chip_page(m, at / MEMORY_PAGE_BYTES) * MEMORY_PAGE_BYTES +
            at % MEMORY_PAGE_BYTES;
    return m->chip + *chip;
}

static void copy_page(struct memory *m, uint32_t page)
{
    memcpy(m->window + (size_t)page * MEMORY_PAGE_BYTES,
           m->chip + (size_t)chip_page(m, page) * MEMORY_PAGE_BYTES,
           MEMORY_PAGE_BYTES);
    m->stale[page] = false;
}

/* Bring window pages [first, end) up to date; runs of them in one report. */
static void refresh(struct memory *m, uint32_t first, uint32_t end)
{
    for (uint32_t page = first; page < end; page++) {
        if (!m->stale[page])
            continue;
        uint32_t run = page;
        while (run < end && m->stale[run])
            copy_page(m, run++);
        if (m->events.changed)
            m->events.changed(m->events.ctx,
                              MEMORY_FLASH + page * MEMORY_PAGE_BYTES,
                              (run - page) * MEMORY_PAGE_BYTES);
        page = run - 1;
    }
}

static void mark(struct memory *m, uint32_t first, uint32_t end)
{
    if (first >= end)
        return;
    memset(&m->stale[first], true, end - first);
    if (!m->busy)
        refresh(m, first, end);
}

void memory_chip_changed(struct memory *m, uint32_t offset, uint32_t bytes)
{
    if (bytes == 0 || offset >= MEMORY_FLASH_BYTES)
        return;
    if (bytes > MEMORY_FLASH_BYTES - offset)
        bytes = MEMORY_FLASH_BYTES - offset;
    uint32_t first = offset / MEMORY_PAGE_BYTES;
    uint32_t last = (offset + bytes - 1) / MEMORY_PAGE_BYTES;
    uint32_t ahead = m->remap_offset / MEMORY_PAGE_BYTES;

    for (uint32_t page = first; page <= last; page++) {
        if (chip_page(m, page) == page)
            mark(m, page, page + 1);
        if (ahead != 0 && page >= ahead && chip_page(m, page - ahead) == page)
            mark(m, page - ahead, page - ahead + 1);
    }
}

void memory_chip_compare(struct memory *m)
{
    /* Copying all would be simpler, but in a forked child each page written is
     * a page copied by the kernel as well. */
    for (uint32_t page = 0; page < PAGES; page++) {
        const uint8_t *shown = m->window + (size_t)page * MEMORY_PAGE_BYTES;
        const uint8_t *chip =
            m->chip + (size_t)chip_page(m, page) * MEMORY_PAGE_BYTES;
        if (memcmp(shown, chip, MEMORY_PAGE_BYTES) != 0)
            mark(m, page, page + 1);
    }
}

bool memory_remap(struct memory *m, uint32_t start, uint32_t end,
                  uint32_t offset)
{
    uint32_t old_start = m->remap_start, old_end = m->remap_end;
    bool on = offset != 0 && end > start;

    if (on && (start < MEMORY_FLASH || offset > MEMORY_FLASH_BYTES ||
               end - MEMORY_FLASH > MEMORY_FLASH_BYTES - offset))
        return false;
    m->remap_start = on ? start - MEMORY_FLASH : 0;
    m->remap_end = on ? end - MEMORY_FLASH : 0;
    m->remap_offset = on ? offset : 0;
    mark(m, old_start / MEMORY_PAGE_BYTES, old_end / MEMORY_PAGE_BYTES);
    mark(m, m->remap_start / MEMORY_PAGE_BYTES,
         m->remap_end / MEMORY_PAGE_BYTES);
    return true;
}

void memory_flash_busy(struct memory *m, bool busy)
{
    if (busy == m->busy)
        return;
    if (busy)
        take_over_segv();
    mprotect(m->window, MEMORY_FLASH_BYTES,
             busy ? PROT_NONE : PROT_READ | PROT_WRITE);
    m->busy = busy;
    if (!busy)
        refresh(m, 0, PAGES);
}

bool memory_flash_is_busy(const struct memory *m)
{
    return m->busy;
}

void memory_set_events(struct memory *m, const struct memory_events *e)
{
    m->events = *e;
}
