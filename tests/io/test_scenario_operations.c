/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operator does, as it is written in a scenario. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "io/scenario_conf.h"
#include "sim/alloc.h"

#define HOUR (3600 * SIM_SECOND)
#define MAIL                                                                                       \
    "traffic mail { arrivals = burst count = 1 sender = a recipients = { '@b.example' } }\n"

static struct scenario scenario;

static void read_it(const char *text)
{
    struct err err = {0};

    cr_assert(scenario_read_text(&scenario, text, strlen(text), "x.conf", &err), "%s", err.text);
}

static void forget_it(void)
{
    scenario_fini(&scenario);
}

TestSuite(scenario_operations, .fini = forget_it);

static void read_operations_of(const char *written)
{
    char *text = alloc_printf(MAIL "mta postfix { %s }", written);

    read_it(text);
    free(text);
}

Test(scenario_operations, reads_what_an_operator_does_in_the_order_of_the_file)
{
    read_operations_of("flush { at = 6h  every = 5min  until = 12h }\n"
                       "restart { at = 1h }\n"
                       "flush { at = 0 }");
    cr_assert_eq(scenario.operation_count, 3);

    const struct operation *first = &scenario.operations[0];
    cr_expect_eq(first->kind, OPERATION_FLUSH);
    cr_expect_eq(first->at, 6 * HOUR);
    cr_expect_eq(first->every, 300 * SIM_SECOND);
    cr_expect_eq(first->until, 12 * HOUR);
    cr_expect_eq(first->line, 2);
    cr_expect_eq(scenario.operations[1].kind, OPERATION_RESTART);
    cr_expect_eq(scenario.operations[1].at, HOUR);
    cr_expect_eq(scenario.operations[1].line, 3);
    cr_expect_eq(scenario.operations[2].kind, OPERATION_FLUSH);
    cr_expect_eq(scenario.operations[2].at, 0);
    cr_expect_eq(scenario.operations[2].every, 0);
    cr_expect_eq(scenario.operations[2].until, SIM_NEVER);
}

Test(scenario_operations, reads_an_operation_at_an_instant_of_the_calendar)
{
    read_it(MAIL "start = 2026-06-01T00:00Z\n"
                 "mta postfix { flush { at = 2026-06-01T01:00Z } }");
    cr_expect_eq(scenario.operations[0].at, HOUR);
}

Test(scenario_operations, reads_the_site_to_be_flushed_in_lower_case)
{
    read_operations_of("flush_site { at = 1h  site = 'D4.Test' }");
    cr_expect_eq(scenario.operations[0].kind, OPERATION_FLUSH_SITE);
    cr_expect_str_eq(names_text(&scenario.domains, scenario.operations[0].site), "d4.test");
}

Test(scenario_operations, reads_which_message_an_operation_is_about)
{
    static const struct {
        const char *section;
        enum operation_kind kind;
    } rows[] = {
        {"flush_message", OPERATION_FLUSH_MESSAGE},
        {"delete", OPERATION_DELETE},
        {"hold", OPERATION_HOLD},
        {"release", OPERATION_RELEASE},
        {"requeue", OPERATION_REQUEUE},
        {"expire", OPERATION_EXPIRE},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = alloc_printf("%s { at = 1s  message = 'mail/17/b1' }", rows[i].section);
        read_operations_of(text);
        const struct operation *operation = &scenario.operations[0];
        cr_expect_eq(operation->kind, rows[i].kind, "%s", text);
        cr_expect_str_eq(names_text(&scenario.names, operation->message), "mail/17/b1");
        cr_expect_not(operation->release);
        scenario_fini(&scenario);
        free(text);
    }
}

Test(scenario_operations, reads_all_messages_as_none_by_name)
{
    static const char *const sections[] = {"delete", "hold", "release", "requeue", "expire"};

    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        char *text = alloc_printf("%s { at = 1s  message = ALL }", sections[i]);
        read_operations_of(text);
        cr_assert_eq(scenario.operation_count, 1, "%s", text);
        cr_expect_eq(scenario.operations[0].message, 0, "%s", text);
        scenario_fini(&scenario);
        free(text);
    }
}

/* "ALL/3" is a message where a traffic is called ALL. */
Test(scenario_operations, reads_a_message_of_a_traffic_that_comes_later_in_the_file)
{
    read_it("mta postfix { hold { at = 1s message = 'ALL/3' } }\n" MAIL
            "traffic ALL { arrivals = burst count = 1 sender = a recipients = { '@b' } }");
    cr_expect_str_eq(names_text(&scenario.names, scenario.operations[0].message), "ALL/3");
}

Test(scenario_operations, reads_an_expiry_with_its_release_from_hold)
{
    read_operations_of("expire { at = 1s  message = 'mail/0'  release = true }\n"
                       "expire { at = 1s  message = 'mail/0'  release = false }");
    cr_expect(scenario.operations[0].release);
    cr_expect_not(scenario.operations[1].release);
}

Test(scenario_operations, reads_that_a_transport_is_down)
{
    read_operations_of("transport_down { at = 1h  for = 10min  transport = smtp }");
    cr_expect_eq(scenario.operations[0].kind, OPERATION_TRANSPORT_DOWN);
    cr_expect_eq(scenario.operations[0].length, 600 * SIM_SECOND);
    cr_expect_str_eq(scenario.operations[0].transport, "smtp");
}

Test(scenario_operations, reads_how_long_a_handover_takes)
{
    read_operations_of("handover = 0.12s");
    cr_expect_eq(scenario.handover, 120 * SIM_SECOND / 1000);
    scenario_fini(&scenario);
    read_operations_of("");
    cr_expect_eq(scenario.handover, 0);
    cr_expect_eq(scenario.operation_count, 0);
}
