/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of lifetimes.csv, of figures made up here. */
#include "io/lifetimes_csv.h"

#include "tests/io/rows.h"

static struct replay_column column;
static struct postfix_settings settings;
static struct lifetime_row row = {.settings = &settings, .column = &column};

static void begin(void)
{
    postfix_settings_init(&settings);
    for (int i = 0; i <= RECOVERY_LATEST; i++)
        results_init(&column.at[i]);
}

static void end(void)
{
    for (int i = 0; i <= RECOVERY_LATEST; i++)
        results_fini(&column.at[i]);
}

TestSuite(lifetimes_csv, .init = begin, .fini = end);

#define HEADER                                                                                     \
    "maximal_queue_lifetime_s,bounce_queue_lifetime_s,logged,extrapolated,messages,recipients,"    \
    "lost,lost_low,lost_high,lost_share,delivered,bounced,expired,queued,bad_news_p50_s,"          \
    "bad_news_p90_s,bad_news_max_s,attempts"

static void expect_row(const char *want)
{
    char folder[] = P_tmpdir "/tempfail-lifetimes-XXXXXX";
    struct output output = {0};
    struct err err;

    cr_assert_not_null(mkdtemp(folder));
    cr_assert(output_open(&output, folder, "lifetimes.csv", &err), "%s", err.text);
    lifetimes_csv_put_header(&output);
    lifetimes_csv_put(&output, &row);
    char *path = alloc_printf("%s", output.path);
    expect_rows(&output, HEADER, want);
    remove(path);
    free(path);
    remove(folder);
}

/* Of ten who are told the 5th and the 9th smallest are p50 and p90. */
Test(lifetimes_csv, has_the_figures_of_the_recovery_that_was_asked_for)
{
    struct results *results = &column.at[RECOVERY_MIDDLE];

    settings.maximal_queue_lifetime = 57600;
    settings.bounce_queue_lifetime = 3600;
    results->messages = 30;
    results->recipients = 32;
    results->fates = (struct tally_sum){
        .delivered = 20, .delivered_at_once = 19, .bounced = 7, .expired = 3, .queued = 2};
    results->outcomes[OUTCOME_SENT] = 20;
    results->outcomes[OUTCOME_DEFERRED] = 70;
    for (uint64_t i = 1; i <= 10; i++)
        histogram_add(&results->bad_news, i, 1);
    column.at[RECOVERY_EARLIEST].recipients = 1000;
    column.at[RECOVERY_LATEST].messages = 1000;
    column.lost[RECOVERY_EARLIEST] = 9;
    column.lost[RECOVERY_MIDDLE] = 8;
    column.lost[RECOVERY_LATEST] = 6;
    row.recovery = RECOVERY_MIDDLE;
    row.logged = true;
    expect_row("57600,3600,1,0,30,32,8,6,9,0.250000,20,7,3,2,0.005,0.009,0.010,90\n");
}

/* The range is over all recoveries, wherever its ends are. */
Test(lifetimes_csv, has_empty_cells_where_nothing_was_measured)
{
    row.recovery = RECOVERY_EARLIEST;
    column.lost[RECOVERY_MIDDLE] = 1;
    row.extrapolated = true;
    expect_row("432000,432000,0,1,0,0,0,0,1,,0,0,0,0,,,,0\n");
}
