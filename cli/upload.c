/* upload.c - a file as the body of a request, streamed, with a progress line
 * for a person who watches.
 *
 * Start at api_upload(). Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/api.h"

struct upload {
    int fd;
    uint64_t left; /* bytes that were announced and not read yet */
    int error;     /* errno of a failed read, or 0 */
    bool shrank;
    bool watched;
    int shown; /* percent on the screen, -1 for none */
};

static size_t body_read(char *to, size_t size, size_t count, void *ctx)
{
    struct upload *u = ctx;
    size_t want = size * count < u->left ? size * count : (size_t)u->left;
    ssize_t n;

    if (want == 0)
        return 0;
    do {
        n = read(u->fd, to, want);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) {
        u->error = n < 0 ? errno : 0;
        u->shrank = n == 0;
        return CURL_READFUNC_ABORT;
    }
    u->left -= (size_t)n;
    return (size_t)n;
}

static int progress(void *ctx, curl_off_t down_all, curl_off_t down,
                    curl_off_t all, curl_off_t sent)
{
    struct upload *u = ctx;
    int percent = all > 0 ? (int)(sent * 100 / all) : 0;

    (void)down_all;
    (void)down;
    if (u->watched && percent != u->shown) {
        u->shown = percent;
        (void)fprintf(stderr, "\rsending %3d %%", percent);
    }
    return 0;
}

/* The library asks to begin again when a kept connection turns out dead. */
static int body_seek(void *ctx, curl_off_t offset, int origin)
{
    struct upload *u = ctx;
    off_t at = lseek(u->fd, 0, SEEK_CUR);

    if (origin != SEEK_SET || at < 0 || lseek(u->fd, offset, SEEK_SET) < 0)
        return CURL_SEEKFUNC_FAIL;
    u->left += (uint64_t)(at - offset);
    return CURL_SEEKFUNC_OK;
}

int api_upload(struct api *a, const struct api_path *path, int fd,
               uint64_t bytes, json_t **out)
{
    struct upload u = {
        .fd = fd,
        .left = bytes,
        .watched = isatty(STDERR_FILENO) == 1,
        .shown = -1,
    };
    CURL *h = a->curl;

    (void)curl_easy_setopt(h, CURLOPT_POST, 1L);
    (void)curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)bytes);
    (void)curl_easy_setopt(h, CURLOPT_READFUNCTION, body_read);
    (void)curl_easy_setopt(h, CURLOPT_READDATA, &u);
    (void)curl_easy_setopt(h, CURLOPT_SEEKFUNCTION, body_seek);
    (void)curl_easy_setopt(h, CURLOPT_SEEKDATA, &u);
    (void)curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, progress);
    (void)curl_easy_setopt(h, CURLOPT_XFERINFODATA, &u);
    (void)curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
    int code = api_perform(a, path, "application/octet-stream", out);
    if (u.shown >= 0)
        (void)fprintf(stderr, "\r             \r");
    if (code != CLI_OK && (u.error || u.shrank)) {
        why_set(&a->why, "reading the file failed: %s; nothing was stored",
                u.shrank ? "it shrank meanwhile" : strerror(u.error));
        code = CLI_REFUSED;
    }
    return api_say(a, code);
}
