/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/models/play.h"

static struct play play;

static void begin(void)
{
    play_init(&play);
    play_mail(&play, "x1", "s@a.example", "r@D.example");
    play_mail(&play, "x1", "s@a.example", "q@e.example");
    play_mail(&play, "x2", "", "r@D.example");
}

static void end(void)
{
    play_fini(&play);
}

TestSuite(catalogue, .init = begin, .fini = end);

static const struct catalogue *catalogue(void)
{
    play_ready(&play);
    return &play.catalogue;
}

static struct message_id made(uint32_t number)
{
    return (struct message_id){number, MADE, 0};
}

static struct message_id logged(uint32_t number)
{
    return (struct message_id){number, LOG, 0};
}

static struct message_id about(struct message_id id, uint16_t notice)
{
    id.notice = notice;
    return id;
}

static const char *name(uint32_t number)
{
    return names_text(&play.scenario.names, number);
}

static const char *domain(uint32_t number)
{
    return names_text(&play.scenario.domains, number);
}

Test(catalogue, makes_mail_up)
{
    const struct catalogue *c = catalogue();

    cr_expect_str_eq(name(catalogue_sender(c, made(7))), "s@a.example");
    cr_expect_eq(catalogue_recipient_count(c, made(7)), 1);
    cr_expect_eq(catalogue_recipient(c, made(7), 0).address, NAMES_NONE);
    cr_expect_str_eq(domain(catalogue_recipient(c, made(7), 0).domain), "d.example");
    cr_expect_eq(catalogue_size_bytes(c, made(7)), 10000);
    cr_expect_eq(catalogue_label(c, made(7)), NAMES_NONE);
}

Test(catalogue, looks_recorded_mail_up)
{
    const struct catalogue *c = catalogue();
    struct mailbox second = catalogue_recipient(c, logged(0), 1);

    cr_expect_str_eq(name(catalogue_sender(c, logged(0))), "s@a.example");
    cr_expect_eq(catalogue_sender(c, logged(1)), 0);
    cr_expect_eq(catalogue_recipient_count(c, logged(0)), 2);
    cr_expect_str_eq(name(second.address), "q@e.example");
    cr_expect_str_eq(domain(second.domain), "e.example");
    cr_expect_str_eq(domain(catalogue_recipient(c, logged(0), 0).domain), "d.example");
    cr_expect_eq(catalogue_size_bytes(c, logged(0)), -1);
    cr_expect_str_eq(name(catalogue_label(c, logged(1))), "x2");
}

/* From nobody to the sender, one recipient however many the message has. */
Test(catalogue, addresses_notices_to_the_sender)
{
    const struct catalogue *c = catalogue();
    struct message_id ids[] = {about(made(3), 1), about(logged(0), NOTICE_WARNING | 1)};

    for (int i = 0; i < 2; i++) {
        struct mailbox to = catalogue_recipient(c, ids[i], 0);
        cr_expect_eq(catalogue_sender(c, ids[i]), 0);
        cr_expect_eq(catalogue_recipient_count(c, ids[i]), 1);
        cr_expect_str_eq(name(to.address), "s@a.example");
        cr_expect_str_eq(domain(to.domain), "a.example");
        cr_expect_eq(catalogue_size_bytes(c, ids[i]), -1);
        cr_expect_eq(catalogue_label(c, ids[i]), NAMES_NONE);
    }
}

/* 4 : 1. Binomial(20000, 0.8): 16000, deviation 56.6; 99.99 % of all seeds within 220. */
Test(catalogue, draws_destinations_by_weight)
{
    struct traffic_spec *traffic = &play.scenario.traffics[MADE];
    uint32_t first = traffic->destinations[0].domain;
    int hits = 0;

    traffic->destinations[0].weight = traffic->destinations[0].upto = 4;
    traffic->weight_sum = 4;
    traffic_add_destination(traffic, scenario_add_domain_of(&play.scenario, "@e.example"), 1);
    const struct catalogue *c = catalogue();
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t drawn = catalogue_recipient(c, made(i), 0).domain;
        cr_assert_eq(catalogue_recipient(c, made(i), 0).domain, drawn);
        hits += drawn == first;
    }
    cr_expect(hits >= 15780 && hits <= 16220, "%d", hits);
}

/* Equal weights: the two recipients of a message agree in half of all. 10000, deviation 70.7. */
Test(catalogue, draws_each_recipient_for_itself)
{
    struct traffic_spec *traffic = &play.scenario.traffics[MADE];
    int same = 0;

    traffic->recipients_each = 2;
    traffic_add_destination(traffic, scenario_add_domain_of(&play.scenario, "@e.example"), 1);
    const struct catalogue *c = catalogue();
    cr_expect_eq(catalogue_recipient_count(c, made(0)), 2);
    for (uint32_t i = 0; i < 20000; i++)
        same +=
            catalogue_recipient(c, made(i), 0).domain == catalogue_recipient(c, made(i), 1).domain;
    cr_expect(same >= 9725 && same <= 10275, "%d", same);
}

static uint64_t pair(struct message_id id, uint32_t recipient)
{
    const struct catalogue *c = catalogue();

    return catalogue_pair(c, id, recipient, catalogue_recipient(c, id, recipient));
}

Test(catalogue, knows_two_in_any_message)
{
    play_mail(&play, "x3", "s@a.example", "r@D.example");
    play_mail(&play, "x4", "r@D.example", "s@a.example");

    cr_expect_eq(pair(logged(2), 0), pair(logged(0), 0));
    cr_expect_neq(pair(logged(0), 1), pair(logged(0), 0));
    cr_expect_neq(pair(logged(1), 0), pair(logged(0), 0));
    cr_expect_neq(pair(logged(3), 0), pair(logged(0), 0));
}

/* All of them different, and none the same as a recorded one. */
Test(catalogue, knows_each_made_up_recipient_for_another)
{
    uint64_t pairs[200];

    play.scenario.traffics[MADE].recipients_each = 2;
    for (uint32_t i = 0; i < 200; i++)
        pairs[i] = pair(made(i / 2), i % 2);
    for (int i = 0; i < 200; i++) {
        cr_assert_neq(pairs[i], pair(logged(0), 0));
        for (int k = 0; k < i; k++)
            cr_assert_neq(pairs[i], pairs[k]);
    }
}

/* Null sender to the author: the same two for every notice. */
Test(catalogue, knows_the_two_of_a_notice)
{
    cr_expect_eq(pair(about(made(1), 1), 0), pair(about(logged(0), 2), 0));
    cr_expect_neq(pair(about(made(1), 1), 0), pair(made(1), 0));
}

static const char *id_text(struct message_id id)
{
    static char text[64];

    cr_expect_eq(catalogue_id_text(catalogue(), id, text, sizeof text), strlen(text));
    return text;
}

Test(catalogue, names_messages)
{
    cr_expect_str_eq(id_text(made(0)), "made/0");
    cr_expect_str_eq(id_text(made(4294967295)), "made/4294967295");
    cr_expect_str_eq(id_text(logged(1)), "log/x2");
}

Test(catalogue, names_notices_by_what_they_are_about)
{
    cr_expect_str_eq(id_text(about(made(17), 1)), "made/17/b1");
    cr_expect_str_eq(id_text(about(made(17), NOTICE_MOST)), "made/17/b2047");
    cr_expect_str_eq(id_text(about(made(17), NOTICE_WARNING | 1)), "made/17/w1");
    cr_expect_str_eq(id_text(about(logged(0), 2)), "log/x1/b2");
}

static const char *address_text(struct message_id id, uint32_t recipient)
{
    static char text[64];

    catalogue_address_text(catalogue(), id, recipient, text, sizeof text);
    return text;
}

Test(catalogue, writes_addresses)
{
    play.scenario.traffics[MADE].recipients_each = 3;

    cr_expect_str_eq(address_text(made(17), 0), "made.17@d.example");
    cr_expect_str_eq(address_text(made(17), 1), "made.17.1@d.example");
    cr_expect_str_eq(address_text(made(17), 2), "made.17.2@d.example");
    cr_expect_str_eq(address_text(logged(0), 0), "r@D.example");
    cr_expect_str_eq(address_text(about(made(17), 1), 0), "s@a.example");
}

Test(catalogue, cuts_what_has_no_room)
{
    char text[8];

    cr_expect_eq(catalogue_address_text(catalogue(), made(17), 0, text, sizeof text), 7);
    cr_expect_str_eq(text, "made.17");
    cr_expect_eq(catalogue_id_text(catalogue(), made(17), text, 1), 0);
    cr_expect_str_eq(text, "");
    cr_expect_eq(catalogue_id_text(catalogue(), made(17), text, sizeof text), 7);
    cr_expect_str_eq(text, "made/17");
}

static void put_queue_id(char text[32], struct message_id id, sim_time arrival, unsigned requeues)
{
    struct message message = {
        .arrival = arrival,
        .number = id.number,
        .traffic = id.traffic,
        .notice = id.notice & 0xfffu,
        .requeues = requeues & 0x7f,
    };

    catalogue_queue_id_text(catalogue(), &message, text, 32);
}

/* Microseconds of the second in five digits, 0xf423f at most; then an inode, 0x80000 first. */
Test(catalogue, makes_queue_ids_up_in_postfixs_short_form)
{
    char text[32];

    put_queue_id(text, made(0), 0, 0);
    cr_expect_str_eq(text, "0000080000");
    put_queue_id(text, made(0), 7 * SIM_SECOND + 999999, 0);
    cr_expect_str_eq(text, "F423F80000");
    put_queue_id(text, logged(0), 1, 0);
    cr_expect_str_eq(text, "0000181000");
    put_queue_id(text, about(made(1), 1), 0, 0);
    cr_expect_str_eq(text, "0000082001");
}

Test(catalogue, gives_a_new_queue_id_with_each_requeue)
{
    char text[32];

    put_queue_id(text, made(0), 0, 2);
    cr_expect_str_eq(text, "0000280000");
    put_queue_id(text, made(0), 999999, 1);
    cr_expect_str_eq(text, "0000080000");
}

/* ------------------------------------------------------------ from its text */

static bool found(const char *text, struct message_id *id)
{
    uint32_t number = scenario_add_name(&play.scenario, text);

    return catalogue_find(catalogue(), number, id);
}

static void expect_found(const char *text, struct message_id want)
{
    struct message_id id = {99, 99, 99};

    cr_assert(found(text, &id), "%s", text);
    cr_expect(id.number == want.number && id.traffic == want.traffic && id.notice == want.notice,
              "%s: %u of %u, notice %x", text, id.number, id.traffic, id.notice);
}

static void expect_not_found(const char *text)
{
    struct message_id id;

    cr_expect_not(found(text, &id), "%s", text);
}

Test(catalogue, finds_made_up_mail_by_its_number)
{
    expect_found("made/0", made(0));
    expect_found("made/17", made(17));
    expect_found("made/4294967295", made(UINT32_MAX));
}

Test(catalogue, finds_recorded_mail_by_its_id)
{
    expect_found("log/x1", logged(0));
    expect_found("log/x2", logged(1));
}

/* Their numbers are by time, and the ids were met in another order. */
Test(catalogue, finds_recorded_mail_in_any_order)
{
    for (uint32_t i = 0; i < 9; i++) {
        char text[] = {'y', (char)('0' + i), '\0'};
        trace_add(play.scenario.traffics[LOG].settings, (100 - i) * SIM_SECOND,
                  scenario_add_name(&play.scenario, text), 0, 0, -1);
    }
    expect_found("log/y8", logged(2));
    expect_found("log/y4", logged(6));
    expect_found("log/y0", logged(10));
    expect_found("log/x2", logged(1));
}

Test(catalogue, finds_notices_about_both)
{
    expect_found("made/17/b1", about(made(17), 1));
    expect_found("made/17/w1", about(made(17), NOTICE_WARNING | 1));
    expect_found("log/x2/b2047", about(logged(1), NOTICE_MOST));
}

Test(catalogue, finds_no_mail_that_no_traffic_can_have)
{
    static const char *const texts[] = {
        "",
        "made",
        "made/",
        "made/x",
        "made/07",
        "made/-1",
        "made/ 1",
        "made/1/",
        "made/1/b",
        "made/1/b0",
        "made/1/b01",
        "made/1/c1",
        "made/1b1",
        "made/1/b2048",
        "mad/1",
        "madee/1",
        "ade/1",
        "made/4294967296",
        "log/",
        "log/x",
        "log/x3",
        "log/1",
        "log/x1/b0",
        "log/s@a.example",
        "made/99999999999999999999999",
        "Made/1",
        "made/1/b1/b1",
        "/1",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        expect_not_found(texts[i]);
}

/* Postfix's ids have no such end, those of other logs might. */
Test(catalogue, takes_an_id_that_ends_as_a_notice_for_the_message_itself)
{
    play_mail(&play, "x2/b1", "", "r@D.example");
    expect_found("log/x2/b1", logged(2));
    expect_found("log/x2/b1/b1", about(logged(2), 1));
    expect_found("log/x2/b2", about(logged(1), 2));
}

Test(catalogue, finds_what_traffics_whose_names_begin_alike_have)
{
    struct traffic_spec *other = scenario_add_traffic(&play.scenario, "made/1");
    struct message_id id = {3, 2, 0};

    traffic_set_kind(other, traffic_find("burst"));
    expect_found("made/1", made(1));
    expect_found("made/1/3", id);
}

Test(catalogue, reads_the_ids_that_it_writes)
{
    const struct message_id ids[] = {made(0), made(123456), about(made(5), 3), logged(1),
                                     about(logged(0), NOTICE_WARNING | 1)};

    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        char text[100];
        catalogue_id_text(catalogue(), ids[i], text, sizeof text);
        expect_found(text, ids[i]);
    }
}

/* Of a recorded log: the line is stamped May 31 23:42:53 2026. */
#define RECORDED_SECOND INT64_C(1780270973)

/* 4gTDDF: seconds in base 52, six digits; then microseconds in four, and the inode in base 51. */
static void expect_long(const char *want, sim_time arrival, unsigned requeues)
{
    const struct message message = {.arrival = arrival, .requeues = requeues & 0x7ff};
    struct catalogue long_ids = *catalogue();
    char text[32];

    long_ids.long_queue_ids = true;
    catalogue_queue_id_text(&long_ids, &message, text, sizeof text);
    cr_expect_str_eq(text, want);
}

Test(catalogue, makes_queue_ids_up_in_postfixs_long_form)
{
    play.scenario.start = (RECORDED_SECOND - 100) * SIM_SECOND;
    expect_long("4gTDDF0000z3wY8", 100 * SIM_SECOND, 0);
    expect_long("4gTDDF75plz3wY8", 100 * SIM_SECOND + 999999, 0);
    expect_long("4gTDDF0010z3wY8", 100 * SIM_SECOND + 51, 1);
}
