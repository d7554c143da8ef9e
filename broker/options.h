/* options.h - plugin_opt_... in mosquitto.conf, and the service's secret.
 *
 * Each refusal is in the log.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BROKER_OPTIONS_H
#define TERN_BROKER_OPTIONS_H

#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>
#include <stdbool.h>

enum { SERVICE_SECRET_MIN = 16, SERVICE_SECRET_MAX = 129 /* with NUL */ };

/* Borrowed from the broker's list. */
struct options {
    const char *keys_file, *service_secret_file;
};

/* False: one is missing, or there is one of another name. */
bool options_read(struct options *o, const struct mosquitto_opt *list,
                  int count);

/* The one line of the file. False: no such file, too short or too long. */
bool options_secret_read(char out[SERVICE_SECRET_MAX], const char *path);

void log_error(const char *sentence);

#endif
