/* app.c - an application that does what one letter on the console says, to try
 * the bootloader out: test/system/test_sbl.py. Start at app_obey().
 *
 *   a  arm: try the other slot at the next reset    c  confirm
 *   u  release: the other slot is about to be written
 *
 * and those of app.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/test-app/app.h"
#include "base/text.h"
#include "boot/boot_api.h"
#include "port/imxrt1060/wdog.h"
#include "targets/imxrt1060-sbl/test-app/app_name.h"

/* "app alpha 1.0.0 runs from slot 1, confirmed". */
void app_hello(const struct app *a)
{
    struct boot_slot_source slot;
    struct boot_status status;
    struct image_source src;
    struct image_info info;
    char line[APP_LINE_MAX], version[VERSION_TEXT_MAX] = "?";
    struct text t = text_in(line, sizeof line);

    text_add(&t, "app ");
    text_add(&t, APP_NAME);
    if (boot_status_load(&a->flash, &status) != OTA_OK) {
        app_say(a, "the boot record cannot be read");
        return;
    }
    src = boot_slot_source(&slot, &a->flash, status.running);
    if (image_parse(&info, &src, NULL) == OTA_OK)
        version_format(&info.version, version);
    text_add(&t, " ");
    text_add(&t, version);
    text_add(&t, status.running == SLOT_1 ? " runs from slot 1"
                                          : " runs from slot 2");
    text_add(&t, status.state == BOOT_TRIAL ? ", on trial" : ", confirmed");
    app_say(a, line);
}

static void say_done(const struct app *a, const char *what, ota_err e)
{
    char line[APP_LINE_MAX];
    struct text t = text_in(line, sizeof line);

    text_add(&t, what);
    text_add(&t, ": ");
    text_add(&t, ota_err_text(e));
    app_say(a, line);
}

void app_obey(const struct app *a, char command)
{
    switch (command) {
    case 'a':
        say_done(a, "arm", boot_trial_request(&a->flash));
        return;
    case 'c':
        say_done(a, "confirm", boot_confirm(&a->flash));
        return;
    case 'u':
        say_done(a, "release", boot_slot_release(&a->flash));
        return;
    default:
        return;
    }
}

void app_idle(void)
{
    wdog_service();
}
