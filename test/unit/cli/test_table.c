/* test_table.c - tests of cli/table.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void printed(const struct table *t, const char *expected)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);

    assert_non_null(to);
    table_print(t, to);
    (void)fclose(to);
    assert_string_equal(text, expected);
    free(text);
}

static void table_columns_are_aligned(void **s)
{
    struct table t;

    (void)s;
    table_begin(&t, 3);
    t.right[1] = true;
    table_add(&t, "NAME");
    table_add(&t, "SIZE");
    table_add(&t, "STATE");
    table_add(&t, "gr\xc3\xbcn-01");
    table_add(&t, "1,024");
    table_add(&t, "ok");
    printed(&t, "NAME      SIZE  STATE\n"
                "gr\xc3\xbcn-01  1,024  ok\n");
    table_end(&t);
}

static void table_empty_cells_leave_no_blanks_at_the_end(void **s)
{
    struct table t;

    (void)s;
    table_begin(&t, 3);
    table_add(&t, "a");
    table_add(&t, "long");
    table_add(&t, "c");
    table_add(&t, "b");
    table_add(&t, "");
    table_add(&t, "");
    printed(&t, "a  long  c\nb\n");
    table_end(&t);
}

static void table_hostile_text_cannot_reach_the_terminal(void **s)
{
    struct table t;

    (void)s;
    table_begin(&t, 1);
    table_add(&t, "\x1b[2J\nfake row");
    printed(&t, "?[2J?fake row\n");
    table_end(&t);
}

static void table_many_rows_are_kept(void **s)
{
    struct table t;

    (void)s;
    table_begin(&t, 2);
    for (int i = 0; i < 2000; i++)
        table_add(&t, "x");
    assert_int_equal(t.cell_count, 2000);
    assert_string_equal(t.cells[1999], "x");
    table_end(&t);
    assert_int_equal(t.cell_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_columns_are_aligned),
        cmocka_unit_test(table_empty_cells_leave_no_blanks_at_the_end),
        cmocka_unit_test(table_hostile_text_cannot_reach_the_terminal),
        cmocka_unit_test(table_many_rows_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
