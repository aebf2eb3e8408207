/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/evidence.h - what is known of a site's answers, row by row
 */
#ifndef MODELS_SITE_EVIDENCE_H
#define MODELS_SITE_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/reply.h"
#include "sim/time.h"

/* What holds for a recipient from one instant to another. Numbers are the scenario's names. */
struct evidence_row {
    uint32_t recipient;   /* NAMES_NONE: everybody */
    bool whole_domain;    /* all of it: `recipient` is its name in lower case, without an @ */
    uint32_t message;     /* its id in the trace; NAMES_NONE: any message, notices too */
    sim_time from, until; /* since the scenario's start; -SIM_NEVER, SIM_NEVER: without end */
    enum smtp_stage stage;
    sim_time took; /* how long an attempt takes to get this answer */
};

/*
 * Adds a row to the settings, `object`, of an evidence. `text` is the answer, which is
 * copied; one that is no reply (reply.h) fails.
 */
bool evidence_add(void *object, const struct evidence_row *row, const char *text,
                  struct err *err) WARN_UNUSED;

#endif
