/* dcp_sha256.c - see dcp_sha256.h. Start at dcp_sha256_start().
 *
 * One channel and one message: no context is switched, the state of the hash
 * stays in the DCP between packets.
 * Source: i.MX RT1060 Processor Reference Manual, rev. 3, "Data Co-Processor
 * (DCP)": work packets, CTRL, CHnSEMA, CHnSTAT.
 * Tests: test/system/test_sbl_dcp.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/dcp_sha256.h"

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"

enum { /* words of a packet */
       P_NEXT,
       P_CONTROL0,
       P_CONTROL1,
       P_SOURCE,
       P_DESTINATION,
       P_SIZE,
       P_PAYLOAD,
       P_STATUS,
};
/* A piece of 1 KiB takes some 10,000 cycles, an access to the DCP a few. */
enum { POLLS_MAX = 1 << 18 };

static uint32_t address_of(const volatile void *p)
{
    return (uint32_t)(uintptr_t)p;
}

void dcp_sha256_begin(struct dcp_sha256 *d)
{
    CCM_CCGR0 |= CCGR0_DCP;
    DCP_CTRL = DCP_CTRL_SFTRST | DCP_CTRL_CLKGATE;
    DCP_CTRL = DCP_CTRL_GATHER;
    DCP_CHANNELCTRL = DCP_CHANNEL_0;
    d->first = true;
}

void dcp_sha256_start(struct dcp_sha256 *d, const void *bytes, uint32_t len,
                      bool last)
{
    d->packet[P_NEXT] = 0;
    d->packet[P_CONTROL0] = DCP_PACKET_SEMAPHORE | DCP_PACKET_HASH |
                            (d->first ? DCP_PACKET_HASH_INIT : 0) |
                            (last ? DCP_PACKET_HASH_TERM : 0);
    d->packet[P_CONTROL1] = DCP_PACKET_SHA256;
    d->packet[P_SOURCE] = address_of(bytes);
    d->packet[P_DESTINATION] = 0;
    d->packet[P_SIZE] = len;
    d->packet[P_PAYLOAD] = address_of(d->digest);
    d->packet[P_STATUS] = 0;
    d->first = false;
    core_barrier(); /* packet and piece are in memory */
    DCP_CH0STAT_CLR = DCP_STAT_ALL;
    DCP_CH0CMDPTR = address_of(d->packet);
    DCP_CH0SEMA = 1;
}

ota_err dcp_sha256_wait(struct dcp_sha256 *d)
{
    uint32_t polls = 0;

    (void)d; /* whose packet it is */
    while (DCP_CH0SEMA & DCP_SEMA_VALUE)
        if (++polls == POLLS_MAX)
            return OTA_ERR_IO;
    core_barrier();
    return DCP_CH0STAT & DCP_STAT_ERRORS ? OTA_ERR_IO : OTA_OK;
}

void dcp_sha256_end(const struct dcp_sha256 *d, uint8_t out[DCP_SHA256_BYTES])
{
    for (uint32_t i = 0; i < DCP_SHA256_BYTES; i++)
        out[i] = d->digest[DCP_SHA256_BYTES - 1 - i];
    DCP_CTRL_SET = DCP_CTRL_SFTRST;
    DCP_CTRL_SET = DCP_CTRL_CLKGATE;
}
