/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/subject.h"

#include <string.h>
#include <sysexits.h>

#include "cli/policy.h"
#include "io/scenario_conf.h"

/* ".conf", and what is behind it where it is compressed. */
static bool is_scenario(const char *path)
{
    static const char *const ends[] = {"",     ".gz",  ".bz2", ".xz", ".lzma",
                                       ".zst", ".lz4", ".lz",  ".Z"};
    const char *conf = NULL;

    for (const char *at = path; (at = strstr(at, ".conf")) != NULL; at += 5)
        conf = at;
    for (size_t i = 0; conf != NULL && conf > path && i < COUNT_OF(ends); i++) {
        if (strcmp(conf + 5, ends[i]) == 0)
            return true;
    }
    return false;
}

static bool read_scenario(struct subject *subject, int argc, char **argv, struct err *err)
{
    if (optind + 1 != argc)
        return err_exit(err, EX_USAGE, "one scenario, or logs: '%.100s' stands behind a scenario",
                        argv[optind + 1]);
    if (!scenario_read(&subject->scenario, argv[optind], err))
        return false;
    subject->hash = subject->scenario.hash;
    return true;
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
        subject->hash = recording.totals.hash;
        subject->recovery = recovery_names[recovery];
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
