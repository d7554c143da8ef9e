/* fake_broker.h - the other end of lwIP's MQTT client without TCP: it is
 * linked instead of lwIP's altcp_tcp.c, so a test decides which bytes come in
 * which pieces. lwIP itself runs on a clock of the test and a dead cable.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_FAKE_BROKER_H
#define TERN_TEST_FAKE_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/fake/fake_clock.h"

enum { FAKE_BROKER_SENT_MAX = 8192, FAKE_BROKER_SEGMENT_MAX = 1460 };

struct fake_broker {
    struct fake_clock clock;
    struct altcp_pcb *conn; /* NULL: closed */
    size_t room;            /* what the client may still write */
    size_t acked_window;    /* bytes the client has taken */
    size_t sent_len;
    uint8_t sent[FAKE_BROKER_SENT_MAX]; /* by the client, since the connect */
};

extern struct fake_broker broker;

void fake_broker_begin(void); /* starts lwIP at the first call */
void fake_broker_accept(void);
void fake_broker_send(const void *bytes, size_t len);
void fake_broker_end(void);   /* FIN */
void fake_broker_reset(void); /* RST */
/* Time passes, in steps that lwIP's timers notice. */
void fake_broker_wait(uint32_t ms);

#endif
