/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/cure.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"

#define Z95 1.959963984540054 /* of the normal distribution */
#define DROP95 1.920729410347 /* of the log-likelihood: half of chi-squared(0.95; 1) */
#define SHARE_ZERO 1e-4       /* less is none */

/* Beyond these no distribution of spells is meant: its numbers would only lose precision. */
#define LEAST_SHAPE 0.05
#define MOST_SHAPE 12.0

const char *const cure_family_names[] = {"lognormal", "weibull"};
const char *const cure_parameter_names[][CURE_PARAMETERS] = {
    {"never", "median", "sigma"},
    {"never", "scale", "shape"},
};

const char *cure_verdict_text(enum cure_verdict verdict)
{
    static const char *const texts[] = {
        [CURE_FITTED] = "",
        [CURE_NO_SPELLS] = "the log cannot say: there were none",
        [CURE_TOO_FEW] = "the log cannot say: too few recoveries",
        [CURE_EQUAL] = "the log cannot say: all may last equally long",
        [CURE_FLAT] = "the log cannot say: many lengths explain it",
    };

    return texts[verdict];
}

/* ---- the distribution of those that end ---- */

static double standard(const struct cure *cure, double age)
{
    return log(age / cure->value[CURE_SCALE]) / cure->value[CURE_SHAPE];
}

static double power(const struct cure *cure, double age)
{
    return pow(age / cure->value[CURE_SCALE], cure->value[CURE_SHAPE]);
}

/* S0(age). */
static double lasting(const struct cure *cure, double age)
{
    if (age <= 0)
        return 1;
    if (cure->family == CURE_LOGNORMAL)
        return gsl_cdf_ugaussian_Q(standard(cure, age));
    return exp(-power(cure, age));
}

/* S0(from) - S0(until), exact in both tails. */
static double ending(const struct cure *cure, double from, double until)
{
    if (cure->family == CURE_WEIBULL)
        return from <= 0 ? -expm1(-power(cure, until))
                         : lasting(cure, from) * -expm1(power(cure, from) - power(cure, until));
    double low = from <= 0 ? -INFINITY : standard(cure, from), high = standard(cure, until);
    return low > 0 ? gsl_cdf_ugaussian_Q(low) - gsl_cdf_ugaussian_Q(high)
                   : gsl_cdf_ugaussian_P(high) - gsl_cdf_ugaussian_P(low);
}

/* The integral of S0 from 0 to `age`. */
static double lasting_upto(const struct cure *cure, double age)
{
    double scale = cure->value[CURE_SCALE], shape = cure->value[CURE_SHAPE];

    if (age <= 0)
        return 0;
    if (cure->family == CURE_WEIBULL)
        return age * lasting(cure, age)
               + scale * gsl_sf_gamma(1 + 1 / shape)
                     * gsl_cdf_gamma_P(power(cure, age), 1 + 1 / shape, 1);
    return age * lasting(cure, age)
           + scale * exp(shape * shape / 2) * gsl_cdf_ugaussian_P(standard(cure, age) - shape);
}

static double mixed(double share, double of_ending)
{
    return share + (1 - share) * of_ending;
}

double cure_away(const struct cure *cure, double age)
{
    return mixed(cure->value[CURE_SHARE], lasting(cure, age));
}

/* ---- likelihood ---- */

/* The mean of S0(age + u) over u from 0 to `slack`. */
static double mean_lasting(const struct cure *cure, double age, double slack)
{
    if (!(slack > 0))
        return lasting(cure, age);
    return (lasting_upto(cure, age + slack) - lasting_upto(cure, age)) / slack;
}

static double mean_ending(const struct cure *cure, double from, double until, double slack)
{
    if (!(slack > 0))
        return ending(cure, from, until);
    return mean_lasting(cure, from, slack) - mean_lasting(cure, until, slack);
}

static double likelihood(const struct cure *cure, const struct cure_spell *spell)
{
    double share = cure->value[CURE_SHARE], slack = spell->slack;
    double seen = mixed(share, mean_lasting(cure, spell->entered, slack));
    double found = isfinite(spell->recovered)
                       ? (1 - share) * mean_ending(cure, spell->last, spell->recovered, slack)
                       : mixed(share, mean_lasting(cure, spell->last, slack));

    return found / seen;
}

double cure_log_likelihood(const struct cure *cure, const struct cure_spell *spells, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        double one = likelihood(cure, &spells[i]);
        if (!(one > 0))
            return -INFINITY;
        sum += log(one);
    }
    return sum;
}

/* ---- the likeliest ---- */

/* What is to be fitted: parameters are free, or the share is held. */
struct search {
    enum cure_family family;
    const struct cure_spell *spells;
    size_t count;
    bool share_held;
    double share;
};

static double share_of(double logit)
{
    return 1 / (1 + exp(-logit));
}

static double logit_of(double share)
{
    return log(share / (1 - share));
}

/* From logit share (unless that is held), log scale and log shape. */
static struct cure cure_at(const struct search *search, const double *point)
{
    bool held = search->share_held;

    return (struct cure){search->family,
                         {held ? search->share : share_of(point[0]), exp(point[held ? 0 : 1]),
                          exp(point[held ? 1 : 2])}};
}

static bool is_meant(const struct cure *cure)
{
    return cure->value[CURE_SHAPE] > LEAST_SHAPE && cure->value[CURE_SHAPE] < MOST_SHAPE
           && cure->value[CURE_SCALE] > 1e-3 && cure->value[CURE_SCALE] < 1e12;
}

#define UNLIKELY 1e300 /* finite: the simplex must be able to compare it */

/* What the minimiser sees: minus the log-likelihood. */
static double cost(const gsl_vector *at, void *params)
{
    const struct search *search = params;
    struct cure cure = cure_at(search, at->data);
    double sum =
        is_meant(&cure) ? cure_log_likelihood(&cure, search->spells, search->count) : -INFINITY;

    return isfinite(sum) ? -sum : UNLIKELY;
}

/* Walks from `point` to the nearest minimum; returns the log-likelihood there. */
static double descend(struct search *search, double *point, size_t dimensions)
{
    gsl_multimin_function function = {cost, dimensions, search};
    gsl_vector_view start = gsl_vector_view_array(point, dimensions);
    gsl_vector *step = gsl_vector_alloc(dimensions);
    gsl_multimin_fminimizer *simplex =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, dimensions);

    gsl_vector_set_all(step, 0.5);
    gsl_multimin_fminimizer_set(simplex, &function, &start.vector, step);
    for (int i = 0; i < 600; i++) {
        if (gsl_multimin_fminimizer_iterate(simplex) != GSL_SUCCESS
            || gsl_multimin_fminimizer_size(simplex) < 1e-5)
            break;
    }
    gsl_vector_memcpy(&start.vector, simplex->x);
    double found = -simplex->fval;
    gsl_multimin_fminimizer_free(simplex);
    gsl_vector_free(step);
    return found;
}

/* Twice from where the first walk ended: a simplex may have collapsed. */
static double climb(struct search *search, double *point, size_t dimensions)
{
    descend(search, point, dimensions);
    return descend(search, point, dimensions);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Where to begin: the share not seen to end, and the median of the others' middles. */
static size_t guess(const struct search *search, double point[CURE_PARAMETERS])
{
    double *lengths = alloc_zeroed((search->count + 1) * sizeof *lengths);
    size_t ended = 0;

    for (size_t i = 0; i < search->count; i++) {
        const struct cure_spell *spell = &search->spells[i];
        if (isfinite(spell->recovered))
            lengths[ended++] = (spell->last + spell->recovered + spell->slack) / 2;
    }
    if (ended > 0) {
        double share = 1 - (double)ended / (double)search->count;
        qsort(lengths, ended, sizeof *lengths, ascending);
        point[0] = logit_of(fmin(fmax(share / 2, 0.01), 0.95));
        point[1] = log(fmax(lengths[ended / 2], 1));
        point[2] = search->family == CURE_LOGNORMAL ? 0 : log(0.7);
    }
    free(lengths);
    return ended;
}

/* ---- how sure it is ---- */

/* Second differences: of a likelihood of thousands of spells, and of a handful. */
#define STEP 2e-3

static double cost_beside(const struct search *search, const double *point, size_t i, double by_i,
                          size_t j, double by_j)
{
    double beside[CURE_PARAMETERS];
    gsl_vector_view view = gsl_vector_view_array(beside, search->share_held ? 2 : 3);

    for (size_t k = 0; k < view.vector.size; k++)
        beside[k] = point[k];
    beside[i] += by_i;
    beside[j] += by_j;
    return cost(&view.vector, (void *)search);
}

static double curvature(const struct search *search, const double *point, size_t i, size_t j)
{
    return (cost_beside(search, point, i, STEP, j, STEP)
            - cost_beside(search, point, i, STEP, j, -STEP)
            - cost_beside(search, point, i, -STEP, j, STEP)
            + cost_beside(search, point, i, -STEP, j, -STEP))
           / (4 * STEP * STEP);
}

/* Whether the likelihood falls in every direction, by more than the noise of its sums. */
static bool is_peak(const gsl_matrix *curved)
{
    size_t dimensions = curved->size1;
    gsl_eigen_symm_workspace *workspace = gsl_eigen_symm_alloc(dimensions);
    gsl_matrix *copy = gsl_matrix_alloc(dimensions, dimensions);
    gsl_vector *values = gsl_vector_alloc(dimensions);

    gsl_matrix_memcpy(copy, curved);
    gsl_eigen_symm(copy, values, workspace);
    double least = gsl_vector_min(values);
    gsl_vector_free(values);
    gsl_matrix_free(copy);
    gsl_eigen_symm_free(workspace);
    return least > 1e-4;
}

/* More than any number of spells makes: what is not meant lies beside. */
#define MOST_CURVED 1e12

/* The covariance is the inverse of the curvature. Fails where the likelihood has no peak. */
static bool find_covariance(const struct search *search, const double *point,
                            double covariance[CURE_PARAMETERS][CURE_PARAMETERS])
{
    size_t dimensions = search->share_held ? 2 : 3, first = CURE_PARAMETERS - dimensions;
    gsl_matrix *matrix = gsl_matrix_alloc(dimensions, dimensions);

    for (size_t i = 0; i < dimensions; i++) {
        for (size_t j = 0; j < dimensions; j++)
            gsl_matrix_set(matrix, i, j, curvature(search, point, i, j));
    }
    bool good = gsl_matrix_max(matrix) < MOST_CURVED && is_peak(matrix);
    if (good) {
        gsl_linalg_cholesky_decomp1(matrix);
        gsl_linalg_cholesky_invert(matrix);
    }
    for (size_t i = 0; good && i < dimensions; i++) {
        for (size_t j = 0; j < dimensions; j++)
            covariance[first + i][first + j] = gsl_matrix_get(matrix, i, j);
    }
    gsl_matrix_free(matrix);
    return good;
}

/* The greatest share that these spells would not make unlikely, by the profile likelihood. */
static double most_share(const struct search *search, const double *best, double log_likelihood)
{
    double low = 0, high = 1;

    for (int i = 0; i < 20; i++) {
        struct search held = *search;
        double point[] = {best[0], best[1]};
        held.share_held = true;
        held.share = (low + high) / 2;
        if (climb(&held, point, 2) > log_likelihood - DROP95)
            low = held.share;
        else
            high = held.share;
    }
    return high;
}

/* An interval whose ends lie so many decades apart tells nothing. */
#define MOST_SPREAD (Z95 * 2.4) /* about a hundred times more or less */

static void set_intervals(struct cure_fit *fit, const double point[CURE_PARAMETERS])
{
    double spread[CURE_PARAMETERS];

    for (size_t i = 0; i < CURE_PARAMETERS; i++)
        spread[i] = Z95 * sqrt(fit->covariance[i][i]);
    fit->low[CURE_SHARE] = fit->share_at_zero ? 0 : share_of(point[0] - spread[0]);
    if (!fit->share_at_zero)
        fit->high[CURE_SHARE] = share_of(point[0] + spread[0]);
    for (size_t i = CURE_SCALE; i < CURE_PARAMETERS; i++) {
        fit->low[i] = exp(point[i] - spread[i]);
        fit->high[i] = exp(point[i] + spread[i]);
    }
    if (spread[CURE_SCALE] > MOST_SPREAD)
        fit->verdict = CURE_FLAT;
}

/* No spell looks endless: the share is held at zero, and asked how much more it may be. */
static void fit_without_share(struct search *search, double point[CURE_PARAMETERS],
                              struct cure_fit *fit)
{
    search->share_held = true;
    search->share = 0;
    fit->share_at_zero = true;
    fit->log_likelihood = climb(search, point + 1, 2);
    fit->cure = cure_at(search, point + 1);
    fit->high[CURE_SHARE] = most_share(search, point + 1, fit->log_likelihood);
}

/* Why there is no interval: narrower is as likely, or anything is. */
static enum cure_verdict verdict_without_peak(const struct cure *cure)
{
    double shape = cure->value[CURE_SHAPE];
    bool narrow = cure->family == CURE_LOGNORMAL ? shape < 0.2 : shape > 5;

    return narrow ? CURE_EQUAL : CURE_FLAT;
}

struct cure_fit cure_fit(enum cure_family family, const struct cure_spell *spells, size_t count)
{
    struct search search = {.family = family, .spells = spells, .count = count};
    struct cure_fit fit = {.verdict = CURE_FITTED, .cure.family = family};
    double point[CURE_PARAMETERS];
    size_t ended = guess(&search, point);

    if (ended < CURE_FEWEST) {
        fit.verdict = count == 0 ? CURE_NO_SPELLS : CURE_TOO_FEW;
        return fit;
    }
    fit.log_likelihood = climb(&search, point, CURE_PARAMETERS);
    fit.cure = cure_at(&search, point);
    if (fit.cure.value[CURE_SHARE] < SHARE_ZERO)
        fit_without_share(&search, point, &fit);
    fit.aic = 2 * CURE_PARAMETERS - 2 * fit.log_likelihood;
    if (find_covariance(&search, search.share_held ? point + 1 : point, fit.covariance))
        set_intervals(&fit, point);
    else
        fit.verdict = verdict_without_peak(&fit.cure);
    return fit;
}

/* ---- what it says of an age ---- */

static double logit_away(const struct cure_fit *fit, double age, size_t moved, double by)
{
    struct cure cure = fit->cure;

    if (moved == CURE_SHARE)
        cure.value[CURE_SHARE] = share_of(logit_of(cure.value[CURE_SHARE]) + by);
    else
        cure.value[moved] *= exp(by);
    return logit_of(cure_away(&cure, age));
}

void cure_away_interval(const struct cure_fit *fit, double age, double *low, double *high)
{
    REQUIRE(fit->verdict == CURE_FITTED);
    double slope[CURE_PARAMETERS] = {0}, variance = 0;
    double away = cure_away(&fit->cure, age);

    *low = *high = away;
    if (!(away > 0 && away < 1))
        return;
    for (size_t i = fit->share_at_zero ? CURE_SCALE : CURE_SHARE; i < CURE_PARAMETERS; i++)
        slope[i] = (logit_away(fit, age, i, STEP) - logit_away(fit, age, i, -STEP)) / (2 * STEP);
    for (size_t i = 0; i < CURE_PARAMETERS; i++) {
        for (size_t j = 0; j < CURE_PARAMETERS; j++)
            variance += slope[i] * fit->covariance[i][j] * slope[j];
    }
    *low = share_of(logit_of(away) - Z95 * sqrt(variance));
    *high = share_of(logit_of(away) + Z95 * sqrt(variance));
    if (fit->share_at_zero)
        *high = fmax(*high, mixed(fit->high[CURE_SHARE], lasting(&fit->cure, age)));
}
