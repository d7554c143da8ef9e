/* file.c - whole files in and out. Tests: test/unit/cli/test_file.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(struct why *why, const char *doing, const char *path)
{
    why_set(why, "cannot %s %s: %s", doing, path, strerror(errno));
    return false;
}

static bool read_all(int fd, uint8_t *to, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = read(fd, to + at, len - at);
        if (n == 0)
            errno = EIO; /* it shrank meanwhile */
        if (n <= 0 && errno != EINTR)
            return false;
        at += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool write_all(int fd, const uint8_t *from, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = write(fd, from + at, len - at);
        if (n < 0 && errno != EINTR)
            return false;
        at += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool read_open(struct file_bytes *out, int fd, const char *path,
                      size_t max, struct why *why)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return fail(why, "read", path);
    if (!S_ISREG(st.st_mode)) {
        why_set(why, "%s is not a regular file", path);
        return false;
    }
    if ((uintmax_t)st.st_size > max) {
        why_set(why, "%s is %jd bytes, more than the %zu expected here", path,
                (intmax_t)st.st_size, max);
        return false;
    }
    out->len = (size_t)st.st_size;
    out->bytes = malloc(out->len + 1); /* never of zero bytes */
    if (!out->bytes || !read_all(fd, out->bytes, out->len)) {
        (void)fail(why, "read", path);
        file_free(out);
        return false;
    }
    return true;
}

bool file_read(struct file_bytes *out, const char *path, size_t max,
               struct why *why)
{
    *out = (struct file_bytes){0};
    /* Not to wait for a writer if it is a FIFO. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return fail(why, "open", path);
    bool ok = read_open(out, fd, path, max, why);
    (void)close(fd);
    return ok;
}

void file_free(struct file_bytes *f)
{
    if (f->bytes)
        explicit_bzero(f->bytes, f->len);
    free(f->bytes);
    *f = (struct file_bytes){0};
}

/* Write, sync, close. errno says why not. */
static bool fill(int fd, const void *bytes, size_t len)
{
    bool ok = write_all(fd, bytes, len) && fsync(fd) == 0;
    int cause = errno;

    ok = close(fd) == 0 && ok;
    errno = cause;
    return ok;
}

bool file_create_secret(const char *path, const void *bytes, size_t len,
                        struct why *why)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 && errno == EEXIST) {
        why_set(why,
                "%s exists already and is not overwritten; remove it or "
                "choose another name",
                path);
        return false;
    }
    if (fd < 0)
        return fail(why, "create", path);
    if (!fill(fd, bytes, len)) {
        (void)fail(why, "write", path);
        (void)unlink(path);
        return false;
    }
    return true;
}

/* What a new file would have been given. The process has one thread. */
static mode_t ordinary_mode(void)
{
    mode_t mask = umask(0);

    (void)umask(mask);
    return 0666 & ~mask;
}

bool file_replace(const char *path, const void *bytes, size_t len,
                  struct why *why)
{
    char temp[PATH_MAX];
    struct stat st;

    /* A rename would put a plain file in the place of a device or a FIFO. */
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        why_set(why, "%s is not a regular file", path);
        return false;
    }
    if (snprintf(temp, sizeof temp, "%s.XXXXXX", path) >= (int)sizeof temp) {
        errno = ENAMETOOLONG;
        return fail(why, "write", path);
    }
    int fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return fail(why, "write", path);
    bool ok = fchmod(fd, ordinary_mode()) == 0;
    ok = fill(fd, bytes, len) && ok;
    if (!ok || rename(temp, path) != 0) {
        (void)fail(why, "write", path);
        (void)unlink(temp);
        return false;
    }
    return true;
}
