/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/fit_csv.h"

#include <stdlib.h>
#include <unistd.h>

#include "io/input.h"
#include "sim/alloc.h"
#include "tests/io/fitted.h"

static char folder[] = P_tmpdir "/tempfail-fit-XXXXXX";
static struct fitted fitted;

static void begin(void)
{
    cr_assert_not_null(mkdtemp(folder));
    fitted_init(&fitted);
}

static void end(void)
{
    char *path = alloc_printf("%s/rows.csv", folder);

    unlink(path);
    cr_expect_eq(rmdir(folder), 0);
    free(path);
    fitted_fini(&fitted);
}

TestSuite(fit_csv, .init = begin, .fini = end);

/* All that `put` writes. Allocated. */
static char *written(void (*put)(struct output *, const struct fit *))
{
    struct output output;
    struct err err = {0};
    char *path = alloc_printf("%s/rows.csv", folder);

    cr_assert(output_open(&output, folder, "rows.csv", &err), "%s", err.text);
    put(&output, &fitted.fit);
    cr_assert(output_commit(&output, &err), "%s", err.text);
    output_discard(&output);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    char *text = alloc_zeroed(1 << 20);
    cr_assert_gt(fread(text, 1, (1 << 20) - 1, file), 0);
    fclose(file);
    free(path);
    return text;
}

static void expect_row(const char *text, const char *row)
{
    cr_expect_not_null(strstr(text, row), "no '%s' in:\n%s", row, text);
}

Test(fit_csv, counts_spells)
{
    fitted_add_forty(&fitted);
    fitted_ready(&fitted);
    char *text = written(fit_csv_put_figures);
    expect_row(text, "cause,family,metric,unit,value,ci95_low,ci95_high,extrapolated\n");
    expect_row(text, "\nrefused,,spells,spells,40,,,0\n");
    expect_row(text, "\nrefused,,recovered,spells,30,,,0\n");
    expect_row(text, "\ngreylist,,spells,spells,1,,,0\n");
    expect_row(text, "\nrefused,,longest_seen,s,3000.000,,,0\n");
    free(text);
}

/* A quarter never came back in the log: that they never will is beyond it. */
Test(fit_csv, marks_what_no_log_can_have_seen)
{
    fitted_add_forty(&fitted);
    fitted_ready(&fitted);
    char *text = written(fit_csv_put_figures);
    const char *never = strstr(text, "refused,lognormal,never,share,0.2");
    cr_assert_not_null(never, "%s", text);
    cr_expect_eq(strchr(never, '\n')[-1], '1');
    const char *median = strstr(text, "refused,lognormal,median,s,");
    cr_assert_not_null(median, "%s", text);
    cr_expect_eq(strchr(median, '\n')[-1], '0');
    free(text);
}

/* The first came back between 221.9 and 318 s; at four hours nobody was watched any more,
 * and the log had long ended. */
Test(fit_csv, has_a_row_for_each_age_that_people_ask_for)
{
    fitted_add_forty(&fitted);
    fitted_ready(&fitted);
    char *text = written(fit_csv_put_survival);
    for (const struct fit_age *age = fit_ages; age->name != NULL; age++) {
        char *row = alloc_printf("\nrefused,%.3f,", age->age);
        expect_row(text, row);
        free(row);
    }
    expect_row(text, "\nrefused,269.950,40,1,0.975000,");
    expect_row(text, "\nrefused,14400.000,0,0,,,,0.");
    const char *late = strstr(text, "\nrefused,14400.000,");
    cr_expect_eq(strchr(late + 1, '\n')[-1], '1', "4 h is more than the hour of the log");
    const char *early = strstr(text, "\nrefused,900.000,");
    cr_expect_eq(strchr(early + 1, '\n')[-1], '0');
    expect_row(text, "\ngreylist,255.500,1,1,0.000000,,,,,,0\n"); /* between 210 and 301 */
    cr_expect_null(strstr(text, "\ndns,"), "there were none");
    free(text);
}

Test(fit_csv, knows_nothing_of_ages_that_nobody_was_watched_at)
{
    fitted_add_forty(&fitted);
    fitted_ready(&fitted);
    struct fit_at at = fit_at(&fitted.fit, CAUSE_REFUSED, 7200);
    cr_expect_eq(at.at_risk, 0);
    cr_expect(isnan(at.seen) && isnan(at.seen_low));
    cr_expect(at.fitted > 0 && at.fitted_low < at.fitted && at.fitted < at.fitted_high);
    cr_expect(isnan(fit_at(&fitted.fit, CAUSE_GREYLIST, 60).fitted), "too few to fit");
    cr_expect_eq(fit_at(&fitted.fit, CAUSE_GREYLIST, 60).seen, 1);
}

Test(fit_csv, of_an_empty_log_is_but_zeros)
{
    fitted_ready(&fitted);
    char *text = written(fit_csv_put_figures);
    expect_row(text, "\nmailbox,,spells,spells,0,,,0\n");
    cr_expect_null(strstr(text, "lognormal"));
    free(text);
}
