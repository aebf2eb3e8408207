/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/parameters.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What setting one parameter led to. */
struct answer {
    bool good;
    struct postfix_settings settings;
    struct notes notes;
    struct err err;
};

static void ask(struct answer *answer, const char *name, const char *value)
{
    const struct postfix_parameter *parameter = postfix_parameter_find(name);

    memset(answer, 0, sizeof *answer);
    cr_assert_not_null(parameter, "%s", name);
    postfix_settings_init(&answer->settings);
    answer->good =
        postfix_parameter_set(&answer->settings, parameter, value, &answer->notes, &answer->err);
}

static const void *field_of(const struct answer *answer, const char *name)
{
    return (const char *)&answer->settings + postfix_parameter_find(name)->offset;
}

/* Accepted, with this number of seconds or things, and so many notes. */
static void expect_long(const char *name, const char *value, long want, size_t notes)
{
    struct answer answer;

    ask(&answer, name, value);
    cr_expect(answer.good, "%s = %s: %s", name, value, answer.err.text);
    cr_expect_eq(*(const long *)field_of(&answer, name), want, "%s = %s: %ld, not %ld", name, value,
                 *(const long *)field_of(&answer, name), want);
    cr_expect_eq(answer.notes.count, notes, "%s = %s: %zu notes", name, value, answer.notes.count);
    notes_fini(&answer.notes);
}

static void expect_feedback(const char *value, double base, bool per_window, size_t notes)
{
    static const char name[] = "default_destination_concurrency_negative_feedback";
    struct answer answer;

    ask(&answer, name, value);
    const struct postfix_feedback *got = field_of(&answer, name);
    cr_expect(answer.good, "%s: %s", value, answer.err.text);
    cr_expect_eq(got->base, base, "%s: %g", value, got->base);
    cr_expect_eq(got->per_window, per_window, "%s", value);
    cr_expect_eq(answer.notes.count, notes, "%s: %zu notes", value, answer.notes.count);
    notes_fini(&answer.notes);
}

static void expect_note(const char *name, const char *value, const char *note)
{
    struct answer answer;

    ask(&answer, name, value);
    cr_expect(answer.good);
    cr_assert_eq(answer.notes.count, 1, "%s = %s", name, value);
    cr_expect_str_eq(answer.notes.text[0], note);
    notes_fini(&answer.notes);
}

static void expect_refused(const char *name, const char *value, const char *text)
{
    struct answer answer;

    ask(&answer, name, value);
    cr_expect_not(answer.good, "%s = %s", name, value);
    cr_expect_str_eq(answer.err.text, text);
    cr_expect_eq(answer.notes.count, 0);
    notes_fini(&answer.notes);
}

/* A table left short by a forgotten column must fail here, not in a run. */
Test(postfix_parameters, are_complete)
{
    for (size_t i = 0; i < postfix_parameter_count; i++) {
        const struct postfix_parameter *p = &postfix_parameters[i];

        cr_assert(p->name != NULL && p->fallback != NULL && p->summary != NULL, "row %zu", i);
        cr_expect(strlen(p->summary) > 0 && strlen(p->summary) < 100, "%s", p->name);
        cr_expect_eq(postfix_parameter_find(p->name), p, "two rows are called %s", p->name);
        cr_expect(p->max == 0 || p->min <= p->max, "%s", p->name);
    }
}

Test(postfix_parameters, have_each_a_field_of_their_own)
{
    for (size_t i = 0; i < postfix_parameter_count; i++)
        for (size_t j = 0; j < i; j++)
            cr_expect_neq(postfix_parameters[i].offset, postfix_parameters[j].offset, "%s and %s",
                          postfix_parameters[i].name, postfix_parameters[j].name);
}

/* get_def_time_unit(): the letter in the default. */
Test(postfix_parameters, take_the_unit_of_a_bare_number_from_the_default)
{
    for (size_t i = 0; i < postfix_parameter_count; i++) {
        const struct postfix_parameter *p = &postfix_parameters[i];
        size_t length = strlen(p->fallback);

        if (p->type == POSTFIX_TIME)
            cr_expect_eq(p->unit, p->fallback[length - 1], "%s", p->name);
        else
            cr_expect_eq(p->unit, 0, "%s", p->name);
    }
}

Test(postfix_parameters, have_defaults_that_are_accepted_without_a_note)
{
    for (size_t i = 0; i < postfix_parameter_count; i++) {
        struct answer answer;

        ask(&answer, postfix_parameters[i].name, postfix_parameters[i].fallback);
        cr_expect(answer.good, "%s: %s", postfix_parameters[i].name, answer.err.text);
        cr_expect_eq(answer.notes.count, 0, "%s", postfix_parameters[i].name);
    }
}

Test(postfix_settings, begin_with_the_defaults_of_postfix)
{
    struct postfix_settings settings;

    postfix_settings_init(&settings);
    cr_expect_eq(settings.queue_run_delay, 300);
    cr_expect_eq(settings.minimal_backoff_time, 300);
    cr_expect_eq(settings.maximal_backoff_time, 4000);
    cr_expect_eq(settings.maximal_queue_lifetime, 432000);
    cr_expect_eq(settings.bounce_queue_lifetime, 432000);
    cr_expect_eq(settings.delay_warning_time, 0);
    cr_expect_eq(settings.fast_flush_refresh_time, 43200);
    cr_expect_eq(settings.fast_flush_purge_time, 604800);
    cr_expect_eq(settings.default_destination_concurrency_limit, 20);
    cr_expect_eq(settings.default_destination_concurrency_positive_feedback.base, 1);
    cr_expect(settings.smtp_skip_5xx_greeting);
    cr_expect_not(settings.soft_bounce);
    cr_expect_str_eq(settings.notify_classes, "resource, software");
    cr_expect_str_eq(settings.double_bounce_sender, "double-bounce");
    cr_expect_str_eq(settings.defer_transports, "");
    cr_expect_str_eq(settings.fast_flush_domains, "", "it refers to others");
}

Test(postfix_time, has_five_units)
{
    expect_long("queue_run_delay", "90s", 90, 0);
    expect_long("queue_run_delay", "90m", 5400, 0);
    expect_long("queue_run_delay", "2h", 7200, 0);
    expect_long("queue_run_delay", "2d", 172800, 0);
    expect_long("queue_run_delay", "2w", 1209600, 0);
}

Test(postfix_time, counts_a_bare_number_in_the_unit_of_the_parameter)
{
    expect_long("queue_run_delay", "2", 2, 0);
    expect_long("delay_warning_time", "2", 7200, 0);
    expect_long("maximal_queue_lifetime", "2", 172800, 0);
    expect_long("fast_flush_refresh_time", "2", 7200, 0);
}

Test(postfix_time, may_have_a_sign_leading_blanks_and_zeros)
{
    expect_long("queue_run_delay", "+3", 3, 0);
    expect_long("queue_run_delay", " \t3m", 180, 0);
    expect_long("queue_run_delay", "010", 10, 0);
}

Test(postfix_time, stops_at_the_first_letter_and_a_note_tells)
{
    expect_long("maximal_queue_lifetime", "1h30m", 3600, 1);
    expect_long("maximal_queue_lifetime", "5days", 432000, 1);
    expect_note("maximal_queue_lifetime", "1h30m",
                "parameter maximal_queue_lifetime: Postfix reads '1h30m' as 1h and ignores the"
                " rest; 90m was probably meant");
    expect_note("maximal_queue_lifetime", "5days",
                "parameter maximal_queue_lifetime: Postfix reads '5days' as 5d; the rest is"
                " ignored");
    expect_note("queue_run_delay", "5ms",
                "parameter queue_run_delay: Postfix reads '5ms' as 5m, that is 300 seconds, and"
                " ignores the rest");
    expect_note("maximal_queue_lifetime", "1d, 12 Hours",
                "parameter maximal_queue_lifetime: Postfix reads '1d, 12 Hours' as 1d and ignores"
                " the rest; 36h was probably meant");
    expect_note("queue_run_delay", "5m 1x",
                "parameter queue_run_delay: Postfix reads '5m 1x' as 5m, that is 300 seconds, and"
                " ignores the rest");
}

Test(postfix_time, survives_a_meaning_that_is_too_large)
{
    expect_long("queue_run_delay", "1s99999999999999999999w", 1, 1);
    expect_long("queue_run_delay", "1s2147483647w2147483647w2147483647w", 1, 1);
}

Test(postfix_time, is_zero_where_only_a_letter_stands)
{
    expect_long("in_flow_delay", "s", 0, 1);
    expect_note("in_flow_delay", "h",
                "parameter in_flow_delay: Postfix reads 'h', which has no number, as 0");
}

Test(postfix_time, is_refused_in_the_words_of_postfix)
{
    expect_refused("maximal_queue_lifetime", "5D",
                   "parameter maximal_queue_lifetime: bad time value or unit: 5D (accepted: a"
                   " whole number and one letter of s m h d w, from 0s to 100d; without a letter,"
                   " days)");
    expect_refused("queue_run_delay", "1.5h",
                   "parameter queue_run_delay: bad time value or unit: 1.5h (accepted: a whole"
                   " number and one letter of s m h d w, at least 1s; without a letter, seconds)");
    expect_refused("queue_run_delay", "0s",
                   "invalid queue_run_delay: 0 (min 1) (accepted: a whole number and one letter of"
                   " s m h d w, at least 1s; without a letter, seconds)");
    expect_refused("in_flow_delay", "11",
                   "invalid in_flow_delay: 11 (max 10) (accepted: a whole number and one letter of"
                   " s m h d w, from 0s to 10s; without a letter, seconds)");
    expect_refused("delay_warning_time", "",
                   "parameter delay_warning_time: bad time value or unit:  (accepted: a whole"
                   " number and one letter of s m h d w, at least 0s; without a letter, hours)");
}

static void expect_no_time(const char *value)
{
    struct answer answer;

    ask(&answer, "smtp_connect_timeout", value);
    cr_expect_not(answer.good, "%s", value);
    cr_expect_eq(
        strncmp(answer.err.text, "parameter smtp_connect_timeout: bad time value or unit", 54), 0,
        "%s", answer.err.text);
}

Test(postfix_time, refuses_what_conv_time_refuses)
{
    static const char *const values[] = {"5 d", "-1", "-1s", "1,5h", "x", "++3", "0x10", "1y", " "};

    for (size_t i = 0; i < COUNT_OF(values); i++)
        expect_no_time(values[i]);
}

/* The product must stay below INT_MAX in units larger than a second. */
Test(postfix_time, has_the_limits_of_an_int)
{
    expect_long("queue_run_delay", "3549w", 3549L * 604800, 0);
    expect_long("queue_run_delay", "24854d", 24854L * 86400, 0);
    expect_long("queue_run_delay", "596522h", 596522L * 3600, 0);
    expect_long("queue_run_delay", "35791393m", 35791393L * 60, 0);
    expect_long("queue_run_delay", "2147483647s", 2147483647, 0);
    expect_no_time("3550w");
    expect_no_time("24855d");
    expect_no_time("596523h");
    expect_no_time("35791394m");
    expect_no_time("2147483648s");
    expect_no_time("4294967297");
    expect_no_time("99999999999999999999");
}

Test(postfix_time, is_checked_against_its_range)
{
    expect_long("queue_run_delay", "1", 1, 0);
    expect_long("maximal_queue_lifetime", "0", 0, 0);
    expect_long("maximal_queue_lifetime", "100d", 8640000, 0);
    expect_long("smtp_connect_timeout", "0", 0, 0);
    expect_long("in_flow_delay", "10", 10, 0);

    struct answer answer;
    ask(&answer, "maximal_queue_lifetime", "8640001s");
    cr_expect_not(answer.good);
    cr_expect_not_null(strstr(answer.err.text, "invalid maximal_queue_lifetime: 8640001"));
}

Test(postfix_int, must_be_a_number_to_the_last_letter)
{
    expect_long("max_use", "17", 17, 0);
    expect_long("max_use", "+17", 17, 0);
    expect_long("max_use", " 017", 17, 0);
    expect_long("max_use", "2147483647", 2147483647, 0);
    expect_refused("max_use", "5x",
                   "bad numerical configuration: max_use = 5x"
                   " (accepted: a whole number, at least 1)");
    expect_refused("max_use", "",
                   "bad numerical configuration: max_use = "
                   " (accepted: a whole number, at least 1)");
    expect_refused("max_use", "2147483648",
                   "bad numerical configuration: max_use = 2147483648"
                   " (accepted: a whole number, at least 1)");
    expect_refused("max_use", "-2147483649",
                   "bad numerical configuration: max_use = -2147483649"
                   " (accepted: a whole number, at least 1)");
    expect_refused("max_use", "99999999999999999999",
                   "bad numerical configuration: max_use = 99999999999999999999"
                   " (accepted: a whole number, at least 1)");
}

Test(postfix_int, is_checked_against_its_range)
{
    expect_long("max_use", "1", 1, 0);
    expect_long("default_delivery_slot_discount", "100", 100, 0);
    expect_long("default_delivery_slot_discount", "0", 0, 0);
    expect_refused("max_use", "0",
                   "invalid max_use parameter value 0 < 1"
                   " (accepted: a whole number, at least 1)");
    expect_refused("default_delivery_slot_discount", "101",
                   "invalid default_delivery_slot_discount parameter value 101 > 100"
                   " (accepted: a whole number, from 0 to 100)");
}

/* A bound of 0 means "not checked" in Postfix. */
Test(postfix_int, may_be_negative_where_the_bound_is_zero)
{
    expect_long("smtp_mx_address_limit", "-5", -5, 1);
    expect_note("smtp_mx_address_limit", "-5",
                "parameter smtp_mx_address_limit: Postfix takes -5, though it makes no sense"
                " below 0");
}

Test(postfix_bool, is_yes_or_no_in_any_case)
{
    struct answer answer;

    ask(&answer, "soft_bounce", "yes");
    cr_expect(answer.good && answer.settings.soft_bounce);
    ask(&answer, "soft_bounce", "YES");
    cr_expect(answer.good && answer.settings.soft_bounce);
    ask(&answer, "smtp_skip_5xx_greeting", "No");
    cr_expect(answer.good && !answer.settings.smtp_skip_5xx_greeting);
    expect_refused("soft_bounce", "true",
                   "bad boolean configuration: soft_bounce = true (accepted: yes or no)");
    expect_refused("soft_bounce", "",
                   "bad boolean configuration: soft_bounce =  (accepted: yes or no)");
}

Test(postfix_text, is_kept_as_it_is)
{
    struct answer answer;

    ask(&answer, "defer_transports", "smtp, relay");
    cr_expect(answer.good);
    cr_expect_str_eq(answer.settings.defer_transports, "smtp, relay");
    ask(&answer, "notify_classes", "");
    cr_expect(answer.good);
    cr_expect_str_eq(answer.settings.notify_classes, "");
}

Test(postfix_text, may_have_to_say_something)
{
    expect_refused("double_bounce_sender", "",
                   "bad string length 0 < 1: double_bounce_sender = "
                   " (accepted: a text that is not empty)");
}

Test(postfix_text, is_cut_between_words_where_it_is_too_long)
{
    char value[2000];
    struct answer answer;

    memset(value, 'a', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    value[1000] = ',';
    ask(&answer, "defer_transports", value);
    cr_expect(answer.good);
    cr_expect_eq(strlen(answer.settings.defer_transports), 1000);
    cr_assert_eq(answer.notes.count, 1);
    cr_expect_str_eq(answer.notes.text[0], "parameter defer_transports: only the first 1000 of"
                                           " 1999 characters are used here");
    notes_fini(&answer.notes);
}

Test(postfix_text, fills_its_room_to_the_last_byte)
{
    char value[POSTFIX_TEXT_ROOM + 1];
    struct answer answer;

    memset(value, 'a', sizeof value - 1);
    value[POSTFIX_TEXT_ROOM] = '\0';
    ask(&answer, "defer_transports", value);
    cr_expect_eq(strlen(answer.settings.defer_transports), 0, "one word, too long");
    notes_fini(&answer.notes);
    value[POSTFIX_TEXT_ROOM - 1] = '\0';
    ask(&answer, "defer_transports", value);
    cr_expect_str_eq(answer.settings.defer_transports, value);
    cr_expect_eq(answer.notes.count, 0);
}

Test(postfix_feedback, is_a_number_a_fraction_or_a_share_of_the_window)
{
    expect_feedback("1", 1, false, 0);
    expect_feedback("0", 0, false, 0);
    expect_feedback("0.25", 0.25, false, 0);
    expect_feedback("1/8", 0.125, false, 0);
    expect_feedback("3 / 4", 0.75, false, 0);
    expect_feedback("1/concurrency", 1, true, 0);
    expect_feedback("0.5 / concurrency", 0.5, true, 0);
    expect_feedback("8/16", 0.5, false, 0);
}

Test(postfix_feedback, is_one_where_it_is_malformed)
{
    static const char *const values[] = {
        "2",
        "-1",
        "x",
        "1/",
        "1/0",
        "5/2",
        "2/concurrency",
        "1/Concurrency",
        "/2",
        "1/2/3",
        "1/2x",
        "nan",
        "1/1000 1",
        "1/concurrency x",
        "-1/-2",
        "1/-2",
        "1/00000000000000000000000000000002",
        "1/99999999999",
    };

    for (size_t i = 0; i < COUNT_OF(values); i++)
        expect_feedback(values[i], 1, false, 1);
    expect_note("default_destination_concurrency_positive_feedback", "2",
                "default_destination_concurrency_positive_feedback: ignoring malformed or"
                " unreasonable feedback: 2 (1 is used; accepted: x, x/y or x/concurrency, from 0"
                " to 1)");
}

Test(postfix_feedback, ignores_what_follows_a_number_and_a_note_tells)
{
    expect_feedback("0.5abc", 0.5, false, 1);
    expect_note("default_destination_concurrency_positive_feedback", "0.5 per delivery",
                "parameter default_destination_concurrency_positive_feedback: Postfix reads"
                " '0.5 per delivery' as 0.5; the rest is ignored");
}

Test(postfix_feedback, must_not_be_empty)
{
    expect_refused("default_destination_concurrency_positive_feedback", "",
                   "bad string length 0 < 1: default_destination_concurrency_positive_feedback = "
                   " (accepted: x, x/y or x/concurrency)");
}

Test(postfix_settings, leave_a_field_alone_that_is_refused)
{
    struct answer answer;

    ask(&answer, "queue_run_delay", "0");
    cr_expect_eq(answer.settings.queue_run_delay, 300);
}

Test(postfix_clamp, lowers_the_lifetime_of_bounces)
{
    struct postfix_settings settings;
    struct notes notes = {0};

    postfix_settings_init(&settings);
    settings.maximal_queue_lifetime = 86400;
    postfix_settings_clamp(&settings, &notes);
    cr_expect_eq(settings.bounce_queue_lifetime, 86400);
    cr_assert_eq(notes.count, 1);
    cr_expect_str_eq(notes.text[0], "bounce_queue_lifetime is larger than maximal_queue_lifetime"
                                    " - adjusting bounce_queue_lifetime (from 5d to 1d)");
    notes_fini(&notes);
}

Test(postfix_clamp, raises_the_recipient_limit_to_the_message_limit)
{
    struct postfix_settings settings;
    struct notes notes = {0};

    postfix_settings_init(&settings);
    settings.qmgr_message_recipient_limit = 19999;
    postfix_settings_clamp(&settings, &notes);
    cr_expect_eq(settings.qmgr_message_recipient_limit, 20000);
    cr_assert_eq(notes.count, 1);
    cr_expect_str_eq(notes.text[0],
                     "qmgr_message_recipient_limit is smaller than qmgr_message_active_limit"
                     " - adjusting qmgr_message_recipient_limit (from 19999 to 20000)");
    notes_fini(&notes);
}

Test(postfix_clamp, leaves_equal_values_and_the_backoff_alone)
{
    struct postfix_settings settings, before;
    struct notes notes = {0};

    postfix_settings_init(&settings);
    settings.minimal_backoff_time = 9000;
    settings.queue_run_delay = 20000;
    before = settings;
    postfix_settings_clamp(&settings, &notes);
    cr_expect_eq(memcmp(&settings, &before, sizeof before), 0);
    cr_expect_eq(notes.count, 0);
}

Test(postfix_names, are_suggested_where_they_are_misspelt)
{
    cr_expect_str_eq(postfix_parameter_meant("maximal_queue_lifetme"), "maximal_queue_lifetime");
    cr_expect_str_eq(postfix_parameter_meant("minimal_backof_time"), "minimal_backoff_time");
    cr_expect_str_eq(postfix_parameter_meant("Queue_run_delay"), "queue_run_delay");
    cr_expect_null(postfix_parameter_meant("queue_run_delay"));
    cr_expect_null(postfix_parameter_meant("smtpd_banner"));
}

Test(postfix_names, are_not_suggested_for_other_names_that_postfix_has)
{
    cr_expect_null(postfix_parameter_meant("lmtp_connect_timeout"));
    cr_expect_null(postfix_parameter_meant("smtpd_starttls_timeout"));
    cr_expect_null(postfix_parameter_meant("ipc_idle"));
    cr_expect_null(postfix_parameter_meant("locals_destination_concurrency_limit"));
}

Test(postfix_names, of_overrides_are_known)
{
    cr_expect(postfix_parameter_known("queue_run_delay"));
    cr_expect(postfix_parameter_known("mydestination"));
    cr_expect(postfix_parameter_known("smtp_destination_concurrency_limit"));
    cr_expect(postfix_parameter_known("slow_initial_destination_concurrency"));
    cr_expect(postfix_parameter_known("slow_destination_concurrency_failed_cohort_limit"));
    cr_expect_not(postfix_parameter_known("_destination_concurrency_limit"));
    cr_expect_not(postfix_parameter_known("queue_run_dely"));
    cr_expect_not(postfix_parameter_known(""));
}

Test(postfix_names, have_defaults_where_the_table_needs_them)
{
    cr_expect_str_eq(postfix_default("queue_run_delay"), "300s");
    cr_expect_str_eq(postfix_default("compatibility_level"), "0");
    cr_expect_null(postfix_default("smtpd_banner"));
}
