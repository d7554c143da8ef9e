/* gpio.c - nine ports of 32 pins: GPIO1..5, and the fast ports GPIO6..9 that
 * share the pads of GPIO1..4.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "General Purpose Input/Output
 * (GPIO)". A pad is driven by the port whose direction bit is set; with both
 * ports of a pad set to output, the one that IOMUXC_GPR26..29 would choose is
 * not looked up: the slow port wins.
 *
 * Outside the chip: the card slot's detect pin (GPIO2.28) is high, no card; the
 * user button (GPIO5.0) and the PHY's interrupt (GPIO1.10) are high, idle.
 * Tests: test/unit/emu/test_gpio.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"
#include "emu/soc_host.h"

enum {
    DR = 0x00,
    GDIR = 0x04,
    PSR = 0x08,
    ICR1 = 0x0C,
    ICR2 = 0x10,
    IMR = 0x14,
    ISR = 0x18,
    EDGE_SEL = 0x1C,
    DR_SET = 0x84,
    DR_CLEAR = 0x88,
    DR_TOGGLE = 0x8C,

    ICR_LOW = 0, /* two bits per pin */
    ICR_HIGH = 1,
    ICR_RISING = 2,

    PORTS = 9,
    PADS = 5,
    IRQ_GPIO1_PIN0 = 72, /* pins 0..7 of GPIO1 have lines of their own */
    IRQ_GPIO1_LOW = 80,  /* then two lines per port: pins 0..15, 16..31 */
    IRQ_FAST = 157,
};

static const uint32_t BASE[PORTS] = {
    0x401B8000, 0x401BC000, 0x401C0000, 0x401C4000, 0x400C0000,
    0x42000000, 0x42004000, 0x42008000, 0x4200C000,
};

static const uint32_t DRIVEN_HIGH[PADS] = {1u << 10, 1u << 28, 0, 0, 1u << 0};

static const struct reg_row ROWS[] = {
    {DR, 2, REG_STORE, 0, REG_ALL, false}, /* GDIR too */
    {PSR, 1, REG_STORE, 0, 0, false},
    {ICR1, 3, REG_STORE, 0, REG_ALL, false}, /* ICR2, IMR too */
    {ISR, 1, REG_W1C, 0, REG_ALL, false},
    {EDGE_SEL, 1, REG_STORE, 0, REG_ALL, false},
    {DR_SET, 3, REG_STORE, 0, 0, false}, /* write-only, with CLEAR, TOGGLE */
};

struct gpio;

struct port {
    struct gpio *gpio;
    unsigned index; /* 0: GPIO1 */
    struct regs *regs;
    uint32_t level; /* of its pads, when last looked at */
};

struct gpio {
    struct soc *soc;
    struct port port[PORTS];
    uint32_t outside[PADS]; /* what others drive the pads to */
};

static unsigned pads_of(unsigned port)
{
    return port < PADS ? port : port - PADS;
}

static uint32_t pad_level(const struct gpio *g, unsigned pads)
{
    struct regs *slow = g->port[pads].regs;
    uint32_t out = *regs_at(slow, GDIR);
    uint32_t level = *regs_at(slow, DR) & out;

    if (pads < PADS - 1) {
        struct regs *fast = g->port[pads + PADS].regs;
        uint32_t more = *regs_at(fast, GDIR) & ~out;
        level |= *regs_at(fast, DR) & more;
        out |= more;
    }
    return level | (g->outside[pads] & ~out);
}

/* Pins whose condition in ICR and EDGE_SEL is met now. */
static uint32_t met(const struct port *p, uint32_t was, uint32_t is)
{
    uint32_t any_edge = *regs_at(p->regs, EDGE_SEL), hits = 0;

    for (unsigned pin = 0; pin < 32; pin++) {
        uint32_t icr = *regs_at(p->regs, pin < 16 ? ICR1 : ICR2);
        unsigned how = icr >> (2 * (pin % 16)) & 3;
        bool old = was >> pin & 1, now = is >> pin & 1, hit;
        if (any_edge >> pin & 1)
            hit = old != now;
        else if (how == ICR_LOW || how == ICR_HIGH)
            hit = now == (how == ICR_HIGH);
        else
            hit = old != now && now == (how == ICR_RISING);
        hits |= (uint32_t)hit << pin;
    }
    return hits;
}

static uint32_t asked(const struct port *p)
{
    return *regs_at(p->regs, ISR) & *regs_at(p->regs, IMR);
}

static void lines(const struct gpio *g)
{
    uint32_t fast = 0;

    for (unsigned n = 0; n < PADS; n++) {
        uint32_t bits = asked(&g->port[n]);
        soc_irq(g->soc, IRQ_GPIO1_LOW + 2 * n, bits & 0xFFFF);
        /* GPIO5's two lines follow those of GPIO4. */
        soc_irq(g->soc, IRQ_GPIO1_LOW + 2 * n + 1, bits >> 16);
    }
    for (unsigned pin = 0; pin < 8; pin++)
        soc_irq(g->soc, IRQ_GPIO1_PIN0 + pin, asked(&g->port[0]) >> pin & 1);
    for (unsigned n = PADS; n < PORTS; n++)
        fast |= asked(&g->port[n]);
    soc_irq(g->soc, IRQ_FAST, fast);
}

/* Levels and edges latch in ISR whatever IMR says; a level that lasts latches
 * again at once. */
static void look(struct gpio *g)
{
    for (unsigned n = 0; n < PORTS; n++) {
        struct port *p = &g->port[n];
        uint32_t level = pad_level(g, pads_of(n));
        *regs_at(p->regs, ISR) |= met(p, p->level, level);
        p->level = level;
    }
    lines(g);
}

static uint32_t port_read(void *owner, uint32_t off, uint32_t value)
{
    const struct port *p = owner;
    uint32_t out = *regs_at(p->regs, GDIR);

    switch (off) {
    case DR: /* an input pin reads its pad */
        return (value & out) | (pad_level(p->gpio, pads_of(p->index)) & ~out);
    case PSR:
        return pad_level(p->gpio, pads_of(p->index));
    default:
        return value;
    }
}

static void port_written(void *owner, uint32_t off, uint32_t value,
                         uint32_t old)
{
    struct port *p = owner;
    uint32_t *dr = regs_at(p->regs, DR);

    (void)old;
    switch (off) {
    case DR_SET:
        *dr |= value;
        break;
    case DR_CLEAR:
        *dr &= ~value;
        break;
    case DR_TOGGLE:
        *dr ^= value;
        break;
    default:
        break;
    }
    look(p->gpio);
}

/* What others drive stays: a button may be held while power comes. */
static void port_reset(void *owner, enum soc_reset kind)
{
    struct port *p = owner;

    (void)kind;
    p->level = pad_level(p->gpio, pads_of(p->index));
}

void gpio_add(struct soc *s)
{
    struct gpio *g = soc_alloc(s, sizeof *g);

    g->soc = s;
    for (unsigned n = 0; n < PADS; n++)
        g->outside[n] = DRIVEN_HIGH[n];
    for (unsigned n = 0; n < PORTS; n++)
        g->port[n] = (struct port){.gpio = g, .index = n};
    for (unsigned n = 0; n < PORTS; n++)
        g->port[n].regs = regs_add(
            s, &(struct reg_block){"GPIO", BASE[n], 0x4000, REG_ROWS(ROWS)},
            &(struct reg_hooks){.owner = &g->port[n],
                                .read = port_read,
                                .written = port_written,
                                .reset = port_reset});
}

static struct gpio *gpio_of(struct soc *s)
{
    struct port *p = regs_owner(soc_device_at(s, BASE[0])->ctx);

    return p->gpio;
}

void gpio_pin_drive(struct soc *s, unsigned gpio, unsigned pin, bool level)
{
    struct gpio *g = gpio_of(s);
    uint32_t *outside = &g->outside[pads_of(gpio - 1)];

    *outside = (*outside & ~(1u << pin)) | (uint32_t)level << pin;
    look(g);
}

bool gpio_pin_level(struct soc *s, unsigned gpio, unsigned pin)
{
    return pad_level(gpio_of(s), pads_of(gpio - 1)) >> pin & 1;
}
