/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/subject.h"

#include <string.h>

#include "cli/policy.h"
#include "io/input.h"
#include "io/scenario_conf.h"
#include "sim/hash.h"
#include "sim/rng.h"

static bool is_scenario(const char *path)
{
    size_t length = strlen(path);

    return length > 5 && strcmp(path + length - 5, ".conf") == 0;
}

static bool read_scenario(struct subject *subject, int argc, char **argv, struct err *err)
{
    if (optind + 1 != argc)
        return cli_misuse(err);
    if (!scenario_read(&subject->scenario, argv[optind], err))
        return false;
    subject->hash = subject->scenario.hash;
    return true;
}

/* By what was found in it where that is all: standard input is read once. */
static uint64_t hash_of(const struct logs *logs, const struct maillog_totals *totals)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < logs->count; i++)
        hash = rng_mix(hash
                       ^ (strcmp(logs->paths[i], "-") == 0
                              ? hash_more(HASH_EMPTY, totals, sizeof *totals)
                              : input_hash(logs->paths[i])));
    return hash;
}

static bool read_recording(struct subject *subject, const struct logs *logs,
                           const struct postfix_settings *settings, enum recovery recovery,
                           struct err *err)
{
    struct recording recording;
    bool good = recording_read(&recording, logs, settings, recovery, err);

    if (good) {
        reconstruct_scenario(&recording.reconstruction, &recording.plan, &subject->scenario);
        subject->since = recording.totals.first - recording.plan.start;
        subject->hash = hash_of(logs, &recording.totals);
    }
    recording_fini(&recording);
    return good;
}

static bool read_log(struct subject *subject, int argc, char **argv,
                     const struct config_options *config, enum recovery recovery, struct err *err)
{
    struct policies own = {.keeps_notes = true}; /* they are said where it is compared */
    struct policy_base base = {config, NULL, NULL};
    struct logs logs;

    subject->is_log = true;
    bool good = logs_take(&logs, argc, argv, err)
                && policies_add_base(&own, &base, "configured", err)
                && read_recording(subject, &logs, &own.list[0].settings, recovery, err);
    if (good)
        subject->path = logs.paths[0];
    policies_fini(&own);
    return good;
}

bool subject_is_log(int argc, char **argv)
{
    return optind >= argc || !is_scenario(argv[optind]);
}

bool subject_read(struct subject *subject, int argc, char **argv,
                  const struct config_options *config, enum recovery recovery, struct err *err)
{
    *subject = (struct subject){.path = optind < argc ? argv[optind] : "-"};
    return subject_is_log(argc, argv) ? read_log(subject, argc, argv, config, recovery, err)
                                      : read_scenario(subject, argc, argv, err);
}

void subject_fini(struct subject *subject)
{
    scenario_fini(&subject->scenario);
}

const char *subject_remark(const struct subject *subject)
{
    static const char of_log[] =
        "\nOf one log there are no intervals. What it leaves open, when a site came\n"
        "back, has a range in tempfail replay, and --recovery here.\n";

    return subject->is_log ? of_log : "";
}
