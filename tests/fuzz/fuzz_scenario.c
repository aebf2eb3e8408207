/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_scenario.c - any bytes as a scenario
 *
 * It is read, or refused with a place in the file; never the one in the words of
 * the other. What is read holds together.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/scenario_conf.h"
#include "models/catalogue.h"
#include "models/luck.h"
#include "sim/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_site(const struct site_spec *site)
{
    EXPECT(site->failure_count + STAGE_COUNT < MOST_LANES);
    EXPECT(site->addresses >= 1 && site->addresses <= MOST_ADDRESSES);
    for (size_t i = 0; i < site->failure_count; i++)
        (void)site->failures[i].ops->stages(site->failures[i].settings);
}

static void check_traffic(const struct scenario *scenario, const struct traffic_spec *traffic)
{
    EXPECT(traffic->sender < scenario->names.count);
    EXPECT(traffic->class < scenario->class_names.count);
    EXPECT(traffic->ops->envelope != NULL || traffic->destination_count > 0);
    for (size_t i = 0; i < traffic->destination_count; i++)
        EXPECT(traffic->destinations[i].domain < scenario->domains.count);
}

static void check_operation(const struct scenario *scenario, const struct operation *operation)
{
    struct catalogue catalogue = {.scenario = scenario};
    struct message_id id;

    EXPECT(operation->at >= 0 && operation->at <= operation->until && operation->every >= 0);
    EXPECT(operation->site < scenario->domains.count);
    EXPECT(operation->message == 0 || catalogue_find(&catalogue, operation->message, &id));
    EXPECT((operation->kind == OPERATION_TRANSPORT_DOWN) == (operation->transport != NULL));
}

static void check_scenario(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->operation_count; i++)
        check_operation(scenario, &scenario->operations[i]);
    EXPECT(scenario->traffic_count > 0);
    for (size_t i = 0; i < scenario->traffic_count; i++)
        check_traffic(scenario, &scenario->traffics[i]);
    for (size_t i = 0; i < scenario->site_count; i++)
        check_site(&scenario->sites[i]);
}

/* "x:LINE: ..." or, where it is about the whole, "x: ..." */
static void check_message(const char *message, const char *text)
{
    size_t lines = 1;

    for (; *text != '\0'; text++)
        lines += *text == '\n';
    EXPECT(strncmp(message, "x:", 2) == 0);
    char *end;
    unsigned long line = strtoul(message + 2, &end, 10);
    EXPECT(message[2] == ' ' || (*end == ':' && line >= 1 && line <= lines));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = alloc_text((const char *)bytes, size);
    struct scenario scenario;
    struct err err = {0};

    if (scenario_read_text(&scenario, text, size, "x", &err)) {
        check_scenario(&scenario);
        scenario_fini(&scenario);
    } else {
        check_message(err.text, text);
    }
    free(text);
    return 0;
}
