/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/traffic/trace.h - arrivals handed over one by one
 */
#ifndef MODELS_TRAFFIC_TRACE_H
#define MODELS_TRAFFIC_TRACE_H

#include "models/traffic/traffic.h"

/*
 * Adds a recipient of message `label` to the settings of a traffic of kind
 * trace. Rows with the same label are one message; time, sender and size are
 * those of its first row.
 */
void trace_add(void *settings, sim_time at, uint32_t label, uint32_t sender, uint32_t recipient,
               int64_t size_bytes);

/* The message of the last row comes at this place in the directory, if the row is its first. */
void trace_set_scan_order(void *settings, uint32_t scan_order);

#endif
