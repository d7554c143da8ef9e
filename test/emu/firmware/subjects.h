/* subjects.h - what the claims are about: one file t_<subject>.c each.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_SUBJECTS_H
#define TERN_TEST_EMU_SUBJECTS_H

#include "harness.h"

extern const struct subject exception_subject, mask_subject, thread_subject,
    integer_subject, fpu_subject, switch_subject, fault_subject,
    systick_subject, nvic_subject, memory_subject, sleep_subject, dwt_subject,
    flash_subject, remap_subject, reset_subject, clock_subject, driver_subject,
    not_modelled_subject;

#endif
