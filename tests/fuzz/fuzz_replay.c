/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_replay.c - any bytes as a mail log, replayed
 *
 * The first byte chooses a recovery, and whether there are files. What is read is made into a
 * scenario and run for a while, which checks its own books; its files can be read and are the same
 * scenario; the reports can be printed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/maillog.h"
#include "io/replay_files.h"
#include "io/replay_report.h"
#include "io/scenario_conf.h"
#include "models/mta/postfix/parameters.h"
#include "models/world.h"

/* Long enough for some retries; a stamp that is years off must not make a run take years. */
#define LONGEST_RUN (10 * 86400 * SIM_SECOND)

/* Where the program is started. */
#define FOLDER "replayed"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct replay {
    struct postfix_settings settings;
    struct reconstruction reconstruction;
    struct self_checks checks;
    struct self_check_result check;
    struct maillog_totals totals;
    struct reconstruct_plan plan;
};

static void take_message(void *user, struct logged_message *message)
{
    struct replay *replay = user;

    self_checks_add(&replay->checks, message);
    reconstruct_add(&replay->reconstruction, message);
    logged_message_free(message);
}

static void read_log(struct replay *replay, const char *text, size_t length)
{
    struct maillog *log = maillog_new((struct maillog_sink){take_message, replay});

    postfix_settings_init(&replay->settings);
    reconstruct_init(&replay->reconstruction);
    self_checks_init(&replay->checks, &replay->settings);
    maillog_begin(log, 1790000000 * SIM_SECOND);
    maillog_feed(log, text, length);
    maillog_finish(log, &replay->totals);
    reconstruct_ready(&replay->reconstruction);
    self_checks_finish(&replay->checks, &replay->check);
}

static void run(const struct replay *replay, struct scenario *scenario, struct results *results)
{
    struct observers observers = {0};

    if (scenario->duration > LONGEST_RUN)
        scenario->duration = LONGEST_RUN;
    results_init(results);
    observers_add(&observers, &results->observer);
    world_run(&(struct run){scenario, mta_find("postfix"), &replay->settings, 1, 0, &observers});
}

static void read_files(const struct replay *replay, struct scenario *scenario)
{
    struct main_cf config = {0};
    struct err err = {0};

    EXPECT(replay_files_write(FOLDER, &replay->reconstruction, &replay->plan, &config, &err));
    EXPECT(scenario_read(scenario, FOLDER "/replay.conf", &err));
}

static void print_reports(const struct replay *replay, const struct results *results)
{
    struct replay_column column = {.name = "replayed"};
    struct replay_report report = {&replay->totals, &replay->reconstruction,
                                   &replay->check,  replay->plan.recovery,
                                   &column,         1};
    FILE *out = fopen("/dev/null", "w");

    for (int i = 0; i <= RECOVERY_LATEST; i++)
        column.at[i] = *results;
    EXPECT(out != NULL);
    replay_report_text(out, &report);
    replay_report_json(out, &report);
    fclose(out);
}

/* Texts with control characters are not the same there, and so may be other messages. */
static void run_from_files(const struct replay *replay, const struct results *results)
{
    struct scenario files;
    struct results again;

    read_files(replay, &files);
    run(replay, &files, &again);
    EXPECT(again.messages <= results->messages && again.recipients <= results->recipients);
    results_fini(&again);
    scenario_fini(&files);
}

static void replay_log(const struct replay *replay, bool with_files)
{
    struct scenario memory;
    struct results results;

    reconstruct_scenario(&replay->reconstruction, &replay->plan, &memory);
    run(replay, &memory, &results);
    EXPECT(results.messages <= replay->reconstruction.logged.messages);
    if (with_files)
        run_from_files(replay, &results);
    print_reports(replay, &results);
    results_fini(&results);
    scenario_fini(&memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct replay replay = {0};

    if (size == 0)
        return 0;
    read_log(&replay, (const char *)bytes + 1, size - 1);
    EXPECT(replay.check.on_scan <= replay.check.retries);
    if (replay.reconstruction.arrival_count > 0) {
        replay.plan = (struct reconstruct_plan){
            .recovery = (enum recovery)(bytes[0] % 3),
            .start = reconstruct_start(&replay.reconstruction),
            .end = replay.totals.last + SIM_SECOND,
            .phase_s = replay.check.phase_s,
            .period = replay.settings.queue_run_delay,
        };
        if (replay.plan.end - replay.plan.start <= (sim_time)LATEST_ARRIVAL * SIM_SECOND)
            replay_log(&replay, bytes[0] / 3 % 8 == 0); /* '0', '1' and '2' */
    }
    self_checks_fini(&replay.checks);
    reconstruct_fini(&replay.reconstruction);
    return 0;
}
