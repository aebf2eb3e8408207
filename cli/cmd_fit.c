/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_fit.c - how long sites stay away, by a log
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "io/fit_files.h"
#include "io/fit_report.h"
#include "io/maillog_set.h"

#define YEAR (365.25 * 86400)

struct options {
    const char *folder;
    const char *const *logs;
    size_t log_count;
    enum format format;
};

static const struct option long_options[] = {
    {"format", required_argument, NULL, 'F'},
    {NULL, 0, NULL, 0},
};

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    if (option == 'F')
        return cli_take_format(
            &options->format, 1u << FORMAT_TEXT | 1u << FORMAT_CSV | 1u << FORMAT_JSON, value, err);
    options->folder = value;
    return true;
}

/* What was read of the logs. */
struct reading {
    const struct options *options;
    struct maillog_totals totals;
    struct episodes episodes;
    struct reconstruction mail;
    struct fit fit;
};

static void take_message(void *user, struct logged_message *message)
{
    struct reading *reading = user;

    episodes_add(&reading->episodes, message);
    reconstruct_add(&reading->mail, message);
    logged_message_free(message);
}

static bool has_messages(const struct reading *reading, struct err *err)
{
    const struct maillog_totals *totals = &reading->totals;
    const char *path = reading->options->logs[0];

    if (totals->postfix_lines == 0)
        return err_exit(err, EX_DATAERR, "%s: no Postfix log lines found among %llu", path,
                        (unsigned long long)(totals->foreign_lines + totals->unstamped_lines));
    return reading->mail.arrival_count > 0
           || err_exit(err, EX_DATAERR,
                       "%s: %llu lines of Postfix, but no message with a dated answer in them "
                       "('postfix/smtp[123]: ID: to=<...>, ..., status=...')",
                       path, (unsigned long long)totals->postfix_lines);
}

/* Clocks that were wrong for a while: no spell lasts a century. */
static bool is_of_one_age(const struct reading *reading, struct err *err)
{
    sim_time span = reading->totals.last - reconstruct_start(&reading->mail);
    double years = (double)span / (double)SIM_SECOND / YEAR, most = LATEST_ARRIVAL / YEAR;

    return years <= most
           || err_exit(err, EX_DATAERR,
                       "%s: from the first message to the last line it is %.0f years, and %.0f are "
                       "the most: is a time stamp wrong?",
                       reading->options->logs[0], years, most);
}

static bool read_logs(struct reading *reading, struct err *err)
{
    const struct options *options = reading->options;
    struct maillog *log = maillog_new((struct maillog_sink){take_message, reading});
    bool good = maillog_set_read(log, options->logs, options->log_count, err);

    maillog_finish(log, &reading->totals);
    return good && has_messages(reading, err);
}

static bool print(const struct reading *reading, struct err *err)
{
    struct fit_report report = {&reading->totals, &reading->episodes, &reading->fit};

    if (reading->options->format == FORMAT_CSV) {
        struct output output = cli_output();
        fit_csv_put_figures(&output, &reading->fit);
        return cli_output_end(&output, err);
    }
    if (reading->options->format == FORMAT_JSON)
        fit_report_json(stdout, &report);
    else
        fit_report_text(stdout, &report);
    return true;
}

static bool fit(struct reading *reading, struct err *err)
{
    const char *folder = reading->options->folder;

    if (!read_logs(reading, err))
        return false;
    reconstruct_ready(&reading->mail);
    if (!is_of_one_age(reading, err))
        return false;
    episodes_ready(&reading->episodes);
    sim_time length = reading->totals.last - reading->totals.first;
    fit_init(&reading->fit, &reading->episodes, (double)length / (double)SIM_SECOND);
    struct fitted_log log = {&reading->fit, &reading->episodes, &reading->mail};
    return (folder == NULL || fit_files_write(folder, &log, err)) && print(reading, err);
}

int cmd_fit(int argc, char **argv)
{
    static const char *const standard_input[] = {"-"};
    static const struct cli_options known = {"O:", long_options, take_option};
    struct options options = {0};
    struct reading reading = {.options = &options};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);
    bool unnamed = optind == argc && cli_has_stdin();

    if (good && optind == argc && !unnamed)
        good = cli_misuse(&err);
    options.logs = unnamed ? standard_input : (const char *const *)(argv + optind);
    options.log_count = unnamed ? 1 : (size_t)(argc - optind);
    episodes_init(&reading.episodes);
    reconstruct_init(&reading.mail);
    good = good && fit(&reading, &err);
    fit_fini(&reading.fit);
    episodes_fini(&reading.episodes);
    reconstruct_fini(&reading.mail);
    return cli_end("fit", good, &err, EX_DATAERR);
}
