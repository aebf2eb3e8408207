/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "models/mta/postfix/parameters.h"
#include "models/traffic/trace.h"
#include "sim/alloc.h"

/* An MTA that writes down what it is given, and when. */
#define MOST 4096

static struct {
    struct message_id id;
    sim_time at;
} given[MOST];
static size_t given_count;
static int closed;
static int begun_before; /* how often the beginning was told before the MTA was there */
static sim_time told_finished;

static struct mta *start(const struct mta_port *port, const void *settings)
{
    struct mta *mta = alloc_zeroed(sizeof *mta);

    cr_expect_eq(port->sim->now, 0);
    cr_expect_eq(begun_before, 1);
    mta->ops = settings; /* its own */
    mta->port = *port;
    return mta;
}

static void submit(struct mta *self, struct message_id id)
{
    cr_assert(given_count < MOST);
    given[given_count].id = id;
    given[given_count++].at = self->port.sim->now;
}

static void close(struct mta *self)
{
    (void)self;
    closed++;
}

static void free_mta(struct mta *self)
{
    cr_expect_eq(closed, 1);
    free(self);
}

static const struct mta_ops clerk = {.name = "clerk",
                                     .summary = "-",
                                     .start = start,
                                     .submit = submit,
                                     .close = close,
                                     .free = free_mta};

static void finished(struct observer *self, sim_time at)
{
    (void)self;
    cr_expect_eq(closed, 1);
    told_finished = at;
}

static struct scenario scenario;

static void begun(struct observer *self, const struct scenario *told)
{
    (void)self;
    cr_expect_eq(told, &scenario);
    begun_before++;
}

static const struct observer_ops ops = {.begun = begun, .finished = finished};

static void begin(void)
{
    scenario_init(&scenario);
}

static void end(void)
{
    scenario_fini(&scenario);
}

TestSuite(world, .init = begin, .fini = end);

static void set(void *settings, const char *kind, const char *name, const char *text)
{
    struct err err;

    cr_assert(
        setting_set(setting_find(traffic_find(kind)->settings, name), settings, text, NULL, &err),
        "%s", err.text);
}

static void add_even(const char *name, const char *rate, const char *from)
{
    struct traffic_spec *traffic = scenario_add_traffic(&scenario, name);

    traffic_set_kind(traffic, traffic_find("even"));
    set(traffic->settings, "even", "rate", rate);
    set(traffic->settings, "even", "from", from);
    traffic_add_destination(traffic, scenario_add_domain_of(&scenario, "@d.example"), 1);
}

static void add_poisson(void)
{
    struct traffic_spec *traffic = scenario_add_traffic(&scenario, "p");

    traffic_set_kind(traffic, traffic_find("poisson"));
    set(traffic->settings, "poisson", "rate", "1/s");
}

static void run(uint64_t seed, uint32_t replication)
{
    struct observer observer = {&ops};
    struct observers observers = {0};

    given_count = 0;
    begun_before = closed = 0;
    if (scenario.domain_of == NULL)
        scenario_ready(&scenario);
    observers_add(&observers, &observer);
    world_run(&(struct run){&scenario, &clerk, &clerk, seed, replication, &observers});
}

/* Before the end, not at it; numbered in order of arrival. */
Test(world, tells_its_observers_that_it_begins_before_anything_happens)
{
    add_even("mail", "1/s", "0");
    scenario.duration = 2 * SIM_SECOND;
    run(1, 0);
    cr_expect_eq(begun_before, 1);
}

Test(world, submits_what_comes_before_the_end)
{
    add_even("a", "1/s", "0");
    scenario.duration = 10 * SIM_SECOND;
    run(1, 0);

    cr_assert_eq(given_count, 10);
    for (uint32_t i = 0; i < 10; i++) {
        cr_expect_eq(given[i].id.number, i);
        cr_expect_eq(given[i].at, i * SIM_SECOND);
        cr_expect(given[i].id.traffic == 0 && given[i].id.notice == 0);
    }
    cr_expect_eq(told_finished, 10 * SIM_SECOND);
}

Test(world, ends_when_nothing_is_left_to_do)
{
    struct traffic_spec *traffic = scenario_add_traffic(&scenario, "b");

    traffic_set_kind(traffic, traffic_find("burst"));
    set(traffic->settings, "burst", "count", "3");
    set(traffic->settings, "burst", "at", "1h");
    run(1, 0);
    cr_expect_eq(given_count, 3);
    cr_expect_eq(told_finished, 3600 * SIM_SECOND);
}

/* At 0 only "a"; from 1 s on both, "a" every second, "b" every half. */
Test(world, mixes_traffics_in_the_order_of_time)
{
    uint32_t numbers[2] = {0, 0};

    add_even("a", "1/s", "0");
    add_even("b", "2/s", "1s");
    scenario.duration = 10 * SIM_SECOND;
    run(1, 0);
    cr_assert_eq(given_count, 10 + 18);
    for (size_t i = 0; i < given_count; i++) {
        uint16_t traffic = given[i].id.traffic;
        cr_expect(i == 0 || given[i].at >= given[i - 1].at);
        cr_expect_eq(given[i].id.number, numbers[traffic]++);
        cr_expect_eq(given[i].at, traffic == 0 ? (sim_time)given[i].id.number * SIM_SECOND
                                               : SIM_SECOND + given[i].id.number * SIM_SECOND / 2);
    }
    cr_expect_eq(numbers[1], 18);
}

Test(world, submits_recorded_mail)
{
    struct traffic_spec *traffic = scenario_add_traffic(&scenario, "t");

    traffic_set_kind(traffic, traffic_find("trace"));
    trace_add(traffic->settings, 5 * SIM_SECOND, scenario_add_name(&scenario, "x"), 0,
              scenario_add_name(&scenario, "r@d.example"), -1);
    traffic->ops->rows->ready(traffic->settings);
    run(1, 0);
    cr_assert_eq(given_count, 1);
    cr_expect_eq(given[0].at, 5 * SIM_SECOND);
}

Test(world, of_no_traffic_is_over_at_once)
{
    run(1, 0);

    cr_expect_eq(given_count, 0);
    cr_expect_eq(told_finished, 0);
}

/* The first hundred arrivals, of a run. */
static void arrivals(uint64_t seed, uint32_t replication, sim_time at[100])
{
    run(seed, replication);
    for (size_t i = 0; i < 100; i++)
        at[i] = given[i].at;
}

Test(world, is_the_same_again)
{
    sim_time first[100], again[100];

    add_poisson();
    scenario.duration = 1000 * SIM_SECOND;
    arrivals(1, 3, first);
    arrivals(1, 3, again);
    cr_expect_arr_eq(first, again, sizeof first);
}

Test(world, is_another_with_another_seed_or_replication)
{
    sim_time first[100], seed[100], replication[100];

    add_poisson();
    scenario.duration = 1000 * SIM_SECOND;
    arrivals(1, 0, first);
    arrivals(2, 0, seed);
    arrivals(1, 1, replication);
    cr_expect_arr_neq(first, seed, sizeof first);
    cr_expect_arr_neq(first, replication, sizeof first);
}

/* Of two streams with the same settings. */
Test(world, gives_each_traffic_luck_of_its_own)
{
    sim_time next[2] = {-1, -1};

    add_poisson();
    add_poisson();
    scenario.duration = 100 * SIM_SECOND;
    run(1, 0);
    for (size_t i = given_count; i-- > 0;)
        next[given[i].id.traffic] = given[i].at;
    cr_expect_neq(next[0], next[1]);
}

/*
 * It starts at 14:00 UTC, the peak of a full swing: of some 240, the first and
 * last six hours hold 1/2 + 1/pi, 0.818; four deviations are 0.1.
 */
Test(world, knows_what_time_of_the_day_it_starts)
{
    struct traffic_spec *traffic = scenario_add_traffic(&scenario, "d");
    const sim_time hour = 3600 * SIM_SECOND;
    size_t by_day = 0;

    traffic_set_kind(traffic, traffic_find("diurnal"));
    set(traffic->settings, "diurnal", "rate", "10/h");
    set(traffic->settings, "diurnal", "swing", "1");
    scenario.start += 14 * hour;
    scenario.duration = 24 * hour;
    run(1, 0);
    for (size_t i = 0; i < given_count; i++)
        by_day += given[i].at < 6 * hour || given[i].at >= 18 * hour;
    cr_expect(given_count > 180 && given_count < 300, "%zu", given_count);
    cr_expect((double)by_day > 0.718 * (double)given_count, "%zu", by_day);
}

/* With a real MTA: what is never answered stays active, and the books balance. */
static struct {
    uint32_t ended, left;
} seen;

static void count_ended(struct observer *self, const struct activation *activation)
{
    (void)self, (void)activation;
    seen.ended++;
}

static void count_left(struct observer *self, sim_time at, const struct message *message,
                       const struct tally *tally)
{
    (void)self, (void)at, (void)message;
    seen.left += tally->queued;
}

Test(world, waits_for_answers_that_never_come)
{
    static const struct observer_ops counting = {.ended = count_ended, .left = count_left};
    struct observer observer = {&counting};
    struct observers observers = {0};
    struct postfix_settings settings;
    struct err err;

    add_even("one", "1/h", "0");
    add_even("two", "1/h", "0");
    scenario.traffics[1].recipients_each = 2;
    scenario.duration = 10 * 3600 * SIM_SECOND;
    struct site_spec *site = scenario_add_site(&scenario, "d.example");
    cr_assert(dist_parse(&site->latency[STAGE_DATA], "mixture(1: never)", NULL, &err));
    scenario_ready(&scenario);
    postfix_settings_init(&settings);
    observers_add(&observers, &observer);
    world_run(&(struct run){&scenario, mta_find("postfix"), &settings, 1, 0, &observers});
    cr_expect_eq(seen.ended, 0);
    cr_expect_eq(seen.left, 30);
}
