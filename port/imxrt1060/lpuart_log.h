/* lpuart_log.h - lines on the console, stamped with the time since boot.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_LPUART_LOG_H
#define TERN_PORT_IMXRT1060_LPUART_LOG_H

#include "port/port_clock.h"
#include "port/port_log.h"

/* Lines look like `[21.888] text` or `[21.888][LK-0309] text`, and end in CR
 * LF. lpuart_begin() comes before the first. clock: kept. */
struct port_log lpuart_log(struct port_clock *clock);

#endif
