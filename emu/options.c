/* options.c - see options.h. Start at the two tables, RUN and SWEEP.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/options.h"

#include <string.h>

#include "emu/net_rules.h"
#include "emu/parse.h"
#include "emu/why.h"

enum { LEFT_COLUMN = 30 };

struct row {
    const char *name;  /* without the dashes */
    const char *value; /* what the help calls it; NULL: a switch */
    const char *help;
    bool (*set)(void *options, char *value); /* false: value is not one */
};

/* NOLINTBEGIN(readability-non-const-parameter): one signature for all rows */

/* --- run: one function per option ----------------------------------------- */

#define SET_TEXT(member)                                                       \
    static bool set_##member(void *options, char *value)                       \
    {                                                                          \
        ((struct options_run *)options)->member = value;                       \
        return *value != '\0';                                                 \
    }
#define SET_SWITCH(member)                                                     \
    static bool set_##member(void *options, char *value)                       \
    {                                                                          \
        (void)value;                                                           \
        ((struct options_run *)options)->member = true;                        \
        return true;                                                           \
    }
SET_TEXT(flash)
SET_TEXT(elf)
SET_TEXT(save)
SET_TEXT(uart)
SET_TEXT(net)
SET_TEXT(pcap)
SET_TEXT(flash_log)
SET_TEXT(trace)
SET_SWITCH(no_save)
SET_SWITCH(stats)
SET_SWITCH(strict)

static bool set_raw(void *options, char *value)
{
    struct options_run *o = options;
    char *address = parse_split(value, '@');

    o->raw = value;
    return address && parse_u32(address, &o->raw_address);
}

static bool set_seed(void *options, char *value)
{
    return parse_u64(value, UINT64_MAX, &((struct options_run *)options)->seed);
}

static bool set_time(void *options, char *value)
{
    return parse_seconds(value, &((struct options_run *)options)->limit_cycles);
}

static bool set_cut(void *options, char *value)
{
    return parse_cut(value, &((struct options_run *)options)->cut);
}

static bool set_gdb(void *options, char *value)
{
    struct options_run *o = options;
    uint64_t port;

    if (!parse_u64(value, UINT16_MAX, &port))
        return false;
    o->gdb = true;
    o->gdb_port = (uint16_t)port;
    return true;
}

static bool set_skip(void *options, char *value)
{
    struct options_run *o = options;
    struct options_skip skip = {.nth = 1};
    char *nth = parse_split(value, ':');

    if (nth && (!parse_u64(nth, UINT64_MAX, &skip.nth) || skip.nth == 0))
        return false;
    if (!parse_u32(value, &skip.address) || o->skips == OPTIONS_FAULTS_MAX)
        return false;
    o->skip[o->skips++] = skip;
    return true;
}

static bool set_flip(void *options, char *value)
{
    struct options_run *o = options;
    struct options_flip flip = {0};
    char *cycle = parse_split(value, '@');
    char *bit = parse_split(value, ':');
    uint64_t number;

    if (cycle && !parse_u64(cycle, UINT64_MAX, &flip.at_cycles))
        return false;
    if (!bit || !parse_u64(bit, 7, &number) ||
        !parse_u32(value, &flip.address) || o->flips == OPTIONS_FAULTS_MAX)
        return false;
    flip.bit = (unsigned)number;
    o->flip[o->flips++] = flip;
    return true;
}

static bool set_frames(struct options_run *o, const char *value, bool corrupt)
{
    uint64_t ppm;

    if (!parse_u64(value, 1000000, &ppm))
        return false;
    o->frames_per_million = (uint32_t)ppm;
    o->frames_corrupt = corrupt;
    return true;
}

static bool set_lose(void *options, char *value)
{
    return set_frames(options, value, false);
}

static bool set_corrupt(void *options, char *value)
{
    return set_frames(options, value, true);
}

static bool set_pace(void *options, char *value)
{
    (void)value;
    ((struct options_run *)options)->pace = OPTIONS_PACE_ON;
    return true;
}

static bool set_no_pace(void *options, char *value)
{
    (void)value;
    ((struct options_run *)options)->pace = OPTIONS_PACE_OFF;
    return true;
}

static const struct row RUN[] = {
    {"flash", "FILE", "the flash chip's 8 MiB; changes are saved to it",
     set_flash},
    {"elf", "FILE", "start this program instead of the flash's", set_elf},
    {"raw", "FILE@ADDR", "start these bytes, which begin with a vector table",
     set_raw},
    {"save", "FILE", "save flash changes here instead", set_save},
    {"no-save", NULL, "forget flash changes at the end", set_no_save},
    {"seed", "N", "of RAM at power-on, TRNG, unique id, torn bits (default 0)",
     set_seed},
    {"time", "SECONDS", "leave after so much virtual time", set_time},
    {"uart", "-|FILE|unix:PATH|tcp:PORT", "the console (default -: here)",
     set_uart},
    {"cut", "N[:TEAR]", "cut the power at flash operation N, then on again",
     set_cut},
    {"net", "RULES",
     "map=PORT:ADDR:PORT,host=NAME,...: all that may be reached", set_net},
    {"pcap", "FILE", "write the network's frames here", set_pcap},
    {"lose", "PPM", "lose so many of a million frames", set_lose},
    {"corrupt", "PPM", "flip a bit in so many of a million frames",
     set_corrupt},
    {"flash-log", "FILE", "write one line per flash operation", set_flash_log},
    {"trace", "FILE", "write one line per block of instructions", set_trace},
    {"stats", NULL, "say at the end what the run cost", set_stats},
    {"strict", NULL, "stop at an access to something not modelled", set_strict},
    {"gdb", "PORT", "wait for gdb on 127.0.0.1:PORT before the first step",
     set_gdb},
    {"skip", "ADDR[:NTH]", "skip the instruction there when it comes NTH",
     set_skip},
    {"flip", "ADDR:BIT[@CYCLE]", "flip a bit of RAM or flash at that moment",
     set_flip},
    {"pace", NULL, "virtual time waits for the clock on the wall", set_pace},
    {"no-pace", NULL, "virtual time runs as fast as it can", set_no_pace},
};
enum { RUN_ROWS = sizeof RUN / sizeof RUN[0] };

/* --- sweep ---------------------------------------------------------------- */

static bool set_jobs(void *options, char *value)
{
    uint64_t jobs;

    if (!parse_u64(value, OPTIONS_JOBS_MAX, &jobs) || jobs == 0)
        return false;
    ((struct options_sweep *)options)->jobs = (unsigned)jobs;
    return true;
}

static bool set_tears(void *options, char *value)
{
    struct options_sweep *o = options;
    char *rest = NULL;

    o->tears = 0;
    for (char *tear = strtok_r(value, ",", &rest); tear;
         tear = strtok_r(NULL, ",", &rest)) {
        if (o->tears == OPTIONS_TEARS_MAX ||
            !parse_tear(tear, &o->tear[o->tears++]))
            return false;
    }
    return o->tears > 0;
}

static bool set_sample(void *options, char *value)
{
    struct options_sweep *o = options;

    return parse_u64(value, UINT64_MAX, &o->sample) && o->sample > 0;
}

static bool set_second(void *options, char *value)
{
    struct options_sweep *o = options;

    o->second = true;
    o->second_sample = 0;
    return strcmp(value, "all") == 0 ||
           (parse_u64(value, UINT64_MAX, &o->second_sample) &&
            o->second_sample > 0);
}

static bool set_replay(void *options, char *value)
{
    struct options_sweep *o = options;
    char *second = parse_split(value, ',');

    o->replays = second ? 2 : 1;
    return parse_cut(value, &o->replay[0]) &&
           (!second || parse_cut(second, &o->replay[1]));
}

static bool set_replay_save(void *options, char *value)
{
    ((struct options_sweep *)options)->save = value;
    return *value != '\0';
}

static const struct row SWEEP[] = {
    {"jobs", "N", "so many at once (default: one per processor)", set_jobs},
    {"tears", "TEAR,...",
     "how a cut operation is left (default: nothing,all,first,second,random=1)",
     set_tears},
    {"sample", "N", "at most N first cuts, evenly spread (default: all)",
     set_sample},
    {"second", "N|all", "cut each recovery again, N times or everywhere",
     set_second},
    {"replay", "CUT[,CUT]", "run this one case with its console", set_replay},
    {"save", "FILE", "with --replay: the flash at the end", set_replay_save},
};
enum { SWEEP_ROWS = sizeof SWEEP / sizeof SWEEP[0] };

/* NOLINTEND(readability-non-const-parameter) */

/* --- the reader ----------------------------------------------------------- */

static const struct row *find(const struct row *rows, size_t count,
                              const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(rows[i].name) == len && !memcmp(rows[i].name, name, len))
            return &rows[i];
    return NULL;
}

/* argv[0] is an option; *used: how many words it took. */
static bool take_option(const struct row *rows, size_t count, void *options,
                        char **argv, int *used, struct board_why *why)
{
    const char *name = argv[0] + 2;
    char *value = strchr(name, '=');
    size_t len = value ? (size_t)(value - name) : strlen(name);
    const struct row *row = find(rows, count, name, len);
    char kept[BOARD_WHY_MAX / 2];

    *used = 1;
    if (!row) {
        return why_not(why, "there is no option '--%.*s'",
                       (int)(len < 60 ? len : 60), name);
    }
    if (!row->value && value) {
        return why_not(why, "--%s takes no value", row->name);
    }
    if (value)
        value++;
    else if (row->value) {
        value = argv[1];
        *used = 2;
    }
    if (row->value && !value) {
        return why_not(why, "--%s needs %s", row->name, row->value);
    }
    (void)snprintf(kept, sizeof kept, "%s", value ? value : "");
    if (!row->set(options, value)) {
        return why_not(why, "--%s wants %s, not '%s'", row->name, row->value,
                       kept);
    }
    return true;
}

/* `word`: where the one word without dashes goes; NULL: there is none. */
static enum options_verdict read_all(const struct row *rows, size_t count,
                                     void *options, const char **word,
                                     char **argv, struct board_why *why)
{
    while (*argv) {
        int used = 1;
        if (strcmp(*argv, "--help") == 0)
            return OPTIONS_HELP;
        if (strncmp(*argv, "--", 2) == 0) {
            if (!take_option(rows, count, options, argv, &used, why))
                return OPTIONS_USAGE;
        } else if (word && !*word) {
            *word = *argv;
        } else {
            (void)why_not(why, "'%s' is one word too many", *argv);
            return OPTIONS_USAGE;
        }
        argv += used;
    }
    return OPTIONS_OK;
}

static const char *run_contradiction(const struct options_run *o)
{
    if (!o->flash && !o->elf && !o->raw)
        return "there is nothing to start: give --flash FILE, or --elf or "
               "--raw";
    if (o->elf && o->raw)
        return "--elf and --raw both say what to start: give one";
    if (o->save && o->no_save)
        return "--save and --no-save contradict each other";
    if (!o->net && (o->pcap || o->frames_per_million))
        return "--pcap, --lose and --corrupt need --net";
    return NULL;
}

/* Here as well as when the network starts: a mistake in a rule is a mistake in
 * the command line. */
static bool net_is_right(const char *rules, struct board_why *why)
{
    struct net_rules parsed;

    return !rules ||
           net_rules_parse(&parsed, rules, why->text, sizeof why->text);
}

enum options_verdict options_run_parse(struct options_run *o, int argc,
                                       char **argv, struct board_why *why)
{
    (void)argc; /* argv ends in NULL */
    *o = (struct options_run){.limit_cycles = UINT64_MAX, .uart = "-"};
    enum options_verdict v = read_all(RUN, RUN_ROWS, o, NULL, argv, why);
    const char *wrong = v == OPTIONS_OK ? run_contradiction(o) : NULL;

    if (wrong) {
        (void)why_not(why, "%s", wrong);
        return OPTIONS_USAGE;
    }
    return v == OPTIONS_OK && !net_is_right(o->net, why) ? OPTIONS_USAGE : v;
}

static void default_tears(struct options_sweep *o)
{
    static const struct board_cut ALL[] = {
        {.tear = BOARD_TEAR_NOTHING},
        {.tear = BOARD_TEAR_ALL},
        {.tear = BOARD_TEAR_FIRST_HALF},
        {.tear = BOARD_TEAR_SECOND_HALF},
        {.tear = BOARD_TEAR_RANDOM, .seed = 1},
    };

    memcpy(o->tear, ALL, sizeof ALL);
    o->tears = sizeof ALL / sizeof ALL[0];
}

enum options_verdict options_sweep_parse(struct options_sweep *o, int argc,
                                         char **argv, struct board_why *why)
{
    (void)argc;
    *o = (struct options_sweep){0};
    default_tears(o);
    enum options_verdict v =
        read_all(SWEEP, SWEEP_ROWS, o, &o->scenario, argv, why);

    if (v == OPTIONS_OK && !o->scenario) {
        (void)why_not(why, "a sweep needs a scenario file");
        return OPTIONS_USAGE;
    }
    if (v == OPTIONS_OK && o->save && !o->replays) {
        (void)why_not(why, "--save needs --replay");
        return OPTIONS_USAGE;
    }
    return v;
}

static void help_rows(FILE *to, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int width =
            fprintf(to, "  --%s%s%s", rows[i].name, rows[i].value ? " " : "",
                    rows[i].value ? rows[i].value : "");
        if (width >= LEFT_COLUMN) {
            (void)fputc('\n', to);
            width = 0;
        }
        (void)fprintf(to, "%*s%s\n", LEFT_COLUMN - width, "", rows[i].help);
    }
}

void options_help(FILE *to)
{
    (void)fputs("usage: tern-board [run] --flash FILE [OPTIONS]\n"
                "       tern-board sweep SCENARIO [OPTIONS]\n\n"
                "An emulated i.MX RT1060 board. On a terminal: Ctrl-A x "
                "leaves, Ctrl-A r resets,\nCtrl-A p cuts the power and gives "
                "it back, Ctrl-A Ctrl-A sends a Ctrl-A.\n\nrun:\n",
                to);
    help_rows(to, RUN, RUN_ROWS);
    (void)fputs("  TEAR: nothing | all | first | second | bytes=K | "
                "random=SEED\n\nsweep: cut the power at every flash operation "
                "of a scenario\n",
                to);
    help_rows(to, SWEEP, SWEEP_ROWS);
    (void)fputs("\nexit: the code that the firmware gives; or 0 left by a "
                "person or at --time, 1 cannot\nrun (files, ports) or a sweep "
                "failed, 2 usage, 3 stopped by --strict, 4 the core is\nlocked "
                "up or sleeps for ever, 5 no image to start\n",
                to);
}
