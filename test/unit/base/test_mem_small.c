/* test_mem_small.c - the small memcpy, memmove, memset and strlen do what the C
 * library's do. They are tested under other names, because the test program
 * needs the library's own.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

void *small_memcpy(void *restrict to, const void *restrict from, size_t len);
void *small_memmove(void *to, const void *from, size_t len);
void *small_memset(void *at, int value, size_t len);
size_t small_strlen(const char *text);

#define memcpy  small_memcpy
#define memmove small_memmove
#define memset  small_memset
#define strlen  small_strlen
#include "base/mem_small.c" /* NOLINT(bugprone-suspicious-include): renamed */
#undef memcpy
#undef memmove
#undef memset
#undef strlen

enum { ROOM = 64, LEN_MAX = 24 };

static void fill(uint8_t b[ROOM])
{
    for (size_t i = 0; i < ROOM; i++)
        b[i] = (uint8_t)(i * 7 + 1);
}

/* Every alignment of both, every length that has words and bytes. */
static void mem_copy_and_move_are_those_of_the_library(void **state)
{
    _Alignas(8) uint8_t ours[ROOM], theirs[ROOM], from[ROOM];

    (void)state;
    fill(from);
    for (size_t to = 0; to < ROOM - LEN_MAX; to++)
        for (size_t at = 0; at < ROOM - LEN_MAX; at++)
            for (size_t len = 0; len <= LEN_MAX; len++) {
                fill(ours);
                fill(theirs);
                assert_ptr_equal(small_memmove(ours + to, ours + at, len),
                                 ours + to);
                memmove(theirs + to, theirs + at, len);
                assert_memory_equal(ours, theirs, ROOM);
                memset(ours, 0, ROOM);
                memset(theirs, 0, ROOM);
                assert_ptr_equal(small_memcpy(ours + to, from + at, len),
                                 ours + to);
                memcpy(theirs + to, from + at, len);
                assert_memory_equal(ours, theirs, ROOM);
            }
}

static void mem_set_writes_these_bytes_and_no_others(void **state)
{
    uint8_t ours[ROOM], theirs[ROOM];

    (void)state;
    for (size_t len = 0; len <= LEN_MAX; len++) {
        fill(ours);
        fill(theirs);
        assert_ptr_equal(small_memset(ours + 3, 0x1a5, len), ours + 3);
        memset(theirs + 3, 0xa5, len);
        assert_memory_equal(ours, theirs, ROOM);
    }
}

static void mem_length_of_text_ends_at_its_nul(void **state)
{
    (void)state;
    assert_int_equal(small_strlen(""), 0);
    assert_int_equal(small_strlen("hello sbl."), 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mem_copy_and_move_are_those_of_the_library),
        cmocka_unit_test(mem_set_writes_these_bytes_and_no_others),
        cmocka_unit_test(mem_length_of_text_ends_at_its_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
