/* board.h - an i.MX RT1060 evaluation board as a library: make one, power it,
 * run it for a while, talk to it, pull its power, look inside.
 *
 * Time is virtual and counted in CPU cycles; without a network a run is
 * deterministic: same inputs, same instructions, same flash.
 *
 * One thread per board. Text for people is in `struct board_why`.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_BOARD_H
#define TERN_EMU_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BOARD_FLASH_BYTES = 0x800000,
    BOARD_HZ = 528000000, /* virtual cycles per second */
    BOARD_WHY_MAX = 256,
};

struct board_why {
    char text[BOARD_WHY_MAX]; /* a sentence: what is wrong, what to do */
};

/* How one cut flash operation is left. */
enum board_tear {
    BOARD_TEAR_NOTHING, /* power went just before it */
    BOARD_TEAR_ALL,     /* just after it */
    BOARD_TEAR_FIRST_HALF,
    BOARD_TEAR_SECOND_HALF,
    BOARD_TEAR_BYTES,  /* the first `bytes` bytes are done */
    BOARD_TEAR_RANDOM, /* each bit old or new, by `seed` */
};

struct board_cut {
    uint64_t at_op; /* the at_op-th erase or program from now; 0: never */
    enum board_tear tear;
    uint32_t bytes;
    uint32_t seed;
};

struct board_config {
    uint64_t seed;    /* RAM poison, TRNG, unique id */
    bool strict;      /* stop at an access to something not modelled */
    const char *net;  /* "map=443:127.0.0.1:1883,host=*.example": NULL none */
    const char *pcap; /* file for network frames; NULL none */
    const char *flash_log; /* file, one line per flash operation; NULL none */
    /* File, one line per block of instructions: cycle (decimal), address (hex),
     * instructions before it since power-on (decimal). NULL: none. */
    const char *trace;
    uint64_t core_id; /* fuses: unique id; 0: made from seed */

    /* Called with each byte LPUART1 sends. May be NULL. */
    void (*uart_out)(void *ctx, uint8_t byte);
    void *uart_ctx;
    /* One line for the person who runs the board (not modelled, bad flash use,
     * power cut). May be NULL. */
    void (*note)(void *ctx, const char *line);
    void *note_ctx;
};

struct board;

/* Powered off, flash blank (all FF). NULL: why says what is wrong. */
struct board *board_new(const struct board_config *c, struct board_why *why);
void board_free(struct board *b);

/* The flash's bytes, BOARD_FLASH_BYTES of them. Write only while powered off.
 */
uint8_t *board_flash(struct board *b);
bool board_flash_load(struct board *b, const char *file, struct board_why *why);
bool board_flash_save(struct board *b, const char *file, struct board_why *why);

/* What the ROM starts: the image that flash's IVT names (the default), or one
 * put into memory by the host. */
bool board_load_elf(struct board *b, const char *file, struct board_why *why);
bool board_load_raw(struct board *b, const char *file, uint32_t address,
                    struct board_why *why);

void board_power_on(struct board *b);    /* RAM poisoned, peripherals reset */
void board_power_off(struct board *b);   /* flash is all that stays */
void board_press_reset(struct board *b); /* the POR button: RAM stays */

enum board_stop {
    BOARD_STOP_TIME,     /* the time asked for has passed */
    BOARD_STOP_CUT,      /* the power cut happened; board is off */
    BOARD_STOP_EXIT,     /* firmware ended the run (semihosting exit) */
    BOARD_STOP_STRICT,   /* an access to something not modelled */
    BOARD_STOP_LOCKUP,   /* the core is locked up, or sleeps for ever */
    BOARD_STOP_BREAK,    /* board_stop() was called, or a breakpoint */
    BOARD_STOP_NO_IMAGE, /* the ROM found nothing to start */
};

/* Run for at most `cycles` virtual cycles; resets go on inside. */
enum board_stop board_run(struct board *b, uint64_t cycles);
void board_stop(struct board *b); /* async-signal-safe */

void board_uart_in(struct board *b, const void *bytes, size_t len);
void board_cut_at(struct board *b, const struct board_cut *cut);

/* Faults. */
void board_skip_instruction(struct board *b, uint32_t address, uint64_t nth);
void board_flip_bit(struct board *b, uint32_t address, unsigned bit);
void board_lose_frames(struct board *b, uint32_t per_million, bool corrupt);

struct board_stats {
    uint64_t cycles;                       /* virtual, since power-on */
    uint64_t instructions;                 /* since power-on */
    uint64_t flash_erases, flash_programs; /* since board_new() */
    uint64_t interrupts, resets, not_modelled;
    int exit_code; /* BOARD_STOP_EXIT */
    uint32_t pc;
};

/* In the child of a fork(): stop writing the parent's log, trace and packet
 * files. Flash and everything else are the child's own already. Only for
 * boards without a network. */
void board_after_fork(struct board *b);

void board_stats(const struct board *b, struct board_stats *out);
uint32_t board_wear(const struct board *b, uint32_t offset); /* erases */

/* Registers 0..15, 16 xPSR, 17 MSP, 18 PSP, 19 PRIMASK, 20 BASEPRI,
 * 21 FAULTMASK, 22 CONTROL, 23 FPSCR, 32..63 S0..S31. Memory as the core sees
 * it (remap included); a device register by one aligned access of 1, 2 or 4
 * bytes, with all its effects. */
uint32_t board_reg(struct board *b, unsigned n);
void board_reg_set(struct board *b, unsigned n, uint32_t value);
bool board_read(struct board *b, uint32_t address, void *dst, size_t len);
bool board_write(struct board *b, uint32_t address, const void *src,
                 size_t len);
bool board_breakpoint(struct board *b, uint32_t address, bool set);
enum board_stop board_step(struct board *b); /* one instruction */

#endif
