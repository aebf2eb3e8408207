/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/dist_text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

#define HOUR 3600e6

static struct dist parsed(const char *text)
{
    struct dist dist;
    struct err err = {0};

    cr_assert(dist_parse(&dist, text, NULL, &err), "%s: %s", text, err.text);
    return dist;
}

/* Its kind and two figures. */
static void expect_dist(const char *text, enum dist_kind kind, double a, double b)
{
    struct dist dist = parsed(text);

    cr_expect_eq(dist.kind, kind, "%s", text);
    cr_expect_float_eq(dist.a, a, 1e-6, "%s: a = %g", text, dist.a);
    cr_expect_float_eq(dist.b, b, 1e-9, "%s: b = %g", text, dist.b);
    dist_fini(&dist);
}

Test(dist_text, a_span_is_a_constant)
{
    expect_dist("200ms", DIST_CONSTANT, 200e3, 0);
    expect_dist("0", DIST_CONSTANT, 0, 0);
    expect_dist("1.5h", DIST_CONSTANT, 1.5 * HOUR, 0);
}

Test(dist_text, never_is_a_word)
{
    expect_dist("never", DIST_NEVER, 0, 0);
}

Test(dist_text, has_the_forms_of_the_scenario_language)
{
    expect_dist("exponential(1h)", DIST_EXPONENTIAL, HOUR, 0);
    expect_dist("lognormal(200ms, 0.5)", DIST_LOGNORMAL, 200e3, 0.5);
    expect_dist("weibull(1h, 2)", DIST_WEIBULL, HOUR, 2);
    expect_dist("pareto(1s, 1.5)", DIST_PARETO, 1e6, 1.5);
    expect_dist("uniform(1min, 1h)", DIST_UNIFORM, 60e6, HOUR);
}

Test(dist_text, blanks_around_arguments_do_not_matter)
{
    expect_dist("lognormal(  200ms ,0.5\t)", DIST_LOGNORMAL, 200e3, 0.5);
}

Test(dist_text, a_uniform_may_be_a_point_or_begin_at_0)
{
    expect_dist("uniform(0, 1h)", DIST_UNIFORM, 0, HOUR);
    expect_dist("uniform(1h, 1h)", DIST_UNIFORM, HOUR, HOUR);
    expect_dist("uniform(0, 0)", DIST_UNIFORM, 0, 0);
}

Test(dist_text, is_prepared_for_drawing)
{
    struct dist dist = parsed("mixture(1: never, 1: exponential(1h))");

    cr_expect_not_null(dist.parts[1].table);
    dist_fini(&dist);
}

Test(dist_text, a_mixture_has_weighted_parts)
{
    struct dist dist = parsed("mixture(0.6: never, 0.4: lognormal(1h, 1.9))");

    cr_expect_eq(dist.kind, DIST_MIXTURE);
    cr_assert_eq(dist.count, 2);
    cr_expect_eq(dist.weights[0], 0.6);
    cr_expect_eq(dist.weights[1], 0.4);
    cr_expect_eq(dist.parts[0].kind, DIST_NEVER);
    cr_expect_eq(dist.parts[1].kind, DIST_LOGNORMAL);
    cr_expect_eq(dist.parts[1].a, HOUR);
    cr_expect_eq(dist.parts[1].b, 1.9);
    dist_fini(&dist);
}

Test(dist_text, a_mixture_may_hold_a_mixture)
{
    struct dist dist = parsed("mixture(1: 1s, 2: mixture(3 : 2s, 4: uniform(3s, 4s)))");

    cr_assert_eq(dist.count, 2);
    cr_assert_eq(dist.parts[1].count, 2);
    cr_expect_eq(dist.parts[1].weights[1], 4);
    cr_expect_eq(dist.parts[1].parts[0].a, 2e6);
    cr_expect_eq(dist.parts[1].parts[1].b, 4e6);
    dist_fini(&dist);
}

Test(dist_text, a_mixture_has_up_to_sixteen_parts)
{
    struct dist dist = parsed("mixture(1: 1s, 1: 2s, 1: 3s, 1: 4s, 1: 5s, 1: 6s, 1: 7s, 1: 8s, "
                              "1: 9s, 1: 10s, 1: 11s, 1: 12s, 1: 13s, 1: 14s, 1: 15s, 1: 16s)");

    cr_assert_eq(dist.count, 16);
    cr_expect_eq(dist.parts[15].a, 16e6);
    dist_fini(&dist);
}

Test(dist_text, forms_nest_five_deep)
{
    struct dist dist = parsed("mixture(1: mixture(1: mixture(1: mixture(1: exponential(1s)))))");

    dist_fini(&dist);
}

static const struct refusal {
    const char *text, *reason;
} refusals[] = {
    {"5", "'5' is no duration: a number and ms, s, min, h, d or w was expected, like 90min or "
          "1.5h"},
    {"", "'' is no duration: a number and ms, s, min, h, d or w was expected, like 90min or "
         "1.5h"},
    {"normal(1h)", "'normal(1h)': no such distribution (there are exponential, lognormal, "
                   "weibull, pareto, uniform, empirical, mixture)"},
    {"expo(1h)", "'expo(1h)': no such distribution (there are exponential, lognormal, weibull, "
                 "pareto, uniform, empirical, mixture)"},
    {"exponential(1h", "the closing ')' is missing: exponential(mean)"},
    {"exponential(", "the closing ')' is missing: exponential(mean)"},
    {"exponential(1h) x", "the closing ')' is missing: exponential(mean)"},
    {"exponential(1h, 2)", "exponential(mean): 2 arguments"},
    {"lognormal(1h)", "lognormal(median, sigma): 1 arguments"},
    {"lognormal(1h, 0)", "lognormal(median, sigma): '0' should be more than 0"},
    {"lognormal(1h, -1)", "lognormal(median, sigma): '-1' is no number"},
    {"lognormal(1h, 1h)", "lognormal(median, sigma): '1h' is no number"},
    {"lognormal(0, 1)", "lognormal(median, sigma): the duration should be more than 0"},
    {"exponential(0)", "exponential(mean): the duration should be more than 0"},
    {"weibull(0s, 1)", "weibull(scale, shape): the duration should be more than 0"},
    {"weibull(1s, 0)", "weibull(scale, shape): '0' should be more than 0"},
    {"pareto(0s, 1)", "pareto(min, alpha): the duration should be more than 0"},
    {"pareto(1s, 0)", "pareto(min, alpha): '0' should be more than 0"},
    {"uniform(2h, 1h)", "uniform(a, b): the first is longer than the second"},
    {"uniform(1h, 2)", "uniform(a, b): '2' is no duration: a number and ms, s, min, h, d or w "
                       "was expected, like 90min or 1.5h"},
    {"empirical(\"a.csv\")", "empirical(\"file.csv\"): no file can be named here"},
    {"mixture(never)", "mixture(0.6: never, 0.4: exponential(1h)): 'never' should be a weight, "
                       "':' and a distribution"},
    {"mixture(0: never)", "mixture(0.6: never, 0.4: exponential(1h)): '0' should be more than "
                          "0"},
    {"mixture(1: never, x: 1h)", "mixture(0.6: never, 0.4: exponential(1h)): 'x' is no number"},
    {"mixture(1: never, 1: weibull(1h, 0))",
     "mixture(0.6: never, 0.4: exponential(1h)): weibull(scale, shape): '0' should be more "
     "than 0"},
    {"mixture(1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,1:1s,"
     "1:1s)",
     "mixture(0.6: never, 0.4: exponential(1h)): more than 16 arguments"},
};

Test(dist_text, refuses_and_says_why)
{
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const struct refusal *refusal = &refusals[i];
        struct dist dist;
        struct err err = {0};
        cr_expect_not(dist_parse(&dist, refusal->text, NULL, &err), "%s", refusal->text);
        cr_expect_str_eq(err.text, refusal->reason, "%s: %s", refusal->text, err.text);
        cr_expect(dist.kind == DIST_CONSTANT && dist.parts == NULL && dist.table == NULL);
    }
}

Test(dist_text, forms_do_not_nest_deeper)
{
    struct dist dist;
    struct err err = {0};
    const char *text =
        "mixture(1: mixture(1: mixture(1: mixture(1: mixture(1: exponential(1s))))))";

    cr_expect_not(dist_parse(&dist, text, NULL, &err));
    cr_expect_not_null(strstr(err.text, "distributions nest deeper than 4"), "%s", err.text);
}

/* A file of four waits, in seconds and in no order. */
static bool four_samples(void *user, const char *path, double **values, size_t *count,
                         struct err *err)
{
    static const double samples[] = {30, 0.5, 7200, 0};

    (void)err;
    *(char **)user = alloc_text(path, strlen(path));
    *values = alloc_zeroed(sizeof samples);
    memcpy(*values, samples, sizeof samples);
    *count = 4;
    return true;
}

Test(dist_text, samples_come_from_the_file_that_is_named)
{
    char *path = NULL;
    const struct text_context context = {.samples = four_samples, .user = &path};
    struct dist dist;
    struct err err = {0};

    cr_assert(dist_parse(&dist, "empirical(\"a, (b).csv\")", &context, &err), "%s", err.text);
    cr_expect_str_eq(path, "a, (b).csv");
    cr_expect_eq(dist.kind, DIST_EMPIRICAL);
    cr_assert_eq(dist.count, 4);
    cr_expect(dist.samples[0] == 0 && dist.samples[1] == 0.5e6, "in order, in microseconds");
    cr_expect(dist.samples[2] == 30e6 && dist.samples[3] == 7200e6);
    dist_fini(&dist);
    free(path);
}

Test(dist_text, samples_may_be_part_of_a_mixture)
{
    char *path = NULL;
    const struct text_context context = {.samples = four_samples, .user = &path};
    struct dist dist;
    struct err err = {0};

    cr_assert(dist_parse(&dist, "mixture(1: never, 2: empirical(\"w.csv\"))", &context, &err), "%s",
              err.text);
    cr_expect_eq(dist.parts[1].count, 4);
    dist_fini(&dist);
    free(path);
}

Test(dist_text, a_file_is_named_in_quotes)
{
    static const char *const wrong[] = {"empirical(a.csv)", "empirical(a.csv\")",
                                        "empirical(\"a.csv)", "empirical(\")", "empirical()"};
    char *path = NULL;
    const struct text_context context = {.samples = four_samples, .user = &path};
    struct dist dist;
    struct err err = {0};

    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        cr_expect_not(dist_parse(&dist, wrong[i], &context, &err), "%s", wrong[i]);
        cr_expect_not_null(strstr(err.text, "a file name in quotes was expected"), "%s", err.text);
    }
    cr_expect_null(path, "no file was asked for");
}

Test(dist_text, where_no_file_may_be_named_it_says_so)
{
    const struct text_context context = {.samples = NULL};
    struct dist dist;
    struct err err = {0};

    cr_expect_not(dist_parse(&dist, "empirical(\"a.csv\")", &context, &err));
    cr_expect_str_eq(err.text, "empirical(\"file.csv\"): no file can be named here");
}

static bool no_samples(void *user, const char *path, double **values, size_t *count,
                       struct err *err)
{
    (void)user, (void)path, (void)err;
    *values = NULL;
    *count = 0;
    return true;
}

Test(dist_text, a_file_without_values_is_refused)
{
    const struct text_context context = {.samples = no_samples};
    struct dist dist;
    struct err err = {0};

    cr_expect_not(dist_parse(&dist, "empirical(\"a.csv\")", &context, &err));
    cr_expect_str_eq(err.text, "empirical(\"file.csv\"): a.csv holds no values");
}

static bool unreadable(void *user, const char *path, double **values, size_t *count,
                       struct err *err)
{
    (void)user, (void)values, (void)count;
    return err_set(err, "%s: line 3 is no number", path);
}

Test(dist_text, the_fault_of_a_file_is_passed_on)
{
    const struct text_context context = {.samples = unreadable};
    struct dist dist;
    struct err err = {0};

    cr_expect_not(dist_parse(&dist, "mixture(1: never, 1: empirical(\"a.csv\"))", &context, &err));
    cr_expect_not_null(strstr(err.text, "a.csv: line 3 is no number"), "%s", err.text);
}

/* A table left short by a forgotten line must fail here, not in a run. */
Test(dist_text, every_form_is_complete)
{
    for (const struct dist_form *form = dist_forms; form->name != NULL; form++) {
        size_t length = strlen(form->name);
        cr_assert(form->usage != NULL && form->arguments != NULL);
        cr_expect_arr_eq(form->usage, form->name, length);
        cr_expect_eq(form->usage[length], '(');
        for (const struct dist_form *other = dist_forms; other < form; other++)
            cr_expect(strcmp(other->name, form->name) != 0 && other->kind != form->kind);
    }
}
