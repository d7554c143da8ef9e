/* keys.h - the secrets of all devices, in memory, following a file.
 *
 * The broker has one thread and a login is answered at once, so a secret must
 * be at hand. The server appends to the file or replaces it by rename; the
 * follower takes in what is new when it is polled.
 *
 * Source: spec/device-protocol.md section 9.
 * Tests: test/unit/broker/test_keys.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BROKER_KEYS_H
#define TERN_BROKER_KEYS_H

#include <stdbool.h>

struct keys;

/* Where sentences for the log go (a bad line, a missing file). */
typedef void (*keys_report)(const char *sentence);

/* Open and read a keys file. NULL: missing, unreadable or no keys file; the
 * reason was reported. */
struct keys *keys_open(const char *path, keys_report report);

/* Take in what was appended, or a new file in its place. A line without its
 * line feed waits; a malformed one is reported and skipped; a file that is
 * gone or is no keys file is reported once, and what is known stays.
 *
 * Returns true if somebody may have lost the right to be connected. */
bool keys_poll(struct keys *k);

/* The device's secret, or NULL if it may not connect. Valid until the next
 * keys_poll(). */
const char *keys_secret(const struct keys *k, const char *product_key,
                        const char *device_name);

/* NULL does nothing. Wipes the secrets. */
void keys_close(struct keys *k);

#endif
