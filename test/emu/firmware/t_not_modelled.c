/* t_not_modelled.c - what the emulated board is documented not to do. On
 * silicon these fail; here they pass, and when one begins to fail the
 * documentation (docs/emulator.md) has to change with it.
 *
 * Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "subjects.h"

NOT_MODELLED_CLAIMS(CLAIM_PROTOTYPE)

#define RETURN_N(n) (0x47702000u | (n)) /* movs r0, #n; bx lr */

static uint32_t code[4] __attribute__((section(".ocram"), aligned(32)));
static volatile uint32_t words[8] __attribute__((aligned(32)));

NAKED static void read_word(uint32_t address)
{
    __asm__("ldr r0, [r0]\n"
            "bx lr");
}

NAKED static void read_double(uint32_t address)
{
    __asm__("ldrd r0, r1, [r0]\n"
            "bx lr");
}

NAKED static void read_multiple(uint32_t address)
{
    __asm__("ldm r0, {r0, r1}\n"
            "bx lr");
}

static void catch_faults(void)
{
    set_handler(EXC_HARDFAULT, trap_handler);
    set_handler(EXC_MEMMANAGE, trap_handler);
    set_handler(EXC_BUSFAULT, trap_handler);
    set_handler(EXC_USAGEFAULT, trap_handler);
}

/* Region 0: all of memory, no access; the core runs privileged without the
 * default map, so on silicon the next access ends in a MemManage fault. */
static void not_modelled_mpu_enforcement(void)
{
    catch_faults();
    MPU_RNR = 1;
    MPU_RBAR = OCRAM_BASE;
    MPU_RASR = 19u << 1 | 1; /* 1 MiB, no access */
    MPU_CTRL = 5;            /* default map behind it */
    barrier();
    bool trapped = trap_run(read_word, OCRAM_BASE);
    MPU_CTRL = 0;
    MPU_RASR = 0;
    barrier();

    expect(false, trapped);
}

static void mpu_registers_are_storage(void)
{
    expect(16, MPU_TYPE >> 8 & 0xFF);
    MPU_RNR = 3;
    MPU_RBAR = 0x20200000;
    MPU_RASR = 0x03000026;
    MPU_RNR = 4;
    MPU_RASR = 0;
    MPU_RNR = 3;
    uint32_t base = MPU_RBAR, attributes = MPU_RASR;
    MPU_RASR = 0;

    expect(0x20200000, base & 0xFFFFFFE0);
    expect(0x03000026, attributes);
}

/* With the caches on, silicon runs the old code until it is told. */
static void not_modelled_caches(void)
{
    volatile uint32_t *at = code;
    uint32_t (*call)(void) = (uint32_t(*)(void))((uint32_t)code | 1);

    *at = RETURN_N(1);
    barrier();
    ICIALLU = 0;
    barrier();
    CCR |= CCR_IC | CCR_DC;
    barrier();
    uint32_t first = call();
    *at = RETURN_N(2);
    uint32_t second = call();
    CCR &= ~(CCR_IC | CCR_DC);
    barrier();

    expect(1, first);
    expect(2, second);
}

static void not_modelled_unaligned_ldrd_fault(void)
{
    catch_faults();

    expect(false, trap_run(read_double, (uint32_t)words + 2));
}

static void not_modelled_unaligned_ldm_fault(void)
{
    catch_faults();

    expect(false, trap_run(read_multiple, (uint32_t)words + 2));
}

static void not_modelled_unalign_trp(void)
{
    catch_faults();
    CCR |= CCR_UNALIGN_TRP;
    barrier();
    bool trapped = trap_run(read_word, (uint32_t)words + 2);
    CCR &= ~CCR_UNALIGN_TRP;
    barrier();

    expect(false, trapped);
}

/* Silicon clears the exclusive monitor at each exception; here a store
 * succeeds if the word still has its value. */
static void not_modelled_exception_clears_the_exclusive_monitor(void)
{
    uint32_t refused;

    set_handler(EXC_SVCALL, trap_handler);
    words[0] = 5;
    __asm__ volatile("ldrex r2, [%1]\n"
                     "svc #0\n"
                     "strex %0, r2, [%1]"
                     : "=&r"(refused)
                     : "r"(words)
                     : "r2", "memory");

    expect(1, trap.taken);
    expect(0, refused);
}

/* Silicon reserves room and stores S0..S15 when the handler first uses them. */
static void not_modelled_lazy_stacking(void)
{
    FPCCR = FPCCR_ASPEN | FPCCR_LSPEN;
    set_handler(EXC_SVCALL, trap_handler);
    __asm__ volatile("mov r0, #0x41000000\n"
                     "vmov s5, r0\n"
                     "svc #0"
                     :
                     :
                     : "r0", "s5", "memory");

    expect(RETURN_MSP_FPU, trap.exc_return);
    expect(0x41000000, trap.fp[5]);
    expect(0, FPCCR & FPCCR_LSPACT);
}

/* Silicon starts a new context with FPDSCR's rounding mode and so on. */
static void not_modelled_fpdscr(void)
{
    const uint32_t round_to_zero = 0x00C00000;
    uint32_t started;

    FPDSCR = round_to_zero;
    set_control(get_control() & ~CONTROL_FPCA);
    __asm__ volatile("vmov s0, %1\n"
                     "vmrs %0, fpscr"
                     : "=r"(started)
                     : "r"(0)
                     : "s0", "memory");
    FPDSCR = 0;

    expect(0, started);
}

static void not_modelled_bus_timing(void)
{
    uint32_t cycles[2];

    DEMCR |= DEMCR_TRCENA;
    DWT_LAR = DWT_LAR_UNLOCK;
    DWT_CTRL |= DWT_CYCCNTENA;
    for (unsigned i = 0; i < 2; i++) {
        const volatile uint32_t *from =
            (const volatile uint32_t *)(i == 0 ? DTCM_BASE : FLASH_BASE);
        uint32_t begin = DWT_CYCCNT;
        for (uint32_t n = 0; n < 1000; n++)
            (void)from[n];
        cycles[i] = DWT_CYCCNT - begin;
    }

    expect_range(cycles[0] - 50, cycles[0] + 50, cycles[1]);
}

/* Silicon has a table of functions here (flash driver, watchdog...). */
static void not_modelled_rom_api(void)
{
    const uint32_t api_tree = 0x0020001C;

    catch_faults();

    expect(true, trap_run(read_word, api_tree));
}

static uint32_t low_bits_of_basepri(void)
{
    set_basepri(0xFF);
    return get_basepri() & 0x0F;
}

/* Silicon has no such bits. They mask nothing here either, see t_masks.c. */
static void not_modelled_basepri_low_bits_read_zero(void)
{
    expect(0x0F, low_bits_of_basepri());
}

static const struct claim CLAIMS[] = {NOT_MODELLED_CLAIMS(CLAIM_ROW)};
const struct subject not_modelled_subject = SUBJECT(CLAIMS);
