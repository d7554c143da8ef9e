/* flexspi_flash.c - see flexspi_flash.h. Start at flash_write().
 *
 * Everything is RAM_CODE and calls nothing outside this file: the test
 * sbl_flash_code_calls_nothing_outside_ram looks at the object file.
 *
 * Source: i.MX RT1060 Processor Reference Manual, "FlexSPI Controller", "Look
 * Up Table", "Flash access by IP Command"; the commands are those that data
 * sheets of 8 MiB serial NOR flashes have in common.
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/flexspi_flash.h"

#include <stdbool.h>

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"

/* Look-up table sequences. The ROM's are the lower ones, 0 is the window's. */
enum {
    SEQ_READ = 11,
    SEQ_STATUS,
    SEQ_WRITE_ENABLE,
    SEQ_ERASE,
    SEQ_PROGRAM,
    LUT_WORDS = 4, /* of one sequence */

    STATUS_BUSY = 0x01,
    STATUS_WRITE_ENABLED = 0x02,
    ADDRESS_BITS = 24,
    FAST_READ_DUMMIES = 8,
    ENTRY_BYTES = 8, /* of a FIFO */
    SOME = 4,        /* data bytes; IPCR1 says how many */
    PAUSE_TURNS = 100,
};

#define CMD(code) LUT(LUT_CMD, LUT_1PAD, code)
#define ADDRESS   LUT(LUT_RADDR, LUT_1PAD, ADDRESS_BITS)
#define DUMMIES   LUT(LUT_DUMMY, LUT_1PAD, FAST_READ_DUMMIES)
#define DATA_IN   LUT(LUT_READ, LUT_1PAD, SOME)
#define DATA_OUT  LUT(LUT_WRITE, LUT_1PAD, SOME)

/* Any four bytes of RAM: the core stores them at once, aligned or not. */
typedef uint32_t any_word __attribute__((may_alias, aligned(1)));

/* --- the controller ------------------------------------------------------- */

RAM_CODE static void set_sequence(uint32_t seq, uint32_t word0, uint32_t word1)
{
    FLEXSPI_LUT(LUT_WORDS * seq) = word0;
    FLEXSPI_LUT(LUT_WORDS * seq + 1) = word1;
    FLEXSPI_LUT(LUT_WORDS * seq + 2) = 0;
    FLEXSPI_LUT(LUT_WORDS * seq + 3) = 0;
}

RAM_CODE static void set_lut(void)
{
    FLEXSPI_LUTKEY = FLEXSPI_LUTKEY_VALUE;
    FLEXSPI_LUTCR = FLEXSPI_LUTCR_UNLOCK;
    /* Reading by one wire does not depend on the chip's quad-enable bit. */
    set_sequence(SEQ_READ, LUT_PAIR(CMD(0x0B), ADDRESS),
                 LUT_PAIR(DUMMIES, DATA_IN));
    set_sequence(SEQ_STATUS, LUT_PAIR(CMD(0x05), DATA_IN), 0);
    set_sequence(SEQ_WRITE_ENABLE, CMD(0x06), 0);
    set_sequence(SEQ_ERASE, LUT_PAIR(CMD(0x20), ADDRESS), 0);
    set_sequence(SEQ_PROGRAM, LUT_PAIR(CMD(0x02), ADDRESS), DATA_OUT);
    FLEXSPI_LUTKEY = FLEXSPI_LUTKEY_VALUE;
    FLEXSPI_LUTCR = FLEXSPI_LUTCR_LOCK;
}

RAM_CODE static void trigger(uint32_t seq, uint32_t off, uint32_t bytes)
{
    FLEXSPI_INTR = FLEXSPI_INTR_DONE | FLEXSPI_INTR_ERROR;
    FLEXSPI_IPRXFCR = FLEXSPI_FCR_CLEAR | FLEXSPI_FCR_MARK(FLEXSPI_FIFO_BYTES);
    FLEXSPI_IPTXFCR = FLEXSPI_FCR_CLEAR | FLEXSPI_FCR_MARK(ENTRY_BYTES);
    FLEXSPI_IPCR0 = off;
    FLEXSPI_IPCR1 = seq << 16 | bytes;
    FLEXSPI_IPCMD = 1;
}

/* The wires are quiet again. Errors come together with DONE. */
RAM_CODE static ota_err finish(void)
{
    uint32_t seen;

    do
        seen = FLEXSPI_INTR;
    while (!(seen & (FLEXSPI_INTR_DONE | FLEXSPI_INTR_ERROR)));
    FLEXSPI_INTR = FLEXSPI_INTR_DONE | FLEXSPI_INTR_ERROR;
    return seen & FLEXSPI_INTR_ERROR ? OTA_ERR_IO : OTA_OK;
}

RAM_CODE static ota_err command(uint32_t seq, uint32_t off)
{
    trigger(seq, off, 0);
    return finish();
}

RAM_CODE static void reset_controller(void)
{
    while ((FLEXSPI_STS0 & FLEXSPI_STS0_IDLE) != FLEXSPI_STS0_IDLE) {
    }
    FLEXSPI_MCR0 |= FLEXSPI_MCR0_SWRESET;
    while (FLEXSPI_MCR0 & FLEXSPI_MCR0_SWRESET) {
    }
}

/* --- the chip ------------------------------------------------------------- */

RAM_CODE static uint8_t status(void)
{
    trigger(SEQ_STATUS, 0, 1);
    if (finish() != OTA_OK)
        return STATUS_BUSY; /* asked again */
    return (uint8_t)FLEXSPI_RFDR(0);
}

/* Refused if the chip does not say that it will take a write. */
RAM_CODE static ota_err write_enable(void)
{
    if (command(SEQ_WRITE_ENABLE, 0) != OTA_OK ||
        !(status() & STATUS_WRITE_ENABLED))
        return OTA_ERR_IO;
    return OTA_OK;
}

/* Some 10 us between two questions, or the wires would never be quiet: an erase
 * takes thousands of them. Straight instructions, because an emulator gets
 * through those a hundred times faster than through device accesses. */
RAM_CODE static void pause(void)
{
    for (uint32_t turns = PAUSE_TURNS; turns > 0; turns--)
        __asm__ volatile(".rept 64\n nop\n .endr");
}

/* The chip takes the write-enabled state back when it has done the command; if
 * it is still there, the command was not for it. */
RAM_CODE static ota_err wait_ready(void)
{
    uint8_t now;

    while ((now = status()) & STATUS_BUSY)
        pause();
    return now & STATUS_WRITE_ENABLED ? OTA_ERR_IO : OTA_OK;
}

RAM_CODE static ota_err send(uint32_t off, const uint8_t *bytes, uint32_t len)
{
    trigger(SEQ_PROGRAM, off, len);
    for (uint32_t at = 0; at < len; at += ENTRY_BYTES) {
        uint32_t word[2] = {UINT32_MAX, UINT32_MAX};

        for (uint32_t i = 0; i < ENTRY_BYTES && at + i < len; i++) {
            word[i / 4] &= ~(0xFFu << 8 * (i % 4));
            word[i / 4] |= (uint32_t)bytes[at + i] << 8 * (i % 4);
        }
        while (!(FLEXSPI_INTR & (FLEXSPI_INTR_TX | FLEXSPI_INTR_ERROR))) {
        }
        FLEXSPI_TFDR(0) = word[0];
        FLEXSPI_TFDR(1) = word[1];
        FLEXSPI_INTR = FLEXSPI_INTR_TX; /* hands the entry over */
    }
    return finish();
}

/* What the core has cached of these bytes is old now. */
RAM_CODE static void forget(uint32_t off, uint32_t len)
{
    uint32_t at = (FLASH_BASE + off) & ~(CACHE_LINE_BYTES - 1);

    reset_controller();
    core_barrier();
    for (; at < FLASH_BASE + off + len; at += CACHE_LINE_BYTES)
        SCB_DCIMVAC = at;
    core_barrier();
}

RAM_CODE static ota_err erase_sector(uint32_t off)
{
    uint32_t before = core_irq_off();
    ota_err e = write_enable(), ready;

    if (e == OTA_OK)
        e = command(SEQ_ERASE, off);
    ready = wait_ready();
    forget(off, FLEXSPI_FLASH_SECTOR_BYTES);
    core_irq_restore(before);
    return e == OTA_OK ? ready : e;
}

/* bytes: in RAM, inside one page. */
RAM_CODE static ota_err program(uint32_t off, const uint8_t *bytes,
                                uint32_t len)
{
    uint32_t before = core_irq_off();
    ota_err e = write_enable(), ready;

    if (e == OTA_OK)
        e = send(off, bytes, len);
    ready = wait_ready();
    forget(off, len);
    core_irq_restore(before);
    return e == OTA_OK ? ready : e;
}

/* --- the port ------------------------------------------------------------- */

RAM_CODE static bool inside(uint32_t off, uint32_t len)
{
    return off <= FLEXSPI_FLASH_BYTES && len <= FLEXSPI_FLASH_BYTES - off;
}

/* No longer than the FIFO: the command then ends by itself and keeps nobody
 * else, a fetch from flash for instance, waiting for the wires. */
RAM_CODE static ota_err read_some(uint32_t off, uint8_t *dst, uint32_t len)
{
    trigger(SEQ_READ, off, len);
    ota_err e = finish();
    uint32_t i = 0;

    for (; e == OTA_OK && i + sizeof(any_word) <= len; i += sizeof(any_word))
        *(any_word *)(dst + i) = FLEXSPI_RFDR(i / 4);
    if (e == OTA_OK && i < len) {
        uint32_t word = FLEXSPI_RFDR(i / 4);

        for (; i < len; i++, word >>= 8)
            dst[i] = (uint8_t)word;
    }
    return e;
}

RAM_CODE static ota_err flash_read(void *ctx, uint32_t off, void *dst,
                                   uint32_t len)
{
    uint8_t *to = dst;

    (void)ctx;
    if (!inside(off, len))
        return OTA_ERR_RANGE;
    while (len > 0) {
        uint32_t n = len < FLEXSPI_FIFO_BYTES ? len : FLEXSPI_FIFO_BYTES;
        ota_err e = read_some(off, to, n);

        if (e != OTA_OK)
            return e;
        off += n;
        to += n;
        len -= n;
    }
    return OTA_OK;
}

RAM_CODE static ota_err flash_write(void *ctx, uint32_t off, const void *src,
                                    uint32_t len)
{
    const uint8_t *from = src;
    uint8_t page[FLEXSPI_FLASH_PAGE_BYTES];

    (void)ctx;
    if (!inside(off, len))
        return OTA_ERR_RANGE;
    while (len > 0) {
        uint32_t room = sizeof page - off % sizeof page;
        uint32_t n = len < room ? len : room;

        for (uint32_t i = 0; i < n; i++)
            page[i] = from[i];
        ota_err e = program(off, page, n);
        if (e != OTA_OK)
            return e;
        off += n;
        from += n;
        len -= n;
    }
    return OTA_OK;
}

RAM_CODE static ota_err flash_erase(void *ctx, uint32_t off)
{
    (void)ctx;
    if (!inside(off, FLEXSPI_FLASH_SECTOR_BYTES) ||
        off % FLEXSPI_FLASH_SECTOR_BYTES != 0)
        return OTA_ERR_RANGE;
    return erase_sector(off);
}

RAM_CODE void flexspi_flash_drop_buffers(void)
{
    uint32_t before = core_irq_off();

    reset_controller();
    core_irq_restore(before);
}

RAM_CODE struct port_flash flexspi_flash_begin(void)
{
    CCM_CCGR6 |= CCGR6_FLEXSPI;
    set_lut();
    return (struct port_flash){
        .size_bytes = FLEXSPI_FLASH_BYTES,
        .erase_bytes = FLEXSPI_FLASH_SECTOR_BYTES,
        .write_bytes = 1,
        .read = flash_read,
        .write = flash_write,
        .erase = flash_erase,
    };
}
