/* options.h - the command lines of `tern-board` and `tern-board sweep`.
 *
 * Long options only: --name VALUE, --name=VALUE, or a switch; the help is made
 * from the same rows. Tests: test/unit/emu/test_options.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_OPTIONS_H
#define TERN_EMU_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "emu/board.h"

enum {
    OPTIONS_FAULTS_MAX = 16,
    OPTIONS_TEARS_MAX = 16,
    OPTIONS_JOBS_MAX = 256
};

/* All texts are borrowed from argv. */
struct options_run {
    const char *flash, *elf, *raw; /* files; NULL: none */
    uint32_t raw_address;
    const char *save; /* NULL: back to `flash`, unless no_save */
    bool no_save;
    uint64_t seed;
    uint64_t limit_cycles; /* UINT64_MAX: none */
    const char *uart;      /* "-", a file, "unix:PATH" or "tcp:PORT" */
    struct board_cut cut;  /* at_op 0: none */
    const char *net, *pcap, *flash_log, *trace;
    bool stats, strict;
    bool gdb;
    uint16_t gdb_port; /* 0: the system picks one */
    struct options_skip {
        uint32_t address;
        uint64_t nth;
    } skip[OPTIONS_FAULTS_MAX];
    size_t skips;
    struct options_flip {
        uint32_t address;
        unsigned bit;
        uint64_t at_cycles;
    } flip[OPTIONS_FAULTS_MAX];
    size_t flips;
    uint32_t frames_per_million;
    bool frames_corrupt; /* else they are lost */
    enum options_pace {
        OPTIONS_PACE_AUTO,
        OPTIONS_PACE_ON,
        OPTIONS_PACE_OFF
    } pace;
};

struct options_sweep {
    const char *scenario;
    unsigned jobs;                            /* 0: one per processor */
    struct board_cut tear[OPTIONS_TEARS_MAX]; /* at_op unused */
    size_t tears;
    uint64_t sample; /* at most so many first cuts; 0: all */
    bool second;
    uint64_t second_sample; /* per first cut; 0: all */
    struct board_cut replay[2];
    size_t replays;   /* 0: a sweep */
    const char *save; /* flash after a replay */
};

enum options_verdict {
    OPTIONS_OK,
    OPTIONS_HELP,  /* --help was given */
    OPTIONS_USAGE, /* why says what is wrong */
};

/* argv: the words after the program's name (and after "run" or "sweep"). */
enum options_verdict options_run_parse(struct options_run *o, int argc,
                                       char **argv, struct board_why *why);
enum options_verdict options_sweep_parse(struct options_sweep *o, int argc,
                                         char **argv, struct board_why *why);
void options_help(FILE *to);

#endif
