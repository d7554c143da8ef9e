/* test_enet.c - claims about the registers of the Ethernet MAC and the frames
 * that leave it, emu/enet.c and its parts.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "emu/ip4.h"
#include "test/unit/emu/enet_bench.h"

enum {
    MMFR = DRV_ENET + 0x040,
    MSCR = DRV_ENET + 0x044,
    MIBC = DRV_ENET + 0x064,
    EBERR = 0x00400000,
    MII = 0x00800000,
    TXF = 0x08000000,
    RXF = 0x02000000,
    IRQ = 114,
};

/* Descriptor n of the sending ring names bytes of the first buffer. */
static void tx_put(struct bench *b, uint32_t n, uint16_t control, uint16_t from,
                   uint16_t len)
{
    driver_bd_put(&b->d, DRV_TX_RING, n,
                  &(struct driver_bd){.length = len,
                                      .control = control,
                                      .buffer = DRV_TX_BUFFERS + from});
}

/* --- registers ------------------------------------------------------------ */

static uint16_t mdio(struct bench *b, uint32_t frame)
{
    fixture_write(&b->f, DRV_EIR, MII);
    fixture_write(&b->f, MMFR, frame);
    assert_int_equal(fixture_read(&b->f, DRV_EIR) & MII, 0);
    fixture_wait_us(&b->f, 100);
    assert_int_equal(fixture_read(&b->f, DRV_EIR) & MII, MII);
    return (uint16_t)fixture_read(&b->f, MMFR);
}

static void enet_mdio_reads_and_writes_the_phy(void **state)
{
    struct bench *b = *state;

    fixture_write(&b->f, MSCR, 0x1A);
    assert_int_equal(mdio(b, 0x610A0000), 0x0022); /* address 2, register 2 */
    assert_int_equal(mdio(b, 0x63890000 | 2 << 18), 0xFFFF); /* address 7 */
    mdio(b, 0x51120000 | 0x0061); /* advertise 10 Mbit/s */
    assert_int_equal(mdio(b, 0x61120000), 0x0061);
}

static void enet_mdio_without_clock_sends_nothing(void **state)
{
    struct bench *b = *state;

    fixture_write(&b->f, MMFR, 0x610A0000);
    fixture_wait_us(&b->f, 1000);
    assert_int_equal(fixture_read(&b->f, DRV_EIR) & MII, 0);
    assert_true(fixture_noted(&b->f, "MSCR"));
}

static void enet_reset_bit_clears_itself_and_everything(void **state)
{
    struct bench *b = *state;

    fixture_write(&b->f, DRV_ECR, 1);
    assert_int_equal(fixture_read(&b->f, DRV_ECR), 0xF0000000);
    assert_int_equal(fixture_read(&b->f, DRV_RCR), 0x05EE0001);
    assert_int_equal(fixture_read(&b->f, DRV_EIMR), 0);
    assert_int_equal(fixture_read(&b->f, DRV_RDAR), 0);
}

static void enet_event_raises_the_line_until_cleared(void **state)
{
    struct bench *b = *state;
    uint8_t frame[100], got[2048];

    assert_true(soc_irq_awaited(b->f.s, IRQ));
    bench_make(frame, DRV_STATION, sizeof frame);
    enet_receive(b->e, frame, sizeof frame);
    assert_true(soc_irq_level(b->f.s, IRQ));
    fixture_write(&b->f, DRV_EIR, TXF);
    assert_true(soc_irq_level(b->f.s, IRQ));
    fixture_write(&b->f, DRV_EIR, RXF);
    assert_false(soc_irq_level(b->f.s, IRQ));
    assert_int_equal(bench_receive(b, got), 100);
}

static void enet_masked_event_waits_for_its_mask(void **state)
{
    struct bench *b = *state;
    uint8_t frame[100];

    fixture_write(&b->f, DRV_EIMR, 0);
    bench_make(frame, DRV_STATION, sizeof frame);
    enet_receive(b->e, frame, sizeof frame);
    assert_false(soc_irq_level(b->f.s, IRQ));
    fixture_write(&b->f, DRV_EIMR, RXF);
    assert_true(soc_irq_level(b->f.s, IRQ));
}

static void enet_counters_count_when_enabled(void **state)
{
    static const uint8_t all[6] = {255, 255, 255, 255, 255, 255};
    struct bench *b = *state;
    uint8_t frame[100];

    bench_make(frame, all, sizeof frame);
    driver_send(&b->d, frame, sizeof frame, 0);
    assert_int_equal(fixture_read(&b->f, DRV_ENET + 0x204), 0);

    fixture_write(&b->f, MIBC, 0);
    driver_send(&b->d, frame, sizeof frame, 0);
    enet_receive(b->e, frame, sizeof frame);
    assert_int_equal(fixture_read(&b->f, DRV_ENET + 0x204), 1);
    assert_int_equal(fixture_read(&b->f, DRV_ENET + 0x208), 1);
    assert_int_equal(fixture_read(&b->f, DRV_ENET + 0x244), 104);
    assert_int_equal(fixture_read(&b->f, DRV_ENET + 0x284), 1);

    fixture_write(&b->f, MIBC, 0x20000000);
    assert_int_equal(fixture_read(&b->f, DRV_ENET + 0x204), 0);
}

static void enet_unknown_register_is_reported(void **state)
{
    struct bench *b = *state;

    fixture_read(&b->f, DRV_ENET + 0x1F0);
    assert_true(fixture_noted(&b->f, "0x402D81F0"));
}

/* --- sending -------------------------------------------------------------- */

static void enet_frame_leaves_after_its_time_on_the_wire(void **state)
{
    struct bench *b = *state;
    uint8_t frame[1000];

    bench_make(frame, DRV_STATION, sizeof frame);
    soc_dma_write(b->f.s, DRV_TX_BUFFERS, frame, sizeof frame);
    tx_put(b, 0, 0x8C00, 0, 1000);
    fixture_write(&b->f, DRV_TDAR, 0x01000000);
    fixture_wait_us(&b->f, 81); /* 1024 bytes take 81.92 us */
    assert_int_equal(b->sends, 0);
    assert_int_equal(fixture_read(&b->f, DRV_TDAR), 0x01000000);

    fixture_wait_us(&b->f, 1);
    assert_int_equal(b->sends, 1);
    assert_int_equal(b->sent_len, 1000);
    assert_memory_equal(b->sent, frame, 1000);
    assert_int_equal(fixture_read(&b->f, DRV_TDAR), 0);
    assert_int_equal(fixture_read(&b->f, DRV_EIR) & TXF, TXF);
}

static void enet_short_frame_is_padded(void **state)
{
    struct bench *b = *state;
    uint8_t frame[20];

    bench_make(frame, DRV_STATION, sizeof frame);
    driver_send(&b->d, frame, sizeof frame, 0);
    assert_int_equal(b->sent_len, 60);
    assert_memory_equal(b->sent, frame, 20);
    for (size_t i = 20; i < 60; i++)
        assert_int_equal(b->sent[i], 0);
}

static void enet_frame_in_pieces_leaves_whole(void **state)
{
    struct bench *b = *state;
    uint8_t frame[300];

    bench_make(frame, DRV_STATION, sizeof frame);
    soc_dma_write(b->f.s, DRV_TX_BUFFERS, frame, 300);
    tx_put(b, 0, 0x8000, 0, 100);
    fixture_write(&b->f, DRV_TDAR, 0x01000000);
    fixture_wait_us(&b->f, 100);
    assert_int_equal(b->sends, 0); /* its end is not there yet */

    tx_put(b, 1, 0x8C00, 100, 200);
    fixture_write(&b->f, DRV_TDAR, 0x01000000);
    fixture_wait_us(&b->f, 100);
    assert_int_equal(b->sends, 1);
    assert_int_equal(b->sent_len, 300);
    assert_memory_equal(b->sent, frame, 300);
}

static void enet_ring_wraps_both_ways(void **state)
{
    struct bench *b = *state;
    uint8_t frame[100], got[2048];

    for (unsigned i = 0; i < 3 * DRV_RING + 1; i++) {
        bench_make(frame, DRV_STATION, sizeof frame);
        frame[20] = (uint8_t)i;
        driver_send(&b->d, frame, sizeof frame, 0);
        assert_int_equal(b->sends, i + 1);
        assert_int_equal(b->sent[20], i);
        assert_true(enet_receive(b->e, frame, sizeof frame));
        assert_int_equal(bench_receive(b, got), 100);
        assert_int_equal(got[20], i);
    }
}

static void enet_software_frame_check_is_not_sent_twice(void **state)
{
    struct bench *b = *state;
    uint8_t frame[104];

    bench_make(frame, DRV_STATION, sizeof frame);
    soc_dma_write(b->f.s, DRV_TX_BUFFERS, frame, sizeof frame);
    tx_put(b, 0, 0x8800, 0, 104); /* TC clear */
    fixture_write(&b->f, DRV_TDAR, 0x01000000);
    fixture_wait_us(&b->f, 100);
    assert_int_equal(b->sent_len, 100);
}

static void enet_station_address_is_inserted(void **state)
{
    struct bench *b = *state;
    uint8_t frame[64] = {0};

    fixture_write(&b->f, DRV_TCR, 0x104);
    driver_send(&b->d, frame, sizeof frame, 0);
    assert_memory_equal(b->sent + 6, DRV_STATION, 6);
}

static bool sums_are_right(const uint8_t *frame, size_t len)
{
    struct ip4 ip;

    return ip4_find(&ip, frame, len) && ip4_sum(frame + 14, 20, 0) == 0xFFFF &&
           ip4_payload_sum(&ip, frame) == 0xFFFF;
}

static void enet_checksums_are_inserted_by_tacc(void **state)
{
    struct bench *b = *state;

    driver_send(&b->d, BENCH_UDP, sizeof BENCH_UDP, 0);
    assert_memory_equal(b->sent, BENCH_UDP, sizeof BENCH_UDP);
    fixture_write(&b->f, BENCH_TACC, 0x18);
    driver_send(&b->d, BENCH_UDP, sizeof BENCH_UDP, 0);
    assert_true(sums_are_right(b->sent, b->sent_len));
    assert_int_equal(get_u16be(b->sent + 24), 0x62BC); /* by hand */
}

static void enet_checksums_are_inserted_by_enhanced_descriptor(void **state)
{
    struct bench *b = *state;

    driver_start(&b->d, &b->f, true, 0x600);
    driver_send(&b->d, BENCH_UDP, sizeof BENCH_UDP, 0);
    assert_memory_equal(b->sent, BENCH_UDP, sizeof BENCH_UDP);
    driver_send(&b->d, BENCH_UDP, sizeof BENCH_UDP, 0x1800);
    assert_true(sums_are_right(b->sent, b->sent_len));
}

static void enet_checksum_field_that_is_not_clear_is_noted(void **state)
{
    struct bench *b = *state;
    uint8_t frame[sizeof BENCH_UDP];

    memcpy(frame, BENCH_UDP, sizeof frame);
    frame[24] = 1;
    fixture_write(&b->f, BENCH_TACC, 0x08);
    driver_send(&b->d, frame, sizeof frame, 0);
    assert_true(fixture_noted(&b->f, "checksum"));
    assert_false(ip4_sum(b->sent + 14, 20, 0) == 0xFFFF);
}

static void enet_shift16_skips_two_bytes(void **state)
{
    struct bench *b = *state;
    uint8_t frame[102] = {0xEE, 0xEE};

    bench_make(frame + 2, DRV_STATION, 100);
    fixture_write(&b->f, BENCH_TACC, 1);
    driver_send(&b->d, frame, sizeof frame, 0);
    assert_int_equal(b->sent_len, 100);
    assert_memory_equal(b->sent, frame + 2, 100);
}

static void enet_enhanced_descriptor_interrupts_only_when_asked(void **state)
{
    struct bench *b = *state;
    uint8_t frame[100];
    struct driver_bd bd;

    driver_start(&b->d, &b->f, true, 0x600);
    bench_make(frame, DRV_STATION, sizeof frame);
    driver_send(&b->d, frame, sizeof frame, 0);
    assert_int_equal(fixture_read(&b->f, DRV_EIR) & TXF, 0);
    driver_bd_get(&b->d, DRV_TX_RING, 0, &bd);
    assert_int_equal(bd.extend2, 0x8000);
    driver_send(&b->d, frame, sizeof frame, 0x4000);
    assert_int_equal(fixture_read(&b->f, DRV_EIR) & TXF, TXF);
}

static void enet_ring_without_memory_stops_the_mac(void **state)
{
    struct bench *b = *state;

    fixture_write(&b->f, DRV_ENET + 0x184, 0x70000000);
    fixture_write(&b->f, DRV_TDAR, 0x01000000);
    assert_int_equal(fixture_read(&b->f, DRV_EIR) & EBERR, EBERR);
    assert_int_equal(fixture_read(&b->f, DRV_ECR) & 2, 0);
}

static void enet_ring_without_end_does_not_hold_the_board(void **state)
{
    struct bench *b = *state;

    for (uint32_t n = 0; n < DRV_RING; n++)
        driver_bd_put(
            &b->d, DRV_TX_RING, n,
            &(struct driver_bd){.length = 0xFFFF,
                                .control = n == DRV_RING - 1 ? 0xA000 : 0x8000,
                                .buffer = DRV_TX_BUFFERS});
    fixture_write(&b->f, DRV_TDAR, 0x01000000);
    fixture_wait_us(&b->f, 100000);
    assert_int_equal(b->sends, 0);
}

static void enet_off_takes_and_sends_nothing(void **state)
{
    struct bench *b = *state;
    uint8_t frame[100];

    bench_make(frame, DRV_STATION, sizeof frame);
    fixture_write(&b->f, DRV_ECR, 0x100);
    fixture_write(&b->f, DRV_TDAR, 0x01000000);
    assert_int_equal(fixture_read(&b->f, DRV_TDAR), 0);
    assert_true(enet_receive(b->e, frame, sizeof frame));
    assert_int_equal(fixture_read(&b->f, DRV_EIR), 0);
    assert_false(soc_irq_awaited(b->f.s, IRQ));
}

static void enet_big_endian_descriptors_work_without_dbswp(void **state)
{
    static const uint8_t bd[8] = {0x8C, 0, 0, 100, 0x20, 0x22, 0, 0};
    struct bench *b = *state;
    uint8_t frame[100];

    bench_make(frame, DRV_STATION, sizeof frame);
    soc_dma_write(b->f.s, DRV_TX_BUFFERS, frame, sizeof frame);
    soc_dma_write(b->f.s, DRV_TX_RING, bd, sizeof bd);
    fixture_write(&b->f, DRV_ECR, 0x002);
    fixture_write(&b->f, DRV_TDAR, 0x01000000);
    fixture_wait_us(&b->f, 100);
    assert_int_equal(b->sends, 1);
    assert_memory_equal(b->sent, frame, sizeof frame);
}

static void enet_graceful_stop_holds_frames_back(void **state)
{
    struct bench *b = *state;

    fixture_write(&b->f, DRV_TCR, 5);
    assert_int_equal(fixture_read(&b->f, DRV_EIR) & 0x10000000, 0x10000000);
    soc_dma_write(b->f.s, DRV_TX_BUFFERS, BENCH_UDP, sizeof BENCH_UDP);
    tx_put(b, 0, 0x8C00, 0, sizeof BENCH_UDP);
    fixture_write(&b->f, DRV_TDAR, 0x01000000);
    fixture_wait_us(&b->f, 1000);
    assert_int_equal(b->sends, 0);

    fixture_write(&b->f, DRV_TCR, 4);
    fixture_wait_us(&b->f, 1000);
    assert_int_equal(b->sends, 1);
}

#define TEST(t)                                                                \
    cmocka_unit_test_setup_teardown(t, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(enet_mdio_reads_and_writes_the_phy),
        TEST(enet_mdio_without_clock_sends_nothing),
        TEST(enet_reset_bit_clears_itself_and_everything),
        TEST(enet_event_raises_the_line_until_cleared),
        TEST(enet_masked_event_waits_for_its_mask),
        TEST(enet_counters_count_when_enabled),
        TEST(enet_unknown_register_is_reported),
        TEST(enet_frame_leaves_after_its_time_on_the_wire),
        TEST(enet_short_frame_is_padded),
        TEST(enet_frame_in_pieces_leaves_whole),
        TEST(enet_ring_wraps_both_ways),
        TEST(enet_software_frame_check_is_not_sent_twice),
        TEST(enet_station_address_is_inserted),
        TEST(enet_checksums_are_inserted_by_tacc),
        TEST(enet_checksums_are_inserted_by_enhanced_descriptor),
        TEST(enet_checksum_field_that_is_not_clear_is_noted),
        TEST(enet_shift16_skips_two_bytes),
        TEST(enet_enhanced_descriptor_interrupts_only_when_asked),
        TEST(enet_ring_without_memory_stops_the_mac),
        TEST(enet_ring_without_end_does_not_hold_the_board),
        TEST(enet_off_takes_and_sends_nothing),
        TEST(enet_big_endian_descriptors_work_without_dbswp),
        TEST(enet_graceful_stop_holds_frames_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
