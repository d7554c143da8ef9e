/* wait.c - see wait.h; and what follows a fault of the bootloader.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/wait.h"

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/fault.h"
#include "port/imxrt1060/wdog.h"
#include "targets/imxrt1060-sbl/sbl_limits.h"

const char FAULT_WHO[] = "bootloader";

void wait_for_help(void)
{
    wdog_start(SBL_WAIT_SECONDS);
    for (;;)
        core_sleep();
}

void fault_end(void)
{
    wait_for_help();
}
