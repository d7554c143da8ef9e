/* scenarios.c - see scenario.h; the tests that drive them are in test/emu.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scenarios.h"

#include "board.h"
#include "console.h"
#include "core.h"
#include "frames.h"
#include "harness.h"
#include "nor.h"
#include "scenario.h"

static void say(const char *what, uint32_t value)
{
    put_text(what);
    put_text(" ");
    put_hex(value);
    put_text("\n");
}

static void echo(void)
{
    for (;;) {
        char c = get_char();

        if (c == 'q')
            leave(EXIT_PASSED);
        put_char(c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
}

static void write_flash(uint32_t value)
{
    uint32_t words[PAGE_BYTES / 4];

    nor_open();
    say("before", REG32(FLASH_BASE + SCRATCH_OFFSET));
    nor_erase(SCRATCH_OFFSET);
    for (uint32_t page = 0; page < SCRATCH_PAGES; page++) {
        for (uint32_t i = 0; i < PAGE_BYTES / 4; i++)
            words[i] = value;
        nor_program(SCRATCH_OFFSET + page * PAGE_BYTES, words, sizeof words);
    }
    say("after", REG32(FLASH_BASE + SCRATCH_OFFSET));
}

/* r0: ten times one, at `count_step`. */
NAKED static uint32_t count_ten(void)
{
    __asm__("mov r0, #0\n"
            "mov r1, #10\n"
            "count_again:\n"
            ".global count_step\n"
            "count_step: add r0, r0, #1\n"
            "subs r1, r1, #1\n"
            "bne count_again\n"
            "bx lr");
}
extern const uint8_t count_step[];

static void count(void)
{
    say("step", (uint32_t)count_step & ~1u);
    say("count", count_ten());
}

static void spin(uint32_t without_privilege)
{
    uint32_t before = REG32(SPIN_ADDRESS);

    if (without_privilege)
        set_control(CONTROL_NPRIV);
    put_text("spin\n");
    while (REG32(SPIN_ADDRESS) == before) {
    }
    say("changed", REG32(SPIN_ADDRESS) ^ before);
}

static void sleep_for_ever(void)
{
    put_text("sleep\n");
    for (;;)
        __asm__ volatile("wfi");
}

NAKED static void undefined(void)
{
    __asm__("udf #1");
}

static void lock_up(void)
{
    put_text("lockup\n");
    set_handler(EXC_HARDFAULT, undefined);
    SHCSR = 0;
    barrier();
    undefined();
}

NO_INLINE static uint32_t read_unknown(void)
{
    return REG32(0x403FF010); /* no device in this AIPS slot */
}

static void touch_unknown(void)
{
    for (unsigned i = 0; i < 3; i++)
        say("unknown", read_unknown());
}

static void show_noise(void)
{
    uint32_t sum = 0;

    say("srsr", SRC_SRSR);
    for (uint32_t at = 0; at < NOISE_BYTES; at += 4) {
        sum = sum << 5 ^ sum >> 27 ^ REG32(NOISE_ADDRESS + at);
        REG32(NOISE_ADDRESS + at) = 0;
    }
    say("noise", sum);
}

static void dot(void)
{
    put_char('.');
}

static void tick(uint32_t period)
{
    set_handler(EXC_SYSTICK, dot);
    SYST_RVR = period - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
    for (;;)
        __asm__ volatile("wfi");
}

static void show_frames(uint32_t rounds)
{
    struct frames f;

    frames_run(&f, rounds);
    say("sent", f.sent);
    say("answered", f.answered);
    say("damaged", f.damaged);
    say("refused", f.refused);
}

void scenario_run(uint32_t which, uint32_t argument)
{
    switch (which) {
    case SCENARIO_HELLO:
        say("hello", argument);
        leave(argument);
    case SCENARIO_ECHO:
        echo();
        break;
    case SCENARIO_WRITE_FLASH:
        write_flash(argument);
        break;
    case SCENARIO_READ_FLASH:
        say("scratch", REG32(FLASH_BASE + SCRATCH_OFFSET));
        break;
    case SCENARIO_COUNT:
        count();
        break;
    case SCENARIO_SPIN:
        spin(argument);
        break;
    case SCENARIO_SLEEP:
        sleep_for_ever();
        break;
    case SCENARIO_LOCKUP:
        lock_up();
        break;
    case SCENARIO_UNKNOWN:
        touch_unknown();
        break;
    case SCENARIO_NOISE:
        show_noise();
        break;
    case SCENARIO_TICK:
        tick(argument);
        break;
    case SCENARIO_FRAMES:
        show_frames(argument);
        break;
    default:
        say("no such scenario", which);
        leave(EXIT_FAILED);
    }
    leave(EXIT_PASSED);
}
