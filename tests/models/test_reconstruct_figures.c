/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a log came to, counted by hand; and its scenario, run. */
#include "models/reconstruct.h"

#include <criterion/criterion.h>

#include "models/mta/postfix/parameters.h"
#include "models/world.h"
#include "tests/models/made_log.h"

static struct reconstruction r;

static void begin(void)
{
    reconstruct_init(&r);
}

static void end(void)
{
    reconstruct_fini(&r);
}

TestSuite(reconstruct_figures, .init = begin, .fini = end);

static void add(struct logged_message *message)
{
    reconstruct_add(&r, message);
    logged_message_free(message);
}

static double figure(const char *name)
{
    return metric_find(name)->value(&r.logged);
}

#define EXPECT_FIGURE(name, want)                                                                  \
    cr_expect_eq(figure(name), want, "%s is %g, not %g", name, figure(name), (double)(want))

/* ---------------------------------------------------------------- left out */

Test(reconstruct_figures, leave_out_what_an_operator_removed)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    message->by_operator = true;
    message->removed = instant(10);
    add(message);

    cr_expect_eq(r.by_operator, 1);
    cr_expect_eq(r.probes + r.unanswered + r.unfinished + r.older, 0);
    cr_expect_eq(r.arrival_count + r.spell_count, 0);
    EXPECT_FIGURE("messages", 0);
    EXPECT_FIGURE("attempts", 0);
}

Test(reconstruct_figures, leave_out_address_probes)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_trip(message, 0);
    made_sent(message, "u@d", 0);
    made_answer(message, "v@d", 0, LOGGED_OTHER, "2.1.5", "250 2.1.5 Ok");
    add(message);

    cr_expect_eq(r.probes, 1);
    cr_expect_eq(r.by_operator + r.unanswered, 0);
    cr_expect_eq(r.arrival_count + r.spell_count, 0);
    EXPECT_FIGURE("attempts", 0);
}

Test(reconstruct_figures, leave_out_what_has_no_answer_or_no_arrival)
{
    struct logged_message *silent = made_mail("AAAAAA", 0, "s@a"),
                          *undated = made_mail("BBBBBB", 0, "s@a");

    made_trip(silent, 0);
    made_try(undated, "u@d", 0, LOGGED_SENT);
    undated->arrival = SIM_NEVER;
    add(silent);
    add(undated);

    cr_expect_eq(r.unanswered, 2);
    cr_expect_eq(r.by_operator + r.probes, 0);
    cr_expect_eq(r.arrival_count + r.spell_count, 0);
}

/* Each for one reason: an operator's comes first, then a probe's. */
Test(reconstruct_figures, leave_out_each_message_once)
{
    struct logged_message *both = made_mail("AAAAAA", 0, "s@a"),
                          *all = made_mail("BBBBBB", 0, "s@a");

    made_trip(both, 0);
    made_answer(both, "v@d", 0, LOGGED_OTHER, "2.1.5", "250 2.1.5 Ok");
    both->arrival = SIM_NEVER;
    made_trip(all, 0);
    made_answer(all, "v@d", 0, LOGGED_OTHER, "2.1.5", "250 2.1.5 Ok");
    all->arrival = SIM_NEVER;
    all->by_operator = true;
    add(both);
    add(all);

    cr_expect_eq(r.probes, 1);
    cr_expect_eq(r.by_operator, 1);
    cr_expect_eq(r.unanswered, 0);
}

/* A label is not used up by a message that is left out. */
Test(reconstruct_figures, leave_no_trace_of_what_is_left_out)
{
    struct logged_message *gone = made_mail("AAAAAA", 0, "s@a"),
                          *mail = made_mail("AAAAAA", 10, "s@a");

    gone->by_operator = true;
    made_try(mail, "u@d", 10, LOGGED_SENT);
    add(gone);
    add(mail);
    reconstruct_ready(&r);

    cr_expect_str_eq(names_text(&r.names, r.arrivals[0].label), "AAAAAA");
}

/* ---------------------------------------------------- older and unfinished */

/* It first shows at 1000, so many seconds after it came. */
static void add_older(bool born, double age, bool active_line)
{
    struct logged_message *message = made_mail("AAAAAA", 1000 - age, "s@a");

    message->born_in_log = born;
    if (active_line)
        made_trip(message, 1000);
    else
        logged_activation_add(message, SIM_NEVER);
    made_sent(message, "u@d", active_line ? 1100 : 1000);
    add(message);
}

Test(reconstruct_figures, know_which_messages_came_before_the_log)
{
    add_older(false, 60, true);
    add_older(false, 60, false);
    cr_expect_eq(r.older, 0);
    add_older(false, 60.001, true);
    cr_expect_eq(r.older, 1);
    add_older(false, 61, false);
    cr_expect_eq(r.older, 2);
    add_older(true, 4000, true);
    cr_expect_eq(r.older, 2);
}

Test(reconstruct_figures, know_which_messages_did_not_leave)
{
    struct logged_message *left = made_mail("AAAAAA", 0, "s@a");

    made_try(left, "u@d", 0, LOGGED_SENT);
    left->removed = instant(0);
    add(left);
    cr_expect_eq(r.unfinished, 0);
    add_older(true, 0, true);
    cr_expect_eq(r.unfinished, 1);
}

/* ------------------------------------------------------------------ figures */

Test(reconstruct_figures, count_deliveries_and_their_delays)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_trip(message, 0);
    made_sent(message, "a@d", 1)->delay = 1260000;
    made_deferred(message, "b@d", 2);
    made_deferred(message, "c@d", 2);
    made_trip(message, 397);
    made_sent(message, "b@d", 400)->delay = SIM_NEVER; /* then by the stamps */
    made_deferred(message, "c@d", 400);
    add(message);

    EXPECT_FIGURE("messages", 1);
    EXPECT_FIGURE("recipients", 3);
    EXPECT_FIGURE("delivered", 2);
    EXPECT_FIGURE("delivered_at_once", 1);
    EXPECT_FIGURE("queued", 1);
    EXPECT_FIGURE("attempts", 5);
    EXPECT_FIGURE("sent", 2);
    EXPECT_FIGURE("deferred", 3);
    cr_expect_eq(r.logged.delay.min, 1260);
    cr_expect_eq(r.logged.delay.max, 400000);
    cr_expect_eq(r.logged.delay.count, 2);
    cr_expect_eq(r.logged.attempts_per_message.max, 2);
}

/* Its first trip here is not its first. */
Test(reconstruct_figures, count_no_older_message_as_delivered_at_once)
{
    add_older(false, 400, true);
    EXPECT_FIGURE("delivered", 1);
    EXPECT_FIGURE("delivered_at_once", 0);
    add_older(true, 0, true);
    EXPECT_FIGURE("delivered_at_once", 1);
}

/* Told when the trip is over: 7 s after it came. */
Test(reconstruct_figures, count_bounces_and_when_the_sender_is_told)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_trip(message, 0);
    made_bounced(message, "a@d", 2);
    made_bounced(message, "b@d", 3);
    made_sent(message, "c@d", 7);
    message->removed = instant(9);
    add(message);

    EXPECT_FIGURE("bounced", 2);
    EXPECT_FIGURE("delivered", 1);
    EXPECT_FIGURE("expired", 0);
    cr_expect_eq(r.logged.bad_news.count, 2);
    cr_expect_eq(r.logged.bad_news.min, 7000);
    cr_expect_eq(r.logged.bad_news.max, 7000);
    cr_expect_eq(r.logged.outcomes[OUTCOME_BOUNCED], 2);
}

Test(reconstruct_figures, count_what_expired)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_trip(message, 0);
    made_deferred(message, "a@d", 0);
    made_sent(message, "b@d", 0);
    made_try(message, "a@d", 997, LOGGED_DEFERRED);
    message->expired = instant(999);
    message->removed = instant(1000);
    add(message);

    EXPECT_FIGURE("expired", 1);
    EXPECT_FIGURE("delivered", 1);
    EXPECT_FIGURE("queued", 0);
    cr_expect_eq(r.logged.bad_news.count, 1);
    cr_expect_eq(r.logged.bad_news.max, 999000);
}

/* The log ends between the two lines, or begins there. */
Test(reconstruct_figures, count_as_expired_what_left_undelivered)
{
    struct logged_message *expired = made_mail("AAAAAA", 0, "s@a"),
                          *removed = made_mail("BBBBBB", 0, "s@a");

    made_try(expired, "u@d", 997, LOGGED_DEFERRED);
    expired->expired = instant(998);
    made_try(removed, "u@d", 997, LOGGED_DEFERRED);
    removed->removed = instant(1001);
    add(expired);
    add(removed);

    EXPECT_FIGURE("expired", 2);
    cr_expect_eq(r.logged.bad_news.min, 998000);
    cr_expect_eq(r.logged.bad_news.max, 1001000);
}

Test(reconstruct_figures, count_as_queued_what_did_not_leave)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    made_trip(message, 397);
    made_answer(message, "u@d", 397, LOGGED_SUSPENDED, "4.4.1",
                "delivery temporarily suspended: x");
    made_trip(message, 997); /* under way when the log ends */
    add(message);

    EXPECT_FIGURE("queued", 1);
    EXPECT_FIGURE("expired", 0);
    EXPECT_FIGURE("deferred", 1);
    EXPECT_FIGURE("suspended", 1);
    EXPECT_FIGURE("connections", 1);
    cr_expect_eq(r.unfinished, 1);
    cr_expect_eq(r.logged.attempts_per_message.max, 3);
}

Test(reconstruct_figures, tell_nobody_of_failures_without_a_sender)
{
    struct logged_message *null = made_mail("AAAAAA", 0, ""), *none = made_mail("BBBBBB", 0, NULL);

    made_try(null, "u@d", 0, LOGGED_BOUNCED);
    made_try(none, "u@d", 0, LOGGED_DEFERRED);
    none->expired = instant(1);
    add(null);
    add(none);

    EXPECT_FIGURE("bounced", 1);
    EXPECT_FIGURE("expired", 1);
    cr_expect_eq(r.logged.bad_news.count, 0);
}

/* They are no mail, but the attempts to deliver them are attempts. */
Test(reconstruct_figures, count_notices_apart)
{
    struct logged_message *notice = made_mail("NNNNNN", 0, ""),
                          *silent = made_mail("OOOOOO", 0, ""),
                          *mail = made_mail("AAAAAA", 0, "s@a");

    notice->is_notice = silent->is_notice = true;
    made_try(notice, "s@a", 0, LOGGED_DEFERRED);
    made_try(notice, "s@a", 397, LOGGED_SENT);
    made_try(mail, "u@d", 0, LOGGED_BOUNCED);
    mail->bounce_notices = 1;
    mail->delay_notices = 2;
    add(notice);
    add(silent);
    add(mail);

    EXPECT_FIGURE("messages", 1);
    EXPECT_FIGURE("recipients", 1);
    EXPECT_FIGURE("notices", 2);
    EXPECT_FIGURE("warnings", 2);
    EXPECT_FIGURE("attempts", 3);
    EXPECT_FIGURE("sent", 1);
    EXPECT_FIGURE("delivered", 0);
    cr_expect_eq(r.unfinished, 1, "notices are not counted");
    cr_expect_eq(r.unanswered, 0);
}

/* ------------------------------------------------------------------ run again */

static void run(const struct scenario *scenario, struct results *results)
{
    struct observers observers = {0};
    struct postfix_settings settings;

    postfix_settings_init(&settings);
    results_init(results);
    observers_add(&observers, &results->observer);
    world_run(&(struct run){scenario, mta_find("postfix"), &settings, 1, 0, &observers});
}

static void add_story(void)
{
    struct logged_message *grey = made_mail("AAAAAA", 10, "s@a"),
                          *bad = made_mail("BBBBBB", 20, "s@a"),
                          *notice = made_mail("NNNNNN", 20, ""),
                          *stuck = made_mail("CCCCCC", 30, "");

    made_trip(grey, 10);
    made_sent(grey, "u@d", 10);
    made_deferred(grey, "v@d", 10);
    made_try(grey, "v@d", 397, LOGGED_SENT);
    made_try(bad, "u@d", 20, LOGGED_BOUNCED);
    notice->is_notice = true;
    made_try(notice, "s@a", 20, LOGGED_SENT);
    made_try(stuck, "u@d", 30, LOGGED_DEFERRED);
    made_try(stuck, "u@d", 397, LOGGED_DEFERRED);
    add(grey);
    add(bad);
    add(notice);
    add(stuck);
    reconstruct_ready(&r);
}

Test(reconstruct_figures, come_out_again_when_the_scenario_is_run)
{
    static const char *const same[] = {"messages",     "recipients",       "notices",   "attempts",
                                       "sent",         "deferred",         "bounced",   "delivered",
                                       "expired",      "queued",           "delay_p50", "delay_max",
                                       "bad_news_max", "delivered_at_once"};
    struct scenario scenario;
    struct results results;

    add_story();
    for (int i = RECOVERY_MIDDLE; i <= RECOVERY_LATEST; i++) {
        struct reconstruct_plan plan = {(enum recovery)i, reconstruct_start(&r), instant(398), 97,
                                        300};
        reconstruct_scenario(&r, &plan, &scenario);
        cr_expect_eq(scenario.start, instant(10));
        cr_expect_eq(scenario.duration, 388 * SIM_SECOND);
        cr_expect_eq(scenario.scan_phase, 87 * SIM_SECOND);
        run(&scenario, &results);
        for (size_t k = 0; k < COUNT_OF(same); k++)
            cr_expect_eq(metric_find(same[k])->value(&results), figure(same[k]), "%s: %g, not %g",
                         same[k], metric_find(same[k])->value(&results), figure(same[k]));
        results_fini(&results);
        scenario_fini(&scenario);
    }
}

/* A site that refuses notices to somebody takes mail for her all the same. */
Test(reconstruct_figures, come_out_again_where_a_notice_met_something_else)
{
    struct logged_message *mail = made_mail("AAAAAA", 10, "u@d"),
                          *notice = made_mail("NNNNNN", 0, "");
    struct scenario scenario;
    struct results results;

    made_try(mail, "u@d", 10, LOGGED_SENT);
    notice->is_notice = true;
    made_try(notice, "u@d", 0, LOGGED_BOUNCED);
    add(notice);
    add(mail);
    reconstruct_ready(&r);
    struct reconstruct_plan plan = {RECOVERY_MIDDLE, reconstruct_start(&r), instant(398), -1, 300};
    reconstruct_scenario(&r, &plan, &scenario);
    run(&scenario, &results);
    cr_expect_eq(results.fates.delivered, 1);
    cr_expect_eq(results.fates.bounced, 0);
    results_fini(&results);
    scenario_fini(&scenario);
}
