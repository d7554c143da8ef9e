/* rig.c - see rig.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/why.h"

enum {
    SLICE_CYCLES = BOARD_HZ / RIG_SLICES_PER_S,
    CONSOLE_MAX = 4 << 20,
    TEXT_SHOWN = 60, /* bytes of a text in a message */
};

/* --- files ---------------------------------------------------------------- */

static bool read_file(struct rig *r, const char *name, struct rig_bytes *out)
{
    char path[SCENARIO_PATH_MAX];
    FILE *from =
        scenario_path(r->scenario, name, path) ? fopen(path, "re") : NULL;

    *out = (struct rig_bytes){0};
    if (!from)
        return why_not(&r->why, "cannot open %.180s: %s", name,
                       strerror(errno));
    /* One byte more than a flash has, to see that a file is too long. */
    out->bytes = malloc(BOARD_FLASH_BYTES + 1);
    if (out->bytes)
        out->len = fread(out->bytes, 1, BOARD_FLASH_BYTES + 1, from);
    bool ok = out->bytes && !ferror(from);

    (void)fclose(from);
    if (!ok)
        return why_not(&r->why, "cannot read %.180s", name);
    /* What is not needed goes back at once: the sweep forks this process. */
    uint8_t *fitting = realloc(out->bytes, out->len + 1);
    if (fitting)
        out->bytes = fitting;
    return true;
}

static bool put_file(struct rig *r, const char *name, uint32_t offset)
{
    struct rig_bytes file;

    if (!read_file(r, name, &file))
        return false;
    bool fits = file.len <= BOARD_FLASH_BYTES - offset;

    if (fits && file.bytes)
        memcpy(board_flash(r->board) + offset, file.bytes, file.len);
    free(file.bytes);
    return fits || why_not(&r->why, "%.180s does not fit the flash at 0x%X",
                           name, offset);
}

static bool fill_flash(struct rig *r)
{
    const struct scenario *s = r->scenario;

    if (s->flash && !put_file(r, s->flash, 0))
        return false;
    for (size_t i = 0; i < s->loads; i++)
        if (!put_file(r, s->load[i].file, s->load[i].offset))
            return false;
    return true;
}

static bool read_wanted(struct rig *r)
{
    for (size_t i = 0; i < r->scenario->regions; i++) {
        const struct scenario_region *g = &r->scenario->region[i];
        for (size_t n = 0; n < g->files; n++) {
            if (!read_file(r, g->file[n], &r->want[i][n]))
                return false;
            if (r->want[i][n].len > BOARD_FLASH_BYTES - g->offset)
                return why_not(&r->why,
                               "%.180s is longer than the flash from 0x%X on",
                               g->file[n], g->offset);
        }
    }
    return true;
}

static bool load_program(struct rig *r)
{
    const struct scenario *s = r->scenario;
    const char *name = s->elf ? s->elf : s->raw;
    char path[SCENARIO_PATH_MAX];

    if (!name)
        return true;
    if (!scenario_path(s, name, path))
        return why_not(&r->why, "the name %.180s is too long", name);
    return s->elf ? board_load_elf(r->board, path, &r->why)
                  : board_load_raw(r->board, path, s->raw_address, &r->why);
}

/* --- console -------------------------------------------------------------- */

static void uart_out(void *ctx, uint8_t byte)
{
    struct rig *r = ctx;

    if (r->echo)
        (void)putchar(byte);
    if (r->console_len == r->console_cap) {
        size_t cap = r->console_cap ? 2 * r->console_cap : 4096;
        char *wider = cap <= CONSOLE_MAX ? realloc(r->console, cap) : NULL;
        if (!wider) {
            r->console_lost = true;
            return;
        }
        r->console = wider;
        r->console_cap = cap;
    }
    r->console[r->console_len++] = (char)byte;
}

static void note(void *ctx, const char *line)
{
    const struct rig *r = ctx;

    if (r->echo)
        (void)fprintf(stderr, "tern-board: %s\n", line);
}

/* From `from` on; empty is never found. */
static bool said(const struct rig *r, const struct scenario_text *t,
                 size_t from)
{
    return t->len > 0 && r->console_len > from &&
           memmem(r->console + from, r->console_len - from, t->bytes, t->len);
}

static const struct scenario_text *said_any(const struct rig *r,
                                            const struct scenario_any *a,
                                            size_t searched)
{
    for (size_t i = 0; i < a->words; i++) {
        /* It may have begun in what was searched before. */
        size_t back = a->word[i].len;
        size_t from = searched > back ? searched - back : 0;
        if (said(r, &a->word[i], from))
            return &a->word[i];
    }
    return NULL;
}

/* --- life ----------------------------------------------------------------- */

bool rig_open(struct rig *r, const struct scenario *s, struct board_why *why)
{
    const struct board_config config = {
        .seed = s->seed,
        .uart_out = uart_out,
        .uart_ctx = r,
        .note = note,
        .note_ctx = r,
    };

    *r = (struct rig){.scenario = s};
    r->board = board_new(&config, &r->why);
    bool ok = r->board && fill_flash(r) && read_wanted(r) && load_program(r);

    *why = r->why;
    return ok;
}

void rig_close(struct rig *r)
{
    for (size_t i = 0; i < SCENARIO_LINES_MAX; i++)
        for (size_t n = 0; n < SCENARIO_WORDS_MAX; n++)
            free(r->want[i][n].bytes);
    free(r->console);
    if (r->board)
        board_free(r->board);
    *r = (struct rig){0};
}

/* --- running -------------------------------------------------------------- */

void rig_power_on(struct rig *r, bool first)
{
    r->end = first ? &r->scenario->end : &r->scenario->recovered;
    r->sends = first;
    memset(r->sent, 0, sizeof r->sent);
    r->console_len = r->searched = 0;
    r->exited = false;
    board_power_on(r->board);
}

static uint64_t cycles(const struct rig *r)
{
    struct board_stats now;

    board_stats(r->board, &now);
    return now.cycles;
}

uint64_t rig_flash_ops(const struct rig *r)
{
    struct board_stats now;

    board_stats(r->board, &now);
    return now.flash_erases + now.flash_programs;
}

static void send_due(struct rig *r)
{
    for (size_t i = 0; r->sends && i < r->scenario->sends; i++) {
        const struct scenario_send *s = &r->scenario->send[i];
        bool due = s->after.len > 0 ? said(r, &s->after, 0)
                                    : cycles(r) >= s->at_cycles;
        if (r->sent[i] || !due)
            continue;
        board_uart_in(r->board, s->text.bytes, s->text.len);
        r->sent[i] = true;
    }
}

static enum rig_result failed(struct rig *r, const char *what)
{
    struct board_stats now;

    board_stats(r->board, &now);
    (void)why_not(&r->why, "%s, at 0x%08X after %.3f s", what, now.pc,
                  (double)now.cycles / BOARD_HZ);
    return RIG_FAILED;
}

static enum rig_result exited(struct rig *r)
{
    struct board_stats now;

    board_stats(r->board, &now);
    r->exited = true;
    r->exit_code = now.exit_code;
    if (r->end->exit)
        return RIG_ENDED;
    (void)why_not(&r->why, "the firmware ended the run with code %d",
                  now.exit_code);
    return RIG_FAILED;
}

static enum rig_result time_has_passed(struct rig *r)
{
    if (cycles(r) >= r->scenario->limit_cycles)
        return failed(r, "the run had not ended at its limit");
    return RIG_GOES_ON;
}

enum rig_result rig_slice(struct rig *r)
{
    send_due(r);
    enum board_stop stop = board_run(r->board, SLICE_CYCLES);

    if (stop == BOARD_STOP_CUT)
        return RIG_CUT;
    if (r->console_lost)
        return failed(r, "the console said more than 4 MiB");
    if (said_any(r, &r->end->text, r->searched))
        return RIG_ENDED;
    r->searched = r->console_len;
    switch (stop) {
    case BOARD_STOP_TIME:
    case BOARD_STOP_BREAK:
    case BOARD_STOP_STRICT:
        return time_has_passed(r);
    case BOARD_STOP_EXIT:
        return exited(r);
    case BOARD_STOP_LOCKUP:
        return failed(r, "the core is locked up or sleeps for ever");
    case BOARD_STOP_NO_IMAGE:
        return failed(r, "the boot ROM finds nothing to start");
    case BOARD_STOP_CUT:
        break;
    }
    return RIG_CUT;
}

enum rig_result rig_run(struct rig *r)
{
    enum rig_result result;

    do
        result = rig_slice(r);
    while (result == RIG_GOES_ON);
    return result;
}

/* --- checks --------------------------------------------------------------- */

static bool check_console(struct rig *r)
{
    const struct scenario *s = r->scenario;
    const struct scenario_text *bad = said_any(r, &s->never, 0);

    if (bad)
        return why_not(&r->why, "the console said '%.*s'",
                       bad->len < TEXT_SHOWN ? (int)bad->len : TEXT_SHOWN,
                       bad->bytes);
    for (size_t i = 0; i < s->consoles; i++) {
        const struct scenario_text *first = &s->console[i].word[0];
        if (!said_any(r, &s->console[i], 0))
            return why_not(&r->why, "the console never said '%.*s'%s",
                           first->len < TEXT_SHOWN ? (int)first->len
                                                   : TEXT_SHOWN,
                           first->bytes,
                           s->console[i].words > 1 ? " or an alternative" : "");
    }
    return true;
}

static uint32_t first_difference(const uint8_t *a, const uint8_t *b, size_t len)
{
    uint32_t at = 0;

    while (at < len && a[at] == b[at])
        at++;
    return at;
}

static bool check_region(struct rig *r, size_t i)
{
    const struct scenario_region *g = &r->scenario->region[i];
    const uint8_t *flash = board_flash(r->board) + g->offset;

    for (size_t n = 0; n < g->files; n++)
        if (memcmp(flash, r->want[i][n].bytes, r->want[i][n].len) == 0)
            return true;
    uint32_t at =
        first_difference(flash, r->want[i][0].bytes, r->want[i][0].len);

    return why_not(&r->why, "flash 0x%X is not %.120s%s: 0x%02X stands at 0x%X",
                   g->offset, g->file[0],
                   g->files > 1 ? " nor an alternative" : "", flash[at],
                   g->offset + at);
}

bool rig_check(struct rig *r)
{
    const struct scenario *s = r->scenario;

    if (!check_console(r))
        return false;
    for (size_t i = 0; i < s->regions; i++)
        if (!check_region(r, i))
            return false;
    if (s->checks_exit && (!r->exited || r->exit_code != s->exit_code))
        return why_not(&r->why, "exit code %d, not %d", r->exit_code,
                       s->exit_code);
    return true;
}

bool rig_recover(struct rig *r)
{
    for (uint32_t boot = 0; boot < r->scenario->boots; boot++) {
        board_power_off(r->board);
        rig_power_on(r, false);
        if (rig_run(r) != RIG_ENDED || !rig_check(r))
            return false;
    }
    return true;
}
