/* fuzz_scenario.c - scenario files of a power-cut sweep: any text.
 *
 * A refusal names what is wrong; what is taken stays within its tables.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "emu/scenario.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct scenario s;
    struct board_why why = {0};
    char *text = malloc(size + 1);

    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    memset(&s, 0, sizeof s);
    if (scenario_parse(&s, text, size, &why)) {
        must(s.loads <= SCENARIO_LINES_MAX && s.sends <= SCENARIO_LINES_MAX);
        must(s.consoles <= SCENARIO_LINES_MAX);
        must(s.regions <= SCENARIO_LINES_MAX);
        must(s.end.text.words <= SCENARIO_WORDS_MAX);
        must(s.never.words <= SCENARIO_WORDS_MAX);
    } else {
        must(why.text[0] != '\0');
    }
    scenario_free(&s);
    return 0;
}
