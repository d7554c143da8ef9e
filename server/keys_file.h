/* keys_file.h - the devices' secrets, written for the broker plugin.
 *
 * Format and rules: spec/device-protocol.md section 9.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_KEYS_FILE_H
#define TERN_SERVER_KEYS_FILE_H

#include <stdbool.h>

#include "server/core/core.h"
#include "server/store/store.h"

struct keys_file;

/* Write the whole file from the database and put it in place by rename.
 *
 * store_url  kept; the file is written anew when an append failed. */
struct keys_file *keys_file_open(const char *path, const char *store_url,
                                 struct diag *why);

/* One device is new, changed or disabled: append it, durably. An error is
 * logged, and made good by the next keys_file_mend(). Any one thread. */
void keys_file_append(struct keys_file *k, const struct device *d);

/* Write the whole file again if an append failed. Any thread. */
void keys_file_mend(struct keys_file *k);

void keys_file_close(struct keys_file *k); /* NULL is fine */

#endif
