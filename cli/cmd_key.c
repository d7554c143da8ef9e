/* cmd_key.c - `tern key`: the keys that sign images.
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <jansson.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/file.h"
#include "cli/key.h"
#include "cli/view.h"

static json_t *key_json(const struct key *k)
{
    char raw[2 * RSA2048_BYTES + 1], hash[2 * SHA256_BYTES + 1];
    size_t len;
    const uint8_t *half = key_public_raw(k, &len);

    say_hex(raw, half, len);
    say_hex(hash, k->hash, sizeof k->hash);
    json_t *o = json_pack("{s:s,s:b,s:s,s:s}", "type", key_kind_text(k->kind),
                          "private", k->can_sign,
                          k->kind == KEY_P256 ? "point" : "modulus", raw,
                          "key_hash", hash);
    if (k->kind == KEY_P256)
        (void)json_object_set_new(o, "curve", json_string("P-256"));
    return o;
}

static const struct view_column P256_FIELDS[] = {
    {"type", "type", VIEW_TEXT},   {"private", "private", VIEW_YES},
    {"point", "point", VIEW_TEXT}, {"key hash", "key_hash", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column RSA_FIELDS[] = {
    {"type", "type", VIEW_TEXT},       {"private", "private", VIEW_YES},
    {"modulus", "modulus", VIEW_TEXT}, {"key hash", "key_hash", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static void key_print(const struct cli *c, const struct key *k)
{
    json_t *o = key_json(k);

    if (c->json)
        view_json(o);
    else
        view_one(o, k->kind == KEY_P256 ? P256_FIELDS : RSA_FIELDS);
    json_decref(o);
}

static int kind_read(const struct cli *c, enum key_kind *out)
{
    const char *type = args_value(&c->args, "type");

    *out = KEY_P256;
    if (!type || strcmp(type, "p256") == 0)
        return CLI_OK;
    *out = KEY_RSA2048;
    if (strcmp(type, "rsa2048") == 0)
        return CLI_OK;
    return cli_usage(c, "--type %s is unknown; there are p256 and rsa2048",
                     type);
}

static int generate(struct cli *c)
{
    const char *path = c->args.words[0];
    enum key_kind kind;
    struct key k;
    struct file_bytes pem = {0};
    struct why why;
    int code = kind_read(c, &kind);

    if (code != CLI_OK)
        return code;
    if (!key_generate(&k, kind, &why))
        return cli_refuse(c, "%s", why.text);
    bool ok = key_private_pem(&k, &pem, &why) &&
              file_create_secret(path, pem.bytes, pem.len, &why);
    file_free(&pem);
    if (ok && !c->json)
        (void)printf("%s now holds a private key. Who has it can sign "
                     "firmware: keep it safe, and a copy of it.\n",
                     path);
    if (ok)
        key_print(c, &k);
    key_free(&k);
    return ok ? CLI_OK : cli_refuse(c, "%s", why.text);
}

static bool export_public(const struct cli *c, const struct key *k,
                          struct why *why)
{
    const char *pem_path = args_value(&c->args, "public");
    const char *point_path = args_value(&c->args, "point");
    struct file_bytes pem = {0};
    bool ok = true;

    if (pem_path)
        ok = key_public_pem(k, &pem, why) &&
             file_replace(pem_path, pem.bytes, pem.len, why);
    file_free(&pem);
    if (ok && point_path) {
        size_t len;
        const uint8_t *raw = key_public_raw(k, &len);
        ok = file_replace(point_path, raw, len, why);
    }
    return ok;
}

static int show(struct cli *c)
{
    struct key k;
    struct why why;

    if (!key_load(&k, c->args.words[0], &why))
        return cli_refuse(c, "%s", why.text);
    bool ok = export_public(c, &k, &why);
    if (ok)
        key_print(c, &k);
    key_free(&k);
    return ok ? CLI_OK : cli_refuse(c, "%s", why.text);
}

static const struct args_option GENERATE_OPTIONS[] = {
    {"type", "TYPE", ARGS_MAY,
     "p256 (default), or rsa2048 as NXP's SBL has it"},
    {NULL, NULL, ARGS_MAY, NULL},
};

static const struct args_option SHOW_OPTIONS[] = {
    {"public", "PEM", ARGS_MAY, "write the public key here, as PEM"},
    {"point", "FILE", ARGS_MAY,
     "write what devices keep of it here: 65 bytes of a point, or 256 of an "
     "RSA modulus"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_KEY[] = {
    {"generate", "FILE", "Make a signing key (PEM, mode 0600)",
     GENERATE_OPTIONS, generate},
    {"show", "FILE", "Show a key's public half and its hash", SHOW_OPTIONS,
     show},
    {NULL, NULL, NULL, NULL, NULL},
};
