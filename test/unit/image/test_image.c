/* test_image.c - what image_parse() reads, and what it refuses with which
 * words.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "image/image.h"
#include "test/support/image_builder.h"
#include "test/support/memory_source.h"

enum {
    HEADER = 64,
    BODY = 100,
    PROTECTED_AT = HEADER + BODY,
    TLVS_AT = PROTECTED_AT + 12,
    HASH_AT = TLVS_AT + 4,
    KEYHASH_AT = HASH_AT + 36,
    SIG_AT = KEYHASH_AT + 36,
};

/* One small image with everything in it, and room to grow. */
struct sample {
    uint8_t bytes[1024];
    size_t len;
};

static struct test_key key;

static struct sample sample_make(uint32_t security_counter)
{
    static const uint8_t body[BODY] = {1, 2, 3};
    struct sample s = {.len = 0};

    s.len = test_image_build(s.bytes, sizeof s.bytes, &key,
                             &(struct test_image_spec){
                                 .version = "1.4.0+7",
                                 .header_bytes = HEADER,
                                 .body = body,
                                 .body_len = sizeof body,
                                 .security_counter = security_counter,
                             });
    return s;
}

/* Parses a copy that ends where the space ends, for ASan. */
static ota_err parse(const uint8_t *bytes, size_t space, struct image_info *out,
                     enum image_why *why)
{
    uint8_t *copy = malloc(space + 1);
    struct memory_source m;
    struct image_source src;
    ota_err e;

    memcpy(copy + 1, bytes, space);
    src = memory_source(&m, copy + 1, space);
    e = image_parse(out, &src, why);
    free(copy);
    return e;
}

static void assert_refused(const struct sample *s, size_t space, ota_err want,
                           const char *want_why)
{
    struct image_info info, before;
    enum image_why why = IMAGE_WHY_COUNT;

    memset(&info, 0xa5, sizeof info);
    before = info;
    assert_int_equal(parse(s->bytes, space, &info, &why), want);
    assert_string_equal(image_why_text(why), want_why);
    assert_memory_equal(&info, &before, sizeof info); /* nothing got out */
}

static void image_every_field_is_read(void **state)
{
    struct sample s = sample_make(9);
    struct image_info i;
    enum image_why why = IMAGE_WHY_COUNT;

    (void)state;
    put_u32le(s.bytes + 4, 0x60100000);
    assert_int_equal(parse(s.bytes, sizeof s.bytes, &i, &why), OTA_OK);
    assert_int_equal(why, WHY_NONE);
    assert_int_equal(i.load_addr, 0x60100000);
    assert_int_equal(i.header_bytes, HEADER);
    assert_int_equal(i.body_bytes, BODY);
    assert_int_equal(i.protected_tlv_bytes, 12);
    assert_int_equal(i.flags, 0);
    assert_int_equal(i.version.major, 1);
    assert_int_equal(i.version.minor, 4);
    assert_int_equal(i.version.revision, 0);
    assert_int_equal(i.version.build, 7);
    assert_int_equal(i.hashed_bytes, TLVS_AT);
    assert_int_equal(i.total_bytes, s.len);
    assert_int_equal(i.security_counter, 9);
    assert_memory_equal(i.hash, s.bytes + HASH_AT + 4, 32);
    assert_memory_equal(i.key_hash, s.bytes + KEYHASH_AT + 4, 32);
    assert_int_equal(i.signature_bytes, s.len - SIG_AT - 4);
    assert_int_equal(i.signature_at, SIG_AT + 4);
    assert_int_equal(i.signature_type, 0x22);
    assert_true(i.key_named);
}

static void image_without_protected_tlvs_is_read(void **state)
{
    struct sample s = sample_make(0);
    struct image_info i;

    (void)state;
    assert_int_equal(parse(s.bytes, s.len, &i, NULL), OTA_OK); /* exact space */
    assert_int_equal(i.protected_tlv_bytes, 0);
    assert_int_equal(i.hashed_bytes, HEADER + BODY);
    assert_int_equal(i.security_counter, 0);
}

static void image_without_signature_parses(void **state)
{
    uint8_t bytes[2048];
    struct image_info i;
    size_t len = test_image_build(
        bytes, sizeof bytes, NULL,
        &(struct test_image_spec){
            .version = "1.4.0", .body = (const uint8_t *)"x", .body_len = 1});

    (void)state;
    assert_int_equal(parse(bytes, len, &i, NULL), OTA_OK);
    assert_int_equal(i.header_bytes, 0x400);
    assert_int_equal(i.signature_bytes, 0);
    assert_int_equal(i.signature_type, 0);
    assert_false(i.key_named);
}

static void image_every_truncation_is_refused(void **state)
{
    (void)state;
    for (uint32_t counter = 0; counter <= 1; counter++) {
        struct sample s = sample_make(counter);
        struct image_info i;

        for (size_t len = 0; len < s.len; len++) {
            enum image_why why = WHY_NONE;
            ota_err e = parse(s.bytes, len, &i, &why);

            assert_int_equal(e, len < 32 ? OTA_ERR_NOT_FOUND : OTA_ERR_FULL);
            assert_int_not_equal(why, WHY_NONE);
        }
        assert_int_equal(parse(s.bytes, s.len, &i, NULL), OTA_OK);
    }
}

static void image_every_failing_read_is_an_io_error(void **state)
{
    struct sample s = sample_make(1);
    struct memory_source m;
    struct image_source src = memory_source(&m, s.bytes, s.len);
    struct image_info i;
    enum image_why why;
    uint32_t reads;

    (void)state;
    assert_int_equal(image_parse(&i, &src, NULL), OTA_OK);
    reads = m.reads;
    for (uint32_t n = 1; n <= reads; n++) {
        m.reads = 0;
        m.fail_at = n;
        assert_int_equal(image_parse(&i, &src, &why), OTA_ERR_IO);
        assert_string_equal(image_why_text(why),
                            "the image's bytes could not be read");
    }
}

/* A number overwritten in the sample, and what must be said about it. */
struct lie {
    size_t at;
    size_t bytes; /* 2 or 4 */
    uint32_t value;
    ota_err want;
    const char *why;
};

static void assert_lies_are_refused(const struct lie *lies, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sample s = sample_make(5);

        if (lies[i].bytes == 2)
            put_u16le(s.bytes + lies[i].at, (uint16_t)lies[i].value);
        else
            put_u32le(s.bytes + lies[i].at, lies[i].value);
        print_message("  at %zu: 0x%x\n", lies[i].at, lies[i].value);
        assert_refused(&s, s.len, lies[i].want, lies[i].why);
    }
}

static void image_lying_headers_are_refused_by_name(void **state)
{
    static const char MAGIC[] = "no image: the magic is missing";
    static const char SMALL[] = "header: smaller than 32 bytes";
    static const char LARGE[] = "header: larger than 16 KiB";
    static const char SPACE[] = "header: larger than the space";
    static const char BODY_FULL[] = "header: body larger than the space";
    static const char TLV[] = "tlv: magic is missing";
    static const struct lie LIES[] = {
        {0, 4, 0, OTA_ERR_NOT_FOUND, MAGIC},
        {0, 4, 0xffffffff, OTA_ERR_NOT_FOUND, MAGIC}, /* erased flash */
        {0, 4, 0x96f3b83c, OTA_ERR_NOT_FOUND, MAGIC}, /* MCUboot's old magic */
        {8, 2, 0, OTA_ERR_CORRUPT, SMALL},
        {8, 2, 31, OTA_ERR_CORRUPT, SMALL},
        {8, 2, 32, OTA_ERR_CORRUPT, TLV},
        {8, 2, 0x4001, OTA_ERR_CORRUPT, LARGE},
        {8, 2, 0xffff, OTA_ERR_CORRUPT, LARGE},
        {8, 2, 0x4000, OTA_ERR_FULL, SPACE},
        {12, 4, 0, OTA_ERR_CORRUPT, "header: body is empty"},
        {12, 4, 0xffffffff, OTA_ERR_FULL, BODY_FULL},
        {12, 4, 0xffffffff - HEADER + 1, OTA_ERR_FULL, BODY_FULL}, /* sum 0 */
        {12, 4, 0xffffffff - HEADER + 2, OTA_ERR_FULL, BODY_FULL},
        {12, 4, 0x7fffffff, OTA_ERR_FULL, BODY_FULL},
        {12, 4, 1024, OTA_ERR_FULL, BODY_FULL},
        {12, 4, BODY + 1, OTA_ERR_CORRUPT, TLV},
        {12, 4, BODY - 1, OTA_ERR_CORRUPT, TLV},
    };

    (void)state;
    assert_lies_are_refused(LIES, sizeof LIES / sizeof LIES[0]);
}

static void image_flags_of_what_cannot_run_are_refused(void **state)
{
    static const char SECRET[] = "header: image is encrypted";
    static const char RAM[] = "header: image must be loaded into RAM to run";
    static const char PACKED[] = "header: image is compressed";
    static const struct lie LIES[] = {
        {16, 4, 0x0004, OTA_ERR_CORRUPT, SECRET},
        {16, 4, 0x0008, OTA_ERR_CORRUPT, SECRET},
        {16, 4, 0x0020, OTA_ERR_CORRUPT, RAM},
        {16, 4, 0x0200, OTA_ERR_CORRUPT, PACKED},
        {16, 4, 0x0400, OTA_ERR_CORRUPT, PACKED},
        {16, 4, 0x0220, OTA_ERR_CORRUPT, RAM},
        {16, 4, 0xffffffff, OTA_ERR_CORRUPT, SECRET},
    };

    (void)state;
    assert_lies_are_refused(LIES, sizeof LIES / sizeof LIES[0]);
}

static void image_harmless_flags_are_kept(void **state)
{
    struct sample s = sample_make(0);
    struct image_info i;

    (void)state;
    put_u32le(s.bytes + 16, IMAGE_FLAG_NON_BOOTABLE | 0x1);
    assert_int_equal(parse(s.bytes, s.len, &i, NULL), OTA_OK);
    assert_int_equal(i.flags, IMAGE_FLAG_NON_BOOTABLE | 0x1);
}

static void image_lying_tlvs_are_refused_by_name(void **state)
{
    static const char MAGIC[] = "tlv: magic is missing";
    static const char DIFFERS[] =
        "tlv: protected part differs from the header's size";
    static const char HEAD[] = "tlv: part smaller than its own head";
    static const char SPACE[] = "tlv: part larger than the space";
    static const char LONG[] = "tlv: longer than its part";
    static const struct lie LIES[] = {
        /* the header's protected size against the protected part's own */
        {10, 2, 0, OTA_ERR_CORRUPT, MAGIC},
        {10, 2, 11, OTA_ERR_CORRUPT, DIFFERS},
        {10, 2, 0xffff, OTA_ERR_CORRUPT, DIFFERS},
        {PROTECTED_AT, 2, 0x6907, OTA_ERR_CORRUPT, MAGIC},
        {PROTECTED_AT + 2, 2, 0, OTA_ERR_CORRUPT, HEAD},
        {PROTECTED_AT + 2, 2, 3, OTA_ERR_CORRUPT, HEAD},
        {PROTECTED_AT + 2, 2, 4, OTA_ERR_CORRUPT, DIFFERS},
        {PROTECTED_AT + 2, 2, 13, OTA_ERR_CORRUPT, DIFFERS},
        {PROTECTED_AT + 2, 2, 0xffff, OTA_ERR_FULL, SPACE},
        {PROTECTED_AT + 6, 2, 5, OTA_ERR_CORRUPT, LONG},
        {PROTECTED_AT + 6, 2, 3, OTA_ERR_CORRUPT,
         "tlv: security counter is not 4 bytes"},
        /* the other part */
        {TLVS_AT, 2, 0x6908, OTA_ERR_CORRUPT, MAGIC},
        {TLVS_AT, 2, 0xffff, OTA_ERR_CORRUPT, MAGIC},
        {TLVS_AT + 2, 2, 3, OTA_ERR_CORRUPT, HEAD},
        {TLVS_AT + 2, 2, 4, OTA_ERR_CORRUPT, "tlv: there is no SHA-256"},
        {TLVS_AT + 2, 2, 7, OTA_ERR_CORRUPT, "tlv: cut short"},
        {TLVS_AT + 2, 2, 8, OTA_ERR_CORRUPT, LONG},
        {TLVS_AT + 2, 2, 0xffff, OTA_ERR_FULL, SPACE},
        {HASH_AT, 2, 0x11, OTA_ERR_CORRUPT, "tlv: there is no SHA-256"},
        {HASH_AT + 2, 2, 31, OTA_ERR_CORRUPT, "tlv: SHA-256 is not 32 bytes"},
        {HASH_AT + 2, 2, 0, OTA_ERR_CORRUPT, "tlv: SHA-256 is not 32 bytes"},
        {HASH_AT + 2, 2, 0xffff, OTA_ERR_CORRUPT, LONG},
        {KEYHASH_AT, 2, 0x10, OTA_ERR_CORRUPT, "tlv: more than one SHA-256"},
        {KEYHASH_AT + 2, 2, 33, OTA_ERR_CORRUPT,
         "tlv: key hash is not 32 bytes"},
        {HASH_AT, 2, 0x01, OTA_ERR_CORRUPT, "tlv: more than one key hash"},
        {KEYHASH_AT, 2, 0x22, OTA_ERR_CORRUPT, "tlv: more than one signature"},
        {SIG_AT + 2, 2, 7, OTA_ERR_CORRUPT,
         "tlv: signature is not 8 to 72 bytes"},
        {SIG_AT + 2, 2, 0, OTA_ERR_CORRUPT,
         "tlv: signature is not 8 to 72 bytes"},
    };

    (void)state;
    assert_lies_are_refused(LIES, sizeof LIES / sizeof LIES[0]);
}

/* Append a TLV to the unprotected part. */
static void tlv_append(struct sample *s, size_t part_at, uint16_t type,
                       size_t len)
{
    put_u16le(s->bytes + s->len, type);
    put_u16le(s->bytes + s->len + 2, (uint16_t)len);
    s->len += 4 + len;
    put_u16le(s->bytes + part_at + 2, (uint16_t)(s->len - part_at));
}

static void image_repeated_tlvs_are_refused_also_when_the_first_is_right(
    void **state)
{
    static const struct {
        uint16_t type;
        size_t len;
        const char *why;
    } TWICE[] = {
        {0x10, 32, "tlv: more than one SHA-256"},
        {0x01, 32, "tlv: more than one key hash"},
        {0x22, 70, "tlv: more than one signature"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof TWICE / sizeof TWICE[0]; i++) {
        struct sample s = sample_make(1);

        tlv_append(&s, TLVS_AT, TWICE[i].type, TWICE[i].len);
        assert_refused(&s, s.len, OTA_ERR_CORRUPT, TWICE[i].why);
    }
}

static void image_signature_of_73_bytes_is_refused(void **state)
{
    struct sample s = sample_make(1);

    (void)state;
    put_u16le(s.bytes + SIG_AT, 0x21); /* make room for one of ours */
    tlv_append(&s, TLVS_AT, 0x22, IMAGE_SIG_MAX + 1);
    assert_refused(&s, s.len, OTA_ERR_CORRUPT,
                   "tlv: signature is not 8 to 72 bytes");
}

static void image_unknown_tlvs_are_skipped(void **state)
{
    struct sample s = sample_make(1);
    struct image_info i;

    (void)state;
    tlv_append(&s, TLVS_AT, 0x40, 12);
    tlv_append(&s, TLVS_AT, 0xa1a0, 0);
    tlv_append(&s, TLVS_AT, 0x40, 200);
    assert_int_equal(parse(s.bytes, s.len, &i, NULL), OTA_OK);
    assert_int_equal(i.total_bytes, s.len);
}

static void image_security_counter_counts_only_when_signed(void **state)
{
    struct sample s = sample_make(0);
    struct image_info i;

    (void)state;
    tlv_append(&s, HEADER + BODY, 0x50, 4);
    memset(s.bytes + s.len - 4, 0xff, 4);
    assert_int_equal(parse(s.bytes, s.len, &i, NULL), OTA_OK);
    assert_int_equal(i.security_counter, 0);
}

static void image_hash_inside_the_protected_part_does_not_count(void **state)
{
    struct sample s = sample_make(0);

    (void)state;
    /* Announce the one part there is as the protected one. */
    put_u16le(s.bytes + 10, (uint16_t)(s.len - HEADER - BODY));
    put_u16le(s.bytes + HEADER + BODY, 0x6908);
    put_u16le(s.bytes + s.len, 0x6907);
    put_u16le(s.bytes + s.len + 2, 4);
    s.len += 4;
    assert_refused(&s, s.len, OTA_ERR_CORRUPT, "tlv: there is no SHA-256");
}

static void image_part_full_of_empty_tlvs_ends(void **state)
{
    enum { BYTES = HEADER + BODY + 0xffff };
    uint8_t *bytes = calloc(1, BYTES);
    struct sample s = sample_make(0);
    struct image_info i;
    enum image_why why;

    (void)state;
    memcpy(bytes, s.bytes, HEADER + BODY + 4);
    put_u16le(bytes + HEADER + BODY + 2, 0xfffc);
    assert_int_equal(parse(bytes, BYTES, &i, &why), OTA_ERR_CORRUPT);
    assert_string_equal(image_why_text(why), "tlv: there is no SHA-256");
    free(bytes);
}

static int key_make(void **state)
{
    (void)state;
    test_key_new(&key);
    return 0;
}

static int key_drop(void **state)
{
    (void)state;
    test_key_free(&key);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_every_field_is_read),
        cmocka_unit_test(image_without_protected_tlvs_is_read),
        cmocka_unit_test(image_without_signature_parses),
        cmocka_unit_test(image_every_truncation_is_refused),
        cmocka_unit_test(image_every_failing_read_is_an_io_error),
        cmocka_unit_test(image_lying_headers_are_refused_by_name),
        cmocka_unit_test(image_flags_of_what_cannot_run_are_refused),
        cmocka_unit_test(image_harmless_flags_are_kept),
        cmocka_unit_test(image_lying_tlvs_are_refused_by_name),
        cmocka_unit_test(
            image_repeated_tlvs_are_refused_also_when_the_first_is_right),
        cmocka_unit_test(image_signature_of_73_bytes_is_refused),
        cmocka_unit_test(image_unknown_tlvs_are_skipped),
        cmocka_unit_test(image_security_counter_counts_only_when_signed),
        cmocka_unit_test(image_hash_inside_the_protected_part_does_not_count),
        cmocka_unit_test(image_part_full_of_empty_tlvs_ends),
    };

    return cmocka_run_group_tests(tests, key_make, key_drop);
}
