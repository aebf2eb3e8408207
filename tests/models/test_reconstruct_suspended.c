/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a suspended message tells of its site: that others had been refused. Logs made by hand;
 * where the change is put follows from its own trips and theirs.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "models/reconstruct.h"
#include "tests/models/made_log.h"

#define MOST_ROWS 16
#define REFUSED "connect to mx.d[192.0.2.1]:25: Connection refused"
#define SUSPENDED "delivery temporarily suspended: " REFUSED

static struct reconstruction r;

static struct told {
    struct evidence_row row;
    char text[200];
} rows[MOST_ROWS];
static size_t row_count;

static void begin(void)
{
    reconstruct_init(&r);
}

static void end(void)
{
    reconstruct_fini(&r);
}

TestSuite(reconstruct_suspended, .init = begin, .fini = end);

static struct logged_attempt *refuse(struct logged_message *message, const char *to, double at)
{
    made_trip(message, at);
    return made_answer(message, to, at, LOGGED_DEFERRED, "4.4.1", REFUSED);
}

static void suspend(struct logged_message *message, const char *to, double at)
{
    made_trip(message, at);
    made_answer(message, to, at, LOGGED_SUSPENDED, "4.4.1", SUSPENDED);
}

static void add(struct logged_message *message)
{
    reconstruct_add(&r, message);
    logged_message_free(message);
}

/* Another message to the site. */
static void other_refused(const char *id, double at)
{
    struct logged_message *message = made_mail(id, at, "s@a");

    refuse(message, "other@D", at);
    add(message);
}

static void other_sent(const char *id, double at)
{
    struct logged_message *message = made_mail(id, at, "s@a");

    made_try(message, "other@d", at, LOGGED_SENT);
    add(message);
}

/* Only what is told of u@d, by its beginnings: refusals are told first. */
static void keep_row(void *user, const struct evidence_row *row, const char *text)
{
    size_t place = row_count;

    (void)user;
    if (row->whole_domain || strcmp(names_text(&r.names, row->recipient), "u@d") != 0)
        return;
    cr_assert_lt(row_count++, MOST_ROWS);
    for (; place > 0 && rows[place - 1].row.from > row->from; place--)
        rows[place] = rows[place - 1];
    rows[place].row = *row;
    snprintf(rows[place].text, sizeof rows->text, "%s", text);
}

/* t = 0 is midnight. */
static void tell(enum recovery recovery)
{
    struct reconstruct_plan plan = {recovery, MIDNIGHT, instant(86400), -1, 300};

    reconstruct_ready(&r);
    row_count = 0;
    reconstruct_evidence(&r, &plan, keep_row, NULL);
}

static void expect_row(size_t i, double from, double until, enum smtp_stage stage, const char *text)
{
    cr_assert_lt(i, row_count);
    const struct evidence_row *row = &rows[i].row;

    cr_expect_eq(row->from, isinf(from) ? -SIM_NEVER : (sim_time)(from * 1e6), "row %zu: from %.6f",
                 i, (double)row->from / 1e6);
    cr_expect_eq(row->until, isinf(until) ? SIM_NEVER : (sim_time)(until * 1e6),
                 "row %zu: until %.6f", i, (double)row->until / 1e6);
    cr_expect_eq(row->stage, stage, "row %zu: %s", i, smtp_stage_names[row->stage]);
    cr_expect_str_eq(rows[i].text, text, "row %zu", i);
}

static void expect_refused_until(double until)
{
    expect_row(0, -INFINITY, until, STAGE_CONNECT, "450 4.4.1 " REFUSED);
}

/* Its own last refusal is at 900, and nobody else asked. */
Test(reconstruct_suspended, changes_nothing_between_two_refusals)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    refuse(message, "u@d", 0);
    suspend(message, "u@d", 300);
    refuse(message, "u@d", 900);
    suspend(message, "u@d", 1800);
    add(message);
    tell(RECOVERY_MIDDLE);
    expect_refused_until(INFINITY);
    cr_expect_eq(row_count, 1);
    tell(RECOVERY_EARLIEST);
    expect_refused_until(901);
    expect_row(1, 901, INFINITY, STAGE_DATA, "250 2.0.0 recovered");
}

/* 0 and 1000 are its own; in between another was refused at 290, having waited since 200 for an
 * agent, and from 500 on they were not. */
Test(reconstruct_suspended, leaves_it_to_others_when_the_site_recovered)
{
    static const double want[] = {291, 395, 500};

    struct logged_message *waited = made_mail("BBBBBB", 200, "s@a");
    refuse(waited, "other@d", 200)->delays[1] = 90 * SIM_SECOND;
    add(waited);
    other_sent("CCCCCC", 500);
    other_sent("DDDDDD", 700);
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");
    refuse(message, "u@d", 0);
    suspend(message, "u@d", 300);
    made_try(message, "u@d", 1000, LOGGED_SENT);
    add(message);
    for (int i = RECOVERY_EARLIEST; i <= RECOVERY_LATEST; i++) {
        tell((enum recovery)i);
        expect_refused_until(want[i]);
        expect_row(1, want[i], INFINITY, STAGE_DATA, "250 2.0.0 Ok");
    }
}

/* Without a suspension as with one. */
Test(reconstruct_suspended, is_not_needed_for_others_to_count)
{
    other_refused("BBBBBB", 290);
    other_sent("CCCCCC", 400);
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");
    refuse(message, "u@d", 0);
    made_try(message, "u@d", 1000, LOGGED_SENT);
    add(message);
    tell(RECOVERY_MIDDLE);
    expect_refused_until(345);
}

/* Dead for 300 s after 200, suspended at 300: but a delivery under way found it well at 250. A name
 * that does not exist was asked for nowhere. */
Test(reconstruct_suspended, may_be_after_the_site_recovered)
{
    other_refused("BBBBBB", 200);
    struct logged_message *nobody = made_mail("NNNNNN", 210, "s@a");
    made_trip(nobody, 210);
    made_answer(nobody, "x@d", 210, LOGGED_BOUNCED, "5.4.4",
                "Host or domain name not found. Name service error for name=d type=A: Host not "
                "found");
    add(nobody);
    other_sent("CCCCCC", 250);
    struct logged_message *message = made_mail("AAAAAA", 300, "s@a");
    suspend(message, "u@d", 300);
    made_try(message, "u@d", 900, LOGGED_SENT);
    add(message);
    tell(RECOVERY_MIDDLE);
    expect_refused_until(225);
    expect_row(1, 225, INFINITY, STAGE_DATA, "250 2.0.0 Ok");
}

/* What it would have met, and for how long: the last refusal before it. */
Test(reconstruct_suspended, would_have_met_what_others_met)
{
    static const double at[] = {100, 200, 400}, took[] = {7, 30, 9};

    for (int i = 0; i < 3; i++) {
        struct logged_message *other = made_mail("BBBBBB", at[i], "s@a");
        refuse(other, "other@d", at[i])->delays[2] = (sim_time)took[i] * SIM_SECOND;
        add(other);
    }
    struct logged_message *message = made_mail("AAAAAA", 300, "s@a");
    suspend(message, "u@d", 300);
    add(message);
    tell(RECOVERY_LATEST);
    expect_refused_until(INFINITY);
    cr_expect_eq(rows[0].row.took, 30 * SIM_SECOND);
}

Test(reconstruct_suspended, gives_way_to_what_it_meets_itself)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    other_refused("BBBBBB", 0);
    suspend(message, "u@d", 0);
    made_trip(message, 300);
    made_answer(message, "u@d", 330, LOGGED_DEFERRED, "4.4.1",
                "connect to mx.d[192.0.2.1]:25: Connection timed out")
        ->delays[2] = 30 * SIM_SECOND;
    add(message);
    tell(RECOVERY_EARLIEST);
    expect_row(0, -INFINITY, 301, STAGE_CONNECT,
               "450 4.4.1 connect to mx.d[192.0.2.1]:25: Connection timed out");
    cr_expect_eq(rows[0].row.took, 30 * SIM_SECOND);
}

/* Greylisted at 0; the site fell ill between 100 and 400. */
Test(reconstruct_suspended, leaves_it_to_others_when_the_site_fell_ill)
{
    other_sent("BBBBBB", 100);
    other_refused("CCCCCC", 400);
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");
    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    suspend(message, "u@d", 600);
    add(message);
    tell(RECOVERY_MIDDLE);
    expect_row(0, -INFINITY, 250, STAGE_RCPT, "450 4.2.0 later");
    expect_row(1, 250, INFINITY, STAGE_CONNECT, "450 4.4.1 " REFUSED);
}

/* The refusals that it was suspended for are not in the log: those at 700 are others. */
Test(reconstruct_suspended, is_later_than_what_it_was_for)
{
    other_sent("BBBBBB", 100);
    other_refused("CCCCCC", 700);
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");
    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    suspend(message, "u@d", 600);
    add(message);
    tell(RECOVERY_MIDDLE);
    expect_row(0, -INFINITY, 350, STAGE_RCPT, "450 4.2.0 later");
}

/* Nor is that at 50, before it was greylisted at 100: of a refusal between there is no sign. */
Test(reconstruct_suspended, never_takes_time_back)
{
    other_refused("BBBBBB", 50);
    other_sent("CCCCCC", 60);
    struct logged_message *message = made_mail("AAAAAA", 100, "s@a");
    made_try(message, "u@d", 100, LOGGED_DEFERRED);
    suspend(message, "u@d", 600);
    made_try(message, "u@d", 900, LOGGED_SENT);
    add(message);
    tell(RECOVERY_MIDDLE);
    expect_row(0, -INFINITY, 350, STAGE_RCPT, "450 4.2.0 later");
    expect_row(1, 350, 350, STAGE_CONNECT, "450 4.4.1 " REFUSED);
    expect_row(2, 350, INFINITY, STAGE_DATA, "250 2.0.0 Ok");
}

/* Refused otherwise at 900: whoever was let in at 700, it was not. */
Test(reconstruct_suspended, is_between_two_kinds_of_refusal)
{
    other_refused("BBBBBB", 600);
    other_sent("CCCCCC", 700);
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");
    refuse(message, "u@d", 0);
    suspend(message, "u@d", 300);
    made_trip(message, 900);
    made_answer(message, "u@d", 900, LOGGED_DEFERRED, "4.3.2",
                "host mx.d[192.0.2.1] refused to talk to me: 421 4.3.2 busy");
    add(message);
    tell(RECOVERY_MIDDLE);
    expect_refused_until(750);
    expect_row(1, 750, INFINITY, STAGE_GREETING, "421 4.3.2 busy");
}

/* It waits for its scan: others are let in at 500. */
Test(reconstruct_suspended, ends_where_others_are_let_in)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    refuse(message, "u@d", 0);
    suspend(message, "u@d", 300);
    add(message);
    other_sent("BBBBBB", 500);
    tell(RECOVERY_MIDDLE);
    expect_refused_until(250);
    expect_row(1, 250, INFINITY, STAGE_DATA, "250 2.0.0 recovered");
    tell(RECOVERY_LATEST);
    expect_refused_until(500);
}

/* Nothing in a replay's own settings makes a transport fail. */
Test(reconstruct_suspended, is_a_refusal_where_it_was_for_the_transport)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_trip(message, 300);
    made_answer(message, "u@d", 300, LOGGED_SUSPENDED, "4.3.0", "mail transport unavailable");
    made_try(message, "u@d", 900, LOGGED_SENT);
    add(message);
    other_refused("BBBBBB", 310);
    other_sent("CCCCCC", 400);
    tell(RECOVERY_MIDDLE);
    expect_row(0, -INFINITY, 600, STAGE_RCPT, "450 4.3.0 mail transport unavailable");
}

static void add_notice(const char *id, double at, bool suspended)
{
    struct logged_message *notice = made_mail(id, at, "");

    notice->is_notice = true;
    if (suspended)
        suspend(notice, "u@d", at);
    else
        refuse(notice, "u@d", at)->delays[2] = 5 * SIM_SECOND;
    add(notice);
}

/* Of several to one sender as of one; it is in the order of time that they count. */
Test(reconstruct_suspended, is_one_spell_with_refusals_of_other_notices)
{
    add_notice("CCCCCC", 400, true);
    add_notice("BBBBBB", 200, false);
    add_notice("AAAAAA", 100, true);
    other_sent("DDDDDD", 600);
    tell(RECOVERY_MIDDLE);
    expect_refused_until(400);
    cr_expect_eq(rows[0].row.took, 5 * SIM_SECOND);
    cr_expect_eq(row_count, 2, "%zu", row_count);
}
