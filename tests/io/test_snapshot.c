/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is listed of messages, told by hand; cli/check_snapshot.sh has whole runs. */
#include "io/snapshot.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/scenario_conf.h"
#include "sim/alloc.h"

static char folder[] = P_tmpdir "/tempfail-snapshot-XXXXXX";
static struct scenario scenario;
static struct catalogue catalogue;
static struct snapshots snapshots;

static void make_world(void)
{
    static const char text[] = "start = 2026-06-01T00:00:00.75Z\n"
                               "traffic mail { arrivals = burst count = 9 sender = 'a@s.example'\n"
                               "recipients = { '@b.example' } recipients_each = 3\n"
                               "size_bytes = 2047 }";
    struct err err;

    cr_assert_not_null(mkdtemp(folder));
    cr_assert(scenario_read_text(&scenario, text, strlen(text), "x.conf", &err), "%s", err.text);
    catalogue = (struct catalogue){&scenario, {.seed = 1}, false};
}

static void forget_world(void)
{
    snapshots_discard(&snapshots);
    cr_expect_eq(rmdir(folder), 0, "files are left");
    scenario_fini(&scenario);
}

TestSuite(snapshot, .init = make_world, .fini = forget_world);

static void open_in(const char *where, const sim_time *moments, size_t count)
{
    struct err err;

    cr_assert(snapshots_open(&snapshots, where, &catalogue, moments, count, &err), "%s", err.text);
}

/* One that is there: its bytes, and then it is not. */
static const char *take(const char *name)
{
    static char text[4096];
    char *path = alloc_printf("%s/%s", folder, name);
    FILE *file = fopen(path, "r");

    cr_assert_not_null(file, "%s", path);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    unlink(path);
    free(path);
    return text;
}

static void expect(const char *name, const char *want)
{
    const char *got = take(name);

    cr_expect_str_eq(got, want, "%s: \n%s not \n%s", name, got, want);
}

static void commit(void)
{
    struct err err;

    cr_assert(snapshots_commit(&snapshots, &err), "%s", err.text);
}

/* ------------------------------------------------------------------ events */

static const struct observer_ops *ops(void)
{
    return snapshots.listing.observer.ops;
}

static void arrives(const struct message *message, uint32_t recipients)
{
    ops()->arrived(&snapshots.listing.observer, message, recipients);
}

static void operates(const struct message *message, enum operation_kind kind)
{
    ops()->operated(&snapshots.listing.observer, message->arrival, kind, message, NULL);
}

static void attempts(const struct message *message, uint32_t recipient, sim_time end)
{
    static const struct reply busy = {450, OUTCOME_DEFERRED, "4.2.0", (char *)"450 busy", false};
    uint32_t site = names_find(&scenario.domains, "b.example", strlen("b.example"));
    struct attempt attempt = {.recipient = recipient,
                              .site = site,
                              .end = end,
                              .outcome = OUTCOME_DEFERRED,
                              .stage = STAGE_MAIL,
                              .reply = &busy};

    ops()->attempted(&snapshots.listing.observer, message, 0, &attempt);
}

static void finishes(sim_time at)
{
    ops()->finished(&snapshots.listing.observer, at);
}

#define HEADINGS "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
#define NO_REASON "                                                          (reason unavailable)\n"

/* Comes 0.5 s after 00:00:00.75: in second 1. Its last recipient is the first that was tried. */
Test(snapshot, lists_first_who_has_a_reason)
{
    static const sim_time end = SIM_NEVER;
    struct message message = {.arrival = 500000};

    open_in(folder, &end, 1);
    arrives(&message, 3);
    attempts(&message, 2, SIM_SECOND);
    finishes(3 * SIM_SECOND);
    commit();
    expect("snapshot-end.postqueue-p.txt",
           HEADINGS "7A12080000     2047 Mon Jun  1 00:00:01  a@s.example\n"
                    "(host mx.b.example[192.0.2.114] said: 450 busy (in reply to MAIL FROM "
                    "command))\n"
                    "                                         mail.0.2@b.example\n" NO_REASON
                    "                                         mail.0@b.example\n"
                    "                                         mail.0.1@b.example\n"
                    "\n-- 1 Kbytes in 1 Request.\n");
    expect("snapshot-end.postqueue-j.jsonl",
           "{\"queue_name\": \"incoming\", \"queue_id\": \"7A12080000\", \"arrival_time\": "
           "1780272001, \"message_size\": 2047, \"forced_expire\": false, \"sender\": "
           "\"a@s.example\", \"recipients\": [{\"address\": \"mail.0.2@b.example\", "
           "\"delay_reason\": \"host mx.b.example[192.0.2.114] said: 450 busy (in reply to MAIL "
           "FROM command)\"}, {\"address\": \"mail.0@b.example\"}, {\"address\": "
           "\"mail.0.1@b.example\"}]}\n");
    take("snapshot-end.qshape.txt");
    take("snapshot-end.qshape-deferred.txt");
}

/* Of age 299 and 300 by the whole seconds, as the clock of the scenario has them. */
Test(snapshot, counts_ages_in_each_queue_by_themselves)
{
    static const sim_time moment = 300 * SIM_SECOND;
    struct message fresh = {.arrival = 250000}, waiting = {.number = 1, .arrival = 249999};
    struct message held = {.number = 2, .arrival = 300000};

    open_in(folder, &moment, 1);
    arrives(&waiting, 3);
    arrives(&fresh, 3);
    arrives(&held, 3);
    operates(&waiting, OPERATION_RELEASE);
    operates(&held, OPERATION_HOLD);
    finishes(moment);
    commit();
    cr_expect_not_null(strstr(take("snapshot-0000000300.qshape.txt"),
                              "TOTAL  3  3  0  0  0  0   0   0   0    0     0\n"));
    cr_expect_not_null(strstr(take("snapshot-0000000300.qshape-deferred.txt"),
                              "TOTAL  3  0  3  0  0  0   0   0   0    0     0\n"));
    cr_expect_not_null(strstr(take("snapshot-0000000300.postqueue-p.txt"), "in 3 Requests"));
    cr_expect_not_null(strstr(take("snapshot-0000000300.postqueue-j.jsonl"), "\"hold\""));
}

Test(snapshot, of_a_notice_is_from_nobody_without_size)
{
    static const sim_time end = SIM_NEVER;
    struct message notice = {.notice = 1};

    open_in(NULL, &end, 1);
    arrives(&notice, 1);
    operates(&notice, OPERATION_EXPIRE);
    finishes(0);
    commit();

    char *got = NULL;
    size_t length;
    FILE *memory = open_memstream(&got, &length);
    struct err err;
    cr_expect(snapshots_print(&snapshots, memory, &err));
    fclose(memory);
    cr_expect_str_eq(got, "\nsnapshot 0\n" HEADINGS
                          "0000080001#       0 Mon Jun  1 00:00:00  MAILER-DAEMON\n"
                          "                                         a@s.example\n"
                          "\n-- 0 Kbytes in 1 Request.\n");
    free(got);
}

Test(snapshot, prints_one_moment_after_the_other)
{
    static const sim_time moments[] = {SIM_SECOND, 2 * SIM_SECOND};
    struct message message = {.arrival = SIM_SECOND + 1};
    char *got = NULL;
    size_t length;
    struct err err;

    open_in(NULL, moments, 2);
    arrives(&message, 1);
    operates(&message, OPERATION_DELETE);
    finishes(3 * SIM_SECOND);
    FILE *memory = open_memstream(&got, &length);
    cr_expect(snapshots_print(&snapshots, memory, &err));
    fclose(memory);
    cr_expect_str_eq(got, "\nsnapshot 1\nMail queue is empty\n"
                          "\nsnapshot 2\nMail queue is empty\n");
    free(got);
}

Test(snapshot, leaves_nothing_unless_it_is_committed)
{
    static const sim_time moments[] = {0, SIM_NEVER};

    open_in(folder, moments, 2);
    finishes(0);
    snapshots_discard(&snapshots);
    snapshots_discard(&snapshots);
}

Test(snapshot, fails_where_no_file_can_be)
{
    static const sim_time end = SIM_NEVER;
    char *below = alloc_printf("%s/snapshot-end.qshape.txt", folder), *path;
    struct err err;

    path = alloc_printf("%s/.snapshot-end.qshape.txt.%ld", folder, (long)getpid());
    cr_assert(output_make_folder(path, &err));
    cr_expect_not(snapshots_open(&snapshots, folder, &catalogue, &end, 1, &err));
    cr_expect_not_null(strstr(err.text, below), "%s", err.text);
    rmdir(path);
    free(path);
    free(below);
}
