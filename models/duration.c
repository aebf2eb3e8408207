/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/duration.h"

#include "models/logged_reply.h"

#define MILLISECOND (SIM_SECOND / 1000)

/* Within a second of any instant, but not at it. */
#define WITHIN_SECOND (SIM_SECOND - MILLISECOND)

static sim_time at_least(sim_time span, sim_time least)
{
    return span < least ? least : span;
}

static sim_time milliseconds_down(sim_time span)
{
    return span / MILLISECOND * MILLISECOND;
}

static sim_time milliseconds_up(sim_time span)
{
    return milliseconds_down(span + MILLISECOND - 1);
}

/* By how much a part of delays= may be off: two digits, at most two decimals (util/format_tv.c). */
static sim_time rounding(sim_time part)
{
    return part < SIM_SECOND        ? 5 * MILLISECOND
           : part < 10 * SIM_SECOND ? 50 * MILLISECOND
                                    : 500 * MILLISECOND;
}

static sim_time rounding_of_took(const struct logged_attempt *attempt)
{
    return rounding(attempt->delays[2]) + rounding(attempt->delays[3]);
}

static bool has_fractions(const struct logged_activation *trip,
                          const struct logged_attempt *attempt)
{
    return trip->at % SIM_SECOND != 0 || attempt->at % SIM_SECOND != 0;
}

/* Between the stamps, where they have fractions, lies the wait for an agent too. */
static sim_time measured(const struct logged_activation *trip, const struct logged_attempt *attempt)
{
    sim_time took = logged_took(attempt), waited = logged_active(attempt) - took;

    if (!has_fractions(trip, attempt) || rounding_of_took(attempt) <= rounding(waited))
        return took;
    return attempt->at - trip->at - waited;
}

sim_time duration_lead(const struct logged_message *message)
{
    const struct logged_activation *trip = message->activations;
    sim_time lead = 0;

    for (size_t i = 0; i < message->attempt_count && message->attempts[i].activation == 0; i++) {
        const struct logged_attempt *attempt = &message->attempts[i];
        if (trip->at != SIM_NEVER && !has_fractions(trip, attempt))
            lead = at_least(attempt->at - trip->at - logged_active(attempt), lead);
    }
    return lead <= WITHIN_SECOND ? milliseconds_up(lead) : 0;
}

static struct duration about(sim_time took)
{
    return (struct duration){took, at_least(took - WITHIN_SECOND, 0), took + WITHIN_SECOND};
}

/* When a replay begins it, as far as is known here. */
static sim_time begin(const struct logged_activation *trip, const struct logged_attempt *attempt,
                      sim_time lead)
{
    return attempt->activation > 0 ? sim_second(trip->at) * SIM_SECOND
                                   : milliseconds_down(trip->at) + lead;
}

struct duration duration_of(const struct logged_message *message,
                            const struct logged_attempt *attempt, sim_time lead)
{
    const struct logged_activation *trip = &message->activations[attempt->activation];
    sim_time took = milliseconds_down(logged_took(attempt));
    sim_time waited = logged_active(attempt) - logged_took(attempt);

    if (trip->at == SIM_NEVER)
        return about(took);
    sim_time least = sim_second(attempt->at) * SIM_SECOND - begin(trip, attempt, lead) - waited;
    sim_time slack = SIM_SECOND + rounding_of_took(attempt) + rounding(waited);
    if (took < least - slack || took > least + slack)
        return about(took);
    return (struct duration){
        .best = milliseconds_down(at_least(measured(trip, attempt), 0)),
        .least = milliseconds_up(at_least(least, 0)),
        .most = milliseconds_down(at_least(least + WITHIN_SECOND, 0)),
    };
}

struct duration duration_exactly(sim_time took)
{
    return (struct duration){took, took, took};
}

bool duration_join(struct duration *known, const struct duration *more)
{
    sim_time least = at_least(more->least, known->least);
    sim_time most = known->most < more->most ? known->most : more->most;

    if (least > most)
        return false;
    known->least = least;
    known->most = most;
    return true;
}

sim_time duration_likeliest(const struct duration *duration)
{
    sim_time best = at_least(duration->best, duration->least);

    return best > duration->most ? duration->most : best;
}
