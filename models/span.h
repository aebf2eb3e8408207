/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/span.h - spans, instants and rates as people write them in a scenario
 */
#ifndef MODELS_SPAN_H
#define MODELS_SPAN_H

#include <stdbool.h>

#include "sim/err.h"
#include "sim/time.h"

/* A number and its unit: "90min", "1.5h", "250ms", "2d"; a bare "0" too. Not negative. */
bool span_parse(sim_time *span, const char *text, struct err *err) WARN_UNUSED;

/* "20/min": how often, per second. */
bool rate_parse(double *per_second, const char *text, struct err *err) WARN_UNUSED;

/* "2026-06-01T00:00Z", "2026-06-01T00:00:00.5Z": microseconds since 1970 UTC. */
bool utc_parse(sim_time *at, const char *text, struct err *err) WARN_UNUSED;

/* A finite number that takes the whole text. */
bool number_parse(double *number, const char *text, struct err *err) WARN_UNUSED;

#endif
