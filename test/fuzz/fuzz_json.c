/* fuzz_json.c - any bytes as JSON: check, then read every way there is.
 *
 * What must hold besides not crashing: a document that passed can be read, its
 * root is a slice of it, and the root checked alone passes again.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void read_value(struct json v)
{
    char text[16];
    uint32_t number;
    ota_err e = json_text(v, text, sizeof text);

    must(memchr(text, '\0', sizeof text) != NULL);
    must(e == OTA_OK || text[0] == '\0');
    if (json_u32(v, &number))
        must(v.type == JSON_NUMBER || v.type == JSON_STRING);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const NAMES[] = {"a", "data", "size", "url", ""};
    const char *text = (const char *)data;
    struct json root, again;

    if (json_check(&root, text, size) != OTA_OK)
        return 0;
    must(root.type != JSON_NONE && root.len > 0);
    must(root.at >= text && root.at + root.len <= text + size);
    must(json_check(&again, root.at, root.len) == OTA_OK);
    must(again.type == root.type && again.len == root.len);
    read_value(root);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        struct json v = json_get(root, NAMES[i]);

        if (v.type == JSON_NONE)
            continue;
        must(v.at > root.at && v.at + v.len < root.at + root.len);
        read_value(v);
        read_value(json_get(v, "a"));
    }
    return 0;
}
