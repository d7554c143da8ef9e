/* http_tokens.c - API tokens: create, list, revoke. Their text is shown once
 * and never kept.
 *
 * SPDX-License-Identifier: MIT
 */

#include "server/core/names.h"
#include "server/http/http_model.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"
#include "server/token_text.h"

static void token_created(struct http_request *r)
{
    if (!http_result_ok(r))
        return;
    const char *name = json_string_value(json_object_get(r->json, "name"));
    const char *role = json_string_value(json_object_get(r->json, "role"));
    http_reply_json(r, MHD_HTTP_CREATED,
                    json_pack("{s:s,s:s,s:s}", "token", r->token_text, "name",
                              name, "role", role));
}

static bool role_ok(const char *text)
{
    enum role role;

    return role_parse(text, &role);
}

void http_token_create(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_TOKEN_CREATE};
    struct token *t = &cmd.u.token;
    char role[16];
    const struct http_member members[] = {
        {.name = "name",
         .kind = MEMBER_TEXT,
         .required = true,
         .out = t->name,
         .text_max = sizeof t->name,
         .ok = name_is_ok,
         .must = "a text of 1 to 80 bytes without control characters"},
        {.name = "role",
         .kind = MEMBER_TEXT,
         .required = true,
         .out = role,
         .text_max = sizeof role,
         .ok = role_ok,
         .must = "viewer, operator or admin"},
    };

    if (!http_members(r, members, 2))
        return;
    if (!role_parse(role, &t->role) || !token_text_make(r->token_text) ||
        !token_text_hash(r->token_text, t->sha256)) {
        http_refuse_error(r, OTA_ERR_IO, &(struct diag){"no random numbers"});
        return;
    }
    http_command(r, &cmd, token_created);
}

static bool add(void *ctx, const struct token *t)
{
    return http_list_add(ctx, t->id, http_model_token(t));
}

static ota_err read_page(struct store *s, const struct store_filter *f,
                         struct http_list *l, struct diag *why)
{
    return store_tokens(s, f, add, l, why);
}

void http_token_list(struct http_request *r)
{
    http_list(r, &(struct store_filter){0}, read_page);
}

static void token_revoked(struct http_request *r)
{
    if (http_result_ok(r))
        http_reply_empty(r, MHD_HTTP_NO_CONTENT);
}

void http_token_revoke(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_TOKEN_REVOKE};

    if (http_path_id(r, 0, &cmd.u.id))
        http_command(r, &cmd, token_revoked);
}
