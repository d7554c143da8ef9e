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
#include "cli/key.h"
#include "cli/view.h"

enum {
    HEADER_DEFAULT = 0x400,
    SLOT_DEFAULT = 0x100000,
    FILE_MAX = IMAGE_BUILD_BODY_MAX + 1024 * 1024,
};

/* Options into a plan. Returns CLI_OK, or the exit code after saying why. */
static int plan_read(const struct cli *c, struct image_plan *p)
{
    const char *version = args_value(&c->args, "version");
    ota_err e = version_parse(&p->version, version, strlen(version));

    if (e == OTA_ERR_RANGE)
        return cli_usage(c,
                         "--version %s has a part that is too large: at "
                         "most 255.255.65535+4294967295",
                         version);
    if (e != OTA_OK)
        return cli_usage(c,
                         "--version %s is no image version; write it like "
                         "1.4.0 or 1.4.0+7",
                         version);
    p->counted = args_has(&c->args, "security-counter");
    int code = cli_number(c, "header-size", IMAGE_BUILD_HEADER_MIN,
                          IMAGE_BUILD_HEADER_MAX, &p->header_bytes);
    if (code == CLI_OK && p->header_bytes % 4 != 0)
        code = cli_usage(c, "--header-size must be a multiple of 4");
    if (code == CLI_OK)
        code = cli_number(c, "slot-size", 1024, UINT32_MAX, &p->slot_bytes);
    if (code == CLI_OK)
        code = cli_number(c, "security-counter", 0, UINT32_MAX,
                          &p->security_counter);
    if (args_has(&c->args, "allow-oversize"))
        p->slot_bytes = 0;
    return code;
}

static void sign_report(const struct cli *c, const char *path,
                        const struct file_bytes *image)
{
    json_t *o = image_dump_json(image);
    char size[SIZE_TEXT_MAX];

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
    struct image_plan plan = {
        .header_bytes = HEADER_DEFAULT,
        .slot_bytes = SLOT_DEFAULT,
    };
    const char *key_path = args_value(&c->args, "key");
    struct key key;
    struct why why;
    int code = plan_read(c, &plan);

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

static int verify(struct cli *c)
{
    const char *path = c->args.words[0];
    struct file_bytes image;
    struct key key;
    struct image_verdict v;
    struct why why;

    if (!key_load(&key, args_value(&c->args, "key"), &why))
        return cli_refuse(c, "%s", why.text);
    const struct image_keys keys = key_trusted(&key);
    bool read = file_read(&image, path, FILE_MAX, &why);
    if (read) {
        const struct image_source source = image_memory_source(&image);
        image_verify(&v, &source, &keys);
        verdict_print(c, path, &v);
        file_free(&image);
    }
    key_free(&key);
    if (!read)
        return cli_refuse(c, "%s", why.text);
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
    {"has a signature", "has_signature", VIEW_YES},
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

static const struct args_option SIGN_OPTIONS[] = {
    {"key", "FILE", ARGS_MUST, "private key, PEM"},
    {"version", "V", ARGS_MUST, "major.minor.revision[+build]"},
    {"header-size", "N", ARGS_MAY, "bytes before the program (0x400)"},
    {"slot-size", "N", ARGS_MAY, "refuse an image larger than this (0x100000)"},
    {"security-counter", "N", ARGS_MAY, "against going back to older images"},
    {"allow-oversize", NULL, ARGS_MAY, "make an image that fits no slot"},
    {NULL, NULL, ARGS_MAY, NULL},
};

static const struct args_option VERIFY_OPTIONS[] = {
    {"key", "FILE", ARGS_MUST, "public or private key: PEM, or a point"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_IMAGE[] = {
    {"sign", "IN OUT", "Make a signed image out of a program", SIGN_OPTIONS,
     sign},
    {"verify", "IMAGE", "May a device that trusts the key run this image",
     VERIFY_OPTIONS, verify},
    {"info", "IMAGE", "Show an image's header and TLVs", NULL, info},
    {NULL, NULL, NULL, NULL, NULL},
};
