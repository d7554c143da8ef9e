/* frames.c - one descriptor each way and a frame at a time. Start at
 * frames_run().
 *
 * Source: i.MX RT1060 Processor Reference Manual, chapter "10/100-Mbps
 * Ethernet MAC (ENET)", legacy descriptors; RFC 826, 791, 793.
 *
 * SPDX-License-Identifier: MIT
 */
#include "frames.h"

#include <stdbool.h>
#include <string.h>

#include "board.h"

#define ENET 0x402D8000u

enum {
    RX_OWN = 0x8000, /* and TX: the controller's turn */
    WRAP = 0x2000,
    TX_LAST_CRC = 0x0C00,
    FRAME_BYTES = 60,
    BUFFER_BYTES = 1536,
    PATIENCE = 50000, /* looks: a reply takes far less */
    ARP_REPLY = 2,
    TCP_RESET = 4,
};

struct descriptor {
    volatile uint16_t length, control;
    uint8_t *volatile buffer;
};

/* The controller's DMA reaches OCRAM as well as a cacheless core does. */
__attribute__((section(".ocram"), aligned(16))) static struct descriptor rx, tx;
__attribute__((section(".ocram"),
               aligned(64))) static uint8_t rx_buffer[BUFFER_BYTES],
    tx_buffer[BUFFER_BYTES];

static const uint8_t ARP_REQUEST[42] = {
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0x12, 0x13, 0x10, 0x15,
    0x11, 0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01,
    0x02, 0x12, 0x13, 0x10, 0x15, 0x11, 10,   0,    2,    15,   0,
    0,    0,    0,    0,    0,    10,   0,    2,    2};

/* SYN from 10.0.2.15:50000 to 1.2.3.4:25; the IP checksum is right, nobody
 * looks at TCP's. */
static const uint8_t SYN[54] = {
    0x52, 0x55, 0x0A, 0x00, 0x02, 0x02, 0x02, 0x12, 0x13, 0x10, 0x15,
    0x11, 0x08, 0x00, 0x45, 0x00, 0x00, 0x28, 0x00, 0x01, 0x00, 0x00,
    0x40, 0x06, 0x6A, 0xBB, 10,   0,    2,    15,   1,    2,    3,
    4,    0xC3, 0x50, 0x00, 0x19, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x50, 0x02, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00};

static void open(void)
{
    REG32(ENET + 0x024) = 1; /* ECR: reset */
    while (REG32(ENET + 0x024) & 1) {
    }
    rx = (struct descriptor){0, RX_OWN | WRAP, rx_buffer};
    tx = (struct descriptor){0, WRAP, tx_buffer};
    REG32(ENET + 0x084) = 0x05EE4104; /* RCR: CRC cut off, RMII, MII mode */
    REG32(ENET + 0x0C4) = 4;          /* TCR: full duplex */
    REG32(ENET + 0x0E4) = 0x02121310; /* PALR, PAUR: our address */
    REG32(ENET + 0x0E8) = 0x15118808;
    REG32(ENET + 0x144) = 0x100; /* TFWR: store and forward */
    REG32(ENET + 0x180) = (uint32_t)&rx;
    REG32(ENET + 0x184) = (uint32_t)&tx;
    REG32(ENET + 0x188) = BUFFER_BYTES;
    REG32(ENET + 0x024) = 0x102; /* ECR: on, little-endian descriptors */
    REG32(ENET + 0x010) = 0x01000000;
}

static void send(const uint8_t *frame, uint32_t len)
{
    memset(tx_buffer, 0, FRAME_BYTES);
    memcpy(tx_buffer, frame, len);
    tx.length = FRAME_BYTES;
    tx.control = RX_OWN | WRAP | TX_LAST_CRC;
    REG32(ENET + 0x014) = 0x01000000;
    while (tx.control & RX_OWN) {
    }
}

/* The next frame is in rx_buffer; false: none came. */
static bool receive(void)
{
    for (uint32_t i = 0; i < PATIENCE; i++)
        if (!(rx.control & RX_OWN))
            return true;
    return false;
}

static void receive_again(void)
{
    rx.control = RX_OWN | WRAP;
    REG32(ENET + 0x010) = 0x01000000;
}

/* What the gateway's reply to ARP_REQUEST says, but for its own address. */
static bool is_arp_reply(void)
{
    return memcmp(rx_buffer, ARP_REQUEST + 6, 6) == 0 &&
           memcmp(rx_buffer + 12, ARP_REQUEST + 12, 8) == 0 &&
           rx_buffer[20] == 0 && rx_buffer[21] == ARP_REPLY &&
           memcmp(rx_buffer + 28, ARP_REQUEST + 38, 4) == 0 &&
           memcmp(rx_buffer + 32, ARP_REQUEST + 22, 10) == 0;
}

static bool is_reset(void)
{
    return memcmp(rx_buffer + 26, SYN + 30, 4) == 0 &&
           (rx_buffer[47] & TCP_RESET) != 0;
}

void frames_run(struct frames *out, uint32_t rounds)
{
    *out = (struct frames){0};
    open();
    for (uint32_t i = 0; i < rounds; i++) {
        send(ARP_REQUEST, sizeof ARP_REQUEST);
        out->sent++;
        if (!receive())
            continue;
        if (is_arp_reply())
            out->answered++;
        else
            out->damaged++;
        receive_again();
    }
    send(SYN, sizeof SYN);
    if (receive() && is_reset())
        out->refused++;
    receive_again();
}
