/* scenarios.h - the firmware's other uses, each a few lines that a test of the
 * board drives from outside: scenario.h lists them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_SCENARIOS_H
#define TERN_TEST_EMU_SCENARIOS_H

#include <stdint.h>

void scenario_run(uint32_t which, uint32_t argument) __attribute__((noreturn));

#endif
