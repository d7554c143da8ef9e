/* tls_server.c - see tls_server.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/port_lwip/tls_server.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

static void must(bool ok)
{
    if (!ok)
        abort();
}

static EVP_PKEY *key_make(const char *curve)
{
    EVP_PKEY *k = curve != NULL && strcmp(curve, "RSA") == 0
                      ? EVP_RSA_gen(2048)
                      : EVP_EC_gen(curve != NULL ? curve : "P-256");

    must(k != NULL);
    return k;
}

static void extension(X509 *cert, int nid, const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

    must(e != NULL && X509_add_ext(cert, e, -1) == 1);
    X509_EXTENSION_free(e);
}

static X509 *cert_make(const char *name, EVP_PKEY *key, int64_t from,
                       int64_t to)
{
    X509 *c = X509_new();

    must(c != NULL && X509_set_version(c, 2) == 1 &&
         ASN1_INTEGER_set(X509_get_serialNumber(c), 1) == 1 &&
         X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN",
                                    MBSTRING_UTF8, (const uint8_t *)name, -1,
                                    -1, 0) == 1 &&
         ASN1_TIME_set(X509_getm_notBefore(c), from) != NULL &&
         ASN1_TIME_set(X509_getm_notAfter(c), to) != NULL &&
         X509_set_pubkey(c, key) == 1);
    return c;
}

static void sign(X509 *cert, X509 *ca, EVP_PKEY *key)
{
    must(X509_set_issuer_name(cert, X509_get_subject_name(ca)) == 1 &&
         X509_sign(cert, key, EVP_sha256()) > 0);
}

static X509 *ca_make(EVP_PKEY *key, const struct tls_server_how *how)
{
    X509 *ca = cert_make("Test CA", key, how->from, how->to);

    extension(ca, NID_basic_constraints, "critical,CA:TRUE");
    extension(ca, NID_key_usage, "critical,keyCertSign");
    sign(ca, ca, key);
    return ca;
}

void tls_server_begin(struct tls_server *s, const struct tls_server_how *how)
{
    EVP_PKEY *ca_key = key_make(NULL), *other = key_make(NULL);
    EVP_PKEY *key = key_make(how->curve);
    X509 *ca = ca_make(ca_key, how);
    X509 *cert = cert_make("server", key, how->from, how->to);
    uint8_t *to = s->ca_der;

    memset(s, 0, sizeof *s);
    extension(cert, NID_subject_alt_name, how->names);
    sign(cert, ca, how->another_ca ? other : ca_key);
    must(i2d_X509(ca, NULL) <= TLS_SERVER_CA_MAX);
    s->ca_len = (size_t)i2d_X509(ca, &to);
    s->ctx = SSL_CTX_new(TLS_server_method());
    must(s->ctx != NULL && SSL_CTX_use_certificate(s->ctx, cert) == 1 &&
         SSL_CTX_use_PrivateKey(s->ctx, key) == 1 &&
         SSL_CTX_set_max_proto_version(s->ctx, TLS1_2_VERSION) == 1);
    if (how->chacha_only)
        must(SSL_CTX_set_cipher_list(s->ctx, "CHACHA20") == 1);
    if (how->aes_only)
        must(SSL_CTX_set_cipher_list(s->ctx, "AESGCM") == 1);
    X509_free(cert);
    X509_free(ca);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    EVP_PKEY_free(ca_key);
}

void tls_server_end(struct tls_server *s)
{
    SSL_free(s->ssl);
    SSL_CTX_free(s->ctx);
    s->ssl = NULL;
    s->ctx = NULL;
}

void tls_server_accept(struct tls_server *s)
{
    SSL_free(s->ssl);
    s->ssl = SSL_new(s->ctx);
    must(s->ssl != NULL);
    SSL_set_bio(s->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(s->ssl);
}

void tls_server_take(struct tls_server *s, const void *bytes, size_t len)
{
    if (len > 0)
        must(BIO_write(SSL_get_rbio(s->ssl), bytes, (int)len) == (int)len);
    (void)SSL_do_handshake(s->ssl);
    ERR_clear_error();
}

size_t tls_server_give(struct tls_server *s, void *out, size_t cap)
{
    int n = BIO_read(SSL_get_wbio(s->ssl), out, (int)cap);

    return n > 0 ? (size_t)n : 0;
}
