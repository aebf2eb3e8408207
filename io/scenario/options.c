/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/options.h"

#include <stdlib.h>
#include <string.h>

#include "io/scenario/keys.h"
#include "io/scenario/operations.h"
#include "models/mta/postfix/transports.h"
#include "models/scenario.h"
#include "sim/alloc.h"

struct table {
    const struct option_hooks *hooks;
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

static void add(struct table *table, cfg_opt_t opt)
{
    if (has(table, opt.name))
        return;
    table->opts = alloc_grow(table->opts, &table->room, table->count + 2, sizeof *table->opts);
    table->opts[table->count++] = opt;
    table->opts[table->count] = (cfg_opt_t)CFG_END();
}

/*
 * libconfuse tells nobody that a section opens, but it parses its defaults then:
 * here is one, the first of each table. No setting can have its name.
 */
static struct table table_of(const struct options *options)
{
    static char value[] = "open";
    struct table table = {.hooks = options->hooks};
    cfg_opt_t opener = CFG_STR("{", NULL, CFGF_NONE);

    opener.def.parsed = value;
    opener.parsecb = options->hooks->open;
    add(&table, opener);
    return table;
}

static void add_text(struct table *table, const char *name, cfg_flag_t flags)
{
    cfg_opt_t opt = CFG_STR(name, NULL, CFGF_NODEFAULT);

    opt.flags |= flags;
    opt.parsecb = table->hooks->text;
    add(table, opt);
}

static void add_section(struct table *table, const char *name, cfg_opt_t *inner, cfg_flag_t flags)
{
    cfg_opt_t opt = CFG_SEC(name, inner, CFGF_MULTI);

    opt.flags |= flags;
    opt.validcb = table->hooks->close;
    add(table, opt);
}

static void add_settings(struct table *table, const struct setting *setting)
{
    for (; setting->name != NULL; setting++)
        add_text(table, setting->name, CFGF_NONE);
}

static void add_keys(struct table *table, const struct scenario_key *key)
{
    for (; key->name != NULL; key++)
        add_text(table, key->name, key->is_list ? CFGF_LIST : CFGF_NONE);
}

static void *keep_owned(struct options *options, void *owned)
{
    options->tables =
        alloc_grow(options->tables, &options->room, options->count + 1, sizeof *options->tables);
    return options->tables[options->count++] = owned;
}

static cfg_opt_t *keep(struct options *options, struct table *table)
{
    return keep_owned(options, table->opts);
}

static void add_part(struct options *options, struct table *table, const char *name,
                     const struct setting *settings)
{
    struct table inner = table_of(options);

    add_settings(&inner, settings);
    add_section(table, name, keep(options, &inner), CFGF_NONE);
}

/* slow_destination_rate_delay: there is no list of transports, so any such word will do. */
static void add_overrides(struct options *options, struct table *table, const char *text)
{
    char transport[POSTFIX_TRANSPORT_ROOM];

    while (*text != '\0') {
        size_t length = strspn(text, POSTFIX_NAME_LETTERS);
        char *word = alloc_text(text, length);
        if (postfix_override_find(word, transport) != NULL && !has(table, word))
            add_text(table, keep_owned(options, word), CFGF_NONE);
        else
            free(word);
        text += length;
        text += strcspn(text, POSTFIX_NAME_LETTERS);
    }
}

static cfg_opt_t *mta_options(struct options *options, const char *text)
{
    struct table table = table_of(options);

    add_keys(&table, mta_keys);
    for (int kind = 0; kind < OPERATION_COUNT; kind++)
        add_part(options, &table, operation_names[kind], operation_forms[kind].settings);
    for (size_t i = 0; i < postfix_parameter_count; i++)
        add_text(&table, postfix_parameters[i].name, CFGF_NONE);
    add_overrides(options, &table, text);
    return keep(options, &table);
}

static cfg_opt_t *traffic_options(struct options *options)
{
    struct table table = table_of(options);

    add_keys(&table, traffic_keys);
    add_keys(&table, envelope_keys);
    for (size_t i = 0; traffics[i] != NULL; i++)
        add_settings(&table, traffics[i]->settings);
    return keep(options, &table);
}

static cfg_opt_t *latency_options(struct options *options)
{
    struct table table = table_of(options);

    for (size_t i = 0; smtp_stage_names[i] != NULL; i++)
        add_text(&table, smtp_stage_names[i], CFGF_NONE);
    return keep(options, &table);
}

static cfg_opt_t *site_options(struct options *options)
{
    struct table table = table_of(options);

    add_keys(&table, site_keys);
    add_section(&table, "latency", latency_options(options), CFGF_NONE);
    for (size_t i = 0; failures[i] != NULL; i++)
        add_part(options, &table, failures[i]->name, failures[i]->settings);
    return keep(options, &table);
}

static cfg_opt_t *class_options(struct options *options)
{
    struct table table = table_of(options);

    add_settings(&table, class_settings);
    return keep(options, &table);
}

cfg_opt_t *options_init(struct options *options, const struct option_hooks *hooks, const char *text)
{
    const cfg_flag_t titled = CFGF_TITLE | CFGF_NO_TITLE_DUPES;

    *options = (struct options){.hooks = hooks};
    struct table table = table_of(options);
    add_keys(&table, file_keys);
    add_section(&table, "mta", mta_options(options, text), titled);
    add_section(&table, "class", class_options(options), titled);
    add_section(&table, "traffic", traffic_options(options), titled);
    add_section(&table, "site", site_options(options), titled);
    return keep(options, &table);
}

void options_fini(struct options *options)
{
    for (size_t i = 0; i < options->count; i++)
        free(options->tables[i]);
    free(options->tables);
}
