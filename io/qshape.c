/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/qshape.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv_row.h"
#include "sim/alloc.h"
#include "sim/printable.h"

#define FIRST_BUCKET 5 /* minutes */
#define WIDTH 80
#define LEAST_DOMAIN_WIDTH 18
#define DOMAIN_MOST 4096
#define TOTAL "TOTAL"

void qshape_fini(struct qshape *qshape)
{
    names_fini(&qshape->domains);
    free(qshape->rows);
}

/* From 1 on; the last has no end. */
static int bucket_of(int64_t age)
{
    int64_t end = FIRST_BUCKET * 60;
    int bucket = 1;

    for (; age >= end && bucket < QSHAPE_BUCKETS; end *= 2)
        bucket++;
    return bucket;
}

static char in_lower_case(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* What qshape makes of an address: lower case, one dot for two, none at the ends. */
static size_t put_domain(char *domain, const char *address)
{
    const char *at = strrchr(address, '@');
    const char *from = at == NULL ? address : at + 1;
    size_t length = 0;

    for (; *from != '\0' && length < DOMAIN_MOST; from++) {
        domain[length++] = in_lower_case(*from);
        if (from[0] == '.' && from[1] == '.')
            from++;
    }
    if (length > 1 && domain[length - 1] == '.')
        length--;
    if (length > 1 && domain[0] == '.')
        memmove(domain, domain + 1, --length);
    printable(domain, length);
    return length;
}

static struct qshape_row *row_of(struct qshape *qshape, const char *domain, size_t length)
{
    size_t before = qshape->domains.count;
    uint32_t number = names_add(&qshape->domains, domain, length);

    qshape->rows = alloc_grow(qshape->rows, &qshape->room, number + 1, sizeof *qshape->rows);
    if (number >= before)
        qshape->rows[number] = (struct qshape_row){.domain = names_text(&qshape->domains, number)};
    return &qshape->rows[number];
}

static void count(struct qshape *qshape, const char *domain, size_t length, int bucket)
{
    struct qshape_row *row = row_of(qshape, domain, length);

    row->counts[0]++;
    row->counts[bucket]++;
}

void qshape_add(struct qshape *qshape, const char *address, int64_t age)
{
    static const char nobody[] = "MAILER-DAEMON";
    char domain[DOMAIN_MOST];
    int bucket = bucket_of(age);

    count(qshape, TOTAL, strlen(TOTAL), bucket);
    if (*address == '\0')
        count(qshape, nobody, strlen(nobody), bucket);
    else
        count(qshape, domain, put_domain(domain, address), bucket);
}

/* -------------------------------------------------------------- the table */

static int by_count(const void *a, const void *b)
{
    const struct qshape_row *one = a, *other = b;
    size_t length = strlen(one->domain), other_length = strlen(other->domain);

    if (one->counts[0] != other->counts[0])
        return one->counts[0] > other->counts[0] ? -1 : 1;
    if (length != other_length)
        return length < other_length ? -1 : 1;
    return strcmp(one->domain, other->domain);
}

/* "T", "5", "10" ... "1280", "1280+". */
static void put_heading(char *text, size_t room, int column)
{
    int last = column == QSHAPE_BUCKETS;
    int minutes = column == 0 ? 0 : FIRST_BUCKET << (column - 1 - last);

    if (column == 0)
        snprintf(text, room, "T");
    else
        snprintf(text, room, "%d%s", minutes, last ? "+" : "");
}

/* How wide a column is for its heading and the largest number in it. */
static int width_of(const char *heading, uint64_t sum)
{
    int digits = snprintf(NULL, 0, "%" PRIu64, sum);
    int widest = (int)strlen(heading) > digits ? (int)strlen(heading) : digits;

    return widest > 2 ? widest + 1 : 3;
}

struct layout {
    int domain;
    int columns[QSHAPE_BUCKETS + 1];
};

static struct layout lay_out(const struct qshape_row *total)
{
    struct layout layout = {.domain = WIDTH};
    char heading[16];

    for (int i = 0; i <= QSHAPE_BUCKETS; i++) {
        put_heading(heading, sizeof heading, i);
        layout.columns[i] = width_of(heading, total->counts[i]);
        layout.domain -= layout.columns[i];
    }
    if (layout.domain < LEAST_DOMAIN_WIDTH)
        layout.domain = LEAST_DOMAIN_WIDTH;
    return layout;
}

static void put_headings(struct output *output, const struct layout *layout)
{
    char heading[16];

    output_print(output, "%*s", layout->domain, "");
    for (int i = 0; i <= QSHAPE_BUCKETS; i++) {
        put_heading(heading, sizeof heading, i);
        output_print(output, "%*s", layout->columns[i], heading);
    }
    output_print(output, "\n");
}

/* A name that is too long loses what comes first. */
static void put_row(struct output *output, const struct layout *layout,
                    const struct qshape_row *row)
{
    size_t length = strlen(row->domain), room = (size_t)layout->domain;

    if (length > room)
        output_print(output, "+%s", row->domain + length - (room - 1));
    else
        output_print(output, "%*s", layout->domain, row->domain);
    for (int i = 0; i <= QSHAPE_BUCKETS; i++)
        output_print(output, "%*" PRIu64, layout->columns[i], row->counts[i]);
    output_print(output, "\n");
}

/* The sums are there, even of nothing; no row has more than the first. */
static void sort(struct qshape *qshape)
{
    row_of(qshape, TOTAL, strlen(TOTAL));
    qsort(qshape->rows, qshape->domains.count, sizeof *qshape->rows, by_count);
}

void qshape_put(struct qshape *qshape, struct output *output)
{
    sort(qshape);
    struct layout layout = lay_out(&qshape->rows[0]);
    put_headings(output, &layout);
    for (size_t i = 0; i < qshape->domains.count; i++)
        put_row(output, &layout, &qshape->rows[i]);
}

void qshape_put_rows(struct qshape *qshape, int64_t snapshot_s, const char *queue,
                     struct output *output)
{
    sort(qshape);
    for (size_t i = 0; i < qshape->domains.count; i++) {
        const struct qshape_row *shown = &qshape->rows[i];
        struct csv_row row = csv_row(output);
        csv_number(&row, (uint64_t)snapshot_s);
        csv_text(&row, queue, strlen(queue));
        csv_name(&row, shown->domain, strlen(shown->domain));
        for (int bucket = 0; bucket <= QSHAPE_BUCKETS; bucket++)
            csv_number(&row, shown->counts[bucket]);
        csv_end(&row);
    }
}
