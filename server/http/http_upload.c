/* http_upload.c - a new package: its file streams to disk, then is looked at,
 * named, and only then told to the core.
 *
 * Start at http_package_upload_begin() (the head is there), then
 * http_package_upload() (the body is). Nothing is acknowledged that a crash
 * could take back: file durable first, row second, reply last. A file without
 * a row is swept away at the next start.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "server/core/names.h"
#include "server/core/package_check.h"
#include "server/http/http_model.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

static bool refuse_member(struct http_request *r, const char *name,
                          const char *must)
{
    http_refuse(r, MHD_HTTP_UNPROCESSABLE_CONTENT, "INVALID",
                "query member \"%s\" must be %s", name, must);
    return false;
}

static bool take_version(struct http_request *r, struct package *p)
{
    const char *text = http_query(r, "version");

    if (!text || !identity_version_ok(text) ||
        !http_text_copy(p->version, sizeof p->version, text))
        return refuse_member(r, "version",
                             "1 to 64 letters, digits or . _ + -");
    return true;
}

static bool take_name(struct http_request *r, struct package *p)
{
    const char *text = http_query(r, "name");

    if (!text)
        text = p->version;
    if (!name_is_ok(text) || !http_text_copy(p->name, sizeof p->name, text))
        return refuse_member(
            r, "name", "a text of 1 to 80 bytes without control characters");
    return true;
}

static bool take_module(struct http_request *r, struct package *p)
{
    const char *text = http_query(r, "module");

    if (!text)
        text = "default";
    if (!module_is_ok(text) ||
        !http_text_copy(p->module, sizeof p->module, text))
        return refuse_member(r, "module", "1 to 32 letters, digits or _ -");
    return true;
}

static bool take_sign_method(struct http_request *r, struct package *p)
{
    const char *text = http_query(r, "sign_method");

    p->sign_method = SIGN_SHA256;
    if (text && strcmp(text, http_model_sign_method(SIGN_MD5)) == 0)
        p->sign_method = SIGN_MD5;
    else if (text && strcmp(text, http_model_sign_method(SIGN_SHA256)) != 0)
        return refuse_member(r, "sign_method", "Md5 or SHA256");
    return true;
}

static bool take_verification(struct http_request *r, struct package *p)
{
    const char *text = http_query(r, "needs_verification");

    p->state = PACKAGE_UNVERIFIED;
    if (text && strcmp(text, "false") == 0)
        p->state = PACKAGE_NOT_NEEDED;
    else if (text && strcmp(text, "true") != 0)
        return refuse_member(r, "needs_verification", "true or false");
    return true;
}

static bool product_exists(struct http_request *r, const char *key)
{
    struct diag why = {""};
    struct store *reader = http_reader_take(r);
    ota_err e = store_product_get(reader, key, &r->product, &why);

    http_reader_give(r, reader);
    if (e != OTA_OK)
        http_refuse_error(r, e, &why);
    return e == OTA_OK;
}

void http_package_upload_begin(struct http_request *r)
{
    struct package *p = &r->package;
    struct diag why = {""};
    const char *key;
    ota_err e;

    if (!http_path_product(r, &key) || !take_version(r, p) ||
        !take_name(r, p) || !take_module(r, p) || !take_sign_method(r, p) ||
        !take_verification(r, p) || !product_exists(r, key))
        return;
    (void)http_text_copy(p->product_key, sizeof p->product_key, key);
    r->upload = blob_writer_open(r->server->config.blobs, &e, &why);
    if (!r->upload)
        http_refuse_error(r, e, &why);
}

/* Against the product as it was when the upload began. */
static ota_err file_check(struct http_request *r, int fd, struct diag *why)
{
    struct package *p = &r->package;
    struct package_checked found;

    ota_err e = package_check_file(fd, p, &r->product, &found);
    memcpy(p->image, found.image, sizeof p->image);
    memcpy(p->checks, found.checks, sizeof p->checks);
    diag_set(why, "%s", p->image);
    return e;
}

/* On the worker thread. */
static ota_err file_settle(struct http_request *r, struct diag *why)
{
    struct package *p = &r->package;
    struct blob_writer *w = r->upload;
    struct blob_digest digest;
    int fd;

    r->upload = NULL;
    ota_err e = blob_writer_seal(w, &digest, &fd, why);
    if (e == OTA_OK && digest.size_bytes != r->content_length) {
        diag_set(why, "the body is not as long as Content-Length says");
        e = OTA_ERR_CORRUPT;
    }
    p->size_bytes = (uint32_t)digest.size_bytes;
    if (e == OTA_OK)
        e = file_check(r, fd, why);
    if (e != OTA_OK) {
        blob_writer_discard(w);
        return e;
    }
    memcpy(p->sha256, digest.sha256, sizeof p->sha256);
    memcpy(p->md5, digest.md5, sizeof p->md5);
    return blob_writer_keep(w, why);
}

static void upload_work(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_PACKAGE_CREATE};
    struct diag why = {""};

    ota_err e = file_settle(r, &why);
    if (e != OTA_OK) {
        http_work_done(r, e, &why);
        return;
    }
    cmd.u.package = r->package;
    http_work_command(r, &cmd);
}

/* The first check that failed is the sentence; all of them go along. */
static void refuse_checked(struct http_request *r)
{
    json_t *checks = http_model_checks(r->package.checks);

    http_refuse_with(r, r->result.error, &r->result.why, "checks", checks);
}

static void package_created(struct http_request *r)
{
    if (r->result.error != OTA_OK && r->package.checks[0] != '\0')
        refuse_checked(r);
    else if (http_result_ok(r))
        http_package_reply(r, MHD_HTTP_CREATED, r->result.id);
}

void http_package_upload(struct http_request *r)
{
    http_work(r, upload_work, package_created);
}
