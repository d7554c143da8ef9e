/* lpuart_log.c - see lpuart_log.h.
 *
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/lpuart_log.h"

#include <string.h>

#include "base/text.h"
#include "port/imxrt1060/lpuart.h"

enum { STAMP_MAX = 24 }; /* "[4294967.295] " and its NUL */

static void line(void *ctx, const char *text)
{
    const struct port_clock *clock = ctx;
    uint32_t now = clock->now_ms(clock->ctx), ms = now % 1000;
    char stamp[STAMP_MAX];
    struct text t = text_in(stamp, sizeof stamp);

    text_add(&t, "[");
    text_add_u32(&t, now / 1000);
    text_add(&t, ms < 10 ? ".00" : ms < 100 ? ".0" : ".");
    text_add_u32(&t, ms);
    text_add(&t, text[0] == '[' ? "]" : "] "); /* codes stand close to it */
    lpuart_send(stamp, t.len);
    lpuart_send(text, strlen(text));
    lpuart_send("\r\n", 2);
}

struct port_log lpuart_log(struct port_clock *clock)
{
    return (struct port_log){.ctx = clock, .line = line};
}
