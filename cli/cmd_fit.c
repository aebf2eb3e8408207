/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_fit.c - how long sites stay away, by a log
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/logs.h"
#include "io/fit_files.h"
#include "io/fit_report.h"

struct options {
    const char *folder;
    struct logs logs;
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

static bool read_logs(struct reading *reading, struct err *err)
{
    const struct logs *logs = &reading->options->logs;

    return logs_read(logs, (struct maillog_sink){take_message, reading}, &reading->totals, err)
           && logs_have_arrivals(logs, &reading->totals, reading->mail.arrival_count, err);
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
    if (!logs_are_of_one_age(&reading->options->logs, reconstruct_start(&reading->mail),
                             reading->totals.last, err))
        return false;
    episodes_ready(&reading->episodes);
    sim_time length = reading->totals.last - reading->totals.first;
    fit_init(&reading->fit, &reading->episodes, (double)length / (double)SIM_SECOND);
    struct fitted_log log = {&reading->fit, &reading->episodes, &reading->mail};
    return (folder == NULL || fit_files_write(folder, &log, err)) && print(reading, err);
}

int cmd_fit(int argc, char **argv)
{
    static const struct cli_options known = {"O:", long_options, take_option};
    struct options options = {0};
    struct reading reading = {.options = &options};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    episodes_init(&reading.episodes);
    reconstruct_init(&reading.mail);
    good = good && logs_take(&options.logs, argc, argv, &err) && fit(&reading, &err);
    fit_fini(&reading.fit);
    episodes_fini(&reading.episodes);
    reconstruct_fini(&reading.mail);
    return cli_end("fit", good, &err, EX_DATAERR);
}
