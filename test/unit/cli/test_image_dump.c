/* test_image_dump.c - tests of cli/image_dump.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/image_dump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/image.h"

static struct why why;

static struct file_bytes vector(const char *name)
{
    char path[512];
    struct file_bytes f;

    (void)snprintf(path, sizeof path, VECTORS "/%s", name);
    if (!file_read(&f, path, 10000, &why))
        fail_msg("%s", why.text);
    return f;
}

static const char *text(const json_t *o, const char *name)
{
    const char *t = json_string_value(json_object_get(o, name));

    return t ? t : "";
}

static void image_dump_good_image_is_told_whole(void **s)
{
    struct file_bytes f = vector("image-1.4.0.bin");
    json_t *o = image_dump_json(&f);
    const json_t *tlvs = json_object_get(o, "tlvs");

    (void)s;
    assert_string_equal(text(o, "version"), "1.4.0");
    assert_true(json_is_null(json_object_get(o, "problem")));
    assert_true(json_is_true(json_object_get(o, "hash_ok")));
    assert_int_equal(json_integer_value(json_object_get(o, "body_bytes")), 200);
    assert_int_equal(json_array_size(tlvs), 4);
    assert_string_equal(text(json_array_get(tlvs, 0), "name"), "SEC_CNT");
    assert_string_equal(text(json_array_get(tlvs, 0), "value"), "07000000");
    assert_string_equal(text(json_array_get(tlvs, 1), "name"), "SHA256");
    json_decref(o);
    file_free(&f);
}

static void image_dump_truncated_image_tells_what_is_there(void **s)
{
    struct file_bytes f = vector("image-1.4.0-truncated.bin");
    json_t *o = image_dump_json(&f);

    (void)s;
    assert_string_equal(text(o, "version"), "1.4.0");
    assert_string_equal(text(o, "problem"), "tlv: part larger than the space");
    assert_int_equal(json_array_size(json_object_get(o, "tlvs")), 3);
    json_decref(o);
    file_free(&f);
}

static void image_dump_tampered_image_says_so(void **s)
{
    struct file_bytes f = vector("image-1.4.0-tampered.bin");
    json_t *o = image_dump_json(&f);

    (void)s;
    assert_string_equal(text(o, "problem"),
                        "hash: the image differs from its SHA-256");
    json_decref(o);
    file_free(&f);
}

/* Every length and every header byte may lie; run it under ASan. */
static void image_dump_survives_every_cut_and_every_flipped_byte(void **s)
{
    struct file_bytes f = vector("image-1.4.0.bin");
    size_t len = f.len;

    (void)s;
    for (size_t n = 0; n <= len; n++) {
        uint8_t *exact = malloc(n + 1);
        assert_non_null(exact);
        memcpy(exact, f.bytes, n);
        struct file_bytes cut = {exact, n};
        json_t *o = image_dump_json(&cut);
        assert_int_equal(json_is_null(json_object_get(o, "problem")), n == len);
        json_decref(o);
        free(exact);
    }
    for (size_t i = 0; i < len; i++) {
        if (i == IMAGE_HEADER_BYTES)
            i = 0x400 + 200; /* filler and body are no lengths */
        f.bytes[i] ^= 0xff;
        json_decref(image_dump_json(&f));
        f.bytes[i] ^= 0xff;
    }
    file_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_dump_good_image_is_told_whole),
        cmocka_unit_test(image_dump_truncated_image_tells_what_is_there),
        cmocka_unit_test(image_dump_tampered_image_says_so),
        cmocka_unit_test(image_dump_survives_every_cut_and_every_flipped_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
