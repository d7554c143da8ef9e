/* scenario.h - what the firmware is to do, and how it tells: shared by the
 * firmware and the host side, test/emu/rig.c.
 *
 * The host writes two words into the image before power-on; the firmware reads
 * them and does that scenario.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_SCENARIO_H
#define TERN_TEST_EMU_SCENARIO_H

enum {
    SCENARIO_OFFSET = 0x1800, /* in flash: the scenario, then its argument */

    /* Scratch areas of the flash, beyond the image. */
    SLOT_A_OFFSET = 0x100000,
    SLOT_B_OFFSET = 0x200000,
    SCRATCH_OFFSET = 0x300000,

    EXIT_PASSED = 0,
    EXIT_FAILED = 1,
    EXIT_DIED = 2, /* an exception that no claim expected */
};

enum scenario {
    SCENARIO_CONFORMANCE, /* every claim of claims.h */
    SCENARIO_HELLO,       /* a line, then exit with the argument */
    SCENARIO_ECHO,        /* what comes in goes out, in capitals; 'q' ends */
    SCENARIO_WRITE_FLASH, /* erase the scratch sector, program its 16 pages */
    SCENARIO_READ_FLASH,  /* print the first word of the scratch sector */
    SCENARIO_COUNT,       /* ten steps, at an address that is printed */
    SCENARIO_SPIN,    /* loop on a word of OCRAM until it changes; argument 1:
                          without privilege */
    SCENARIO_SLEEP,   /* WFI with nothing that could end it */
    SCENARIO_LOCKUP,  /* a fault in the HardFault handler */
    SCENARIO_UNKNOWN, /* read a register that no chip has */
    SCENARIO_NOISE,   /* print a sum of untouched RAM; then change it */
    SCENARIO_TICK,    /* a dot per SysTick, for ever */
    SCENARIO_FRAMES,  /* asks the gateway `argument` times, prints the counts */
};

enum {
    SPIN_ADDRESS = 0x20280000,  /* SCENARIO_SPIN's word */
    NOISE_ADDRESS = 0x20290000, /* RAM that only SCENARIO_NOISE touches */
    NOISE_BYTES = 0x1000,
    COUNT_STEPS = 10,
    SCRATCH_PAGES = 16,
    PAGE_BYTES = 256,
};

#endif
