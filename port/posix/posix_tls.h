/* posix_tls.h - the TLS settings that libmosquitto is given, and why a
 * handshake failed. libmosquitto's own would check the name against the digits
 * that posix_link connects to, and say no reasons.
 * Tests: test/system/test_tls.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_POSIX_TLS_H
#define TERN_POSIX_TLS_H

#include <mosquitto.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct posix_tls {
    SSL_CTX *ctx;     /* NULL: plain TCP */
    const char *host; /* borrowed from the login */
    bool host_is_name;
    bool began, done; /* the handshake of this connection */
    bool spoke;       /* the peer has sent TLS */
    int verdict;      /* X509_V_... of its certificate */
    bool alert;       /* it sent one */
};

/* t must not move from then on. der: the one CA that is believed.
 *
 * Returns OTA_OK; OTA_ERR_SYNTAX it is no certificate; OTA_ERR_IO OpenSSL has
 *         no memory. */
TERN_MUST_USE ota_err posix_tls_init(struct posix_tls *t, const uint8_t *der,
                                     size_t len);

/* Before m connects to host: only to who proves that name. */
TERN_MUST_USE ota_err posix_tls_begin(struct posix_tls *t, struct mosquitto *m,
                                      const char *host);

/* Why the handshake failed or, if late, goes on for so long; NULL: for no
 * reason of TLS. Static text. */
const char *posix_tls_why(const struct posix_tls *t, bool late);

void posix_tls_end(struct posix_tls *t);

#endif
