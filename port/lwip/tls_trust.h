/* tls_trust.h - whom a TLS client believes: one CA, one name, a time.
 *
 * BearSSL's minimal validation does the work; this adds which of the two ends
 * of a certificate's life the time is beyond, for the sentence on the console.
 * Only EC P-256 with SHA-256: what a device checks images with already.
 * Tests: test/unit/port_lwip/test_tls_trust.c, test/fuzz/fuzz_lwip_tls.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_TLS_TRUST_H
#define TERN_LWIP_TLS_TRUST_H

#include <bearssl_x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum {
    TLS_DN_MAX = 256,   /* the CA's name, DER */
    TLS_HEAD_MAX = 512, /* of a certificate, to find its dates in */
    TLS_POINT_BYTES = 65,
};

/* About 4,300 bytes, of which BearSSL's validation has 3,200. */
struct tls_trust {
    const br_x509_class *vtable; /* first: BearSSL calls us through it */
    br_x509_minimal_context minimal;
    br_x509_trust_anchor anchor;
    const char *host;
    uint64_t now; /* seconds since 1970 */
    size_t dn_len, head_len;
    bool dn_too_long;
    uint8_t dn[TLS_DN_MAX], point[TLS_POINT_BYTES];
    uint8_t head[TLS_HEAD_MAX]; /* of the certificate that is looked at */
};

/* Learn the CA. der: not needed afterwards. t must not move from then on.
 *
 * Returns OTA_OK; OTA_ERR_CORRUPT it is no X.509 certificate; OTA_ERR_RANGE it
 *         is no CA's, its key is not EC P-256, or its name is too long.
 * Cost    1.2 KB of stack. */
TERN_MUST_USE ota_err tls_trust_init(struct tls_trust *t, const uint8_t *der,
                                     size_t len);

/* Before each handshake. host: borrowed. now: seconds since 1970. */
void tls_trust_begin(struct tls_trust *t, const char *host, uint64_t now);

/* After BR_ERR_X509_EXPIRED: is the certificate not valid yet? */
bool tls_trust_is_early(const struct tls_trust *t);

#endif
