/* record.c - a firmware for power-cut sweeps: it keeps a number in flash and
 * counts it up a few times, each time by writing a sector of payload and then a
 * line that makes it valid.
 *
 * Two sectors take turns, so that a cut anywhere leaves the old or the new
 * number. While a sector is erased the core sleeps, as firmware should; it also
 * makes for quick sweeps. Told to, it uses one sector only: the mistake that a
 * sweep has to find. Start at harness_main(). Boots, prints and writes flash
 * with test/emu/firmware/.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "console.h"
#include "core.h"
#include "harness.h"
#include "nor.h"

enum {
    PLACE = 0x300000,
    MAGIC = 0x31434552, /* "REC1" */
    ARGUMENT_ROUNDS = 0xFF,
    ARGUMENT_IN_PLACE = 0x100,
    NAP_CYCLES = 528000, /* a millisecond */
};

struct record {
    uint32_t magic, number, not_number, unused;
};

/* The payload has its own page, programmed before the record that vouches for
 * it. */
static uint32_t page[NOR_PAGE / 4];

static uint32_t place(unsigned copy)
{
    return PLACE + copy * NOR_SECTOR;
}

static const volatile uint32_t *window(uint32_t offset)
{
    return (const volatile uint32_t *)(FLASH_BASE + offset);
}

static bool read_copy(unsigned copy, uint32_t *number)
{
    const volatile uint32_t *r = window(place(copy));
    const volatile uint32_t *payload = window(place(copy) + NOR_PAGE);

    *number = r[1];
    if (r[0] != MAGIC || r[2] != ~r[1])
        return false;
    for (uint32_t i = 0; i < NOR_PAGE / 4; i++)
        if (payload[i] != r[1] + i)
            return false;
    return true;
}

/* The newer of the copies; false: there is none. */
static bool find(unsigned *copy, uint32_t *number)
{
    uint32_t n[2];
    bool ok[2] = {read_copy(0, &n[0]), read_copy(1, &n[1])};

    if (!ok[0] && !ok[1])
        return false;
    *copy = ok[1] && (!ok[0] || n[1] > n[0]);
    *number = n[*copy];
    return true;
}

/* From ITCM: the flash cannot be read meanwhile. Interrupts are masked, so that
 * a SysTick ends the sleep and nothing else. */
__attribute__((section(".itcm"), noinline)) static void erase(uint32_t offset)
{
    mask_interrupts();
    nor_write_enable();
    nor_begin_erase(offset);
    SYST_RVR = NAP_CYCLES - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
    while (nor_busy()) {
        __asm__ volatile("wfi");
        ICSR = ICSR_PENDSTCLR;
    }
    SYST_CSR = 0;
    ICSR = ICSR_PENDSTCLR;
    unmask_interrupts();
}

static void store(unsigned copy, uint32_t number)
{
    const struct record r = {MAGIC, number, ~number, 0};

    erase(place(copy)); /* programming drops what the window has buffered */
    for (uint32_t i = 0; i < NOR_PAGE / 4; i++)
        page[i] = number + i;
    nor_program(place(copy) + NOR_PAGE, page, NOR_PAGE);
    nor_program(place(copy), (const uint32_t *)&r, sizeof r);
}

void harness_main(void)
{
    uint32_t argument = scenario_argument(), number;
    unsigned copy;

    console_open();
    nor_open();
    if (!find(&copy, &number)) {
        put_text("no record\n");
        leave(1);
    }
    put_text("number ");
    put_number(number);
    put_text("\n");
    for (uint32_t i = argument & ARGUMENT_ROUNDS; i > 0; i--) {
        if (!(argument & ARGUMENT_IN_PLACE))
            copy = !copy;
        store(copy, ++number);
    }
    put_text("stored\n");
    leave(0);
}

void trap_unexpected(void); /* boot.S names it in its vector table */
void trap_unexpected(void)
{
    put_text("died\n");
    leave(2);
}
