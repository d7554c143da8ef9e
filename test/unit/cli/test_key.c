/* test_key.c - tests of cli/key.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <openssl/pem.h>

#include "test/unit/cli/temp_folder.h"

static struct why why;

static struct key generated(void)
{
    struct key k;

    assert_true(key_generate(&k, KEY_P256, &why));
    return k;
}

static void same_public(const struct key *a, const struct key *b)
{
    assert_memory_equal(a->point, b->point, sizeof a->point);
    assert_memory_equal(a->hash, b->hash, sizeof a->hash);
}

static void write_file(const char *name, const void *bytes, size_t len)
{
    assert_true(file_replace(temp_path(name), bytes, len, &why));
}

static void key_private_pem_reads_back(void **s)
{
    struct key k = generated(), back;
    struct file_bytes pem;

    (void)s;
    assert_true(key_private_pem(&k, &pem, &why));
    assert_memory_equal(pem.bytes, "-----BEGIN PRIVATE KEY-----", 27);
    write_file("k", pem.bytes, pem.len);
    assert_true(key_load_private(&back, temp_path("k"), &why));
    same_public(&k, &back);
    file_free(&pem);
    key_free(&k);
    key_free(&back);
}

static void key_public_forms_read_back_and_cannot_sign(void **s)
{
    struct key k = generated(), back;
    struct file_bytes pem;

    (void)s;
    assert_true(key_public_pem(&k, &pem, &why));
    write_file("pem", pem.bytes, pem.len);
    write_file("point", k.point, sizeof k.point);
    assert_true(key_load(&back, temp_path("pem"), &why));
    same_public(&k, &back);
    assert_false(back.can_sign);
    key_free(&back);
    assert_true(key_load(&back, temp_path("point"), &why));
    same_public(&k, &back);
    key_free(&back);
    assert_false(key_load_private(&back, temp_path("point"), &why));
    assert_non_null(strstr(why.text, "signing needs the private one"));
    file_free(&pem);
    key_free(&k);
}

static void key_signature_passes_the_devices_check(void **s)
{
    struct key k = generated();
    uint8_t hash[SHA256_BYTES] = {1, 2, 3}, sig[KEY_SIG_MAX];
    size_t len;

    (void)s;
    assert_true(key_sign(&k, hash, sig, &len, &why));
    assert_int_equal(p256_verify(hash, sig, len, k.point), 1);
    hash[0] ^= 1;
    assert_int_equal(p256_verify(hash, sig, len, k.point), 0);
    key_free(&k);
}

static void key_that_others_can_read_is_noticed(void **s)
{
    struct key k = generated(), back;
    struct file_bytes pem;

    (void)s;
    assert_true(key_private_pem(&k, &pem, &why));
    write_file("k", pem.bytes, pem.len);
    (void)chmod(temp_path("k"), 0640);
    assert_true(key_load(&back, temp_path("k"), &why));
    assert_true(back.exposed);
    key_free(&back);
    (void)chmod(temp_path("k"), 0600);
    assert_true(key_load(&back, temp_path("k"), &why));
    assert_false(back.exposed);
    key_free(&back);
    file_free(&pem);
    key_free(&k);
}

static void key_of_another_curve_is_refused(void **s)
{
    EVP_PKEY *other = EVP_EC_gen("P-384");
    BIO *bio = BIO_new_file(temp_path("k"), "w");
    struct key k;

    (void)s;
    assert_int_equal(PEM_write_bio_PUBKEY(bio, other), 1);
    BIO_free(bio);
    EVP_PKEY_free(other);
    assert_false(key_load(&k, temp_path("k"), &why));
    assert_non_null(strstr(why.text, "neither on the curve P-256"));
    assert_null(k.pkey);
}

static void key_of_another_kind_is_refused(void **s)
{
    EVP_PKEY *other = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    BIO *bio = BIO_new_file(temp_path("k"), "w");
    struct key k;

    (void)s;
    assert_int_equal(PEM_write_bio_PUBKEY(bio, other), 1);
    BIO_free(bio);
    EVP_PKEY_free(other);
    assert_false(key_load(&k, temp_path("k"), &why));
    assert_non_null(strstr(why.text, "neither on the curve P-256"));
}

static void key_behind_a_passphrase_does_not_ask(void **s)
{
    struct key k = generated(), back;
    BIO *bio = BIO_new_file(temp_path("k"), "w");

    (void)s;
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(
                         bio, k.pkey, EVP_aes_128_cbc(), "pass", 4, NULL, NULL),
                     1);
    BIO_free(bio);
    assert_false(key_load(&back, temp_path("k"), &why));
    assert_non_null(strstr(why.text, "protected by a passphrase"));
    key_free(&k);
}

static void key_point_off_the_curve_is_refused(void **s)
{
    struct key k = generated(), back;
    uint8_t point[P256_POINT_BYTES];

    (void)s;
    memcpy(point, k.point, sizeof point);
    point[64] ^= 1;
    write_file("point", point, sizeof point);
    assert_false(key_load(&back, temp_path("point"), &why));
    assert_non_null(strstr(why.text, "not on the curve"));
    key_free(&k);
}

static void key_garbage_is_refused(void **s)
{
    struct key k;

    (void)s;
    write_file("k", "", 0);
    assert_false(key_load(&k, temp_path("k"), &why));
    assert_non_null(strstr(why.text, "holds no key"));
    write_file("k", "-----BEGIN PRIVATE KEY-----\nAAAA\n", 33);
    assert_false(key_load(&k, temp_path("k"), &why));
    assert_non_null(strstr(why.text, "holds no key"));
}

#define TEST(name) cmocka_unit_test_teardown(name, temp_folder_empty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(key_private_pem_reads_back),
        TEST(key_public_forms_read_back_and_cannot_sign),
        TEST(key_signature_passes_the_devices_check),
        TEST(key_that_others_can_read_is_noticed),
        TEST(key_of_another_curve_is_refused),
        TEST(key_of_another_kind_is_refused),
        TEST(key_behind_a_passphrase_does_not_ask),
        TEST(key_point_off_the_curve_is_refused),
        TEST(key_garbage_is_refused),
    };

    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
