/* test_plain.c - claims about blocks that do little or nothing: emu/gpc.c,
 * emu/plain.c, emu/usb.c, emu/usbphy.c, emu/usdhc.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

enum {
    GPC_IMR1 = 0x400F4008,
    USB1_CMD = 0x402E0140,
    USB1_STS = 0x402E0144,
    USB2_CMD = 0x402E0340,
    USBNC_OTG1 = 0x402E0800,
    USBPHY1_CTRL = 0x400D9030,
    USDHC1 = 0x402C0000,
    CMD = USDHC1 + 0x0C,
    PRES_STATE = USDHC1 + 0x24,
    SYS_CTRL = USDHC1 + 0x2C,
    INT_STATUS = USDHC1 + 0x30,
    INT_STATUS_EN = USDHC1 + 0x34,
    INT_SIGNAL_EN = USDHC1 + 0x38,
    COMMAND_TIMEOUT = 1 << 16,
    CARD_INSERTED = 1 << 16,
};

static void add(struct soc *s)
{
    gpc_add(s);
    plain_add(s);
    usb_add(s);
    usbphy_add(s);
    usdhc_add(s);
}

static int set_up(void **state)
{
    return bench_start(state, add);
}

static void usdhc_has_a_stable_clock_and_no_card(void **state)
{
    assert_true(rd(*state, PRES_STATE) & 8);
    assert_false(rd(*state, PRES_STATE) & CARD_INSERTED);
}

static void usdhc_command_times_out(void **state)
{
    struct bench *b = *state;

    wr(b, INT_STATUS_EN, COMMAND_TIMEOUT);
    wr(b, INT_SIGNAL_EN, COMMAND_TIMEOUT);
    wr(b, CMD, 0);
    assert_int_equal(rd(b, INT_STATUS), COMMAND_TIMEOUT);
    assert_true(soc_irq_level(b->s, 110));
    wr(b, INT_STATUS, COMMAND_TIMEOUT);
    assert_false(soc_irq_level(b->s, 110));
}

static void usdhc_reset_is_over_at_once(void **state)
{
    wr(*state, INT_STATUS_EN, 5);
    wr(*state, SYS_CTRL, 0x0F000000);
    assert_int_equal(rd(*state, SYS_CTRL) & 0x0F000000, 0);
    assert_int_equal(rd(*state, INT_STATUS_EN), 0);
}

static void usb_reset_is_over_at_once(void **state)
{
    wr(*state, USB1_CMD, 2);
    assert_int_equal(rd(*state, USB1_CMD) & 2, 0);
    assert_int_equal(rd(*state, USB2_CMD), 0x00080000);
}

static void usb_host_runs_and_halts(void **state)
{
    wr(*state, USB1_CMD, 1);
    assert_false(rd(*state, USB1_STS) & 1 << 12);
    wr(*state, USB1_CMD, 0);
    assert_true(rd(*state, USB1_STS) & 1 << 12);
}

static void storage_blocks_answer_without_a_report(void **state)
{
    static const uint32_t AT[] = {
        GPC_IMR1,   USBNC_OTG1, USBPHY1_CTRL, 0x4007C000,
        0x4017C040, 0x4027C000, 0x4037C050,   0x403EC000,
        0x400DC000, 0x400B0000, 0x401800F4,   0x402C4024,
    };
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof AT / sizeof AT[0]; i++)
        rd(b, AT[i]);
    wr(b, GPC_IMR1, 0xFFFF);
    assert_int_equal(rd(b, GPC_IMR1), 0xFFFF);
    assert_int_equal(b->f.note_count, 0);
}

static void phy_gate_clears_by_its_clear_address(void **state)
{
    wr(*state, USBPHY1_CTRL + 8, 0xC0000000);
    assert_int_equal(rd(*state, USBPHY1_CTRL), 0x00200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(usdhc_has_a_stable_clock_and_no_card,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(usdhc_command_times_out, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(usdhc_reset_is_over_at_once, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(usb_reset_is_over_at_once, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(usb_host_runs_and_halts, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(storage_blocks_answer_without_a_report,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(phy_gate_clears_by_its_clear_address,
                                        set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
