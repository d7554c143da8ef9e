/* soc_fixture.c - a soc without a core, see soc_fixture.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/soc_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void keep_note(void *ctx, const char *line)
{
    struct soc_fixture *f = ctx;

    if (f->note_count < FIXTURE_NOTES)
        snprintf(f->notes[f->note_count], sizeof f->notes[0], "%s", line);
    f->note_count++;
}

void fixture_open(struct soc_fixture *f, uint64_t seed)
{
    struct board_why why;

    *f = (struct soc_fixture){
        .config = {.seed = seed, .note = keep_note, .note_ctx = f}};
    f->s = soc_new(&f->config, &why);
    if (!f->s) {
        fprintf(stderr, "soc_fixture: %s\n", why.text);
        abort();
    }
}

void fixture_close(struct soc_fixture *f)
{
    soc_free(f->s);
}

void fixture_reset(struct soc_fixture *f, enum soc_reset kind)
{
    soc_reset(f->s, kind, 0);
}

uint32_t fixture_read(struct soc_fixture *f, uint32_t address)
{
    return soc_read(f->s, address, 4);
}

void fixture_write(struct soc_fixture *f, uint32_t address, uint32_t value)
{
    soc_write(f->s, address, value, 4);
}

void fixture_wait_us(struct soc_fixture *f, uint64_t us)
{
    soc_advance(f->s, soc_now(f->s) + us * (BOARD_HZ / 1000000));
}

bool fixture_noted(const struct soc_fixture *f, const char *part)
{
    for (size_t i = 0; i < f->note_count && i < FIXTURE_NOTES; i++)
        if (strstr(f->notes[i], part))
            return true;
    return false;
}

void fixture_forget_notes(struct soc_fixture *f)
{
    f->note_count = 0;
}
