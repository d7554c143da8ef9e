/* tls_server.h - OpenSSL as the other end of our TLS client, in memory, with
 * certificates of every kind. Its bytes go through fake_broker.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_TLS_SERVER_H
#define TERN_TEST_TLS_SERVER_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_SERVER_CA_MAX = 1024, TLS_SERVER_DAY = 86400 };

struct tls_server_how {
    const char *names; /* "DNS:localhost,IP:127.0.0.1" */
    const char *curve; /* NULL: "P-256"; "RSA": an RSA key */
    int64_t from, to;  /* seconds since 1970 */
    bool another_ca;   /* than the one that ca_der is */
    bool chacha_only, aes_only;
};

struct tls_server {
    SSL_CTX *ctx;
    SSL *ssl; /* NULL: no connection */
    uint8_t ca_der[TLS_SERVER_CA_MAX];
    size_t ca_len;
};

/* Each aborts if OpenSSL fails. */
void tls_server_begin(struct tls_server *s, const struct tls_server_how *how);
void tls_server_end(struct tls_server *s);

/* A new connection. */
void tls_server_accept(struct tls_server *s);

/* Bytes of the wire that came; the handshake moves on. */
void tls_server_take(struct tls_server *s, const void *bytes, size_t len);

/* Bytes for the wire; how many, at most cap. */
size_t tls_server_give(struct tls_server *s, void *out, size_t cap);

#endif
