/* test_journal.c - the download's memory, cut in every operation and torn in
 * every way.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent/journal.h"
#include "port/fake/fake_flash.h"

enum {
    MARK_STEP = 32768,
    MARKS = 6,
    SEEDS = 20,
    IMAGE_BYTES = MARKS * MARK_STEP + 100,
};

static struct fake_flash *flash_new(void)
{
    struct fake_flash *f = fake_flash_new(FLASH_JOURNAL + FLASH_SECTOR_BYTES,
                                          FLASH_SECTOR_BYTES, 8);
    fake_flash_allow(f, FLASH_JOURNAL, FLASH_SECTOR_BYTES);
    return f;
}

static struct agent_task task(uint8_t digest)
{
    struct agent_task t = {.size_bytes = IMAGE_BYTES, .version = {1, 4, 0, 0}};
    t.digest[0] = digest;
    return t;
}

static void journal_on_blank_flash_is_not_found(void **state)
{
    struct fake_flash *f = flash_new();
    struct agent_task t = task(1);
    struct journal j;
    uint32_t done = 7;

    (void)state;
    assert_int_equal(journal_load(&j, &done, fake_flash_port(f), &t, SLOT_2),
                     OTA_ERR_NOT_FOUND);
    assert_int_equal(done, 7);
    fake_flash_free(f);
}

static void journal_begun_has_no_bytes_then_the_last_mark(void **state)
{
    struct fake_flash *f = flash_new();
    const struct port_flash *p = fake_flash_port(f);
    struct agent_task t = task(1);
    struct journal j, again;
    uint32_t done = 7;

    (void)state;
    assert_int_equal(journal_begin(&j, p, &t, SLOT_2), OTA_OK);
    assert_int_equal(journal_load(&again, &done, p, &t, SLOT_2), OTA_OK);
    assert_int_equal(done, 0);
    for (uint32_t m = 1; m <= MARKS; m++) {
        assert_int_equal(journal_mark(&j, p, m * MARK_STEP), OTA_OK);
        assert_int_equal(journal_load(&again, &done, p, &t, SLOT_2), OTA_OK);
        assert_int_equal(done, m * MARK_STEP);
        assert_int_equal(again.next, j.next);
    }
    fake_flash_free(f);
}

static void journal_of_anything_else_is_not_found(void **state)
{
    struct fake_flash *f = flash_new();
    const struct port_flash *p = fake_flash_port(f);
    struct agent_task t = task(1), other;
    struct journal j;
    uint32_t done;

    (void)state;
    assert_int_equal(journal_begin(&j, p, &t, SLOT_2), OTA_OK);
    assert_int_equal(journal_load(&j, &done, p, &t, SLOT_1), OTA_ERR_NOT_FOUND);
    other = t, other.digest[31] ^= 1;
    assert_int_equal(journal_load(&j, &done, p, &other, SLOT_2),
                     OTA_ERR_NOT_FOUND);
    other = t, other.size_bytes++;
    assert_int_equal(journal_load(&j, &done, p, &other, SLOT_2),
                     OTA_ERR_NOT_FOUND);
    other = t, other.version.build++;
    assert_int_equal(journal_load(&j, &done, p, &other, SLOT_2),
                     OTA_ERR_NOT_FOUND);
    other = t, other.digest_kind = DIGEST_SHA256;
    assert_int_equal(journal_load(&j, &done, p, &other, SLOT_2),
                     OTA_ERR_NOT_FOUND);
    fake_flash_free(f);
}

static void journal_cleared_is_not_found(void **state)
{
    struct fake_flash *f = flash_new();
    const struct port_flash *p = fake_flash_port(f);
    struct agent_task t = task(1);
    struct journal j;
    uint32_t done;

    (void)state;
    assert_int_equal(journal_begin(&j, p, &t, SLOT_2), OTA_OK);
    assert_int_equal(journal_clear(p), OTA_OK);
    assert_int_equal(journal_load(&j, &done, p, &t, SLOT_2), OTA_ERR_NOT_FOUND);
    fake_flash_free(f);
}

static void journal_mark_beyond_the_image_is_not_believed(void **state)
{
    struct fake_flash *f = flash_new();
    const struct port_flash *p = fake_flash_port(f);
    struct agent_task t = task(1);
    struct journal j;
    uint32_t done;

    (void)state;
    assert_int_equal(journal_begin(&j, p, &t, SLOT_2), OTA_OK);
    assert_int_equal(journal_mark(&j, p, IMAGE_BYTES + 1), OTA_OK);
    assert_int_equal(journal_load(&j, &done, p, &t, SLOT_2), OTA_OK);
    assert_int_equal(done, 0);
    fake_flash_free(f);
}

/* Half of the mark's bytes got there, or bits of its number did. */
static void journal_mark_that_is_torn_is_not_believed(void **state)
{
    static const uint8_t TORN[][8] = {
        {0, 0x80, 0, 0, 0xff, 0xff, 0xff, 0xff},
        {0, 0x80, 1, 0, 0xff, 0x7f, 0xff, 0xff},
        {0, 0x80, 0, 0, 0xff, 0x7f, 0xff, 0xfd},
    };
    struct fake_flash *f = flash_new();
    const struct port_flash *p = fake_flash_port(f);
    struct agent_task t = task(1);
    struct journal j, again;
    uint32_t done;

    (void)state;
    assert_int_equal(journal_begin(&j, p, &t, SLOT_2), OTA_OK);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(p->write(p->ctx, FLASH_JOURNAL + j.next, TORN[i], 8),
                         OTA_OK);
        j.next += 8;
        assert_int_equal(journal_load(&again, &done, p, &t, SLOT_2), OTA_OK);
        assert_int_equal(done, 0);
        assert_int_equal(again.next, j.next);
    }
    fake_flash_free(f);
}

/* The bytes of journal.h: a mark with the top bit set. */
static void journal_names_the_task_armed_last_and_counts_it_not(void **state)
{
    static const uint8_t BYTES[8] = {17, 0, 0, 0x80, 0xee, 0xff, 0xff, 0x7f};
    struct fake_flash *f = flash_new();
    const struct port_flash *p = fake_flash_port(f);
    struct agent_task t = task(1);
    struct journal j, again;
    uint32_t done, named = 5;
    uint8_t got[8];

    (void)state;
    assert_int_equal(journal_named(p, &named), OTA_OK);
    assert_int_equal(named, 0);
    assert_int_equal(journal_begin(&j, p, &t, SLOT_2), OTA_OK);
    assert_int_equal(journal_mark(&j, p, MARK_STEP), OTA_OK);
    assert_int_equal(journal_name(&j, p, PUSH_TASK_MAX), OTA_OK);
    assert_int_equal(journal_name(&j, p, 17), OTA_OK);
    assert_int_equal(p->read(p->ctx, FLASH_JOURNAL + 80, got, 8), OTA_OK);
    assert_memory_equal(got, BYTES, 8);
    assert_int_equal(journal_named(p, &named), OTA_OK);
    assert_int_equal(named, 17);
    assert_int_equal(journal_load(&again, &done, p, &t, SLOT_2), OTA_OK);
    assert_int_equal(done, MARK_STEP);
    assert_int_equal(again.next, j.next);
    assert_int_equal(journal_name(&j, p, 0), OTA_OK); /* no number */
    assert_int_equal(journal_named(p, &named), OTA_OK);
    assert_int_equal(named, 0);
    fake_flash_free(f);
}

static void journal_name_cut_is_the_old_or_the_new_one(void **state)
{
    (void)state;
    for (int tear = 0; tear < TEAR_COUNT; tear++)
        for (uint32_t seed = 1; seed <= SEEDS; seed++) {
            struct fake_flash *f = flash_new();
            const struct port_flash *p = fake_flash_port(f);
            struct agent_task t = task(1);
            struct journal j;
            uint32_t named;

            assert_int_equal(journal_begin(&j, p, &t, SLOT_2), OTA_OK);
            assert_int_equal(journal_name(&j, p, 4711), OTA_OK);
            fake_flash_cut(f, 1, (enum fake_tear)tear, seed);
            assert_int_not_equal(journal_name(&j, p, 4712), OTA_OK);
            fake_flash_power_on(f);
            assert_int_equal(journal_named(p, &named), OTA_OK);
            assert_in_range(named, 4711, 4712);
            fake_flash_free(f);
        }
}

static void journal_full_of_marks_goes_on_silently(void **state)
{
    struct fake_flash *f = flash_new();
    const struct port_flash *p = fake_flash_port(f);
    struct agent_task t = task(1);
    struct journal j;
    uint32_t done;

    (void)state;
    assert_int_equal(journal_begin(&j, p, &t, SLOT_2), OTA_OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(journal_mark(&j, p, 8), OTA_OK);
    assert_int_equal(journal_load(&j, &done, p, &t, SLOT_2), OTA_OK);
    assert_int_equal(done, 8);
    fake_flash_free(f);
}

/* A journal of another task is there; this one begins and marks until the
 * flash fails. Returns the last mark that was written whole. */
static uint32_t begin_and_mark(const struct port_flash *p,
                               const struct agent_task *t)
{
    struct journal j;

    if (journal_begin(&j, p, t, SLOT_2) != OTA_OK)
        return 0;
    for (uint32_t m = 1; m <= MARKS; m++)
        if (journal_mark(&j, p, m * MARK_STEP) != OTA_OK)
            return (m - 1) * MARK_STEP;
    return MARKS * MARK_STEP;
}

static void cut_and_check(const struct fake_flash *base, uint64_t at,
                          enum fake_tear tear, uint32_t seed)
{
    struct fake_flash *f = fake_flash_clone(base);
    const struct port_flash *p = fake_flash_port(f);
    struct agent_task old = task(1), t = task(2);
    struct journal j;
    uint32_t whole, done = 0;

    fake_flash_cut(f, at, tear, seed);
    whole = begin_and_mark(p, &t);
    fake_flash_power_on(f);

    ota_err e = journal_load(&j, &done, p, &t, SLOT_2);
    if (e == OTA_ERR_NOT_FOUND)
        assert_int_equal(whole, 0);
    else
        assert_int_equal(e, OTA_OK);
    /* The torn mark itself may count: its bytes were in the slot before. */
    assert_in_range(done, whole, whole + MARK_STEP);
    assert_int_equal(done % MARK_STEP, 0);

    /* The old one, if it can still be read, promises no more than it had. */
    if (journal_load(&j, &done, p, &old, SLOT_2) == OTA_OK)
        assert_true(done <= 2 * MARK_STEP && done % MARK_STEP == 0);

    /* And it can go on from here. */
    if (e == OTA_OK) {
        assert_int_equal(journal_load(&j, &done, p, &t, SLOT_2), OTA_OK);
        assert_int_equal(journal_mark(&j, p, MARKS * MARK_STEP), OTA_OK);
        assert_int_equal(journal_load(&j, &done, p, &t, SLOT_2), OTA_OK);
        assert_int_equal(done, MARKS * MARK_STEP);
    }
    fake_flash_free(f);
}

static void journal_cut_anywhere_never_promises_too_much(void **state)
{
    struct fake_flash *base = flash_new();
    struct agent_task old = task(1);
    struct journal j;

    (void)state;
    assert_int_equal(journal_begin(&j, fake_flash_port(base), &old, SLOT_2),
                     OTA_OK);
    for (uint32_t m = 1; m <= 2; m++)
        assert_int_equal(journal_mark(&j, fake_flash_port(base), m * MARK_STEP),
                         OTA_OK);
    for (uint64_t at = 1; at <= 2 + MARKS; at++)
        for (int tear = 0; tear < TEAR_COUNT; tear++)
            for (uint32_t seed = 1; seed <= SEEDS; seed++)
                cut_and_check(base, at, (enum fake_tear)tear, seed);
    fake_flash_free(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(journal_on_blank_flash_is_not_found),
        cmocka_unit_test(journal_begun_has_no_bytes_then_the_last_mark),
        cmocka_unit_test(journal_of_anything_else_is_not_found),
        cmocka_unit_test(journal_cleared_is_not_found),
        cmocka_unit_test(journal_mark_beyond_the_image_is_not_believed),
        cmocka_unit_test(journal_mark_that_is_torn_is_not_believed),
        cmocka_unit_test(journal_names_the_task_armed_last_and_counts_it_not),
        cmocka_unit_test(journal_name_cut_is_the_old_or_the_new_one),
        cmocka_unit_test(journal_full_of_marks_goes_on_silently),
        cmocka_unit_test(journal_cut_anywhere_never_promises_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
