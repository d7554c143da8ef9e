/* keys_file.c - the devices' secrets, written for the broker plugin.
 *
 * Start at keys_file_open(). The database is the truth; this file is a copy
 * that may be thrown away and is written anew at each start.
 * Tests: test/system/test_ternd.py, test_http_api.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/keys_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/log.h"

enum { LINE_MAX_BYTES = 160, PAGE_ROWS = 1000 };

struct keys_file {
    pthread_mutex_t lock;
    char path[PATH_MAX];
    char store_url[PATH_MAX + 16];
    int fd;
    bool broken; /* an append failed: the file is behind the database */
};

static size_t line_format(char out[LINE_MAX_BYTES], const struct device *d)
{
    int n = d->enabled ? snprintf(out, LINE_MAX_BYTES, "+ %s %s %s\n",
                                  d->product_key, d->name, d->secret)
                       : snprintf(out, LINE_MAX_BYTES, "- %s %s\n",
                                  d->product_key, d->name);
    return (size_t)n;
}

struct page {
    FILE *file;
    int64_t last;
    uint32_t rows;
};

/* A disabled device needs no line in a file that starts from nothing. */
static bool page_row(void *ctx, const struct device *d)
{
    char line[LINE_MAX_BYTES];
    struct page *page = ctx;

    page->last = d->id;
    page->rows++;
    if (!d->enabled)
        return true;
    size_t len = line_format(line, d);
    bool ok = fwrite(line, 1, len, page->file) == len;
    explicit_bzero(line, sizeof line);
    return ok;
}

static ota_err devices_write(FILE *file, const char *store_url,
                             struct diag *why)
{
    struct store *s = store_open_reader(store_url, why);
    struct page page = {.file = file, .rows = PAGE_ROWS};
    ota_err e = OTA_OK;

    if (!s)
        return OTA_ERR_IO;
    while (e == OTA_OK && page.rows == PAGE_ROWS) {
        struct store_filter f = {.after = page.last, .limit = PAGE_ROWS};
        page.rows = 0;
        e = store_devices(s, &f, page_row, &page, why);
    }
    store_close(s);
    return e;
}

static ota_err fresh_write(const char *path, const char *store_url,
                           struct diag *why)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

    if (!file) {
        diag_set(why, "cannot write %.150s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return OTA_ERR_IO;
    }
    fputs("tern-keys 1\n", file);
    ota_err e = devices_write(file, store_url, why);
    bool written = fflush(file) == 0 && !ferror(file) && fsync(fd) == 0;
    if (e == OTA_OK && !written) {
        diag_set(why, "cannot write %.150s: %s", path, strerror(errno));
        e = OTA_ERR_IO;
    }
    fclose(file);
    return e;
}

static bool replace(struct keys_file *k, struct diag *why)
{
    char fresh[PATH_MAX + 8];

    snprintf(fresh, sizeof fresh, "%s.new", k->path);
    if (fresh_write(fresh, k->store_url, why) != OTA_OK) {
        unlink(fresh);
        return false;
    }
    int fd = open(fresh, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0 || rename(fresh, k->path) != 0) {
        diag_set(why, "cannot replace %.150s: %s", k->path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (k->fd >= 0)
        close(k->fd);
    k->fd = fd;
    k->broken = false;
    return true;
}

struct keys_file *keys_file_open(const char *path, const char *store_url,
                                 struct diag *why)
{
    struct keys_file *k = calloc(1, sizeof *k);

    if (!k)
        return NULL;
    pthread_mutex_init(&k->lock, NULL);
    k->fd = -1;
    snprintf(k->path, sizeof k->path, "%s", path);
    snprintf(k->store_url, sizeof k->store_url, "%s", store_url);
    if (!replace(k, why)) {
        keys_file_close(k);
        return NULL;
    }
    return k;
}

void keys_file_append(struct keys_file *k, const struct device *d)
{
    char line[LINE_MAX_BYTES];
    size_t len = line_format(line, d);

    pthread_mutex_lock(&k->lock);
    /* After a failure half a line may stand at the end: nothing is added to it,
     * the next mend writes everything. */
    if (!k->broken &&
        (write(k->fd, line, len) != (ssize_t)len || fsync(k->fd) != 0)) {
        k->broken = true;
        log_event(LOG_LEVEL_ERROR, "cannot append to the keys file", "s:s",
                  "error", strerror(errno));
    }
    pthread_mutex_unlock(&k->lock);
    explicit_bzero(line, sizeof line);
}

void keys_file_mend(struct keys_file *k)
{
    struct diag why = {""};

    pthread_mutex_lock(&k->lock);
    if (k->broken && replace(k, &why))
        log_event(LOG_LEVEL_INFO, "the keys file is whole again", NULL);
    pthread_mutex_unlock(&k->lock);
}

void keys_file_close(struct keys_file *k)
{
    if (!k)
        return;
    if (k->fd >= 0)
        close(k->fd);
    pthread_mutex_destroy(&k->lock);
    free(k);
}
