/* test_tern_device.c - the board: what boots, what resets do, what is refused.
 * A real tern-device process runs a real program out of its flash file.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
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

#include "test/unit/targets_posix-device/device_bench.h"

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);

    bench_begin(b);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    bench_end(*state);
    free(*state);
    return 0;
}

static void device_signed_program_runs_with_absolute_paths(void **state)
{
    struct bench *b = *state;
    char line[256];

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_power_on(b);

    (void)snprintf(line, sizeof line, "probe: app %s %s %s\n", b->flash,
                   b->identity, b->key);
    bench_expect(b, "board: power on");
    bench_expect(b, "hello sbl.");
    bench_expect(b, line);
    assert_int_equal(bench_expect_probe(b, 1) > 0, 1);
}

static void device_power_off_ends_well_and_leaves_no_program(void **state)
{
    struct bench *b = *state;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_power_on(b);
    pid_t program = bench_expect_probe(b, 1);

    kill(b->pid, SIGTERM);

    assert_int_equal(bench_exit_code(b), 0);
    assert_int_equal(kill(program, 0), -1);
    assert_int_equal(errno, ESRCH);
    bench_expect(b, "board: power off");
}

static void device_board_that_is_killed_takes_the_program_along(void **state)
{
    struct bench *b = *state;
    int status;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_power_on(b);
    pid_t program = bench_expect_probe(b, 1);
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* its orphan becomes ours */

    kill(b->pid, SIGKILL);
    assert_int_equal(waitpid(b->pid, NULL, 0), b->pid);
    b->pid = 0;

    bool gone = bench_ends(program, &status);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    assert_true(gone);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void device_exit_code_64_is_a_software_reset(void **state)
{
    struct bench *b = *state;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_todo(b, "rr");
    bench_power_on(b);

    for (int i = 0; i < 2; i++) {
        bench_expect_probe(b, 1);
        bench_expect(b, "board: software reset");
        bench_expect(b, "hello sbl.");
    }
    bench_expect_probe(b, 1);
}

static void device_program_that_dies_is_started_by_the_watchdog(void **state)
{
    struct bench *b = *state;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_todo(b, "c");
    bench_power_on(b);

    bench_expect_probe(b, 1);
    bench_expect(b, "board: watchdog reset: the program died of signal 9");
    bench_expect_probe(b, 1);
}

/* 1 is also what the boot child ends with when nothing can run. */
static void device_program_that_ends_is_started_by_the_watchdog(void **state)
{
    struct bench *b = *state;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_todo(b, "1");
    bench_power_on(b);

    bench_expect_probe(b, 1);
    bench_expect(b, "watchdog reset: the program ended with exit code 1");
    bench_expect_probe(b, 1);
}

static void device_crash_loop_is_slowed_and_can_be_switched_off(void **state)
{
    struct bench *b = *state;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_todo(b, "cccccc");
    bench_power_on(b);

    for (int i = 0; i < 5; i++)
        bench_expect(b, "board: watchdog reset");
    bench_expect(b, "board: it crashes too often: waiting 1000 ms");
    kill(b->pid, SIGINT);
    assert_int_equal(bench_exit_code(b), 0);
    bench_expect(b, "board: power off");
}

static void device_reset_button_starts_it_again(void **state)
{
    struct bench *b = *state;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_power_on(b);
    pid_t first = bench_expect_probe(b, 1);

    kill(b->pid, SIGUSR1);

    bench_expect(b, "board: reset button");
    assert_int_not_equal(bench_expect_probe(b, 1), first);
}

static void arm(struct bench *b)
{
    struct posix_flash f;

    bench_flash(b, &f);
    assert_int_equal(boot_trial_request(&f.port), OTA_OK);
    posix_flash_close(&f);
}

static void device_trial_that_confirms_stays(void **state)
{
    struct bench *b = *state;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_install(b, SLOT_2, &b->signer, "1.4.0");
    arm(b);
    bench_todo(b, "k");
    bench_power_on(b);

    bench_expect_probe(b, 2);
    bench_expect(b, "probe: confirmed");
    kill(b->pid, SIGUSR1);
    bench_expect_probe(b, 2);
}

static void device_trial_that_is_reset_goes_back(void **state)
{
    struct bench *b = *state;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_install(b, SLOT_2, &b->signer, "1.4.0");
    arm(b);
    bench_power_on(b);

    bench_expect_probe(b, 2);
    kill(b->pid, SIGUSR1);
    bench_expect_probe(b, 1);
}

static void device_damaged_image_is_refused_and_nothing_else_tried(void **st)
{
    struct bench *b = *st;

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_damage(b, SLOT_1);
    bench_power_on(b);

    assert_int_equal(bench_exit_code(b), 1);
    bench_expect(b, "slot 1 refused: ");
    bench_expect(b, "board: nothing can run");
    assert_null(strstr(b->text, "probe:"));
}

static void device_image_by_a_foreign_key_is_refused(void **state)
{
    struct bench *b = *state;
    struct test_key foreign;

    test_key_new(&foreign);
    bench_install(b, SLOT_1, &foreign, "1.3.0");
    test_key_free(&foreign);
    bench_power_on(b);

    assert_int_equal(bench_exit_code(b), 1);
    bench_expect(b, "slot 1 refused: ");
    assert_null(strstr(b->text, "probe:"));
}

static void device_blank_flash_ends_with_advice(void **state)
{
    struct bench *b = *state;

    bench_power_on(b);

    assert_int_equal(bench_exit_code(b), 1);
    bench_expect(b, "tern flash install");
}

static void device_signed_body_that_is_no_program_is_a_crash(void **state)
{
    static const uint8_t BODY[5000] = "#!/bin/sh\n";
    struct bench *b = *state;

    bench_install_body(b, SLOT_1, BODY, sizeof BODY);
    bench_power_on(b);

    bench_expect(b, "its body is no program for this machine");
    bench_expect(b, "board: watchdog reset");
    bench_expect(b, "board: it crashes too often");
}

static void device_second_on_one_flash_is_refused(void **state)
{
    struct bench *b = *state;
    struct bench *second = malloc(sizeof *second);

    bench_install(b, SLOT_1, &b->signer, "1.3.0");
    bench_power_on(b);
    bench_expect_probe(b, 1);
    *second = *b;
    second->console = -1;

    bench_power_on(second);

    assert_int_equal(bench_exit_code(second), 1);
    bench_expect(second, "is in use by another device");
    close(second->console);
    free(second);
}

static void device_identity_that_lacks_a_field_is_refused(void **state)
{
    struct bench *b = *state;
    FILE *f = fopen(b->identity, "w");

    fputs("{\"productKey\":\"pk1\",\"deviceName\":\"d\"}", f);
    fclose(f);
    bench_power_on(b);

    assert_int_equal(bench_exit_code(b), 1);
    bench_expect(b, "\"deviceSecret\" is missing");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(device_signed_program_runs_with_absolute_paths),
        CASE(device_power_off_ends_well_and_leaves_no_program),
        CASE(device_board_that_is_killed_takes_the_program_along),
        CASE(device_exit_code_64_is_a_software_reset),
        CASE(device_program_that_dies_is_started_by_the_watchdog),
        CASE(device_program_that_ends_is_started_by_the_watchdog),
        CASE(device_crash_loop_is_slowed_and_can_be_switched_off),
        CASE(device_reset_button_starts_it_again),
        CASE(device_trial_that_confirms_stays),
        CASE(device_trial_that_is_reset_goes_back),
        CASE(device_damaged_image_is_refused_and_nothing_else_tried),
        CASE(device_image_by_a_foreign_key_is_refused),
        CASE(device_blank_flash_ends_with_advice),
        CASE(device_signed_body_that_is_no_program_is_a_crash),
        CASE(device_second_on_one_flash_is_refused),
        CASE(device_identity_that_lacks_a_field_is_refused),
    };
    return cmocka_run_group_tests_name("tern_device", tests, NULL, NULL);
}
