/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/outage.c - the site cannot be reached for a while
 *
 * What each kind costs an attempt: a refusal nothing, an address where no one
 * answers the MTA's connect time-out, a host that takes connections and says
 * nothing its time-out for the greeting, a failed look-up nothing beyond the
 * latency of dns. Of a site with several addresses it may concern the first ones
 * only: each costs the same, then the next is tried. The texts are those Postfix
 * logs, without the host (spec: smtp_connect.c, smtp_addr.c, smtp_trouble.c).
 */
#include "models/site/failure.h"

enum how { HOW_REFUSED, HOW_TIMEOUT, HOW_DNS, HOW_GREETING, HOW_SILENT };
static const char *const hows[] = {"refused", "timeout", "dns", "greeting", "silent", NULL};

struct outage {
    sim_time at;
    struct dist length;
    int how;
    int64_t addresses; /* 0: all */
    struct reply text;
};

struct outage_state {
    sim_time until;
};

static const struct setting settings[] = {
    {"at", SETTING_INSTANT, offsetof(struct outage, at), "0", 0, 0, NULL, "when it begins"},
    {"for", SETTING_DIST, offsetof(struct outage, length), NULL, 0, 0, NULL, "how long it lasts"},
    {"how", SETTING_CHOICE, offsetof(struct outage, how), "refused", 0, 0, hows,
     "how the site fails"},
    {"addresses", SETTING_COUNT, offsetof(struct outage, addresses), "", 1, MOST_ADDRESSES, NULL,
     "only the first so many of the site's are concerned; default all"},
    {"text", SETTING_REPLY, offsetof(struct outage, text), "421 4.3.2 Service not available", 0, 0,
     NULL, "the greeting, where it is one"},
    {0},
};

static const struct reply no_connection[] = {
    [HOW_REFUSED] = {450, OUTCOME_DEFERRED, "4.4.1", (char *)"Connection refused", false},
    [HOW_TIMEOUT] = {450, OUTCOME_DEFERRED, "4.4.1", (char *)"Connection timed out", false},
    [HOW_DNS] = {450, OUTCOME_DEFERRED, "4.4.3",
                 (char *)"Host or domain name not found. Name service error", false},
    [HOW_SILENT] = {450, OUTCOME_DEFERRED, "4.4.2",
                    (char *)"timed out while receiving the initial server greeting", true},
};

static enum smtp_stage stage_of(const struct outage *outage)
{
    static const enum smtp_stage stage[] = {
        [HOW_REFUSED] = STAGE_CONNECT,   [HOW_TIMEOUT] = STAGE_CONNECT, [HOW_DNS] = STAGE_DNS,
        [HOW_GREETING] = STAGE_GREETING, [HOW_SILENT] = STAGE_GREETING,
    };

    return stage[outage->how];
}

static unsigned stages(const void *object)
{
    return AT_STAGE(stage_of(object));
}

static void begin(struct failure *self, uint32_t word)
{
    const struct outage *outage = self->settings;
    struct outage_state *state = self->state;
    sim_time length = dist_draw(&outage->length, word);

    bool endless = length == SIM_NEVER || (outage->at > 0 && length > SIM_NEVER - outage->at);
    state->until = endless ? SIM_NEVER : outage->at + length;
}

static struct outage_span span(const struct failure *self)
{
    const struct outage *outage = self->settings;
    const struct outage_state *state = self->state;

    return (struct outage_span){outage->at, state->until, hows[outage->how], outage->addresses};
}

static bool holds(const struct failure *self, sim_time at)
{
    const struct outage *outage = self->settings;
    const struct outage_state *state = self->state;

    return at >= outage->at && at < state->until;
}

/* Of all that the site has. An address that is not found is none of those to be tried: see below.
 */
static uint32_t addresses_tried(const struct outage *outage, const struct approach *approach)
{
    bool limited = outage->how != HOW_DNS && approach->address_limit > 0
                   && approach->address_limit < approach->addresses;

    return limited ? (uint32_t)approach->address_limit : approach->addresses;
}

/* One address after the other, each at its own time; the attempt fails if all do. */
static const struct reply *speak(struct failure *self, struct approach *approach)
{
    const struct outage *outage = self->settings;
    uint32_t tried = addresses_tried(outage, approach);
    bool partial = outage->addresses > 0 && outage->addresses < tried;
    uint32_t concerned = partial ? (uint32_t)outage->addresses : tried;

    for (; approach->dead_addresses < concerned; approach->dead_addresses++) {
        if (!holds(self, approach->at))
            return NULL;
        if (outage->how == HOW_TIMEOUT)
            approach->at += approach->connect_timeout;
        else if (outage->how == HOW_SILENT)
            approach->at += approach->helo_timeout;
        else if (outage->how == HOW_DNS && approach->address_limit > 0)
            approach->address_limit++;
    }
    if (approach->dead_addresses < tried)
        return NULL;
    return outage->how == HOW_GREETING ? &outage->text : &no_connection[outage->how];
}

const struct failure_ops failure_outage = {
    .name = "outage",
    .summary = "cannot be reached for a while",
    .settings_size = sizeof(struct outage),
    .state_size = sizeof(struct outage_state),
    .settings = settings,
    .stages = stages,
    .begin = begin,
    .outage = span,
    .speak = speak,
};
