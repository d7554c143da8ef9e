/* cmd_flash.c - `tern flash`: the file that is a tern-device's flash. Creates
 * it, installs a first image as a factory would, and tells what is in it.
 *
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <jansson.h>
#include <string.h>

#include "boot/boot_record.h"
#include "boot/boot_step.h"
#include "cli/cli.h"
#include "cli/flash_file.h"
#include "cli/view.h"
#include "image/image_verify.h"

/* ---- create ---- */

static int create(struct cli *c)
{
    const char *path = c->args.words[0];
    struct why why;

    if (!flash_file_create(path, &why))
        return cli_refuse(c, "%s", why.text);
    if (c->json)
        (void)printf("{\"file\": \"created\", \"bytes\": %d}\n", FLASH_BYTES);
    else
        (void)printf("%s: a blank flash of 8 MiB\n", path);
    return CLI_OK;
}

/* ---- install ---- */

static int install(struct cli *c)
{
    const char *path = c->args.words[0], *image_path = c->args.words[1];
    uint32_t slot = SLOT_1;
    struct flash_image image;
    struct posix_flash flash;
    struct why why;
    char version[VERSION_TEXT_MAX];
    int code = cli_number(c, "slot", SLOT_1, SLOT_2, &slot);

    if (code != CLI_OK)
        return code;
    if (!flash_image_read(&image, image_path, &why))
        return cli_refuse(c, "%s", why.text);
    bool ok =
        flash_file_open(&flash, path, &why) &&
        flash_file_install(&flash.port, path, (enum slot)slot, &image, &why);
    posix_flash_close(&flash);
    version_format(&image.info.version, version);
    file_free(&image.file);
    if (!ok)
        return cli_refuse(c, "%s", why.text);
    if (c->json)
        (void)printf("{\"slot\": %u, \"version\": \"%s\"}\n", slot, version);
    else
        (void)printf("%s: version %s is in slot %u\n", path, version, slot);
    return CLI_OK;
}

/* ---- status ---- */

/* A name for every value of the enums, "?" for what the record cannot hold. */
static const char *name_of(const char *const *names, size_t count, unsigned v)
{
    return v < count && names[v] ? names[v] : "?";
}

static const char *const STATES[] = {
    [BOOT_STEADY] = "STEADY", [BOOT_ARMED] = "ARMED", [BOOT_TRIAL] = "TRIAL"};
static const char *const OUTCOMES[] = {
    [OUTCOME_NONE] = "NONE",
    [OUTCOME_CONFIRMED] = "CONFIRMED",
    [OUTCOME_REJECTED] = "REJECTED",
    [OUTCOME_ROLLED_BACK] = "ROLLED_BACK",
    [OUTCOME_ACTIVE_CORRUPT] = "ACTIVE_CORRUPT",
};
static const char *const CAUSES[] = {
    [RESET_POWER_ON] = "POWER_ON",
    [RESET_SOFTWARE] = "SOFTWARE",
    [RESET_WATCHDOG] = "WATCHDOG",
    [RESET_PIN] = "PIN",
};
#define NAME(list, v)                                                          \
    name_of((list), sizeof(list) / sizeof((list)[0]), (unsigned)(v))

static void put(json_t *o, const char *name, json_t *value)
{
    (void)json_object_set_new(o, name, value);
}

static json_t *record_json(const struct boot_record *r)
{
    json_t *o = json_object(), *confirmed = json_array();
    char version[VERSION_TEXT_MAX];

    version_format(&r->outcome_version, version);
    for (int slot = SLOT_1; slot <= SLOT_2; slot++)
        if (r->confirmed_slots & slot_bit((enum slot)slot))
            (void)json_array_append_new(confirmed, json_integer(slot));
    put(o, "state", json_string(NAME(STATES, r->state)));
    put(o, "active_slot", json_integer(r->active));
    put(o, "next_slot", json_integer(boot_preferred(r)));
    put(o, "sequence", json_integer(r->sequence));
    put(o, "tries_left", json_integer(r->tries_left));
    put(o, "power_tries_left", json_integer(r->power_tries_left));
    put(o, "confirmed_slots", confirmed);
    put(o, "outcome", json_string(NAME(OUTCOMES, r->outcome)));
    put(o, "outcome_version",
        r->outcome == OUTCOME_NONE ? json_null() : json_string(version));
    put(o, "outcome_error",
        r->outcome == OUTCOME_REJECTED
            ? json_string(ota_err_text(r->outcome_error))
            : json_null());
    put(o, "outcome_reported", json_boolean(r->outcome_reported));
    put(o, "outcome_cause",
        r->outcome_cause != RESET_UNKNOWN
            ? json_string(NAME(CAUSES, r->outcome_cause))
            : json_null());
    put(o, "security_floor", json_integer(r->security_floor));
    return o;
}

/* Hash [0, len) of an image. */
static bool source_hash(const struct image_source *s, uint32_t len,
                        uint8_t out[SHA256_BYTES])
{
    uint8_t window[FLASH_SECTOR_BYTES];
    struct digest d;

    digest_begin(&d, DIGEST_SHA256);
    for (uint32_t at = 0; at < len;) {
        uint32_t n = len - at < sizeof window ? len - at : sizeof window;
        if (s->read(s->ctx, at, window, n) != OTA_OK)
            return false;
        digest_add(&d, window, n);
        at += n;
    }
    (void)digest_end(&d, out);
    return true;
}

static json_t *slot_json(const struct port_flash *f, enum slot slot)
{
    struct boot_slot_source holder;
    const struct image_source source = boot_slot_source(&holder, f, slot);
    struct image_info i;
    uint8_t hash[SHA256_BYTES], file_hash[SHA256_BYTES];
    char version[VERSION_TEXT_MAX], hex[2 * SHA256_BYTES + 1];
    const char *problem = "";
    enum image_why refusal;
    json_t *o = json_object();

    put(o, "slot", json_integer(slot));
    ota_err e = image_parse(&i, &source, &refusal);
    if (e != OTA_OK) {
        problem = image_why_text(refusal);
    } else if (source_hash(&source, i.hashed_bytes, hash) &&
               source_hash(&source, i.total_bytes, file_hash)) {
        bool same = memcmp(hash, i.hash, sizeof hash) == 0;
        version_format(&i.version, version);
        say_hex(hex, file_hash, sizeof file_hash);
        put(o, "version", json_string(version));
        put(o, "size_bytes", json_integer(i.total_bytes));
        put(o, "sha256", json_string(hex));
        put(o, "hash_ok", json_boolean(same));
        problem = same ? "" : image_why_text(WHY_HASH_WRONG);
    }
    put(o, "problem", problem[0] ? json_string(problem) : json_null());
    return o;
}

static const struct view_column RECORD_FIELDS[] = {
    {"state", "state", VIEW_TEXT},
    {"active slot", "active_slot", VIEW_TEXT},
    {"next start", "next_slot", VIEW_TEXT},
    {"sequence", "sequence", VIEW_TEXT},
    {"tries left", "tries_left", VIEW_TEXT},
    {"power tries left", "power_tries_left", VIEW_TEXT},
    {"outcome", "outcome", VIEW_TEXT},
    {"outcome version", "outcome_version", VIEW_TEXT},
    {"outcome error", "outcome_error", VIEW_TEXT},
    {"outcome reported", "outcome_reported", VIEW_YES},
    {"outcome cause", "outcome_cause", VIEW_TEXT},
    {"security floor", "security_floor", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column SLOT_COLUMNS[] = {
    {"SLOT", "slot", VIEW_TEXT},       {"VERSION", "version", VIEW_TEXT},
    {"SIZE", "size_bytes", VIEW_SIZE}, {"CONFIRMED", "confirmed", VIEW_YES},
    {"HASH OK", "hash_ok", VIEW_YES},  {"SHA256", "sha256", VIEW_TEXT},
    {"PROBLEM", "problem", VIEW_TEXT}, {NULL, NULL, VIEW_TEXT},
};

static void status_print(const struct cli *c, const struct port_flash *f,
                         const struct boot_record *r)
{
    json_t *slots = json_array();
    json_t *o = json_object();

    for (int slot = SLOT_1; slot <= SLOT_2; slot++) {
        json_t *s = slot_json(f, (enum slot)slot);
        uint8_t bit = slot_bit((enum slot)slot);
        put(s, "confirmed", json_boolean((r->confirmed_slots & bit) != 0));
        (void)json_array_append_new(slots, s);
    }
    put(o, "record", record_json(r));
    put(o, "slots", slots);
    if (c->json) {
        view_json(o);
    } else {
        if (r->sequence == 0)
            (void)printf("There is no boot record yet; a device begins with "
                         "this:\n");
        view_one(json_object_get(o, "record"), RECORD_FIELDS);
        (void)printf("\n");
        view_list(slots, SLOT_COLUMNS);
    }
    json_decref(o);
}

static int status(struct cli *c)
{
    const char *path = c->args.words[0];
    struct posix_flash flash;
    struct boot_record r;
    char sentence[POSIX_FLASH_WHY_MAX];

    if (posix_flash_open(&flash, path, sentence) != OTA_OK)
        return cli_refuse(c, "%s", sentence);
    ota_err e = boot_record_load(&flash.port, &r);
    if (e == OTA_OK)
        status_print(c, &flash.port, &r);
    posix_flash_close(&flash);
    return e == OTA_OK
               ? CLI_OK
               : cli_refuse(c, "cannot read %s: %s", path, ota_err_text(e));
}

static const struct args_option INSTALL_OPTIONS[] = {
    {"slot", "N", ARGS_MUST, "1 or 2"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_FLASH[] = {
    {"create", "FILE", "Make a blank flash file of 8 MiB", NULL, create},
    {"install", "FILE IMAGE", "Put an image into a slot, as a factory does",
     INSTALL_OPTIONS, install},
    {"status", "FILE", "Show the boot record and what is in the slots", NULL,
     status},
    {NULL, NULL, NULL, NULL, NULL},
};
