/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/transport_table.h - the file of transport(5) that a scenario names
 *
 * Lines of a pattern and TRANSPORT:NEXTHOP; '#' begins a comment line, and a line
 * that begins with a blank goes on with the one before (postmap(1)). Patterns are
 * a domain, .domain for what is below it, and * for all.
 */
#ifndef IO_SCENARIO_TRANSPORT_TABLE_H
#define IO_SCENARIO_TRANSPORT_TABLE_H

#include "io/scenario/reading.h"

/* Reads it into the scenario, if the section names one. */
bool reading_transports(struct reading *r, cfg_t *section);

/* The same from memory, with a NUL behind it, which is spoilt; `name` is the file's, for messages
 * with FILE:LINE. */
bool transport_table_read(struct scenario *scenario, char *text, size_t length, const char *name,
                          struct err *err) WARN_UNUSED;

#endif
