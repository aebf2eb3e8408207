/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cli.h - the subcommands and what they share
 *
 * Only this layer prints to people, reads argv, or picks an exit status
 * (sysexits.h; docs/tempfail.1 lists them).
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>

#include "io/output.h"
#include "sim/err.h"
#include "sim/notes.h"

struct command {
    const char *name; /* NULL ends the table */
    int (*run)(int argc, char **argv);
    const char *arguments;
    const char *summary;
};

extern const struct command commands[];

int cmd_check(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_fit(int argc, char **argv);
int cmd_infer(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_models(int argc, char **argv);
int cmd_next(int argc, char **argv);
int cmd_plot(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_schedule(int argc, char **argv);
int cmd_sweep(int argc, char **argv);
int cmd_tune(int argc, char **argv);

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

/* Reads the value of --format; `accepted` is a set of 1 << FORMAT_..., FORMAT_TEXT among them. */
bool cli_take_format(enum format *format, unsigned accepted, const char *value,
                     struct err *err) WARN_UNUSED;

/* Reads the value of an option: a whole number from `least` to `most`. */
bool cli_take_count(uint64_t *count, const char *name, const char *value, uint64_t least,
                    uint64_t most, struct err *err) WARN_UNUSED;

/* The options of a subcommand, as getopt_long() takes them. */
struct cli_options {
    const char *short_names;
    const struct option *long_names;
    bool (*take)(void *options, int option, char *value, struct err *err);
};

/*
 * Has each option taken; the operands begin at `optind`. Fails where take() does,
 * and by cli_misuse() at one that there is not.
 */
bool cli_take_options(int argc, char **argv, const struct cli_options *known, void *options,
                      struct err *err) WARN_UNUSED;

/* Whether an input that is not named is to come from the standard input: it is no terminal. */
bool cli_has_stdin(void);

/* Says "tempfail: warning: ..." for each note on stderr, and forgets them. */
void cli_warn(struct notes *notes);

/* Says "tempfail: KIND TEXT" on stderr, in one line whatever is in the text; KIND ends in a blank
 * or is empty. */
void cli_say(const char *kind, const char *text);

/*
 * Says "tempfail: ..." on stderr, with the line that it is about and a caret under the spot, if
 * there is one. Returns err->status, or `status` if that is 0.
 */
int cli_fail(const struct err *err, int status);

/* Says how `command` is called. */
void cli_print_usage(FILE *out, const char *command);

/* The same on stderr. Returns EX_USAGE. */
int cli_usage(const char *command);

/*
 * Standard output, for rows of CSV; what was printed before comes before them. cli_output_end()
 * says whether all could be written.
 */
struct output cli_output(void);
bool cli_output_end(struct output *output, struct err *err) WARN_UNUSED;

/* Fails so that cli_end() says how the command is called. Returns false. */
bool cli_misuse(struct err *err);

/*
 * What is left to do and say when `command` is through: cli_done(), cli_usage(), or cli_fail() with
 * `status`. Returns the exit status.
 */
int cli_end(const char *command, bool good, const struct err *err, int status);

/* Flushes stdout. Returns EX_OK, or says why and returns EX_IOERR. */
int cli_done(void);

#endif
