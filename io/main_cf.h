/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/main_cf.h - main.cf as Postfix reads it
 *
 * A dictionary of names and values, not yet expanded, each with the place it
 * came from. Layers are stacked by reading or setting one after the other, the
 * weakest first: what comes later wins. Below all of them lie Postfix's defaults.
 * Faults of a file or a value have EX_CONFIG as their exit status.
 *
 * Source: Postfix 3.7 and later, util/readlline.c, util/split_nameval.c,
 * util/dict.c: dict_load_fp(), global/mail_conf.c.
 */
#ifndef IO_MAIN_CF_H
#define IO_MAIN_CF_H

#include <stdbool.h>
#include <stddef.h>

#include "models/mta/postfix/parameters.h"
#include "sim/check.h"
#include "sim/err.h"
#include "sim/notes.h"

struct main_cf_entry {
    char *name, *value; /* as written, without the blanks around them */
    char *origin;       /* "/etc/postfix/main.cf, line 12", "-o", "policy one-day" */
    size_t reading;     /* number of the main_cf_read() that set it last, 0 for others */
};

/* Zero is a valid empty one. The entries are sorted by name, and each name is there once. */
struct main_cf {
    struct main_cf_entry *entry; /* owned */
    size_t count, room;
    size_t readings;
};

void main_cf_fini(struct main_cf *cf);

/*
 * Reads the text of a main.cf, which may have NUL bytes and need not end in a
 * newline. `file` is its name for messages and origins. Notes tell what Postfix
 * warns of: an earlier entry that is overridden, a first line that begins with
 * whitespace. Fails where Postfix does, at a line that assigns nothing.
 */
bool main_cf_read(struct main_cf *cf, const char *text, size_t length, const char *file,
                  struct notes *notes, struct err *err) WARN_UNUSED;

/*
 * The same for a file, a directory that holds a main.cf, or standard input ("-").
 * Fails with EX_NOINPUT or EX_IOERR where it cannot be read.
 */
bool main_cf_read_file(struct main_cf *cf, const char *path, struct notes *notes,
                       struct err *err) WARN_UNUSED;

/* Sets a parameter, as `-o NAME=VALUE` does. Blanks around both are dropped. */
bool main_cf_set(struct main_cf *cf, const char *assignment, const char *origin,
                 struct err *err) WARN_UNUSED;

/* The same with name and value apart; the value is taken as it is. */
void main_cf_set_value(struct main_cf *cf, const char *name, const char *value, const char *origin);

/* Sets all that `from` has, with its origins. */
void main_cf_copy(struct main_cf *cf, const struct main_cf *from);

/* The entry that was set, or NULL: then Postfix's default holds, if there is one. */
const struct main_cf_entry *main_cf_find(const struct main_cf *cf, const char *name);

/* Where the value of `name` comes from; "default" where it is not set. */
const char *main_cf_origin(const struct main_cf *cf, const char *name);

/*
 * Whether setting `name` can have an effect, asked before it is set: Postfix
 * knows it (postfix_parameter_known()), or it is set already, or a value that is
 * set refers to it. What this refuses, postfix_parameter_meant() may explain.
 */
bool main_cf_knows(const struct main_cf *cf, const char *name);

/*
 * The value of `name` with all references expanded, in *value, allocated. A name
 * that is neither set nor has a default is empty. The error names the origin.
 */
bool main_cf_expand(const struct main_cf *cf, const char *name, char **value,
                    struct err *err) WARN_UNUSED;

/*
 * Everything that the queue manager's model needs: expands, reads and clamps
 * every parameter of the table, and the overrides of transports. Notes tell what Postfix reads
 * differently from what it seems to say, which references lead nowhere or to a mere default, and
 * which names may be misspelt.
 */
bool main_cf_settings(const struct main_cf *cf, struct postfix_settings *settings,
                      struct notes *notes, struct err *err) WARN_UNUSED;

#endif
