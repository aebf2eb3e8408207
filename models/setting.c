/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/span.h"
#include "sim/alloc.h"

const struct setting *setting_find(const struct setting *table, const char *name)
{
    for (; table->name != NULL; table++) {
        if (strcmp(table->name, name) == 0)
            return table;
    }
    return NULL;
}

const char *setting_type_name(enum setting_type type)
{
    static const char *const names[] = {
        [SETTING_SPAN] = "duration", [SETTING_DIST] = "distribution", [SETTING_INSTANT] = "instant",
        [SETTING_COUNT] = "number",  [SETTING_SHARE] = "share",       [SETTING_RATE] = "rate",
        [SETTING_AMOUNT] = "amount", [SETTING_REPLY] = "reply",       [SETTING_CHOICE] = "choice",
        [SETTING_TEXT] = "text",     [SETTING_FILE] = "file",
    };

    return names[type];
}

static bool within_bounds(const struct setting *setting, double value, const char *text,
                          struct err *err)
{
    bool bounded = setting->min != 0 || setting->max != 0;

    if (!bounded || (value >= setting->min && value <= setting->max))
        return true;
    return err_set(err, "'%.60s' is out of bounds: from %g to %g%s was expected", text,
                   setting->min, setting->max,
                   setting->type == SETTING_INSTANT ? " s from the start"
                   : setting->type == SETTING_SPAN  ? " s"
                                                    : "");
}

static bool set_span(const struct setting *setting, sim_time *field, const char *text,
                     struct err *err)
{
    sim_time span;

    if (!span_parse(&span, text, err)
        || !within_bounds(setting, (double)span / (double)SIM_SECOND, text, err))
        return false;
    *field = span;
    return true;
}

static bool parse_instant(sim_time *at, const char *text, const struct text_context *context,
                          struct err *err)
{
    if (strcmp(text, "never") == 0) {
        *at = SIM_NEVER;
        return true;
    }
    if (strchr(text, 'T') == NULL)
        return span_parse(at, text, err);
    if (!utc_parse(at, text, err))
        return false;
    *at -= context == NULL ? 0 : context->start;
    return true;
}

static bool set_instant(const struct setting *setting, sim_time *field, const char *text,
                        const struct text_context *context, struct err *err)
{
    sim_time at;

    if (!parse_instant(&at, text, context, err)
        || !within_bounds(setting, (double)at / (double)SIM_SECOND, text, err))
        return false;
    *field = at;
    return true;
}

static bool set_dist(struct dist *field, const char *text, const struct text_context *context,
                     struct err *err)
{
    struct dist dist;

    if (!dist_parse(&dist, text, context, err))
        return false;
    dist_fini(field);
    *field = dist;
    return true;
}

static bool set_count(const struct setting *setting, int64_t *field, const char *text,
                      struct err *err)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 18 || text[digits] != '\0')
        return err_set(err, "'%.60s' is no whole number", text);
    int64_t count = strtoll(text, NULL, 10);
    if (!within_bounds(setting, (double)count, text, err))
        return false;
    *field = count;
    return true;
}

static bool set_share(double *field, const char *text, struct err *err)
{
    double share;

    if (!number_parse(&share, text, err))
        return false;
    if (share > 1)
        return err_set(err, "'%.60s' is out of bounds: from 0 to 1 was expected", text);
    *field = share;
    return true;
}

static bool set_rate(const struct setting *setting, double *field, const char *text,
                     struct err *err)
{
    double rate;

    if (!rate_parse(&rate, text, err) || !within_bounds(setting, rate, text, err))
        return false;
    *field = rate;
    return true;
}

static bool set_amount(const struct setting *setting, double *field, const char *text,
                       struct err *err)
{
    bool negative = text[0] == '-';
    double amount;

    if (!number_parse(&amount, text + negative, err))
        return err_set(err, "'%.60s' is no number", text);
    amount = negative ? -amount : amount;
    if (!within_bounds(setting, amount, text, err))
        return false;
    *field = amount;
    return true;
}

static bool set_reply(struct reply *field, const char *text, struct err *err)
{
    struct reply reply;

    if (!reply_parse(&reply, text, err))
        return false;
    reply_fini(field);
    *field = reply;
    return true;
}

static bool set_choice(const struct setting *setting, int *field, const char *text, struct err *err)
{
    char known[160] = "";

    for (int i = 0; setting->choices[i] != NULL; i++) {
        if (strcmp(setting->choices[i], text) == 0) {
            *field = i;
            return true;
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ",
                 setting->choices[i]);
    }
    return err_set(err, "'%.60s' is none of %s", text, known);
}

static bool set_text(char **field, const char *text)
{
    free(*field);
    *field = alloc_text(text, strlen(text));
    return true;
}

bool setting_set(const struct setting *setting, void *object, const char *text,
                 const struct text_context *context, struct err *err)
{
    void *field = (char *)object + setting->offset;

    switch (setting->type) {
    case SETTING_SPAN:
        return set_span(setting, field, text, err);
    case SETTING_DIST:
        return set_dist(field, text, context, err);
    case SETTING_INSTANT:
        return set_instant(setting, field, text, context, err);
    case SETTING_COUNT:
        return set_count(setting, field, text, err);
    case SETTING_SHARE:
        return set_share(field, text, err);
    case SETTING_RATE:
        return set_rate(setting, field, text, err);
    case SETTING_AMOUNT:
        return set_amount(setting, field, text, err);
    case SETTING_REPLY:
        return set_reply(field, text, err);
    case SETTING_CHOICE:
        return set_choice(setting, field, text, err);
    case SETTING_TEXT:
    case SETTING_FILE:
        return set_text(field, text);
    }
    return err_set(err, "%s: no such type of setting", setting->name);
}

sim_time setting_instant(const struct setting *setting, const void *object)
{
    REQUIRE(setting->type == SETTING_INSTANT);
    return *(const sim_time *)((const char *)object + setting->offset);
}

void settings_init(const struct setting *table, void *object)
{
    struct err err;

    for (; table->name != NULL; table++) {
        bool left_out = table->fallback == NULL || table->fallback[0] == '\0';
        bool good = left_out || setting_set(table, object, table->fallback, NULL, &err);
        REQUIRE(good);
    }
}

static void setting_fini(const struct setting *setting, void *field)
{
    switch (setting->type) {
    case SETTING_DIST:
        dist_fini(field);
        break;
    case SETTING_REPLY:
        reply_fini(field);
        break;
    case SETTING_TEXT:
    case SETTING_FILE:
        free(*(char **)field);
        *(char **)field = NULL;
        break;
    case SETTING_SPAN:
    case SETTING_INSTANT:
    case SETTING_COUNT:
    case SETTING_SHARE:
    case SETTING_RATE:
    case SETTING_AMOUNT:
    case SETTING_CHOICE:
        break;
    }
}

void settings_fini(const struct setting *table, void *object)
{
    for (; table->name != NULL; table++)
        setting_fini(table, (char *)object + table->offset);
}
