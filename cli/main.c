/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli/cli.h"
#include "io/output.h"

/* Nothing half-written is left. */
static void on_interrupt(int number)
{
    output_discard_all();
    _exit(128 + number);
}

/* But for what was to be ignored, as under nohup. */
static void heed_interrupts(void)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};

    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        if (signal(numbers[i], on_interrupt) == SIG_IGN)
            signal(numbers[i], SIG_IGN);
    }
}

static int help(FILE *out, int status)
{
    fprintf(out, "usage: tempfail COMMAND [ARGUMENT...]\n\n");
    for (const struct command *command = commands; command->name != NULL; command++)
        fprintf(out, "  %-10s %s\n", command->name, command->summary);
    return status;
}

static bool asks_for_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

static int run(const struct command *command, int argc, char **argv)
{
    char name[40]; /* getopt() begins its complaints with it */

    if (argc > 1 && asks_for_help(argv[1])) {
        cli_print_usage(stdout, command->name);
        return cli_done();
    }
    snprintf(name, sizeof name, "tempfail %s", command->name);
    argv[0] = name;
    return command->run(argc, argv);
}

int main(int argc, char **argv)
{
    heed_interrupts();
    if (argc < 2)
        return help(stderr, EX_USAGE);
    if (asks_for_help(argv[1])) {
        help(stdout, EX_OK);
        return cli_done();
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("tempfail %s\n", TEMPFAIL_VERSION);
        return cli_done();
    }
    for (const struct command *command = commands; command->name != NULL; command++) {
        if (strcmp(command->name, argv[1]) == 0)
            return run(command, argc - 1, argv + 1);
    }
    fprintf(stderr, "tempfail: '%s': no such command\n", argv[1]);
    return help(stderr, EX_USAGE);
}
