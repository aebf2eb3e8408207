/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/reconstruct_evidence.c - what sites answered from when until when, and the scenario of it
 */
#include "models/reconstruct.h"
#include "models/refused.h"
#include "models/spell.h"
#include "models/traffic/trace.h"

struct telling {
    const struct reconstruction *r;
    const struct reconstruct_plan *plan;
    struct refused refused;
    reconstruct_evidence_fn *tell;
    void *user;
};

/* When the site said one thing for the last time, and another for the first. */
struct gap {
    sim_time before, after; /* SIM_NEVER: it did not, as far as is known */
};

/* By when what the next answer was must hold: a replay asks when the scan begins. */
static sim_time limit_of(const struct reconstruct_plan *plan, const struct gap *gap)
{
    return gap->after == SIM_NEVER ? SIM_NEVER : start_of_scan(plan, gap->after);
}

/*
 * What others met since, and first thereafter. Of a suspended message all of them count that were
 * refused before: it was suspended for one.
 */
static void narrow(const struct telling *t, const struct spell *spell, const struct spell *next,
                   struct gap *gap)
{
    const struct contacts *contacts = &t->r->contacts;
    bool refused = spell_refuses_all(spell);
    const struct contact *before =
        contacts_last(contacts, spell->site, !refused, spell->untried ? -SIM_NEVER : gap->before,
                      limit_of(t->plan, gap));

    if (before != NULL)
        gap->before = before->at;
    if (next != NULL && spell_refuses_all(next) == refused)
        return;
    const struct contact *after = contacts_first(contacts, spell->site, refused, gap->before);
    if (after != NULL && after->at < gap->after)
        gap->after = after->at;
}

/* `next` is what the message met after the spell, or NULL. Whether a site talks at all, all mail to
 * it tells. */
static struct gap gap_after(const struct telling *t, const struct spell *spell,
                            const struct spell *next)
{
    struct gap gap = {spell->last, next != NULL ? next->first : SIM_NEVER};

    if (spell_refuses_all(spell) || (next != NULL && spell_refuses_all(next)))
        narrow(t, spell, next, &gap);
    return gap;
}

/* What the site said last holds for ever, unless it may have recovered at once. */
static sim_time until(const struct reconstruct_plan *plan, const struct spell *spell,
                      const struct spell *next, const struct gap *gap)
{
    bool falls_ill = next != NULL && spell_refuses_all(next) && !spell_refuses_all(spell);
    bool may_recover = spell->reply.outcome == OUTCOME_DEFERRED;

    if (falls_ill)
        return fell_ill_at(plan, gap->before, gap->after);
    if (gap->after != SIM_NEVER)
        return recovered_at(plan, gap->before, gap->after);
    return plan->recovery == RECOVERY_EARLIEST && may_recover ? gap->before + SIM_SECOND
                                                              : SIM_NEVER;
}

static sim_time since_start(const struct reconstruct_plan *plan, sim_time at)
{
    return at == -SIM_NEVER || at == SIM_NEVER ? at : at - plan->start;
}

static struct evidence_row row_of(const struct telling *t, const struct spell *spell, sim_time from,
                                  sim_time until)
{
    return (struct evidence_row){
        .recipient = spell->recipient,
        .message = spell->message,
        .from = since_start(t->plan, from),
        .until = since_start(t->plan, until),
        .stage = spell->reply.stage,
        .took = duration_likeliest(&spell->took),
    };
}

static void tell_row(const struct telling *t, const struct evidence_row *row, uint32_t text)
{
    t->tell(t->user, row, names_text(&t->r->names, text));
}

/* What comes after `row`: said, for else what others met would hold. */
static void tell_recovered(const struct telling *t, const struct evidence_row *row)
{
    struct evidence_row well = *row;

    well.from = row->until;
    well.until = SIM_NEVER;
    well.stage = STAGE_DATA;
    well.took = 0;
    t->tell(t->user, &well, "250 2.0.0 recovered");
}

/*
 * The first row that fits speaks, so these are told one after the other: what each message met of
 * the site, what it met itself while others were refused, whom the site refused, and the rest. Of
 * notices no more is known than whom they are to, and other mail to them must be told of before.
 */
enum part { REFUSALS, REST, NOTICES };

static enum part part_of(const struct spell *spell)
{
    if (spell->message == NAMES_NONE)
        return NOTICES;
    return spell->blames_site ? REFUSALS : REST;
}

static void tell_part(const struct telling *t, enum part part)
{
    const struct reconstruction *r = t->r;
    sim_time changed = -SIM_NEVER;

    for (size_t i = 0; i < r->spell_count; i++) {
        const struct spell *spell = &r->spells[i];
        const struct spell *next =
            i + 1 < r->spell_count && spell_same_key(spell, spell + 1) ? spell + 1 : NULL;
        struct gap gap = gap_after(t, spell, next);
        sim_time ends = until(t->plan, spell, next, &gap);
        if (ends < changed)
            ends = changed;
        struct evidence_row row = row_of(t, spell, changed, ends);
        if (part_of(spell) == part)
            tell_row(t, &row, spell->text);
        if (next == NULL && ends != SIM_NEVER
            && part == (spell->message == NAMES_NONE ? NOTICES : REST))
            tell_recovered(t, &row);
        changed = next != NULL ? ends : -SIM_NEVER;
    }
}

/* A message that was answered while its site refused others is not refused by them. */
static void tell_answered(const struct telling *t)
{
    for (size_t i = 0; i < t->r->spell_count; i++) {
        const struct spell *spell = &t->r->spells[i];
        sim_time from = start_of_scan(t->plan, spell->first), until = spell->ended + SIM_SECOND;
        struct evidence_row row = row_of(t, spell, from, until);
        if (part_of(spell) == REST && refused_within(&t->refused, spell->site, from, until))
            tell_row(t, &row, spell->text);
    }
}

static void tell_refused(const struct telling *t)
{
    const struct names *names = &t->r->names;

    for (size_t i = 0; i < t->refused.count; i++) {
        const struct refused_span *span = &t->refused.list[i];
        const struct contact *refusal = span->refusal;
        const struct names *sites = &t->r->contacts.sites;
        struct evidence_row row = {
            .recipient = names_find(names, names_text(sites, refusal->site),
                                    names_length(sites, refusal->site)),
            .whole_domain = true,
            .message = NAMES_NONE,
            .from = since_start(t->plan, span->from),
            .until = since_start(t->plan, span->until),
            .stage = refusal->stage,
            .took = refusal->took,
        };
        tell_row(t, &row, refusal->text);
    }
}

void reconstruct_evidence(const struct reconstruction *r, const struct reconstruct_plan *plan,
                          reconstruct_evidence_fn *tell, void *user)
{
    struct telling telling = {.r = r, .plan = plan, .tell = tell, .user = user};

    refused_init(&telling.refused, &r->contacts, plan);
    tell_part(&telling, REFUSALS);
    tell_answered(&telling);
    tell_refused(&telling);
    tell_part(&telling, REST);
    tell_part(&telling, NOTICES);
    refused_fini(&telling.refused);
}

/* ---- the scenario ---- */

sim_time reconstruct_start(const struct reconstruction *r)
{
    REQUIRE(r->arrival_count > 0);
    return sim_second(r->arrivals[0].at) * SIM_SECOND;
}

void reconstruct_flushes(struct reconstruction *r, const struct reconstruct_plan *plan)
{
    if (plan->phase_s >= 0)
        deeds_add_flushes(&r->deeds, &r->directory, plan->phase_s, plan->period);
}

static void add_evidence(void *settings, const struct evidence_row *row, const char *text)
{
    struct err err;
    bool good = evidence_add(settings, row, text, &err);

    REQUIRE(good);
}

/* The scenario's names get the numbers that they have here. */
static void copy_names(const struct reconstruction *r, struct scenario *scenario)
{
    for (uint32_t i = 0; i < r->names.count; i++) {
        uint32_t number = scenario_add_name(scenario, names_text(&r->names, i));
        REQUIRE(number == i);
    }
}

void reconstruct_scenario(const struct reconstruction *r, const struct reconstruct_plan *plan,
                          struct scenario *scenario)
{
    scenario_init(scenario);
    scenario->start = plan->start;
    scenario->duration = plan->end - plan->start;
    scenario->scan_phase = reconstruct_scan_phase(plan);
    copy_names(r, scenario);

    struct traffic_spec *traffic = scenario_add_traffic(scenario, RECONSTRUCT_TRAFFIC);
    traffic_set_kind(traffic, traffic_find("trace"));
    for (size_t i = 0; i < r->arrival_count; i++) {
        const struct reconstructed_arrival *a = &r->arrivals[i];
        trace_add(traffic->settings, a->at - plan->start, a->label, a->sender, a->recipient,
                  a->size_bytes);
        trace_set_scan_order(traffic->settings, r->places[a->label]);
    }
    traffic->ops->rows->ready(traffic->settings);

    const struct failure_ops *evidence = failure_find("evidence");
    void *settings = site_add_failure(scenario_add_site(scenario, "*"), evidence);
    reconstruct_evidence(r, plan, add_evidence, settings);
    deeds_repeat(&r->deeds, RECONSTRUCT_TRAFFIC, scenario);
    evidence->rows->ready(settings);
    scenario_ready(scenario);
}
