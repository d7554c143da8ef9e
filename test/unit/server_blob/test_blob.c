/* test_blob.c - blobs on a real disk.
 *
 * SPDX-License-Identifier: MIT
 */
#include <ctype.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/blob/blob.h"

/* "abc": FIPS 180-2 appendix B.1, RFC 1321 appendix A.5 */
#define ABC_SHA256                                                             \
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC_MD5 "900150983cd24fb0d6963f7d28e17f72"

static char dir[64];
static struct blob_store *store;
static struct diag why;

static int setup(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof dir, "/tmp/tern-blob-XXXXXX");
    assert_non_null(mkdtemp(dir));
    store = blob_store_open(dir, &why);
    return store ? 0 : -1;
}

static int teardown(void **state)
{
    char command[96];
    (void)state;
    blob_store_close(store);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

/* How many entries there are below a folder of dir. */
static int files_in(const char *folder)
{
    char command[128];
    int count = -1;
    snprintf(command, sizeof command, "find '%s/%s' -type f | wc -l", dir,
             folder);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    assert_int_equal(fscanf(out, "%d", &count), 1);
    pclose(out);
    return count;
}

static struct blob_writer *writer_with(const char *text)
{
    ota_err e;
    struct blob_writer *w = blob_writer_open(store, &e, &why);
    assert_non_null(w);
    assert_int_equal(blob_write(w, text, strlen(text), &why), OTA_OK);
    return w;
}

static struct blob_digest keep(const char *text)
{
    struct blob_digest digest;
    int fd;
    struct blob_writer *w = writer_with(text);
    assert_int_equal(blob_writer_seal(w, &digest, &fd, &why), OTA_OK);
    assert_int_equal(blob_writer_keep(w, &why), OTA_OK);
    return digest;
}

static void blob_kept_is_found_under_its_digest(void **state)
{
    char bytes[8] = "";
    uint64_t size = 0;
    (void)state;

    struct blob_digest digest = keep("abc");

    assert_string_equal(digest.sha256, ABC_SHA256);
    assert_string_equal(digest.md5, ABC_MD5);
    assert_int_equal(digest.size_bytes, 3);
    int fd = blob_open(store, ABC_SHA256, &size);
    assert_true(fd >= 0);
    assert_int_equal(size, 3);
    assert_int_equal(read(fd, bytes, sizeof bytes), 3);
    assert_string_equal(bytes, "abc");
    close(fd);
    assert_int_equal(files_in("tmp"), 0);
}

static void blob_same_content_twice_is_one_file(void **state)
{
    (void)state;
    keep("abc");
    keep("abc");
    assert_int_equal(files_in("blobs"), 1);
    assert_int_equal(files_in("tmp"), 0);
}

static void blob_discarded_leaves_nothing(void **state)
{
    (void)state;
    struct blob_writer *w = writer_with("abc");
    assert_int_equal(files_in("tmp"), 1);

    blob_writer_discard(w);

    assert_int_equal(files_in("tmp"), 0);
    assert_int_equal(files_in("blobs"), 0);
}

static void blob_half_written_is_swept_at_the_next_open(void **state)
{
    (void)state;
    struct blob_writer *w = writer_with("abc"); /* and then a crash */

    struct blob_store *next = blob_store_open(dir, &why);

    assert_non_null(next);
    assert_int_equal(files_in("tmp"), 0);
    blob_store_close(next);
    blob_writer_discard(w);
}

static bool wants_abc(void *ctx, const char *sha256)
{
    (*(int *)ctx)++;
    return strcmp(sha256, ABC_SHA256) == 0;
}

static void blob_sweep_removes_only_what_nobody_wants(void **state)
{
    uint64_t size;
    int asked = 0;
    (void)state;
    keep("abc");
    struct blob_digest other = keep("other");

    blob_store_sweep(store, wants_abc, &asked);

    assert_int_equal(asked, 2);
    int fd = blob_open(store, ABC_SHA256, &size);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(blob_open(store, other.sha256, &size), -1);
}

static void blob_name_that_is_none_opens_nothing(void **state)
{
    char upper[65], longer[66];
    const char *const names[] = {"", "abc", "../../../../etc/passwd", upper,
                                 longer};
    uint64_t size;
    (void)state;
    keep("abc");
    for (int i = 0; i < 65; i++)
        upper[i] = (char)toupper(ABC_SHA256[i]);
    (void)snprintf(longer, sizeof longer, "%s0", ABC_SHA256);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(blob_open(store, names[i], &size), -1);
}

static void blob_that_does_not_fit_says_the_disk_is_full(void **state)
{
    static const char block[4096];
    struct rlimit was, tight;
    ota_err e = OTA_OK;
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    tight = was;
    tight.rlim_cur = 3 * sizeof block;
    struct blob_writer *w = writer_with("x");

    setrlimit(RLIMIT_FSIZE, &tight);
    for (int i = 0; e == OTA_OK && i < 4; i++)
        e = blob_write(w, block, sizeof block, &why);
    setrlimit(RLIMIT_FSIZE, &was);

    assert_int_equal(e, OTA_ERR_FULL);
    assert_non_null(strstr(why.text, "disk is full"));
    blob_writer_discard(w);
    assert_int_equal(files_in("tmp"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(blob_kept_is_found_under_its_digest),
        TEST(blob_same_content_twice_is_one_file),
        TEST(blob_discarded_leaves_nothing),
        TEST(blob_half_written_is_swept_at_the_next_open),
        TEST(blob_sweep_removes_only_what_nobody_wants),
        TEST(blob_name_that_is_none_opens_nothing),
        TEST(blob_that_does_not_fit_says_the_disk_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
