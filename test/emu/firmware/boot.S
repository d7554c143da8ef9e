/* boot.S - what the boot ROM reads before it starts the image, and the first
 * vector table.
 *
 * Source: i.MX RT1060 Processor Reference Manual, chapter "System Boot":
 * "FlexSPI NOR configuration block", "Image Vector Table and Boot Data".
 *
 * SPDX-License-Identifier: MIT
 */
    .syntax unified
    .cpu cortex-m7
    .thumb

/* A serial NOR flash of 8 MiB, read by "fast read quad I/O". */
    .section .boot.fcb, "a"
    .word 0x42464346            /* "FCFB" */
    .word 0x56010400            /* version 1.4.0 */
    .word 0
    .word 0x00030301            /* sample by DQS pad; hold 3, set-up 3 */
    .org 0x044
    .word 0x00060401            /* serial NOR, four pads, 100 MHz */
    .org 0x050
    .word 0x00800000            /* bytes */
    .org 0x080
    .word 0x0A1804EB            /* command EBh; 24 address bits, 4 pads */
    .word 0x26043206            /* 6 dummy cycles; read, 4 pads */
    .org 0x1C0
    .word 0x100                 /* page */
    .word 0x1000                /* sector */
    .org 0x200

    .section .boot.ivt, "a"
ivt:
    .word 0x412000D1            /* tag, 32 bytes, version 4.1 */
    .word vectors
    .word 0
    .word 0                     /* no device configuration data */
    .word boot_data
    .word ivt
    .word 0                     /* not signed */
    .word 0

    .section .boot.data, "a"
boot_data:
    .word 0x60000000
    .word image_size
    .word 0                     /* no plug-in */

/* The host writes these two: scenario.h. Zero is SCENARIO_CONFORMANCE. */
    .section .boot.scenario, "a"
    .global scenario_words
scenario_words:
    .word 0
    .word 0

/* Up to main these suffice; harness.c has its own table in RAM. */
    .section .boot.vectors, "a"
vectors:
    .word stack_top
    .word reset_handler
    .rept 14
    .word trap_unexpected
    .endr
