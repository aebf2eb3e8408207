/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written of a few forecasts, to the byte. */
#include "io/next_report.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

#define NOW INT64_C(1780272000) /* 2026-06-01 00:00 */

static struct postfix_settings settings;
static struct outlook outlook;
static struct output out;
static FILE *file;

static void begin(void)
{
    postfix_settings_init(&settings);
    struct forecast_plan present = forecast_present(&settings, NOW, FORECAST_UNKNOWN);
    outlook = (struct outlook){0};
    outlook_add_policy(&outlook, "present", &present);
    file = tmpfile();
    cr_assert_not_null(file);
    out = (struct output){.file = fileno(file), .buffer = alloc_zeroed(OUTPUT_BUFFER)};
}

static void end(void)
{
    outlook_fini(&outlook);
    fclose(file);
    free(out.buffer);
}

TestSuite(next_report, .init = begin, .fini = end);

static const char *written(void)
{
    static char all[1 << 14];

    output_flush(&out);
    fflush(file);
    rewind(file);
    all[fread(all, 1, sizeof all - 1, file)] = '\0';
    return all;
}

static const struct queue_entry entry = {
    .queue = LISTED_DEFERRED, .id = "A1", .created = NOW - 60, .sender = "", .recipient = "a@b"};
static const struct forecast forecast = {
    .scheduled = true,
    .next = {NOW + 1, NOW + 7200},
    .expires = {NOW + 3, NOW + 90000},
    .attempts_low = 5,
    .attempts_high = 6,
    .if_next_fails = FORECAST_EITHER,
};

static void add(const struct forecast *said, const char *destination, enum listed_queue queue)
{
    struct forecast_message message = {.queue = queue, .created = NOW - 60, .null_sender = true};

    outlook_add(&outlook, "A1", destination, &message, said);
}

Test(next_report, puts_a_row_of_csv)
{
    struct next_row row = {&entry, &outlook.policies[0], &forecast};

    next_csv_begin(&out);
    next_csv_put(&out, &row);
    cr_expect_str_eq(written(),
                     "queue_id,queue_name,age_s,next_low_s,next_high_s,attempts_left,"
                     "expires_low_s,expires_high_s,policy,attempts_left_high,if_next_fails\n"
                     "A1,deferred,60,1,7200,5,3,90000,present,6,either\n");
}

Test(next_report, leaves_empty_what_does_not_apply)
{
    struct forecast held = {.if_next_fails = FORECAST_EXPIRED};
    struct next_row row = {&entry, &outlook.policies[0], &held};

    next_csv_put(&out, &row);
    cr_expect_str_eq(written(), "A1,deferred,60,,,,,,present,,expired\n");
}

Test(next_report, puts_json_and_escapes_the_names_of_policies)
{
    struct next_row row = {&entry, &outlook.policies[0], &forecast};

    outlook.policies[0].name = "a\"b\\\x1b\xff";
    add(&forecast, "b", LISTED_DEFERRED);
    next_json_begin(&out, NOW);
    next_json_put(&out, &row, true);
    next_json_put(&out, &row, false);
    next_json_end(&out, &outlook);
    const char *object =
        "{\"queue_id\": \"A1\", \"queue_name\": \"deferred\", \"age_s\": 60, \"next_low_s\": 1, "
        "\"next_high_s\": 7200, \"attempts_left\": 5, \"attempts_left_high\": 6, "
        "\"expires_low_s\": 3, \"expires_high_s\": 90000, \"if_next_fails\": \"either\", "
        "\"policy\": \"a\\\"b\\\\??\"}";
    char *want = alloc_printf(
        "{\"now\": \"2026-06-01T00:00:00Z\", \"messages\": [\n%s,\n%s\n], \"policies\": [\n"
        "{\"policy\": \"a\\\"b\\\\??\", \"expire_at_next\": 0, \"expire_at_next_within_2h\": 0, "
        "\"without_sender\": 0, \"may_expire_at_next\": 1}\n]}\n",
        object, object);
    cr_expect_str_eq(written(), want, "%s", written());
    free(want);
}

Test(next_report, prints_what_an_administrator_wants_to_know)
{
    struct forecast expired = forecast;
    struct forecast held = {.if_next_fails = FORECAST_EXPIRED};

    expired.if_next_fails = FORECAST_EXPIRED;
    expired.expires = expired.next;
    add(&forecast, "a\x1b.example", LISTED_ACTIVE);
    add(&expired, "b.example", LISTED_DEFERRED);
    add(&held, "c.example", LISTED_HOLD);
    outlook_rank(&outlook);
    next_text(file, &outlook);
    const char *want =
        "2026-06-01T00:00:00Z: 3 messages: 1 deferred, 1 active, 1 on hold\n"
        "  1 on hold bounce at their first failure once released\n"
        "\n"
        "present:\n"
        "  1 of 3 bounce at their next retry, 1 of them within 2 hours\n"
        "  1 of them have no sender: dropped, nobody is told\n"
        "  1 more may: their lifetime ends about then\n"
        "  scan every 5m, backoff 5m to 4000s, lifetime 5d, bounces 5d\n"
        "\n"
        "messages, surely within            10m        1h        6h        1d        5d\n"
        "present\n"
        "  tried again                        0         0         2         2         2\n"
        "  given up, if all fails             0         0         1         1         2\n"
        "\n"
        "destination                         messages    bounce       may       oldest\n"
        "b.example                                  1         1         0     1 min 00\n"
        "a?.example                                 1         0         1     1 min 00\n"
        "\n"
        "first to be given up        age         next attempt in             given up in\n"
        "A1                     1 min 00            1 s - 2 h 00            1 s - 2 h 00\n"
        "A1                     1 min 00            1 s - 2 h 00           3 s - 25 h 00\n";
    cr_expect_str_eq(written(), want, "%s", written());
}

Test(next_report, an_empty_queue_is_a_line)
{
    next_text(file, &outlook);
    cr_expect_str_eq(written(), "2026-06-01T00:00:00Z: 0 messages\n");
}

static void expect_destination(const char *address, const char *want)
{
    char text[NEXT_DESTINATION_ROOM];

    cr_expect_str_eq(next_destination(address, text), want, "%s", text);
}

Test(next_report, a_destination_is_a_domain)
{
    expect_destination("a@B.Example", "b.example");
    expect_destination("\"a@b\"@c", "c");
    expect_destination("root", "(local)");
    expect_destination("", "(unknown)");
    expect_destination("a@b\x1b[2J", "b?[2j");
}
