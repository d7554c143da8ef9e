/* cmd_image.c - `tern image`: sign, verify and inspect firmware.
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <jansson.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/file.h"
#include "cli/image_build.h"
#include "cli/image_dump.h"
#include "cli/image_plan.h"
#include "cli/key.h"
#include "cli/view.h"

enum {
    SLOT_DEFAULT = 0x100000,
    FILE_MAX = IMAGE_BUILD_BODY_MAX + 1024 * 1024,
};

static void sign_report(const struct cli *c, const char *path,
                        const struct file_bytes *image)
{
    json_t *o = image_dump_json(image);
    const char *unmet = json_string_value(json_object_get(o, "unmet"));
    char size[SIZE_TEXT_MAX];

    if (unmet)
        cli_warn(c, "a Tern device will not run %s, %s", path, unmet);

    say_size(size, image->len);
    if (c->json)
        view_json(o);
    else
        (void)printf("%s: version %s, %s bytes, signed\n", path,
                     json_string_value(json_object_get(o, "version")), size);
    json_decref(o);
}

static bool sign_file(const struct cli *c, const struct image_plan *plan,
                      const struct key *key, struct why *why)
{
    const char *in = c->args.words[0], *out = c->args.words[1];
    struct file_bytes body, image = {0};

    if (!file_read(&body, in, IMAGE_BUILD_BODY_MAX, why))
        return false;
    bool ok = false;
    if (body.len == 0)
        why_set(why, "%s is empty", in);
    else
        ok = image_build(&image, &body, plan, key, why) &&
             file_replace(out, image.bytes, image.len, why);
    if (ok)
        sign_report(c, out, &image);
    file_free(&image);
    file_free(&body);
    return ok;
}

static int sign(struct cli *c)
{
    struct image_plan plan;
    const char *key_path = args_value(&c->args, "key");
    struct key key;
    struct why why;
    int code = image_plan_read(c, &plan);

    if (code != CLI_OK)
        return code;
    if (!key_load_private(&key, key_path, &why))
        return cli_refuse(c, "%s", why.text);
    if (key.exposed)
        cli_warn(c,
                 "%s can be read by others than its owner; "
                 "`chmod 600 %s` mends that",
                 key_path, key_path);
    bool ok = sign_file(c, &plan, &key, &why);
    key_free(&key);
    return ok ? CLI_OK : cli_refuse(c, "%s", why.text);
}

static void verdict_print(const struct cli *c, const char *path,
                          const struct image_verdict *v)
{
    char version[VERSION_TEXT_MAX] = "";
    bool ok = v->boot == BOOT_YES;

    if (ok)
        version_format(&v->info.version, version);
    if (c->json) {
        json_t *o = json_pack("{s:b,s:s,s:s}", "ok", ok, "why",
                              image_why_text(v->why), "version", version);
        view_json(o);
        json_decref(o);
    } else if (ok) {
        (void)printf("%s: version %s, good\n", path, version);
    }
}

/* As a bootloader judges it: in a slot, which is erased flash behind it. */
static bool judge(struct image_verdict *v, const struct cli *c,
                  const struct key *key, uint32_t slot_bytes, struct why *why)
{
    const char *path = c->args.words[0];
    struct file_bytes image;
    struct key_trust trust;

    if (!file_read(&image, path, FILE_MAX, why))
        return false;
    bool ok = image.len <= slot_bytes;
    if (ok) {
        const struct image_source source =
            image_slot_source(&image, slot_bytes);
        image_verify(v, &source, key_trusted(&trust, key));
    } else {
        why_set(why, "%s has %zu bytes and the slot %u; see --slot-size", path,
                image.len, slot_bytes);
    }
    file_free(&image);
    return ok;
}

static int verify(struct cli *c)
{
    const char *path = c->args.words[0];
    uint32_t slot_bytes = SLOT_DEFAULT;
    struct key key;
    struct image_verdict v;
    struct why why;
    int code = cli_number(c, "slot-size", 1024, UINT32_MAX, &slot_bytes);

    if (code != CLI_OK)
        return code;
    if (!key_load(&key, args_value(&c->args, "key"), &why))
        return cli_refuse(c, "%s", why.text);
    bool judged = judge(&v, c, &key, slot_bytes, &why);
    key_free(&key);
    if (!judged)
        return cli_refuse(c, "%s", why.text);
    verdict_print(c, path, &v);
    return v.boot == BOOT_YES
               ? CLI_OK
               : cli_refuse(c, "%s: %s", path, image_why_text(v.why));
}

static const struct view_column INFO_FIELDS[] = {
    {"version", "version", VIEW_TEXT},
    {"file", "file_bytes", VIEW_SIZE},
    {"image", "total_bytes", VIEW_SIZE},
    {"header", "header_bytes", VIEW_SIZE},
    {"body", "body_bytes", VIEW_SIZE},
    {"protected TLVs", "protected_tlv_bytes", VIEW_SIZE},
    {"load address", "load_addr", VIEW_TEXT},
    {"flags", "flags", VIEW_TEXT},
    {"security counter", "security_counter", VIEW_NUMBER},
    {"hash matches", "hash_ok", VIEW_YES},
    {"signature", "signature", VIEW_TEXT},
    {"dependencies", "dependencies", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column TLV_COLUMNS[] = {
    {"TLV", "type", VIEW_TEXT},           {"NAME", "name", VIEW_TEXT},
    {"PROTECTED", "protected", VIEW_YES}, {"BYTES", "bytes", VIEW_SIZE},
    {"VALUE", "value", VIEW_TEXT},        {NULL, NULL, VIEW_TEXT},
};

static int info(struct cli *c)
{
    const char *path = c->args.words[0];
    struct file_bytes image;
    struct why why;

    if (!file_read(&image, path, FILE_MAX, &why))
        return cli_refuse(c, "%s", why.text);
    json_t *o = image_dump_json(&image);
    file_free(&image);
    if (c->json) {
        view_json(o);
    } else {
        view_one(o, INFO_FIELDS);
        (void)printf("\n");
        view_list(json_object_get(o, "tlvs"), TLV_COLUMNS);
    }
    const char *problem = json_string_value(json_object_get(o, "problem"));
    int code = problem ? cli_refuse(c, "%s: %s", path, problem) : CLI_OK;
    json_decref(o);
    return code;
}

static const struct args_option VERIFY_OPTIONS[] = {
    {"key", "FILE", ARGS_MUST,
     "public or private key: PEM, or as `tern key show --point` writes it"},
    {"slot-size", "N", ARGS_MAY, "of the slot that it would lie in (0x100000)"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_IMAGE[] = {
    {"sign", "IN OUT", "Make a signed image out of a program",
     IMAGE_PLAN_OPTIONS, sign},
    {"verify", "IMAGE", "May a device that trusts the key run this image",
     VERIFY_OPTIONS, verify},
    {"info", "IMAGE", "Show an image's header and TLVs", NULL, info},
    {NULL, NULL, NULL, NULL, NULL},
};
