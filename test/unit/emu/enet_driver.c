/* enet_driver.c - a small Ethernet driver for tests, see enet_driver.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/enet_driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

const uint8_t DRV_STATION[6] = {0x02, 0x12, 0x13, 0x10, 0x15, 0x11};

enum { WRAP = 0x2000, OWN = 0x8000, LAST = 0x0800 };

void driver_bd_get(struct enet_driver *d, uint32_t ring, uint32_t n,
                   struct driver_bd *out)
{
    uint8_t raw[32] = {0};

    assert_true(
        soc_dma_read(d->f->s, ring + n * d->bd_bytes, raw, d->bd_bytes));
    *out = (struct driver_bd){
        .length = get_u16le(raw),
        .control = get_u16le(raw + 2),
        .buffer = get_u32le(raw + 4),
        .extend0 = get_u16le(raw + 8),
        .extend1 = get_u16le(raw + 10),
        .extend2 = get_u16le(raw + 18),
    };
}

void driver_bd_put(struct enet_driver *d, uint32_t ring, uint32_t n,
                   const struct driver_bd *bd)
{
    uint8_t raw[32] = {0};

    put_u16le(raw, bd->length);
    put_u16le(raw + 2, bd->control);
    put_u32le(raw + 4, bd->buffer);
    put_u16le(raw + 8, bd->extend0);
    put_u16le(raw + 10, bd->extend1);
    put_u16le(raw + 18, bd->extend2);
    assert_true(
        soc_dma_write(d->f->s, ring + n * d->bd_bytes, raw, d->bd_bytes));
}

static uint16_t wrap(uint32_t n)
{
    return n == DRV_RING - 1 ? WRAP : 0;
}

static void rings_start(struct enet_driver *d)
{
    for (uint32_t n = 0; n < DRV_RING; n++) {
        driver_bd_put(
            d, DRV_RX_RING, n,
            &(struct driver_bd){.control = (uint16_t)(OWN | wrap(n)),
                                .buffer = DRV_RX_BUFFERS + n * DRV_BUFFER_BYTES,
                                .extend1 = 0x0080}); /* INT */
        driver_bd_put(d, DRV_TX_RING, n,
                      &(struct driver_bd){.control = wrap(n),
                                          .buffer = DRV_TX_BUFFERS +
                                                    n * DRV_BUFFER_BYTES});
    }
}

void driver_start(struct enet_driver *d, struct soc_fixture *f, bool enhanced,
                  uint16_t buffer_bytes)
{
    *d = (struct enet_driver){
        .f = f,
        .bd_bytes = enhanced ? 32 : 8,
        .rx_buffer_bytes = buffer_bytes,
    };
    rings_start(d);
    fixture_write(f, DRV_ECR, 1); /* reset */
    fixture_write(f, DRV_EIR, 0xFFFFFFFF);
    fixture_write(f, DRV_EIMR, 0x0A000000); /* TXF, RXF */
    fixture_write(f, DRV_RCR, 0x05EE4104);  /* CRC cut off, RMII, MII mode */
    fixture_write(f, DRV_TCR, 4);
    fixture_write(f, DRV_ENET + 0x0E4, 0x02121310);
    fixture_write(f, DRV_ENET + 0x0E8, 0x15118808);
    fixture_write(f, DRV_ENET + 0x144, 0x100); /* store and forward */
    fixture_write(f, DRV_ENET + 0x180, DRV_RX_RING);
    fixture_write(f, DRV_ENET + 0x184, DRV_TX_RING);
    fixture_write(f, DRV_ENET + 0x188, buffer_bytes);
    fixture_write(f, DRV_ECR, enhanced ? 0x112 : 0x102);
    fixture_write(f, DRV_RDAR, 0x01000000);
}

void driver_send(struct enet_driver *d, const void *frame, size_t len,
                 uint16_t extend1)
{
    uint32_t n = d->tx++ % DRV_RING;
    uint32_t buffer = DRV_TX_BUFFERS + n * DRV_BUFFER_BYTES;

    assert_true(soc_dma_write(d->f->s, buffer, frame, len));
    driver_bd_put(
        d, DRV_TX_RING, n,
        &(struct driver_bd){.length = (uint16_t)len,
                            .control = (uint16_t)(OWN | DRV_TX_LAST | wrap(n)),
                            .buffer = buffer,
                            .extend1 = extend1});
    fixture_write(d->f, DRV_TDAR, 0x01000000);
    for (unsigned i = 0;
         i < 1000 && (fixture_read(d->f, DRV_TDAR) & 0x01000000); i++)
        fixture_wait_us(d->f, 10);
    assert_int_equal(fixture_read(d->f, DRV_TDAR), 0);
}

size_t driver_receive(struct enet_driver *d, uint8_t *frame, size_t room,
                      struct driver_bd *bd)
{
    uint32_t n = d->rx % DRV_RING;
    struct driver_bd got;

    driver_bd_get(d, DRV_RX_RING, n, &got);
    if (got.control & OWN)
        return 0;
    assert_true(got.control & LAST);
    assert_true(got.length <= room);
    assert_true(soc_dma_read(d->f->s, got.buffer, frame, got.length));
    if (bd)
        *bd = got;
    driver_bd_put(d, DRV_RX_RING, n,
                  &(struct driver_bd){.control = (uint16_t)(OWN | wrap(n)),
                                      .buffer = got.buffer,
                                      .extend1 = 0x0080});
    fixture_write(d->f, DRV_RDAR, 0x01000000);
    d->rx++;
    return got.length;
}
