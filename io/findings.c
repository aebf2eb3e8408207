/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/findings.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv_row.h"
#include "io/json_text.h"
#include "sim/printable.h"

/* What is quoted may come from a file: it shall do nothing to a terminal. */
static void put_harmless(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(is_control(*text) ? '?' : *text, out);
}

void findings_text(FILE *out, const struct finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (findings[i].policy != NULL) {
            put_harmless(out, findings[i].policy);
            fprintf(out, ": ");
        }
        fprintf(out, "%s: ", findings[i].severity);
        put_harmless(out, findings[i].text);
        fputc('\n', out);
    }
}

static void put_cell(struct csv_row *row, const char *text)
{
    csv_text(row, text, strlen(text));
}

void findings_csv(struct output *out, bool several, const struct finding *findings, size_t count)
{
    output_print(out, "%sseverity,parameter,text,rule\n", several ? "policy," : "");
    for (size_t i = 0; i < count; i++) {
        struct csv_row row = csv_row(out);
        if (several)
            put_cell(&row, findings[i].policy);
        put_cell(&row, findings[i].severity);
        put_cell(&row, findings[i].parameter);
        put_cell(&row, findings[i].text);
        put_cell(&row, findings[i].rule);
        csv_end(&row);
    }
}

static json_t *finding_json(const struct finding *finding)
{
    json_t *json = json_object();

    if (finding->policy != NULL)
        json_object_set_new(json, "policy", json_text(finding->policy));
    json_object_set_new(json, "severity", json_text(finding->severity));
    json_object_set_new(json, "parameter", json_text(finding->parameter));
    json_object_set_new(json, "text", json_text(finding->text));
    json_object_set_new(json, "rule", json_text(finding->rule));
    return json;
}

void findings_json(FILE *out, const struct finding *findings, size_t count)
{
    json_t *json = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(json, finding_json(&findings[i]));
    json_print(out, json, 17);
}
