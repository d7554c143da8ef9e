/* soc_fixture.h - a soc without a core, for the test of one peripheral model:
 * add the model, power on, use its registers, let virtual time pass.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_SOC_FIXTURE_H
#define TERN_TEST_SOC_FIXTURE_H

#include "emu/soc_host.h"

enum { FIXTURE_NOTES = 64 };

struct soc_fixture {
    struct board_config config;
    struct soc *s;
    char notes[FIXTURE_NOTES][256];
    size_t note_count; /* may exceed FIXTURE_NOTES: the rest is not kept */
};

/* Fails the test when there is no memory. Power on by fixture_reset(). */
void fixture_open(struct soc_fixture *f, uint64_t seed);
void fixture_close(struct soc_fixture *f);
void fixture_reset(struct soc_fixture *f, enum soc_reset kind);

uint32_t fixture_read(struct soc_fixture *f, uint32_t address); /* a word */
void fixture_write(struct soc_fixture *f, uint32_t address, uint32_t value);
void fixture_wait_us(struct soc_fixture *f, uint64_t us); /* virtual */

/* Was a line noted that has `part` in it? */
bool fixture_noted(const struct soc_fixture *f, const char *part);
void fixture_forget_notes(struct soc_fixture *f);

#endif
