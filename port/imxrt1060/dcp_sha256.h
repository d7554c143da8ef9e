/* dcp_sha256.h - SHA-256 by the Data Co-Processor, one message at a time.
 *
 * It works while the core does something else: begin, then for each piece start
 * and wait, then end. What it works on must stay as it is from start to wait.
 *
 * Coherency: everything the DCP reads and writes has to lie in DTCM, which no
 * cache stands before; it gets there through the core's AHB slave port.
 * struct dcp_sha256 included: keep it and the pieces on the stack. No silicon
 * has confirmed this driver; the emulated board has no caches.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_DCP_SHA256_H
#define TERN_PORT_IMXRT1060_DCP_SHA256_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum {
    DCP_SHA256_BYTES = 32,
    DCP_BLOCK_BYTES = 64, /* each piece but the last is a multiple of it */
};

/* The work packet as the DCP reads it from memory. */
struct dcp_sha256 {
    volatile uint32_t packet[8];
    volatile uint8_t digest[DCP_SHA256_BYTES]; /* last byte first */
    bool first;
};

void dcp_sha256_begin(struct dcp_sha256 *d);

/* bytes: in DTCM, at a word. last: with it the message ends. */
void dcp_sha256_start(struct dcp_sha256 *d, const void *bytes, uint32_t len,
                      bool last);

/* Until the piece is done. OTA_ERR_IO: the DCP reports an error or does not
 * answer; begin anew, or do without it. */
TERN_MUST_USE ota_err dcp_sha256_wait(struct dcp_sha256 *d);

/* After the last piece. The DCP is off then, as after a reset; call it after an
 * error too. */
void dcp_sha256_end(const struct dcp_sha256 *d, uint8_t out[DCP_SHA256_BYTES]);

#endif
