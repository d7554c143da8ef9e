/* nor.c - IP commands of the FlexSPI. The linker script puts this whole file
 * into ITCM: it may use nothing that lies in flash.
 *
 * Source: i.MX RT1060 Processor Reference Manual, chapter "Flexible SPI
 * (FlexSPI)", "Look Up Table", "Flash access by IP Command"; commands as in the
 * data sheets of 8 MiB serial NOR flashes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "nor.h"

#include "board.h"
#include "core.h"

/* Look-up table sequences; those below 8 are the ROM's. */
enum {
    SEQ_STATUS = 8,
    SEQ_WRITE_ENABLE,
    SEQ_ERASE,
    SEQ_PROGRAM,
    SEQ_READ,
    SEQ_ID,
    SEQ_WRITE_DISABLE,
};

enum { SLEEP_CYCLES = 50000 };

#define CMD(code)           (0x0400u | (code)) /* on one pad */
#define ADDRESS_24          0x0818u
#define WRITE_DATA          0x2004u
#define READ_DATA           0x2404u
#define PAIR(first, second) ((uint32_t)(second) << 16 | (first))

static void set_sequence(unsigned seq, uint32_t word0, uint32_t word1)
{
    FLEXSPI_LUT(4 * seq) = word0;
    FLEXSPI_LUT(4 * seq + 1) = word1;
    FLEXSPI_LUT(4 * seq + 2) = 0;
    FLEXSPI_LUT(4 * seq + 3) = 0;
}

static void reset_controller(void)
{
    while ((FLEXSPI_STS0 & FLEXSPI_STS0_IDLE) != FLEXSPI_STS0_IDLE) {
    }
    FLEXSPI_MCR0 |= FLEXSPI_MCR0_SWRESET;
    while (FLEXSPI_MCR0 & FLEXSPI_MCR0_SWRESET) {
    }
}

void nor_open(void)
{
    FLEXSPI_MCR0 &= ~FLEXSPI_MCR0_MDIS;
    FLEXSPI_LUTKEY = FLEXSPI_LUTKEY_VALUE;
    FLEXSPI_LUTCR = FLEXSPI_LUTCR_UNLOCK;
    set_sequence(SEQ_STATUS, PAIR(CMD(0x05), READ_DATA), 0);
    set_sequence(SEQ_WRITE_ENABLE, CMD(0x06), 0);
    set_sequence(SEQ_WRITE_DISABLE, CMD(0x04), 0);
    set_sequence(SEQ_ERASE, PAIR(CMD(0x20), ADDRESS_24), 0);
    set_sequence(SEQ_PROGRAM, PAIR(CMD(0x02), ADDRESS_24), WRITE_DATA);
    set_sequence(SEQ_READ, PAIR(CMD(0x03), ADDRESS_24), READ_DATA);
    set_sequence(SEQ_ID, PAIR(CMD(0x9F), READ_DATA), 0);
    FLEXSPI_LUTKEY = FLEXSPI_LUTKEY_VALUE;
    FLEXSPI_LUTCR = FLEXSPI_LUTCR_LOCK;
}

static void trigger(unsigned seq, uint32_t offset, uint32_t bytes)
{
    FLEXSPI_INTR = FLEXSPI_INTR_DONE | FLEXSPI_INTR_ERRORS;
    FLEXSPI_IPRXFCR = FLEXSPI_FIFO_CLEAR;
    FLEXSPI_IPTXFCR = FLEXSPI_FIFO_CLEAR;
    FLEXSPI_IPCR0 = offset;
    FLEXSPI_IPCR1 = seq << 16 | bytes;
    FLEXSPI_IPCMD = 1;
}

static void finish(void)
{
    while (!(FLEXSPI_INTR & FLEXSPI_INTR_DONE)) {
    }
    FLEXSPI_INTR = FLEXSPI_INTR_DONE;
}

static void command(unsigned seq, uint32_t offset)
{
    trigger(seq, offset, 0);
    finish();
}

static uint32_t read_short(unsigned seq, uint32_t bytes)
{
    trigger(seq, 0, bytes);
    finish();
    return FLEXSPI_RFDR(0) & (0xFFFFFFFFu >> (32 - 8 * bytes));
}

uint32_t nor_id(void)
{
    return read_short(SEQ_ID, 3);
}

uint8_t nor_status(void)
{
    return (uint8_t)read_short(SEQ_STATUS, 1);
}

bool nor_busy(void)
{
    return nor_status() & 1;
}

/* Between two polls, with interrupts masked: WFI ends when the tick pends. */
static void sleep_a_while(void)
{
    SYST_RVR = SLEEP_CYCLES;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
    __asm__ volatile("dsb\n wfi" : : : "memory");
    SYST_CSR = 0;
    ICSR = ICSR_PENDSTCLR;
}

void nor_wait(void)
{
    while (nor_busy())
        sleep_a_while();
}

void nor_write_enable(void)
{
    command(SEQ_WRITE_ENABLE, 0);
}

void nor_write_disable(void)
{
    command(SEQ_WRITE_DISABLE, 0);
}

void nor_begin_erase(uint32_t offset)
{
    command(SEQ_ERASE, offset);
}

void nor_begin_program(uint32_t offset, const uint32_t *words, uint32_t bytes)
{
    trigger(SEQ_PROGRAM, offset, bytes);
    for (uint32_t i = 0; i < bytes / 4; i += 2) {
        while (!(FLEXSPI_INTR & FLEXSPI_INTR_TX)) {
        }
        FLEXSPI_TFDR(0) = words[i];
        FLEXSPI_TFDR(1) = words[i + 1];
        FLEXSPI_INTR = FLEXSPI_INTR_TX; /* pushes the eight bytes */
    }
    finish();
}

void nor_erase(uint32_t offset)
{
    uint32_t masked = get_primask();

    mask_interrupts();
    nor_write_enable();
    nor_begin_erase(offset);
    nor_wait();
    reset_controller();
    set_primask(masked);
}

void nor_program(uint32_t offset, const uint32_t *words, uint32_t bytes)
{
    uint32_t masked = get_primask();

    mask_interrupts();
    nor_write_enable();
    nor_begin_program(offset, words, bytes);
    nor_wait();
    reset_controller();
    set_primask(masked);
}

void nor_read(uint32_t offset, uint32_t *words, uint32_t bytes)
{
    trigger(SEQ_READ, offset, bytes);
    for (uint32_t i = 0; i < bytes / 4; i += 2) {
        while (!(FLEXSPI_INTR & FLEXSPI_INTR_RX)) {
        }
        words[i] = FLEXSPI_RFDR(0);
        words[i + 1] = FLEXSPI_RFDR(1);
        FLEXSPI_INTR = FLEXSPI_INTR_RX; /* pops the eight bytes */
    }
    finish();
}

uint32_t nor_erase_while_reading(uint32_t offset, uint32_t at, uint32_t *seen)
{
    uint32_t masked = get_primask(), polls = 0;

    mask_interrupts();
    nor_write_enable();
    nor_begin_erase(offset);
    *seen = REG32(at);
    while (nor_busy())
        polls++;
    reset_controller();
    set_primask(masked);
    return polls;
}
