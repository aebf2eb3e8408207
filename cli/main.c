/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"

static int help(FILE *out, int status)
{
    fprintf(out, "usage: tempfail COMMAND [ARGUMENT...]\n\n");
    for (const struct command *command = commands; command->name != NULL; command++)
        fprintf(out, "  %-10s %s\n", command->name, command->summary);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return help(stderr, EX_USAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(stdout, cli_done());
    if (strcmp(argv[1], "--version") == 0) {
        printf("tempfail %s\n", TEMPFAIL_VERSION);
        return cli_done();
    }
    for (const struct command *command = commands; command->name != NULL; command++) {
        if (strcmp(command->name, argv[1]) == 0)
            return command->run(argc - 1, argv + 1);
    }
    fprintf(stderr, "tempfail: '%s': no such command\n", argv[1]);
    return help(stderr, EX_USAGE);
}
