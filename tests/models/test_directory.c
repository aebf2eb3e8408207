/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One order of all messages, from what scans took. */
#include "models/directory.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct directory directory;
static uint64_t lines;

static void begin(void)
{
    directory = (struct directory){0};
    lines = 0;
}

static void end(void)
{
    directory_fini(&directory);
}

TestSuite(directory, .init = begin, .fini = end);

/* A scan takes messages 'a' to 'z' in this order, all in one second. */
static void scan(double at, const char *messages)
{
    for (; *messages != '\0'; messages++)
        directory_add(&directory, (uint32_t)(*messages - 'a'), (sim_time)(at * 1e6), ++lines);
}

/* The messages by their places. */
static void expect(const char *order)
{
    uint32_t *places = directory_places(&directory, 26);
    char text[27] = "";

    for (uint32_t i = 0; i < 26; i++) {
        if (places[i] != DIRECTORY_NOWHERE) {
            cr_assert_lt(places[i], 26);
            text[places[i]] = (char)('a' + i);
        }
    }
    free(places);
    cr_expect_str_eq(text, order);
}

Test(directory, has_the_order_of_a_scan)
{
    scan(300, "qcaz");
    expect("qcaz");
}

/* c a, a z and z b: only c a z b. */
Test(directory, joins_what_scans_took)
{
    scan(300, "az");
    scan(600, "ca");
    scan(900, "zb");
    scan(1200, "cb");
    expect("cazb");
}

/* The line decides where stamps are whole seconds; of lines merged out of order, the stamp. */
Test(directory, has_the_order_of_time_and_then_of_lines)
{
    directory_add(&directory, 1, 600 * SIM_SECOND, 1);
    directory_add(&directory, 0, 600 * SIM_SECOND - 1, 2);
    directory_add(&directory, 3, 600 * SIM_SECOND, 4);
    directory_add(&directory, 2, 600 * SIM_SECOND, 3);
    expect("abcd");
}

/* A scan of some seconds is one; two scans tell nothing of each other. */
Test(directory, knows_where_a_scan_ends)
{
    scan(300, "b");
    scan(301, "a");
    scan(302.001, "a");
    scan(302.002, "c");
    expect("bac");
    scan(1200, "cz");
    scan(1201.5, "b");
    expect("bacz");
}

/* The order of "ab" cannot hold with that of "ba": every message has a place all the same. */
Test(directory, is_an_order_where_scans_contradict_each_other)
{
    scan(300, "abc");
    scan(600, "ba");
    uint32_t *places = directory_places(&directory, 4);
    cr_expect_eq(places[0] + places[1] + places[2], 3);
    cr_expect_lt(places[1], places[2]);
    cr_expect_eq(places[3], DIRECTORY_NOWHERE);
    free(places);
}

Test(directory, may_be_empty)
{
    expect("");
}

#define MANY 1000000

/* Each number below MANY once. */
static uint32_t jumbled(uint32_t i)
{
    return (uint32_t)((uint64_t)i * 7919 % MANY);
}

/* Long ways do not go deep. Every other one is taken by the second scan. */
Test(directory, holds_a_million_messages)
{
    for (uint32_t i = 0; i < MANY; i++)
        directory_add(&directory, jumbled(i), 300 * SIM_SECOND, i);
    for (uint32_t i = 0; i < MANY; i += 2)
        directory_add(&directory, jumbled(i), 600 * SIM_SECOND, MANY + i);
    uint32_t *places = directory_places(&directory, MANY);
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert_eq(places[jumbled(i)], i);
    free(places);
}
