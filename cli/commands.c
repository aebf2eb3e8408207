/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

const struct command commands[] = {
    {"schedule", cmd_schedule,
     "[-c CONFIG] [-o NAME=VALUE]... [--policy P]... [-O DIR] [--phase S]\n"
     "       [--attempt-time S] [--null-sender] [--folklore] [--format text|csv]",
     "the attempts of one message that always gets a 4xx, until it bounces"},
    {"run", cmd_run,
     "SCENARIO [-c CONFIG] [-o NAME=VALUE]... [--policy P]... [-O DIR]\n"
     "       [--seed N] [--replications N] [--bin SPAN] [--maillog FILE]\n"
     "       [--maillog-format traditional|rfc3339|rfc5424] [--snapshot TIME]...\n"
     "       [--fail-if EXPR] [--format text|csv] [-q]",
     "a scenario, in numbers and CSV files"},
    {"replay", cmd_replay,
     "MAILLOG... [-c CONFIG] [-o NAME=VALUE]... [--policy P]... [-O DIR]\n"
     "       [--recovery earliest|middle|latest] [--format text|json] [-q]",
     "a log's mail again, under its own settings and under others"},
    {"compare", cmd_compare,
     "INPUT... [-c CONFIG] [-o NAME=VALUE]... [--policy P]... [-O DIR]\n"
     "       [--seed N] [--replications N] [--precision X%] [--jobs N]\n"
     "       [--recovery earliest|middle|latest] [--fail-if EXPR]\n"
     "       [--format text|csv] [-q]",
     "the same mail, with the same luck, under several policies"},
    {"sweep", cmd_sweep,
     "INPUT... --vary NAME=VALUE,VALUE... [--vary ...]... [-c CONFIG]\n"
     "       [-o NAME=VALUE]... [--policy P] [-O DIR] [--seed N] [--replications N]\n"
     "       [--precision X%] [--jobs N] [--shard I/N]\n"
     "       [--recovery earliest|middle|latest] [--format text|csv] [-q]",
     "a scenario under each of a grid of settings"},
    {"merge", cmd_merge, "DIR... [-O DIR] [--format text|csv]",
     "the parts of a sweep, run apart, as one"},
    {"tune", cmd_tune,
     "INPUT... --vary NAME=VALUE,VALUE... [--vary ...]... --goal EXPR\n"
     "       [--minimise METRIC|--maximise METRIC] [-c CONFIG] [-o NAME=VALUE]...\n"
     "       [--policy P] [--seed N] [--replications N] [--jobs N]\n"
     "       [--recovery earliest|middle|latest] [-q]",
     "the setting that meets a goal at the least cost"},
    {"infer", cmd_infer, "MAILLOG... [-O DIR] [--format text|csv|json]",
     "the settings that explain a log, and what they leave unexplained"},
    {"next", cmd_next,
     "[QUEUE] [-c CONFIG] [-o NAME=VALUE]... [--policy P]...\n"
     "       [--queue-directory DIR] [--phase WHEN] [--now INSTANT]\n"
     "       [--format text|csv|json]",
     "what is to come for the messages that postqueue -j lists"},
    {"fit", cmd_fit, "MAILLOG... [-O DIR] [--format text|csv|json]",
     "how long sites stay away, by a log, and as a scenario"},
    {"check", cmd_check,
     "[CONFIG|SCENARIO] [-c CONFIG] [-o NAME=VALUE]... [--policy P]...\n"
     "       [--fail-on-warning] [--format text|csv|json]",
     "settings that will surprise, and what they will do"},
    {"plot", cmd_plot, "DIR... [-O DIR] [--terminal svg|png|dumb|sixel]",
     "pictures of one run, or of several together"},
    {"report", cmd_report, "DIR... [-O DIR] [--format html|text]",
     "what runs say: a page to put before others, or text"},
    {"models", cmd_models, "", "what failures, traffic kinds and settings there are"},
    {0},
};
