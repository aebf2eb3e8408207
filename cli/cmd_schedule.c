/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_schedule.c - the timetable of one message that always fails
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/policy.h"
#include "io/csv_row.h"
#include "io/output.h"
#include "models/mta/postfix/timetable.h"
#include "models/span.h"

struct options {
    struct config_options config;
    sim_time phase, attempt_time;
    bool null_sender, folklore;
    enum format format;
    const char *folder; /* for schedule.csv; NULL: nothing is written */
};

static const struct option long_options[] = {
    CONFIG_POLICY,
    {"phase", required_argument, NULL, 'x'},
    {"attempt-time", required_argument, NULL, 't'},
    {"null-sender", no_argument, NULL, 'n'},
    {"folklore", no_argument, NULL, 'f'},
    {"format", required_argument, NULL, 'F'},
    {NULL, 0, NULL, 0},
};

/* "150" and "2.5" are seconds; "5min" is what it says. */
static bool parse_seconds(sim_time *span, const char *name, const char *text, struct err *err)
{
    double seconds;

    if (number_parse(&seconds, text, err) && seconds < 1e9) {
        *span = (sim_time)(seconds * (double)SIM_SECOND + 0.5);
        return true;
    }
    if (span_parse(span, text, err))
        return true;
    err_within(err, "--%s", name);
    err->status = EX_USAGE;
    return false;
}

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    switch (option) {
    case 'x':
        return parse_seconds(&options->phase, "phase", value, err);
    case 't':
        return parse_seconds(&options->attempt_time, "attempt-time", value, err);
    case 'n':
        options->null_sender = true;
        return true;
    case 'f':
        options->folklore = true;
        return true;
    case 'O':
        options->folder = value;
        return true;
    case 'F':
        return cli_take_format(&options->format, 1u << FORMAT_TEXT | 1u << FORMAT_CSV, value, err);
    default:
        return config_take(&options->config, option, value, err);
    }
}

/* What blogs tell: doubling from minimal_backoff_time, capped nowhere, ended by the lifetime. */
static long folklore_after(const struct postfix_settings *settings, long wait)
{
    if (wait < settings->maximal_backoff_time && 2 * wait > settings->maximal_backoff_time)
        return settings->maximal_backoff_time;
    return 2 * wait;
}

static void print_folklore(const struct postfix_settings *settings, long lifetime)
{
    printf("\nas blogs tell it (wrongly: nothing is doubled, and the lifetime is no attempt)\n ");
    for (long at = settings->minimal_backoff_time; at < lifetime; at = folklore_after(settings, at))
        printf(" %ld", at);
    printf(" %ld\n", lifetime);
}

static void print_age(sim_time at)
{
    long seconds = (long)sim_second(at);

    if (seconds >= 86400)
        printf("%3ld d %02ld:%02ld:%02ld", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60,
               seconds % 60);
    else
        printf("      %02ld:%02ld:%02ld", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static void print_rows(const struct timetable *timetable, const struct timetable_range *range)
{
    printf("attempt    start s       wait s             age    over all phases s\n");
    for (size_t i = 0; i < timetable->count; i++) {
        const struct timetable_row *row = &timetable->rows[i];
        sim_time wait = i == 0 ? 0 : row->start - timetable->rows[i - 1].start;
        printf("%7zu %10.0f %12.0f    ", i + 1, (double)row->start * 1e-6, (double)wait * 1e-6);
        print_age(row->start);
        printf("    %.0f to %.0f\n", (double)range->attempts[i].low * 1e-6,
               (double)range->attempts[i].high * 1e-6);
    }
}

static void print_end(const struct options *options, const struct timetable *timetable,
                      const struct timetable_range *range)
{
    sim_time end = timetable->rows[timetable->count - 1].end;

    if (timetable->warned != SIM_NEVER)
        printf("the sender is told of the delay at %.0f s\n", (double)timetable->warned * 1e-6);
    printf("attempt %zu fails at %.0f s: ", timetable->count, (double)end * 1e-6);
    printf(options->null_sender ? "dropped, nobody is told\n" : "bounced, the sender is told\n");
    printf("over all %lld phases: %zu attempts in %lld, up to %zu; the end at %.0f to %.0f s\n",
           (long long)range->phases, range->fewest, (long long)range->phases_with_fewest,
           range->most, (double)range->end_low * 1e-6, (double)range->end_high * 1e-6);
}

#define COLUMNS "attempt,start_s,end_s,wait_s,outcome,next_s\n"

/* policy: its first cell; NULL: there is no such column. */
static void put_rows(struct output *output, const char *policy, const struct timetable *timetable)
{
    for (size_t i = 0; i < timetable->count; i++) {
        const struct timetable_row *row = &timetable->rows[i];
        const char *outcome = row->next < 0 ? "expired" : "deferred";
        struct csv_row cells = csv_row(output);

        if (policy != NULL)
            csv_text(&cells, policy, strlen(policy));
        csv_number(&cells, i + 1);
        csv_seconds(&cells, row->start);
        csv_seconds(&cells, row->end);
        csv_seconds(&cells, i == 0 ? 0 : row->start - timetable->rows[i - 1].start);
        csv_text(&cells, outcome, strlen(outcome));
        if (row->next >= 0)
            csv_number(&cells, (uint64_t)row->next);
        else
            csv_empty(&cells);
        csv_end(&cells);
    }
}

static void print_text(const struct options *options, const char *policy,
                       const struct postfix_settings *settings, const struct timetable *timetable,
                       const struct timetable_plan *plan)
{
    struct timetable_range range;
    long lifetime =
        options->null_sender ? settings->bounce_queue_lifetime : settings->maximal_queue_lifetime;

    timetable_over_phases(&range, plan);
    if (policy != NULL)
        printf("%s: ", policy);
    printf("scan every %ld s (phase %.0f s), backoff %ld to %ld s, lifetime %ld s\n\n",
           settings->queue_run_delay, (double)options->phase * 1e-6, settings->minimal_backoff_time,
           settings->maximal_backoff_time, lifetime);
    print_rows(timetable, &range);
    print_end(options, timetable, &range);
    if (options->folklore)
        print_folklore(settings, lifetime);
    timetable_range_fini(&range);
}

static struct timetable_plan plan_of(const struct options *options, const struct policy *policy)
{
    return (struct timetable_plan){
        .settings = &policy->settings,
        .scans = scan_clock_at(options->phase, policy->settings.queue_run_delay),
        .attempt_time = options->attempt_time,
        .null_sender = options->null_sender,
    };
}

static void print_policy(const struct options *options, const struct policy *policy)
{
    struct timetable_plan plan = plan_of(options, policy);
    struct timetable timetable = {0};

    timetable_make(&timetable, &plan);
    print_text(options, policy->name, &policy->settings, &timetable, &plan);
    timetable_fini(&timetable);
}

/* named: a first column tells whose row it is. */
static void put_policies(struct output *output, const struct options *options,
                         const struct policies *policies, bool named)
{
    output_print(output, "%s" COLUMNS, named ? "policy," : "");
    for (size_t i = 0; i < policies->count; i++) {
        const struct policy *policy = &policies->list[i];
        struct timetable_plan plan = plan_of(options, policy);
        struct timetable timetable = {0};

        timetable_make(&timetable, &plan);
        put_rows(output, !named ? NULL : policy->name == NULL ? "" : policy->name, &timetable);
        timetable_fini(&timetable);
    }
}

static bool write_file(const struct options *options, const struct policies *policies,
                       struct err *err)
{
    struct output output = {0};
    bool good = options->folder == NULL
                || (output_make_folder(options->folder, err)
                    && output_open(&output, options->folder, "schedule.csv", err));

    if (good && options->folder != NULL) {
        put_policies(&output, options, policies, true);
        good = output_commit(&output, err);
    }
    output_discard(&output);
    return good;
}

static bool print_all(const struct options *options, const struct policies *policies,
                      struct err *err)
{
    if (options->format == FORMAT_CSV) {
        struct output out = cli_output();
        put_policies(&out, options, policies, policies->count > 1);
        return cli_output_end(&out, err);
    }
    for (size_t i = 0; i < policies->count; i++) {
        if (i > 0)
            printf("\n");
        print_policy(options, &policies->list[i]);
    }
    return true;
}

static bool schedule_all(const struct options *options, struct err *err)
{
    struct policies policies = {0};
    bool good = policies_add_named(&policies, &(struct policy_base){&options->config, NULL, NULL},
                                   NULL, err)
                && write_file(options, &policies, err) && print_all(options, &policies, err);

    policies_fini(&policies);
    return good;
}

int cmd_schedule(int argc, char **argv)
{
    static const struct cli_options known = {CONFIG_SHORT "O:", long_options, take_option};
    struct options options = {0};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    if (good && optind < argc)
        good = err_exit(&err, EX_USAGE, "schedule: '%s': no operand was expected", argv[optind]);
    good = good && schedule_all(&options, &err);
    config_options_fini(&options.config);
    return cli_end("schedule", good, &err, EX_CONFIG);
}
