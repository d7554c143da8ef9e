/* cmd_key.c - `tern key`: the keys that sign images.
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <jansson.h>

#include "cli/cli.h"
#include "cli/file.h"
#include "cli/key.h"
#include "cli/view.h"

static json_t *key_json(const struct key *k)
{
    char point[2 * P256_POINT_BYTES + 1], hash[2 * SHA256_BYTES + 1];

    say_hex(point, k->point, sizeof k->point);
    say_hex(hash, k->hash, sizeof k->hash);
    return json_pack("{s:s,s:b,s:s,s:s}", "curve", "P-256", "private",
                     k->can_sign, "point", point, "key_hash", hash);
}

static const struct view_column KEY_FIELDS[] = {
    {"curve", "curve", VIEW_TEXT}, {"private", "private", VIEW_YES},
    {"point", "point", VIEW_TEXT}, {"key hash", "key_hash", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static void key_print(const struct cli *c, const struct key *k)
{
    json_t *o = key_json(k);

    if (c->json)
        view_json(o);
    else
        view_one(o, KEY_FIELDS);
    json_decref(o);
}

static int generate(struct cli *c)
{
    const char *path = c->args.words[0];
    struct key k;
    struct file_bytes pem = {0};
    struct why why;

    if (!key_generate(&k, &why))
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
    if (ok && point_path)
        ok = file_replace(point_path, k->point, sizeof k->point, why);
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

static const struct args_option SHOW_OPTIONS[] = {
    {"public", "PEM", ARGS_MAY, "write the public key here, as PEM"},
    {"point", "FILE", ARGS_MAY,
     "write the public point here: 65 bytes, as tern-device reads it"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_KEY[] = {
    {"generate", "FILE", "Make a signing key (P-256, PEM, mode 0600)", NULL,
     generate},
    {"show", "FILE", "Show a key's public half and its hash", SHOW_OPTIONS,
     show},
    {NULL, NULL, NULL, NULL, NULL},
};
