/* cmd_package.c - `tern package`: upload firmware, and verify it on a device.
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/show.h"
#include "cli/watch.h"

static const struct view_column COLUMNS[] = {
    {"ID", "id", VIEW_NUMBER},         {"PRODUCT", "product_key", VIEW_TEXT},
    {"NAME", "name", VIEW_TEXT},       {"MODULE", "module", VIEW_TEXT},
    {"VERSION", "version", VIEW_TEXT}, {"STATE", "state", VIEW_TEXT},
    {"SIZE", "size_bytes", VIEW_SIZE}, {"CREATED", "created_ms", VIEW_TIME},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column FIELDS[] = {
    {"id", "id", VIEW_TEXT},
    {"product key", "product_key", VIEW_TEXT},
    {"name", "name", VIEW_TEXT},
    {"module", "module", VIEW_TEXT},
    {"version", "version", VIEW_TEXT},
    {"state", "state", VIEW_TEXT},
    {"sign method", "sign_method", VIEW_TEXT},
    {"size", "size_bytes", VIEW_SIZE},
    {"sha256", "sha256", VIEW_TEXT},
    {"md5", "md5", VIEW_TEXT},
    {"image", "image", VIEW_TEXT},
    {"job", "job", VIEW_TEXT},
    {"created", "created_ms", VIEW_TIME},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column JOB_FIELDS[] = {
    {"job", "id", VIEW_TEXT},
    {"package", "package_id", VIEW_TEXT},
    {"state", "state", VIEW_TEXT},
    {"source versions", "source_versions", VIEW_TEXT},
    {"created", "created_ms", VIEW_TIME},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column CHECK_COLUMNS[] = {
    {"CHECK", "name", VIEW_TEXT},
    {"STATE", "state", VIEW_TEXT},
    {"FOUND", "text", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static void print_package(const struct cli *c, const json_t *package)
{
    const json_t *checks = json_object_get(package, "checks");

    show_object(c, package, FIELDS);
    if (c->json || json_array_size(checks) == 0)
        return;
    (void)printf("\n");
    view_list(checks, CHECK_COLUMNS);
}

static struct api_path packages_path(const struct cli *c)
{
    struct api_path path = api_path("/api/v1/products");

    api_path_add(&path, c->args.words[0]);
    api_path_add(&path, "packages");
    return path;
}

/* ---- upload ---- */

/* Option and query have one meaning and two spellings. */
static const struct {
    const char *option, *query;
} UPLOAD_QUERY[] = {
    {"version", "version"},
    {"name", "name"},
    {"module", "module"},
    {"sign-method", "sign_method"},
};

static struct api_path upload_path(const struct cli *c)
{
    struct api_path path = packages_path(c);

    for (size_t i = 0; i < sizeof UPLOAD_QUERY / sizeof UPLOAD_QUERY[0]; i++) {
        const char *v = args_value(&c->args, UPLOAD_QUERY[i].option);
        if (v)
            api_path_query(&path, UPLOAD_QUERY[i].query, v);
    }
    bool needed = !args_has(&c->args, "no-verification");
    api_path_query(&path, "needs_verification", needed ? "true" : "false");
    return path;
}

static int upload_open(const struct cli *c, int fd, uint64_t bytes)
{
    const struct api_path path = upload_path(c);
    struct api a;
    json_t *package = NULL;
    int code = api_open(&a, c);

    if (code == CLI_OK)
        code = api_upload(&a, &path, fd, bytes, &package);
    if (code == CLI_OK)
        print_package(c, package);
    json_decref(package);
    api_close(&a);
    return code;
}

static int upload(struct cli *c)
{
    const char *file = c->args.words[1];
    const char *method = args_value(&c->args, "sign-method");
    struct stat st;

    if (method && strcmp(method, "Md5") != 0 && strcmp(method, "SHA256") != 0)
        return cli_usage(c, "--sign-method %s is none; it is Md5 or SHA256",
                         method);
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return cli_refuse(c, "cannot open %s: %s", file, strerror(errno));
    int code;
    if (fstat(fd, &st) != 0)
        code = cli_refuse(c, "cannot read %s: %s", file, strerror(errno));
    else if (!S_ISREG(st.st_mode) || st.st_size == 0)
        code = cli_refuse(c, "%s is %s", file,
                          S_ISREG(st.st_mode) ? "empty" : "no regular file");
    else
        code = upload_open(c, fd, (uint64_t)st.st_size);
    (void)close(fd);
    return code;
}

/* ---- verify ---- */

static json_t *values_json(const struct cli *c, const char *option)
{
    json_t *list = json_array();
    const char *v;

    for (size_t i = 0; (v = args_nth(&c->args, option, i)) != NULL; i++)
        if (json_array_append_new(list, json_string(v)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static int verify_start(struct api *a, const struct api_path *path,
                        uint32_t timeout, json_t **job)
{
    json_t *body =
        json_pack("{s:o,s:o}", "device_names", values_json(a->cli, "device"),
                  "source_versions", values_json(a->cli, "source-version"));

    if (!body)
        return cli_usage(a->cli, "what is given is not UTF-8 text");
    if (timeout)
        (void)json_object_set_new(body, "timeout_minutes",
                                  json_integer(timeout));
    int code = api_call(a, "POST", path, body, job);
    json_decref(body);
    return code;
}

static int verify(struct cli *c)
{
    struct api_path path = api_path("/api/v1/packages");
    struct api a;
    json_t *job = NULL;
    uint32_t timeout = 0;
    bool wait = args_has(&c->args, "wait");
    int code = api_path_add_id(c, &path, c->args.words[0]);

    api_path_add(&path, "verify");
    if (code == CLI_OK)
        code = cli_number(c, "timeout", 1, 1440, &timeout);
    if (code != CLI_OK)
        return code;
    code = api_open(&a, c);
    if (code == CLI_OK)
        code = verify_start(&a, &path, timeout, &job);
    if (code == CLI_OK && !(wait && c->json))
        show_object(c, job, JOB_FIELDS);
    if (code == CLI_OK && wait) {
        (void)printf("%s", c->json ? "" : "\n");
        code = watch_job(&a, json_integer_value(json_object_get(job, "id")));
    }
    json_decref(job);
    api_close(&a);
    return code;
}

/* ---- the others ---- */

static int list(struct cli *c)
{
    struct api_path path = api_path("/api/v1/packages");
    const char *state = args_value(&c->args, "state");

    path.newest_first = true;
    if (c->args.words[0])
        api_path_query(&path, "product_key", c->args.words[0]);
    if (state)
        api_path_query(&path, "state", state);
    return show_list(c, &path, 0, COLUMNS);
}

static int show(struct cli *c)
{
    struct api_path path = api_path("/api/v1/packages");
    struct api a;
    json_t *package = NULL;
    int code = api_path_add_id(c, &path, c->args.words[0]);

    if (code != CLI_OK)
        return code;
    code = api_open(&a, c);
    if (code == CLI_OK)
        code = api_call(&a, "GET", &path, NULL, &package);
    if (code == CLI_OK)
        print_package(c, package);
    json_decref(package);
    api_close(&a);
    return code;
}

static const struct args_option UPLOAD_OPTIONS[] = {
    {"version", "V", ARGS_MUST, "the version that devices will inform"},
    {"name", "N", ARGS_MAY, "its name for people"},
    {"module", "M", ARGS_MAY, "part of the device (default)"},
    {"sign-method", "M", ARGS_MAY, "digest in the push: Md5 or SHA256"},
    {"no-verification", NULL, ARGS_MAY, "it needs no test device first"},
    {NULL, NULL, ARGS_MAY, NULL},
};

static const struct args_option LIST_OPTIONS[] = {
    {"state", "S", ARGS_MAY, "only in this state, e.g. VERIFIED"},
    {NULL, NULL, ARGS_MAY, NULL},
};

static const struct args_option VERIFY_OPTIONS[] = {
    {"device", "DN", ARGS_MUST_MANY, "the devices to try it on"},
    {"source-version", "V", ARGS_MANY, "only from these versions"},
    {"timeout", "MIN", ARGS_MAY, "give up so long after the first progress"},
    {"wait", NULL, ARGS_MAY, "follow it to its end; 0 if all succeed"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_PACKAGE[] = {
    {"upload", "PK FILE", "Store firmware for a product", UPLOAD_OPTIONS,
     upload},
    {"list", "[PK]", "Show all packages, or a product's, newest first",
     LIST_OPTIONS, list},
    {"show", "ID", "Show one package", NULL, show},
    {"verify", "ID", "Try a package on chosen devices", VERIFY_OPTIONS, verify},
    {NULL, NULL, NULL, NULL, NULL},
};
