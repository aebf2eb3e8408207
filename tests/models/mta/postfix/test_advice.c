/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which settings are told of, at each rule's edges, and with which figures: worked by hand from
 * Postfix's rules. What the scans make of a backoff is held against timetables.
 */
#include "models/mta/postfix/advice.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#include "models/mta/postfix/timetable.h"
#include "tests/models/random_world.h"

/* Postfix's defaults, but for "NAME=VALUE NAME=VALUE". */
static struct postfix_settings with(const char *assignments)
{
    struct postfix_settings settings;
    struct err err;
    char copy[256], *rest = copy;

    postfix_settings_init(&settings);
    snprintf(copy, sizeof copy, "%s", assignments);
    for (char *name; (name = strtok_r(rest, " ", &rest)) != NULL;) {
        char *value = strchr(name, '=');
        *value++ = '\0';
        const struct postfix_parameter *parameter = postfix_parameter_find(name);
        cr_assert(parameter != NULL, "%s", name);
        cr_assert(postfix_parameter_set(&settings, parameter, value, NULL, &err), "%s", err.text);
    }
    postfix_settings_clamp(&settings, NULL);
    return settings;
}

static const struct advice_rule *rule_of(const char *name)
{
    for (const struct advice_rule *rule = advice_rules; rule->name != NULL; rule++) {
        if (strcmp(rule->name, name) == 0)
            return rule;
    }
    cr_assert_fail("no rule is called %s", name);
    return NULL;
}

/* Of all transports, where it is one's affair. */
static bool holds(const char *rule, const struct postfix_settings *settings, char *text)
{
    struct advice advice = {0};
    bool said = advice_on(rule_of(rule), settings, "", &advice);

    memcpy(text, advice.text, ADVICE_ROOM);
    return said;
}

struct row {
    char assignments[160], rule[40];
    char said[200]; /* a part of the sentence; "": nothing is said */
};

ParameterizedTestParameters(advice, tells_what_will_happen)
{
    static struct row rows[] = {
        /* 300 s scans: 299 to 598; 4000 waits for 4200, 901 for 900, 902 for 1200 */
        {"", "grid", "the first retry comes after 299 to 598 s"},
        {"", "grid", "older than 4000s is retried every 4200 s"},
        {"", "grid", "a young message whose attempt takes 2 s or more waits for one scan more"},
        {"minimal_backoff_time=301", "grid", "attempt takes 1 s or more waits"},
        {"minimal_backoff_time=600", "grid", "minimal_backoff_time = 10m is a whole number"},
        {"maximal_backoff_time=901", "grid", "older than 901s is retried every 900 s"},
        {"maximal_backoff_time=902", "grid", "older than 902s is retried every 1200 s"},
        {"minimal_backoff_time=1 maximal_backoff_time=1", "grid",
         "older than 1s is retried every 300 s"},
        {"minimal_backoff_time=5000", "grid", "older than 5000s is retried every 5100 s"},

        /* failed at S + 2 it is put off until S + 3602, and the scan at S + 3600 is too early */
        {"maximal_backoff_time=1h", "cap_on_grid",
         "takes 2 s or more the next comes not after 3600 but 3900 s"},
        {"maximal_backoff_time=3601", "cap_on_grid", "takes 1 s or more"},
        {"maximal_backoff_time=3602", "cap_on_grid", ""},
        {"maximal_backoff_time=3599", "cap_on_grid", ""},
        {"maximal_backoff_time=300", "cap_on_grid", ""},
        {"maximal_backoff_time=200 queue_run_delay=400", "cap_on_grid", ""},

        /* the floor wins: mtime 5000, and scans at 4800 and 5100 */
        {"minimal_backoff_time=5000", "floor_above_cap",
         "minimal_backoff_time = 5000s is above maximal_backoff_time = 4000s"},
        {"minimal_backoff_time=5000", "floor_above_cap", "every retry comes 5100 s after the last"},
        {"minimal_backoff_time=4001", "floor_above_cap", "= 4001s"},
        {"minimal_backoff_time=4000", "floor_above_cap", ""},
        {"", "floor_above_cap", ""},

        {"minimal_backoff_time=299", "scan_above_floor", "after 298 to 597 s"},
        {"queue_run_delay=1000", "scan_above_floor", "is below queue_run_delay = 1000s"},
        {"minimal_backoff_time=1", "scan_above_floor", "after 1 to 300 s"},
        {"", "scan_above_floor", ""},

        /* 5 d in steps of 900 are 480 */
        {"maximal_backoff_time=900", "many_attempts", ""},
        {"maximal_backoff_time=600", "many_attempts", "about 720 times"},
        {"", "many_attempts", ""},

        {"maximal_queue_lifetime=0", "tried_once", "tried once"},
        {"maximal_queue_lifetime=1s", "tried_once", ""},
        {"maximal_queue_lifetime=0", "short_lifetime", ""},
        {"maximal_queue_lifetime=299s", "short_lifetime", "after 299 to 598 s and is the last"},
        {"maximal_queue_lifetime=300s", "short_lifetime", "and may be the last"},
        {"maximal_queue_lifetime=598s", "short_lifetime", "and may be the last"},
        {"maximal_queue_lifetime=599s", "short_lifetime", ""},

        /* scans at 299, 599, 1199, 2399, 4799; at 300+X, 900+X, 2100+X, 4500+X for X to 298 */
        {"maximal_queue_lifetime=1h", "late_bounce", "at an age of 4502 to 4801 s"},
        {"maximal_queue_lifetime=4000s", "late_bounce", "not above maximal_backoff_time = 4000s"},
        {"maximal_queue_lifetime=4001s", "late_bounce", ""},
        {"maximal_queue_lifetime=598s", "late_bounce", ""},
        {"", "late_bounce", ""},

        {"maximal_queue_lifetime=7d", "long_lifetime", ""},
        {"maximal_queue_lifetime=604801s", "long_lifetime", "a number without a unit counts days"},
        {"maximal_queue_lifetime=60", "long_lifetime", "maximal_queue_lifetime = 60d"},

        {"bounce_queue_lifetime=0", "bounces_tried_once", "nobody is told"},
        {"bounce_queue_lifetime=1s", "bounces_tried_once", ""},
        {"maximal_queue_lifetime=0", "bounces_tried_once", ""},
        {"bounce_queue_lifetime=299s", "short_bounce_lifetime", "299 to 598 s, is the last"},
        {"bounce_queue_lifetime=598s", "short_bounce_lifetime", "299 to 598 s, may be the last"},
        {"bounce_queue_lifetime=599s", "short_bounce_lifetime", ""},
        {"bounce_queue_lifetime=0", "short_bounce_lifetime", ""},
        {"maximal_queue_lifetime=500s", "short_bounce_lifetime", ""},

        {"delay_warning_time=4", "warns_never", ""},
        {"", "warns_never", ""},
        {"delay_warning_time=120", "warns_never",
         "delay_warning_time = 5d is not below maximal_queue_lifetime = 5d"},
        {"delay_warning_time=431999s", "warns_never", ""},
        {"delay_warning_time=1h maximal_queue_lifetime=0", "warns_never", "never warned"},

        /* the last that is too early may be at 427798 less 1, and the next 4200 later */
        {"delay_warning_time=427801s", "warns_by_chance", ""},
        {"delay_warning_time=427802s", "warns_by_chance", "may be as late as 432000 s"},
        {"delay_warning_time=5d", "warns_by_chance", ""},
        {"delay_warning_time=300s maximal_queue_lifetime=599s", "warns_by_chance", ""},
        {"delay_warning_time=300s maximal_queue_lifetime=598s", "warns_by_chance", "598 s"},
        {"delay_warning_time=301s maximal_queue_lifetime=599s", "warns_by_chance", "599 s"},
        {"", "warns_by_chance", ""},

        {"delay_warning_time=2s", "warns_at_first_retry", "after 299 to 598 s, at the earliest"},
        {"delay_warning_time=1s", "warns_at_first_retry", ""},
        {"delay_warning_time=598s", "warns_at_first_retry", "delay_warning_time = 598s"},
        {"delay_warning_time=599s", "warns_at_first_retry", ""},
        {"delay_warning_time=300s maximal_queue_lifetime=598s", "warns_at_first_retry", ""},

        {"confirm_delay_cleared=yes", "clears_nothing", "does nothing"},
        {"confirm_delay_cleared=yes delay_warning_time=4h", "clears_nothing", ""},
        {"", "clears_nothing", ""},

        {"default_destination_rate_delay=1s", "paced_and_killed",
         "so one failed connection defers"},
        {"default_destination_rate_delay=1s default_destination_concurrency_failed_cohort_limit=9",
         "paced_and_killed", "recommends 10 or more"},
        {"default_destination_rate_delay=1s default_destination_concurrency_failed_cohort_limit=10",
         "paced_and_killed", ""},
        {"default_destination_rate_delay=1s default_destination_concurrency_failed_cohort_limit=0",
         "paced_and_killed", ""},
        {"", "paced_and_killed", ""},
        {"default_destination_rate_delay=60s", "paced", "at most 60 an hour"},
        {"default_destination_rate_delay=7s", "paced", "at most 515 an hour"},
        {"default_destination_rate_delay=2h", "paced", "at most 1 an hour"},
        {"", "paced", ""},
        {"default_transport_rate_delay=30s", "transport_paced", "at most 120 an hour"},
        {"", "transport_paced", ""},

        {"initial_destination_concurrency=1", "one_failure_kills",
         "for minimal_backoff_time = 5m; by default it takes three"},
        {"default_destination_concurrency_limit=1", "one_failure_kills",
         "default_destination_concurrency_limit = 1:"},
        {"initial_destination_concurrency=1 default_destination_concurrency_limit=0",
         "one_failure_kills", "initial_destination_concurrency = 1,"},
        {"initial_destination_concurrency=2", "one_failure_kills", ""},
        {"default_destination_concurrency_limit=0", "one_failure_kills", ""},
        {"default_destination_concurrency_limit=2", "one_failure_kills", ""},
        {"initial_destination_concurrency=1 default_destination_rate_delay=1s", "one_failure_kills",
         ""},
        {"initial_destination_concurrency=1 default_destination_concurrency_failed_cohort_limit=2",
         "one_failure_kills", ""},

        {"default_destination_concurrency_failed_cohort_limit=0", "nothing_is_dead",
         "smtp_connect_timeout = 30s"},
        {"default_destination_concurrency_failed_cohort_limit=-1", "nothing_is_dead", "= -1"},
        {"", "nothing_is_dead", ""},
        {"default_destination_recipient_limit=1", "recipients_apart", "a destination of its own"},
        {"default_destination_recipient_limit=2", "recipients_apart", ""},
        {"default_destination_recipient_limit=0", "recipients_apart", ""},

        {"qmgr_message_active_limit=99", "few_active", "default_process_limit = 100"},
        {"qmgr_message_active_limit=100", "few_active", ""},
        {"soft_bounce=yes", "soft_bounces", "after maximal_queue_lifetime = 5d"},
        {"", "soft_bounces", ""},
        {"defer_transports=smtp", "transports_deferred", "defer_transports = smtp:"},
        {"", "transports_deferred", ""},
        {"transport_retry_time=5m", "retries_transports", "transport_retry_time = 5m"},
        {"transport_retry_time=60", "retries_transports", ""},
    };
    return cr_make_param_array(struct row, rows, sizeof rows / sizeof rows[0]);
}

ParameterizedTest(struct row *row, advice, tells_what_will_happen)
{
    struct postfix_settings settings = with(row->assignments);
    char text[ADVICE_ROOM] = "";
    bool said = holds(row->rule, &settings, text);

    cr_expect_eq(said, row->said[0] != '\0', "%s with %s: %s", row->rule, row->assignments, text);
    cr_expect(strstr(text, row->said) != NULL, "'%s' is not in: %s", row->said, text);
}

Test(advice, the_defaults_have_one_note_and_no_warning)
{
    struct postfix_settings settings = with("");
    char text[ADVICE_ROOM];

    for (const struct advice_rule *rule = advice_rules; rule->name != NULL; rule++)
        cr_expect_eq(holds(rule->name, &settings, text), strcmp(rule->name, "grid") == 0, "%s: %s",
                     rule->name, text);
}

Test(advice, where_slow_attempts_have_time_nothing_is_said_of_them)
{
    char text[ADVICE_ROOM];

    for (size_t i = 0; i < 2; i++) {
        struct postfix_settings settings =
            with(i == 0 ? "minimal_backoff_time=302" : "minimal_backoff_time=299");
        cr_assert(holds("grid", &settings, text));
        cr_expect(strstr(text, "whole number") == NULL, "%s", text);
    }
}

Test(advice, every_rule_is_complete)
{
    for (const struct advice_rule *rule = advice_rules; rule->name != NULL; rule++) {
        cr_expect(rule_of(rule->name) == rule, "two rules are called %s", rule->name);
        cr_expect((rule->holds != NULL) != (rule->holds_for != NULL), "%s", rule->name);
        cr_expect_eq(rule->holds != NULL, rule->parameter != NULL, "%s", rule->name);
        cr_expect_eq(rule->holds_for != NULL, rule->tails[0] != NULL, "%s", rule->name);
        if (rule->parameter != NULL)
            cr_expect(postfix_parameter_find(rule->parameter) != NULL, "%s", rule->parameter);
    }
}

/* The longest that can be said fits: it ends with what the sentence ends with. */
Test(advice, a_sentence_is_whole_however_long_the_figures)
{
    struct postfix_settings settings = with("maximal_queue_lifetime=8639999s");
    char text[ADVICE_ROOM];

    memset(settings.defer_transports, 'x', POSTFIX_TEXT_ROOM - 1);
    cr_assert(holds("transports_deferred", &settings, text));
    cr_expect(strstr(text, "8639999s") != NULL, "%s", text);

    settings.queue_run_delay = settings.minimal_backoff_time = 2147483647;
    cr_assert(holds("grid", &settings, text));
    cr_expect(strstr(text, "waits for one scan more") != NULL, "%s", text);
}

/* ------------------------------------------------- against timetables */

Test(advice, the_first_retry_is_where_the_timetables_have_it)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct postfix_settings settings = random_settings(seed);
        struct advice_range first = advice_first_retry(&settings);
        struct timetable_range range;

        settings.maximal_queue_lifetime = 1;
        timetable_over_phases(&range, &(struct timetable_plan){.settings = &settings});
        cr_expect_eq(range.attempts[1].low, first.low * SIM_SECOND, "seed %d", (int)seed);
        cr_expect_eq(range.attempts[1].high, first.high * SIM_SECOND, "seed %d", (int)seed);
        timetable_range_fini(&range);
    }
}

Test(advice, an_old_message_is_retried_as_often_as_the_timetable_has_it)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct postfix_settings settings = random_settings(seed);
        struct timetable timetable = {0};
        long backoff = (long)postfix_backoff(&settings, 1000000);

        settings.maximal_queue_lifetime = 3 * (backoff + settings.queue_run_delay);
        timetable_make(&timetable, &(struct timetable_plan){
                                       .settings = &settings,
                                       .scans = scan_clock_at(0, settings.queue_run_delay),
                                   });
        sim_time last = timetable.rows[timetable.count - 1].start,
                 before = timetable.rows[timetable.count - 2].start;
        cr_expect_eq(last - before, advice_interval(&settings, backoff) * SIM_SECOND, "seed %d",
                     (int)seed);
        timetable_fini(&timetable);
    }
}

/* The longest that is told of takes the next scan but one: the one before it does not. */
Test(advice, an_attempt_as_long_as_told_comes_a_scan_later)
{
    for (long floor = 300; floor <= 301; floor++) {
        struct postfix_settings settings = with("");
        char text[ADVICE_ROOM], want[40];
        long gaps[2];

        settings.minimal_backoff_time = floor;
        for (long more = 0; more < 2; more++) {
            struct timetable timetable = {0};
            timetable_make(&timetable, &(struct timetable_plan){.settings = &settings,
                                                                .scans = scan_clock_at(0, 300),
                                                                .attempt_time = (301 - floor + more)
                                                                                * SIM_SECOND});
            gaps[more] = (long)sim_second(timetable.rows[1].start);
            timetable_fini(&timetable);
        }
        cr_expect_eq(gaps[0], 300);
        cr_expect_eq(gaps[1], 600);
        snprintf(want, sizeof want, "takes %ld s or more", 302 - floor);
        cr_expect(holds("grid", &settings, text) && strstr(text, want) != NULL, "%s", text);
    }
}

static bool warned_in_all_phases(const struct postfix_settings *settings)
{
    struct timetable timetable = {0};
    bool warned = true;

    for (long phase = 0; phase < settings->queue_run_delay; phase++) {
        timetable_make(&timetable,
                       &(struct timetable_plan){
                           .settings = settings,
                           .scans = scan_clock_at(phase * SIM_SECOND, settings->queue_run_delay),
                       });
        warned = warned && timetable.warned != SIM_NEVER;
    }
    timetable_fini(&timetable);
    return warned;
}

/* Where nothing is said of a warning that may not come, it comes. */
Test(advice, a_delay_warning_that_may_fail_to_come_is_told_of)
{
    size_t missed = 0;

    for (uint64_t seed = 0; seed < 200; seed++) {
        struct postfix_settings settings = random_settings(seed);
        char text[ADVICE_ROOM];

        if (settings.delay_warning_time == 0 || warned_in_all_phases(&settings))
            continue;
        missed++;
        cr_expect(holds("warns_by_chance", &settings, text)
                      || holds("warns_never", &settings, text),
                  "seed %d", (int)seed);
    }
    cr_expect_gt(missed, 5);
}
