/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/evidence.c - what is known to hold in spans of time
 *
 * Each row says what a recipient, or everybody, is answered from one instant to
 * another; a row may be about one message alone. The first row in the file
 * that fits speaks. A replay writes these (models/reconstruct.h).
 */
#include <stdlib.h>
#include <string.h>

#include "models/catalogue.h"
#include "models/site/failure.h"
#include "sim/alloc.h"

struct known {
    uint32_t address; /* NAMES_NONE: everybody */
    uint32_t message; /* its id in the trace; NAMES_NONE: any */
    uint32_t order;   /* in the file */
    enum smtp_stage stage;
    sim_time from, until;
    struct reply reply;
};

struct evidence {
    char *file;
    struct known *rows; /* by address, then order */
    size_t count, room;
    unsigned stages;
};

static const struct setting settings[] = {
    {"file", SETTING_FILE, offsetof(struct evidence, file), NULL, 0, 0, NULL,
     "CSV: recipient (or *), from_s, until_s, stage, text, message (may be missing)"},
    {0},
};

static const char *const columns[] = {"recipient", "from_s",  "until_s", "stage",
                                      "text",      "message", NULL};
enum { RECIPIENT, FROM, UNTIL, STAGE, TEXT, MESSAGE };

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

static bool add(void *object, const char *const *cells, struct names *names, struct err *err)
{
    struct evidence *evidence = object;
    struct known row = {.order = (uint32_t)evidence->count};

    if (!parse_instant(&row.from, cells[FROM], -SIM_NEVER, err))
        return err_within(err, "from_s");
    if (!parse_instant(&row.until, cells[UNTIL], SIM_NEVER, err))
        return err_within(err, "until_s");
    if (!parse_stage(&row.stage, cells[STAGE], err))
        return err_within(err, "stage");
    if (!reply_parse(&row.reply, cells[TEXT], err))
        return err_within(err, "text");
    row.address = name_of(names, cells[RECIPIENT], "*");
    row.message = name_of(names, cells[MESSAGE], "");
    evidence->stages |= AT_STAGE(row.stage);
    evidence->rows =
        alloc_grow(evidence->rows, &evidence->room, evidence->count + 1, sizeof *evidence->rows);
    evidence->rows[evidence->count++] = row;
    return true;
}

static int by_address_and_order(const void *a, const void *b)
{
    const struct known *x = a, *y = b;

    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static void ready(void *object)
{
    struct evidence *evidence = object;

    qsort(evidence->rows, evidence->count, sizeof *evidence->rows, by_address_and_order);
}

static const struct row_reader rows = {
    .columns = columns, .optional = 1, .add = add, .ready = ready};

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

static size_t first_of(const struct evidence *evidence, uint32_t address)
{
    size_t low = 0, high = evidence->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (evidence->rows[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool fits(const struct known *row, const struct approach *approach)
{
    if (row->stage != approach->stage || approach->at < row->from || approach->at >= row->until)
        return false;
    return row->message == NAMES_NONE
           || row->message == catalogue_label(approach->catalogue, message_id(approach->message));
}

/* The first row about `address` that fits; NULL if there is none. */
static const struct known *find(const struct evidence *evidence, uint32_t address,
                                const struct approach *approach)
{
    for (size_t i = first_of(evidence, address); i < evidence->count; i++) {
        const struct known *row = &evidence->rows[i];
        if (row->address != address)
            break;
        if (fits(row, approach))
            return row;
    }
    return NULL;
}

static const struct reply *speak(struct failure *self, struct approach *approach)
{
    const struct evidence *evidence = self->settings;
    struct message_id id = message_id(approach->message);
    uint32_t address = catalogue_recipient(approach->catalogue, id, approach->recipient).address;
    const struct known *own = address == NAMES_NONE ? NULL : find(evidence, address, approach);
    const struct known *common = find(evidence, NAMES_NONE, approach);
    const struct known *row =
        own == NULL || (common != NULL && common->order < own->order) ? common : own;

    return row != NULL && row->reply.outcome != OUTCOME_SENT ? &row->reply : NULL;
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
