/* plugin.h - the plugin's one struct, given to every callback.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BROKER_PLUGIN_H
#define TERN_BROKER_PLUGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/delivery.h"
#include "broker/keys.h"
#include "broker/options.h"
#include "broker/report.h"
#include "broker/sessions.h"

struct plugin {
    mosquitto_plugin_id_t *id; /* the broker's */
    struct keys *keys;
    struct sessions sessions;
    struct delivery_queue deliveries;
    char service_secret[SERVICE_SECRET_MAX];
    int64_t keys_polled_ms;      /* when; monotonic clock */
    bool reloading;              /* between SIGHUP's RELOAD and the next TICK */
    struct report_limit refused; /* logins */
    struct report_limit denied;  /* topics */
};

/* Take in what is new in the keys file and close the connections of devices
 * that may no longer have one. */
void plugin_keys_poll(struct plugin *p);

#endif
