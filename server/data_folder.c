/* data_folder.c - the folder that holds everything ternd keeps.
 *
 * Start at data_folder_open(). Tests: test/system/test_ternd.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/data_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

void data_folder_file(char out[PATH_MAX], const struct data_folder *d,
                      const char *name)
{
    snprintf(out, PATH_MAX, "%s/%s", d->path, name);
}

static bool failed(struct diag *why, const char *doing, const char *path)
{
    diag_set(why, "cannot %s %.150s: %s", doing, path, strerror(errno));
    return false;
}

static bool folder_make(const char *path, struct diag *why)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return true;
    return failed(why, "make the folder", path);
}

/* The kernel drops the lock when the process ends, however it ends. */
static bool folder_lock(struct data_folder *d, struct diag *why)
{
    char path[PATH_MAX];

    data_folder_file(path, d, "lock");
    d->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (d->lock_fd < 0)
        return failed(why, "open", path);
    if (flock(d->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno != EWOULDBLOCK)
        return failed(why, "lock", path);
    diag_set(why,
             "another ternd works on %.150s; stop it, or give another --data",
             d->path);
    return false;
}

static bool bytes_put(const char *path, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok =
        fd >= 0 && write(fd, bytes, len) == (ssize_t)len && fsync(fd) == 0;

    if (fd >= 0 && close(fd) != 0)
        ok = false;
    return ok;
}

static bool folder_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

bool data_folder_write(const struct data_folder *d, const char *name,
                       const void *bytes, size_t len, struct diag *why)
{
    char path[PATH_MAX], fresh[PATH_MAX + 8];

    data_folder_file(path, d, name);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    if (bytes_put(fresh, bytes, len) && rename(fresh, path) == 0 &&
        folder_sync(d->path))
        return true;
    failed(why, "write", path);
    unlink(fresh);
    return false;
}

long data_folder_read(const struct data_folder *d, const char *name, void *out,
                      size_t cap)
{
    char path[PATH_MAX];
    struct stat st;
    long len = -1;

    data_folder_file(path, d, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) == 0 && st.st_size >= 0 && (size_t)st.st_size <= cap)
        len = read(fd, out, cap);
    close(fd);
    return len;
}

bool data_folder_sync(const struct data_folder *d)
{
    return folder_sync(d->path);
}

void data_folder_remove(const struct data_folder *d, const char *name)
{
    char path[PATH_MAX];

    data_folder_file(path, d, name);
    unlink(path);
}

static bool link_key_load(struct data_folder *d, struct diag *why)
{
    long len = data_folder_read(d, "link.key", d->link_key, LINK_KEY_BYTES);

    if (len == LINK_KEY_BYTES)
        return true;
    if (len >= 0 || errno != ENOENT) {
        diag_set(why,
                 "%.150s/link.key is not 32 bytes; remove it: a new one is "
                 "made, and links given out before stop working",
                 d->path);
        return false;
    }
    if (getrandom(d->link_key, LINK_KEY_BYTES, 0) != LINK_KEY_BYTES)
        return failed(why, "make a key for", d->path);
    return data_folder_write(d, "link.key", d->link_key, LINK_KEY_BYTES, why);
}

/* A new one at each start: broker and server are one product, and nobody else
 * needs it. */
static bool service_secret_make(struct data_folder *d, struct diag *why)
{
    uint8_t random[32];
    struct text t = text_in(d->service_secret, sizeof d->service_secret);

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return failed(why, "make a secret for", d->path);
    text_add_hex(&t, random, sizeof random, false);
    return data_folder_write(d, "broker/service.secret", d->service_secret,
                             strlen(d->service_secret), why);
}

bool data_folder_open(struct data_folder *d, const char *path, struct diag *why)
{
    char absolute[PATH_MAX], broker[PATH_MAX];

    *d = (struct data_folder){.lock_fd = -1};
    if (!folder_make(path, why))
        return false;
    if (!realpath(path, absolute))
        return failed(why, "use", path);
    if (strlen(absolute) >= sizeof d->path) {
        errno = ENAMETOOLONG;
        return failed(why, "use", path);
    }
    memcpy(d->path, absolute, strlen(absolute) + 1);
    if (!folder_lock(d, why))
        return false;
    data_folder_remove(d, "runtime.json"); /* of a run that was killed */
    data_folder_file(broker, d, "broker");
    return folder_make(broker, why) && link_key_load(d, why) &&
           service_secret_make(d, why);
}

void data_folder_close(struct data_folder *d)
{
    if (d->lock_fd >= 0)
        close(d->lock_fd);
    d->lock_fd = -1;
    explicit_bzero(d->link_key, sizeof d->link_key);
    explicit_bzero(d->service_secret, sizeof d->service_secret);
}

bool data_folder_announce(const struct data_folder *d, const char *http,
                          const char *mqtt, const char *mqtts, struct diag *why)
{
    json_t *run =
        json_pack("{s:i,s:s,s:s*,s:s*,s:s}", "pid", (int)getpid(), "http", http,
                  "mqtt", mqtt[0] ? mqtt : NULL, "mqtts",
                  mqtts[0] ? mqtts : NULL, "version", TERN_VERSION);
    char *text = json_dumps(run, JSON_COMPACT);
    bool ok =
        text && data_folder_write(d, "runtime.json", text, strlen(text), why);

    free(text);
    json_decref(run);
    return ok;
}
