/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/trial_options.h - what compare, sweep and tune are asked alike: which trials are run
 */
#ifndef CLI_TRIAL_OPTIONS_H
#define CLI_TRIAL_OPTIONS_H

#include "cli/subject.h"
#include "models/comparison.h"

struct trial_options {
    struct config_options config;
    enum recovery recovery;
    bool has_seed, quiet;
    uint64_t seed, replications, jobs; /* 0: not said */
    double precision;    /* half of an interval, as a fraction of recipients; 0: not asked for */
    bool precise_shares; /* ... of each share given up; else of its difference to the first */
};

/* What getopt_long() needs to know of them; --precision is for those that can stop early. */
#define TRIAL_SHORT CONFIG_SHORT "q"
#define TRIAL_OPTIONS                                                                              \
    CONFIG_POLICY, {"seed", required_argument, NULL, 's'},                                         \
        {"replications", required_argument, NULL, 'r'}, {"jobs", required_argument, NULL, 'j'},    \
    {                                                                                              \
        "recovery", required_argument, NULL, 'R'                                                   \
    }
#define TRIAL_PRECISION                                                                            \
    {                                                                                              \
        "precision", required_argument, NULL, 'P'                                                  \
    }

/* Takes one of them, as getopt_long() found it. Fails with EX_USAGE. */
bool trial_options_take(struct trial_options *options, int option, const char *value,
                        struct err *err) WARN_UNUSED;
void trial_options_fini(struct trial_options *options);

/* subject_read(), of what these options fit. Fails with EX_USAGE where a log is to have intervals.
 */
bool trial_options_read_subject(const struct trial_options *options, struct subject *subject,
                                int argc, char **argv, struct err *err) WARN_UNUSED;

unsigned trial_options_threads(const struct trial_options *options);

/* Replications at most: those that were asked for; else what the precision may need; else `usual`,
 * of a log one. */
uint64_t trial_options_replications(const struct trial_options *options,
                                    const struct subject *subject, uint64_t usual);

/*
 * Whether what was found is precise enough to stop: no 95 % interval of what is to be precise
 * reaches further. This is the sequential rule of Chow and Robbins (1965); where all replications
 * are alike, which has no width, there are to be 3 / precision of them. It is looked at after whole
 * rounds only, so that the answer does not hang on threads, and so that the first few do not end it
 * by chance. Never, if no precision was asked for.
 */
bool is_precise(const struct trial_options *options, const struct comparison *comparison);

/* Says so where a precision was asked for and is not reached. */
void trial_options_warn(const struct trial_options *options, const struct comparison *comparison);

#endif
