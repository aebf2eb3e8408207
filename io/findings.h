/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/findings.h - what there is to say of settings: as lines, CSV or JSON
 */
#ifndef IO_FINDINGS_H
#define IO_FINDINGS_H

#include <stdio.h>

#include "io/output.h"

struct finding {
    const char *policy;    /* whose settings; NULL: there is one only */
    const char *severity;  /* "warning", "note" */
    const char *parameter; /* "" where it is not one of them */
    const char *text;
    const char *rule; /* "" where reading brought it up */
};

/* "POLICY: SEVERITY: TEXT", each on one line: control characters become '?'. */
void findings_text(FILE *out, const struct finding *findings, size_t count);

/* A header and a row each; the column policy is there where `several`. */
void findings_csv(struct output *out, bool several, const struct finding *findings, size_t count);

/* An array of objects. */
void findings_json(FILE *out, const struct finding *findings, size_t count);

#endif
