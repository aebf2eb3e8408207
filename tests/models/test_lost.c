/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is lost by a policy: trips told by hand, of two messages with three recipients. */
#include "models/lost.h"

#include <criterion/criterion.h>

#include "tests/models/made_log.h"

#define S SIM_SECOND

static struct reconstruction r;
static struct recipient_fates own[RECOVERY_LATEST + 1], policy[RECOVERY_LATEST + 1];
static const struct lost_search search = {&r, own, policy};

/* A: u@d, delivered in the log at 10; v@d, which is not. B: w@d, delivered at 400. */
static void begin(void)
{
    struct logged_message *a = made_mail("AAAAAA", 0, "s@a"), *b = made_mail("BBBBBB", 20, "s@a");

    reconstruct_init(&r);
    made_trip(a, 10);
    made_sent(a, "u@d", 10);
    made_deferred(a, "v@d", 10);
    made_try(b, "w@d", 20, LOGGED_DEFERRED);
    made_try(b, "w@d", 400, LOGGED_SENT);
    reconstruct_add(&r, b);
    reconstruct_add(&r, a);
    logged_message_free(a);
    logged_message_free(b);
    reconstruct_ready(&r);
    for (int i = 0; i <= RECOVERY_LATEST; i++) {
        recipient_fates_init(&own[i], &r);
        recipient_fates_init(&policy[i], &r);
    }
}

static void end(void)
{
    for (int i = 0; i <= RECOVERY_LATEST; i++) {
        recipient_fates_fini(&own[i]);
        recipient_fates_fini(&policy[i]);
    }
    reconstruct_fini(&r);
}

TestSuite(lost, .init = begin, .fini = end);

enum { A, B }; /* numbers of messages */

/* One recipient answered a second before its trip is over. */
static void tell(struct recipient_fates *fates, uint32_t number, uint32_t recipient,
                 enum outcome outcome, enum fate fate, sim_time over)
{
    struct message message = {.number = number};
    struct attempt attempt = {.recipient = recipient, .outcome = outcome, .end = over - S};
    struct activation trip = {
        .message = &message, .end = over, .attempts = &attempt, .count = 1, .fate = fate};

    fates->observer.ops->ended(&fates->observer, &trip);
}

static void expect_fate(size_t arrival, sim_time delivered, sim_time bounced)
{
    cr_expect_eq(own[0].list[arrival].delivered, delivered, "%zu", arrival);
    cr_expect_eq(own[0].list[arrival].bounced, bounced, "%zu", arrival);
}

Test(lost, knows_recipients_by_message_and_place)
{
    tell(&own[0], A, 1, OUTCOME_SENT, FATE_DEFERRED, 11 * S);
    tell(&own[0], B, 0, OUTCOME_BOUNCED, FATE_REMOVED, 12 * S);
    expect_fate(0, SIM_NEVER, SIM_NEVER);
    expect_fate(1, 10 * S, SIM_NEVER);
    expect_fate(2, SIM_NEVER, 12 * S);
}

Test(lost, is_who_had_not_got_it_when_it_expired)
{
    tell(&own[0], A, 0, OUTCOME_SENT, FATE_EXPIRED, 11 * S);
    tell(&own[0], A, 1, OUTCOME_DEFERRED, FATE_EXPIRED, 11 * S);
    tell(&own[0], B, 0, OUTCOME_SUSPENDED, FATE_EXPIRED, 30 * S);
    expect_fate(0, 10 * S, SIM_NEVER);
    expect_fate(1, SIM_NEVER, 11 * S);
    expect_fate(2, SIM_NEVER, 30 * S);
}

Test(lost, is_nobody_who_waits_still)
{
    tell(&own[0], B, 0, OUTCOME_DEFERRED, FATE_DEFERRED, 30 * S);
    expect_fate(2, SIM_NEVER, SIM_NEVER);
}

Test(lost, leaves_notices_out)
{
    struct message notice = {.number = A, .notice = 1};
    struct attempt attempt = {.outcome = OUTCOME_SENT, .end = S};
    struct activation trip = {.message = &notice, .attempts = &attempt, .count = 1};

    own[0].observer.ops->ended(&own[0].observer, &trip);
    expect_fate(0, SIM_NEVER, SIM_NEVER);
}

Test(lost, is_what_the_log_delivered_and_the_policy_bounces)
{
    for (size_t i = 0; i < 3; i++)
        policy[RECOVERY_MIDDLE].list[i].bounced = 100 * S;
    cr_expect(lost_is(&search, RECOVERY_MIDDLE, 0));
    cr_expect_not(lost_is(&search, RECOVERY_MIDDLE, 1), "the log did not deliver it either");
    cr_expect(lost_is(&search, RECOVERY_MIDDLE, 2));
    cr_expect_eq(lost_count(&search, RECOVERY_MIDDLE), 2);
    cr_expect_eq(lost_count(&search, RECOVERY_LATEST), 0);
}

Test(lost, is_what_the_replay_of_the_log_delivers_too)
{
    own[RECOVERY_EARLIEST].list[1].delivered = 50 * S;
    for (int i = 0; i <= RECOVERY_LATEST; i++)
        policy[i].list[1].bounced = 100 * S;
    cr_expect(lost_is(&search, RECOVERY_EARLIEST, 1));
    cr_expect_not(lost_is(&search, RECOVERY_LATEST, 1), "there it is not delivered");
}

static struct lost_recipient told[3];
static size_t told_count;

static void keep(void *user, const struct lost_recipient *lost)
{
    (void)user;
    cr_assert_lt(told_count, 3);
    told[told_count++] = *lost;
}

Test(lost, is_sure_if_no_recovery_saves_it)
{
    for (int i = 0; i <= RECOVERY_LATEST; i++)
        policy[i].list[0].bounced = (100 + i) * S;
    policy[RECOVERY_MIDDLE].list[2].bounced = 200 * S;
    policy[RECOVERY_LATEST].list[2].bounced = 300 * S;
    lost_tell(&search, RECOVERY_LATEST, keep, NULL);

    cr_assert_eq(told_count, 2);
    cr_expect_eq(told[0].arrival, &r.arrivals[0]);
    cr_expect(told[0].sure);
    cr_expect_eq(told[0].bounced, 102 * S, "as under the recovery that was chosen");
    cr_expect_eq(told[1].arrival, &r.arrivals[2]);
    cr_expect_not(told[1].sure);
    cr_expect_eq(told[1].bounced, 300 * S);
}

Test(lost, has_another_recoverys_time_where_the_chosen_one_saves_it)
{
    policy[RECOVERY_MIDDLE].list[0].bounced = 200 * S;
    policy[RECOVERY_LATEST].list[0].bounced = 300 * S;
    lost_tell(&search, RECOVERY_EARLIEST, keep, NULL);
    cr_assert_eq(told_count, 1);
    cr_expect_eq(told[0].bounced, 200 * S);
    cr_expect_not(told[0].sure);
}

Test(lost, has_when_the_log_delivered_it)
{
    cr_expect_eq(r.arrivals[0].delivered, instant(10));
    cr_expect_eq(r.arrivals[1].delivered, SIM_NEVER);
    cr_expect_eq(r.arrivals[2].delivered, instant(400));
}
