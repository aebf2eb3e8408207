/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Listings: what postqueue -p and -j showed of run 08, and what io/snapshot writes
 * of ours at the same times. Compared as sets, as the order is the directory's, and
 * up to queue ids (each message has a sender of its own) and to which host said
 * what it said.
 *
 * Two things are known to differ. A real arrival_time is that of MAIL, some 0.3 s
 * before the create_time that arrivals.csv has: of 3 messages it is another second.
 * And what is requeued gets one Received: header more, 109 bytes.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/input.h"
#include "io/snapshot.h"
#include "sim/alloc.h"
#include "tests/truth/replayed.h"

#define RUN "08-operator"

#define RECEIVED_HEADER_BYTES 109

struct moment {
    int second; /* the first that the real listing may have been made in */
    size_t messages, requeued;
    char name[40];
};

static struct moment moments[] = {
    {1900, 40, 0, "t0001900-before-flush"},     {2060, 40, 0, "t0002060-after-flush"},
    {3700, 39, 0, "t0003700-two-held"},         {7300, 39, 0, "t0007300-one-held"},
    {9100, 29, 0, "t0009100-after-site-flush"}, {15100, 27, 1, "t0015100-none-held"},
    {19000, 27, 1, "t0019000-before-up"},       {39999, 0, 0, "final"},
};

/* ------------------------------------------------------------------ what was listed */

typedef void line_fn(json_t *listing, const char *line);

static json_t *read_listing(char *path, line_fn *add)
{
    struct err err = {0};
    struct input *input = input_open(path, &err);
    json_t *listing = json_object();
    const char *line;
    size_t length;

    cr_assert_not_null(input, "%s", err.text);
    while (input_line(input, &line, &length)) {
        char *text = alloc_text(line, length);
        add(listing, text);
        free(text);
    }
    cr_assert(input_close(input, &err), "%s", err.text);
    free(path);
    return listing;
}

/* "host [] said: 450 ...": which host, at which port, is of no interest; nor whether it was this
 * one's turn to find a site dead, which the order of the directory decides. */
static json_t *stripped(const char *reason)
{
    static const char suspended[] = "delivery temporarily suspended: ";
    static const char *const befores[] = {"connect to ", "host "};

    if (strncmp(reason, suspended, strlen(suspended)) == 0)
        reason += strlen(suspended);
    for (size_t i = 0; i < COUNT_OF(befores); i++) {
        const char *end = strrchr(reason, ']');
        if (end == NULL || strncmp(reason, befores[i], strlen(befores[i])) != 0)
            continue;
        end++;
        if (*end == ':')
            end += 1 + strspn(end + 1, "0123456789");
        return json_sprintf("%s[]%s", befores[i], end);
    }
    return json_string(reason);
}

static void strip_reasons(json_t *recipients)
{
    size_t i;
    json_t *recipient;

    json_array_foreach(recipients, i, recipient)
    {
        json_t *reason = json_object_get(recipient, "delay_reason");
        if (reason != NULL)
            json_object_set_new(recipient, "delay_reason", stripped(json_string_value(reason)));
    }
}

static void add_once(json_t *listing, const char *sender, json_t *message)
{
    cr_assert_null(json_object_get(listing, sender), "%s", sender);
    json_object_set_new(listing, sender, message);
}

/* A line of -j, by sender. */
static void add_object(json_t *listing, const char *line)
{
    json_t *message = json_loads(line, 0, NULL);

    cr_assert_not_null(message, "%s", line);
    cr_assert_eq(json_object_del(message, "queue_id"), 0, "%s", line);
    strip_reasons(json_object_get(message, "recipients"));
    const char *sender = json_string_value(json_object_get(message, "sender"));
    cr_assert_not_null(sender, "%s", line);
    add_once(listing, sender, message);
}

/* The first line of a message in -p: "4gTDch2417z61Z!       380 Mon Jun  1 00:00:36 s0@s.test". */
static void add_message(json_t *listing, const char *line)
{
    int day, hour, minute, second, size, end = 0;
    char month[4], sender[64];
    size_t id = strcspn(line, "*!# ");

    cr_assert(id < 17 && strlen(line) > 47, "%s", line);
    cr_assert_eq(sscanf(line + 17, "%8d %*3s %3s %2d %2d:%2d:%2d %63s%n", &size, month, &day, &hour,
                        &minute, &second, sender, &end),
                 7, "%s", line);
    cr_assert(line[17 + end] == '\0' && strcmp(line + 47, sender) == 0, "%s", line);
    add_once(listing, sender,
             json_pack("{s:s%, s:s, s:i, s:i, s:[]}", "status", line + id, strcspn(line + id, " "),
                       "month", month, "message_size", size, "arrival_time",
                       ((day * 24 + hour) * 60 + minute) * 60 + second, "lines"));
}

static json_t *lines_of_last(json_t *listing)
{
    json_t *value, *last = NULL;
    const char *key;

    json_object_foreach(listing, key, value) last = value;
    cr_assert_not_null(last);
    return json_object_get(last, "lines");
}

/* "-- 14 Kbytes in 40 Requests.", less what the messages before it come to. */
static void add_sum(json_t *listing, const char *line)
{
    json_int_t kbytes, requests, bytes = 0, messages = 0;
    const char *key;
    json_t *value;

    cr_assert_eq(sscanf(line,
                        "-- %" JSON_INTEGER_FORMAT " Kbytes in %" JSON_INTEGER_FORMAT " Requests.",
                        &kbytes, &requests),
                 2, "%s", line);
    json_object_foreach(listing, key, value)
    {
        messages += json_is_object(value);
        bytes += json_integer_value(json_object_get(value, "message_size"));
    }
    json_object_set_new(listing, "--",
                        json_pack("[I, I]", kbytes - bytes / 1024, requests - messages));
}

/* A line of -p: messages by sender, headings and sums by themselves. */
static void add_line(json_t *listing, const char *line)
{
    if (*line == '\0')
        return;
    if (strncmp(line, "-- ", 3) == 0)
        add_sum(listing, line);
    else if (*line == '-' || strcmp(line, "Mail queue is empty") == 0)
        json_object_set_new(listing, line, json_true());
    else if (line[strspn(line, " ")] == '(')
        json_array_append_new(lines_of_last(listing), stripped(line + strspn(line, " (")));
    else if (*line == ' ')
        json_array_append_new(lines_of_last(listing), json_string(line));
    else
        add_message(listing, line);
}

/* ------------------------------------------------------------------------- how alike */

struct likeness {
    size_t messages;       /* of both, or of one */
    size_t same;           /* in every field, but for: */
    size_t second_earlier; /* arrived, in the recording */
    size_t longer;         /* by a header, in the recording */
};

/* Whether theirs is ours and `more`; ours then has it, too. */
static bool makes_up(json_t *ours, const json_t *theirs, const char *field, json_int_t more)
{
    json_int_t value = json_integer_value(json_object_get(theirs, field));

    if (json_integer_value(json_object_get(ours, field)) + more != value)
        return false;
    json_object_set_new(ours, field, json_integer(value));
    return true;
}

static void print_difference(const char *name, const char *key, const json_t *theirs,
                             const json_t *ours)
{
    char *recorded = theirs == NULL ? NULL : json_dumps(theirs, JSON_ENCODE_ANY),
         *simulated = ours == NULL ? NULL : json_dumps(ours, JSON_ENCODE_ANY);

    fprintf(stderr, "%-26s %s: recorded %s, ours %s\n", name, key,
            recorded == NULL ? "none" : recorded, simulated == NULL ? "none" : simulated);
    free(recorded);
    free(simulated);
}

static struct likeness compare(const char *name, json_t *recorded, json_t *ours)
{
    struct likeness likeness = {0};
    const char *key;
    json_t *value;

    json_object_foreach(recorded, key, value)
    {
        json_t *other = json_object_get(ours, key);
        likeness.messages++;
        likeness.second_earlier += makes_up(other, value, "arrival_time", -1);
        likeness.longer += makes_up(other, value, "message_size", RECEIVED_HEADER_BYTES);
        if (json_equal(value, other))
            likeness.same++;
        else
            print_difference(name, key, value, other);
    }
    json_object_foreach(ours, key, value)
    {
        if (json_object_get(recorded, key) != NULL)
            continue;
        likeness.messages++;
        print_difference(name, key, NULL, value);
    }
    return likeness;
}

/* ------------------------------------------------------------------------------ ours */

static char folder[] = P_tmpdir "/tempfail-listings-XXXXXX";

static void write_listings(const struct moment *moment)
{
    const sim_time instant = moment->second * SIM_SECOND;
    struct recorded_run run;
    struct scenario scenario;
    struct snapshots snapshots;
    struct err err = {0};

    cr_assert_not_null(mkdtemp(folder));
    recorded_read(&run, RUN);
    replayed_read(&scenario, &run);
    const struct catalogue catalogue = {.scenario = &scenario,
                                        .long_queue_ids = run.settings.enable_long_queue_ids};
    cr_assert(snapshots_open(&snapshots, folder, &catalogue, &instant, 1, &err), "%s", err.text);
    replayed_run(&scenario, &run, 1, &snapshots.listing.observer);
    cr_assert(snapshots_commit(&snapshots, &err), "%s", err.text);
    snapshots_discard(&snapshots);
    scenario_fini(&scenario);
    recorded_fini(&run);
}

static char *written(const struct moment *moment, const char *form)
{
    return alloc_printf("%s/snapshot-%010d.%s", folder, moment->second, form);
}

static void remove_listings(const struct moment *moment)
{
    static const char *const forms[] = {"postqueue-p.txt", "postqueue-j.jsonl", "qshape.txt",
                                        "qshape-deferred.txt"};

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char *path = written(moment, forms[i]);
        cr_expect_eq(unlink(path), 0, "%s", path);
        free(path);
    }
    char *table = alloc_printf("%s/qshape.csv", folder);
    cr_expect_eq(unlink(table), 0);
    free(table);
    cr_expect_eq(rmdir(folder), 0);
}

static struct likeness likeness_of(const struct moment *moment, const char *recorded,
                                   const char *form, line_fn *add)
{
    json_t *theirs = read_listing(alloc_printf("%s/tests/truth/" RUN "/snapshots/%s-%s.gz",
                                               SOURCE_DIR, moment->name, recorded),
                                  add),
           *ours = read_listing(written(moment, form), add);
    struct likeness likeness = compare(moment->name, theirs, ours);

    json_decref(theirs);
    json_decref(ours);
    return likeness;
}

static void print_likeness(const char *name, const char *form, const struct likeness *likeness)
{
    fprintf(stderr,
            "%-26s %s: %zu of %zu are the same; %zu arrived in another second, %zu are longer\n",
            name, form, likeness->same, likeness->messages, likeness->second_earlier,
            likeness->longer);
}

TestSuite(listings, .timeout = 120);

ParameterizedTestParameters(listings, equal_the_recorded_ones)
{
    return cr_make_param_array(struct moment, moments, COUNT_OF(moments));
}

ParameterizedTest(struct moment *moment, listings, equal_the_recorded_ones)
{
    write_listings(moment);
    struct likeness json = likeness_of(moment, "postqueue-j.txt", "postqueue-j.jsonl", add_object);
    struct likeness text = likeness_of(moment, "postqueue-p.txt", "postqueue-p.txt", add_line);
    print_likeness(moment->name, "-j", &json);
    print_likeness(moment->name, "-p", &text);
    cr_expect_eq(json.messages, moment->messages, "%zu", json.messages);
    cr_expect_eq(json.same, json.messages, "%s", moment->name);
    cr_expect_eq(text.same, text.messages, "%s", moment->name);
    cr_expect_leq(json.second_earlier, 3, "%s: %zu", moment->name, json.second_earlier);
    cr_expect_eq(json.longer, moment->requeued, "%s: %zu", moment->name, json.longer);
    remove_listings(moment);
}
