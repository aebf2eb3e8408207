/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/play.h"

static struct play play;
static void *settings;

static void begin(void)
{
    play_init(&play);
    play_mail(&play, "m0", "s@a.example", "r@d.example");
    play_mail(&play, "m1", "s@a.example", "other@d.example");
    play_mail(&play, "m2", "s@a.example", "r@d.example");
    settings = play_failure(&play, "evidence", NULL);
}

static void end(void)
{
    play_fini(&play);
}

TestSuite(evidence, .init = begin, .fini = end);

/* The cells of a row, in the order of its columns. */
struct cells {
    const char *recipient, *from, *until, *stage, *text, *message, *took;
};

static bool add(struct err *err, struct cells of)
{
    const char *const cells[] = {of.recipient, of.from,    of.until, of.stage,
                                 of.text,      of.message, of.took};

    return failure_find("evidence")->rows->add(settings, cells, &play.scenario.names, err);
}

static void row(const char *recipient, const char *from, const char *until, const char *text)
{
    struct err err;

    cr_assert(add(&err, (struct cells){recipient, from, until, "rcpt", text, "", ""}), "%s",
              err.text);
}

static void ready(void)
{
    failure_find("evidence")->rows->ready(settings);
}

Test(evidence, holds_from_its_beginning_and_not_at_its_end)
{
    row("r@d.example", "10.5", "20", "450 4.2.0 busy");
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 10.499999));
    cr_expect_str_eq(play_text(&play, LOG, 0, 10.5), "450 4.2.0 busy");
    cr_expect_str_eq(play_text(&play, LOG, 0, 19.999999), "450 4.2.0 busy");
    cr_expect(play_accepts(&play, LOG, 0, 20));
}

Test(evidence, has_open_ends_where_a_cell_is_empty)
{
    row("r@d.example", "", "10", "450 4.2.0 before");
    row("r@d.example", "20", "", "450 4.2.0 after");
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "450 4.2.0 before");
    cr_expect(play_accepts(&play, LOG, 0, 15));
    cr_expect_str_eq(play_text(&play, LOG, 0, 1e10), "450 4.2.0 after");
}

Test(evidence, may_begin_before_the_start)
{
    row("r@d.example", "-50", "10", "450 4.2.0 busy");
    ready();

    cr_expect(!play_accepts(&play, LOG, 0, 0));
    cr_expect(play_accepts(&play, LOG, 0, 10));
}

Test(evidence, is_about_one_recipient_or_everybody)
{
    row("r@d.example", "0", "10", "450 4.2.0 busy");
    row("*", "20", "30", "421 4.3.2 down");
    row("other@d.example", "40", "50", "450 4.2.0 busy");
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 40));
    cr_expect(!play_accepts(&play, LOG, 1, 40));
    cr_expect(!play_accepts(&play, LOG, 0, 0));
    cr_expect(play_accepts(&play, LOG, 1, 0));
    cr_expect(play_accepts(&play, MADE, 0, 0));
    cr_expect_str_eq(play_text(&play, LOG, 0, 20), "421 4.3.2 down");
    cr_expect_str_eq(play_text(&play, LOG, 1, 20), "421 4.3.2 down");
    cr_expect_str_eq(play_text(&play, MADE, 0, 20), "421 4.3.2 down");
}

Test(evidence, speaks_in_the_order_of_the_file)
{
    row("r@d.example", "0", "20", "450 4.2.0 first");
    row("*", "10", "30", "450 4.2.0 second");
    row("r@d.example", "10", "40", "450 4.2.0 third");
    row("other@d.example", "0", "40", "450 4.2.0 fourth");
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 0, 15), "450 4.2.0 first");
    cr_expect_str_eq(play_text(&play, LOG, 0, 25), "450 4.2.0 second");
    cr_expect_str_eq(play_text(&play, LOG, 0, 35), "450 4.2.0 third");
    cr_expect_str_eq(play_text(&play, LOG, 1, 5), "450 4.2.0 fourth");
    cr_expect_str_eq(play_text(&play, LOG, 1, 25), "450 4.2.0 second");
}

/* It was accepted then: a later row of the file does not object. */
Test(evidence, may_be_that_all_was_well)
{
    row("r@d.example", "0", "10", "250 2.0.0 Ok");
    row("*", "0", "20", "421 4.3.2 down");
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 5));
    cr_expect(!play_accepts(&play, LOG, 0, 10));
    cr_expect(!play_accepts(&play, LOG, 1, 5));
}

Test(evidence, that_all_was_well_leaves_the_rest_to_others)
{
    row("r@d.example", "0", "100", "250 2.0.0 Ok");
    ready();
    play_failure(&play, "reply", "stage", "data", "until", "10s", NULL);

    cr_expect_eq(play_ask(&play, LOG, 0, 0).stage, STAGE_DATA);
    cr_expect(!play_accepts(&play, LOG, 0, 0));
    cr_expect(play_accepts(&play, LOG, 0, 10));
}

/* m0 and m2 are to the same recipient. */
Test(evidence, may_be_about_one_message)
{
    struct err err;

    cr_assert(add(&err, (struct cells){"r@d.example", "", "", "rcpt", "452 4.5.3 m2", "m2", ""}));
    cr_assert(add(&err, (struct cells){"*", "", "", "rcpt", "452 4.5.3 m1", "m1", ""}));
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 0));
    cr_expect_str_eq(play_text(&play, LOG, 2, 0), "452 4.5.3 m2");
    cr_expect_str_eq(play_text(&play, LOG, 1, 0), "452 4.5.3 m1");
    cr_expect(play_accepts(&play, MADE, 0, 0));
}

Test(evidence, speaks_at_the_stage_of_each_row)
{
    struct err err;

    cr_assert(add(&err, (struct cells){"*", "5", "", "connect", "450 4.4.1 early", "", ""}));
    cr_assert(add(&err, (struct cells){"*", "", "", "data", "450 4.2.0 late", "", ""}));
    ready();

    cr_expect_eq(play_ask(&play, LOG, 0, 0).stage, STAGE_DATA);
    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "450 4.2.0 late");
    cr_expect_eq(play_ask(&play, LOG, 0, 5).stage, STAGE_CONNECT);
    cr_expect_str_eq(play_text(&play, LOG, 0, 5), "450 4.4.1 early");
}

/* A second recipient of a message, in a session that the first was let into. */
static struct met ask_more(uint32_t number, double at)
{
    struct message message = {.number = number, .traffic = LOG, .activations = 1};
    struct approach approach = {.at = (sim_time)(at * (double)SIM_SECOND),
                                .catalogue = &play.catalogue,
                                .message = &message};

    play_ready(&play);
    uint32_t domain = catalogue_recipient(&play.catalogue, message_id(&message), 0).domain;
    const struct reply *reply = sites_answer_more(&play.sites, domain, &approach);
    return (struct met){reply, approach.at, approach.stage};
}

/* Another recipient got into the session; the answer comes where this one is asked for. */
Test(evidence, speaks_at_rcpt_where_a_session_goes_on)
{
    struct err err;

    cr_assert(add(&err, (struct cells){"*", "10", "20", "connect", "450 4.4.1 no", "", "1.5"}));
    cr_assert(add(&err, (struct cells){"*", "20", "30", "connect", "250 2.0.0 Ok", "", "1.5"}));
    ready();

    struct met met = ask_more(0, 10);
    cr_expect_eq(met.stage, STAGE_RCPT);
    cr_expect_str_eq(met.reply->text, "450 4.4.1 no");
    cr_expect_eq(met.at, 11500000);
    met = ask_more(0, 20);
    cr_expect_eq(met.reply->outcome, OUTCOME_SENT);
    cr_expect_eq(met.at, 20000000);
    cr_expect_eq(play_ask(&play, LOG, 0, 20).at, 21500000);
}

/* An attempt gets one answer: what comes later in the file is silent, at earlier stages too. */
Test(evidence, answers_an_attempt_by_one_row)
{
    struct err err;

    cr_assert(add(&err, (struct cells){"r@d.example", "", "5", "data", "250 2.0.0 Ok", "m0", "2"}));
    cr_assert(add(&err, (struct cells){"r@d.example", "", "", "connect", "450 4.4.1 no", "", ""}));
    cr_assert(add(&err, (struct cells){"*", "", "", "data", "450 4.2.0 late", "", ""}));
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 0));
    cr_expect_eq(play_ask(&play, LOG, 0, 0).at, 2 * SIM_SECOND);
    cr_expect_str_eq(play_text(&play, LOG, 0, 5), "450 4.4.1 no");
    cr_expect_str_eq(play_text(&play, LOG, 2, 0), "450 4.4.1 no");
    cr_expect_str_eq(play_text(&play, LOG, 1, 0), "450 4.2.0 late");
}

Test(evidence, takes_the_time_that_the_answer_took)
{
    struct err err;

    cr_assert(add(&err, (struct cells){"r@d.example", "", "5", "rcpt", "450 x", "", "1.5"}));
    cr_assert(add(&err, (struct cells){"r@d.example", "5", "", "data", "250 ok", "", "0.25"}));
    ready();

    cr_expect_eq(play_ask(&play, LOG, 0, 0).at, 1500000);
    cr_expect_eq(play_ask(&play, LOG, 0, 5).at, 5250000);
    cr_expect(play_accepts(&play, LOG, 0, 5));
}

/* Rows about a message and about all mail are kept apart: the file's order still decides. */
Test(evidence, lets_the_first_row_speak_whomever_it_is_about)
{
    struct err err;

    cr_assert(add(&err, (struct cells){"*", "5", "10", "rcpt", "450 all", "", ""}));
    cr_assert(add(&err, (struct cells){"r@d.example", "", "", "rcpt", "450 mine", "m0", ""}));
    cr_assert(add(&err, (struct cells){"r@d.example", "", "", "rcpt", "450 late", "", ""}));
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 0, 4), "450 mine");
    cr_expect_str_eq(play_text(&play, LOG, 0, 5), "450 all");
    cr_expect_str_eq(play_text(&play, LOG, 0, 10), "450 mine");
    cr_expect_str_eq(play_text(&play, LOG, 2, 10), "450 late");
}

/* In any letters; mail of an address below it is another domain's. */
Test(evidence, may_be_about_a_whole_domain)
{
    play_mail(&play, "m3", "s@a.example", "r@sub.d.example");
    play_mail(&play, "m4", "s@a.example", "R@D.example");
    scenario_add_site(&play.scenario, "*");
    row("@D.Example", "10", "20", "421 4.3.2 down");
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 9.999999));
    cr_expect_str_eq(play_text(&play, LOG, 0, 10), "421 4.3.2 down");
    cr_expect_str_eq(play_text(&play, LOG, 1, 10), "421 4.3.2 down");
    cr_expect_str_eq(play_text(&play, MADE, 0, 10), "421 4.3.2 down");
    cr_expect_str_eq(play_text(&play, LOG, 4, 10), "421 4.3.2 down");
    cr_expect(play_accepts(&play, LOG, 3, 10));
    cr_expect(play_accepts(&play, LOG, 0, 20));
}

/* "d.example" alone is a recipient, of no domain; "@" is the domain that it is of. */
Test(evidence, tells_a_domain_from_a_recipient_of_that_name)
{
    row("d.example", "0", "", "450 4.2.0 a recipient");
    row("@", "0", "", "450 4.2.0 no domain");
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 0));
    cr_expect(play_accepts(&play, MADE, 0, 0));
}

Test(evidence, of_a_domain_may_be_about_one_message)
{
    struct err err;

    cr_assert(add(&err, (struct cells){"@d.example", "", "", "rcpt", "450 m1", "m1", ""}));
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 1, 0), "450 m1");
    cr_expect(play_accepts(&play, LOG, 0, 0));
}

Test(evidence, of_a_domain_speaks_in_the_order_of_the_file)
{
    row("r@d.example", "0", "10", "450 4.2.0 first");
    row("@d.example", "5", "20", "421 4.3.2 second");
    row("*", "0", "30", "450 4.2.0 third");
    row("r@d.example", "0", "", "450 4.2.0 fourth");
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 0, 5), "450 4.2.0 first");
    cr_expect_str_eq(play_text(&play, LOG, 0, 10), "421 4.3.2 second");
    cr_expect_str_eq(play_text(&play, LOG, 0, 20), "450 4.2.0 third");
    cr_expect_str_eq(play_text(&play, LOG, 0, 30), "450 4.2.0 fourth");
    cr_expect_str_eq(play_text(&play, LOG, 1, 0), "450 4.2.0 third");
    cr_expect_str_eq(play_text(&play, LOG, 1, 5), "421 4.3.2 second");
}

/* Long and short, nested and apart, in any order of their beginnings. */
Test(evidence, finds_the_first_of_the_file_among_many_that_hold)
{
    row("r@d.example", "50", "60", "450 4.2.0 a");
    row("r@d.example", "10", "90", "450 4.2.0 b");
    row("r@d.example", "20", "30", "450 4.2.0 c");
    row("r@d.example", "0", "100", "450 4.2.0 d");
    row("r@d.example", "95", "97", "450 4.2.0 e");
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "450 4.2.0 d");
    cr_expect_str_eq(play_text(&play, LOG, 0, 10), "450 4.2.0 b");
    cr_expect_str_eq(play_text(&play, LOG, 0, 25), "450 4.2.0 b");
    cr_expect_str_eq(play_text(&play, LOG, 0, 55), "450 4.2.0 a");
    cr_expect_str_eq(play_text(&play, LOG, 0, 60), "450 4.2.0 b");
    cr_expect_str_eq(play_text(&play, LOG, 0, 96), "450 4.2.0 d");
    cr_expect_str_eq(play_text(&play, LOG, 0, 99), "450 4.2.0 d");
    cr_expect(play_accepts(&play, LOG, 0, 100));
}

Test(evidence, of_nothing_accepts_everybody)
{
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 0));
}

static const char *complaint(struct cells cells)
{
    static struct err err;

    cr_assert(!add(&err, cells));
    return err.text;
}

Test(evidence, says_what_is_wrong_with_a_row)
{
    cr_expect_str_eq(complaint((struct cells){"*", "x", "", "rcpt", "450 x", "", ""}),
                     "from_s: 'x' is no number of seconds");
    cr_expect_str_eq(complaint((struct cells){"*", "", "1h", "rcpt", "450 x", "", ""}),
                     "until_s: '1h' is no number of seconds");
    cr_expect_str_eq(complaint((struct cells){"*", "", "", "helo", "450 x", "", ""}),
                     "stage: 'helo' is none of dns, connect, greeting, mail, rcpt, data");
    cr_expect_str_eq(complaint((struct cells){"*", "", "", "rcpt", "450 x", "", "-1"}),
                     "took_s: '-1' is below 0");
    cr_expect(strncmp(complaint((struct cells){"*", "", "", "rcpt", "busy", "", ""}), "text: ", 6)
              == 0);
}
