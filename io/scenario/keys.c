/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/keys.h"

#include <stddef.h>
#include <string.h>

const struct scenario_key file_keys[] = {
    {"title", "text", "what it shows, for headings", false},
    {"start", "instant", "what t = 0 is, in UTC; default 2026-01-01T00:00Z", false},
    {"duration", "duration", "how long to run; default until nothing is left to do", false},
    {"seed", "number", "of all luck; default 1", false},
    {0},
};

const struct scenario_key mta_keys[] = {
    {"main_cf", "file", "settings to begin with", false},
    {"scan_phase", "duration", "when the first deferred scan is; default at random", false},
    {"scans", "file", "CSV: t_start, t_end of recorded scans", false},
    {"transport", "file", "transport(5) table: which domains go by which transport", false},
    {"handover", "duration", "until a delivery agent takes what it is given; default 0", false},
    {0},
};

const struct scenario_key site_keys[] = {
    {"addresses", "number", "how many its MX hosts have; default 1", false},
    {0},
};

const struct scenario_key traffic_keys[] = {
    {"arrivals", "choice", "the kind; must be given", false},
    {"class", "text", "what its mail is worth; default of none", false},
    {0},
};

const struct scenario_key envelope_keys[] = {
    {"sender", "address", "\"\" is the null sender; must be given", false},
    {"size_bytes", "number", "default 10000", false},
    {"recipients_each", "number", "recipients of a message; default 1", false},
    {"recipients", "addresses", "{ \"@DOMAIN:WEIGHT\", ... }; must be given", true},
    {0},
};

bool scenario_has_key(const struct scenario_key *keys, const char *name)
{
    for (; keys->name != NULL; keys++) {
        if (strcmp(keys->name, name) == 0)
            return true;
    }
    return false;
}
