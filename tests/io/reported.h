/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of runs, small enough to reckon with. For tests alone. */
#ifndef TESTS_IO_REPORTED_H
#define TESTS_IO_REPORTED_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/report.h"
#include "io/report_html.h"
#include "io/report_text.h"
#include "sim/alloc.h"
#include "tests/io/put_file.h"

static char folder[] = P_tmpdir "/tempfail-report-XXXXXX";

static inline void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static inline void remove_folder(void)
{
    char *command = alloc_printf("rm -r '%s'", folder);

    cr_assert_eq(chdir("/"), 0);
    cr_expect_eq(system(command), 0);
    free(command);
}

static inline void put_in(const char *run, const char *name, const char *text)
{
    char *path = alloc_printf("%s/%s", run, name);

    put_file(path, text);
    free(path);
}

#define MANIFEST(lifetime)                                                                         \
    "{\"version\": \"0.1.0\", \"scenario\": \"a.conf\", \"scenario_fnv1a\": \"12\", \"seed\": 7,"  \
    " \"replications\": 1, \"mta\": \"postfix\", \"start\": \"2026-06-01T00:00:00Z\","             \
    " \"title\": \"a <title>\", \"settings\": {\"queue_run_delay\": {\"value\": \"300s\"},"        \
    " \"maximal_queue_lifetime\": {\"value\": \"" lifetime "\"}},"                                 \
    " \"counts\": {\"recipients\": 1000.0, \"queued\": 0.0}}"

/* With intervals, or with empty cells. */
static inline void put_run(const char *run, const char *manifest, const char *figures)
{
    char *summary = alloc_printf("metric,unit,value,ci95_low,ci95_high\n%s", figures);

    cr_assert_eq(mkdir(run, 0777), 0);
    put_in(run, "summary.csv", summary);
    put_in(run, "manifest.json", manifest);
    free(summary);
}

#define STOCK                                                                                      \
    "recipients,recipients,1000,,\ndelivered,recipients,960,,\nbounced,recipients,10,,\n"          \
    "expired,recipients,30,,\nqueued,recipients,0,,\nattempts,attempts,5000,,\n"                   \
    "delay_p50,s,0.5,,\ndelay_p90,s,600,,\nbad_news_p50,s,432000,,\n"
#define ONE_DAY                                                                                    \
    "recipients,recipients,1000,,\ndelivered,recipients,919,,\nbounced,recipients,10,,\n"          \
    "expired,recipients,71,,\nqueued,recipients,0,,\nattempts,attempts,2500,,\n"                   \
    "delay_p50,s,0.5,,\ndelay_p90,s,600,,\nbad_news_p50,s,90000,,\n"

static inline void put_two_runs(void)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_run("out/stock", MANIFEST("5d"), STOCK);
    put_run("out/one-day", MANIFEST("1d"), ONE_DAY);
}

static inline void read_report(struct report *report, const char *operand)
{
    struct err err = {0};

    cr_assert(report_read(report, &operand, 1, &err), "%s", err.text);
}

/* The page, with these pictures; allocated. */
static inline char *page_with(const char *operand, const struct report_pictures *pictures)
{
    struct output output = {.file = -1, .buffer = alloc_zeroed(OUTPUT_BUFFER)};
    struct report report;
    struct err err = {0};

    read_report(&report, operand);
    cr_expect(report_html_put(&output, &report, pictures, &err), "%s", err.text);
    report_fini(&report);
    output.buffer[output.used] = '\0';
    return output.buffer;
}

/* The same as text; allocated. */
static inline char *text_with(const char *operand, const struct report_pictures *pictures)
{
    struct report report;
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    cr_assert_not_null(out);
    read_report(&report, operand);
    report_text_print(out, &report, pictures);
    fclose(out);
    report_fini(&report);
    return text;
}

#endif
