/* test_agent_quiet.c - the agent with agent_log_none.c: the same update, told
 * the same way to the server, and not a line on the console.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/agent_rig.h"

enum { BODY_BYTES = 100000, HOUR_MS = 3600000 };

static bool has_failed(const struct rig *r)
{
    return r->server.failures > 0;
}

/* The boot core shares the console and goes on to speak. */
static bool is_quiet(const struct rig *r)
{
    return !rig_has_logged(r, "[LK-") && !rig_has_logged(r, "OTA") &&
           !rig_has_logged(r, "download");
}

static void quiet_agent_tells_only_the_server(void **state)
{
    rig_keys_new();
    struct rig_image *old = rig_image_new("1.3.0", 3000, false);
    struct rig_image *foreign = rig_image_new("1.4.0", BODY_BYTES, true);
    struct rig_image *good = rig_image_new("1.4.0", BODY_BYTES, false);
    struct rig *r = rig_new(old);

    (void)state;
    rig_task(r, foreign, "1.4.0");
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, has_failed, HOUR_MS));
    rig_task(r, good, "1.4.0");
    assert_true(rig_update(r, HOUR_MS));

    assert_non_null(strstr(r->server.failure, "image refused: "));
    assert_int_equal(rig_count_step(r, "100", "verified"), 1);
    assert_true(is_quiet(r));

    rig_free(r);
    free(good);
    free(foreign);
    free(old);
    rig_keys_free();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quiet_agent_tells_only_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
