/* agent_main.c - the agent as firmware links it, with ports that do nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/agent_state.h"
#include "bench/size/ports.h"

static struct agent agent;
extern struct port_net bench_net;
extern struct port_link bench_link;
extern struct port_clock bench_clock;
extern struct port_rng bench_rng;
extern struct port_log bench_log;

/* Never called: the linker must not know what the ports do. */
struct port_net bench_net;
struct port_link bench_link;
struct port_clock bench_clock;
struct port_rng bench_rng;
struct port_log bench_log;

int main(void)
{
    static const struct agent_config config = {
        .product_key = "pk",
        .device_name = "dn",
        .device_secret = "secret",
        .mqtt_host = "host",
        .keys = {bench_key, 1, NULL},
        .flash = &bench_flash,
        .net = &bench_net,
        .link = &bench_link,
        .clock = &bench_clock,
        .rng = &bench_rng,
        .log = &bench_log,
    };

    if (agent_init(&agent, &config) != OTA_OK)
        return 1;
    while (agent_poll(&agent) != AGENT_RESET)
        continue;
    return 0;
}
