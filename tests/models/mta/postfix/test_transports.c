/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worked by hand from qmgr/qmgr_transport.c:qmgr_transport_create(). */
#include "models/mta/postfix/transports.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct postfix_settings settings;
static struct notes notes;

static void begin(void)
{
    postfix_settings_init(&settings);
}

static void end(void)
{
    notes_fini(&notes);
    notes = (struct notes){0};
}

TestSuite(postfix_transports, .init = begin, .fini = end);

static void set(const char *name, const char *value)
{
    const struct postfix_parameter *parameter = postfix_parameter_find(name);
    struct err err;

    cr_assert(parameter != NULL ? postfix_parameter_set(&settings, parameter, value, &notes, &err)
                                : postfix_override_set(&settings, name, value, &notes, &err),
              "%s = %s: %s", name, value, err.text);
}

static struct postfix_transport_settings of(const char *transport)
{
    struct postfix_transport_settings of;

    postfix_transport_settings(&of, &settings, transport);
    return of;
}

/* ---------------------------------------------------------------- the names */

static void expect_name(const char *name, const char *transport, const char *of_all)
{
    char found[POSTFIX_TRANSPORT_ROOM];
    const struct postfix_parameter *parameter = postfix_override_find(name, found);

    cr_assert_not_null(parameter, "%s", name);
    cr_expect_str_eq(found, transport);
    cr_expect_str_eq(parameter->name, of_all);
}

Test(postfix_transports, know_what_each_name_overrides)
{
    static const char *const rows[][3] = {
        {"a_destination_concurrency_limit", "a", "default_destination_concurrency_limit"},
        {"a_destination_recipient_limit", "a", "default_destination_recipient_limit"},
        {"a_initial_destination_concurrency", "a", "initial_destination_concurrency"},
        {"a_destination_rate_delay", "a", "default_destination_rate_delay"},
        {"a_transport_rate_delay", "a", "default_transport_rate_delay"},
        {"a_delivery_slot_cost", "a", "default_delivery_slot_cost"},
        {"a_delivery_slot_loan", "a", "default_delivery_slot_loan"},
        {"a_delivery_slot_discount", "a", "default_delivery_slot_discount"},
        {"a_minimum_delivery_slots", "a", "default_minimum_delivery_slots"},
        {"a_recipient_limit", "a", "default_recipient_limit"},
        {"a_extra_recipient_limit", "a", "default_extra_recipient_limit"},
        {"a_recipient_refill_limit", "a", "default_recipient_refill_limit"},
        {"a_recipient_refill_delay", "a", "default_recipient_refill_delay"},
        {"a_destination_concurrency_positive_feedback", "a",
         "default_destination_concurrency_positive_feedback"},
        {"a_destination_concurrency_negative_feedback", "a",
         "default_destination_concurrency_negative_feedback"},
        {"a_destination_concurrency_failed_cohort_limit", "a",
         "default_destination_concurrency_failed_cohort_limit"},
        {"slow-smtp_destination_rate_delay", "slow-smtp", "default_destination_rate_delay"},
        {"a_b_transport_rate_delay", "a_b", "default_transport_rate_delay"},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect_name(rows[i][0], rows[i][1], rows[i][2]);
    for (size_t i = 0; postfix_override_tails[i] != NULL; i++) {
        char name[100];
        snprintf(name, sizeof name, "x%s", postfix_override_tails[i]);
        cr_expect(postfix_parameter_known(name), "%s", name);
    }
}

Test(postfix_transports, are_not_all_that_ends_like_them)
{
    static const char *const names[] = {
        "smtpd_recipient_limit",
        "qmgr_message_recipient_limit",
        "default_destination_rate_delay",
        "local_destination_recipient_limit",
        "initial_destination_concurrency",
        "_destination_rate_delay",
        "a_destination_rate_delays",
        "{a}_destination_rate_delay",
        "a",
        "",
    };
    char transport[POSTFIX_TRANSPORT_ROOM];

    for (size_t i = 0; i < COUNT_OF(names); i++)
        cr_expect_null(postfix_override_find(names[i], transport), "%s", names[i]);
    cr_expect(postfix_parameter_known("smtpd_recipient_limit"));
}

Test(postfix_transports, have_names_of_63_letters_at_most)
{
    char name[200], transport[POSTFIX_TRANSPORT_ROOM];

    snprintf(name, sizeof name, "%063d_delivery_slot_cost", 1);
    cr_expect_not_null(postfix_override_find(name, transport));
    cr_expect_eq(strlen(transport), 63);
    snprintf(name, sizeof name, "%064d_delivery_slot_cost", 1);
    cr_expect_null(postfix_override_find(name, transport));
}

/* --------------------------------------------------------------- the values */

Test(postfix_transports, begin_with_what_is_for_all)
{
    struct postfix_transport_settings smtp = of("smtp");

    cr_expect_eq(smtp.initial_destination_concurrency, 5);
    cr_expect_eq(smtp.destination_concurrency_limit, 20);
    cr_expect_eq(smtp.destination_recipient_limit, 50);
    cr_expect_eq(smtp.positive.base, 1);
    cr_expect_not(smtp.positive.per_window);
    cr_expect_eq(smtp.negative.base, 1);
    cr_expect_eq(smtp.failed_cohort_limit, 1);
    cr_expect_eq(smtp.destination_rate_delay, 0);
    cr_expect_eq(smtp.transport_rate_delay, 0);
    cr_expect_eq(smtp.recipient_limit, 20000);
    cr_expect_eq(smtp.extra_recipient_limit, 1000);
    cr_expect_eq(smtp.recipient_refill_limit, 100);
    cr_expect_eq(smtp.recipient_refill_delay, 5);
    cr_expect_eq(smtp.delivery_slot_cost, 5);
    cr_expect_eq(smtp.delivery_slot_loan, 3);
    cr_expect_eq(smtp.delivery_slot_discount, 50);
    cr_expect_eq(smtp.minimum_delivery_slots, 3);
}

Test(postfix_transports, take_what_is_for_them_only)
{
    set("slow_destination_concurrency_limit", "7");
    set("slow_initial_destination_concurrency", "2");
    set("slow_destination_recipient_limit", "9");
    set("slow_destination_concurrency_positive_feedback", "1/4");
    set("slow_destination_concurrency_negative_feedback", "0.5/concurrency");
    set("slow_destination_concurrency_failed_cohort_limit", "10");
    set("slow_transport_rate_delay", "2m");
    set("slow_minimum_delivery_slots", "4");

    struct postfix_transport_settings slow = of("slow");
    cr_expect_eq(slow.destination_concurrency_limit, 7);
    cr_expect_eq(slow.initial_destination_concurrency, 2);
    cr_expect_eq(slow.destination_recipient_limit, 9);
    cr_expect_eq(slow.positive.base, 0.25);
    cr_expect_eq(slow.negative.base, 0.5);
    cr_expect(slow.negative.per_window);
    cr_expect_eq(slow.failed_cohort_limit, 10);
    cr_expect_eq(slow.transport_rate_delay, 120);
    cr_expect_eq(slow.minimum_delivery_slots, 4);

    struct postfix_transport_settings smtp = of("smtp"), slower = of("slower");
    cr_expect_eq(smtp.destination_concurrency_limit, 20);
    cr_expect_eq(smtp.positive.base, 1);
    cr_expect_eq(slower.destination_concurrency_limit, 20);
    cr_expect_eq(slower.transport_rate_delay, 0);
}

Test(postfix_transports, follow_the_defaults_where_they_have_nothing_of_their_own)
{
    set("default_destination_concurrency_limit", "8");
    set("default_destination_concurrency_positive_feedback", "0.5");
    set("slow_transport_rate_delay", "1");

    cr_expect_eq(of("slow").destination_concurrency_limit, 8);
    cr_expect_eq(of("slow").positive.base, 0.5);
    cr_expect_eq(of("retry").destination_concurrency_limit, 8);
}

/* local_destination_concurrency_limit and _recipient_limit have defaults of their own. */
Test(postfix_transports, of_local_deliveries_are_narrow)
{
    cr_expect_eq(of("local").destination_concurrency_limit, 2);
    cr_expect_eq(of("local").destination_recipient_limit, 1);
    cr_expect_eq(of("local").initial_destination_concurrency, 2, "lowered to the limit");
    cr_expect_eq(of("locale").destination_recipient_limit, 50);
    set("local_destination_concurrency_limit", "4");
    cr_expect_eq(of("local").destination_concurrency_limit, 4);
}

Test(postfix_transports, with_a_rate_delay_deliver_one_at_a_time)
{
    set("slow_destination_rate_delay", "1");
    set("slow_destination_concurrency_limit", "7");
    cr_expect_eq(of("slow").destination_rate_delay, 1);
    cr_expect_eq(of("slow").destination_concurrency_limit, 1);
    cr_expect_eq(of("slow").initial_destination_concurrency, 1);

    set("default_destination_rate_delay", "3s");
    cr_expect_eq(of("smtp").destination_rate_delay, 3);
    cr_expect_eq(of("smtp").destination_concurrency_limit, 1);
}

Test(postfix_transports, begin_no_wider_than_their_limit)
{
    set("smtp_destination_concurrency_limit", "3");
    cr_expect_eq(of("smtp").initial_destination_concurrency, 3);
    set("smtp_destination_concurrency_limit", "0");
    cr_expect_eq(of("smtp").initial_destination_concurrency, 5, "0: no limit");
    set("smtp_destination_concurrency_limit", "5");
    cr_expect_eq(of("smtp").initial_destination_concurrency, 5);
}

Test(postfix_transports, take_the_last_of_several_values)
{
    set("smtp_destination_recipient_limit", "3");
    set("smtp_destination_recipient_limit", "4");
    cr_expect_eq(of("smtp").destination_recipient_limit, 4);
    cr_expect_eq(settings.override_count, 1);
}

/* A bare number is seconds; feedback that makes no sense is 1. */
Test(postfix_transports, read_values_as_postfix_does)
{
    set("smtp_recipient_refill_delay", "90");
    cr_expect_eq(of("smtp").recipient_refill_delay, 90);
    cr_expect_eq(notes.count, 0);
    set("smtp_destination_concurrency_negative_feedback", "7");
    cr_expect_eq(of("smtp").negative.base, 1);
    cr_assert_eq(notes.count, 1);
    cr_expect_str_eq(notes.text[0],
                     "smtp_destination_concurrency_negative_feedback: ignoring malformed or "
                     "unreasonable feedback: 7 (1 is used; accepted: x, x/y or x/concurrency, from "
                     "0 to 1)");
}

static void expect_refused(const char *name, const char *value, const char *text)
{
    struct err err;

    cr_expect_not(postfix_override_set(&settings, name, value, &notes, &err), "%s", name);
    cr_expect_str_eq(err.text, text);
    cr_expect_eq(settings.override_count, 0);
}

Test(postfix_transports, refuse_values_by_their_own_names)
{
    expect_refused("smtp_destination_rate_delay", "1.5s",
                   "parameter smtp_destination_rate_delay: bad time value or unit: 1.5s (accepted: "
                   "a whole number and one letter of s m h d w, at least 0s; without a letter, "
                   "seconds)");
    expect_refused("smtp_initial_destination_concurrency", "0",
                   "invalid smtp_initial_destination_concurrency parameter value 0 < 1 (accepted: "
                   "a whole number, at least 1)");
    expect_refused("smtp_delivery_slot_discount", "101",
                   "invalid smtp_delivery_slot_discount parameter value 101 > 100 (accepted: a "
                   "whole number, from 0 to 100)");
}

Test(postfix_transports, that_postfix_does_not_come_with_are_noted)
{
    set("smpt_destination_rate_delay", "1s");
    set("slow_destination_rate_delay", "1s");
    cr_assert_eq(notes.count, 2);
    cr_expect_str_eq(notes.text[0], "parameter smpt_destination_rate_delay: holds for a transport "
                                    "'smpt' only (did you mean 'smtp'?)");
    cr_expect_str_eq(notes.text[1], "parameter slow_destination_rate_delay: holds for a transport "
                                    "'slow' only, which is none that Postfix comes with");
}

Test(postfix_transports, that_are_usual_or_the_default_are_not_noted)
{
    static const char *const usual[] = {"smtp",    "relay", "lmtp",  "local",
                                        "virtual", "error", "retry", "discard"};

    for (size_t i = 0; i < COUNT_OF(usual); i++) {
        char name[100];
        snprintf(name, sizeof name, "%s_destination_rate_delay", usual[i]);
        set(name, "0");
    }
    set("default_transport", "smpt:[gateway.example]");
    set("smpt_destination_rate_delay", "1s");
    cr_expect_eq(notes.count, 0);
}

Test(postfix_transports, are_as_many_as_there_is_room_for)
{
    set("default_transport", "t0");
    for (int i = 0; i <= POSTFIX_OVERRIDES_MOST; i++) {
        char name[100];
        snprintf(name, sizeof name, "t%d_delivery_slot_cost", i);
        set(name, "9");
    }
    cr_expect_eq(settings.override_count, POSTFIX_OVERRIDES_MOST);
    cr_expect_eq(of("t63").delivery_slot_cost, 9);
    cr_expect_eq(of("t64").delivery_slot_cost, 5);
    cr_expect_str_eq(notes.text[notes.count - 1],
                     "parameter t64_delivery_slot_cost: is ignored: there are 64 of its kind "
                     "already");
}

Test(postfix_transports, are_copied_with_the_settings)
{
    set("smtp_destination_recipient_limit", "3");
    struct postfix_settings copy = settings;
    struct postfix_transport_settings smtp;

    postfix_settings_init(&settings);
    postfix_transport_settings(&smtp, &copy, "smtp");
    cr_expect_eq(smtp.destination_recipient_limit, 3);
    cr_expect_eq(of("smtp").destination_recipient_limit, 50);
}
