/* board.c - the board: power, reset, ROM, core and models put together. Start
 * at board_run().
 *
 * Tests: test/unit/emu/test_board.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/board.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/dcp.h"
#include "emu/enet.h"
#include "emu/load.h"
#include "emu/m7.h"
#include "emu/net.h"
#include "emu/nor.h"
#include "emu/peripherals.h"
#include "emu/rom.h"
#include "emu/soc_host.h"
#include "emu/src.h"

struct board {
    struct board_config config;
    struct soc *soc;
    struct memory *memory;
    struct nor *nor;
    struct net *net; /* NULL: the cable is not plugged in */
    struct m7 *cpu;
    FILE *trace;
    struct load host_image; /* no pieces: what is in flash starts */
    bool on, has_image, cut;
    uint64_t power_ons, resets;
    uint64_t instructions_before; /* of earlier power cycles */
};

static bool refuse(struct board_why *why, const char *what, const char *name)
{
    snprintf(why->text, sizeof why->text, "cannot %s %s: %s", what, name,
             strerror(errno));
    return false;
}

/* --- life ----------------------------------------------------------------- */

static void on_cut(void *ctx)
{
    struct board *b = ctx;

    b->cut = true;
    m7_cut(b->cpu);
}

static bool open_files(struct board *b, struct board_why *why)
{
    const struct board_config *c = &b->config;

    if (c->flash_log && !nor_log(b->nor, c->flash_log))
        return refuse(why, "write the flash log", c->flash_log);
    if (!c->trace)
        return true;
    b->trace = fopen(c->trace, "w");
    if (!b->trace)
        return refuse(why, "write the trace", c->trace);
    m7_trace(b->cpu, b->trace);
    return true;
}

static bool assemble(struct board *b, struct board_why *why)
{
    b->soc = soc_new(&b->config, why);
    if (!b->soc)
        return false;
    b->memory = soc_memory(b->soc);
    b->nor = nor_new(b->soc, memory_chip(b->memory));
    peripherals_add_all(b->soc);
    flexspi_add(b->soc, b->nor);
    dcp_add(b->soc);
    struct enet *enet = enet_add(b->soc);

    b->cpu = m7_new(b->soc, why);
    if (!b->cpu || !open_files(b, why))
        return false;
    nor_on_cut(b->nor, on_cut, b);
    if (!b->config.net)
        return true;
    b->net = net_new(b->soc, enet, b->config.net, b->config.pcap, why->text,
                     sizeof why->text);
    return b->net != NULL;
}

struct board *board_new(const struct board_config *c, struct board_why *why)
{
    struct board *b = calloc(1, sizeof *b);

    if (!b) {
        refuse(why, "make", "the board");
        return NULL;
    }
    b->config = *c;
    if (!assemble(b, why)) {
        board_free(b);
        return NULL;
    }
    return b;
}

void board_free(struct board *b)
{
    if (!b)
        return;
    if (b->nor)
        nor_log(b->nor, NULL);
    net_free(b->net);
    m7_free(b->cpu);
    soc_free(b->soc);
    load_free(&b->host_image);
    if (b->trace)
        fclose(b->trace);
    free(b);
}

void board_after_fork(struct board *b)
{
    nor_log(b->nor, NULL);
    m7_trace(b->cpu, NULL);
    b->trace = NULL; /* not closed: that would write what the parent wrote */
}

/* --- flash and images ----------------------------------------------------- */

uint8_t *board_flash(struct board *b)
{
    return memory_chip(b->memory);
}

bool board_flash_load(struct board *b, const char *file, struct board_why *why)
{
    size_t len;
    uint8_t *bytes = load_file(file, BOARD_FLASH_BYTES, &len, why);

    if (!bytes)
        return false;
    memset(board_flash(b), 0xFF, BOARD_FLASH_BYTES);
    memcpy(board_flash(b), bytes, len);
    free(bytes);
    return true;
}

bool board_flash_save(struct board *b, const char *file, struct board_why *why)
{
    FILE *f = fopen(file, "wb");

    if (!f)
        return refuse(why, "write", file);
    size_t written = fwrite(board_flash(b), 1, BOARD_FLASH_BYTES, f);

    if (fclose(f) != 0 || written != BOARD_FLASH_BYTES)
        return refuse(why, "write", file);
    return true;
}

/* Flash parts go into the chip at once. A file that has the boot header needs
 * nothing from the host after that. */
static bool keep_image(struct board *b, struct board_why *why)
{
    load_into_flash(&b->host_image, board_flash(b));
    if (!load_into_ram(&b->host_image, b->soc, why)) {
        load_free(&b->host_image);
        return false;
    }
    if (load_has_boot_header(&b->host_image))
        load_free(&b->host_image);
    return true;
}

bool board_load_elf(struct board *b, const char *file, struct board_why *why)
{
    return load_elf(&b->host_image, file, why) && keep_image(b, why);
}

bool board_load_raw(struct board *b, const char *file, uint32_t address,
                    struct board_why *why)
{
    return load_raw(&b->host_image, file, address, why) && keep_image(b, why);
}

/* --- power and reset ------------------------------------------------------ */

static void start_rom(struct board *b)
{
    struct m7_start start;
    struct board_why why = {""};

    if (b->host_image.pieces > 0) {
        load_start(&b->host_image, b->soc, &start);
        b->has_image = true;
    } else {
        b->has_image = rom_find_image(b->soc, &start, &why);
    }
    if (b->has_image)
        m7_reset(b->cpu, &start);
    else
        soc_note(b->soc, "%s", why.text);
}

void board_power_on(struct board *b)
{
    struct board_why why = {""};

    if (b->on)
        return;
    b->on = true;
    b->cut = false;
    b->instructions_before = m7_instructions(b->cpu);
    /* Each power-on finds other noise, and the same in each run. */
    memory_poison(b->memory, b->config.seed ^ b->power_ons << 32);
    b->power_ons++;
    soc_reset(b->soc, SOC_RESET_POWER, 0);
    memory_chip_compare(b->memory);
    load_into_ram(&b->host_image, b->soc, &why); /* keep_image() tried it */
    start_rom(b);
}

void board_power_off(struct board *b)
{
    if (!b->on)
        return;
    if (!b->cut) /* else the cut has already torn what it was to tear */
        nor_power_off(b->nor);
    b->on = false;
}

static void reset_system(struct board *b)
{
    uint32_t srsr = 0;

    soc_take_reset(b->soc, &srsr);
    b->resets++;
    soc_reset(b->soc, SOC_RESET_SYSTEM, srsr);
    start_rom(b);
}

void board_press_reset(struct board *b)
{
    if (b->on)
        soc_reset_request(b->soc, SRC_SRSR_IPP_RESET_B);
}

/* --- running -------------------------------------------------------------- */

/* What the core's stop means for the board. True: it goes on. */
static bool goes_on(struct board *b, enum m7_stop stop, enum board_stop *out)
{
    switch (stop) {
    case M7_RESET:
        reset_system(b);
        return true;
    case M7_TIME:
        *out = BOARD_STOP_TIME;
        return false;
    case M7_STRICT:
        *out = BOARD_STOP_STRICT;
        return false;
    case M7_LOCKUP:
        *out = BOARD_STOP_LOCKUP;
        return false;
    case M7_EXIT:
        *out = BOARD_STOP_EXIT;
        return false;
    case M7_BREAK:
        break;
    }
    *out = b->cut ? BOARD_STOP_CUT : BOARD_STOP_BREAK;
    if (b->cut)
        board_power_off(b);
    return false;
}

enum board_stop board_run(struct board *b, uint64_t cycles)
{
    enum board_stop stop = BOARD_STOP_CUT; /* a board that is off */

    if (!b->on)
        return stop;
    uint64_t now = soc_now(b->soc);
    uint64_t until = cycles < UINT64_MAX - now ? now + cycles : UINT64_MAX - 1;

    if (!b->has_image && soc_reset_is_wanted(b->soc))
        reset_system(b);
    do {
        if (!b->has_image)
            return BOARD_STOP_NO_IMAGE;
    } while (goes_on(b, m7_run(b->cpu, until), &stop));
    return stop;
}

enum board_stop board_step(struct board *b)
{
    enum board_stop stop = BOARD_STOP_CUT;

    if (!b->on)
        return stop;
    if (!b->has_image)
        return BOARD_STOP_NO_IMAGE;
    if (goes_on(b, m7_step(b->cpu), &stop))
        return b->has_image ? BOARD_STOP_BREAK : BOARD_STOP_NO_IMAGE;
    return stop;
}

void board_stop(struct board *b)
{
    m7_stop(b->cpu);
}

void board_uart_in(struct board *b, const void *bytes, size_t len)
{
    if (b->on)
        soc_uart_in(b->soc, 1, bytes, len);
}

/* --- faults --------------------------------------------------------------- */

void board_cut_at(struct board *b, const struct board_cut *cut)
{
    nor_cut_at(b->nor, cut);
}

void board_skip_instruction(struct board *b, uint32_t address, uint64_t nth)
{
    m7_skip(b->cpu, address, nth);
}

void board_flip_bit(struct board *b, uint32_t address, unsigned bit)
{
    uint8_t byte;

    address += bit / 8;
    if (!board_read(b, address, &byte, 1))
        return;
    byte ^= (uint8_t)(1u << bit % 8);
    board_write(b, address, &byte, 1);
}

void board_lose_frames(struct board *b, uint32_t per_million, bool corrupt)
{
    soc_lose_frames(b->soc, per_million, corrupt);
}

/* --- looking inside ------------------------------------------------------- */

void board_stats(const struct board *b, struct board_stats *out)
{
    *out = (struct board_stats){
        .cycles = soc_now(b->soc),
        .instructions = m7_instructions(b->cpu) - b->instructions_before,
        .flash_erases = nor_erases(b->nor),
        .flash_programs = nor_programs(b->nor),
        .interrupts = m7_interrupts(b->cpu),
        .resets = b->resets,
        .not_modelled = soc_not_modelled_count(b->soc),
        .exit_code = m7_exit_code(b->cpu),
        .pc = m7_reg(b->cpu, 15),
    };
}

uint32_t board_wear(const struct board *b, uint32_t offset)
{
    return nor_wear(b->nor, offset);
}

uint32_t board_reg(struct board *b, unsigned n)
{
    return m7_reg(b->cpu, n);
}

void board_reg_set(struct board *b, unsigned n, uint32_t value)
{
    m7_reg_set(b->cpu, n, value);
}

/* The flash can be seen in pieces of a page: remap. */
static size_t piece_of(uint32_t address, size_t len)
{
    size_t left = MEMORY_PAGE_BYTES - address % MEMORY_PAGE_BYTES;

    return len < left ? len : left;
}

bool board_read(struct board *b, uint32_t address, void *dst, size_t len)
{
    uint32_t chip;
    uint8_t *to = dst;

    if (m7_device_read(b->cpu, address, dst, len))
        return true;
    while (len > 0) {
        size_t piece = piece_of(address, len);
        const uint8_t *from = memory_peek(b->memory, address, piece, &chip);
        if (!from)
            return false;
        memcpy(to, from, piece);
        to += piece;
        address += (uint32_t)piece;
        len -= piece;
    }
    return true;
}

bool board_write(struct board *b, uint32_t address, const void *src, size_t len)
{
    uint32_t chip;
    const uint8_t *from = src;

    if (m7_device_write(b->cpu, address, src, len))
        return true;
    while (len > 0) {
        size_t piece = piece_of(address, len);
        uint8_t *to = memory_peek(b->memory, address, piece, &chip);
        if (!to)
            return false;
        if (chip == UINT32_MAX) {
            soc_dma_write(b->soc, address, from, piece);
        } else {
            memcpy(to, from, piece);
            soc_flash_changed(b->soc, chip, (uint32_t)piece);
        }
        from += piece;
        address += (uint32_t)piece;
        len -= piece;
    }
    return true;
}

bool board_breakpoint(struct board *b, uint32_t address, bool set)
{
    return m7_breakpoint(b->cpu, address, set);
}
