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
 * Makes each attempt at a site take as many times what run.conf says, the
 * median, as one of the recorded attempts there took: drawn, each as likely.
 */
void replayed_draw_times(struct scenario *scenario, const struct recorded_run *run);

/* The seed is that of the directory's order, and of what is drawn. */
void replayed_run(const struct scenario *scenario, const struct recorded_run *run, uint64_t seed,
                  struct observer *observer);

#endif
