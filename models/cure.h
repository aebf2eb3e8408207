/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/cure.h - how long spells last, where some never end
 *
 * A share of all spells is for ever; the others last as long as a lognormal or a
 * Weibull distribution says (a cure model: Berkson and Gage, 1952; with
 * intervals and delayed entry: Sun, "The Statistical Analysis of
 * Interval-censored Failure Time Data", 2006). S(t) = share + (1 - share) S0(t).
 *
 * A log tells of a spell that it began within the `slack` before the first
 * failure, at any instant of it as likely, that it was still on when it was
 * `entered` (a spell that was over by then would not have been seen), still on
 * at the `last` failure, and over when it `recovered`. Its likelihood is that of
 * its end being there, given that it was seen: docs/fit.md has the formula.
 */
#ifndef MODELS_CURE_H
#define MODELS_CURE_H

#include <stdbool.h>
#include <stddef.h>

/* In seconds; all but slack are ages since the first failure that is known of. */
struct cure_spell {
    double slack;     /* at least 0; 0: it began at the first failure */
    double entered;   /* at least 0 */
    double last;      /* at least `entered` */
    double recovered; /* more than `last`; INFINITY: not seen */
};

enum cure_family { CURE_LOGNORMAL, CURE_WEIBULL, CURE_FAMILIES };

/* Of a family: never, and its two as they are written in a scenario (models/dist_text.h). */
enum cure_parameter { CURE_SHARE, CURE_SCALE, CURE_SHAPE, CURE_PARAMETERS };

extern const char *const cure_family_names[CURE_FAMILIES];
/* "median" and "sigma", "scale" and "shape". */
extern const char *const cure_parameter_names[CURE_FAMILIES][CURE_PARAMETERS];

/* Share, seconds, pure number. */
struct cure {
    enum cure_family family;
    double value[CURE_PARAMETERS];
};

/* The share of spells that last longer than `age`. */
double cure_away(const struct cure *cure, double age);

/* The logarithm of how likely these spells are; -INFINITY where they cannot be. */
double cure_log_likelihood(const struct cure *cure, const struct cure_spell *spells, size_t count);

/* Fewer recoveries than this say nothing of how long one takes. */
#define CURE_FEWEST 5

enum cure_verdict {
    CURE_FITTED,
    CURE_NO_SPELLS,
    CURE_TOO_FEW, /* recoveries */
    CURE_EQUAL,   /* all may last equally long: how they differ cannot be told */
    CURE_FLAT,    /* other values explain the spells as well: no interval can be told */
};

/* In words, for people: "the log cannot say: ..."; "" for CURE_FITTED. */
const char *cure_verdict_text(enum cure_verdict verdict);

struct cure_fit {
    enum cure_verdict verdict;
    struct cure cure;                                    /* the likeliest; CURE_FITTED only */
    double low[CURE_PARAMETERS], high[CURE_PARAMETERS];  /* 95 % intervals */
    double covariance[CURE_PARAMETERS][CURE_PARAMETERS]; /* logit share, log scale, log shape */
    bool share_at_zero; /* no sign of any that are for ever: `high` is from the likelihood */
    double log_likelihood, aic;
};

/* The likeliest of one family. */
struct cure_fit cure_fit(enum cure_family family, const struct cure_spell *spells, size_t count);

/* The 95 % interval of cure_away() at `age`, by the delta method. Requires CURE_FITTED. */
void cure_away_interval(const struct cure_fit *fit, double age, double *low, double *high);

#endif
