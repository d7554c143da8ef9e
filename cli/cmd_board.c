/* cmd_board.c - `tern board`: the flash file of an emulated board, as a factory
 * makes it: bootloader, first firmware, identity. What is in the slots is for
 * `tern flash` to install and to show.
 *
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <jansson.h>
#include <string.h>

#include "base/bytes.h"
#include "base/provision.h"
#include "boot/flash_layout.h"
#include "cli/cli.h"
#include "cli/file.h"
#include "cli/flash_file.h"
#include "cli/view.h"

enum {
    FCB_TAG = 0x42464346, /* "FCFB": what the chip's ROM looks for first */
    IDENTITY_FILE_MAX = 4096,
};

/* ---- create ---- */

static bool sbl_read(struct file_bytes *out, const char *path, struct why *why)
{
    if (!file_read(out, path, FLASH_BOOT_RECORD, why))
        return false;
    if (out->len >= 4 && get_u32le(out->bytes) == FCB_TAG)
        return true;
    file_free(out);
    why_set(why,
            "%s is no bootloader for this chip: it does not begin with a flash "
            "configuration block; imxrt1060-sbl.bin does",
            path);
    return false;
}

/* Both into a new file; what was begun is removed when one fails. */
static bool board_fill(const char *path, const struct file_bytes *sbl,
                       const struct flash_image *image, struct why *why)
{
    struct posix_flash flash;

    if (!flash_file_create(path, why))
        return false;
    bool ok =
        flash_file_open(&flash, path, why) &&
        flash_file_write(&flash.port, path, 0, sbl->bytes, sbl->len, why) &&
        flash_file_install(&flash.port, path, SLOT_1, image, why);
    posix_flash_close(&flash);
    if (!ok)
        flash_file_remove(path);
    return ok;
}

static int create(struct cli *c)
{
    const char *path = c->args.words[0];
    struct file_bytes sbl;
    struct flash_image image;
    struct why why;
    char version[VERSION_TEXT_MAX];

    if (!sbl_read(&sbl, args_value(&c->args, "sbl"), &why))
        return cli_refuse(c, "%s", why.text);
    if (!flash_image_read(&image, args_value(&c->args, "image"), &why)) {
        file_free(&sbl);
        return cli_refuse(c, "%s", why.text);
    }
    bool ok = board_fill(path, &sbl, &image, &why);
    version_format(&image.info.version, version);
    file_free(&image.file);
    file_free(&sbl);
    if (!ok)
        return cli_refuse(c, "%s", why.text);
    if (c->json)
        (void)printf("{\"file\": \"created\", \"version\": \"%s\"}\n", version);
    else
        (void)printf("%s: bootloader, and version %s in slot 1\n", path,
                     version);
    return CLI_OK;
}

/* ---- provision ---- */

static bool identity_read(struct provision *out, const char *path,
                          struct why *why)
{
    struct provision_why wrong;
    struct file_bytes file;

    if (!file_read(&file, path, IDENTITY_FILE_MAX, why))
        return false;
    ota_err e =
        provision_from_json(out, (const char *)file.bytes, file.len, &wrong);
    file_free(&file);
    if (e == OTA_OK)
        return true;
    if (wrong.field)
        why_set(why,
                "%s: \"%s\" is %s: it must be %s; `tern device create ... "
                "--identity FILE` writes such a file",
                path, wrong.field, wrong.missing ? "missing" : "wrong",
                wrong.rule);
    else
        why_set(why, "%s is no identity file: it must be %s", path, wrong.rule);
    return false;
}

static bool provision_write(const char *path, const struct provision *id,
                            struct why *why)
{
    uint8_t bytes[PROVISION_BYTES_MAX];
    struct posix_flash flash;

    if (!flash_file_open(&flash, path, why))
        return false;
    size_t len = provision_format(id, bytes);
    bool ok =
        flash_file_write(&flash.port, path, FLASH_PROVISION, bytes, len, why);
    explicit_bzero(bytes, sizeof bytes);
    posix_flash_close(&flash);
    return ok;
}

static int provision(struct cli *c)
{
    const char *path = c->args.words[0];
    struct provision id;
    struct why why;

    bool ok = identity_read(&id, args_value(&c->args, "identity"), &why) &&
              provision_write(path, &id, &why);
    explicit_bzero(id.device_secret, sizeof id.device_secret);
    if (!ok)
        return cli_refuse(c, "%s", why.text);
    if (c->json)
        (void)printf("{\"product_key\": \"%s\", \"device_name\": \"%s\"}\n",
                     id.product_key, id.device_name);
    else
        (void)printf("%s: this board is %s of product %s\n", path,
                     id.device_name, id.product_key);
    return CLI_OK;
}

/* ---- show ---- */

static const struct view_column FIELDS[] = {
    {"bootloader", "bootloader", VIEW_YES},
    {"provisioned", "provisioned", VIEW_YES},
    {"problem", "problem", VIEW_TEXT},
    {"product key", "product_key", VIEW_TEXT},
    {"device name", "device_name", VIEW_TEXT},
    {"MQTT host", "mqtt_host", VIEW_TEXT},
    {"MQTT port", "mqtt_port", VIEW_TEXT},
    {"HTTP port", "http_port", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static void problem_put(json_t *o, ota_err e, const struct provision_why *why)
{
    char text[WHY_MAX];

    if (e == OTA_ERR_NOT_FOUND)
        (void)snprintf(text, sizeof text,
                       "the sector is blank; `tern board provision` fills it");
    else
        (void)snprintf(text, sizeof text, "%s must be %s",
                       why->field ? why->field : "the identity", why->rule);
    (void)json_object_set_new(o, "problem", json_string(text));
}

/* All but the secret. */
static json_t *board_json(const uint8_t *sector, uint32_t tag)
{
    struct provision_why why;
    struct provision id;
    json_t *o = json_object();

    ota_err e = provision_parse(&id, sector, FLASH_SECTOR_BYTES, &why);
    (void)json_object_set_new(o, "bootloader", json_boolean(tag == FCB_TAG));
    (void)json_object_set_new(o, "provisioned", json_boolean(e == OTA_OK));
    if (e != OTA_OK) {
        problem_put(o, e, &why);
    } else {
        (void)json_object_set_new(o, "product_key",
                                  json_string(id.product_key));
        (void)json_object_set_new(o, "device_name",
                                  json_string(id.device_name));
        (void)json_object_set_new(o, "mqtt_host", json_string(id.mqtt_host));
        (void)json_object_set_new(o, "mqtt_port", json_integer(id.mqtt_port));
        (void)json_object_set_new(o, "http_port", json_integer(id.http_port));
    }
    explicit_bzero(&id, sizeof id);
    return o;
}

static int show(struct cli *c)
{
    const char *path = c->args.words[0];
    char sentence[POSIX_FLASH_WHY_MAX];
    uint8_t sector[FLASH_SECTOR_BYTES], tag[4];
    struct posix_flash f;

    if (posix_flash_open(&f, path, sentence) != OTA_OK)
        return cli_refuse(c, "%s", sentence);
    ota_err e = f.port.read(f.port.ctx, 0, tag, sizeof tag);
    if (e == OTA_OK)
        e = f.port.read(f.port.ctx, FLASH_PROVISION, sector, sizeof sector);
    posix_flash_close(&f);
    if (e != OTA_OK)
        return cli_refuse(c, "cannot read %s: %s", path, ota_err_text(e));
    json_t *o = board_json(sector, get_u32le(tag));
    explicit_bzero(sector, sizeof sector);
    if (c->json)
        view_json(o);
    else
        view_one(o, FIELDS);
    json_decref(o);
    return CLI_OK;
}

static const struct args_option CREATE_OPTIONS[] = {
    {"sbl", "FILE", ARGS_MUST, "the bootloader, imxrt1060-sbl.bin"},
    {"image", "FILE", ARGS_MUST, "the first firmware, signed; for slot 1"},
    {NULL, NULL, ARGS_MAY, NULL},
};

static const struct args_option PROVISION_OPTIONS[] = {
    {"identity", "FILE", ARGS_MUST, "as `tern device create` writes it"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_BOARD[] = {
    {"create", "FLASH", "Make a flash file with bootloader and first firmware",
     CREATE_OPTIONS, create},
    {"provision", "FLASH", "Tell a board who it is and where its server is",
     PROVISION_OPTIONS, provision},
    {"show", "FLASH", "Show who a board is; never its secret", NULL, show},
    {NULL, NULL, NULL, NULL, NULL},
};
