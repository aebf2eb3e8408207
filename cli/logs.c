/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/logs.h"

#include <sysexits.h>
#include <unistd.h>

#include "models/traffic/traffic.h"

#define YEAR (365.25 * 86400)

bool logs_take(struct logs *logs, int argc, char **argv, struct err *err)
{
    static const char *const standard_input[] = {"-"};
    bool unnamed = optind == argc;

    if (unnamed && !cli_has_stdin())
        return cli_misuse(err);
    logs->paths = unnamed ? standard_input : (const char *const *)(argv + optind);
    logs->count = unnamed ? 1 : (size_t)(argc - optind);
    return true;
}

bool logs_read(const struct logs *logs, struct maillog_sink sink, struct maillog_totals *totals,
               struct err *err)
{
    return logs_read_starts(logs, sink, (struct maillog_starts){0}, totals, err);
}

bool logs_read_starts(const struct logs *logs, struct maillog_sink sink,
                      struct maillog_starts starts, struct maillog_totals *totals, struct err *err)
{
    struct maillog *log = maillog_new(sink);

    maillog_tell_starts(log, starts);
    bool good = maillog_set_read(log, logs->paths, logs->count, err);

    maillog_finish(log, totals);
    if (!good || totals->postfix_lines > 0)
        return good;
    return err_exit(err, EX_DATAERR,
                    "%s: no Postfix log lines found among %llu; one looks like 'Jun  1 12:00:00 "
                    "host postfix/qmgr[123]: ...'",
                    logs->paths[0],
                    (unsigned long long)(totals->foreign_lines + totals->unstamped_lines));
}

bool logs_have_arrivals(const struct logs *logs, const struct maillog_totals *totals,
                        size_t arrivals, struct err *err)
{
    return arrivals > 0
           || err_exit(err, EX_DATAERR,
                       "%s: %llu lines of Postfix, but no message with a dated answer in them "
                       "('postfix/smtp[123]: ID: to=<...>, ..., status=...')",
                       logs->paths[0], (unsigned long long)totals->postfix_lines);
}

bool logs_are_of_one_age(const struct logs *logs, sim_time from, sim_time until, struct err *err)
{
    double span = (double)(until - from) / (double)SIM_SECOND;

    return span <= LATEST_ARRIVAL
           || err_exit(err, EX_DATAERR,
                       "%s: from the first message to the last line it is %.0f years, and %.0f are "
                       "the most: is a time stamp wrong?",
                       logs->paths[0], span / YEAR, LATEST_ARRIVAL / YEAR);
}
