/* switch.S - two tasks that own every register, and the PendSV handler that
 * switches between them as small real-time kernels for the Cortex-M7 do.
 *
 * SPDX-License-Identifier: MIT
 */
    .syntax unified
    .cpu cortex-m7
    .fpu fpv5-d16
    .thumb

#define ICSR 0xE000ED04
#define PENDSVSET 0x10000000
#define PENDSVCLR_PENDSTCLR 0x0A000000
#define SYST_CSR 0xE000E010

/* void switch_pendsv(void): saves the task's registers on its stack, asks
 * switch_next() for the other's stack pointer, loads its registers. */
    .section .text.switch_pendsv, "ax"
    .global switch_pendsv
    .type switch_pendsv, %function
switch_pendsv:
    mrs r0, psp
    isb
    tst lr, #0x10
    it eq
    vstmdbeq r0!, {s16-s31}
    stmdb r0!, {r4-r11, lr}
    mov r1, #0x50
    cpsid i
    msr basepri, r1
    dsb
    isb
    cpsie i
    bl switch_next
    mov r1, #0
    msr basepri, r1
    ldmia r0!, {r4-r11, lr}
    tst lr, #0x10
    it eq
    vldmiaeq r0!, {s16-s31}
    msr psp, r0
    isb
    bx lr

/* void switch_svc(void): the first call starts the task whose saved registers
 * PSP names; the second ends it all, back to where the first came from. */
    .section .text.switch_svc, "ax"
    .global switch_svc
    .type switch_svc, %function
switch_svc:
    ldr r1, =switch_home
    ldr r2, [r1]
    cbnz r2, 1f
    str lr, [r1]
    mrs r0, psp
    ldmia r0!, {r4-r11, lr}
    msr psp, r0
    isb
    bx lr
1:  movs r0, #0
    str r0, [r1]
    ldr r1, =SYST_CSR           /* nothing may switch any more */
    str r0, [r1]
    ldr r1, =ICSR
    ldr r0, =PENDSVCLR_PENDSTCLR
    str r0, [r1]
    mov lr, r2
    bx lr
    .ltorg

/* void switch_run(void): returns when a task has called switch_end. */
    .section .text.switch_run, "ax"
    .global switch_run
    .type switch_run, %function
switch_run:
    push {r3-r11, lr}
    vpush {s16-s31}
    mrs r0, control             /* so that the frame is a basic one */
    bic r0, r0, #4
    msr control, r0
    isb
    svc #0
    vpop {s16-s31}
    pop {r3-r11, pc}

/* A task: r0 is its seed; rN holds seed + N, sN seed + 64 + N. It checks all
 * of them for ever, counts rounds through IT blocks, and gives way now and
 * then from inside one. */
    .section .text.switch_task, "ax"
    .global switch_task
    .type switch_task, %function
switch_task:
    .irp n, 4, 5, 6, 7, 8, 9, 10, 11
    add r\n, r0, #\n
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    add r1, r0, #(64 + \n)
    vmov s\n, r1
    .endr
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    add r1, r0, #(64 + \n)
    vmov s\n, r1
    .endr
    mov r12, #0
    mov lr, #0

round:
    .irp n, 4, 5, 6, 7, 8, 9, 10, 11
    sub r1, r\n, r0
    cmp r1, #\n
    bne wrong
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    vmov r1, s\n
    sub r1, r1, r0
    cmp r1, #(64 + \n)
    bne wrong
    .endr
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    vmov r1, s\n
    sub r1, r1, r0
    cmp r1, #(64 + \n)
    bne wrong
    .endr

    /* r12 and lr count the rounds in step; a wrong IT state breaks that. */
    movs r1, #0
    itete eq
    addeq r12, r12, #1
    addne r12, r12, #100
    addeq lr, lr, #1
    addne lr, lr, #100
    cmp r12, lr
    bne wrong

    ands r1, r12, #7
    bne 2f
    ldr r2, =ICSR
    mov r3, #PENDSVSET
    cmp r1, #0
    itttt eq
    streq r3, [r2]              /* gives way here, at the latest after it */
    moveq r1, #1
    addeq r1, r1, #1
    addeq r1, r1, #1
    cmp r1, #3
    bne wrong
2:
    ldr r1, =switch_over
    ldr r1, [r1]
    cmp r1, #0
    beq round
    svc #1                      /* switch_svc ends the run */
    b .

wrong:
    ldr r2, =switch_wrong
    ldr r3, [r2]
    add r3, r3, #1
    str r3, [r2]
    svc #1
    b .
    .ltorg
