/* identity.h - who a device is on the wire: names, topics, and the password
 * that proves it. Shared by the server and the broker plugin.
 *
 * Source: spec/device-protocol.md section 1.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_IDENTITY_H
#define TERN_SERVER_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum {                                /* bytes with NUL */
       IDENTITY_PRODUCT_KEY_MAX = 33, /* [A-Za-z0-9]{1,32} */
       IDENTITY_DEVICE_NAME_MAX = 33, /* [A-Za-z0-9._:@-]{1,32} */
       IDENTITY_SECRET_MAX = 65,      /* [A-Za-z0-9]{8,64} */
       IDENTITY_EPOCH_MAX = 33,
       IDENTITY_AGENT_MAX = 81,
       IDENTITY_CONTENT_MAX = 512,
       IDENTITY_CLIENT_ID_MAX = 513, /* the whole clientId, {cid}|...| */
       IDENTITY_CID_MAX = 65,        /* the part before the first bar */
};

bool identity_product_key_ok(const char *s);
bool identity_device_name_ok(const char *s);
bool identity_secret_ok(const char *s);
bool identity_version_ok(const char *s); /* [A-Za-z0-9._+-]{1,64} */

enum identity_hmac { HMAC_MD5, HMAC_SHA1, HMAC_SHA256 };

/* A CONNECT, taken apart. */
struct identity_login {
    char product_key[IDENTITY_PRODUCT_KEY_MAX];
    char device_name[IDENTITY_DEVICE_NAME_MAX];
    enum identity_hmac method;
    char cid[IDENTITY_CID_MAX];         /* the clientId before its bars */
    char agent[IDENTITY_AGENT_MAX];     /* _v=, "" if absent; printable ASCII
                                         * fit for a JSON string, cut at 80 */
    char content[IDENTITY_CONTENT_MAX]; /* what the password signs */
};

/* Take clientId and username apart and build the signed text.
 *
 * why  set to a constant clause on failure, e.g. "username is not
 *      deviceName&productKey".
 * Returns OTA_OK or OTA_ERR_SYNTAX. */
TERN_MUST_USE ota_err identity_login_parse(struct identity_login *out,
                                           const char *client_id,
                                           const char *username,
                                           const char **why);

/* Take a username, deviceName&productKey, apart. False: it is not one, and
 * the outputs are undefined. */
bool identity_username_parse(const char *username,
                             char product_key[IDENTITY_PRODUCT_KEY_MAX],
                             char device_name[IDENTITY_DEVICE_NAME_MAX]);

/* Does the hex password (either case) prove knowledge of secret? Constant time.
 */
bool identity_password_ok(const struct identity_login *l, const char *secret,
                          const char *password);

enum identity_topic_kind {
    TOPIC_OTHER,
    TOPIC_INFORM,       /* /ota/device/inform/{pk}/{dn}               up */
    TOPIC_PROGRESS,     /* /ota/device/progress/{pk}/{dn}             up */
    TOPIC_FIRMWARE_GET, /* /sys/{pk}/{dn}/thing/ota/firmware/get      up */
    TOPIC_UPGRADE,      /* /ota/device/upgrade/{pk}/{dn}              down */
    TOPIC_FIRMWARE_GET_REPLY, /* /sys/{pk}/{dn}/thing/ota/firmware/get_reply */
    TOPIC_DEVICE_UP,          /* /sys/{pk}/{dn}/... and /{pk}/{dn}/user/...: the
                               * device's own folders, both ways */
    TOPIC_DEVICE_DOWN, /* /ota/device/request/{pk}/{dn}: only read, by SDKs
                        * older than Link SDK v4 */
};

struct identity_topic {
    enum identity_topic_kind kind;
    char product_key[IDENTITY_PRODUCT_KEY_MAX];
    char device_name[IDENTITY_DEVICE_NAME_MAX];
};

/* What is this topic, and whose? TOPIC_OTHER if it is no device's. */
struct identity_topic identity_topic_parse(const char *topic);

#endif
