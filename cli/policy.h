/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/policy.h - the settings that hold under each --policy
 */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "cli/config.h"
#include "models/scenario.h"

struct policy {
    char *name; /* to stand in headings and as a folder; NULL: none was named */
    struct main_cf config;
    struct postfix_settings settings;
    struct notes notes; /* that reading them gave, where they are kept */
};

/* Those to compare. Zero is a valid empty set. */
struct policies {
    struct main_cf base; /* what lies below them, read once: it may come through a pipe */
    bool has_base;
    bool keeps_notes; /* for the caller; otherwise they are said as they come up */
    struct policy list[MOST_POLICIES + 1];
    size_t count;
};

/* What lies below every policy: -c, and a scenario's own settings where there is one. */
struct policy_base {
    const struct config_options *options;
    const struct scenario *scenario; /* NULL: none */
    const char *path;                /* of the scenario's file */
};

/*
 * All are read before any is used, so that nothing is run or written where one
 * is at fault. The first adds the base alone, without -o; the second each
 * --policy with -o above it, or -o alone, called `unnamed`, where there is none.
 * Says warnings on stderr, if they are not kept. Fails with EX_CONFIG, EX_NOINPUT or EX_USAGE.
 */
bool policies_add_base(struct policies *policies, const struct policy_base *base, const char *name,
                       struct err *err) WARN_UNUSED;
bool policies_add_named(struct policies *policies, const struct policy_base *base,
                        const char *unnamed, struct err *err) WARN_UNUSED;

/* Makes known to a scenario where mail may go under any of them. Before it is run. */
void policies_route(const struct policies *policies, struct scenario *scenario);

void policies_fini(struct policies *policies);

#endif
