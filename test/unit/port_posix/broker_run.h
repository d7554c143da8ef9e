/* broker_run.h - a real mosquitto for one test, on a port the OS picked.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_BROKER_RUN_H
#define TERN_TEST_BROKER_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct broker {
    char dir[64]; /* its configuration and log */
    uint16_t port;
    pid_t pid; /* 0 when it does not run */
};

/* Start it and wait until it listens; fails the test if it does not.
 * anonymous  false: nobody may log in. */
void broker_start(struct broker *b, bool anonymous);

/* Kill it, wait for its end, and remove its folder. */
void broker_stop(struct broker *b);

#endif
