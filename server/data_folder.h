/* data_folder.h - the folder that holds everything ternd keeps.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_DATA_FOLDER_H
#define TERN_SERVER_DATA_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "server/core/core.h"
#include "server/core/link.h"

enum { SERVICE_SECRET_MAX = 65 };

struct data_folder {
    char path[PATH_MAX / 2]; /* absolute */
    int lock_fd;
    uint8_t link_key[LINK_KEY_BYTES];
    char service_secret[SERVICE_SECRET_MAX]; /* hex; what the broker knows */
};

/* Make the folder if it is missing, lock it, and read or make its secrets.
 * false: why, for example that another ternd has it. */
bool data_folder_open(struct data_folder *d, const char *path,
                      struct diag *why);
void data_folder_close(struct data_folder *d);

/* path/name */
void data_folder_file(char out[PATH_MAX], const struct data_folder *d,
                      const char *name);

/* Put text under name so that after any crash the old or the new one is there.
 * Mode 0600. */
bool data_folder_write(const struct data_folder *d, const char *name,
                       const void *bytes, size_t len, struct diag *why);

/* Read a small file whole; -1 if it is not there or larger than cap. */
long data_folder_read(const struct data_folder *d, const char *name, void *out,
                      size_t cap);

void data_folder_remove(const struct data_folder *d, const char *name);

/* runtime.json: that everything is up, and where. mqtt, mqtts: "" if there is
 * no such listener. */
bool data_folder_announce(const struct data_folder *d, const char *http,
                          const char *mqtt, const char *mqtts,
                          struct diag *why);

/* The folder's own entries are on disk. */
bool data_folder_sync(const struct data_folder *d);

#endif
