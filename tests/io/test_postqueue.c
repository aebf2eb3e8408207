/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listings to the byte: a recorded one, and what spec 8.5 and 8.6 say. */
#include "io/postqueue.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/alloc.h"
#include "tests/io/postqueue/two-held.h"

static struct output text, json;
static FILE *text_file, *json_file;
static struct postqueue listing;

static FILE *open_output(struct output *output)
{
    FILE *file = tmpfile();

    cr_assert_not_null(file);
    *output = (struct output){.file = fileno(file), .buffer = alloc_zeroed(OUTPUT_BUFFER)};
    return file;
}

static void begin(void)
{
    text_file = open_output(&text);
    json_file = open_output(&json);
    listing = (struct postqueue){.text = &text, .json = &json};
}

static void end(void)
{
    fclose(text_file);
    fclose(json_file);
    free(text.buffer);
    free(json.buffer);
}

TestSuite(postqueue, .init = begin, .fini = end);

static const char *read_all(FILE *file)
{
    static char all[1 << 15];

    rewind(file);
    all[fread(all, 1, sizeof all - 1, file)] = '\0';
    return all;
}

static void expect(struct output *output, FILE *file, const char *want)
{
    output_flush(output);
    const char *got = read_all(file);
    cr_expect_str_eq(got, want, "\n%s not \n%s", got, want);
}

static void expect_file(struct output *output, FILE *file, const char *name)
{
    char *path = alloc_printf("%s/tests/io/postqueue/%s", SOURCE_DIR, name);
    FILE *recorded = fopen(path, "r");

    cr_assert_not_null(recorded, "%s", path);
    char *want = alloc_printf("%s", read_all(recorded));
    cr_assert_gt(strlen(want), 1000);
    expect(output, file, want);
    fclose(recorded);
    free(want);
    free(path);
}

Test(postqueue, lists_as_the_real_one_did)
{
    listing.long_ids = true;
    for (size_t i = 0; i < COUNT_OF(two_held); i++) {
        const struct recorded *one = &two_held[i];

        postqueue_put_message(&listing, &(struct queued){one->queue, one->id, one->arrival,
                                                         one->size_bytes, false, one->sender});
        postqueue_put_recipient(&listing, one->recipient, one->reason);
    }
    postqueue_end(&listing);
    expect_file(&text, text_file, "two-held-p.txt");
    expect_file(&json, json_file, "two-held-j.txt");
}

Test(postqueue, of_nothing_says_so)
{
    postqueue_end(&listing);
    expect(&text, text_file, "Mail queue is empty\n");
    expect(&json, json_file, "");
}

/* The samples of spec 8.5 and 8.6. */
Test(postqueue, of_one_message_with_a_short_id)
{
    postqueue_put_message(
        &listing, &(struct queued){QUEUE_DEFERRED, "D7D47A8E0C6", 1795485837, 251, .sender = ""});
    postqueue_put_recipient(
        &listing, "n@temp2.example",
        "host 127.0.0.1[127.0.0.1] said: 450 4.2.0 <x>: Greylisted (in reply to RCPT TO command)");
    postqueue_end(&listing);
    expect(&text, text_file,
           "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
           "D7D47A8E0C6     251 Tue Nov 24 02:03:57  MAILER-DAEMON\n"
           "(host 127.0.0.1[127.0.0.1] said: 450 4.2.0 <x>: Greylisted (in reply to RCPT TO "
           "command))\n"
           "                                         n@temp2.example\n"
           "\n"
           "-- 0 Kbytes in 1 Request.\n");
    expect(&json, json_file,
           "{\"queue_name\": \"deferred\", \"queue_id\": \"D7D47A8E0C6\", \"arrival_time\": "
           "1795485837, "
           "\"message_size\": 251, \"forced_expire\": false, \"sender\": \"MAILER-DAEMON\", "
           "\"recipients\": [{\"address\": \"n@temp2.example\", \"delay_reason\": "
           "\"host 127.0.0.1[127.0.0.1] said: 450 4.2.0 <x>: Greylisted (in reply to RCPT TO "
           "command)\"}]}\n");
}

/* Status marks; 1023 bytes and one more; a day of one digit. */
Test(postqueue, marks_what_is_active_held_and_to_expire)
{
    const int64_t june = 1780272000;

    postqueue_put_message(&listing,
                          &(struct queued){QUEUE_ACTIVE, "AAAAAA1", june, 1, false, "a@x"});
    postqueue_put_message(&listing,
                          &(struct queued){QUEUE_INCOMING, "AAAAAA2", june, 2, true, "b@x"});
    postqueue_put_message(&listing,
                          &(struct queued){QUEUE_HOLD, "AAAAAA3", june, 1021, true, "c@x"});
    postqueue_end(&listing);
    expect(&text, text_file,
           "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
           "AAAAAA1*          1 Mon Jun  1 00:00:00  a@x\n"
           "\n"
           "AAAAAA2#          2 Mon Jun  1 00:00:00  b@x\n"
           "\n"
           "AAAAAA3!#      1021 Mon Jun  1 00:00:00  c@x\n"
           "\n"
           "-- 1 Kbytes in 3 Requests.\n");
    expect(
        &json, json_file,
        "{\"queue_name\": \"active\", \"queue_id\": \"AAAAAA1\", \"arrival_time\": 1780272000, "
        "\"message_size\": 1, \"forced_expire\": false, \"sender\": \"a@x\", \"recipients\": []}\n"
        "{\"queue_name\": \"incoming\", \"queue_id\": \"AAAAAA2\", \"arrival_time\": 1780272000, "
        "\"message_size\": 2, \"forced_expire\": true, \"sender\": \"b@x\", \"recipients\": []}\n"
        "{\"queue_name\": \"hold\", \"queue_id\": \"AAAAAA3\", \"arrival_time\": 1780272000, "
        "\"message_size\": 1021, \"forced_expire\": true, \"sender\": \"c@x\", \"recipients\": "
        "[]}\n");
}

/* "(text)" ends in column 78: 76 for the text and its brackets. */
Test(postqueue, gives_a_reason_once_for_those_who_share_it)
{
    postqueue_put_message(&listing, &(struct queued){QUEUE_DEFERRED, "A1", 0, 0, false, "s@x"});
    postqueue_put_recipient(&listing, "a@x", "short");
    postqueue_put_recipient(&listing, "b@x", "short");
    postqueue_put_recipient(&listing, "c@x", "other");
    postqueue_put_recipient(&listing, "d@x", "");
    postqueue_put_recipient(&listing, "e@x", "");
    postqueue_put_message(&listing, &(struct queued){QUEUE_DEFERRED, "A2", 0, 0, false, "s@x"});
    postqueue_put_recipient(&listing, "f@x", "");
    postqueue_put_message(&listing, &(struct queued){QUEUE_DEFERRED, "A3", 0, 0, false, "s@x"});
    postqueue_put_recipient(&listing, "g@x", "other");
    postqueue_end(&listing);

    char *want =
        alloc_printf("-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
                     "A1                0 Thu Jan  1 00:00:00  s@x\n%71s(short)\n%41sa@x\n%41sb@x\n"
                     "%71s(other)\n%41sc@x\n%58s(reason unavailable)\n%41sd@x\n%41se@x\n\n"
                     "A2                0 Thu Jan  1 00:00:00  s@x\n%41sf@x\n\n"
                     "A3                0 Thu Jan  1 00:00:00  s@x\n%71s(other)\n%41sg@x\n"
                     "\n-- 0 Kbytes in 3 Requests.\n",
                     "", "", "", "", "", "", "", "", "", "", "");
    expect(&text, text_file, want);
    free(want);
}

static void put_reason_of(size_t length)
{
    char reason[100] = "";

    memset(reason, 'x', length);
    postqueue_put_message(&listing, &(struct queued){QUEUE_DEFERRED, "A1", 0, 0, false, "s@x"});
    postqueue_put_recipient(&listing, "a@x", reason);
}

Test(postqueue, counts_its_requests)
{
    postqueue_put_message(&listing, &(struct queued){QUEUE_DEFERRED, "A1", 0, 0, false, "s@x"});
    postqueue_put_message(&listing, &(struct queued){QUEUE_DEFERRED, "A2", 0, 0, false, "s@x"});
    postqueue_end(&listing);
    output_flush(&text);
    cr_expect_not_null(strstr(read_all(text_file), "\n\n-- 0 Kbytes in 2 Requests.\n"));
}

Test(postqueue, pads_a_reason_up_to_its_column)
{
    put_reason_of(75);
    output_flush(&text);
    cr_expect_not_null(strstr(read_all(text_file), "\n (xxx"));
}

Test(postqueue, does_not_pad_a_long_reason)
{
    put_reason_of(76);
    output_flush(&text);
    cr_expect_not_null(strstr(read_all(text_file), "\n(xxx"));
}

Test(postqueue, does_nothing_to_a_terminal_and_stays_json)
{
    postqueue_put_message(&listing, &(struct queued){QUEUE_DEFERRED, "A1", 0, 0, false,
                                                     "\"a\\\" b\"\033[2J@x\xff.example"});
    postqueue_put_recipient(&listing, "\n\xc3\xa9,%s{}@x", "450 \"no\"\t\x7f \\");
    postqueue_end(&listing);

    char *want =
        alloc_printf("-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
                     "A1                0 Thu Jan  1 00:00:00  \"a\\\" b\"?[2J@x?.example\n"
                     "%64s(450 \"no\"?? \\)\n%41s?\xc3\xa9,%%s{}@x\n"
                     "\n-- 0 Kbytes in 1 Request.\n",
                     "", "");
    expect(&text, text_file, want);
    free(want);
    expect(&json, json_file,
           "{\"queue_name\": \"deferred\", \"queue_id\": \"A1\", \"arrival_time\": 0, "
           "\"message_size\": 0, "
           "\"forced_expire\": false, \"sender\": \"\\\"a\\\\\\\" b\\\"?[2J@x?.example\", "
           "\"recipients\": [{\"address\": \"?\xc3\xa9,%s{}@x\", "
           "\"delay_reason\": \"450 \\\"no\\\"?? \\\\\"}]}\n");
}

Test(postqueue, cuts_texts_without_end)
{
    char *endless = alloc_zeroed(100001);

    memset(endless, '"', 100000);
    postqueue_put_message(&listing, &(struct queued){QUEUE_DEFERRED, "A1", 0, 0, false, endless});
    postqueue_put_recipient(&listing, endless, endless);
    postqueue_end(&listing);
    output_flush(&text);
    output_flush(&json);
    /* Headings, sender, reason with brackets, recipient, sums. */
    cr_expect_eq(strlen(read_all(text_file)),
                 67 + (41 + 4096 + 1) + (1 + 4096 + 2) + (41 + 4096 + 1) + 27);
    cr_expect_eq(strspn(strstr(read_all(json_file), "sender\": ") + 9, "\\\""), 2 + 2 * 4096);
    free(endless);
}

Test(postqueue, writes_one_form_alone)
{
    listing.json = NULL;
    postqueue_put_message(&listing, &(struct queued){QUEUE_DEFERRED, "A1", 0, 0, false, "s@x"});
    postqueue_put_recipient(&listing, "a@x", "");
    listing.text = NULL;
    listing.json = &json;
    postqueue_put_recipient(&listing, "b@x", "");
    expect(&json, json_file, ", {\"address\": \"b@x\"}");
}
