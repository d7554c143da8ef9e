/* test_file.c - tests of cli/file.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "test/unit/cli/temp_folder.h"

static struct why why;

static void contains(const char *path, const char *text)
{
    struct file_bytes f;

    assert_true(file_read(&f, path, 1000, &why));
    assert_int_equal(f.len, strlen(text));
    assert_memory_equal(f.bytes, text, f.len);
    file_free(&f);
}

static void file_replace_puts_new_contents_in_place(void **s)
{
    const char *path = temp_path("a");

    (void)s;
    assert_true(file_replace(path, "one", 3, &why));
    contains(path, "one");
    assert_true(file_replace(path, "twotwo", 6, &why));
    contains(path, "twotwo");
    assert_int_equal(temp_folder_count(), 1);
}

static void file_replace_refuses_what_is_no_file(void **s)
{
    (void)s;
    assert_false(file_replace(temp_folder, "x", 1, &why));
    assert_non_null(strstr(why.text, "is not a regular file"));
    assert_int_equal(mkfifo(temp_path("fifo"), 0600), 0);
    assert_false(file_replace(temp_path("fifo"), "x", 1, &why));
}

static void file_replace_in_no_folder_says_so(void **s)
{
    (void)s;
    assert_false(file_replace(temp_path("no/a"), "x", 1, &why));
    assert_non_null(strstr(why.text, "No such file or directory"));
}

static void file_create_secret_is_for_its_owner_alone(void **s)
{
    struct stat st;

    (void)s;
    (void)umask(0);
    assert_true(file_create_secret(temp_path("k"), "key", 3, &why));
    assert_int_equal(stat(temp_path("k"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    contains(temp_path("k"), "key");
}

static void file_create_secret_never_overwrites(void **s)
{
    (void)s;
    assert_true(file_create_secret(temp_path("k"), "old", 3, &why));
    assert_false(file_create_secret(temp_path("k"), "new", 3, &why));
    assert_non_null(strstr(why.text, "exists already"));
    contains(temp_path("k"), "old");
}

static void file_read_refuses_too_large_and_no_file(void **s)
{
    struct file_bytes f;

    (void)s;
    assert_true(file_replace(temp_path("a"), "12345", 5, &why));
    assert_false(file_read(&f, temp_path("a"), 4, &why));
    assert_non_null(strstr(why.text, "5 bytes"));
    assert_false(file_read(&f, temp_folder, 4, &why));
    assert_false(file_read(&f, temp_path("none"), 4, &why));
    assert_int_equal(mkfifo(temp_path("fifo"), 0600), 0);
    assert_false(file_read(&f, temp_path("fifo"), 4, &why));
    assert_null(f.bytes);
}

static void file_read_empty_is_empty(void **s)
{
    (void)s;
    assert_true(file_replace(temp_path("a"), "", 0, &why));
    contains(temp_path("a"), "");
}

#define TEST(name) cmocka_unit_test_teardown(name, temp_folder_empty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(file_replace_puts_new_contents_in_place),
        TEST(file_replace_refuses_what_is_no_file),
        TEST(file_replace_in_no_folder_says_so),
        TEST(file_create_secret_is_for_its_owner_alone),
        TEST(file_create_secret_never_overwrites),
        TEST(file_read_refuses_too_large_and_no_file),
        TEST(file_read_empty_is_empty),
    };

    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
