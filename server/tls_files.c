/* tls_files.c - see tls_files.h. Start at tls_files_prepare().
 *
 * The CA's two files come into being by one rename of their folder, so no crash
 * leaves one without the other. A server certificate without its key is made
 * anew.
 * Tests: test/system/test_tls.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/tls_files.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "server/log.h"

#define FOLDER       "tls"
#define FOLDER_FRESH "tls.new"
#define CA_CERT      "/ca.pem"
#define CA_KEY       "/ca.key"
#define SERVER_CERT  FOLDER "/server.pem"
#define SERVER_KEY   FOLDER "/server.key"

enum {
    CA_DAYS = 20 * 365 + 5,
    SERVER_DAYS = 2 * 365,
    RENEW_DAYS = 30,
    EARLIER_SECONDS = 24 * 3600, /* for devices whose clock is behind */
    DAY_SECONDS = 24 * 3600,
    PEM_MAX = 64 * 1024,
    SERIAL_BITS = 127,
    NAMES_TEXT_MAX = 8192,
};

/* A certificate and its key, either of which may be NULL. */
struct pair {
    X509 *cert;
    EVP_PKEY *key;
};

static void pair_free(struct pair *p)
{
    X509_free(p->cert);
    EVP_PKEY_free(p->key);
    *p = (struct pair){NULL, NULL};
}

/* --- PEM files in the data folder ------------------------------------------
 */

static BIO *bio_of(const struct data_folder *d, const char *name)
{
    char *text = malloc(PEM_MAX);
    long len = text ? data_folder_read(d, name, text, PEM_MAX) : -1;
    BIO *b = len > 0 ? BIO_new(BIO_s_mem()) : NULL;

    if (b)
        (void)BIO_write(b, text, (int)len);
    if (text)
        explicit_bzero(text, PEM_MAX);
    free(text);
    return b;
}

static bool pair_load(struct pair *p, const struct data_folder *d,
                      const char *cert, const char *key)
{
    BIO *c = bio_of(d, cert), *k = bio_of(d, key);

    p->cert = c ? PEM_read_bio_X509(c, NULL, NULL, NULL) : NULL;
    p->key = k ? PEM_read_bio_PrivateKey(k, NULL, NULL, NULL) : NULL;
    BIO_free(c);
    BIO_free(k);
    ERR_clear_error();
    if (p->cert && p->key && X509_check_private_key(p->cert, p->key) == 1)
        return true;
    ERR_clear_error();
    pair_free(p);
    return false;
}

static bool bio_write_file(const struct data_folder *d, const char *name,
                           BIO *b, struct diag *why)
{
    char *text = NULL;
    long len = BIO_get_mem_data(b, &text);

    return data_folder_write(d, name, text, (size_t)len, why);
}

/* The key first: a crash in between leaves a pair that does not match. */
static bool pair_save(const struct pair *p, const struct data_folder *d,
                      const char *cert, const char *key, struct diag *why)
{
    BIO *c = BIO_new(BIO_s_mem()), *k = BIO_new(BIO_s_secmem());
    bool ok = c && k && PEM_write_bio_X509(c, p->cert) == 1 &&
              PEM_write_bio_PKCS8PrivateKey(k, p->key, NULL, NULL, 0, NULL,
                                            NULL) == 1;

    if (!ok)
        diag_set(why, "the server is out of memory");
    ok =
        ok && bio_write_file(d, key, k, why) && bio_write_file(d, cert, c, why);
    BIO_free(c);
    BIO_free(k);
    return ok;
}

/* --- making certificates ---------------------------------------------------
 */

static bool extension_add(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;

    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool ok = e && X509_add_ext(cert, e, -1) == 1;
    X509_EXTENSION_free(e);
    return ok;
}

static bool serial_set(X509 *cert)
{
    BIGNUM *n = BN_new();
    bool ok = n &&
              BN_rand(n, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
              BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert)) != NULL;

    BN_free(n);
    return ok;
}

/* With its serial number in the name, two CAs of this kind are never taken for
 * each other. */
static bool subject_set(X509 *cert, const char *what)
{
    BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
    char *hex = n ? BN_bn2hex(n) : NULL;
    char name[64];

    snprintf(name, sizeof name, "%s %.8s", what, hex ? hex : "");
    bool ok = hex && X509_NAME_add_entry_by_txt(
                         X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
                         (const unsigned char *)name, -1, -1, 0) == 1;
    OPENSSL_free(hex);
    BN_free(n);
    return ok;
}

/* All but extensions and signature. */
static bool pair_begin(struct pair *p, const char *what, int days)
{
    p->key = EVP_EC_gen("P-256");
    p->cert = X509_new();
    return p->key && p->cert && X509_set_version(p->cert, 2) == 1 &&
           serial_set(p->cert) && subject_set(p->cert, what) &&
           X509_gmtime_adj(X509_getm_notBefore(p->cert), -EARLIER_SECONDS) &&
           X509_gmtime_adj(X509_getm_notAfter(p->cert),
                           (long)days * DAY_SECONDS) &&
           X509_set_pubkey(p->cert, p->key) == 1;
}

static bool pair_sign(struct pair *p, const struct pair *ca)
{
    return X509_set_issuer_name(p->cert, X509_get_subject_name(ca->cert)) ==
               1 &&
           X509_sign(p->cert, ca->key, EVP_sha256()) > 0;
}

static bool ca_make(struct pair *ca)
{
    return pair_begin(ca, "Tern CA", CA_DAYS) &&
           extension_add(ca->cert, ca->cert, NID_basic_constraints,
                         "critical,CA:TRUE,pathlen:0") &&
           extension_add(ca->cert, ca->cert, NID_key_usage,
                         "critical,keyCertSign,cRLSign") &&
           extension_add(ca->cert, ca->cert, NID_subject_key_identifier,
                         "hash") &&
           pair_sign(ca, ca);
}

static bool server_make(struct pair *server, const struct pair *ca,
                        const char *names)
{
    return pair_begin(server, "Tern broker", SERVER_DAYS) &&
           extension_add(server->cert, ca->cert, NID_basic_constraints,
                         "critical,CA:FALSE") &&
           extension_add(server->cert, ca->cert, NID_key_usage,
                         "critical,digitalSignature") &&
           extension_add(server->cert, ca->cert, NID_ext_key_usage,
                         "serverAuth") &&
           extension_add(server->cert, ca->cert, NID_subject_alt_name, names) &&
           extension_add(server->cert, ca->cert, NID_authority_key_identifier,
                         "keyid") &&
           pair_sign(server, ca);
}

/* --- the names -------------------------------------------------------------
 */

/* An address is there as a name too: BearSSL, which firmware uses, looks for
 * names only. */
static void name_add(char text[NAMES_TEXT_MAX], const char *name)
{
    struct in6_addr any;
    size_t at = strlen(text);
    bool v4 = inet_pton(AF_INET, name, &any) == 1;
    bool v6 = inet_pton(AF_INET6, name, &any) == 1;

    if (v4 || v6)
        at += (size_t)snprintf(text + at, NAMES_TEXT_MAX - at, "%sIP:%s",
                               at ? "," : "", name);
    if (!v6 && at < NAMES_TEXT_MAX)
        (void)snprintf(text + at, NAMES_TEXT_MAX - at, "%sDNS:%s",
                       at ? "," : "", name);
}

static void names_of(char text[NAMES_TEXT_MAX], const struct options *o)
{
    text[0] = '\0';
    name_add(text, "localhost");
    name_add(text, "127.0.0.1");
    if (o->url_host[0])
        name_add(text, o->url_host);
    for (unsigned i = 0; i < o->tls_name_count; i++)
        name_add(text, o->tls_names[i]);
}

/* Does cert have these names, in this order, and no others? Compared as the
 * extension that they make. */
static bool names_are(X509 *cert, const char *names)
{
    X509 *other = X509_new();
    bool same = false;

    if (other && extension_add(other, other, NID_subject_alt_name, names)) {
        int a = X509_get_ext_by_NID(cert, NID_subject_alt_name, -1);
        int b = X509_get_ext_by_NID(other, NID_subject_alt_name, -1);
        same = a >= 0 && b >= 0 &&
               ASN1_STRING_cmp(
                   X509_EXTENSION_get_data(X509_get_ext(cert, a)),
                   X509_EXTENSION_get_data(X509_get_ext(other, b))) == 0;
    }
    X509_free(other);
    return same;
}

/* --- our own ---------------------------------------------------------------
 */

static bool ca_create(struct pair *ca, const struct data_folder *d,
                      struct diag *why)
{
    char fresh[PATH_MAX], path[PATH_MAX];

    data_folder_file(fresh, d, FOLDER_FRESH);
    data_folder_file(path, d, FOLDER);
    if (!ca_make(ca)) {
        diag_set(why, "OpenSSL makes no CA certificate");
        return false;
    }
    if ((mkdir(fresh, 0700) != 0 && errno != EEXIST) ||
        !pair_save(ca, d, FOLDER_FRESH CA_CERT, FOLDER_FRESH CA_KEY, why)) {
        if (!why->text[0])
            diag_set(why, "cannot make %.150s: %s", fresh, strerror(errno));
        return false;
    }
    if (rename(fresh, path) == 0 && data_folder_sync(d)) {
        log_event(LOG_LEVEL_INFO, "made a CA for TLS", "s:s", "folder", path);
        return true;
    }
    diag_set(why, "cannot make %.150s: %s", path, strerror(errno));
    return false;
}

static bool ca_load(struct pair *ca, const struct data_folder *d,
                    struct diag *why)
{
    char path[PATH_MAX];

    data_folder_file(path, d, FOLDER);
    if (access(path, F_OK) != 0)
        return ca_create(ca, d, why);
    if (pair_load(ca, d, FOLDER CA_CERT, FOLDER CA_KEY))
        return true;
    diag_set(why,
             "%.120s lacks ca.pem or its ca.key: bring them back from a copy, "
             "or remove the folder for a new CA, with which every device has "
             "to be provisioned again",
             path);
    return false;
}

static bool server_is_good(const struct pair *server, const struct pair *ca,
                           const char *names)
{
    time_t soon = time(NULL) + (time_t)RENEW_DAYS * DAY_SECONDS;

    return X509_cmp_time(X509_get0_notAfter(server->cert), &soon) > 0 &&
           X509_verify(server->cert, ca->key) == 1 &&
           names_are(server->cert, names);
}

static void mark(struct tls_files *out, const X509 *cert)
{
    unsigned len = sizeof out->sha256;

    if (X509_digest(cert, EVP_sha256(), out->sha256, &len) != 1)
        memset(out->sha256, 0, sizeof out->sha256);
}

static bool server_ensure(struct tls_files *out, const struct pair *ca,
                          const struct options *o, const struct data_folder *d,
                          struct diag *why)
{
    char names[NAMES_TEXT_MAX];
    struct pair server = {NULL, NULL};

    names_of(names, o);
    bool ok = pair_load(&server, d, SERVER_CERT, SERVER_KEY) &&
              server_is_good(&server, ca, names);
    ERR_clear_error();
    if (!ok) {
        pair_free(&server);
        ok = server_make(&server, ca, names);
        if (!ok)
            diag_set(why,
                     "OpenSSL makes no certificate for these names: "
                     "%.200s",
                     names);
        ok = ok && pair_save(&server, d, SERVER_CERT, SERVER_KEY, why);
        if (ok)
            log_event(LOG_LEVEL_INFO, "made a certificate for TLS", "s:s",
                      "names", names);
    }
    if (ok)
        mark(out, server.cert);
    pair_free(&server);
    return ok;
}

static char *pem_of(X509 *cert)
{
    BIO *b = BIO_new(BIO_s_mem());
    char *text, *copy = NULL;

    if (b && PEM_write_bio_X509(b, cert) == 1) {
        long len = BIO_get_mem_data(b, &text);
        copy = strndup(text, (size_t)len);
    }
    BIO_free(b);
    return copy;
}

static bool own_prepare(struct tls_files *out, const struct options *o,
                        const struct data_folder *d, struct diag *why)
{
    struct pair ca = {NULL, NULL};
    bool ok = ca_load(&ca, d, why) && server_ensure(out, &ca, o, d, why);

    data_folder_file(out->cert, d, SERVER_CERT);
    data_folder_file(out->key, d, SERVER_KEY);
    if (ok)
        out->ca = pem_of(ca.cert);
    pair_free(&ca);
    return ok;
}

/* --- given ones ------------------------------------------------------------
 */

static bool given_load(struct pair *p, const struct options *o,
                       struct diag *why)
{
    BIO *c = BIO_new_file(o->tls_cert, "r"), *k = BIO_new_file(o->tls_key, "r");

    p->cert = c ? PEM_read_bio_X509(c, NULL, NULL, NULL) : NULL;
    p->key = k ? PEM_read_bio_PrivateKey(k, NULL, NULL, NULL) : NULL;
    BIO_free(c);
    BIO_free(k);
    ERR_clear_error();
    if (!p->cert)
        diag_set(why,
                 "--tls-cert %.150s: no certificate can be read there; it "
                 "must be PEM",
                 o->tls_cert);
    else if (!p->key)
        diag_set(why,
                 "--tls-key %.150s: no private key can be read there; it "
                 "must be PEM without a password",
                 o->tls_key);
    else if (X509_check_private_key(p->cert, p->key) != 1)
        diag_set(why, "--tls-key %.80s is not the key of --tls-cert %.80s",
                 o->tls_key, o->tls_cert);
    else if (X509_cmp_current_time(X509_get0_notAfter(p->cert)) < 0)
        diag_set(why, "--tls-cert %.150s has expired", o->tls_cert);
    else
        return true;
    ERR_clear_error();
    return false;
}

/* What a person should know of a pair that mosquitto takes. */
static void given_remark(const struct pair *p, const struct options *o)
{
    time_t soon = time(NULL) + (time_t)RENEW_DAYS * DAY_SECONDS;
    char curve[80] = "";
    size_t len;

    (void)EVP_PKEY_get_group_name(p->key, curve, sizeof curve, &len);
    if (strcmp(curve, SN_X9_62_prime256v1) != 0)
        log_event(LOG_LEVEL_WARN,
                  "the key of --tls-cert is not EC P-256: devices with Tern's "
                  "firmware will refuse it",
                  "s:s", "cert", o->tls_cert);
    if (X509_cmp_time(X509_get0_notAfter(p->cert), &soon) < 0)
        log_event(LOG_LEVEL_WARN,
                  "--tls-cert ends within 30 days: put a new one there", "s:s",
                  "cert", o->tls_cert);
    ERR_clear_error();
}

static bool given_prepare(struct tls_files *out, const struct options *o,
                          struct diag *why)
{
    struct pair p = {NULL, NULL};
    bool ok = given_load(&p, o, why);

    if (ok) {
        given_remark(&p, o);
        mark(out, p.cert);
    }
    pair_free(&p);
    if (ok && (!realpath(o->tls_cert, out->cert) ||
               !realpath(o->tls_key, out->key))) {
        diag_set(why, "cannot find --tls-cert or --tls-key: %s",
                 strerror(errno));
        ok = false;
    }
    return ok;
}

bool tls_files_prepare(struct tls_files *out, const struct options *o,
                       const struct data_folder *d, struct diag *why)
{
    *out = (struct tls_files){.ca = NULL};
    return o->tls_cert ? given_prepare(out, o, why)
                       : own_prepare(out, o, d, why);
}

bool tls_files_renew(struct tls_files *t, const struct options *o,
                     const struct data_folder *d)
{
    struct tls_files now;
    struct diag why = {""};
    bool other = false;

    if (tls_files_prepare(&now, o, d, &why))
        other = memcmp(now.sha256, t->sha256, sizeof now.sha256) != 0;
    else
        log_event(LOG_LEVEL_ERROR, "the certificate for TLS stays as it was",
                  "s:s", "why", why.text);
    if (other)
        memcpy(t->sha256, now.sha256, sizeof t->sha256);
    tls_files_free(&now);
    return other;
}

void tls_files_free(struct tls_files *t)
{
    free(t->ca);
    t->ca = NULL;
}
