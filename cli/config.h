/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/config.h - which settings hold: -c, --policy and -o
 *
 * Weakest first: Postfix's default, -c, a scenario's main_cf, its mta {},
 * --policy, -o.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "io/main_cf.h"

#define MOST_POLICIES 8

/* What was typed; the texts belong to argv. */
struct config_options {
    const char *config; /* -c; NULL: $MAIL_CONFIG, or nothing */
    const char **assignments;
    size_t assignment_count, assignment_room;
    const char *policies[MOST_POLICIES];
    size_t policy_count;
};

void config_options_fini(struct config_options *options);

/* What getopt_long() needs to know of them. */
#define CONFIG_SHORT "c:o:"
#define CONFIG_POLICY                                                                              \
    {                                                                                              \
        "policy", required_argument, NULL, 'p'                                                     \
    }

/*
 * Takes -c, -o or --policy, as getopt_long() found it. Fails with EX_USAGE where
 * there are too many policies, or it is another option.
 */
bool config_take(struct config_options *options, int option, const char *value,
                 struct err *err) WARN_UNUSED;

/* The layer of -c: reads it into `cf`. */
bool config_read_base(const struct config_options *options, struct main_cf *cf, struct notes *notes,
                      struct err *err) WARN_UNUSED;

/*
 * The layers of a policy (NULL: none) and of -o. A policy is the name of a
 * shipped one, the path of a file, or name=value,name=value.
 */
bool config_overlay(const struct config_options *options, const char *policy, struct main_cf *cf,
                    struct notes *notes, struct err *err) WARN_UNUSED;

/* Sets NAME=VALUE; a name that can have no effect is refused with EX_CONFIG. `origin`: "-o". */
bool config_set(struct main_cf *cf, const char *assignment, const char *origin,
                struct err *err) WARN_UNUSED;

/* A short name for a policy, to stand in headings and as a folder; allocated. */
char *config_policy_name(const char *policy);

/* The path of a file that comes with the program, "scenarios/policies/stock.cf"; allocated, or
 * NULL. */
char *config_shipped(const char *relative);

#endif
