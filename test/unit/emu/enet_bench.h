/* enet_bench.h - a MAC with a driver on one side and an open cable on the
 * other, for the tests of emu/enet.c and emu/enet_dma.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_ENET_BENCH_H
#define TERN_TEST_ENET_BENCH_H

#include "test/unit/emu/enet_driver.h"

enum {
    BENCH_TACC = DRV_ENET + 0x1C0,
    BENCH_RACC = DRV_ENET + 0x1C4,
    BENCH_UDP_BYTES = 46,
};

struct bench {
    struct soc_fixture f;
    struct enet *e;
    struct enet_driver d;
    uint8_t sent[2048]; /* the last frame that left */
    size_t sent_len;
    unsigned sends, readies;
};

/* For cmocka: the driver has begun with legacy descriptors. */
int bench_set_up(void **state);
int bench_tear_down(void **state);

/* A frame of len bytes for `to`, numbered through. */
void bench_make(uint8_t *frame, const uint8_t *to, size_t len);
/* The next frame that the driver has, or 0. room: 2048. */
size_t bench_receive(struct bench *b, uint8_t *frame);

/* IPv4, UDP with four bytes, checksums zero. */
extern const uint8_t BENCH_UDP[BENCH_UDP_BYTES];

#endif
