/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/evidence.c - what is known to hold in spans of time
 *
 * Each row says what a recipient, or everybody, is answered from one instant to
 * another; a row may be about one message alone. Of the rows that fit, the
 * first in the file speaks, at its stage: the others are silent at theirs. A
 * replay writes these (models/reconstruct.h).
 */
#include "models/site/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "models/catalogue.h"
#include "models/site/failure.h"
#include "sim/alloc.h"

struct known {
    struct evidence_row row;
    uint32_t order; /* in the file */
    struct reply reply;
};

struct evidence {
    char *file;
    struct known *rows; /* by recipient, message, order */
    size_t count, room;
    unsigned stages;
};

static const struct setting settings[] = {
    {"file", SETTING_FILE, offsetof(struct evidence, file), NULL, 0, 0, NULL,
     "CSV: recipient (or *), from_s, until_s, stage, text; message, took_s (may be missing)"},
    {0},
};

static const char *const columns[] = {"recipient", "from_s",  "until_s", "stage",
                                      "text",      "message", "took_s",  NULL};
enum { RECIPIENT, FROM, UNTIL, STAGE, TEXT, MESSAGE, TOOK };

/* Seconds since the start; an empty cell is the far past or the far future. */
static bool parse_instant(sim_time *at, const char *cell, sim_time if_empty, struct err *err)
{
    *at = if_empty;
    return cell[0] == '\0' || seconds_parse(at, cell, err);
}

static bool parse_stage(enum smtp_stage *stage, const char *cell, struct err *err)
{
    for (int i = 0; smtp_stage_names[i] != NULL; i++) {
        if (strcmp(smtp_stage_names[i], cell) == 0) {
            *stage = (enum smtp_stage)i;
            return true;
        }
    }
    return err_set(err, "'%.40s' is none of dns, connect, greeting, mail, rcpt, data", cell);
}

static uint32_t name_of(struct names *names, const char *cell, const char *none)
{
    return strcmp(cell, none) == 0 ? NAMES_NONE : names_add(names, cell, strlen(cell));
}

bool evidence_add(void *object, const struct evidence_row *row, const char *text, struct err *err)
{
    struct evidence *evidence = object;
    struct known known = {.row = *row, .order = (uint32_t)evidence->count};

    if (!reply_parse(&known.reply, text, err))
        return false;
    evidence->stages |= AT_STAGE(row->stage);
    evidence->rows =
        alloc_grow(evidence->rows, &evidence->room, evidence->count + 1, sizeof *evidence->rows);
    evidence->rows[evidence->count++] = known;
    return true;
}

static bool add(void *object, const char *const *cells, struct names *names, struct err *err)
{
    struct evidence_row row = {0};

    if (!parse_instant(&row.from, cells[FROM], -SIM_NEVER, err))
        return err_within(err, "from_s");
    if (!parse_instant(&row.until, cells[UNTIL], SIM_NEVER, err))
        return err_within(err, "until_s");
    if (!parse_stage(&row.stage, cells[STAGE], err))
        return err_within(err, "stage");
    if (!parse_instant(&row.took, cells[TOOK], 0, err))
        return err_within(err, "took_s");
    if (row.took < 0)
        return err_set(err, "took_s: '%.40s' is below 0", cells[TOOK]);
    row.recipient = name_of(names, cells[RECIPIENT], "*");
    row.message = name_of(names, cells[MESSAGE], "");
    return evidence_add(object, &row, cells[TEXT], err) || err_within(err, "text");
}

static int compare_keys(const struct known *known, uint32_t recipient, uint32_t message)
{
    if (known->row.recipient != recipient)
        return known->row.recipient < recipient ? -1 : 1;
    return (known->row.message > message) - (known->row.message < message);
}

static int by_key_and_order(const void *a, const void *b)
{
    const struct known *x = a, *y = b;
    int keys = compare_keys(x, y->row.recipient, y->row.message);

    return keys != 0 ? keys : (x->order > y->order) - (x->order < y->order);
}

static void ready(void *object)
{
    struct evidence *evidence = object;

    if (evidence->count > 0)
        qsort(evidence->rows, evidence->count, sizeof *evidence->rows, by_key_and_order);
}

static const struct row_reader rows = {
    .columns = columns, .optional = 2, .add = add, .ready = ready};

static void forget(void *object)
{
    struct evidence *evidence = object;

    for (size_t i = 0; i < evidence->count; i++)
        reply_fini(&evidence->rows[i].reply);
    free(evidence->rows);
}

static unsigned stages(const void *object)
{
    return ((const struct evidence *)object)->stages;
}

static size_t first_of(const struct evidence *evidence, uint32_t recipient, uint32_t message)
{
    size_t low = 0, high = evidence->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(&evidence->rows[middle], recipient, message) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool fits(const struct evidence_row *row, const struct approach *approach)
{
    return approach->at >= row->from && approach->at < row->until;
}

/* Whichever comes first in the file: `best`, or the first about these two that fits. */
static const struct known *better(const struct known *best, const struct evidence *evidence,
                                  uint32_t recipient, uint32_t message,
                                  const struct approach *approach)
{
    for (size_t i = first_of(evidence, recipient, message); i < evidence->count; i++) {
        const struct known *known = &evidence->rows[i];
        if (compare_keys(known, recipient, message) != 0)
            break;
        if (fits(&known->row, approach))
            return best == NULL || known->order < best->order ? known : best;
    }
    return best;
}

static const struct known *find(const struct evidence *evidence, const struct approach *approach)
{
    struct message_id id = message_id(approach->message);
    uint32_t address = catalogue_recipient(approach->catalogue, id, approach->recipient).address;
    uint32_t label = catalogue_label(approach->catalogue, id);
    const struct known *best = better(NULL, evidence, NAMES_NONE, NAMES_NONE, approach);

    if (label != NAMES_NONE)
        best = better(best, evidence, NAMES_NONE, label, approach);
    if (address != NAMES_NONE)
        best = better(best, evidence, address, NAMES_NONE, approach);
    if (label != NAMES_NONE && address != NAMES_NONE)
        best = better(best, evidence, address, label, approach);
    return best;
}

static const struct reply *speak(struct failure *self, struct approach *approach)
{
    const struct known *known = find(self->settings, approach);

    if (known == NULL || known->row.stage != approach->stage)
        return NULL;
    approach->at += known->row.took;
    return known->reply.outcome != OUTCOME_SENT ? &known->reply : NULL;
}

const struct failure_ops failure_evidence = {
    .name = "evidence",
    .summary = "what is known to hold, for whom, in spans of time",
    .settings_size = sizeof(struct evidence),
    .settings = settings,
    .rows = &rows,
    .forget = forget,
    .stages = stages,
    .speak = speak,
};
