/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines as spec 8.6 has them, of several Postfix releases; and what else may come. */
#include "io/postqueue_reader.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "sim/alloc.h"

/* The last message, and how many there were. */
struct heard {
    struct queue_entry entry;
    char id[200], sender[200], recipient[200];
    size_t count;
    const char *refused; /* an id */
};

static bool hear(void *user, const struct queue_entry *entry, struct err *err)
{
    struct heard *heard = user;

    heard->entry = *entry;
    heard->count++;
    snprintf(heard->id, sizeof heard->id, "%s", entry->id);
    snprintf(heard->sender, sizeof heard->sender, "%s", entry->sender);
    snprintf(heard->recipient, sizeof heard->recipient, "%s", entry->recipient);
    return heard->refused == NULL || strcmp(heard->refused, entry->id) != 0
           || err_set(err, "%s is refused", entry->id);
}

static struct heard read_line(const char *line)
{
    struct heard heard = {0};
    struct postqueue_sink sink = {hear, &heard};
    struct err err = {0};

    cr_assert(postqueue_read_line(line, strlen(line), &sink, &err), "%s: %s", line, err.text);
    return heard;
}

static void expect_refused(const char *line, const char *why)
{
    struct heard heard = {0};
    struct postqueue_sink sink = {hear, &heard};
    struct err err = {0};

    cr_expect_not(postqueue_read_line(line, strlen(line), &sink, &err), "%s", line);
    cr_expect_not_null(strstr(err.text, why), "%s: '%s' not '%s'", line, err.text, why);
    cr_expect_eq(heard.count, 0);
}

/* ---------------------------------------------------------------- releases */

Test(postqueue_reader, reads_a_line_of_3_5_to_3_10)
{
    struct heard heard = read_line(
        "{\"queue_name\": \"deferred\", \"queue_id\": \"D7D47A8E0C6\", \"arrival_time\": "
        "1795485837, "
        "\"message_size\": 251, \"forced_expire\": true, \"sender\": \"a@s.example\", "
        "\"recipients\": [{\"address\": \"n@temp2.example\", \"delay_reason\": \"450 4.2.0\"}]}");

    cr_expect_eq(heard.count, 1);
    cr_expect_eq(heard.entry.queue, LISTED_DEFERRED);
    cr_expect_str_eq(heard.id, "D7D47A8E0C6");
    cr_expect_eq(heard.entry.arrival, 1795485837);
    cr_expect_eq(heard.entry.created, 1795485837);
    cr_expect(heard.entry.forced);
    cr_expect_str_eq(heard.sender, "a@s.example");
    cr_expect_eq(heard.entry.recipients, 1);
    cr_expect_str_eq(heard.recipient, "n@temp2.example");
    cr_expect(heard.entry.failed);
}

Test(postqueue_reader, reads_a_line_of_3_11)
{
    struct heard heard = read_line(
        "{\"queue_name\": \"hold\", \"queue_id\": \"D7D47A8E0C6\", \"arrival_time\": 1795485837, "
        "\"message_size\": 251, \"forced_expire\": false, \"sender\": \"MAILER-DAEMON\", "
        "\"recipients\": [{\"orig_address\": \"\", \"address\": \"a@x.example\"}, "
        "{\"orig_address\": \"z\", \"address\": \"b@y.example\", \"bounce_reason\": \"550\"}, "
        "{\"orig_address\": \"z\", \"address\": \"c@y.example\", \"delay_reason\": \"450\"}]}");

    cr_expect_eq(heard.entry.queue, LISTED_HOLD);
    cr_expect_not(heard.entry.forced);
    cr_expect_str_eq(heard.sender, "");
    cr_expect_eq(heard.entry.recipients, 3);
    cr_expect_str_eq(heard.recipient, "b@y.example"); /* the first that failed */
    cr_expect(heard.entry.failed);
}

#define START "{\"queue_name\": \"active\", \"queue_id\": \"A1\", \"arrival_time\": 5"

Test(postqueue_reader, reads_a_line_of_3_1_and_passes_over_what_it_does_not_know)
{
    struct heard heard =
        read_line(START ", \"message_size\": 1, \"sender\": \"\", \"news\": [{}, 1e9], "
                        "\"recipients\": [{\"address\": \"a\", \"more\": null}]}");

    cr_expect_eq(heard.entry.queue, LISTED_ACTIVE);
    cr_expect_not(heard.entry.forced);
    cr_expect_not(heard.entry.failed);
    cr_expect_str_eq(heard.sender, "");
    cr_expect_str_eq(heard.recipient, "a");
}

/* People take addresses out before they show a queue to others. */
Test(postqueue_reader, does_without_addresses)
{
    struct heard heard = read_line(START "}");

    cr_expect_str_eq(heard.sender, "?");
    cr_expect_eq(heard.entry.recipients, 0);
    cr_expect_str_eq(heard.recipient, "");
    cr_expect(heard.entry.failed);
    cr_expect_str_eq(read_line(START ", \"recipients\": [{}]}").recipient, "");
}

/* That of a recorded run: requeued, it arrived at 13.6 s and has a file since 36.3 s. */
Test(postqueue_reader, a_long_id_tells_when_it_was_requeued)
{
    struct heard heard = read_line("{\"queue_name\": \"deferred\", \"queue_id\": "
                                   "\"4gTDch2417z61Z\", \"arrival_time\": 1780272013}");
    cr_expect_eq(heard.entry.created, 1780272036);
    heard = read_line("{\"queue_name\": \"deferred\", \"queue_id\": \"4gTDch2417z61Z\", "
                      "\"arrival_time\": 1780272037}");
    cr_expect_eq(heard.entry.created, 1780272037);
}

Test(postqueue_reader, blank_lines_are_nothing)
{
    cr_expect_eq(read_line("").count, 0);
    cr_expect_eq(read_line(" \t").count, 0);
}

/* ---------------------------------------------------------------- faults */

Test(postqueue_reader, says_what_is_wrong)
{
    expect_refused("{", "no JSON, at its byte");
    expect_refused("[]", "not an object");
    expect_refused("7", "no JSON");
    expect_refused("{\"queue_id\": \"A\", \"arrival_time\": 5}", "no 'queue_name'");
    expect_refused("{\"queue_name\": 3}", "queue_name: not a text");
    expect_refused("{\"queue_name\": \"corrupt\"}",
                   "'corrupt' is none of maildrop, active, incoming, deferred, hold");
    expect_refused("{\"queue_name\": \"hold\"}", "no 'queue_id'");
    expect_refused("{\"queue_name\": \"hold\", \"queue_id\": \"../A\"}",
                   "queue_id: '../A' is none");
    expect_refused("{\"queue_name\": \"hold\", \"queue_id\": \"A\"}", "no 'arrival_time'");
    expect_refused("{\"queue_name\": \"hold\", \"queue_id\": \"A\", \"arrival_time\": \"5\"}",
                   "not a whole number of seconds");
    expect_refused("{\"queue_name\": \"hold\", \"queue_id\": \"A\", \"arrival_time\": -1}",
                   "not a whole number of seconds");
    expect_refused(
        "{\"queue_name\": \"hold\", \"queue_id\": \"A\", \"arrival_time\": 253402300800}",
        "not a whole number of seconds");
    expect_refused("{\"queue_name\": \"hold\", \"queue_id\": \"A\", \"arrival_time\": 1.5}",
                   "not a whole number of seconds");
    expect_refused(START ", \"forced_expire\": 0}", "forced_expire: neither true nor false");
    expect_refused(START ", \"sender\": null}", "sender: not a text");
    expect_refused(START ", \"recipients\": {}}", "recipients: not a list");
    expect_refused(START ", \"recipients\": [\"a\"]}", "recipients: not a list of objects");
    expect_refused(START ", \"recipients\": [{\"address\": 1}]}",
                   "recipients: address: not a text");
}

Test(postqueue_reader, knows_mailq_when_it_sees_it)
{
    expect_refused("-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------",
                   "'postqueue -j' was expected");
    expect_refused("----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------",
                   "'mailq'");
    expect_refused("Mail queue is empty", "'mailq'");
}

Test(postqueue_reader, a_broken_character_costs_itself_only)
{
    cr_expect_str_eq(read_line(START ", \"sender\": \"\xff\x01@x\"}").sender, "??@x");
    cr_expect_str_eq(read_line(START ", \"sender\": \"\xc3\xa4@x\"}").sender, "\xc3\xa4@x");
}

/* ---------------------------------------------------------------- files */

static char path[] = P_tmpdir "/tempfail-postqueue-XXXXXX";

static void write_file(const char *text, size_t length)
{
    int fd = mkstemp(path);

    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, text, length), (ssize_t)length);
    close(fd);
}

static void expect_file(const char *text, size_t count, const char *refused, const char *why)
{
    struct heard heard = {.refused = refused};
    struct postqueue_sink sink = {hear, &heard};
    struct err err = {.status = 1};

    write_file(text, strlen(text));
    bool good = postqueue_read(path, &sink, &err);
    cr_expect_eq(good, why == NULL, "%s", err.text);
    cr_expect_eq(heard.count, count);
    if (why != NULL) {
        cr_expect(strncmp(err.text, path, strlen(path)) == 0, "%s", err.text);
        cr_expect_str_eq(err.text + strlen(path), why, "'%s'", err.text);
        cr_expect_eq(err.status, EX_DATAERR);
    }
    unlink(path);
}

Test(postqueue_reader, reads_a_file_to_its_end)
{
    expect_file(START "}\r\n\n" START "}", 2, NULL, NULL);
}

Test(postqueue_reader, an_empty_queue_is_an_answer)
{
    expect_file("", 0, NULL, NULL);
}

Test(postqueue_reader, says_in_which_line)
{
    expect_file(START "}\n" START "}\n", 1, "A1", ":1: A1 is refused");
}

Test(postqueue_reader, a_message_of_many_recipients_is_a_long_line)
{
    size_t count = 20000, used = 0, room = 100 + count * 24;
    char *text = alloc_zeroed(room);
    struct heard heard = {0};
    struct postqueue_sink sink = {hear, &heard};
    struct err err = {0};

    used += (size_t)snprintf(text, room, START ", \"recipients\": [{\"address\": \"x@y\"}");
    for (size_t i = 1; i < count; i++)
        used += (size_t)snprintf(text + used, room - used, ", {\"address\": \"x@y\"}");
    used += (size_t)snprintf(text + used, room - used, "]}\n");
    write_file(text, used);
    cr_expect(postqueue_read(path, &sink, &err), "%s", err.text);
    cr_expect_eq(heard.entry.recipients, count);
    unlink(path);
    free(text);
}

Test(postqueue_reader, says_where_there_is_no_file)
{
    struct postqueue_sink sink = {hear, NULL};
    struct err err = {0};

    cr_expect_not(postqueue_read("/no/such/file", &sink, &err));
    cr_expect_eq(err.status, EX_NOINPUT);
}
