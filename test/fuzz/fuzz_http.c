/* fuzz_http.c - the reader of HTTP replies, fed with anything in portions of
 * any size. The first byte chooses the portions.
 *
 * What a reply says must not depend on how its bytes were cut.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/http_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void swallow(void *ctx, const char *line)
{
    *(size_t *)ctx += strlen(line);
}

static ota_err feed(struct http_reply *r, const struct port_log *log,
                    const uint8_t *bytes, size_t len, size_t step, size_t *at)
{
    ota_err e = OTA_ERR_AGAIN;
    size_t used;

    http_reply_begin(r, log);
    *at = 0;
    while (*at < len && e == OTA_ERR_AGAIN) {
        size_t n = len - *at < step ? len - *at : step;
        e = http_reply_feed(r, (const char *)bytes + *at, n, &used);
        if (used == 0 || used > n)
            abort();
        *at += used;
    }
    return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t logged = 0, at_once, in_parts;
    struct port_log log = {&logged, swallow};
    struct http_reply whole, cut;

    if (size < 2)
        return 0;
    ota_err a = feed(&whole, &log, data + 1, size - 1, size, &at_once);
    ota_err b =
        feed(&cut, NULL, data + 1, size - 1, 1u + data[0] % 64, &in_parts);
    if (a != b || at_once != in_parts || whole.status != cut.status ||
        whole.has_range != cut.has_range ||
        whole.has_length != cut.has_length ||
        whole.length_bytes != cut.length_bytes || whole.why != cut.why)
        abort();
    if (a == OTA_OK && whole.has_range &&
        (whole.range_first > whole.range_last ||
         whole.range_last >= whole.range_total))
        abort();
    return 0;
}
