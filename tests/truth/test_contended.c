/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Contended: runs in which deliveries wait for each other - dead sites, windows,
 * a full active queue, an operator. Given arrivals, scans and sites (run.conf),
 * the model must come to the recorded figures.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/truth/figures.h"
#include "tests/truth/replayed.h"

/* What is wanted: how far ours may be from the recorded. */
static const struct {
    double connections, suspensions; /* of the total, as a share */
    double statuses;                 /* messages whose recipients fared differently, as a share */
    uint32_t activations;            /* more or fewer, of any message */
} tolerance = {.connections = 0.05, .suspensions = 0.05, .statuses = 0, .activations = 1};

#define SEEDS 20

enum { CONNECTIONS, SUSPENSIONS }; /* of the rows of the table */

struct recording {
    char name[40];
    size_t messages, connections, suspensions; /* counted in attempts.csv by agent */
    bool contended;
};

static struct recording recordings[] = {
    {"04-outage-refused", 300, 431, 348, true},
    {"04b-outage-421", 300, 442, 332, true},
    {"07-capacity-conc2", 500, 698, 0, true},
    {"08-operator", 40, 331, 13, true},
    {"10-mixed-multircpt", 80, 611, 122, true},
    {"12-active-queue-full", 200, 220, 380, true},
    {"02-always450-1d", 50, 1298, 0, false},
    {"03-greylist", 200, 600, 0, false},
    {"05-null-sender-bounce-lifetime", 70, 762, 8, true},
    {"06b-run60-min900-max3600", 60, 680, 0, false},
    {"09-delay-warning", 45, 590, 0, false},
};

TestSuite(contended, .timeout = 120);

static void expect_empty_queues(const char *name, const struct figures *figures)
{
    long active = 0, deferred = 0;

    for (size_t i = 0; i < figures->step_count; i++) {
        active += figures->steps[i].active;
        deferred += figures->steps[i].deferred;
    }
    cr_expect_eq(active, 0, "%s: %ld active", name, active);
    cr_expect_eq(deferred, 0, "%s: %ld deferred", name, deferred);
}

ParameterizedTestParameters(contended, recordings_are_whole)
{
    return cr_make_param_array(struct recording, recordings, COUNT_OF(recordings));
}

/* All of the mail is there, and at the end nothing is left. */
ParameterizedTest(struct recording *recording, contended, recordings_are_whole)
{
    struct recorded_run run;
    struct figures figures;

    recorded_read(&run, recording->name);
    figures_of_recording(&figures, &run);
    cr_expect_eq(figures.ids.count, recording->messages, "%s: %zu", recording->name,
                 figures.ids.count);
    cr_expect_eq(figures.connections, recording->connections, "%s: %zu", recording->name,
                 figures.connections);
    cr_expect_eq(figures.suspensions, recording->suspensions, "%s: %zu", recording->name,
                 figures.suspensions);
    for (uint32_t i = 0; i < figures.ids.count; i++) {
        const struct mail_figures *mail = &figures.mails[i];
        const struct tally *tally = &mail->tally;
        cr_expect_eq(tally->queued, 0, "%s %s", recording->name, names_text(&figures.ids, i));
        cr_expect_eq(tally->sent + tally->bounced + tally->expired + tally->deleted,
                     mail->recipients, "%s %s", recording->name, names_text(&figures.ids, i));
        cr_expect_gt(mail->activations, 0, "%s %s", recording->name, names_text(&figures.ids, i));
    }
    expect_empty_queues(recording->name, &figures);
    figures_fini(&figures);
    recorded_fini(&run);
}

/* One was deleted, two expired by force; one was requeued after 6 trips and made 7 more. */
Test(contended, the_recorded_operator_was_heard)
{
    struct recorded_run run;
    struct figures figures;

    recorded_read(&run, "08-operator");
    figures_of_recording(&figures, &run);
    cr_expect_eq(figures_mail(&figures, "4gTDgw68BVz64J")->tally.deleted, 1);
    cr_expect_eq(figures_mail(&figures, "4gTDm555zvz65T")->tally.expired, 1);
    cr_expect_eq(figures_mail(&figures, "4gTDmY3QM5z65l")->tally.expired, 1);
    cr_expect_eq(figures_mail(&figures, "4gTDlF1F9hz65G")->tally.sent, 1);
    cr_expect_eq(figures_mail(&figures, "4gTDlF1F9hz65G")->activations, 13);
    figures_fini(&figures);
    recorded_fini(&run);
}

/* qmgr_message_active_limit 50; a message that leaves in the second in which another enters may
 * be counted with it. */
Test(contended, the_recorded_active_queue_was_full)
{
    struct recorded_run run;
    struct figures figures;

    recorded_read(&run, "12-active-queue-full");
    figures_of_recording(&figures, &run);
    cr_expect_eq(run.settings.qmgr_message_active_limit, 50);
    cr_expect_eq(figures.active_most, 50, "%zu", figures.active_most);
    figures_fini(&figures);
    recorded_fini(&run);
}

/* --------------------------------------------------------------------- ours and theirs */

static void simulate(struct figures_watch *watch, const struct scenario *scenario,
                     const struct recorded_run *run, uint64_t seed)
{
    figures_watch_init(watch, scenario);
    replayed_run(scenario, run, seed, &watch->observer);
}

/* How far ours is from the recorded, as a share of it. */
static double error_of(double recorded, double ours)
{
    return recorded == ours || (isnan(recorded) && isnan(ours)) ? 0 : (ours - recorded) / recorded;
}

/* How many messages differ. */
struct differences {
    size_t statuses;    /* in what their recipients came to */
    size_t activations; /* in how often they were active */
    size_t beyond;      /* by more than what is tolerated */
};

static bool same_statuses(const struct tally *a, const struct tally *b)
{
    return a->sent == b->sent && a->bounced == b->bounced && a->expired == b->expired
           && a->deleted == b->deleted && a->queued == b->queued;
}

static struct differences compare(struct figures *recorded, struct figures *ours)
{
    struct differences differences = {0};

    for (uint32_t i = 0; i < recorded->ids.count; i++) {
        const struct mail_figures *theirs = &recorded->mails[i];
        const struct mail_figures *mail = figures_mail(ours, names_text(&recorded->ids, i));
        uint32_t apart = theirs->activations > mail->activations
                             ? theirs->activations - mail->activations
                             : mail->activations - theirs->activations;
        differences.statuses += !same_statuses(&theirs->tally, &mail->tally);
        differences.activations += apart > 0;
        differences.beyond += apart > tolerance.activations;
    }
    return differences;
}

/* ------------------------------------------------------------------------- the table */

static double connections(const struct figures *figures)
{
    return (double)figures->connections;
}

static double suspensions(const struct figures *figures)
{
    return (double)figures->suspensions;
}

static double activations(const struct figures *figures)
{
    size_t sum = 0;

    for (size_t i = 0; i < figures->ids.count; i++)
        sum += figures->mails[i].activations;
    return (double)sum;
}

static double drained(const struct figures *figures)
{
    return (double)figures->drained;
}

static double active_most(const struct figures *figures)
{
    return (double)figures->active_most;
}

static double deferred_most(const struct figures *figures)
{
    return (double)figures->deferred_most;
}

static double busiest_scan(const struct figures *figures)
{
    return (double)figures_busiest_scan(figures);
}

static double delivered(const struct figures *figures)
{
    return (double)figures->delays.count;
}

static double median_delay(const struct figures *figures)
{
    return sample_median(&figures->delays);
}

static const struct {
    const char *name;
    double (*of)(const struct figures *figures);
} rows[] = {
    [CONNECTIONS] = {"connections", connections}, [SUSPENSIONS] = {"suspensions", suspensions},
    {"activations of mail", activations},         {"drained, s", drained},
    {"active queue, most", active_most},          {"deferred queue, most", deferred_most},
    {"busiest scan, recipients", busiest_scan},   {"delivered recipients", delivered},
    {"delay, median, s", median_delay},
};
enum { ROWS = COUNT_OF(rows) };

/* From the least to the most that some runs came to. */
struct range {
    double least, most;
};

static bool is_inside(double value, struct range range)
{
    return (range.least <= value && value <= range.most) || (isnan(value) && isnan(range.least));
}

static void widen(struct range *range, double value)
{
    range->least = fmin(range->least, value);
    range->most = fmax(range->most, value);
}

/* What the luck of a run can make of it. */
static void find_ranges(struct range ranges[ROWS], const struct recorded_run *run)
{
    for (size_t i = 0; i < ROWS; i++)
        ranges[i] = (struct range){NAN, NAN};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct scenario scenario;
        struct figures_watch watch;
        replayed_read(&scenario, run);
        replayed_draw(&scenario, run, seed);
        simulate(&watch, &scenario, run, seed);
        for (size_t i = 0; i < ROWS; i++)
            widen(&ranges[i], rows[i].of(&watch.figures));
        figures_fini(&watch.figures);
        scenario_fini(&scenario);
    }
}

/*
 * Recorded, ours, how far off, and what luck can do; README.md tells why what is outside is so. A
 * line each with the run's name, as tests print at once.
 */
static void print_table(const char *run, const struct figures *recorded, const struct figures *ours,
                        const struct range ranges[ROWS], const struct differences *differences)
{
    for (size_t i = 0; i < ROWS; i++) {
        double theirs = rows[i].of(recorded), value = rows[i].of(ours);
        fprintf(stderr, "%-30s %-24s %9.1f %9.1f %+7.1f %%  %9.1f to %9.1f  %s\n", run,
                rows[i].name, theirs, value, 100 * error_of(theirs, value), ranges[i].least,
                ranges[i].most, is_inside(theirs, ranges[i]) ? "inside" : "OUTSIDE");
    }
    fprintf(stderr,
            "%-30s scans apart: %.1f %% of recipients; delays: distance %.3f; of %zu messages %zu "
            "differ in status, %zu in activations, %zu by more than %u\n",
            run, 100 * figures_scans_apart(recorded, ours),
            sample_distance(&recorded->delays, &ours->delays), recorded->ids.count,
            differences->statuses, differences->activations, differences->beyond,
            tolerance.activations);
}

static void expect_near(const char *name, double recorded, double ours, double share,
                        struct range range)
{
    cr_expect(fabs(error_of(recorded, ours)) <= share || is_inside(recorded, range),
              "%s: %g, recorded %g, of %d seeds %g to %g", name, ours, recorded, SEEDS, range.least,
              range.most);
}

static void expect_tolerable(const char *name, const struct figures *recorded,
                             const struct figures *ours, const struct range ranges[ROWS],
                             const struct differences *differences)
{
    expect_near(name, connections(recorded), connections(ours), tolerance.connections,
                ranges[CONNECTIONS]);
    expect_near(name, suspensions(recorded), suspensions(ours), tolerance.suspensions,
                ranges[SUSPENSIONS]);
    cr_expect_leq((double)differences->statuses, tolerance.statuses * (double)recorded->ids.count,
                  "%s", name);
    cr_expect_eq(differences->beyond, 0, "%s", name);
    cr_expect_eq(ours->ids.count, recorded->ids.count, "%s", name);
}

/* What holds where nothing waits for anything else; the last time is up to a scan off. */
static void expect_close(const char *name, const struct figures *recorded,
                         const struct figures *ours)
{
    cr_expect_eq(ours->deferred_most, recorded->deferred_most, "%s", name);
    cr_expect_float_eq((double)ours->drained, (double)recorded->drained, 310, "%s", name);
    cr_expect_float_eq((double)ours->active_most, (double)recorded->active_most, 2, "%s", name);
    cr_expect_float_eq((double)figures_busiest_scan(ours), (double)figures_busiest_scan(recorded),
                       2, "%s", name);
    cr_expect_eq(ours->delays.count, recorded->delays.count, "%s", name);
    cr_expect_leq(sample_distance(&recorded->delays, &ours->delays), 0.1, "%s", name);
}

ParameterizedTestParameters(contended, runs_come_to_the_recorded_figures)
{
    return cr_make_param_array(struct recording, recordings, COUNT_OF(recordings));
}

ParameterizedTest(struct recording *recording, contended, runs_come_to_the_recorded_figures)
{
    struct recorded_run run;
    struct scenario scenario;
    struct figures recorded;
    struct figures_watch watch;
    struct range ranges[ROWS];

    recorded_read(&run, recording->name);
    figures_of_recording(&recorded, &run);
    replayed_read(&scenario, &run);
    simulate(&watch, &scenario, &run, 1);
    find_ranges(ranges, &run);
    struct differences differences = compare(&recorded, &watch.figures);
    print_table(recording->name, &recorded, &watch.figures, ranges, &differences);
    expect_tolerable(recording->name, &recorded, &watch.figures, ranges, &differences);
    if (!recording->contended)
        expect_close(recording->name, &recorded, &watch.figures);
    figures_fini(&recorded);
    figures_fini(&watch.figures);
    scenario_fini(&scenario);
    recorded_fini(&run);
}
