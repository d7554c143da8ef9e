/* core.h - instructions of the Cortex-M7 that C has no words for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_CORE_H
#define TERN_TEST_EMU_CORE_H

#include <stdint.h>

#define NAKED     __attribute__((naked, noinline, used))
#define NO_INLINE __attribute__((noinline))

enum exception {
    EXC_NMI = 2,
    EXC_HARDFAULT = 3,
    EXC_MEMMANAGE = 4,
    EXC_BUSFAULT = 5,
    EXC_USAGEFAULT = 6,
    EXC_SVCALL = 11,
    EXC_PENDSV = 14,
    EXC_SYSTICK = 15,
    EXC_IRQ0 = 16,
    EXC_COUNT = 16 + 160,
};

#define RETURN_HANDLER 0xFFFFFFF1u
#define RETURN_MSP     0xFFFFFFF9u
#define RETURN_PSP     0xFFFFFFFDu
#define RETURN_MSP_FPU 0xFFFFFFE9u
#define CONTROL_NPRIV  1u
#define CONTROL_SPSEL  2u
#define CONTROL_FPCA   4u
#define XPSR_T         0x01000000u
#define XPSR_ALIGN     0x00000200u
#define XPSR_IT        0x0600FC00u

/* get_primask(), set_primask(v), and so on. */
#define SPECIAL_REGISTER(name)                                                 \
    static inline uint32_t get_##name(void)                                    \
    {                                                                          \
        uint32_t value;                                                        \
                                                                               \
        __asm__ volatile("mrs %0, " #name : "=r"(value) : : "memory");         \
        return value;                                                          \
    }                                                                          \
    static inline void set_##name(uint32_t value)                              \
    {                                                                          \
        __asm__ volatile("msr " #name ", %0\n isb" : : "r"(value) : "memory"); \
    }
SPECIAL_REGISTER(primask)
SPECIAL_REGISTER(faultmask)
SPECIAL_REGISTER(basepri)
SPECIAL_REGISTER(basepri_max)
SPECIAL_REGISTER(control)
SPECIAL_REGISTER(msp)
SPECIAL_REGISTER(psp)
#undef SPECIAL_REGISTER

static inline uint32_t get_ipsr(void)
{
    uint32_t value;

    __asm__ volatile("mrs %0, ipsr" : "=r"(value));
    return value;
}

static inline uint32_t get_fpscr(void)
{
    uint32_t value;

    __asm__ volatile("vmrs %0, fpscr" : "=r"(value) : : "memory");
    return value;
}

static inline void set_fpscr(uint32_t value)
{
    __asm__ volatile("vmsr fpscr, %0" : : "r"(value) : "memory");
}

/* Everything before has happened, an exception it asked for has been taken. */
static inline void barrier(void)
{
    __asm__ volatile("dsb\n isb" : : : "memory");
}

static inline void mask_interrupts(void)
{
    __asm__ volatile("cpsid i" : : : "memory");
}

static inline void unmask_interrupts(void)
{
    __asm__ volatile("cpsie i\n isb" : : : "memory");
}

#endif
