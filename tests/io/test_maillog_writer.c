/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log of a run that is told by hand. Lines and their order: recorded logs of
 * a real Postfix, and its sources as named in io/maillog_writer.h.
 */
#include "io/maillog_writer.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "io/scenario_conf.h"
#include "models/traffic/trace.h"
#include "sim/alloc.h"

static char folder[] = P_tmpdir "/tempfail-maillog-XXXXXX";
static char *path;
static struct scenario scenario;
static struct catalogue catalogue;
static struct maillog_writer writer;
static char text[16384];

static void make_world(void)
{
    static const char conf[] =
        "start = 2026-06-01T00:00Z\n"
        "traffic mail { arrivals = burst count = 9 sender = 'a@s.example'\n"
        "recipients = { '@b.example' } recipients_each = 2 size_bytes = 380 }";
    const struct maillog_options options = {MAILLOG_TRADITIONAL, "mx.s.example", 2};
    struct err err;

    cr_assert_not_null(mkdtemp(folder));
    path = alloc_printf("%s/mail.log", folder);
    cr_assert(scenario_read_text(&scenario, conf, strlen(conf), "x.conf", &err), "%s", err.text);
    catalogue = (struct catalogue){&scenario, {.seed = 1}, false};
    cr_assert(maillog_writer_open(&writer, path, &catalogue, &options, &err), "%s", err.text);
}

static void forget_world(void)
{
    maillog_writer_discard(&writer);
    unlink(path);
    cr_expect_eq(rmdir(folder), 0);
    free(path);
    scenario_fini(&scenario);
}

TestSuite(maillog_writer, .init = make_world, .fini = forget_world);

/* Ends the run; the log without "Jun  1 " and " mx postfix/". */
static const char *written(void)
{
    struct err err;
    char raw[sizeof text];

    writer.observer.ops->finished(&writer.observer, 0);
    cr_assert(maillog_writer_commit(&writer, &err), "%s", err.text);
    int file = open(path, O_RDONLY);
    ssize_t length = read(file, raw, sizeof raw - 1);
    close(file);
    raw[length < 0 ? 0 : length] = '\0';
    text[0] = '\0';
    for (char *line = strtok(raw, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        static const char host[] = " mx postfix/";
        cr_assert(strncmp(line, "Jun  1 ", 7) == 0 && strncmp(line + 15, host, 12) == 0, "%s",
                  line);
        strncat(text, line + 7, 8);
        strcat(text, " ");
        strcat(text, line + 15 + sizeof host - 1);
        strcat(text, "\n");
    }
    return text;
}

static void expect(const char *want)
{
    const char *found = written();

    cr_expect_str_eq(found, want, "\n%snot\n%s", found, want);
}

/* The eighth: inode 0x80000 + (7 << 12); arrived 250000 us (0x3d090) after a full second. */
#define ID "3D09087000"
static struct message message = {
    .arrival = 60250000, .created = 60, .number = 7, .several = 1, .activations = 1};
static struct message notice = {.arrival = 64000000,
                                .created = 64,
                                .number = 7,
                                .notice = 1,
                                .null_sender = 1,
                                .activations = 1};
#define NOTICE_ID "0000087001"

static struct reply busy = {450, OUTCOME_DEFERRED, "4.2.0", (char *)"450 4.2.0 busy", false};
static struct reply fine = {250, OUTCOME_SENT, "2.0.0", (char *)"250 2.0.0 Ok: queued as 1", false};
static struct reply gone = {550, OUTCOME_BOUNCED, "5.1.1", (char *)"550 5.1.1 who?", false};
static struct reply refused = {450, OUTCOME_DEFERRED, "4.4.1", (char *)"Connection refused", false};

/* Handed over half a second after it became active, with a session a quarter later. */
static struct attempt attempt_of(uint32_t recipient, enum smtp_stage stage,
                                 const struct reply *reply)
{
    uint32_t domain = scenario.traffics[0].destinations[0].domain;

    return (struct attempt){.start = 60750000,
                            .ready = 61000000,
                            .end = 64000000,
                            .recipient = recipient,
                            .domain = domain,
                            .site = domain,
                            .outcome = reply->outcome,
                            .stage = stage,
                            .reply = reply};
}

static void tell_attempt(const struct attempt *attempt)
{
    writer.observer.ops->attempted(&writer.observer, &message, 60250000, attempt);
}

static void tell_end(const struct message *of, const struct attempt *attempts, size_t count,
                     enum fate fate)
{
    writer.observer.ops->ended(
        &writer.observer,
        &(struct activation){
            .message = of, .end = 64000000, .attempts = attempts, .count = count, .fate = fate});
}

static void tell_notice(enum notice_kind kind, const struct message *of)
{
    writer.observer.ops->notified(&writer.observer, 64000000, &message, kind, 1);
    writer.observer.ops->arrived(&writer.observer, of, 1);
}

static void tell_active(const struct message *of, sim_time at)
{
    writer.observer.ops->activated(&writer.observer, at, of, 1, 0);
}

#define HOST "mx.b.example[192.0.2.114]"

/* ---------------------------------------------------------------- the life of one */

Test(maillog_writer, tells_a_life_from_client_to_removed)
{
    const struct attempt attempts[] = {attempt_of(0, STAGE_DATA, &fine),
                                       attempt_of(1, STAGE_DATA, &fine)};

    writer.observer.ops->arrived(&writer.observer, &message, 2);
    tell_active(&message, 60250000);
    tell_attempt(&attempts[0]);
    tell_attempt(&attempts[1]);
    tell_end(&message, attempts, 2, FATE_REMOVED);
    expect("00:01:00 smtpd[1204]: " ID ": client=client.example[192.0.2.1]\n"
           "00:01:00 cleanup[1207]: " ID ": message-id=<20260601000100." ID "@mx.s.example>\n"
           "00:01:00 qmgr[1186]: " ID ": from=<a@s.example>, size=380, nrcpt=2 (queue active)\n"
           "00:01:04 smtp[1211]: " ID ": to=<mail.7@b.example>, relay=" HOST
           ":25, delay=3.8, delays=0/0.5/0.25/3, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as "
           "1)\n"
           "00:01:04 smtp[1211]: " ID ": to=<mail.7.1@b.example>, relay=" HOST
           ":25, delay=3.8, delays=0/0.5/0.25/3, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as "
           "1)\n"
           "00:01:04 qmgr[1186]: " ID ": removed\n");
}

Test(maillog_writer, says_nothing_of_the_next_try)
{
    const struct attempt attempt = attempt_of(0, STAGE_RCPT, &busy);

    tell_attempt(&attempt);
    tell_end(&message, &attempt, 1, FATE_DEFERRED);
    expect("00:01:04 smtp[1211]: " ID ": to=<mail.7@b.example>, relay=" HOST
           ":25, delay=3.8, delays=0/0.5/0.25/3, dsn=4.2.0, status=deferred (host " HOST
           " said: 450 4.2.0 busy (in reply to RCPT TO command))\n");
}

Test(maillog_writer, has_a_relay_only_once_there_is_a_session)
{
    struct attempt attempt = attempt_of(0, STAGE_CONNECT, &refused);

    attempt.ready = attempt.end;
    tell_attempt(&attempt);
    attempt.outcome = OUTCOME_SUSPENDED;
    tell_attempt(&attempt);
    attempt = attempt_of(0, STAGE_GREETING, &busy);
    tell_attempt(&attempt);
    expect("00:01:04 smtp[1211]: connect to " HOST ":25: Connection refused\n"
           "00:01:04 smtp[1211]: " ID ": to=<mail.7@b.example>, relay=none, delay=3.8, "
           "delays=0/0.5/3.3/0, dsn=4.4.1, status=deferred (connect to " HOST
           ":25: Connection refused)\n"
           "00:01:04 error[1213]: " ID ": to=<mail.7@b.example>, relay=none, delay=3.8, "
           "delays=0/0.5/0/3.3, dsn=4.4.1, status=deferred (delivery temporarily suspended: "
           "connect to " HOST ":25: Connection refused)\n"
           "00:01:04 smtp[1211]: " ID ": to=<mail.7@b.example>, relay=" HOST
           ":25, delay=3.8, delays=0/0.5/0.25/3, dsn=4.2.0, status=deferred (host " HOST
           " refused to talk to me: 450 4.2.0 busy)\n");
}

Test(maillog_writer, has_no_field_more_by_a_host_name)
{
    struct attempt attempt = attempt_of(0, STAGE_RCPT, &busy);

    attempt.site = names_add(&scenario.domains, "b, status=sent (x", 17);
    tell_attempt(&attempt);
    const char *log = written();
    cr_expect_not_null(strstr(log, "relay=mx.b??status=sent?(x[192.0.2."), "%s", log);
    cr_expect_not_null(strstr(log, ", status=deferred (host mx.b, status=sent (x["), "%s", log);
}

Test(maillog_writer, softens_what_soft_bounce_softens)
{
    struct attempt attempt = attempt_of(0, STAGE_RCPT, &gone);

    tell_attempt(&attempt);
    attempt.outcome = OUTCOME_DEFERRED;
    tell_attempt(&attempt);
    attempt.stage = STAGE_GREETING;
    tell_attempt(&attempt);
    const char *log = written();
    cr_expect_not_null(strstr(log, "dsn=5.1.1, status=bounced (host"), "%s", log);
    cr_expect_not_null(strstr(log, "dsn=4.1.1, status=SOFTBOUNCE (host " HOST " said: 550 5.1.1"),
                       "%s", log);
    cr_expect_not_null(strstr(log, "dsn=4.1.1, status=deferred (host"), "%s", log);
}

Test(maillog_writer, counts_delays_from_the_arrival_whenever_it_is_tried)
{
    struct attempt attempt = attempt_of(0, STAGE_RCPT, &busy);

    attempt.start = 1000500000;
    attempt.ready = 1002600000;
    attempt.end = 1002600000;
    writer.observer.ops->attempted(&writer.observer, &message, 1000250000, &attempt);
    const char *log = written();
    cr_expect_not_null(strstr(log, "00:16:42 smtp"), "%s", log);
    cr_expect_not_null(strstr(log, "delay=942, delays=940/0.25/2.1/0,"), "%s", log);
}

/* Replays tell recipients apart by both addresses. */
Test(maillog_writer, has_an_address_the_second_time_by_an_alias)
{
    struct scenario recorded;

    scenario_init(&recorded);
    recorded.start = scenario.start;
    struct traffic_spec *traffic = scenario_add_traffic(&recorded, "log");
    traffic_set_kind(traffic, traffic_find("trace"));
    uint32_t label = scenario_add_name(&recorded, "M"), to[2];
    to[0] = scenario_add_name(&recorded, "u@b.example");
    to[1] = scenario_add_name(&recorded, "v@b.example");
    for (int i = 0; i < 3; i++)
        trace_add(traffic->settings, 0, label, to[0], to[i % 2], -1);
    traffic->ops->rows->ready(traffic->settings);
    scenario_ready(&recorded);
    writer.catalogue.scenario = &recorded;
    const struct message of = {.several = 1, .activations = 1};
    for (uint32_t i = 0; i < 3; i++) {
        struct attempt attempt = attempt_of(i, STAGE_RCPT, &busy);
        attempt.site = attempt.domain = recorded.domain_of[to[0]];
        writer.observer.ops->attempted(&writer.observer, &of, 0, &attempt);
    }
    tell_active(&of, 64000000);
    const char *log = written();
    cr_expect_not_null(strstr(log, ": to=<u@b.example>, relay="), "%s", log);
    cr_expect_not_null(strstr(log, ": to=<v@b.example>, relay="), "%s", log);
    cr_expect_not_null(strstr(log, ": to=<u@b.example>, orig_to=<alias2>, relay="), "%s", log);
    cr_expect_not_null(strstr(log, "from=<u@b.example>, size=0, nrcpt=3 (queue active)"), "%s",
                       log);
    scenario_fini(&recorded);
}

/* ------------------------------------------------------------------------ notices */

Test(maillog_writer, tells_removed_behind_the_notice)
{
    const struct attempt attempt = attempt_of(0, STAGE_RCPT, &busy);

    tell_end(&message, &attempt, 1, FATE_EXPIRED);
    tell_notice(NOTICE_NON_DELIVERY, &notice);
    tell_active(&notice, 64000000);
    expect("00:01:04 qmgr[1186]: " ID ": from=<a@s.example>, status=expired, returned to sender\n"
           "00:01:04 cleanup[1207]: " NOTICE_ID ": message-id=<20260601000104." NOTICE_ID
           "@mx.s.example>\n"
           "00:01:04 bounce[1216]: " ID ": sender non-delivery notification: " NOTICE_ID "\n"
           "00:01:04 qmgr[1186]: " ID ": removed\n"
           "00:01:04 qmgr[1186]: " NOTICE_ID ": from=<>, size=2400, nrcpt=1 (queue active)\n");
}

Test(maillog_writer, tells_removed_behind_the_second_notice_if_there_are_two)
{
    const struct attempt attempts[] = {attempt_of(0, STAGE_RCPT, &gone),
                                       attempt_of(1, STAGE_RCPT, &busy)};
    struct message second = notice;

    second.notice = 2;
    tell_end(&message, attempts, 2, FATE_EXPIRED);
    tell_notice(NOTICE_NON_DELIVERY, &notice);
    tell_notice(NOTICE_NON_DELIVERY, &second);
    const char *log = written();
    const char *removed = strstr(log, ID ": removed\n");
    cr_assert_not_null(removed, "%s", log);
    cr_expect_str_eq(removed, ID ": removed\n");
    cr_expect_not_null(strstr(log, ID ": sender non-delivery notification: 0000087002\n"));
}

Test(maillog_writer, tells_a_delay_without_removing)
{
    const struct attempt attempt = attempt_of(0, STAGE_RCPT, &busy);
    struct message warning = notice;

    warning.notice = (NOTICE_WARNING | 1) & 0xfff;
    tell_end(&message, &attempt, 1, FATE_DEFERRED);
    tell_notice(NOTICE_DELAY, &warning);
    const char *log = written();
    cr_expect_not_null(strstr(log, "bounce[1216]: " ID ": sender delay notification: 0000087801\n"),
                       "%s", log);
    cr_expect_null(strstr(log, "removed"), "%s", log);
}

Test(maillog_writer, removes_at_once_what_nobody_is_told_of)
{
    tell_end(&notice, NULL, 0, FATE_EXPIRED);
    tell_active(&message, 64000000);
    expect("00:01:04 qmgr[1186]: " NOTICE_ID ": from=<>, status=expired, returned to sender\n"
           "00:01:04 qmgr[1186]: " NOTICE_ID ": removed\n"
           "00:01:04 qmgr[1186]: " ID ": from=<a@s.example>, size=380, nrcpt=2 (queue active)\n");
}

Test(maillog_writer, removes_in_the_end_what_nobody_was_told_of_after_all)
{
    const struct attempt attempt = attempt_of(0, STAGE_RCPT, &gone);

    tell_end(&message, &attempt, 1, FATE_REMOVED);
    expect("00:01:04 qmgr[1186]: " ID ": removed\n");
}

/* ---------------------------------------------------------------------- operators */

static void tell_deed(double at, enum operation_kind kind, const struct message *of)
{
    writer.observer.ops->operated(&writer.observer, (sim_time)(at * 1e6), kind, of,
                                  &(struct tally){.queued = 1});
}

Test(maillog_writer, tells_what_postsuper_did_and_to_how_many)
{
    tell_deed(70, OPERATION_HOLD, &message);
    tell_deed(70, OPERATION_HOLD, &notice);
    tell_deed(71, OPERATION_RELEASE, &message);
    tell_deed(72, OPERATION_DELETE, &message);
    tell_deed(73, OPERATION_FLUSH_MESSAGE, &notice);
    expect("00:01:10 postsuper[1240]: " ID ": placed on hold\n"
           "00:01:10 postsuper[1240]: " NOTICE_ID ": placed on hold\n"
           "00:01:10 postsuper[1240]: Placed on hold: 2 messages\n"
           "00:01:11 postsuper[1240]: " ID ": released from hold\n"
           "00:01:11 postsuper[1240]: Released from hold: 1 message\n"
           "00:01:12 postsuper[1240]: " ID ": removed\n"
           "00:01:12 postsuper[1240]: Deleted: 1 message\n");
}

Test(maillog_writer, gives_what_is_requeued_a_new_id_but_not_another_message_id)
{
    struct message again = message;

    again.requeues = 1;
    tell_deed(70, OPERATION_REQUEUE, &again);
    expect("00:01:10 postsuper[1240]: " ID ": requeued\n"
           "00:01:10 pickup[1185]: 3D09187000: uid=102 from=<a@s.example> orig_id=" ID "\n"
           "00:01:10 cleanup[1207]: 3D09187000: message-id=<20260601000100." ID "@mx.s.example>\n"
           "00:01:10 postsuper[1240]: Requeued: 1 message\n");
}

Test(maillog_writer, tells_of_a_forced_end)
{
    struct message forced = message;

    forced.forced = 1;
    tell_deed(62, OPERATION_EXPIRE, &forced);
    writer.observer.ops->moved(&writer.observer, 62000000, QUEUE_HOLD, QUEUE_DEFERRED);
    tell_end(&forced, NULL, 0, FATE_EXPIRED);
    expect("00:01:02 postsuper[1240]: " ID ": expired\n"
           "00:01:02 postsuper[1240]: " ID ": released from hold\n"
           "00:01:02 postsuper[1240]: Force-expired: 1 message\n"
           "00:01:02 postsuper[1240]: Released from hold: 1 message\n"
           "00:01:04 qmgr[1186]: " ID
           ": from=<a@s.example>, status=force-expired, returned to sender\n"
           "00:01:04 qmgr[1186]: " ID ": removed\n");
}

Test(maillog_writer, takes_no_other_move_for_a_release)
{
    tell_deed(70, OPERATION_RELEASE, &message);
    writer.observer.ops->moved(&writer.observer, 70000000, QUEUE_HOLD, QUEUE_DEFERRED);
    tell_deed(71, OPERATION_EXPIRE, &message);
    writer.observer.ops->moved(&writer.observer, 71000000, QUEUE_INCOMING, QUEUE_DEFERRED);
    expect("00:01:10 postsuper[1240]: " ID ": released from hold\n"
           "00:01:10 postsuper[1240]: Released from hold: 1 message\n"
           "00:01:11 postsuper[1240]: " ID ": expired\n"
           "00:01:11 postsuper[1240]: Force-expired: 1 message\n");
}

/* ----------------------------------------------------------------------- the file */

/* 4gTDd8 is 1087 s after 4gTDDF, a second of a recorded log. */
Test(maillog_writer, has_long_ids_in_message_ids_alone)
{
    writer.catalogue.long_queue_ids = true;
    writer.observer.ops->arrived(&writer.observer, &message, 2);
    const char *log = written();
    cr_expect_not_null(strstr(log, "cleanup[1207]: 4gTDd81mRhz48ZL: "
                                   "message-id=<4gTDd81mRhz48ZL@mx.s.example>\n"),
                       "%s", log);
}

Test(maillog_writer, leaves_nothing_behind_when_it_is_dropped)
{
    struct stat status;

    writer.observer.ops->arrived(&writer.observer, &message, 2);
    maillog_writer_discard(&writer);
    cr_expect_neq(stat(path, &status), 0);
}

Test(maillog_writer, cannot_begin_where_there_is_no_folder)
{
    const struct maillog_options options = {MAILLOG_TRADITIONAL, "mx", 2};
    struct maillog_writer other;
    struct err err = {0};
    char *nowhere = alloc_printf("%s/none/mail.log", folder);
    char *nameless = alloc_printf("%s/", folder);

    cr_expect_not(maillog_writer_open(&other, nowhere, &catalogue, &options, &err));
    cr_expect_eq(err.status, EX_CANTCREAT);
    cr_expect_not(maillog_writer_open(&other, nameless, &catalogue, &options, &err));
    cr_expect_eq(err.status, EX_CANTCREAT);
    free(nowhere);
    free(nameless);
}

Test(maillog_writer, puts_no_field_into_a_host_name)
{
    const struct maillog_options options = {MAILLOG_TRADITIONAL, "m x: y\n.s", 2};
    struct maillog_writer other;
    struct err err;
    char *beside = alloc_printf("%s/other", folder);

    cr_assert(maillog_writer_open(&other, beside, &catalogue, &options, &err));
    cr_expect_str_eq(other.hostname, "m?x??y?.s");
    cr_expect_str_eq(other.host, "m?x??y?");
    maillog_writer_discard(&other);
    free(beside);
}

Test(maillog_writer, a_new_queue_manager_is_told)
{
    writer.observer.ops->restarted(&writer.observer, 60250000);
    expect("00:01:00 master[1184]: reload -- version 3.7.11, configuration /etc/postfix\n");
}
