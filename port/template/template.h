/* template.h - a port to copy. For a new chip: copy port/template to
 * port/{chip}, rename `template_` to `{chip}_`, and fill in each function that
 * returns an error. Then link your folder instead of another one; nothing in
 * the core is touched.
 *
 *   template_flash.c  the bootloader and the agent need it
 *   template_log.c    both; may do nothing
 *   template_clock.c  the agent
 *   template_rng.c    the agent
 *   template_net.c    the agent
 *   template_link.c   the agent, if there is no MQTT client for your stack yet
 *
 * How to know that it is right: run the flash through a power-cut rig, or put
 * its driver behind test/sweep on a simulator of your controller.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_TEMPLATE_H
#define TERN_PORT_TEMPLATE_H

#include "port/port_clock.h"
#include "port/port_flash.h"
#include "port/port_link.h"
#include "port/port_log.h"
#include "port/port_net.h"
#include "port/port_rng.h"

struct port_flash template_flash(void);
struct port_log template_log(void);
struct port_clock template_clock(void);
struct port_rng template_rng(void);
struct port_net template_net(void);
struct port_link template_link(void);

#endif
