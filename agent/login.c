/* login.c - who the device says it is: clientId, username and the HMAC that
 * proves the secret without sending it.
 *
 * Wire form: spec/device-protocol.md section 1, vectors spec/vectors/login.txt.
 * Tests: test/unit/agent/test_login.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "agent/agent_state.h"
#include "base/text.h"

/* Devices have no clock when they log in; the server never compares it. */
#define TIMESTAMP "2524608000000"

enum { SIGNED_MAX = 256, SECRET_MIN = 8, SECRET_MAX = 64 };

static bool is_name(const char *s)
{
    return *s != '\0' && strlen(s) < AGENT_NAME_MAX;
}

static bool is_secret(const char *s)
{
    size_t len = strlen(s);
    return len >= SECRET_MIN && len <= SECRET_MAX;
}

static ota_err sign(struct agent_login *l, const struct agent_config *c)
{
    char msg[SIGNED_MAX];
    uint8_t mac[SHA256_BYTES];
    struct text m = text_in(msg, sizeof msg);

    text_format(&m, "clientId%s.%sdeviceName%sproductKey%stimestamp" TIMESTAMP,
                c->product_key, c->device_name, c->device_name, c->product_key);
    if (m.bad)
        return OTA_ERR_RANGE;
    hmac_sha256(mac, c->device_secret, strlen(c->device_secret), msg, m.len);

    struct text p = text_in(l->password, sizeof l->password);
    text_add_hex(&p, mac, sizeof mac, true);
    return p.bad ? OTA_ERR_RANGE : OTA_OK;
}

ota_err login_make(struct agent_login *l, const struct agent_config *c)
{
    if (!is_name(c->product_key) || !is_name(c->device_name) ||
        !is_secret(c->device_secret))
        return OTA_ERR_RANGE;

    struct text id = text_in(l->client_id, sizeof l->client_id);
    text_format(&id,
                "%s.%s|timestamp=" TIMESTAMP ",_v=tern-" TERN_VERSION
                ",securemode=3,signmethod=hmacsha256|",
                c->product_key, c->device_name);

    struct text user = text_in(l->username, sizeof l->username);
    text_format(&user, "%s&%s", c->device_name, c->product_key);

    if (id.bad || user.bad)
        return OTA_ERR_RANGE;
    return sign(l, c);
}
