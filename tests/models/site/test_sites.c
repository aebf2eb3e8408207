/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/luck.h"
#include "tests/models/play.h"

static struct play play;

static void begin(void)
{
    play_init(&play);
}

static void end(void)
{
    play_fini(&play);
}

TestSuite(sites, .init = begin, .fini = end);

static void say(const char *stage, const char *until, const char *text)
{
    play_failure(&play, "reply", "stage", stage, "until", until, "text", text, NULL);
}

Test(sites, accepts_where_nothing_objects)
{
    struct met met = play_ask(&play, MADE, 0, 5);

    cr_expect_eq(met.reply->code, 250);
    cr_expect_eq(met.reply->outcome, OUTCOME_SENT);
    cr_expect_str_eq(met.reply->dsn, "2.0.0");
    cr_expect_eq(met.stage, STAGE_DATA);
    cr_expect_eq(met.at, 5 * SIM_SECOND);
}

/* In the file backwards; one after another they fall silent. */
Test(sites, hears_failures_in_the_order_of_the_stages)
{
    say("data", "6s", "450 data");
    say("rcpt", "5s", "450 rcpt");
    say("mail", "4s", "450 mail");
    say("greeting", "3s", "450 greeting");
    say("connect", "2s", "450 connect");
    say("dns", "1s", "450 dns");

    for (int i = 0; i < STAGE_COUNT; i++) {
        struct met met = play_ask(&play, MADE, 0, i);
        cr_expect_eq((int)met.stage, i);
        cr_expect_str_eq(met.reply->text + 4, smtp_stage_names[i]);
    }
    cr_expect(play_accepts(&play, MADE, 0, 6));
}

Test(sites, hears_failures_at_one_stage_in_the_order_of_the_file)
{
    say("rcpt", "2s", "450 first");
    say("rcpt", "1s", "450 second");
    say("rcpt", "3s", "450 third");

    cr_expect_str_eq(play_text(&play, MADE, 0, 0), "450 first");
    cr_expect_str_eq(play_text(&play, MADE, 0, 1), "450 first");
    cr_expect_str_eq(play_text(&play, MADE, 0, 2), "450 third");
}

/* Powers of two: the sum tells which stages were passed. */
static void take_time_at_each_stage(void)
{
    static const char *const spans[] = {"1s", "2s", "4s", "8s", "16s", "32s"};

    for (int i = 0; i < STAGE_COUNT; i++)
        play_latency(&play, (enum smtp_stage)i, spans[i]);
}

Test(sites, takes_the_time_of_every_stage)
{
    take_time_at_each_stage();

    cr_expect_eq(play_ask(&play, MADE, 0, 100).at, 163 * SIM_SECOND);
}

Test(sites, takes_the_time_of_each_stage_up_to_the_objection)
{
    take_time_at_each_stage();
    for (int i = STAGE_COUNT - 1; i >= 0; i--) {
        char until[32];
        snprintf(until, sizeof until, "%ds", 100 * (i + 1));
        say(smtp_stage_names[i], until, "450 no");
    }

    for (int i = 0; i < STAGE_COUNT; i++) {
        struct met met = play_ask(&play, MADE, 0, 100 * i);
        cr_expect_eq((int)met.stage, i);
        cr_expect_eq(met.at, (100 * i + (2 << i) - 1) * SIM_SECOND);
    }
}

/* Each of 500 attempts: from 1 s to 3 s, not all the same, the same when asked again. */
Test(sites, draws_a_latency_for_each_attempt)
{
    play_latency(&play, STAGE_RCPT, "uniform(1s, 3s)");
    sim_time low = SIM_NEVER, high = 0;

    for (uint32_t i = 0; i < 500; i++) {
        sim_time took = play_ask(&play, MADE, i, 0).at;
        cr_expect_eq(play_ask(&play, MADE, i, 7).at, took + 7 * SIM_SECOND);
        low = took < low ? took : low;
        high = took > high ? took : high;
    }
    cr_expect(low >= 1 * SIM_SECOND && low < 1100000);
    cr_expect(high <= 3 * SIM_SECOND && high > 2900000);
}

/* Were it one draw, the sum would be twice it: the first would tell the second. */
Test(sites, draws_stages_apart)
{
    play_latency(&play, STAGE_MAIL, "mixture(0.5: 1s, 0.5: 2s)");
    play_latency(&play, STAGE_DATA, "mixture(0.5: 10s, 0.5: 20s)");
    int seen[23] = {0};

    for (uint32_t i = 0; i < 200; i++)
        seen[play_ask(&play, MADE, i, 0).at / SIM_SECOND]++;
    cr_expect(seen[11] > 20 && seen[12] > 20 && seen[21] > 20 && seen[22] > 20);
    cr_expect_eq(seen[11] + seen[12] + seen[21] + seen[22], 200);
}

/* An answer that never comes is later than any other, not earlier. */
Test(sites, may_never_answer)
{
    play_latency(&play, STAGE_MAIL, "mixture(1: never, 1: 5s)");
    play_latency(&play, STAGE_DATA, "2s");
    int answered = 0;

    for (uint32_t i = 0; i < 200; i++) {
        struct met met = play_ask(&play, MADE, i, 10);
        cr_expect(met.at == 17 * SIM_SECOND || met.at == SIM_NEVER);
        answered += met.at != SIM_NEVER;
    }
    cr_expect(answered > 50 && answered < 150, "%d", answered);
}

/* What does not get to RCPT is not seen there: the first that does starts the clock. */
Test(sites, do_not_hear_whom_they_keep_waiting)
{
    play_latency(&play, STAGE_MAIL, "mixture(1: never, 1: 0s)");
    play_failure(&play, "greylist", NULL);

    for (uint32_t i = 0; i < 50; i++) {
        int heard = 0;
        for (play.activations = 1; play.activations <= 20; play.activations++) {
            struct met met = play_ask(&play, MADE, i, 1000.0 * play.activations);
            if (met.at < SIM_NEVER)
                cr_expect_eq(met.reply->outcome, heard++ == 0 ? OUTCOME_DEFERRED : OUTCOME_SENT);
        }
        cr_expect(heard > 0);
    }
}

/* Each of the four combinations is a quarter of 400: 100, deviation 8.7. */
Test(sites, draw_latencies_and_failures_apart)
{
    int seen[2][2] = {{0}};

    play_latency(&play, STAGE_DNS, "mixture(0.5: 1s, 0.5: 2s)");
    play_failure(&play, "random", "p", "0.5", NULL);
    for (uint32_t i = 0; i < 400; i++) {
        struct met met = play_ask(&play, MADE, i, 0);
        seen[met.at == SIM_SECOND][met.reply->outcome == OUTCOME_SENT]++;
    }
    for (int i = 0; i < 4; i++)
        cr_expect(seen[i / 2][i % 2] > 60 && seen[i / 2][i % 2] < 140, "%d", seen[i / 2][i % 2]);
}

/* Another recipient of the log, at `domain`; the number of its message. */
static uint32_t mail_to(const char *recipient)
{
    static uint32_t count;
    char id[16];

    snprintf(id, sizeof id, "m%03u", count);
    play_mail(&play, id, "s@a.example", recipient);
    return count++;
}

static void add_site(const char *name, const char *text)
{
    scenario_add_site(&play.scenario, name);
    say("rcpt", "never", text);
}

Test(sites, takes_the_star_for_all_others)
{
    add_site("*", "450 star");
    add_site("e.example", "450 e");
    uint32_t d = mail_to("r@d.example"), e = mail_to("r@e.example"), f = mail_to("r@f.example");
    uint32_t nowhere = mail_to("root"), sub = mail_to("r@x.e.example");

    cr_expect(play_accepts(&play, LOG, d, 0));
    cr_expect_str_eq(play_text(&play, LOG, e, 0), "450 e");
    cr_expect_str_eq(play_text(&play, LOG, f, 0), "450 star");
    cr_expect_str_eq(play_text(&play, LOG, nowhere, 0), "450 star");
    cr_expect_str_eq(play_text(&play, LOG, sub, 0), "450 star");
}

Test(sites, accepts_at_all_others_where_there_is_no_star)
{
    add_site("e.example", "450 e");
    uint32_t e = mail_to("r@e.example"), f = mail_to("r@f.example");

    cr_expect(!play_accepts(&play, LOG, e, 0));
    cr_expect(play_accepts(&play, LOG, f, 0));
}

Test(sites, knows_domains_in_any_case)
{
    add_site("E.Example", "450 e");
    uint32_t e = mail_to("r@e.EXAMPLE");

    cr_expect_str_eq(play_text(&play, LOG, e, 0), "450 e");
}

/* One "*", but each domain that falls to it counts for itself. */
Test(sites, keeps_a_state_for_each_domain)
{
    scenario_add_site(&play.scenario, "*");
    play_failure(&play, "quota", "limit", "1", NULL);
    uint32_t e = mail_to("r@e.example"), f = mail_to("r@f.example");

    cr_expect(play_accepts(&play, LOG, e, 0));
    cr_expect(!play_accepts(&play, LOG, e, 0));
    cr_expect(play_accepts(&play, LOG, f, 0));
}

/* Fresh sites of the same scenario; the length of an outage at `number`'s, in minutes. */
static int length_at(uint32_t number, uint32_t first)
{
    sites_fini(&play.sites);
    sites_init(&play.sites, &play.scenario, &play.catalogue.rng);
    play_ask(&play, LOG, first, 0);
    int minutes = 0;
    while (!play_accepts(&play, LOG, number, 60.0 * minutes))
        minutes++;
    return minutes;
}

/* A site's luck hangs on its name, not on when it was first met; two sites have their own. */
Test(sites, have_luck_of_their_own)
{
    scenario_add_site(&play.scenario, "*");
    play_failure(&play, "outage", "for", "uniform(0s, 1d)", NULL);
    uint32_t e = mail_to("r@e.example"), f = mail_to("r@f.example");

    play_ready(&play);
    int at_e = length_at(e, e), at_f = length_at(f, f);
    cr_expect_eq(length_at(e, f), at_e);
    cr_expect_eq(length_at(f, e), at_f);
    cr_expect_neq(at_e, at_f);
}

/* How long an outage lasts at e.example, which is the first domain seen or not. */
static int length_at_e(bool first)
{
    uint32_t e = first ? 0 : 1;

    play_fini(&play);
    play_init(&play);
    scenario_add_site(&play.scenario, "*");
    play_failure(&play, "outage", "for", "uniform(0s, 1d)", NULL);
    play_mail(&play, "m0", "s@a.example", first ? "r@e.example" : "r@f.example");
    play_mail(&play, "m1", "s@a.example", first ? "r@f.example" : "r@e.example");
    play_ready(&play);
    return length_at(e, e);
}

/* Nor on what else is in the scenario. */
Test(sites, have_luck_that_hangs_on_their_name)
{
    cr_expect_eq(length_at_e(true), length_at_e(false));
}

Test(sites, refuses_more_failures_than_there_is_luck_for, .exit_code = 70)
{
    for (int i = 0; i < MOST_LANES; i++)
        say("rcpt", "never", "450 no");
    play_ask(&play, MADE, 0, 0);
}

/* ---------------------------------------------------------------- outages */

struct told {
    struct outage_span span[4];
    uint32_t domain[4];
    int count;
};

static void note_outage(void *user, uint32_t domain, const struct outage_span *span)
{
    struct told *told = user;

    cr_assert_lt(told->count, 4);
    told->domain[told->count] = domain;
    told->span[told->count++] = *span;
}

static struct told told(void)
{
    struct told told = {0};

    play_ready(&play);
    sites_outages(&play.sites, note_outage, &told);
    return told;
}

static void expect_outage(const struct told *told, int i, int64_t from_s, int64_t until_s,
                          const char *how)
{
    cr_expect_eq(told->span[i].from, from_s * SIM_SECOND);
    cr_expect_eq(told->span[i].until, until_s * SIM_SECOND);
    cr_expect_str_eq(told->span[i].how, how);
}

Test(sites, tell_their_outages_and_nothing_else)
{
    uint32_t domain = scenario_add_domain_of(&play.scenario, "@d.example");
    say("dns", "1h", "450 later");
    play_failure(&play, "outage", "at", "20s", "for", "5s", "how", "dns", NULL);
    play_failure(&play, "outage", "at", "10s", "for", "4s", "how", "silent", NULL);
    struct told outages = told();

    cr_assert_eq(outages.count, 2);
    cr_expect_eq(outages.domain[0], domain);
    expect_outage(&outages, 0, 20, 25, "dns");
    expect_outage(&outages, 1, 10, 14, "silent");
}

Test(sites, tell_the_end_that_was_drawn)
{
    play_failure(&play, "outage", "at", "1h", "for", "uniform(1h, 9h)", NULL);
    struct told outages = told();

    cr_assert_eq(outages.count, 1);
    double until = (double)outages.span[0].until / SIM_SECOND;
    cr_expect(until > 7200 && until < 36000, "%f", until);
    cr_expect(!play_accepts(&play, MADE, 0, until - 0.001));
    cr_expect(play_accepts(&play, MADE, 0, until + 0.001));
}

/* Of two addresses: one, both, and more than there are. */
Test(sites, tell_no_outage_that_an_address_escapes)
{
    play.scenario.sites[0].addresses = 2;
    play_failure(&play, "outage", "at", "1s", "for", "1s", "addresses", "1", NULL);
    play_failure(&play, "outage", "at", "2s", "for", "1s", "addresses", "2", NULL);
    play_failure(&play, "outage", "at", "3s", "for", "1s", "addresses", "3", NULL);
    struct told outages = told();

    cr_assert_eq(outages.count, 2);
    expect_outage(&outages, 0, 2, 3, "refused");
    expect_outage(&outages, 1, 3, 4, "refused");
}

Test(sites, tell_no_outage_that_never_begins_or_takes_no_time)
{
    play_failure(&play, "outage", "at", "never", "for", "1h", NULL);
    play_failure(&play, "outage", "at", "5s", "for", "0s", NULL);

    cr_expect_eq(told().count, 0);
}

Test(sites, tell_an_outage_without_an_end)
{
    play_failure(&play, "outage", "at", "2025-12-31T00:00Z", "for", "never", NULL);
    play_failure(&play, "outage", "at", "1h", "for", "never", NULL);
    struct told outages = told();

    cr_assert_eq(outages.count, 2);
    cr_expect_eq(outages.span[0].from, -86400 * SIM_SECOND);
    cr_expect_eq(outages.span[0].until, SIM_NEVER);
    cr_expect_eq(outages.span[1].until, SIM_NEVER);
}
