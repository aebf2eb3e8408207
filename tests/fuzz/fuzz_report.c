/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_report.c - any bytes as the files of two runs and of their comparison
 *
 * What can be read can be told, as text and as a page, and is harmless in both.
 */
#include <stdlib.h>

#include "io/report.h"
#include "io/report_html.h"
#include "io/report_text.h"
#include "sim/alloc.h"
#include "tests/fuzz/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Where the program is started. */
static const char *const parts[] = {
    "reported/compare.csv",     "reported/compare.json",   "reported/a/summary.csv",
    "reported/a/manifest.json", "reported/a/attempts.csv", "reported/a/classes.csv",
    "reported/a/timeline.csv",  "reported/b/summary.csv",  "reported/b/manifest.json",
    "reported/b/classes.csv",
};

static void put_folders(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = bytes + size;
    struct err err = {0};

    EXPECT(output_make_folder("reported/a", &err) && output_make_folder("reported/b", &err));
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        put_part(&bytes, end, parts[i]);
}

static void expect_harmless(const struct report *report)
{
    struct report_pictures none = {0};
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    EXPECT(out != NULL);
    report_text_print(out, report, &none);
    fclose(out);
    for (size_t i = 0; i < length; i++)
        EXPECT((unsigned char)text[i] >= ' ' || text[i] == '\n');
    free(text);
}

static void put_page(const struct report *report)
{
    struct report_pictures none = {0};
    struct output page = {0};
    struct err err = {0};

    EXPECT(output_open(&page, "reported", "report.html", &err));
    EXPECT(report_html_put(&page, report, &none, &err));
    EXPECT(output_commit(&page, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const folders[] = {"reported"};
    struct report report;
    struct err err = {0};

    put_folders(bytes, size);
    if (report_read(&report, folders, 1, &err)) {
        expect_harmless(&report);
        put_page(&report);
    } else {
        EXPECT(err.text[0] != '\0');
    }
    report_fini(&report);
    return 0;
}
