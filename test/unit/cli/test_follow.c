/* test_follow.c - server-sent events out of bytes in any pieces.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/follow.h"

struct heard {
    char text[1024]; /* "event|id|data;" of each block */
};

static void note(void *ctx, const char *event, const char *id, const char *data)
{
    struct heard *h = ctx;
    size_t len = strlen(h->text);

    (void)snprintf(h->text + len, sizeof h->text - len, "%s|%s|%s;", event, id,
                   data);
}

/* The blocks of this text, given in pieces of so many bytes. */
static struct heard parse(const char *text, size_t piece)
{
    struct heard h = {.text = ""};
    struct follow_parser *p = calloc(1, sizeof *p);

    assert_non_null(p);
    p->block = note;
    p->ctx = &h;
    for (size_t at = 0, len = strlen(text); at < len; at += piece)
        follow_parse(p, text + at, len - at < piece ? len - at : piece);
    free(p);
    return h;
}

static void follow_gives_each_block_whatever_the_pieces(void **state)
{
    static const char TEXT[] =
        "retry: 1000\nid: 4\n\n:\n\n"
        "id: 5\nevent: task.progress\ndata: {\"a\":1}\n\n"
        "event: session_expired\ndata: {}\n\n";

    (void)state;
    for (size_t piece = 1; piece < sizeof TEXT; piece++)
        assert_string_equal(parse(TEXT, piece).text,
                            "|4|;||;task.progress|5|{\"a\":1};"
                            "session_expired||{};");
}

static void follow_takes_fields_as_the_standard_writes_them(void **state)
{
    (void)state;
    assert_string_equal(parse("data:x\n\n", 3).text, "||x;");
    assert_string_equal(parse("data:  x\n\n", 3).text, "|| x;");
    assert_string_equal(parse("data: a:b\nother: y\nnone\n\n", 3).text,
                        "||a:b;");
    assert_string_equal(parse("data: not over yet\n", 3).text, "");
}

static void follow_drops_a_line_that_is_too_long(void **state)
{
    static const char END[] = "\nid: 7\ndata: y\n\n";
    const size_t room = 3 * (size_t)FOLLOW_LINE_MAX;
    char *text = malloc(room);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', room);
    (void)snprintf(text, 7, "data: ");
    text[6] = 'x';
    memcpy(text + room - sizeof END, END, sizeof END);
    assert_string_equal(parse(text, 1000).text, "|7|y;");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follow_gives_each_block_whatever_the_pieces),
        cmocka_unit_test(follow_takes_fields_as_the_standard_writes_them),
        cmocka_unit_test(follow_drops_a_line_that_is_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
