/* device_bench.c - a tern-device process on the bench.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/targets_posix-device/device_bench.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "boot/flash_layout.h"
#include "port/posix/posix_clock.h"

enum { PATIENCE_MS = 20000 };

static void file_write(const char *path, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
}

void bench_begin(struct bench *b)
{
    static const char IDENTITY[] =
        "{\"productKey\":\"pk1\",\"deviceName\":\"dev-01\","
        "\"deviceSecret\":\"0123456789\",\"mqttHost\":\"127.0.0.1\","
        "\"mqttPort\":1883,\"httpPort\":8080}";
    static uint8_t blank[FLASH_BYTES];

    memset(b, 0, sizeof *b);
    (void)snprintf(b->dir, sizeof b->dir, "/tmp/tern-device-XXXXXX");
    assert_non_null(mkdtemp(b->dir));
    (void)snprintf(b->flash, sizeof b->flash, "%s/flash", b->dir);
    (void)snprintf(b->identity, sizeof b->identity, "%s/identity", b->dir);
    (void)snprintf(b->key, sizeof b->key, "%s/key", b->dir);
    (void)snprintf(b->todo, sizeof b->todo, "%s/todo", b->dir);
    memset(blank, 0xff, sizeof blank);
    file_write(b->flash, blank, sizeof blank);
    file_write(b->identity, IDENTITY, sizeof IDENTITY - 1);
    test_key_new(&b->signer);
    file_write(b->key, b->signer.point, sizeof b->signer.point);
    b->console = -1;
    bench_todo(b, "");
}

void bench_end(struct bench *b)
{
    if (b->pid > 0) {
        kill(b->pid, SIGKILL);
        waitpid(b->pid, NULL, 0);
    }
    if (b->console >= 0)
        close(b->console);
    test_key_free(&b->signer);
    unlink(b->flash);
    unlink(b->identity);
    unlink(b->key);
    unlink(b->todo);
    rmdir(b->dir);
}

void bench_todo(struct bench *b, const char *letters)
{
    file_write(b->todo, letters, strlen(letters));
}

void bench_flash(struct bench *b, struct posix_flash *f)
{
    char why[POSIX_FLASH_WHY_MAX];

    assert_int_equal(posix_flash_open(f, b->flash, why), OTA_OK);
}

/* Bytes into a slot, as the installer would: a file is a file. */
static void slot_write(struct bench *b, enum slot s, const void *bytes,
                       size_t len)
{
    int fd = open(b->flash, O_WRONLY | O_CLOEXEC);

    assert_true(fd >= 0 && len <= FLASH_SLOT_BYTES);
    assert_int_equal(pwrite(fd, bytes, len, (off_t)slot_offset(s)),
                     (ssize_t)len);
    close(fd);
}

static void install(struct bench *b, enum slot s, const struct test_key *key,
                    const struct test_image_spec *spec)
{
    static uint8_t image[FLASH_SLOT_BYTES];

    size_t len = test_image_build(image, sizeof image, key, spec);
    slot_write(b, s, image, len);
}

void bench_install(struct bench *b, enum slot s, const struct test_key *key,
                   const char *version)
{
    static uint8_t body[FLASH_SLOT_BYTES];
    int fd = open(PROBE_PATH, O_RDONLY | O_CLOEXEC);

    assert_true(fd >= 0);
    ssize_t n = read(fd, body, sizeof body);
    close(fd);
    assert_true(n > 0 && (size_t)n < sizeof body);
    install(b, s, key,
            &(struct test_image_spec){
                .version = version, .body = body, .body_len = (size_t)n});
}

void bench_install_body(struct bench *b, enum slot s, const uint8_t *body,
                        size_t len)
{
    install(b, s, &b->signer,
            &(struct test_image_spec){
                .version = "1.0.0", .body = body, .body_len = len});
}

void bench_damage(struct bench *b, enum slot s)
{
    off_t off = (off_t)slot_offset(s) + 0x1000;
    int fd = open(b->flash, O_RDWR | O_CLOEXEC);
    uint8_t byte;

    assert_int_equal(pread(fd, &byte, 1, off), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, off), 1);
    close(fd);
}

static _Noreturn void device_become(const struct bench *b, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* Names without their folder: the device has to find its files again. */
    if (chdir(b->dir) != 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(out, STDERR_FILENO) < 0 || setenv("PROBE_TODO", b->todo, 1) != 0)
        _exit(127);
    execl(TERN_DEVICE_PATH, "tern-device", "--flash", "flash", "--identity",
          "identity", "--key", "key", (char *)NULL);
    _exit(127);
}

void bench_power_on(struct bench *b)
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    b->pid = fork();
    if (b->pid == 0)
        device_become(b, ends[1]);
    assert_true(b->pid > 0);
    close(ends[1]);
    if (b->console >= 0)
        close(b->console);
    b->console = ends[0];
    b->len = b->seen = 0;
}

/* Read what is there within ms. False: the console's other end is closed. */
static bool console_read(struct bench *b, int ms)
{
    struct pollfd p = {.fd = b->console, .events = POLLIN};

    if (poll(&p, 1, ms) <= 0)
        return true;
    assert_true(b->len + 1 < sizeof b->text);
    ssize_t n = read(b->console, b->text + b->len, sizeof b->text - 1 - b->len);
    if (n <= 0)
        return false;
    b->len += (size_t)n;
    b->text[b->len] = '\0';
    return true;
}

const char *bench_expect(struct bench *b, const char *text)
{
    uint64_t end = posix_monotonic_ms() + PATIENCE_MS;
    bool open = true;

    b->text[b->len] = '\0';
    for (;;) {
        const char *found = strstr(b->text + b->seen, text);
        if (found != NULL) {
            b->seen = (size_t)(found - b->text) + strlen(text);
            return b->text + b->seen;
        }
        if (!open || posix_monotonic_ms() >= end)
            fail_msg("the console never said \"%s\":\n%s", text, b->text);
        open = console_read(b, 20);
    }
}

pid_t bench_expect_probe(struct bench *b, int slot)
{
    char text[64];

    (void)snprintf(text, sizeof text, "probe: runs in slot %d, pid ", slot);
    const char *pid = bench_expect(b, text);
    while (strchr(pid, '\n') == NULL)
        assert_true(console_read(b, PATIENCE_MS));
    return (pid_t)strtol(pid, NULL, 10);
}

bool bench_ends(pid_t pid, int *status)
{
    uint64_t end = posix_monotonic_ms() + PATIENCE_MS;

    while (waitpid(pid, status, WNOHANG) == 0) {
        if (posix_monotonic_ms() >= end) {
            kill(pid, SIGKILL);
            waitpid(pid, status, 0);
            return false;
        }
        poll(NULL, 0, 5);
    }
    return true;
}

int bench_exit_code(struct bench *b)
{
    int status = 0;
    bool ended = bench_ends(b->pid, &status);

    b->pid = 0;
    (void)console_read(b, 0);
    if (!ended)
        fail_msg("tern-device went on:\n%s", b->text);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}
