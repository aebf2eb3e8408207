/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/transport_table.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "sim/alloc.h"

static struct scenario scenario;
static struct err err;

static void begin(void)
{
    scenario_init(&scenario);
}

static void end(void)
{
    scenario_fini(&scenario);
}

TestSuite(transport_table, .init = begin, .fini = end);

static bool read_it(const char *text)
{
    char *copy = alloc_text(text, strlen(text));
    bool good = transport_table_read(&scenario, copy, strlen(text), "t", &err);

    free(copy);
    return good;
}

static void expect_row(size_t number, const char *pattern, const char *transport,
                       const char *nexthop)
{
    cr_assert_lt(number, scenario.transport_patterns.count);
    cr_expect_str_eq(names_text(&scenario.transport_patterns, (uint32_t)number), pattern);
    cr_expect_str_eq(scenario.transports[number].transport, transport);
    cr_expect_str_eq(scenario.transports[number].nexthop, nexthop);
}

Test(transport_table, has_a_pattern_and_where_it_leads_in_each_line)
{
    cr_assert(read_it("A.example  slow:[Relay.example]:587\n"
                      ".b.example\tsmtp:relay.example\n"
                      "* relay:\n"
                      "c.example :[d.example]\n"
                      "e.example lmtp\n"
                      "f.example error:no mail for it, 5.1.1 \n"));
    cr_expect_eq(scenario.transport_patterns.count, 6);
    expect_row(0, "a.example", "slow", "[Relay.example]:587");
    expect_row(1, ".b.example", "smtp", "relay.example");
    expect_row(2, "*", "relay", "");
    expect_row(3, "c.example", "", "[d.example]");
    expect_row(4, "e.example", "lmtp", "");
    expect_row(5, "f.example", "error", "no mail for it, 5.1.1");
}

Test(transport_table, passes_over_comments_and_blank_lines)
{
    cr_assert(read_it("# a b:\n\n   \n  # c d:\na.example b:\n#\n\nc.example d:"));
    cr_expect_eq(scenario.transport_patterns.count, 2);
    expect_row(0, "a.example", "b", "");
    expect_row(1, "c.example", "d", "");
}

Test(transport_table, goes_on_in_lines_that_begin_with_a_blank)
{
    cr_assert(read_it("a.example\n  slow:\n# no end\n\n\tx\nb.example c:"));
    cr_expect_eq(scenario.transport_patterns.count, 2);
    expect_row(0, "a.example", "slow", " \tx");
    expect_row(1, "b.example", "c", "");
}

Test(transport_table, takes_lines_that_end_with_a_carriage_return)
{
    cr_assert(read_it("a.example b:c\r\n\r\nd.example e:\r\n"));
    expect_row(0, "a.example", "b", "c");
    expect_row(1, "d.example", "e", "");
}

Test(transport_table, takes_the_first_of_two_with_the_same_pattern)
{
    cr_assert(read_it("a.example b:\nA.EXAMPLE c:\nd.example e:"));
    cr_expect_eq(scenario.transport_patterns.count, 2);
    expect_row(0, "a.example", "b", "");
    expect_row(1, "d.example", "e", "");
}

Test(transport_table, may_be_empty)
{
    cr_expect(read_it(""));
    cr_expect(read_it("\n"));
    cr_expect(read_it("#"));
    cr_expect_eq(scenario.transport_patterns.count, 0);
}

static void expect_refused(const char *text, const char *why)
{
    err = (struct err){0};
    cr_expect_not(read_it(text), "%s", text);
    cr_expect_str_eq(err.text, why);
    cr_expect_eq(err.status, EX_DATAERR);
}

Test(transport_table, tells_where_it_is_wrong)
{
    expect_refused("# x\na.example\nb c:\n",
                   "t:2: 'a.example' should be followed by a blank and TRANSPORT:NEXTHOP");
    expect_refused("\na b:\nc d:\n e\nu@f.example b:",
                   "t:5: 'u@f.example' is no pattern: a domain, .domain or * was expected");
    expect_refused("*.example b:", "t:1: '*.example' is no pattern: a domain, .domain or * was "
                                   "expected");
    expect_refused("\n  a.example b:",
                   "t:2: begins with a blank, and there is no line that it goes on with");
    expect_refused("a xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:b",
                   "t:1: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is no "
                   "transport: its name is too long");
}

Test(transport_table, is_a_text)
{
    char text[] = "a b:\0c";

    cr_expect_not(transport_table_read(&scenario, text, sizeof text - 1, "t", &err));
    cr_expect_str_eq(err.text, "t: a NUL byte in it: this is no text");
}
