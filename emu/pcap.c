/* pcap.c - write frames in the pcap format, with times in nanoseconds.
 *
 * Source: the PCAP Capture File Format, IETF draft-ietf-opsawg-pcap; little
 * endian, link type 1 (Ethernet), frames without their check sequence.
 * Tests: test/unit/emu/test_pcap.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/pcap.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

enum {
    HEADER_BYTES = 24,
    RECORD_BYTES = 16,
    SNAPLEN = 65535,
    LINK_ETHERNET = 1,
};

#define MAGIC_NS 0xA1B23C4Du

struct pcap {
    FILE *f;
};

struct pcap *pcap_open(const char *file)
{
    uint8_t header[HEADER_BYTES] = {0};
    struct pcap *p = malloc(sizeof *p);

    if (!p)
        return NULL;
    p->f = fopen(file, "wb");
    if (!p->f) {
        free(p);
        return NULL;
    }
    put_u32le(header, MAGIC_NS);
    put_u16le(header + 4, 2); /* version 2.4 */
    put_u16le(header + 6, 4);
    put_u32le(header + 16, SNAPLEN);
    put_u32le(header + 20, LINK_ETHERNET);
    fwrite(header, 1, sizeof header, p->f);
    fflush(p->f);
    return p;
}

void pcap_write(struct pcap *p, uint64_t at_ns, const uint8_t *frame,
                size_t len)
{
    uint8_t record[RECORD_BYTES];

    put_u32le(record, (uint32_t)(at_ns / 1000000000u));
    put_u32le(record + 4, (uint32_t)(at_ns % 1000000000u));
    put_u32le(record + 8, (uint32_t)len);
    put_u32le(record + 12, (uint32_t)len);
    fwrite(record, 1, sizeof record, p->f);
    fwrite(frame, 1, len, p->f);
    fflush(p->f);
}

void pcap_close(struct pcap *p)
{
    if (!p)
        return;
    fclose(p->f);
    free(p);
}
