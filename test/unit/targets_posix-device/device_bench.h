/* device_bench.h - a tern-device process on the bench: its files in a folder
 * of their own, its console in our hands.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_DEVICE_BENCH_H
#define TERN_TEST_DEVICE_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "boot/boot_api.h"
#include "port/posix/posix_flash.h"
#include "test/support/image_builder.h"

struct bench {
    char dir[32];
    char flash[64], identity[64], key[64], todo[64]; /* paths in dir */
    struct test_key signer;
    pid_t pid;   /* of tern-device; 0 when it does not run */
    int console; /* what it prints, stdout and stderr */
    char text[65536];
    size_t len, seen; /* bytes of text; how far expect() has read */
};

/* Files for a device with a blank flash. */
void bench_begin(struct bench *b);
/* Cut the power and remove everything. */
void bench_end(struct bench *b);

/* Write the probe, signed by key, into a slot. */
void bench_install(struct bench *b, enum slot s, const struct test_key *key,
                   const char *version);
/* The same with another body. */
void bench_install_body(struct bench *b, enum slot s, const uint8_t *body,
                        size_t len);
/* Change one byte in the middle of the image in a slot. */
void bench_damage(struct bench *b, enum slot s);
/* What the probe will do at its next starts: device_probe.c. */
void bench_todo(struct bench *b, const char *letters);
/* Open the flash itself, while no device runs. */
void bench_flash(struct bench *b, struct posix_flash *f);

/* Switch the device on. */
void bench_power_on(struct bench *b);
/* Wait for this text on the console, after the text expected before; fails the
 * test, showing the console, if it does not come. Returns what follows it. */
const char *bench_expect(struct bench *b, const char *text);
/* Expect that the probe has started in this slot. Returns its process id. */
pid_t bench_expect_probe(struct bench *b, int slot);
/* Wait for the end of a child. False: it went on, and was killed now. */
bool bench_ends(pid_t pid, int *status);
/* Wait for the end of tern-device. Returns its exit code. */
int bench_exit_code(struct bench *b);

#endif
