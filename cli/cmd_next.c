/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_next.c - what is to come for the messages in a queue
 */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/policy.h"
#include "io/next_report.h"
#include "io/queue_directory.h"
#include "models/span.h"
#include "sim/alloc.h"

struct options {
    struct config_options config;
    const char *queue;           /* the listing */
    const char *queue_directory; /* NULL: none */
    const char *now;             /* NULL: the present */
    const char *phase;           /* NULL: not known */
    enum format format;
};

static const struct option long_options[] = {
    CONFIG_POLICY,
    {"queue-directory", required_argument, NULL, 'd'},
    {"now", required_argument, NULL, 'n'},
    {"phase", required_argument, NULL, 'x'},
    {"format", required_argument, NULL, 'F'},
    {NULL, 0, NULL, 0},
};

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    switch (option) {
    case 'd':
        options->queue_directory = value;
        return true;
    case 'n':
        options->now = value;
        return true;
    case 'x':
        options->phase = value;
        return true;
    case 'F':
        return cli_take_format(
            &options->format, 1u << FORMAT_TEXT | 1u << FORMAT_CSV | 1u << FORMAT_JSON, value, err);
    default:
        return config_take(&options->config, option, value, err);
    }
}

/* ------------------------------------------------------------------ instants */

static bool parse_instant(int64_t *second, const char *name, const char *text, struct err *err)
{
    sim_time at;

    if (!utc_parse(&at, text, err))
        return err_exit(err, EX_USAGE,
                        "--%s: '%.60s' is no instant: UTC like 2026-06-01T00:00Z "
                        "was expected",
                        name, text);
    *second = sim_second(at);
    return true;
}

/* An instant at which a scan began or will, or the span from now to the next one. */
static bool parse_phase(int64_t *scan, const char *text, int64_t now, struct err *err)
{
    double seconds;
    sim_time span;

    if (strchr(text, 'T') != NULL)
        return parse_instant(scan, "phase", text, err);
    if (number_parse(&seconds, text, err) && seconds >= 0 && seconds < 1e9)
        span = (sim_time)(seconds * (double)SIM_SECOND);
    else if (!span_parse(&span, text, err))
        return err_exit(err, EX_USAGE,
                        "--phase: '%.60s' is neither a time from now, as 150 or "
                        "2min, nor UTC like 2026-06-01T00:00Z",
                        text);
    *scan = now + sim_second(span);
    return true;
}

static bool parse_instants(const struct options *options, int64_t *now, int64_t *scan,
                           struct err *err)
{
    *now = (int64_t)time(NULL);
    *scan = FORECAST_UNKNOWN;
    return (options->now == NULL || parse_instant(now, "now", options->now, err))
           && (options->phase == NULL || parse_phase(scan, options->phase, *now, err));
}

/* ------------------------------------------------------------------ messages */

struct next {
    const struct options *options;
    struct policies policies;
    struct outlook outlook;
    struct queue_directory directory;
    uint64_t gone; /* deferred messages that have no file */
    struct output out;
};

static bool look_up(struct next *next, struct forecast_message *message, const char *id,
                    struct err *err)
{
    if (next->options->queue_directory == NULL || message->queue != LISTED_DEFERRED)
        return true;
    if (!queue_directory_mtime(&next->directory, id, &message->mtime, err))
        return false;
    next->gone += message->mtime == FORECAST_UNKNOWN;
    return true;
}

static void put_rows(struct next *next, const struct queue_entry *entry,
                     const struct forecast *forecasts)
{
    for (size_t i = 0; i < next->outlook.policy_count; i++) {
        struct next_row row = {entry, &next->outlook.policies[i], &forecasts[i]};
        if (next->options->format == FORMAT_CSV)
            next_csv_put(&next->out, &row);
        else if (next->options->format == FORMAT_JSON)
            next_json_put(&next->out, &row, next->outlook.messages == 0 && i == 0);
    }
}

static bool take_entry(void *user, const struct queue_entry *entry, struct err *err)
{
    struct next *next = user;
    struct forecast forecasts[OUTLOOK_POLICIES];
    char destination[NEXT_DESTINATION_ROOM];
    struct forecast_message message = queue_entry_message(entry);

    if (!look_up(next, &message, entry->id, err))
        return false;
    for (size_t i = 0; i < next->outlook.policy_count; i++)
        forecasts[i] = forecast_make(&next->outlook.policies[i].plan, &message);
    put_rows(next, entry, forecasts);
    outlook_add(&next->outlook, entry->id, next_destination(entry->recipient, destination),
                &message, forecasts);
    return true;
}

/* ------------------------------------------------------------------ policies */

/* "maximal_queue_lifetime=1d,minimal_backoff_time=10m": what was typed. Allocated. */
static char *assignments_name(const struct config_options *options)
{
    char *name = alloc_text("", 0);

    for (size_t i = 0; i < options->assignment_count; i++) {
        char *longer = alloc_printf("%s%s%s", name, i == 0 ? "" : ",", options->assignments[i]);
        free(name);
        name = longer;
    }
    return name;
}

/* Those of the mail server, and what is asked for beside. */
static bool read_policies(struct next *next, struct err *err)
{
    const struct config_options *options = &next->options->config;
    struct policy_base base = {options, NULL, NULL};

    if (!policies_add_base(&next->policies, &base, "present", err))
        return false;
    if (options->policy_count == 0 && options->assignment_count == 0)
        return true;
    char *unnamed = assignments_name(options);
    bool good = policies_add_named(&next->policies, &base, unnamed, err);
    free(unnamed);
    return good;
}

static void lay_plans(struct next *next, int64_t now, int64_t scan)
{
    const struct policy *list = next->policies.list;
    struct forecast_plan present = forecast_present(&list[0].settings, now, scan);

    outlook_add_policy(&next->outlook, list[0].name, &present);
    for (size_t i = 1; i < next->policies.count; i++) {
        struct forecast_plan change = forecast_change(&present, &list[i].settings);
        outlook_add_policy(&next->outlook, list[i].name, &change);
    }
}

/* -------------------------------------------------------------------- report */

static void begin_report(struct next *next)
{
    next->out = cli_output();
    if (next->options->format == FORMAT_CSV)
        next_csv_begin(&next->out);
    else if (next->options->format == FORMAT_JSON)
        next_json_begin(&next->out, next->outlook.policies[0].plan.now);
}

static bool end_report(struct next *next, bool good, struct err *err)
{
    struct err failure = {0};

    if (good && next->options->format == FORMAT_JSON)
        next_json_end(&next->out, &next->outlook);
    if (!cli_output_end(&next->out, good ? err : &failure) || !good)
        return false;
    outlook_rank(&next->outlook);
    if (next->options->format == FORMAT_TEXT)
        next_text(stdout, &next->outlook);
    return true;
}

static void warn(const struct next *next)
{
    struct notes notes = {0};

    if (next->gone > 0)
        notes_add(&notes,
                  "%s: no file of %llu deferred messages: they have left since, or were "
                  "listed elsewhere",
                  next->options->queue_directory, (unsigned long long)next->gone);
    if (next->outlook.future > 0)
        notes_add(&notes, "%llu messages came after now: is the listing of another time (--now)?",
                  (unsigned long long)next->outlook.future);
    cli_warn(&notes);
}

static bool predict(struct next *next, struct err *err)
{
    const struct options *options = next->options;
    struct postqueue_sink sink = {take_entry, next};
    int64_t now, scan;

    if (!parse_instants(options, &now, &scan, err) || !read_policies(next, err))
        return false;
    if (options->queue_directory != NULL
        && !queue_directory_open(&next->directory, options->queue_directory, err))
        return false;
    lay_plans(next, now, scan);
    begin_report(next);
    bool good = end_report(next, postqueue_read(options->queue, &sink, err), err);
    if (good)
        warn(next);
    return good;
}

int cmd_next(int argc, char **argv)
{
    static const struct cli_options known = {CONFIG_SHORT, long_options, take_option};
    struct options options = {.queue = "-"};
    struct next next = {.options = &options};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    if (good && (optind + 1 < argc || (optind == argc && !cli_has_stdin())))
        good = cli_misuse(&err);
    if (good && optind < argc)
        options.queue = argv[optind];
    good = good && predict(&next, &err);
    outlook_fini(&next.outlook);
    policies_fini(&next.policies);
    config_options_fini(&options.config);
    return cli_end("next", good, &err, EX_DATAERR);
}
