/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/evidence.c - what is known to hold in spans of time
 *
 * Each row says what a recipient, a domain, or everybody is answered from one
 * instant to another; a row may be about one message alone. Of the rows that fit,
 * the first in the file speaks, at its stage: the others are silent at theirs. In
 * a session that another recipient was let into, it speaks at RCPT if that is
 * later. A replay writes these (models/reconstruct.h).
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
    sim_time reach; /* until when one of those about the same holds that begin no later */
    struct reply reply;
};

struct evidence {
    char *file;
    struct known *rows; /* by whom they are about, and beginning */
    size_t count, room;
    unsigned stages;
    bool about_domains; /* some are */
};

static const struct setting settings[] = {
    {"file", SETTING_FILE, offsetof(struct evidence, file), NULL, 0, 0, NULL,
     "CSV: recipient (or @domain, or *), from_s, until_s, stage, text; message, took_s (may be "
     "missing)"},
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

/* "*" is everybody, "@d.example" all of a domain. */
static void take_recipient(struct evidence_row *row, const char *cell, struct names *names)
{
    row->whole_domain = cell[0] == '@';
    row->recipient =
        row->whole_domain ? names_add_lower(names, cell + 1) : name_of(names, cell, "*");
}

bool evidence_add(void *object, const struct evidence_row *row, const char *text, struct err *err)
{
    struct evidence *evidence = object;
    struct known known = {.row = *row, .order = (uint32_t)evidence->count};

    if (!reply_parse(&known.reply, text, err))
        return false;
    evidence->stages |= AT_STAGE(row->stage);
    if (row->stage < STAGE_RCPT)
        evidence->stages |= AT_STAGE(STAGE_RCPT);
    evidence->about_domains |= row->whole_domain;
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
    take_recipient(&row, cells[RECIPIENT], names);
    row.message = name_of(names, cells[MESSAGE], "");
    return evidence_add(object, &row, cells[TEXT], err) || err_within(err, "text");
}

/* By whom they are about. */
static int compare_keys(const struct evidence_row *x, const struct evidence_row *y)
{
    if (x->whole_domain != y->whole_domain)
        return x->whole_domain - y->whole_domain;
    if (x->recipient != y->recipient)
        return x->recipient < y->recipient ? -1 : 1;
    return (x->message > y->message) - (x->message < y->message);
}

static int compare_beginnings(const struct evidence_row *x, const struct evidence_row *y)
{
    int keys = compare_keys(x, y);

    return keys != 0 ? keys : (x->from > y->from) - (x->from < y->from);
}

static int by_beginning(const void *a, const void *b)
{
    const struct known *x = a, *y = b;
    int rows = compare_beginnings(&x->row, &y->row);

    return rows != 0 ? rows : (x->order > y->order) - (x->order < y->order);
}

static void ready(void *object)
{
    struct evidence *evidence = object;
    struct known *known = evidence->rows;

    if (evidence->count > 0)
        qsort(known, evidence->count, sizeof *known, by_beginning);
    for (size_t i = 0; i < evidence->count; i++) {
        bool first = i == 0 || compare_keys(&known[i - 1].row, &known[i].row) != 0;
        known[i].reach = first || known[i - 1].reach < known[i].row.until ? known[i].row.until
                                                                          : known[i - 1].reach;
    }
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

/* The first that is about somebody else, or begins later than `sought`. */
static size_t behind(const struct evidence *evidence, const struct evidence_row *sought)
{
    size_t low = 0, high = evidence->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_beginnings(&evidence->rows[middle].row, sought) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Who asks, and when; the best answer so far. */
struct question {
    const struct evidence *evidence;
    sim_time at;
    uint32_t label; /* of the message; NAMES_NONE: it has none */
    const struct known *best;
};

/* Whichever comes first in the file: the best so far, or what is known of these two. */
static void look_up(struct question *question, struct evidence_row about)
{
    about.from = question->at;
    for (size_t i = behind(question->evidence, &about); i-- > 0;) {
        const struct known *known = &question->evidence->rows[i];
        if (compare_keys(&known->row, &about) != 0 || known->reach <= question->at)
            break;
        if (question->at < known->row.until
            && (question->best == NULL || known->order < question->best->order))
            question->best = known;
    }
}

/* Of any message, and of this one. */
static void look_up_both(struct question *question, struct evidence_row about)
{
    about.message = NAMES_NONE;
    look_up(question, about);
    about.message = question->label;
    if (about.message != NAMES_NONE)
        look_up(question, about);
}

static void look_up_domain(struct question *question, const struct scenario *scenario,
                           uint32_t domain)
{
    const char *text = names_text(&scenario->domains, domain);
    uint32_t name = names_find(&scenario->names, text, names_length(&scenario->domains, domain));

    if (name != NAMES_NONE)
        look_up_both(question, (struct evidence_row){.whole_domain = true, .recipient = name});
}

static const struct known *find(const struct evidence *evidence, const struct approach *approach)
{
    const struct catalogue *catalogue = approach->catalogue;
    struct message_id id = message_id(approach->message);
    struct mailbox to = catalogue_recipient(catalogue, id, approach->recipient);
    struct question question = {evidence, approach->at, catalogue_label(catalogue, id), NULL};

    look_up_both(&question, (struct evidence_row){.recipient = NAMES_NONE});
    if (to.address != NAMES_NONE)
        look_up_both(&question, (struct evidence_row){.recipient = to.address});
    if (evidence->about_domains)
        look_up_domain(&question, catalogue->scenario, to.domain);
    return question.best;
}

static const struct reply *speak(struct failure *self, struct approach *approach)
{
    const struct known *known = find(self->settings, approach);

    if (known == NULL || known->row.stage > approach->stage)
        return NULL;
    bool refuses = known->reply.outcome != OUTCOME_SENT;
    if (!refuses && known->row.stage < approach->stage)
        return NULL;
    approach->at += known->row.took;
    return refuses ? &known->reply : NULL;
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
