/* tls_files.h - the certificates of the broker's TLS listener.
 *
 * Unless files are given: a CA of our own, made once and good for 20 years,
 * which devices are provisioned with; and a certificate by it for the names
 * that devices reach us by, good for two years and made anew when less than 30
 * days are left, or the names have changed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_TLS_FILES_H
#define TERN_SERVER_TLS_FILES_H

#include "server/data_folder.h"
#include "server/options.h"

enum { TLS_LOOK_SECONDS = 24 * 3600 }; /* between two tls_files_renew() */

struct tls_files {
    char cert[PATH_MAX], key[PATH_MAX]; /* what mosquitto is given */
    char *ca; /* PEM; NULL: the files were given, and so is their CA */
    uint8_t sha256[32]; /* of the certificate */
};

/* Make or check what o wants. false: why. */
bool tls_files_prepare(struct tls_files *out, const struct options *o,
                       const struct data_folder *d, struct diag *why);
/* The same while the server runs: has the certificate become another one, made
 * here or put there by whoever renews it? Then mosquitto has to read it. What
 * is wrong with the files is logged, and mosquitto keeps what it has. */
bool tls_files_renew(struct tls_files *t, const struct options *o,
                     const struct data_folder *d);
void tls_files_free(struct tls_files *t);

#endif
