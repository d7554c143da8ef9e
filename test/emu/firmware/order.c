/* order.c - handlers of IRQ_A..IRQ_D that note when they begin and end.
 *
 * SPDX-License-Identifier: MIT
 */
#include "order.h"

#include "core.h"
#include "harness.h"

enum { LINES = 4 };

static volatile uint32_t noted;
static void (*volatile actions[LINES])(void);

void order_note(uint32_t digit)
{
    noted = noted << 4 | digit;
}

static void handle(unsigned line)
{
    order_note(2 * line + A_BEGINS);
    if (actions[line])
        actions[line]();
    order_note(2 * line + A_ENDS);
}

static void handle_a(void)
{
    handle(0);
}

static void handle_b(void)
{
    handle(1);
}

static void handle_c(void)
{
    handle(2);
}

static void handle_d(void)
{
    handle(3);
}

void order_begin(const uint8_t priorities[4])
{
    static void (*const handlers[LINES])(void) = {handle_a, handle_b, handle_c,
                                                  handle_d};

    noted = 0;
    for (unsigned line = 0; line < LINES; line++) {
        actions[line] = NULL;
        set_handler(EXC_IRQ0 + IRQ_A + line, handlers[line]);
        enable_irq(IRQ_A + line, priorities[line]);
    }
}

void order_do(unsigned irq, void (*action)(void))
{
    actions[irq - IRQ_A] = action;
}

void order_other(void)
{
    order_note(OTHER);
}

uint32_t order(void)
{
    return noted;
}
