/* test_nvic.c - claims about emu/nvic.c: the order of exceptions, without a
 * core.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "emu/nvic.h"

static const struct nvic_masks NO_MASKS = {false, false, 0};

enum { IRQ3 = EXC_IRQ0 + 3, IRQ7 = EXC_IRQ0 + 7, LAST = EXC_IRQ0 + 159 };

static struct nvic fresh(void)
{
    struct nvic n;

    nvic_reset(&n);
    for (unsigned i = EXC_IRQ0; i < NVIC_EXCEPTIONS; i++)
        n.enabled[i] = true;
    return n;
}

static void nvic_nothing_pends_after_reset(void **state)
{
    struct nvic n;

    (void)state;
    nvic_reset(&n);

    assert_int_equal(nvic_take(&n, NO_MASKS), EXC_NONE);
    assert_int_equal(nvic_running(&n, NO_MASKS), NVIC_PRIORITY_THREAD);
}

static void nvic_disabled_interrupt_pends_but_is_not_taken(void **state)
{
    struct nvic n;

    (void)state;
    nvic_reset(&n);
    nvic_pend(&n, IRQ3);
    assert_int_equal(nvic_take(&n, NO_MASKS), EXC_NONE);
    n.enabled[IRQ3] = true;

    assert_int_equal(nvic_take(&n, NO_MASKS), IRQ3);
}

static void nvic_higher_priority_goes_first_then_lower_number(void **state)
{
    struct nvic n = fresh();

    (void)state;
    nvic_pend(&n, LAST);
    nvic_pend(&n, IRQ7);
    nvic_pend(&n, IRQ3);
    assert_int_equal(nvic_take(&n, NO_MASKS), IRQ3);
    n.priority[IRQ3] = 0x20;
    n.priority[IRQ7] = 0x20;
    n.priority[LAST] = 0x10;

    assert_int_equal(nvic_take(&n, NO_MASKS), LAST);
}

static void nvic_faults_and_nmi_stand_above_all_interrupts(void **state)
{
    struct nvic n = fresh();

    (void)state;
    nvic_pend(&n, IRQ3);
    nvic_pend(&n, EXC_HARDFAULT);
    assert_int_equal(nvic_take(&n, NO_MASKS), EXC_HARDFAULT);
    nvic_pend(&n, EXC_NMI);
    assert_int_equal(nvic_take(&n, NO_MASKS), EXC_NMI);
}

static void nvic_equal_priority_does_not_preempt(void **state)
{
    struct nvic n = fresh();

    (void)state;
    n.priority[IRQ3] = n.priority[IRQ7] = 0x40;
    nvic_pend(&n, IRQ7);
    nvic_activate(&n, IRQ7);
    nvic_pend(&n, IRQ3);
    assert_int_equal(nvic_take(&n, NO_MASKS), EXC_NONE);
    n.priority[IRQ3] = 0x30;
    assert_int_equal(nvic_take(&n, NO_MASKS), IRQ3);
    n.priority[IRQ3] = 0x40;
    nvic_deactivate(&n, IRQ7);

    assert_int_equal(nvic_take(&n, NO_MASKS), IRQ3);
}

static void nvic_subpriority_orders_but_does_not_preempt(void **state)
{
    struct nvic n = fresh();

    (void)state;
    n.prigroup = 6; /* only bit 7 preempts */
    n.priority[IRQ3] = 0x60;
    n.priority[IRQ7] = 0x10;
    nvic_pend(&n, IRQ3);
    nvic_pend(&n, IRQ7);
    assert_int_equal(nvic_take(&n, NO_MASKS), IRQ7);
    nvic_unpend(&n, IRQ7);
    nvic_activate(&n, IRQ3);
    nvic_pend(&n, IRQ7);
    assert_int_equal(nvic_take(&n, NO_MASKS), EXC_NONE);
    n.prigroup = 0;

    assert_int_equal(nvic_take(&n, NO_MASKS), IRQ7);
}

static void nvic_masks_hold_back_what_they_should(void **state)
{
    struct nvic n = fresh();
    struct nvic_masks primask = {.primask = true};
    struct nvic_masks faultmask = {.faultmask = true};
    struct nvic_masks basepri = {.basepri = 0x50};

    (void)state;
    n.priority[IRQ3] = 0x50;
    nvic_pend(&n, IRQ3);
    assert_int_equal(nvic_take(&n, basepri), EXC_NONE);
    n.priority[IRQ3] = 0x40;
    assert_int_equal(nvic_take(&n, basepri), IRQ3);
    assert_int_equal(nvic_take(&n, primask), EXC_NONE);
    nvic_pend(&n, EXC_HARDFAULT);
    assert_int_equal(nvic_take(&n, primask), EXC_HARDFAULT);
    assert_int_equal(nvic_take(&n, faultmask), EXC_NONE);
    nvic_pend(&n, EXC_NMI);

    assert_int_equal(nvic_take(&n, faultmask), EXC_NMI);
}

static void nvic_primask_does_not_prevent_waking(void **state)
{
    struct nvic n = fresh();

    (void)state;
    assert_false(nvic_wakes(&n, (struct nvic_masks){.primask = true}));
    nvic_pend(&n, IRQ3);

    assert_true(nvic_wakes(&n, (struct nvic_masks){.primask = true}));
    n.priority[IRQ3] = 0x80;
    assert_false(
        nvic_wakes(&n, (struct nvic_masks){.primask = true, .basepri = 0x80}));
}

static void nvic_high_line_pends_again_after_its_handler(void **state)
{
    struct nvic n = fresh();

    (void)state;
    nvic_set_line(&n, IRQ3, true);
    assert_int_equal(nvic_take(&n, NO_MASKS), IRQ3);
    nvic_activate(&n, IRQ3);
    assert_false(n.pending[IRQ3]);
    nvic_deactivate(&n, IRQ3);
    assert_true(n.pending[IRQ3]);
    nvic_activate(&n, IRQ3);
    nvic_set_line(&n, IRQ3, false);
    nvic_deactivate(&n, IRQ3);

    assert_false(n.pending[IRQ3]);
    assert_int_equal(n.pending_count, 0);
    assert_int_equal(n.active_count, 0);
}

static void nvic_pulse_during_handler_is_not_lost(void **state)
{
    struct nvic n = fresh();

    (void)state;
    nvic_set_line(&n, IRQ3, true);
    nvic_activate(&n, IRQ3);
    nvic_set_line(&n, IRQ3, false);
    nvic_set_line(&n, IRQ3, true);
    nvic_set_line(&n, IRQ3, false);
    nvic_deactivate(&n, IRQ3);

    assert_true(n.pending[IRQ3]);
}

static void nvic_clearing_a_high_line_pends_it_again(void **state)
{
    struct nvic n = fresh();

    (void)state;
    nvic_set_line(&n, IRQ3, true);
    nvic_unpend(&n, IRQ3);
    assert_true(n.pending[IRQ3]);
    nvic_set_line(&n, IRQ3, false);
    assert_true(n.pending[IRQ3]);
    nvic_unpend(&n, IRQ3);

    assert_false(n.pending[IRQ3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nvic_nothing_pends_after_reset),
        cmocka_unit_test(nvic_disabled_interrupt_pends_but_is_not_taken),
        cmocka_unit_test(nvic_higher_priority_goes_first_then_lower_number),
        cmocka_unit_test(nvic_faults_and_nmi_stand_above_all_interrupts),
        cmocka_unit_test(nvic_equal_priority_does_not_preempt),
        cmocka_unit_test(nvic_subpriority_orders_but_does_not_preempt),
        cmocka_unit_test(nvic_masks_hold_back_what_they_should),
        cmocka_unit_test(nvic_primask_does_not_prevent_waking),
        cmocka_unit_test(nvic_high_line_pends_again_after_its_handler),
        cmocka_unit_test(nvic_pulse_during_handler_is_not_lost),
        cmocka_unit_test(nvic_clearing_a_high_line_pends_it_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
