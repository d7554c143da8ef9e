/* cmd_product.c - `tern product`: kinds of devices, what fits into them and who
 * may sign for them. Tests: test/system/test_cli.py, test_cli_console.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "cli/key.h"
#include "cli/show.h"

enum { SLOT_MIN = 4096, SLOT_MAX = 1000000000, HASH_DIGITS_MIN = 8 };

static const struct view_column COLUMNS[] = {
    {"PRODUCT KEY", "product_key", VIEW_TEXT},
    {"NAME", "name", VIEW_TEXT},
    {"SLOT", "slot_bytes", VIEW_SIZE},
    {"CREATED", "created_ms", VIEW_TIME},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column KEY_COLUMNS[] = {
    {"RELEASE KEY", "key_hash", VIEW_TEXT},
    {"TYPE", "type", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static struct api_path product_path(const struct cli *c)
{
    struct api_path path = api_path("/api/v1/products");

    api_path_add(&path, c->args.words[0]);
    return path;
}

static void print_product(const struct cli *c, const json_t *product)
{
    const json_t *keys = json_object_get(product, "keys");

    show_object(c, product, COLUMNS);
    if (c->json)
        return;
    (void)printf("\n");
    if (json_array_size(keys) > 0)
        view_list(keys, KEY_COLUMNS);
    else
        (void)printf("No release keys: signatures are left to the devices.\n");
}

/* The slot of --slot-bytes into body, if it was given. */
static int slot_add(const struct cli *c, json_t *body)
{
    uint32_t bytes = 0;
    int code = cli_number(c, "slot-bytes", SLOT_MIN, SLOT_MAX, &bytes);

    if (code == CLI_OK && bytes)
        (void)json_object_set_new(body, "slot_bytes", json_integer(bytes));
    return code;
}

/* body: taken. */
static int send_product(const struct cli *c, const char *method,
                        const struct api_path *path, json_t *body)
{
    struct api a;
    json_t *product = NULL;

    if (!body)
        return cli_usage(c, "what is given is not UTF-8 text");
    int code = api_open(&a, c);
    if (code == CLI_OK)
        code = api_call(&a, method, path, body, &product);
    if (code == CLI_OK)
        print_product(c, product);
    json_decref(product);
    json_decref(body);
    api_close(&a);
    return code;
}

static int create(struct cli *c)
{
    const struct api_path path = api_path("/api/v1/products");
    json_t *body = json_pack("{s:s,s:s*}", "name", c->args.words[0],
                             "product_key", args_value(&c->args, "key"));
    int code = body ? slot_add(c, body) : CLI_OK;

    if (code == CLI_OK)
        return show_send(c, "POST", &path, body, COLUMNS);
    json_decref(body);
    return code;
}

static int list(struct cli *c)
{
    const struct api_path path = api_path("/api/v1/products");

    return show_list(c, &path, 0, COLUMNS);
}

static int show(struct cli *c)
{
    const struct api_path path = product_path(c);
    struct api a;
    json_t *product = NULL;
    int code = api_open(&a, c);

    if (code == CLI_OK)
        code = api_call(&a, "GET", &path, NULL, &product);
    if (code == CLI_OK)
        print_product(c, product);
    json_decref(product);
    api_close(&a);
    return code;
}

static int set(struct cli *c)
{
    const struct api_path path = product_path(c);
    json_t *body = json_object();
    int code = slot_add(c, body);

    if (code == CLI_OK)
        return send_product(c, "PATCH", &path, body);
    json_decref(body);
    return code;
}

/* --- release keys ----------------------------------------------------------
 */

static json_t *keys_of(const json_t *product)
{
    json_t *keys = json_array(), *key;
    size_t i;

    json_array_foreach(json_object_get(product, "keys"), i, key)(void)
        json_array_append(keys, json_object_get(key, "public"));
    return keys;
}

/* Change the list of keys as `change` says, and give it back. */
static int keys_change(const struct cli *c,
                       int (*change)(const struct cli *c, const json_t *product,
                                     json_t *keys))
{
    struct api_path path = product_path(c);
    struct api a;
    json_t *before = NULL, *keys = NULL;
    int code = api_open(&a, c);

    if (code == CLI_OK)
        code = api_call(&a, "GET", &path, NULL, &before);
    if (code == CLI_OK) {
        keys = keys_of(before);
        code = change(c, before, keys);
    }
    json_decref(before);
    api_close(&a);
    api_path_add(&path, "keys");
    if (code == CLI_OK)
        return send_product(c, "PUT", &path, json_pack("{s:o}", "keys", keys));
    json_decref(keys);
    return code;
}

static int key_append(const struct cli *c, const json_t *product, json_t *keys)
{
    char hex[2 * RSA2048_BYTES + 1];
    const uint8_t *raw;
    size_t len;
    struct key k;
    struct why why;
    (void)product;

    if (!key_load(&k, c->args.words[1], &why))
        return cli_refuse(c, "%s", why.text);
    raw = key_public_raw(&k, &len);
    say_hex(hex, raw, len);
    key_free(&k);
    (void)json_array_append_new(keys, json_string(hex));
    return CLI_OK;
}

static int add_key(struct cli *c)
{
    return keys_change(c, key_append);
}

/* The key whose hash begins as it was written, e.g. the 8 digits that
 * `tern package show` prints. */
static int key_remove(const struct cli *c, const json_t *product, json_t *keys)
{
    const char *begin = c->args.words[1];
    const json_t *key;
    size_t i, found = 0, at = 0;

    json_array_foreach(json_object_get(product, "keys"), i, key)
    {
        const char *hash = json_string_value(json_object_get(key, "key_hash"));
        if (hash && strncmp(hash, begin, strlen(begin)) == 0) {
            at = i;
            found++;
        }
    }
    if (strlen(begin) < HASH_DIGITS_MIN || found != 1)
        return cli_refuse(c,
                          "%s names no release key of this product; give at "
                          "least the first 8 digits that `tern product show` "
                          "prints",
                          begin);
    (void)json_array_remove(keys, at);
    return CLI_OK;
}

static int remove_key(struct cli *c)
{
    return keys_change(c, key_remove);
}

static const struct args_option CREATE_OPTIONS[] = {
    {"key", "PK", ARGS_MAY, "its productKey (one is made up)"},
    {"slot-bytes", "N", ARGS_MAY, "the largest image it can take (1 MiB)"},
    {NULL, NULL, ARGS_MAY, NULL},
};

static const struct args_option SET_OPTIONS[] = {
    {"slot-bytes", "N", ARGS_MUST, "the largest image it can take"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_PRODUCT[] = {
    {"create", "NAME", "Add a product", CREATE_OPTIONS, create},
    {"list", "", "Show all products", NULL, list},
    {"show", "PK", "Show one product and its release keys", NULL, show},
    {"set", "PK", "Change what a product is", SET_OPTIONS, set},
    {"add-key", "PK FILE", "Let a key sign a product's packages", NULL,
     add_key},
    {"remove-key", "PK HASH", "Let it sign no more", NULL, remove_key},
    {NULL, NULL, NULL, NULL, NULL},
};
