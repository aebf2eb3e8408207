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

#include "models/mta/postfix/transports.h"

/* Bytes of a sentence, its end included. */
#define ADVICE_ROOM 512

enum advice_severity { ADVICE_NOTE, ADVICE_WARNING };

struct advice_transport;

/* A rule is of the settings as a whole, or of what each transport gets of them (transports.h). */
struct advice_rule {
    const char *name; /* NULL ends the table */
    enum advice_severity severity;

    /*
     * Whether there is something to say; then `text` (of ADVICE_ROOM) gets it: the
     * values found, what they will do, what would be better. One line, but for
     * what the settings' own texts hold.
     */
    bool (*holds)(const struct postfix_settings *settings, char *text);
    const char *parameter; /* the first to look at */

    /* Instead of these, of a transport: */
    bool (*holds_for)(const struct advice_transport *of, char *text);
    const char *tails[3]; /* of the parameters that matter (postfix_override_tails) */
};

extern const struct advice_rule advice_rules[];

/* What a rule has to say. */
struct advice {
    const struct advice_rule *rule;
    char parameter[POSTFIX_NAME_ROOM]; /* the first to look at, as it is written in main.cf */
    char text[ADVICE_ROOM];
};

/*
 * Whether the rule has something to say of mail by `transport`, for which
 * something is set, that is not true of all transports; `transport` "" is of these.
 */
bool advice_on(const struct advice_rule *rule, const struct postfix_settings *settings,
               const char *transport, struct advice *advice);

/* Tells all there is to say, in the order of the rules, each fact once. */
typedef void advice_fn(void *user, const struct advice *advice);
void advice_give(const struct postfix_settings *settings, advice_fn *tell, void *user);

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
