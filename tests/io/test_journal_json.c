/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries as "journalctl -o json" prints them, and what else may stand in such a file. */
#include "io/journal_json.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"
#include "sim/check.h"

#define STAMP "\"__REALTIME_TIMESTAMP\":\"1780272000000001\""

static struct journal_entry entry;
static char *room, *line; /* of the last entry */

/* Room to the byte, so that the sanitizers see what is too much. */
static bool read_bytes(const char *text, size_t length)
{
    free(room);
    room = alloc_zeroed(length == 0 ? 1 : length);
    return journal_json_read((struct span){text, length}, room, &entry);
}

static bool read_entry(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void free_room(void)
{
    free(room);
    free(line);
}

TestSuite(journal_json, .fini = free_room);

static void expect_span(struct span got, const char *want, size_t length)
{
    cr_expect_eq(got.length, length, "'%.*s' for '%s'", (int)got.length, got.text, want);
    cr_expect(got.length == length && memcmp(got.text, want, length) == 0, "'%.*s' for '%s'",
              (int)got.length, got.text, want);
}

static void expect_text(struct span got, const char *want)
{
    expect_span(got, want, strlen(want));
}

/* The message of an entry where it is written as `value`. */
static struct span message_of(const char *value)
{
    free(line);
    line = alloc_printf("{" STAMP ",\"MESSAGE\":%s}", value);
    cr_expect(read_entry(line), "%s", value);
    return entry.message;
}

Test(journal_json, reads_what_journalctl_prints)
{
    cr_assert(
        read_entry("{\"_SYSTEMD_UNIT\":\"postfix@-.service\",\"_PID\":\"4321\",\"PRIORITY\":\"6\","
                   "\"SYSLOG_IDENTIFIER\":\"postfix/smtp\",\"SYSLOG_PID\":\"4321\","
                   "\"_HOSTNAME\":\"mail\",\"__REALTIME_TIMESTAMP\":\"1780272000123456\","
                   "\"MESSAGE\":\"7A1B2C3D4E: to=<b@example.net>\",\"__CURSOR\":\"s=1;i=2\"}"));
    cr_expect_eq(entry.at, 1780272000123456);
    expect_text(entry.host, "mail");
    expect_text(entry.identifier, "postfix/smtp");
    expect_text(entry.message, "7A1B2C3D4E: to=<b@example.net>");
}

Test(journal_json, prefers_the_time_at_which_it_was_sent)
{
    cr_assert(read_entry("{\"_SOURCE_REALTIME_TIMESTAMP\":\"1780272000000000\"," STAMP "}"));
    cr_expect_eq(entry.at, 1780272000000000);
    cr_assert(read_entry("{" STAMP ",\"_SOURCE_REALTIME_TIMESTAMP\":\"1780272000000000\"}"));
    cr_expect_eq(entry.at, 1780272000000000);
    cr_assert(read_entry("{\"_SOURCE_REALTIME_TIMESTAMP\":\"soon\"," STAMP "}"));
    cr_expect_eq(entry.at, 1780272000000001);
}

Test(journal_json, says_nothing_of_fields_that_are_not_there)
{
    cr_assert(read_entry("{" STAMP "}"));
    expect_text(entry.host, "");
    expect_text(entry.identifier, "");
    expect_text(entry.message, "");
}

struct value {
    const char *written, *meant;
};

Test(journal_json, reads_each_kind_of_value)
{
    static const struct value values[] = {
        {"\"\"", ""},
        {"\"plain \xc3\xa4\"", "plain \xc3\xa4"},
        {"\"a \\\"quoted\\\" word\"", "a \"quoted\" word"},
        {"\"ends in a backslash\\\\\"", "ends in a backslash\\"},
        {"\"\\\\\\\"\"", "\\\""},
        {"\"a\\/b\\tc\\bd\\fe\\rf\"", "a/b\tc\bd\fe\rf"},
        {"\"\\u0041\\u00e4\\u20ac\\u20AC\"", "A\xc3\xa4\xe2\x82\xac\xe2\x82\xac"},
        {"\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
        {"\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf"},
        {"\"\\ud83d!\"", "\xef\xbf\xbd!"},
        {"\"\\ude00\"", "\xef\xbf\xbd"},
        {"\"\\ude00\\ude00\"", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\"\\ud83d\\u0041\"", "\xef\xbf\xbd\x41"},
        {"\"\\u12\"", "u12"},
        {"\"\\u12x4\"", "u12x4"},
        {"null", ""},
        {"12", ""},
        {"[ 77, 101, 255 ]", "Me\xff"},
        {"[77,101]", "Me"},
        {"[]", ""},
        {"[ 256 ]", ""},
        {"[ 1000 ]", ""},
        {"[ 4294967297 ]", ""},
        {"[ 77, -1 ]", ""},
        {"[ 77, 1.5 ]", ""},
        {"[\"first\",\"second\"]", "first"},
        {"[[77,101],\"second\"]", "Me"},
        {"{\"MESSAGE\":\"inner\"}", ""},
    };

    for (size_t i = 0; i < COUNT_OF(values); i++)
        expect_text(message_of(values[i].written), values[i].meant);
}

Test(journal_json, keeps_texts_with_escapes_apart)
{
    cr_assert(read_entry("{" STAMP ",\"MESSAGE\":\"a\\tb\",\"_HOSTNAME\":[ 77, 120 ],"
                         "\"SYSLOG_IDENTIFIER\":\"c\\/d\"}"));
    expect_text(entry.message, "a\tb");
    expect_text(entry.host, "Mx");
    expect_text(entry.identifier, "c/d");
}

Test(journal_json, keeps_a_message_on_its_line)
{
    expect_text(message_of("\"one\\ntwo\\u000athree\""), "one two three");
    expect_text(message_of("[ 65, 10, 66 ]"), "A B");
}

Test(journal_json, passes_a_nul_through)
{
    expect_span(message_of("\"a\\u0000b\""), "a\0b", 3);
    expect_span(message_of("[ 65, 0, 66 ]"), "A\0B", 3);
}

Test(journal_json, passes_over_values_of_any_shape)
{
    cr_assert(read_entry(" { \"A\" : [ { \"]\" : [ \"}\" , 1 ] } ] , \"B\" : -1.5e3 , \"C\" : true "
                         ", " STAMP " , \"MESSAGE\" : \"x\" } "));
    expect_text(entry.message, "x");
}

Test(journal_json, refuses_what_is_no_entry)
{
    static const char *const lines[] = {
        "",
        "{",
        "{}",
        "[]",
        "x{" STAMP "}",
        "{" STAMP,
        "{" STAMP ",",
        "{" STAMP ",}",
        "{" STAMP ",\"MESSAGE\"}",
        "{" STAMP ",\"MESSAGE\":}",
        "{" STAMP ",\"MESSAGE\":\"never ends}",
        "{" STAMP ",\"MESSAGE\":\"never ends\\\"}",
        "{" STAMP ",\"MESSAGE\":[[[[",
        "{" STAMP ",\"MESSAGE\":]}",
        "{\"MESSAGE\":\"of no time\"}",
        "{\"__REALTIME_TIMESTAMP\":\"\"}",
        "{\"__REALTIME_TIMESTAMP\":\"-1\"}",
        "{\"__REALTIME_TIMESTAMP\":\"253402300800000000\"}",
        "{\"__REALTIME_TIMESTAMP\":\"99999999999999999999999999\"}",
    };

    for (size_t i = 0; i < COUNT_OF(lines); i++)
        cr_expect_not(read_entry(lines[i]), "%s", lines[i]);
    cr_expect(read_entry("{\"__REALTIME_TIMESTAMP\":\"253402300799999999\"}"));
}

/* A cut may be anywhere. */
Test(journal_json, refuses_every_part_of_a_line)
{
    static const char whole[] =
        "{\"A\":[1,\"\\\"\"]," STAMP ",\"MESSAGE\":\"a\\u20ac\\\\\",\"_HOSTNAME\":[ 77 ]}";

    for (size_t length = 0; length < sizeof whole - 1; length++)
        cr_expect_not(read_bytes(whole, length), "%zu", length);
    cr_expect(read_bytes(whole, sizeof whole - 1));
}
