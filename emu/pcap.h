/* pcap.h - a file of Ethernet frames for Wireshark and tcpdump.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_PCAP_H
#define TERN_EMU_PCAP_H

#include <stddef.h>
#include <stdint.h>

struct pcap;

/* Truncates the file. NULL: errno says why. */
struct pcap *pcap_open(const char *file);
/* at_ns: of virtual time. Flushed, so that a killed run leaves whole frames. */
void pcap_write(struct pcap *p, uint64_t at_ns, const uint8_t *frame,
                size_t len);
void pcap_close(struct pcap *p); /* NULL does nothing */

#endif
