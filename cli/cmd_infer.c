/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_infer.c - the settings that a log was written under
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/logs.h"
#include "io/gaps_csv.h"
#include "io/infer_report.h"
#include "sim/alloc.h"

#define FORMATS (1u << FORMAT_TEXT | 1u << FORMAT_CSV | 1u << FORMAT_JSON)

static const struct option long_options[] = {
    {"format", required_argument, NULL, 'F'},
    {NULL, 0, NULL, 0},
};

struct options {
    const char *folder; /* of gaps.csv; NULL: not written */
    struct logs logs;
    enum format format;
};

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    if (option == 'O') {
        options->folder = value;
        return true;
    }
    return cli_take_format(&options->format, FORMATS, value, err);
}

static void take_message(void *user, struct logged_message *message)
{
    infers_add(user, message);
    logged_message_free(message);
}

static void take_start(void *user, const struct logged_start *start)
{
    infers_start(user, start);
}

static int by_retries(const void *a, const void *b)
{
    const struct infer_server *x = a, *y = b;

    if (x->result.retries != y->result.retries)
        return x->result.retries > y->result.retries ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* All that have retries, and one at least. */
static struct infer_report report_on(struct infers *infers, const struct maillog_totals *totals)
{
    struct infer_server *servers = alloc_zeroed((infers->count + 1) * sizeof *servers);
    size_t count = 0;

    for (size_t i = 0; i < infers->count; i++) {
        servers[i].name = names_text(&infers->servers, (uint32_t)i);
        servers[i].retries = &infers->list[i].retries;
        infer_finish(&infers->list[i], &servers[i].result);
        count += servers[i].result.retries > 0;
    }
    qsort(servers, infers->count, sizeof *servers, by_retries);
    return (struct infer_report){totals, servers, count > 0 ? count : 1};
}

static bool print_report(const struct infer_report *report, enum format format, struct err *err)
{
    if (format == FORMAT_CSV) {
        struct output out = cli_output();
        infer_report_csv(&out, report);
        return cli_output_end(&out, err);
    }
    if (format == FORMAT_JSON)
        infer_report_json(stdout, report);
    else
        infer_report_text(stdout, report);
    return true;
}

static bool infer(const struct options *options, struct err *err)
{
    struct maillog_totals totals;
    struct infers infers = {0};
    bool good = logs_read_starts(&options->logs, (struct maillog_sink){take_message, &infers},
                                 (struct maillog_starts){take_start, &infers}, &totals, err);

    if (good && totals.messages == 0)
        good = err_exit(err, EX_DATAERR, "%s: %llu lines of Postfix, but no message in them",
                        options->logs.paths[0], (unsigned long long)totals.postfix_lines);
    if (good) {
        struct infer_report report = report_on(&infers, &totals);
        good = (options->folder == NULL || gaps_csv_write(options->folder, &report, err))
               && print_report(&report, options->format, err);
        for (size_t i = 0; i < infers.count; i++)
            infer_result_fini(&report.servers[i].result);
        free(report.servers);
    }
    infers_fini(&infers);
    return good;
}

int cmd_infer(int argc, char **argv)
{
    static const struct cli_options known = {"O:", long_options, take_option};
    struct options options = {0};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    good = good && logs_take(&options.logs, argc, argv, &err) && infer(&options, &err);
    return cli_end("infer", good, &err, EX_DATAERR);
}
