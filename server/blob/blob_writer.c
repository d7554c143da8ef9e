/* blob_writer.c - one upload: written, hashed, made durable, named.
 *
 * Start at blob_writer_keep(): the order of its steps is the promise that an
 * acknowledged upload survives any crash.
 * Tests: test/unit/server_blob/test_blob.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/blob/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "server/blob/blob_path.h"

struct blob_writer {
    const struct blob_store *store;
    int fd;
    char path[PATH_MAX];
    EVP_MD_CTX *sha256, *md5;
    struct blob_digest digest;
};

/* A quota or a limit on file sizes is a full disk to whoever uploads. */
static ota_err disk_error(struct diag *why, const char *doing)
{
    int e = errno;
    bool full = e == ENOSPC || e == EDQUOT || e == EFBIG;

    diag_set(why,
             full ? "the server's disk is full (%s: %s); make room in its "
                    "data folder and upload again"
                  : "the server cannot store the file (%s: %s)",
             doing, strerror(e));
    return full ? OTA_ERR_FULL : OTA_ERR_IO;
}

static bool digests_begin(struct blob_writer *w)
{
    w->sha256 = EVP_MD_CTX_new();
    w->md5 = EVP_MD_CTX_new();
    return w->sha256 && w->md5 &&
           EVP_DigestInit_ex(w->sha256, EVP_sha256(), NULL) &&
           EVP_DigestInit_ex(w->md5, EVP_md5(), NULL);
}

struct blob_writer *blob_writer_open(struct blob_store *s, ota_err *error,
                                     struct diag *why)
{
    struct blob_writer *w = calloc(1, sizeof *w);

    *error = OTA_ERR_IO;
    if (!w) {
        diag_set(why, "the server is out of memory");
        return NULL;
    }
    w->store = s;
    snprintf(w->path, sizeof w->path, "%s/tmp/upload-XXXXXX", s->dir);
    w->fd = mkostemp(w->path, O_CLOEXEC);
    if (w->fd < 0) {
        *error = disk_error(why, "new file");
        free(w);
        return NULL;
    }
    if (!digests_begin(w)) {
        diag_set(why, "the server is out of memory");
        blob_writer_discard(w);
        return NULL;
    }
    *error = OTA_OK;
    return w;
}

ota_err blob_write(struct blob_writer *w, const void *bytes, size_t len,
                   struct diag *why)
{
    const char *p = bytes;

    for (size_t left = len; left > 0;) {
        ssize_t n = write(w->fd, p, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return disk_error(why, "write");
        p += n;
        left -= (size_t)n;
    }
    if (!EVP_DigestUpdate(w->sha256, bytes, len) ||
        !EVP_DigestUpdate(w->md5, bytes, len)) {
        diag_set(why, "the server cannot hash");
        return OTA_ERR_IO;
    }
    w->digest.size_bytes += len;
    return OTA_OK;
}

static bool digest_end(EVP_MD_CTX *ctx, char *hex, size_t hex_cap)
{
    uint8_t bytes[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    struct text t = text_in(hex, hex_cap);

    if (!EVP_DigestFinal_ex(ctx, bytes, &len))
        return false;
    text_add_hex(&t, bytes, len, false);
    return !t.bad;
}

ota_err blob_writer_seal(struct blob_writer *w, struct blob_digest *out,
                         int *fd, struct diag *why)
{
    if (!digest_end(w->sha256, w->digest.sha256, sizeof w->digest.sha256) ||
        !digest_end(w->md5, w->digest.md5, sizeof w->digest.md5)) {
        diag_set(why, "the server cannot hash");
        return OTA_ERR_IO;
    }
    *out = w->digest;
    *fd = w->fd;
    return OTA_OK;
}

static bool folder_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

ota_err blob_writer_keep(struct blob_writer *w, struct diag *why)
{
    char blobs[PATH_MAX], folder[PATH_MAX], file[PATH_MAX];
    ota_err e = OTA_OK;

    snprintf(blobs, sizeof blobs, "%s/blobs", w->store->dir);
    blob_folder_path(folder, w->store, w->digest.sha256);
    blob_file_path(file, w->store, w->digest.sha256);

    if (fsync(w->fd) != 0)
        e = disk_error(why, "fsync");
    else if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        e = disk_error(why, "mkdir");
    /* The same content may be there already: rename puts the same bytes in
     * its place, and whoever reads the old file goes on reading it. */
    else if (rename(w->path, file) != 0)
        e = disk_error(why, "rename");
    else
        w->path[0] = '\0'; /* the name in tmp/ is free for others again */
    if (e == OTA_OK && (!folder_sync(folder) || !folder_sync(blobs)))
        e = disk_error(why, "fsync of the folder");
    blob_writer_discard(w);
    return e;
}

void blob_writer_discard(struct blob_writer *w)
{
    if (!w)
        return;
    if (w->path[0])
        unlink(w->path);
    close(w->fd);
    EVP_MD_CTX_free(w->sha256);
    EVP_MD_CTX_free(w->md5);
    free(w);
}
