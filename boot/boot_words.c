/* boot_words.c - the bootloader's lines on the console. Start at note_line().
 *
 * The first words of NXP's SBL are kept, because tools and people wait for them
 * (spec/boot-record.md section 6).
 * Tests: test/unit/boot/test_boot.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/text.h"
#include "boot/boot_limits.h"
#include "boot/boot_run.h"

static const char *slot_text(enum slot s)
{
    return s == SLOT_1 ? "slot 1" : "slot 2";
}

static const char *cause_text(enum boot_reset_cause c)
{
    switch (c) {
    case RESET_POWER_ON:
        return "power-on";
    case RESET_SOFTWARE:
        return "software reset";
    case RESET_WATCHDOG:
        return "watchdog reset";
    case RESET_PIN:
        return "reset pin";
    case RESET_UNKNOWN:
        break;
    }
    return "reset of unknown cause";
}

static const char *wanted_text(enum boot_phase p)
{
    switch (p) {
    case PHASE_ARMED:
    case PHASE_RETRY:
        return "Remap type: test";
    case PHASE_SPENT:
        return "Remap type: revert";
    case PHASE_STEADY:
    case PHASE_COUNT:
        break;
    }
    return "Remap type: none";
}

/* What an act means for the slot; "" if there is nothing to say. ACT_REJECT has
 * been said as a refusal. */
static const char *act_text(enum boot_act act)
{
    switch (act) {
    case ACT_TRY:
        return " is on trial: it must confirm";
    case ACT_SWITCH:
        return " takes over: it was confirmed once";
    case ACT_LAST_RESORT:
        return " never confirmed, but it is all there is: on trial";
    case ACT_ARM:
        return " is to be tried, says NXP's mailbox";
    case ACT_CONFIRM:
        return " has confirmed, says NXP's mailbox";
    case ACT_GIVE_BACK:
        return " lost power in its trial: it may start again";
    case ACT_GO_BACK:
        return " did not confirm before this ";
    case ACT_NONE:
    case ACT_REFUSE:
    case ACT_REJECT:
    case ACT_WITHDRAW:
        break;
    }
    return "";
}

static void act_line(struct text *t, const struct boot_run *run)
{
    const char *what = act_text(run->act);

    if (what[0] == '\0')
        return;
    text_add(t, slot_text(slot_other(run->next.active)));
    text_add(t, what);
    if (run->act != ACT_GO_BACK)
        return;
    text_add(t, cause_text(run->cause));
    text_add(t, ": going back");
}

static void note_line(struct text *t, enum boot_note_kind kind,
                      const struct boot_run *run)
{
    switch (kind) {
    case NOTE_HELLO:
        text_add(t, "Bootloader Version " TERN_VERSION);
        break;
    case NOTE_UNREADABLE:
        text_add(t, "boot record: the flash cannot be read");
        break;
    case NOTE_UNCERTAIN:
        text_add(t, "boot record: a part of it cannot be read; "
                    "nothing is written in this boot");
        break;
    case NOTE_WANTED:
        text_add(t, wanted_text(boot_phase(&run->next)));
        break;
    case NOTE_REFUSED:
        text_add(t, slot_text(run->judged));
        text_add(t, " refused: ");
        text_add(t, image_why_text(run->verdict.why));
        break;
    case NOTE_ACT:
        act_line(t, run);
        break;
    case NOTE_NONE_GOOD:
        text_add(t, "nothing can run: load a signed image into slot 1");
        break;
    case NOTE_UNSAVED:
        text_add(t, "boot record: the flash refuses the write; "
                    "replace the board");
        break;
    case NOTE_EXCHANGE:
        text_add(t, "slot 1 and slot 2 exchange their images");
        break;
    case NOTE_START:
        text_add(t, run->judged == SLOT_1
                        ? "The image now in PRIMARY_SLOT slot"
                        : "The image now in SECONDARY_SLOT slot");
        break;
    }
}

static void note(void *ctx, enum boot_note_kind kind,
                 const struct boot_run *run)
{
    const struct port_log *log = ctx;
    char line[BOOT_LINE_MAX];
    struct text t = text_in(line, sizeof line);

    if (kind == NOTE_HELLO)
        log->line(log->ctx, "hello sbl.");
    note_line(&t, kind, run);
    if (t.len > 0)
        log->line(log->ctx, line);
}

struct boot_report boot_words(struct port_log *log)
{
    return (struct boot_report){log, note};
}
