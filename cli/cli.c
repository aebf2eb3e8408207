/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

void cli_warn(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        fprintf(stderr, "tempfail: warning: %s\n", notes->text[i]);
    notes_fini(notes);
}

int cli_fail(const struct err *err, int status)
{
    fprintf(stderr, "tempfail: %s\n", err->text);
    return err->status != 0 ? err->status : status;
}

int cli_usage(const char *command)
{
    for (const struct command *c = commands; c->name != NULL; c++) {
        if (strcmp(c->name, command) == 0)
            fprintf(stderr, "usage: tempfail %s %s\n", c->name, c->arguments);
    }
    return EX_USAGE;
}

int cli_done(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EX_OK;
    fprintf(stderr, "tempfail: standard output: %s\n", strerror(errno));
    return EX_IOERR;
}
