/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "sim/alloc.h"
#include "sim/printable.h"

/* What is quoted may come from a log or a file: it shall do nothing to a terminal. */
static void put_line(const char *text)
{
    for (; *text != '\0'; text++)
        fputc(is_control(*text) ? '?' : *text, stderr);
    fputc('\n', stderr);
}

void cli_say(const char *kind, const char *text)
{
    fprintf(stderr, "tempfail: %s", kind);
    put_line(text);
}

/* The line that a message is about, and a caret under the spot. */
static void show_spot(const struct err *err)
{
    fprintf(stderr, "  ");
    put_line(err->line);
    fprintf(stderr, "  %*s^\n", (int)err->spot, "");
}

void cli_warn(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        cli_say("warning: ", notes->text[i]);
    notes_fini(notes);
}

bool cli_take_format(enum format *format, unsigned accepted, const char *value, struct err *err)
{
    static const char *const names[] = {"text", "csv", "json"};
    char list[40] = "";

    for (int i = 0; i < (int)COUNT_OF(names); i++) {
        if ((accepted & 1u << i) == 0)
            continue;
        if (strcmp(names[i], value) == 0) {
            *format = (enum format)i;
            return true;
        }
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i > 0 ? ", " : "",
                 names[i]);
    }
    return err_exit(err, EX_USAGE, "--format: '%.40s' is none of %s", value, list);
}

struct output cli_output(void)
{
    fflush(stdout);
    return (struct output){.file = STDOUT_FILENO, .buffer = alloc_zeroed(OUTPUT_BUFFER)};
}

bool cli_output_end(struct output *output, struct err *err)
{
    output_flush(output);
    free(output->buffer);
    return output->failure == 0
           || err_exit(err, EX_IOERR, "standard output: %s", strerror(output->failure));
}

bool cli_misuse(struct err *err)
{
    return err_exit(err, EX_USAGE, "%s", "");
}

bool cli_take_count(uint64_t *count, const char *name, const char *value, uint64_t least,
                    uint64_t most, struct err *err)
{
    char *end;

    errno = 0;
    *count = strtoull(value, &end, 10);
    if (value[0] >= '0' && value[0] <= '9' && *end == '\0' && errno == 0 && *count >= least
        && *count <= most)
        return true;
    return err_exit(err, EX_USAGE, "--%s: '%.40s' is no whole number from %llu to %llu", name,
                    value, (unsigned long long)least, (unsigned long long)most);
}

bool cli_take_options(int argc, char **argv, const struct cli_options *known, void *options,
                      struct err *err)
{
    int option;
    bool good = true;

    while (good
           && (option = getopt_long(argc, argv, known->short_names, known->long_names, NULL)) != -1)
        good = option == '?' ? cli_misuse(err) : known->take(options, option, optarg, err);
    return good;
}

int cli_fail(const struct err *err, int status)
{
    cli_say("", err->text);
    if (err->line != NULL)
        show_spot(err);
    return err->status != 0 ? err->status : status;
}

void cli_print_usage(FILE *out, const char *command)
{
    for (const struct command *c = commands; c->name != NULL; c++) {
        if (strcmp(c->name, command) == 0)
            fprintf(out, "usage: tempfail %s %s\n", c->name, c->arguments);
    }
}

int cli_usage(const char *command)
{
    cli_print_usage(stderr, command);
    return EX_USAGE;
}

int cli_end(const char *command, bool good, const struct err *err, int status)
{
    if (good)
        return cli_done();
    return err->text[0] == '\0' ? cli_usage(command) : cli_fail(err, status);
}

bool cli_has_stdin(void)
{
    return isatty(STDIN_FILENO) == 0;
}

int cli_done(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EX_OK;
    fprintf(stderr, "tempfail: standard output: %s\n", strerror(errno));
    return EX_IOERR;
}
