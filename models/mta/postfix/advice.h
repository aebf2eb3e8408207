/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/advice.h - settings that will surprise
 *
 * Rules on settings as the queue manager has them, after it adjusted what it
 * adjusts. A warning is of what hardly anyone means; a note is of what people do
 * not expect, or should know. Postfix's defaults break no rule that warns.
 */
#ifndef MODELS_MTA_POSTFIX_ADVICE_H
#define MODELS_MTA_POSTFIX_ADVICE_H

#include "models/mta/postfix/parameters.h"

/* Bytes of a sentence, its end included. */
#define ADVICE_ROOM 512

enum advice_severity { ADVICE_NOTE, ADVICE_WARNING };

struct advice_rule {
    const char *name; /* NULL ends the table */
    enum advice_severity severity;
    const char *parameter; /* the first to look at */

    /*
     * Whether there is something to say; then `text` (of ADVICE_ROOM) gets it: the
     * values found, what they will do, what would be better. One line, but for
     * what the settings' own texts hold.
     */
    bool (*holds)(const struct postfix_settings *settings, char *text);
};

extern const struct advice_rule advice_rules[];

/* Whole seconds, both inclusive. */
struct advice_range {
    long low, high;
};

/*
 * When the first retry comes, over all phases of the scans, after an attempt
 * that fails in the second of arrival.
 */
struct advice_range advice_first_retry(const struct postfix_settings *settings);

/* From one attempt, failing at once, to the next, when a message is left alone for `backoff`. */
long advice_interval(const struct postfix_settings *settings, long backoff);

#endif
