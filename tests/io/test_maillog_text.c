/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Spans, addresses and lines as Postfix writes them. Spans: util/format_tv.c with two digits that
 * count, as global/log_adhoc.c asks for.
 */
#include "io/maillog_text.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/alloc.h"
#include "tests/io/rows.h"

/* ------------------------------------------------------------------- spans */

struct span_row {
    sim_time span; /* microseconds */
    unsigned decimals;
    char want[16];
};

ParameterizedTestParameters(maillog_text, spans_have_two_digits_that_count)
{
    static struct span_row rows[] = {
        {-2500000, 2, "0"},        {0, 2, "0"},           {4999, 2, "0"},      {5000, 2, "0.01"},
        {20000, 2, "0.02"},        {100000, 2, "0.1"},    {994999, 2, "0.99"}, {995000, 2, "1"},
        {1049999, 2, "1"},         {1050000, 2, "1.1"},   {3049999, 2, "3"},   {6249999, 2, "6.2"},
        {9949999, 2, "9.9"},       {9950000, 2, "10"},    {10499999, 2, "10"}, {10500000, 2, "11"},
        {46618500000, 2, "46619"}, {100000000, 2, "100"}, {450000, 0, "0"},    {500000, 0, "1"},
        {1500000, 0, "2"},         {140000, 1, "0.1"},    {150000, 1, "0.2"},  {1250000, 1, "1.3"},
        {1234, 3, "0.001"},        {12345, 3, "0.012"},   {12500, 3, "0.013"}, {99499, 3, "0.099"},
        {99500, 3, "0.1"},         {123456, 3, "0.12"},   {1234567, 6, "1.2"}, {12, 6, "0.000012"},
        {99, 6, "0.000099"},       {125, 6, "0.00013"},   {1, 6, "0.000001"},  {1, 5, "0"},
        {999999, 6, "1"},
    };

    return cr_make_param_array(struct span_row, rows, sizeof rows / sizeof rows[0]);
}

ParameterizedTest(struct span_row *row, maillog_text, spans_have_two_digits_that_count)
{
    char text[MAILLOG_SECONDS_ROOM];

    maillog_seconds(text, row->span, row->decimals);
    cr_expect_str_eq(text, row->want, "%lld us in %u: %s, not %s", (long long)row->span,
                     row->decimals, text, row->want);
}

/* --------------------------------------------------------------- addresses */

static void expect_address(const char *address, const char *want)
{
    char text[100];

    maillog_address(text, sizeof text, address);
    cr_expect_str_eq(text, want, "%s: %s, not %s", address, text, want);
}

Test(maillog_text, puts_local_parts_in_quotes_that_could_be_misread)
{
    expect_address("", "");
    expect_address("u@d.example", "u@d.example");
    expect_address("postmaster", "postmaster");
    expect_address("a.b+c=d!#$%&'*/?^_`{|}~-@d.example", "a.b+c=d!#$%&'*/?^_`{|}~-@d.example");
    expect_address("\xc3\xa9@d.example", "\xc3\xa9@d.example");
    expect_address("a b@d.example", "\"a b\"@d.example");
    expect_address("u>, relay=x@d.example", "\"u>, relay=x\"@d.example");
    expect_address("a@b@d.example", "\"a@b\"@d.example");
    expect_address("say \"a\\b\"@d.example", "\"say \\\"a\\\\b\\\"\"@d.example");
    expect_address("a..b@d.example", "\"a..b\"@d.example");
    expect_address(".a@d.example", "\".a\"@d.example");
    expect_address("a.@d.example", "\"a.\"@d.example");
    expect_address("@d.example", "\"\"@d.example");
}

Test(maillog_text, quotes_no_local_part_twice)
{
    expect_address("\"a b\"@d.example", "\"a b\"@d.example");
    expect_address("\"@d.example", "\"\\\"\"@d.example");
}

Test(maillog_text, cuts_addresses_that_have_no_room)
{
    char text[4];

    maillog_address(text, sizeof text, "user@d");
    cr_expect_str_eq(text, "use");
    maillog_address(text, sizeof text, "\\\\@d");
    cr_expect_str_eq(text, "\"\\\\");
    maillog_address(text, 1, "user@d");
    cr_expect_str_eq(text, "");
}

/* ------------------------------------------------------------------- lines */

static char folder[] = P_tmpdir "/tempfail-lines-XXXXXX";
static struct output output;
static char text[4096];

static void begin(void)
{
    struct err err;

    cr_assert_not_null(mkdtemp(folder));
    cr_assert(output_open(&output, folder, "mail.log", &err), "%s", err.text);
}

/* What was written. */
static const char *end(void)
{
    char *path = alloc_printf("%s/mail.log", folder);
    struct err err;

    cr_assert(output_commit(&output, &err), "%s", err.text);
    int file = open(path, O_RDONLY);
    cr_assert_geq(file, 0);
    ssize_t length = read(file, text, sizeof text - 1);
    text[length < 0 ? 0 : length] = '\0';
    close(file);
    unlink(path);
    rmdir(folder);
    free(path);
    return text;
}

/* 2026-06-01T00:00:09.25Z */
#define INSTANT (INT64_C(1780272009) * SIM_SECOND + 250000)

Test(maillog_text, begins_lines_as_the_daemon_would)
{
    begin();
    maillog_put_line(&output, MAILLOG_TRADITIONAL, "mx", INSTANT, MAILLOG_QMGR, "%s: removed", "A");
    maillog_put_line(&output, MAILLOG_RFC3339, "mx", INSTANT, MAILLOG_SMTP, "%d", 1);
    maillog_put_line(&output, MAILLOG_RFC5424, "mx", INSTANT, MAILLOG_ERROR, "%d", 2);
    maillog_put_line(&output, MAILLOG_TRADITIONAL, "mx", INSTANT - 10 * SIM_SECOND,
                     MAILLOG_POSTSUPER, "x");
    cr_expect_str_eq(end(), "Jun  1 00:00:09 mx postfix/qmgr[1186]: A: removed\n"
                            "2026-06-01T00:00:09.250000+00:00 mx postfix/smtp[1211]: 1\n"
                            "<22>1 2026-06-01T00:00:09.250000Z mx postfix/error 1213 - - 2\n"
                            "May 31 23:59:59 mx postfix/postsuper[1240]: x\n");
}

Test(maillog_text, begins_no_new_line_within_one)
{
    begin();
    maillog_put_line(&output, MAILLOG_TRADITIONAL, "mx", INSTANT, MAILLOG_QMGR,
                     "a\nb\r\033[2J\x80");
    cr_expect_str_eq(end(), "Jun  1 00:00:09 mx postfix/qmgr[1186]: a?b??[2J?\n");
}

Test(maillog_text, cuts_lines_where_postfix_does)
{
    static const char head[] = "Jun  1 00:00:09 mx postfix/qmgr[1186]: ";
    char line[3001];

    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    begin();
    maillog_put_line(&output, MAILLOG_TRADITIONAL, "mx", INSTANT, MAILLOG_QMGR, "%s", line);
    cr_expect_eq(strlen(end()), strlen(head) + 2000 + 1);
    cr_expect_eq(text[strlen(head) + 1999], 'x');
}
