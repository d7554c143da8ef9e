/* test_conformance.c - runs the firmware's claims on the board once, then has
 * one test for each of them: the firmware said PASS.
 *
 * The claims are listed in firmware/claims.h and proved in firmware/t_*.c. One
 * that the firmware did not reach fails too.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/emu/evk.h"
#include "test/emu/firmware/claims.h"

static struct evk *evk;
static enum board_stop stop;

static int run_firmware(void **state)
{
    (void)state;
    evk = evk_new(NULL, SCENARIO_CONFORMANCE, 0);
    stop = evk_boot(evk);
    return 0;
}

static int free_board(void **state)
{
    (void)state;
    evk_free(evk);
    return 0;
}

/* The line of the console that begins with `verdict name`, or NULL. */
static const char *line_of(const char *verdict, const char *name)
{
    char begin[128];
    size_t len = (size_t)snprintf(begin, sizeof begin, "%s %s", verdict, name);

    for (const char *at = evk->console.bytes; (at = strstr(at, begin)); at++)
        if (at[len] == '\n' || at[len] == ':')
            return at;
    return NULL;
}

static void claim_holds(void **state)
{
    const char *name = *state;
    const char *failed = line_of("FAIL", name);

    if (failed)
        fail_msg("%.*s", (int)strcspn(failed, "\n"), failed);
    if (!line_of("PASS", name))
        fail_msg("%s was not reached", name);
}

static void firmware_ends_by_itself(void **state)
{
    struct board_stats stats;

    (void)state;
    board_stats(evk->board, &stats);
    if (stop != BOARD_STOP_EXIT)
        fail_msg("stopped (%d) at 0x%08X after: %s", stop, stats.pc,
                 evk->console.bytes);
    assert_int_equal(stats.exit_code, EXIT_PASSED);
}

#define CLAIM_TEST(f) {#f, claim_holds, NULL, NULL, (void *)#f},

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALL_CLAIMS(CLAIM_TEST) cmocka_unit_test(firmware_ends_by_itself),
    };

    return cmocka_run_group_tests(tests, run_firmware, free_board);
}
