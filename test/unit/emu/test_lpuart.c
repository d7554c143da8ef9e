/* test_lpuart.c - claims about the serial ports (emu/lpuart.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

#include <string.h>

enum {
    BASE = 0x40184000,
    GLOBAL = BASE + 0x08,
    BAUD = BASE + 0x10,
    STAT = BASE + 0x14,
    CTRL = BASE + 0x18,
    DATA = BASE + 0x1C,
    FIFO = BASE + 0x28,
    WATER = BASE + 0x2C,

    TDRE = 1 << 23,
    TC = 1 << 22,
    RDRF = 1 << 21,
    IDLE = 1 << 20,
    OR = 1 << 19,
    TE = 1 << 19,
    RE = 1 << 18,
    TIE = 1 << 23,
    TCIE = 1 << 22,
    RIE = 1 << 21,
    LOOPS = 1 << 7,
    RXFE = 1 << 3,
    RXFLUSH = 1 << 14,
    RXUF = 1 << 16,
    RXEMPT = 1 << 12,
    IRQ = 20,
};

static const uint64_t BYTE_US = 87; /* at 115200 baud */

static int set_up(void **state)
{
    int failed = bench_start(state, lpuart_add);

    if (failed)
        return failed;
    wr(*state, BAUD, 4 << 24 | 138); /* 80 MHz / 5 / 138: 115942 */
    return 0;
}

static void type(struct bench *b, const char *text)
{
    soc_uart_in(b->s, 1, text, strlen(text));
}

static void lpuart_sends_to_the_console(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL, TE);
    wr(b, DATA, 'h');
    assert_true(rd(b, STAT) & TDRE);
    wr(b, DATA, 'i');
    assert_memory_equal(b->console, "hi", 2);
}

static void lpuart_transmitter_off_sends_nothing(void **state)
{
    struct bench *b = *state;

    wr(b, DATA, 'x');
    assert_int_equal(b->console_len, 0);
}

static void lpuart_other_instance_is_not_the_console(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL + 0x4000, TE);
    wr(b, DATA + 0x4000, 'x');
    assert_int_equal(b->console_len, 0);
}

static void lpuart_transmission_completes_a_bit_later(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL, TE | TCIE);
    assert_true(soc_irq_level(b->s, IRQ));
    wr(b, DATA, 'x');
    assert_false(rd(b, STAT) & TC);
    assert_false(soc_irq_level(b->s, IRQ));
    pass_us(b, 9);
    assert_true(rd(b, STAT) & TC);
    assert_true(soc_irq_level(b->s, IRQ));
}

static void lpuart_tie_asks_at_once(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL, TE | TIE);
    assert_true(soc_irq_level(b->s, IRQ));
    wr(b, CTRL, TE);
    assert_false(soc_irq_level(b->s, IRQ));
}

static void lpuart_receives_at_the_programmed_rate(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL, RE | RIE);
    type(b, "ab");
    pass_us(b, BYTE_US - 2);
    assert_false(rd(b, STAT) & RDRF);
    assert_int_equal(rd(b, DATA), RXEMPT);
    pass_us(b, 2);
    assert_true(rd(b, STAT) & RDRF);
    assert_true(soc_irq_level(b->s, IRQ));
    assert_int_equal(rd(b, DATA), 'a');
    assert_false(rd(b, STAT) & RDRF);
    assert_false(soc_irq_level(b->s, IRQ));
    pass_us(b, BYTE_US);
    assert_int_equal(rd(b, DATA), 'b');
}

static void lpuart_input_waits_for_the_receiver(void **state)
{
    struct bench *b = *state;

    type(b, "a");
    pass_ms(b, 100);
    assert_int_equal(rd(b, DATA), RXEMPT);
    wr(b, CTRL, RE);
    pass_us(b, BYTE_US);
    assert_int_equal(rd(b, DATA), 'a');
}

static void lpuart_unread_byte_is_overrun(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL, RE);
    type(b, "abc");
    pass_us(b, 3 * BYTE_US);
    assert_true(rd(b, STAT) & OR);
    assert_int_equal(rd(b, DATA), 'a');
    assert_int_equal(rd(b, DATA), RXEMPT);
    wr(b, STAT, OR);
    assert_false(rd(b, STAT) & OR);
    type(b, "d");
    pass_us(b, BYTE_US);
    assert_int_equal(rd(b, DATA), 'd');
}

static void lpuart_fifo_holds_four_and_counts(void **state)
{
    struct bench *b = *state;

    wr(b, FIFO, RXFE);
    wr(b, WATER, 2 << 16);
    wr(b, CTRL, RE | RIE);
    type(b, "abcd");
    pass_us(b, 2 * BYTE_US);
    assert_int_equal(rd(b, WATER) >> 24 & 7, 2);
    assert_false(soc_irq_level(b->s, IRQ));
    pass_us(b, 2 * BYTE_US);
    assert_true(soc_irq_level(b->s, IRQ));
    assert_int_equal(rd(b, WATER) >> 24 & 7, 4);
    assert_false(rd(b, STAT) & OR);
    for (const char *c = "abcd"; *c; c++)
        assert_int_equal(rd(b, DATA), *c);
}

static void lpuart_flush_empties_the_fifo(void **state)
{
    struct bench *b = *state;

    wr(b, FIFO, RXFE);
    wr(b, CTRL, RE);
    type(b, "ab");
    pass_us(b, 2 * BYTE_US);
    wr(b, FIFO, RXFE | RXFLUSH);
    assert_int_equal(rd(b, DATA), RXEMPT);
    assert_true(rd(b, FIFO) & RXUF);
    wr(b, FIFO, RXFE | RXUF);
    assert_false(rd(b, FIFO) & RXUF);
}

static void lpuart_idle_follows_the_last_byte(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL, RE);
    type(b, "a");
    pass_us(b, BYTE_US);
    assert_false(rd(b, STAT) & IDLE);
    pass_us(b, BYTE_US);
    assert_true(rd(b, STAT) & IDLE);
    wr(b, STAT, IDLE);
    pass_ms(b, 10);
    assert_false(rd(b, STAT) & IDLE);
}

static void lpuart_loop_returns_what_is_sent(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL, TE | RE | LOOPS);
    wr(b, DATA, 'q');
    pass_us(b, BYTE_US);
    assert_int_equal(rd(b, DATA), 'q');
    assert_int_equal(b->console_len, 0);
}

static void lpuart_says_when_a_person_can_wake_the_core(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL, RE);
    assert_false(soc_irq_awaited(b->s, IRQ));
    wr(b, CTRL, RE | RIE);
    assert_true(soc_irq_awaited(b->s, IRQ));
    system_reset(b, 0);
    assert_false(soc_irq_awaited(b->s, IRQ));
}

static void lpuart_software_reset_restores_registers(void **state)
{
    struct bench *b = *state;

    wr(b, CTRL, TE | TIE);
    wr(b, GLOBAL, 2);
    assert_int_equal(rd(b, CTRL), 0);
    assert_int_equal(rd(b, BAUD), 0x0F000004);
    assert_false(soc_irq_level(b->s, IRQ));
    assert_int_equal(rd(b, STAT), TDRE | TC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lpuart_sends_to_the_console, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(lpuart_transmitter_off_sends_nothing,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            lpuart_other_instance_is_not_the_console, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            lpuart_transmission_completes_a_bit_later, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(lpuart_tie_asks_at_once, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(lpuart_receives_at_the_programmed_rate,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(lpuart_input_waits_for_the_receiver,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(lpuart_unread_byte_is_overrun, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(lpuart_fifo_holds_four_and_counts,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(lpuart_flush_empties_the_fifo, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(lpuart_idle_follows_the_last_byte,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(lpuart_loop_returns_what_is_sent,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            lpuart_says_when_a_person_can_wake_the_core, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            lpuart_software_reset_restores_registers, set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
