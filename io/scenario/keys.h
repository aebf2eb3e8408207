/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/keys.h - the settings of a scenario that no model has
 *
 * Models have tables of their own: models/setting.h.
 */
#ifndef IO_SCENARIO_KEYS_H
#define IO_SCENARIO_KEYS_H

#include <stdbool.h>

struct scenario_key {
    const char *name; /* NULL ends a table */
    const char *type; /* in the words of setting_type_name() */
    const char *summary;
    bool is_list;
};

extern const struct scenario_key file_keys[];     /* outside of sections */
extern const struct scenario_key mta_keys[];      /* in mta NAME { }, beside Postfix's own */
extern const struct scenario_key site_keys[];     /* in site "DOMAIN" { } */
extern const struct scenario_key traffic_keys[];  /* in traffic NAME { }, of any kind */
extern const struct scenario_key envelope_keys[]; /* there, of kinds that make messages up */

/* Whether the table has one of that name. */
bool scenario_has_key(const struct scenario_key *keys, const char *name);

#endif
