/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/operations.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/scenario/parts.h"
#include "io/scenario/sections.h"
#include "models/catalogue.h"
#include "sim/alloc.h"

/* As it is written. */
struct written {
    sim_time at, every, until, length;
    char *site, *message, *transport;
    int release;
};

static const char *const truths[] = {"false", "true", NULL};

#define FIELD(field) offsetof(struct written, field)
#define WHEN                                                                                        \
    {"at", SETTING_INSTANT, FIELD(at), NULL, 0, LATEST_ARRIVAL, NULL, "when it is done"},           \
        {"every", SETTING_SPAN,   FIELD(every), "",                                                 \
         0.001,   LATEST_ARRIVAL, NULL,         "and again each time so much later; default once"}, \
    {                                                                                               \
        "until", SETTING_INSTANT, FIELD(until), "never", 0, 0, NULL, "no more from then on"         \
    }
#define MESSAGE(summary)                                                                           \
    {                                                                                              \
        "message", SETTING_TEXT, FIELD(message), NULL, 0, 0, NULL, summary                         \
    }
#define ONE_OR_ALL MESSAGE("its id, as newsletter/17, or ALL")

static const struct setting flush[] = {WHEN, {0}};
static const struct setting flush_site[] = {
    WHEN, {"site", SETTING_TEXT, FIELD(site), NULL, 0, 0, NULL, "a domain of recipients"}, {0}};
static const struct setting flush_message[] = {WHEN, MESSAGE("its id, as newsletter/17"), {0}};
static const struct setting one_or_all[] = {WHEN, ONE_OR_ALL, {0}};
static const struct setting expire[] = {
    WHEN,
    ONE_OR_ALL,
    {"release", SETTING_CHOICE, FIELD(release), "false", 0, 0, truths, "from hold, too"},
    {0}};
static const struct setting transport_down[] = {
    WHEN,
    {"for", SETTING_SPAN, FIELD(length), NULL, 0, 0, NULL, "how long it lasts"},
    {"transport", SETTING_TEXT, FIELD(transport), NULL, 0, 0, NULL, "its name, as smtp"},
    {0}};

const struct operation_form operation_forms[OPERATION_COUNT] = {
    [OPERATION_FLUSH] = {flush, "postqueue -f: all that is deferred is tried"},
    [OPERATION_FLUSH_SITE] = {flush_site, "postqueue -s: what is deferred for a site is tried"},
    [OPERATION_FLUSH_MESSAGE] = {flush_message, "postqueue -i: a deferred message is tried"},
    [OPERATION_DELETE] = {one_or_all, "postsuper -d: messages are thrown away"},
    [OPERATION_HOLD] = {one_or_all, "postsuper -h: messages are not tried until they are released"},
    [OPERATION_RELEASE] = {one_or_all, "postsuper -H: messages on hold are deferred again"},
    [OPERATION_REQUEUE] = {one_or_all, "postsuper -r: messages become new ones, age 0"},
    [OPERATION_EXPIRE] = {expire, "postsuper -e, -f: messages expire when they are next tried"},
    [OPERATION_RESTART] = {flush, "postfix reload: the queue manager begins anew"},
    [OPERATION_TRANSPORT_DOWN] = {transport_down, "no delivery agent of a transport is reached"},
};

static bool check_end(struct reading *r, cfg_t *section, const struct written *written)
{
    if (written->at <= written->until)
        return true;
    err_set(r->err, "it is over before it begins: an instant from 'at' on was expected");
    return reading_fail_setting(r, section, "until");
}

static bool takes_all(enum operation_kind kind)
{
    return operation_forms[kind].settings == one_or_all || operation_forms[kind].settings == expire;
}

static const struct traffic_spec *traffic_meant(const struct scenario *scenario, const char *id)
{
    for (size_t i = 0; i < scenario->traffic_count; i++) {
        const struct traffic_spec *traffic = &scenario->traffics[i];
        size_t length = strlen(traffic->name);
        if (strncmp(id, traffic->name, length) == 0 && id[length] == '/')
            return traffic;
    }
    return NULL;
}

static bool refuse_message(struct reading *r, cfg_t *section, enum operation_kind kind)
{
    const char *text = section_text(section, "message");
    const struct traffic_spec *traffic = traffic_meant(r->scenario, text);

    if (strcasecmp(text, "ALL") == 0 && takes_all(kind))
        err_set(r->err, "'%.60s' is no message: ALL, in capitals, is all of them", text);
    else if (strcasecmp(text, "ALL") == 0)
        err_set(r->err, "'%.60s' is no message: %s is for one, and 'flush' for all", text,
                section->name);
    else if (traffic == NULL)
        err_set(r->err, "'%.60s' is no message: the name of a traffic, '/' and %s was expected",
                text, "a number, or an id of its trace,");
    else
        err_set(r->err, "'%.60s' is no message: '%.60s/' and %s was expected", text, traffic->name,
                traffic->ops->find == NULL ? "a number from 0 on" : "an id of its file");
    return reading_fail_setting(r, section, "message");
}

static bool set_message(struct reading *r, cfg_t *section, struct operation *operation)
{
    const char *text = section_text(section, "message");
    struct catalogue catalogue = {.scenario = r->scenario};
    struct message_id id;

    if (takes_all(operation->kind) && strcmp(text, "ALL") == 0)
        return true;
    operation->message = scenario_add_name(r->scenario, text);
    return catalogue_find(&catalogue, operation->message, &id)
           || refuse_message(r, section, operation->kind);
}

static bool set_site(struct reading *r, cfg_t *section, struct operation *operation,
                     const char *domain)
{
    operation->site = scenario_add_domain(r->scenario, domain);
    return (operation->site != 0 && strchr(domain, '@') == NULL)
           || err_set(r->err, "'%.60s' is no domain, like gmail.example", domain)
           || reading_fail_setting(r, section, "site");
}

static bool set_operation(struct reading *r, cfg_t *section, struct operation *operation,
                          struct written *written)
{
    operation->at = written->at;
    operation->every = written->every;
    operation->until = written->until;
    operation->length = written->length;
    operation->release = written->release != 0;
    operation->line = reading_line(r, section);
    operation->transport = written->transport;
    written->transport = NULL;
    if (written->site != NULL && !set_site(r, section, operation, written->site))
        return false;
    return written->message == NULL || set_message(r, section, operation);
}

static bool read_operation(struct reading *r, const struct part *part)
{
    enum operation_kind kind = (enum operation_kind)part->kind;
    const struct setting *settings = operation_forms[kind].settings;
    struct written written = {0};

    settings_init(settings, &written);
    bool good =
        reading_settings(r, part->section, settings, &written)
        && check_end(r, part->section, &written)
        && set_operation(r, part->section, scenario_add_operation(r->scenario, kind), &written);
    settings_fini(settings, &written);
    return good;
}

static const char *name_of(size_t kind)
{
    return operation_names[kind];
}

bool read_operations(struct reading *r, cfg_t *section)
{
    size_t count;
    struct part *parts = parts_list(r, section, name_of, &count);
    bool good = true;

    for (size_t i = 0; good && i < count; i++)
        good = read_operation(r, &parts[i]);
    free(parts);
    return good;
}
