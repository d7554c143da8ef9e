/* lpuart_queue.c - lpuart_send() for a program that must not wait: bytes go
 * into a ring, which the interrupt empties. A program links this file instead
 * of lpuart_send.c and has lpuart_interrupt() in its vector table.
 *
 * The ring has room for what an update says at its busiest; when it is full
 * all the same, sending waits for the wire, and nothing is lost.
 * Tests: test/system/test_sfw.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/lpuart.h"

enum { RING_BYTES = 8192 }; /* 0.7 s of the wire */
_Static_assert((RING_BYTES & (RING_BYTES - 1)) == 0, "counters wrap");

/* Counters, not places: full and empty differ. */
static struct {
    volatile uint32_t put;
    volatile uint32_t taken;
    uint8_t bytes[RING_BYTES];
} ring;

/* The next byte to the wire, if both are ready. */
static void move(void)
{
    if (ring.put != ring.taken && LPUART1_STAT & LPUART_STAT_TDRE) {
        LPUART1_DATA = ring.bytes[ring.taken % RING_BYTES];
        ring.taken++;
    }
    if (ring.put == ring.taken)
        LPUART1_CTRL &= ~LPUART_CTRL_TIE;
}

void lpuart_interrupt(void)
{
    move();
}

void lpuart_send(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < len; i++) {
        uint32_t before = core_irq_off();

        while (ring.put - ring.taken == RING_BYTES)
            move();
        ring.bytes[ring.put % RING_BYTES] = p[i];
        ring.put++;
        LPUART1_CTRL |= LPUART_CTRL_TIE;
        core_irq_restore(before);
    }
}

/* Also for a fault, when no interrupt comes any more. */
void lpuart_flush(void)
{
    uint32_t before = core_irq_off();

    while (ring.put != ring.taken)
        move();
    while (!(LPUART1_STAT & LPUART_STAT_TC)) {
    }
    core_irq_restore(before);
}
