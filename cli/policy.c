/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/policy.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "models/mta/postfix/operator.h"
#include "models/mta/postfix/routes.h"
#include "sim/alloc.h"

static bool read_scenario(struct main_cf *config, const struct policy_base *base,
                          struct notes *notes, struct err *err)
{
    const struct scenario *scenario = base->scenario;

    if (scenario->main_cf != NULL && !main_cf_read_file(config, scenario->main_cf, notes, err))
        return false;
    for (size_t i = 0; i < scenario->assignment_count; i++) {
        const struct assignment *a = &scenario->assignments[i];
        char *origin = alloc_printf("%s:%d", base->path, a->line);
        main_cf_set_value(config, a->name, a->value, origin);
        free(origin);
    }
    return true;
}

/* Gives `config` the base, which is read when it is first wanted. */
static bool take_base(struct policies *policies, struct main_cf *config,
                      const struct policy_base *base, struct notes *notes, struct err *err)
{
    if (!policies->has_base) {
        if (!config_read_base(base->options, &policies->base, notes, err))
            return false;
        if (base->scenario != NULL && !read_scenario(&policies->base, base, notes, err))
            return false;
        policies->has_base = true;
    }
    main_cf_copy(config, &policies->base);
    return true;
}

/* Two of one name could not be told apart, in headings and as folders; some names are no folders.
 */
static bool is_fit(const struct policies *policies, const struct policy *policy, struct err *err)
{
    const char *name = policy->name;

    if (name != NULL && (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0))
        return err_exit(err, EX_USAGE,
                        "--policy: '%s' is no name: a file or NAME=VALUE was expected", name);
    for (size_t i = 0; i < policies->count; i++) {
        const char *other = policies->list[i].name;
        if (other != NULL && policy->name != NULL && strcmp(other, policy->name) == 0)
            return err_exit(err, EX_USAGE, "--policy: there is a '%s' already", other);
    }
    return true;
}

/* Where reading failed they are said all the same, before the reason. */
static void keep_or_say(const struct policies *policies, struct policy *policy, bool good,
                        struct notes *notes)
{
    if (good && policies->keeps_notes)
        policy->notes = *notes;
    else
        cli_warn(notes);
}

/* Reads the settings, tells of them, and takes the policy in, good or not: it is freed there. */
static bool add(struct policies *policies, const struct policy_base *base,
                const struct policy *policy, bool good, struct notes *notes, struct err *err)
{
    good = good && is_fit(policies, policy, err);
    struct policy *added = &policies->list[policies->count++];

    *added = *policy;
    good = good && main_cf_settings(&added->config, &added->settings, notes, err);
    if (good && base->scenario != NULL)
        postfix_operations_note(base->scenario, &added->settings, notes);
    keep_or_say(policies, added, good, notes);
    return good;
}

bool policies_add_base(struct policies *policies, const struct policy_base *base, const char *name,
                       struct err *err)
{
    struct policy policy = {.name = alloc_text(name, strlen(name))};
    struct notes notes = {0};
    bool good = take_base(policies, &policy.config, base, &notes, err);

    return add(policies, base, &policy, good, &notes, err);
}

static bool add_one(struct policies *policies, const struct policy_base *base, const char *named,
                    char *name, struct err *err)
{
    struct policy policy = {.name = name};
    struct notes notes = {0};
    bool good = take_base(policies, &policy.config, base, &notes, err)
                && config_overlay(base->options, named, &policy.config, &notes, err);

    return add(policies, base, &policy, good, &notes, err);
}

bool policies_add_named(struct policies *policies, const struct policy_base *base,
                        const char *unnamed, struct err *err)
{
    const struct config_options *options = base->options;
    bool good = true;

    if (options->policy_count == 0)
        return add_one(policies, base, NULL,
                       unnamed == NULL ? NULL : alloc_text(unnamed, strlen(unnamed)), err);
    for (size_t i = 0; good && i < options->policy_count; i++) {
        const char *named = options->policies[i];
        good = add_one(policies, base, named, config_policy_name(named), err);
    }
    return good;
}

void policies_route(const struct policies *policies, struct scenario *scenario)
{
    for (size_t i = 0; i < policies->count; i++)
        postfix_routes_ready(scenario, &policies->list[i].settings);
}

void policies_fini(struct policies *policies)
{
    main_cf_fini(&policies->base);
    for (size_t i = 0; i < policies->count; i++) {
        free(policies->list[i].name);
        main_cf_fini(&policies->list[i].config);
        notes_fini(&policies->list[i].notes);
    }
}
