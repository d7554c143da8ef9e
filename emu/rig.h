/* rig.h - a board on which a scenario runs: its flash is filled, its console
 * recorded, its text sent, its end noticed, its outcome checked.
 *
 * Time goes in slices of equal length, so that two runs of the same scenario
 * can be compared slice by slice.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_RIG_H
#define TERN_EMU_RIG_H

#include "emu/scenario.h"

enum { RIG_SLICES_PER_S = 10000 };

struct rig_bytes {
    uint8_t *bytes;
    size_t len;
};

struct rig {
    const struct scenario *scenario;
    struct board *board;
    struct rig_bytes want[SCENARIO_LINES_MAX][SCENARIO_WORDS_MAX];
    const struct scenario_end *end; /* of this power-on */
    bool sends;                     /* the scenario's text, this power-on */
    bool sent[SCENARIO_LINES_MAX];
    char *console; /* since power-on */
    size_t console_len, console_cap;
    size_t searched;   /* for the end */
    bool console_lost; /* no memory, or endless */
    bool echo;         /* also to stdout */
    bool exited;
    int exit_code;
    struct board_why why; /* of RIG_FAILED */
};

enum rig_result {
    RIG_GOES_ON,
    RIG_ENDED,  /* as the scenario says */
    RIG_CUT,    /* the power cut came */
    RIG_FAILED, /* why */
};

/* Fills the flash; the board is off. False: why; close it all the same. */
bool rig_open(struct rig *r, const struct scenario *s, struct board_why *why);
void rig_close(struct rig *r);

/* first: the run that is cut; else one of those that recover. */
void rig_power_on(struct rig *r, bool first);
enum rig_result rig_slice(struct rig *r);
enum rig_result rig_run(struct rig *r); /* never RIG_GOES_ON */
uint64_t rig_flash_ops(const struct rig *r);

/* Does the run that has ended meet the scenario's conditions? False: why. */
bool rig_check(struct rig *r);
/* The board is off: every power-on that the scenario asks for, each checked. */
bool rig_recover(struct rig *r);

#endif
