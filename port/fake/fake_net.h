/* fake_net.h - an HTTP server in memory behind port_net: real request text in,
 * real reply text out, over the bytes of one file, with faults on order.
 *
 * A fault applies to every connection unless fault_count is set: then to that
 * many, and the ones after them are served well.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_FAKE_NET_H
#define TERN_FAKE_NET_H

#include <stdbool.h>

#include "port/port_net.h"

enum { FAKE_NET_ASKED_MAX = 64, FAKE_NET_TEXT_MAX = 16384 };

enum fake_net_fault {
    NET_GOOD,
    NET_NO_NAME,      /* the host does not resolve */
    NET_REFUSE,       /* connection refused */
    NET_NO_SOCKET,    /* open fails */
    NET_CLOSE_AFTER,  /* close after fault_at body bytes of the connection */
    NET_CLOSE_HEAD,   /* close after fault_at bytes of the head */
    NET_STALL_AFTER,  /* no byte after fault_at body bytes */
    NET_STALL_HEAD,   /* connects, then nothing */
    NET_STATUS,       /* answer with fault_status and a short body */
    NET_IGNORE_RANGE, /* 200 with the whole file, whatever was asked */
    NET_WRONG_FIRST,  /* Content-Range begins one byte later */
    NET_WRONG_TOTAL,  /* Content-Range and length of a longer file */
    NET_LONG_LENGTH,  /* Content-Length promises 100 bytes too many */
    NET_NO_LENGTH,    /* no Content-Length */
    NET_SHORT_PART,   /* 206 with at most fault_at bytes of what was asked */
    NET_SURPLUS,      /* 100 bytes more than promised, then close */
    NET_RAW,          /* the head is fault_text, then close */
};

struct fake_net {
    struct port_net port;

    /* What the test sets. */
    const uint8_t *file; /* borrowed */
    uint32_t file_bytes;
    enum fake_net_fault fault;
    uint32_t fault_count; /* 0: for ever */
    uint32_t fault_at;
    uint16_t fault_status;
    const char *fault_text;
    bool alter; /* the byte at alter_at goes out inverted */
    uint32_t alter_at;
    uint32_t slice_bytes; /* at most so many per recv and send; 0: no limit */
    bool down;            /* no network at all */

    /* What the test looks at. */
    uint32_t connections;
    uint32_t asked_count;
    uint32_t asked[FAKE_NET_ASKED_MAX]; /* first byte of each request */
    uint64_t body_bytes;                /* of the file, delivered, ever */
    char host[256];
    uint16_t host_port;
    char request[1024]; /* newest whole one */

    /* The present connection. */
    enum fake_net_fault now;
    bool open;
    bool replying;
    size_t request_len;
    char head[FAKE_NET_TEXT_MAX];
    uint32_t head_len, head_at;
    uint32_t body_at, body_end; /* in the file */
    uint32_t served;            /* body bytes of this connection */
    uint32_t surplus;
};

void fake_net_init(struct fake_net *n, const uint8_t *file, uint32_t len);

/* From now on, for count connections (0: all). */
void fake_net_fault(struct fake_net *n, enum fake_net_fault fault, uint32_t at,
                    uint32_t count);

#endif
