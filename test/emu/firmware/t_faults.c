/* t_faults.c - each fault reaches its handler with the status bits, the address
 * and the stacked PC that tell a person what happened.
 *
 * Source: ARMv7-M Architecture Reference Manual, B1.5.14 "Fault behavior",
 * B3.2.15 "Configurable Fault Status Register". Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "order.h"
#include "subjects.h"

FAULT_CLAIMS(CLAIM_PROTOTYPE)

static uint32_t address_of(void (*f)(uint32_t))
{
    return (uint32_t)f & ~1u;
}

static void catch_faults(void)
{
    set_handler(EXC_HARDFAULT, trap_handler);
    set_handler(EXC_MEMMANAGE, trap_handler);
    set_handler(EXC_BUSFAULT, trap_handler);
    set_handler(EXC_USAGEFAULT, trap_handler);
}

/* f(argument) ends in this exception with these bits in CFSR. */
static void expect_fault(void (*f)(uint32_t), uint32_t argument,
                         enum exception exception, uint32_t cfsr)
{
    catch_faults();
    expect(true, trap_run(f, argument));
    expect(1, trap.taken);
    expect(exception, trap.exception);
    expect(cfsr, trap.cfsr);
}

/* --- what to do wrong ----------------------------------------------------- */

NAKED static void undefined(uint32_t unused)
{
    __asm__("udf #7\n"
            "bx lr");
}

NAKED static void undefined_wide(uint32_t unused)
{
    __asm__("udf.w #7\n"
            "bx lr");
}

NAKED static void branch_to(uint32_t address)
{
    __asm__("bx r0");
}

NAKED static void use_fp(uint32_t unused)
{
    __asm__("vmov s0, r0\n"
            "bx lr");
}

NAKED static void read_word(uint32_t address)
{
    __asm__("ldr r0, [r0]\n"
            "bx lr");
}

NAKED static void read_byte_after_two(uint32_t address)
{
    __asm__("nop\n"
            "nop\n"
            "ldrb r0, [r0]\n"
            "bx lr");
}

NAKED static void write_word(uint32_t address)
{
    __asm__("str r0, [r0]\n"
            "dsb\n"
            "isb\n"
            "nop\n"
            "bx lr");
}

NAKED static void load_exclusive(uint32_t address)
{
    __asm__("ldrex r0, [r0]\n"
            "bx lr");
}

NAKED static void break_point(uint32_t unused)
{
    __asm__("bkpt #1\n"
            "bx lr");
}

NAKED static void divide_by(uint32_t divisor)
{
    __asm__("mov r1, #42\n"
            "sdiv r0, r1, r0\n"
            "bx lr");
}

static void call_supervisor(uint32_t unused)
{
    (void)unused;
    __asm__ volatile("svc #0" : : : "memory");
}

/* --- usage faults --------------------------------------------------------- */

static void undefined_instruction_is_a_usagefault(void)
{
    expect_fault(undefined, 0, EXC_USAGEFAULT, CFSR_UNDEFINSTR);
    expect(address_of(undefined), trap.frame.pc);
}

static void undefined_wide_instruction_is_a_usagefault(void)
{
    expect_fault(undefined_wide, 0, EXC_USAGEFAULT, CFSR_UNDEFINSTR);
    expect(address_of(undefined_wide), trap.frame.pc);
}

static void branch_to_an_even_address_is_invstate(void)
{
    uint32_t even = address_of(undefined);

    expect_fault(branch_to, even, EXC_USAGEFAULT, CFSR_INVSTATE);
    expect(even, trap.frame.pc);
    expect(0, trap.frame.xpsr & XPSR_T);
}

NAKED static void return_wrongly(void)
{
    __asm__("mvn lr, #10\n" /* FFFFFFF5: no such EXC_RETURN */
            "bx lr");
}

/* A fault whose LR is the wrong EXC_RETURN; the frame is still there. */
NAKED static void return_rightly(void)
{
    __asm__("push {r4, lr}\n"
            "bl order_other\n"
            "ldr r0, =0xE000ED28\n"
            "ldr r1, [r0]\n"
            "str r1, [r0]\n"
            "ldr r0, =seen_cfsr\n"
            "str r1, [r0]\n"
            "pop {r4, lr}\n"
            "mvn lr, #6\n" /* FFFFFFF9 */
            "bx lr\n"
            ".ltorg");
}

volatile uint32_t seen_cfsr;

static void wrong_exc_return_is_invpc(void)
{
    order_begin((const uint8_t[4]){0, 0, 0, 0});
    set_handler(EXC_PENDSV, return_wrongly);
    set_handler(EXC_USAGEFAULT, return_rightly);
    SHPR8(EXC_PENDSV) = 0xF0;
    ICSR = ICSR_PENDSVSET;
    barrier();

    expect(OTHER, order());
    expect(CFSR_INVPC, seen_cfsr);
    expect(0, get_ipsr());
}

static void fp_instruction_without_the_coprocessor_is_nocp(void)
{
    CPACR &= ~CPACR_FPU;
    barrier();
    expect_fault(use_fp, 0, EXC_USAGEFAULT, CFSR_NOCP);
    expect(address_of(use_fp), trap.frame.pc);
    CPACR |= CPACR_FPU;
    barrier();

    expect(false, trap_run(use_fp, 0));
}

static void division_by_zero_traps_if_asked(void)
{
    CCR |= CCR_DIV_0_TRP;
    barrier();
    expect_fault(divide_by, 0, EXC_USAGEFAULT, CFSR_DIVBYZERO);
    expect(address_of(divide_by) + 4, trap.frame.pc);
    expect(false, trap_run(divide_by, 7));
}

static void division_by_zero_is_zero_if_not_asked(void)
{
    catch_faults();

    expect(false, trap_run(divide_by, 0));
}

static void unaligned_exclusive_access_is_a_usagefault(void)
{
    expect_fault(load_exclusive, DTCM_BASE + 2, EXC_USAGEFAULT, CFSR_UNALIGNED);
    expect(address_of(load_exclusive), trap.frame.pc);
}

/* --- bus faults ----------------------------------------------------------- */

static void read_of_a_hole_is_precise(void)
{
    expect_fault(read_word, HOLE + 0x124, EXC_BUSFAULT,
                 CFSR_PRECISERR | CFSR_BFARVALID);
    expect(HOLE + 0x124, trap.bfar);
    expect(address_of(read_word), trap.frame.pc);
}

static void read_fault_inside_a_block_names_its_instruction(void)
{
    expect_fault(read_byte_after_two, HOLE + 3, EXC_BUSFAULT,
                 CFSR_PRECISERR | CFSR_BFARVALID);
    expect(HOLE + 3, trap.bfar);
    expect(address_of(read_byte_after_two) + 4, trap.frame.pc);
}

static void read_beyond_each_ram_is_a_busfault(void)
{
    static const uint32_t ends[] = {
        ITCM_BASE + ITCM_BYTES,
        DTCM_BASE + DTCM_BYTES,
        OCRAM_BASE + OCRAM_BYTES,
        FLASH_BASE + FLASH_BYTES,
    };

    catch_faults();
    for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        expect(false, trap_run(read_word, ends[i] - 4));
        expect(true, trap_run(read_word, ends[i]));
        expect(ends[i], trap.bfar);
    }
}

static void write_to_a_hole_is_imprecise(void)
{
    expect_fault(write_word, HOLE, EXC_BUSFAULT, CFSR_IMPRECISERR);
}

static void write_to_flash_is_imprecise_and_changes_nothing(void)
{
    const uint32_t address = FLASH_BASE + 0x1000;
    uint32_t before = REG32(address);

    expect_fault(write_word, address, EXC_BUSFAULT, CFSR_IMPRECISERR);
    expect(before, REG32(address));
}

static void imprecise_fault_comes_after_its_instruction(void)
{
    expect_fault(write_word, HOLE, EXC_BUSFAULT, CFSR_IMPRECISERR);
    expect_range(address_of(write_word) + 2, address_of(write_word) + 12,
                 trap.frame.pc);
}

static void imprecise_fault_waits_for_its_priority(void)
{
    catch_faults();
    SHPR8(EXC_BUSFAULT) = 0x80;
    set_basepri(0x80);
    expect(false, trap_run(write_word, HOLE));
    expect(0, trap.taken);
    trap_skip(0);
    set_basepri(0);

    expect(1, trap.taken);
    expect(CFSR_IMPRECISERR, trap.cfsr);
}

static void fetch_from_a_hole_is_ibuserr(void)
{
    expect_fault(branch_to, HOLE | 1, EXC_BUSFAULT, CFSR_IBUSERR);
    expect(HOLE, trap.frame.pc);
}

static void fetch_from_a_device_is_iaccviol(void)
{
    const uint32_t device = 0x40184000;

    expect_fault(branch_to, device | 1, EXC_MEMMANAGE, CFSR_IACCVIOL);
    expect(device, trap.frame.pc);
}

NAKED static void svc_with_stack_at(uint32_t sp)
{
    __asm__("msr psp, r0\n"
            "mov r1, #2\n"
            "msr control, r1\n"
            "isb\n"
            "svc #0\n"
            "b .");
}

/* The fault comes before the SVC's handler can run; it stands on the main
 * stack, where trap_resume() finds its way back once CONTROL is restored. */
NAKED static void leave_psp(void)
{
    __asm__("ldr r0, =0xE000ED28\n"
            "ldr r1, [r0]\n"
            "ldr r2, =stkerr_cfsr\n"
            "str r1, [r2]\n"
            "str r1, [r0]\n"
            "sub sp, sp, #32\n"
            "ldr r1, =back_on_msp\n"
            "bic r1, r1, #1\n"
            "str r1, [sp, #24]\n"
            "mov r1, #0x01000000\n"
            "str r1, [sp, #28]\n"
            "ldr r0, =0xE000ED24\n" /* SHCSR: no longer active */
            "ldr r1, [r0]\n"
            "bic r1, r1, #0x80\n"   /* SVCALLACT */
            "bic r1, r1, #0x8000\n" /* SVCALLPENDED */
            "str r1, [r0]\n"
            "mvn lr, #6\n" /* FFFFFFF9 */
            "bx lr\n"
            ".ltorg");
}

volatile uint32_t stkerr_cfsr;

NAKED static void on_lost_stack(uint32_t sp)
{
    __asm__("push {r4, lr}\n"
            "bl svc_with_stack_at\n"
            ".global back_on_msp\n"
            ".thumb_func\n"
            "back_on_msp: pop {r4, pc}");
}

static void stacking_into_a_hole_is_stkerr(void)
{
    set_handler(EXC_SVCALL, order_other);
    set_handler(EXC_BUSFAULT, leave_psp);
    SHPR8(EXC_SVCALL) = 0xF0;
    on_lost_stack(HOLE + 0x100);
    set_control(0);

    expect(CFSR_STKERR, stkerr_cfsr & CFSR_STKERR);
    expect(0, get_ipsr());
}

NAKED static void return_to_lost_stack(void)
{
    __asm__("mov r0, #0x30000000\n" /* HOLE */
            "msr psp, r0\n"
            "mvn lr, #2\n" /* FFFFFFFD */
            "bx lr");
}

/* The frame of the interrupted thread is still on the main stack. */
static void unstacking_from_a_hole_is_unstkerr(void)
{
    order_begin((const uint8_t[4]){0, 0, 0, 0});
    set_handler(EXC_PENDSV, return_to_lost_stack);
    set_handler(EXC_BUSFAULT, return_rightly);
    SHPR8(EXC_PENDSV) = 0xF0;
    ICSR = ICSR_PENDSVSET;
    barrier();

    expect(OTHER, order());
    expect(CFSR_UNSTKERR, seen_cfsr & ~CFSR_BFARVALID);
    expect(0, get_ipsr());
}

/* --- hard faults ---------------------------------------------------------- */

static void disabled_busfault_becomes_a_forced_hardfault(void)
{
    SHCSR = 0;
    expect_fault(read_word, HOLE, EXC_HARDFAULT,
                 CFSR_PRECISERR | CFSR_BFARVALID);
    expect(HFSR_FORCED, trap.hfsr);
    expect(HOLE, trap.bfar);
}

static void disabled_usagefault_becomes_a_forced_hardfault(void)
{
    SHCSR = 0;
    expect_fault(undefined, 0, EXC_HARDFAULT, CFSR_UNDEFINSTR);
    expect(HFSR_FORCED, trap.hfsr);
}

static void fault_of_too_low_priority_becomes_a_forced_hardfault(void)
{
    SHPR8(EXC_USAGEFAULT) = 0x80;
    set_basepri(0x40);
    expect_fault(undefined, 0, EXC_HARDFAULT, CFSR_UNDEFINSTR);
    expect(HFSR_FORCED, trap.hfsr);
}

static void svc_while_masked_becomes_a_forced_hardfault(void)
{
    mask_interrupts();
    expect_fault(call_supervisor, 0, EXC_HARDFAULT, 0);
    expect(HFSR_FORCED, trap.hfsr);
}

static void bkpt_without_a_debugger_is_a_hardfault(void)
{
    expect_fault(break_point, 0, EXC_HARDFAULT, 0);
    expect(HFSR_DEBUGEVT, trap.hfsr & HFSR_DEBUGEVT);
    expect(address_of(break_point), trap.frame.pc);
}

enum { LOST_IRQ = 20 }; /* its vector lies behind the end of OCRAM */
static volatile uint32_t vecttbl_hfsr, vecttbl_ipsr;

/* The interrupt itself still pends: without this it would come again. */
static void give_up_lost_irq(void)
{
    vecttbl_hfsr = HFSR;
    vecttbl_ipsr = get_ipsr();
    HFSR = vecttbl_hfsr;
    NVIC_ICER(0) = 1u << LOST_IRQ;
}

static void unreadable_vector_is_a_vecttbl_hardfault(void)
{
    uint32_t old = VTOR;
    uint32_t *table = (uint32_t *)(OCRAM_BASE + OCRAM_BYTES - 0x80);

    for (unsigned i = 0; i < 0x80 / 4; i++)
        table[i] = (uint32_t)give_up_lost_irq;
    enable_irq(LOST_IRQ, 0);
    VTOR = (uint32_t)table;
    barrier();
    pend_irq(LOST_IRQ);
    VTOR = old;
    barrier();

    expect(EXC_HARDFAULT, vecttbl_ipsr);
    expect(HFSR_VECTTBL, vecttbl_hfsr);
    expect(1u << LOST_IRQ, NVIC_ISPR(0) & 1u << LOST_IRQ);
}

static void fault_in_a_handler_is_stacked_above_it(void)
{
    set_handler(EXC_SVCALL, trap_handler);
    set_handler(EXC_USAGEFAULT, trap_handler);
    order_begin((const uint8_t[4]){0x80, 0, 0, 0});
    trap_skip(2);
    set_handler(EXC_IRQ0 + IRQ_A, (void (*)(void))undefined);
    pend_irq(IRQ_A);

    expect(1, trap.taken);
    expect(EXC_USAGEFAULT, trap.exception);
    expect(RETURN_HANDLER, trap.exc_return);
}

/* --- the registers -------------------------------------------------------- */

static void shcsr_tells_which_fault_is_active(void)
{
    expect_fault(undefined, 0, EXC_USAGEFAULT, CFSR_UNDEFINSTR);
    expect(SHCSR_USGFAULTACT,
           trap.shcsr & (SHCSR_USGFAULTACT | SHCSR_BUSFAULTACT));
    expect(0, SHCSR & SHCSR_USGFAULTACT);
}

/* Goes on after a two-byte instruction and leaves the status as it is. */
NAKED static void step_over(void)
{
    __asm__("ldr r0, [sp, #24]\n"
            "add r0, r0, #2\n"
            "str r0, [sp, #24]\n"
            "bx lr");
}

static void cfsr_bits_stay_until_a_one_is_written(void)
{
    set_handler(EXC_USAGEFAULT, step_over);
    undefined(0);
    expect(CFSR_UNDEFINSTR, CFSR);
    CFSR = 0;
    expect(CFSR_UNDEFINSTR, CFSR);
    CFSR = CFSR_NOCP;
    expect(CFSR_UNDEFINSTR, CFSR);
    CFSR = CFSR_UNDEFINSTR;

    expect(0, CFSR);
}

static void faults_leave_the_thread_able_to_go_on(void)
{
    catch_faults();
    for (unsigned i = 0; i < 100; i++) {
        expect(true, trap_run(undefined, 0));
        expect(true, trap_run(read_word, HOLE));
        expect(true, trap_run(branch_to, HOLE | 1));
    }

    expect(300, trap.taken);
    expect(0, get_ipsr());
}

static const struct claim CLAIMS[] = {FAULT_CLAIMS(CLAIM_ROW)};
const struct subject fault_subject = SUBJECT(CLAIMS);
