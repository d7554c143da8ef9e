/* agent_rig.c - a whole device for tests of the agent; start at rig_update().
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/agent_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "boot/boot_place.h"
#include "test/support/image_builder.h"

static struct test_key trusted, foreign_key;
static uint8_t points[1][P256_POINT_BYTES];

static void *must(void *p)
{
    if (!p) {
        fputs("agent_rig: no memory\n", stderr);
        abort();
    }
    return p;
}

void rig_keys_new(void)
{
    test_key_new(&trusted);
    test_key_new(&foreign_key);
    memcpy(points[0], trusted.point, sizeof points[0]);
}

void rig_keys_free(void)
{
    test_key_free(&trusted);
    test_key_free(&foreign_key);
}

struct rig_image *rig_image_new(const char *version, uint32_t body_bytes,
                                bool foreign)
{
    struct rig_image *img = must(calloc(1, sizeof *img));
    uint8_t *body = must(malloc(body_bytes));
    uint32_t x = 1;

    for (uint32_t i = 0; i < body_bytes; i++) {
        x = x * 1664525u + 1013904223u + (uint8_t)version[2];
        body[i] = (uint8_t)(x >> 24);
    }
    struct test_image_spec spec = {
        .version = version, .body = body, .body_len = body_bytes};
    img->len =
        (uint32_t)test_image_build(img->bytes, sizeof img->bytes,
                                   foreign ? &foreign_key : &trusted, &spec);
    free(body);
    return img;
}

/* --- the server side ----------------------------------------------------- */

static void server_task(struct rig *r, const char *topic, const char *format)
{
    char text[FAKE_LINK_TEXT_MAX];

    snprintf(text, sizeof text, format, r->server.open ? r->server.data : "{}");
    fake_link_deliver(&r->link, topic, text);
}

static void server_hears_version(struct rig *r, const char *text)
{
    struct rig_server *s = &r->server;
    const char *at = strstr(text, "\"version\":\"");

    if (!at)
        return;
    snprintf(s->informed, sizeof s->informed, "%.*s",
             (int)strcspn(at + 11, "\""), at + 11);
    if (s->open && strcmp(s->informed, s->target) == 0) {
        s->open = false;
        s->succeeded = true;
    }
    if (s->open && s->push)
        server_task(r, RIG_PUSH,
                    "{\"code\":\"1000\",\"data\":%s,\"id\":1626969597470,"
                    "\"message\":\"success\"}");
}

static void server_hears(void *ctx, const struct fake_said *said)
{
    struct rig *r = ctx;

    if (strcmp(said->topic, RIG_INFORM) == 0)
        server_hears_version(r, said->text);
    else if (strcmp(said->topic, RIG_PULL) == 0)
        server_task(r, RIG_GET_REPLY,
                    "{\"id\":\"3\",\"code\":200,\"data\":%s}");
    else if (strstr(said->text, "\"step\":\"-")) {
        r->server.failures++;
        snprintf(r->server.failure, sizeof r->server.failure, "%.127s",
                 said->text);
    }
}

void rig_task_json(struct rig *r, const char *target, const char *data)
{
    struct rig_server *s = &r->server;

    snprintf(s->target, sizeof s->target, "%s", target);
    snprintf(s->data, sizeof s->data, "%s", data);
    s->open = true;
    s->succeeded = false;
}

void rig_task(struct rig *r, const struct rig_image *img, const char *version)
{
    char data[1024];
    struct digest d;
    uint8_t sum[DIGEST_BYTES_MAX];
    char hex[2 * DIGEST_BYTES_MAX + 1];
    struct text t = text_in(hex, sizeof hex);

    digest_begin(&d, DIGEST_SHA256);
    digest_add(&d, img->bytes, img->len);
    text_add_hex(&t, sum, digest_end(&d, sum), false);
    snprintf(data, sizeof data,
             "{\"size\":%u,\"version\":\"%s\",\"url\":\"http://files.test:8080"
             "/d/0123456789abcdef/6789.bin\",\"sign\":\"%s\","
             "\"signMethod\":\"SHA256\"}",
             img->len, version, hex);
    r->net.file = img->bytes;
    r->net.file_bytes = img->len;
    rig_task_json(r, version, data);
}

/* --- the device ---------------------------------------------------------- */

static void log_keep(void *ctx, const char *line)
{
    struct rig *r = ctx;
    size_t len = strlen(line);

    if (getenv("RIG_LOG"))
        fprintf(stderr, "[%u.%03u]%s\n", r->clock.now_ms / 1000,
                r->clock.now_ms % 1000, line);
    if (r->log_len + len + 2 > RIG_LOG_MAX)
        r->log_len = 0;
    memcpy(r->logged + r->log_len, line, len);
    r->log_len += (uint32_t)len;
    r->logged[r->log_len++] = '\n';
    r->logged[r->log_len] = '\0';
}

static enum agent_fitness self_test(void *ctx)
{
    struct rig *r = ctx;

    r->self_tests++;
    return r->fitness;
}

static void rig_config(struct rig *r)
{
    r->config = (struct agent_config){
        .product_key = "a1pk",
        .device_name = "dev-01",
        .device_secret = RIG_SECRET,
        .mqtt_host = "broker.test",
        .mqtt_port = 1883,
        .http_port = 80,
        .trial_ms = RIG_TRIAL_MS,
        .keys = {(const uint8_t(*)[P256_POINT_BYTES])points, 1, NULL},
        .flash = fake_flash_port(r->flash),
        .net = &r->net.port,
        .link = &r->link.port,
        .clock = &r->clock.port,
        .rng = &r->rng.port,
        .log = &r->log,
        .self_test = self_test,
        .self_test_ctx = r,
    };
}

struct rig *rig_new(const struct rig_image *installed)
{
    struct rig *r = must(calloc(1, sizeof *r));

    r->flash = fake_flash_new(RIG_FLASH_BYTES, FLASH_SECTOR_BYTES, 8);
    memcpy(fake_flash_bytes(r->flash) + FLASH_SLOT_1, installed->bytes,
           installed->len);
    fake_flash_allow(r->flash, FLASH_BOOT_RECORD, 2 * FLASH_SECTOR_BYTES);
    fake_flash_allow(r->flash, FLASH_SLOT_2, FLASH_SLOT_BYTES);
    fake_flash_allow(r->flash, FLASH_JOURNAL, FLASH_SECTOR_BYTES);
    if (BOOT_PLACES == slot_bit(SLOT_1)) {
        fake_flash_allow(r->flash, FLASH_SLOT_1, FLASH_SLOT_BYTES);
        fake_flash_allow(r->flash, FLASH_EXCHANGE_MARKS,
                         FLASH_EXCHANGE_MARKS_BYTES);
    }
    fake_net_init(&r->net, NULL, 0);
    fake_link_init(&r->link);
    fake_clock_init(&r->clock, 5000);
    fake_rng_init(&r->rng, 1);
    r->link.on_said = server_hears;
    r->link.on_said_ctx = r;
    r->log.ctx = r;
    r->log.line = log_keep;
    r->server.push = true;
    r->fitness = AGENT_FIT;
    rig_config(r);
    return r;
}

void rig_free(struct rig *r)
{
    fake_flash_free(r->flash);
    free(r);
}

bool rig_boot(struct rig *r, enum boot_reset_cause cause)
{
    struct boot_report report = boot_words(&r->log);
    struct boot_setup setup = {fake_flash_port(r->flash), &r->config.keys,
                               &report, NULL};

    /* The reset takes the sockets with it. */
    r->link.port.close(&r->link);
    r->net.port.close(&r->net);
    boot_choose(&r->choice, &setup, cause);
    if (r->choice.boot != BOOT_YES)
        return false;
    return agent_init(&r->agent, &r->config) == OTA_OK;
}

static bool never(const struct rig *r)
{
    (void)r;
    return false;
}

static bool run(struct rig *r, bool (*done)(const struct rig *), uint32_t ms)
{
    uint32_t end = r->clock.now_ms + ms;
    uint32_t polls = 0;

    while ((int32_t)(r->clock.now_ms - end) < 0) {
        if (agent_poll(&r->agent) == AGENT_RESET || done(r))
            return true;
        if (fake_flash_dead(r->flash))
            return false;
        /* Time passes for a busy agent as well, or it could hang a test. */
        r->clock.now_ms +=
            agent_busy(&r->agent) ? polls++ % 64 == 0 : RIG_STEP_MS;
    }
    return false;
}

bool rig_run(struct rig *r, uint32_t ms)
{
    return run(r, never, ms);
}

bool rig_run_until(struct rig *r, bool (*done)(const struct rig *), uint32_t ms)
{
    return run(r, done, ms) && done(r);
}

static bool has_succeeded(const struct rig *r)
{
    return r->server.succeeded;
}

bool rig_update(struct rig *r, uint32_t ms)
{
    uint32_t end = r->clock.now_ms + ms;

    while ((int32_t)(r->clock.now_ms - end) < 0) {
        if (!rig_boot(r, RESET_SOFTWARE))
            return false;
        if (rig_run_until(r, has_succeeded, ms))
            return true;
        if (fake_flash_dead(r->flash))
            return false;
    }
    return false;
}

bool rig_has_logged(const struct rig *r, const char *text)
{
    return strstr(r->logged, text) != NULL;
}

uint32_t rig_count_step(const struct rig *r, const char *step, const char *desc)
{
    char text[256];

    snprintf(text, sizeof text,
             "{\"id\":2, \"params\":{\"step\":\"%s\",\"desc\":\"%s", step,
             desc);
    return fake_link_count(&r->link, RIG_PROGRESS, text);
}
