/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/next_report.h - what is to come for a queue: as text, CSV or JSON
 *
 * Messages are put as they come; the text has those that are most urgent only,
 * and all is in CSV and JSON, a row a message and policy. Spans are whole
 * seconds from now; what does not apply is empty, or null.
 */
#ifndef IO_NEXT_REPORT_H
#define IO_NEXT_REPORT_H

#include <stdio.h>

#include "io/output.h"
#include "io/postqueue_reader.h"
#include "models/mta/postfix/outlook.h"

/* A message under one policy. */
struct next_row {
    const struct queue_entry *entry;
    const struct outlook_policy *policy;
    const struct forecast *forecast;
};

void next_csv_begin(struct output *out);
void next_csv_put(struct output *out, const struct next_row *row);

/* {"now": ..., "messages": [ ... ], "policies": [ ... ]}; the last once all messages are put. */
void next_json_begin(struct output *out, int64_t now);
void next_json_put(struct output *out, const struct next_row *row, bool first);
void next_json_end(struct output *out, const struct outlook *outlook);

/* Ranked. Fits 80 columns but for long names of policies. */
void next_text(FILE *out, const struct outlook *outlook);

/* The domain of an address, in lower case; "(local)" where it has none, "(unknown)" of "". Longer
 * ones are cut. Returns `text`. */
#define NEXT_DESTINATION_ROOM 256
const char *next_destination(const char *address, char text[NEXT_DESTINATION_ROOM]);

#endif
