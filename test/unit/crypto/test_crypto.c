/* test_crypto.c - digests and HMAC against published vectors.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/crypto.h"

static void assert_hex(const uint8_t *got, size_t len, const char *hex)
{
    uint8_t want[64];

    assert_true(hex_decode(want, len, hex, strlen(hex)));
    assert_memory_equal(got, want, len);
}

/* RFC 1321 appendix A.5, FIPS 180-2 appendix B. */
static const struct {
    enum digest_kind kind;
    const char *text;
    const char *hex;
} KNOWN[] = {
    {DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
    {DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
    {DIGEST_MD5,
     "12345678901234567890123456789012345678901234567890123456789012345678901"
     "234567890",
     "57edf4a22be3c955ac49da2e2107b67a"},
    {DIGEST_SHA256, "",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {DIGEST_SHA256, "abc",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {DIGEST_SHA256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void digest_known_texts_give_published_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        struct digest d;
        uint8_t out[DIGEST_BYTES_MAX];
        size_t len = digest_bytes(KNOWN[i].kind);

        digest_begin(&d, KNOWN[i].kind);
        digest_add(&d, KNOWN[i].text, strlen(KNOWN[i].text));
        assert_int_equal(digest_end(&d, out), len);
        assert_hex(out, len, KNOWN[i].hex);
    }
}

static void digest_any_split_gives_the_same(void **state)
{
    uint8_t text[150], whole[DIGEST_BYTES_MAX], parts[DIGEST_BYTES_MAX];
    struct digest d;

    (void)state;
    memset(text, 'q', sizeof text);
    for (int kind = DIGEST_MD5; kind <= DIGEST_SHA256; kind++) {
        digest_begin(&d, (enum digest_kind)kind);
        digest_add(&d, text, sizeof text);
        size_t len = digest_end(&d, whole);

        for (size_t cut = 0; cut <= sizeof text; cut++) {
            digest_begin(&d, (enum digest_kind)kind);
            digest_add(&d, text, cut);
            digest_add(&d, NULL, 0);
            digest_add(&d, text + cut, sizeof text - cut);
            digest_end(&d, parts);
            assert_memory_equal(parts, whole, len);
        }
    }
}

static void digest_can_be_read_midway_and_copied(void **state)
{
    struct digest d, copy;
    uint8_t out[DIGEST_BYTES_MAX];

    (void)state;
    digest_begin(&d, DIGEST_SHA256);
    digest_add(&d, "ab", 2);
    digest_end(&d, out);
    copy = d;
    digest_add(&d, "x", 1);
    digest_add(&copy, "c", 1);
    digest_end(&copy, out);
    assert_hex(
        out, 32,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* RFC 4231 test cases 1, 2 and 6 (a key longer than a block). */
static void hmac_sha256_gives_the_values_of_rfc_4231(void **state)
{
    uint8_t out[SHA256_BYTES], key[131];

    (void)state;
    memset(key, 0x0b, 20);
    hmac_sha256(out, key, 20, "Hi There", 8);
    assert_hex(
        out, 32,
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    hmac_sha256(out, "Jefe", 4, "what do ya want for nothing?", 28);
    assert_hex(
        out, 32,
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    hmac_sha256(out, key, sizeof key,
                "Test Using Larger Than Block-Size Key - Hash Key First", 54);
    assert_hex(
        out, 32,
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void bytes_equal_sees_every_bit(void **state)
{
    uint8_t a[32] = {0}, b[32] = {0};

    (void)state;
    assert_true(bytes_equal(a, b, sizeof a));
    for (size_t bit = 0; bit < 8 * sizeof b; bit++) {
        b[bit / 8] = (uint8_t)(1u << bit % 8);
        assert_false(bytes_equal(a, b, sizeof a));
        assert_true(bytes_equal(a, b, bit / 8)); /* and only len bytes */
        b[bit / 8] = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digest_known_texts_give_published_values),
        cmocka_unit_test(digest_any_split_gives_the_same),
        cmocka_unit_test(digest_can_be_read_midway_and_copied),
        cmocka_unit_test(hmac_sha256_gives_the_values_of_rfc_4231),
        cmocka_unit_test(bytes_equal_sees_every_bit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
