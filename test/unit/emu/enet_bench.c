/* enet_bench.c - a MAC under test, see enet_bench.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/enet_bench.h"

#include <string.h>

#include "emu/be.h"

const uint8_t BENCH_UDP[BENCH_UDP_BYTES] = {
    0x52, 0x55, 10,   0,  2, 2,  2,   0x12, 0x13, 0x10, 0x15, 0x11,
    8,    0,    0x45, 0,  0, 32, 0,   1,    0,    0,    64,   17,
    0,    0,    10,   0,  2, 15, 10,  0,    2,    2,    0x10, 0,
    0x20, 0,    0,    12, 0, 0,  'a', 'b',  'c',  'd'};

static void on_send(void *ctx, const uint8_t *frame, size_t len)
{
    struct bench *b = ctx;

    memcpy(b->sent, frame, len);
    b->sent_len = len;
    b->sends++;
}

static void on_ready(void *ctx)
{
    ((struct bench *)ctx)->readies++;
}

static void on_reset(void *ctx)
{
    (void)ctx;
}

int bench_set_up(void **state)
{
    static struct bench b;

    memset(&b, 0, sizeof b);
    fixture_open(&b.f, 3);
    b.e = enet_add(b.f.s);
    enet_connect(b.e, &(struct enet_wire){&b, on_send, on_ready, on_reset});
    fixture_reset(&b.f, SOC_RESET_POWER);
    driver_start(&b.d, &b.f, false, 0x600);
    *state = &b;
    return 0;
}

int bench_tear_down(void **state)
{
    fixture_close(&((struct bench *)*state)->f);
    return 0;
}

/* A frame of len bytes for `to`, numbered through. */
void bench_make(uint8_t *frame, const uint8_t *to, size_t len)
{
    for (size_t i = 0; i < len; i++)
        frame[i] = (uint8_t)i;
    memcpy(frame, to, 6);
    put_u16be(frame + 12, 0x88B5); /* local experimental */
}

size_t bench_receive(struct bench *b, uint8_t *frame)
{
    return driver_receive(&b->d, frame, 2048, NULL);
}
