/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/truth/replayed.h - a recorded run, by the model
 *
 * Given are arrivals, scans and sites, as run.conf in its folder says.
 */
#ifndef TESTS_TRUTH_REPLAYED_H
#define TESTS_TRUTH_REPLAYED_H

#include "models/observer.h"
#include "models/scenario.h"
#include "tests/truth/recorded.h"

void replayed_read(struct scenario *scenario, const struct recorded_run *run);

/*
 * What a recorded run owes to luck, drawn anew; the scenario is that of the run.
 * Each attempt at a site takes as many times what run.conf says, the median, as
 * one of the recorded attempts there took. And each scan takes all its files at
 * one instant between its recorded start and end: the real one met them one by
 * one, in the course of that.
 */
void replayed_draw(struct scenario *scenario, const struct recorded_run *run, uint64_t seed);

/* The seed is that of the directory's order, and of what is drawn attempt by attempt. */
void replayed_run(const struct scenario *scenario, const struct recorded_run *run, uint64_t seed,
                  struct observer *observer);

#endif
