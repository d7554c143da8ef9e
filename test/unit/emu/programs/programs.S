/* programs.S - small programs for the tests of the emulated board, one image.
 *
 * The host writes a program's number into the word `chosen`; table[number] has
 * its entry and a mark: an instruction that the test is interested in. Each
 * ends by a semihosting exit with a code in r0, or not at all. The first
 * exception that a program does not expect is recorded (struct record of
 * programs.h) and ends the run with its number.
 *
 * SPDX-License-Identifier: MIT
 */
    .syntax unified
    .cpu    cortex-m7
    .fpu    fpv5-d16
    .thumb

    .section .fcb, "a"
    .word   0x42464346              @ FCFB
    .word   0x56010400              @ V 1.4.0

    .section .ivt, "a"
    .word   0x412000D1
    .word   vectors                 @ entry
    .word   0, 0
    .word   boot_data
    .word   0x60001000              @ self
    .word   0, 0
boot_data:
    .word   0x60000000, 0x10000, 0

    .section .chosen, "a"
    .word   0

    .section .vectors, "a"
vectors:
    .word   0x20010000, reset + 1
    .rept   9
    .word   record + 1
    .endr
    .word   record + 1              @ 11: SVCall
    .word   record + 1, record + 1, record + 1
    .word   tick + 1                @ 15: SysTick
    .rept   160
    .word   record + 1
    .endr

    .section .table, "a"
    .word   exit_7, exit_7
    .word   count_loop, count_loop
    .word   sleep_ticks, sleep_ticks
    .word   sleep_for_ever, sleep_for_ever
    .word   lock_up, lock_up
    .word   reset_twice, reset_twice
    .word   bad_read, bad_read_mark
    .word   divide, divide_mark
    .word   fp_off, fp_off_mark
    .word   marked_loop, marked_loop_mark
    .word   erase_twice, erase_twice
    .word   unknown_register, unknown_register
    .word   bad_write, bad_write
    .word   patch_itself, patch_itself
    .word   wait_for_event, wait_for_event
    .word   spin, spin
    .word   svc_masked, svc_masked_mark
    .word   unprivileged_svc, unprivileged_svc_mark
    .word   watchdog, watchdog

    .text
    .thumb_func
reset:
    ldr     r0, =0xE000ED08         @ VTOR
    ldr     r1, =vectors
    str     r1, [r0]
    ldr     r0, =0xE000ED24         @ SHCSR: all faults have handlers
    ldr     r1, =0x00070000
    str     r1, [r0]
    ldr     r0, =0x60001800
    ldr     r0, [r0]
    ldr     r1, =0x60002400
    ldr     r0, [r1, r0, lsl #3]
    orr     r0, r0, #1
    bx      r0

    .ltorg

@ Ends the run with the code in r0.
    .thumb_func
exit:
    sub     sp, #8
    ldr     r1, =0x20026
    str     r1, [sp]
    str     r0, [sp, #4]
    mov     r1, sp
    movs    r0, #0x20
    bkpt    0xAB
    b       .

    .thumb_func
record:
    tst     lr, #4
    ite     eq
    mrseq   r0, msp
    mrsne   r0, psp
    ldr     r1, =0x20018000
    mrs     r2, ipsr
    str     r2, [r1]
    ldr     r2, [r0, #24]           @ PC
    str     r2, [r1, #4]
    ldr     r2, [r0, #28]           @ xPSR
    str     r2, [r1, #8]
    ldr     r3, =0xE000ED28
    ldr     r2, [r3]                @ CFSR
    str     r2, [r1, #12]
    ldr     r2, [r3, #4]            @ HFSR
    str     r2, [r1, #16]
    ldr     r2, [r3, #16]           @ BFAR
    str     r2, [r1, #20]
    str     lr, [r1, #24]
    ldr     r0, [r1]
    b       exit

    .thumb_func
tick:
    adds    r8, r8, #1
    bx      lr

exit_7:
    movs    r0, #7
    b       exit

@ 3 + 10 * 3 + 2 instructions up to `exit`, narrow and wide.
count_loop:
    movw    r4, #10
    movs    r5, #0
    nop
1:  add.w   r5, r5, #2
    subs    r4, #1
    bne     1b
    mov     r0, r5
    b       exit

@ Wakes five times from WFI by SysTick, every 5000 cycles.
sleep_ticks:
    mov     r8, #0
    ldr     r0, =0xE000E010
    ldr     r1, =4999
    str     r1, [r0, #4]
    str     r1, [r0, #8]
    movs    r1, #7
    str     r1, [r0]
1:  wfi
    cmp     r8, #5
    blt     1b
    mov     r0, r8
    b       exit

sleep_for_ever:
    wfi
    b       sleep_for_ever

@ A fault, and no vector table to find its handler in.
lock_up:
    ldr     r0, =0xE000ED08
    ldr     r1, =0x10000000
    str     r1, [r0]
    udf     #0

@ Counts in RAM, which a reset leaves alone.
reset_twice:
    ldr     r0, =0x20200000
    ldr     r1, [r0]
    ldr     r2, =0xC0DE0000
    sub     r3, r1, r2
    cmp     r3, #3
    it      hs
    movhs   r3, #0                  @ noise: the first time
    add     r1, r2, r3
    adds    r1, #1
    str     r1, [r0]
    mov     r0, r3
    cmp     r3, #2
    beq     exit
    dsb
    ldr     r0, =0xE000ED0C
    ldr     r1, =0x05FA0004
    str     r1, [r0]
    b       .

@ In an IT block, behind other loads with the same base register.
bad_read:
    ldr     r1, =0x20000000
    ldr     r2, =0x10000000
    str     r2, [r1, #8]
    movs    r3, #0
    ldr     r0, [r1, #4]
    ldr     r1, [r1, #8]
    cmp     r3, #0
    itt     eq
    addeq   r3, #1
bad_read_mark:
    ldreq   r4, [r1, #12]
    movs    r0, #0
    b       exit

@ With the trap on: 7 / 7, a division that an IT block leaves out, 7 / 0.
divide:
    ldr     r0, =0xE000ED14
    ldr     r1, [r0]
    orr     r1, r1, #0x10
    str     r1, [r0]
    movs    r2, #7
    movs    r3, #0
    udiv    r4, r2, r2
    cmp     r3, #1
    it      eq
    udiveq  r5, r2, r3
    cmp     r4, #1
    bne     exit
divide_mark:
    sdiv    r4, r2, r3
    movs    r0, #0
    b       exit

@ An FP instruction in the midst of a block, with the FPU off.
fp_off:
    movs    r0, #1
    adds    r0, #1
fp_off_mark:
    vmov    s0, r0
    movs    r0, #0
    b       exit

@ r4 and r5 count alike unless the mark is skipped.
marked_loop:
    movs    r4, #0
    movs    r5, #0
1:  adds    r4, #1
marked_loop_mark:
    add.w   r5, r5, #1
    cmp     r4, #20
    blt     1b
    mov     r0, r5
    b       exit

@ Erases the sectors at 0x100000 and 0x101000 by FlexSPI commands, from ITCM:
@ the flash cannot be read meanwhile.
erase_twice:
    ldr     r0, =0x1000
    ldr     r1, =erase_code
    ldr     r2, =erase_code_end
1:  ldr     r3, [r1], #4
    str     r3, [r0], #4
    cmp     r1, r2
    blo     1b
    ldr     r0, =0x1001
    blx     r0
    movs    r0, #0
    b       exit
    .ltorg
    .balign 4
erase_code:
    push    {r4, lr}
    ldr     r4, =0x402A8000
    ldr     r0, =0x5AF05AF0
    str     r0, [r4, #0x18]
    movs    r0, #2
    str     r0, [r4, #0x1C]
    ldr     r0, =0x0406             @ sequence 1: write enable
    str     r0, [r4, #0x210]
    ldr     r0, =0x08180420         @ sequence 2: erase, address
    str     r0, [r4, #0x220]
    ldr     r0, =0x24040405         @ sequence 3: read status
    str     r0, [r4, #0x230]
    ldr     r6, =0x100000
    bl      erase
    ldr     r6, =0x101000
    bl      erase
    pop     {r4, pc}
    .thumb_func
erase:
    push    {lr}
    movs    r0, #0
    movs    r1, #1
    bl      command
    mov     r0, r6
    movs    r1, #2
    bl      command
1:  movs    r0, #0
    movs    r1, #3
    bl      command
    ldr     r0, [r4, #0x100]
    movs    r1, #1
    str     r1, [r4, #0xB8]
    tst     r0, #1
    bne     1b
    pop     {pc}
    .thumb_func
command:                            @ r0: address, r1: sequence
    str     r0, [r4, #0xA0]
    lsls    r1, #16
    adds    r1, #1
    str     r1, [r4, #0xA4]
    movs    r1, #1
    str     r1, [r4, #0xB0]
1:  ldr     r1, [r4, #0x14]
    tst     r1, #1
    beq     1b
    movs    r1, #1                  @ not more: another bit pops the FIFO
    str     r1, [r4, #0x14]
    bx      lr
    .ltorg
    .balign 4
erase_code_end:

unknown_register:
    ldr     r0, =0x403F0010
    ldr     r1, [r0]
    movs    r0, #0
    b       exit

bad_write:
    ldr     r0, =0x10000000
    str     r0, [r0]
    dsb
    movs    r0, #0
    b       exit

@ movs r0, #1; bx lr in RAM, run, changed to movs r0, #2, run again.
patch_itself:
    ldr     r6, =0x20210000
    ldr     r0, =0x47702001
    str     r0, [r6]
    dsb
    isb
    orr     r7, r6, #1
    blx     r7
    mov     r5, r0
    ldr     r0, =0x47702002
    str     r0, [r6]
    dsb
    isb
    blx     r7
    add     r0, r0, r5, lsl #4
    b       exit

@ The first WFE finds the event of SEV, the second sleeps until SysTick.
wait_for_event:
    ldr     r0, =0xE000E010
    ldr     r1, =9999
    str     r1, [r0, #4]
    str     r1, [r0, #8]
    movs    r1, #7
    str     r1, [r0]
    mov     r8, #0
    sev
    wfe
    mov     r4, r8
    wfe
    lsl     r0, r4, #4
    orr     r0, r0, r8
    b       exit

spin:
    b       spin

@ SVC cannot wait: with PRIMASK set it becomes a HardFault.
svc_masked:
    cpsid   i
    svc     0
svc_masked_mark:
    movs    r0, #0
    b       exit

@ A thread without privilege on the process stack.
unprivileged_svc:
    ldr     r0, =0x20012000
    msr     psp, r0
    movs    r0, #3
    msr     control, r0
    isb
    svc     0
unprivileged_svc_mark:
    b       .

@ Locks the core up with WDOG1 set to half a second; after the reset, ends with
@ the cause of it from SRC_SRSR.
watchdog:
    ldr     r0, =0x400F8008
    ldr     r0, [r0]
    tst     r0, #0x10
    bne     exit
    ldr     r1, =0x400B8000
    movs    r0, #0x34               @ WCR: on, no wait for anything else
    strh    r0, [r1]
    b       lock_up
