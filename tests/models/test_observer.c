/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/observer.h"

#include <criterion/criterion.h>

/* Writes down who was told, in order. */
struct witness {
    struct observer observer;
    char name;
};

static char told[64];
static size_t told_count;

static void write_down(struct observer *self)
{
    told[told_count++] = CONTAINER_OF(self, struct witness, observer)->name;
}

static void finished(struct observer *self, sim_time at)
{
    cr_expect_eq(at, 42);
    write_down(self);
}

static void activated(struct observer *self, sim_time at, const struct message *message,
                      uint32_t recipients, uint64_t scan)
{
    (void)at, (void)message, (void)recipients, (void)scan;
    write_down(self);
}

static const struct observer_ops attentive = {.finished = finished, .activated = activated};
static const struct observer_ops brief = {.finished = finished};
static const struct observer_ops deaf = {0};

Test(observer, is_told_in_the_order_of_adding)
{
    struct witness a = {{&brief}, 'a'}, b = {{&attentive}, 'b'}, c = {{&brief}, 'c'};
    struct observers observers = {0};

    observers_add(&observers, &b.observer);
    observers_add(&observers, &a.observer);
    observers_add(&observers, &c.observer);
    observers_tell(&observers, finished, 42);
    cr_expect_str_eq(told, "bac");
}

Test(observer, need_not_listen)
{
    struct witness a = {{&deaf}, 'a'}, b = {{&attentive}, 'b'}, c = {{&brief}, 'c'};
    struct observers observers = {0};

    observers_add(&observers, &a.observer);
    observers_add(&observers, &b.observer);
    observers_add(&observers, &c.observer);
    observers_tell(&observers, activated, 0, NULL, 1, 0);
    observers_tell(&observers, finished, 42);
    cr_expect_str_eq(told, "bbc");
}

Test(observer, says_whether_any_wants_to_know_of_activations)
{
    struct witness a = {{&brief}, 'a'}, b = {{&attentive}, 'b'}, c = {{&deaf}, 'c'};
    struct observers observers = {0};

    observers_tell(&observers, finished, 42);
    observers_add(&observers, &a.observer);
    cr_expect(!observers.any_activated);
    observers_add(&observers, &b.observer);
    cr_expect(observers.any_activated);
    observers_add(&observers, &c.observer);
    cr_expect(observers.any_activated);
}

Test(observer, may_be_as_many_as_there_is_room_for)
{
    struct witness a = {{&brief}, 'a'};
    struct observers observers = {0};

    for (int i = 0; i < MOST_OBSERVERS; i++)
        observers_add(&observers, &a.observer);
    observers_tell(&observers, finished, 42);
    cr_expect_eq(told_count, MOST_OBSERVERS);
}

Test(observer, is_refused_beyond_that, .exit_code = 70)
{
    struct witness a = {{&brief}, 'a'};
    struct observers observers = {0};

    for (int i = 0; i <= MOST_OBSERVERS; i++)
        observers_add(&observers, &a.observer);
}
