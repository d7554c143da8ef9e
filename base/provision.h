/* provision.h - who a device is and where its server is, as the factory writes
 * it: into the provisioning sector of a board, or into a file as JSON.
 *
 * Bytes of the sector: spec/provisioning.md.
 * Tests: test/unit/base/test_provision.c, test/fuzz/fuzz_provision.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_PROVISION_H
#define TERN_BASE_PROVISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
    PROVISION_NAME_MAX = 33, /* spec/device-protocol.md section 1, with NUL */
    PROVISION_SECRET_MAX = 65,
    PROVISION_HOST_MAX = 254,  /* a DNS name, with NUL */
    PROVISION_BYTES_MAX = 512, /* of all fields and what is around them */
};

struct provision {
    char product_key[PROVISION_NAME_MAX];
    char device_name[PROVISION_NAME_MAX];
    char device_secret[PROVISION_SECRET_MAX];
    char mqtt_host[PROVISION_HOST_MAX];
    uint16_t mqtt_port;
    uint16_t http_port; /* for download URLs that name no port */
};

/* What is wrong with an identity: constant texts. */
struct provision_why {
    const char *field; /* NULL: the whole of it */
    const char *rule;  /* what it must be */
    bool missing;
};

/* Read what the factory wrote.
 *
 * bytes  from the begin of the sector; what follows the identity is not looked
 *        at. len may be more than PROVISION_BYTES_MAX.
 * out    usable only on OTA_OK. why: set unless OTA_OK.
 *
 * Returns OTA_OK; OTA_ERR_NOT_FOUND no identity is here; OTA_ERR_CORRUPT its
 *         format, length or checksum is wrong; OTA_ERR_RANGE a field is missing
 *         or not as the protocol wants it. */
TERN_MUST_USE ota_err provision_parse(struct provision *out, const void *bytes,
                                      size_t len, struct provision_why *why);

/* The bytes for the sector; their number. id: as one of the two readers gave
 * it. */
size_t provision_format(const struct provision *id,
                        uint8_t out[PROVISION_BYTES_MAX]);

/* Read {"productKey","deviceName","deviceSecret","mqttHost","mqttPort",
 * "httpPort"}; members of other names are ignored.
 *
 * Returns OTA_OK; OTA_ERR_SYNTAX no JSON object, or as OTA_ERR_RANGE above. */
TERN_MUST_USE ota_err provision_from_json(struct provision *out,
                                          const char *text, size_t len,
                                          struct provision_why *why);

#endif
