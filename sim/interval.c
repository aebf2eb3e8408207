/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/interval.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "sim/check.h"

struct interval interval_of(const double *values, size_t count, double level)
{
    REQUIRE(count >= 1 && level > 0 && level < 1);
    struct interval it = {gsl_stats_mean(values, 1, count), NAN, NAN};

    if (count < 2)
        return it;
    double error = gsl_stats_sd_m(values, 1, count, it.mean) / sqrt((double)count);
    double t = gsl_cdf_tdist_Pinv((1 + level) / 2, (double)count - 1);
    it.low = it.mean - t * error;
    it.high = it.mean + t * error;
    return it;
}

struct interval interval_scaled(struct interval interval, double by)
{
    struct interval scaled = {interval.mean * by, interval.low * by, interval.high * by};

    if (by < 0)
        scaled = (struct interval){interval.mean * by, interval.high * by, interval.low * by};
    return scaled;
}
