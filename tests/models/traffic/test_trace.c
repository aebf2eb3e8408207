/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/traffic/trace.h"

#include "tests/models/traffic/source.h"

static struct source source;
static struct names names;
static const char *scan_order; /* the cell of the rows to come */

static void begin(void)
{
    names_add(&names, "", 0);
    scan_order = "";
    source_init(&source, "trace", 1, NULL);
}

static void end(void)
{
    source_fini(&source);
    names_fini(&names);
}

TestSuite(trace, .init = begin, .fini = end);

static bool add(struct err *err, const char *id, const char *time_s, const char *recipient,
                const char *size_bytes)
{
    const char *const cells[] = {id, time_s, "s@a.example", recipient, size_bytes, scan_order};

    return source.traffic.ops->rows->add(source.settings, cells, &names, err);
}

static void row(const char *id, const char *time_s, const char *recipient)
{
    struct err err;

    cr_assert(add(&err, id, time_s, recipient, ""), "%s", err.text);
}

static void ready(void)
{
    source.traffic.ops->rows->ready(source.settings);
}

static struct envelope envelope(uint32_t number)
{
    return source.traffic.ops->envelope(source.settings, number);
}

static const char *id(uint32_t number)
{
    return names_text(&names, envelope(number).label);
}

static const char *recipient(uint32_t number, uint32_t i)
{
    return names_text(&names, envelope(number).recipients[i]);
}

Test(trace, of_nothing_brings_nothing)
{
    ready();

    cr_expect_eq(source_next(&source), SIM_NEVER);
}

Test(trace, brings_a_message_as_it_was)
{
    struct err err;

    cr_assert(add(&err, "m", "1.5", "r@d.example", "1234"));
    ready();
    cr_expect_eq(source_next(&source), 1500000);
    cr_expect_eq(source_next(&source), SIM_NEVER);
    cr_expect_str_eq(id(0), "m");
    cr_expect_str_eq(names_text(&names, envelope(0).sender), "s@a.example");
    cr_expect_eq(envelope(0).count, 1);
    cr_expect_str_eq(recipient(0, 0), "r@d.example");
    cr_expect_eq(envelope(0).size_bytes, 1234);
}

Test(trace, brings_messages_in_the_order_of_time)
{
    row("late", "30", "r@d.example");
    row("early", "10", "r@d.example");
    row("middle", "20", "r@d.example");
    ready();

    for (int i = 1; i <= 3; i++)
        cr_expect_eq(source_next(&source), 10 * i * SIM_SECOND);
    cr_expect_str_eq(id(0), "early");
    cr_expect_str_eq(id(1), "middle");
    cr_expect_str_eq(id(2), "late");
}

/* Of the ids, "b" and "c" were seen first as recipients, so their numbers are the other way round.
 */
Test(trace, keeps_the_order_of_the_file_at_one_time)
{
    row("a", "5", "c");
    row("b", "5", "r@d.example");
    row("c", "5", "r@d.example");
    ready();

    cr_expect_str_eq(id(0), "a");
    cr_expect_str_eq(id(1), "b");
    cr_expect_str_eq(id(2), "c");
}

Test(trace, takes_rows_of_one_id_for_one_message)
{
    row("m", "10", "third@d.example");
    row("other", "5", "r@d.example");
    row("m", "10", "first@d.example");
    row("m", "10", "second@d.example");
    ready();

    cr_expect_eq(source_next(&source), 5 * SIM_SECOND);
    cr_expect_eq(source_next(&source), 10 * SIM_SECOND);
    cr_expect_eq(source_next(&source), SIM_NEVER);
    cr_expect_eq(envelope(0).count, 1);
    cr_expect_str_eq(recipient(0, 0), "r@d.example");
    cr_expect_eq(envelope(1).count, 3);
    cr_expect_str_eq(recipient(1, 0), "third@d.example");
    cr_expect_str_eq(recipient(1, 1), "first@d.example");
    cr_expect_str_eq(recipient(1, 2), "second@d.example");
}

Test(trace, believes_the_first_row_of_a_message)
{
    struct err err;

    cr_assert(add(&err, "m", "20", "r@d.example", "100"));
    cr_assert(add(&err, "m", "10", "q@d.example", "999"));
    ready();
    cr_expect_eq(source_next(&source), 20 * SIM_SECOND);
    cr_expect_eq(envelope(0).size_bytes, 100);
}

Test(trace, need_not_know_sizes)
{
    struct err err;

    cr_assert(add(&err, "m", "0", "r@d.example", ""));
    cr_assert(add(&err, "n", "0", "r@d.example", "0"));
    ready();
    cr_expect_eq(envelope(0).size_bytes, -1);
    cr_expect_eq(envelope(1).size_bytes, 0);
}

/* That of its first row, too. */
Test(trace, may_know_in_which_order_scans_come)
{
    row("l", "0", "r@d.example");
    scan_order = "7";
    row("m", "0", "r@d.example");
    scan_order = "0";
    row("m", "0", "q@d.example");
    row("n", "0", "r@d.example");
    ready();
    cr_expect_eq(envelope(0).scan_order, SCAN_ORDER_NONE);
    cr_expect_eq(envelope(1).scan_order, 7);
    cr_expect_eq(envelope(2).scan_order, 0);
}

/* 1000 messages of 1 to 3 rows, backwards: none is lost, none is mixed up. */
Test(trace, keeps_many_apart)
{
    char label[16], time_s[16], to[32];

    for (int i = 999; i >= 0; i--) {
        for (int k = 0; k <= i % 3; k++) {
            snprintf(label, sizeof label, "m%d", i);
            snprintf(time_s, sizeof time_s, "%d", i);
            snprintf(to, sizeof to, "r%d.%d", i, k);
            row(label, time_s, to);
        }
    }
    ready();
    for (uint32_t i = 0; i < 1000; i++) {
        cr_assert_eq(source_next(&source), i * SIM_SECOND);
        cr_assert_eq(envelope(i).count, i % 3 + 1);
        snprintf(to, sizeof to, "r%u.%u", i, i % 3);
        cr_assert_str_eq(recipient(i, i % 3), to);
    }
}

static const char *complaint(const char *label, const char *time_s, const char *size_bytes)
{
    static struct err err;

    cr_assert(!add(&err, label, time_s, "r@d.example", size_bytes));
    return err.text;
}

Test(trace, says_what_is_wrong_with_a_row)
{
    cr_expect_str_eq(complaint("", "0", ""), "id: a message needs one");
    cr_expect_str_eq(complaint("m", "1h", ""), "time_s: '1h' is no number of seconds");
    cr_expect_str_eq(complaint("m", "", ""), "time_s: '' is no number of seconds");
    cr_expect_str_eq(complaint("m", "0", "10k"), "size_bytes: '10k' is no number of bytes");
    cr_expect_str_eq(complaint("m", "0", "-1"), "size_bytes: '-1' is no number of bytes");
    scan_order = "4294967295";
    cr_expect_str_eq(complaint("m", "0", ""), "scan_order: '4294967295' is no number from 0 on");
}

Test(trace, knows_no_mail_from_before_the_start)
{
    cr_expect_str_eq(complaint("m", "-0.001", ""),
                     "time_s: '-0.001' is out of bounds: from 0 to 3e+09 was expected");
    cr_expect_str_eq(complaint("m", "3.1e9", ""),
                     "time_s: '3.1e9' is out of bounds: from 0 to 3e+09 was expected");
}
