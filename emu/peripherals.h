/* peripherals.h - every model that the board has, and the few that the board
 * itself talks to.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_PERIPHERALS_H
#define TERN_EMU_PERIPHERALS_H

#include "emu/soc.h"

/* Adds all of the models below: call it once per soc. */
void peripherals_add_all(struct soc *s);

/* Sorted. */
void ccm_add(struct soc *s);
void ccm_analog_add(struct soc *s);
void dcdc_add(struct soc *s);
void gpc_add(struct soc *s);
void gpio_add(struct soc *s);
void gpt_add(struct soc *s);
void iomuxc_add(struct soc *s);
void iomuxc_gpr_add(struct soc *s);
void lpuart_add(struct soc *s);
void ocotp_add(struct soc *s);
void pit_add(struct soc *s);
void plain_add(struct soc *s);
void rtwdog_add(struct soc *s);
void snvs_add(struct soc *s);
void src_add(struct soc *s);
void trng_add(struct soc *s);
void usb_add(struct soc *s);
void usbphy_add(struct soc *s);
void usdhc_add(struct soc *s);
void wdog_add(struct soc *s);

/* Beside those: the flash controller needs the chip that hangs on it, and
 * resets it (nor_reset, nor_soc_reset). */
struct nor;
void flexspi_add(struct soc *s, struct nor *n);

/* A pad's level, as a button or another chip drives it; lasts until set again.
 * gpio 1..5; the fast ports 6..9 see the pads of 1..4. */
void gpio_pin_drive(struct soc *s, unsigned gpio, unsigned pin, bool level);
/* What a lamp at the pad would show. */
bool gpio_pin_level(struct soc *s, unsigned gpio, unsigned pin);

#endif
