/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bad scenarios, and what is said of them: where, what was found, what would be accepted. */
#include "io/scenario_conf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "sim/alloc.h"

#define MAIL                                                                                       \
    " traffic mail { arrivals = burst count = 1 sender = a recipients = { '@b.example' } }\n"

struct bad {
    const char *text, *message; /* behind "x.conf:" */
};

static void expect_message(const char *text, const char *message)
{
    struct scenario scenario;
    struct err err = {0};
    char want[600];

    snprintf(want, sizeof want, "x.conf:%s", message);
    if (scenario_read_text(&scenario, text, strlen(text), "x.conf", &err)) {
        cr_expect_fail("accepted, not '%s': %s", want, text);
        scenario_fini(&scenario);
        return;
    }
    cr_expect_str_eq(err.text, want, "'%s'\n  not  '%s'\n  for  %s", err.text, want, text);
    cr_expect_eq(err.status, EX_DATAERR);
}

#define EXPECT_EACH(table)                                                                         \
    do {                                                                                           \
        for (size_t i_ = 0; i_ < COUNT_OF(table); i_++)                                            \
            expect_message((table)[i_].text, (table)[i_].message);                                 \
    } while (0)

Test(scenario_conf_errors, names_the_setting_that_was_meant)
{
    static const struct bad table[] = {
        {"\n\nsitee a { }", "3: 'sitee': no such setting (did you mean 'site'?)"},
        {"xyzzy = 1", "1: 'xyzzy': no such setting ('tempfail models' lists them)"},
        {"site a {\n outage {\n fro = 1h } }",
         "3: outage: 'fro': no such setting (did you mean 'for'?)"},
        {"traffic a {\n\n fro = 1h }", "3: traffic: 'fro': no such setting (did you mean 'from'?)"},
        {"mta postfix {\n maximal_backof_time = 1h }",
         "2: mta: 'maximal_backof_time': no such setting (did you mean 'maximal_backoff_time'?)"},
        {"site a { latency {\nrctp = 1s } }",
         "2: latency: 'rctp': no such setting (did you mean 'rcpt'?)"},
        {"site a { outtage { } }", "1: site: 'outtage': no such setting (did you mean 'outage'?)"},
        {"\"{\" = 1", "1: '{': no such setting ('tempfail models' lists them)"},
        {"site a {\n\"{\" = 1 }", "2: site: '{': no such setting ('tempfail models' lists them)"},
        {"\"\" = 1", "1: this is no setting and no section"},
        {"site a {\n reply { }\n \"\" = 1 }", "3: this is no setting and no section"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, keeps_settings_to_their_own_sections)
{
    static const struct bad table[] = {
        {"mta postfix { }\nmta|scan_phase = 1s",
         "2: 'scan_phase': no such setting ('tempfail models' lists them)"},
        {"site a { }\n\"site=a|reply\" { }",
         "2: 'reply': no such setting ('tempfail models' lists them)"},
        {"\"site=a|reply\" { }", "1: 'a': no such setting ('tempfail models' lists them)"},
        {"foo|bar = 1", "1: 'foo': no such setting ('tempfail models' lists them)"},
        {"traffic a {\n arrivals = burst\n count = 3\n peak = 1h }",
         "4: traffic: peak: arrivals = burst has no such setting"},
        {"traffic a { arrivals = trace file = x\n sender = a }",
         "2: traffic: sender: arrivals = trace has no such setting"},
        {"traffic a { arrivals = trace file = x\n recipients = { '@a' } }",
         "2: traffic: recipients: arrivals = trace has no such setting"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, refuses_what_is_given_twice)
{
    static const struct bad table[] = {
        {"title = a\ntitle = b", "2: 'title' is given twice (first in line 1)"},
        {"# one\n# two\nseed = 1\n/* four */ seed = 1",
         "4: 'seed' is given twice (first in line 3)"},
        {"traffic a { arrivals = burst\n count = 3\n\n count = 3 }",
         "4: traffic: 'count' is given twice (first in line 2)"},
        {"mta postfix {\n queue_run_delay = 1h\n queue_run_delay = 1h }",
         "3: mta: 'queue_run_delay' is given twice (first in line 2)"},
        {"traffic a {\n recipients = { '@a', '@b' }\n recipients = { '@c' } }",
         "3: traffic: 'recipients' is given twice (first in line 2)"},
        {"traffic a {\n recipients = '@a'\n recipients = '@b' }",
         "3: traffic: 'recipients' is given twice (first in line 2)"},
        {"site a { latency {\n rcpt = 1s\n rcpt = 1s } }",
         "3: latency: 'rcpt' is given twice (first in line 2)"},
        {MAIL "site a {\n latency { rcpt = 1s }\n latency { mail = 1s } }",
         "4: site: 'latency' is given twice (first in line 3)"},
        {"site a { reply { } reply { from = 1h\n from = 1h } }",
         "2: reply: 'from' is given twice (first in line 1)"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, refuses_what_is_over_before_it_begins)
{
    static const struct bad table[] = {
        {"site a { reply {\n until = 1h\n from = 2h } }",
         "2: reply: until: it is over before it begins: an instant from 'from' on was expected"},
        {"traffic a { arrivals = even\n rate = 1/h\n from = 2h\n until = 1.9h }",
         "4: traffic: until: it is over before it begins: an instant from 'from' on was expected"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, refuses_sections_of_the_same_name)
{
    static const struct bad table[] = {
        {"site a {\n}\nsite b { }\nsite a { }", "4: site: 'a' is given twice (first in line 1)"},
        {"\ntraffic a { }\ntraffic a { }", "3: traffic: 'a' is given twice (first in line 2)"},
        {"mta postfix { }\nmta postfix { }", "2: mta: 'postfix' is given twice (first in line 1)"},
        {"site a { }\ntraffic a { }\nsite a { }",
         "3: 'a' is given twice: each section needs a name of its own"},
        {MAIL "site a.example { }\nsite A.Example {\n}",
         "3: site: 'a.example' is given twice: the case of its letters makes no difference"},
        {MAIL "mta postfix { }\nmta exim { }",
         "3: mta: 'exim': there is 'postfix' already, and one is enough"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, says_what_must_be_given_where_the_section_begins)
{
    static const struct bad table[] = {
        {MAIL "site a {\n outage {\n at = 1h\n }\n}",
         "3: outage: 'for' must be given: how long it lasts"},
        {MAIL "site a {\n reply { }\n random { } }",
         "4: random: 'p' must be given: the share of attempts that it refuses"},
        {"traffic a {\n\n}",
         "1: traffic: 'arrivals' must be given: poisson, burst, even, diurnal, trace"},
        {"traffic a {\n arrivals = poisson\n}",
         "1: traffic: 'rate' must be given: messages, on average"},
        {"\ntraffic a {\n arrivals = burst count = 1\n}", "2: traffic: 'sender' must be given"},
        {"traffic a {\n arrivals = burst count = 1\n sender = a }",
         "1: traffic: 'recipients' must be given"},
        {"traffic a {\n arrivals = burst count = 1\n sender = a recipients = { } }",
         "1: traffic: 'recipients' must be given"},
        {"mta postfix { }", " no traffic { } in it: nothing would happen"},
        {"", " no traffic { } in it: nothing would happen"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, wants_what_is_opened_to_be_closed)
{
    static const struct bad table[] = {
        {"title = a\nsite a {\n reply { }\n", "2: a '{' without its '}'"},
        {"site a {\n reply {\n\n", "2: a '{' without its '}'"},
        {"traffic a { recipients = {\n", "1: a '{' without its '}'"},
        {"site a { }\n}", "2: a '}' without its '{'"},
        {"\ntitle = \"a\n\n", "2: a text without its closing \""},
        {"title = 'a\\'\n\n", "1: a text without its closing '"},
        {"title = 'a\\", "1: a text without its closing '"},
        {"title = \"a\\", "1: a text without its closing \""},
        {"\n/* a\n", "2: a comment without its '*/'"},
        {"/*/", "1: a comment without its '*/'"},
        {"title = ${a", "1: a '${' without its '}'"},
        {"title = \"${a\"", "1: a '${' without its '}'"},
        {"title = ${a\n}", "1: a '${' whose '}' is not in the same line"},
        {"title", "1: the file ends within a setting"},
        {"title =\n", "2: the file ends within a setting"},
        {"site a", "1: the file ends within a setting"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, explains_the_grammar)
{
    static const struct bad table[] = {
        {"= 1", "1: '=' was not expected here: a text with blanks, commas or brackets in it needs "
                "quotes"},
        {"\ntitle = exponential(1h)", "2: '(' was not expected here: a text with blanks, commas or "
                                      "brackets in it needs quotes"},
        {"traffic a {\n recipients = { '@a' '@b' } }",
         "2: traffic: '@b' was not expected here: a text with blanks, commas or brackets in it "
         "needs quotes"},
        {"title 1", "1: 'title' should be followed by '=' and a value"},
        {"site {\n}", "1: 'site' should be followed by a name and '{'"},
        {"site a\nb", "2: 'site' should be followed by '{'"},
        {"site a {\n reply a }", "2: site: 'reply' should be followed by '{'"},
        {"title += a", "1: 'title' is no list: '=' sets it, not '+='"},
        {"title = \"\\777\"", "1: '\\777' is no byte: \\0 to \\377 was expected"},
        {"title = \"\\9\"", "1: '\\9' is no byte: \\0 to \\377 was expected"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, refuses_bad_values_in_the_line_of_the_value)
{
    static const struct bad table[] = {
        {"\nseed = -1", "2: seed: '-1' is no whole number from 0 to 18446744073709551615"},
        {"seed = 18446744073709551616",
         "1: seed: '18446744073709551616' is no whole number from 0 to 18446744073709551615"},
        {"seed = 1x", "1: seed: '1x' is no whole number from 0 to 18446744073709551615"},
        {"seed = ''", "1: seed: '' is no whole number from 0 to 18446744073709551615"},
        {"\nstart = 2026-06-31T00:00Z",
         "2: start: '2026-06-31T00:00Z' is no instant: a duration since the start or UTC like "
         "2026-06-01T00:00Z was expected"},
        {"duration = 7", "1: duration: '7' is no duration: a number and ms, s, min, h, d or w was "
                         "expected, like 90min or 1.5h"},
        {"mta postfix {\n scan_phase = soon }",
         "2: mta: scan_phase: 'soon' is no duration: a number and ms, s, min, h, d or w was "
         "expected, like 90min or 1.5h"},
        {"mta\nexim { }", "2: mta: 'exim': there is only postfix"},
        {"traffic a {\n arrivals = often\n}",
         "2: traffic: arrivals: 'often' is none of poisson, burst, even, diurnal, trace"},
        {"traffic a { arrivals = poisson\n rate = 5 }",
         "2: traffic: rate: '5' is no rate: a number, '/' and a unit was expected, like 20/min"},
        {"traffic a { arrivals = burst\n count = 0 }",
         "2: traffic: count: '0' is out of bounds: from 1 to 4e+09 was expected"},
        {MAIL "site a {\n outage {\n for = 1h\n how = slowly } }",
         "5: outage: how: 'slowly' is none of refused, timeout, dns, greeting, silent"},
        {MAIL "site a { random {\n p = 1.5 } }",
         "3: random: p: '1.5' is out of bounds: from 0 to 1 was expected"},
        {MAIL "site a { reply {\n text = 'no' } }",
         "3: reply: text: 'no' is no reply: it should begin with a code, like '450 4.2.0 busy'"},
        {MAIL "site a { latency {\n rcpt = never } }",
         "3: latency: rcpt: a stage that never ends is an outage"},
        {MAIL "site a { latency {\n rcpt = 'lognormal(1s)' } }",
         "3: latency: rcpt: lognormal(median, sigma): 1 arguments"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, refuses_bad_recipients_in_their_own_lines)
{
#define BURST "traffic a { arrivals = burst count = 1 sender = a\n"
    static const struct bad table[] = {
        {BURST "recipients = {\n'@a',\n'b' } }",
         "4: traffic: recipients: 'b' should be '@', a domain and perhaps ':' and its weight"},
        {BURST "recipients = { '@:3' } }",
         "2: traffic: recipients: '@:3' should be '@', a domain and perhaps ':' and its weight"},
        {BURST "recipients = { '@a:0',\n'@b' } }",
         "2: traffic: recipients: '@a:0': the weight should be a number above 0"},
        {BURST "recipients = { '@a:x' } }",
         "2: traffic: recipients: '@a:x': the weight should be a number above 0"},
        {BURST "recipients = { '@a' }\nrecipients_each = 0 }",
         "3: traffic: recipients_each: '0' is no whole number from 1 to 100000"},
        {BURST "recipients = { '@a' }\n\nsize_bytes = big }",
         "4: traffic: size_bytes: 'big' is no whole number from 0 to 1000000000000"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, refuses_more_failures_than_there_is_luck_for)
{
    char *text = alloc_zeroed(8192);

    strcpy(text, MAIL "\nsite a {");
    for (int i = 0; i < 250; i++)
        strcat(text, "reply { } ");
    strcat(text, "}");
    expect_message(text, "3: site: more than 249 failures");
    free(text);
}

Test(scenario_conf_errors, refuses_nul_bytes)
{
    struct scenario scenario;
    struct err err = {0};

    cr_expect_not(scenario_read_text(&scenario, "a\0b", 3, "x.conf", &err));
    cr_expect_str_eq(err.text, "x.conf: a NUL byte in it: this is no scenario");
    cr_expect_eq(err.status, EX_DATAERR);
}

Test(scenario_conf_errors, cuts_words_that_are_too_long)
{
    char *text = alloc_zeroed(5000), message[200];

    memset(text, 'x', 4000);
    memcpy(text + 4000, " = 1", 5);
    snprintf(message, sizeof message, "1: '%.60s': no such setting ('tempfail models' lists them)",
             text);
    expect_message(text, message);
    free(text);
}

Test(scenario_conf_errors, explains_what_is_wrong_with_an_operation)
{
    static const struct bad table[] = {
        {MAIL "mta postfix {\n flush { } }", "3: flush: 'at' must be given: when it is done"},
        {MAIL "mta postfix { flush {\n evry = 1h } }",
         "3: flush: 'evry': no such setting (did you mean 'every'?)"},
        {MAIL "mta postfix { flush { at = 1h\n every = 0 } }",
         "3: flush: every: '0' is out of bounds: from 0.001 to 3e+09 s was expected"},
        {MAIL "mta postfix { flush {\n at = never } }",
         "3: flush: at: 'never' is out of bounds: from 0 to 3e+09 s from the start was expected"},
        {MAIL "mta postfix { flush {\n at = 2025-12-31T23:59Z } }",
         "3: flush: at: '2025-12-31T23:59Z' is out of bounds: from 0 to 3e+09 s from the start was "
         "expected"},
        {MAIL "mta postfix { restart { at = 2h\n until = 1h } }",
         "3: restart: until: it is over before it begins: an instant from 'at' on was expected"},
        {MAIL "mta postfix { flush_site {\n at = 2h } }",
         "2: flush_site: 'site' must be given: a domain of recipients"},
        {MAIL "mta postfix { flush_site { at = 2h\n site = '' } }",
         "3: flush_site: site: '' is no domain, like gmail.example"},
        {MAIL "mta postfix { transport_down { at = 2h for = 1h } }",
         "2: transport_down: 'transport' must be given: its name, as smtp"},
        {MAIL "mta postfix { transport_down { at = 2h transport = smtp } }",
         "2: transport_down: 'for' must be given: how long it lasts"},
        {MAIL "mta postfix { expire { at = 2h message = ALL\n release = yes } }",
         "3: expire: release: 'yes' is none of false, true"},
        {MAIL "mta postfix {\n handover = -1s }",
         "3: mta: handover: '-1s' is no duration: a number and ms, s, min, h, d or w was expected, "
         "like 90min or 1.5h"},
        {MAIL "mta postfix { delete { at = 2h } }",
         "2: delete: 'message' must be given: its id, as newsletter/17, or ALL"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, refuses_messages_that_no_traffic_can_have)
{
    static const struct bad table[] = {
        {MAIL "mta postfix { hold { at = 1h\n message = all } }",
         "3: hold: message: 'all' is no message: ALL, in capitals, is all of them"},
        {MAIL "mta postfix { flush_message { at = 1h\n message = ALL } }",
         "3: flush_message: message: 'ALL' is no message: flush_message is for one, and 'flush' "
         "for all"},
        {MAIL "mta postfix { hold { at = 1h\n message = 'news/1' } }",
         "3: hold: message: 'news/1' is no message: the name of a traffic, '/' and a number, or an "
         "id of its trace, was expected"},
        {MAIL "mta postfix { hold { at = 1h\n message = '' } }",
         "3: hold: message: '' is no message: the name of a traffic, '/' and a number, or an id of "
         "its trace, was expected"},
        {MAIL "mta postfix { hold { at = 1h\n message = 'mail/x' } }",
         "3: hold: message: 'mail/x' is no message: 'mail/' and a number from 0 on was expected"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, keeps_parameters_of_transports_to_the_mta)
{
    static const struct bad table[] = {
        {"slow_destination_rate_delay = 1s",
         "1: 'slow_destination_rate_delay': no such setting ('tempfail models' lists them)"},
        {"mta postfix { slow_destination_rate_delay = 1s\n slow_destination_rate_delay = 2s }",
         "2: mta: 'slow_destination_rate_delay' is given twice (first in line 1)"},
        {"mta postfix { smtpd_recipient_limit = 1 }",
         "1: mta: 'smtpd_recipient_limit': no such setting ('tempfail models' lists them)"},
        {"mta postfix { slow_destination_rate_delay { } }",
         "1: mta: 'slow_destination_rate_delay' should be followed by '=' and a value"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, refuses_sites_without_an_address)
{
    static const struct bad table[] = {
        {MAIL "site a {\n addresses = 0 }",
         "3: site: addresses: '0' is no whole number from 1 to 1000"},
        {MAIL "site a { outage { for = 1h\n addresses = 0 } }",
         "3: outage: addresses: '0' is out of bounds: from 1 to 1000 was expected"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, refuses_classes_that_are_none)
{
    static const struct bad table[] = {
        {"class fast { }\nclass fast { }", "2: class: 'fast' is given twice (first in line 1)"},
        {"\nclass 'a b' { }" MAIL, "2: class: 'a b' should be 1 to 40 letters, digits, '-' or '_'"},
        {"class '' { }" MAIL, "1: class: '' should be 1 to 40 letters, digits, '-' or '_'"},
        {"class x23456789012345678901234567890123456789-1 { }" MAIL,
         "1: class: 'x23456789012345678901234567890123456789-1' should be 1 to 40 letters, digits, "
         "'-' or '_'"},
        {"class a {\n deadline = 15 }" MAIL, "2: class: deadline: '15' is no duration: a number "
                                             "and ms, s, min, h, d or w was expected, "
                                             "like 90min or 1.5h"},
        {"class a { deadline = 0 }" MAIL,
         "1: class: deadline: '0' is out of bounds: from 0.001 to 3e+09 s was expected"},
        {"class a {\n lost = -1000001 }" MAIL,
         "2: class: lost: '-1000001' is out of bounds: from -1e+06 to 1e+06 was expected"},
        {"class a { late = much }" MAIL, "1: class: late: 'much' is no number"},
        {"class a { dedline = 1h }" MAIL,
         "1: class: 'dedline': no such setting (did you mean 'deadline'?)"},
        {"class a { } class b { } traffic x { arrivals = burst count = 1\n class = c }",
         "2: traffic: class: 'c' is none of a, b"},
        {"class a { } traffic x { arrivals = trace file = none.csv\n class = '' }",
         "2: traffic: class: '' is none of a"},
        {"traffic x { arrivals = burst count = 1\n\n class = c }",
         "3: traffic: class: 'c': there is no class c { }"},
    };

    EXPECT_EACH(table);
}

Test(scenario_conf_errors, takes_a_class_name_of_40_letters)
{
    static const char text[] = "class x2345678901234567890123456789012345678_- { }" MAIL;
    struct scenario scenario;
    struct err err = {0};

    cr_assert(scenario_read_text(&scenario, text, strlen(text), "x.conf", &err), "%s", err.text);
    cr_expect_eq(scenario.class_names.count, 2);
    scenario_fini(&scenario);
}
