/* scenario.h - what a power-cut sweep is about, as a file of `key = value`
 * lines. The format is in docs/emulator.md, "Scenario files".
 *
 * Tests: test/unit/emu/test_scenario.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_SCENARIO_H
#define TERN_EMU_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/board.h"

enum {
    SCENARIO_LINES_MAX = 16, /* of one repeatable key */
    SCENARIO_WORDS_MAX = 8,  /* alternatives in one line */
    SCENARIO_PATH_MAX = 4096,
};

/* Bytes; a NUL follows, and there may be more inside. */
struct scenario_text {
    const char *bytes;
    size_t len;
};

/* At least one of these. */
struct scenario_any {
    struct scenario_text word[SCENARIO_WORDS_MAX];
    size_t words;
};

struct scenario_send {
    struct scenario_text text;
    struct scenario_text after; /* console text; len 0: at_cycles counts */
    uint64_t at_cycles;         /* since power-on */
};

struct scenario_load { /* a file at an offset of the flash */
    const char *file;
    uint32_t offset;
};

struct scenario_region { /* flash from offset on is one of the files */
    uint32_t offset;
    const char *file[SCENARIO_WORDS_MAX];
    size_t files;
};

/* When a run is over: any of the texts, or the firmware's exit. */
struct scenario_end {
    bool exit;
    struct scenario_any text;
};

struct scenario {
    const char *flash, *elf, *raw; /* NULL: not given */
    uint32_t raw_address;
    uint64_t seed;
    uint64_t limit_cycles; /* of one power-on */
    uint32_t boots;        /* power-ons after a cut; each is checked */
    struct scenario_load load[SCENARIO_LINES_MAX];
    size_t loads;
    struct scenario_send send[SCENARIO_LINES_MAX];
    size_t sends;
    struct scenario_end end, recovered;
    struct scenario_any console[SCENARIO_LINES_MAX];
    size_t consoles;
    struct scenario_any never;
    struct scenario_region region[SCENARIO_LINES_MAX];
    size_t regions;
    bool checks_exit;
    int exit_code;

    char *text; /* everything above points into it */
    char folder[SCENARIO_PATH_MAX];
};

/* Reads and checks a scenario. False: why names the line. */
bool scenario_read(struct scenario *s, const char *file, struct board_why *why);
void scenario_free(struct scenario *s);

/* The same from len bytes of text, which is malloc()ed, has a NUL behind it and
 * becomes the scenario's, also on failure. */
bool scenario_parse(struct scenario *s, char *text, size_t len,
                    struct board_why *why);

/* A file named in the scenario, seen from the scenario's folder. */
bool scenario_path(const struct scenario *s, const char *name,
                   char path[SCENARIO_PATH_MAX]);

#endif
