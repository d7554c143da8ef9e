/* test_soc.c - claims about the bus, virtual time, lines and notes of
 * emu/soc.c.
 *
 * Also the example of how a peripheral model is tested without a core.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "emu/soc_host.h"

struct bench {
    struct board_config config;
    struct soc *s;
    char notes[8][128];
    size_t note_count;
    char fired[16]; /* letters of the timers, in order */
    uint64_t fired_at[16];
    size_t fired_count;
    unsigned attentions;
    char console[16];
    size_t console_len;
};

static void keep_note(void *ctx, const char *line)
{
    struct bench *b = ctx;

    if (b->note_count < 8)
        snprintf(b->notes[b->note_count], sizeof b->notes[0], "%s", line);
    b->note_count++;
}

static void keep_byte(void *ctx, uint8_t byte)
{
    struct bench *b = ctx;

    b->console[b->console_len++] = (char)byte;
}

static void count_attention(void *ctx)
{
    ((struct bench *)ctx)->attentions++;
}

static int set_up(void **state)
{
    static struct bench b;
    struct board_why why;

    b = (struct bench){.config = {.seed = 7,
                                  .note = keep_note,
                                  .note_ctx = &b,
                                  .uart_out = keep_byte,
                                  .uart_ctx = &b}};
    b.s = soc_new(&b.config, &why);
    if (b.s)
        soc_set_host(
            b.s, &(struct soc_host){.ctx = &b, .attention = count_attention});
    *state = &b;
    return b.s ? 0 : -1;
}

static int tear_down(void **state)
{
    soc_free(((struct bench *)*state)->s);
    return 0;
}

/* A model of one register that remembers how it was used. */
struct model {
    uint32_t value, last_offset, resets;
    unsigned last_width;
};

static uint32_t model_read(void *ctx, uint32_t off, unsigned width)
{
    struct model *m = ctx;

    m->last_offset = off;
    m->last_width = width;
    return m->value;
}

static void model_write(void *ctx, uint32_t off, uint32_t value, unsigned width)
{
    struct model *m = ctx;

    model_read(m, off, width);
    m->value = value;
}

static void model_reset(void *ctx, enum soc_reset kind)
{
    struct model *m = ctx;

    m->value = kind == SOC_RESET_POWER ? 0xA0 : 0xB0;
    m->resets++;
}

static struct model *add_model(struct soc *s, uint32_t base)
{
    struct model *m = soc_alloc(s, sizeof *m);

    soc_add(s, &(struct soc_device){"model", base, 0x1000, m, model_read,
                                    model_write, model_reset});
    return m;
}

static void bus_access_reaches_the_device_of_its_address(void **state)
{
    struct bench *b = *state;
    struct model *high = add_model(b->s, 0x40200000);
    struct model *low = add_model(b->s, 0x40100000);

    soc_write(b->s, 0x40200FFC, 0x55, 4);
    soc_write(b->s, 0x40100002, 0x66, 2);

    assert_int_equal(high->value, 0x55);
    assert_int_equal(high->last_offset, 0xFFC);
    assert_int_equal(low->value, 0x66);
    assert_int_equal(low->last_width, 2);
    assert_int_equal(soc_read(b->s, 0x40200000, 4), 0x55);
    assert_int_equal(b->note_count, 0);
}

static void bus_unknown_address_is_reported_once_and_reads_zero(void **state)
{
    struct bench *b = *state;

    assert_int_equal(soc_read(b->s, 0x40301234, 4), 0);
    assert_int_equal(soc_read(b->s, 0x40301234, 4), 0);
    soc_write(b->s, 0x40301234, 0xCAFE, 4);

    assert_int_equal(b->note_count, 2);
    assert_non_null(strstr(b->notes[0], "read of 0x40301234"));
    assert_non_null(strstr(b->notes[1], "write 0x0000CAFE to 0x40301234"));
    assert_int_equal(soc_not_modelled_count(b->s), 2);
}

static void not_modelled_many_places_are_each_reported(void **state)
{
    struct bench *b = *state;

    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 1000; i++)
            soc_not_modelled(b->s, "x", 0x40000000 + 4 * i, false, 0);

    assert_int_equal(b->note_count, 1000);
}

static void not_modelled_strict_asks_to_stop(void **state)
{
    struct bench *b = *state;

    b->config.strict = true;
    assert_false(soc_take_strict(b->s));
    soc_read(b->s, 0x40301234, 4);

    assert_int_equal(b->attentions, 1);
    assert_true(soc_take_strict(b->s));
    assert_false(soc_take_strict(b->s));
}

static struct bench *bench; /* of the test that runs: timers carry a letter */

static void fire(void *ctx)
{
    bench->fired[bench->fired_count] = *(const char *)ctx;
    bench->fired_at[bench->fired_count++] = soc_now(bench->s);
}

static void timers_fire_in_order_of_time_then_of_arming(void **state)
{
    struct bench *b = bench = *state;
    char a[] = "a", c[] = "c", d[] = "d";
    struct soc_timer *ta = soc_timer_new(b->s, fire, a);
    struct soc_timer *tc = soc_timer_new(b->s, fire, c);
    struct soc_timer *td = soc_timer_new(b->s, fire, d);

    soc_timer_at(ta, 100);
    soc_timer_at(tc, 50);
    soc_timer_at(td, 50);
    soc_advance(b->s, 99);
    assert_string_equal(b->fired, "cd");
    soc_advance(b->s, 1000);

    assert_string_equal(b->fired, "cda");
    assert_int_equal(b->fired_at[0], 50);
    assert_int_equal(b->fired_at[2], 100);
    assert_int_equal(soc_now(b->s), 1000);
}

static void timer_stopped_or_rearmed_does_not_fire_at_its_old_time(void **state)
{
    struct bench *b = bench = *state;
    char a[] = "a", c[] = "c";
    struct soc_timer *ta = soc_timer_new(b->s, fire, a);
    struct soc_timer *tc = soc_timer_new(b->s, fire, c);

    soc_timer_at(ta, 10);
    soc_timer_at(tc, 10);
    soc_timer_stop(ta);
    soc_timer_at(tc, 20);
    soc_advance(b->s, 15);
    assert_int_equal(b->fired_count, 0);
    soc_advance(b->s, 25);

    assert_string_equal(b->fired, "c");
}

static void fire_again(void *ctx)
{
    fire("r");
    soc_timer_at(*(struct soc_timer **)ctx, soc_now(bench->s) + 10);
}

static void timer_that_rearms_itself_fires_periodically(void **state)
{
    struct bench *b = bench = *state;
    struct soc_timer *t = soc_timer_new(b->s, fire_again, &t);

    soc_timer_at(t, 10);
    soc_advance(b->s, 45);

    assert_int_equal(b->fired_count, 4);
    assert_int_equal(b->fired_at[3], 40);
    assert_int_equal(soc_clock(b->s)->next_timer, 50);
}

static void timer_for_the_past_fires_a_cycle_later(void **state)
{
    struct bench *b = bench = *state;
    char a[] = "a";
    struct soc_timer *t = soc_timer_new(b->s, fire, a);

    soc_advance(b->s, 100);
    soc_timer_at(t, 5);
    soc_fire_due(b->s);
    assert_int_equal(b->fired_count, 0);
    soc_advance(b->s, 101);

    assert_int_equal(b->fired_count, 1);
}

static void reset_stops_timers_lowers_lines_and_tells_the_kind(void **state)
{
    struct bench *b = bench = *state;
    struct model *m = add_model(b->s, 0x40100000);
    char a[] = "a";
    uint32_t srsr;

    soc_advance(b->s, 5);
    soc_timer_at(soc_timer_new(b->s, fire, a), 10);
    soc_irq(b->s, 20, true);
    soc_reset_request(b->s, 0x10);
    assert_true(soc_take_reset(b->s, &srsr));
    soc_reset(b->s, SOC_RESET_SYSTEM, srsr);
    soc_advance(b->s, 100);

    assert_int_equal(b->fired_count, 0);
    assert_false(soc_irq_level(b->s, 20));
    assert_int_equal(m->value, 0xB0);
    assert_int_equal(soc_reset_cause(b->s), 0x10);
    assert_false(soc_take_reset(b->s, &srsr));
    soc_reset(b->s, SOC_RESET_POWER, 0);
    assert_int_equal(m->value, 0xA0);
    assert_int_equal(soc_now(b->s), 0);
}

static void dma_reaches_ram_and_reads_flash_only(void **state)
{
    struct bench *b = *state;
    uint32_t word = 0x12345678, back = 0;

    assert_true(soc_dma_write(b->s, MEMORY_OCRAM + 8, &word, 4));
    assert_true(soc_dma_read(b->s, MEMORY_OCRAM + 8, &back, 4));
    assert_int_equal(back, word);
    assert_false(soc_dma_write(b->s, MEMORY_FLASH, &word, 4));
    assert_true(soc_dma_read(b->s, MEMORY_FLASH, &back, 4));
    assert_int_equal(back, 0xFFFFFFFF);
    assert_false(soc_dma_read(b->s, 0x40000000, &back, 4));
    /* Not across the end of a block. */
    assert_false(
        soc_dma_read(b->s, MEMORY_DTCM + MEMORY_DTCM_BYTES - 2, &back, 4));
}

static void uart_bytes_reach_console_and_model(void **state)
{
    struct bench *b = *state;

    soc_uart_out(b->s, 1, 'h');
    soc_uart_out(b->s, 2, 'x');
    soc_uart_out(b->s, 1, 'i');
    soc_uart_in(b->s, 3, "?", 1); /* no model: nothing happens */

    assert_string_equal(b->console, "hi");
}

static uint64_t wait_half(void *ctx, uint64_t ns)
{
    *(uint64_t *)ctx = ns;
    return ns / 2;
}

static void sleep_waits_for_the_outside_when_there_is_one(void **state)
{
    struct bench *b = *state;
    uint64_t asked = 0;

    soc_sleep(b->s, 1000);
    assert_int_equal(soc_now(b->s), 1000);
    soc_on_wait(b->s, wait_half, &asked);
    soc_sleep(b->s, 1000 + BOARD_HZ / 1000);

    assert_int_equal(asked, 1000000); /* a millisecond */
    assert_int_equal(soc_now(b->s), 1000 + BOARD_HZ / 2000 + 1);
}

static void frames_are_lost_at_the_rate_asked_for(void **state)
{
    struct bench *b = *state;
    unsigned lost = 0;

    assert_int_equal(soc_frame_fate(b->s), SOC_FRAME_PASS);
    soc_lose_frames(b->s, 100000, false);
    for (int i = 0; i < 10000; i++)
        lost += soc_frame_fate(b->s) == SOC_FRAME_LOSE;

    assert_in_range(lost, 900, 1100);
    soc_lose_frames(b->s, 1000000, true);
    assert_int_equal(soc_frame_fate(b->s), SOC_FRAME_CORRUPT);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(bus_access_reaches_the_device_of_its_address),
        CASE(bus_unknown_address_is_reported_once_and_reads_zero),
        CASE(not_modelled_many_places_are_each_reported),
        CASE(not_modelled_strict_asks_to_stop),
        CASE(timers_fire_in_order_of_time_then_of_arming),
        CASE(timer_stopped_or_rearmed_does_not_fire_at_its_old_time),
        CASE(timer_that_rearms_itself_fires_periodically),
        CASE(timer_for_the_past_fires_a_cycle_later),
        CASE(reset_stops_timers_lowers_lines_and_tells_the_kind),
        CASE(dma_reaches_ram_and_reads_flash_only),
        CASE(uart_bytes_reach_console_and_model),
        CASE(sleep_waits_for_the_outside_when_there_is_one),
        CASE(frames_are_lost_at_the_rate_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
