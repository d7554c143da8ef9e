/* test_flexspi_regs.c - claims about the FIFOs, interrupts and registers of
 * emu/flexspi.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/emu/flexspi_bench.h"

/* --- FIFOs and interrupts ----------------------------------------- */

static void flexspi_rx_fifo_holds_128_bytes_and_pops_by_watermark(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_fill(b->chip, 256, 1);
    flexspi_set_watermark(b, IPRXFCR, 32);
    flexspi_start(b, SEQ_QUAD_READ, 0, 256);
    assert_int_equal(flexspi_get(b, IPRXFSTS), 16);
    assert_false(flexspi_get(b, INTR) & DONE); /* the rest does not fit yet */
    for (uint32_t popped = 0; popped < 256; popped += 32) {
        assert_true(flexspi_get(b, INTR) & RX_WATERMARK);
        assert_int_equal(flexspi_get(b, RFDR) & 0xFF, popped);
        assert_int_equal(flexspi_get(b, RFDR + 28) >> 24, popped + 31);
        flexspi_put(b, INTR, RX_WATERMARK);
        assert_int_equal(flexspi_get(b, IPRXFSTS) >> 16, (popped + 32) / 8);
        assert_int_equal((flexspi_get(b, INTR) & DONE) != 0, popped >= 96);
    }

    assert_int_equal(flexspi_get(b, IPRXFSTS) & 0xFF, 0);
    assert_false(flexspi_get(b, INTR) & RX_WATERMARK);
}

static void flexspi_rx_watermark_is_not_reached_by_less(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_set_watermark(b, IPRXFCR, 64);
    flexspi_start(b, SEQ_QUAD_READ, 0, 56);

    assert_int_equal(flexspi_get(b, IPRXFSTS) & 0xFF, 7);
    assert_false(flexspi_get(b, INTR) & RX_WATERMARK);
}

static void flexspi_pop_of_a_last_part_empties_the_rx_fifo(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_set_watermark(b, IPRXFCR, 64);
    flexspi_start(b, SEQ_QUAD_READ, 0, 12);
    assert_int_equal(flexspi_get(b, IPRXFSTS), 2);
    flexspi_put(b, INTR, RX_WATERMARK);

    assert_int_equal(flexspi_get(b, IPRXFSTS), 0x20000);
}

static void flexspi_command_takes_whole_tx_entries_and_leaves_the_rest(
    void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_set_watermark(b, IPTXFCR, 32);
    flexspi_command(b, SEQ_WRITE_ENABLE, 0);
    flexspi_write_by(b, SEQ_PROGRAM, SECTOR, "twelve bytes", 12);

    assert_int_equal(flexspi_get(b, IPTXFSTS) & 0xFF, 2); /* of the 4 pushed */
}

static void flexspi_push_into_a_full_tx_fifo_is_lost_and_noted(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_set_watermark(b, IPTXFCR, 128);
    flexspi_put(b, INTR, TX_WATERMARK);
    assert_false(flexspi_get(b, INTR) & TX_WATERMARK);
    flexspi_put(b, INTR, TX_WATERMARK);

    assert_int_equal(flexspi_get(b, IPTXFSTS), 0x100010);
    assert_true(fixture_noted(&b->f, "full"));
}

static void flexspi_unread_data_stays_before_the_next_commands(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_fill(b->chip, 256, 1);
    flexspi_put(b, IPCR1, 8 | SEQ_QUAD_READ << 16);
    flexspi_put(b, IPCMD, 1);
    flexspi_put(b, IPCR0, 0x40);
    flexspi_put(b, IPCMD, 1);
    assert_int_equal(flexspi_get(b, IPRXFSTS), 2);
    assert_int_equal(flexspi_get(b, RFDR), 0x03020100);
    flexspi_put(b, INTR, RX_WATERMARK);

    assert_int_equal(flexspi_get(b, RFDR), 0x43424140);
}

static void flexspi_reads_go_on_for_ever_without_a_clear(void **state)
{
    struct flexspi_bench *b = *state;
    static uint8_t got[0x4000];

    flexspi_fill(b->chip, sizeof got, 5);
    flexspi_set_watermark(b, IPRXFCR, 128);
    flexspi_put(b, IPCR1, sizeof got | SEQ_QUAD_READ << 16);
    for (int i = 0; i < 6; i++) {
        memset(got, 0, sizeof got);
        flexspi_put(b, IPCMD, 1);
        flexspi_receive(b, got, sizeof got);
        assert_memory_equal(got, b->chip, sizeof got);
    }
}

static void flexspi_clear_empties_the_fifos(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_start(b, SEQ_QUAD_READ, 0, 64);
    flexspi_put(b, INTR, TX_WATERMARK);
    flexspi_or(b, IPRXFCR, 1);
    flexspi_or(b, IPTXFCR, 1);

    assert_int_equal(flexspi_get(b, IPRXFSTS), 0);
    assert_int_equal(flexspi_get(b, IPTXFSTS), 0);
    assert_int_equal(flexspi_get(b, IPRXFCR) & 1, 0); /* by itself */
}

static void flexspi_software_reset_ends_a_waiting_command(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_command(b, SEQ_WRITE_ENABLE, 0);
    flexspi_start(b, SEQ_PROGRAM, SECTOR, 16);
    flexspi_or(b, MCR0, 1);

    assert_int_equal(flexspi_get(b, STS0), 3);
    assert_int_equal(flexspi_get(b, INTR) & DONE, 0);
    assert_false(nor_busy(b->n));
    assert_int_equal(flexspi_get(b, LUT + 4 * SEQ_ID * 4),
                     FLEXSPI_LUT[SEQ_ID][0]);
}

static void flexspi_interrupt_line_follows_enabled_flags(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_put(b, INTEN, DONE);
    assert_false(soc_irq_level(b->f.s, IRQ));
    flexspi_start(b, SEQ_WRITE_ENABLE, 0, 0);
    assert_true(soc_irq_level(b->f.s, IRQ));
    flexspi_put(b, INTR, DONE);
    assert_false(soc_irq_level(b->f.s, IRQ));
    flexspi_put(b, INTEN, TX_WATERMARK); /* room in an empty FIFO */
    assert_true(soc_irq_level(b->f.s, IRQ));
    flexspi_put(b, INTEN, 0);
    assert_false(soc_irq_level(b->f.s, IRQ));
}

/* --- registers ---------------------------------------------------- */

static void flexspi_locked_lut_keeps_its_words(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_put(b, LUT, 0x12345678); /* load_lut() has locked it */
    assert_int_equal(flexspi_get(b, LUT), FLEXSPI_LUT[0][0]);
    assert_true(fixture_noted(&b->f, "locked"));
    flexspi_put(b, LUTCR, 2); /* without the key */
    assert_int_equal(flexspi_get(b, LUTCR), 1);
    flexspi_put(b, LUTKEY, KEY);
    flexspi_put(b, MCR2, 0); /* the key counts for the very next write */
    flexspi_put(b, LUTCR, 2);
    assert_int_equal(flexspi_get(b, LUTCR), 1);
    flexspi_put(b, LUTKEY, KEY);
    flexspi_put(b, LUTCR, 2);
    flexspi_put(b, LUT, 0x12345678);

    assert_int_equal(flexspi_get(b, LUT), 0x12345678);
}

static void flexspi_delay_lines_lock_when_calibration_is_enabled(void **state)
{
    struct flexspi_bench *b = *state;

    assert_int_equal(flexspi_get(b, STS2) & 3, 0);
    flexspi_put(b, DLLCR, 0x79);
    assert_int_equal(flexspi_get(b, STS2) & 0x30003, 3);
    flexspi_or(b, MCR0, 2);
    assert_int_equal(flexspi_get(b, STS2) & 3, 0);
}

static void flexspi_after_a_reset_is_as_the_rom_leaves_it(void **state)
{
    struct flexspi_bench *b = *state;
    uint8_t got;

    flexspi_put(b, MCR0, 2);
    flexspi_put(b, FLSHCR0, 0);
    fixture_reset(&b->f, SOC_RESET_SYSTEM);
    b->chip[0x42] = 0x24;
    flexspi_read_by(b, SEQ_QUAD_READ, 0x42, &got, 1);

    assert_int_equal(got, 0x24);
    assert_int_equal(flexspi_get(b, FLSHCR0), 0x2000);
    assert_int_equal(flexspi_get(b, LUTCR), 2);
}

static void flexspi_reset_of_the_processor_leaves_the_chip_erasing(void **state)
{
    struct flexspi_bench *b = *state;

    b->chip[SECTOR] = 0;
    flexspi_command(b, SEQ_WRITE_ENABLE, 0);
    flexspi_command(b, SEQ_ERASE, SECTOR);
    fixture_reset(&b->f, SOC_RESET_SYSTEM);
    assert_true(nor_busy(b->n));
    assert_true(memory_flash_is_busy(soc_memory(b->f.s)));
    fixture_wait_us(&b->f, 45000);

    assert_int_equal(b->chip[SECTOR], 0xFF);
    assert_false(memory_flash_is_busy(soc_memory(b->f.s)));
}

static void flexspi_unknown_register_is_reported(void **state)
{
    struct flexspi_bench *b = *state;

    assert_int_equal(flexspi_get(b, 0x400), 0);
    assert_true(fixture_noted(&b->f, "not modelled: FlexSPI"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLEXSPI_CLAIM(flexspi_rx_fifo_holds_128_bytes_and_pops_by_watermark),
        FLEXSPI_CLAIM(flexspi_rx_watermark_is_not_reached_by_less),
        FLEXSPI_CLAIM(flexspi_pop_of_a_last_part_empties_the_rx_fifo),
        FLEXSPI_CLAIM(
            flexspi_command_takes_whole_tx_entries_and_leaves_the_rest),
        FLEXSPI_CLAIM(flexspi_push_into_a_full_tx_fifo_is_lost_and_noted),
        FLEXSPI_CLAIM(flexspi_unread_data_stays_before_the_next_commands),
        FLEXSPI_CLAIM(flexspi_reads_go_on_for_ever_without_a_clear),
        FLEXSPI_CLAIM(flexspi_clear_empties_the_fifos),
        FLEXSPI_CLAIM(flexspi_software_reset_ends_a_waiting_command),
        FLEXSPI_CLAIM(flexspi_interrupt_line_follows_enabled_flags),
        FLEXSPI_CLAIM(flexspi_locked_lut_keeps_its_words),
        FLEXSPI_CLAIM(flexspi_delay_lines_lock_when_calibration_is_enabled),
        FLEXSPI_CLAIM(flexspi_after_a_reset_is_as_the_rom_leaves_it),
        FLEXSPI_CLAIM(flexspi_reset_of_the_processor_leaves_the_chip_erasing),
        FLEXSPI_CLAIM(flexspi_unknown_register_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
