/* loop.c - two loops to measure an emulator with: one on registers, one on
 * memory. One program for two boards: code at 0, data at 0x20000000 (ITCM and
 * DTCM of the i.MX RT1060; SSRAM of Arm's MPS2 AN500).
 *
 * -DMEMORY: the memory loop. -DROUNDS=N: how often.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>

#define CPACR     (*(volatile uint32_t *)0xE000ED88)
#define CPACR_FPU 0x00F00000u

enum { SYS_EXIT = 0x18, APPLICATION_EXIT = 0x20026, STACK_TOP = 0x20010000 };

void reset(void);

__attribute__((section(".vectors"), used)) static const struct {
    uint32_t sp;
    void (*reset)(void);
} VECTORS = {STACK_TOP, reset};

/* 64 instructions and the loop's own two. */
static void alu(uint32_t rounds)
{
    uint32_t a = 1, b = 2, c = 3, d = 4;

    __asm__ volatile("1:\n"
                     ".rept 16\n"
                     "add %1, %1, %2\n"
                     "eor %2, %2, %3, lsl #3\n"
                     "mul %3, %3, %4\n"
                     "sub %4, %4, %1, ror #7\n"
                     ".endr\n"
                     "subs %0, %0, #1\n"
                     "bne 1b\n"
                     : "+r"(rounds), "+r"(a), "+r"(b), "+r"(c), "+r"(d)
                     :
                     : "cc");
}

/* 16 loads and 16 stores of a kilobyte, one addition each. */
static void memory(uint32_t rounds)
{
    uint32_t *at = (uint32_t *)0x20000000;
    uint32_t word;

    __asm__ volatile("1:\n"
                     ".set off, 0\n"
                     ".rept 16\n"
                     "ldr %1, [%2, #off]\n"
                     "add %1, %1, %0\n"
                     "str %1, [%2, #off]\n"
                     ".set off, off + 64\n"
                     ".endr\n"
                     "subs %0, %0, #1\n"
                     "bne 1b\n"
                     : "+r"(rounds), "=&r"(word)
                     : "r"(at)
                     : "cc", "memory");
}

void reset(void)
{
    register uint32_t r0 __asm__("r0") = SYS_EXIT;
    register uint32_t r1 __asm__("r1");

    CPACR |= CPACR_FPU; /* as start code does */
    __asm__ volatile("dsb\n isb" : : : "memory");
#ifdef MEMORY
    memory(ROUNDS);
    (void)alu;
#else
    alu(ROUNDS);
    (void)memory;
#endif
    r0 = SYS_EXIT;
    r1 = APPLICATION_EXIT;
    __asm__ volatile("bkpt 0xAB" : : "r"(r0), "r"(r1) : "memory");
    for (;;) {
    }
}
