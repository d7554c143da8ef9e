/* ternd.c - the server: start here. main() is the table of contents.
 *
 * Tests: test/system/test_ternd.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <mosquitto.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "server/admin_token.h"
#include "server/blob/blob.h"
#include "server/broker_process.h"
#include "server/core/core.h"
#include "server/data_folder.h"
#include "server/http/http_server.h"
#include "server/keys_file.h"
#include "server/listener.h"
#include "server/log.h"
#include "server/mqtt/mqtt_client.h"
#include "server/options.h"
#include "server/store/store.h"

enum {
    EXIT_USAGE = 2,
    LINK_SECONDS = 24 * 3600,
    READY_SECONDS = 15, /* until the broker has told us who is there */
    POLL_MS = 20,       /* until then; afterwards only events wake us */
};

/* Everything that runs. What is NULL or negative has not been started. */
struct house {
    struct options options;
    struct data_folder folder;
    char store_url[PATH_MAX + 16];
    char http_url[80], mqtt_name[64], mqtts_name[64];
    struct tls_files tls;
    time_t tls_look_at;
    bool in_terminal; /* whose end SIGHUP means then */
    int http_fd, signal_fd, timer_fd;
    struct store *store;
    struct blob_store *blobs;
    struct http_hub *hub;
    struct core *core;
    struct keys_file *keys;
    struct broker_process *broker;
    struct mqtt_client *mqtt;
    struct http_server *http;
};

/* --- the core's effects -------------------------------------------------- */

static void effect_push(void *ctx, const char *epoch, const struct push *p)
{
    struct house *h = ctx;

    mqtt_client_push(h->mqtt, epoch, p);
}

static void effect_device_key(void *ctx, const struct device *d)
{
    struct house *h = ctx;

    keys_file_append(h->keys, d);
}

static void effect_committed(void *ctx)
{
    struct house *h = ctx;

    http_hub_notice(h->hub);
}

static model_ms wall_clock_ms(void *ctx)
{
    struct timespec t;
    (void)ctx;

    clock_gettime(CLOCK_REALTIME, &t);
    return (model_ms)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- what the status page asks -------------------------------------------- */

static bool broker_connected(void *ctx)
{
    const struct house *h = ctx;

    return mqtt_client_ready(h->mqtt);
}

static uint64_t messages_dropped(void *ctx)
{
    const struct house *h = ctx;

    return mqtt_client_dropped(h->mqtt);
}

/* --- the steps of a start, in this order ---------------------------------- */

/* Signals become events of the main loop; a disk or file limit that is reached
 * is an error of write(), not a death. */
static bool process_prepare(struct house *h, struct diag *why)
{
    const struct itimerspec second = {{1, 0}, {1, 0}};
    struct rlimit files;
    sigset_t ours;

    umask(077); /* what we keep is nobody else's */
    h->in_terminal = isatty(STDOUT_FILENO) == 1;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGCHLD);
    sigaddset(&ours, SIGHUP);
    sigprocmask(SIG_BLOCK, &ours, NULL); /* threads inherit it */
    h->signal_fd = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
    h->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (h->signal_fd >= 0 && h->timer_fd >= 0 &&
        timerfd_settime(h->timer_fd, 0, &second, NULL) == 0)
        return true;
    diag_set(why, "cannot watch signals and time: %s", strerror(errno));
    return false;
}

static bool folder_begin(struct house *h, struct diag *why)
{
    return data_folder_open(&h->folder, h->options.data, why);
}

static bool listen_begin(struct house *h, struct diag *why)
{
    char text[64];

    h->http_fd = listener_open(&h->options.http, why);
    address_format(text, &h->options.http);
    snprintf(h->http_url, sizeof h->http_url, "http://%s", text);
    return h->http_fd >= 0;
}

static bool store_begin_all(struct house *h, struct diag *why)
{
    char path[PATH_MAX];

    data_folder_file(path, &h->folder, "tern.db");
    snprintf(h->store_url, sizeof h->store_url, "sqlite:%s", path);
    h->store = store_open(h->store_url, why);
    return h->store != NULL;
}

static bool blob_is_wanted(void *ctx, const char *sha256)
{
    struct house *h = ctx;
    struct diag why;
    struct package p;
    char id[LINK_BLOB_ID + 1];

    snprintf(id, sizeof id, "%.*s", LINK_BLOB_ID, sha256);
    return store_package_by_blob(h->store, id, &p, &why) != OTA_ERR_NOT_FOUND;
}

/* The core does not run yet, so its store may be used here. */
static bool blobs_begin(struct house *h, struct diag *why)
{
    h->blobs = blob_store_open(h->folder.path, why);
    if (h->blobs)
        blob_store_sweep(h->blobs, blob_is_wanted, h);
    return h->blobs != NULL;
}

static bool hub_begin(struct house *h, struct diag *why)
{
    h->hub = http_hub_start(h->store_url, why);
    return h->hub != NULL;
}

static model_ms session_ms(const struct house *h)
{
    return (model_ms)h->options.session_minutes * 60000;
}

static bool core_begin(struct house *h, struct diag *why)
{
    const struct options *o = &h->options;
    struct core_config c = {
        .store = h->store,
        .effects = {h, effect_push, effect_device_key, effect_committed},
        .now_ms = wall_clock_ms,
        .url_port = o->url_port ? o->url_port : o->http.port,
        .link_seconds = LINK_SECONDS,
        .session_ms = session_ms(h),
    };

    snprintf(c.url_host, sizeof c.url_host, "%s",
             o->url_host[0] ? o->url_host : o->http.host);
    memcpy(c.link_key, h->folder.link_key, sizeof c.link_key);
    h->core = core_start(&c, why);
    explicit_bzero(c.link_key, sizeof c.link_key);
    return h->core != NULL;
}

static bool token_begin(struct house *h, struct diag *why)
{
    return admin_token_ensure(&h->folder, h->store_url, h->core, why);
}

static bool keys_begin(struct house *h, struct diag *why)
{
    char path[PATH_MAX];

    data_folder_file(path, &h->folder, "broker/keys");
    h->keys = keys_file_open(path, h->store_url, why);
    return h->keys != NULL;
}

static bool tls_begin(struct house *h, struct diag *why)
{
    h->tls_look_at = time(NULL) + TLS_LOOK_SECONDS;
    return !h->options.mqtt_tls.host[0] ||
           tls_files_prepare(&h->tls, &h->options, &h->folder, why);
}

static bool broker_begin(struct house *h, struct diag *why)
{
    const struct options *o = &h->options;

    h->broker = broker_process_start(&h->options, &h->folder, &h->tls, why);
    if (o->mqtt.host[0])
        address_format(h->mqtt_name, &o->mqtt);
    if (o->mqtt_tls.host[0])
        address_format(h->mqtts_name, &o->mqtt_tls);
    return h->broker != NULL;
}

static bool mqtt_begin(struct house *h, struct diag *why)
{
    const struct address *a = &h->options.mqtt;
    bool any4 = strcmp(a->host, "0.0.0.0") == 0;
    bool any6 = strcmp(a->host, "::") == 0;
    char socket_path[PATH_MAX];
    const struct mqtt_config c = {
        .host = !a->host[0] ? socket_path
                : any4      ? "127.0.0.1"
                : any6      ? "::1"
                            : a->host,
        .port = a->host[0] ? a->port : 0,
        .secret = h->folder.service_secret,
    };

    broker_process_socket(socket_path, &h->folder);
    h->mqtt = mqtt_client_new(&c, why);
    return h->mqtt && mqtt_client_start(h->mqtt, h->core, why);
}

static bool (*const STEPS[])(struct house *h, struct diag *why) = {
    process_prepare, folder_begin, listen_begin, store_begin_all,
    blobs_begin,     hub_begin,    core_begin,   token_begin,
    keys_begin,      tls_begin,    broker_begin, mqtt_begin,
};

static bool house_begin(struct house *h, struct diag *why)
{
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++)
        if (!STEPS[i](h, why))
            return false;
    return true;
}

/* The last step, once the broker has told who is there: open the doors. */
static bool house_open(struct house *h, struct diag *why)
{
    struct http_config c = {
        .listen_fd = h->http_fd,
        .core = h->core,
        .store_url = h->store_url,
        .blobs = h->blobs,
        .hub = h->hub,
        .session_ms = session_ms(h),
        .secure_cookie = h->options.secure_cookie,
        .console = h->options.console[0] ? h->options.console : NULL,
        .house = {h, broker_connected, messages_dropped, h->mqtt_name,
                  h->mqtts_name, h->tls.ca},
    };

    memcpy(c.link_key, h->folder.link_key, sizeof c.link_key);
    h->http_fd = -1; /* http_start() takes it */
    h->http = http_start(&c, why);
    if (!h->http || !data_folder_announce(&h->folder, h->http_url, h->mqtt_name,
                                          h->mqtts_name, why))
        return false;
    printf("Tern %s is ready.\n"
           "  %-16s %s\n",
           TERN_VERSION, c.console ? "console and API" : "HTTP API",
           h->http_url);
    if (h->mqtt_name[0])
        printf("  devices (MQTT)   %s\n", h->mqtt_name);
    if (h->mqtts_name[0])
        printf("  devices (TLS)    %s\n", h->mqtts_name);
    printf("  admin token      %s/admin.token\n", h->folder.path);
    fflush(stdout);
    return true;
}

/* --- the main loop ----------------------------------------------------------
 */

/* A certificate that has to be made anew, or that somebody has put there. */
static void tls_look(struct house *h)
{
    h->tls_look_at = time(NULL) + TLS_LOOK_SECONDS;
    if (h->options.mqtt_tls.host[0] &&
        tls_files_renew(&h->tls, &h->options, &h->folder)) {
        broker_process_reload(h->broker);
        log_event(LOG_LEVEL_INFO, "mosquitto reads its new certificate", NULL);
    }
}

static void every_second(struct house *h)
{
    struct core_command tick = {.type = CMD_TICK, .actor = "server"};
    uint64_t passed;

    if (read(h->timer_fd, &passed, sizeof passed) != (ssize_t)sizeof passed)
        return;
    core_submit(h->core, &tick);
    keys_file_mend(h->keys);
    if (time(NULL) >= h->tls_look_at)
        tls_look(h);
}

/* false: a signal says that it is time to go. */
static bool signals_read(struct house *h)
{
    struct signalfd_siginfo s;

    while (read(h->signal_fd, &s, sizeof s) == (ssize_t)sizeof s) {
        if (s.ssi_signo == SIGHUP && !h->in_terminal)
            tls_look(h);
        else if (s.ssi_signo != SIGCHLD)
            return false;
    }
    return true;
}

/* Until a signal ends it (true) or the start fails after all (false). */
static bool house_run(struct house *h, struct diag *why)
{
    struct pollfd wake[] = {{h->signal_fd, POLLIN, 0},
                            {h->timer_fd, POLLIN, 0}};
    time_t until = time(NULL) + READY_SECONDS;

    while (signals_read(h)) {
        every_second(h);
        broker_process_poll(h->broker);
        if (!h->http && mqtt_client_ready(h->mqtt) && !house_open(h, why))
            return false;
        if (!h->http && time(NULL) > until) {
            diag_set(why,
                     "the broker does not answer the server; see "
                     "%.150s/broker/mosquitto.log",
                     h->folder.path);
            return false;
        }
        (void)poll(wake, 2, h->http ? -1 : POLL_MS);
    }
    return true;
}

/* Backwards: nobody may call a part that is gone. */
static void house_end(struct house *h)
{
    if (h->http)
        data_folder_remove(&h->folder, "runtime.json");
    http_stop(h->http);
    if (h->mqtt)
        mqtt_client_stop(h->mqtt);
    if (h->core)
        core_stop(h->core);
    http_hub_free(h->hub);
    mqtt_client_free(h->mqtt);
    broker_process_stop(h->broker);
    tls_files_free(&h->tls);
    keys_file_close(h->keys);
    blob_store_close(h->blobs);
    store_close(h->store);
    if (h->http_fd >= 0)
        close(h->http_fd);
    data_folder_close(&h->folder);
}

static int options_answer(const struct options *o)
{
    if (o->help)
        fputs(OPTIONS_HELP, stdout);
    else
        printf("ternd %s\n", TERN_VERSION);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static struct house h = {.http_fd = -1, .folder = {.lock_fd = -1}};
    struct diag why = {""};

    if (!options_parse(&h.options, argc, argv, &why)) {
        fprintf(stderr, "ternd: %s\n", why.text);
        return EXIT_USAGE;
    }
    if (h.options.help || h.options.version)
        return options_answer(&h.options);

    mosquitto_lib_init();
    bool ok = house_begin(&h, &why) && house_run(&h, &why);
    house_end(&h);
    mosquitto_lib_cleanup();
    if (ok) {
        log_event(LOG_LEVEL_INFO, "stopped", NULL);
        return EXIT_SUCCESS;
    }
    fprintf(stderr, "ternd: %s\n", why.text);
    return EXIT_FAILURE;
}
