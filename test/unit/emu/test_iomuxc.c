/* test_iomuxc.c - claims about pad registers and the chip's general purpose
 * registers (emu/iomuxc.c, emu/iomuxc_gpr.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

enum {
    MUX_SD_B1_11 = 0x401F8200,
    PAD_EMC_00 = 0x401F8204,
    SNVS_GPR0 = 0x400A4000,
    GPR14 = 0x400AC038,
    GPR30 = 0x400AC078,
    GPR31 = 0x400AC07C,
    GPR32 = 0x400AC080,
    WINDOW = 0x60000000,
};

static void add(struct soc *s)
{
    iomuxc_add(s);
    iomuxc_gpr_add(s);
}

static int set_up(void **state)
{
    int failed = bench_start(state, add);
    struct bench *b = *state;

    if (failed)
        return failed;
    memory_chip(soc_memory(b->s))[0x1000] = 0x11;
    memory_chip(soc_memory(b->s))[0x101000] = 0x22;
    soc_flash_changed(b->s, 0, MEMORY_FLASH_BYTES);
    return 0;
}

static uint8_t seen(struct bench *b, uint32_t offset)
{
    uint8_t byte = 0;

    assert_true(soc_dma_read(b->s, WINDOW + offset, &byte, 1));
    return byte;
}

static void iomuxc_pads_keep_what_is_written(void **state)
{
    assert_int_equal(rd(*state, MUX_SD_B1_11), 5);
    assert_int_equal(rd(*state, PAD_EMC_00), 0x10B0);
    wr(*state, MUX_SD_B1_11, 0x11);
    assert_int_equal(rd(*state, MUX_SD_B1_11), 0x11);
}

static void snvs_gpr_outlives_a_reset_not_power(void **state)
{
    wr(*state, SNVS_GPR0, 0x5A5A);
    system_reset(*state, 2);
    assert_int_equal(rd(*state, SNVS_GPR0), 0x5A5A);
    power_cycle(*state);
    assert_int_equal(rd(*state, SNVS_GPR0), 0);
}

static void remap_window_shows_the_flash_further_on(void **state)
{
    wr(*state, GPR30, WINDOW | 0x1000);
    wr(*state, GPR31, WINDOW | 0x2000);
    assert_int_equal(seen(*state, 0x1000), 0x11);
    wr(*state, GPR32, 0x100000);
    assert_int_equal(seen(*state, 0x1000), 0x22);
    assert_int_equal(seen(*state, 0x101000), 0x22);
}

static void remap_ignores_the_low_twelve_bits(void **state)
{
    wr(*state, GPR30, WINDOW | 0x1FFF);
    assert_int_equal(rd(*state, GPR30), WINDOW | 0x1000);
}

static void remap_ends_with_offset_zero(void **state)
{
    wr(*state, GPR30, WINDOW);
    wr(*state, GPR31, WINDOW | 0x100000);
    wr(*state, GPR32, 0x100000);
    assert_int_equal(seen(*state, 0x1000), 0x22);
    wr(*state, GPR32, 0);
    assert_int_equal(seen(*state, 0x1000), 0x11);
}

static void remap_with_offset_zero_may_be_anywhere(void **state)
{
    struct bench *b = *state;

    wr(b, GPR30, 0x10000000);
    wr(b, GPR31, 0x20000000);
    assert_int_equal(b->f.note_count, 0);
}

static void remap_ends_with_start_and_end_zero(void **state)
{
    wr(*state, GPR30, WINDOW);
    wr(*state, GPR31, WINDOW | 0x100000);
    wr(*state, GPR32, 0x100000);
    wr(*state, GPR30, 0);
    assert_int_equal(seen(*state, 0x1000), 0x11);
    wr(*state, GPR31, 0);
    assert_int_equal(seen(*state, 0x1000), 0x11);
    assert_int_equal(((struct bench *)*state)->f.note_count, 0);
}

static void remap_ends_with_a_reset(void **state)
{
    wr(*state, GPR30, WINDOW);
    wr(*state, GPR31, WINDOW | 0x100000);
    wr(*state, GPR32, 0x100000);
    system_reset(*state, 2);
    assert_int_equal(rd(*state, GPR32), 0);
    assert_int_equal(seen(*state, 0x1000), 0x11);
}

static void gpr_says_128_kib_of_tcm_each(void **state)
{
    assert_int_equal(rd(*state, GPR14), 0x00880000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(iomuxc_pads_keep_what_is_written,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(snvs_gpr_outlives_a_reset_not_power,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(remap_window_shows_the_flash_further_on,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(remap_ignores_the_low_twelve_bits,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(remap_ends_with_offset_zero, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(remap_with_offset_zero_may_be_anywhere,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(remap_ends_with_start_and_end_zero,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(remap_ends_with_a_reset, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(gpr_says_128_kib_of_tcm_each, set_up,
                                        bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
