/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/truth/replayed.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "io/scenario_conf.h"
#include "models/world.h"
#include "sim/alloc.h"
#include "tests/truth/sample.h"

void replayed_read(struct scenario *scenario, const struct recorded_run *run)
{
    char *path = alloc_printf("%s/tests/truth/%s/run.conf", SOURCE_DIR, run->name);
    struct err err = {0};

    cr_assert(scenario_read(scenario, path, &err), "%s", err.text);
    free(path);
}

void replayed_run(const struct scenario *scenario, const struct recorded_run *run, uint64_t seed,
                  struct observer *observer)
{
    struct observers observers = {.any_activated = true};

    observers_add(&observers, observer);
    world_run(&(struct run){
        .scenario = scenario,
        .mta = mta_find("postfix"),
        .mta_settings = &run->settings,
        .seed = seed,
        .observers = &observers,
    });
}

/* ---------------------------------------------------------------------- what is drawn */

/* From here on the log has whole seconds only, which hide what is luck. */
#define TOO_LONG 100.0

static bool is_at(const struct recorded_run *run, const struct recorded_attempt *attempt,
                  const char *domain)
{
    return !attempt->suspended && strcmp(names_text(&run->domains, attempt->domain), domain) == 0;
}

/* How long the attempts at a site took that came to `fate`, as shares of their median. */
static void add_shares(struct sample *shares, const struct recorded_run *run, const char *domain,
                       enum recorded_fate fate)
{
    struct sample times = {0};

    for (size_t i = 0; i < run->attempt_count; i++) {
        const struct recorded_attempt *attempt = &run->attempts[i];
        if (is_at(run, attempt, domain) && attempt->fate == fate && attempt->took < TOO_LONG)
            sample_add(&times, attempt->took);
    }
    sample_sort(&times);
    double median = sample_median(&times);
    for (size_t i = 0; i < times.count && median > 0; i++)
        sample_add(shares, times.list[i] / median);
    sample_fini(&times);
}

/* A site that refuses is quicker than one that delivers: each against those of its kind. */
static void add_all_shares(struct sample *shares, const struct recorded_run *run,
                           const char *domain)
{
    add_shares(shares, run, domain, RECORDED_LEFT);
    add_shares(shares, run, domain, RECORDED_SENT);
    add_shares(shares, run, domain, RECORDED_BOUNCED);
}

/* Where all took too long, those of the other sites: what is luck is the starting of processes. */
static void find_shares(struct sample *shares, const struct recorded_run *run, const char *domain)
{
    add_all_shares(shares, run, domain);
    if (shares->count == 0) {
        for (uint32_t i = 0; i < run->domains.count; i++)
            add_all_shares(shares, run, names_text(&run->domains, i));
    }
    sample_sort(shares);
}

static void draw_latency(struct dist *latency, const struct sample *shares)
{
    struct dist drawn = {.kind = DIST_EMPIRICAL, .count = shares->count};

    drawn.samples = alloc_zeroed(shares->count * sizeof *drawn.samples);
    for (size_t i = 0; i < shares->count; i++)
        drawn.samples[i] = latency->a * shares->list[i];
    dist_fini(latency);
    *latency = drawn;
}

static void draw_times(struct scenario *scenario, const struct recorded_run *run)
{
    for (size_t i = 0; i < scenario->site_count; i++) {
        struct site_spec *site = &scenario->sites[i];
        struct sample shares = {0};
        find_shares(&shares, run, site->name);
        for (int stage = 0; stage < STAGE_COUNT && shares.count > 0; stage++) {
            const struct dist *latency = &site->latency[stage];
            if (latency->kind == DIST_CONSTANT && latency->a > 0
                && latency->a < TOO_LONG * (double)SIM_SECOND)
                draw_latency(&site->latency[stage], &shares);
        }
        sample_fini(&shares);
    }
}

/* Whether it is known when in its course a scan met its files: at once where a flush began it, or
 * else as there was room in the active queue. */
static bool is_certain(const struct scenario *scenario, const struct scan *scan)
{
    const sim_time waits_for_room = 10 * SIM_SECOND; /* no other recorded scan is as long */

    for (size_t i = 0; i < scenario->operation_count; i++) {
        const struct operation *operation = &scenario->operations[i];
        if (operation->kind == OPERATION_FLUSH && operation->at == scan->start)
            return true;
    }
    return scan->end - scan->start >= waits_for_room;
}

static void draw_scans(struct scenario *scenario, const struct recorded_run *run, uint64_t seed)
{
    const struct rng rng = {.seed = seed};

    cr_assert_eq(scenario->scan_count, run->scan_count);
    for (uint32_t i = 0; i < run->scan_count; i++) {
        struct scan scan = run->scans[i];
        uint32_t words[4];
        rng_block(&rng, 0, 0, i, words);
        if (!is_certain(scenario, &scan))
            scan.start += (sim_time)(rng_unit(words[0]) * (double)(scan.end - scan.start));
        scenario->scans[i] = scan;
    }
}

void replayed_draw(struct scenario *scenario, const struct recorded_run *run, uint64_t seed)
{
    draw_times(scenario, run);
    draw_scans(scenario, run, seed);
}
