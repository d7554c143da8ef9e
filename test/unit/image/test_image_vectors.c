/* test_image_vectors.c - the published images of spec/vectors get the verdicts
 * that stand beside them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "image/image_verify.h"
#include "test/support/memory_source.h"

enum { FILE_MAX = 4096 };

static size_t file_read(const char *name, uint8_t out[FILE_MAX])
{
    char path[512];
    size_t len;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", VECTORS, name);
    f = fopen(path, "rb");
    if (!f)
        fail_msg("cannot open %s", path);
    len = fread(out, 1, FILE_MAX, f);
    fclose(f);
    return len;
}

static struct image_verdict verdict_on(const char *name)
{
    uint8_t bytes[FILE_MAX], point[FILE_MAX];
    struct image_keys keys = {(const uint8_t(*)[P256_POINT_BYTES])point, 1,
                              NULL};
    struct memory_source m;
    struct image_source src = memory_source(&m, bytes, file_read(name, bytes));
    struct image_verdict v;

    assert_int_equal(file_read("image.point", point), P256_POINT_BYTES);
    image_verify(&v, &src, &keys);
    return v;
}

static void vectors_every_image_gets_its_verdict(void **state)
{
    FILE *f = fopen(VECTORS "/image-verdicts.txt", "r");
    char name[64], answer[8], why[128];
    int lines = 0;

    (void)state;
    assert_non_null(f);
    while (fscanf(f, "%63s %7s %127[^\n]", name, answer, why) == 3) {
        struct image_verdict v = verdict_on(name);

        print_message("  %s: %s\n", name, image_why_text(v.why));
        if (strcmp(answer, "yes") == 0) {
            assert_int_equal(v.boot, BOOT_YES);
            assert_int_equal(v.why, WHY_NONE);
        } else {
            assert_int_equal(v.boot, BOOT_NO);
            assert_string_equal(image_why_text(v.why), why);
        }
        lines++;
    }
    assert_true(feof(f));
    assert_int_equal(lines, 5);
    fclose(f);
}

static void vectors_facts_of_the_good_image_are_read(void **state)
{
    struct image_verdict v = verdict_on("image-1.4.0.bin");

    (void)state;
    assert_int_equal(v.info.header_bytes, 0x400);
    assert_int_equal(v.info.body_bytes, 200);
    assert_int_equal(v.info.version.major, 1);
    assert_int_equal(v.info.version.minor, 4);
    assert_int_equal(v.info.security_counter, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_every_image_gets_its_verdict),
        cmocka_unit_test(vectors_facts_of_the_good_image_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
