/* blob.h - package files on disk, each named by what is in it.
 *
 * blobs/ab/<sha256>. A file gets its name only when it is whole and on the
 * disk, so a crash at any instant leaves either the blob or a file in tmp/,
 * which the next start sweeps away. The same content twice is one file.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_BLOB_H
#define TERN_SERVER_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "server/core/core.h"

struct blob_store;
struct blob_writer;

struct blob_digest {
    uint64_t size_bytes;
    char sha256[65]; /* lower-case hex */
    char md5[33];
};

/* Use (and make) dir/blobs and dir/tmp; sweep dir/tmp. The caller holds the
 * lock of the folder. NULL: why says what failed. */
struct blob_store *blob_store_open(const char *dir, struct diag *why);
void blob_store_close(struct blob_store *s); /* NULL is fine */

/* Remove every blob that keep() says no to. Only while nobody uploads. */
void blob_store_sweep(struct blob_store *s,
                      bool (*keep)(void *ctx, const char *sha256), void *ctx);

/* A new upload. NULL: why; *error is OTA_ERR_FULL if the disk is. */
struct blob_writer *blob_writer_open(struct blob_store *s, ota_err *error,
                                     struct diag *why);

/* Append. Returns OTA_OK; OTA_ERR_FULL no room; OTA_ERR_IO. After an error
 * only blob_writer_discard() makes sense. */
TERN_MUST_USE ota_err blob_write(struct blob_writer *w, const void *bytes,
                                 size_t len, struct diag *why);

/* Finish the digests; the file can now be looked at through *fd, which stays
 * the writer's, before it gets its name. */
TERN_MUST_USE ota_err blob_writer_seal(struct blob_writer *w,
                                       struct blob_digest *out, int *fd,
                                       struct diag *why);

/* Make it durable under its name and free the writer, whatever comes out.
 * Only after blob_writer_seal(). Blocks for the disk: not on a thread that
 * serves others. Returns OTA_OK; OTA_ERR_FULL; OTA_ERR_IO. */
TERN_MUST_USE ota_err blob_writer_keep(struct blob_writer *w, struct diag *why);

/* Remove the unfinished file and free the writer; NULL is fine. */
void blob_writer_discard(struct blob_writer *w);

/* Open a blob for reading. Returns a descriptor that is the caller's, or -1. */
int blob_open(const struct blob_store *s, const char *sha256,
              uint64_t *size_bytes);

#endif
