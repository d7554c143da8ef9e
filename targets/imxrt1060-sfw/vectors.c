/* vectors.c - the vector table, the first thing behind the image header; and
 * what follows a fault.
 *
 * The table and the handlers lie in flash. No interrupt has to be served while
 * the flash is busy: the driver keeps them off (flexspi_flash.h), the Ethernet
 * rings and TCP's window hold what arrives meanwhile, the console waits.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/enet.h"
#include "port/imxrt1060/fault.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/lpuart.h"
#include "port/imxrt1060/m7.h"
#include "port/imxrt1060/start.h"

const char FAULT_WHO[] = "firmware";

/* The bootloader notes the reset, and in a trial goes back. */
void fault_end(void)
{
    lpuart_flush();
    m7_reset();
}

static void tick(void)
{
    /* It has woken the core; there is nothing else to do. */
}

struct sfw_vectors {
    struct start_vectors core;
    void (*interrupt[ENET_IRQ + 1])(void); /* others are never enabled */
};

__attribute__((section(".boot.vectors"),
               used)) static const struct sfw_vectors VECTORS = {
    .core = {.stack = stack_top,
             .reset = start_reset,
             .handler = {fault, fault, fault, fault, fault, fault, fault, fault,
                         fault, fault, fault, fault, fault, tick}},
    .interrupt =
        {[LPUART1_IRQ] = lpuart_interrupt, [ENET_IRQ] = enet_interrupt},
};
