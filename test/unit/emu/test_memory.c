/* test_memory.c - claims about emu/memory.c: remap, busy flash, noise.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "emu/memory.h"

enum { PAGE = MEMORY_PAGE_BYTES, MIB = 1 << 20, TWO_MIB = 2 * MIB };

struct bench {
    struct memory *m;
    unsigned busy_reads;
    uint32_t busy_address;
    uint32_t changed_address, changed_bytes;
    unsigned changes;
};

static void on_changed(void *ctx, uint32_t address, uint32_t bytes)
{
    struct bench *b = ctx;

    b->changes++;
    b->changed_address = address;
    b->changed_bytes = bytes;
}

static void on_busy_read(void *ctx, uint32_t address)
{
    struct bench *b = ctx;

    b->busy_reads++;
    b->busy_address = address;
}

/* Each page of the chip begins with its own number. */
static int set_up(void **state)
{
    static struct bench b;
    struct board_why why;

    b = (struct bench){.m = memory_new(&why)};
    *state = &b;
    if (!b.m)
        return -1;
    for (uint32_t page = 0; page < MEMORY_FLASH_BYTES / PAGE; page++)
        memcpy(memory_chip(b.m) + (size_t)page * PAGE, &page, sizeof page);
    memory_chip_changed(b.m, 0, MEMORY_FLASH_BYTES);
    memory_set_events(b.m,
                      &(struct memory_events){&b, on_changed, on_busy_read});
    return 0;
}

static int tear_down(void **state)
{
    memory_free(((struct bench *)*state)->m);
    return 0;
}

/* The page of the chip that is seen at an offset of the window. */
static uint32_t seen_at(struct bench *b, uint32_t offset)
{
    uint32_t page;

    memcpy(&page, memory_find(b->m, MEMORY_FLASH + offset, 4), sizeof page);
    return page;
}

static void remap_shows_the_other_place_and_back(void **state)
{
    struct bench *b = *state;

    assert_true(
        memory_remap(b->m, MEMORY_FLASH + MIB, MEMORY_FLASH + 2 * MIB, MIB));
    assert_int_equal(seen_at(b, MIB - PAGE), 255);
    assert_int_equal(seen_at(b, MIB), 512);
    assert_int_equal(seen_at(b, 2 * MIB - PAGE), 767);
    assert_int_equal(seen_at(b, 2 * MIB), 512);
    assert_int_equal(b->changed_address, MEMORY_FLASH + MIB);
    assert_int_equal(b->changed_bytes, MIB);
    assert_true(memory_remap(b->m, 0, 0, 0));

    assert_int_equal(seen_at(b, MIB), 256);
}

static void remap_moved_leaves_nothing_of_the_old_window(void **state)
{
    struct bench *b = *state;

    assert_true(
        memory_remap(b->m, MEMORY_FLASH + MIB, MEMORY_FLASH + 2 * MIB, MIB));
    assert_true(memory_remap(b->m, MEMORY_FLASH + 3 * MIB,
                             MEMORY_FLASH + 3 * MIB + PAGE, PAGE));

    assert_int_equal(seen_at(b, MIB), 256);
    assert_int_equal(seen_at(b, 3 * MIB), 769);
    assert_int_equal(seen_at(b, 3 * MIB + PAGE), 769);
}

static void remap_beyond_the_chip_is_refused(void **state)
{
    struct bench *b = *state;

    assert_false(
        memory_remap(b->m, MEMORY_FLASH, MEMORY_FLASH + 8 * MIB, PAGE));
    assert_false(memory_remap(b->m, 0x50000000, 0x50001000, PAGE));
    assert_false(
        memory_remap(b->m, MEMORY_FLASH, MEMORY_FLASH + PAGE, 0xFFFFF000));
    assert_int_equal(b->changes, 0);
    assert_int_equal(seen_at(b, 0), 0);
}

static void chip_change_is_seen_wherever_the_page_is_shown(void **state)
{
    struct bench *b = *state;
    uint32_t mark = 0xABCD;

    memory_remap(b->m, MEMORY_FLASH + MIB, MEMORY_FLASH + 2 * MIB, MIB);
    memcpy(memory_chip(b->m) + TWO_MIB, &mark, sizeof mark);
    memory_chip_changed(b->m, 2 * MIB, 4);
    assert_int_equal(seen_at(b, MIB), mark);
    assert_int_equal(seen_at(b, 2 * MIB), mark);
    /* Behind the remap: not seen now, but after it. */
    memcpy(memory_chip(b->m) + MIB, &mark, sizeof mark);
    memory_chip_changed(b->m, MIB, 4);
    assert_int_equal(seen_at(b, MIB), mark);
    memory_remap(b->m, 0, 0, 0);

    assert_int_equal(seen_at(b, MIB), mark);
}

static void busy_flash_reads_as_noise_and_tells_once_per_page(void **state)
{
    struct bench *b = *state;

    memory_flash_busy(b->m, true);
    uint32_t noise = seen_at(b, 5 * PAGE);
    assert_int_not_equal(noise, 5);
    assert_int_equal(b->busy_reads, 1);
    assert_int_equal(b->busy_address, MEMORY_FLASH + 5 * PAGE);
    assert_int_equal(seen_at(b, 5 * PAGE), noise);
    assert_int_equal(b->busy_reads, 1);
    seen_at(b, 6 * PAGE);
    assert_int_equal(b->busy_reads, 2);
    memory_flash_busy(b->m, false);

    assert_int_equal(seen_at(b, 5 * PAGE), 5);
    assert_int_equal(seen_at(b, 6 * PAGE), 6);
    assert_int_equal(b->busy_reads, 2);
}

static void busy_flash_shows_its_changes_when_it_is_done(void **state)
{
    struct bench *b = *state;
    uint32_t mark = 0xABCD;

    memory_flash_busy(b->m, true);
    memcpy(memory_chip(b->m) + (size_t)7 * PAGE, &mark, sizeof mark);
    memory_chip_changed(b->m, 7 * PAGE, 4);
    assert_int_equal(b->changes, 0);
    memory_flash_busy(b->m, false);

    assert_int_equal(b->changes, 1);
    assert_int_equal(seen_at(b, 7 * PAGE), mark);
}

static void debugger_sees_the_busy_flash_as_it_is(void **state)
{
    struct bench *b = *state;
    uint32_t chip;

    memory_remap(b->m, MEMORY_FLASH + MIB, MEMORY_FLASH + 2 * MIB, MIB);
    memory_flash_busy(b->m, true);
    const uint8_t *seen = memory_peek(b->m, MEMORY_FLASH + MIB + 4, 4, &chip);

    assert_ptr_equal(seen, memory_chip(b->m) + TWO_MIB + 4);
    assert_int_equal(chip, 2 * MIB + 4);
    assert_int_equal(b->busy_reads, 0);
    assert_null(memory_peek(b->m, MEMORY_FLASH + PAGE - 2, 4, &chip));
    memory_flash_busy(b->m, false);
}

static void noise_is_the_same_for_a_seed_and_differs_between(void **state)
{
    struct bench *b = *state;
    uint8_t first[64];
    const uint8_t *ram = memory_find(b->m, MEMORY_DTCM, sizeof first);

    memory_poison(b->m, 1);
    memcpy(first, ram, sizeof first);
    memory_poison(b->m, 2);
    assert_memory_not_equal(first, ram, sizeof first);
    memory_poison(b->m, 1);

    assert_memory_equal(first, ram, sizeof first);
}

static void regions_end_where_they_should(void **state)
{
    struct bench *b = *state;

    assert_non_null(memory_find(b->m, 0, MEMORY_ITCM_BYTES));
    assert_null(memory_find(b->m, 0, MEMORY_ITCM_BYTES + 1));
    assert_null(memory_find(b->m, MEMORY_ITCM_BYTES, 1));
    assert_non_null(memory_find(b->m, 0x202BFFFF, 1));
    assert_null(memory_find(b->m, 0x202C0000, 1));
    assert_null(memory_find(b->m, MEMORY_FLASH + MEMORY_FLASH_BYTES, 1));
    assert_null(memory_find(b->m, 0xFFFFFFFF, 4));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(remap_shows_the_other_place_and_back),
        CASE(remap_moved_leaves_nothing_of_the_old_window),
        CASE(remap_beyond_the_chip_is_refused),
        CASE(chip_change_is_seen_wherever_the_page_is_shown),
        CASE(busy_flash_reads_as_noise_and_tells_once_per_page),
        CASE(busy_flash_shows_its_changes_when_it_is_done),
        CASE(debugger_sees_the_busy_flash_as_it_is),
        CASE(noise_is_the_same_for_a_seed_and_differs_between),
        CASE(regions_end_where_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
