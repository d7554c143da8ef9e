/* posix_ca.h - a CA certificate from a PEM file, as the provisioning sector and
 * the links want it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_POSIX_CA_H
#define TERN_POSIX_CA_H

#include <stdint.h>

#include "base/err.h"
#include "base/provision.h"

enum { POSIX_CA_WHY_MAX = 2 * PROVISION_PATH_MAX + 256 };

struct posix_ca {
    uint8_t der[PROVISION_CA_MAX];
    size_t len;
};

/* Read the CA that an identity file names, if it names one.
 *
 * identity  the path of the JSON; a "caFile" that is no absolute path is
 *           beside it
 * text      the JSON
 * id        its ca points into out afterwards, or is NULL if none is named
 * why       POSIX_CA_WHY_MAX bytes; a sentence unless OTA_OK
 *
 * Returns OTA_OK; OTA_ERR_IO it cannot be read; OTA_ERR_SYNTAX "caFile" is no
 *         text, or the file is no CA certificate with an EC P-256 key, which is
 *         what the firmware for boards can check. */
TERN_MUST_USE ota_err posix_ca_read(struct posix_ca *out, const char *identity,
                                    const char *text, size_t len,
                                    struct provision *id,
                                    char why[POSIX_CA_WHY_MAX]);

#endif
