/* evk.c - see evk.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/emu/evk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RUN_SECONDS_MAX = 10, SLICE_CYCLES = 10000 };

static void append(struct evk_text *t, const char *bytes, size_t len)
{
    size_t room = sizeof t->bytes - 1 - t->len;

    if (len > room)
        len = room;
    memcpy(t->bytes + t->len, bytes, len);
    t->len += len;
    t->bytes[t->len] = '\0';
}

static void on_byte(void *ctx, uint8_t byte)
{
    struct evk *e = ctx;

    append(&e->console, (const char *)&byte, 1);
    if (byte == '.' && e->stop_at_dot)
        board_stop(e->stop_at_dot);
}

static void on_note(void *ctx, const char *line)
{
    struct evk *e = ctx;

    append(&e->notes, line, strlen(line));
    append(&e->notes, "\n", 1);
}

const char *evk_file(const char *name)
{
    static char path[4096];

    snprintf(path, sizeof path, "%s/%s", EVK_FIRMWARE_DIR, name);
    return path;
}

struct evk *evk_new(const struct board_config *c, enum scenario scenario,
                    uint32_t argument)
{
    struct evk *e = calloc(1, sizeof *e);
    struct board_config config = c ? *c : (struct board_config){.seed = 1};
    struct board_why why = {""};

    assert_non_null(e);
    config.uart_out = on_byte;
    config.uart_ctx = e;
    config.note = on_note;
    config.note_ctx = e;
    e->board = board_new(&config, &why);
    if (!e->board)
        fail_msg("no board: %s", why.text);
    if (!board_flash_load(e->board, evk_file("conformance.bin"), &why))
        fail_msg("no firmware: %s", why.text);
    evk_set_scenario(e, scenario, argument);
    return e;
}

void evk_free(struct evk *e)
{
    board_free(e->board);
    free(e);
}

void evk_set_scenario(struct evk *e, enum scenario scenario, uint32_t argument)
{
    const uint32_t words[2] = {scenario, argument};

    memcpy(board_flash(e->board) + SCENARIO_OFFSET, words, sizeof words);
}

enum board_stop evk_boot(struct evk *e)
{
    e->console.len = 0;
    e->notes.len = 0;
    board_power_off(e->board);
    board_power_on(e->board);
    return board_run(e->board, (uint64_t)RUN_SECONDS_MAX * EVK_SECOND);
}

void evk_run_to(struct evk *e, const char *text)
{
    const uint64_t slices =
        (uint64_t)RUN_SECONDS_MAX * EVK_SECOND / SLICE_CYCLES;

    for (uint64_t i = 0; i < slices && !evk_said(e, text); i++) {
        enum board_stop stop = board_run(e->board, SLICE_CYCLES);
        if (stop != BOARD_STOP_TIME)
            break;
    }
    if (!evk_said(e, text))
        fail_msg("no '%s' on the console, but: %s", text, e->console.bytes);
}

uint32_t evk_number(const struct evk *e, const char *label)
{
    const char *at = strstr(e->console.bytes, label);

    if (!at) {
        fail_msg("no '%s' on the console: %s", label, e->console.bytes);
        return 0;
    }
    return (uint32_t)strtoul(at + strlen(label), NULL, 16);
}

bool evk_said(const struct evk *e, const char *text)
{
    return strstr(e->console.bytes, text) != NULL;
}

bool evk_noted(const struct evk *e, const char *text)
{
    return strstr(e->notes.bytes, text) != NULL;
}
