/* peripherals.c - the list of models of the board.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"

void peripherals_add_all(struct soc *s)
{
    ccm_add(s);
    ccm_analog_add(s);
    dcdc_add(s);
    gpc_add(s);
    gpio_add(s);
    gpt_add(s);
    iomuxc_add(s);
    iomuxc_gpr_add(s);
    lpuart_add(s);
    ocotp_add(s);
    pit_add(s);
    plain_add(s);
    rtwdog_add(s);
    snvs_add(s);
    src_add(s);
    trng_add(s);
    usb_add(s);
    usbphy_add(s);
    usdhc_add(s);
    wdog_add(s);
}
