/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "io/paths.h"
#include "sim/alloc.h"

void config_options_fini(struct config_options *options)
{
    free(options->assignments);
}

static void add_assignment(struct config_options *options, const char *assignment)
{
    options->assignments = alloc_grow(options->assignments, &options->assignment_room,
                                      options->assignment_count + 1, sizeof *options->assignments);
    options->assignments[options->assignment_count++] = assignment;
}

static bool add_policy(struct config_options *options, const char *policy, struct err *err)
{
    if (options->policy_count == MOST_POLICIES)
        return err_exit(err, EX_USAGE, "--policy: at most %d of them", MOST_POLICIES);
    options->policies[options->policy_count++] = policy;
    return true;
}

bool config_take(struct config_options *options, int option, const char *value, struct err *err)
{
    switch (option) {
    case 'c':
        options->config = value;
        return true;
    case 'o':
        add_assignment(options, value);
        return true;
    case 'p':
        return add_policy(options, value, err);
    default:
        return err_exit(err, EX_USAGE, "no such option");
    }
}

bool config_read_base(const struct config_options *options, struct main_cf *cf, struct notes *notes,
                      struct err *err)
{
    const char *path = options->config != NULL ? options->config : getenv("MAIL_CONFIG");

    return path == NULL || main_cf_read_file(cf, path, notes, err);
}

/* Where the program is: the folder of its file. */
static bool own_folder(char *folder, size_t room)
{
    ssize_t length = readlink("/proc/self/exe", folder, room - 1);

    if (length <= 0)
        return false;
    folder[length] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

char *config_shipped(const char *relative)
{
    char folder[4096];
    static const char *const ways[] = {"/../share/tempfail/", "/../../"};

    for (size_t i = 0; own_folder(folder, sizeof folder) && i < COUNT_OF(ways); i++) {
        char *path = alloc_printf("%s%s%s", folder, ways[i], relative);
        if (access(path, R_OK) == 0)
            return path;
        free(path);
    }
    return NULL;
}

bool config_set(struct main_cf *cf, const char *assignment, const char *origin, struct err *err)
{
    char *name = alloc_text(assignment, strcspn(assignment, "= \t"));
    const char *meant = postfix_parameter_meant(name);
    bool known = main_cf_knows(cf, name);

    if (!known && meant != NULL)
        err_exit(err, EX_CONFIG, "%s: '%s': no such parameter (did you mean '%s'?)", origin, name,
                 meant);
    else if (!known)
        err_exit(err, EX_CONFIG, "%s: '%s': no such parameter ('tempfail models' lists them)",
                 origin, name);
    free(name);
    return known && main_cf_set(cf, assignment, origin, err);
}

/* NAME=VALUE,...; the name of a parameter has no slash, and a file that is there is meant. */
static bool is_inline(const char *policy)
{
    return policy[strcspn(policy, "=/")] == '=' && access(policy, R_OK) != 0;
}

static bool overlay_inline(const char *policy, struct main_cf *cf, struct err *err)
{
    bool good = true;

    for (const char *rest = policy; good && *rest != '\0';) {
        size_t length = strcspn(rest, ",");
        char *assignment = alloc_text(rest, length);
        good = config_set(cf, assignment, "--policy", err);
        free(assignment);
        rest += length + (rest[length] == ',');
    }
    return good;
}

static bool overlay_file(const char *policy, struct main_cf *cf, struct notes *notes,
                         struct err *err)
{
    if (strchr(policy, '/') != NULL || access(policy, R_OK) == 0)
        return main_cf_read_file(cf, policy, notes, err);

    char *relative = alloc_printf("scenarios/policies/%s.cf", policy);
    char *path = config_shipped(relative);
    bool good = path != NULL;
    if (good)
        good = main_cf_read_file(cf, path, notes, err);
    else
        err_exit(err, EX_CONFIG, "--policy %s: no such file, and no shipped policy of that name",
                 policy);
    free(path);
    free(relative);
    return good;
}

bool config_overlay(const struct config_options *options, const char *policy, struct main_cf *cf,
                    struct notes *notes, struct err *err)
{
    bool good = policy == NULL
                || (is_inline(policy) ? overlay_inline(policy, cf, err)
                                      : overlay_file(policy, cf, notes, err));

    for (size_t i = 0; good && i < options->assignment_count; i++)
        good = config_set(cf, options->assignments[i], "-o", err);
    return good;
}

/* A folder's name has an end. */
#define NAME_LONGEST 200

/* The last part of a path, without its ending; of an inline one, what a folder may be called. */
char *config_policy_name(const char *policy)
{
    size_t length = strlen(policy);
    const char *part = is_inline(policy) ? policy : path_last_part(policy, &length);

    if (length > NAME_LONGEST)
        length = NAME_LONGEST;
    char *name = alloc_text(part, length);
    if (length > 3 && strcmp(name + length - 3, ".cf") == 0)
        name[length - 3] = '\0';
    for (char *c = name; *c != '\0'; c++) {
        if (*c == '/')
            *c = '_';
    }
    return name;
}
