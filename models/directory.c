/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/directory.h"

#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"

/* Lines of one scan follow each other more closely than this. */
#define WITHIN_SCAN SIM_SECOND

struct directory_visit {
    sim_time at;
    uint64_t line;
    uint32_t message;
    uint32_t next; /* the message that the same scan took after it; DIRECTORY_NOWHERE: none */
};

void directory_add(struct directory *directory, uint32_t message, sim_time at, uint64_t line)
{
    directory->visits = alloc_grow(directory->visits, &directory->room, directory->count + 1,
                                   sizeof *directory->visits);
    directory->visits[directory->count++] =
        (struct directory_visit){at, line, message, DIRECTORY_NOWHERE};
}

void directory_each(const struct directory *directory,
                    void (*tell)(void *user, uint32_t message, sim_time at), void *user)
{
    for (size_t i = 0; i < directory->count; i++)
        tell(user, directory->visits[i].message, directory->visits[i].at);
}

void directory_fini(struct directory *directory)
{
    free(directory->visits);
}

/* ---- who follows whom ---- */

static int by_line(const void *a, const void *b)
{
    const struct directory_visit *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static int by_message(const void *a, const void *b)
{
    const struct directory_visit *x = a, *y = b;

    if (x->message != y->message)
        return x->message < y->message ? -1 : 1;
    return by_line(a, b);
}

static void link_visits(struct directory *directory)
{
    struct directory_visit *visits = directory->visits;

    if (directory->count > 0)
        qsort(visits, directory->count, sizeof *visits, by_line);
    for (size_t i = 1; i < directory->count; i++) {
        if (visits[i].at - visits[i - 1].at <= WITHIN_SCAN)
            visits[i - 1].next = visits[i].message;
    }
    if (directory->count > 0)
        qsort(visits, directory->count, sizeof *visits, by_message);
}

/* ---- one order of all ---- */

/* Depth first, and numbered from the end: each comes before all that follow it. */
struct walk {
    const struct directory *directory;
    size_t *next;     /* by message: of its visits, the first that was not followed yet */
    uint32_t *places; /* DIRECTORY_NOWHERE; on the way there: ON_THE_WAY */
    uint32_t *way;    /* the messages that led to where we are */
    size_t length;
    uint32_t left; /* places */
};
#define ON_THE_WAY (DIRECTORY_NOWHERE - 1)

static void enter(struct walk *walk, uint32_t message)
{
    walk->places[message] = ON_THE_WAY;
    walk->way[walk->length++] = message;
}

/* Follows the way to its end, and back. */
static void follow(struct walk *walk)
{
    const struct directory *directory = walk->directory;

    while (walk->length > 0) {
        uint32_t message = walk->way[walk->length - 1];
        size_t visit = walk->next[message]++;
        if (visit == directory->count || directory->visits[visit].message != message) {
            walk->places[message] = --walk->left;
            walk->length--;
            continue;
        }
        uint32_t after = directory->visits[visit].next;
        if (after != DIRECTORY_NOWHERE && walk->places[after] == DIRECTORY_NOWHERE)
            enter(walk, after);
    }
}

static uint32_t note_first_visits(struct walk *walk)
{
    const struct directory *directory = walk->directory;
    uint32_t messages = 0;

    for (size_t i = 0; i < directory->count; i++) {
        uint32_t message = directory->visits[i].message;
        if (i > 0 && message == directory->visits[i - 1].message)
            continue;
        walk->next[message] = i;
        messages++;
    }
    return messages;
}

uint32_t *directory_places(struct directory *directory, size_t messages)
{
    struct walk walk = {
        .directory = directory,
        .next = alloc_zeroed((messages + 1) * sizeof *walk.next),
        .places = alloc_zeroed((messages + 1) * sizeof *walk.places),
    };

    link_visits(directory);
    for (size_t i = 0; i < messages; i++)
        walk.places[i] = DIRECTORY_NOWHERE;
    walk.left = note_first_visits(&walk);
    walk.way = alloc_zeroed((walk.left + 1) * sizeof *walk.way);
    for (size_t i = directory->count; i-- > 0;) {
        uint32_t message = directory->visits[i].message;
        REQUIRE(message < messages);
        if (walk.places[message] != DIRECTORY_NOWHERE)
            continue;
        enter(&walk, message);
        follow(&walk);
    }
    free(walk.way);
    free(walk.next);
    return walk.places;
}
