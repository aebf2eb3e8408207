/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chained: given only when mail arrived, when scans took place and what sites
 * answer (run.conf in each folder), the model must do to every message, and to
 * every notice, what a real Postfix did.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/scenario_conf.h"
#include "models/world.h"
#include "sim/alloc.h"
#include "tests/truth/recorded.h"
#include "tests/truth/sample.h"

/* How long attempts take in the model. */
enum attempt_times {
    AT_ONCE, /* sites answer in no time, as the scripted ones did */
    MEDIAN,  /* of the recorded ones: run.conf has it */
    DRAWN,   /* from the recorded ones, each as likely */
};

/* What the model did to a queue file of the recording. */
struct simulated_mail {
    size_t arrivals;
    size_t activations;
    size_t on_scan; /* retries on the scan that the same retry was on in the recording */
    enum recorded_fate fate;
    sim_time age; /* when it got its fate */
    size_t notices[RECORDED_KINDS];
    size_t told_at[RECORDED_KINDS]; /* activations before the last of them */
};

struct chained {
    struct observer observer;
    struct catalogue catalogue; /* of the scenario */
    struct recorded_run run;
    struct scenario scenario;
    struct simulated_mail *mails; /* by the number of the recorded one */
    size_t unrecorded;            /* notices that the real Postfix did not send */
};

/* ------------------------------------------------- the same mail in the recording */

static size_t recorded_message(const struct chained *chained, struct message_id id)
{
    uint32_t label =
        catalogue_label(&chained->catalogue, (struct message_id){id.number, id.traffic, 0});
    const char *text = names_text(&chained->scenario.names, label);
    uint32_t number = names_find(&chained->run.ids, text, strlen(text));

    cr_assert_neq(number, NAMES_NONE, "%s", text);
    return number;
}

/* RECORDED_NONE: a notice that was not sent. */
static size_t recorded_number(const struct chained *chained, struct message_id id)
{
    size_t number = recorded_message(chained, id);
    enum notice_kind kind = id.notice & NOTICE_WARNING ? NOTICE_DELAY : NOTICE_NON_DELIVERY;

    return id.notice == 0 ? number : chained->run.mails[number].notice[kind];
}

/* NULL: a notice that was not sent. */
static struct simulated_mail *mail_of(struct chained *chained, const struct message *message)
{
    size_t number = recorded_number(chained, message_id(message));

    return number == RECORDED_NONE ? NULL : &chained->mails[number];
}

/* ----------------------------------------------------------------- what is told */

static void arrived(struct observer *self, const struct message *message, uint32_t recipients)
{
    struct chained *chained = CONTAINER_OF(self, struct chained, observer);
    struct simulated_mail *mail = mail_of(chained, message);

    cr_assert_eq(recipients, 1);
    if (mail == NULL)
        chained->unrecorded++;
    else
        mail->arrivals++;
}

/* The first activation is not on a scan. */
static void activated(struct observer *self, sim_time at, const struct message *message,
                      uint32_t recipients, uint64_t scan)
{
    struct chained *chained = CONTAINER_OF(self, struct chained, observer);
    size_t number = recorded_number(chained, message_id(message));
    size_t i = message->activations - 1;

    (void)at, (void)recipients;
    if (i == 0 || number == RECORDED_NONE || i >= chained->run.mails[number].activation_count)
        return;
    if (scan == recorded_scan(&chained->run, chained->run.mails[number].activations[i]))
        chained->mails[number].on_scan++;
}

static enum recorded_fate fate_of(const struct activation *activation)
{
    if (activation->fate == FATE_DEFERRED)
        return RECORDED_LEFT;
    if (activation->fate == FATE_EXPIRED)
        return RECORDED_EXPIRED;
    return activation->tally.sent > 0 ? RECORDED_SENT : RECORDED_BOUNCED;
}

static void ended(struct observer *self, const struct activation *activation)
{
    struct chained *chained = CONTAINER_OF(self, struct chained, observer);
    struct simulated_mail *mail = mail_of(chained, activation->message);

    if (mail == NULL)
        return;
    mail->activations++;
    mail->fate = fate_of(activation);
    mail->age = activation->end - activation->message->arrival;
}

static void notified(struct observer *self, sim_time at, const struct message *message,
                     enum notice_kind kind, uint32_t recipients)
{
    struct chained *chained = CONTAINER_OF(self, struct chained, observer);
    struct simulated_mail *mail = mail_of(chained, message);

    (void)at, (void)recipients;
    if (mail == NULL)
        return;
    mail->notices[kind]++;
    mail->told_at[kind] = message->activations;
}

static const struct observer_ops chained_ops = {
    .arrived = arrived,
    .activated = activated,
    .ended = ended,
    .notified = notified,
};

/* -------------------------------------------------------------------- a run of it */

static struct dist drawn_from(const sim_time *times, size_t count)
{
    struct dist dist = {.kind = DIST_EMPIRICAL, .count = count};

    dist.samples = alloc_zeroed(count * sizeof *dist.samples);
    for (size_t i = 0; i < count; i++)
        dist.samples[i] = (double)times[i];
    return dist;
}

/* Makes attempts take what `times` says instead of what run.conf says. */
static void set_times(struct chained *chained, enum attempt_times times)
{
    size_t count;
    sim_time *recorded = recorded_attempt_times(&chained->run, &count);

    for (size_t i = 0; i < chained->scenario.site_count; i++) {
        struct dist *latency = &chained->scenario.sites[i].latency[STAGE_CONNECT];
        dist_fini(latency);
        if (times == DRAWN)
            *latency = drawn_from(recorded, count);
    }
    free(recorded);
}

static void read_run(struct chained *chained, const char *name, enum attempt_times times)
{
    char *path = alloc_printf("%s/tests/truth/%s/run.conf", SOURCE_DIR, name);
    struct err err = {0};

    *chained = (struct chained){.observer.ops = &chained_ops};
    chained->catalogue.scenario = &chained->scenario;
    recorded_read(&chained->run, name);
    cr_assert(scenario_read(&chained->scenario, path, &err), "%s", err.text);
    if (times != MEDIAN)
        set_times(chained, times);
    free(path);
}

static void simulate(struct chained *chained, uint32_t replication)
{
    struct observers observers = {.any_activated = true};

    free(chained->mails);
    chained->mails = alloc_zeroed(chained->run.count * sizeof *chained->mails);
    chained->unrecorded = 0;
    observers_add(&observers, &chained->observer);
    world_run(&(struct run){
        .scenario = &chained->scenario,
        .mta = mta_find("postfix"),
        .mta_settings = &chained->run.settings,
        .seed = chained->scenario.seed,
        .replication = replication,
        .observers = &observers,
    });
}

static void forget(struct chained *chained)
{
    free(chained->mails);
    scenario_fini(&chained->scenario);
    recorded_fini(&chained->run);
}

/* ------------------------------------------------------------------------ the runs */

TestSuite(chained, .timeout = 120);

struct recording {
    char name[40];
};

static struct recording recordings[] = {
    {"02-always450-1d"},
    {"03-greylist"},
    {"05-null-sender-bounce-lifetime"},
    {"06a-run1000-min300"},
    {"06b-run60-min900-max3600"},
    {"09-delay-warning"},
};
enum { RECORDINGS = sizeof recordings / sizeof recordings[0] };

/* ---------------------------------------------------------------- fates and notices */

static void expect_fates(const char *name, enum attempt_times times)
{
    struct chained chained;

    read_run(&chained, name, times);
    simulate(&chained, 0);
    for (size_t i = 0; i < chained.run.count; i++) {
        const struct recorded_mail *recorded = &chained.run.mails[i];
        cr_expect_eq(chained.mails[i].fate, recorded->fate, "%s %s", name, recorded->id);
    }
    forget(&chained);
}

ParameterizedTestParameters(chained, gives_mail_and_notices_their_recorded_fate)
{
    return cr_make_param_array(struct recording, recordings, RECORDINGS);
}

ParameterizedTest(struct recording *recording, chained, gives_mail_and_notices_their_recorded_fate)
{
    expect_fates(recording->name, MEDIAN);
    expect_fates(recording->name, AT_ONCE);
    expect_fates(recording->name, DRAWN);
}

static void expect_notices(const char *name, enum attempt_times times)
{
    struct chained chained;

    read_run(&chained, name, times);
    simulate(&chained, 0);
    for (size_t i = 0; i < chained.run.count; i++) {
        const struct recorded_mail *recorded = &chained.run.mails[i];
        const struct simulated_mail *simulated = &chained.mails[i];
        cr_expect_eq(simulated->arrivals, 1, "%s %s", name, recorded->id);
        for (int kind = 0; kind < RECORDED_KINDS; kind++)
            cr_expect_eq(simulated->notices[kind], recorded->notices[kind], "%s %s, kind %d", name,
                         recorded->id, kind);
    }
    cr_expect_eq(chained.unrecorded, 0, "%s", name);
    forget(&chained);
}

ParameterizedTestParameters(chained, sends_the_recorded_notices_and_no_others)
{
    return cr_make_param_array(struct recording, recordings, RECORDINGS);
}

ParameterizedTest(struct recording *recording, chained, sends_the_recorded_notices_and_no_others)
{
    expect_notices(recording->name, MEDIAN);
    expect_notices(recording->name, AT_ONCE);
    expect_notices(recording->name, DRAWN);
}

/* ------------------------------------------------------------------- how often tried */

struct tries {
    size_t count;               /* messages, or notices */
    size_t same;                /* of these: activated as often as recorded */
    size_t simulated, recorded; /* activations */
    size_t on_scan, retries;
    size_t told;      /* notices about them */
    size_t told_same; /* of these: sent after as many activations as recorded */
};

/* Activations before the first notice of that kind. */
static size_t recorded_told_at(const struct recorded_mail *mail, int kind)
{
    size_t count = 0;

    while (count < mail->activation_count && mail->activations[count] <= mail->told[kind])
        count++;
    return count;
}

static void count_told(struct tries *tries, const struct recorded_mail *recorded,
                       const struct simulated_mail *simulated)
{
    for (int kind = 0; kind < RECORDED_KINDS; kind++) {
        if (recorded->notices[kind] == 0)
            continue;
        tries->told++;
        tries->told_same += simulated->told_at[kind] == recorded_told_at(recorded, kind);
    }
}

static struct tries count_tries(const struct chained *chained, bool notices)
{
    struct tries tries = {0};

    for (size_t i = 0; i < chained->run.count; i++) {
        const struct recorded_mail *recorded = &chained->run.mails[i];
        const struct simulated_mail *simulated = &chained->mails[i];
        if ((recorded->sender == NULL) != notices)
            continue;
        tries.count++;
        tries.same += simulated->activations == recorded->activation_count;
        tries.simulated += simulated->activations;
        tries.recorded += recorded->activation_count;
        tries.on_scan += simulated->on_scan;
        tries.retries += recorded->activation_count - 1;
        count_told(&tries, recorded, simulated);
    }
    return tries;
}

static void print_tries(const struct tries *tries, const char *name, const char *what)
{
    fprintf(stderr,
            "%-30s %s: %zu of %zu tried as often as recorded, %zu activations for %zu, %zu of %zu "
            "retries on their scan, %zu of %zu told after as many\n",
            name, what, tries->same, tries->count, tries->simulated, tries->recorded,
            tries->on_scan, tries->retries, tries->told_same, tries->told);
}

static void count_run(struct tries *messages, struct tries *notices, const char *name,
                      enum attempt_times times)
{
    struct chained chained;

    read_run(&chained, name, times);
    simulate(&chained, 0);
    *messages = count_tries(&chained, false);
    *notices = count_tries(&chained, true);
    print_tries(messages, name, times == AT_ONCE ? "messages, at once" : "messages");
    print_tries(notices, name, times == AT_ONCE ? "notices, at once" : "notices");
    forget(&chained);
}

ParameterizedTestParameters(chained, tries_mail_and_notices_as_often_as_recorded)
{
    return cr_make_param_array(struct recording, recordings, RECORDINGS);
}

ParameterizedTest(struct recording *recording, chained, tries_mail_and_notices_as_often_as_recorded)
{
    struct tries messages, notices;

    count_run(&messages, &notices, recording->name, MEDIAN);
    cr_expect_geq(messages.same * 100, messages.count * 95, "%s", recording->name);
    cr_expect_geq(notices.same * 100, notices.count * 95, "%s", recording->name);
    cr_expect_geq(messages.told_same * 100, messages.told * 95, "%s", recording->name);
}

/* Not 06a, where seconds choose between a wait of 4000 s and one of 5000 s, and not the notices
 * of 05, which are sent just after a scan and whether the next one takes them hangs on a second. */
Test(chained, tries_messages_as_often_with_sites_that_answer_at_once)
{
    for (size_t i = 0; i < RECORDINGS; i++) {
        struct tries messages, notices;
        count_run(&messages, &notices, recordings[i].name, AT_ONCE);
        if (strncmp(recordings[i].name, "06a", 3) != 0)
            cr_expect_geq(messages.same * 100, messages.count * 95, "%s", recordings[i].name);
    }
}

/* ---------------------------------------------------------------------- how old settled */

enum { REPLICATIONS = 99 };

static double seconds(sim_time span)
{
    return (double)span / (double)SIM_SECOND;
}

/* Seconds from arrival to fate, of messages. The log has whole seconds, half a second early on
 * average. */
static void recorded_ages(struct sample *ages, const struct recorded_run *run)
{
    for (const struct recorded_mail *mail = run->mails; mail < run->mails + run->count; mail++) {
        if (mail->sender != NULL)
            sample_add(ages, (double)mail->settled + 0.5 - seconds(mail->arrival));
    }
    sample_sort(ages);
}

static void simulated_ages(struct sample *ages, struct chained *chained)
{
    for (uint32_t replication = 0; replication < REPLICATIONS; replication++) {
        simulate(chained, replication);
        for (size_t i = 0; i < chained->run.count; i++) {
            if (chained->run.mails[i].sender != NULL)
                sample_add(ages, seconds(chained->mails[i].age));
        }
    }
    sample_sort(ages);
}

ParameterizedTestParameters(chained, settles_messages_at_the_recorded_ages)
{
    return cr_make_param_array(struct recording, recordings, RECORDINGS);
}

/* 1.628 / sqrt(n): what one in a hundred samples of n exceeds. */
ParameterizedTest(struct recording *recording, chained, settles_messages_at_the_recorded_ages)
{
    struct chained chained;
    struct sample recorded = {0}, simulated = {0};

    read_run(&chained, recording->name, DRAWN);
    recorded_ages(&recorded, &chained.run);
    simulated_ages(&simulated, &chained);
    double found = sample_distance(&recorded, &simulated);
    double most = 1.628 / sqrt((double)recorded.count);
    fprintf(stderr, "%-30s ages of %zu messages: distance %.3f of at most %.3f\n", recording->name,
            recorded.count, found, most);
    cr_expect_leq(found, most, "%s", recording->name);
    sample_fini(&recorded);
    sample_fini(&simulated);
    forget(&chained);
}

/* ------------------------------------------------------------------------- run.conf */

ParameterizedTestParameters(chained, run_conf_has_the_median_of_the_attempt_times)
{
    return cr_make_param_array(struct recording, recordings, RECORDINGS);
}

ParameterizedTest(struct recording *recording, chained,
                  run_conf_has_the_median_of_the_attempt_times)
{
    struct chained chained;
    size_t count;

    read_run(&chained, recording->name, MEDIAN);
    sim_time *times = recorded_attempt_times(&chained.run, &count);
    for (size_t i = 0; i < chained.scenario.site_count; i++) {
        const struct dist *latency = &chained.scenario.sites[i].latency[STAGE_CONNECT];
        cr_expect_eq(latency->kind, DIST_CONSTANT);
        cr_expect_float_eq(latency->a, (double)times[count / 2], 5000, "%s: the median is %.3f s",
                           recording->name, seconds(times[count / 2]));
    }
    free(times);
    forget(&chained);
}
