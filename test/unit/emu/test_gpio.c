/* test_gpio.c - claims about the pin ports (emu/gpio.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

enum {
    GPIO1 = 0x401B8000,
    GPIO2 = 0x401BC000,
    GPIO5 = 0x400C0000,
    GPIO6 = 0x42000000,
    DR = 0x00,
    GDIR = 0x04,
    PSR = 0x08,
    ICR1 = 0x0C,
    IMR = 0x14,
    ISR = 0x18,
    EDGE_SEL = 0x1C,
    DR_SET = 0x84,
    DR_CLEAR = 0x88,
    DR_TOGGLE = 0x8C,
    LED = 9, /* GPIO1.9 */
};

static int set_up(void **state)
{
    return bench_start(state, gpio_add);
}

static void gpio_card_slot_is_empty(void **state)
{
    assert_true(rd(*state, GPIO2 + PSR) & 1 << 28);
}

static void gpio_output_shows_at_the_pad(void **state)
{
    struct bench *b = *state;

    wr(b, GPIO1 + GDIR, 1 << LED);
    wr(b, GPIO1 + DR, 1 << LED);
    assert_true(gpio_pin_level(b->s, 1, LED));
    assert_true(rd(b, GPIO1 + PSR) & 1 << LED);
    wr(b, GPIO1 + DR_CLEAR, 1 << LED);
    assert_false(gpio_pin_level(b->s, 1, LED));
    wr(b, GPIO1 + DR_TOGGLE, 1 << LED);
    assert_true(gpio_pin_level(b->s, 1, LED));
    wr(b, GPIO1 + DR_SET, 1 << 4); /* an input: latched, not driven */
    assert_false(gpio_pin_level(b->s, 1, 4));
    assert_int_equal(rd(b, GPIO1 + DR) & 1 << LED, 1 << LED);
}

static void gpio_button_is_read_and_interrupts(void **state)
{
    struct bench *b = *state;

    assert_true(rd(b, GPIO5 + DR) & 1);
    wr(b, GPIO5 + ICR1, 3); /* falling edge of pin 0 */
    wr(b, GPIO5 + ISR, 0xFFFFFFFF);
    wr(b, GPIO5 + IMR, 1);
    assert_false(soc_irq_level(b->s, 88));
    gpio_pin_drive(b->s, 5, 0, false);
    assert_false(rd(b, GPIO5 + DR) & 1);
    assert_true(soc_irq_level(b->s, 88));
    wr(b, GPIO5 + ISR, 1);
    assert_false(soc_irq_level(b->s, 88));
    gpio_pin_drive(b->s, 5, 0, true); /* rising: not asked for */
    assert_false(soc_irq_level(b->s, 88));
}

static void gpio_edge_sel_takes_both_edges(void **state)
{
    struct bench *b = *state;

    wr(b, GPIO2 + EDGE_SEL, 1u << 28);
    wr(b, GPIO2 + ISR, 0xFFFFFFFF);
    wr(b, GPIO2 + IMR, 1u << 28);
    gpio_pin_drive(b->s, 2, 28, false);
    assert_true(soc_irq_level(b->s, 83));
    wr(b, GPIO2 + ISR, 1u << 28);
    assert_false(soc_irq_level(b->s, 83));
    gpio_pin_drive(b->s, 2, 28, true);
    assert_true(soc_irq_level(b->s, 83));
}

static void gpio_level_interrupt_lasts_as_long_as_the_level(void **state)
{
    struct bench *b = *state;

    wr(b, GPIO1 + ICR1, 1 << 6); /* high level of pin 3 */
    wr(b, GPIO1 + ISR, 0xFFFFFFFF);
    wr(b, GPIO1 + IMR, 1 << 3);
    gpio_pin_drive(b->s, 1, 3, true);
    wr(b, GPIO1 + ISR, 1 << 3);
    assert_true(soc_irq_level(b->s, 80));
    assert_true(soc_irq_level(b->s, 72 + 3));
    gpio_pin_drive(b->s, 1, 3, false);
    wr(b, GPIO1 + ISR, 1 << 3);
    assert_false(soc_irq_level(b->s, 80));
}

static void gpio_fast_port_has_the_same_pads(void **state)
{
    struct bench *b = *state;

    wr(b, GPIO6 + GDIR, 1 << LED);
    wr(b, GPIO6 + DR, 1 << LED);
    assert_true(rd(b, GPIO1 + PSR) & 1 << LED);
    gpio_pin_drive(b->s, 1, 3, true);
    assert_true(rd(b, GPIO6 + PSR) & 1 << 3);
    gpio_pin_drive(b->s, 1, LED, true); /* against the output: it wins */
    wr(b, GPIO6 + DR, 0);
    assert_false(rd(b, GPIO1 + PSR) & 1 << LED);
}

static void gpio_reset_makes_all_pins_inputs(void **state)
{
    struct bench *b = *state;

    wr(b, GPIO1 + GDIR, 1 << LED);
    wr(b, GPIO1 + DR, 1 << LED);
    gpio_pin_drive(b->s, 5, 0, false); /* a person holds the button */
    system_reset(b, 0);
    assert_int_equal(rd(b, GPIO1 + GDIR), 0);
    assert_false(gpio_pin_level(b->s, 1, LED));
    assert_false(rd(b, GPIO5 + PSR) & 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gpio_card_slot_is_empty, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(gpio_output_shows_at_the_pad, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(gpio_button_is_read_and_interrupts,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(gpio_edge_sel_takes_both_edges, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(
            gpio_level_interrupt_lasts_as_long_as_the_level, set_up,
            bench_stop),
        cmocka_unit_test_setup_teardown(gpio_fast_port_has_the_same_pads,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(gpio_reset_makes_all_pins_inputs,
                                        set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
