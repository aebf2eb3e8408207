/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

const struct command commands[] = {
    {"models", cmd_models, "", "what failures, traffic kinds and settings there are"},
    {0},
};
