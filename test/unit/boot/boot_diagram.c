/* boot_diagram.c - draw the boot state machine from the table that decides it.
 *
 * boot_diagram FILE          fail unless the diagram in FILE is what the code
 *                            does
 * boot_diagram FILE --write  draw it there anew
 *
 * The diagram is Mermaid's, between the line "```mermaid" and the next "```" of
 * spec/boot-record.md. Each edge is found by asking boot_rule() and
 * boot_apply() with every number of starts that a record can hold.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "boot/boot_limits.h"
#include "boot/boot_step.h"

enum { DRAWING_MAX = 8192, FILE_MAX = 1 << 20 };

static const char *const PHASES[PHASE_COUNT] = {
    [PHASE_STEADY] = "STEADY",
    [PHASE_ARMED] = "ARMED",
    [PHASE_RETRY] = "TRIAL_tries_left",
    [PHASE_SPENT] = "TRIAL_none_left",
};

static const char *const EVENTS[BOOT_EVENT_COUNT] = {
    [EV_PREFERRED_GOOD] = "preferred good",
    [EV_FALLBACK_CONFIRMED] = "fallback good, confirmed",
    [EV_FALLBACK_UNPROVEN] = "fallback good, not confirmed",
    [EV_NONE_GOOD] = "none good",
    [EV_ARM] = "request a trial",
    [EV_CONFIRM] = "confirm",
    [EV_RELEASE] = "release",
    [EV_POWER_ON] = "power-on",
};

static const char *const ACTS[] = {
    [ACT_NONE] = "",
    [ACT_REFUSE] = "refused",
    [ACT_TRY] = "start other",
    [ACT_REJECT] = "REJECTED",
    [ACT_GO_BACK] = "ROLLED_BACK",
    [ACT_SWITCH] = "ACTIVE_CORRUPT, other is active",
    [ACT_LAST_RESORT] = "ACTIVE_CORRUPT, start other",
    [ACT_ARM] = "other is the candidate",
    [ACT_WITHDRAW] = "other is nothing",
    [ACT_CONFIRM] = "CONFIRMED, other is active",
    [ACT_GIVE_BACK] = "give the start back",
};

static char drawn[DRAWING_MAX];
static struct text drawing;

static void draw(const char *word)
{
    text_add(&drawing, word);
    if (drawing.bad) {
        fputs("boot_diagram: DRAWING_MAX is too small\n", stderr);
        exit(2);
    }
}

static enum boot_state state_of(enum boot_phase p)
{
    return p == PHASE_STEADY  ? BOOT_STEADY
           : p == PHASE_ARMED ? BOOT_ARMED
                              : BOOT_TRIAL;
}

/* Where a record of this phase with so many starts is after the event. */
static enum boot_phase after(enum boot_phase p, enum boot_event ev,
                             uint8_t tries, uint8_t power_tries,
                             enum boot_act *act)
{
    const struct boot_facts facts = {.mark = MARK_NONE};
    struct boot_record r = {.state = state_of(p),
                            .active = SLOT_1,
                            .tries_left = tries,
                            .power_tries_left = power_tries,
                            .confirmed_slots = 1};
    struct boot_rule rule = boot_rule(&r, ev);

    *act = rule.act;
    boot_apply(&r, &rule, &facts);
    return boot_phase(&r);
}

static void edges(enum boot_phase p, enum boot_event ev)
{
    bool goes[PHASE_COUNT] = {false};
    bool starts = p == PHASE_ARMED || p == PHASE_RETRY;
    enum boot_act act = ACT_NONE;

    for (unsigned t = starts ? 1 : 0; t <= (starts ? BOOT_TRIES_MAX : 0u); t++)
        for (unsigned power = 0; power <= BOOT_POWER_TRIES; power++)
            goes[after(p, ev, (uint8_t)t, (uint8_t)power, &act)] = true;
    for (int to = 0; to < PHASE_COUNT; to++) {
        if (!goes[to] || act == ACT_NONE)
            continue;
        draw("    ");
        draw(PHASES[p]);
        draw(" --> ");
        draw(PHASES[to]);
        draw(": ");
        draw(EVENTS[ev]);
        draw(" / ");
        draw(ACTS[act]);
        draw("\n");
    }
}

static void draw_all(void)
{
    const struct boot_record first = {.state = BOOT_STEADY, .active = SLOT_1};

    drawing = text_in(drawn, sizeof drawn);
    draw("stateDiagram-v2\n    [*] --> ");
    draw(PHASES[boot_phase(&first)]);
    draw(": no valid record\n");
    for (int p = 0; p < PHASE_COUNT; p++)
        for (int ev = 0; ev < BOOT_EVENT_COUNT; ev++)
            edges((enum boot_phase)p, (enum boot_event)ev);
}

static char text[FILE_MAX];

static void slurp(const char *name)
{
    FILE *f = fopen(name, "r");

    if (!f || fread(text, 1, sizeof text - 1, f) == 0 || fclose(f) != 0) {
        perror(name);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    static const char OPEN[] = "```mermaid\n", CLOSE[] = "```";
    char *from, *to;
    FILE *out;

    if (argc < 2 || argc > 3 ||
        (argc == 3 && strcmp(argv[2], "--write") != 0)) {
        fputs("usage: boot_diagram FILE [--write]\n", stderr);
        return 2;
    }
    draw_all();
    slurp(argv[1]);
    from = strstr(text, OPEN);
    from = from ? from + strlen(OPEN) : NULL;
    to = from ? strstr(from, CLOSE) : NULL;
    if (!to) {
        fprintf(stderr, "%s: there is no ```mermaid block\n", argv[1]);
        return 1;
    }
    if (argc == 2) {
        size_t len = (size_t)(to - from);

        if (len == drawing.len && memcmp(from, drawn, len) == 0)
            return 0;
        fprintf(stderr,
                "%s: the diagram is not what boot/boot_step.c does; "
                "`boot_diagram %s --write` draws this:\n%s",
                argv[1], argv[1], drawn);
        return 1;
    }
    out = fopen(argv[1], "w");
    if (!out ||
        fprintf(out, "%.*s%s%s", (int)(from - text), text, drawn, to) < 0 ||
        fclose(out) != 0) {
        perror(argv[1]);
        return 2;
    }
    return 0;
}
