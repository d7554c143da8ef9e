/* test_phy.c - claims about the PHY of emu/phy.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "emu/phy.h"

enum { BMCR, BMSR, ID1, ID2, ADVERTISE, PARTNER, INTERRUPT = 0x1B };
enum { CONTROL1 = 0x1E, CONTROL2 = 0x1F };

static struct phy after_reset(void)
{
    struct phy p;

    phy_reset(&p);
    return p;
}

static void phy_after_reset_names_itself_and_has_a_link(void **state)
{
    struct phy p = after_reset();

    (void)state;
    assert_int_equal(phy_read(&p, 2, ID1), 0x0022);
    assert_int_equal(phy_read(&p, 2, ID2) & 0xFFF0, 0x1560);
    assert_int_equal(phy_read(&p, 2, BMSR) & 0x0024, 0x0024);
    assert_int_equal(phy_read(&p, 2, PARTNER) & 0x0100, 0x0100);
    assert_true(phy_passes(&p));
    assert_false(phy_loops(&p));
}

static void phy_after_reset_runs_at_100_full_duplex(void **state)
{
    struct phy p = after_reset();

    (void)state;
    assert_int_equal(phy_read(&p, 2, CONTROL1), 0x0116);
}

static void phy_other_address_is_not_answered(void **state)
{
    struct phy p = after_reset();

    (void)state;
    phy_write(&p, 5, BMCR, 0x0800);

    assert_int_equal(phy_read(&p, 5, ID1), 0xFFFF);
    assert_true(phy_passes(&p));
    assert_int_equal(phy_read(&p, 0, ID1), 0x0022); /* broadcast */
}

static void phy_reset_bit_clears_itself_and_undoes_writes(void **state)
{
    struct phy p = after_reset();

    (void)state;
    phy_write(&p, 2, CONTROL2, 0x8180);
    phy_write(&p, 2, BMCR, 0x8000);

    assert_int_equal(phy_read(&p, 2, BMCR), 0x3100);
    assert_int_equal(phy_read(&p, 2, CONTROL2), 0x8100);
}

static void phy_restart_of_negotiation_is_done_at_once(void **state)
{
    struct phy p = after_reset();

    (void)state;
    phy_write(&p, 2, BMCR, 0x1200);

    assert_int_equal(phy_read(&p, 2, BMCR), 0x1000);
    assert_int_equal(phy_read(&p, 2, BMSR) & 0x0020, 0x0020);
}

static void phy_forced_speed_is_reported_and_not_negotiated(void **state)
{
    struct phy p = after_reset();

    (void)state;
    phy_write(&p, 2, BMCR, 0x0000);
    assert_int_equal(phy_read(&p, 2, CONTROL1) & 7, 1); /* 10 half */
    assert_int_equal(phy_read(&p, 2, BMSR) & 0x0024, 0x0004);

    phy_write(&p, 2, BMCR, 0x2100);
    assert_int_equal(phy_read(&p, 2, CONTROL1) & 7, 6); /* 100 full */
}

static void phy_that_offers_only_10_gets_10(void **state)
{
    struct phy p = after_reset();

    (void)state;
    phy_write(&p, 2, ADVERTISE, 0x0061);

    assert_int_equal(phy_read(&p, 2, CONTROL1) & 7, 5);
}

static void phy_powered_down_has_no_link(void **state)
{
    struct phy p = after_reset();

    (void)state;
    phy_write(&p, 2, BMCR, 0x0800);

    assert_int_equal(phy_read(&p, 2, BMSR) & 0x0024, 0);
    assert_int_equal(phy_read(&p, 2, CONTROL1), 0);
    assert_false(phy_passes(&p));
}

static void phy_loop_bit_turns_frames_round(void **state)
{
    struct phy p = after_reset();

    (void)state;
    phy_write(&p, 2, BMCR, 0x6100);

    assert_true(phy_loops(&p));
}

static void phy_link_event_is_cleared_by_reading_it(void **state)
{
    struct phy p = after_reset();

    (void)state;
    phy_write(&p, 2, BMCR, 0x8000);
    phy_write(&p, 2, INTERRUPT, 0x0500);

    assert_int_equal(phy_read(&p, 2, INTERRUPT), 0x0501);
    assert_int_equal(phy_read(&p, 2, INTERRUPT), 0x0500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phy_after_reset_names_itself_and_has_a_link),
        cmocka_unit_test(phy_after_reset_runs_at_100_full_duplex),
        cmocka_unit_test(phy_other_address_is_not_answered),
        cmocka_unit_test(phy_reset_bit_clears_itself_and_undoes_writes),
        cmocka_unit_test(phy_restart_of_negotiation_is_done_at_once),
        cmocka_unit_test(phy_forced_speed_is_reported_and_not_negotiated),
        cmocka_unit_test(phy_that_offers_only_10_gets_10),
        cmocka_unit_test(phy_powered_down_has_no_link),
        cmocka_unit_test(phy_loop_bit_turns_frames_round),
        cmocka_unit_test(phy_link_event_is_cleared_by_reading_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
