/* image_plan.c - the options of `tern image sign`. Start at image_plan_read().
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/image_plan.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_DEFAULT = 0x400, SLOT_DEFAULT = 0x100000, SECTORS_DEFAULT = 128 };

/* imgtool lets minor and revision be left out: "1.1" is 1.1.0. */
static ota_err version_take(struct version *out, const char *text, size_t len)
{
    char full[VERSION_TEXT_MAX];
    size_t dots = 0;

    for (size_t i = 0; i < len; i++)
        dots += text[i] == '.';
    if (memchr(text, '+', len) || dots >= 2)
        return version_parse(out, text, len);
    if (len + 2 * (2 - dots) >= sizeof full)
        return OTA_ERR_RANGE;
    memcpy(full, text, len);
    for (; dots < 2; dots++) {
        /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): not yet */
        memcpy(full + len, ".0", 2);
        len += 2;
    }
    return version_parse(out, full, len);
}

static int version_read(const struct cli *c, const char *option,
                        const char *text, size_t len, struct version *out)
{
    ota_err e = version_take(out, text, len);

    if (e == OTA_ERR_RANGE)
        return cli_usage(c,
                         "--%s %.*s has a part that is too large: at most "
                         "255.255.65535+4294967295",
                         option, (int)len, text);
    if (e != OTA_OK)
        return cli_usage(c,
                         "--%s %.*s is no image version; write it like 1.4.0 "
                         "or 1.4.0+7",
                         option, (int)len, text);
    return CLI_OK;
}

/* imgtool's "auto": a counter that grows with the version. */
static int counter_read(const struct cli *c, struct image_plan *p)
{
    const char *text = args_value(&c->args, "security-counter");

    p->counted = text != NULL;
    if (!text || strcmp(text, "auto") != 0)
        return cli_number(c, "security-counter", 0, UINT32_MAX,
                          &p->security_counter);
    p->security_counter = (uint32_t)p->version.major << 24 |
                          (uint32_t)p->version.minor << 16 |
                          p->version.revision;
    return CLI_OK;
}

/* ---- dependencies ---- */

static int depend_bad(const struct cli *c, const char *option, const char *text)
{
    return cli_usage(c,
                     "--%s %s is no dependency; write %s with an image number "
                     "from 0 to 255",
                     option, text,
                     strcmp(option, "depends") == 0 ? "ID:VERSION, like 0:1.4.0"
                                                    : "\"(ID, VERSION), ...\"");
}

static int depend_add(const struct cli *c, struct image_plan *p,
                      unsigned long image, const struct version *version)
{
    if (p->depends_count == IMAGE_BUILD_DEPENDS_MAX)
        return cli_usage(c, "an image may have %d dependencies",
                         IMAGE_BUILD_DEPENDS_MAX);
    p->depends[p->depends_count++] =
        (struct image_dependency){(uint8_t)image, *version};
    return CLI_OK;
}

/* The number of an image at *at, which is moved behind it. */
static bool image_take(const char **at, unsigned long *image)
{
    char *end;

    if (**at < '0' || **at > '9')
        return false;
    *image = strtoul(*at, &end, 10);
    *at = end;
    return *image <= UINT8_MAX;
}

static const char *blanks_skip(const char *at)
{
    return at + strspn(at, " \t");
}

/* Tern's form: ID:VERSION, once for each. */
static int depends_read(const struct cli *c, struct image_plan *p)
{
    const char *text;
    int code = CLI_OK;

    for (size_t n = 0;
         code == CLI_OK && (text = args_nth(&c->args, "depends", n)); n++) {
        const char *at = text;
        struct version v;
        unsigned long image;

        if (!image_take(&at, &image) || *at != ':')
            return depend_bad(c, "depends", text);
        at++;
        code = version_read(c, "depends", at, strlen(at), &v);
        if (code == CLI_OK)
            code = depend_add(c, p, image, &v);
    }
    return code;
}

/* imgtool's form: "(ID, VERSION), ..." */
static int dependencies_read(const struct cli *c, struct image_plan *p)
{
    const char *text = args_value(&c->args, "dependencies");
    const char *at = text ? blanks_skip(text) : "";

    if (text && !*at)
        return depend_bad(c, "dependencies", text);
    while (*at) {
        struct version v;
        unsigned long image;

        if (*at != '(')
            return depend_bad(c, "dependencies", text);
        at = blanks_skip(at + 1);
        if (!image_take(&at, &image) || *(at = blanks_skip(at)) != ',')
            return depend_bad(c, "dependencies", text);
        at = blanks_skip(at + 1);
        size_t len = strcspn(at, " \t)");
        int code = version_read(c, "dependencies", at, len, &v);
        if (code == CLI_OK)
            code = depend_add(c, p, image, &v);
        if (code != CLI_OK)
            return code;
        at = blanks_skip(at + len);
        if (*at != ')')
            return depend_bad(c, "dependencies", text);
        at = blanks_skip(at + 1);
        if (*at == ',')
            at = blanks_skip(at + 1);
    }
    return CLI_OK;
}

/* ---- the trailer that MCUboot's swap keeps at the end of a slot ---- */

static int align_read(const struct cli *c, struct image_plan *p)
{
    int code = cli_number(c, "align", 1, 32, &p->align);

    if (code == CLI_OK && (p->align & (p->align - 1)) != 0)
        code = cli_usage(c, "--align must be 1, 2, 4, 8, 16 or 32: the bytes "
                            "that the flash writes at once");
    if (code == CLI_OK)
        code = cli_number(c, "max-sectors", 1, 0xffff, &p->max_sectors);
    return code;
}

static int trailer_read(const struct cli *c, struct image_plan *p)
{
    static const char *const NEEDING[] = {"max-sectors", "pad", "confirm"};

    for (size_t i = 0; i < sizeof NEEDING / sizeof NEEDING[0]; i++)
        if (args_has(&c->args, NEEDING[i]) && !args_has(&c->args, "align"))
            return cli_usage(c,
                             "--%s is about the trailer at the end of the "
                             "slot, whose size follows from --align N; give "
                             "that too",
                             NEEDING[i]);
    p->confirm = args_has(&c->args, "confirm");
    p->pad = p->confirm || args_has(&c->args, "pad");
    if (p->pad && args_has(&c->args, "allow-oversize"))
        return cli_usage(c, "--pad fills a slot and --allow-oversize makes an "
                            "image that fits none: give one of them");
    return args_has(&c->args, "align") ? align_read(c, p) : CLI_OK;
}

int image_plan_read(const struct cli *c, struct image_plan *p)
{
    const char *version = args_value(&c->args, "version");

    *p = (struct image_plan){
        .header_bytes = HEADER_DEFAULT,
        .slot_bytes = SLOT_DEFAULT,
        .max_sectors = SECTORS_DEFAULT,
        .pad_header = args_has(&c->args, "pad-header"),
    };
    int code =
        version_read(c, "version", version, strlen(version), &p->version);
    if (code == CLI_OK)
        code = cli_number(c, "header-size", IMAGE_BUILD_HEADER_MIN,
                          IMAGE_BUILD_HEADER_MAX, &p->header_bytes);
    if (code == CLI_OK && p->header_bytes % 4 != 0)
        code = cli_usage(c, "--header-size must be a multiple of 4");
    if (code == CLI_OK)
        code = cli_number(c, "slot-size", 1024, UINT32_MAX, &p->slot_bytes);
    if (code == CLI_OK)
        code = counter_read(c, p);
    if (code == CLI_OK)
        code = depends_read(c, p);
    if (code == CLI_OK)
        code = dependencies_read(c, p);
    if (code == CLI_OK)
        code = trailer_read(c, p);
    if (args_has(&c->args, "allow-oversize"))
        p->slot_bytes = 0;
    return code;
}

const struct args_option IMAGE_PLAN_OPTIONS[] = {
    {"key", "FILE", ARGS_MUST, "private key, PEM: P-256 or RSA-2048"},
    {"version", "V", ARGS_MUST, "major.minor.revision[+build]"},
    {"header-size", "N", ARGS_MAY, "bytes before the program (0x400)"},
    {"pad-header", NULL, ARGS_MAY,
     "put the header before the program even if that begins with room for it"},
    {"slot-size", "N", ARGS_MAY, "refuse an image larger than this (0x100000)"},
    {"allow-oversize", NULL, ARGS_MAY, "make an image that fits no slot"},
    {"security-counter", "N", ARGS_MAY,
     "against going back to older images; `auto`: from the version"},
    {"depends", "ID:V", ARGS_MANY, "image ID must be there in version V or up"},
    {"dependencies", "LIST", ARGS_MAY, "the same as imgtool: \"(ID, V), ...\""},
    {"align", "N", ARGS_MAY,
     "leave room in the slot for MCUboot's trailer, written N bytes at once"},
    {"max-sectors", "N", ARGS_MAY, "sectors that the trailer is for (128)"},
    {"pad", NULL, ARGS_MAY,
     "fill the slot, with the trailer's magic at its end"},
    {"confirm", NULL, ARGS_MAY, "--pad, and mark the image as confirmed"},
    {NULL, NULL, ARGS_MAY, NULL},
};
