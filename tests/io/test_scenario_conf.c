/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written in a scenario, and what it means; what is refused: test_scenario_conf_errors.c.
 */
#include "io/scenario_conf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "sim/alloc.h"

#define HOUR (3600 * SIM_SECOND)
#define MAIL                                                                                       \
    "traffic mail { arrivals = burst count = 1 sender = a recipients = { '@b.example' } }\n"

static struct scenario scenario;

static void read_it(const char *text)
{
    struct err err = {0};

    cr_assert(scenario_read_text(&scenario, text, strlen(text), "some/where.conf", &err), "%s",
              err.text);
}

static void forget_it(void)
{
    scenario_fini(&scenario);
}

TestSuite(scenario_conf, .fini = forget_it);

/* A setting of the n-th failure of the first site, or of the first traffic, by its table. */
static const void *field(const struct setting *table, const void *object, const char *name)
{
    const struct setting *setting = setting_find(table, name);

    cr_assert_not_null(setting, "no setting %s", name);
    return (const char *)object + setting->offset;
}

static const void *failure_field(size_t n, const char *kind, const char *name)
{
    const struct failure_spec *failure = &scenario.sites[0].failures[n];

    cr_assert_str_eq(failure->ops->name, kind);
    return field(failure->ops->settings, failure->settings, name);
}

static const void *traffic_field(const char *name)
{
    return field(scenario.traffics[0].ops->settings, scenario.traffics[0].settings, name);
}

#define AS(type, pointer) (*(const type *)(pointer))

static void expect_text(const void *reply, const char *text)
{
    cr_expect_str_eq(AS(struct reply, reply).text, text);
}

/* ------------------------------------------------------------- the file */

Test(scenario_conf, has_defaults_for_all_but_the_traffic)
{
    read_it(MAIL);
    cr_expect_null(scenario.title);
    cr_expect_eq(scenario.start, 1767225600 * SIM_SECOND, "2026-01-01T00:00Z");
    cr_expect_eq(scenario.duration, SIM_NEVER);
    cr_expect_eq(scenario.seed, 1);
    cr_expect_eq(scenario.scan_phase, SIM_NEVER);
    cr_expect_null(scenario.mta);
    cr_expect_null(scenario.main_cf);
    cr_expect_eq(scenario.site_count, 0);
    cr_expect_eq(scenario.traffic_count, 1);
}

Test(scenario_conf, reads_what_stands_at_the_top)
{
    read_it("title = \"every word once\" start = 2026-06-01T00:00Z duration = 7d seed = 42 " MAIL);
    cr_expect_str_eq(scenario.title, "every word once");
    cr_expect_eq(scenario.start, 1780272000 * SIM_SECOND);
    cr_expect_eq(scenario.duration, 7 * 24 * HOUR);
    cr_expect_eq(scenario.seed, 42);
}

Test(scenario_conf, takes_any_seed_of_64_bits)
{
    read_it("seed = 18446744073709551615 " MAIL);
    cr_expect_eq(scenario.seed, UINT64_MAX);
    scenario_fini(&scenario);
    read_it("seed = 0 " MAIL);
    cr_expect_eq(scenario.seed, 0);
}

Test(scenario_conf, passes_over_comments)
{
    read_it("# one { \" '\n"
            "title = a#b } \n"
            "// two { \" '\n"
            "/* three\n { \" ' */ duration = 1h // four\n" MAIL "/**/ seed = 3#");
    cr_expect_str_eq(scenario.title, "a");
    cr_expect_eq(scenario.duration, HOUR);
    cr_expect_eq(scenario.seed, 3);
}

Test(scenario_conf, finds_no_comments_in_texts_and_paths)
{
    read_it("title = '# // /* \" {' mta postfix { main_cf = a//b } " MAIL);
    cr_expect_str_eq(scenario.title, "# // /* \" {");
    cr_expect_str_eq(scenario.main_cf, "some/a//b");
    scenario_fini(&scenario);
    read_it("title = \"# // /* \\\" ' {\" " MAIL);
    cr_expect_str_eq(scenario.title, "# // /* \" ' {");
}

Test(scenario_conf, takes_the_environment_in_double_quotes_and_bare_but_not_in_single_ones)
{
    setenv("TEMPFAIL_TEST", "7d } \" #", 1);
    read_it("title = \"<${TEMPFAIL_TEST}>\" " MAIL);
    cr_expect_str_eq(scenario.title, "<7d } \" #>");
    scenario_fini(&scenario);
    read_it("title = '<${TEMPFAIL_TEST}>' " MAIL);
    cr_expect_str_eq(scenario.title, "<${TEMPFAIL_TEST}>");
    scenario_fini(&scenario);
    read_it("title = '<${' " MAIL);
    cr_expect_str_eq(scenario.title, "<${");
    scenario_fini(&scenario);
    read_it("title = ${TEMPFAIL_TEST} " MAIL);
    cr_expect_str_eq(scenario.title, "7d } \" #");
    scenario_fini(&scenario);
    read_it("title = \"${TEMPFAIL_\"NONE:-b} $\" " MAIL);
    cr_expect_str_eq(scenario.title, "b $");
}

Test(scenario_conf, reads_one_scenario_after_another_after_a_bad_one)
{
    static const char *const bad[] = {"title = \"a", "title = 'a", "/* a", "site a { outage {"};
    struct err err;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        cr_expect_not(scenario_read_text(&scenario, bad[i], strlen(bad[i]), "x", &err));
    read_it("title = b " MAIL);
    cr_expect_str_eq(scenario.title, "b");
}

/* -------------------------------------------------------------------- mta */

Test(scenario_conf, keeps_postfix_parameters_as_written_with_their_lines)
{
    read_it("mta postfix {\n"
            "    maximal_queue_lifetime = 1d\n"
            "    minimal_backoff_time = '${queue_run_delay}'\n"
            "} " MAIL);
    cr_expect_str_eq(scenario.mta, "postfix");
    cr_assert_eq(scenario.assignment_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct assignment *a = &scenario.assignments[i];
        bool lifetime = strcmp(a->name, "maximal_queue_lifetime") == 0;
        cr_expect_str_eq(a->value, lifetime ? "1d" : "${queue_run_delay}");
        cr_expect_eq(a->line, lifetime ? 2 : 3);
    }
}

Test(scenario_conf, looks_for_files_beside_the_scenario)
{
    read_it("mta postfix { main_cf = 'main.cf' scan_phase = 150s } " MAIL);
    cr_expect_str_eq(scenario.main_cf, "some/main.cf");
    cr_expect_eq(scenario.scan_phase, 150 * SIM_SECOND);
    scenario_fini(&scenario);
    read_it("mta postfix { main_cf = '/else/main.cf' } " MAIL);
    cr_expect_str_eq(scenario.main_cf, "/else/main.cf");
}

/* ---------------------------------------------------------------- traffic */

static const char *domain_of(const struct destination *destination)
{
    return names_text(&scenario.domains, destination->domain);
}

Test(scenario_conf, reads_who_made_up_mail_is_from_and_to)
{
    read_it("traffic newsletter { arrivals = poisson rate = 20/min from = 1h until = 2h\n"
            "sender = 'news@Example.ORG' recipients = { '@Gmail.example:4', '@small.example' }\n"
            "size_bytes = 5000 recipients_each = 3 }");
    const struct traffic_spec *traffic = &scenario.traffics[0];

    cr_expect_str_eq(traffic->name, "newsletter");
    cr_expect_str_eq(traffic->ops->name, "poisson");
    cr_expect_float_eq(AS(double, traffic_field("rate")), 20 / 60.0, 1e-12);
    cr_expect_eq(AS(sim_time, traffic_field("from")), HOUR);
    cr_expect_eq(AS(sim_time, traffic_field("until")), 2 * HOUR);
    cr_expect_str_eq(names_text(&scenario.names, traffic->sender), "news@Example.ORG");
    cr_expect_str_eq(names_text(&scenario.domains, scenario.domain_of[traffic->sender]),
                     "example.org");
    cr_assert_eq(traffic->destination_count, 2);
    cr_expect_str_eq(domain_of(&traffic->destinations[0]), "gmail.example");
    cr_expect_eq(traffic->destinations[0].weight, 4);
    cr_expect_str_eq(domain_of(&traffic->destinations[1]), "small.example");
    cr_expect_eq(traffic->destinations[1].weight, 1);
    cr_expect_eq(traffic->weight_sum, 5);
    cr_expect_eq(traffic->size_bytes, 5000);
    cr_expect_eq(traffic->recipients_each, 3);
}

Test(scenario_conf, takes_an_empty_sender_for_the_null_sender)
{
    read_it("traffic a { arrivals = burst count = 1 sender = \"\" recipients = '@b' }");
    cr_expect_eq(scenario.traffics[0].sender, 0);
    cr_expect_eq(scenario.traffics[0].size_bytes, 10000);
    cr_expect_eq(scenario.traffics[0].recipients_each, 1);
}

Test(scenario_conf, adds_to_a_list_of_recipients)
{
    read_it("traffic a { arrivals = burst count = 1 sender = a recipients = { '@b', '@c' }\n"
            "recipients += { '@d' } }");
    cr_expect_eq(scenario.traffics[0].destination_count, 3);
}

Test(scenario_conf, knows_each_kind_of_traffic)
{
    static const char *const settings[] = {"rate = 1/h", "count = 5 at = 1h within = 2min",
                                           "rate = 2.5/d", "rate = 1/h peak = 13h swing = 0.5"};

    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "traffic a { arrivals = %s %s sender = a recipients = { '@b' } }",
                 traffics[i]->name, settings[i]);
        read_it(text);
        cr_expect_eq(scenario.traffics[0].ops, traffics[i]);
        scenario_fini(&scenario);
    }
}

Test(scenario_conf, counts_instants_from_the_start)
{
    read_it("traffic a { arrivals = burst count = 1 at = 2026-06-01T01:30Z sender = a\n"
            "recipients = { '@b' } } start = 2026-06-01T00:00Z");
    cr_expect_eq(AS(sim_time, traffic_field("at")), HOUR + HOUR / 2);
}

/* ------------------------------------------------------------------- site */

Test(scenario_conf, reads_the_latency_of_each_stage)
{
    read_it("site x { latency { connect = 20ms data = \"lognormal(200ms, 0.5)\" } } " MAIL);
    const struct site_spec *site = &scenario.sites[0];

    cr_expect_eq(site->latency[STAGE_CONNECT].kind, DIST_CONSTANT);
    cr_expect_eq(site->latency[STAGE_CONNECT].a, 20000);
    cr_expect_eq(site->latency[STAGE_DATA].kind, DIST_LOGNORMAL);
    cr_expect_eq(site->latency[STAGE_DATA].a, 200000);
    cr_expect_eq(site->latency[STAGE_DATA].b, 0.5);
    cr_expect_eq(site->latency[STAGE_RCPT].kind, DIST_CONSTANT);
    cr_expect_eq(site->latency[STAGE_RCPT].a, 0);
}

Test(scenario_conf, takes_a_latency_that_is_never_over_now_and_then)
{
    read_it("site x { latency { rcpt = \"mixture(1: never, 9: 1s)\" } } " MAIL);
    cr_expect_eq(scenario.sites[0].latency[STAGE_RCPT].kind, DIST_MIXTURE);
}

Test(scenario_conf, reads_each_kind_of_failure)
{
    read_it("site \"Gmail.example\" {\n"
            "outage { at = 2h for = 6h how = greeting text = \"421 4.3.2 Down\" }\n"
            "greylist { delay = 200s }\n"
            "random { p = 0.02 text = \"451 4.7.1 try later\" }\n"
            "quota { limit = 100 per = 2h text = \"452 4.5.3 too many\" }\n"
            "reply { from = 1h until = 3h stage = data text = \"450 4.2.0 busy\" } } " MAIL);
    cr_expect_str_eq(scenario.sites[0].name, "gmail.example");
    cr_assert_eq(scenario.sites[0].failure_count, 5);
    cr_expect_eq(AS(sim_time, failure_field(0, "outage", "at")), 2 * HOUR);
    cr_expect_eq(AS(struct dist, failure_field(0, "outage", "for")).a, 6.0 * (double)HOUR);
    cr_expect_eq(AS(int, failure_field(0, "outage", "how")), 3);
    expect_text(failure_field(0, "outage", "text"), "421 4.3.2 Down");
    cr_expect_eq(AS(struct dist, failure_field(1, "greylist", "delay")).a,
                 200.0 * (double)SIM_SECOND);
    cr_expect_eq(AS(double, failure_field(2, "random", "p")), 0.02);
    expect_text(failure_field(2, "random", "text"), "451 4.7.1 try later");
    cr_expect_eq(AS(int64_t, failure_field(3, "quota", "limit")), 100);
    cr_expect_eq(AS(sim_time, failure_field(3, "quota", "per")), 2 * HOUR);
    cr_expect_eq(AS(sim_time, failure_field(4, "reply", "from")), HOUR);
    cr_expect_eq(AS(sim_time, failure_field(4, "reply", "until")), 3 * HOUR);
    cr_expect_eq(AS(int, failure_field(4, "reply", "stage")), STAGE_DATA);
}

Test(scenario_conf, keeps_failures_in_the_order_of_the_file)
{
    read_it("site a { random { p = 0.1 } reply { } random { p = 0.2 } outage { for = 1h }\n"
            "reply { } } site b { reply { } random { p = 0.3 } } site \"*\" { } " MAIL);
    static const char *const first[] = {"random", "reply", "random", "outage", "reply"};

    cr_assert_eq(scenario.site_count, 3);
    cr_assert_eq(scenario.sites[0].failure_count, 5);
    for (size_t i = 0; i < 5; i++)
        cr_expect_str_eq(scenario.sites[0].failures[i].ops->name, first[i]);
    cr_expect_eq(AS(double, failure_field(0, "random", "p")), 0.1);
    cr_expect_eq(AS(double, failure_field(2, "random", "p")), 0.2);
    cr_expect_str_eq(scenario.sites[1].failures[0].ops->name, "reply");
    cr_expect_str_eq(scenario.sites[2].name, "*");
    cr_expect_eq(scenario.sites[2].failure_count, 0);
}

Test(scenario_conf, lets_a_traffic_and_a_site_share_a_name)
{
    read_it("site mail { } " MAIL);
    cr_expect_str_eq(scenario.sites[0].name, scenario.traffics[0].name);
}

Test(scenario_conf, takes_as_many_failures_as_there_is_luck_for)
{
    char *text = alloc_zeroed(8192);

    strcpy(text, MAIL "site a { ");
    for (int i = 0; i < 249; i++)
        strcat(text, "reply { } ");
    strcat(text, "}");
    read_it(text);
    cr_expect_eq(scenario.sites[0].failure_count, 249);
    free(text);
}

/* ------------------------------------------------------------------ files */

static char folder[] = P_tmpdir "/tempfail-scenario-XXXXXX";

static void put_file(const char *name, const char *text)
{
    char *path = alloc_printf("%s/%s", folder, name);
    FILE *file = fopen(path, "w");

    cr_assert_not_null(file);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
    free(path);
}

static void remove_file(const char *name)
{
    char *path = alloc_printf("%s/%s", folder, name);

    unlink(path);
    free(path);
}

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
}

static void remove_folder(void)
{
    static const char *const names[] = {"s.conf", "rows.csv", "main.cf"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        remove_file(names[i]);
    rmdir(folder);
    scenario_fini(&scenario);
}

TestSuite(scenario_files, .init = make_folder, .fini = remove_folder);

static void read_beside(const char *text, const char *rows)
{
    struct err err = {0};
    char *path = alloc_printf("%s/s.conf", folder);

    put_file("s.conf", text);
    put_file("rows.csv", rows);
    cr_assert(scenario_read(&scenario, path, &err), "%s", err.text);
    free(path);
}

static void expect_refused(const char *text, const char *rows, const char *why)
{
    struct scenario refused;
    struct err err = {0};
    char *path = alloc_printf("%s/s.conf", folder);

    put_file("s.conf", text);
    put_file("rows.csv", rows);
    cr_expect_not(scenario_read(&refused, path, &err));
    cr_expect_not_null(strstr(err.text, why), "not '%s' but '%s'", why, err.text);
    cr_expect_eq(err.status, EX_DATAERR);
    free(path);
}

Test(scenario_files, reads_recorded_mail)
{
    read_beside("traffic logged { arrivals = trace file = 'rows.csv' }",
                "time_s,id,recipient,sender\n7.5,B,b@y,\n3,A,a@x,s@z\n3,A,c@x,s@z\n");
    const struct traffic_spec *traffic = &scenario.traffics[0];
    struct envelope first = traffic->ops->envelope(traffic->settings, 0);

    cr_expect_str_eq(names_text(&scenario.names, first.label), "A");
    cr_expect_eq(first.count, 2);
    cr_expect_str_eq(names_text(&scenario.names, first.recipients[1]), "c@x");
    cr_expect_eq(first.size_bytes, -1);
    cr_expect_eq(traffic->ops->envelope(traffic->settings, 1).sender, 0);
}

Test(scenario_files, tells_both_places_of_a_bad_row)
{
    expect_refused("traffic logged {\n arrivals = trace\n file = 'rows.csv' }",
                   "id,time_s,sender,recipient\nA,1,s,r\nB,x,s,r\n", "/s.conf:3: traffic: file: ");
    expect_refused("traffic logged {\n arrivals = trace\n file = 'rows.csv' }",
                   "id,time_s,sender,recipient\nA,1,s,r\nB,x,s,r\n",
                   "/rows.csv:3: time_s: 'x' is no number of seconds");
}

Test(scenario_files, reads_a_table_of_transports)
{
    read_beside(MAIL "mta postfix { transport = 'rows.csv' }", "b.example slow:[r.example]\n");
    cr_assert_eq(scenario.transport_patterns.count, 1);
    cr_expect_str_eq(scenario.transports[0].transport, "slow");
    cr_expect_str_eq(scenario.transports[0].nexthop, "[r.example]");
}

Test(scenario_files, tells_both_places_of_a_bad_transport)
{
    expect_refused(MAIL "mta postfix {\n transport = 'rows.csv' }", "a b:\nb.example\n",
                   "/s.conf:3: mta: transport: ");
    expect_refused(MAIL "mta postfix {\n transport = 'rows.csv' }", "a b:\nb.example\n",
                   "/rows.csv:2: 'b.example' should be followed by a blank and TRANSPORT:NEXTHOP");
}

Test(scenario_files, knows_the_messages_of_a_trace_by_their_ids)
{
    read_beside("mta postfix { hold { at = 1h message = 'logged/B' } }\n"
                "traffic logged { arrivals = trace file = 'rows.csv' }",
                "id,time_s,sender,recipient\nB,1,s,r\n");
    cr_expect_str_eq(names_text(&scenario.names, scenario.operations[0].message), "logged/B");
    expect_refused("mta postfix {\n hold { at = 1h\n message = 'logged/s' } }\n"
                   "traffic logged { arrivals = trace file = 'rows.csv' }",
                   "id,time_s,sender,recipient\nB,1,s,r\n",
                   "/s.conf:3: hold: message: 'logged/s' is no message: 'logged/' and an id of its "
                   "file was expected");
}

Test(scenario_files, reads_recorded_scans)
{
    read_beside("mta postfix { scans = 'rows.csv' } " MAIL, "t_start,t_end\n-5,-4\n10,12.5\n");
    cr_assert_eq(scenario.scan_count, 2);
    cr_expect_eq(scenario.scans[0].start, -5 * SIM_SECOND);
    cr_expect_eq(scenario.scans[1].end, 12500000);
}

Test(scenario_files, wants_scans_in_order)
{
    const char *conf = "mta postfix {\n scans = 'rows.csv' } " MAIL;

    expect_refused(conf, "t_start,t_end\n", "s.conf:2: mta: scans: ");
    expect_refused(conf, "t_start,t_end\n", "rows.csv: no scans in it");
    expect_refused(conf, "t_start,t_end\n5,6\n5,7\n", "rows.csv:3: t_start: scans should be");
    expect_refused(conf, "t_start,t_end\n5,4\n", "rows.csv:2: t_start: scans should be");
    expect_refused(conf, "t_start,t_end\n5,x\n", "rows.csv:2: t_end: 'x'");
    expect_refused(conf, "t_start,t_end\nx,5\n", "rows.csv:2: t_start: 'x'");
}

Test(scenario_files, draws_from_recorded_waits)
{
    read_beside("site a { outage { for = 'empirical(\"rows.csv\")' } } " MAIL, "wait_s\n9\n0.5\n");
    const struct dist *dist = failure_field(0, "outage", "for");

    cr_expect_eq(dist->kind, DIST_EMPIRICAL);
    cr_assert_eq(dist->count, 2);
    cr_expect_eq(dist->samples[0], 500000);
    cr_expect_eq(dist->samples[1], 9000000);
}

Test(scenario_files, wants_waits_that_are_not_negative)
{
    const char *conf = "site a {\n outage { for = 'empirical(\"rows.csv\")' } } " MAIL;

    expect_refused(conf, "wait_s\n1\n-2\n", "s.conf:2: outage: for: ");
    expect_refused(conf, "wait_s\n1\n-2\n", "rows.csv:3: wait_s: '-2'");
    expect_refused(conf, "wait_s\n", "holds no values");
    expect_refused(conf, "seconds\n1\n", "rows.csv:1: no column 'wait_s'");
}

Test(scenario_files, reads_evidence_and_answers)
{
    read_beside("site a { evidence { file = 'rows.csv' } answers { file = 'rows.csv' } } " MAIL,
                "recipient,from_s,until_s,stage,text,sender,attempt\n"
                "*,0,60,rcpt,450 4.2.0 no,s,1\n");
    cr_expect_eq(scenario.sites[0].failure_count, 2);
    expect_refused("site a { evidence { file = 'rows.csv' } } " MAIL,
                   "recipient,from_s,until_s,stage,text\n*,0,60,bcc,450 no\n",
                   "rows.csv:2: stage: 'bcc' is none of");
    expect_refused("site a { answers { file = 'rows.csv' } } " MAIL,
                   "sender,recipient,attempt,text\ns,r,0,450 no\n",
                   "rows.csv:2: attempt: '0' is no number from 1 on");
}

Test(scenario_files, says_where_a_missing_file_was_named)
{
    struct err err = {0};
    const char *text = "site a { answers {\n file = 'not/there.csv' } } " MAIL;

    cr_expect_not(scenario_read_text(&scenario, text, strlen(text), "x.conf", &err));
    cr_expect_str_eq(err.text, "x.conf:2: answers: file: not/there.csv: No such file or directory");
    cr_expect_eq(err.status, EX_NOINPUT);
    cr_expect_not(scenario_read(&scenario, "not/there.conf", &err));
    cr_expect_str_eq(err.text, "not/there.conf: No such file or directory");
    cr_expect_eq(err.status, EX_NOINPUT);
}

Test(scenario_conf, reads_how_many_addresses_a_site_has)
{
    read_it(MAIL "site a { addresses = 3 outage { for = 1h addresses = 2 } }\nsite b { }");
    cr_expect_eq(scenario.sites[0].addresses, 3);
    cr_expect_eq(AS(int64_t, failure_field(0, "outage", "addresses")), 2);
    cr_expect_eq(scenario.sites[1].addresses, 1);
}

/* ---------------------------------------------------- parameters of one transport */

Test(scenario_conf, takes_parameters_of_single_transports)
{
    read_it(MAIL "mta postfix {\n slow-2_destination_rate_delay = 3s\n"
                 " \"relay_transport_rate_delay\" = '${x}' }");
    cr_assert_eq(scenario.assignment_count, 2);
    cr_expect_str_eq(scenario.assignments[0].name, "slow-2_destination_rate_delay");
    cr_expect_str_eq(scenario.assignments[0].value, "3s");
    cr_expect_eq(scenario.assignments[0].line, 3);
    cr_expect_str_eq(scenario.assignments[1].name, "relay_transport_rate_delay");
    cr_expect_str_eq(scenario.assignments[1].value, "${x}");
    cr_expect_eq(scenario.assignments[1].line, 4);
}

/* ------------------------------------------------------------- classes */

Test(scenario_conf, reads_classes_wherever_they_stand)
{
    read_it("traffic a { arrivals = burst count = 1 sender = a recipients = '@b' class = fast }\n"
            "class slow { }\n" MAIL
            "class fast { deadline = 1.5min value = 2 late = 0.5 lost = -1.25 }\n");
    cr_assert_eq(scenario.class_names.count, 3);
    cr_expect_str_eq(names_text(&scenario.class_names, 1), "slow");
    cr_expect_str_eq(names_text(&scenario.class_names, 2), "fast");
    cr_expect_eq(scenario.traffics[0].class, 2);
    cr_expect_eq(scenario.traffics[1].class, 0);
    cr_expect_eq(scenario.classes[2].deadline, 90 * SIM_SECOND);
    cr_expect_eq(scenario.classes[2].value, 2);
    cr_expect_eq(scenario.classes[2].late, 0.5);
    cr_expect_eq(scenario.classes[2].lost, -1.25);
    cr_expect_eq(scenario.classes[1].deadline, 0);
    cr_expect_eq(scenario.classes[1].value, 1);
}
