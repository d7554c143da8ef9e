/* main.c - a program that does with the network what a line on the console
 * says, to try the driver and lwIP out: test/system/test_board_net.py.
 *
 *   get HOST PORT PATH              fetch by HTTP; says bytes and their hash
 *   slow HOST PORT PATH             the same, 512 bytes each 10 ms
 *   link HOST PORT ID USER PASSWORD connect by MQTT, and print what comes
 *   pub TOPIC TEXT                  publish
 *   unlink                          disconnect
 *   time                            the time of day
 *   quit                            leave the emulator, by semihosting
 *
 * Start at main(). Between the lines it sleeps until a frame or a tick comes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/crc32.h"
#include "base/text.h"
#include "port/imxrt1060/core.h"
#include "port/imxrt1060/enet.h"
#include "port/imxrt1060/enet_regs.h"
#include "port/imxrt1060/gpt_clock.h"
#include "port/imxrt1060/lpuart.h"
#include "port/imxrt1060/lpuart_log.h"
#include "port/imxrt1060/m7.h"
#include "port/imxrt1060/start.h"
#include "port/imxrt1060/trng.h"
#include "port/lwip/lwip_link.h"
#include "port/lwip/lwip_net.h"
#include "port/lwip/lwip_stack.h"
#include "targets/imxrt1060-net-test/fetch.h"

enum { LINE_MAX = 320, WORDS_MAX = 6, OUT_MAX = 512 };
#define LPUART_CTRL_RIE 0x00200000u

static struct app {
    struct port_clock clock;
    struct port_log log;
    struct port_frame frame;
    struct trng trng;
    struct lwip_net net;
    struct lwip_link link;
    struct fetch fetch;
    char line[LINE_MAX];
    size_t line_len;
    char login[LINE_MAX]; /* a line whose words the link borrows */
} app;

__attribute__((noreturn)) static void hang(void)
{
    (void)core_irq_off();
    for (;;)
        core_sleep();
}

__attribute__((section(".boot.vectors"),
               used)) static const struct start_vectors VECTORS = {
    .stack = stack_top,
    .reset = start_reset,
    .handler = {hang, hang, hang, hang, hang, hang, hang, hang, hang, hang,
                hang, hang, hang, hang},
};

static void say(const char *format, ...)
{
    char line[OUT_MAX];
    struct text t = text_in(line, sizeof line);
    va_list args;

    va_start(args, format);
    text_format_args(&t, format, args);
    va_end(args);
    app.log.line(app.log.ctx, line);
}

__attribute__((noreturn)) static void leave(void)
{
    static const uint32_t APPLICATION_EXIT[2] = {0x20026, 0};

    lpuart_end();

    register uint32_t r0 __asm__("r0") = 0x20; /* SYS_EXIT_EXTENDED */
    register const uint32_t *r1 __asm__("r1") = APPLICATION_EXIT;

    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    hang();
}

/* --- commands --------------------------------------------------------------
 */

static uint16_t number(const char *text)
{
    const char *at = text;
    uint32_t n = 0;

    (void)text_read_u32(&at, text + strlen(text), &n);
    return (uint16_t)n;
}

/* Cut a line into words, in place. */
static unsigned words_of(char *line, char *word[WORDS_MAX])
{
    unsigned n = 0;

    for (char *at = line; n < WORDS_MAX; n++) {
        while (*at == ' ')
            *at++ = '\0';
        if (*at == '\0')
            break;
        word[n] = at;
        while (*at != ' ' && *at != '\0')
            at++;
    }
    return n;
}

static void do_link(void)
{
    char *word[WORDS_MAX];

    memcpy(app.login, app.line, sizeof app.login);
    if (words_of(app.login, word) < 6)
        return;
    const struct link_login login = {
        .host = word[1],
        .port = number(word[2]),
        .client_id = word[3],
        .username = word[4],
        .password = word[5],
        .keep_alive_s = 60,
    };
    say("link: %s", ota_err_text(app.link.port.open(&app.link, &login)));
}

static void do_publish(const char *topic, const char *payload)
{
    uint16_t token = 0;
    ota_err e = app.link.port.publish(&app.link, topic, payload,
                                      strlen(payload), &token);

    say("published %u: %s", (unsigned)token, ota_err_text(e));
}

static void do_time(void)
{
    uint64_t seconds = 0;

    if (lwip_unix_time(&seconds))
        say("time %u", (unsigned)seconds);
    else
        say("time unknown");
}

static void obey(void)
{
    char copy[LINE_MAX];
    char *word[WORDS_MAX];

    memcpy(copy, app.line, sizeof copy);
    unsigned n = words_of(copy, word);
    if (n == 4 && strcmp(word[0], "get") == 0)
        fetch_begin(&app.fetch, word[1], number(word[2]), word[3], false);
    else if (n == 4 && strcmp(word[0], "slow") == 0)
        fetch_begin(&app.fetch, word[1], number(word[2]), word[3], true);
    else if (n == 6 && strcmp(word[0], "link") == 0)
        do_link();
    else if (n == 3 && strcmp(word[0], "pub") == 0)
        do_publish(word[1], word[2]);
    else if (n == 1 && strcmp(word[0], "unlink") == 0)
        app.link.port.close(&app.link);
    else if (n == 1 && strcmp(word[0], "time") == 0)
        do_time();
    else if (n == 1 && strcmp(word[0], "quit") == 0)
        leave();
    else
        say("no such command");
}

/* --- tasks -----------------------------------------------------------------
 */

static void console_poll(void)
{
    uint8_t byte;

    NVIC_ICPR(LPUART1_IRQ / 32) = 1u << LPUART1_IRQ % 32;
    while (lpuart_receive(&byte)) {
        if (byte == '\n') {
            app.line[app.line_len] = '\0';
            app.line_len = 0;
            obey();
        } else if (app.line_len < LINE_MAX - 1) {
            app.line[app.line_len++] = (char)byte;
        }
    }
}

/* A byte that comes ends core_sleep(), long before the next one. */
static void console_wake_on(void)
{
    LPUART1_CTRL |= LPUART_CTRL_RIE;
    NVIC_ISER(LPUART1_IRQ / 32) = 1u << LPUART1_IRQ % 32;
}

/* False: nothing happened. */
static bool link_poll(void)
{
    struct link_event e = app.link.port.poll(&app.link);

    switch (e.type) {
    case LINK_NOTHING:
        return false;
    case LINK_UP:
        say("link up");
        break;
    case LINK_REFUSED:
        say("link refused %u: %s", e.code, lwip_link_why(&app.link));
        break;
    case LINK_DOWN:
        say("link down: %s", lwip_link_why(&app.link));
        break;
    case LINK_MESSAGE:
        say("message %s %u bytes, crc %u", e.topic, (unsigned)e.payload_len,
            (unsigned)crc32(e.payload, e.payload_len));
        break;
    case LINK_SENT:
        say("sent %u", e.token);
        break;
    }
    return true;
}

static void network_begin(void)
{
    struct lwip_setup s = {
        .frame = &app.frame,
        .clock = &app.clock,
        .rng = &app.trng.port,
        .log = &app.log,
        .hostname = "net-test",
        .time_server = "time.example",
    };

    trng_begin(&app.trng);
    enet_address(s.address);
    app.frame = enet_begin(&app.clock, s.address);
    if (lwip_begin(&s) != OTA_OK)
        hang();
    lwip_net_init(&app.net);
    lwip_link_init(&app.link, &app.clock);
    fetch_init(&app.fetch, &app.net.port, &app.clock, &app.log);
}

int main(void)
{
    app.clock = gpt_clock_begin();
    lpuart_begin();
    app.log = lpuart_log(&app.clock);
    network_begin();
    m7_tick_on();
    console_wake_on();
    enet_wake_on();
    for (;;) {
        bool moved = lwip_poll();
        console_poll();
        moved |= link_poll();
        moved |= fetch_poll(&app.fetch);
        if (moved)
            continue;
        core_sleep(); /* interrupts are masked: a pending one wakes */
        SCB_ICSR = ICSR_PENDSTCLR;
    }
}
