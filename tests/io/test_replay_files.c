/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a replay writes, read by the scenario's reader: whatever the log's texts, they come back. */
#include "io/replay_files.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "io/csv.h"
#include "io/input.h"
#include "io/scenario_conf.h"
#include "models/world.h"
#include "sim/alloc.h"
#include "tests/models/log_writer.h"
#include "tests/models/made_log.h"

static char folder[] = P_tmpdir "/tempfail-replay-XXXXXX";
static struct reconstruction r;
static struct main_cf config;
static struct reconstruct_plan plan;
static struct scenario scenario; /* as read; zero until then */

static void begin(void)
{
    cr_assert_not_null(mkdtemp(folder));
    reconstruct_init(&r);
    config = (struct main_cf){0};
    scenario = (struct scenario){0};
}

static void end(void)
{
    char *command = alloc_printf("rm -r '%s'", folder);

    cr_expect_eq(system(command), 0);
    free(command);
    if (scenario.traffic_count > 0)
        scenario_fini(&scenario);
    main_cf_fini(&config);
    reconstruct_fini(&r);
}

TestSuite(replay_files, .init = begin, .fini = end);

static void add(struct logged_message *message)
{
    reconstruct_add(&r, message);
    logged_message_free(message);
}

static void write_files(void)
{
    struct err err = {0};

    reconstruct_ready(&r);
    plan =
        (struct reconstruct_plan){RECOVERY_MIDDLE, reconstruct_start(&r), instant(1000), 97, 300};
    cr_assert(replay_files_write(folder, &r, &plan, &config, &err), "%s", err.text);
}

static char *path_of(const char *name)
{
    return alloc_printf("%s/%s", folder, name);
}

static void read_back(void)
{
    char *path = path_of("replay.conf");
    struct err err = {0};

    write_files();
    cr_assert(scenario_read(&scenario, path, &err), "%s", err.text);
    free(path);
}

static void expect_file(const char *name, const char *want)
{
    char *path = path_of(name), *text;
    size_t length;
    struct err err = {0};

    cr_assert(input_read_all(path, &text, &length, &err), "%s", err.text);
    cr_expect_str_eq(text, want);
    free(text);
    free(path);
}

/* ------------------------------------------------------------- the three files */

static void add_story(void)
{
    struct logged_message *mail = made_mail("AAAAAA", 10.25, "s@a"),
                          *notice = made_mail("NNNNNN", 50, "");

    mail->size_bytes = -1;
    made_trip(mail, 10.25);
    made_deferred(mail, "u@d", 10.5)->delays[3] = 250000;
    made_bounced(mail, "v@d", 10.25);
    made_try(mail, "u@d", 397, LOGGED_SENT);
    mail->activations[1].line = 7;
    logged_deed_add(mail, OPERATION_HOLD, instant(100));
    logged_deed_add(mail, OPERATION_RELEASE, instant(200.5));
    notice->is_notice = true;
    made_try(notice, "s@a", 50, LOGGED_SENT);
    add(mail);
    add(notice);
}

#define DEEDS                                                                                      \
    "    hold { at = 90.000s  message = 'logged/AAAAAA' }\n"                                       \
    "    release { at = 190.500s  message = 'logged/AAAAAA' }\n"

Test(replay_files, hold_arrivals_evidence_and_a_scenario)
{
    struct err err;

    add_story();
    cr_assert(main_cf_set(&config, "maximal_queue_lifetime = 1d", "-o", &err));
    cr_assert(main_cf_set(&config, "mydestination = nothing of ours", "-o", &err));
    write_files();

    expect_file("arrivals.csv", "id,time_s,sender,recipient,size_bytes,scan_order\n"
                                "AAAAAA,0.250,s@a,u@d,,0\n"
                                "AAAAAA,0.250,s@a,v@d,,0\n");
    expect_file("evidence.csv", "recipient,from_s,until_s,stage,text,message,took_s\n"
                                "u@d,,193.625,rcpt,450 4.2.0 later,AAAAAA,0.250\n"
                                "u@d,193.625,,data,250 2.0.0 Ok,AAAAAA,0.000\n"
                                "v@d,,,rcpt,550 5.1.1 who?,AAAAAA,0.000\n"
                                "s@a,,,data,250 2.0.0 Ok,,0.000\n");
    expect_file("replay.conf", "# a log, replayed; recovery: middle\n"
                               "start = 2026-06-01T00:00:10Z\n"
                               "duration = 990.000s\n"
                               "mta postfix {\n"
                               "    scan_phase = 87s\n"
                               "    maximal_queue_lifetime = '1d'\n" DEEDS "}\n"
                               "traffic logged { arrivals = trace  file = \"arrivals.csv\" }\n"
                               "site \"*\" { evidence { file = \"evidence.csv\" } }\n");
}

Test(replay_files, leave_the_first_scan_open_where_the_log_does_not_tell)
{
    struct err err = {0};

    add_story();
    reconstruct_ready(&r);
    plan = (struct reconstruct_plan){RECOVERY_LATEST, instant(10), instant(1000), -1, 300};
    cr_assert(replay_files_write(folder, &r, &plan, &config, &err), "%s", err.text);
    expect_file("replay.conf", "# a log, replayed; recovery: latest\n"
                               "start = 2026-06-01T00:00:10Z\n"
                               "duration = 990.000s\n"
                               "mta postfix {\n" DEEDS "}\n"
                               "traffic logged { arrivals = trace  file = \"arrivals.csv\" }\n"
                               "site \"*\" { evidence { file = \"evidence.csv\" } }\n");
}

Test(replay_files, are_read_as_the_scenario_that_is_run_from_memory)
{
    struct scenario memory;

    add_story();
    read_back();
    reconstruct_scenario(&r, &plan, &memory);
    cr_expect_eq(scenario.start, memory.start);
    cr_assert_eq(scenario.operation_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct operation *read = &scenario.operations[i], *made = &memory.operations[i];
        cr_expect_eq(read->kind, made->kind);
        cr_expect_eq(read->at, made->at);
        cr_expect_eq(read->every, made->every);
        cr_expect_eq(read->until, made->until);
        cr_expect_str_eq(names_text(&scenario.names, read->message),
                         names_text(&memory.names, made->message));
    }
    cr_expect_eq(scenario.duration, memory.duration);
    cr_expect_eq(scenario.scan_phase, memory.scan_phase);
    cr_expect_str_eq(scenario.traffics[0].name, memory.traffics[0].name);
    cr_expect_str_eq(scenario.sites[0].name, memory.sites[0].name);
    scenario_fini(&memory);
}

/* No folder can be made within a file. */
Test(replay_files, need_a_folder)
{
    char *inside = alloc_printf("%s/file/folder", folder), *path = path_of("file");
    struct err err = {0};

    add_story();
    reconstruct_ready(&r);
    fclose(fopen(path, "w"));
    cr_expect(!replay_files_write(inside, &r, &plan, &config, &err));
    cr_expect_eq(err.status, EX_CANTCREAT);
    free(path);
    free(inside);
}

/* --------------------------------------------------------------- hostile texts */

struct pair {
    char said[40], read[40];
};

static struct pair texts[] = {
    {"plain@d", "plain@d"},
    {"", ""},
    {"\"quoted, local\"@d", "\"quoted, local\"@d"},
    {"a,b", "a,b"},
    {"\"", "\""},
    {"\"\"", "\"\""},
    {"\",\"", "\",\""},
    {" leading and trailing ", " leading and trailing "},
    {"  ", "  "},
    {"it's", "it's"},
    {"'", "'"},
    {"back\\slash", "back\\slash"},
    {"\\", "\\"},
    {"${HOME} $HOME", "${HOME} $HOME"},
    {"# no comment", "# no comment"},
    {"// none /* either */", "// none /* either */"},
    {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
    {"\xff\xfe broken \xc3", "\xff\xfe broken \xc3"},
    {"\xef\xbb\xbf", "\xef\xbb\xbf"},
    {"=1+1", "=1+1"},
    {"tab\there", "tab?here"},
    {"line\nfeed\r", "line?feed?"},
    {"\x01\x1b[31m\x7f", "??[31m?"},
    {"%s%n", "%s%n"},
};

ParameterizedTestParameters(replay_files, bring_back_any_text)
{
    return cr_make_param_array(struct pair, texts, sizeof texts / sizeof texts[0]);
}

static bool keep_text(void *user, const char *const *cells, struct err *err)
{
    char **kept = user;

    (void)err;
    free(*kept);
    *kept = alloc_text(cells[0], strlen(cells[0]));
    return true;
}

/* The last cell of that column. */
static char *column_of(const char *file, const char *name)
{
    const char *const columns[] = {name, NULL};
    char *kept = NULL, *path = path_of(file);
    struct err err = {0};

    cr_assert(csv_read(path, &(struct csv_rows){columns, 0, keep_text, &kept}, &err), "%s",
              err.text);
    free(path);
    return kept;
}

static void expect_cell(const char *file, const char *column, const char *want)
{
    char *cell = column_of(file, column);

    cr_expect_str_eq(cell, want);
    free(cell);
}

ParameterizedTest(struct pair *pair, replay_files, bring_back_any_text)
{
    struct logged_message *message = made_mail(pair->said, 0, pair->said);
    char *reason = alloc_printf("250 %s", pair->said), *want = alloc_printf("250 %s", pair->read);
    const char *id = pair->read[0] == '\0' ? "ID" : pair->read;

    if (pair->said[0] == '\0') /* a message has an id */
        message->queue_id = logged_text(message, "ID", 2);
    made_trip(message, 0);
    made_answer(message, pair->said, 0, LOGGED_SENT, "2.0.0", reason);
    add(message);
    read_back();

    const struct traffic_spec *traffic = &scenario.traffics[0];
    struct envelope envelope = traffic->ops->envelope(traffic->settings, 0);
    cr_expect_str_eq(names_text(&scenario.names, envelope.label), id);
    cr_expect_str_eq(names_text(&scenario.names, envelope.sender), pair->read);
    cr_expect_eq(envelope.count, 1);
    cr_expect_str_eq(names_text(&scenario.names, envelope.recipients[0]), pair->read);
    expect_cell("evidence.csv", "recipient", pair->read);
    expect_cell("evidence.csv", "message", id);
    expect_cell("evidence.csv", "text", want);
    free(reason);
    free(want);
}

/* ------------------------------------------------------------------- settings */

/* The settings that the scenario's reader finds in replay.conf. */
static struct main_cf settings_read(void)
{
    struct main_cf read = {0};

    for (size_t i = 0; i < scenario.assignment_count; i++)
        main_cf_set_value(&read, scenario.assignments[i].name, scenario.assignments[i].value, "x");
    return read;
}

static void expect_same_value(const struct main_cf *read, const char *name)
{
    struct err err = {0};
    char *want, *got;

    cr_assert(main_cf_expand(&config, name, &want, &err), "%s", err.text);
    cr_assert(main_cf_expand(read, name, &got, &err), "%s", err.text);
    cr_expect_str_eq(got, want, "%s: '%s', not '%s'", name, got, want);
    free(want);
    free(got);
}

static const char *const values[] = {
    "plain",
    "it's",
    "back\\slash",
    "\\",
    "'",
    "''",
    "a \"quoted\" word",
    "${HOME}",
    "$HOME",
    "$$",
    "$$HOME",
    "a$$b",
    "$$$$",
    "$other",
    "${other}x",
    "# not a comment",
    "two\\\\",
    "\\'",
    "gr\xc3\xbc\xc3\x9f",
    "a\tb",
    "a  b",
    "line\nbreak",
};

Test(replay_files, bring_back_any_setting)
{
    add_story();
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        main_cf_set_value(&config, "other", "of $$ and 'more'", "-o");
        main_cf_set_value(&config, "defer_transports", values[i], "-o");
        main_cf_set_value(&config, "minimal_backoff_time", "${queue_run_delay}", "-o");
        read_back();
        struct main_cf read = settings_read();
        expect_same_value(&read, "defer_transports");
        expect_same_value(&read, "minimal_backoff_time");
        cr_expect_eq(read.count, 2);
        main_cf_fini(&read);
        scenario_fini(&scenario);
    }
    scenario = (struct scenario){0};
}

Test(replay_files, bring_back_what_was_set_for_one_transport)
{
    add_story();
    main_cf_set_value(&config, "slow-2_destination_rate_delay", "2s", "-o");
    read_back();
    struct main_cf read = settings_read();
    expect_same_value(&read, "slow-2_destination_rate_delay");
    cr_expect_eq(read.count, 1);
    main_cf_fini(&read);
}

/* ------------------------------------------------------------------- run again */

static void run(const struct scenario *of, struct log_writer *log)
{
    struct observers observers = {0};
    struct postfix_settings settings;

    postfix_settings_init(&settings);
    log_writer_init(log, of, 1, true);
    observers_add(&observers, &log->observer);
    world_run(&(struct run){of, mta_find("postfix"), &settings, 1, 0, &observers});
}

static void expect_same_story(const struct log_writer *a, const struct log_writer *b)
{
    cr_assert_eq(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct logged_message *x = a->messages[i], *y = b->messages[i];
        cr_expect_str_eq(x->queue_id, y->queue_id);
        cr_assert_eq(x->attempt_count, y->attempt_count);
        for (size_t k = 0; k < x->attempt_count; k++) {
            cr_expect_eq(x->attempts[k].at, y->attempts[k].at);
            cr_expect_str_eq(x->attempts[k].text, y->attempts[k].text);
        }
    }
}

Test(replay_files, run_as_the_scenario_does_from_memory)
{
    struct scenario memory;
    struct log_writer from_memory, from_files;

    add_story();
    read_back();
    reconstruct_scenario(&r, &plan, &memory);
    run(&memory, &from_memory);
    run(&scenario, &from_files);
    cr_expect_eq(from_memory.count, 2, "a message, and the notice about it");
    expect_same_story(&from_memory, &from_files);
    log_writer_fini(&from_memory);
    log_writer_fini(&from_files);
    scenario_fini(&memory);
}
