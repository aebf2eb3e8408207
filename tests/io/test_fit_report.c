/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/fit_report.h"

#include <jansson.h>
#include <stdlib.h>

#include "tests/io/fitted.h"

static struct fitted fitted;
static struct maillog_totals totals;

static void begin(void)
{
    fitted_init(&fitted);
    totals =
        (struct maillog_totals){.postfix_lines = 1234, .first = instant(0), .last = instant(3600)};
}

static void end(void)
{
    fitted_fini(&fitted);
}

TestSuite(fit_report, .init = begin, .fini = end);

static char *printed(void (*print)(FILE *, const struct fit_report *))
{
    struct fit_report report = {&totals, &fitted.episodes, &fitted.fit};
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    print(out, &report);
    fclose(out);
    return text;
}

static void expect_line(const char *text, const char *line)
{
    cr_expect_not_null(strstr(text, line), "no '%s' in:\n%s", line, text);
}

static const char *line_of(const char *text, const char *begin_of_line)
{
    const char *found = strstr(text, begin_of_line);

    cr_assert_not_null(found, "no '%s' in:\n%s", begin_of_line, text);
    return found;
}

Test(fit_report, is_at_most_80_columns_wide)
{
    fitted_add_forty(&fitted);
    fitted_ready(&fitted);
    char *text = printed(fit_report_text);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        cr_expect_leq(strcspn(line, "\n"), 80, "%.*s", (int)strcspn(line, "\n"), line);
    free(text);
}

Test(fit_report, counts_and_says_what_cannot_be_said)
{
    fitted_add_forty(&fitted);
    fitted_meet(&fitted, "u@other.example", "", 300);
    fitted_ready(&fitted);
    char *text = printed(fit_report_text);
    expect_line(text,
                "log: 1,234 lines of Postfix, 2026-06-01T00:00:00Z to 2026-06-01T01:00:00Z\n");
    expect_line(text, "left out: 2 temporary failures by no cause");
    expect_line(text,
                "\nrefused   site                         40        30         0         0\n");
    expect_line(text, "\ngreylist: the log cannot say: too few recoveries (1 of 1 over)\n");
    expect_line(text, "\ndns: the log cannot say: there were none (0 of 0 over)\n");
    free(text);
}

/* Of the ages 1 h is the log's length: what follows is starred, and nothing before. */
Test(fit_report, stars_what_is_extrapolated)
{
    fitted_add_forty(&fitted);
    fitted_ready(&fitted);
    char *text = printed(fit_report_text);
    const char *fitted_row = line_of(text, "          fitted ");
    int stars = 0, first_star = 0;
    for (int i = 0; fitted_row[i] != '\n'; i++) {
        stars += fitted_row[i] == '*';
        first_star = first_star == 0 && fitted_row[i] == '*' ? i : first_star;
    }
    cr_expect_eq(stars, 5, "4 h, 12 h, 1 d, 2 d, 5 d");
    cr_expect_eq(first_star, 16 + 4 * 8 - 1);
    const char *never = line_of(text, "  never ");
    cr_expect_eq(never[strcspn(never, "\n") - 1], '*');
    free(text);
}

Test(fit_report, is_an_object_of_json)
{
    fitted_add_forty(&fitted);
    fitted_ready(&fitted);
    char *text = printed(fit_report_json);
    json_error_t error;
    json_t *json = json_loads(text, 0, &error);
    cr_assert_not_null(json, "%s", error.text);
    cr_expect_eq(json_number_value(json_object_get(json_object_get(json, "log"), "length_s")),
                 3600);
    json_t *causes = json_object_get(json, "causes");
    cr_expect_eq(json_array_size(causes), CAUSE_COUNT);
    json_t *refused = json_array_get(causes, CAUSE_REFUSED);
    const char *chosen = json_string_value(json_object_get(refused, "chosen"));
    cr_assert_not_null(chosen);
    json_t *family = json_object_get(json_object_get(refused, "families"), chosen);
    cr_expect(json_is_true(json_object_get(json_object_get(family, "never"), "extrapolated")));
    json_t *dns = json_array_get(causes, CAUSE_DNS);
    cr_expect(json_is_null(json_object_get(dns, "chosen")));
    json_t *day = json_array_get(json_object_get(refused, "away"), 6);
    cr_expect_eq(json_number_value(json_object_get(day, "age_s")), 86400);
    cr_expect(json_is_true(json_object_get(json_object_get(day, "fitted"), "extrapolated")));
    cr_expect(json_is_null(json_object_get(json_object_get(day, "seen"), "value")));
    json_decref(json);
    free(text);
}
