/* ram.S - a whole image for RAM: says "RAM" on LPUART1 and ends the run. What
 * the host puts into memory and starts without a boot header.
 *
 * SPDX-License-Identifier: MIT
 */
    .syntax unified
    .cpu cortex-m7
    .thumb

    .section .vectors, "a"
    .word 0x20020000            /* the top of DTCM */
    .word ram_start

    .text
    .global ram_start
    .type ram_start, %function
ram_start:
    ldr r0, =0x40184000         /* LPUART1 */
    movs r1, #0
    str r1, [r0, #0x18]
    ldr r1, =0x0F00000D         /* 115200 from 24 MHz */
    str r1, [r0, #0x10]
    ldr r1, =0x000C0000         /* transmit, receive */
    str r1, [r0, #0x18]
    ldr r2, =text
1:  ldrb r1, [r2], #1
    cbz r1, 3f
2:  ldr r3, [r0, #0x14]
    lsls r3, r3, #8             /* TDRE */
    bpl 2b
    str r1, [r0, #0x1C]
    b 1b
3:  ldr r3, [r0, #0x14]
    lsls r3, r3, #9             /* TC */
    bpl 3b
    movs r0, #0x20              /* SYS_EXIT_EXTENDED */
    ldr r1, =exit_block
    bkpt 0xAB
    b .
    .ltorg

    .balign 4
exit_block:
    .word 0x20026, 0
text:
    .asciz "RAM\n"
