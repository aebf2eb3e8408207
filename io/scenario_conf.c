/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario_conf.h"

#include <confuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/csv.h"
#include "io/input.h"
#include "models/mta/mta.h"
#include "models/mta/postfix/parameters.h"
#include "models/span.h"
#include "sim/alloc.h"
#include "sim/nearest.h"

/* Where an option or a section was written. */
struct mark {
    const void *what; /* a cfg_opt_t, or the cfg_t of a section */
    int line;
};

struct reading {
    struct scenario *scenario;
    const char *path;
    struct err *err;
    bool failed;
    struct mark *marks; /* in the order of the file; owned */
    size_t mark_count, mark_room;
    void **owned; /* tables of options; owned */
    size_t owned_count, owned_room;
    struct text_context context;
};

/* libconfuse's callbacks are given nothing of ours: this is the reading under way. */
static _Thread_local struct reading *current;

static bool fail_at(struct reading *r, int line)
{
    if (!r->failed) {
        int status = r->err->status != 0 ? r->err->status : EX_DATAERR;
        err_within(r->err, "%s:%d", r->path, line);
        r->err->status = status;
    }
    r->failed = true;
    return false;
}

/* ------------------------------------------------- what libconfuse tells us */

static const char *nearest_option(const cfg_t *section, const char *name)
{
    size_t count = 0;

    while (section->opts[count].name != NULL)
        count++;
    return nearest(name, section->opts, count, sizeof section->opts[0]);
}

static void no_such_option(struct reading *r, const cfg_t *section, const char *name)
{
    const char *meant = nearest_option(section, name);

    if (meant != NULL)
        err_set(r->err, "%s: '%.60s': no such setting (did you mean '%s'?)", section->name, name,
                meant);
    else
        err_set(r->err, "%s: '%.60s': no such setting ('tempfail models' lists them)",
                section->name, name);
}

static void on_error(cfg_t *section, const char *fmt, va_list args)
{
    struct reading *r = current;

    if (r->failed)
        return;
    if (strncmp(fmt, "no such option", 14) == 0) {
        no_such_option(r, section, va_arg(args, const char *));
    } else {
        char text[300];
        vsnprintf(text, sizeof text, fmt, args);
        err_set(r->err, "%s", text);
    }
    fail_at(r, section->line);
}

static const struct mark *find_mark(const struct reading *r, const void *what)
{
    for (size_t i = 0; i < r->mark_count; i++) {
        if (r->marks[i].what == what)
            return &r->marks[i];
    }
    return NULL;
}

static int line_of(const struct reading *r, const void *what)
{
    const struct mark *mark = find_mark(r, what);

    return mark == NULL ? 0 : mark->line;
}

/* Called for each value and each section, when it has been read. */
static int on_value(cfg_t *section, cfg_opt_t *opt)
{
    struct reading *r = current;
    bool is_section = opt->type == CFGT_SEC;
    bool once = !is_section && (opt->flags & CFGF_LIST) == 0;
    const void *what = is_section ? (const void *)cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1) : opt;

    if (once && find_mark(r, what) != NULL) {
        err_set(r->err, "%s: '%s' is given twice (first in line %d)", section->name, opt->name,
                line_of(r, what));
        fail_at(r, section->line);
        return -1;
    }
    r->marks = alloc_grow(r->marks, &r->mark_room, r->mark_count + 1, sizeof *r->marks);
    r->marks[r->mark_count++] = (struct mark){what, section->line};
    return 0;
}

/* ------------------------------------------------------- tables of options */

struct table {
    cfg_opt_t *opts;
    size_t count, room;
};

static bool has(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->opts[i].name, name) == 0)
            return true;
    }
    return false;
}

static void add_option(struct table *table, cfg_opt_t opt)
{
    if (has(table, opt.name))
        return;
    opt.validcb = on_value;
    table->opts = alloc_grow(table->opts, &table->room, table->count + 2, sizeof *table->opts);
    table->opts[table->count++] = opt;
    table->opts[table->count] = (cfg_opt_t)CFG_END();
}

static void add_text(struct table *table, const char *name)
{
    add_option(table, (cfg_opt_t)CFG_STR(name, NULL, CFGF_NODEFAULT));
}

static void add_settings(struct table *table, const struct setting *setting)
{
    for (; setting->name != NULL; setting++)
        add_text(table, setting->name);
}

/* libconfuse copies the tables of sections when it needs them: they must last. */
static cfg_opt_t *keep(struct reading *r, struct table *table)
{
    if (table->count == 0)
        table->opts = alloc_grow(table->opts, &table->room, 1, sizeof *table->opts);
    table->opts[table->count] = (cfg_opt_t)CFG_END();
    r->owned = alloc_grow(r->owned, &r->owned_room, r->owned_count + 1, sizeof *r->owned);
    r->owned[r->owned_count++] = table->opts;
    return table->opts;
}

static cfg_opt_t *mta_options(struct reading *r)
{
    struct table table = {0};

    add_text(&table, "main_cf");
    add_text(&table, "scan_phase");
    add_text(&table, "scans");
    for (size_t i = 0; i < postfix_parameter_count; i++)
        add_text(&table, postfix_parameters[i].name);
    return keep(r, &table);
}

static cfg_opt_t *traffic_options(struct reading *r)
{
    struct table table = {0};

    add_text(&table, "arrivals");
    add_text(&table, "sender");
    add_text(&table, "size_bytes");
    add_text(&table, "recipients_each");
    add_option(&table, (cfg_opt_t)CFG_STR_LIST("recipients", NULL, CFGF_NODEFAULT));
    for (size_t i = 0; traffics[i] != NULL; i++)
        add_settings(&table, traffics[i]->settings);
    return keep(r, &table);
}

static cfg_opt_t *latency_options(struct reading *r)
{
    struct table table = {0};

    for (size_t i = 0; smtp_stage_names[i] != NULL; i++)
        add_text(&table, smtp_stage_names[i]);
    return keep(r, &table);
}

static cfg_opt_t *site_options(struct reading *r)
{
    struct table table = {0};

    add_option(&table, (cfg_opt_t)CFG_SEC("latency", latency_options(r), CFGF_MULTI));
    for (size_t i = 0; failures[i] != NULL; i++) {
        struct table inner = {0};
        add_settings(&inner, failures[i]->settings);
        add_option(&table, (cfg_opt_t)CFG_SEC(failures[i]->name, keep(r, &inner), CFGF_MULTI));
    }
    return keep(r, &table);
}

static cfg_opt_t *file_options(struct reading *r)
{
    const cfg_flag_t titled = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
    struct table table = {0};

    add_text(&table, "title");
    add_text(&table, "start");
    add_text(&table, "duration");
    add_text(&table, "seed");
    add_option(&table, (cfg_opt_t)CFG_SEC("mta", mta_options(r), titled));
    add_option(&table, (cfg_opt_t)CFG_SEC("traffic", traffic_options(r), titled));
    add_option(&table, (cfg_opt_t)CFG_SEC("site", site_options(r), titled));
    return keep(r, &table);
}

/* ------------------------------------------------------------- small values */

static const char *text_of(cfg_t *section, const char *name)
{
    return cfg_size(section, name) == 0 ? NULL : cfg_getstr(section, name);
}

/* "NAME: what is wrong", at the line where NAME was written. */
static bool fail_option(struct reading *r, cfg_t *section, const char *name)
{
    err_within(r->err, "%s: %s", section->name, name);
    return fail_at(r, line_of(r, cfg_getopt(section, name)));
}

static bool read_number(struct reading *r, cfg_t *section, const char *name, int64_t *number,
                        int64_t least)
{
    const char *text = text_of(section, name);
    char *end;

    if (text == NULL)
        return true;
    unsigned long long value = strtoull(text, &end, 10);
    bool good = text[0] >= '0' && text[0] <= '9' && *end == '\0' && strlen(text) <= 18;
    if (good && (int64_t)value >= least) {
        *number = (int64_t)value;
        return true;
    }
    err_set(r->err, "'%.60s' is no whole number from %lld on", text, (long long)least);
    return fail_option(r, section, name);
}

static bool read_span(struct reading *r, cfg_t *section, const char *name, sim_time *span)
{
    const char *text = text_of(section, name);

    return text == NULL || span_parse(span, text, r->err) || fail_option(r, section, name);
}

/* ------------------------------------------------------------------- files */

/* Relative to the scenario's own folder; allocated. */
static char *beside(const struct reading *r, const char *path)
{
    const char *slash = strrchr(r->path, '/');

    if (path[0] == '/' || slash == NULL)
        return alloc_text(path, strlen(path));
    return alloc_printf("%.*s/%s", (int)(slash - r->path), r->path, path);
}

struct rows_of {
    const struct row_reader *reader;
    void *object;
    struct names *names;
};

static bool take_row(void *user, const char *const *cells, struct err *err)
{
    struct rows_of *rows = user;

    return rows->reader->add(rows->object, cells, rows->names, err);
}

static bool read_rows(struct reading *r, const struct row_reader *reader, void *object,
                      const char *file)
{
    struct rows_of rows = {reader, object, &r->scenario->names};
    char *path = beside(r, file);
    bool good = csv_read(
        path, &(struct csv_rows){reader->columns, reader->optional, take_row, &rows}, r->err);

    free(path);
    if (good && reader->ready != NULL)
        reader->ready(object);
    return good;
}

struct sample_list {
    double *values;
    size_t count, room;
};

static bool take_sample(void *user, const char *const *cells, struct err *err)
{
    struct sample_list *list = user;
    sim_time span;

    if (!seconds_parse(&span, cells[0], err) || span < 0)
        return err_set(err, "wait_s: '%.40s' is no number of seconds from 0 on", cells[0]);
    list->values = alloc_grow(list->values, &list->room, list->count + 1, sizeof *list->values);
    list->values[list->count++] = (double)span / (double)SIM_SECOND;
    return true;
}

static bool read_samples(void *user, const char *file, double **values, size_t *count,
                         struct err *err)
{
    static const char *const columns[] = {"wait_s", NULL};
    struct sample_list list = {0};
    char *path = beside(user, file);
    bool good = csv_read(path, &(struct csv_rows){columns, 0, take_sample, &list}, err);

    free(path);
    if (!good)
        free(list.values);
    *values = good ? list.values : NULL;
    *count = good ? list.count : 0;
    return good;
}

static bool take_scan(void *user, const char *const *cells, struct err *err)
{
    struct scenario *scenario = user;
    sim_time start, end;

    if (!seconds_parse(&start, cells[0], err))
        return err_within(err, "t_start");
    if (!seconds_parse(&end, cells[1], err))
        return err_within(err, "t_end");
    size_t n = scenario->scan_count;
    if (end < start || (n > 0 && start <= scenario->scans[n - 1].start))
        return err_set(err, "t_start: scans should be in order, each ending after it began");
    scenario_add_scan(scenario, start, end);
    return true;
}

static bool read_scans(struct reading *r, cfg_t *section)
{
    static const char *const columns[] = {"t_start", "t_end", NULL};
    const char *file = text_of(section, "scans");

    if (file == NULL)
        return true;
    char *path = beside(r, file);
    bool good = csv_read(path, &(struct csv_rows){columns, 0, take_scan, r->scenario}, r->err);
    if (good && r->scenario->scan_count == 0)
        good = err_exit(r->err, EX_DATAERR, "%s: no scans in it", path);
    free(path);
    return good || fail_option(r, section, "scans");
}

/* ---------------------------------------------------------------- sections */

/* Sets what was written of `table`; what must be given and was not is an error. */
static bool read_settings(struct reading *r, cfg_t *section, int line, const struct setting *table,
                          void *object)
{
    for (; table->name != NULL; table++) {
        const char *text = text_of(section, table->name);
        if (text == NULL && table->fallback == NULL) {
            err_set(r->err, "%s: '%s' must be given: %s", section->name, table->name,
                    table->summary);
            return fail_at(r, line);
        }
        if (text != NULL && !setting_set(table, object, text, &r->context, r->err))
            return fail_option(r, section, table->name);
    }
    return true;
}

static bool read_file_setting(struct reading *r, cfg_t *section, const struct row_reader *rows,
                              void *object)
{
    if (rows == NULL)
        return true;
    return read_rows(r, rows, object, text_of(section, "file")) || fail_option(r, section, "file");
}

static bool read_failure(struct reading *r, struct site_spec *site, const struct failure_ops *ops,
                         cfg_t *section)
{
    void *settings = site_add_failure(site, ops);

    if (!read_settings(r, section, line_of(r, section), ops->settings, settings)
        || !read_file_setting(r, section, ops->rows, settings))
        return false;
    return ops->check == NULL || ops->check(settings, r->err) || fail_at(r, line_of(r, section));
}

static bool read_latency(struct reading *r, struct site_spec *site, cfg_t *section)
{
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        const char *name = smtp_stage_names[stage];
        const char *text = text_of(section, name);
        if (text == NULL)
            continue;
        dist_fini(&site->latency[stage]);
        if (!dist_parse(&site->latency[stage], text, &r->context, r->err))
            return fail_option(r, section, name);
        if (site->latency[stage].kind == DIST_NEVER) {
            err_set(r->err, "a stage that never ends is an outage");
            return fail_option(r, section, name);
        }
    }
    return true;
}

/* Reads the section of `site` that this mark is of; marks are in the order of the file. */
static bool read_part(struct reading *r, struct site_spec *site, cfg_t *section,
                      const struct mark *mark)
{
    for (cfg_opt_t *opt = section->opts; opt->name != NULL; opt++) {
        for (unsigned i = 0; i < cfg_opt_size(opt); i++) {
            cfg_t *part = cfg_opt_getnsec(opt, i);
            if (part != mark->what)
                continue;
            const struct failure_ops *ops = failure_find(opt->name);
            return ops == NULL ? read_latency(r, site, part) : read_failure(r, site, ops, part);
        }
    }
    return true;
}

static bool read_site(struct reading *r, cfg_t *section)
{
    struct site_spec *site = scenario_add_site(r->scenario, cfg_title(section));

    for (size_t i = 0; i < r->mark_count; i++) {
        if (!read_part(r, site, section, &r->marks[i]))
            return false;
    }
    return true;
}

/* "@gmail.example:4": a domain and its weight, 1 if there is none. */
static bool read_destination(struct reading *r, struct traffic_spec *traffic, const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t length = colon == NULL ? strlen(text) : (size_t)(colon - text);
    double weight = 1;

    if (text[0] != '@' || length < 2)
        return err_set(r->err, "'%.60s' should be '@', a domain and perhaps ':' and its weight",
                       text);
    if (colon != NULL && (!number_parse(&weight, colon + 1, r->err) || weight <= 0))
        return err_set(r->err, "'%.60s': the weight should be a number above 0", text);
    char *address = alloc_text(text, length);
    traffic_add_destination(traffic, scenario_add_domain_of(r->scenario, address), weight);
    free(address);
    return true;
}

static bool read_made_up(struct reading *r, cfg_t *section, struct traffic_spec *traffic)
{
    const char *sender = text_of(section, "sender");
    unsigned count = cfg_size(section, "recipients");

    if (sender == NULL || count == 0) {
        err_set(r->err, "traffic: '%s' must be given", sender == NULL ? "sender" : "recipients");
        return fail_at(r, line_of(r, section));
    }
    traffic->sender = scenario_add_name(r->scenario, sender);
    for (unsigned i = 0; i < count; i++) {
        if (!read_destination(r, traffic, cfg_getnstr(section, "recipients", i)))
            return fail_option(r, section, "recipients");
    }
    return read_number(r, section, "size_bytes", &traffic->size_bytes, 0)
           && read_number(r, section, "recipients_each", &traffic->recipients_each, 1);
}

/* What belongs to another kind of traffic would go unheeded. */
static bool refuse_foreign(struct reading *r, cfg_t *section, const struct traffic_ops *ops)
{
    static const char *const common[] = {"sender", "size_bytes", "recipients_each", "recipients"};

    for (cfg_opt_t *opt = section->opts; opt->name != NULL; opt++) {
        bool own = strcmp(opt->name, "arrivals") == 0 || setting_find(ops->settings, opt->name);
        for (size_t i = 0; i < COUNT_OF(common) && ops->envelope == NULL; i++)
            own |= strcmp(opt->name, common[i]) == 0;
        if (own || cfg_opt_size(opt) == 0 || find_mark(r, opt) == NULL)
            continue;
        err_set(r->err, "arrivals = %s has no such setting", ops->name);
        return fail_option(r, section, opt->name);
    }
    return true;
}

static bool read_traffic(struct reading *r, cfg_t *section)
{
    const char *kind = text_of(section, "arrivals");
    const struct traffic_ops *ops = kind == NULL ? NULL : traffic_find(kind);

    if (ops == NULL) {
        err_set(r->err, "traffic: arrivals should be one of poisson, burst, even, diurnal, trace");
        return fail_at(
            r, line_of(r, kind == NULL ? (const void *)section : cfg_getopt(section, "arrivals")));
    }
    struct traffic_spec *traffic = scenario_add_traffic(r->scenario, cfg_title(section));
    traffic_set_kind(traffic, ops);
    if (!refuse_foreign(r, section, ops)
        || !read_settings(r, section, line_of(r, section), ops->settings, traffic->settings)
        || !read_file_setting(r, section, ops->rows, traffic->settings))
        return false;
    return ops->envelope != NULL || read_made_up(r, section, traffic);
}

static bool read_mta(struct reading *r, cfg_t *section)
{
    struct scenario *scenario = r->scenario;
    const char *main_cf = text_of(section, "main_cf");

    if (mta_find(cfg_title(section)) == NULL) {
        err_set(r->err, "mta: '%.60s': there is only postfix", cfg_title(section));
        return fail_at(r, line_of(r, section));
    }
    scenario->mta = alloc_text(cfg_title(section), strlen(cfg_title(section)));
    if (main_cf != NULL)
        scenario->main_cf = beside(r, main_cf);
    for (size_t i = 0; i < postfix_parameter_count; i++) {
        const char *name = postfix_parameters[i].name;
        const char *value = text_of(section, name);
        if (value != NULL)
            scenario_add_assignment(scenario, name, value, line_of(r, cfg_getopt(section, name)));
    }
    return read_span(r, section, "scan_phase", &scenario->scan_phase) && read_scans(r, section);
}

static bool read_start(struct reading *r, cfg_t *file)
{
    const char *text = text_of(file, "start");

    return text == NULL || utc_parse(&r->scenario->start, text, r->err)
           || fail_option(r, file, "start");
}

static bool read_each(struct reading *r, cfg_t *file, const char *name,
                      bool (*read)(struct reading *r, cfg_t *section))
{
    for (unsigned i = 0; i < cfg_size(file, name); i++) {
        if (!read(r, cfg_getnsec(file, name, i)))
            return false;
    }
    return true;
}

static bool check_whole(struct reading *r, cfg_t *file)
{
    if (r->scenario->traffic_count == 0) {
        err_exit(r->err, EX_DATAERR, "%s: no traffic { } in it: nothing would happen", r->path);
        return false;
    }
    if (cfg_size(file, "mta") > 1) {
        err_set(r->err, "mta: one is enough");
        return fail_at(r, line_of(r, cfg_getnsec(file, "mta", 1)));
    }
    return true;
}

static bool read_file(struct reading *r, cfg_t *file)
{
    struct scenario *scenario = r->scenario;
    const char *title = text_of(file, "title");
    int64_t seed = (int64_t)scenario->seed;

    if (!read_start(r, file) || !read_span(r, file, "duration", &scenario->duration)
        || !read_number(r, file, "seed", &seed, 0))
        return false;
    scenario->seed = (uint64_t)seed;
    if (title != NULL)
        scenario->title = alloc_text(title, strlen(title));
    r->context = (struct text_context){scenario->start, read_samples, r};
    return read_each(r, file, "mta", read_mta) && read_each(r, file, "traffic", read_traffic)
           && read_each(r, file, "site", read_site) && check_whole(r, file);
}

static void release(struct reading *r)
{
    for (size_t i = 0; i < r->owned_count; i++)
        free(r->owned[i]);
    free(r->owned);
    free(r->marks);
}

static bool parse(struct reading *r, const char *text)
{
    cfg_t *file = cfg_init(file_options(r), CFGF_NONE);

    current = r;
    cfg_set_error_function(file, on_error);
    bool good = cfg_parse_buf(file, text) == CFG_SUCCESS && !r->failed;
    if (!good && !r->failed)
        err_exit(r->err, EX_DATAERR, "%s: it cannot be read", r->path);
    good = good && read_file(r, file);
    cfg_free(file);
    current = NULL;
    return good;
}

bool scenario_read_text(struct scenario *scenario, const char *text, size_t length,
                        const char *path, struct err *err)
{
    struct reading r = {.scenario = scenario, .path = path, .err = err};

    err->status = 0;
    if (memchr(text, '\0', length) != NULL)
        return err_exit(err, EX_DATAERR, "%s: a NUL byte in it: this is no scenario", path);
    scenario_init(scenario);
    bool good = parse(&r, text);
    release(&r);
    if (good)
        scenario_ready(scenario);
    else
        scenario_fini(scenario);
    return good;
}

bool scenario_read(struct scenario *scenario, const char *path, struct err *err)
{
    char *text;
    size_t length;

    if (!input_read_all(path, &text, &length, err))
        return false;
    bool good = scenario_read_text(scenario, text, length, path, err);
    free(text);
    return good;
}
