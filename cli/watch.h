/* watch.h - follow a job until each of its tasks is over.
 *
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_WATCH_H
#define TERN_CLI_WATCH_H

#include "cli/api.h"

/* Print a line for each event as it happens, and the tasks at the end; with
 * --json only {"job_id":..,"tasks":[..]} at the end.
 *
 * A server that goes away is waited for, for half a minute. An interrupt from
 * the keyboard ends the watching and nothing else.
 *
 * Returns CLI_OK if every task SUCCEEDED, else the exit code after saying what
 * is wrong. */
int watch_job(struct api *a, json_int_t job);

/* One event of the server as a line on stdout. */
void watch_print_event(const json_t *event);

#endif
