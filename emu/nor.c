/* nor.c - the serial NOR flash. Start at nor_command() and its table RULES.
 *
 * The command set is what the EVK's IS25WP064A and the W25Q64JV have in common,
 * with the former's identity and status register 1 (QE is bit 6) and the
 * latter's typical times and status registers 2 and 3 (bit 1 of 2 shows QE).
 * QE is set in a new chip: the ROM has read it by four wires before.
 *
 * An erase or program changes the content when its busy time ends; until then
 * AHB reads see noise. What a power cut leaves: nor_op.c.
 *
 * Not modelled, each reported: QPI, suspend and resume, block protection, the
 * security registers. Not modelled, silently: the wait after a reset (30 us)
 * and around power-down (3 us), the clock's limits, wear as a cause of failure.
 * Tests: test/unit/emu/test_nor.c, test/unit/emu/test_nor_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/nor.h"

#include <stdio.h>
#include <string.h>

#include "emu/nor_op.h"
#include "emu/nor_sfdp.h"

enum {
    CHIP_BYTES = BOARD_FLASH_BYTES,
    SECTORS = CHIP_BYTES / NOR_SECTOR_BYTES,
    CYCLES_PER_US = BOARD_HZ / 1000000,

    /* W25Q64JV, "AC Electrical Characteristics", column "typ". */
    PROGRAM_US = 400,
    ERASE_4K_US = 45000,
    ERASE_32K_US = 120000,
    ERASE_64K_US = 150000,
    ERASE_CHIP_US = 20000000,
    WRITE_STATUS_US = 10000,

    ID_MAKER = 0x9D, /* ISSI */
    ID_TYPE = 0x70,
    ID_CAPACITY = 0x17, /* 2^23 bytes */
    ID_DEVICE = 0x16,   /* the older way to say it: 0x90, 0xAB */

    SR1_QE = 0x40,
    SR1_PROTECT = 0x3C,
    SR1_WRITABLE = 0xFC,
    SR2_QE = 0x02,
    STATUS_REGISTERS = 3,
};

struct nor {
    struct soc *s;
    uint8_t *bytes;
    bool on, write_enabled, status_enabled, powered_down, reset_enabled;
    uint8_t status[STATUS_REGISTERS], kept[STATUS_REGISTERS];
    struct nor_op op;
    struct soc_timer *timer;
    uint64_t ready_at;
    struct board_cut cut; /* at_op: operations left, this one included */
    void (*on_cut)(void *ctx);
    void *on_cut_ctx;
    uint64_t erases, programs;
    uint32_t wear[SECTORS];
    FILE *log;
};

/* When and how a command is obeyed. */
enum needs {
    BUSY_TOO = 0x01,
    WRITE_ENABLE = 0x02,
    QUAD_ENABLE = 0x04,
    ASLEEP_TOO = 0x08,
};

struct rule {
    uint8_t opcode;
    uint8_t needs;
    void (*run)(struct nor *n, const struct rule *r,
                const struct nor_command *c);
    uint32_t size; /* erase: bytes; status: which register */
    uint32_t us;
};

/* --- operations ----------------------------------------------------------- */

/* The operation is over, well or not. */
static void op_end(struct nor *n)
{
    struct nor_op *op = &n->op;

    if (op->kind == NOR_OP_ERASE || op->kind == NOR_OP_PROGRAM)
        soc_flash_changed(n->s, op->base, nor_op_span(op));
    op->kind = NOR_OP_NONE;
    n->write_enabled = false;
    soc_timer_stop(n->timer);
    soc_flash_busy(n->s, n->powered_down);
}

static void op_done(void *ctx)
{
    struct nor *n = ctx;

    if (n->op.kind == NOR_OP_STATUS) {
        memcpy(n->status, n->op.data, sizeof n->status);
        memcpy(n->kept, n->op.data, sizeof n->kept);
    } else {
        nor_op_apply(&n->op, n->bytes, 0, n->op.bytes);
    }
    op_end(n);
}

/* Something ends the operation too early. A status write then leaves the old
 * value: those bits are few and written last. */
static void op_lost(struct nor *n, const char *cause)
{
    if (n->op.kind == NOR_OP_NONE)
        return;
    soc_note(n->s, "flash: %s during an operation at 0x%06X: it is left torn",
             cause, n->op.base);
    if (n->op.kind != NOR_OP_STATUS)
        nor_op_random(&n->op, n->bytes,
                      soc_seed(n->s) + n->erases + n->programs);
    op_end(n);
}

static void op_log(struct nor *n, bool cut)
{
    const struct nor_op *op = &n->op;

    if (!n->log)
        return;
    fprintf(n->log, "%llu %s 0x%06X %u%s%s\n",
            (unsigned long long)soc_now(n->s),
            op->kind == NOR_OP_ERASE ? "erase" : "program",
            nor_op_address(op, 0), op->bytes, cut ? " torn " : "",
            cut ? nor_op_tear_text(n->cut.tear) : "");
}

static void op_count(struct nor *n)
{
    const struct nor_op *op = &n->op;

    if (op->kind == NOR_OP_PROGRAM) {
        n->programs++;
        return;
    }
    n->erases++;
    for (uint32_t at = 0; at < op->bytes; at += NOR_SECTOR_BYTES)
        n->wear[(op->base + at) / NOR_SECTOR_BYTES]++;
}

/* An erase or program begins, unless the power goes. */
static void op_begin(struct nor *n, uint32_t us)
{
    bool cut = n->cut.at_op > 0 && --n->cut.at_op == 0;

    op_log(n, cut);
    op_count(n);
    if (cut) {
        nor_op_tear(&n->op, n->bytes, &n->cut);
        op_end(n);
        n->on = false;
        if (n->on_cut)
            n->on_cut(n->on_cut_ctx);
        return;
    }
    n->ready_at = soc_now(n->s) + (uint64_t)us * CYCLES_PER_US;
    soc_timer_at(n->timer, n->ready_at);
    soc_flash_busy(n->s, true);
}

/* --- commands ------------------------------------------------------------- */

/* The chip does not decode address lines it does not have. */
static uint32_t in_chip(struct nor *n, const struct nor_command *c)
{
    if (c->address >= CHIP_BYTES)
        soc_note(n->s, "flash: address 0x%08X is beyond the chip and wraps",
                 c->address);
    return c->address % CHIP_BYTES;
}

static void run_erase(struct nor *n, const struct rule *r,
                      const struct nor_command *c)
{
    uint32_t at = r->size == CHIP_BYTES ? 0 : in_chip(n, c);

    n->op.kind = NOR_OP_ERASE;
    n->op.base = at & ~(r->size - 1);
    n->op.bytes = r->size;
    op_begin(n, r->us);
}

static void note_set_bits(struct nor *n)
{
    const struct nor_op *op = &n->op;
    uint32_t bytes = nor_op_cannot(op, n->bytes);

    if (bytes > 0)
        soc_note(n->s,
                 "flash: program of %u bytes at 0x%06X asks bits of %u bytes "
                 "to go from 0 to 1; only an erase sets bits",
                 op->bytes, nor_op_address(op, 0), bytes);
}

static void run_program(struct nor *n, const struct rule *r,
                        const struct nor_command *c)
{
    uint32_t at = in_chip(n, c);
    /* The page buffer is a ring: of more than a page the last bytes stay. */
    size_t lost = c->in_len > NOR_PAGE_BYTES ? c->in_len - NOR_PAGE_BYTES : 0;

    if (c->in_len == 0) {
        soc_note(n->s, "flash: program without data at 0x%06X; ignored", at);
        return;
    }
    n->op.kind = NOR_OP_PROGRAM;
    n->op.base = at & ~(uint32_t)(NOR_PAGE_BYTES - 1);
    n->op.first = (uint32_t)(at + lost) % NOR_PAGE_BYTES;
    n->op.bytes = (uint32_t)(c->in_len - lost);
    memcpy(n->op.data, c->in + lost, n->op.bytes);
    if (lost > 0)
        soc_note(n->s,
                 "flash: program of %zu bytes at 0x%06X: the last %d "
                 "count, a page has no more",
                 c->in_len, at, NOR_PAGE_BYTES);
    note_set_bits(n);
    op_begin(n, r->us);
}

static void run_read(struct nor *n, const struct rule *r,
                     const struct nor_command *c)
{
    (void)r;
    uint32_t at = in_chip(n, c);

    for (size_t i = 0; i < c->out_len; i++)
        c->out[i] = n->bytes[(at + i) % CHIP_BYTES];
}

/* Repeats for as long as the clock runs, as the status registers do. */
static void answer(const struct nor_command *c, const uint8_t *src, size_t len)
{
    for (size_t i = 0; i < c->out_len; i++)
        c->out[i] = src[i % len];
}

static void run_read_status(struct nor *n, const struct rule *r,
                            const struct nor_command *c)
{
    uint8_t value = n->status[r->size];

    if (r->size == 0) {
        value |= nor_busy(n) ? NOR_STATUS_WIP : 0;
        value |= n->write_enabled ? NOR_STATUS_WEL : 0;
    }
    if (r->opcode == 0x35 && c->out_len == 0)
        soc_note(n->s, "flash: QPI mode (0x35) is not modelled; ignored");
    answer(c, &value, 1);
}

/* QE is one latch, seen in two registers. */
static void set_status(uint8_t *status, unsigned which, uint8_t value)
{
    if (which == 0)
        value &= SR1_WRITABLE;
    status[which] = value;
    bool qe = which == 1 ? (value & SR2_QE) != 0 : (status[0] & SR1_QE) != 0;
    status[0] = (uint8_t)((status[0] & ~SR1_QE) | (qe ? SR1_QE : 0));
    status[1] = (uint8_t)((status[1] & ~SR2_QE) | (qe ? SR2_QE : 0));
}

static void run_write_status(struct nor *n, const struct rule *r,
                             const struct nor_command *c)
{
    uint8_t wanted[STATUS_REGISTERS];

    if (c->in_len == 0 || (!n->write_enabled && !n->status_enabled)) {
        soc_note(n->s, "flash: write status (0x%02X) without %s; ignored",
                 r->opcode, c->in_len == 0 ? "data" : "write enable");
        return;
    }
    memcpy(wanted, n->status, sizeof wanted);
    set_status(wanted, r->size, c->in[0]);
    if (r->size == 0 && c->in_len > 1)
        set_status(wanted, 1, c->in[1]);
    if (wanted[0] & SR1_PROTECT)
        soc_note(n->s, "flash: block protection (0x%02X) is not modelled",
                 wanted[0] & SR1_PROTECT);
    if (!n->write_enabled) { /* volatile: at once, until the power goes */
        memcpy(n->status, wanted, sizeof wanted);
        n->status_enabled = false;
        return;
    }
    n->op.kind = NOR_OP_STATUS;
    n->op.base = 0;
    n->op.bytes = 0;
    memcpy(n->op.data, wanted, sizeof wanted);
    n->ready_at = soc_now(n->s) + (uint64_t)r->us * CYCLES_PER_US;
    soc_timer_at(n->timer, n->ready_at);
    soc_flash_busy(n->s, true);
}

static void run_write_enable(struct nor *n, const struct rule *r,
                             const struct nor_command *c)
{
    (void)c;
    if (r->opcode != 0x50) /* which is for write status alone */
        n->write_enabled = r->opcode == 0x06;
    n->status_enabled = r->opcode == 0x50;
}

static void run_identify(struct nor *n, const struct rule *r,
                         const struct nor_command *c)
{
    static const uint8_t jedec[] = {ID_MAKER, ID_TYPE, ID_CAPACITY};
    static const uint8_t maker_device[] = {ID_MAKER, ID_DEVICE};

    (void)n;
    if (r->opcode == 0x9F)
        answer(c, jedec, sizeof jedec);
    else
        answer(c, maker_device, sizeof maker_device);
}

static void run_power_down(struct nor *n, const struct rule *r,
                           const struct nor_command *c)
{
    static const uint8_t device = ID_DEVICE;

    n->powered_down = r->opcode == 0xB9;
    if (!n->powered_down)
        answer(c, &device, 1);
    soc_flash_busy(n->s, n->powered_down);
}

static void wake_up(struct nor *n)
{
    n->write_enabled = false;
    n->status_enabled = false;
    n->powered_down = false;
    n->reset_enabled = false;
    memcpy(n->status, n->kept, sizeof n->status);
    soc_flash_busy(n->s, false);
}

static void run_reset(struct nor *n, const struct rule *r,
                      const struct nor_command *c)
{
    (void)c;
    if (r->opcode == 0x66) {
        n->reset_enabled = true;
        return;
    }
    if (!n->reset_enabled) {
        soc_note(n->s, "flash: reset (0x99) without 0x66 before it; ignored");
        return;
    }
    op_lost(n, "reset command");
    wake_up(n);
}

static void run_sfdp(struct nor *n, const struct rule *r,
                     const struct nor_command *c)
{
    (void)n;
    (void)r;
    for (size_t i = 0; i < c->out_len; i++)
        c->out[i] = nor_sfdp_byte(c->address + (uint32_t)i);
}

static void run_nothing(struct nor *n, const struct rule *r,
                        const struct nor_command *c)
{
    (void)n;
    (void)r;
    (void)c;
}

static const struct rule RULES[] = {
    {0x05, BUSY_TOO, run_read_status, 0, 0},
    {0x35, BUSY_TOO, run_read_status, 1, 0},
    {0x15, BUSY_TOO, run_read_status, 2, 0},
    {0x06, 0, run_write_enable, 0, 0},
    {0x50, 0, run_write_enable, 0, 0},
    {0x04, 0, run_write_enable, 0, 0},
    {0x03, 0, run_read, 0, 0},
    {0x0B, 0, run_read, 0, 0},
    {0x3B, 0, run_read, 0, 0},
    {0xBB, 0, run_read, 0, 0},
    {0x6B, QUAD_ENABLE, run_read, 0, 0},
    {0xEB, QUAD_ENABLE, run_read, 0, 0},
    {0x02, WRITE_ENABLE, run_program, 0, PROGRAM_US},
    {0x32, WRITE_ENABLE | QUAD_ENABLE, run_program, 0, PROGRAM_US},
    {0x38, WRITE_ENABLE | QUAD_ENABLE, run_program, 0, PROGRAM_US},
    {0x20, WRITE_ENABLE, run_erase, NOR_SECTOR_BYTES, ERASE_4K_US},
    {0xD7, WRITE_ENABLE, run_erase, NOR_SECTOR_BYTES, ERASE_4K_US},
    {0x52, WRITE_ENABLE, run_erase, 0x8000, ERASE_32K_US},
    {0xD8, WRITE_ENABLE, run_erase, 0x10000, ERASE_64K_US},
    {0xC7, WRITE_ENABLE, run_erase, CHIP_BYTES, ERASE_CHIP_US},
    {0x60, WRITE_ENABLE, run_erase, CHIP_BYTES, ERASE_CHIP_US},
    {0x01, 0, run_write_status, 0, WRITE_STATUS_US},
    {0x31, 0, run_write_status, 1, WRITE_STATUS_US},
    {0x11, 0, run_write_status, 2, WRITE_STATUS_US},
    {0x9F, 0, run_identify, 0, 0},
    {0x90, 0, run_identify, 0, 0},
    {0x5A, 0, run_sfdp, 0, 0},
    {0xB9, 0, run_power_down, 0, 0},
    {0xAB, ASLEEP_TOO, run_power_down, 0, 0},
    {0x66, BUSY_TOO, run_reset, 0, 0},
    {0x99, BUSY_TOO, run_reset, 0, 0},
    {0xC0, 0, run_nothing, 0, 0}, /* dummy cycles and burst length */
    {0xF5, 0, run_nothing, 0, 0}, /* leaves QPI, where it never is */
    {0xFF, 0, run_nothing, 0, 0}, /* leaves continuous read */
};

static const struct rule *find_rule(uint8_t opcode)
{
    for (size_t i = 0; i < sizeof RULES / sizeof RULES[0]; i++)
        if (RULES[i].opcode == opcode)
            return &RULES[i];
    return NULL;
}

/* Why the chip ignores the command; NULL: it obeys. */
static const char *refusal(const struct nor *n, const struct rule *r)
{
    if (!r)
        return "that the chip does not know";
    if (n->powered_down && !(r->needs & ASLEEP_TOO))
        return "in power-down";
    if (nor_busy(n) && !(r->needs & BUSY_TOO))
        return "while busy";
    if ((r->needs & QUAD_ENABLE) && !(n->status[0] & SR1_QE))
        return "without quad enable";
    if ((r->needs & WRITE_ENABLE) && !n->write_enabled)
        return "without write enable";
    return NULL;
}

void nor_command(struct nor *n, const struct nor_command *c)
{
    const struct rule *r = find_rule(c->opcode);

    /* A chip that does not answer leaves the wires to the pull-ups. */
    if (c->out_len > 0)
        memset(c->out, 0xFF, c->out_len);
    if (!n->on)
        return;
    const char *why = refusal(n, r);

    if (why) {
        soc_note(n->s, "flash: command 0x%02X (address 0x%06X) %s; ignored",
                 c->opcode, c->address, why);
        if (nor_busy(n)) /* 0xFF would pass for an erased page */
            for (size_t i = 0; i < c->out_len; i++)
                c->out[i] = (uint8_t)soc_random(n->s);
    } else {
        r->run(n, r, c);
    }
    if (c->opcode != 0x66)
        n->reset_enabled = false;
}

/* --- life ----------------------------------------------------------------- */

struct nor *nor_new(struct soc *s, uint8_t *bytes)
{
    struct nor *n = soc_alloc(s, sizeof *n);

    n->s = s;
    n->bytes = bytes;
    n->timer = soc_timer_new(s, op_done, n);
    set_status(n->kept, 0, SR1_QE);
    return n;
}

void nor_power_off(struct nor *n)
{
    op_lost(n, "power loss");
    n->on = false;
}

void nor_reset(struct nor *n)
{
    nor_power_off(n);
    wake_up(n);
    n->on = true;
}

void nor_soc_reset(struct nor *n)
{
    if (nor_busy(n))
        soc_timer_at(n->timer, n->ready_at);
    soc_flash_busy(n->s, nor_busy(n) || n->powered_down);
}

bool nor_busy(const struct nor *n)
{
    return n->op.kind != NOR_OP_NONE;
}

void nor_cut_at(struct nor *n, const struct board_cut *cut)
{
    n->cut = *cut;
}

void nor_on_cut(struct nor *n, void (*cut)(void *ctx), void *ctx)
{
    n->on_cut = cut;
    n->on_cut_ctx = ctx;
}

uint64_t nor_erases(const struct nor *n)
{
    return n->erases;
}

uint64_t nor_programs(const struct nor *n)
{
    return n->programs;
}

uint32_t nor_wear(const struct nor *n, uint32_t offset)
{
    return n->wear[offset % CHIP_BYTES / NOR_SECTOR_BYTES];
}

bool nor_log(struct nor *n, const char *file)
{
    if (n->log)
        fclose(n->log);
    n->log = file ? fopen(file, "w") : NULL;
    if (n->log) /* whole lines, also after a fork() */
        setvbuf(n->log, NULL, _IOLBF, 0);
    return !file || n->log;
}
