/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/subject.h - what is compared, swept or tuned: a scenario, or the mail of a log
 */
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include "cli/config.h"
#include "cli/recording.h"
#include "models/scenario.h"

struct subject {
    const char *path; /* of the scenario, or of the first log */
    bool is_log;
    struct scenario scenario;
    const char *recovery; /* of a log (models/recovery.h); NULL: of none */
    sim_time since;       /* what was tried before is not counted: it is not in the log */
    uint64_t hash;        /* of what was read (models/scenario.h, io/maillog.h) */
};

/* By the operands that getopt left. */
bool subject_is_log(int argc, char **argv);

/*
 * The operands that getopt left: one that ends in .conf is a scenario, anything else logs, which
 * were written under what `config` names with -c. Release it, whether it fails or not.
 */
bool subject_read(struct subject *subject, int argc, char **argv,
                  const struct config_options *config, enum recovery recovery,
                  struct err *err) WARN_UNUSED;
void subject_fini(struct subject *subject);

/* What is to be said of the answer, below it: "" or a paragraph. */
const char *subject_remark(const struct subject *subject);

#endif
