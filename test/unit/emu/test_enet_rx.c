/* test_enet_rx.c - claims about frames that come to the Ethernet MAC,
 * emu/enet_dma.c and emu/enet_offload.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "emu/be.h"
#include "test/unit/emu/enet_bench.h"

enum { GAUR = DRV_ENET + 0x120 };

static void enet_received_frame_is_padded_and_checked(void **state)
{
    struct bench *b = *state;
    uint8_t frame[42], got[2048];

    bench_make(frame, DRV_STATION, sizeof frame);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(bench_receive(b, got), 60);
    assert_memory_equal(got, frame, 42);

    fixture_write(&b->f, DRV_RCR, 0x05EE0104); /* check sequence wanted */
    memset(frame, 0, sizeof frame);
    memcpy(frame, DRV_STATION, 6);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(bench_receive(b, got), 64);
    /* CRC-32 of 02:12:13:10:15:11 and 54 zeros, least byte first. */
    assert_memory_equal(got + 60, "\x8B\xEA\xA0\x45", 4);
}

static void enet_frame_is_spread_over_small_buffers(void **state)
{
    struct bench *b = *state;
    uint8_t frame[300], got[300];
    struct driver_bd bd;

    driver_start(&b->d, &b->f, false, 128);
    bench_make(frame, DRV_STATION, sizeof frame);
    assert_true(enet_receive(b->e, frame, sizeof frame));
    for (uint32_t n = 0; n < 3; n++) {
        driver_bd_get(&b->d, DRV_RX_RING, n, &bd);
        assert_int_equal(bd.control, n == 2 ? 0x0800 : 0);
        assert_int_equal(bd.length, n == 2 ? 300 : 128);
        soc_dma_read(b->f.s, bd.buffer, got + (size_t)128 * n,
                     n == 2 ? 44 : 128);
    }
    assert_memory_equal(got, frame, 300);
}

static void enet_full_ring_makes_frames_wait(void **state)
{
    struct bench *b = *state;
    uint8_t frame[100], got[2048];

    bench_make(frame, DRV_STATION, sizeof frame);
    for (unsigned i = 0; i < DRV_RING; i++)
        assert_true(enet_receive(b->e, frame, sizeof frame));
    assert_false(enet_receive(b->e, frame, sizeof frame));
    assert_int_equal(fixture_read(&b->f, DRV_RDAR), 0);

    unsigned before = b->readies;
    assert_int_equal(bench_receive(b, got), 100);
    assert_int_equal(b->readies, before + 1);
    assert_true(enet_receive(b->e, frame, sizeof frame));
}

static void enet_filter_wants_station_broadcast_and_groups(void **state)
{
    static const uint8_t other[6] = {2, 0, 0, 0, 0, 9};
    static const uint8_t all[6] = {255, 255, 255, 255, 255, 255};
    static const uint8_t group[6] = {0x01, 0, 0x5E, 0, 0, 1};
    struct bench *b = *state;
    uint8_t frame[100], got[2048];
    struct driver_bd bd;

    bench_make(frame, other, sizeof frame);
    assert_true(enet_receive(b->e, frame, sizeof frame));
    assert_int_equal(bench_receive(b, got), 0);
    bench_make(frame, group, sizeof frame);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(bench_receive(b, got), 0);

    bench_make(frame, all, sizeof frame);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(driver_receive(&b->d, got, sizeof got, &bd), 100);
    assert_int_equal(bd.control & 0x01C0, 0x0080);

    /* 01:00:5e:00:00:01 is bit 54 of the table, as Linux's driver has it. */
    fixture_write(&b->f, GAUR, 1u << 22);
    bench_make(frame, group, sizeof frame);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(driver_receive(&b->d, got, sizeof got, &bd), 100);
    assert_int_equal(bd.control & 0x01C0, 0x0040);

    fixture_write(&b->f, DRV_RCR, 0x05EE410C); /* promiscuous */
    bench_make(frame, other, sizeof frame);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(driver_receive(&b->d, got, sizeof got, &bd), 100);
    assert_int_equal(bd.control & 0x01C0, 0x0100);
}

static void enet_frames_with_wrong_checksums_are_discarded(void **state)
{
    struct bench *b = *state;
    uint8_t frame[sizeof BENCH_UDP], got[2048];

    memcpy(frame, BENCH_UDP, sizeof frame);
    memcpy(frame, DRV_STATION, 6);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(bench_receive(b, got), 60); /* nobody asked */
    fixture_write(&b->f, BENCH_RACC, 0x06);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(bench_receive(b, got), 0);

    put_u16be(frame + 24, 0x62BC);
    enet_receive(b->e, frame, sizeof frame); /* UDP without is right */
    assert_int_equal(bench_receive(b, got), 60);
    put_u16be(frame + 40, 0x1234);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(bench_receive(b, got), 0);
}

static void enet_padding_is_removed_on_demand(void **state)
{
    struct bench *b = *state;
    uint8_t frame[60] = {0}, got[2048];

    memcpy(frame, BENCH_UDP, sizeof BENCH_UDP);
    memcpy(frame, DRV_STATION, 6);
    fixture_write(&b->f, BENCH_RACC, 0x81); /* and shifted by two */
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(bench_receive(b, got), 48);
    assert_memory_equal(got + 2, frame, 46);
}

static void enet_enhanced_receive_descriptor_is_filled(void **state)
{
    struct bench *b = *state;
    uint8_t frame[sizeof BENCH_UDP], got[2048];
    struct driver_bd bd;

    driver_start(&b->d, &b->f, true, 0x600);
    memcpy(frame, BENCH_UDP, sizeof frame);
    memcpy(frame, DRV_STATION, 6);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(driver_receive(&b->d, got, sizeof got, &bd), 60);
    assert_int_equal(bd.extend0, 0x0020); /* IP checksum wrong */
    assert_int_equal(bd.extend1, 0x0180); /* unicast; INT stays */
    assert_int_equal(bd.extend2, 0x8000);
}

static void enet_loop_brings_back_what_was_sent(void **state)
{
    struct bench *b = *state;
    uint8_t frame[100], got[2048];

    fixture_write(&b->f, DRV_RCR, 0x05EE4105);
    bench_make(frame, DRV_STATION, sizeof frame);
    driver_send(&b->d, frame, sizeof frame, 0);
    assert_int_equal(b->sends, 0);
    assert_int_equal(bench_receive(b, got), 100);
    assert_memory_equal(got, frame, 100);
}

#define TEST(t)                                                                \
    cmocka_unit_test_setup_teardown(t, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(enet_received_frame_is_padded_and_checked),
        TEST(enet_frame_is_spread_over_small_buffers),
        TEST(enet_full_ring_makes_frames_wait),
        TEST(enet_filter_wants_station_broadcast_and_groups),
        TEST(enet_frames_with_wrong_checksums_are_discarded),
        TEST(enet_padding_is_removed_on_demand),
        TEST(enet_enhanced_receive_descriptor_is_filled),
        TEST(enet_loop_brings_back_what_was_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
