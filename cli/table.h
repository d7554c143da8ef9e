/* table.h - rows of text in aligned columns.
 *
 * Tests: test/unit/cli/test_table.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_TABLE_H
#define TERN_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 12 };

struct table {
    size_t columns;
    bool right[TABLE_COLUMNS_MAX]; /* numbers end under each other */
    size_t width[TABLE_COLUMNS_MAX];
    char **cells; /* row by row; owned */
    size_t cell_count, cell_space;
};

/* All calls end the program when memory is used up: a table cannot be half
 * shown. columns: 1..TABLE_COLUMNS_MAX. */
void table_begin(struct table *t, size_t columns);

/* Copy the text (cleaned for a terminal) into the next cell. */
void table_add(struct table *t, const char *text);

/* Print what was added, one row per `columns` cells, no blanks at line ends. */
void table_print(const struct table *t, FILE *to);
void table_end(struct table *t);

#endif
