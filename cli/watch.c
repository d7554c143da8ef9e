/* watch.c - follow a job until each of its tasks is over.
 *
 * Start at watch_job(). The tasks are asked for before the events: when all
 * are over, the events that came with that are all in the next answer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/watch.h"

#include <string.h>

#include "cli/patience.h"
#include "cli/view.h"

struct watch {
    struct api *a;
    char job[24];
    json_int_t seen; /* id of the last event that was printed */
    json_t *tasks;   /* as last heard; owned */
    struct patience patience;
};

static const char *member(const json_t *o, const char *name)
{
    const char *text = json_string_value(json_object_get(o, name));

    return text ? text : "";
}

void watch_print_event(const json_t *event)
{
    char line[WHY_MAX], at[TIME_TEXT_MAX];

    say_time(at, json_integer_value(json_object_get(event, "at_ms")));
    (void)snprintf(line, sizeof line, "%s  %-12s  %-16s  %s", at,
                   member(event, "device_name"), member(event, "kind"),
                   member(event, "text"));
    say_clean(line);
    (void)puts(line);
}

static int events_read(struct watch *w)
{
    struct api_path path = api_path("/api/v1/events");
    json_t *events, *event;
    size_t i;

    api_path_query(&path, "job_id", w->job);
    int code = api_list_try(w->a, &path, 0, w->seen, &events);
    if (code != CLI_OK)
        return code;
    json_array_foreach(events, i, event)
    {
        json_int_t id = json_integer_value(json_object_get(event, "id"));
        if (id > w->seen)
            w->seen = id;
        if (!w->a->cli->json)
            watch_print_event(event);
    }
    (void)fflush(stdout);
    json_decref(events);
    return CLI_OK;
}

static int tasks_read(struct watch *w)
{
    struct api_path path = api_path("/api/v1/jobs");
    json_t *tasks;

    api_path_add(&path, w->job);
    api_path_add(&path, "tasks");
    int code = api_list_try(w->a, &path, 0, 0, &tasks);
    if (code == CLI_OK) {
        json_decref(w->tasks);
        w->tasks = tasks;
    }
    return code;
}

static bool state_is(const json_t *task, const char *state)
{
    return strcmp(member(task, "state"), state) == 0;
}

static bool all_over(const json_t *tasks)
{
    size_t i;
    json_t *t;

    json_array_foreach(tasks, i, t)
    {
        if (!state_is(t, "SUCCEEDED") && !state_is(t, "FAILED") &&
            !state_is(t, "CANCELED"))
            return false;
    }
    return true;
}

/* After a failure: may the next question go better? */
static bool worth_waiting(struct watch *w, int code)
{
    return code == CLI_UNREACHABLE &&
           patience_lost(&w->patience, w->a->why.text);
}

/* Ask until all is over. The exit code if that cannot be. */
static int follow(struct watch *w)
{
    for (;;) {
        int code = tasks_read(w);
        bool over = code == CLI_OK && all_over(w->tasks);
        if (code == CLI_OK)
            code = events_read(w);
        if (code == CLI_OK)
            patience_regained(&w->patience);
        if (patience_interrupted())
            return cli_refuse(w->a->cli,
                              "no longer watching; job %s goes on without us, "
                              "and `tern task cancel ID` ends a task",
                              w->job);
        if (code == CLI_OK && over)
            return CLI_OK;
        if (code != CLI_OK && !worth_waiting(w, code))
            return api_say(w->a, code);
        patience_pause();
    }
}

static const struct view_column COLUMNS[] = {
    {"TASK", "id", VIEW_NUMBER},   {"DEVICE", "device_name", VIEW_TEXT},
    {"STATE", "state", VIEW_TEXT}, {"REASON", "reason", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static int conclude(const struct watch *w, json_int_t job)
{
    const struct cli *c = w->a->cli;
    size_t i, good = 0, all = json_array_size(w->tasks);
    json_t *t;

    json_array_foreach(w->tasks, i, t) good += state_is(t, "SUCCEEDED");
    if (c->json) {
        json_t *o = json_pack("{s:I,s:O}", "job_id", job, "tasks", w->tasks);
        view_json(o);
        json_decref(o);
    } else {
        (void)printf("\n");
        view_list(w->tasks, COLUMNS);
    }
    return good == all ? CLI_OK
                       : cli_refuse(c,
                                    "%zu of %zu devices took the update; "
                                    "the reasons are above",
                                    good, all);
}

int watch_job(struct api *a, json_int_t job)
{
    struct watch w = {.a = a};

    (void)snprintf(w.job, sizeof w.job, "%" JSON_INTEGER_FORMAT, job);
    patience_begin(&w.patience, a);
    int code = follow(&w);
    if (code == CLI_OK)
        code = conclude(&w, job);
    patience_end(&w.patience);
    json_decref(w.tasks);
    return code;
}
