/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/operator.h - which operations will have no effect
 */
#ifndef MODELS_MTA_POSTFIX_OPERATOR_H
#define MODELS_MTA_POSTFIX_OPERATOR_H

#include "models/mta/postfix/parameters.h"
#include "models/scenario.h"

/* Notes each operation of the scenario that Postfix would refuse under these settings. */
void postfix_operations_note(const struct scenario *scenario,
                             const struct postfix_settings *settings, struct notes *notes);

#endif
