/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/truth/figures.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

void figures_fini(struct figures *figures)
{
    free(figures->mails);
    free(figures->steps);
    free(figures->scans);
    sample_fini(&figures->delays);
    names_fini(&figures->ids);
}

struct mail_figures *figures_mail(struct figures *figures, const char *id)
{
    size_t before = figures->ids.count;
    size_t number = names_add(&figures->ids, id, strlen(id));

    figures->mails =
        alloc_grow(figures->mails, &figures->mail_room, figures->ids.count, sizeof *figures->mails);
    for (size_t i = before; i < figures->ids.count; i++)
        figures->mails[i] = (struct mail_figures){0};
    return &figures->mails[number];
}

void figures_step(struct figures *figures, int64_t second, int active, int deferred)
{
    figures->steps = alloc_grow(figures->steps, &figures->step_room, figures->step_count + 1,
                                sizeof *figures->steps);
    figures->steps[figures->step_count++] = (struct queue_step){second, active, deferred};
}

void figures_scanned(struct figures *figures, uint64_t scan, size_t recipients)
{
    if (scan == 0)
        return;
    figures->scans = alloc_grow(figures->scans, &figures->scan_room, scan, sizeof *figures->scans);
    for (; figures->scan_count < scan; figures->scan_count++)
        figures->scans[figures->scan_count] = 0;
    figures->scans[scan - 1] += recipients;
}

static int by_second(const void *a, const void *b)
{
    const struct queue_step *x = a, *y = b;

    return (x->second > y->second) - (x->second < y->second);
}

/* The longest queues where a second is over. */
static void find_most(struct figures *figures)
{
    long active = 0, deferred = 0;

    if (figures->step_count > 0)
        qsort(figures->steps, figures->step_count, sizeof *figures->steps, by_second);
    for (size_t i = 0; i < figures->step_count; i++) {
        const struct queue_step *step = &figures->steps[i];
        active += step->active;
        deferred += step->deferred;
        if (i + 1 < figures->step_count && step[1].second == step->second)
            continue;
        if (active > (long)figures->active_most)
            figures->active_most = (size_t)active;
        if (deferred > (long)figures->deferred_most)
            figures->deferred_most = (size_t)deferred;
    }
}

void figures_ready(struct figures *figures)
{
    find_most(figures);
    sample_sort(&figures->delays);
}

size_t figures_busiest_scan(const struct figures *figures)
{
    size_t most = 0;

    for (size_t i = 0; i < figures->scan_count; i++) {
        if (figures->scans[i] > most)
            most = figures->scans[i];
    }
    return most;
}

double figures_scans_apart(const struct figures *a, const struct figures *b)
{
    size_t apart = 0, all = 0;

    for (size_t i = 0; i < a->scan_count || i < b->scan_count; i++) {
        size_t x = i < a->scan_count ? a->scans[i] : 0, y = i < b->scan_count ? b->scans[i] : 0;
        apart += x > y ? x - y : y - x;
        all += x;
    }
    return all == 0 ? 0 : (double)apart / (double)all;
}

/* ------------------------------------------------------------------- of a recording */

/* NULL: a notice. */
static struct mail_figures *of_mail(struct figures *figures, const struct recorded_run *run,
                                    size_t number)
{
    const struct recorded_mail *owner = &run->mails[run->mails[number].owner];

    return owner->sender == NULL ? NULL : figures_mail(figures, owner->id);
}

/* The number of the scan that took a message in that second; 0: none. The log is a second late
 * at most. */
static uint64_t scan_that_took(const struct recorded_run *run, int64_t second)
{
    uint64_t number = scan_from(&run->clock, (second + 1) * SIM_SECOND) - 1;

    if (number == 0 || number > run->scan_count)
        return 0;
    return second <= sim_second(run->scans[number - 1].end) + 1 ? number : 0;
}

/* The activation that an attempt was part of. */
static size_t activation_of(const struct recorded_mail *mail, int64_t attempt)
{
    size_t i = mail->activation_count;

    while (i > 0 && mail->activations[i - 1] > attempt)
        i--;
    cr_assert_gt(i, 0, "%s: an attempt before it was active", mail->id);
    return i - 1;
}

static void add_attempts(struct figures *figures, const struct recorded_run *run)
{
    for (size_t i = 0; i < run->attempt_count; i++) {
        const struct recorded_attempt *attempt = &run->attempts[i];
        const struct recorded_mail *mail = &run->mails[attempt->mail];
        struct mail_figures *of = of_mail(figures, run, attempt->mail);
        size_t activation = activation_of(mail, attempt->at);
        if (attempt->suspended)
            figures->suspensions++;
        else
            figures->connections++;
        if (activation > 0)
            figures_scanned(figures, scan_that_took(run, mail->activations[activation]), 1);
        if (of == NULL)
            continue;
        of->tally.sent += attempt->fate == RECORDED_SENT;
        of->tally.bounced += attempt->fate == RECORDED_BOUNCED;
        if (attempt->fate == RECORDED_SENT)
            sample_add(&figures->delays, attempt->delay);
    }
}

/* What became of those that were neither delivered nor refused. */
static void settle_rest(struct mail_figures *of, enum recorded_fate fate)
{
    uint32_t rest = of->recipients - of->tally.sent - of->tally.bounced;

    if (fate == RECORDED_EXPIRED)
        of->tally.expired = rest;
    else if (fate == RECORDED_DELETED)
        of->tally.deleted = rest;
    else
        of->tally.queued = rest;
}

/* Of the latest file that a message had. */
static enum recorded_fate fate_of(const struct recorded_run *run, size_t owner)
{
    enum recorded_fate fate = run->mails[owner].fate;

    for (size_t i = owner + 1; i < run->count; i++) {
        if (run->mails[i].owner == owner)
            fate = run->mails[i].fate;
    }
    return fate;
}

static void add_mails(struct figures *figures, const struct recorded_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct recorded_mail *mail = &run->mails[i];
        struct mail_figures *of = of_mail(figures, run, i);
        if (mail->removed > figures->drained)
            figures->drained = mail->removed;
        if (of == NULL)
            continue;
        of->activations += (uint32_t)mail->activation_count;
        if (mail->owner != i)
            continue;
        of->recipients = (uint32_t)mail->recipients;
        settle_rest(of, fate_of(run, i));
    }
}

/* Deferred is a message from the end of one trip to the beginning of the next, or its removal. */
static void add_steps(struct figures *figures, const struct recorded_mail *mail, bool requeued)
{
    for (size_t i = 0; i < mail->activation_count; i++)
        figures_step(figures, mail->activations[i], 1, i == 0 && !requeued ? 0 : -1);
    for (size_t i = 0; i < mail->deferral_count; i++)
        figures_step(figures, sim_second(mail->deferrals[i].at), -1, 1);
    if (mail->removed < 0)
        return;
    bool deferred = mail->deferral_count == mail->activation_count;
    figures_step(figures, mail->removed, deferred ? 0 : -1, deferred ? -1 : 0);
}

void figures_of_recording(struct figures *figures, const struct recorded_run *run)
{
    *figures = (struct figures){.drained = -1};
    add_attempts(figures, run);
    add_mails(figures, run);
    for (size_t i = 0; i < run->count; i++)
        add_steps(figures, &run->mails[i], run->mails[i].owner != i);
    figures_ready(figures);
}

/* ------------------------------------------------------------------- of a run of ours */

static struct figures_watch *watch_of(struct observer *observer)
{
    return CONTAINER_OF(observer, struct figures_watch, observer);
}

/* NULL: a notice. */
static struct mail_figures *watched(struct figures_watch *watch, const struct message *message)
{
    uint32_t label = catalogue_label(&watch->catalogue, message_id(message));

    if (message->notice != 0)
        return NULL;
    cr_assert_neq(label, NAMES_NONE);
    return figures_mail(&watch->figures, names_text(&watch->catalogue.scenario->names, label));
}

static void arrived(struct observer *self, const struct message *message, uint32_t recipients)
{
    struct mail_figures *of = watched(watch_of(self), message);

    if (of != NULL)
        of->recipients = of->tally.queued = recipients;
}

/* The recorded scans have those that a flush began, by the same clock. */
static uint64_t number_of_scan(const struct scenario *scenario, uint64_t scan, sim_time at)
{
    if (scan != SCAN_FLUSH)
        return scan;
    for (scan = 0; scan < scenario->scan_count && scenario->scans[scan].start <= at;)
        scan++;
    return scan;
}

static void activated(struct observer *self, sim_time at, const struct message *message,
                      uint32_t recipients, uint64_t scan)
{
    struct figures_watch *watch = watch_of(self);
    struct mail_figures *of = watched(watch, message);

    figures_step(&watch->figures, sim_second(at), 1, message->activations == 1 ? 0 : -1);
    figures_scanned(&watch->figures, number_of_scan(watch->catalogue.scenario, scan, at),
                    recipients);
    if (of != NULL)
        of->activations++;
}

static void count_attempt(struct figures *figures, const struct message *message,
                          const struct attempt *attempt)
{
    if (attempt->outcome == OUTCOME_SUSPENDED)
        figures->suspensions++;
    else
        figures->connections++;
    if (attempt->outcome == OUTCOME_SENT && message->notice == 0)
        sample_add(&figures->delays,
                   (double)(attempt->end - message->arrival) / (double)SIM_SECOND);
}

static void ended(struct observer *self, const struct activation *activation)
{
    struct figures_watch *watch = watch_of(self);
    struct mail_figures *of = watched(watch, activation->message);
    bool deferred = activation->fate == FATE_DEFERRED;
    int64_t second = sim_second(activation->end);

    for (size_t i = 0; i < activation->count; i++)
        count_attempt(&watch->figures, activation->message, &activation->attempts[i]);
    figures_step(&watch->figures, second, -1, deferred);
    if (!deferred)
        watch->figures.drained = second;
    if (of != NULL)
        of->tally = activation->tally;
}

/* What is deleted was deferred; a requeued message is told of when it becomes active again. */
static void operated(struct observer *self, sim_time at, enum operation_kind kind,
                     const struct message *message, const struct tally *tally)
{
    struct figures_watch *watch = watch_of(self);
    struct mail_figures *of = watched(watch, message);

    if (kind != OPERATION_DELETE)
        return;
    figures_step(&watch->figures, sim_second(at), 0, -1);
    watch->figures.drained = sim_second(at);
    if (of != NULL)
        of->tally = *tally;
}

static void finished(struct observer *self, sim_time at)
{
    (void)at;
    figures_ready(&watch_of(self)->figures);
}

static const struct observer_ops watch_ops = {
    .arrived = arrived,
    .activated = activated,
    .ended = ended,
    .operated = operated,
    .finished = finished,
};

void figures_watch_init(struct figures_watch *watch, const struct scenario *scenario)
{
    *watch = (struct figures_watch){
        .observer.ops = &watch_ops,
        .catalogue.scenario = scenario,
        .figures.drained = -1,
    };
}
