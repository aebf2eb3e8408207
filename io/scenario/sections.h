/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/sections.h - sections as they were parsed, put into a scenario
 */
#ifndef IO_SCENARIO_SECTIONS_H
#define IO_SCENARIO_SECTIONS_H

#include "io/scenario/reading.h"

bool read_mta(struct reading *r, cfg_t *section);
bool read_operations(struct reading *r, cfg_t *section); /* of mta { }, when all traffic is known */
bool read_class(struct reading *r, cfg_t *section);
bool read_traffic(struct reading *r, cfg_t *section); /* when all classes are known */
bool read_site(struct reading *r, cfg_t *section);

#endif
