/* enet.h - the 10/100 Ethernet MAC, as the cable sees it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_ENET_H
#define TERN_EMU_ENET_H

#include "emu/soc.h"

struct enet;

enum {
    ENET_FRAME_MIN = 60, /* without the frame check sequence */
    ENET_FRAME_MAX = 2048,
};

struct enet_wire {
    void *ctx;
    /* A frame leaves; padded, without its check sequence. */
    void (*send)(void *ctx, const uint8_t *frame, size_t len);
    /* Software has given buffers: a frame that enet_receive() refused may now
     * be taken. Not to be answered by enet_receive() from inside. */
    void (*ready)(void *ctx);
    /* The MAC was reset with the board: timers are stopped. */
    void (*reset)(void *ctx);
};

struct enet *enet_add(struct soc *s);
/* Copied. NULL: frames go nowhere. */
void enet_connect(struct enet *e, const struct enet_wire *w);

/* A frame comes in, without check sequence. False: there is no room for it,
 * offer it again after ready(). A frame that the MAC does not want is taken
 * and dropped. */
bool enet_receive(struct enet *e, const uint8_t *frame, size_t len);

#endif
