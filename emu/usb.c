/* usb.c - two USB controllers and their wrapper: a bus on which nothing ever
 * happens. A driver initialises, waits for a host or a device, and none comes.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Universal Serial Bus
 * Controller (USB)". Reset (USBCMD[RST]), endpoint prime and flush are over at
 * once; no transfer ever is.
 * Tests: test/unit/emu/test_plain.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    USB_BYTES = 0x200, /* controller 2 follows controller 1 */
    USBCMD = 0x140,
    USBSTS = 0x144,
    PORTSC1 = 0x184,
    ENDPTPRIME = 0x1B0,
    ENDPTFLUSH = 0x1B4,

    USBCMD_RS = 1 << 0,
    USBCMD_RST = 1 << 1,
    USBSTS_HCH = 1 << 12, /* host controller halted */
};

static const struct reg_row ROWS[] = {
    {0x000, 1, REG_STORE, 0xE4A1FA05, 0, false},       /* ID */
    {0x004, 1, REG_STORE, 0x00000035, 0, false},       /* HWGENERAL */
    {0x008, 1, REG_STORE, 0x10020001, 0, false},       /* HWHOST */
    {0x00C, 1, REG_STORE, 0x00000011, 0, false},       /* HWDEVICE */
    {0x010, 1, REG_STORE, 0x80080B10, 0, false},       /* HWTXBUF */
    {0x014, 1, REG_STORE, 0x00000808, 0, false},       /* HWRXBUF */
    {0x080, 4, REG_STORE, 0x00000000, REG_ALL, false}, /* GPTIMER0, 1 */
    {0x090, 1, REG_STORE, 0x00000002, REG_ALL, false}, /* SBUSCFG */
    {0x100, 1, REG_STORE, 0x01000040, 0, false}, /* CAPLENGTH, HCIVERSION */
    {0x104, 1, REG_STORE, 0x00010011, 0, false}, /* HCSPARAMS */
    {0x108, 1, REG_STORE, 0x00000006, 0, false}, /* HCCPARAMS */
    {0x120, 1, REG_STORE, 0x00000001, 0, false}, /* DCIVERSION */
    {0x124, 1, REG_STORE, 0x00000188, 0, false}, /* DCCPARAMS */
    {USBCMD, 1, REG_STORE, 0x00080000, REG_ALL, false},
    {USBSTS, 1, REG_W1C, 0x00000000, 0x0301F5FF & ~USBSTS_HCH, false},
    {0x148, 1, REG_STORE, 0x00000000, REG_ALL, false}, /* USBINTR */
    {0x14C, 1, REG_STORE, 0x00000000, 0x3FFF, false},  /* FRINDEX */
    {0x154, 1, REG_STORE, 0x00000000, REG_ALL, false}, /* PERIODICLISTBASE */
    {0x158, 1, REG_STORE, 0x00000000, REG_ALL, false}, /* ASYNCLISTADDR */
    {0x160, 1, REG_STORE, 0x00000808, REG_ALL, false}, /* BURSTSIZE */
    {0x164, 1, REG_STORE, 0x00000000, REG_ALL, false}, /* TXFILLTUNING */
    {0x178, 1, REG_W1C, 0x00000000, REG_ALL, false},   /* ENDPTNAK */
    {0x17C, 1, REG_STORE, 0x00000000, REG_ALL, false}, /* ENDPTNAKEN */
    {0x180, 1, REG_STORE, 0x00000001, 0, false},       /* CONFIGFLAG */
    {PORTSC1, 1, REG_STORE, 0x10000000, 0xFFFFFFD0, false},
    {0x1A4, 1, REG_STORE, 0x00001120, 0x7F00007F, false}, /* OTGSC */
    {0x1A8, 1, REG_STORE, 0x00005000, REG_ALL, false},    /* USBMODE */
    {0x1AC, 1, REG_W1C, 0x00000000, REG_ALL, false},      /* ENDPTSETUPSTAT */
    {ENDPTPRIME, 2, REG_STORE, 0x00000000, 0, false},     /* ENDPTFLUSH too */
    {0x1B8, 1, REG_STORE, 0x00000000, 0, false},          /* ENDPTSTAT */
    {0x1BC, 1, REG_W1C, 0x00000000, REG_ALL, false},      /* ENDPTCOMPLETE */
    {0x1C0, 1, REG_STORE, 0x00800080, REG_ALL, false},    /* ENDPTCTRL0 */
    {0x1C4, 7, REG_STORE, 0x00000000, REG_ALL, false},    /* ENDPTCTRL1..7 */
};

/* USBNC: USB_OTGn_CTRL, USB_OTGn_PHY_CTRL_0. */
static const struct reg_row WRAPPER_ROWS[] = {
    {0x00, 2, REG_STORE, 0x30001000, REG_ALL, false},
    {0x18, 2, REG_STORE, 0x00000000, REG_ALL, false},
};

struct usb {
    struct regs *regs;
};

static void usb_written(void *owner, uint32_t off, uint32_t value, uint32_t old)
{
    struct usb *u = owner;
    uint32_t *command = regs_at(u->regs, USBCMD);

    (void)value;
    (void)old;
    if (off != USBCMD)
        return;
    if (*command & USBCMD_RST)
        *command = 0x00080000;
    if (*command & USBCMD_RS)
        *regs_at(u->regs, USBSTS) &= ~(uint32_t)USBSTS_HCH;
    else
        *regs_at(u->regs, USBSTS) |= USBSTS_HCH;
}

static void add(struct soc *s, const char *name, uint32_t base)
{
    struct usb *u = soc_alloc(s, sizeof *u);

    u->regs =
        regs_add(s, &(struct reg_block){name, base, USB_BYTES, REG_ROWS(ROWS)},
                 &(struct reg_hooks){.owner = u, .written = usb_written});
}

void usb_add(struct soc *s)
{
    add(s, "USB1", 0x402E0000);
    add(s, "USB2", 0x402E0000 + USB_BYTES);
    regs_add(
        s,
        &(struct reg_block){"USBNC", 0x402E0800, 0x800, REG_ROWS(WRAPPER_ROWS)},
        NULL);
}
