/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/transports.h - what holds for one transport
 *
 * Most limits are for every transport, and can be set for one:
 * default_destination_rate_delay, slow_destination_rate_delay. Source: Postfix
 * 3.12-20260821, qmgr/qmgr_transport.c: qmgr_transport_create().
 */
#ifndef MODELS_MTA_POSTFIX_TRANSPORTS_H
#define MODELS_MTA_POSTFIX_TRANSPORTS_H

#include "models/mta/postfix/parameters.h"

/* Counts and whole seconds, as in struct postfix_settings, clamped as the queue manager does. */
struct postfix_transport_settings {
    long initial_destination_concurrency;
    long destination_concurrency_limit; /* 0: none */
    long destination_recipient_limit;   /* 0: none */
    struct postfix_feedback positive, negative;
    long failed_cohort_limit; /* 0: a destination is never dead */
    long destination_rate_delay, transport_rate_delay;

    long recipient_limit, extra_recipient_limit;
    long recipient_refill_limit, recipient_refill_delay;
    long delivery_slot_cost, delivery_slot_loan, delivery_slot_discount, minimum_delivery_slots;
};

/* What holds for the transport of that name: its overrides, else what is for all. */
void postfix_transport_settings(struct postfix_transport_settings *of,
                                const struct postfix_settings *settings, const char *transport);

/* The longest name of a parameter, with its NUL, and then some. */
#define POSTFIX_NAME_ROOM (POSTFIX_TRANSPORT_ROOM + 64)

/* Which parameter decides for a transport: smtp_destination_rate_delay, or that of all. */
struct postfix_deciding {
    char name[POSTFIX_NAME_ROOM];
    long value;    /* as it is set; of a feedback 0 */
    long in_force; /* as clamped */
    bool is_own;   /* set for this transport alone: no default, no parameter of all */
};

/* Requires a `tail` of postfix_override_tails. */
struct postfix_deciding postfix_transport_decides(const struct postfix_settings *settings,
                                                  const char *transport, const char *tail);

/* How names of overrides end: "_destination_rate_delay" ...; NULL ends it. */
extern const char *const postfix_override_tails[];

/* What the names of parameters and transports are made of, here. */
#define POSTFIX_NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

/* A parameter of the SMTP server that only looks like an override. */
#define POSTFIX_NO_OVERRIDE "smtpd_recipient_limit"

/*
 * The parameter that `name` overrides for one transport, whose name is put into
 * `transport`, of POSTFIX_TRANSPORT_ROOM. NULL for any other name, those of the
 * table of parameters too, and where the transport's name is too long or has other
 * letters than POSTFIX_NAME_LETTERS.
 */
const struct postfix_parameter *postfix_override_find(const char *name, char *transport);

/*
 * Reads an expanded value of an override, `name` being one. Fails, and notes, as
 * postfix_parameter_set() does; notes, too, a transport that Postfix does not
 * come with.
 */
bool postfix_override_set(struct postfix_settings *settings, const char *name, const char *value,
                          struct notes *notes, struct err *err) WARN_UNUSED;

#endif
