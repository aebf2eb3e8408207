/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/logs.h - the logs that a command line names
 */
#ifndef CLI_LOGS_H
#define CLI_LOGS_H

#include "cli/cli.h"
#include "io/maillog_set.h"

struct logs {
    const char *const *paths;
    size_t count; /* one at least, once taken */
};

/* The operands that getopt left; none is standard input, unless that is a terminal. */
bool logs_take(struct logs *logs, int argc, char **argv, struct err *err) WARN_UNUSED;

/* Reads them all. Fails with EX_DATAERR, too, if there is no line of Postfix in them. */
bool logs_read(const struct logs *logs, struct maillog_sink sink, struct maillog_totals *totals,
               struct err *err) WARN_UNUSED;

/* The same, with `starts` told of starts and reloads. */
bool logs_read_starts(const struct logs *logs, struct maillog_sink sink,
                      struct maillog_starts starts, struct maillog_totals *totals,
                      struct err *err) WARN_UNUSED;

/* Fails with EX_DATAERR if no message has a dated answer: `arrivals` have one. */
bool logs_have_arrivals(const struct logs *logs, const struct maillog_totals *totals,
                        size_t arrivals, struct err *err) WARN_UNUSED;

/*
 * Fails with EX_DATAERR where clocks were wrong for a while, so that it is a century from the
 * first message to the last line: what is simulated must end before its seconds do.
 */
bool logs_are_of_one_age(const struct logs *logs, sim_time from, sim_time until,
                         struct err *err) WARN_UNUSED;

#endif
