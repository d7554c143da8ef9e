/* tls_files.h - the certificates of the broker's TLS listener.
 *
 * Unless files are given: a CA of our own, made once and good for 20 years,
 * which devices are provisioned with; and a certificate by it for the names
 * that devices reach us by, good for two years and made anew at a start when
 * less than 30 days are left, or the names have changed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_TLS_FILES_H
#define TERN_SERVER_TLS_FILES_H

#include "server/data_folder.h"
#include "server/options.h"

struct tls_files {
    char cert[PATH_MAX], key[PATH_MAX]; /* what mosquitto is given */
    char *ca; /* PEM; NULL: the files were given, and so is their CA */
};

/* Make or check what o wants. false: why. */
bool tls_files_prepare(struct tls_files *out, const struct options *o,
                       const struct data_folder *d, struct diag *why);
void tls_files_free(struct tls_files *t);

#endif
