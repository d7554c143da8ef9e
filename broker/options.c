/* options.c - plugin_opt_... in mosquitto.conf, and the service's secret.
 *
 * Tests: test/system/test_broker.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "broker/options.h"

#include <errno.h>
#include <mosquitto.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void log_error(const char *sentence)
{
    mosquitto_log_printf(MOSQ_LOG_ERR, "tern: %s", sentence);
}

bool options_read(struct options *o, const struct mosquitto_opt *list,
                  int count)
{
    *o = (struct options){NULL, NULL};
    for (int i = 0; i < count; i++) {
        if (strcmp(list[i].key, "keys_file") == 0) {
            o->keys_file = list[i].value;
        } else if (strcmp(list[i].key, "service_secret_file") == 0) {
            o->service_secret_file = list[i].value;
        } else {
            mosquitto_log_printf(MOSQ_LOG_ERR,
                                 "tern: there is no option plugin_opt_%s; "
                                 "there are keys_file, service_secret_file",
                                 list[i].key);
            return false;
        }
    }
    if (o->keys_file == NULL)
        log_error("plugin_opt_keys_file is missing in mosquitto.conf");
    if (o->service_secret_file == NULL)
        log_error(
            "plugin_opt_service_secret_file is missing in mosquitto.conf");
    return o->keys_file != NULL && o->service_secret_file != NULL;
}

/* The first line of the file; false if it cannot be a secret. */
static bool secret_line_read(char out[SERVICE_SECRET_MAX], FILE *f)
{
    char line[SERVICE_SECRET_MAX + 1]; /* and its line feed */

    if (fgets(line, sizeof line, f) == NULL)
        return false;
    size_t len = strcspn(line, "\r\n");
    bool whole = line[len] != '\0' || feof(f) != 0;
    line[len] = '\0';
    bool ok = whole && len >= SERVICE_SECRET_MIN && len < SERVICE_SECRET_MAX;
    if (ok)
        memcpy(out, line, len + 1);
    explicit_bzero(line, sizeof line);
    return ok;
}

bool options_secret_read(char out[SERVICE_SECRET_MAX], const char *path)
{
    struct stat st;
    FILE *f = fopen(path, "re");

    if (f == NULL) {
        mosquitto_log_printf(MOSQ_LOG_ERR,
                             "tern: cannot open service secret file %s: %s",
                             path, strerror(errno));
        return false;
    }
    if (fstat(fileno(f), &st) == 0 && (st.st_mode & 077) != 0)
        mosquitto_log_printf(MOSQ_LOG_WARNING,
                             "tern: other users can read %s; chmod it to 0600",
                             path);
    bool ok = secret_line_read(out, f);
    (void)fclose(f);
    if (!ok)
        mosquitto_log_printf(MOSQ_LOG_ERR,
                             "tern: %s must hold one line of %d to %d "
                             "characters",
                             path, SERVICE_SECRET_MIN, SERVICE_SECRET_MAX - 1);
    return ok;
}
