/* t_fpu.c - arithmetic of FPv5, and floating-point state over exceptions.
 *
 * Source: ARMv7-M Architecture Reference Manual, B1.5.7 "Stack alignment on
 * exception entry" and B1.5.6, "Context state stacking on exception entry with
 * the FP extension"; A2.5. Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "board.h"
#include "claims.h"
#include "core.h"
#include "subjects.h"

FPU_CLAIMS(CLAIM_PROTOTYPE)

enum {
    FPSCR_DZC = 0x00000002,
    FPSCR_IXC = 0x00000010,
    FPSCR_IOC = 0x00000001,
    FPSCR_ROUND_TO_ZERO = 0x00C00000,
    FPSCR_ROUND_UP = 0x00400000,
    FPSCR_FLUSH_TO_ZERO = 0x01000000,
    EXTENDED_FRAME_BYTES = 104,
};

static uint32_t bits(float f)
{
    uint32_t word;

    memcpy(&word, &f, sizeof word);
    return word;
}

static uint32_t high_bits(double d)
{
    uint64_t word;

    memcpy(&word, &d, sizeof word);
    return (uint32_t)(word >> 32);
}

static uint32_t low_bits(double d)
{
    uint64_t word;

    memcpy(&word, &d, sizeof word);
    return (uint32_t)word;
}

/* --- arithmetic ----------------------------------------------------------- */

static void single_precision_arithmetic(void)
{
    volatile float a = 1.5f, b = 2.25f;

    expect(0x40700000, bits(a + b)); /* 3.75 */
    expect(0x40580000, bits(a * b)); /* 3.375 */
    expect(0x3F2AAAAB, bits(a / b)); /* 0.6666667 */
    expect(0x40800000, bits(__builtin_sqrtf(16.0f * a / a)));
}

static void double_precision_arithmetic(void)
{
    volatile double a = 1.0, b = 3.0;

    expect(0x3FD55555, high_bits(a / b));
    expect(0x55555555, low_bits(a / b));
    expect(0x3FF6A09E, high_bits(__builtin_sqrt(a + a)));
    expect(0x667F3BCD, low_bits(__builtin_sqrt(a + a)));
}

/* With one rounding: (2^27 + 1)^2 - 2^54 is 2^28 + 1; with two, 2^28. */
static void fused_multiply_add_rounds_once(void)
{
    volatile double a = 134217729.0, c = -18014398509481984.0;
    double sum = c, factor = a;

    __asm__("vfma.f64 %P0, %P1, %P1" : "+w"(sum) : "w"(factor));

    expect(0x41B00000, high_bits(sum));
    expect(0x01000000, low_bits(sum));
}

static void fpv5_rounds_to_integral_ties_away(void)
{
    volatile double half = 2.5;
    double in = half, away, even;

    __asm__("vrinta.f64 %P0, %P1" : "=w"(away) : "w"(in));
    __asm__("vrintn.f64 %P0, %P1" : "=w"(even) : "w"(in));

    expect(0x40080000, high_bits(away)); /* 3.0 */
    expect(0x40000000, high_bits(even)); /* 2.0 */
}

static void fpv5_maxnm_prefers_the_number(void)
{
    volatile double number = 7.0, nan = __builtin_nan("");
    double a = number, b = nan, greater;

    __asm__("vmaxnm.f64 %P0, %P1, %P2" : "=w"(greater) : "w"(a), "w"(b));

    expect(0x401C0000, high_bits(greater));
}

static void fpv5_selects_by_flag(void)
{
    volatile float a = 1.0f, b = 2.0f;
    float x = a, y = b, chosen;

    __asm__("cmp %1, %1\n vseleq.f32 %0, %2, %3"
            : "=t"(chosen)
            : "r"(0), "t"(x), "t"(y)
            : "cc");

    expect(bits(1.0f), bits(chosen));
}

static void division_by_zero_sets_its_flag(void)
{
    volatile float one = 1.0f, zero = 0.0f;
    volatile float infinite;

    set_fpscr(0);
    infinite = one / zero;

    expect(0x7F800000, bits(infinite));
    expect(FPSCR_DZC, get_fpscr() & 0x9F);
}

static void inexact_and_invalid_set_their_flags(void)
{
    volatile float one = 1.0f, three = 3.0f, minus = -1.0f;
    volatile float result;

    set_fpscr(0);
    result = one / three;
    expect(FPSCR_IXC, get_fpscr() & 0x9F);
    set_fpscr(0);
    result = __builtin_sqrtf(minus);
    (void)result;

    expect(FPSCR_IOC, get_fpscr() & 0x9F);
}

static void rounding_mode_is_obeyed(void)
{
    volatile float one = 1.0f, three = 3.0f;

    set_fpscr(FPSCR_ROUND_TO_ZERO);
    expect(0x3EAAAAAA, bits(one / three));
    set_fpscr(FPSCR_ROUND_UP);

    expect(0x3EAAAAAB, bits(one / three));
    set_fpscr(0);
}

static void flush_to_zero_is_obeyed(void)
{
    volatile float tiny = 1.5e-38f, half = 0.5f;

    set_fpscr(0);
    expect_true(bits(tiny * half) != 0);
    set_fpscr(FPSCR_FLUSH_TO_ZERO);

    expect(0, bits(tiny * half));
    set_fpscr(0);
}

/* --- exceptions ----------------------------------------------------------- */

/* Sets S0..S15 to 0x3F800000 + n and FPSCR to what r0 says, then SVC; answers
 * SP at the SVC. */
NAKED static uint32_t svc_with_fp_state(uint32_t fpscr)
{
    __asm__("mov r1, #0x3F800000\n"
            ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
            "add r2, r1, #\\n\n"
            "vmov s\\n, r2\n"
            ".endr\n"
            "vmsr fpscr, r0\n"
            "svc #0\n"
            "mov r0, sp\n"
            "bx lr");
}

NAKED static void svc_without_fp_state(void)
{
    __asm__("mrs r0, control\n"
            "bic r0, r0, #4\n"
            "msr control, r0\n"
            "isb\n"
            "svc #0\n"
            "bx lr");
}

static void fp_use_gives_an_extended_frame(void)
{
    FPCCR = FPCCR_ASPEN;
    set_handler(EXC_SVCALL, trap_handler);
    uint32_t sp = svc_with_fp_state(0);

    expect(RETURN_MSP_FPU, trap.exc_return);
    expect(sp - EXTENDED_FRAME_BYTES, trap.frame_address);
}

static void extended_frame_holds_s0_to_s15_and_fpscr(void)
{
    FPCCR = FPCCR_ASPEN;
    set_handler(EXC_SVCALL, trap_handler);
    svc_with_fp_state(FPSCR_ROUND_UP);
    set_fpscr(0);

    for (uint32_t n = 0; n < 16; n++)
        expect(0x3F800000 + n, trap.fp[n]);
    expect(FPSCR_ROUND_UP, trap.fp[16]);
}

static void no_fp_use_gives_a_basic_frame(void)
{
    set_handler(EXC_SVCALL, trap_handler);
    svc_without_fp_state();

    expect(RETURN_MSP, trap.exc_return);
}

static void without_aspen_the_frame_is_basic(void)
{
    FPCCR = 0;
    set_handler(EXC_SVCALL, trap_handler);
    svc_with_fp_state(0);

    expect(RETURN_MSP, trap.exc_return);
}

NAKED static uint32_t fpca_around_fp_use(void)
{
    __asm__("mrs r1, control\n"
            "bic r1, r1, #4\n"
            "msr control, r1\n"
            "isb\n"
            "mrs r1, control\n"
            "vmov s0, r0\n"
            "mrs r0, control\n"
            "orr r0, r0, r1, lsl #16\n"
            "bx lr");
}

static void fp_use_sets_fpca(void)
{
    expect(CONTROL_FPCA, fpca_around_fp_use());
}

static void handler_begins_without_fpca(void)
{
    set_handler(EXC_SVCALL, trap_handler);
    svc_with_fp_state(0);

    expect(0, trap.control & CONTROL_FPCA);
}

static void return_brings_fpca_back(void)
{
    set_handler(EXC_SVCALL, trap_handler);
    svc_with_fp_state(0);
    expect(CONTROL_FPCA, get_control() & CONTROL_FPCA);
    svc_without_fp_state();

    expect(0, get_control() & CONTROL_FPCA);
}

/* Uses what the hardware stacks, as compiled code may. */
NAKED static void spoil_fp_state(void)
{
    __asm__("mov r0, #0x55\n"
            ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
            "vmov s\\n, r0\n"
            ".endr\n"
            "mov r0, #0x01000000\n"
            "vmsr fpscr, r0\n"
            "bx lr");
}

/* Sets S0..S31 and FPSCR, SVC, answers how many are not what they were. */
NAKED static uint32_t fp_state_over_svc(void)
{
    __asm__("mov r1, #0x40000000\n"
            ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
            "add r2, r1, #\\n\n"
            "vmov s\\n, r2\n"
            ".endr\n"
            "mov r3, #0x00400000\n"
            "vmsr fpscr, r3\n"
            "svc #0\n"
            "mov r0, #0\n"
            ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
            "vmov r2, s\\n\n"
            "sub r2, r2, r1\n"
            "cmp r2, #\\n\n"
            "it ne\n"
            "addne r0, r0, #1\n"
            ".endr\n"
            "vmrs r2, fpscr\n"
            "cmp r2, r3\n"
            "it ne\n"
            "addne r0, r0, #1\n"
            "mov r2, #0\n"
            "vmsr fpscr, r2\n"
            "bx lr");
}

static void fp_state_survives_a_handler_that_uses_it(void)
{
    set_handler(EXC_SVCALL, spoil_fp_state);

    expect(0, fp_state_over_svc());
}

static void fp_using_handler_leaves_a_basic_thread_basic(void)
{
    set_handler(EXC_SVCALL, spoil_fp_state);
    svc_without_fp_state();

    expect(0, get_control() & CONTROL_FPCA);
}

static const struct claim CLAIMS[] = {FPU_CLAIMS(CLAIM_ROW)};
const struct subject fpu_subject = SUBJECT(CLAIMS);
