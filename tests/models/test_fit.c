/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all spells of a log come to, cause by cause. */
#include "models/fit.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "tests/models/made_log.h"

#define REFUSED "connect to mx.d[192.0.2.1]:25: Connection refused"

static struct episodes episodes;
static struct fit fit;

static void begin(void)
{
    episodes_init(&episodes);
}

static void end(void)
{
    fit_fini(&fit);
    episodes_fini(&episodes);
}

TestSuite(fit, .init = begin, .fini = end);

static struct logged_message *mail(int number, double arrival)
{
    char id[20];

    snprintf(id, sizeof id, "A%d", number);
    return made_mail(id, arrival, "a@home.example");
}

/* To a site of its own: refused at once, delivered after `wait` seconds; 0: never. */
static void refuse(int number, double wait, bool older)
{
    struct logged_message *message = mail(number, older ? -1000 : 0);
    char to[40];

    snprintf(to, sizeof to, "u@s%d.example", number);
    message->born_in_log = !older;
    made_trip(message, 10);
    made_answer(message, to, 10, LOGGED_DEFERRED, "4.4.1", REFUSED);
    double again = wait > 0 ? 10 + 0.7 * wait : 310;
    made_trip(message, again);
    made_answer(message, to, again, LOGGED_DEFERRED, "4.4.1", REFUSED);
    made_trip(message, 10 + wait);
    if (wait > 0)
        made_sent(message, to, 10 + wait);
    episodes_add(&episodes, message);
    logged_message_free(message);
}

static void ready(void)
{
    episodes_ready(&episodes);
    fit_init(&fit, &episodes, 86400);
}

Test(fit, counts_the_spells_of_each_cause)
{
    refuse(1, 300, false);
    refuse(2, 0, false);
    refuse(3, 0, true);
    ready();
    const struct cause_fit *refused = &fit.causes[CAUSE_REFUSED];
    cr_expect_eq(refused->spells, 3);
    cr_expect_eq(refused->recovered, 1);
    cr_expect_eq(refused->begins, 0);
    cr_expect_eq(refused->late, 1);
    cr_expect_eq(refused->last, 1310, "the old one came 1000 s before");
    cr_expect_eq(fit.causes[CAUSE_DNS].spells, 0);
    cr_expect_eq(fit.causes[CAUSE_DNS].verdict, CURE_NO_SPELLS);
}

Test(fit, says_nothing_of_few_recoveries)
{
    for (int i = 0; i < 4; i++)
        refuse(i, 300 + i, false);
    ready();
    cr_expect_null(fit.causes[CAUSE_REFUSED].best);
    cr_expect_eq(fit.causes[CAUSE_REFUSED].verdict, CURE_TOO_FEW);
}

Test(fit, chooses_the_likelier_family)
{
    for (int i = 0; i < 60; i++)
        refuse(i, i % 3 == 0 ? 0 : 300 * exp(i / 10.0), false);
    ready();
    const struct cause_fit *refused = &fit.causes[CAUSE_REFUSED];
    cr_assert_not_null(refused->best);
    cr_expect_eq(refused->verdict, CURE_FITTED);
    for (int i = 0; i < CURE_FAMILIES; i++)
        cr_expect(refused->best->aic <= refused->of_family[i].aic);
}

/* What is as long as the log may have been seen in it. */
Test(fit, extrapolates_beyond_the_log)
{
    ready();
    cr_expect_not(fit_is_extrapolated(&fit, 86400));
    cr_expect(fit_is_extrapolated(&fit, 86401));
}

/* Every share that is for ever; a median whose interval ends a second after the log. */
Test(fit, marks_what_reaches_beyond_the_log)
{
    struct cure_fit of = {.high = {0.1, 86400, 100000}};

    ready();
    cr_expect(fit_is_beyond(&fit, &of, CURE_SHARE));
    cr_expect_not(fit_is_beyond(&fit, &of, CURE_SCALE));
    cr_expect_not(fit_is_beyond(&fit, &of, CURE_SHAPE));
    of.high[CURE_SCALE] = 86401;
    cr_expect(fit_is_beyond(&fit, &of, CURE_SCALE));
}
