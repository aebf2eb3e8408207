/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replications with figures made up, and what is written of them. For tests alone. */
#ifndef TESTS_IO_EXPERIMENT_BY_HAND_H
#define TESTS_IO_EXPERIMENT_BY_HAND_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "io/output.h"
#include "models/experiment.h"
#include "models/scenario.h"
#include "sim/alloc.h"

static struct output output;
static struct experiment experiment;

static inline void make_figures(void)
{
    output = (struct output){.file = -1, .buffer = alloc_zeroed(OUTPUT_BUFFER)};
    experiment_init(&experiment);
}

static inline void free_figures(void)
{
    free(output.buffer);
    experiment_fini(&experiment);
}

static inline const char *written(void)
{
    output.buffer[output.used] = '\0';
    return output.buffer;
}

/* One run: so many messages, all delivered after so many ms, a scan of 300 attempts. */
static inline void add_run(uint64_t messages, uint64_t delay_ms)
{
    struct results results;

    results_init(&results);
    results.messages = results.recipients = messages;
    results.outcomes[OUTCOME_SENT] = messages;
    results.fates.delivered = messages;
    if (messages > 0)
        histogram_add(&results.delay, delay_ms, messages);
    histogram_add(&results.attempts_per_scan, 300, 1);
    experiment_add(&experiment, &results);
    results_fini(&results);
}

static inline void expect_line(const char *line)
{
    char *whole = alloc_printf("\n%s\n", line);

    cr_expect_not_null(strstr(written(), whole), "no '%s' in\n%s", line, written());
    free(whole);
}

/* Of 7 recipients each is worth 0.1: no whole number, though there is one run only. */
static inline void add_run_with_classes(void)
{
    struct scenario scenario;
    struct results results;

    scenario_init(&scenario);
    scenario_add_class(&scenario, "slow")->value = 0.1;
    results_init(&results);
    classes_begin(&results.classes, &scenario);
    results.classes.list[1].fates.delivered = 7;
    experiment_add(&experiment, &results);
    results_fini(&results);
    scenario_fini(&scenario);
}

#endif
