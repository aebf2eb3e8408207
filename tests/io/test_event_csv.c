/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What observers write down, of events made up here. */
#include "io/event_csv.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/scenario_conf.h"
#include "sim/alloc.h"
#include "tests/io/rows.h"

static char folder[] = P_tmpdir "/tempfail-events-XXXXXX";
static struct scenario scenario;
static struct catalogue catalogue;

static void make_world(void)
{
    static const char text[] = "traffic mail { arrivals = burst count = 9 sender = 'a@s.example'\n"
                               "recipients = { '@b.example' } recipients_each = 2 }";
    struct err err;

    cr_assert_not_null(mkdtemp(folder));
    cr_assert(scenario_read_text(&scenario, text, strlen(text), "x.conf", &err), "%s", err.text);
    catalogue = (struct catalogue){&scenario, {.seed = 1, .replication = 3}, false};
}

static void forget_world(void)
{
    static const char *const names[] = {"attempts.csv", "messages.csv"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char *path = alloc_printf("%s/%s", folder, names[i]);
        unlink(path);
        free(path);
    }
    cr_expect_eq(rmdir(folder), 0);
    scenario_fini(&scenario);
}

TestSuite(event_csv, .init = make_world, .fini = forget_world);

/* Arrived after 60.25 s; four seconds later its first trip is over. */
static struct message message = {
    .arrival = 60250000, .created = 60, .mtime = 364, .number = 7, .activations = 1};

static const char *queue_id(const struct message *of)
{
    static char text[64];

    catalogue_queue_id_text(&catalogue, of, text, sizeof text);
    return text;
}

static struct reply busy = {450, OUTCOME_DEFERRED, "4.2.0", (char *)"450 4.2.0 busy, \"full\"\033",
                            false};
static struct reply fine = {250, OUTCOME_SENT, "2.0.0", (char *)"250 2.0.0 Ok", false};

static struct attempt attempt_of(uint32_t recipient, const struct reply *reply)
{
    return (struct attempt){.start = 60500000,
                            .end = 64000000,
                            .recipient = recipient,
                            .domain = scenario.traffics[0].destinations[0].domain,
                            .site = scenario.traffics[0].destinations[0].domain,
                            .outcome = reply->outcome,
                            .stage = STAGE_RCPT,
                            .reply = reply};
}

/* --------------------------------------------------------------- attempts */

#define ATTEMPTS                                                                                   \
    "replication,message,queue_id,sender,recipient,site,attempt,start_s,end_s,age_s,stage,"        \
    "outcome,dsn,text,next_s"

Test(event_csv, writes_a_row_an_attempt)
{
    struct attempts_csv csv;
    struct err err;
    struct attempt attempts[] = {attempt_of(0, &fine), attempt_of(1, &busy)};
    struct activation activation = {.message = &message,
                                    .end = 64000000,
                                    .attempts = attempts,
                                    .count = 2,
                                    .fate = FATE_DEFERRED};
    char want[1000];

    cr_assert(attempts_csv_open(&csv, folder, &err), "%s", err.text);
    attempts_csv_begin(&csv, &catalogue);
    csv.observer.ops->ended(&csv.observer, &activation);
    snprintf(want, sizeof want,
             "3,mail/7,%s,a@s.example,mail.7@b.example,b.example,1,60.500,64.000,4.000,rcpt,"
             "sent,2.0.0,250 2.0.0 Ok,\n"
             "3,mail/7,%s,a@s.example,mail.7.1@b.example,b.example,1,60.500,64.000,4.000,rcpt,"
             "deferred,4.2.0,\"450 4.2.0 busy, \"\"full\"\"?\",364\n",
             queue_id(&message), queue_id(&message));
    expect_rows(&csv.output, ATTEMPTS, want);
}

/* What may be kept from row to row is made anew for each, and nothing is taken for plain. */
static void forget_all(struct attempts_csv *csv)
{
    attempts_csv_begin(csv, &catalogue);
    csv->names_are_plain = false;
}

#define REPLIES 300
#define ROWS 600

/* Few short ones and many long ones, the same more than once; some attempts take no time. */
static char *rows_of_many(struct reply *replies, bool anew)
{
    struct attempts_csv csv;
    struct err err;

    cr_assert(attempts_csv_open(&csv, folder, &err), "%s", err.text);
    attempts_csv_begin(&csv, &catalogue);
    for (uint32_t i = 0; i < ROWS; i++) {
        struct attempt attempt = attempt_of(i % 2, &replies[i / 4 * 7 % REPLIES]);
        attempt.stage = (enum smtp_stage)(i / 2 % 3 + STAGE_MAIL);
        attempt.start = attempt.end - (sim_time)(i % 5) * 1000;
        attempt.outcome = i % 13 == 0 ? OUTCOME_SUSPENDED : OUTCOME_DEFERRED;
        struct message of = {.arrival = i * 1000003, .created = i, .number = i};
        of.activations = i & 0xfffff;
        of.notice = i % 11 == 0;
        struct activation activation = {.message = &of, .attempts = &attempt, .count = 1};
        if (anew)
            forget_all(&csv);
        csv.observer.ops->ended(&csv.observer, &activation);
    }
    char *rows = alloc_text(csv.output.buffer, csv.output.used);
    output_discard(&csv.output);
    return rows;
}

Test(event_csv, writes_the_same_whether_cells_are_kept_or_made_anew)
{
    struct reply replies[REPLIES];
    struct err err;

    for (int i = 0; i < REPLIES; i++) {
        char *text = alloc_printf("450 4.2.%d %*s, busy", i, i % 3 == 0 ? i + 100 : 3, "x");
        cr_assert(reply_parse(&replies[i], text, &err));
        free(text);
    }
    char *kept = rows_of_many(replies, false), *anew = rows_of_many(replies, true);
    cr_expect_gt(strlen(kept), ROWS * 100);
    cr_expect_str_eq(kept, anew);
    free(kept);
    free(anew);
    for (int i = 0; i < REPLIES; i++)
        reply_fini(&replies[i]);
}

Test(event_csv, quotes_the_names_of_traffics_that_need_it)
{
    struct attempts_csv csv;
    struct err err;
    struct attempt attempt = attempt_of(0, &fine);
    struct activation activation = {.message = &message, .attempts = &attempt, .count = 1};
    char want[1000];

    free(scenario.traffics[0].name);
    scenario.traffics[0].name = alloc_text("a,\"b", 4);
    cr_assert(attempts_csv_open(&csv, folder, &err), "%s", err.text);
    attempts_csv_begin(&csv, &catalogue);
    csv.observer.ops->ended(&csv.observer, &activation);
    snprintf(
        want, sizeof want,
        "3,\"a,\"\"b/7\",%s,a@s.example,\"a,\"\"b.7@b.example\",b.example,1,60.500,64.000,4.000,"
        "rcpt,sent,2.0.0,250 2.0.0 Ok,\n",
        queue_id(&message));
    expect_rows(&csv.output, ATTEMPTS, want);
}

Test(event_csv, tells_no_next_time_where_there_is_none)
{
    struct attempts_csv csv;
    struct err err;
    struct attempt attempt = attempt_of(0, &busy), suspended = attempt_of(1, &busy);
    suspended.outcome = OUTCOME_SUSPENDED;
    struct attempt both[] = {attempt, suspended};
    struct activation activation = {
        .message = &message, .attempts = both, .count = 2, .fate = FATE_EXPIRED};

    cr_assert(attempts_csv_open(&csv, folder, &err), "%s", err.text);
    attempts_csv_begin(&csv, &catalogue);
    csv.observer.ops->ended(&csv.observer, &activation);
    activation.fate = FATE_DEFERRED;
    csv.observer.ops->ended(&csv.observer, &activation);
    output_flush(&csv.output);

    char text[4096] = "", *path = alloc_printf("%s", csv.output.beside);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    free(path);
    static const char *const ends[] = {"next_s", "?\",", "?\",", "?\",364", "?\",364"};
    char *line = strtok(text, "\n");
    for (size_t i = 0; i < COUNT_OF(ends); i++, line = strtok(NULL, "\n")) {
        cr_assert_not_null(line);
        cr_expect_str_eq(line + strlen(line) - strlen(ends[i]), ends[i], "%s", line);
    }
    output_discard(&csv.output);
}

/* --------------------------------------------------------------- messages */

#define MESSAGES                                                                                   \
    "replication,message,queue_id,sender,arrival_s,size_bytes,recipients,attempts,sent,bounced,"   \
    "expired,deleted,queued,end_s,final"

static void end_message(struct messages_csv *csv, struct tally tally, enum fate fate)
{
    struct activation activation = {
        .message = &message, .end = 64000000, .fate = fate, .tally = tally};

    csv->observer.ops->ended(&csv->observer, &activation);
}

Test(event_csv, writes_a_row_a_message_when_it_is_gone)
{
    struct messages_csv csv;
    struct err err;
    char want[2000] = "", row[200];
    static const struct {
        struct tally tally;
        enum fate fate;
        const char *end;
    } cases[] = {
        {{.sent = 2}, FATE_REMOVED, "2,0,0,0,0,64.000,delivered"},
        {{.bounced = 2}, FATE_REMOVED, "0,2,0,0,0,64.000,bounced"},
        {{.expired = 2}, FATE_EXPIRED, "0,0,2,0,0,64.000,expired"},
        {{.sent = 1, .expired = 1}, FATE_EXPIRED, "1,0,1,0,0,64.000,mixed"},
        {{.deleted = 2}, FATE_REMOVED, "0,0,0,2,0,64.000,deleted"},
    };

    cr_assert(messages_csv_open(&csv, folder, &err), "%s", err.text);
    messages_csv_begin(&csv, &catalogue);
    end_message(&csv, (struct tally){.queued = 2}, FATE_DEFERRED);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        end_message(&csv, cases[i].tally, cases[i].fate);
        snprintf(row, sizeof row, "3,mail/7,%s,a@s.example,60.250,10000,2,1,%s\n",
                 queue_id(&message), cases[i].end);
        strcat(want, row);
    }
    csv.observer.ops->left(&csv.observer, 90000000, &message, &(struct tally){.queued = 2});
    snprintf(row, sizeof row, "3,mail/7,%s,a@s.example,60.250,10000,2,1,0,0,0,0,2,,queued\n",
             queue_id(&message));
    strcat(want, row);
    expect_rows(&csv.output, MESSAGES, want);
}

Test(event_csv, leaves_the_size_of_a_notice_empty)
{
    struct messages_csv csv;
    struct err err;
    struct message notice = message;
    struct activation activation = {
        .message = &notice, .end = 61000000, .fate = FATE_REMOVED, .tally = {.sent = 1}};
    char want[300];

    notice.notice = 1;
    notice.null_sender = 1;
    cr_assert(messages_csv_open(&csv, folder, &err), "%s", err.text);
    messages_csv_begin(&csv, &catalogue);
    csv.observer.ops->ended(&csv.observer, &activation);
    snprintf(want, sizeof want, "3,mail/7/b1,%s,,60.250,,1,1,1,0,0,0,0,61.000,delivered\n",
             queue_id(&notice));
    expect_rows(&csv.output, MESSAGES, want);
}

Test(event_csv, says_where_no_file_can_be)
{
    struct attempts_csv attempts;
    struct messages_csv messages;
    struct err err;

    cr_expect_not(attempts_csv_open(&attempts, "not/there", &err));
    cr_expect_not(messages_csv_open(&messages, "not/there", &err));
    cr_expect_str_eq(err.text, "not/there/messages.csv: No such file or directory");
    output_discard(&attempts.output);
    output_discard(&messages.output);
}

/* 4gTDDF is a second of a recorded log; 1mRh are 250000 microseconds. */
Test(event_csv, gives_long_queue_ids_where_postfix_would)
{
    struct attempts_csv csv;
    struct err err;
    const struct attempt attempt = attempt_of(0, &fine);
    const struct activation trip = {.message = &message, .attempts = &attempt, .count = 1};

    cr_assert(attempts_csv_open(&csv, folder, &err), "%s", err.text);
    catalogue.long_queue_ids = true;
    scenario.start = (INT64_C(1780270973) - 60) * SIM_SECOND;
    attempts_csv_begin(&csv, &catalogue);
    csv.observer.ops->ended(&csv.observer, &trip);
    expect_rows(&csv.output, ATTEMPTS,
                "3,mail/7,4gTDDF1mRhz48ZL,a@s.example,mail.7@b.example,b.example,1,60.500,64.000,"
                "4.000,rcpt,sent,2.0.0,250 2.0.0 Ok,\n");
}
