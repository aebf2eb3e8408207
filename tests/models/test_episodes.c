/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spells of a log made by hand, and what is known of when they began and ended. */
#include "models/episodes.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "tests/models/made_log.h"

#define REFUSED "connect to mx.d[192.0.2.1]:25: Connection refused"
#define SILENT "connect to mx.d[192.0.2.1]:25: Connection timed out"
#define FULL "host mx.d[192.0.2.1] said: 452 4.2.2 mailbox full (in reply to RCPT TO command)"
#define GREY "host mx.d[192.0.2.1] said: 450 4.2.0 Greylisted (in reply to RCPT TO command)"

static struct episodes episodes;
static int number;

static void begin(void)
{
    episodes_init(&episodes);
    number = 0;
}

static void end(void)
{
    episodes_fini(&episodes);
}

TestSuite(episodes, .init = begin, .fini = end);

static struct logged_message *mail(double arrival, const char *sender)
{
    char id[20];

    snprintf(id, sizeof id, "A%d", ++number);
    return made_mail(id, arrival, sender);
}

static void add(struct logged_message *message)
{
    episodes_add(&episodes, message);
    logged_message_free(message);
}

/* A message that was answered once. `text`: NULL: delivered. */
static void meet(double at, const char *to, const char *text)
{
    struct logged_message *message = mail(at, "a@home.example");

    made_trip(message, at);
    if (text == NULL)
        made_sent(message, to, at);
    else
        made_answer(message, to, at, LOGGED_DEFERRED, strcmp(text, FULL) == 0 ? "4.2.2" : "4.0.0",
                    text);
    add(message);
}

static const struct episode *only(enum cause cause)
{
    size_t count;
    const struct episode *list = episodes_of(&episodes, cause, &count);

    cr_assert_eq(count, 1, "%zu of %s", count, cause_names[cause]);
    return list;
}

static size_t count_of(enum cause cause)
{
    size_t count;

    episodes_of(&episodes, cause, &count);
    return count;
}

Test(episodes, lie_between_what_was_well)
{
    meet(100, "u@d.example", NULL);
    meet(200, "v@D.example", REFUSED);
    meet(500, "u@d.example", REFUSED);
    meet(900, "w@d.example", NULL);
    episodes_ready(&episodes);
    const struct episode *it = only(CAUSE_REFUSED);
    cr_expect_str_eq(names_text(&episodes.names, it->site), "d.example");
    cr_expect_eq(it->well, instant(100));
    cr_expect_eq(it->first, instant(200));
    cr_expect_eq(it->entered, instant(200));
    cr_expect_eq(it->last, instant(500));
    cr_expect_eq(it->recovered, instant(900));
}

/* It began 100 s before its first failure or less, and ended 300 s to 701 s after it. The middles:
 * 50 s old at the first failure, over at 50 + 500.5. */
Test(episodes, are_counted_from_their_first_failure)
{
    meet(100, "u@d.example", NULL);
    meet(200, "u@d.example", REFUSED);
    meet(500, "u@d.example", REFUSED);
    meet(900, "u@d.example", NULL);
    episodes_ready(&episodes);
    struct cure_spell spell = episode_spell(only(CAUSE_REFUSED));
    cr_expect_eq(spell.slack, 100);
    cr_expect_eq(spell.entered, 0);
    cr_expect_eq(spell.last, 300);
    cr_expect_eq(spell.recovered, 701);
    struct survival_subject subject = episode_subject(only(CAUSE_REFUSED));
    cr_expect_eq(subject.entry, 50);
    cr_expect_eq(subject.exit, 550.5);
    cr_expect(subject.recovered);
}

Test(episodes, may_have_no_begin_and_no_end)
{
    meet(200, "u@d.example", REFUSED);
    meet(500, "u@d.example", REFUSED);
    episodes_ready(&episodes);
    const struct episode *it = only(CAUSE_REFUSED);
    cr_expect_eq(it->well, SIM_NEVER);
    cr_expect_eq(it->recovered, SIM_NEVER);
    cr_expect_eq(episode_spell(it).slack, 0);
    cr_expect(isinf(episode_spell(it).recovered));
    cr_expect_eq(episode_subject(it).exit, 300);
    cr_expect_not(episode_subject(it).recovered);
}

Test(episodes, of_one_site_come_one_after_the_other)
{
    meet(100, "u@d.example", REFUSED);
    meet(200, "u@d.example", NULL);
    meet(250, "u@d.example", NULL);
    meet(300, "u@d.example", REFUSED);
    meet(350, "u@e.example", NULL);
    episodes_ready(&episodes);
    size_t count;
    const struct episode *list = episodes_of(&episodes, CAUSE_REFUSED, &count);
    cr_assert_eq(count, 2);
    cr_expect_eq(list[0].recovered, instant(200));
    cr_expect_eq(list[1].well, instant(250));
    cr_expect_eq(list[1].recovered, SIM_NEVER, "another site says nothing");
}

/* A time-out says nothing of a refusal; an answer at RCPT shows that there was a connection. */
Test(episodes, end_where_a_session_came_further)
{
    meet(100, "u@d.example", REFUSED);
    meet(200, "u@d.example", SILENT);
    meet(300, "u@d.example", REFUSED);
    meet(400, "u@d.example", GREY);
    episodes_ready(&episodes);
    const struct episode *it = only(CAUSE_REFUSED);
    cr_expect_eq(it->last, instant(300));
    cr_expect_eq(it->recovered, instant(400));
    cr_expect_eq(only(CAUSE_TIMEOUT)->last, instant(200));
    cr_expect_eq(only(CAUSE_TIMEOUT)->recovered, instant(400));
    cr_expect_eq(only(CAUSE_GREYLIST)->recovered, SIM_NEVER);
}

Test(episodes, begin_after_a_session_that_came_further)
{
    meet(100, "u@d.example", GREY);
    meet(200, "u@d.example", REFUSED);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_REFUSED)->well, instant(100));
    cr_expect_eq(only(CAUSE_GREYLIST)->recovered, SIM_NEVER);
}

/* "relay=none": nobody was asked at RCPT, whatever the words. */
Test(episodes, do_not_end_by_what_no_site_said)
{
    struct logged_message *message = mail(200, "a@home.example");

    meet(100, "u@d.example", REFUSED);
    made_trip(message, 200);
    made_answer(message, "u@d.example", 200, LOGGED_DEFERRED, "4.3.0", "unknown error")->relay =
        "none";
    add(message);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_REFUSED)->recovered, SIM_NEVER);
    cr_expect_eq(episodes.others, 1);
}

Test(episodes, learn_nothing_from_what_was_suspended)
{
    struct logged_message *message = mail(300, "a@home.example");

    meet(100, "u@d.example", REFUSED);
    made_trip(message, 300);
    made_answer(message, "u@d.example", 300, LOGGED_SUSPENDED, "4.4.1",
                "delivery temporarily suspended: " REFUSED);
    add(message);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_REFUSED)->last, instant(100));
}

/* The reason is the one that killed the site, which may have been a greeting. */
Test(episodes, do_not_end_by_the_words_of_what_was_suspended)
{
    struct logged_message *message = mail(300, "a@home.example");

    meet(100, "u@d.example", REFUSED);
    made_trip(message, 300);
    made_answer(message, "u@d.example", 300, LOGGED_SUSPENDED, "4.3.2",
                "delivery temporarily suspended: host mx.d[192.0.2.1] refused to talk to me: 421 "
                "4.3.2 closing");
    add(message);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_REFUSED)->recovered, SIM_NEVER);
}

Test(episodes, know_nothing_from_another_unit)
{
    meet(100, "u@d.example", NULL);
    meet(200, "u@e.example", REFUSED);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_REFUSED)->well, SIM_NEVER);
}

Test(episodes, of_a_greylist_are_those_of_sender_and_recipient)
{
    struct logged_message *other = mail(200, "b@home.example");

    meet(100, "u@d.example", GREY);
    made_trip(other, 200);
    made_sent(other, "u@d.example", 200);
    add(other);
    meet(300, "v@d.example", NULL);
    meet(400, "u@d.example", NULL);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_GREYLIST)->recovered, instant(400));
    cr_expect_eq(episodes.units[CAUSE_GREYLIST], 1);
    cr_expect_eq(episodes.watched[CAUSE_GREYLIST], 3, "a to u, b to u, a to v");
}

/* Whoever sends: a full mailbox takes nothing. */
Test(episodes, of_a_mailbox_are_those_of_the_recipient)
{
    struct logged_message *other = mail(200, "b@home.example");

    meet(100, "u@d.example", FULL);
    meet(150, "v@d.example", NULL);
    made_trip(other, 200);
    made_sent(other, "u@d.example", 200);
    add(other);
    meet(250, "x@e.example", NULL);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_MAILBOX)->recovered, instant(200));
    cr_expect_eq(episodes.watched[CAUSE_MAILBOX], 2, "u and v, not x at another site");
}

/* The first RCPT starts a greylist's clock: that it was well before does not matter. */
Test(episodes, of_a_greylist_begin_with_their_first_failure)
{
    meet(100, "u@d.example", NULL);
    meet(900, "u@d.example", GREY);
    meet(1300, "u@d.example", NULL);
    episodes_ready(&episodes);
    cr_expect_eq(episode_spell(only(CAUSE_GREYLIST)).slack, 0);
}

/* It came 5000 s before the log and failed ever since; the log saw it at 100 and 400. */
Test(episodes, of_older_messages_are_entered_late)
{
    struct logged_message *message = mail(-5000, "a@home.example");

    message->born_in_log = false;
    made_trip(message, 100);
    made_answer(message, "u@d.example", 100, LOGGED_DEFERRED, "4.4.1", REFUSED);
    made_trip(message, 400);
    made_answer(message, "u@d.example", 400, LOGGED_DEFERRED, "4.4.1", REFUSED);
    add(message);
    episodes_ready(&episodes);
    const struct episode *it = only(CAUSE_REFUSED);
    cr_expect_eq(it->first, instant(-5000));
    cr_expect_eq(it->entered, instant(100));
    cr_expect_eq(episode_spell(it).entered, 5100);
    cr_expect_eq(episode_spell(it).last, 5400);
    cr_expect_eq(episode_subject(it).entry, 5100);
}

/* Whichever the log sees first: the site fails since the oldest of those that wait. */
Test(episodes, of_older_messages_begin_with_the_oldest)
{
    const double arrivals[] = {-2000, -7000, -3000};

    for (int i = 0; i < 3; i++) {
        struct logged_message *message = mail(arrivals[i], "a@home.example");
        message->born_in_log = false;
        made_trip(message, 100 + i);
        made_answer(message, "u@d.example", 100 + i, LOGGED_DEFERRED, "4.4.1", REFUSED);
        add(message);
    }
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_REFUSED)->first, instant(-7000));
    cr_expect_eq(only(CAUSE_REFUSED)->entered, instant(100));
}

/* The site was well in the log before: whatever the old message met, it is another spell. */
Test(episodes, of_older_messages_begin_after_what_was_well)
{
    struct logged_message *message = mail(-5000, "a@home.example");

    meet(50, "v@d.example", NULL);
    message->born_in_log = false;
    made_trip(message, 100);
    made_answer(message, "u@d.example", 100, LOGGED_DEFERRED, "4.4.1", REFUSED);
    add(message);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_REFUSED)->well, instant(50));
    cr_expect_eq(only(CAUSE_REFUSED)->first, instant(100));
}

/* The line came at 130, after 30 s in which nobody answered. */
Test(episodes, know_when_the_site_was_asked)
{
    struct logged_message *message = mail(100, "a@home.example");

    made_trip(message, 100);
    made_answer(message, "u@d.example", 130, LOGGED_DEFERRED, "4.4.1", SILENT)->delays[2] =
        30 * SIM_SECOND;
    add(message);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_TIMEOUT)->first, instant(100));
}

/* Messages are handed on as they leave: the order of their attempts is another. */
Test(episodes, are_in_the_order_of_time)
{
    meet(900, "u@d.example", NULL);
    meet(500, "u@d.example", REFUSED);
    meet(200, "u@d.example", REFUSED);
    episodes_ready(&episodes);
    cr_expect_eq(only(CAUSE_REFUSED)->first, instant(200));
    cr_expect_eq(only(CAUSE_REFUSED)->last, instant(500));
    cr_expect_eq(only(CAUSE_REFUSED)->recovered, instant(900));
}

#define BUSY "host mx.d[192.0.2.1] said: 450 4.7.1 too many (in reply to MAIL FROM command)"

/* Met again 600 s after it was met last: one spell; 601 s: another. */
Test(episodes, of_a_throttle_go_on_though_some_pass)
{
    meet(100, "u@d.example", BUSY);
    meet(200, "v@d.example", NULL);
    meet(700, "u@d.example", BUSY);
    meet(800, "v@d.example", NULL);
    meet(900, "v@d.example", NULL);
    meet(1301, "u@d.example", BUSY);
    episodes_ready(&episodes);
    size_t count;
    const struct episode *list = episodes_of(&episodes, CAUSE_THROTTLE, &count);
    cr_assert_eq(count, 2);
    cr_expect_eq(list[0].last, instant(700));
    cr_expect_eq(list[0].recovered, instant(800), "the first that passed for good");
    cr_expect_eq(list[1].first, instant(1301));
    cr_expect_eq(list[1].well, instant(900));
}

Test(episodes, of_an_empty_log_are_none)
{
    episodes_ready(&episodes);
    for (int cause = 0; cause < CAUSE_COUNT; cause++)
        cr_expect_eq(count_of((enum cause)cause), 0);
}
