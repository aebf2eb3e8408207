/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same findings in each form, with text from outside that no form may be broken by. */
#include "io/findings.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

static const struct finding two[] = {
    {"a\x1b,b", "warning", "soft_bounce", "it is \"yes\",\nstill", "soft_bounces"},
    {"stock", "note", "", "caf\xe9", ""},
};

static void expect_file(FILE *file, const char *want)
{
    char text[1000] = "";

    rewind(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    cr_expect_str_eq(text, want);
    fclose(file);
}

Test(findings, lines_stay_lines_and_say_nothing_to_a_terminal)
{
    FILE *file = tmpfile();

    findings_text(file, two, 2);
    expect_file(file, "a?,b: warning: it is \"yes\",?still\nstock: note: caf\xe9\n");
}

Test(findings, a_line_of_the_only_settings_does_not_name_them)
{
    FILE *file = tmpfile();

    findings_text(file, &(struct finding){NULL, "note", "p", "text", "r"}, 1);
    expect_file(file, "note: text\n");
}

static void expect_csv(bool several, const struct finding *findings, size_t count, const char *want)
{
    FILE *file = tmpfile();
    struct output out = {.file = fileno(file), .buffer = alloc_zeroed(OUTPUT_BUFFER)};

    findings_csv(&out, several, findings, count);
    output_flush(&out);
    free(out.buffer);
    expect_file(file, want);
}

Test(findings, csv_has_a_row_each_and_quotes_what_it_must)
{
    expect_csv(true, two, 2,
               "policy,severity,parameter,text,rule\n"
               "\"a?,b\",warning,soft_bounce,\"it is \"\"yes\"\",?still\",soft_bounces\n"
               "stock,note,,caf\xe9,\n");
}

Test(findings, csv_of_one_has_no_column_policy_and_of_none_its_header)
{
    expect_csv(false, &two[1], 1, "severity,parameter,text,rule\nnote,,caf\xe9,\n");
    expect_csv(false, NULL, 0, "severity,parameter,text,rule\n");
}

Test(findings, json_is_read_again_as_what_was_said)
{
    FILE *file = tmpfile();

    findings_json(file, two, 2);
    rewind(file);
    json_t *json = json_loadf(file, 0, NULL), *first = json_array_get(json, 0);
    cr_expect_eq(json_array_size(json), 2);
    cr_expect_str_eq(json_string_value(json_object_get(first, "policy")), two[0].policy);
    cr_expect_str_eq(json_string_value(json_object_get(first, "severity")), "warning");
    cr_expect_str_eq(json_string_value(json_object_get(first, "parameter")), "soft_bounce");
    cr_expect_str_eq(json_string_value(json_object_get(first, "text")), two[0].text);
    cr_expect_str_eq(json_string_value(json_object_get(first, "rule")), "soft_bounces");
    json_decref(json);
    fclose(file);
}

Test(findings, json_of_the_only_settings_does_not_name_them)
{
    FILE *file = tmpfile();

    findings_json(file, &(struct finding){NULL, "note", "p", "text", "r"}, 1);
    expect_file(file, "[\n  {\n    \"severity\": \"note\",\n    \"parameter\": \"p\",\n"
                      "    \"text\": \"text\",\n    \"rule\": \"r\"\n  }\n]\n");
}

Test(findings, json_of_none_is_an_empty_list)
{
    FILE *file = tmpfile();

    findings_json(file, NULL, 0);
    expect_file(file, "[]\n");
}
