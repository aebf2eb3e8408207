/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/site/sites.h"

#include <stdlib.h>
#include <string.h>

#include "models/luck.h"
#include "sim/alloc.h"
#include "sim/hash.h"

/* What an attempt passes on its way: a latency, or a failure that may speak. */
struct step {
    enum smtp_stage stage;
    const struct dist *latency; /* NULL: it is a failure */
    struct failure *failure;
};

struct site {
    const struct site_spec *spec;
    struct failure *failures;
    struct step *steps; /* by stage: its latency if that takes time, then the failures in order */
    size_t step_count;
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
    sites->by_domain = alloc_zeroed(scenario->domains.count * sizeof(struct site *));
    sites->specs = alloc_zeroed(scenario->domains.count * sizeof *sites->specs);
    for (size_t i = 0; i < scenario->site_count; i++)
        learn_spec(sites, &scenario->sites[i]);
}

static void site_free(struct site *site)
{
    for (size_t i = 0; i < site->spec->failure_count; i++) {
        struct failure *failure = &site->failures[i];
        if (failure->ops->end != NULL)
            failure->ops->end(failure);
        free(failure->state);
    }
    free(site->failures);
    free(site->steps);
    free(site);
}

void sites_fini(struct sites *sites)
{
    for (size_t i = 0; i < sites->scenario->domains.count; i++) {
        if (sites->by_domain[i] != NULL)
            site_free(sites->by_domain[i]);
    }
    free(sites->by_domain);
    free(sites->specs);
}

/* A site's luck hangs on its name, not on when it was first met. */
static uint64_t entity_of(const char *name)
{
    return rng_mix(hash_more(HASH_EMPTY, name, strlen(name)));
}

static void begin_failures(struct site *site, const struct rng *rng, uint64_t entity)
{
    for (size_t i = 0; i < site->spec->failure_count; i++) {
        const struct failure_spec *spec = &site->spec->failures[i];
        uint32_t words[4];

        site->failures[i] = (struct failure){
            .ops = spec->ops,
            .settings = spec->settings,
            .state = alloc_zeroed(spec->ops->state_size + 1),
            .lane = STAGE_COUNT + (unsigned)i,
        };
        rng_block(rng, LUCK_SITE, entity, (uint32_t)i, words);
        if (spec->ops->begin != NULL)
            spec->ops->begin(&site->failures[i], words[0]);
    }
}

static bool takes_time(const struct dist *latency)
{
    return latency->kind != DIST_CONSTANT || latency->a > 0;
}

static void add_step(struct site *site, int stage, const struct dist *latency,
                     struct failure *failure)
{
    site->steps[site->step_count++] = (struct step){(enum smtp_stage)stage, latency, failure};
}

static void lay_steps(struct site *site)
{
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        if (takes_time(&site->spec->latency[stage]))
            add_step(site, stage, &site->spec->latency[stage], NULL);
        for (size_t i = 0; i < site->spec->failure_count; i++) {
            struct failure *failure = &site->failures[i];
            if ((failure->ops->stages(failure->settings) & AT_STAGE(stage)) != 0)
                add_step(site, stage, NULL, failure);
        }
    }
}

static const struct site_spec *spec_of(const struct sites *sites, uint32_t domain)
{
    return sites->specs[domain] != NULL ? sites->specs[domain] : sites->others;
}

static COLD struct site *site_new(const struct sites *sites, uint32_t domain)
{
    const char *name = names_text(&sites->scenario->domains, domain);
    struct site *site = alloc_zeroed(sizeof *site);

    site->spec = spec_of(sites, domain);
    size_t count = site->spec->failure_count;
    REQUIRE(count + STAGE_COUNT < MOST_LANES);
    site->failures = alloc_zeroed((count + 1) * sizeof *site->failures);
    site->steps = alloc_zeroed((count + 1) * STAGE_COUNT * sizeof *site->steps);
    begin_failures(site, &sites->rng, entity_of(name));
    lay_steps(site);
    return site;
}

static inline struct site *site_of(struct sites *sites, uint32_t domain)
{
    if (sites->by_domain[domain] == NULL)
        sites->by_domain[domain] = site_new(sites, domain);
    return sites->by_domain[domain];
}

/* Moves the attempt on; whether that ever comes to an end. Apart, as most sites take no time. */
static __attribute__((noinline)) bool pass_time(const struct dist *latency,
                                                struct approach *approach)
{
    sim_time span = dist_is_constant(latency)
                        ? (sim_time)latency->a
                        : dist_draw(latency, approach_luck(approach, approach->stage));

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
    return step->stage < STAGE_MAIL || (step->stage == STAGE_MAIL && step->failure != NULL);
}

static inline const struct reply *answer(struct sites *sites, uint32_t domain,
                                         struct approach *approach, bool goes_on)
{
    struct site *site = site_of(sites, domain);

    approach->addresses = site->spec->addresses;
    approach->dead_addresses = 0;
    const struct step *end = site->steps + site->step_count;
    for (const struct step *step = site->steps; step < end; step++) {
        if (goes_on && is_over(step))
            continue;
        approach->stage = step->stage;
        if (step->latency != NULL) {
            if (pass_time(step->latency, approach))
                continue;
            approach->at = SIM_NEVER;
            return &accepted;
        }
        const struct reply *reply = step->failure->ops->speak(step->failure, approach);
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

static bool has_outages(const struct site_spec *spec)
{
    for (size_t i = 0; i < spec->failure_count; i++) {
        if (spec->failures[i].ops->outage != NULL)
            return true;
    }
    return false;
}

static bool is_total(const struct outage_span *outage, const struct site_spec *spec)
{
    bool partial = outage->addresses > 0 && outage->addresses < spec->addresses;

    return !partial && outage->until > outage->from;
}

static void tell_outages(const struct site *site, uint32_t domain, sites_outage_fn *tell,
                         void *user)
{
    for (size_t i = 0; i < site->spec->failure_count; i++) {
        const struct failure *failure = &site->failures[i];
        if (failure->ops->outage == NULL)
            continue;
        struct outage_span outage = failure->ops->outage(failure);
        if (is_total(&outage, site->spec))
            tell(user, domain, &outage);
    }
}

void sites_outages(struct sites *sites, sites_outage_fn *tell, void *user)
{
    for (size_t i = 0; i < sites->scenario->domains.count; i++) {
        uint32_t domain = (uint32_t)i;
        if (has_outages(spec_of(sites, domain)))
            tell_outages(site_of(sites, domain), domain, tell, user);
    }
}
