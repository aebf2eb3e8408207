/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/episodes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

/* What an attempt tells of the units it concerns. */
struct observation {
    sim_time at;
    sim_time since; /* the same failure, by the age of its message */
    uint32_t unit[UNIT_COUNT];
    uint32_t order; /* of being added */
    uint8_t cause;  /* CAUSE_NONE: it went as far as its stage */
    uint8_t stage;
    bool sent;
};

void episodes_init(struct episodes *episodes)
{
    *episodes = (struct episodes){0};
    names_add(&episodes->names, "", 0);
}

void episodes_fini(struct episodes *episodes)
{
    names_fini(&episodes->names);
    free(episodes->observations);
    free(episodes->list);
}

/* ---- what is seen ---- */

static uint32_t site_of(struct names *names, const char *address)
{
    const char *at = strrchr(address, '@');

    return names_add_lower(names, at == NULL ? "" : at + 1);
}

/* No line of a log has a line's end within: no site is called like that, and no other two are. */
static uint32_t unit_of(struct names *names, const char *sender, const char *recipient)
{
    char *text = alloc_printf("%s\n%s", sender, recipient);
    uint32_t number = names_add(names, text, strlen(text));

    free(text);
    return number;
}

/* How far it came for certain: without a relay nobody said what the log's words are taken for. */
static enum smtp_stage reached(const struct logged_attempt *attempt, enum smtp_stage stage)
{
    bool no_session = attempt->relay != NULL && strcmp(attempt->relay, "none") == 0;

    return no_session && stage > STAGE_CONNECT ? STAGE_DNS : stage;
}

static void add_observation(struct episodes *episodes, const struct logged_message *message,
                            const struct logged_attempt *attempt, sim_time before)
{
    const char *recipient = message->recipients[attempt->recipient].address;
    struct logged_reply reply = logged_reply_of(attempt);
    enum cause cause = cause_of(attempt, &reply);
    sim_time at = attempt->at - logged_took(attempt); /* the line is written when it has answered */

    episodes->others += cause == CAUSE_OTHER;
    episodes->observations =
        alloc_grow(episodes->observations, &episodes->observation_room,
                   episodes->observation_count + 1, sizeof *episodes->observations);
    episodes->observations[episodes->observation_count] = (struct observation){
        .at = at,
        .since = before < at ? before : at,
        .unit = {[UNIT_SITE] = site_of(&episodes->names, recipient),
                 [UNIT_PAIR] = unit_of(&episodes->names,
                                       message->sender == NULL ? "" : message->sender, recipient),
                 [UNIT_RECIPIENT] = unit_of(&episodes->names, "", recipient)},
        .order = (uint32_t)episodes->observation_count,
        .cause = (uint8_t)cause,
        .stage = (uint8_t)reached(attempt, reply.stage),
        .sent = attempt->status == LOGGED_SENT,
    };
    episodes->observation_count++;
}

void episodes_add(struct episodes *episodes, const struct logged_message *message)
{
    bool older = message->arrival != SIM_NEVER && logged_is_older(message);

    for (size_t i = 0; i < message->attempt_count; i++) {
        const struct logged_attempt *attempt = &message->attempts[i];
        bool first = older && attempt->activation == 0;
        if (attempt->status != LOGGED_SUSPENDED && attempt->status != LOGGED_OTHER)
            add_observation(episodes, message, attempt, first ? message->arrival : SIM_NEVER);
    }
}

/* ---- spells ---- */

static int compare(const struct observation *a, const struct observation *b, enum cause_unit unit)
{
    if (a->unit[unit] != b->unit[unit])
        return a->unit[unit] < b->unit[unit] ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static int by_site(const void *a, const void *b)
{
    return compare(a, b, UNIT_SITE);
}

static int by_pair(const void *a, const void *b)
{
    return compare(a, b, UNIT_PAIR);
}

static int by_recipient(const void *a, const void *b)
{
    return compare(a, b, UNIT_RECIPIENT);
}

/* A site that throttles lets some pass: it does so still if it says so again by then. */
#define THROTTLE_REST (600 * SIM_SECOND)

/* What is known of one cause at one unit so far. */
struct watch {
    struct episode open; /* first == SIM_NEVER: there is none */
    enum smtp_stage stage;
    sim_time well;
};

static void close_episode(struct episodes *episodes, struct watch *watch)
{
    if (watch->open.first == SIM_NEVER)
        return;
    episodes->list =
        alloc_grow(episodes->list, &episodes->room, episodes->count + 1, sizeof *episodes->list);
    episodes->list[episodes->count++] = watch->open;
    watch->open.first = SIM_NEVER;
}

static void open_episode(struct watch *watch, const struct observation *seen, enum cause cause)
{
    watch->open = (struct episode){
        .cause = cause,
        .unit = seen->unit[cause_unit(cause)],
        .site = seen->unit[UNIT_SITE],
        .well = watch->well,
        .first = seen->at,
        .entered = seen->at,
    };
}

/* Who came further met no such failure; where it is not told before, only who delivered. */
static enum smtp_stage usual_stage(enum cause cause)
{
    return cause == CAUSE_DNS                                 ? STAGE_DNS
           : cause == CAUSE_REFUSED || cause == CAUSE_TIMEOUT ? STAGE_GREETING
                                                              : STAGE_DATA;
}

static void observe_failure(struct episodes *episodes, struct watch *watch,
                            const struct observation *seen, enum cause cause)
{
    const struct episode *open = &watch->open;
    bool soon = cause == CAUSE_THROTTLE && seen->at - open->last <= THROTTLE_REST;

    if (open->first != SIM_NEVER && open->recovered != SIM_NEVER && !soon)
        close_episode(episodes, watch);
    if (open->first == SIM_NEVER)
        open_episode(watch, seen, cause);
    if (open->well == SIM_NEVER && seen->since < open->first)
        watch->open.first = seen->since;
    watch->open.last = seen->at;
    watch->open.recovered = SIM_NEVER;
    watch->stage = (enum smtp_stage)seen->stage;
}

static void observe(struct episodes *episodes, struct watch *watch, const struct observation *seen,
                    enum cause cause)
{
    bool open = watch->open.first != SIM_NEVER;

    if (seen->cause == cause) {
        observe_failure(episodes, watch, seen, cause);
    } else if (seen->sent || seen->stage > (open ? watch->stage : usual_stage(cause))) {
        if (open && watch->open.recovered == SIM_NEVER)
            watch->open.recovered = seen->at;
        watch->well = seen->at;
    }
}

/* The spells of a cause, of observations by its units. */
static void add_episodes(struct episodes *episodes, enum cause cause)
{
    enum cause_unit unit = cause_unit(cause);
    struct watch watch = {.open.first = SIM_NEVER, .well = SIM_NEVER};

    for (size_t i = 0; i < episodes->observation_count; i++) {
        const struct observation *seen = &episodes->observations[i];
        if (i > 0 && seen[-1].unit[unit] != seen->unit[unit]) {
            close_episode(episodes, &watch);
            watch.well = SIM_NEVER;
        }
        observe(episodes, &watch, seen, cause);
    }
    close_episode(episodes, &watch);
}

/* ---- how many there might have been ---- */

static void mark_sites(const struct episodes *episodes, enum cause cause, bool *at_site)
{
    for (size_t i = episodes->of_cause[cause]; i < episodes->of_cause[cause + 1]; i++)
        at_site[episodes->list[i].site] = true;
}

/* Of observations by its units. */
static void count_units(struct episodes *episodes, enum cause cause)
{
    enum cause_unit unit = cause_unit(cause);
    bool *at_site = alloc_zeroed(episodes->names.count);

    mark_sites(episodes, cause, at_site);
    for (size_t i = 0; i < episodes->observation_count; i++) {
        const struct observation *seen = &episodes->observations[i];
        bool again = i > 0 && seen[-1].unit[unit] == seen->unit[unit];
        episodes->watched[cause] += !again && at_site[seen->unit[UNIT_SITE]];
    }
    for (size_t i = episodes->of_cause[cause]; i < episodes->of_cause[cause + 1]; i++) {
        bool again =
            i > episodes->of_cause[cause] && episodes->list[i - 1].unit == episodes->list[i].unit;
        episodes->units[cause] += !again;
    }
    free(at_site);
}

void episodes_ready(struct episodes *episodes)
{
    static int (*const order[])(const void *, const void *) = {
        [UNIT_SITE] = by_site, [UNIT_PAIR] = by_pair, [UNIT_RECIPIENT] = by_recipient};

    for (int cause = 0; cause < CAUSE_COUNT; cause++) {
        if (episodes->observation_count > 0)
            qsort(episodes->observations, episodes->observation_count,
                  sizeof *episodes->observations, order[cause_unit((enum cause)cause)]);
        add_episodes(episodes, (enum cause)cause);
        episodes->of_cause[cause + 1] = episodes->count;
        count_units(episodes, (enum cause)cause);
    }
    free(episodes->observations);
    episodes->observations = NULL;
    episodes->observation_count = episodes->observation_room = 0;
}

const struct episode *episodes_of(const struct episodes *episodes, enum cause cause, size_t *count)
{
    *count = episodes->of_cause[cause + 1] - episodes->of_cause[cause];
    return *count == 0 ? NULL : episodes->list + episodes->of_cause[cause];
}

/* ---- as it is counted ---- */

static double seconds(sim_time span)
{
    return (double)span / (double)SIM_SECOND;
}

/* A greylist's clock runs from the first RCPT (RFC 6647, 2.2): that is the first failure. */
static double slack(const struct episode *episode)
{
    bool known = episode->well != SIM_NEVER && episode->cause != CAUSE_GREYLIST;

    return known ? seconds(episode->first - episode->well) : 0;
}

struct cure_spell episode_spell(const struct episode *episode)
{
    return (struct cure_spell){
        .slack = slack(episode),
        .entered = seconds(episode->entered - episode->first),
        .last = seconds(episode->last - episode->first),
        .recovered = episode->recovered == SIM_NEVER
                         ? INFINITY
                         : seconds(episode->recovered - episode->first + SIM_SECOND),
    };
}

struct survival_subject episode_subject(const struct episode *episode)
{
    struct cure_spell spell = episode_spell(episode);
    bool recovered = isfinite(spell.recovered);
    double age = spell.slack / 2; /* at the first failure */

    return (struct survival_subject){
        .entry = age + spell.entered,
        .exit = age + (recovered ? (spell.last + spell.recovered) / 2 : spell.last),
        .recovered = recovered,
    };
}
