/* fake_link.c - a broker in memory; start at link_poll().
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/fake/fake_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INBOX_MAX = 8 };

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "fake_link: %s\n", what);
    abort();
}

static void enqueue(struct fake_link *l, struct link_event ev)
{
    must(l->queue_len < FAKE_LINK_QUEUE_MAX, "too many events wait");
    l->queue[l->queue_len++] = ev;
}

static ota_err link_open(void *ctx, const struct link_login *login)
{
    struct fake_link *l = ctx;

    must(login->host && login->client_id && login->username && login->password,
         "login without names");
    l->up = false;
    l->queue_len = 0;
    l->inbox_len = 0;
    l->opened++;
    snprintf(l->client_id, sizeof l->client_id, "%s", login->client_id);
    snprintf(l->username, sizeof l->username, "%s", login->username);
    snprintf(l->password, sizeof l->password, "%s", login->password);
    if (l->unreachable)
        enqueue(l, (struct link_event){.type = LINK_DOWN, .why = l->why});
    else if (l->refuse_code)
        enqueue(l, (struct link_event){.type = LINK_REFUSED,
                                       .code = l->refuse_code});
    else if (!l->silent)
        enqueue(l, (struct link_event){.type = LINK_UP});
    return OTA_OK;
}

static ota_err link_publish(void *ctx, const char *topic, const void *payload,
                            size_t len, uint16_t *token)
{
    struct fake_link *l = ctx;
    struct fake_said *s;

    if (!l->up)
        return OTA_ERR_CLOSED;
    if (l->full)
        return OTA_ERR_AGAIN;
    must(strlen(topic) < FAKE_LINK_TOPIC_MAX, "topic is too long");
    must(len < FAKE_LINK_TEXT_MAX, "message is too long");
    s = &l->said[l->said_count++ % FAKE_LINK_SAID_MAX];
    memcpy(s->topic, topic, strlen(topic) + 1);
    memcpy(s->text, payload, len);
    s->text[len] = '\0';
    if (++l->last_token == 0)
        l->last_token = 1;
    *token = l->last_token;
    if (!l->no_acks)
        enqueue(l, (struct link_event){.type = LINK_SENT, .token = *token});
    if (l->on_said)
        l->on_said(l->on_said_ctx, s);
    return OTA_OK;
}

static struct link_event link_poll(void *ctx)
{
    struct fake_link *l = ctx;
    struct link_event ev = {.type = LINK_NOTHING};

    if (l->queue_len == 0)
        return ev;
    ev = l->queue[0];
    memmove(l->queue, l->queue + 1, --l->queue_len * sizeof l->queue[0]);
    if (ev.type == LINK_UP)
        l->up = true;
    if (ev.type == LINK_MESSAGE) {
        l->heard = l->inbox[0];
        memmove(l->inbox, l->inbox + 1, --l->inbox_len * sizeof l->inbox[0]);
        ev.topic = l->heard.topic;
        ev.payload = (const uint8_t *)l->heard.text;
        ev.payload_len = strlen(l->heard.text);
    }
    return ev;
}

static void link_close(void *ctx)
{
    struct fake_link *l = ctx;

    l->up = false;
    l->queue_len = 0;
    l->inbox_len = 0;
}

void fake_link_init(struct fake_link *l)
{
    memset(l, 0, sizeof *l);
    l->port.ctx = l;
    l->port.open = link_open;
    l->port.publish = link_publish;
    l->port.poll = link_poll;
    l->port.close = link_close;
}

void fake_link_drop(struct fake_link *l)
{
    link_close(l);
    enqueue(l, (struct link_event){.type = LINK_DOWN});
}

void fake_link_deliver(struct fake_link *l, const char *topic, const char *text)
{
    struct fake_said *in;

    if (!l->up)
        return;
    must(l->inbox_len < INBOX_MAX, "too many messages wait");
    in = &l->inbox[l->inbox_len++];
    must(snprintf(in->topic, sizeof in->topic, "%s", topic) <
             FAKE_LINK_TOPIC_MAX,
         "topic is too long");
    must(snprintf(in->text, sizeof in->text, "%s", text) < FAKE_LINK_TEXT_MAX,
         "message is too long");
    enqueue(l, (struct link_event){.type = LINK_MESSAGE});
}

const struct fake_said *fake_link_said(const struct fake_link *l, uint32_t i)
{
    if (i >= l->said_count || i >= FAKE_LINK_SAID_MAX)
        return NULL;
    return &l->said[(l->said_count - 1 - i) % FAKE_LINK_SAID_MAX];
}

uint32_t fake_link_count(const struct fake_link *l, const char *topic,
                         const char *text)
{
    const struct fake_said *s;
    uint32_t n = 0;

    for (uint32_t i = 0; (s = fake_link_said(l, i)) != NULL; i++)
        if (strncmp(s->topic, topic, strlen(topic)) == 0 &&
            strstr(s->text, text))
            n++;
    return n;
}
