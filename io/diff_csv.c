/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/diff_csv.h"

#include <string.h>

#include "io/csv_row.h"

#define TEXT_MOST 1024

void diff_put_header(struct output *output)
{
    output_print(output, "replication,message,sender,recipients,arrival_s,policy,final,delivered,"
                         "end_s,first_final,first_delivered,first_end_s\n");
}

static void put_word(struct csv_row *row, const char *word)
{
    csv_text(row, word, strlen(word));
}

static void put_ending(struct csv_row *row, const struct ending *ending)
{
    put_word(row, tally_word(&ending->tally));
    csv_number(row, ending->tally.sent);
    if (ending->end != SIM_NEVER)
        csv_seconds(row, ending->end);
    else
        csv_empty(row);
}

static void put_row(struct output *output, const struct catalogue *catalogue,
                    const struct ending *first, const char *policy, const struct ending *ending)
{
    struct csv_row row = csv_row(output);
    char text[TEXT_MOST];
    uint32_t sender = catalogue_sender(catalogue, ending->id);

    csv_number(&row, catalogue->rng.replication);
    csv_name(&row, text, catalogue_id_text(catalogue, ending->id, text, sizeof text));
    csv_name(&row, names_text(&catalogue->scenario->names, sender),
             names_length(&catalogue->scenario->names, sender));
    csv_number(&row, catalogue_recipient_count(catalogue, ending->id));
    csv_seconds(&row, ending->arrival);
    put_word(&row, policy);
    put_ending(&row, ending);
    put_ending(&row, first);
    csv_end(&row);
}

static bool is_same(struct message_id a, struct message_id b)
{
    return a.traffic == b.traffic && a.number == b.number;
}

size_t diff_put(struct output *output, const struct catalogue *catalogue,
                const struct endings *first, const char *policy, const struct endings *endings)
{
    size_t rows = 0;

    /* The same mail comes under any policy. */
    REQUIRE(first->count == endings->count);
    for (size_t i = 0; i < endings->count; i++) {
        EXPECT(is_same(first->list[i].id, endings->list[i].id));
        if (!endings_differ(&first->list[i], &endings->list[i]))
            continue;
        put_row(output, catalogue, &first->list[i], policy, &endings->list[i]);
        rows++;
    }
    return rows;
}
