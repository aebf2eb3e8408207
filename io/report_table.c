/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/report_table.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

void report_table_fini(struct report_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
}

size_t report_table_rows(const struct report_table *table)
{
    return table->count / table->columns;
}

const char *report_table_cell(const struct report_table *table, size_t row, size_t column)
{
    return table->cells[row * table->columns + column];
}

void report_table_add(struct report_table *table, const char *text)
{
    report_table_add_owned(table, alloc_text(text, strlen(text)));
}

void report_table_add_owned(struct report_table *table, char *text)
{
    table->cells = alloc_grow(table->cells, &table->room, table->count + 1, sizeof *table->cells);
    table->cells[table->count++] = text;
}
