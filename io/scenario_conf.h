/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario_conf.h - scenario files, read by libconfuse
 *
 * The language: docs/tempfail.1. What sections hold is taken from the tables of
 * models/, so a new failure or kind of traffic needs no line here.
 */
#ifndef IO_SCENARIO_CONF_H
#define IO_SCENARIO_CONF_H

#include "models/scenario.h"

/*
 * Reads a file into `scenario`, which is then ready; the files it names are
 * relative to it. Fails with FILE:LINE, what was found and what would be
 * accepted; there is then nothing to release. Not for two threads at once:
 * libconfuse's scanner is one for all.
 */
bool scenario_read(struct scenario *scenario, const char *path, struct err *err) WARN_UNUSED;

/* The same from memory; `path` is for messages and for the files it names. */
bool scenario_read_text(struct scenario *scenario, const char *text, size_t length,
                        const char *path, struct err *err) WARN_UNUSED;

#endif
