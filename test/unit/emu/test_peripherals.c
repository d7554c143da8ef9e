/* test_peripherals.c - claims about the small peripherals together
 * (emu/peripherals.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "emu/peripherals.h"
#include "test/unit/emu/soc_fixture.h"

static int set_up(void **state)
{
    static struct soc_fixture f;

    fixture_open(&f, 7);
    peripherals_add_all(f.s);
    fixture_reset(&f, SOC_RESET_POWER);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture_close(*state);
    return 0;
}

static void peripherals_windows_do_not_overlap(void **state)
{
    struct soc_fixture *f = *state;

    assert_true(soc_devices(f->s) > 40);
    for (size_t i = 1; i < soc_devices(f->s); i++) {
        const struct soc_device *before = soc_device(f->s, i - 1);
        assert_true(before->base + before->bytes <= soc_device(f->s, i)->base);
    }
}

/* What bootloader and start-up code of the chip's vendor read and write. */
static void peripherals_registers_of_a_start_up_answer(void **state)
{
    static const struct {
        uint32_t first, last;
    } WORDS[] = {
        {0x400A4000, 0x400A4000}, /* IOMUXC_SNVS_GPR */
        {0x400AC000, 0x400AC088}, /* IOMUXC_GPR */
        {0x400BC000, 0x400BC00C}, /* RTWDOG */
        {0x400D8000, 0x400D803C}, /* PLLs */
        {0x400D80E0, 0x400D817C}, /* PFDs, PMU, MISC */
        {0x400D8270, 0x400D827C}, /* LOWPWR_CTRL */
        {0x400FC008, 0x400FC030}, /* CCM */
        {0x400FC054, 0x400FC088}, /* CCM, gates */
        {0x400840E0, 0x400840E4}, /* PIT lifetime */
        {0x40184000, 0x4018402C}, /* LPUART1 */
        {0x401B8000, 0x401B801C}, /* GPIO1 */
        {0x401BC000, 0x401BC01C}, /* GPIO2 */
        {0x401F8014, 0x401F878C}, /* IOMUXC */
        {0x401F4450, 0x401F4470}, /* OCOTP: boot configuration */
        {0x401F46D0, 0x401F46D0}, /* OCOTP: FlexRAM */
        {0x400CC000, 0x400CC07C}, /* TRNG */
        {0x402C0024, 0x402C0024}, /* USDHC1 PRES_STATE */
        {0x40080000, 0x4008000C}, /* DCDC */
        {0x400D9000, 0x400D903C}, /* USBPHY1 */
        {0x402E0140, 0x402E014C}, /* USB1 */
    };
    struct soc_fixture *f = *state;

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        for (uint32_t at = WORDS[i].first; at <= WORDS[i].last; at += 4)
            fixture_read(f, at);
    for (uint32_t base = 0x400B8000; base <= 0x400D0000; base += 0x18000)
        for (uint32_t off = 0; off <= 8; off += 2) /* WDOG1, WDOG2 */
            soc_read(f->s, base + off, 2);
    assert_int_equal(f->note_count, 0);
}

/* The sequence of the vendor's SystemInit() and clock set-up. */
static void peripherals_start_up_sequence_causes_no_reset(void **state)
{
    struct soc_fixture *f = *state;
    uint32_t srsr;

    fixture_write(f, 0x400BC004, 0xD928C520);
    fixture_write(f, 0x400BC008, 0xFFFF);
    fixture_write(f, 0x400BC000, (fixture_read(f, 0x400BC000) & ~0x80u) | 0x20);
    fixture_write(f, 0x400FC018, fixture_read(f, 0x400FC018) | 1u << 12);
    fixture_write(f, 0x400FC014, fixture_read(f, 0x400FC014) | 1u << 25);
    fixture_write(f, 0x400D8000, 0x3000 | 100); /* ARM PLL: off ... */
    fixture_write(f, 0x400D8000, 0x2000 | 100); /* ... on at 1200 MHz */
    fixture_wait_us(f, 100);
    assert_int_equal(fixture_read(f, 0x400D8000) >> 31, 1);
    fixture_wait_us(f, 3000000);
    assert_false(soc_take_reset(f->s, &srsr));
    assert_int_equal(f->note_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(peripherals_windows_do_not_overlap,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            peripherals_registers_of_a_start_up_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            peripherals_start_up_sequence_causes_no_reset, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
