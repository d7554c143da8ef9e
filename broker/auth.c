/* auth.c - who may connect. Start at auth_connect().
 *
 * Tests: test/system/test_broker*.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "broker/auth.h"

#include <mosquitto.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "broker/acl.h"
#include "broker/presence.h"

#define SERVICE_CLIENT_PREFIX "ternd-"

static void log_refusal(struct plugin *p,
                        const struct mosquitto_evt_basic_auth *c,
                        const char *why)
{
    const char *id = mosquitto_client_id(c->client);
    const char *from = mosquitto_client_address(c->client);

    if (!report_allowed(&p->refused, time(NULL)))
        return;
    mosquitto_log_printf(MOSQ_LOG_NOTICE,
                         "tern: refused login of '%.200s' (user '%.80s') from "
                         "%s: %s",
                         id != NULL ? id : "",
                         c->username != NULL ? c->username : "",
                         from != NULL ? from : "unknown", why);
}

static const char *service_refusal(const struct plugin *p,
                                   const struct mosquitto_evt_basic_auth *c)
{
    const char *id = mosquitto_client_id(c->client);
    size_t len = strlen(p->service_secret);

    if (c->password == NULL || strlen(c->password) != len ||
        CRYPTO_memcmp(c->password, p->service_secret, len) != 0)
        return "wrong service secret";
    if (id == NULL ||
        strncmp(id, SERVICE_CLIENT_PREFIX, strlen(SERVICE_CLIENT_PREFIX)) != 0)
        return "the clientId of " ACL_SERVICE_USER
               " must begin with " SERVICE_CLIENT_PREFIX;
    return NULL;
}

static const char *key_refusal(const struct plugin *p,
                               const struct identity_login *l,
                               const char *password)
{
    const char *secret = keys_secret(p->keys, l->product_key, l->device_name);

    if (secret == NULL)
        return "unknown or disabled device";
    if (!identity_password_ok(l, secret, password))
        return "wrong password: it was not made with the device's secret";
    return NULL;
}

/* Is cid the {pk}.{dn} of a device other than this one? */
static bool cid_names_another(const struct plugin *p,
                              const struct identity_login *l)
{
    char pk[IDENTITY_CID_MAX];
    const char *dot = strchr(l->cid, '.');

    if (dot == NULL)
        return false;
    size_t len = (size_t)(dot - l->cid);
    memcpy(pk, l->cid, len);
    pk[len] = '\0';
    if (strcmp(pk, l->product_key) == 0 && strcmp(dot + 1, l->device_name) == 0)
        return false;
    return keys_secret(p->keys, pk, dot + 1) != NULL;
}

/* To the broker the clientId alone is the client, whoever logs in with it: a
 * device could throw out another one by taking its clientId. */
static const char *client_id_refusal(const struct plugin *p,
                                     const struct identity_login *l,
                                     const char *client_id)
{
    const struct session *other =
        sessions_by_client_id(&p->sessions, client_id);

    if (cid_names_another(p, l))
        return "the clientId names another device";
    if (other != NULL && (strcmp(other->product_key, l->product_key) != 0 ||
                          strcmp(other->device_name, l->device_name) != 0))
        return "another device is connected with the same clientId";
    return NULL;
}

/* The broker wants the clientId while it frees what we know it from. "With
 * will" only means that the broker takes its usual way; on_acl_check() drops
 * the will. */
void auth_kick(const struct session *session)
{
    char client_id[IDENTITY_CLIENT_ID_MAX];

    (void)snprintf(client_id, sizeof client_id, "%s", session->client_id);
    (void)mosquitto_kick_client_by_clientid(client_id, true);
}

/* Close the device's older connection, so "offline" is told before "online".
 * The broker would do so itself, but later, if the clientId is the same; this
 * way both cases are one. */
static void take_over(struct plugin *p, const struct identity_login *l)
{
    const struct session *old =
        sessions_by_device(&p->sessions, l->product_key, l->device_name);

    if (old != NULL)
        auth_kick(old);
}

static const char *device_refusal(struct plugin *p,
                                  const struct mosquitto_evt_basic_auth *c,
                                  struct identity_login *l)
{
    const char *id = mosquitto_client_id(c->client);
    const char *why = NULL;

    if (identity_login_parse(l, id, c->username, &why) != OTA_OK)
        return why;
    why = key_refusal(p, l, c->password);
    if (why != NULL) { /* perhaps the server has just made the device */
        plugin_keys_poll(p);
        why = key_refusal(p, l, c->password);
    }
    return why != NULL ? why : client_id_refusal(p, l, id);
}

static const char *device_connect(struct plugin *p,
                                  const struct mosquitto_evt_basic_auth *c)
{
    struct identity_login login;
    const char *why = device_refusal(p, c, &login);

    if (why != NULL)
        return why;
    take_over(p, &login);
    const struct session *session = sessions_open(
        &p->sessions, c->client, mosquitto_client_id(c->client), &login);
    if (session == NULL)
        return "out of memory";
    presence_tell(session, true);
    return NULL;
}

int auth_connect(struct plugin *p, const struct mosquitto_evt_basic_auth *c)
{
    const char *why;

    /* SIGHUP asks again for every client the broker knows, also those that
     * are away. Nobody new comes in between RELOAD and TICK, because that
     * needs a WebSocket; and who lost his key is gone already. */
    if (mosquitto_client_protocol(c->client) != mp_mqtt)
        why = "WebSockets are not supported";
    else if (p->reloading)
        why = NULL;
    else if (c->username != NULL && strcmp(c->username, ACL_SERVICE_USER) == 0)
        why = service_refusal(p, c);
    else
        why = device_connect(p, c);
    if (why == NULL)
        return MOSQ_ERR_SUCCESS;
    log_refusal(p, c, why);
    return MOSQ_ERR_AUTH;
}

void auth_disconnect(struct plugin *p, const struct mosquitto *client)
{
    struct session *session = sessions_by_client(&p->sessions, client);

    if (session == NULL)
        return;
    presence_tell(session, false);
    sessions_close(&p->sessions, session);
}
