/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/parse.h - a scenario's text, made into libconfuse's sections
 */
#ifndef IO_SCENARIO_PARSE_H
#define IO_SCENARIO_PARSE_H

#include "io/scenario/options.h"
#include "io/scenario/reading.h"

/*
 * The file as one section, for cfg_free(); all that was written is marked. NULL
 * where it fails, with FILE:LINE. Comments in `text` become blanks.
 */
cfg_t *scenario_parse(struct reading *r, struct options *options, char *text);

#endif
