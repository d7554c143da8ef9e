/* gdb_target.c - see gdb_target.h.
 *
 * Source: the GDB manual, "Target Descriptions", "ARM Features".
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/gdb_target.h"

#include <stdio.h>

#include "base/bytes.h"

enum { SINGLE_0 = 32 }; /* board_reg()'s number of S0; D0 is S0 and S1 */

struct row {
    const char *name;
    const char *type;
    uint8_t number; /* of board_reg() */
    uint8_t bytes;
};

struct feature {
    const char *name;
    size_t first, count;
};

static const struct row ROWS[] = {
    {"r0", "uint32", 0, 4},
    {"r1", "uint32", 1, 4},
    {"r2", "uint32", 2, 4},
    {"r3", "uint32", 3, 4},
    {"r4", "uint32", 4, 4},
    {"r5", "uint32", 5, 4},
    {"r6", "uint32", 6, 4},
    {"r7", "uint32", 7, 4},
    {"r8", "uint32", 8, 4},
    {"r9", "uint32", 9, 4},
    {"r10", "uint32", 10, 4},
    {"r11", "uint32", 11, 4},
    {"r12", "uint32", 12, 4},
    {"sp", "data_ptr", 13, 4},
    {"lr", "uint32", 14, 4},
    {"pc", "code_ptr", 15, 4},
    {"xpsr", "uint32", 16, 4},
    {"msp", "data_ptr", 17, 4},
    {"psp", "data_ptr", 18, 4},
    {"primask", "uint32", 19, 4},
    {"basepri", "uint32", 20, 4},
    {"faultmask", "uint32", 21, 4},
    {"control", "uint32", 22, 4},
    {"d0", "ieee_double", SINGLE_0, 8},
    {"d1", "ieee_double", SINGLE_0 + 2, 8},
    {"d2", "ieee_double", SINGLE_0 + 4, 8},
    {"d3", "ieee_double", SINGLE_0 + 6, 8},
    {"d4", "ieee_double", SINGLE_0 + 8, 8},
    {"d5", "ieee_double", SINGLE_0 + 10, 8},
    {"d6", "ieee_double", SINGLE_0 + 12, 8},
    {"d7", "ieee_double", SINGLE_0 + 14, 8},
    {"d8", "ieee_double", SINGLE_0 + 16, 8},
    {"d9", "ieee_double", SINGLE_0 + 18, 8},
    {"d10", "ieee_double", SINGLE_0 + 20, 8},
    {"d11", "ieee_double", SINGLE_0 + 22, 8},
    {"d12", "ieee_double", SINGLE_0 + 24, 8},
    {"d13", "ieee_double", SINGLE_0 + 26, 8},
    {"d14", "ieee_double", SINGLE_0 + 28, 8},
    {"d15", "ieee_double", SINGLE_0 + 30, 8},
    {"fpscr", "uint32", 23, 4},
};
enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0] };

static const struct feature FEATURES[] = {
    {"org.gnu.gdb.arm.m-profile", 0, 17},
    {"org.gnu.gdb.arm.m-system", 17, 6},
    {"org.gnu.gdb.arm.vfp", 23, 17},
};

size_t gdb_target_regs(void)
{
    return ROW_COUNT;
}

size_t gdb_target_bytes(size_t n)
{
    return n < ROW_COUNT ? ROWS[n].bytes : 0;
}

size_t gdb_target_get(struct board *b, size_t n,
                      uint8_t bytes[GDB_REG_BYTES_MAX])
{
    size_t len = gdb_target_bytes(n);

    for (size_t i = 0; i < len / 4; i++)
        put_u32le(bytes + 4 * i, board_reg(b, ROWS[n].number + (unsigned)i));
    return len;
}

void gdb_target_set(struct board *b, size_t n, const uint8_t *bytes)
{
    for (size_t i = 0; i < gdb_target_bytes(n) / 4; i++)
        board_reg_set(b, ROWS[n].number + (unsigned)i,
                      get_u32le(bytes + 4 * i));
}

size_t gdb_target_xml(char xml[GDB_XML_MAX])
{
    FILE *to = fmemopen(xml, GDB_XML_MAX, "w");
    long len;

    if (!to)
        return 0;
    (void)fputs("<?xml version=\"1.0\"?>\n"
                "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
                "<target><architecture>arm</architecture>\n",
                to);
    for (size_t f = 0; f < sizeof FEATURES / sizeof FEATURES[0]; f++) {
        (void)fprintf(to, "<feature name=\"%s\">\n", FEATURES[f].name);
        for (size_t i = 0; i < FEATURES[f].count; i++) {
            const struct row *r = &ROWS[FEATURES[f].first + i];
            (void)fprintf(to, "<reg name=\"%s\" bitsize=\"%d\" type=\"%s\"/>\n",
                          r->name, 8 * r->bytes, r->type);
        }
        (void)fputs("</feature>\n", to);
    }
    (void)fputs("</target>\n", to);
    (void)fflush(to);
    len = ftell(to);
    (void)fclose(to);
    return len > 0 ? (size_t)len : 0;
}
