/* blob_store.c - the folders of the blobs: open, look up, sweep.
 *
 * Start at blob_store_open(). Writing one is blob_writer.c.
 * Tests: test/unit/server_blob/test_blob.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/blob/blob.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/blob/blob_path.h"

bool blob_name_ok(const char *sha256)
{
    return strspn(sha256, "0123456789abcdef") == 64 && sha256[64] == '\0';
}

void blob_folder_path(char out[PATH_MAX], const struct blob_store *s,
                      const char *sha256)
{
    snprintf(out, PATH_MAX, "%s/blobs/%.2s", s->dir, sha256);
}

void blob_file_path(char out[PATH_MAX], const struct blob_store *s,
                    const char *sha256)
{
    snprintf(out, PATH_MAX, "%s/blobs/%.2s/%.64s", s->dir, sha256, sha256);
}

static bool folder_make(const char *path, struct diag *why)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return true;
    diag_set(why, "cannot make the folder %.160s: %s", path, strerror(errno));
    return false;
}

/* Call each() with the path and the name of every entry of a folder. */
static void folder_each(const char *path,
                        void (*each)(void *ctx, const char *path,
                                     const char *name),
                        void *ctx)
{
    DIR *d = opendir(path);
    char entry[PATH_MAX];

    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        if (e->d_name[0] == '.')
            continue;
        int n = snprintf(entry, sizeof entry, "%s/%s", path, e->d_name);
        if (n > 0 && (size_t)n < sizeof entry)
            each(ctx, entry, e->d_name);
    }
    if (d)
        closedir(d);
}

static void entry_remove(void *ctx, const char *path, const char *name)
{
    (void)ctx;
    (void)name;
    unlink(path);
}

struct blob_store *blob_store_open(const char *dir, struct diag *why)
{
    struct blob_store *s = calloc(1, sizeof *s);
    char path[PATH_MAX];

    if (!s || strlen(dir) >= sizeof s->dir) {
        diag_set(why, "the path of the data folder is too long");
        free(s);
        return NULL;
    }
    memcpy(s->dir, dir, strlen(dir) + 1);
    snprintf(path, sizeof path, "%s/blobs", dir);
    bool ok = folder_make(path, why);
    snprintf(path, sizeof path, "%s/tmp", dir);
    if (!ok || !folder_make(path, why)) {
        free(s);
        return NULL;
    }
    folder_each(path, entry_remove, NULL); /* uploads cut off by a crash */
    return s;
}

void blob_store_close(struct blob_store *s)
{
    free(s);
}

struct sweep {
    bool (*keep)(void *ctx, const char *sha256);
    void *ctx;
};

static void sweep_blob(void *ctx, const char *path, const char *name)
{
    struct sweep *sweep = ctx;

    /* A file that is no blob was not made by us, so it is not ours to take. */
    if (blob_name_ok(name) && !sweep->keep(sweep->ctx, name))
        unlink(path);
}

static void sweep_folder(void *ctx, const char *path, const char *name)
{
    (void)name;
    folder_each(path, sweep_blob, ctx);
}

void blob_store_sweep(struct blob_store *s,
                      bool (*keep)(void *ctx, const char *sha256), void *ctx)
{
    struct sweep sweep = {keep, ctx};
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/blobs", s->dir);
    folder_each(path, sweep_folder, &sweep);
}

int blob_open(const struct blob_store *s, const char *sha256,
              uint64_t *size_bytes)
{
    char path[PATH_MAX];
    struct stat st;

    if (!blob_name_ok(sha256))
        return -1;
    blob_file_path(path, s, sha256);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return -1;
    }
    *size_bytes = (uint64_t)st.st_size;
    return fd;
}
