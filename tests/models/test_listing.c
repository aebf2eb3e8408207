/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the queues stand, of things told by hand. */
#include "models/listing.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define MOMENTS 4

/* In seconds; 99 is told of nothing before the end. */
static const sim_time moments[MOMENTS] = {10 * SIM_SECOND, 20 * SIM_SECOND, 30 * SIM_SECOND,
                                          SIM_NEVER};
static struct listing listing;
static char seen[MOMENTS][400]; /* what was listed at each */
static double seen_at[MOMENTS];
static char *at;

/* "deferred 2'#[ 0? 1=450]": queue, number, a stroke for each requeue, forced; each recipient with
 * its reason's code. */
static void show(void *user, const struct listed *listed)
{
    (void)user;
    at += sprintf(at, "%s %u%.*s%s[", mail_queue_names[listed->queue], listed->message.number,
                  (int)listed->message.requeues, "'''", listed->message.forced ? "#" : "");
    for (uint32_t i = 0; i < listed->count; i++) {
        const struct listed_recipient *recipient = &listed->recipients[i];
        if (recipient->state == RECIPIENT_WAITS)
            at += sprintf(at, " %u?", i);
        if (recipient->state == RECIPIENT_DEFERRED)
            at += sprintf(at, " %u=%d", i, recipient->last.reply->code);
    }
    at += sprintf(at, "] ");
}

static void look(struct listing *self, size_t number, sim_time when)
{
    at = seen[number];
    seen_at[number] = (double)when / 1e6;
    for (int queue = 0; queue < QUEUE_COUNT; queue++)
        listing_each(self, (enum mail_queue)queue, show, NULL);
}

static void begin(void)
{
    listing_init(&listing, moments, MOMENTS, look);
}

static void end(void)
{
    listing_fini(&listing);
}

TestSuite(listing, .init = begin, .fini = end);

static const struct reply busy = {450, OUTCOME_DEFERRED, "4.2.0", (char *)"450 busy", false};
static const struct reply later = {451, OUTCOME_DEFERRED, "4.2.0", (char *)"451 later", false};
static const struct reply fine = {250, OUTCOME_SENT, "2.0.0", (char *)"250 Ok", false};
static const struct reply never = {550, OUTCOME_BOUNCED, "5.0.0", (char *)"550 no", false};

static sim_time seconds(double s)
{
    return (sim_time)(s * 1e6);
}

static struct message message_of(uint32_t number, double arrival)
{
    return (struct message){.number = number, .arrival = seconds(arrival)};
}

static void arrives(uint32_t number, double when, uint32_t recipients)
{
    struct message message = message_of(number, when);

    listing.observer.ops->arrived(&listing.observer, &message, recipients);
}

static void activates(uint32_t number, double when)
{
    struct message message = message_of(number, 0);

    listing.observer.ops->activated(&listing.observer, seconds(when), &message, 1, 0);
}

static struct attempt attempt_of(uint32_t recipient, double when, const struct reply *reply)
{
    return (struct attempt){
        .recipient = recipient, .end = seconds(when), .outcome = reply->outcome, .reply = reply};
}

static void attempts(uint32_t number, double when, uint32_t recipient, const struct reply *reply)
{
    struct message message = message_of(number, 0);
    struct attempt attempt = attempt_of(recipient, when, reply);

    listing.observer.ops->attempted(&listing.observer, &message, 0, &attempt);
}

/* Up to three recipients, from the first on; NULL: it has no more. */
static void ends(uint32_t number, double when, enum fate fate, const struct reply *a,
                 const struct reply *b, const struct reply *c)
{
    const struct reply *replies[] = {a, b, c};
    struct message message = message_of(number, 0);
    struct attempt list[3];
    struct activation activation = {
        .message = &message, .end = seconds(when), .attempts = list, .fate = fate};

    for (uint32_t i = 0; i < 3 && replies[i] != NULL; i++)
        list[activation.count++] = attempt_of(i, when, replies[i]);
    listing.observer.ops->ended(&listing.observer, &activation);
}

static void operates(enum operation_kind kind, uint32_t number, double when)
{
    struct message message = message_of(number, 0);

    listing.observer.ops->operated(&listing.observer, seconds(when), kind, &message, NULL);
}

static void finishes(double when)
{
    listing.observer.ops->finished(&listing.observer, seconds(when));
}

/* A message that was deferred at 2 s. */
static void defers(uint32_t number)
{
    arrives(number, 1, 1);
    activates(number, 1);
    ends(number, 2, FATE_DEFERRED, &busy, NULL, NULL);
}

Test(listing, of_nothing_is_empty)
{
    finishes(99);
    for (size_t i = 0; i < MOMENTS; i++)
        cr_expect_str_eq(seen[i], "");
    cr_expect_eq(seen_at[0], 10);
    cr_expect_eq(seen_at[3], 99, "the end is when the run is over");
}

Test(listing, follows_a_message_from_queue_to_queue)
{
    arrives(7, 5, 1);
    activates(7, 15);
    ends(7, 25, FATE_DEFERRED, &busy, NULL, NULL);
    activates(7, 35);
    finishes(40);
    cr_expect_str_eq(seen[0], "incoming 7[ 0?] ");
    cr_expect_str_eq(seen[1], "active 7[ 0?] ");
    cr_expect_str_eq(seen[2], "deferred 7[ 0=450] ");
    cr_expect_str_eq(seen[3], "active 7[ 0?] ", "its reason is gone: %s", seen[3]);
}

Test(listing, has_what_happens_at_the_moment_and_nothing_later)
{
    arrives(1, 10, 1);
    arrives(2, 10.000001, 1);
    finishes(40);
    cr_expect_str_eq(seen[0], "incoming 1[ 0?] ");
    cr_expect_str_eq(seen[1], "incoming 1[ 0?] incoming 2[ 0?] ");
}

Test(listing, keeps_only_whom_it_still_has_to_reach)
{
    arrives(1, 1, 3);
    activates(1, 1);
    ends(1, 2, FATE_DEFERRED, &fine, &busy, &never);
    activates(1, 15);
    attempts(1, 16, 1, &later);
    finishes(40);
    cr_expect_str_eq(seen[0], "deferred 1[ 1=450] ");
    cr_expect_str_eq(seen[1], "active 1[ 1=451] ");
}

Test(listing, tells_of_attempts_before_the_trip_is_over)
{
    arrives(1, 1, 3);
    activates(1, 1);
    attempts(1, 5, 2, &busy);
    attempts(1, 6, 0, &fine);
    attempts(1, 15, 1, &never);
    finishes(40);
    cr_expect_str_eq(seen[0], "active 1[ 1? 2=450] ");
    cr_expect_str_eq(seen[1], "active 1[ 2=450] ");
}

Test(listing, drops_what_is_over)
{
    arrives(1, 1, 1);
    arrives(2, 1, 1);
    arrives(3, 1, 1);
    ends(1, 2, FATE_REMOVED, &fine, NULL, NULL);
    ends(3, 2, FATE_EXPIRED, &busy, NULL, NULL);
    finishes(40);
    cr_expect_str_eq(seen[0], "incoming 2[ 0?] ");
}

Test(listing, has_the_queues_in_postfix_s_order_and_each_by_arrival)
{
    for (uint32_t number = 9; number > 3; number--)
        defers(number);
    operates(OPERATION_HOLD, 9, 3);
    arrives(2, 3, 1);
    arrives(1, 3, 1);
    activates(1, 4);
    activates(7, 4);
    finishes(40);
    cr_expect_str_eq(seen[0], "active 7[ 0?] active 1[ 0?] incoming 2[ 0?] deferred 8[ 0=450] "
                              "deferred 6[ 0=450] deferred 5[ 0=450] deferred 4[ 0=450] "
                              "hold 9[ 0=450] ");
}

Test(listing, of_an_operator_s_work)
{
    for (uint32_t number = 1; number <= 6; number++)
        defers(number);
    operates(OPERATION_HOLD, 1, 3);
    operates(OPERATION_DELETE, 2, 3);
    operates(OPERATION_REQUEUE, 3, 3);
    operates(OPERATION_EXPIRE, 4, 3);
    operates(OPERATION_FLUSH_MESSAGE, 5, 3);
    operates(OPERATION_FLUSH_SITE, 1, 3); /* no effect where it is held */
    operates(OPERATION_FLUSH, 6, 3);
    operates(OPERATION_RELEASE, 1, 11);
    finishes(40);
    cr_expect_str_eq(seen[0], "incoming 3[ 0?] incoming 5[ 0=450] deferred 4#[ 0=450] "
                              "deferred 6[ 0=450] hold 1[ 0=450] ");
    cr_expect_str_eq(seen[1], "incoming 3[ 0?] incoming 5[ 0=450] deferred 1[ 0=450] "
                              "deferred 4#[ 0=450] deferred 6[ 0=450] ");
}

Test(listing, of_work_on_an_active_message)
{
    for (uint32_t number = 1; number <= 3; number++) {
        arrives(number, 1, 1);
        activates(number, 1);
    }
    operates(OPERATION_DELETE, 1, 2);
    operates(OPERATION_HOLD, 2, 2);
    operates(OPERATION_HOLD, 3, 2);
    ends(1, 15, FATE_DEFERRED, &busy, NULL, NULL);
    ends(2, 15, FATE_DEFERRED, &busy, NULL, NULL);
    ends(3, 15, FATE_REMOVED, &fine, NULL, NULL);
    activates(1, 25);
    attempts(1, 25, 0, &busy);
    operates(OPERATION_HOLD, 1, 25);
    finishes(40);
    cr_expect_str_eq(seen[0], "hold 2[ 0?] hold 3[ 0?] ");
    cr_expect_str_eq(seen[1], "hold 2[ 0=450] ", "%s", seen[1]);
    cr_expect_str_eq(seen[2], seen[1]);
}

Test(listing, of_work_on_no_message_in_particular)
{
    defers(1);
    listing.observer.ops->operated(&listing.observer, seconds(15), OPERATION_RESTART, NULL, NULL);
    cr_expect_str_eq(seen[0], "deferred 1[ 0=450] ", "the moment is over");
    finishes(40);
}

Test(listing, takes_the_new_queue_id)
{
    struct message message = message_of(1, 1);

    defers(1);
    message.requeues = 2;
    listing.observer.ops->operated(&listing.observer, seconds(3), OPERATION_REQUEUE, &message,
                                   NULL);
    arrives(2, 15, 1); /* ends the first moment */
    cr_expect_str_eq(seen[0], "incoming 1''[ 0?] ");
    operates(OPERATION_DELETE, 1, 16); /* it is still the same message */
    finishes(40);
    cr_expect_str_eq(seen[1], "incoming 2[ 0?] ");
}

Test(listing, looks_whatever_it_is_told_first)
{
    const struct observer_ops *ops = listing.observer.ops;
    struct message message = message_of(1, 0);

    ops->scanned(&listing.observer, seconds(11), 1, 0, 0);
    cr_expect_eq(seen_at[0], 10);
    ops->notified(&listing.observer, seconds(21), &message, NOTICE_DELAY, 1);
    cr_expect_eq(seen_at[1], 20);
    ops->site_changed(&listing.observer, seconds(31), 0, true);
    cr_expect_eq(seen_at[2], 30);
}

Test(listing, knows_notices_that_share_their_number)
{
    struct message notice = {.notice = NOTICE_MOST};

    listing.observer.ops->arrived(&listing.observer, &notice, 1);
    listing.observer.ops->arrived(&listing.observer, &notice, 1);
    finishes(40);
    cr_expect_str_eq(seen[0], "incoming 0[ 0?] ");
}
