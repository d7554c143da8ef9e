/* sfw_app.c - an application with the flag code of firmware built with NXP's
 * SFW, down to its habits: it programs flags over what is there, looks at no
 * result, services no watchdog, and knows nothing of the boot record. Behaviour
 * from spec/flash-layout.md section 4; test/support/sfw_flags.c is the same for
 * the host. Tests: test/system/test_sbl_mailbox.py. Start at app_obey().
 *
 *   a  the end of a download: arm      c  start-up: confirm if it is our type
 *
 * and those of app.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/text.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "targets/imxrt1060-sbl/test-app/app.h"
#include "targets/imxrt1060-sbl/test-app/app_name.h"

enum {
    SECTOR = 0x0ff000,
    TRAILER = 0x0fffe0,
    TRAILER_BYTES = 32,
    POSITION = 0,
    TYPE = 4,
    IMAGE_OK = 8,
    MAGIC = 16,
    MAGIC_BYTES = 16,
    BLANK = 0xff,
    ON_TRIAL = 4,
    TYPE_ALIYUN = 4,
    HEADER = 0x100000, /* in the window: of the image that runs */
    HEADER_VERSION = 20,
};

static const uint8_t MAGIC_VALUE[MAGIC_BYTES] = {
    0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f,
    0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80,
};

/* As SFW reads: through the window. */
static void window_read(uint32_t off, uint8_t *out, uint32_t len)
{
    const volatile uint8_t *at =
        (const volatile uint8_t *)(uintptr_t)(FLASH_BASE + off);

    for (uint32_t i = 0; i < len; i++)
        out[i] = at[i];
}

static void arm(const struct app *a)
{
    const uint8_t type = TYPE_ALIYUN;

    (void)!a->flash.write(a->flash.ctx, TRAILER + TYPE, &type, 1);
    (void)!a->flash.write(a->flash.ctx, TRAILER + MAGIC, MAGIC_VALUE,
                          MAGIC_BYTES);
    app_say(a, "armed");
}

static void write_image_ok(const struct app *a)
{
    uint8_t t[TRAILER_BYTES];

    window_read(TRAILER, t, sizeof t);
    t[TYPE] = 0;
    t[IMAGE_OK] = BLANK;
    memset(t + MAGIC, BLANK, MAGIC_BYTES);
    (void)!a->flash.erase(a->flash.ctx, SECTOR);
    (void)!a->flash.write(a->flash.ctx, TRAILER, t, sizeof t);
}

static void confirm(const struct app *a)
{
    uint8_t t[TRAILER_BYTES];

    window_read(TRAILER, t, sizeof t);
    if (t[TYPE] != TYPE_ALIYUN) {
        app_say(a, "nothing to confirm");
        return;
    }
    write_image_ok(a);
    app_say(a, "confirmed");
}

/* "app alpha 1.0.0 at position 1, plain". */
void app_hello(const struct app *a)
{
    char line[APP_LINE_MAX];
    struct text t = text_in(line, sizeof line);
    uint8_t flags[TRAILER_BYTES], version[4];

    window_read(TRAILER, flags, sizeof flags);
    window_read(HEADER + HEADER_VERSION, version, sizeof version);
    text_add(&t, "app ");
    text_add(&t, APP_NAME);
    text_add(&t, " ");
    text_add_u32(&t, version[0]);
    text_add(&t, ".");
    text_add_u32(&t, version[1]);
    text_add(&t, ".");
    text_add_u32(&t, version[2] | (uint32_t)version[3] << 8);
    text_add(&t, " at position ");
    text_add_u32(&t, flags[POSITION]);
    text_add(&t, flags[IMAGE_OK] == ON_TRIAL ? ", on trial"
                 : flags[IMAGE_OK] == BLANK  ? ", plain"
                                             : ", unknown");
    app_say(a, line);
}

void app_obey(const struct app *a, char command)
{
    if (command == 'a')
        arm(a);
    else if (command == 'c')
        confirm(a);
}

void app_idle(void)
{
}
