/* sha.c - the hash functions of the DCP. Start at sha_add().
 *
 * Source: FIPS 180-4 sections 5 and 6; CRC-32 with polynomial 04C11DB7, most
 * significant bit first, start FFFFFFFF, nothing inverted at the end.
 * Tests: test/unit/emu/test_dcp.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/sha.h"

#include <string.h>

#include "emu/be.h"

static const uint32_t K256[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1,
    0x923F82A4, 0xAB1C5ED5, 0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3,
    0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786,
    0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147,
    0x06CA6351, 0x14292967, 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13,
    0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B,
    0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A,
    0x5B9CCA4F, 0x682E6FF3, 0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208,
    0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
};

static const uint32_t START[][SHA_WORDS] = {
    [SHA_1] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0},
    [SHA_CRC32] = {0xFFFFFFFF},
    [SHA_256] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F,
                 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19},
};

static const size_t DIGEST_WORDS[] = {
    [SHA_1] = 5,
    [SHA_CRC32] = 1,
    [SHA_256] = 8,
};

static uint32_t rotate_left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static uint32_t rotate_right(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static void block_sha1(uint32_t h[SHA_WORDS], const uint8_t *p)
{
    static const uint32_t k[] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC,
                                 0xCA62C1D6};
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

    for (size_t t = 0; t < 16; t++)
        w[t] = get_u32be(p + 4 * t);
    for (size_t t = 16; t < 80; t++)
        w[t] = rotate_left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    for (size_t t = 0; t < 80; t++) {
        uint32_t f = b ^ c ^ d;
        if (t < 20)
            f = (b & c) | (~b & d);
        else if (t >= 40 && t < 60)
            f = (b & c) | (b & d) | (c & d);
        uint32_t next = rotate_left(a, 5) + f + e + k[t / 20] + w[t];
        e = d;
        d = c;
        c = rotate_left(b, 30);
        b = a;
        a = next;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
}

static void schedule_256(uint32_t w[64], const uint8_t *p)
{
    for (size_t t = 0; t < 16; t++)
        w[t] = get_u32be(p + 4 * t);
    for (size_t t = 16; t < 64; t++) {
        uint32_t x = w[t - 15], y = w[t - 2];
        uint32_t s0 = rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3;
        uint32_t s1 = rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
}

static void block_sha256(uint32_t h[SHA_WORDS], const uint8_t *p)
{
    uint32_t w[64], v[SHA_WORDS];

    schedule_256(w, p);
    memcpy(v, h, sizeof v);
    for (size_t t = 0; t < 64; t++) {
        uint32_t a = v[0], e = v[4];
        uint32_t s1 =
            rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
        uint32_t s0 =
            rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
        uint32_t t1 = v[7] + s1 + ((e & v[5]) ^ (~e & v[6])) + K256[t] + w[t];
        uint32_t t2 = s0 + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, (SHA_WORDS - 1) * sizeof v[0]);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (unsigned i = 0; i < SHA_WORDS; i++)
        h[i] += v[i];
}

static uint32_t crc32_msb_first(uint32_t crc, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        crc ^= (uint32_t)p[i] << 24;
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc & 0x80000000u ? crc << 1 ^ 0x04C11DB7u : crc << 1;
    }
    return crc;
}

void sha_begin(struct sha *h, enum sha_kind kind)
{
    memcpy(h->word, START[kind], sizeof h->word);
    h->bytes = 0;
}

void sha_add(struct sha *h, enum sha_kind kind, const uint8_t *data, size_t len)
{
    h->bytes += (uint32_t)len;
    if (kind == SHA_CRC32) {
        h->word[0] = crc32_msb_first(h->word[0], data, len);
        return;
    }
    for (size_t at = 0; at + SHA_BLOCK_BYTES <= len; at += SHA_BLOCK_BYTES)
        (kind == SHA_1 ? block_sha1 : block_sha256)(h->word, data + at);
}

/* One bit, zeros, and the message's length in bits. */
static void pad(struct sha *h, enum sha_kind kind, const uint8_t *data,
                size_t len)
{
    uint8_t last[2 * SHA_BLOCK_BYTES] = {0};
    uint32_t bytes = h->bytes + (uint32_t)len;
    size_t padded = len + 9 <= SHA_BLOCK_BYTES ? SHA_BLOCK_BYTES : sizeof last;

    memcpy(last, data, len);
    last[len] = 0x80;
    put_u32be(last + padded - 8, bytes >> 29);
    put_u32be(last + padded - 4, bytes << 3);
    sha_add(h, kind, last, padded);
}

size_t sha_end(struct sha *h, enum sha_kind kind, const uint8_t *data,
               size_t len, uint8_t digest[SHA_DIGEST_MAX])
{
    if (kind == SHA_CRC32)
        sha_add(h, kind, data, len);
    else
        pad(h, kind, data, len);
    for (size_t i = 0; i < DIGEST_WORDS[kind]; i++)
        put_u32be(digest + 4 * i, h->word[i]);
    return 4 * DIGEST_WORDS[kind];
}
