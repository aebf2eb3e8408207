/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_transport_table.c - any bytes as a transport table
 *
 * It is read, or refused with a line of it; all mail then has a route.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/scenario/transport_table.h"
#include "models/mta/postfix/routes.h"
#include "sim/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_routes(struct scenario *scenario)
{
    struct postfix_settings settings;

    postfix_settings_init(&settings);
    postfix_routes_ready(scenario, &settings);
    scenario_add_domain(scenario, "mail.a.example");
    for (uint32_t i = 0; i < scenario->domains.count; i++) {
        struct postfix_route route;
        postfix_route(&route, scenario, &settings, i);
        EXPECT(route.transport[0] != '\0' && strchr(route.transport, ':') == NULL);
        EXPECT(route.site < scenario->domains.count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = alloc_text((const char *)bytes, size);
    struct scenario scenario;
    struct err err = {0};

    scenario_init(&scenario);
    if (transport_table_read(&scenario, text, size, "x", &err))
        check_routes(&scenario);
    else
        EXPECT(strncmp(err.text, "x:", 2) == 0);
    scenario_fini(&scenario);
    free(text);
    return 0;
}
