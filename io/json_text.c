/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"
#include "sim/check.h"

json_t *json_text(const char *text)
{
    json_t *json = json_string(text);
    if (json != NULL)
        return json;

    char *copy = alloc_text(text, strlen(text));
    for (char *c = copy; *c != '\0'; c++) {
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    }
    json = json_string(copy);
    free(copy);
    return json;
}

void json_print(FILE *out, json_t *json, unsigned digits)
{
    char *text =
        json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(digits));

    REQUIRE(text != NULL);
    fprintf(out, "%s\n", text);
    free(text);
    json_decref(json);
}
