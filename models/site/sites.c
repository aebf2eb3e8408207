/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/site/sites.h"

#include <stdlib.h>
#include <string.h>

#include "models/luck.h"
#include "sim/alloc.h"
#include "sim/hash.h"

/* What an attempt passes on its way: time, or a failure that may speak. */
struct step {
    enum smtp_stage stage;
    enum { STEP_SPAN, STEP_DRAW, STEP_FAILURE } kind;
    union {
        sim_time span;              /* a latency that is always the same */
        const struct dist *latency; /* one that is drawn */
        struct failure failure;
    };
};

/* Steps by stage: its latency if that takes time, then the failures in order. */
struct site {
    uint32_t first_step, step_count;
    uint32_t addresses; /* 0: nobody has asked for it yet */
};

static const struct site_spec accepts = {.addresses = 1};
static const struct reply accepted = {250, OUTCOME_SENT, "2.0.0", (char *)"250 2.0.0 Ok", false};

/* Of a site that nobody writes to there is no domain. */
static void learn_spec(struct sites *sites, const struct site_spec *spec)
{
    uint32_t domain = names_find(&sites->scenario->domains, spec->name, strlen(spec->name));

    if (strcmp(spec->name, "*") == 0)
        sites->others = spec;
    else if (domain != NAMES_NONE)
        sites->specs[domain] = spec;
}

void sites_init(struct sites *sites, const struct scenario *scenario, const struct rng *rng)
{
    *sites = (struct sites){.scenario = scenario, .rng = *rng, .others = &accepts};
    sites->by_domain = alloc_zeroed(scenario->domains.count * sizeof *sites->by_domain);
    sites->specs = alloc_zeroed(scenario->domains.count * sizeof *sites->specs);
    for (size_t i = 0; i < scenario->site_count; i++)
        learn_spec(sites, &scenario->sites[i]);
}

static void end_failure(struct failure *failure)
{
    if (failure->ops->end != NULL)
        failure->ops->end(failure);
    free(failure->state);
}

void sites_fini(struct sites *sites)
{
    for (size_t i = 0; i < sites->failure_count; i++)
        end_failure(&sites->failures[i]);
    free(sites->failures);
    free(sites->steps);
    free(sites->by_domain);
    free(sites->specs);
}

static struct failure begin_failure(const struct failure_spec *spec, unsigned number,
                                    const struct rng *rng, uint64_t entity)
{
    struct failure failure = {
        .ops = spec->ops,
        .settings = spec->settings,
        .state = spec->ops->state_size > 0 ? alloc_zeroed(spec->ops->state_size) : NULL,
        .lane = STAGE_COUNT + number,
    };
    uint32_t words[4];

    rng_block(rng, LUCK_SITE, entity, number, words);
    if (spec->ops->begin != NULL)
        spec->ops->begin(&failure, words[0]);
    return failure;
}

/* Returns where they lie. */
static size_t begin_failures(struct sites *sites, const struct site_spec *spec, uint64_t entity)
{
    size_t first = sites->failure_count;

    sites->failures = alloc_grow(sites->failures, &sites->failure_room, first + spec->failure_count,
                                 sizeof *sites->failures);
    for (unsigned i = 0; i < spec->failure_count; i++)
        sites->failures[sites->failure_count++] =
            begin_failure(&spec->failures[i], i, &sites->rng, entity);
    return first;
}

static void add_step(struct sites *sites, const struct step *step)
{
    sites->steps =
        alloc_grow(sites->steps, &sites->step_room, sites->step_count + 1, sizeof *sites->steps);
    sites->steps[sites->step_count++] = *step;
}

static void add_latency(struct sites *sites, enum smtp_stage stage, const struct dist *latency)
{
    if (latency->kind != DIST_CONSTANT)
        add_step(sites, &(struct step){.stage = stage, .kind = STEP_DRAW, .latency = latency});
    else if (latency->a > 0)
        add_step(sites,
                 &(struct step){.stage = stage, .kind = STEP_SPAN, .span = (sim_time)latency->a});
}

static void lay_steps(struct sites *sites, const struct site_spec *spec, size_t first_failure)
{
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        add_latency(sites, (enum smtp_stage)stage, &spec->latency[stage]);
        for (size_t i = first_failure; i < first_failure + spec->failure_count; i++) {
            struct failure failure = sites->failures[i];
            if ((failure.ops->stages(failure.settings) & AT_STAGE(stage)) != 0)
                add_step(sites, &(struct step){.stage = (enum smtp_stage)stage,
                                               .kind = STEP_FAILURE,
                                               .failure = failure});
        }
    }
}

static const struct site_spec *spec_of(const struct sites *sites, uint32_t domain)
{
    return sites->specs[domain] != NULL ? sites->specs[domain] : sites->others;
}

/* A site's luck hangs on its name, not on when it was first met. */
static uint64_t entity_of(const struct sites *sites, uint32_t domain)
{
    const char *name = names_text(&sites->scenario->domains, domain);

    return rng_mix(hash_more(HASH_EMPTY, name, strlen(name)));
}

static COLD void site_begin(struct sites *sites, uint32_t domain)
{
    const struct site_spec *spec = spec_of(sites, domain);
    size_t first_step = sites->step_count;

    REQUIRE(spec->failure_count + STAGE_COUNT < MOST_LANES);
    lay_steps(sites, spec, begin_failures(sites, spec, entity_of(sites, domain)));
    sites->by_domain[domain] = (struct site){
        .first_step = (uint32_t)first_step,
        .step_count = (uint32_t)(sites->step_count - first_step),
        .addresses = spec->addresses,
    };
}

/* Moves the attempt on; whether that ever comes to an end. Apart, as most sites take no time. */
static __attribute__((noinline)) bool pass_time(const struct step *step, struct approach *approach)
{
    sim_time span = step->kind == STEP_SPAN
                        ? step->span
                        : dist_draw(step->latency, approach_luck(approach, approach->stage));

    if (span > SIM_NEVER - approach->at)
        return false;
    approach->at += span;
    if (approach->stage < STAGE_MAIL)
        approach->ready = approach->at;
    return approach->at < SIM_NEVER;
}

/* Whether an attempt that goes on in a session passes it: MAIL FROM was answered for all. */
static bool is_over(const struct step *step)
{
    return step->stage < STAGE_MAIL || (step->stage == STAGE_MAIL && step->kind == STEP_FAILURE);
}

static inline const struct reply *answer(struct sites *sites, uint32_t domain,
                                         struct approach *approach, bool goes_on)
{
    struct site *site = &sites->by_domain[domain];

    /* A site has an address at least. */
    if (!LIKELY(site->addresses > 0))
        site_begin(sites, domain);
    approach->addresses = site->addresses;
    approach->dead_addresses = 0;
    struct step *step = sites->steps + site->first_step;
    for (const struct step *end = step + site->step_count; step < end; step++) {
        if (goes_on && is_over(step))
            continue;
        approach->stage = step->stage;
        if (step->kind != STEP_FAILURE) {
            if (pass_time(step, approach))
                continue;
            approach->at = SIM_NEVER;
            return &accepted;
        }
        const struct reply *reply = step->failure.ops->speak(&step->failure, approach);
        if (reply != NULL)
            return reply;
    }
    approach->stage = STAGE_DATA;
    return &accepted;
}

const struct reply *sites_answer(struct sites *sites, uint32_t domain, struct approach *approach)
{
    return answer(sites, domain, approach, false);
}

const struct reply *sites_answer_more(struct sites *sites, uint32_t domain,
                                      struct approach *approach)
{
    return answer(sites, domain, approach, true);
}

static bool is_total(const struct outage_span *outage, const struct site_spec *spec)
{
    bool partial = outage->addresses > 0 && outage->addresses < spec->addresses;

    return !partial && outage->until > outage->from;
}

static void tell_outages(const struct sites *sites, uint32_t domain, sites_outage_fn *tell,
                         void *user)
{
    const struct site_spec *spec = spec_of(sites, domain);

    for (unsigned i = 0; i < spec->failure_count; i++) {
        if (spec->failures[i].ops->outage == NULL)
            continue;
        struct failure failure =
            begin_failure(&spec->failures[i], i, &sites->rng, entity_of(sites, domain));
        struct outage_span outage = failure.ops->outage(&failure);
        if (is_total(&outage, spec))
            tell(user, domain, &outage);
        end_failure(&failure);
    }
}

void sites_outages(const struct sites *sites, sites_outage_fn *tell, void *user)
{
    for (size_t i = 0; i < sites->scenario->domains.count; i++)
        tell_outages(sites, (uint32_t)i, tell, user);
}
