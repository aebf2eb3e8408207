/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/verdict.h - what a policy does instead of another, in a sentence
 */
#ifndef IO_VERDICT_H
#define IO_VERDICT_H

#include <stdbool.h>
#include <stdio.h>

#include "models/comparison.h"

/* Differences of `policy` to `other`; their intervals are NAN where there is none. */
struct verdict {
    const char *policy, *other;
    bool any_mail;
    struct interval bounced;  /* refused or expired, in percent of all recipients */
    struct interval delay;    /* within which nine in ten have their mail, seconds */
    struct interval bad_news; /* until half of the failures are told, seconds */
    double news, other_news;  /* the same of each; NAN: none is told */
    struct interval attempts; /* in percent of the other's */
};

/* Fewer count as none. */
#define VERDICT_LEAST_PERCENT 0.005
#define VERDICT_LEAST_SECONDS 60.0

/*
 * "one-day instead of stock: 4.1 % more of all recipients bounce (3.8 to 4.3), senders
 * learn of failures 3 d 23 h earlier, 54.1 % fewer attempts (49.7 to 58.5)." An
 * interval with nought in it may be chance, which is said.
 */
void verdict_print(FILE *out, const struct verdict *verdict);

/* "27.5 %"; "0.13 %" */
void verdict_put_share(FILE *out, double count, double all);

/*
 * That recipients still waited at the end, and what that means; begins with the
 * policy's name, if it is not NULL. Nothing, and false, if none did.
 */
bool verdict_print_queued(FILE *out, const char *policy, double queued, double all);

/* Of a point of a comparison and its first, by their first key. */
struct verdict verdict_of(const struct comparison *comparison, size_t point);

#endif
