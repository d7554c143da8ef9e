/* test_posix_log.c - lines as a person sees them; clock and random numbers.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "port/posix/posix_clock.h"
#include "port/posix/posix_log.h"
#include "port/posix/posix_rng.h"

static uint32_t fixed_ms(void *ctx)
{
    return *(const uint32_t *)ctx;
}

/* What one call of line() leaves in a pipe. */
static size_t logged(char *out, size_t cap, uint32_t at_ms, const char *text)
{
    const struct port_clock clock = {.ctx = &at_ms, .now_ms = fixed_ms};
    struct posix_log log;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    posix_log_init(&log, &clock, ends[1]);
    log.port.line(log.port.ctx, text);
    close(ends[1]);
    ssize_t n = read(ends[0], out, cap - 1);
    close(ends[0]);
    assert_true(n >= 0);
    out[n] = '\0';
    return (size_t)n;
}

static void posix_log_line_has_seconds_and_milliseconds(void **state)
{
    char got[128];

    (void)state;
    logged(got, sizeof got, 21888, "hello sbl.");
    assert_string_equal(got, "[21.888] hello sbl.\n");
    logged(got, sizeof got, 7, "");
    assert_string_equal(got, "[0.007] \n");
}

static void posix_log_control_characters_cannot_reach_a_terminal(void **state)
{
    char got[128];

    (void)state;
    logged(got, sizeof got, 0, "a\nb\x1b[2J\x7f \xc3\xa9");
    assert_string_equal(got, "[0.000] a?b?[2J? \xc3\xa9\n");
}

static void posix_log_long_line_is_cut_and_says_so(void **state)
{
    char text[POSIX_LOG_LINE_MAX * 2], got[POSIX_LOG_LINE_MAX * 2];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';

    size_t n = logged(got, sizeof got, 0, text);

    assert_true(n <= POSIX_LOG_LINE_MAX);
    assert_string_equal(got + n - 5, "x...\n");
}

static void posix_log_nobody_reading_is_survived(void **state)
{
    uint32_t at_ms = 0;
    const struct port_clock clock = {.ctx = &at_ms, .now_ms = fixed_ms};
    struct posix_log log;

    (void)state;
    posix_log_init(&log, &clock, -1);
    log.port.line(log.port.ctx, "into nowhere");
}

static void posix_clock_begins_near_zero_and_goes_on(void **state)
{
    struct posix_clock c;

    (void)state;
    posix_clock_init(&c);
    assert_true(c.port.now_ms(c.port.ctx) < 60000);
    uint32_t before = c.port.now_ms(c.port.ctx);
    while (c.port.now_ms(c.port.ctx) == before)
        ; /* ends: the claim is that time goes on */
}

static void posix_rng_numbers_differ(void **state)
{
    struct port_rng r = posix_rng();
    uint32_t all_or = 0, all_and = UINT32_MAX;

    (void)state;
    for (int i = 0; i < 64; i++) {
        uint32_t v = r.u32(r.ctx);
        all_or |= v;
        all_and &= v;
    }
    /* Each bit was once 1 and once 0; wrong once in 2^58. */
    assert_int_equal(all_or, UINT32_MAX);
    assert_int_equal(all_and, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posix_log_line_has_seconds_and_milliseconds),
        cmocka_unit_test(posix_log_control_characters_cannot_reach_a_terminal),
        cmocka_unit_test(posix_log_long_line_is_cut_and_says_so),
        cmocka_unit_test(posix_log_nobody_reading_is_survived),
        cmocka_unit_test(posix_clock_begins_near_zero_and_goes_on),
        cmocka_unit_test(posix_rng_numbers_differ),
    };
    return cmocka_run_group_tests_name("posix_log", tests, NULL, NULL);
}
