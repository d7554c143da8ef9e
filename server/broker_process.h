/* broker_process.h - the private mosquitto: a child that is kept alive.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_BROKER_PROCESS_H
#define TERN_SERVER_BROKER_PROCESS_H

#include "server/data_folder.h"
#include "server/options.h"
#include "server/tls_files.h"

struct broker_process;

/* Write mosquitto.conf, start mosquitto and wait until it accepts connections.
 * It ends when this thread's process does, however that ends.
 *
 * o->mqtt.port, o->mqtt_tls.port  0: a free one is picked and written there.
 * tls  kept; looked at if there is a TLS listener
 * NULL: why, with the last thing that mosquitto said. */
struct broker_process *broker_process_start(struct options *o,
                                            const struct data_folder *d,
                                            const struct tls_files *tls,
                                            struct diag *why);

/* Where ternd itself connects when there is no plain listener: a socket in the
 * data folder. */
void broker_process_socket(char out[PATH_MAX], const struct data_folder *d);

/* See whether it died, and start it again when it is time to. To be called
 * after SIGCHLD and once a second; never waits. */
void broker_process_poll(struct broker_process *b);

/* Have it read its certificates again. Connections stay. */
void broker_process_reload(struct broker_process *b);

/* End it and wait for that; NULL is fine. */
void broker_process_stop(struct broker_process *b);

#endif
