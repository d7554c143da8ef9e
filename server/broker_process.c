/* broker_process.c - the private mosquitto: a child that is kept alive.
 *
 * Start at broker_process_start(). Settings and their reasons:
 * broker/mosquitto.conf.example. Tests: test/system/test_ternd.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/broker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server/listener.h"
#include "server/log.h"

enum {
    READY_MS = 10000,
    PREDECESSOR_MS = 10000, /* a broker whose ternd was killed goes first */
    STOP_MS = 10000,
    PORT_TRIES = 5,
    RETRY_MS_MIN = 200,
    RETRY_MS_MAX = 10000,
    STEADY_MS = 30000, /* alive for so long: the next death is a first one */
    LOG_BYTES_MAX = 16 * 1024 * 1024,
};

struct broker_process {
    const struct data_folder *folder;
    struct address plain, secure; /* host "": no such listener */
    const struct tls_files *tls;
    const char *plugin, *mosquitto;
    int lock_fd; /* the child inherits it and so holds it while it lives */
    pid_t pid;   /* 0: not running */
    int64_t started_ms, retry_at_ms, retry_ms;
};

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void nap(void)
{
    const struct timespec t = {.tv_nsec = 10000000};

    nanosleep(&t, NULL);
}

static const char CONF[] =
    "# Written by ternd at each start; changes are lost.\n"
    "# The reasons are in broker/mosquitto.conf.example.\n"
    "per_listener_settings false\n"
    "allow_anonymous false\n"
    "allow_zero_length_clientid false\n"
    "plugin %s\n"
    "plugin_opt_keys_file %s/broker/keys\n"
    "plugin_opt_service_secret_file %s/broker/service.secret\n"
    "%s"
    "user %s\n"
    "persistence true\n"
    "persistence_location %s/broker/\n"
    "persistence_file mosquitto.db\n"
    "autosave_interval 30\n"
    "queue_qos0_messages true\n"
    "max_queued_messages 10000000\n"
    "persistent_client_expiration 7d\n"
    "max_inflight_messages 1000\n"
    "max_packet_size 65536\n"
    "set_tcp_nodelay true\n"
    "sys_interval 0\n"
    "log_dest stderr\n"
    "log_type error\n"
    "log_type warning\n"
    "log_type notice\n"
    "log_timestamp true\n"
    "log_timestamp_format %%Y-%%m-%%dT%%H:%%M:%%S\n";

void broker_process_socket(char out[PATH_MAX], const struct data_folder *d)
{
    data_folder_file(out, d, "broker/socket");
}

/* What stands in mosquitto.conf for the listeners; NULL: no memory. */
static char *conf_listeners(const struct broker_process *b)
{
    char path[PATH_MAX], *plain = NULL, *all = NULL;
    int n;

    broker_process_socket(path, b->folder);
    n = b->plain.host[0]
            ? asprintf(&plain, "listener %u %s\n", b->plain.port, b->plain.host)
            : asprintf(&plain, "listener 0 %s\n", path);
    if (n < 0)
        return NULL;
    if (!b->secure.host[0])
        return plain;
    n = asprintf(&all,
                 "%s"
                 "listener %u %s\n"
                 "certfile %s\n"
                 "keyfile %s\n"
                 "tls_version tlsv1.2\n",
                 plain, b->secure.port, b->secure.host, b->tls->cert,
                 b->tls->key);
    free(plain);
    return n < 0 ? NULL : all;
}

static bool conf_write(const struct broker_process *b, struct diag *why)
{
    const struct passwd *me = getpwuid(geteuid());
    const char *dir = b->folder->path;
    char *text = NULL, *listeners = conf_listeners(b);

    /* Started by root, mosquitto would become a user who may not read dir. */
    int len = listeners ? asprintf(&text, CONF, b->plugin, dir, dir, listeners,
                                   me ? me->pw_name : "root", dir)
                        : -1;
    free(listeners);
    if (len < 0) {
        diag_set(why, "the server is out of memory");
        return false;
    }
    bool ok = data_folder_write(b->folder, "broker/mosquitto.conf", text,
                                (size_t)len, why);
    free(text);
    return ok;
}

static int log_open(const struct broker_process *b)
{
    char path[PATH_MAX], old[PATH_MAX + 8];
    struct stat st;

    data_folder_file(path, b->folder, "broker/mosquitto.log");
    snprintf(old, sizeof old, "%s.old", path);
    if (stat(path, &st) == 0 && st.st_size > LOG_BYTES_MAX)
        rename(path, old);
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* In the child: nothing but system calls until exec. */
static void child_run(const struct broker_process *b, const char *conf,
                      int log_fd, pid_t parent)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    setpgid(0, 0); /* Ctrl-C is for ternd, which then stops us in order */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1); /* it died before we could ask to be told */
    dup2(log_fd, STDOUT_FILENO);
    dup2(log_fd, STDERR_FILENO);
    execl(b->mosquitto, b->mosquitto, "-c", conf, (char *)NULL);
    _exit(127);
}

static bool spawn(struct broker_process *b, struct diag *why)
{
    char conf[PATH_MAX];
    pid_t parent = getpid();

    if (!conf_write(b, why))
        return false;
    int log_fd = log_open(b);
    if (log_fd < 0) {
        diag_set(why, "cannot write broker/mosquitto.log: %s", strerror(errno));
        return false;
    }
    data_folder_file(conf, b->folder, "broker/mosquitto.conf");
    pid_t pid = fork();
    if (pid == 0)
        child_run(b, conf, log_fd, parent);
    close(log_fd);
    if (pid < 0) {
        diag_set(why, "cannot start a process: %s", strerror(errno));
        return false;
    }
    b->pid = pid;
    b->started_ms = now_ms();
    return true;
}

static bool died(struct broker_process *b, int *status)
{
    if (b->pid == 0 || waitpid(b->pid, status, WNOHANG) != b->pid)
        return false;
    b->pid = 0;
    return true;
}

/* The last listener of the file: then the others are open too. By TLS that
 * leaves one line of a failed handshake in mosquitto.log. */
static bool accepts(const struct broker_process *b)
{
    struct sockaddr_storage s;
    socklen_t len =
        listener_address(&s, b->secure.host[0] ? &b->secure : &b->plain);
    int fd = socket(s.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && connect(fd, (struct sockaddr *)&s, len) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

/* The last line of the log, for the sentence that says why. */
static void last_words(const struct broker_process *b, char out[160])
{
    char path[PATH_MAX], tail[512];

    data_folder_file(path, b->folder, "broker/mosquitto.log");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(out, 160, "it said nothing");
    if (fd < 0)
        return;
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from =
        size > (off_t)sizeof tail - 1 ? size - (off_t)sizeof tail + 1 : 0;
    ssize_t n = pread(fd, tail, sizeof tail - 1, from);
    close(fd);
    while (n > 0 && tail[n - 1] == '\n')
        n--;
    if (n <= 0)
        return;
    tail[n] = '\0';
    const char *line = strrchr(tail, '\n');
    snprintf(out, 160, "%.159s", line ? line + 1 : tail);
}

/* OTA_ERR_CLOSED: it ended by itself, which with a port we picked may only mean
 * that somebody was faster. */
static ota_err wait_ready(struct broker_process *b, struct diag *why)
{
    int64_t until = now_ms() + READY_MS;
    char words[160];
    int status;

    while (!died(b, &status)) {
        if (accepts(b))
            return OTA_OK;
        if (now_ms() > until) {
            diag_set(why, "mosquitto accepts no connections");
            return OTA_ERR_TIMEOUT;
        }
        nap();
    }
    last_words(b, words);
    diag_set(why, "mosquitto (%.60s) does not run: %s", b->mosquitto, words);
    return OTA_ERR_CLOSED;
}

static bool lock_take(struct broker_process *b, struct diag *why)
{
    int64_t until = now_ms() + PREDECESSOR_MS;
    char path[PATH_MAX];

    data_folder_file(path, b->folder, "broker/lock");
    b->lock_fd = open(path, O_RDWR | O_CREAT, 0600);
    while (b->lock_fd >= 0 && flock(b->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        if (now_ms() > until) {
            diag_set(why, "the mosquitto of an earlier ternd still works on "
                          "this folder; end it");
            return false;
        }
        nap();
    }
    if (b->lock_fd < 0)
        diag_set(why, "cannot open %.150s: %s", path, strerror(errno));
    return b->lock_fd >= 0;
}

/* Is the port free? With 0, learn one that is. */
static bool port_probe(struct address *a, struct diag *why)
{
    if (!a->host[0])
        return true;
    int fd = listener_open(a, why);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool first_start(struct broker_process *b, const struct options *o,
                        struct diag *why)
{
    bool picked = (o->mqtt.host[0] && o->mqtt.port == 0) ||
                  (o->mqtt_tls.host[0] && o->mqtt_tls.port == 0);
    ota_err e = OTA_ERR_CLOSED;

    for (int i = 0; e == OTA_ERR_CLOSED && i < (picked ? PORT_TRIES : 1); i++) {
        b->plain = o->mqtt;
        b->secure = o->mqtt_tls;
        if (!port_probe(&b->plain, why) || !port_probe(&b->secure, why) ||
            !spawn(b, why))
            return false;
        e = wait_ready(b, why);
    }
    return e == OTA_OK;
}

struct broker_process *broker_process_start(struct options *o,
                                            const struct data_folder *d,
                                            const struct tls_files *tls,
                                            struct diag *why)
{
    struct broker_process *b = calloc(1, sizeof *b);
    char socket_path[PATH_MAX];
    struct sockaddr_un sun;

    if (!b)
        return NULL;
    b->folder = d;
    b->tls = tls;
    b->plugin = o->plugin;
    b->mosquitto = o->mosquitto;
    b->lock_fd = -1;
    b->retry_ms = RETRY_MS_MIN;
    broker_process_socket(socket_path, d);
    if (!o->mqtt.host[0] && strlen(socket_path) >= sizeof sun.sun_path) {
        diag_set(why,
                 "--mqtt none needs a --data whose path is shorter: %.150s "
                 "must have less than %zu characters",
                 socket_path, sizeof sun.sun_path);
    } else if (access(b->plugin, R_OK) != 0) {
        diag_set(why,
                 "there is no broker plugin at %.150s; say where it is "
                 "with --plugin",
                 b->plugin);
    } else if (access(b->mosquitto, X_OK) != 0) {
        diag_set(why,
                 "there is no mosquitto at %.150s; install it, or say "
                 "where it is with --mosquitto",
                 b->mosquitto);
    } else if (lock_take(b, why) && first_start(b, o, why)) {
        o->mqtt.port = b->plain.port;
        o->mqtt_tls.port = b->secure.port;
        return b;
    }
    broker_process_stop(b);
    return NULL;
}

void broker_process_poll(struct broker_process *b)
{
    struct diag why = {""};
    int status = 0;

    if (died(b, &status)) {
        if (now_ms() - b->started_ms > STEADY_MS)
            b->retry_ms = RETRY_MS_MIN;
        b->retry_at_ms = now_ms() + b->retry_ms;
        log_event(LOG_LEVEL_ERROR, "mosquitto ended; it will be restarted",
                  "s:i,s:i,s:I", "exit",
                  WIFEXITED(status) ? WEXITSTATUS(status) : -1, "signal",
                  WIFSIGNALED(status) ? WTERMSIG(status) : 0, "retry_ms",
                  (long long)b->retry_ms);
        b->retry_ms =
            b->retry_ms * 2 > RETRY_MS_MAX ? RETRY_MS_MAX : b->retry_ms * 2;
    }
    if (b->pid == 0 && now_ms() >= b->retry_at_ms && !spawn(b, &why)) {
        b->retry_at_ms = now_ms() + b->retry_ms;
        log_event(LOG_LEVEL_ERROR, "cannot start mosquitto", "s:s", "why",
                  why.text);
    }
}

void broker_process_reload(struct broker_process *b)
{
    if (b->pid)
        kill(b->pid, SIGHUP);
}

void broker_process_stop(struct broker_process *b)
{
    int64_t until = now_ms() + STOP_MS;
    int status;

    if (!b)
        return;
    if (b->pid)
        kill(b->pid, SIGTERM);
    while (b->pid && !died(b, &status)) {
        if (now_ms() > until) {
            kill(b->pid, SIGKILL);
            until += STOP_MS;
        }
        nap();
    }
    if (b->lock_fd >= 0)
        close(b->lock_fd);
    free(b);
}
