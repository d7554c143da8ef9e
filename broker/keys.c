/* keys.c - the secrets of all devices, in memory, following a file.
 *
 * Start at keys_poll(). Balanced trees (tsearch) instead of a hash table: a
 * million devices are 20 comparisons, and nobody can choose names that collide.
 *
 * Tests: test/unit/broker/test_keys.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "broker/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "server/core/identity.h"

#define KEYS_HEADER "tern-keys 1"

/* A line has at most 134 bytes; a longer one is malformed whatever it says. */
enum { CHUNK_BYTES = 16 * 1024, REPORTS_PER_POLL = 5, SENTENCE_MAX = 512 };

struct key {
    char product_key[IDENTITY_PRODUCT_KEY_MAX];
    char device_name[IDENTITY_DEVICE_NAME_MAX];
    char secret[IDENTITY_SECRET_MAX];
};

/* One file as far as it has been read, and what it said. */
struct keys_file {
    int fd;
    struct stat id;      /* st_dev, st_ino: which file this is */
    off_t read_bytes;    /* always just behind a line feed, unless cutting */
    unsigned long lines; /* complete ones so far */
    unsigned bad_lines;  /* since the last poll */
    bool cutting;        /* inside a line longer than a chunk */
    bool revoked;        /* a device was taken out since the last poll */
    void *tree;          /* of struct key */
};

struct keys {
    struct keys_file file;
    keys_report report;
    bool reported; /* that the file is missing or wrong; once is enough */
    char path[];
};

static void report(const struct keys *k, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void report(const struct keys *k, const char *format, ...)
{
    char sentence[SENTENCE_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    k->report(sentence);
}

static int key_compare(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    int order = strcmp(x->product_key, y->product_key);

    return order != 0 ? order : strcmp(x->device_name, y->device_name);
}

static void key_free(void *key)
{
    explicit_bzero(key, sizeof(struct key));
    free(key);
}

static bool key_put(struct keys_file *f, const struct key *wanted)
{
    struct key **at = tfind(wanted, &f->tree, key_compare);
    if (at != NULL) {
        **at = *wanted;
        return true;
    }
    struct key *fresh = malloc(sizeof *fresh);
    if (fresh == NULL)
        return false;
    *fresh = *wanted;
    if (tsearch(fresh, &f->tree, key_compare) != NULL)
        return true;
    key_free(fresh);
    return false;
}

static void key_remove(struct keys_file *f, const struct key *wanted)
{
    struct key **at = tfind(wanted, &f->tree, key_compare);
    if (at == NULL)
        return;

    struct key *old = *at;
    (void)tdelete(old, &f->tree, key_compare);
    key_free(old);
    f->revoked = true;
}

/* The next word of a line, "" behind the last; words are parted by exactly one
 * blank. *rest becomes NULL with the last one. */
static const char *next_word(char **rest)
{
    char *word = *rest;

    if (word == NULL)
        return "";
    char *blank = strchr(word, ' ');
    *rest = blank != NULL ? blank + 1 : NULL;
    if (blank != NULL)
        *blank = '\0';
    return word;
}

/* One line after the first: "+ pk dn ds" or "- pk dn". */
static bool line_apply(struct keys_file *f, char *line)
{
    struct key key;
    char *rest = line;
    const char *sign = next_word(&rest);
    const char *pk = next_word(&rest);
    const char *dn = next_word(&rest);
    bool plus = strcmp(sign, "+") == 0;
    const char *ds = plus ? next_word(&rest) : "";

    if ((!plus && strcmp(sign, "-") != 0) || rest != NULL)
        return false;
    if (!identity_product_key_ok(pk) || !identity_device_name_ok(dn) ||
        (plus && !identity_secret_ok(ds)))
        return false;
    memset(&key, 0, sizeof key);
    memcpy(key.product_key, pk, strlen(pk));
    memcpy(key.device_name, dn, strlen(dn));
    memcpy(key.secret, ds, strlen(ds));
    bool ok = true;
    if (plus)
        ok = key_put(f, &key);
    else
        key_remove(f, &key);
    explicit_bzero(&key, sizeof key);
    return ok;
}

/* A line without its line feed, NUL behind it. */
static ota_err line_take(const struct keys *k, struct keys_file *f, char *line,
                         size_t len)
{
    f->lines++;
    bool cut = f->cutting;
    f->cutting = false;
    if (f->lines == 1)
        return !cut && strcmp(line, KEYS_HEADER) == 0 ? OTA_OK
                                                      : OTA_ERR_CORRUPT;
    if (!cut && strlen(line) == len && line_apply(f, line))
        return OTA_OK;
    if (f->bad_lines++ < REPORTS_PER_POLL)
        report(k,
               "%s line %lu is neither '+ productKey deviceName secret' nor "
               "'- productKey deviceName'; skipped",
               k->path, f->lines);
    return OTA_OK;
}

/* Every complete line in buf. *used: bytes that need not be read again. */
static ota_err chunk_take(const struct keys *k, struct keys_file *f, char *buf,
                          size_t len, size_t *used)
{
    ota_err e = OTA_OK;
    char *end;

    *used = 0;
    while (e == OTA_OK &&
           (end = memchr(buf + *used, '\n', len - *used)) != NULL) {
        char *line = buf + *used;
        *end = '\0';
        e = line_take(k, f, line, (size_t)(end - line));
        *used += (size_t)(end - line) + 1;
    }
    if (e == OTA_OK && *used == 0 && len == CHUNK_BYTES) {
        f->cutting = true;
        *used = len;
    }
    return e;
}

/* Everything that is there and complete.
 * Returns OTA_OK; OTA_ERR_CORRUPT the first line is wrong; OTA_ERR_IO. */
static ota_err file_read_on(const struct keys *k, struct keys_file *f)
{
    char buf[CHUNK_BYTES];
    size_t used = 1;
    ota_err e = OTA_OK;

    f->bad_lines = 0;
    while (e == OTA_OK && used > 0) {
        ssize_t n = pread(f->fd, buf, sizeof buf, f->read_bytes);
        if (n < 0) {
            e = OTA_ERR_IO;
            break;
        }
        e = chunk_take(k, f, buf, (size_t)n, &used);
        f->read_bytes += (off_t)used;
    }
    if (f->bad_lines > REPORTS_PER_POLL)
        report(k, "%s has %u more such lines", k->path,
               f->bad_lines - REPORTS_PER_POLL);
    explicit_bzero(buf, sizeof buf);
    return e;
}

static void file_close(struct keys_file *f)
{
    if (f->fd >= 0)
        (void)close(f->fd);
    tdestroy(f->tree, key_free);
    *f = (struct keys_file){.fd = -1};
}

/* Open and read whatever file has the name now.
 * Returns OTA_OK; OTA_ERR_NOT_FOUND; OTA_ERR_AGAIN its first line is not
 * complete; OTA_ERR_CORRUPT; OTA_ERR_IO. *out is open only on OTA_OK. */
static ota_err file_open(const struct keys *k, struct keys_file *out)
{
    ota_err e = OTA_OK;

    *out = (struct keys_file){.fd = open(k->path, O_RDONLY | O_CLOEXEC)};
    if (out->fd < 0)
        return OTA_ERR_NOT_FOUND;
    if (fstat(out->fd, &out->id) != 0 || !S_ISREG(out->id.st_mode))
        e = OTA_ERR_IO;
    if (e == OTA_OK)
        e = file_read_on(k, out);
    if (e == OTA_OK && out->lines == 0)
        e = out->cutting ? OTA_ERR_CORRUPT : OTA_ERR_AGAIN;
    if (e != OTA_OK)
        file_close(out);
    return e;
}

static void report_unusable(const struct keys *k, ota_err e)
{
    switch (e) {
    case OTA_ERR_NOT_FOUND:
        report(k, "cannot open keys file %s: %s", k->path, strerror(errno));
        break;
    case OTA_ERR_AGAIN:
    case OTA_ERR_CORRUPT:
        report(k,
               "%s is no keys file: its first line must be '" KEYS_HEADER "'",
               k->path);
        break;
    default:
        report(k, "cannot read keys file %s: %s", k->path, ota_err_text(e));
        break;
    }
}

/* Take over the file that has the name now; the one before stays if the new
 * one is of no use. */
static bool file_replace(struct keys *k)
{
    struct keys_file fresh;
    ota_err e = file_open(k, &fresh);

    if (e != OTA_OK) {
        if (!k->reported)
            report_unusable(k, e);
        k->reported = true;
        return false;
    }
    k->reported = false;
    file_close(&k->file);
    k->file = fresh;
    return true;
}

struct keys *keys_open(const char *path, keys_report to)
{
    size_t len = strlen(path) + 1;
    struct keys *k = calloc(1, sizeof *k + len);

    if (k == NULL)
        return NULL;
    memcpy(k->path, path, len);
    k->report = to;
    k->file.fd = -1;
    if (!file_replace(k)) {
        free(k);
        return NULL;
    }
    return k;
}

static bool file_is_another(const struct keys_file *f, const struct stat *now)
{
    return now->st_dev != f->id.st_dev || now->st_ino != f->id.st_ino ||
           now->st_size < f->read_bytes;
}

bool keys_poll(struct keys *k)
{
    struct stat now;

    if (stat(k->path, &now) != 0 || file_is_another(&k->file, &now))
        return file_replace(k);
    if (now.st_size == k->file.read_bytes)
        return false;

    k->file.revoked = false;
    ota_err e = file_read_on(k, &k->file);
    if (e != OTA_OK && !k->reported)
        report_unusable(k, e);
    k->reported = e != OTA_OK;
    return k->file.revoked;
}

const char *keys_secret(const struct keys *k, const char *product_key,
                        const char *device_name)
{
    struct key wanted;

    if (strlen(product_key) >= sizeof wanted.product_key ||
        strlen(device_name) >= sizeof wanted.device_name)
        return NULL;
    memset(&wanted, 0, sizeof wanted);
    memcpy(wanted.product_key, product_key, strlen(product_key));
    memcpy(wanted.device_name, device_name, strlen(device_name));
    struct key *const *at = tfind(&wanted, &k->file.tree, key_compare);
    return at != NULL ? (*at)->secret : NULL;
}

void keys_close(struct keys *k)
{
    if (k == NULL)
        return;
    file_close(&k->file);
    free(k);
}
