/* boot_mail.c - messages from firmware that does not know the boot record, of
 * any kind of mailbox (struct boot_mailbox). Start at boot_mail_take().
 *
 * Tests: test/sweep/mailbox_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/boot_run.h"

/* One message from the mailbox. An application speaks for itself, but this
 * one ran before the reset: what it leaves in the record must come from an
 * image that has just been verified. */
static void obey(struct boot_run *run, enum boot_event ev, uint8_t nxp_type)
{
    const struct image_info *i = &run->verdict.info;
    enum boot_act act = boot_rule(&run->next, ev).act;
    struct boot_facts facts = {.nxp_type = nxp_type};

    if (act != ACT_CONFIRM && act != ACT_ARM)
        return;
    if (boot_judge(run, boot_running(&run->next)) == BOOT_YES) {
        facts.version = i->version;
        facts.counter = i->security_counter;
        facts.mark = image_mark(i);
    } else if (act == ACT_CONFIRM) {
        return;
    }
    boot_happen(run, ev, &facts);
}

/* Messages go into the record before anything else happens, so that the
 * mailbox may be written over at any time after this. */
void boot_mail_take(struct boot_run *run)
{
    struct boot_mail mail = {false, false, 0};

    if (run->setup->mailbox->collect(run->setup->flash, &run->next, &mail) !=
        OTA_OK)
        run->uncertain = true;
    if (mail.confirm)
        obey(run, EV_CONFIRM, 0);
    if (mail.arm)
        obey(run, EV_ARM, mail.type);
    if (!boot_save(run))
        run->uncertain = true; /* the message must stay where it is */
}
