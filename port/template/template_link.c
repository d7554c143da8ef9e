/* template_link.c - MQTT 3.1.1 behind four calls, for a stack with a client of
 * its own.
 *
 * The client connects with a clean session and exactly the clientId, username
 * and password it is given: the server checks them byte by byte. It pings by
 * itself, acknowledges QoS 1, and subscribes to nothing, because pushes come
 * without SUBSCRIBE (spec/device-protocol.md section 2). It does not reconnect:
 * after LINK_DOWN or LINK_REFUSED the agent calls open() when its back-off is
 * over.
 *
 * poll() gives one event a call. A LINK_MESSAGE's topic and payload stay valid
 * until the next poll, so a callback's buffer must be kept or copied.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/template/template.h"

static ota_err link_open(void *ctx, const struct link_login *login)
{
    (void)ctx;
    (void)login;
    return OTA_ERR_IO;
}

static ota_err link_publish(void *ctx, const char *topic, const void *payload,
                            size_t len, uint16_t *token)
{
    (void)ctx;
    (void)topic;
    (void)payload;
    (void)len;
    *token = 0;
    return OTA_ERR_CLOSED;
}

static struct link_event link_poll(void *ctx)
{
    (void)ctx;
    return (struct link_event){.type = LINK_NOTHING};
}

static void link_close(void *ctx)
{
    (void)ctx;
}

struct port_link template_link(void)
{
    return (struct port_link){.open = link_open,
                              .publish = link_publish,
                              .poll = link_poll,
                              .close = link_close};
}
