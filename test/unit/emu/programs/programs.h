/* programs.h - the host's view of programs.S.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_PROGRAMS_H
#define TERN_TEST_EMU_PROGRAMS_H

#include <stdint.h>

/* In the order of programs.S's table. */
enum program {
    EXIT_7,
    COUNT_LOOP,
    SLEEP_TICKS,
    SLEEP_FOR_EVER,
    LOCK_UP,
    RESET_TWICE,
    BAD_READ,
    DIVIDE,
    FP_OFF,
    MARKED_LOOP,
    ERASE_TWICE,
    UNKNOWN_REGISTER,
    BAD_WRITE,
    PATCH_ITSELF,
    WAIT_FOR_EVENT,
    SPIN,
    SVC_MASKED,
    UNPRIVILEGED_SVC,
    WATCHDOG,
};

enum {
    PROGRAMS_CHOSEN = 0x1800, /* offset in flash */
    PROGRAMS_TABLE = 0x2400,
    PROGRAMS_RECORD = 0x20018000,
};

/* What the handler of unexpected exceptions leaves. */
struct record {
    uint32_t exception, pc, xpsr, cfsr, hfsr, bfar, exc_return;
};

#endif
