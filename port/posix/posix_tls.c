/* posix_tls.c - see posix_tls.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/posix/posix_tls.h"

#include <arpa/inet.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "port/tls_reason.h"

static bool is_digits(const char *host)
{
    struct in6_addr any;

    return inet_pton(AF_INET, host, &any) == 1 ||
           inet_pton(AF_INET6, host, &any) == 1;
}

/* Only notes the first fault; OpenSSL has decided. */
static int on_verify(int ok, X509_STORE_CTX *x)
{
    const SSL *ssl =
        X509_STORE_CTX_get_ex_data(x, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct posix_tls *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

    if (!ok && t->verdict == X509_V_OK)
        t->verdict = X509_STORE_CTX_get_error(x);
    return ok;
}

static void on_state(const SSL *ssl, int where, int value)
{
    struct posix_tls *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

    if (where & SSL_CB_HANDSHAKE_START) {
        t->began = true;
        /* libmosquitto has announced the digits that it connects to. */
        /* NOLINTBEGIN(performance-no-int-to-ptr): OpenSSL does not say const */
        SSL *mine = (SSL *)(uintptr_t)ssl; /* its type is for reading */
        char *name = t->host_is_name ? (char *)(uintptr_t)t->host : NULL;
        /* NOLINTEND(performance-no-int-to-ptr) */
        (void)SSL_set_tlsext_host_name(mine, name);
    }
    if (where & SSL_CB_HANDSHAKE_DONE)
        t->done = true;
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && value >> 8 == 2)
        t->alert = true;
}

static void on_record(int write, int version, int type, const void *bytes,
                      size_t len, SSL *ssl, void *arg)
{
    struct posix_tls *t = arg;

    (void)version;
    (void)type;
    (void)bytes;
    (void)len;
    (void)ssl;
    if (!write)
        t->spoke = true;
}

ota_err posix_tls_init(struct posix_tls *t, const uint8_t *der, size_t len)
{
    const uint8_t *at = der;
    X509 *ca = d2i_X509(NULL, &at, (long)len);
    ota_err e = OTA_ERR_IO;

    memset(t, 0, sizeof *t);
    if (ca == NULL) {
        ERR_clear_error();
        return OTA_ERR_SYNTAX;
    }
    t->ctx = SSL_CTX_new(TLS_client_method());
    if (t->ctx != NULL &&
        SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION) == 1 &&
        X509_STORE_add_cert(SSL_CTX_get_cert_store(t->ctx), ca) == 1) {
        SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, on_verify);
        SSL_CTX_set_app_data(t->ctx, t);
        SSL_CTX_set_info_callback(t->ctx, on_state);
        SSL_CTX_set_msg_callback(t->ctx, on_record);
        SSL_CTX_set_msg_callback_arg(t->ctx, t);
        e = OTA_OK;
    }
    X509_free(ca);
    if (e != OTA_OK)
        posix_tls_end(t);
    return e;
}

ota_err posix_tls_begin(struct posix_tls *t, struct mosquitto *m,
                        const char *host)
{
    X509_VERIFY_PARAM *p = SSL_CTX_get0_param(t->ctx);
    bool digits = is_digits(host);

    t->host = host;
    t->host_is_name = !digits;
    t->began = t->done = t->spoke = t->alert = false;
    t->verdict = X509_V_OK;
    X509_VERIFY_PARAM_set_hostflags(p, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if ((digits ? X509_VERIFY_PARAM_set1_ip_asc(p, host)
                : X509_VERIFY_PARAM_set1_host(p, host, 0)) != 1 ||
        mosquitto_void_option(m, MOSQ_OPT_SSL_CTX, t->ctx) !=
            MOSQ_ERR_SUCCESS ||
        mosquitto_int_option(m, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0) !=
            MOSQ_ERR_SUCCESS)
        return OTA_ERR_IO;
    return OTA_OK;
}

static const char *verdict_text(int verdict)
{
    switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return TLS_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return TLS_EARLY;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return TLS_WRONG_NAME;
    default:
        return TLS_NOT_TRUSTED;
    }
}

const char *posix_tls_why(const struct posix_tls *t, bool late)
{
    if (t->ctx == NULL || !t->began || t->done)
        return NULL;
    if (t->verdict != X509_V_OK)
        return verdict_text(t->verdict);
    if (late)
        return TLS_STALLED;
    if (t->alert)
        return TLS_ALERT;
    return t->spoke ? TLS_BROKEN : TLS_HUNG_UP;
}

void posix_tls_end(struct posix_tls *t)
{
    SSL_CTX_free(t->ctx);
    t->ctx = NULL;
}
