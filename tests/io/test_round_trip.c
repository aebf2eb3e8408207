/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios made from a number are run once, with a log and a listing of the
 * queue. From these files alone must come the settings, the scan of every retry,
 * the life of every message, and what is to come of the queue. That number is
 * the seed that a failure names.
 *
 * Answers take any time. A replay has that from delays=, which has two digits, and
 * from the second in which the trip ended, which decides the next scan.
 */
#include "tests/io/round_trip.h"

#define SEEDS 30

TestSuite(round_trip, .timeout = 240);

static void expect_scans(const struct trip *trip)
{
    cr_expect_eq(trip->check.on_scan, trip->check.retries,
                 "seed %" PRIu64 ": %" PRIu64 " of %" PRIu64 " retries on their scan", trip->seed,
                 trip->check.on_scan, trip->check.retries);
}

static void expect_all(uint64_t seed, const struct course *course)
{
    cr_expect_eq(course->fates, course->messages, "seed %" PRIu64 ": %zu of %zu fates", seed,
                 course->fates, course->messages);
    cr_expect_eq(course->scans, course->trips, "seed %" PRIu64 ": %zu of %zu trips", seed,
                 course->scans, course->trips);
    cr_expect_eq(course->again, course->trips, "seed %" PRIu64, seed);
}

static void add(struct course *all, const struct course *course)
{
    all->messages += course->messages;
    all->fates += course->fates;
    all->trips += course->trips;
    all->scans += course->scans;
    all->again += course->again;
    all->wrong += course->wrong;
    all->tried += course->tried;
    all->expired += course->expired;
}

/* A forecast holds for a queue that nobody lays hands on. */
static void make(uint64_t seed, enum trip_kind kind, struct course *all)
{
    struct course course = {0};
    struct trip trip;

    trip_init(&trip, seed, kind);
    trip_make(&trip);
    course.wrong = wrong_settings(&trip);
    replay(&trip, &course);
    if (kind != TRIP_OPERATED) {
        expect_scans(&trip);
        struct prediction prediction = predict(&trip);
        course.tried = prediction.tried;
        course.expired = prediction.expired;
    }
    if (kind == TRIP_ALONE)
        expect_all(seed, &course);
    add(all, &course);
    trip_fini(&trip);
}

static struct course make_all(enum trip_kind kind)
{
    struct course all = {0};

    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        make(seed, kind, &all);
    fprintf(
        stderr,
        "%zu of %zu fates, %zu of %zu trips (replayed: %zu), foretold: %zu tried, %zu expired\n",
        all.fates, all.messages, all.scans, all.trips, all.again, all.tried, all.expired);
    cr_expect_gt(all.messages, 1500);
    cr_expect_gt(all.trips, 10000);
    return all;
}

Test(round_trip, what_a_run_wrote_tells_its_settings_and_its_course)
{
    struct course all = make_all(TRIP_ALONE);

    cr_expect_eq(all.wrong, 0);
    cr_expect_gt(all.tried, 300);
    cr_expect_gt(all.expired, 200);
}

/*
 * Where mail waits for agents and sites die of it, the log tells too who was first: by its
 * lines. It does not tell of waits of ten seconds and more but in whole seconds, nor where in the
 * directory a notice stands that is made anew: 1 fate of 1844, and 23 of 21444 trips, come out
 * otherwise.
 */
Test(round_trip, what_a_crowded_run_wrote_tells_nearly_all_of_it)
{
    struct course all = make_all(TRIP_CROWDED);

    cr_expect_eq(all.wrong, 0);
    cr_expect_geq(all.fates + 1, all.messages, "%zu of %zu fates", all.fates, all.messages);
    cr_expect_geq(all.scans * 1000, all.trips * 998, "%zu of %zu trips", all.scans, all.trips);
    cr_expect_leq(all.again * 998, all.trips * 1000, "%zu trips again", all.again);
    cr_expect_gt(all.tried, 300);
    cr_expect_gt(all.expired, 200);
}

/*
 * No line tells of a flush. One in the half minute after a scan cannot be told from that, and all
 * that it took is then tried by other scans from there on. Nor does a log tell that a message which
 * was queued anew had its warning before. 5 fates of 1830, 1231 of 24231 trips and 2 settings of
 * 210 come out otherwise.
 */
Test(round_trip, what_an_operated_run_wrote_tells_most_of_it)
{
    struct course all = make_all(TRIP_OPERATED);

    cr_expect_leq(all.wrong, 2, "%zu settings", all.wrong);
    cr_expect_geq(all.fates + 5, all.messages, "%zu of %zu fates", all.fates, all.messages);
    cr_expect_geq(all.scans * 1000, all.trips * 949, "%zu of %zu trips", all.scans, all.trips);
}
