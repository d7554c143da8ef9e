/* skip_plan.c - see skip_plan.h. Start at skip_plan_make().
 *
 * A trace names blocks. How many instructions a block has is the difference to
 * what the next line counts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/sweep/skip_plan.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct visit {
    uint64_t cycle, instructions; /* before it */
    uint32_t block;
};

struct block {
    uint32_t address;
    uint32_t instructions;
};

/* One address that was executed. */
struct place {
    uint32_t address;
    uint32_t visits; /* in all */
    uint32_t seen;   /* until now */
};

struct maker {
    struct board *board;
    const struct skip_range *every;
    size_t ranges;
    struct visit *visit;
    size_t visits;
    struct block *block;
    size_t blocks;
    struct place *place;
    size_t places;
};

static void *grown(void *old, size_t count, size_t bytes)
{
    void *p = old;

    if ((count & (count - 1)) == 0) /* room for a power of two, doubled */
        p = realloc(old, (count == 0 ? 1 : 2 * count) * bytes);
    if (!p) {
        (void)fputs("board_skip: no memory\n", stderr);
        exit(2);
    }
    return p;
}

/* --- the trace ------------------------------------------------------------ */

/* A stop of the run names a block again when it goes on. */
static bool is_repeated(const struct maker *m, const struct visit *v)
{
    return m->visits > 0 && m->visit[m->visits - 1].cycle == v->cycle &&
           m->visit[m->visits - 1].block == v->block;
}

static void read_trace(struct maker *m, const char *file)
{
    FILE *f = fopen(file, "r");
    struct visit v;

    if (!f) {
        perror(file);
        exit(2);
    }
    while (fscanf(f, "%" SCNu64 " %" SCNx32 " %" SCNu64, &v.cycle, &v.block,
                  &v.instructions) == 3)
        if (!is_repeated(m, &v)) {
            m->visit = grown(m->visit, m->visits, sizeof v);
            m->visit[m->visits++] = v;
        }
    (void)fclose(f);
}

static int by_address(const void *a, const void *b)
{
    uint32_t x, y; /* the first member of each struct that is sorted */

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

static struct block *find_block(const struct maker *m, uint32_t address)
{
    return bsearch(&address, m->block, m->blocks, sizeof *m->block, by_address);
}

static void find_blocks(struct maker *m)
{
    size_t distinct = 0;

    if (m->visits == 0)
        return;
    for (size_t i = 0; i < m->visits; i++) {
        m->block = grown(m->block, i, sizeof *m->block);
        m->block[i] = (struct block){m->visit[i].block, UINT32_MAX};
    }
    qsort(m->block, m->visits, sizeof *m->block, by_address);
    for (size_t i = 0; i < m->visits; i++)
        if (i == 0 || m->block[i].address != m->block[i - 1].address)
            m->block[distinct++] = m->block[i];
    m->blocks = distinct;
    for (size_t i = 0; i + 1 < m->visits; i++) {
        struct block *b = find_block(m, m->visit[i].block);
        uint64_t n = m->visit[i + 1].instructions - m->visit[i].instructions;
        if (n < b->instructions)
            b->instructions = (uint32_t)n;
    }
    for (size_t i = 0; i < m->blocks; i++)
        if (m->block[i].instructions == UINT32_MAX)
            m->block[i].instructions = 1; /* the last one: nothing follows */
}

/* --- instructions --------------------------------------------------------- */

/* ARMv7-M Architecture Reference Manual, A5.1: 32 bits if it begins so. */
static uint32_t next_address(struct board *b, uint32_t address)
{
    uint8_t half[2] = {0, 0};

    (void)board_read(b, address, half, sizeof half);
    return address + (half[1] >= 0xE8 ? 4 : 2);
}

static struct place *find_place(const struct maker *m, uint32_t address)
{
    return bsearch(&address, m->place, m->places, sizeof *m->place, by_address);
}

static void find_places(struct maker *m)
{
    size_t all = 0, distinct = 0;

    for (size_t i = 0; i < m->blocks; i++) {
        uint32_t at = m->block[i].address;
        for (uint32_t k = 0; k < m->block[i].instructions; k++) {
            m->place = grown(m->place, all, sizeof *m->place);
            m->place[all++] = (struct place){at, 0, 0};
            at = next_address(m->board, at);
        }
    }
    if (all == 0)
        return;
    qsort(m->place, all, sizeof *m->place, by_address);
    for (size_t i = 0; i < all; i++)
        if (i == 0 || m->place[i].address != m->place[distinct - 1].address)
            m->place[distinct++] = m->place[i];
    m->places = distinct;
}

/* Calls f for each instruction in the order of execution. */
static void each_instruction(struct maker *m, struct skip_plan *out,
                             void (*f)(struct maker *m, struct skip_plan *out,
                                       uint64_t cycle, struct place *p))
{
    for (size_t i = 0; i < m->visits; i++) {
        const struct block *b = find_block(m, m->visit[i].block);
        struct place *p = find_place(m, b->address);
        /* Places are sorted and a block has no gaps. */
        for (uint32_t k = 0; k < b->instructions; k++)
            f(m, out, m->visit[i].cycle, p + k);
    }
}

static void count(struct maker *m, struct skip_plan *out, uint64_t cycle,
                  struct place *p)
{
    (void)m;
    (void)cycle;
    p->visits++;
    out->instructions++;
}

static bool counts_always(const struct maker *m, uint32_t address)
{
    for (size_t i = 0; i < m->ranges; i++)
        if (address >= m->every[i].begin && address < m->every[i].end)
            return true;
    return false;
}

static void choose(struct maker *m, struct skip_plan *out, uint64_t cycle,
                   struct place *p)
{
    p->seen++;
    if (p->seen > 1 && p->seen < p->visits && !counts_always(m, p->address))
        return;
    out->target = grown(out->target, out->targets, sizeof *out->target);
    out->target[out->targets++] =
        (struct skip_target){cycle, p->address, p->seen};
}

void skip_plan_make(struct skip_plan *out, struct board *b, const char *trace,
                    const struct skip_range *every, size_t ranges)
{
    struct maker m = {.board = b, .every = every, .ranges = ranges};

    *out = (struct skip_plan){0};
    read_trace(&m, trace);
    find_blocks(&m);
    find_places(&m);
    each_instruction(&m, out, count);
    each_instruction(&m, out, choose);
    out->addresses = m.places;
    out->end = m.visits > 0 ? m.visit[m.visits - 1].cycle : 0;
    free(m.visit);
    free(m.block);
    free(m.place);
}

void skip_plan_free(struct skip_plan *p)
{
    free(p->target);
}
