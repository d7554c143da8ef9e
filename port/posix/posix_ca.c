/* posix_ca.c - see posix_ca.h. Tests: test/system/test_tls.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/posix/posix_ca.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

static ota_err refuse(char why[POSIX_CA_WHY_MAX], ota_err e, const char *path,
                      const char *what)
{
    (void)snprintf(why, POSIX_CA_WHY_MAX, "%s: %s", path, what);
    return e;
}

/* False: too long. */
static bool beside(char out[2 * PROVISION_PATH_MAX], const char *file,
                   const char *path)
{
    const char *slash = strrchr(file, '/');
    int folder = path[0] == '/' || slash == NULL ? 0 : (int)(slash - file + 1);
    int n = snprintf(out, (size_t)2 * PROVISION_PATH_MAX, "%.*s%s", folder,
                     file, path);

    return n > 0 && n < 2 * PROVISION_PATH_MAX;
}

static bool key_is_p256(X509 *cert)
{
    char group[64] = "";
    EVP_PKEY *key = X509_get0_pubkey(cert);

    return key != NULL &&
           EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

static const char *fault(X509 *cert)
{
    if (cert == NULL)
        return "not a certificate: it must be PEM, as `tern server ca` gives "
               "it";
    if (X509_check_ca(cert) != 1)
        return "not the certificate of a CA; take the one that has signed the "
               "broker's, as `tern server ca` gives it";
    if (!key_is_p256(cert))
        return "its key is not EC P-256, the only one that firmware can check";
    if (i2d_X509(cert, NULL) > PROVISION_CA_MAX)
        return "the certificate is longer than 2048 bytes";
    return NULL;
}

ota_err posix_ca_read(struct posix_ca *out, const char *identity,
                      const char *text, size_t len, struct provision *id,
                      char why[POSIX_CA_WHY_MAX])
{
    char named[PROVISION_PATH_MAX], path[2 * PROVISION_PATH_MAX];
    struct provision_why wrong;
    uint8_t *to = out->der;

    out->len = 0;
    id->ca = NULL;
    if (provision_ca_path(named, text, len, &wrong) != OTA_OK)
        return refuse(why, OTA_ERR_SYNTAX, identity,
                      "\"caFile\" must be the path of a file");
    if (named[0] == '\0')
        return OTA_OK;
    if (!beside(path, identity, named))
        return refuse(why, OTA_ERR_IO, named, "the path is too long");
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return refuse(why, OTA_ERR_IO, path, strerror(errno));
    X509 *cert = PEM_read_X509(f, NULL, NULL, NULL);
    (void)fclose(f);
    ERR_clear_error();
    const char *what = fault(cert);
    if (what == NULL)
        out->len = (size_t)i2d_X509(cert, &to);
    X509_free(cert);
    if (what != NULL)
        return refuse(why, OTA_ERR_SYNTAX, path, what);
    id->ca = out->der;
    id->ca_len = out->len;
    return OTA_OK;
}
