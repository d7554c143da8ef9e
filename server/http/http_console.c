/* http_console.c - the console's files: read once at the start, then served
 * from memory.
 *
 * Start at http_console_file(). A request is looked up among the names that
 * were found at the start and nothing is opened for it, so no path can lead
 * out of the folder. FILE.br and FILE.gz are FILE, compressed beforehand.
 * What has no file and is a page's address is answered with index.html: the
 * page knows its own addresses.
 * Tests: test/system/test_console_files.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

enum {
    FILES_MAX = 1024,
    FILE_BYTES_MAX = 16 * 1024 * 1024,
    PATH_BYTES = 256,
    ETAG_MAX = 35, /* 32 hex digits in quotes, NUL */
};

struct file {
    char path[PATH_BYTES]; /* as in a URL: "/assets/index-1a2b.js" */
    char *bytes;
    size_t len;
    char etag[ETAG_MAX];
};

struct http_console {
    struct file *files; /* sorted by path */
    size_t count;
};

/* --- loading
 * ------------------------------------------------------------------ */

struct loading {
    struct http_console *console;
    const char *folder;
    struct diag *why;
};

static bool load_fails(struct loading *l, const char *path, const char *cause)
{
    diag_set(l->why, "cannot read the console's %.100s%.100s: %s", l->folder,
             path, cause);
    return false;
}

static bool etag_make(struct file *f)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    struct text t = text_in(f->etag, sizeof f->etag);

    if (!EVP_Digest(f->bytes, f->len, hash, NULL, EVP_sha256(), NULL))
        return false;
    text_add(&t, "\"");
    text_add_hex(&t, hash, 16, false);
    text_add(&t, "\"");
    return !t.bad;
}

static bool bytes_read(struct file *f, int fd)
{
    size_t have = 0;

    while (have < f->len) {
        ssize_t n = read(fd, f->bytes + have, f->len - have);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        have += (size_t)n;
    }
    return true;
}

/* Takes fd. */
static bool file_load(struct loading *l, const char *path, int fd,
                      const struct stat *st)
{
    struct http_console *c = l->console;
    struct file *f = &c->files[c->count];

    if (c->count == FILES_MAX || st->st_size > FILE_BYTES_MAX) {
        close(fd);
        return load_fails(l, path,
                          c->count == FILES_MAX ? "more than 1024 files"
                                                : "larger than 16 MiB");
    }
    snprintf(f->path, sizeof f->path, "%s", path);
    f->len = (size_t)st->st_size;
    f->bytes = malloc(f->len + 1);
    c->count++; /* from here on http_console_free() frees it */
    bool ok = f->bytes && bytes_read(f, fd) && etag_make(f);
    close(fd);
    return ok || load_fails(l, path, "it was not read to its end");
}

static bool name_is_wanted(const char *name)
{
    return name[0] != '.'; /* ., .. and hidden files */
}

/* Folders that are still to be read; no recursion, because how deep it goes
 * would be up to the disk. */
struct folders {
    char paths[64][PATH_BYTES];
    size_t count;
};

static bool entry_load(struct loading *l, struct folders *todo, int dir,
                       const char *under, const char *name)
{
    char path[PATH_BYTES];
    struct stat st;
    int len = snprintf(path, sizeof path, "%s/%s", under, name);

    if (len < 0 || (size_t)len >= sizeof path)
        return load_fails(l, under, "a path is too long");
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0)
            close(fd);
        return load_fails(l, path, strerror(errno));
    }
    if (S_ISREG(st.st_mode))
        return file_load(l, path, fd, &st);
    close(fd);
    if (!S_ISDIR(st.st_mode))
        return true;
    if (todo->count == sizeof todo->paths / sizeof todo->paths[0])
        return load_fails(l, path, "too many folders");
    memcpy(todo->paths[todo->count++], path, sizeof path);
    return true;
}

static bool folder_load(struct loading *l, struct folders *todo,
                        const char *under)
{
    char path[PATH_BYTES + PATH_MAX];
    bool ok = true;

    snprintf(path, sizeof path, "%s%s", l->folder, under);
    DIR *dir = opendir(path);
    if (!dir)
        return load_fails(l, under, strerror(errno));
    for (struct dirent *e = readdir(dir); ok && e; e = readdir(dir)) {
        if (name_is_wanted(e->d_name))
            ok = entry_load(l, todo, dirfd(dir), under, e->d_name);
    }
    closedir(dir);
    return ok;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path,
                  ((const struct file *)b)->path);
}

static const struct file *file_find(const struct http_console *c,
                                    const char *path)
{
    struct file key = {0};
    size_t len = strlen(path);

    if (len >= sizeof key.path)
        return NULL;
    memcpy(key.path, path, len + 1);
    return bsearch(&key, c->files, c->count, sizeof *c->files, by_path);
}

static bool all_load(struct loading *l)
{
    struct folders *todo = calloc(1, sizeof *todo);
    bool ok = todo != NULL;

    if (todo)
        todo->count = 1; /* the folder itself, "" */
    while (ok && todo->count > 0) {
        char under[PATH_BYTES];

        memcpy(under, todo->paths[--todo->count], sizeof under);
        ok = folder_load(l, todo, under);
    }
    free(todo);
    return ok;
}

struct http_console *http_console_load(const char *folder, struct diag *why)
{
    struct http_console *c = calloc(1, sizeof *c);
    struct loading l = {c, folder, why};

    if (c)
        c->files = calloc(FILES_MAX, sizeof *c->files);
    if (!c || !c->files) {
        diag_set(why, "out of memory");
        http_console_free(c);
        return NULL;
    }
    bool ok = all_load(&l);
    if (ok) {
        qsort(c->files, c->count, sizeof *c->files, by_path);
        ok = file_find(c, "/index.html") ||
             load_fails(&l, "/index.html", "there is none; build it first");
    }
    if (ok)
        return c;
    http_console_free(c);
    return NULL;
}

void http_console_free(struct http_console *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++)
        free(c->files[i].bytes);
    free(c->files);
    free(c);
}

/* --- which file
 * ----------------------------------------------------------------- */

static bool begins(const char *path, const char *folder)
{
    size_t len = strlen(folder);

    return strncmp(path, folder, len) == 0 &&
           (path[len] == '/' || path[len] == '\0');
}

bool http_console_owns(const char *path)
{
    return !begins(path, "/api") && !begins(path, "/d") &&
           !begins(path, "/healthz");
}

static const char *header(struct http_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

/* An address of a page, typed or opened anew: it has no dot in its last part,
 * or a browser says that it wants a page (a device's name may have dots). */
static bool is_page(struct http_request *r)
{
    const char *accept = header(r, "Accept");
    const char *last = strrchr(r->path, '/');

    if (begins(r->path, "/assets") || strstr(r->path, "..") || !last)
        return false;
    return !strchr(last, '.') || (accept && strstr(accept, "text/html"));
}

static const struct file *file_wanted(struct http_request *r)
{
    const struct http_console *c = r->server->console;
    size_t len = strlen(r->path);
    const struct file *f = file_find(c, r->path);
    bool packed = len > 3 && (strcmp(r->path + len - 3, ".gz") == 0 ||
                              strcmp(r->path + len - 3, ".br") == 0);

    if (f && !packed)
        return f;
    return is_page(r) ? file_find(c, "/index.html") : NULL;
}

/* --- how it is sent
 * ---------------------------------------------------------------- */

static const char *type_of(const char *path)
{
    static const struct {
        const char *end, *type;
    } TYPES[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".webmanifest", "application/manifest+json"},
    };
    size_t len = strlen(path);

    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        size_t end = strlen(TYPES[i].end);
        if (len > end && strcmp(path + len - end, TYPES[i].end) == 0)
            return TYPES[i].type;
    }
    return "application/octet-stream";
}

/* Is the coding in Accept-Encoding, and not with q=0? RFC 9110 section 12.5.3;
 * "*" is left aside: who can read gzip says so. */
static bool takes_coding(const char *accept, const char *coding)
{
    size_t len = strlen(coding);

    while (accept && *accept) {
        accept += strspn(accept, ", \t");
        size_t item = strcspn(accept, ",");
        const char *q = memchr(accept, ';', item);
        size_t name = q ? (size_t)(q - accept) : item;

        while (name > 0 && accept[name - 1] == ' ')
            name--;
        if (name == len && strncasecmp(accept, coding, len) == 0) {
            if (!q)
                return true;
            q += 1 + strspn(q + 1, " \t");
            return strncasecmp(q, "q=0", 3) != 0 ||
                   (q[3] == '.' && q[4 + strspn(q + 4, "0")] >= '1' &&
                    q[4 + strspn(q + 4, "0")] <= '9');
        }
        accept += item;
    }
    return false;
}

/* The smallest of FILE, FILE.gz and FILE.br that the client can read. */
static const struct file *file_packed(struct http_request *r,
                                      const struct file *f, const char **coding)
{
    static const struct {
        const char *coding, *end;
    } CODINGS[] = {{"br", ".br"}, {"gzip", ".gz"}};
    const char *accept = header(r, "Accept-Encoding");
    char path[PATH_BYTES + 4];

    for (size_t i = 0; i < sizeof CODINGS / sizeof CODINGS[0]; i++) {
        if (!takes_coding(accept, CODINGS[i].coding))
            continue;
        snprintf(path, sizeof path, "%s%s", f->path, CODINGS[i].end);
        const struct file *packed = file_find(r->server->console, path);
        if (packed) {
            *coding = CODINGS[i].coding;
            return packed;
        }
    }
    return f;
}

/* What a page of ours may do: its own scripts, its own server, nothing else.
 * Styles may stand in the page because Ant Design makes its rules while it
 * runs; a style can run nothing and load nothing from elsewhere. */
static const char POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

static void headers_add(struct http_request *r, const struct file *f,
                        const struct file *sent, const char *coding)
{
    http_reply_header(r, "Content-Type", type_of(f->path));
    http_reply_header(r, "ETag", sent->etag);
    http_reply_header(r, "Vary", "Accept-Encoding");
    if (coding)
        http_reply_header(r, "Content-Encoding", coding);
    http_reply_header(r, "Cache-Control",
                      begins(f->path, "/assets")
                          ? "public, max-age=31536000, immutable"
                          : "no-cache");
    http_reply_header(r, "Content-Security-Policy", POLICY);
    http_reply_header(r, "X-Content-Type-Options", "nosniff");
    http_reply_header(r, "Referrer-Policy", "no-referrer");
}

static bool is_known(struct http_request *r, const struct file *sent)
{
    const char *known = header(r, "If-None-Match");

    return known && strstr(known, sent->etag) != NULL;
}

void http_console_file(struct http_request *r)
{
    const struct file *f = file_wanted(r);
    const char *coding = NULL;

    if (!f) {
        http_refuse(r, MHD_HTTP_NOT_FOUND, "NOT_FOUND",
                    "there is nothing here");
        return;
    }
    const struct file *sent = file_packed(r, f, &coding);
    bool known = is_known(r, sent);
    r->status = known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK;
    r->response = MHD_create_response_from_buffer(known ? 0 : sent->len,
                                                  known ? NULL : sent->bytes,
                                                  MHD_RESPMEM_PERSISTENT);
    headers_add(r, f, sent, known ? NULL : coding);
}
