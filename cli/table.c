/* table.c - rows of text in aligned columns. Tests: test/unit/cli/test_table.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"

void table_begin(struct table *t, size_t columns)
{
    memset(t, 0, sizeof *t);
    t->columns = columns;
}

static void *or_die(void *memory)
{
    if (!memory) {
        (void)fprintf(stderr, "tern: out of memory\n");
        exit(EXIT_FAILURE);
    }
    return memory;
}

void table_add(struct table *t, const char *text)
{
    if (t->cell_count == t->cell_space) {
        t->cell_space = t->cell_space ? t->cell_space * 2 : 64;
        t->cells = (char **)or_die(
            realloc((void *)t->cells, t->cell_space * sizeof t->cells[0]));
    }
    char *copy = (char *)or_die(strdup(text));
    say_clean(copy);
    size_t column = t->cell_count % t->columns;
    size_t width = say_width(copy);
    if (width > t->width[column])
        t->width[column] = width;
    t->cells[t->cell_count++] = copy;
}

static void print_blanks(FILE *to, size_t n)
{
    while (n-- > 0)
        (void)fputc(' ', to);
}

/* Cells of the row that are not empty at its end. */
static size_t row_columns(const struct table *t, char *const *row)
{
    size_t n = t->columns;

    while (n > 0 && row[n - 1][0] == 0)
        n--;
    return n;
}

void table_print(const struct table *t, FILE *to)
{
    for (size_t at = 0; at + t->columns <= t->cell_count; at += t->columns) {
        char *const *row = &t->cells[at];
        size_t used = row_columns(t, row);
        for (size_t i = 0; i < used; i++) {
            size_t blanks = t->width[i] - say_width(row[i]);
            print_blanks(to, t->right[i] ? blanks : 0);
            (void)fputs(row[i], to);
            if (i + 1 < used)
                print_blanks(to, (t->right[i] ? 0 : blanks) + 2);
        }
        (void)fputc('\n', to);
    }
}

void table_end(struct table *t)
{
    for (size_t i = 0; i < t->cell_count; i++)
        free(t->cells[i]);
    free((void *)t->cells);
    memset(t, 0, sizeof *t);
}
