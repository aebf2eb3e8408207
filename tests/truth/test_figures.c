/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples and figures, of small runs worked by hand. */
#include "tests/truth/figures.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "models/traffic/trace.h"

/* ---------------------------------------------------------------------------- samples */

static struct sample sorted(size_t count, const double *values)
{
    struct sample sample = {0};

    for (size_t i = 0; i < count; i++)
        sample_add(&sample, values[i]);
    sample_sort(&sample);
    return sample;
}
#define SORTED(...)                                                                                \
    sorted(sizeof(double[]){__VA_ARGS__} / sizeof(double), (const double[]){__VA_ARGS__})

static void expect_distance(struct sample a, struct sample b, double distance)
{
    cr_expect_float_eq(sample_distance(&a, &b), distance, 1e-12, "%g", sample_distance(&a, &b));
    cr_expect_float_eq(sample_distance(&b, &a), distance, 1e-12, "%g", sample_distance(&b, &a));
    sample_fini(&a);
    sample_fini(&b);
}

Test(figures, a_distance_is_the_largest_between_the_distribution_functions)
{
    expect_distance(SORTED(3, 1, 2), SORTED(1, 2, 3), 0);
    expect_distance(SORTED(1, 2), SORTED(3, 4), 1);
    expect_distance(SORTED(1, 2, 3, 4), SORTED(2, 3, 4, 5), 0.25);
    expect_distance(SORTED(1, 1, 1, 5), SORTED(1, 5, 5, 5), 0.5);
    expect_distance(SORTED(1, 2), SORTED(1, 2, 9), 1.0 / 3);
}

Test(figures, nothing_is_as_far_as_can_be_from_something)
{
    expect_distance(SORTED(1, 2), (struct sample){0}, 1);
    expect_distance((struct sample){0}, (struct sample){0}, 0);
}

Test(figures, a_median_has_as_many_above_it_or_one_more)
{
    struct sample odd = SORTED(5, 1, 3), even = SORTED(4, 2, 1, 3), none = {0};

    cr_expect_eq(sample_median(&odd), 3);
    cr_expect_eq(sample_median(&even), 2);
    cr_expect(isnan(sample_median(&none)));
    sample_fini(&odd);
    sample_fini(&even);
}

/* ----------------------------------------------------------------------------- queues */

Test(figures, queues_are_looked_at_where_a_second_is_over)
{
    struct figures figures = {0};

    figures_step(&figures, 20, -1, 1);
    figures_step(&figures, 10, 1, 0);
    figures_step(&figures, 20, 1, 0);
    figures_step(&figures, 10, 1, 0);
    figures_step(&figures, 10, -1, 1);
    figures_step(&figures, 30, 3, -2);
    figures_step(&figures, 30, -1, 0);
    figures_ready(&figures);
    cr_expect_eq(figures.active_most, 3);   /* 1, 1, 3 */
    cr_expect_eq(figures.deferred_most, 2); /* 1, 2, 0 */
    figures_fini(&figures);
}

Test(figures, scans_have_their_recipients_by_number)
{
    struct figures figures = {0};

    figures_scanned(&figures, 3, 2);
    figures_scanned(&figures, 0, 9);
    figures_scanned(&figures, 1, 1);
    figures_scanned(&figures, 3, 4);
    cr_assert_eq(figures.scan_count, 3);
    cr_expect_eq(figures.scans[0], 1);
    cr_expect_eq(figures.scans[1], 0);
    cr_expect_eq(figures.scans[2], 6);
    cr_expect_eq(figures_busiest_scan(&figures), 6);
    figures_fini(&figures);
}

static void scan_three(struct figures *figures, size_t first, size_t second, size_t third)
{
    figures_scanned(figures, 1, first);
    figures_scanned(figures, 2, second);
    figures_scanned(figures, 3, third);
}

/* 0 + 2 + 1 of 4; a scan that one of them has not took nobody. */
Test(figures, scans_are_apart_by_their_recipients)
{
    struct figures a = {0}, b = {0}, one = {0}, none = {0};

    figures_scanned(&one, 1, 1);
    scan_three(&a, 1, 3, 0);
    scan_three(&b, 1, 1, 1);
    cr_expect_eq(figures_scans_apart(&a, &b), 0.75);
    cr_expect_eq(figures_scans_apart(&b, &a), 1);
    cr_expect_eq(figures_scans_apart(&a, &a), 0);
    cr_expect_eq(figures_scans_apart(&one, &b), 2);
    cr_expect_eq(figures_scans_apart(&a, &none), 1);
    cr_expect_eq(figures_scans_apart(&none, &a), 0);
    figures_fini(&a);
    figures_fini(&b);
    figures_fini(&one);
}

/* ------------------------------------------------------------------------- a recording */

static struct scan scans[] = {{300 * SIM_SECOND, 300 * SIM_SECOND},
                              {600 * SIM_SECOND, 602 * SIM_SECOND}};

/*
 * A has two recipients: one is sent at 10, the other deferred; suspended at 300;
 * refused at 600, and the file is removed. Its notice, N, is sent at 601. B is
 * deferred at 11, deleted at 20. C is deferred at 12, requeued as D, which is
 * active at 50, and expires there.
 */
enum { A, B, C, D, N, FILES };

static struct recorded_mail mails[FILES];
static struct recorded_attempt attempts[] = {
    {.mail = A, .at = 10, .suspended = false, .fate = RECORDED_SENT, .delay = 4.5},
    {.mail = A, .at = 10, .suspended = false, .fate = RECORDED_LEFT, .delay = 4.5},
    {.mail = B, .at = 11, .suspended = false, .fate = RECORDED_LEFT, .delay = 1},
    {.mail = C, .at = 12, .suspended = false, .fate = RECORDED_LEFT, .delay = 1},
    {.mail = D, .at = 50, .suspended = false, .fate = RECORDED_LEFT, .delay = 40},
    {.mail = A, .at = 300, .suspended = true, .fate = RECORDED_LEFT, .delay = 295},
    {.mail = A, .at = 601, .suspended = false, .fate = RECORDED_BOUNCED, .delay = 596},
    {.mail = N, .at = 601, .suspended = false, .fate = RECORDED_SENT, .delay = 0.2},
};

static struct recorded_run recording(void)
{
    static int64_t of_a[] = {5, 300, 600}, of_b[] = {11}, of_c[] = {12}, of_d[] = {50},
                   of_n[] = {601};
    static struct recorded_deferral from_a[] = {{10 * SIM_SECOND, 310}, {301 * SIM_SECOND, 600}},
                                    from_b[] = {{11 * SIM_SECOND, 311}},
                                    from_c[] = {{12 * SIM_SECOND, 312}};
    static char sender[] = "s@s.test";

    mails[A] = (struct recorded_mail){.id = "A",
                                      .sender = sender,
                                      .recipients = 2,
                                      .owner = A,
                                      .activations = of_a,
                                      .activation_count = 3,
                                      .deferrals = from_a,
                                      .deferral_count = 2,
                                      .removed = 601};
    mails[B] = (struct recorded_mail){.id = "B",
                                      .sender = sender,
                                      .recipients = 1,
                                      .owner = B,
                                      .activations = of_b,
                                      .activation_count = 1,
                                      .deferrals = from_b,
                                      .deferral_count = 1,
                                      .removed = 20,
                                      .fate = RECORDED_DELETED};
    mails[C] = (struct recorded_mail){.id = "C",
                                      .sender = sender,
                                      .recipients = 1,
                                      .owner = C,
                                      .activations = of_c,
                                      .activation_count = 1,
                                      .deferrals = from_c,
                                      .deferral_count = 1,
                                      .removed = -1};
    mails[D] = (struct recorded_mail){.id = "D",
                                      .owner = C,
                                      .activations = of_d,
                                      .activation_count = 1,
                                      .removed = 50,
                                      .fate = RECORDED_EXPIRED};
    mails[N] = (struct recorded_mail){.id = "N",
                                      .owner = N,
                                      .activations = of_n,
                                      .activation_count = 1,
                                      .removed = 602,
                                      .fate = RECORDED_SENT};
    return (struct recorded_run){
        .scans = scans,
        .scan_count = 2,
        .clock = scan_clock_recorded(scans, 2, 300),
        .mails = mails,
        .count = FILES,
        .attempts = attempts,
        .attempt_count = sizeof attempts / sizeof attempts[0],
    };
}

static void expect_mail(struct figures *figures, const char *id, uint32_t activations,
                        struct tally tally)
{
    const struct mail_figures *mail = figures_mail(figures, id);

    cr_expect_eq(mail->activations, activations, "%s: %u", id, mail->activations);
    cr_expect_eq(mail->tally.sent, tally.sent, "%s", id);
    cr_expect_eq(mail->tally.bounced, tally.bounced, "%s", id);
    cr_expect_eq(mail->tally.expired, tally.expired, "%s", id);
    cr_expect_eq(mail->tally.deleted, tally.deleted, "%s", id);
    cr_expect_eq(mail->tally.queued, tally.queued, "%s", id);
}

Test(figures, of_a_recording_say_what_became_of_each_message)
{
    struct recorded_run run = recording();
    struct figures figures;

    figures_of_recording(&figures, &run);
    expect_mail(&figures, "A", 3, (struct tally){.sent = 1, .bounced = 1});
    expect_mail(&figures, "B", 1, (struct tally){.deleted = 1});
    expect_mail(&figures, "C", 2, (struct tally){.expired = 1});
    cr_expect_eq(figures.ids.count, 3);
    figures_fini(&figures);
}

/* Scan 1 took A at 300, scan 2 at 600. At the end of second 12 three files are deferred. */
Test(figures, of_a_recording_add_up)
{
    struct recorded_run run = recording();
    struct figures figures;

    figures_of_recording(&figures, &run);
    cr_expect_eq(figures.connections, 7);
    cr_expect_eq(figures.suspensions, 1);
    cr_expect_eq(figures.drained, 602);
    cr_assert_eq(figures.delays.count, 1);
    cr_expect_eq(figures.delays.list[0], 4.5);
    cr_assert_eq(figures.scan_count, 2);
    cr_expect_eq(figures.scans[0], 1);
    cr_expect_eq(figures.scans[1], 1);
    cr_expect_eq(figures.active_most, 1);
    cr_expect_eq(figures.deferred_most, 3);
    figures_fini(&figures);
}

/* ------------------------------------------------------------------------- a run of ours */

static void tell_arrival(struct figures_watch *watch, const struct message *message,
                         uint32_t recipients)
{
    watch->observer.ops->arrived(&watch->observer, message, recipients);
}

static void tell_trip(struct figures_watch *watch, struct message *message, double from, double to,
                      uint64_t scan, const char *outcomes, struct tally tally)
{
    static const char letters[] = "sdbu";
    struct attempt met[4] = {0};
    struct activation activation = {.message = message,
                                    .end = (sim_time)(to * 1e6),
                                    .attempts = met,
                                    .count = strlen(outcomes),
                                    .fate = tally.queued > 0 ? FATE_DEFERRED : FATE_REMOVED,
                                    .tally = tally};

    message->activations++;
    watch->observer.ops->activated(&watch->observer, (sim_time)(from * 1e6), message,
                                   (uint32_t)activation.count, scan);
    for (size_t i = 0; i < activation.count; i++) {
        met[i].outcome = (enum outcome)(strchr(letters, outcomes[i]) - letters);
        met[i].end = activation.end;
    }
    watch->observer.ops->ended(&watch->observer, &activation);
}

static void mail_of_two(struct scenario *scenario)
{
    scenario_init(scenario);
    struct traffic_spec *mail = scenario_add_traffic(scenario, "mail");
    traffic_set_kind(mail, traffic_find("trace"));
    for (int i = 0; i < 2; i++)
        trace_add(mail->settings, i * SIM_SECOND, scenario_add_name(scenario, i == 0 ? "A" : "B"),
                  scenario_add_name(scenario, "s@s.test"), scenario_add_name(scenario, "u@d.test"),
                  -1);
    mail->ops->rows->ready(mail->settings);
    scenario_ready(scenario);
}

/*
 * A has two recipients: one is sent after 2 s, the other deferred; scan 2 takes it at 300, and it
 * is suspended; scan 3 takes it at 600, it is refused, and its notice is sent at once. B is
 * delivered by 4 s, 3 s after it came.
 */
Test(figures, of_a_run_of_ours_are_the_same)
{
    struct scenario scenario;
    struct figures_watch watch;
    struct message a = {.number = 0}, b = {.number = 1, .arrival = SIM_SECOND},
                   notice = {.number = 0, .notice = 1, .arrival = 600 * SIM_SECOND};

    mail_of_two(&scenario);
    figures_watch_init(&watch, &scenario);
    tell_arrival(&watch, &a, 2);
    tell_trip(&watch, &a, 0, 2, 0, "sd", (struct tally){.sent = 1, .queued = 1});
    tell_arrival(&watch, &b, 1);
    tell_trip(&watch, &b, 1, 4, 0, "s", (struct tally){.sent = 1});
    tell_trip(&watch, &a, 300, 301, 2, "u", (struct tally){.sent = 1, .queued = 1});
    tell_trip(&watch, &a, 600, 600, 3, "b", (struct tally){.sent = 1, .bounced = 1});
    tell_arrival(&watch, &notice, 1);
    tell_trip(&watch, &notice, 600, 601, 0, "s", (struct tally){.sent = 1});
    watch.observer.ops->finished(&watch.observer, 700 * SIM_SECOND);

    struct figures *figures = &watch.figures;
    cr_expect_eq(figures->ids.count, 2);
    expect_mail(figures, "A", 3, (struct tally){.sent = 1, .bounced = 1});
    expect_mail(figures, "B", 1, (struct tally){.sent = 1});
    cr_expect_eq(figures->connections, 5);
    cr_expect_eq(figures->suspensions, 1);
    cr_expect_eq(figures->drained, 601);
    cr_expect_eq(figures->active_most, 2);
    cr_expect_eq(figures->deferred_most, 1);
    cr_assert_eq(figures->scan_count, 3);
    cr_expect_eq(figures->scans[1], 1);
    cr_expect_eq(figures->scans[2], 1);
    cr_assert_eq(figures->delays.count, 2);
    cr_expect_eq(figures->delays.list[0], 2);
    cr_expect_eq(figures->delays.list[1], 3);
    figures_fini(figures);
    scenario_fini(&scenario);
}

/* Of scans at 300, 450 and 600 s somebody's flush began the second. */
Test(figures, a_flush_of_ours_is_the_recorded_scan_that_it_began)
{
    struct scenario scenario;
    struct figures_watch watch;
    struct message a = {.number = 0};

    mail_of_two(&scenario);
    for (int i = 2; i <= 4; i++)
        scenario_add_scan(&scenario, 150 * i * SIM_SECOND, 150 * i * SIM_SECOND);
    figures_watch_init(&watch, &scenario);
    tell_arrival(&watch, &a, 1);
    tell_trip(&watch, &a, 0, 2, 0, "d", (struct tally){.queued = 1});
    tell_trip(&watch, &a, 450, 451, SCAN_FLUSH, "s", (struct tally){.sent = 1});
    watch.observer.ops->finished(&watch.observer, 700 * SIM_SECOND);
    cr_assert_eq(watch.figures.scan_count, 2);
    cr_expect_eq(watch.figures.scans[0], 0);
    cr_expect_eq(watch.figures.scans[1], 1);
    figures_fini(&watch.figures);
    scenario_fini(&scenario);
}
