/* blob_path.h - where the files of a blob store lie.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_BLOB_PATH_H
#define TERN_SERVER_BLOB_PATH_H

#include <limits.h>
#include <stdbool.h>

struct blob_store {
    char dir[PATH_MAX - 128]; /* leaves room for the longest name below it */
};

/* 64 lower-case hex digits? Nothing else ever becomes part of a path. */
bool blob_name_ok(const char *sha256);

/* dir/blobs/ab, and dir/blobs/ab/<sha256> */
void blob_folder_path(char out[PATH_MAX], const struct blob_store *s,
                      const char *sha256);
void blob_file_path(char out[PATH_MAX], const struct blob_store *s,
                    const char *sha256);

#endif
