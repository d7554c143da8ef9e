/* test_nor_cut.c - claims about what a power cut leaves in the NOR flash: every
 * tear of every size, on random content.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/emu/nor_bench.h"

enum { AROUND = 0x3000, START = SECTOR - 0x1000 };

static uint8_t before[AROUND]; /* of the chip, from START on */

static uint32_t noise(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

/* Power on over new random content. */
static void begin(struct nor_bench *b, uint32_t seed)
{
    for (size_t i = 0; i < AROUND; i++)
        b->chip[START + i] = (uint8_t)(noise(&seed) >> 8);
    memcpy(before, b->chip + START, AROUND);
    nor_reset(b->n);
}

static void erase(struct nor_bench *b, uint32_t address)
{
    nor_erase_by(b, NOR_ERASE_4K, address);
}

/* What the whole operation would make of the content before. */
struct whole {
    uint8_t after[AROUND];
};

static void whole_erase(struct whole *w)
{
    memcpy(w->after, before, AROUND);
    memset(w->after + (SECTOR - START), 0xFF, NOR_SECTOR_BYTES);
}

static void whole_program(struct whole *w, uint32_t address,
                          const uint8_t *data, size_t len)
{
    memcpy(w->after, before, AROUND);
    for (size_t i = 0; i < len; i++) {
        uint32_t page = address & ~0xFFu;
        w->after[page + ((address + i) & 0xFF) - START] &= data[i];
    }
}

/* Each bit is as before or as after the whole operation: that is also "only in
 * the driven direction, only inside its bytes". */
static void assert_old_or_new(const struct nor_bench *b, const struct whole *w)
{
    for (size_t i = 0; i < AROUND; i++) {
        unsigned now = b->chip[START + i];
        unsigned driven = before[i] ^ w->after[i];
        assert_int_equal((now ^ before[i]) & ~driven, 0);
    }
}

static size_t differences(const uint8_t *a, const uint8_t *b)
{
    size_t count = 0;

    for (size_t i = 0; i < AROUND; i++)
        count += a[i] != b[i];
    return count;
}

static void nor_cut_erase_every_tear_leaves_bits_old_or_new(void **state)
{
    struct nor_bench *b = *state;

    for (unsigned tear = BOARD_TEAR_NOTHING; tear <= BOARD_TEAR_RANDOM; tear++)
        for (uint32_t k = 0; k < 40; k++) {
            struct whole w;
            begin(b, 1 + k);
            whole_erase(&w);
            nor_cut_at(b->n, &(struct board_cut){1, tear, k * 113, k});
            erase(b, SECTOR + k);
            assert_old_or_new(b, &w);
        }
    assert_int_equal(b->cuts, 6 * 40);
}

static void nor_cut_program_every_tear_and_size_leaves_bits_old_or_new(
    void **state)
{
    struct nor_bench *b = *state;
    uint8_t data[NOR_PAGE_BYTES] = {0};
    uint32_t seed = 99;

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(noise(&seed) >> 8);
    for (unsigned tear = BOARD_TEAR_NOTHING; tear <= BOARD_TEAR_RANDOM; tear++)
        for (uint32_t len = 1; len <= NOR_PAGE_BYTES; len++) {
            uint32_t at = SECTOR + len * 37 % NOR_SECTOR_BYTES;
            struct whole w;
            begin(b, len);
            whole_program(&w, at, data, len);
            nor_cut_at(b->n, &(struct board_cut){1, tear, len / 3, len});
            nor_program(b, at, data, len);
            assert_old_or_new(b, &w);
        }
    assert_int_equal(b->cuts, 6 * NOR_PAGE_BYTES);
}

static void nor_cut_with_nothing_done_changes_no_byte(void **state)
{
    struct nor_bench *b = *state;

    begin(b, 5);
    nor_cut_at(b->n, &(struct board_cut){.at_op = 1});
    erase(b, SECTOR);

    assert_int_equal(differences(before, b->chip + START), 0);
}

static void nor_cut_with_all_done_equals_the_whole_operation(void **state)
{
    struct nor_bench *b = *state;
    struct whole w;

    begin(b, 5);
    whole_erase(&w);
    nor_cut_at(b->n, &(struct board_cut){1, BOARD_TEAR_ALL, 0, 0});
    erase(b, SECTOR);

    assert_int_equal(differences(w.after, b->chip + START), 0);
}

static void nor_cut_halves_do_exactly_their_half(void **state)
{
    struct nor_bench *b = *state;
    const size_t middle = SECTOR - START + NOR_SECTOR_BYTES / 2;

    for (unsigned second = 0; second < 2; second++) {
        struct whole w;
        begin(b, 6);
        whole_erase(&w);
        nor_cut_at(b->n, &(struct board_cut){1,
                                             second ? BOARD_TEAR_SECOND_HALF
                                                    : BOARD_TEAR_FIRST_HALF,
                                             0, 0});
        erase(b, SECTOR);
        const uint8_t *low = second ? before : w.after;
        const uint8_t *high = second ? w.after : before;
        assert_memory_equal(b->chip + START, low, middle);
        assert_memory_equal(b->chip + START + middle, high + middle,
                            AROUND - middle);
    }
}

static void nor_cut_program_bytes_are_the_first_that_were_sent(void **state)
{
    struct nor_bench *b = *state;
    const uint8_t data[8] = {0};

    begin(b, 8);
    memset(b->chip + SECTOR, 0xFF, NOR_PAGE_BYTES);
    nor_cut_at(b->n, &(struct board_cut){1, BOARD_TEAR_BYTES, 6, 0});
    nor_program(b, SECTOR + 0xFC, data, sizeof data); /* 4 fit, 4 wrap */

    assert_memory_equal(b->chip + SECTOR + 0xFC, "\0\0\0\0", 4);
    assert_memory_equal(b->chip + SECTOR, "\0\0\xFF\xFF", 4);
}

static void nor_cut_random_repeats_by_seed_and_differs_by_seed(void **state)
{
    struct nor_bench *b = *state;
    static uint8_t left[3][AROUND];
    const uint32_t seeds[3] = {1, 1, 2};

    for (size_t i = 0; i < 3; i++) {
        begin(b, 9);
        nor_cut_at(b->n,
                   &(struct board_cut){1, BOARD_TEAR_RANDOM, 0, seeds[i]});
        erase(b, SECTOR);
        memcpy(left[i], b->chip + START, AROUND);
    }

    assert_int_equal(differences(left[0], left[1]), 0);
    assert_true(differences(left[0], left[2]) > NOR_SECTOR_BYTES / 2);
    assert_true(differences(left[0], before) > NOR_SECTOR_BYTES / 2);
}

static void nor_cut_hits_the_nth_operation_and_then_none(void **state)
{
    struct nor_bench *b = *state;
    const uint8_t zero = 0;

    begin(b, 3);
    nor_cut_at(b->n, &(struct board_cut){.at_op = 3});
    for (uint32_t i = 0; i < 2; i++) {
        nor_program(b, SECTOR + i, &zero, 1);
        fixture_wait_us(&b->f, 400);
        assert_int_equal(b->cuts, 0);
    }
    erase(b, SECTOR);
    assert_int_equal(b->cuts, 1);
    nor_reset(b->n);
    erase(b, SECTOR);
    fixture_wait_us(&b->f, 45000);

    assert_int_equal(b->cuts, 1);
    assert_int_equal(b->chip[SECTOR], 0xFF);
}

static void nor_without_power_obeys_nothing_until_power_is_back(void **state)
{
    struct nor_bench *b = *state;
    uint8_t id = 0;
    struct nor_command identify = {.opcode = 0x9F, .out = &id, .out_len = 1};

    begin(b, 3);
    nor_cut_at(b->n, &(struct board_cut){.at_op = 1});
    erase(b, SECTOR);
    erase(b, SECTOR);
    fixture_wait_us(&b->f, 45000);
    nor_command(b->n, &identify);
    assert_int_equal(id, 0xFF);
    assert_int_equal(differences(before, b->chip + START), 0);
    nor_reset(b->n);
    nor_command(b->n, &identify);

    assert_int_equal(id, 0x9D);
    assert_false(nor_busy(b->n));
}

static void nor_power_off_in_an_operation_tears_it(void **state)
{
    struct nor_bench *b = *state;
    struct whole w;

    begin(b, 4);
    whole_erase(&w);
    erase(b, SECTOR);
    fixture_wait_us(&b->f, 100);
    nor_power_off(b->n);
    fixture_wait_us(&b->f, 100000);

    assert_old_or_new(b, &w);
    assert_true(differences(before, b->chip + START) > 0);
    assert_true(differences(w.after, b->chip + START) > 0);
}

static void nor_cut_shows_in_the_log(void **state)
{
    struct nor_bench *b = *state;

    nor_log_begin(b);
    nor_cut_at(b->n, &(struct board_cut){1, BOARD_TEAR_SECOND_HALF, 0, 0});
    erase(b, SECTOR);

    nor_log_assert(b, "0 erase 0x012000 4096 torn second-half\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NOR_CLAIM(nor_cut_erase_every_tear_leaves_bits_old_or_new),
        NOR_CLAIM(nor_cut_program_every_tear_and_size_leaves_bits_old_or_new),
        NOR_CLAIM(nor_cut_with_nothing_done_changes_no_byte),
        NOR_CLAIM(nor_cut_with_all_done_equals_the_whole_operation),
        NOR_CLAIM(nor_cut_halves_do_exactly_their_half),
        NOR_CLAIM(nor_cut_program_bytes_are_the_first_that_were_sent),
        NOR_CLAIM(nor_cut_random_repeats_by_seed_and_differs_by_seed),
        NOR_CLAIM(nor_cut_hits_the_nth_operation_and_then_none),
        NOR_CLAIM(nor_without_power_obeys_nothing_until_power_is_back),
        NOR_CLAIM(nor_power_off_in_an_operation_tears_it),
        NOR_CLAIM(nor_cut_shows_in_the_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
