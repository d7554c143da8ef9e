/* options.c - what ternd was asked to do on its command line.
 *
 * Start at options_parse(). Tests: test/system/test_ternd.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/options.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char OPTIONS_HELP[] =
    "usage: ternd --data DIR [options]\n"
    "\n"
    "  --data DIR         everything the server keeps; made if it is missing\n"
    "  --http ADDR:PORT   console, API, downloads (127.0.0.1:8080)\n"
    "  --mqtt ADDR:PORT   devices (127.0.0.1:1883); port 0: a free one; none:\n"
    "                     only by TLS\n"
    "  --mqtt-tls ADDR:PORT  devices by TLS (none), with a certificate for\n"
    "                     localhost, 127.0.0.1 and --url-host by a CA that\n"
    "                     `tern server ca` shows\n"
    "  --tls-name NAME    and for this name; may be repeated\n"
    "  --tls-cert FILE, --tls-key FILE  with this certificate instead, PEM;\n"
    "                     read again once a day and at SIGHUP (which in a\n"
    "                     terminal ends the server)\n"
    "  --url-host HOST    what download links name (the address of --http)\n"
    "  --url-port PORT    and their port (that of --http)\n"
    "  --plugin PATH      tern_broker.so (beside this program)\n"
    "  --mosquitto PATH   the broker (/usr/sbin/mosquitto)\n"
    "  --console DIR      the console's files (console, or\n"
    "                     ../share/tern/console, beside this program); ''\n"
    "                     for none\n"
    "  --session-minutes N  sign in anew after N minutes of rest (720)\n"
    "  --secure-cookie    browsers reach the console by https only\n"
    "  --help, --version\n";

enum {
    SESSION_MINUTES_DEFAULT = 12 * 60,
    SESSION_MINUTES_MAX = 30 * 24 * 60,
};

enum option_id {
    OPTION_DATA = 1,
    OPTION_HTTP,
    OPTION_MQTT,
    OPTION_MQTT_TLS,
    OPTION_TLS_NAME,
    OPTION_TLS_CERT,
    OPTION_TLS_KEY,
    OPTION_URL_HOST,
    OPTION_URL_PORT,
    OPTION_PLUGIN,
    OPTION_MOSQUITTO,
    OPTION_CONSOLE,
    OPTION_SESSION_MINUTES,
    OPTION_SECURE_COOKIE,
    OPTION_HELP,
    OPTION_VERSION,
};

static const struct option LONG_OPTIONS[] = {
    {"data", required_argument, NULL, OPTION_DATA},
    {"http", required_argument, NULL, OPTION_HTTP},
    {"mqtt", required_argument, NULL, OPTION_MQTT},
    {"mqtt-tls", required_argument, NULL, OPTION_MQTT_TLS},
    {"tls-name", required_argument, NULL, OPTION_TLS_NAME},
    {"tls-cert", required_argument, NULL, OPTION_TLS_CERT},
    {"tls-key", required_argument, NULL, OPTION_TLS_KEY},
    {"url-host", required_argument, NULL, OPTION_URL_HOST},
    {"url-port", required_argument, NULL, OPTION_URL_PORT},
    {"plugin", required_argument, NULL, OPTION_PLUGIN},
    {"mosquitto", required_argument, NULL, OPTION_MOSQUITTO},
    {"console", required_argument, NULL, OPTION_CONSOLE},
    {"session-minutes", required_argument, NULL, OPTION_SESSION_MINUTES},
    {"secure-cookie", no_argument, NULL, OPTION_SECURE_COOKIE},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static bool port_parse(const char *text, bool zero_is_fine, uint16_t *out)
{
    size_t len = strspn(text, "0123456789");
    unsigned long n = strtoul(text, NULL, 10);

    if (len == 0 || len > 5 || text[len] != '\0' || n > 65535 ||
        (n == 0 && !zero_is_fine))
        return false;
    *out = (uint16_t)n;
    return true;
}

/* Names are not looked up: a server listens where it is told to. */
static bool host_is_numeric(const char *host)
{
    struct in6_addr any;

    return inet_pton(AF_INET, host, &any) == 1 ||
           inet_pton(AF_INET6, host, &any) == 1;
}

static bool address_parse(const char *option, const char *text,
                          struct address *out, struct diag *why)
{
    const char *colon = strrchr(text, ':');
    bool v6 = text[0] == '[' && colon && colon > text && colon[-1] == ']';
    size_t len = colon ? (size_t)(colon - text) - (v6 ? 2 : 0) : 0;

    if (len > 0 && len < sizeof out->host) {
        memcpy(out->host, text + v6, len);
        out->host[len] = '\0';
        if (host_is_numeric(out->host) &&
            (strchr(out->host, ':') != NULL) == v6 &&
            port_parse(colon + 1, true, &out->port))
            return true;
    }
    diag_set(why,
             "--%s %.80s: give a numeric address and a port, for example "
             "127.0.0.1:8080 or [::1]:8080",
             option, text);
    return false;
}

/* It stands in URLs that Link SDK reads: a plain name or address. */
static bool url_host_ok(const char *host)
{
    size_t len = strspn(host, "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    return len > 0 && len < 128 && host[len] == '\0';
}

static bool minutes_parse(const char *text, uint32_t *out, struct diag *why)
{
    size_t len = strspn(text, "0123456789");
    unsigned long n = strtoul(text, NULL, 10);

    *out = (uint32_t)n;
    if (len > 0 && len <= 6 && text[len] == '\0' && n >= 1 &&
        n <= SESSION_MINUTES_MAX)
        return true;
    diag_set(why, "--session-minutes %.80s: give a number from 1 to %d", text,
             SESSION_MINUTES_MAX);
    return false;
}

static bool url_host_take(struct options *o, const char *value,
                          struct diag *why)
{
    o->url_host = value;
    if (url_host_ok(value))
        return true;
    diag_set(why,
             "--url-host %.80s: give a host name or IPv4 address, without a "
             "port",
             value);
    return false;
}

static bool url_port_take(struct options *o, const char *value,
                          struct diag *why)
{
    if (port_parse(value, false, &o->url_port))
        return true;
    diag_set(why, "--url-port %.80s: give a number from 1 to 65535", value);
    return false;
}

static bool tls_name_take(struct options *o, const char *name, struct diag *why)
{
    const char *plain = strncmp(name, "*.", 2) == 0 ? name + 2 : name;
    struct in6_addr any;

    if (o->tls_name_count == TLS_NAMES_MAX) {
        diag_set(why, "--tls-name can be given %d times", TLS_NAMES_MAX);
        return false;
    }
    if (!url_host_ok(plain) && inet_pton(AF_INET6, name, &any) != 1) {
        diag_set(why,
                 "--tls-name %.80s: give a host name, *.name, or an address",
                 name);
        return false;
    }
    o->tls_names[o->tls_name_count++] = name;
    return true;
}

static bool option_take(struct options *o, int id, const char *value,
                        struct diag *why)
{
    switch (id) {
    case OPTION_DATA:
        o->data = value;
        return true;
    case OPTION_HTTP:
        return address_parse("http", value, &o->http, why);
    case OPTION_MQTT:
        o->mqtt.host[0] = '\0';
        return strcmp(value, "none") == 0 ||
               address_parse("mqtt", value, &o->mqtt, why);
    case OPTION_MQTT_TLS:
        return address_parse("mqtt-tls", value, &o->mqtt_tls, why);
    case OPTION_TLS_NAME:
        return tls_name_take(o, value, why);
    case OPTION_TLS_CERT:
        o->tls_cert = value;
        return true;
    case OPTION_TLS_KEY:
        o->tls_key = value;
        return true;
    case OPTION_URL_HOST:
        return url_host_take(o, value, why);
    case OPTION_URL_PORT:
        return url_port_take(o, value, why);
    case OPTION_PLUGIN:
        snprintf(o->plugin, sizeof o->plugin, "%s", value);
        return true;
    case OPTION_MOSQUITTO:
        o->mosquitto = value;
        return true;
    case OPTION_CONSOLE:
        snprintf(o->console, sizeof o->console, "%s", value);
        return true;
    case OPTION_SESSION_MINUTES:
        return minutes_parse(value, &o->session_minutes, why);
    case OPTION_SECURE_COOKIE:
        o->secure_cookie = true;
        return true;
    case OPTION_HELP:
        o->help = true;
        return true;
    case OPTION_VERSION:
        o->version = true;
        return true;
    default:
        diag_set(why, "see ternd --help");
        return false;
    }
}

/* The folder that this program lies in. */
static void own_folder(char out[PATH_MAX - 64])
{
    ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 65);
    char *slash = NULL;

    if (n > 0) {
        out[n] = '\0';
        slash = strrchr(out, '/');
    }
    if (slash)
        *slash = '\0';
    else
        snprintf(out, PATH_MAX - 64, ".");
}

/* "" if neither place has one: the API alone is a server too. */
static void console_default(struct options *o, const char *own)
{
    static const char *const PLACES[] = {"console", "../share/tern/console"};
    char page[PATH_MAX + 16];

    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        snprintf(o->console, sizeof o->console, "%s/%s", own, PLACES[i]);
        snprintf(page, sizeof page, "%s/index.html", o->console);
        if (access(page, R_OK) == 0)
            return;
    }
    o->console[0] = '\0';
}

static void defaults_beside(struct options *o)
{
    char own[PATH_MAX - 64];

    own_folder(own);
    snprintf(o->plugin, sizeof o->plugin, "%s/tern_broker.so", own);
    console_default(o, own);
}

/* Do the options for TLS go together? */
static bool tls_fits(const struct options *o, struct diag *why)
{
    bool tls = o->mqtt_tls.host[0] != '\0';

    if (!tls && o->mqtt.host[0] == '\0') {
        diag_set(why, "--mqtt none: no device could connect; give --mqtt-tls");
        return false;
    }
    if (!tls && (o->tls_cert || o->tls_key || o->tls_name_count > 0)) {
        diag_set(why,
                 "--tls-...: without --mqtt-tls ADDR:PORT nothing uses it");
        return false;
    }
    if ((o->tls_cert == NULL) != (o->tls_key == NULL)) {
        diag_set(why, "give both --tls-cert and --tls-key, or none of them");
        return false;
    }
    if (o->tls_cert && o->tls_name_count > 0) {
        diag_set(why, "--tls-name: the names are those of --tls-cert");
        return false;
    }
    return true;
}

static bool options_fit(const struct options *o, struct diag *why)
{
    bool everywhere =
        strcmp(o->http.host, "0.0.0.0") == 0 || strcmp(o->http.host, "::") == 0;

    if (!o->data || !o->data[0]) {
        diag_set(why, "say where everything is kept: --data DIR");
        return false;
    }
    if (!o->url_host[0] && (everywhere || strchr(o->http.host, ':'))) {
        diag_set(why,
                 "--http %s is no address for a download link: give the name "
                 "that devices reach this server by, --url-host HOST",
                 o->http.host);
        return false;
    }
    return tls_fits(o, why);
}

bool options_parse(struct options *o, int argc, char **argv, struct diag *why)
{
    int id;

    *o = (struct options){
        .http = {"127.0.0.1", 8080},
        .mqtt = {"127.0.0.1", 1883},
        .url_host = "",
        .mosquitto = "/usr/sbin/mosquitto",
        .session_minutes = SESSION_MINUTES_DEFAULT,
    };
    defaults_beside(o);
    while ((id = getopt_long(argc, argv, "", LONG_OPTIONS, NULL)) != -1)
        if (!option_take(o, id, optarg, why))
            return false;
    if (optind < argc) {
        diag_set(why, "%.80s: ternd takes options only", argv[optind]);
        return false;
    }
    return o->help || o->version || options_fit(o, why);
}

void address_format(char out[64], const struct address *a)
{
    snprintf(out, 64, strchr(a->host, ':') ? "[%s]:%u" : "%s:%u", a->host,
             a->port);
}
