/* peripheral_bench.c - see its header.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

static void keep_byte(void *ctx, uint8_t byte)
{
    struct bench *b = ctx;

    if (b->console_len < sizeof b->console)
        b->console[b->console_len++] = (char)byte;
}

int bench_start(void **state, void (*add)(struct soc *s))
{
    static struct bench b;

    b = (struct bench){0};
    fixture_open(&b.f, 7);
    b.f.config.uart_out = keep_byte;
    b.f.config.uart_ctx = &b;
    b.s = b.f.s;
    ccm_add(b.s);
    ccm_analog_add(b.s);
    dcdc_add(b.s);
    src_add(b.s);
    if (add)
        add(b.s);
    power_cycle(&b);
    *state = &b;
    return 0;
}

int bench_stop(void **state)
{
    fixture_close(&((struct bench *)*state)->f);
    return 0;
}

uint32_t rd(struct bench *b, uint32_t address)
{
    return fixture_read(&b->f, address);
}

void wr(struct bench *b, uint32_t address, uint32_t value)
{
    fixture_write(&b->f, address, value);
}

uint16_t rd16(struct bench *b, uint32_t address)
{
    return (uint16_t)soc_read(b->s, address, 2);
}

void wr16(struct bench *b, uint32_t address, uint16_t value)
{
    soc_write(b->s, address, value, 2);
}

void pass_cycles(struct bench *b, uint64_t cycles)
{
    soc_advance(b->s, soc_now(b->s) + cycles);
}

void pass_us(struct bench *b, uint64_t us)
{
    fixture_wait_us(&b->f, us);
}

void pass_ms(struct bench *b, uint64_t ms)
{
    fixture_wait_us(&b->f, 1000 * ms);
}

bool wants_reset(struct bench *b, uint32_t *srsr)
{
    return soc_take_reset(b->s, srsr);
}

void system_reset(struct bench *b, uint32_t srsr)
{
    soc_reset(b->s, SOC_RESET_SYSTEM, srsr);
}

void power_cycle(struct bench *b)
{
    fixture_reset(&b->f, SOC_RESET_POWER);
}
