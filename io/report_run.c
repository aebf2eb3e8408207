/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/report_run.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/csv.h"
#include "io/paths.h"
#include "sim/alloc.h"

/* Far beyond any figure of a class, and far from the end of what a double can add up. */
#define MOST_OF_CLASS 1e15

/* Of different names: scenarios have a handful. */
#define MOST_CLASSES 1000

static const struct interval unknown = {NAN, NAN, NAN};

/* -------------------------------------------------------------- summary.csv */

/* An empty cell is NAN. */
static bool read_number(double *number, const char *text, struct err *err)
{
    char *end;

    *number = NAN;
    if (text[0] == '\0')
        return true;
    *number = strtod(text, &end);
    return (end != text && *end == '\0' && isfinite(*number))
           || err_set(err, "'%.40s' is no number", text);
}

void report_run_add(struct report_run *run, const char *metric, struct interval is)
{
    run->figures = alloc_grow(run->figures, &run->room, run->count + 1, sizeof *run->figures);
    run->figures[run->count++] =
        (struct run_figure){alloc_text(metric, strlen(metric)), is, unknown};
}

static bool take_figure(void *user, const char *const *cells, struct err *err)
{
    struct report_run *run = user;
    struct interval is;

    if (!read_number(&is.mean, cells[1], err) || !read_number(&is.low, cells[2], err)
        || !read_number(&is.high, cells[3], err))
        return false;
    report_run_add(run, cells[0], is);
    return true;
}

/* ------------------------------------------------------------- attempts.csv */

/* As models/catalogue writes them: the message's own name, and /b1 or /w1. */
static bool is_notice(const char *message)
{
    const char *end = strrchr(message, '/');

    return end != NULL && memchr(message, '/', (size_t)(end - message)) != NULL
           && (end[1] == 'b' || end[1] == 'w') && end[2] != '\0'
           && strspn(end + 2, "0123456789") == strlen(end + 2);
}

static enum smtp_stage stage_of(const char *name)
{
    for (int i = 0; smtp_stage_names[i] != NULL; i++) {
        if (strcmp(smtp_stage_names[i], name) == 0)
            return (enum smtp_stage)i;
    }
    return STAGE_RCPT;
}

/* That an attempt was not even made has the cause for which its site is dead. */
static enum cause cause_by(const char *stage, const char *dsn, const char *text)
{
    struct logged_attempt attempt = {.status = LOGGED_DEFERRED, .text = text};
    struct logged_reply reply = {.stage = stage_of(stage), .outcome = OUTCOME_DEFERRED};

    strncpy(reply.dsn, dsn, sizeof reply.dsn - 1);
    return cause_of(&attempt, &reply);
}

enum { MESSAGE, STAGE, OUTCOME, DSN, TEXT, NEXT };

static bool take_attempt(void *user, const char *const *cells, struct err *err)
{
    struct report_run *run = user;
    bool bounced = strcmp(cells[OUTCOME], "bounced") == 0;

    (void)err;
    if (strcmp(cells[OUTCOME], "sent") == 0 || is_notice(cells[MESSAGE]))
        return true;
    enum cause cause =
        bounced ? RUN_CAUSE_REFUSED : cause_by(cells[STAGE], cells[DSN], cells[TEXT]);
    run->causes[cause].attempts++;
    run->causes[cause].lost += bounced || cells[NEXT][0] == '\0';
    return true;
}

/* -------------------------------------------------------------- classes.csv */

/* Before the figures stand the name and the deadline. */
enum { CLASS_NAME, CLASS_DEADLINE, CLASS_FIGURES };

static struct class_sums *add_class(struct report_run *run, const char *name, double deadline_s)
{
    run->classes =
        alloc_grow(run->classes, &run->class_room, run->class_count + 1, sizeof *run->classes);
    run->classes[run->class_count] =
        (struct class_sums){.name = alloc_text(name, strlen(name)), .deadline_s = deadline_s};
    return &run->classes[run->class_count++];
}

static bool read_class_figure(double *number, const char *text, enum class_figure figure,
                              struct err *err)
{
    bool counted = figure < CLASS_DELAY_P50, signed_too = figure == CLASS_UTILITY;

    if (!read_number(number, text, err))
        return false;
    if (isnan(*number))
        return !counted || err_set(err, "an empty cell where a count should be");
    return (fabs(*number) <= MOST_OF_CLASS && (signed_too || *number >= 0))
           || err_set(err, "'%.40s' cannot be of a class", text);
}

static bool take_class(void *user, const char *const *cells, struct err *err)
{
    struct report_run *run = user;
    struct class_sums *sums = report_run_class(run, cells[CLASS_NAME]);
    double deadline_s, number;

    if (!read_number(&deadline_s, cells[CLASS_DEADLINE], err))
        return false;
    if (sums == NULL && run->class_count == MOST_CLASSES)
        return err_set(err, "more than %d classes", MOST_CLASSES);
    if (sums == NULL)
        sums = add_class(run, cells[CLASS_NAME], deadline_s);
    for (enum class_figure figure = 0; figure < CLASS_FIGURE_COUNT; figure++) {
        if (!read_class_figure(&number, cells[CLASS_FIGURES + figure], figure, err))
            return false;
        sums->sums[figure] += isnan(number) ? 0 : number;
        sums->told[figure] += isnan(number) ? 0 : 1;
    }
    return true;
}

/* ------------------------------------------------------------- timeline.csv */

struct span {
    double first, second, last; /* bins begin then */
};

static bool take_bin(void *user, const char *const *cells, struct err *err)
{
    struct span *span = user;
    double at;

    if (!read_number(&at, cells[0], err))
        return false;
    if (at > span->last)
        span->last = at;
    if (at > 0 && (span->second <= 0 || at < span->second))
        span->second = at;
    return true;
}

/* ------------------------------------------------------------------ reading */

static bool read_rows(const char *folder, const char *name, const char *const *columns,
                      bool (*row)(void *user, const char *const *cells, struct err *err),
                      void *user, struct err *err)
{
    char *path = alloc_printf("%s/%s", folder, name);
    struct csv_rows rows = {.columns = columns, .row = row, .user = user};
    bool good = csv_read(path, &rows, err);

    free(path);
    return good;
}

static bool read_summary(struct report_run *run, struct err *err)
{
    static const char *const columns[] = {"metric", "value", "ci95_low", "ci95_high", NULL};

    return read_rows(run->folder, "summary.csv", columns, take_figure, run, err);
}

static bool read_attempts(struct report_run *run, struct err *err)
{
    static const char *const columns[] = {"message", "stage",  "outcome", "dsn",
                                          "text",    "next_s", NULL};

    run->has_causes = path_is_there(run->folder, "attempts.csv");
    return !run->has_causes
           || read_rows(run->folder, "attempts.csv", columns, take_attempt, run, err);
}

static bool read_classes(struct report_run *run, struct err *err)
{
    static const char *const columns[] = {"class",       "deadline_s", "recipients", "delivered",
                                          "late",        "bounced",    "expired",    "delay_p50_s",
                                          "delay_p90_s", "utility",    NULL};

    return !path_is_there(run->folder, "classes.csv")
           || read_rows(run->folder, "classes.csv", columns, take_class, run, err);
}

static bool read_timeline(struct report_run *run, struct err *err)
{
    static const char *const columns[] = {"time_s", NULL};
    struct span span = {0};

    if (!path_is_there(run->folder, "timeline.csv"))
        return true;
    if (!read_rows(run->folder, "timeline.csv", columns, take_bin, &span, err))
        return false;
    run->last_s = span.last + span.second;
    return true;
}

static bool read_manifest(struct report_run *run, struct err *err)
{
    char *path = alloc_printf("%s/manifest.json", run->folder);
    json_error_t error;
    bool good = path_is_there(run->folder, "manifest.json");

    if (!good)
        err_exit(err, EX_NOINPUT, "%s: %s", path, strerror(errno));
    json_decref(run->manifest);
    run->manifest = good ? json_load_file(path, 0, &error) : NULL;
    if (good && run->manifest == NULL)
        good = err_exit(err, EX_DATAERR, "%s:%d: %s", path, error.line, error.text);
    if (good && !json_is_object(run->manifest))
        good = err_exit(err, EX_DATAERR, "%s: is no JSON object", path);
    free(path);
    return good;
}

void report_run_begin(struct report_run *run, const char *name, const char *folder)
{
    *run = (struct report_run){.name = alloc_text(name, strlen(name)),
                               .folder = alloc_text(folder, strlen(folder)),
                               .manifest = json_object()};
}

bool report_run_read(struct report_run *run, const char *name, const char *folder, struct err *err)
{
    report_run_begin(run, name, folder);
    return read_manifest(run, err) && read_summary(run, err) && read_attempts(run, err)
           && read_timeline(run, err) && read_classes(run, err);
}

void report_run_fini(struct report_run *run)
{
    for (size_t i = 0; i < run->count; i++)
        free(run->figures[i].metric);
    free(run->figures);
    for (size_t i = 0; i < run->class_count; i++)
        free(run->classes[i].name);
    free(run->classes);
    json_decref(run->manifest);
    free(run->name);
    free(run->folder);
}

/* ------------------------------------------------------------------- asking */

struct run_figure *report_run_figure(const struct report_run *run, const char *metric)
{
    for (size_t i = 0; i < run->count; i++) {
        if (strcmp(run->figures[i].metric, metric) == 0)
            return &run->figures[i];
    }
    return NULL;
}

double report_run_value(const struct report_run *run, const char *metric)
{
    const struct run_figure *figure = report_run_figure(run, metric);

    return figure == NULL ? NAN : figure->is.mean;
}

struct class_sums *report_run_class(const struct report_run *run, const char *name)
{
    for (size_t i = 0; i < run->class_count; i++) {
        if (strcmp(run->classes[i].name, name) == 0)
            return &run->classes[i];
    }
    return NULL;
}

double report_class_count(const struct report_run *run, const struct class_sums *sums,
                          enum class_figure figure)
{
    return sums->sums[figure] / (double)report_run_replications(run);
}

double report_class_mean(const struct class_sums *sums, enum class_figure figure)
{
    return sums->told[figure] > 0 ? sums->sums[figure] / (double)sums->told[figure] : NAN;
}

const char *report_run_text(const struct report_run *run, const char *member)
{
    const char *text = json_string_value(json_object_get(run->manifest, member));

    return text == NULL ? "" : text;
}

const char *report_run_setting(const struct report_run *run, const char *name)
{
    json_t *setting = json_object_get(json_object_get(run->manifest, "settings"), name);

    return json_string_value(json_object_get(setting, "value"));
}

uint64_t report_run_replications(const struct report_run *run)
{
    json_int_t count = json_integer_value(json_object_get(run->manifest, "replications"));

    return count < 1 ? 1 : (uint64_t)count;
}

bool report_run_is_told(const struct report_run *run)
{
    return json_object_size(run->manifest) > 0;
}

bool report_run_has_intervals(const struct report_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        if (!isnan(run->figures[i].is.low))
            return true;
    }
    return false;
}

bool report_run_is_replay(const struct report_run *run)
{
    return *report_run_text(run, "recovery") != '\0'
           || strcmp(report_run_text(run, "scenario"), "replay.conf") == 0;
}
