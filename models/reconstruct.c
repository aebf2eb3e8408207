/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/reconstruct.h"

#include <stdlib.h>
#include <string.h>

#include "models/duration.h"
#include "models/logged_reply.h"
#include "models/spell.h"
#include "sim/alloc.h"

#define MILLISECOND (SIM_SECOND / 1000)

static uint32_t name(struct reconstruction *r, const char *text)
{
    return names_add(&r->names, text, strlen(text));
}

void reconstruct_init(struct reconstruction *r)
{
    *r = (struct reconstruction){0};
    name(r, "");
    results_init(&r->logged);
}

void reconstruct_fini(struct reconstruction *r)
{
    names_fini(&r->names);
    free(r->uses);
    free(r->arrivals);
    deeds_fini(&r->deeds);
    free(r->spells);
    contacts_fini(&r->contacts);
    directory_fini(&r->directory);
    free(r->places);
    results_fini(&r->logged);
}

/* "*" means everybody where evidence is read, and "@d" a domain: nobody is called that. */
static uint32_t address_name(struct reconstruction *r, const char *text)
{
    if (strcmp(text, "*") == 0)
        return name(r, "?");
    if (text[0] != '@')
        return name(r, text);
    char *called = alloc_printf("?%s", text);
    uint32_t number = name(r, called);
    free(called);
    return number;
}

/* ---- what was answered ---- */

/* Whether it said the same again and took as long, which delays the next attempt: narrows that. */
static bool goes_on(struct spell *spell, const struct spell *more)
{
    if (more->untried)
        return spell->blames_site;
    return spell->reply.stage == more->reply.stage && spell->reply.outcome == more->reply.outcome
           && strcmp(spell->reply.dsn, more->reply.dsn) == 0
           && (spell->untried || duration_join(&spell->took, &more->took));
}

/* What a suspended message would have met is known when it is tried. */
static void join(struct spell *spell, const struct spell *more)
{
    if (spell->untried && !more->untried) {
        spell->untried = false;
        spell->text = more->text;
        spell->took = more->took;
        spell->last = more->last;
    } else if (!more->untried && more->last > spell->last) {
        spell->last = more->last;
    }
    if (more->ended > spell->ended)
        spell->ended = more->ended;
    if (more->suspended > spell->suspended)
        spell->suspended = more->suspended;
}

/* When the site was asked: when the trip began, by the log or by the parts of its delay. */
static sim_time asked_at(const struct logged_message *message, const struct logged_attempt *attempt,
                         sim_time lead)
{
    const struct logged_activation *trip = &message->activations[attempt->activation];
    sim_time at = trip->at != SIM_NEVER ? trip->at : attempt->at - logged_active(attempt);

    return whole_milliseconds(at) + (attempt->activation == 0 ? lead : 0);
}

/* What it tells of the site: a suspended message asked nobody. */
static void add_contact(struct reconstruction *r, const struct spell *spell,
                        enum logged_status status)
{
    bool came_near = spell->reply.stage >= STAGE_MAIL || spell->reply.outcome == OUTCOME_SENT;
    bool refused = spell_refuses_all(spell);

    if (status != LOGGED_SUSPENDED && (came_near || refused))
        contacts_add(&r->contacts, &(struct contact){.at = spell->ended,
                                                     .took = duration_likeliest(&spell->took),
                                                     .site = spell->site,
                                                     .text = spell->text,
                                                     .stage = spell->reply.stage,
                                                     .reached = !refused});
}

static uint32_t name_text(struct reconstruction *r, const struct logged_reply *reply,
                          const char *reason)
{
    char *text = logged_reply_text(reply, reason);
    uint32_t number = name(r, text);

    free(text);
    return number;
}

/* A message under its label, and how far into its second it came. */
struct logged_one {
    const struct logged_message *message;
    uint32_t label;
    sim_time lead;
};

/* `open`: the number of the recipient's spell under way, from 1; 0: it has none. */
static void add_answer(struct reconstruction *r, const struct logged_one *one,
                       const struct logged_attempt *attempt, size_t *open)
{
    const struct logged_message *message = one->message;
    const char *address = message->recipients[attempt->recipient].address;
    const char *suspended_for = logged_suspended_for(attempt);
    sim_time at = asked_at(message, attempt, one->lead);
    struct spell spell = {
        .reply = logged_reply_of(attempt),
        .order = (uint32_t)r->spell_count,
        .first = at,
        .last = at,
        .took = duration_of(message, attempt, one->lead),
        .ended = whole_milliseconds(at + logged_active(attempt) - logged_took(attempt)),
        .site = contacts_site(&r->contacts, address),
        .untried = suspended_for != NULL,
        .suspended = suspended_for != NULL ? at : -SIM_NEVER,
    };
    spell.blames_site = spell.untried || logged_blames_site(attempt, &spell.reply);
    struct spell *last =
        *open > 0 && goes_on(&r->spells[*open - 1], &spell) ? &r->spells[*open - 1] : NULL;
    if (last == NULL || last->untried)
        spell.text = name_text(r, &spell.reply, spell.untried ? suspended_for : attempt->text);
    else
        spell.text = last->text;
    add_contact(r, &spell, attempt->status);
    if (last != NULL) {
        join(last, &spell);
        return;
    }
    spell.recipient = address_name(r, address);
    spell.message = one->label;
    r->spells = alloc_grow(r->spells, &r->spell_room, r->spell_count + 1, sizeof *r->spells);
    r->spells[r->spell_count] = spell;
    *open = ++r->spell_count;
}

static void add_answers(struct reconstruction *r, const struct logged_one *one)
{
    const struct logged_message *message = one->message;
    size_t *open = alloc_zeroed((message->recipient_count + 1) * sizeof *open);

    for (size_t i = 0; i < message->attempt_count; i++) {
        const struct logged_attempt *attempt = &message->attempts[i];
        add_answer(r, one, attempt, &open[attempt->recipient]);
    }
    free(open);
}

/* ---- what the log itself came to ---- */

static const enum outcome outcome_of[] = {
    [LOGGED_SENT] = OUTCOME_SENT,           [LOGGED_DEFERRED] = OUTCOME_DEFERRED,
    [LOGGED_SUSPENDED] = OUTCOME_SUSPENDED, [LOGGED_BOUNCED] = OUTCOME_BOUNCED,
    [LOGGED_OTHER] = OUTCOME_DEFERRED,
};

static uint64_t milliseconds(sim_time span)
{
    return span <= 0 ? 0 : (uint64_t)((span + MILLISECOND / 2) / MILLISECOND);
}

static void count_bad_news(struct results *logged, const struct logged_message *message,
                           sim_time at)
{
    bool told = message->sender != NULL && message->sender[0] != '\0';

    if (told)
        histogram_add(&logged->bad_news, milliseconds(at - message->arrival), 1);
}

static void count_sent(struct results *logged, const struct logged_message *message,
                       const struct logged_attempt *attempt)
{
    sim_time delay = attempt->delay != SIM_NEVER ? attempt->delay : attempt->at - message->arrival;

    logged->fates.delivered++;
    logged->fates.delivered_at_once += attempt->activation == 0 && !logged_is_older(message);
    histogram_add(&logged->delay, milliseconds(delay), 1);
}

static void count_fate(struct results *logged, const struct logged_message *message,
                       const struct logged_recipient *recipient)
{
    const struct logged_attempt *last = &message->attempts[recipient->last];

    if (last->status == LOGGED_SENT) {
        count_sent(logged, message, last);
    } else if (last->status == LOGGED_BOUNCED) {
        logged->fates.bounced++;
        count_bad_news(logged, message, message->activations[last->activation].end);
    } else if (message->expired != SIM_NEVER || message->removed != SIM_NEVER) {
        logged->fates.expired++;
        count_bad_news(logged, message,
                       message->expired != SIM_NEVER ? message->expired : message->removed);
    } else {
        logged->fates.queued++;
    }
}

static void count_attempts(struct results *logged, const struct logged_message *message)
{
    for (size_t i = 0; i < message->attempt_count; i++)
        logged->outcomes[outcome_of[message->attempts[i].status]]++;
}

static void count_message(struct reconstruction *r, const struct logged_message *message)
{
    r->older += logged_is_older(message);
    r->unfinished += message->removed == SIM_NEVER;
    r->logged.messages++;
    r->logged.recipients += message->recipient_count;
    r->logged.warnings += message->delay_notices;
    for (size_t i = 0; i < message->recipient_count; i++)
        count_fate(&r->logged, message, &message->recipients[i]);
    histogram_add(&r->logged.attempts_per_message, message->activation_count, 1);
}

/* ---- messages ---- */

/* Its queue id; those after the first of that id have a number behind it. */
static uint32_t label_of(struct reconstruction *r, const char *queue_id)
{
    uint32_t number = name(r, queue_id);
    size_t known = r->uses_room;

    r->uses = alloc_grow(r->uses, &r->uses_room, number + 1, sizeof *r->uses);
    memset(r->uses + known, 0, (r->uses_room - known) * sizeof *r->uses);
    if (r->uses[number]++ == 0)
        return number;
    char *text = alloc_printf("%s/%lu", queue_id, (unsigned long)r->uses[number]);
    uint32_t label = name(r, text);
    free(text);
    return label;
}

static sim_time delivered_at(const struct logged_message *message,
                             const struct logged_recipient *recipient)
{
    const struct logged_attempt *last = &message->attempts[recipient->last];

    return last->status == LOGGED_SENT ? last->at : SIM_NEVER;
}

static void add_arrivals(struct reconstruction *r, const struct logged_one *one)
{
    const struct logged_message *message = one->message;
    uint32_t sender = name(r, message->sender == NULL ? "" : message->sender);
    uint32_t queue_id = name(r, message->queue_id);

    for (size_t i = 0; i < message->recipient_count; i++) {
        r->arrivals =
            alloc_grow(r->arrivals, &r->arrival_room, r->arrival_count + 1, sizeof *r->arrivals);
        r->arrivals[r->arrival_count] = (struct reconstructed_arrival){
            .at = whole_milliseconds(message->arrival) + one->lead,
            .delivered = delivered_at(message, &message->recipients[i]),
            .queue_id = queue_id,
            .label = one->label,
            .sender = sender,
            .recipient = address_name(r, message->recipients[i].address),
            .order = (uint32_t)r->arrival_count,
            .size_bytes = message->size_bytes,
        };
        r->arrival_count++;
    }
}

/* Scans take only what was tried before. */
static void add_visits(struct reconstruction *r, const struct logged_one *one)
{
    const struct logged_message *message = one->message;

    for (size_t i = 1; i < message->activation_count; i++) {
        const struct logged_activation *trip = &message->activations[i];
        if (trip->at != SIM_NEVER && trip->line > 0)
            directory_add(&r->directory, one->label, trip->at, trip->line);
    }
}

static bool is_probe(const struct logged_message *message)
{
    for (size_t i = 0; i < message->attempt_count; i++) {
        if (message->attempts[i].status == LOGGED_OTHER)
            return true;
    }
    return false;
}

static bool is_left_out(struct reconstruction *r, const struct logged_message *message)
{
    bool probe = is_probe(message);
    bool unanswered = message->attempt_count == 0 || message->arrival == SIM_NEVER;

    r->by_operator += message->by_operator;
    r->probes += !message->by_operator && probe;
    r->unanswered += !message->by_operator && !probe && unanswered;
    return message->by_operator || probe || unanswered;
}

void reconstruct_add(struct reconstruction *r, const struct logged_message *message)
{
    if (message->is_notice)
        r->logged.notices++;
    else if (is_left_out(r, message))
        return;
    count_attempts(&r->logged, message);
    struct logged_one one = {message, NAMES_NONE, duration_lead(message)};
    if (!message->is_notice) {
        one.label = label_of(r, message->queue_id);
        count_message(r, message);
        add_arrivals(r, &one);
        add_visits(r, &one);
        deeds_add(&r->deeds, message, one.label);
    }
    add_answers(r, &one);
}

static int by_key_and_time(const void *a, const void *b)
{
    const struct spell *x = a, *y = b;

    if (x->message != y->message)
        return x->message < y->message ? -1 : 1;
    if (x->recipient != y->recipient)
        return x->recipient < y->recipient ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->last != y->last)
        return x->last < y->last ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static int by_arrival(const void *a, const void *b)
{
    const struct reconstructed_arrival *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* A message has no more than one end, but for a recipient that it has twice. */
static bool is_end(const struct spell *spell)
{
    return spell->message != NAMES_NONE && spell->reply.outcome != OUTCOME_DEFERRED;
}

/* Notices to one sender, met alike one after the other, are one spell. Sorted by key and time. */
static void join_spells(struct reconstruction *r)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->spell_count; i++) {
        struct spell *last = kept > 0 ? &r->spells[kept - 1] : NULL;
        const struct spell *spell = &r->spells[i];
        if (last == NULL || !spell_same_key(last, spell) || is_end(last) || !goes_on(last, spell))
            r->spells[kept++] = *spell;
        else
            join(last, spell);
    }
    r->spell_count = kept;
}

/* What others met when the message was suspended took this long. */
static void time_untried(struct reconstruction *r)
{
    for (size_t i = 0; i < r->spell_count; i++) {
        struct spell *spell = &r->spells[i];
        const struct contact *refusal =
            contacts_last(&r->contacts, spell->site, false, -SIM_NEVER, spell->suspended + 1);
        if (spell->untried && spell_refuses_all(spell) && refusal != NULL)
            spell->took = duration_exactly(refusal->took);
    }
}

/* Evidence may be about each. */
static void name_sites(struct reconstruction *r)
{
    for (uint32_t i = 0; i < r->contacts.sites.count; i++)
        name(r, names_text(&r->contacts.sites, i));
}

void reconstruct_ready(struct reconstruction *r)
{
    if (r->arrival_count > 0)
        qsort(r->arrivals, r->arrival_count, sizeof *r->arrivals, by_arrival);
    if (r->spell_count > 0)
        qsort(r->spells, r->spell_count, sizeof *r->spells, by_key_and_time);
    join_spells(r);
    contacts_ready(&r->contacts);
    time_untried(r);
    name_sites(r);
    free(r->places);
    r->places = directory_places(&r->directory, r->names.count);
}
