/* err.c - the sentence for each error.
 *
 * Tests: test/unit/base/test_err.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/err.h"

#include "base/text.h"

#define OTA_ERR_TEXT(name, text) text "\0"
static const char TEXTS[] = OTA_ERR_LIST(OTA_ERR_TEXT);
#undef OTA_ERR_TEXT

const char *ota_err_text(ota_err e)
{
    /* Through unsigned: a negative value is "too large" as well. */
    if ((unsigned)e >= (unsigned)OTA_ERR_COUNT)
        return "unknown error";
    return text_nth(TEXTS, (unsigned)e);
}
