/* lwip_stack.c - lwIP with one Ethernet interface, driven by one call.
 *
 * Start at lwip_poll(). Tests: test/unit/port_lwip/test_lwip_net.c,
 * test/system/test_board_net.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/lwip/lwip_stack.h"

#include <lwip/apps/sntp.h>
#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/sys.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>
#include <string.h>

#include "base/text.h"

enum { LINE_BYTES = 96, PAYLOAD_BYTES_MAX = 1500 };

static struct {
    struct lwip_setup s;
    struct netif netif;
    bool begun, was_up, time_known;
    uint32_t time_s;  /* since 1970, at time_ms */
    uint32_t time_ms; /* of the clock */
} stack;

/* --- what lwIP calls -------------------------------------------------------
 */

u32_t sys_now(void)
{
    return stack.s.clock->now_ms(stack.s.clock->ctx);
}

uint32_t lwip_random(void)
{
    return stack.s.rng->u32(stack.s.rng->ctx);
}

static void say(const char *text)
{
    if (stack.s.log != NULL)
        stack.s.log->line(stack.s.log->ctx, text);
}

void lwip_broken(const char *what)
{
    say(what);
    __builtin_trap();
}

void lwip_time_set(uint32_t seconds, uint32_t us)
{
    stack.time_known = true;
    stack.time_s = seconds;
    stack.time_ms = sys_now() - us / 1000;
}

void lwip_time_nonce(uint32_t *seconds, uint32_t *us)
{
    *seconds = lwip_random();
    *us = lwip_random() % 1000000;
}

static err_t frame_send(struct netif *netif, struct pbuf *p)
{
    const struct port_frame *f = stack.s.frame;

    (void)netif;
    if (p->tot_len > FRAME_BYTES_MAX)
        return ERR_BUF;
    uint8_t *to = f->send_begin(f->ctx);
    if (to == NULL)
        return ERR_MEM; /* TCP sends it again */
    f->send(f->ctx, pbuf_copy_partial(p, to, p->tot_len, 0));
    return ERR_OK;
}

static err_t interface_begin(struct netif *netif)
{
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->mtu = PAYLOAD_BYTES_MAX;
    netif->output = etharp_output;
    netif->linkoutput = frame_send;
    netif->flags =
        NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    netif->hwaddr_len = FRAME_ADDRESS_BYTES;
    memcpy(netif->hwaddr, stack.s.address, FRAME_ADDRESS_BYTES);
    return ERR_OK;
}

/* --- driving it ------------------------------------------------------------
 */

/* A frame for which there is no buffer is lost, as on a busy wire. */
static void frame_take(const uint8_t *frame, size_t len)
{
    struct pbuf *p;

    if (len > FRAME_BYTES_MAX)
        return;
    p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
    if (p == NULL)
        return;
    (void)pbuf_take(p, frame, (u16_t)len); /* it has room for that */
    if (stack.netif.input(p, &stack.netif) != ERR_OK)
        pbuf_free(p);
}

static bool frames_receive(void)
{
    const struct port_frame *f = stack.s.frame;
    unsigned n = 0;

    for (; n < LWIP_FRAMES_PER_POLL; n++) {
        size_t len;
        const uint8_t *frame = f->receive(f->ctx, &len);
        if (frame == NULL)
            break;
        frame_take(frame, len);
        f->receive_end(f->ctx);
    }
    return n > 0;
}

/* DHCP asks again by itself when the link comes back. */
static void link_watch(void)
{
    bool up = stack.s.frame->link_is_up(stack.s.frame->ctx);

    if (up == (netif_is_link_up(&stack.netif) != 0))
        return;
    if (up) {
        say("network: the cable is in");
        netif_set_link_up(&stack.netif);
    } else {
        say("network: no link, is the cable out?");
        netif_set_link_down(&stack.netif);
    }
}

static void address_watch(void)
{
    char line[LINE_BYTES], address[LWIP_ADDRESS_TEXT_MAX];
    struct text t = text_in(line, sizeof line);
    bool up = lwip_is_up();

    if (up == stack.was_up)
        return;
    stack.was_up = up;
    lwip_address(address);
    text_add(&t, "network: ");
    text_add(&t, up ? "address " : "no address any more");
    text_add(&t, up ? address : "");
    say(line);
    if (up) /* without a name server it would wait for 15 s to ask again */
        sntp_init();
    else
        sntp_stop();
}

bool lwip_poll(void)
{
    if (!stack.begun)
        return false;
    link_watch();
    bool moved = frames_receive();
    sys_check_timeouts();
    address_watch();
    return moved;
}

/* --- asking it -------------------------------------------------------------
 */

bool lwip_is_up(void)
{
    return stack.begun && netif_is_up(&stack.netif) &&
           netif_is_link_up(&stack.netif) &&
           !ip4_addr_isany(netif_ip4_addr(&stack.netif));
}

void lwip_address(char text[LWIP_ADDRESS_TEXT_MAX])
{
    (void)ip4addr_ntoa_r(netif_ip4_addr(&stack.netif), text,
                         LWIP_ADDRESS_TEXT_MAX);
}

bool lwip_unix_time(uint64_t *seconds)
{
    if (!stack.time_known)
        return false;
    *seconds = (uint64_t)stack.time_s + (sys_now() - stack.time_ms) / 1000;
    return true;
}

/* --- beginning -------------------------------------------------------------
 */

static bool is_whole(const struct lwip_setup *s)
{
    return s->frame != NULL && s->clock != NULL && s->rng != NULL &&
           s->hostname != NULL;
}

ota_err lwip_begin(const struct lwip_setup *s)
{
    if (stack.begun)
        return OTA_ERR_STATE;
    if (!is_whole(s))
        return OTA_ERR_RANGE;
    stack.s = *s;
    stack.begun = true;
    lwip_init();
    if (netif_add(&stack.netif, IP4_ADDR_ANY4, IP4_ADDR_ANY4, IP4_ADDR_ANY4,
                  NULL, interface_begin, ethernet_input) == NULL)
        return OTA_ERR_STATE;
    netif_set_hostname(&stack.netif, s->hostname);
    netif_set_default(&stack.netif);
    netif_set_up(&stack.netif);
    if (dhcp_start(&stack.netif) != ERR_OK)
        return OTA_ERR_STATE;
    sntp_setoperatingmode(SNTP_OPMODE_POLL);
    sntp_servermode_dhcp(1);
    if (s->time_server != NULL)
        sntp_setservername(0, s->time_server);
    return OTA_OK;
}
