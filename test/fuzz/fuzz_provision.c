/* fuzz_provision.c - any bytes as a provisioning sector and as an identity
 * file.
 *
 * What must hold besides not crashing: an identity that was believed can be
 * written, and reading that gives the same one. The checksum is put right
 * first, or no input would get behind it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crc32.h"
#include "base/provision.h"

enum { HEAD = 8, CRC = 4, INPUT_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_come_back(const struct provision *id)
{
    uint8_t bytes[PROVISION_BYTES_MAX];
    struct provision again;
    struct provision_why why;
    size_t len = provision_format(id, bytes);

    if (len > sizeof bytes ||
        provision_parse(&again, bytes, len, &why) != OTA_OK ||
        memcmp(&again, id, sizeof again) != 0)
        abort();
}

static void mend(uint8_t *bytes, size_t size)
{
    if (size < HEAD + CRC)
        return;
    memcpy(bytes, "TRNI\1\0", 6);
    size_t fields = get_u16le(bytes + 6);
    if (fields <= size - HEAD - CRC)
        put_u32le(bytes + HEAD + fields, crc32(bytes, HEAD + fields));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[INPUT_MAX];
    struct provision id;
    struct provision_why why;

    if (size > sizeof bytes)
        return 0;
    memcpy(bytes, data, size);
    if (provision_from_json(&id, (const char *)data, size, &why) == OTA_OK)
        must_come_back(&id);
    if (provision_parse(&id, bytes, size, &why) == OTA_OK)
        must_come_back(&id);
    mend(bytes, size);
    if (provision_parse(&id, bytes, size, &why) == OTA_OK)
        must_come_back(&id);
    return 0;
}
