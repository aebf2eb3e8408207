/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/io/test_main_cf_settings.c - the settings that a main.cf comes to, and what is told of them
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>
#include <sysexits.h>

#include "io/main_cf.h"
#include "models/mta/postfix/transports.h"

static struct main_cf cf;
static struct notes notes;
static struct err err;
static struct postfix_settings settings;

static bool settle(const char *text)
{
    bool good = main_cf_read(&cf, text, strlen(text), "main.cf", &notes, &err);

    cr_assert(good, "%s", err.text);
    return main_cf_settings(&cf, &settings, &notes, &err);
}

static void stop(void)
{
    main_cf_fini(&cf);
    notes_fini(&notes);
}

TestSuite(main_cf_settings, .fini = stop);

static void must_settle(const char *text, size_t note_count)
{
    cr_assert(settle(text), "%s", err.text);
    cr_assert_eq(notes.count, note_count, "%zu notes: %s", notes.count,
                 notes.count > 0 ? notes.text[0] : "");
}

Test(main_cf_settings, are_the_defaults_of_postfix_without_a_file)
{
    struct postfix_settings defaults;

    postfix_settings_init(&defaults);
    must_settle("", 0);
    cr_expect_eq(settings.queue_run_delay, 300);
    cr_expect_eq(settings.maximal_queue_lifetime, 432000);
    cr_expect_eq(settings.maximal_backoff_time, defaults.maximal_backoff_time);
    cr_expect_str_eq(settings.fast_flush_domains,
                     "localhost.localdomain, localhost.localdomain, localhost");
}

Test(main_cf_settings, take_the_unit_that_postfix_takes)
{
    must_settle("queue_run_delay = 90\nmaximal_queue_lifetime = 2\nbounce_queue_lifetime = 1\n"
                "delay_warning_time = 4\nfast_flush_refresh_time = 3\nminimal_backoff_time = 2m\n"
                "maximal_backoff_time = 1w\n",
                0);
    cr_expect_eq(settings.queue_run_delay, 90);
    cr_expect_eq(settings.maximal_queue_lifetime, 2 * 86400);
    cr_expect_eq(settings.bounce_queue_lifetime, 86400);
    cr_expect_eq(settings.delay_warning_time, 4 * 3600);
    cr_expect_eq(settings.fast_flush_refresh_time, 3 * 3600);
    cr_expect_eq(settings.minimal_backoff_time, 120);
    cr_expect_eq(settings.maximal_backoff_time, 604800);
}

Test(main_cf_settings, are_read_after_expansion)
{
    must_settle("pace = 10\nqueue_run_delay = ${pace}m\nminimal_backoff_time = $queue_run_delay\n",
                0);
    cr_expect_eq(settings.queue_run_delay, 600);
    cr_expect_eq(settings.minimal_backoff_time, 600);
}

Test(main_cf_settings, say_that_1h30m_is_one_hour)
{
    must_settle("\nqueue_run_delay = 1h30m\n", 1);
    cr_expect_eq(settings.queue_run_delay, 3600);
    cr_expect_str_eq(notes.text[0],
                     "main.cf, line 2: parameter queue_run_delay: Postfix reads '1h30m' as 1h"
                     " and ignores the rest; 90m was probably meant");
}

Test(main_cf_settings, are_clamped_as_the_queue_manager_does)
{
    must_settle("maximal_queue_lifetime = 1d\nqmgr_message_recipient_limit = 10\n", 2);
    cr_expect_eq(settings.bounce_queue_lifetime, 86400);
    cr_expect_eq(settings.qmgr_message_recipient_limit, 20000);
    cr_expect_str_eq(notes.text[0], "qmgr_message_recipient_limit is smaller than"
                                    " qmgr_message_active_limit - adjusting"
                                    " qmgr_message_recipient_limit (from 10 to 20000)");
    cr_expect_str_eq(notes.text[1], "bounce_queue_lifetime is larger than maximal_queue_lifetime"
                                    " - adjusting bounce_queue_lifetime (from 5d to 1d)");
}

Test(main_cf_settings, say_what_a_misspelt_name_may_have_been)
{
    must_settle("maximal_queue_lifetme = 1d\n", 1);
    cr_expect_str_eq(notes.text[0], "main.cf, line 1: unused parameter: maximal_queue_lifetme=1d"
                                    " (did you mean 'maximal_queue_lifetime'?)");
}

Test(main_cf_settings, leave_names_alone_that_somebody_may_use)
{
    must_settle("queue_run_dely = 5m\nqueue_run_delay = $queue_run_dely\nbiff = no\n"
                "lmtp_connect_timeout = 3s\nsmtpd_banner = x\n",
                0);
}

Test(main_cf_settings, say_which_reference_leads_nowhere)
{
    must_settle("queue_run_delay = 5m$nobody\n", 1);
    cr_expect_str_eq(notes.text[0], "main.cf, line 1: parameter queue_run_delay: undefined"
                                    " parameter: nobody");
}

/* qmgr reads minimal_backoff_time before maximal_backoff_time. */
Test(main_cf_settings, warn_of_a_reference_to_a_default_that_is_read_later)
{
    must_settle("minimal_backoff_time = ${maximal_backoff_time}\n", 1);
    cr_expect_str_eq(notes.text[0],
                     "main.cf, line 1: parameter minimal_backoff_time: $maximal_backoff_time is not"
                     " set: postconf shows its default, but a daemon that reads it later takes it"
                     " as empty here; set it, too");
    cr_expect_eq(settings.minimal_backoff_time, 4000);
}

Test(main_cf_settings, warn_of_the_last_of_several_such_references)
{
    must_settle("queue_run_delay = 5m${max_idle?}${max_use?}${minimal_backoff_time?}\n", 1);
    cr_expect_not_null(strstr(notes.text[0], " $max_idle is not set: "), "%s", notes.text[0]);
}

Test(main_cf_settings, may_refer_to_a_default_that_was_read_before)
{
    must_settle("maximal_backoff_time = $minimal_backoff_time\n", 0);
    cr_expect_eq(settings.maximal_backoff_time, 300);
}

struct fault {
    char text[80], want[240];
};

/* spec/postfix.md 1.1: Postfix's own words, the place before them, what is accepted behind. */
ParameterizedTestParameters(main_cf_settings, refuse_what_postfix_refuses)
{
    static struct fault faults[] = {
        {"queue_run_delay = 1.5h",
         "main.cf, line 1: parameter queue_run_delay: bad time value or unit: 1.5h (accepted: a"
         " whole number and one letter of s m h d w, at least 1s; without a letter, seconds)"},
        {"#\n\nqueue_run_delay = 0",
         "main.cf, line 3: invalid queue_run_delay: 0 (min 1) (accepted: a whole number and one"
         " letter of s m h d w, at least 1s; without a letter, seconds)"},
        {"maximal_queue_lifetime = 101",
         "main.cf, line 1: invalid maximal_queue_lifetime: 8726400 (max 8640000) (accepted: a whole"
         " number and one letter of s m h d w, from 0s to 100d; without a letter, days)"},
        {"delay_warning_time =",
         "main.cf, line 1: parameter delay_warning_time: bad time value or unit:  (accepted: a"
         " whole number and one letter of s m h d w, at least 0s; without a letter, hours)"},
        {"max_use = 5x",
         "main.cf, line 1: bad numerical configuration: max_use = 5x (accepted: a whole number,"
         " at least 1)"},
        {"max_use = 0",
         "main.cf, line 1: invalid max_use parameter value 0 < 1 (accepted: a whole number,"
         " at least 1)"},
        {"default_delivery_slot_discount = 101",
         "main.cf, line 1: invalid default_delivery_slot_discount parameter value 101 > 100"
         " (accepted: a whole number, from 0 to 100)"},
        {"soft_bounce = maybe", "main.cf, line 1: bad boolean configuration: soft_bounce = maybe"
                                " (accepted: yes or no)"},
        {"queue_run_delay = ${x",
         "main.cf, line 1: queue_run_delay: truncated macro reference: \"${x\""},
    };
    return cr_make_param_array(struct fault, faults, COUNT_OF(faults));
}

ParameterizedTest(struct fault *fault, main_cf_settings, refuse_what_postfix_refuses)
{
    cr_expect_not(settle(fault->text));
    cr_expect_str_eq(err.text, fault->want, "%s", err.text);
    cr_expect_eq(err.status, EX_CONFIG);
    stop();
}

Test(main_cf_settings, name_the_layer_that_a_fault_came_with)
{
    cr_assert(main_cf_set(&cf, "max_use=x", "-o", &err));
    cr_expect_not(settle(""));
    cr_expect_str_eq(err.text, "-o: bad numerical configuration: max_use = x"
                               " (accepted: a whole number, at least 1)");
}

Test(main_cf_settings, show_odd_bytes_of_a_value_as_question_marks)
{
    cr_expect_not(settle("max_use = \xe9\x01\n"));
    cr_expect_str_eq(err.text, "main.cf, line 1: bad numerical configuration: max_use = ??"
                               " (accepted: a whole number, at least 1)");
}

/* ------------------------------------------------------ of single transports */

Test(main_cf_settings, of_one_transport_are_expanded_and_read)
{
    struct postfix_transport_settings relay;

    must_settle("mine = 3\nrelay_destination_concurrency_limit = $mine\n"
                "relay_destination_rate_delay = ${mine}m\n",
                0);
    postfix_transport_settings(&relay, &settings, "relay");
    cr_expect_eq(settings.override_count, 2);
    cr_expect_eq(relay.destination_rate_delay, 180);
    cr_expect_eq(relay.destination_concurrency_limit, 1, "because of the delay");
}

Test(main_cf_settings, of_one_transport_are_refused_where_they_stand)
{
    cr_expect_not(settle("\nrelay_destination_rate_delay = 1.5h\n"));
    cr_expect_str_eq(err.text,
                     "main.cf, line 2: parameter relay_destination_rate_delay: bad time value or "
                     "unit: 1.5h (accepted: a whole number and one letter of s m h d w, at least "
                     "0s; without a letter, seconds)");
    cr_expect_eq(err.status, EX_CONFIG);
}

Test(main_cf_settings, of_a_transport_that_may_be_misspelt_are_noted)
{
    must_settle("smpt_destination_rate_delay = 1s\n", 1);
    cr_expect_str_eq(notes.text[0], "main.cf, line 1: parameter smpt_destination_rate_delay: holds "
                                    "for a transport 'smpt' only (did you mean 'smtp'?)");
}

Test(main_cf_settings, of_the_smtp_server_are_none_of_a_transport)
{
    must_settle("smtpd_recipient_limit = 1x\n", 0);
    cr_expect_eq(settings.override_count, 0);
}

Test(main_cf_settings, know_where_mail_goes)
{
    must_settle("relayhost = [$mine]:587\nmine = Relay.example\ndefault_transport = relay\n", 0);
    cr_expect_str_eq(settings.relayhost, "[Relay.example]:587");
    cr_expect_str_eq(settings.default_transport, "relay");
}

Test(main_cf_settings, send_mail_to_its_own_domain_by_smtp_without_a_file)
{
    must_settle("", 0);
    cr_expect_str_eq(settings.relayhost, "");
    cr_expect_str_eq(settings.default_transport, "smtp");
}
