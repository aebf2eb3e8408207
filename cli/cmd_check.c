/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_check.c - settings that will surprise
 */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/policy.h"
#include "io/findings.h"
#include "io/scenario_conf.h"
#include "models/mta/postfix/advice.h"
#include "sim/alloc.h"

#define EXIT_WARNED 1

struct options {
    struct config_options config;
    const char *scenario; /* NULL: none */
    bool fail_on_warning;
    enum format format;
};

static const struct option long_options[] = {
    CONFIG_POLICY,
    {"fail-on-warning", no_argument, NULL, 'w'},
    {"format", required_argument, NULL, 'F'},
    {NULL, 0, NULL, 0},
};

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    switch (option) {
    case 'w':
        options->fail_on_warning = true;
        return true;
    case 'F':
        return cli_take_format(
            &options->format, 1u << FORMAT_TEXT | 1u << FORMAT_CSV | 1u << FORMAT_JSON, value, err);
    default:
        return config_take(&options->config, option, value, err);
    }
}

static bool is_scenario(const char *path)
{
    size_t length = strlen(path);

    return length >= 5 && strcmp(path + length - 5, ".conf") == 0;
}

static bool take_operand(struct options *options, const char *path, struct err *err)
{
    if (is_scenario(path)) {
        options->scenario = path;
        return true;
    }
    if (options->config.config != NULL)
        return err_exit(err, EX_USAGE, "check: '%s': -c %s is there already, and one is enough",
                        path, options->config.config);
    options->config.config = path;
    return true;
}

/* What is neither named nor piped in is Postfix's defaults, where something lies above them. */
static bool go_without_operand(struct options *options, struct err *err)
{
    const struct config_options *config = &options->config;

    if (config->config != NULL || getenv("MAIL_CONFIG") != NULL)
        return true;
    if (cli_has_stdin())
        return take_operand(options, "-", err);
    return config->policy_count + config->assignment_count > 0 || cli_misuse(err);
}

/* ---------------------------------------------------------------- findings */

struct report {
    struct finding *findings; /* owned; their texts are not */
    size_t count, room, warnings;
    struct notes advice; /* texts of findings, and names of parameters */
};

static void add(struct report *report, const struct finding *finding, bool is_warning)
{
    report->findings =
        alloc_grow(report->findings, &report->room, report->count + 1, sizeof *report->findings);
    struct finding *added = &report->findings[report->count++];

    *added = *finding;
    added->severity = is_warning ? "warning" : "note";
    report->warnings += is_warning;
}

/* What Postfix would warn of or adjust, and what it does not read as it was meant. */
static void add_notes(struct report *report, const struct policy *policy)
{
    for (size_t i = 0; i < policy->notes.count; i++)
        add(report, &(struct finding){policy->name, NULL, "", policy->notes.text[i], ""}, true);
}

struct advised {
    struct report *report;
    const struct policy *policy;
};

static const char *keep(struct report *report, const char *text)
{
    notes_add(&report->advice, "%s", text);
    return report->advice.text[report->advice.count - 1];
}

static void add_one(void *user, const struct advice *advice)
{
    const struct advised *advised = user;
    struct report *report = advised->report;
    const char *parameter = keep(report, advice->parameter), *text = keep(report, advice->text);

    add(report, &(struct finding){advised->policy->name, NULL, parameter, text, advice->rule->name},
        advice->rule->severity == ADVICE_WARNING);
}

static void add_advice(struct report *report, const struct policy *policy)
{
    advice_give(&policy->settings, add_one, &(struct advised){report, policy});
}

static bool print_csv(const struct report *report, bool several, struct err *err)
{
    struct output out = cli_output();

    findings_csv(&out, several, report->findings, report->count);
    return cli_output_end(&out, err);
}

static bool print(const struct options *options, const struct report *report, bool several,
                  struct err *err)
{
    if (options->format == FORMAT_CSV)
        return print_csv(report, several, err);
    if (options->format == FORMAT_JSON)
        findings_json(stdout, report->findings, report->count);
    else
        findings_text(stdout, report->findings, report->count);
    return true;
}

/* Whether all could be read and told; `*warned`, whether it was to be without a warning, and was
 * not. */
static bool check_settings(const struct options *options, const struct scenario *scenario,
                           bool *warned, struct err *err)
{
    struct policies policies = {.keeps_notes = true};
    struct policy_base base = {&options->config, scenario, options->scenario};
    struct report report = {0};
    bool good = policies_add_named(&policies, &base, NULL, err);

    for (size_t i = 0; good && i < policies.count; i++) {
        add_notes(&report, &policies.list[i]);
        add_advice(&report, &policies.list[i]);
    }
    good = good && print(options, &report, policies.count > 1, err);
    *warned = options->fail_on_warning && report.warnings > 0;
    free(report.findings);
    notes_fini(&report.advice);
    policies_fini(&policies);
    return good;
}

static bool check(const struct options *options, bool *warned, struct err *err)
{
    struct scenario scenario;

    if (options->scenario == NULL)
        return check_settings(options, NULL, warned, err);
    if (!scenario_read(&scenario, options->scenario, err))
        return false;
    bool good = check_settings(options, &scenario, warned, err);
    scenario_fini(&scenario);
    return good;
}

int cmd_check(int argc, char **argv)
{
    static const struct cli_options known = {CONFIG_SHORT, long_options, take_option};
    struct options options = {0};
    struct err err = {0};
    bool warned = false;
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    if (good && optind + 1 < argc)
        good = cli_misuse(&err);
    if (good)
        good = optind < argc ? take_operand(&options, argv[optind], &err)
                             : go_without_operand(&options, &err);
    good = good && check(&options, &warned, &err);
    config_options_fini(&options.config);
    int status = cli_end("check", good, &err, EX_DATAERR);
    return status == EX_OK && warned ? EXIT_WARNED : status;
}
