/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_sweep.c - any bytes as the sweep.json and the units.csv of a folder
 *
 * What is read is written again and is the same, and results can be made of it.
 */
#include <math.h>

#include "io/comparison_csv.h"
#include "io/sweep_json.h"
#include "io/sweep_text.h"
#include "io/units_csv.h"
#include "tests/fuzz/parts.h"

/* Where the program is started. */
#define FOLDER "swept"

/* More points take time, and show nothing else. */
#define MOST_POINTS 50

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void expect_same(const struct units *units, const struct sweep *sweep)
{
    struct units again = {0};
    struct err err = {0};

    EXPECT(units_write(units, FOLDER, sweep, &err) && units_read(&again, FOLDER, sweep, &err));
    EXPECT(again.count == units->count);
    for (size_t i = 0; i < units->count; i++) {
        EXPECT(again.list[i].number == units->list[i].number);
        for (size_t m = 0; m < metric_count(); m++) {
            double one = units->list[i].figures[m], other = again.list[i].figures[m];
            EXPECT(one == other || (isnan(one) && isnan(other)));
        }
    }
    units_fini(&again);
}

static void make_results(const struct units *units, const struct sweep *sweep)
{
    struct comparison comparison;
    FILE *out = fopen("/dev/null", "w");
    struct err err = {0};

    comparison_init(&comparison, sweep_points(sweep));
    comparison_name_points(&comparison, sweep, 0);
    for (size_t i = 0; i < units->count; i++)
        comparison_add(&comparison, i % comparison.points, units->list[i].figures);
    EXPECT(out != NULL);
    sweep_print(out, &comparison);
    fclose(out);
    EXPECT(comparison_write(&comparison, FOLDER, "results.csv", &err));
    comparison_forget_names(&comparison);
    comparison_fini(&comparison);
}

/* Whole replications alone are compared: units are numbered from 0 on without a gap. */
static bool are_whole(const struct units *units, size_t points)
{
    for (size_t i = 0; i < units->count; i++) {
        if (units->list[i].number != i)
            return false;
    }
    return units->count % points == 0;
}

static void go_on(const struct sweep *sweep)
{
    struct units units = {0};
    struct units_file file;
    struct err err = {0};
    bool good = units_open(&file, FOLDER, sweep, &err) && units_begin(&file, &units, &err);

    units_close(&file);
    if (good) {
        expect_same(&units, sweep);
        if (are_whole(&units, sweep_points(sweep)))
            make_results(&units, sweep);
    } else {
        EXPECT(err.text[0] != '\0');
    }
    units_fini(&units);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = bytes + size;
    struct sweep_manifest manifest;
    struct sweep sweep = {0};
    struct err err = {0};

    EXPECT(output_make_folder(FOLDER, &err));
    put_part(&bytes, end, FOLDER "/sweep.json");
    put_part(&bytes, end, FOLDER "/units.csv");
    if (sweep_manifest_read(&manifest, &sweep, FOLDER, &err)) {
        char *difference = sweep_manifest_difference(&manifest, &manifest);
        EXPECT(difference == NULL);
        if (sweep_points(&sweep) <= MOST_POINTS)
            go_on(&sweep);
    } else {
        EXPECT(err.text[0] != '\0');
    }
    sweep_manifest_fini(&manifest);
    sweep_fini(&sweep);
    return 0;
}
