/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/operations.h - what an operator does, as it is written in mta { }
 */
#ifndef IO_SCENARIO_OPERATIONS_H
#define IO_SCENARIO_OPERATIONS_H

#include "io/scenario/reading.h"
#include "models/operation.h"

/* Of each kind, in the order of enum operation_kind: its settings, and what it is. */
struct operation_form {
    const struct setting *settings; /* of a struct that only operations.c knows */
    const char *summary;
};

extern const struct operation_form operation_forms[OPERATION_COUNT];

#endif
