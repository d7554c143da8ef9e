/* altcp_bearssl.h - TLS 1.2 between MQTT and TCP, by BearSSL; a layer of lwIP's
 * altcp, and what lwip_link_secure() takes.
 *
 * ECDHE on P-256, an ECDSA certificate with SHA-256, ChaCha20-Poly1305 or
 * AES-128-GCM. Whom it believes is tls_trust.h. All memory is in struct
 * altcp_bearssl, 11 KB; one connection at a time.
 *
 * Nothing is computed in a callback of TCP: each step takes at most one record,
 * so the longest a program stands still is for the elliptic curve operations
 * that one message of the handshake needs.
 * Tests: test/unit/port_lwip/test_altcp_bearssl.c, test/fuzz/fuzz_lwip_tls.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_ALTCP_BEARSSL_H
#define TERN_LWIP_ALTCP_BEARSSL_H

#include <bearssl_ssl.h>

#include "port/lwip/lwip_secure.h"
#include "port/lwip/tls_trust.h"
#include "port/port_clock.h"
#include "port/port_rng.h"

enum {
    /* What a record may carry. The server is asked to keep to the smaller of
     * these two (max_fragment_length, RFC 6066), since TLS would let it send
     * 16 KB at once; one that does not know the extension may still send up to
     * TLS_IN_BYTES, more than the longest message the link takes. */
    TLS_IN_BYTES = 2048,
    TLS_OUT_BYTES = 1024,  /* a login takes 350 */
    TLS_IN_OVERHEAD = 325, /* header, and the most that a cipher adds */
    TLS_OUT_OVERHEAD = 85,
};

struct altcp_bearssl {
    struct lwip_secure secure;
    const struct port_clock *clock; /* borrowed */
    const struct port_rng *rng;     /* borrowed */
    struct altcp_pcb *outer;        /* the upper end; NULL: closed */
    struct pbuf *unread;            /* records that arrived */
    const char *why;
    bool begun;               /* TCP is connected */
    bool ready;               /* the handshake is over */
    bool ended;               /* the peer has closed after `unread` */
    uint16_t held;            /* bytes upstairs, not taken yet */
    uint32_t longest_step_ms; /* ever */
    struct tls_trust trust;
    br_ssl_client_context client;
    uint8_t in[TLS_IN_BYTES + TLS_IN_OVERHEAD];
    uint8_t out[TLS_OUT_BYTES + TLS_OUT_OVERHEAD];
};

/* t must not move from then on, and live as long as the program.
 *
 * ca     X.509 certificate, DER; not needed afterwards
 * rng    seeds each handshake: from a hardware source, or nothing is secret
 *
 * Returns OTA_OK; as tls_trust_init(). */
TERN_MUST_USE ota_err altcp_bearssl_init(struct altcp_bearssl *t,
                                         const uint8_t *ca, size_t ca_len,
                                         const struct port_clock *clock,
                                         const struct port_rng *rng);

#endif
