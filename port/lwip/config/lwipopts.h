/* lwipopts.h - which parts of lwIP are used, and every limit with its cost.
 *
 * All told, from the map of a Cortex-M7 build with -Os: 43,900 bytes of flash
 * and 23,700 of RAM, of which the heap takes 8,200 and the pools 14,600; the
 * glue in port/lwip/ 4,600 of flash. What is not set here is as lwip/opt.h has
 * it. Tests: test/unit/port_lwip/
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_LWIPOPTS_H
#define TERN_LWIP_LWIPOPTS_H

/* --- no operating system, no threads ------------------------------------- */
#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0 /* interrupts never call lwIP */
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define LWIP_STATS           0

/* --- protocols ----------------------------------------------------------- */
#define LWIP_IPV4                 1
#define LWIP_IPV6                 0
#define LWIP_ARP                  1
#define LWIP_ICMP                 1 /* answers pings */
#define LWIP_RAW                  0
#define LWIP_UDP                  1
#define LWIP_TCP                  1
#define LWIP_DHCP                 1
#define LWIP_DNS                  1
#define IP_FORWARD                0
#define IP_REASSEMBLY             0 /* nothing here sends fragments, and */
#define IP_FRAG                   0 /* a buffer for them is a target */
#define LWIP_NETIF_HOSTNAME       1
#define LWIP_NETIF_TX_SINGLE_PBUF 0
#define LWIP_ALTCP                1 /* port/lwip/mqtt_stream.c */
#define LWIP_ALTCP_TLS            1
#define LWIP_CHECKSUM_ON_COPY     1
#define DHCP_DOES_ARP_CHECK       1
#define LWIP_DHCP_DOES_ACD_CHECK  0
#define LWIP_DHCP_GET_NTP_SRV     1
#define LWIP_DHCP_MAX_NTP_SERVERS 1

/* --- memory -------------------------------------------------------------- */
#define MEM_ALIGNMENT __SIZEOF_POINTER__
/* What is sent, until it is acknowledged (TCP_SND_BUF of two connections with
 * their headers), and DHCP's state. */
#define MEM_SIZE 8192
/* What is received, until it is read. Two make a whole frame; a small message
 * takes one. 16 x (768 + 16) bytes. */
#define PBUF_POOL_SIZE    16
#define PBUF_POOL_BUFSIZE 768
#define MEMP_NUM_PBUF     4

/* --- TCP: the download, the link, and what still closes ------------------ */
#define MEMP_NUM_TCP_PCB        6 /* 6 x 160 bytes */
#define MEMP_NUM_TCP_PCB_LISTEN 1
#define TCP_LISTEN_BACKLOG      0
#define TCP_MSS                 1460
/* Half of the pool, so that two full windows fit it. The rate is at most a
 * window per round trip: 580 kB/s at 10 ms. */
#define TCP_WND             (4 * TCP_MSS)
#define TCP_SND_BUF         (2 * TCP_MSS)
#define TCP_SND_QUEUELEN    8
#define MEMP_NUM_TCP_SEG    24 /* 24 x 20 bytes */
#define TCP_QUEUE_OOSEQ     1
#define TCP_OOSEQ_MAX_BYTES (2 * TCP_MSS) /* a lost frame must not */
#define TCP_OOSEQ_MAX_PBUFS 6             /* empty the pool */

/* --- UDP: DHCP, SNTP, and DNS with a random port for each question ------- */
#define DNS_TABLE_SIZE       3 /* 3 x 152 bytes */
#define DNS_MAX_NAME_LENGTH  128
#define DNS_MAX_SOURCE_PORTS 3
#define MEMP_NUM_UDP_PCB     5

#define ARP_TABLE_SIZE 6
#define ARP_QUEUEING   0
/* Two layers of the link, and of the one before. */
#define MEMP_NUM_ALTCP_PCB 4
#define MEMP_NUM_SYS_TIMEOUT                                                   \
    (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 2) /* MQTT, SNTP */

/* --- MQTT ---------------------------------------------------------------- */
/* Publications that TCP has no room for, and CONNECT: a login of the device
 * protocol takes up to 320 bytes. */
#define MQTT_OUTPUT_RINGBUF_SIZE 1536
/* A piece of a packet, at least the longest topic + 8; paid twice. */
#define MQTT_VAR_HEADER_BUFFER_LEN 256
#define MQTT_REQ_MAX_IN_FLIGHT     16 /* 16 x 24 bytes: unacknowledged */
#define MQTT_CYCLIC_TIMER_INTERVAL 5  /* seconds */
/* Each without PUBACK for so long ends the connection; lwIP needs both of them
 * below 256. */
#define MQTT_REQ_TIMEOUT    30
#define MQTT_CONNECT_TIMOUT 20

/* --- SNTP ---------------------------------------------------------------- */
#define SNTP_SERVER_DNS            1
#define SNTP_GET_SERVERS_FROM_DHCP LWIP_DHCP_GET_NTP_SRV
#define SNTP_MAX_SERVERS           1
/* Only an answer to our own question, known by the random number that our
 * question has for its time of sending. */
#define SNTP_CHECK_RESPONSE                  2
#define SNTP_STARTUP_DELAY                   0
#define SNTP_SET_SYSTEM_TIME_US(seconds, us) lwip_time_set((seconds), (us))
#define SNTP_GET_SYSTEM_TIME(seconds, us)    lwip_time_nonce(&(seconds), &(us))

#include <stdint.h>
void lwip_time_set(uint32_t seconds, uint32_t us);
void lwip_time_nonce(uint32_t *seconds, uint32_t *us);

#endif
