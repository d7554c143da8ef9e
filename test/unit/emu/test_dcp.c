/* test_dcp.c - claims about the hash engine, emu/dcp.c. Expected digests are
 * those of FIPS 180 examples and of NXP's driver examples, not of our code.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "emu/dcp.h"
#include "test/unit/emu/soc_fixture.h"

enum {
    DCP = 0x402FC000,
    CTRL = DCP,
    CTRL_SET = DCP + 4,
    CTRL_CLR = DCP + 8,
    STAT = DCP + 0x10,
    STAT_CLR = DCP + 0x18,
    CHANNELCTRL = DCP + 0x20,
    CONTEXT = DCP + 0x50,
    CMDPTR = DCP + 0x100, /* of channel 0; others 0x40 apart */
    SEMA = DCP + 0x110,
    CHSTAT = DCP + 0x120,
    CHSTAT_CLR = DCP + 0x128,

    PACKET = 0x20200000, /* where the test keeps things */
    PAYLOAD = 0x20201000,
    DATA = 0x20202000,
    COPY = 0x20210000,
    SAVED = 0x20220000,

    INTERRUPT = 1 << 0,
    DECR = 1 << 1,
    CHAIN = 1 << 2,
    MEMCOPY = 1 << 4,
    CIPHER = 1 << 5,
    HASH = 1 << 6,
    INIT = 1 << 12,
    TERM = 1 << 13,
    CHECK = 1 << 14,
    FILL = 1 << 16,
    SHA1 = 0 << 16,
    CRC32 = 1 << 16,
    SHA256 = 2 << 16,
};

static const uint8_t ABC_SHA256[32] = {
    0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
    0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
    0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
static const uint8_t ABC_SHA1[20] = {0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81,
                                     0x6a, 0xba, 0x3e, 0x25, 0x71, 0x78, 0x50,
                                     0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d};
/* 200 times 'a' */
static const uint8_t A200_SHA256[32] = {
    0xc2, 0xa9, 0x08, 0xd9, 0x8f, 0x5d, 0xf9, 0x87, 0xad, 0xe4, 0x1b,
    0x5f, 0xce, 0x21, 0x30, 0x67, 0xef, 0xbc, 0xc2, 0x1e, 0xf2, 0x24,
    0x02, 0x12, 0xa4, 0x1e, 0x54, 0xb5, 0xe7, 0xc2, 0x8a, 0xe5};

static int set_up(void **state)
{
    static struct soc_fixture f;

    fixture_open(&f, 1);
    dcp_add(f.s);
    fixture_reset(&f, SOC_RESET_POWER);
    fixture_write(&f, CTRL, 0xF0800000);
    fixture_write(&f, CTRL, 0x30A0000F); /* switching, all interrupts */
    fixture_write(&f, CONTEXT, SAVED);
    fixture_write(&f, CHANNELCTRL, 0xF);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture_close(*state);
    return 0;
}

static void put(struct soc_fixture *f, uint32_t at, const void *p, size_t len)
{
    assert_true(soc_dma_write(f->s, at, p, len));
}

struct packet {
    uint32_t next, control0, control1, source, destination, size, payload;
};

static void packet_at(struct soc_fixture *f, uint32_t at,
                      const struct packet *p)
{
    const uint32_t words[8] = {
        p->next,        p->control0, p->control1, p->source,
        p->destination, p->size,     p->payload,  0};
    uint8_t raw[32];

    for (size_t i = 0; i < 8; i++)
        put_u32le(raw + 4 * i, words[i]);
    put(f, at, raw, sizeof raw);
}

/* SHA-256 of some of DATA, result to PAYLOAD. */
static struct packet sha256(uint32_t control0, uint32_t from, uint32_t size)
{
    return (struct packet){.control0 = DECR | HASH | control0,
                           .control1 = SHA256,
                           .source = DATA + from,
                           .size = size,
                           .payload = PAYLOAD};
}

static void put_200_times_a(struct soc_fixture *f)
{
    uint8_t a[200];

    memset(a, 'a', sizeof a);
    put(f, DATA, a, sizeof a);
}

static void start(struct soc_fixture *f, unsigned ch, uint32_t at)
{
    fixture_write(f, CMDPTR + 0x40 * ch, at);
    fixture_write(f, SEMA + 0x40 * ch, 1);
}

/* Until the channel is idle; returns its errors. */
static uint32_t run(struct soc_fixture *f, unsigned ch, const struct packet *p)
{
    packet_at(f, PACKET, p);
    start(f, ch, PACKET);
    for (unsigned i = 0; i < 100000 && (fixture_read(f, STAT) >> (16 + ch) & 1);
         i++)
        fixture_wait_us(f, 10);
    assert_int_equal(fixture_read(f, STAT) & 0xF0000, 0);
    return fixture_read(f, CHSTAT + 0x40 * ch) & 0x00FF007E;
}

static void assert_digest(struct soc_fixture *f, const uint8_t *want, size_t n)
{
    uint8_t got[32], reversed[32];

    assert_true(soc_dma_read(f->s, PAYLOAD, got, n));
    for (size_t i = 0; i < n; i++)
        reversed[i] = got[n - 1 - i];
    assert_memory_equal(reversed, want, n);
}

static void dcp_sha256_is_written_last_byte_first(void **state)
{
    struct soc_fixture *f = *state;
    struct packet p = sha256(INIT | TERM, 0, 3);

    put(f, DATA, "abc", 3);
    assert_int_equal(run(f, 0, &p), 0);
    assert_digest(f, ABC_SHA256, 32);
    assert_int_equal(fixture_read(f, SEMA), 0);
}

static void dcp_sha1_and_crc32_give_the_known_values(void **state)
{
    static const uint8_t crc[] = {0x7f, 0x04, 0x6a, 0xdd};
    struct soc_fixture *f = *state;
    struct packet p = {.control0 = DECR | HASH | INIT | TERM,
                       .source = DATA,
                       .size = 3,
                       .payload = PAYLOAD};

    put(f, DATA, "abc", 3);
    assert_int_equal(run(f, 0, &p), 0);
    assert_digest(f, ABC_SHA1, 20);

    put(f, DATA, "abcdbcdecdefdefgefghfghighijhijk", 32);
    p.control1 = CRC32;
    p.size = 32;
    assert_int_equal(run(f, 0, &p), 0);
    assert_digest(f, crc, 4);
}

static void dcp_hash_in_parts_equals_the_whole(void **state)
{
    struct soc_fixture *f = *state;
    struct packet first = sha256(INIT, 0, 128), last = sha256(TERM, 128, 72);

    put_200_times_a(f);
    assert_int_equal(run(f, 0, &first), 0);
    assert_int_equal(run(f, 0, &last), 0);
    assert_digest(f, A200_SHA256, 32);
}

/* Two messages in turn on one channel: software moves the hash in and out of
 * the context buffer, words 43 to 51, as NXP's driver does. */
static void dcp_hash_saved_by_software_goes_on_after_another(void **state)
{
    struct soc_fixture *f = *state;
    uint8_t kept[36];
    struct packet first = sha256(INIT, 0, 64), last = sha256(TERM, 64, 136);
    struct packet other = sha256(INIT | TERM, 0, 3);

    put_200_times_a(f);
    run(f, 0, &first);
    assert_true(soc_dma_read(f->s, SAVED + 4 * 43, kept, sizeof kept));
    run(f, 0, &other);
    put(f, SAVED + 4 * 43, kept, sizeof kept);
    run(f, 0, &last);

    assert_digest(f, A200_SHA256, 32);
}

static void dcp_two_channels_hash_in_turn(void **state)
{
    struct soc_fixture *f = *state;
    struct packet first = sha256(INIT, 0, 64), last = sha256(TERM, 64, 136);

    put_200_times_a(f);
    run(f, 3, &first);
    run(f, 1, &first);
    run(f, 3, &last);
    assert_digest(f, A200_SHA256, 32);
    put(f, PAYLOAD, "gone", 4);
    run(f, 1, &last);
    assert_digest(f, A200_SHA256, 32);
}

static void dcp_hash_of_flash_runs_through_the_window(void **state)
{
    struct soc_fixture *f = *state;
    uint8_t flash[64], want[32], got[32];
    struct packet p = sha256(INIT | TERM, 0, 64);

    assert_true(soc_dma_read(f->s, 0x60000000, flash, sizeof flash));
    put(f, DATA, flash, sizeof flash);
    run(f, 0, &p);
    assert_true(soc_dma_read(f->s, PAYLOAD, want, 32));
    p.source = 0x60000000;
    assert_int_equal(run(f, 0, &p), 0);
    assert_true(soc_dma_read(f->s, PAYLOAD, got, 32));

    assert_memory_equal(got, want, 32);
}

static void dcp_check_hash_tells_right_from_wrong(void **state)
{
    struct soc_fixture *f = *state;
    uint8_t reversed[32];
    struct packet p = sha256(INIT | TERM | CHECK, 0, 3);

    for (unsigned i = 0; i < 32; i++)
        reversed[i] = ABC_SHA256[31 - i];
    put(f, DATA, "abc", 3);
    put(f, PAYLOAD, reversed, 32);
    assert_int_equal(run(f, 0, &p), 0);

    put(f, DATA, "abd", 3);
    assert_int_equal(run(f, 0, &p), 0x02);
}

static void dcp_copies_and_fills_memory(void **state)
{
    struct soc_fixture *f = *state;
    uint8_t data[5000], got[5000];

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7);
    put(f, DATA, data, sizeof data);
    assert_int_equal(run(f, 2,
                         &(struct packet){.control0 = DECR | MEMCOPY,
                                          .source = DATA,
                                          .destination = COPY,
                                          .size = sizeof data}),
                     0);
    assert_true(soc_dma_read(f->s, COPY, got, sizeof got));
    assert_memory_equal(got, data, sizeof got);

    assert_int_equal(run(f, 2,
                         &(struct packet){.control0 = DECR | MEMCOPY | FILL,
                                          .source = 0x11223344,
                                          .destination = COPY,
                                          .size = 8}),
                     0);
    assert_true(soc_dma_read(f->s, COPY, got, 12));
    assert_int_equal(get_u32le(got + 4), 0x11223344);
    assert_memory_equal(got + 8, data + 8, 4);
}

static void dcp_chain_runs_until_the_semaphore_is_empty(void **state)
{
    struct soc_fixture *f = *state;
    uint8_t got[8], status[4];

    put(f, DATA, "12345678", 8);
    packet_at(f, PACKET + 64,
              &(struct packet){.control0 = 0x5A000000 | DECR | MEMCOPY,
                               .source = DATA + 4,
                               .destination = COPY + 4,
                               .size = 4});
    assert_int_equal(run(f, 0,
                         &(struct packet){.next = PACKET + 64,
                                          .control0 = CHAIN | MEMCOPY,
                                          .source = DATA,
                                          .destination = COPY,
                                          .size = 4}),
                     0);
    assert_true(soc_dma_read(f->s, COPY, got, 8));
    assert_memory_equal(got, "12345678", 8);
    assert_true(soc_dma_read(f->s, PACKET + 64 + 28, status, 4));
    assert_int_equal(get_u32le(status), 0x5A000001);
    assert_int_equal(fixture_read(f, CHSTAT), 0x5A000000);
}

static void dcp_semaphore_left_without_a_chain_is_an_error(void **state)
{
    struct soc_fixture *f = *state;

    assert_int_equal(run(f, 0, &(struct packet){.control0 = 0}), 0x00020004);
    fixture_write(f, CHSTAT_CLR, 0xFF);
    assert_int_equal(fixture_read(f, CHSTAT) & 0xFF00FF, 0);
    assert_int_equal(run(f, 0, &(struct packet){.control0 = CHAIN}),
                     0x00010004);
}

static void dcp_address_without_memory_is_an_error_of_its_kind(void **state)
{
    struct soc_fixture *f = *state;
    struct packet p = {.control0 = DECR | MEMCOPY,
                       .source = 0x70000000,
                       .destination = COPY,
                       .size = 4};

    assert_int_equal(run(f, 0, &p), 0x10);
    p.source = DATA;
    p.destination = 0x60000000; /* flash cannot be written like that */
    fixture_write(f, CHSTAT_CLR, 0xFF);
    assert_int_equal(run(f, 0, &p), 0x20);
    fixture_write(f, CHSTAT_CLR, 0xFF);
    start(f, 0, 0x70000000);
    assert_int_equal(fixture_read(f, CHSTAT) & 0x7E, 0x08);
}

static void dcp_huge_size_ends_in_an_error(void **state)
{
    struct soc_fixture *f = *state;

    assert_int_equal(run(f, 0,
                         &(struct packet){.control0 = DECR | MEMCOPY,
                                          .source = DATA,
                                          .destination = COPY,
                                          .size = 0xFFFFFFFF}) &
                         0x30,
                     0x20);
}

static void dcp_work_takes_time_and_then_interrupts(void **state)
{
    struct soc_fixture *f = *state;

    packet_at(f, PACKET,
              &(struct packet){.control0 = DECR | HASH | INIT | INTERRUPT,
                               .control1 = SHA256,
                               .source = DATA,
                               .size = 0x10000});
    start(f, 1, PACKET);
    fixture_wait_us(f, 100);
    assert_int_equal(fixture_read(f, STAT) & 0xF0000, 0x20000);
    assert_false(soc_irq_level(f->s, 50));

    fixture_wait_us(f, 2000);
    assert_int_equal(fixture_read(f, STAT) & 0xF000F, 0x2);
    assert_true(soc_irq_level(f->s, 50));

    fixture_write(f, STAT_CLR, 0xFF);
    assert_false(soc_irq_level(f->s, 50));
}

static void dcp_channel_0_has_its_own_line_unless_merged(void **state)
{
    struct soc_fixture *f = *state;
    struct packet p = {.control0 = DECR | INTERRUPT};

    run(f, 0, &p);
    assert_true(soc_irq_level(f->s, 51));
    assert_false(soc_irq_level(f->s, 50));
    fixture_write(f, CHANNELCTRL, 0x1000F);
    assert_true(soc_irq_level(f->s, 50));
    assert_false(soc_irq_level(f->s, 51));
}

static void dcp_soft_reset_stops_work(void **state)
{
    struct soc_fixture *f = *state;

    packet_at(f, PACKET,
              &(struct packet){.control0 = DECR | MEMCOPY,
                               .source = DATA,
                               .destination = COPY,
                               .size = 1000});
    start(f, 0, PACKET);
    fixture_write(f, CTRL_SET, 0x80000000);
    fixture_write(f, CTRL_CLR, 0xC0000000);
    fixture_wait_us(f, 1000);

    assert_int_equal(fixture_read(f, STAT) & 0x0F0F000F, 0);
    assert_int_equal(fixture_read(f, SEMA), 0);
    assert_int_equal(fixture_read(f, CHANNELCTRL), 0);
}

static void dcp_disabled_channel_waits_for_its_enable(void **state)
{
    struct soc_fixture *f = *state;

    fixture_write(f, CHANNELCTRL, 0);
    packet_at(f, PACKET, &(struct packet){.control0 = DECR});
    start(f, 0, PACKET);
    fixture_wait_us(f, 100);
    assert_int_equal(fixture_read(f, SEMA), 0x10000);

    fixture_write(f, CHANNELCTRL, 1);
    fixture_wait_us(f, 100);
    assert_int_equal(fixture_read(f, SEMA), 0);
}

static void dcp_aes_is_reported_and_refused(void **state)
{
    struct soc_fixture *f = *state;

    assert_int_equal(run(f, 0,
                         &(struct packet){.control0 = DECR | CIPHER,
                                          .source = DATA,
                                          .destination = COPY,
                                          .size = 16}),
                     0x00050004);
    assert_true(fixture_noted(f, "DCP AES"));
}

static void dcp_unknown_register_is_reported(void **state)
{
    struct soc_fixture *f = *state;

    assert_int_equal(fixture_read(f, DCP + 0x800), 0);
    assert_true(fixture_noted(f, "0x402FC800"));
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(dcp_sha256_is_written_last_byte_first),
        TEST(dcp_sha1_and_crc32_give_the_known_values),
        TEST(dcp_hash_in_parts_equals_the_whole),
        TEST(dcp_hash_saved_by_software_goes_on_after_another),
        TEST(dcp_two_channels_hash_in_turn),
        TEST(dcp_hash_of_flash_runs_through_the_window),
        TEST(dcp_check_hash_tells_right_from_wrong),
        TEST(dcp_copies_and_fills_memory),
        TEST(dcp_chain_runs_until_the_semaphore_is_empty),
        TEST(dcp_semaphore_left_without_a_chain_is_an_error),
        TEST(dcp_address_without_memory_is_an_error_of_its_kind),
        TEST(dcp_huge_size_ends_in_an_error),
        TEST(dcp_work_takes_time_and_then_interrupts),
        TEST(dcp_channel_0_has_its_own_line_unless_merged),
        TEST(dcp_soft_reset_stops_work),
        TEST(dcp_disabled_channel_waits_for_its_enable),
        TEST(dcp_aes_is_reported_and_refused),
        TEST(dcp_unknown_register_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
