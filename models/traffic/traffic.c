/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/traffic/traffic.h"

#include <string.h>

extern const struct traffic_ops traffic_burst, traffic_diurnal, traffic_even, traffic_poisson,
    traffic_trace;

const struct traffic_ops *const traffics[] = {
    &traffic_poisson, &traffic_burst, &traffic_even, &traffic_diurnal, &traffic_trace, NULL,
};

const struct traffic_ops *traffic_find(const char *name)
{
    for (size_t i = 0; traffics[i] != NULL; i++) {
        if (strcmp(traffics[i]->name, name) == 0)
            return traffics[i];
    }
    return NULL;
}
