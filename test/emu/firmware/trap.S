/* trap.S - enter trap_record() with what the core stacked, and come back to
 * trap_run() from wherever a fault happened.
 *
 * SPDX-License-Identifier: MIT
 */
    .syntax unified
    .cpu cortex-m7
    .thumb

/* void trap_handler(void): an exception handler. No floating point here or in
 * trap_record(): what they record must be the interrupted code's. */
    .section .text.trap_handler, "ax"
    .global trap_handler
    .type trap_handler, %function
trap_handler:
    mrs r2, control
    mov r1, lr
    tst lr, #4
    ite eq
    mrseq r0, msp
    mrsne r0, psp
    b trap_record               /* its return is the exception return */

/* For every exception that no claim expects. */
    .section .text.trap_unexpected, "ax"
    .global trap_unexpected
    .type trap_unexpected, %function
trap_unexpected:
    tst lr, #4
    ite eq
    mrseq r0, msp
    mrsne r0, psp
    b harness_died

/* bool trap_call(void (*f)(uint32_t), uint32_t argument) */
    .section .text.trap_call, "ax"
    .global trap_call
    .type trap_call, %function
trap_call:
    push {r3-r11, lr}           /* r3: keeps the stack at eight bytes */
    ldr r2, =trap_resume_sp
    mov r3, sp
    str r3, [r2]
    mov r3, r0
    mov r0, r1
    blx r3
    movs r0, #0
    pop {r3-r11, pc}

/* Where trap_record() lets the exception return to. */
    .global trap_resume
    .type trap_resume, %function
    .thumb_func
trap_resume:
    ldr r2, =trap_resume_sp
    ldr r3, [r2]
    mov sp, r3
    movs r0, #1
    pop {r3-r11, pc}

    .section .bss.trap_resume_sp, "aw", %nobits
    .balign 4
    .global trap_resume_sp
trap_resume_sp:
    .space 4
