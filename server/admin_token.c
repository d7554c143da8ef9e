/* admin_token.c - the first token, made at the first start.
 *
 * Start at admin_token_ensure(). Tests: test/system/test_ternd.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/admin_token.h"

#include <string.h>

#include "base/text.h"
#include "server/log.h"
#include "server/token_text.h"

#define FILE_NAME "admin.token"

/* The text in the file: OTA_OK; OTA_ERR_NOT_FOUND no file; OTA_ERR_CORRUPT. */
static ota_err file_load(const struct data_folder *d, char text[TOKEN_TEXT_MAX])
{
    long len = data_folder_read(d, FILE_NAME, text, TOKEN_TEXT_MAX);

    if (len < 0)
        return OTA_ERR_NOT_FOUND;
    if (len > 0 && text[len - 1] == '\n')
        len--;
    if (len >= TOKEN_TEXT_MAX)
        return OTA_ERR_CORRUPT;
    text[len] = '\0';
    return token_text_ok(text) ? OTA_OK : OTA_ERR_CORRUPT;
}

static bool file_make(const struct data_folder *d, char text[TOKEN_TEXT_MAX],
                      struct diag *why)
{
    char line[TOKEN_TEXT_MAX + 1];
    struct text t = text_in(line, sizeof line);

    if (!token_text_make(text)) {
        diag_set(why, "the system gives no random numbers");
        return false;
    }
    text_add(&t, text);
    text_add(&t, "\n");
    return data_folder_write(d, FILE_NAME, line, t.len, why);
}

static bool look_for_admin(void *ctx, const struct token *t)
{
    bool *found = ctx;

    *found = t->role == ROLE_ADMIN;
    return !*found;
}

/* Is there a token with the role admin? */
static ota_err admin_exists(const char *store_url, bool *found,
                            struct diag *why)
{
    struct store_filter f = {.limit = 1000};
    struct store *s = store_open_reader(store_url, why);

    *found = false;
    ota_err e =
        s ? store_tokens(s, &f, look_for_admin, found, why) : OTA_ERR_IO;
    store_close(s);
    return e;
}

static ota_err known(const char *store_url, const char *hash, struct diag *why)
{
    struct token t;
    struct store *s = store_open_reader(store_url, why);
    ota_err e = s ? store_token_by_hash(s, hash, &t, why) : OTA_ERR_IO;

    store_close(s);
    return e;
}

static ota_err token_register(struct core *core, const char *hash,
                              struct diag *why)
{
    struct core_command cmd = {
        .type = CMD_TOKEN_CREATE,
        .actor = "server",
        .u.token = {.name = "admin", .role = ROLE_ADMIN},
    };

    memcpy(cmd.u.token.sha256, hash, sizeof cmd.u.token.sha256);
    struct core_result result = core_call(core, &cmd);
    *why = result.why;
    return result.error;
}

/* The database has no admin: the file's token becomes it, or a new one. */
static bool token_first(const struct data_folder *d, ota_err file,
                        char text[TOKEN_TEXT_MAX], struct core *core,
                        struct diag *why)
{
    char hash[65];

    if (file == OTA_ERR_NOT_FOUND && !file_make(d, text, why))
        return false;
    if (!token_text_hash(text, hash)) {
        diag_set(why, "SHA-256 is not available");
        return false;
    }
    return token_register(core, hash, why) == OTA_OK;
}

/* A file whose token was revoked, or is of another database, makes nobody an
 * admin again. */
static void token_compare(const char *text, const char *store_url)
{
    char hash[65];
    struct diag why;

    if (token_text_hash(text, hash) &&
        known(store_url, hash, &why) == OTA_ERR_NOT_FOUND)
        log_event(LOG_LEVEL_WARN,
                  "admin.token is of another database, or was revoked", NULL);
}

bool admin_token_ensure(const struct data_folder *d, const char *store_url,
                        struct core *core, struct diag *why)
{
    char text[TOKEN_TEXT_MAX];
    bool found;

    ota_err file = file_load(d, text);
    if (file == OTA_ERR_CORRUPT) {
        log_event(LOG_LEVEL_WARN, "admin.token holds no token; left alone",
                  NULL);
        return true;
    }
    if (admin_exists(store_url, &found, why) != OTA_OK)
        return false;
    bool ok = found || token_first(d, file, text, core, why);
    if (found && file == OTA_OK)
        token_compare(text, store_url);
    explicit_bzero(text, sizeof text);
    return ok;
}
