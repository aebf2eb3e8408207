/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timeline.csv, of events made up here. */
#include "io/timeline_csv.h"

#include <unistd.h>

#include "tests/io/rows.h"

static char folder[] = P_tmpdir "/tempfail-timeline-XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
}

static void forget_folder(void)
{
    char *path = alloc_printf("%s/timeline.csv", folder);

    unlink(path);
    free(path);
    cr_expect_eq(rmdir(folder), 0);
}

TestSuite(timeline_csv, .init = make_folder, .fini = forget_folder);

#define TIMELINE                                                                                   \
    "replication,time_s,arrived,attempts,connections,sent,deferred,suspended,bounced,expired,"     \
    "incoming,active,deferred_queue,hold,busy,dead_sites,busy_max"

static void arrive(struct timeline_csv *csv, sim_time at)
{
    struct message new = {.arrival = at};

    csv->observer.ops->arrived(&csv->observer, &new, 1);
}

static void activate(struct timeline_csv *csv, sim_time at, uint64_t scan)
{
    struct message message = {.arrival = at};

    csv->observer.ops->activated(&csv->observer, at, &message, 1, scan);
}

static void end_trip(struct timeline_csv *csv, sim_time at, enum outcome outcome, enum fate fate)
{
    struct attempt attempt = {.outcome = outcome};
    struct activation activation = {
        .end = at, .attempts = &attempt, .count = 1, .fate = fate, .tally = {.expired = 1}};

    csv->observer.ops->ended(&csv->observer, &activation);
}

Test(timeline_csv, counts_what_happens_in_each_bin)
{
    struct timeline_csv csv;
    struct err err;

    cr_assert(timeline_csv_open(&csv, folder, 10 * SIM_SECOND, &err), "%s", err.text);
    timeline_csv_begin(&csv, 2);
    arrive(&csv, 0);
    activate(&csv, 0, 0);
    arrive(&csv, 9999999);
    arrive(&csv, 10000000);
    activate(&csv, 10000000, 0);
    activate(&csv, 10000000, 0);
    end_trip(&csv, 12000000, OUTCOME_SENT, FATE_REMOVED);
    end_trip(&csv, 13000000, OUTCOME_DEFERRED, FATE_DEFERRED);
    end_trip(&csv, 14000000, OUTCOME_SUSPENDED, FATE_DEFERRED);
    activate(&csv, 40000000, 1);
    activate(&csv, 40000000, SCAN_FLUSH);
    end_trip(&csv, 41000000, OUTCOME_BOUNCED, FATE_REMOVED);
    end_trip(&csv, 42000000, OUTCOME_DEFERRED, FATE_EXPIRED);
    csv.observer.ops->finished(&csv.observer, 45000000);
    expect_rows(&csv.output, TIMELINE,
                "2,0.000,2,0,0,0,0,0,0,0,1,1,0,0,0,0,0\n"
                "2,10.000,1,3,2,1,1,1,0,0,0,0,2,0,0,0,0\n"
                "2,20.000,0,0,0,0,0,0,0,0,0,0,2,0,0,0,0\n"
                "2,30.000,0,0,0,0,0,0,0,0,0,0,2,0,0,0,0\n"
                "2,40.000,0,2,2,0,1,0,1,1,0,0,0,0,0,0,0\n");
}

Test(timeline_csv, begins_each_replication_anew)
{
    struct timeline_csv csv;
    struct err err;

    cr_assert(timeline_csv_open(&csv, folder, 10 * SIM_SECOND, &err), "%s", err.text);
    timeline_csv_begin(&csv, 0);
    arrive(&csv, 5000000);
    csv.observer.ops->finished(&csv.observer, 10000000);
    timeline_csv_begin(&csv, 1);
    csv.observer.ops->finished(&csv.observer, 5000000);
    expect_rows(&csv.output, TIMELINE,
                "0,0.000,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0\n"
                "1,0.000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n");
}

Test(timeline_csv, writes_a_bin_for_mail_at_the_very_start)
{
    struct timeline_csv csv;
    struct err err;

    cr_assert(timeline_csv_open(&csv, folder, 10 * SIM_SECOND, &err), "%s", err.text);
    timeline_csv_begin(&csv, 0);
    csv.observer.ops->finished(&csv.observer, 0);
    timeline_csv_begin(&csv, 1);
    arrive(&csv, 0);
    csv.observer.ops->finished(&csv.observer, 0);
    expect_rows(&csv.output, TIMELINE, "1,0.000,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0\n");
}

/* Held, released, requeued, deleted; an agent at work, and a site that dies and comes back. */
Test(timeline_csv, shows_how_full_the_queues_are)
{
    struct timeline_csv csv;
    const struct observer_ops *ops;
    struct err err;

    cr_assert(timeline_csv_open(&csv, folder, 10 * SIM_SECOND, &err), "%s", err.text);
    timeline_csv_begin(&csv, 0);
    ops = csv.observer.ops;
    arrive(&csv, 0);
    activate(&csv, 0, 0);
    end_trip(&csv, 1000000, OUTCOME_DEFERRED, FATE_DEFERRED);
    ops->moved(&csv.observer, 2000000, QUEUE_DEFERRED, QUEUE_HOLD);
    ops->busied(&csv.observer, 3000000, 1, 1);
    ops->site_changed(&csv.observer, 3000000, 1, true);
    ops->moved(&csv.observer, 12000000, QUEUE_HOLD, QUEUE_DEFERRED);
    ops->busied(&csv.observer, 13000000, 1, -1);
    ops->site_changed(&csv.observer, 13000000, 1, false);
    ops->moved(&csv.observer, 22000000, QUEUE_DEFERRED, QUEUE_INCOMING);
    ops->moved(&csv.observer, 32000000, QUEUE_INCOMING, QUEUE_NONE);
    ops->finished(&csv.observer, 40000000);
    expect_rows(&csv.output, TIMELINE,
                "0,0.000,1,1,1,0,1,0,0,0,0,0,0,1,1,1,1\n"
                "0,10.000,0,0,0,0,0,0,0,0,0,0,1,0,0,0,1\n"
                "0,20.000,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0\n"
                "0,30.000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n");
}

/* Two at once early in the first bin, one goes on into the second, whose end finds none. */
Test(timeline_csv, tells_the_most_that_was_busy_in_each_bin)
{
    struct timeline_csv csv;
    const struct observer_ops *ops;
    struct err err;

    cr_assert(timeline_csv_open(&csv, folder, 10 * SIM_SECOND, &err), "%s", err.text);
    timeline_csv_begin(&csv, 0);
    ops = csv.observer.ops;
    ops->busied(&csv.observer, 1000000, 1, 1);
    ops->busied(&csv.observer, 2000000, 2, 1);
    ops->busied(&csv.observer, 3000000, 2, -1);
    ops->busied(&csv.observer, 11000000, 1, -1);
    ops->finished(&csv.observer, 30000000);
    expect_rows(&csv.output, TIMELINE,
                "0,0.000,0,0,0,0,0,0,0,0,0,0,0,0,1,0,2\n"
                "0,10.000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1\n"
                "0,20.000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n");
}

Test(timeline_csv, says_where_no_file_can_be)
{
    struct timeline_csv csv;
    struct err err;

    cr_expect_not(timeline_csv_open(&csv, "not/there", SIM_SECOND, &err));
    cr_expect_str_eq(err.text, "not/there/timeline.csv: No such file or directory");
    output_discard(&csv.output);
}
