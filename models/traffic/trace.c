/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/traffic/trace.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

/* A row, until they are sorted into messages. */
struct row {
    sim_time at;
    uint32_t label, sender, recipient;
    uint32_t order; /* in the file */
    uint32_t scan_order;
    int64_t size_bytes;
};

struct traced {
    sim_time at;
    uint32_t label, sender;
    int64_t size_bytes;
    uint32_t first, count; /* recipients */
    uint32_t scan_order;
};

/* Where a message stands among all. */
struct place {
    uint32_t label, number;
};

struct trace {
    char *file;
    struct row *rows;
    size_t row_count, row_room;
    struct traced *messages; /* by time, then order in the file */
    size_t count;
    struct place *places; /* of the messages, by label */
    uint32_t *recipients; /* of all messages, in their order */
};

struct trace_state {
    size_t number;
};

static const struct setting settings[] = {
    {"file", SETTING_FILE, offsetof(struct trace, file), NULL, 0, 0, NULL,
     "CSV: id, time_s, sender, recipient; size_bytes, scan_order (may be missing); a row per "
     "recipient"},
    {0},
};

void trace_add(void *object, sim_time at, uint32_t label, uint32_t sender, uint32_t recipient,
               int64_t size_bytes)
{
    struct trace *trace = object;
    struct row row = {
        .at = at,
        .label = label,
        .sender = sender,
        .recipient = recipient,
        .order = (uint32_t)trace->row_count,
        .scan_order = SCAN_ORDER_NONE,
        .size_bytes = size_bytes,
    };

    trace->rows =
        alloc_grow(trace->rows, &trace->row_room, trace->row_count + 1, sizeof *trace->rows);
    trace->rows[trace->row_count++] = row;
}

void trace_set_scan_order(void *object, uint32_t scan_order)
{
    struct trace *trace = object;

    trace->rows[trace->row_count - 1].scan_order = scan_order;
}

static const char *const columns[] = {"id",         "time_s",     "sender", "recipient",
                                      "size_bytes", "scan_order", NULL};
enum { ID, TIME, SENDER, RECIPIENT, SIZE, SCAN_ORDER };

/* -1 where the cell is empty. */
static bool parse_number(int64_t *number, const char *cell, int64_t most)
{
    char *end;

    *number = -1;
    if (cell[0] == '\0')
        return true;
    *number = strtoll(cell, &end, 10);
    return *end == '\0' && *number >= 0 && *number <= most;
}

static bool parse_size(int64_t *size, const char *cell, struct err *err)
{
    return parse_number(size, cell, INT64_MAX)
           || err_set(err, "size_bytes: '%.40s' is no number of bytes", cell);
}

static bool parse_scan_order(int64_t *scan_order, const char *cell, struct err *err)
{
    return parse_number(scan_order, cell, SCAN_ORDER_NONE - 1)
           || err_set(err, "scan_order: '%.40s' is no number from 0 on", cell);
}

static bool parse_arrival(sim_time *at, const char *cell, struct err *err)
{
    if (!seconds_parse(at, cell, err))
        return err_within(err, "time_s");
    return (*at >= 0 && (double)*at <= LATEST_ARRIVAL * (double)SIM_SECOND)
           || err_set(err, "time_s: '%.40s' is out of bounds: from 0 to %g was expected", cell,
                      LATEST_ARRIVAL);
}

static bool add(void *object, const char *const *cells, struct names *names, struct err *err)
{
    sim_time at;
    int64_t size, scan_order;

    if (cells[ID][0] == '\0')
        return err_set(err, "id: a message needs one");
    if (!parse_arrival(&at, cells[TIME], err) || !parse_size(&size, cells[SIZE], err)
        || !parse_scan_order(&scan_order, cells[SCAN_ORDER], err))
        return false;
    trace_add(object, at, names_add(names, cells[ID], strlen(cells[ID])),
              names_add(names, cells[SENDER], strlen(cells[SENDER])),
              names_add(names, cells[RECIPIENT], strlen(cells[RECIPIENT])), size);
    if (scan_order >= 0)
        trace_set_scan_order(object, (uint32_t)scan_order);
    return true;
}

static int by_label_and_order(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* `first` still is the place of the message's first row in the file here. */
static int by_time_and_order(const void *a, const void *b)
{
    const struct traced *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* One message per label, `first` being the order of its first row. Rows are sorted by label. */
static void gather_messages(struct trace *trace)
{
    trace->messages = alloc_zeroed((trace->row_count + 1) * sizeof *trace->messages);
    for (size_t i = 0; i < trace->row_count; i++) {
        const struct row *row = &trace->rows[i];
        bool new = i == 0 || row->label != trace->rows[i - 1].label;
        if (new)
            trace->messages[trace->count++] = (struct traced){
                row->at, row->label, row->sender, row->size_bytes, row->order, 0, row->scan_order};
        trace->messages[trace->count - 1].count++;
    }
}

static size_t first_row_of(const struct trace *trace, uint32_t label)
{
    size_t low = 0, high = trace->row_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (trace->rows[middle].label < label)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void gather_recipients(struct trace *trace)
{
    size_t used = 0;

    trace->recipients = alloc_zeroed((trace->row_count + 1) * sizeof *trace->recipients);
    for (size_t i = 0; i < trace->count; i++) {
        struct traced *message = &trace->messages[i];
        size_t row = first_row_of(trace, message->label);
        message->first = (uint32_t)used;
        for (uint32_t k = 0; k < message->count; k++)
            trace->recipients[used++] = trace->rows[row + k].recipient;
    }
}

static int by_label(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return (x->label > y->label) - (x->label < y->label);
}

static void note_places(struct trace *trace)
{
    trace->places = alloc_zeroed((trace->count + 1) * sizeof *trace->places);
    for (size_t i = 0; i < trace->count; i++)
        trace->places[i] = (struct place){trace->messages[i].label, (uint32_t)i};
    qsort(trace->places, trace->count, sizeof *trace->places, by_label);
}

static void ready(void *object)
{
    struct trace *trace = object;

    if (trace->row_count > 0)
        qsort(trace->rows, trace->row_count, sizeof *trace->rows, by_label_and_order);
    gather_messages(trace);
    qsort(trace->messages, trace->count, sizeof *trace->messages, by_time_and_order);
    gather_recipients(trace);
    note_places(trace);
    free(trace->rows);
    trace->rows = NULL;
}

static const struct row_reader rows = {
    .columns = columns, .optional = 2, .add = add, .ready = ready};

static void forget(void *object)
{
    struct trace *trace = object;

    free(trace->rows);
    free(trace->messages);
    free(trace->places);
    free(trace->recipients);
}

static sim_time next(struct traffic *self)
{
    const struct trace *trace = self->settings;
    struct trace_state *state = self->state;

    return state->number < trace->count ? trace->messages[state->number++].at : SIM_NEVER;
}

static struct envelope envelope(const void *object, uint32_t number)
{
    const struct trace *trace = object;
    const struct traced *message = &trace->messages[number];

    return (struct envelope){message->label,      message->sender,
                             message->size_bytes, &trace->recipients[message->first],
                             message->count,      message->scan_order};
}

static bool find(const void *object, uint32_t label, uint32_t *number)
{
    const struct trace *trace = object;
    const struct place wanted = {.label = label};
    const struct place *place =
        bsearch(&wanted, trace->places, trace->count, sizeof wanted, by_label);

    if (place != NULL)
        *number = place->number;
    return place != NULL;
}

const struct traffic_ops traffic_trace = {
    .name = "trace",
    .summary = "recorded arrivals, read from a file",
    .settings_size = sizeof(struct trace),
    .state_size = sizeof(struct trace_state),
    .settings = settings,
    .rows = &rows,
    .forget = forget,
    .next = next,
    .envelope = envelope,
    .find = find,
};
