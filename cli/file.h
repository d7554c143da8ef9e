/* file.h - whole files in and out, so that a failure leaves the old file or
 * none. Tests: test/unit/cli/test_file.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_FILE_H
#define TERN_CLI_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/say.h"

struct file_bytes {
    uint8_t *bytes; /* malloc; free with file_free() */
    size_t len;
};

/* Each returns false with a sentence in why. max: refuse larger files. */
bool file_read(struct file_bytes *out, const char *path, size_t max,
               struct why *why);
void file_free(struct file_bytes *f); /* wiped before it is given back */

/* Make a file that must not exist yet, readable by its owner alone, on disk
 * when this returns. What was begun is removed when it fails. */
bool file_create_secret(const char *path, const void *bytes, size_t len,
                        struct why *why);

/* Put new contents in place of path (which may not exist) by rename. */
bool file_replace(const char *path, const void *bytes, size_t len,
                  struct why *why);

#endif
