/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/options.h - the scenario language, as libconfuse's tables
 *
 * What sections hold is taken from the tables of models/, so a new failure or
 * kind of traffic needs no line here.
 */
#ifndef IO_SCENARIO_OPTIONS_H
#define IO_SCENARIO_OPTIONS_H

#include <confuse.h>
#include <stddef.h>

/* What is called back while libconfuse parses. */
struct option_hooks {
    cfg_callback_t open;           /* a section begins */
    cfg_callback_t text;           /* a value was read */
    cfg_validate_callback_t close; /* a section has ended */
};

struct options {
    const struct option_hooks *hooks;
    void **tables; /* and the names in them; owned, each too */
    size_t count, room;
};

/*
 * The options of a whole file, which is `text`: parameters of single transports
 * are known from the words that it has. The tables last until options_fini(): libconfuse
 * copies those of sections when it needs them.
 */
cfg_opt_t *options_init(struct options *options, const struct option_hooks *hooks,
                        const char *text);
void options_fini(struct options *options);

#endif
