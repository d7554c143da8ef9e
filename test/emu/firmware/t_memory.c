/* t_memory.c - the memories, code in them, and exclusive access.
 *
 * Source: i.MX RT1060 Processor Reference Manual, chapter "Memory Maps";
 * ARMv7-M Architecture Reference Manual, A3.4 "Synchronization and semaphores".
 * Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include "board.h"
#include "claims.h"
#include "core.h"
#include "scenario.h"
#include "subjects.h"

MEMORY_CLAIMS(CLAIM_PROTOTYPE)

/* movs r0, #n; bx lr */
#define RETURN_N(n) (0x47702000u | (n))

static uint32_t code_in_ocram[4] __attribute__((section(".ocram"), aligned(8)));
static uint32_t code_in_dtcm[4] __attribute__((aligned(8)));

static uint32_t call(const volatile uint32_t *code)
{
    barrier();
    return ((uint32_t(*)(void))((uint32_t)code | 1))();
}

__attribute__((section(".itcm"), noinline)) static uint32_t where_am_i(void)
{
    uint32_t pc;

    __asm__ volatile("mov %0, pc" : "=r"(pc));
    return pc;
}

static void code_runs_from_itcm(void)
{
    expect_range(ITCM_BASE + 4, ITCM_BASE + ITCM_BYTES - 1, where_am_i());
}

static void code_runs_from_dtcm_and_ocram(void)
{
    *(volatile uint32_t *)code_in_dtcm = RETURN_N(33);
    *(volatile uint32_t *)code_in_ocram = RETURN_N(44);

    expect(33, call(code_in_dtcm));
    expect(44, call(code_in_ocram));
}

static void rewritten_code_runs_as_rewritten(void)
{
    volatile uint32_t *code = code_in_ocram;

    for (uint32_t n = 0; n < 200; n++) {
        *code = RETURN_N(n);
        expect(n, call(code));
    }
}

static void code_written_by_byte_runs_as_written(void)
{
    volatile uint32_t *code = code_in_ocram;

    *code = RETURN_N(1);
    expect(1, call(code));
    *(volatile uint8_t *)code = 9;

    expect(9, call(code));
}

static void code_that_rewrites_what_follows_runs_it(void)
{
    volatile uint16_t *code = (volatile uint16_t *)code_in_ocram;

    code[0] = 0x80C1; /* strh r1, [r0, #6] */
    code[1] = 0xF3BF; /* isb */
    code[2] = 0x8F6F;
    code[3] = 0x2001; /* movs r0, #1, soon #2 */
    code[4] = 0x4770; /* bx lr */
    barrier();
    uint32_t answer = ((uint32_t(*)(uint32_t, uint32_t))((uint32_t)code | 1))(
        (uint32_t)code, 0x2002);

    expect(2, answer);
}

static void every_ram_keeps_what_is_written(void)
{
    static const struct {
        uint32_t base, bytes;
    } rams[] = {{ITCM_BASE + 0x10000, ITCM_BYTES - 0x10000},
                {DTCM_BASE + 0x10000, 0xC000}, /* up to the stack */
                {OCRAM_BASE + 0x10000, 0x70000}};

    for (unsigned i = 0; i < sizeof rams / sizeof rams[0]; i++)
        for (uint32_t at = 0; at < rams[i].bytes; at += 0x1000)
            REG32(rams[i].base + at) = rams[i].base ^ at ^ 0x5A5A5A5A;
    for (unsigned i = 0; i < sizeof rams / sizeof rams[0]; i++)
        for (uint32_t at = 0; at < rams[i].bytes; at += 0x1000)
            expect(rams[i].base ^ at ^ 0x5A5A5A5A, REG32(rams[i].base + at));
}

static void power_on_ram_is_noise(void)
{
    uint32_t ones = 0;

    for (uint32_t at = 0; at < NOISE_BYTES; at += 4)
        ones += (uint32_t)__builtin_popcount(REG32(NOISE_ADDRESS + at));
    expect_range(NOISE_BYTES * 3, NOISE_BYTES * 5, ones);
}

/* --- unaligned ------------------------------------------------------------ */

static void unaligned_words_and_halfwords_are_read_and_written(void)
{
    static volatile uint32_t words[3];
    uint32_t at = (uint32_t)words;

    words[0] = 0x33221100;
    words[1] = 0x77665544;
    expect(0x44332211, REG32(at + 1));
    expect(0x55443322, REG32(at + 2));
    expect(0x4433, REG16(at + 3));
    REG32(at + 3) = 0xDDCCBBAA;
    REG16(at + 1) = 0xEEFF;

    expect(0xAAEEFF00, words[0]);
    expect(0x77DDCCBB, words[1]);
}

/* --- exclusive access ----------------------------------------------------- */

#define EXCLUSIVE(suffix)                                                      \
    static uint32_t ldrex##suffix(volatile void *at)                           \
    {                                                                          \
        uint32_t value;                                                        \
                                                                               \
        __asm__ volatile("ldrex" #suffix " %0, [%1]"                           \
                         : "=r"(value)                                         \
                         : "r"(at)                                             \
                         : "memory");                                          \
        return value;                                                          \
    }                                                                          \
    static uint32_t strex##suffix(volatile void *at, uint32_t value)           \
    {                                                                          \
        uint32_t refused;                                                      \
                                                                               \
        __asm__ volatile("strex" #suffix " %0, %1, [%2]"                       \
                         : "=&r"(refused)                                      \
                         : "r"(value), "r"(at)                                 \
                         : "memory");                                          \
        return refused;                                                        \
    }
EXCLUSIVE()
EXCLUSIVE(b)
EXCLUSIVE(h)
#undef EXCLUSIVE

static volatile uint32_t shared;

static void store_after_load_exclusive_succeeds(void)
{
    shared = 5;
    expect(5, ldrex(&shared));
    expect(0, strex(&shared, 6));

    expect(6, shared);
}

static void store_without_load_exclusive_is_refused(void)
{
    shared = 5;
    ldrex(&shared);
    strex(&shared, 6);
    expect(1, strex(&shared, 7));

    expect(6, shared);
}

static void clrex_ends_the_claim(void)
{
    shared = 5;
    ldrex(&shared);
    __asm__ volatile("clrex" : : : "memory");
    expect(1, strex(&shared, 6));

    expect(5, shared);
}

static void bytes_and_halfwords_have_exclusives(void)
{
    shared = 0x11223344;
    expect(0x44, ldrexb(&shared));
    expect(0, strexb(&shared, 0x55));
    expect(0x3355, ldrexh(&shared));
    expect(0, strexh(&shared, 0x6677));

    expect(0x11226677, shared);
}

static void change_by(volatile uint32_t *at, uint32_t by)
{
    while (strex(at, ldrex(at) + by) != 0) {
    }
}

static void change_in_a_handler(void)
{
    change_by(&shared, 1000);
}

static void exclusive_counter_loses_no_interrupts_count(void)
{
    shared = 0;
    set_handler(EXC_SYSTICK, change_in_a_handler);
    SYST_RVR = 96;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
    for (unsigned i = 0; i < 900; i++)
        change_by(&shared, 1);
    SYST_CSR = 0;

    expect(900, shared % 1000);
    expect_true(shared > 1000);
}

static const struct claim CLAIMS[] = {MEMORY_CLAIMS(CLAIM_ROW)};
const struct subject memory_subject = SUBJECT(CLAIMS);
