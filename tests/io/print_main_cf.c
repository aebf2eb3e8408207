/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/io/print_main_cf.c - what main_cf.h makes of a main.cf
 *
 * usage: print_main_cf FILE|DIRECTORY [NAME]...
 *
 * Prints as `postconf -x NAME...` does, for postconf_oracle.sh. Without a name it
 * prints every parameter of the table. Notes go to stderr, and so does the error
 * that ends it with status 1, as it ends postconf.
 */
#include <stdio.h>
#include <stdlib.h>

#include "io/main_cf.h"

static void print_notes(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        fprintf(stderr, "warning: %s\n", notes->text[i]);
    notes_fini(notes);
}

static bool print_one(const struct main_cf *cf, const char *name, struct err *err)
{
    char *value;

    if (!main_cf_expand(cf, name, &value, err))
        return false;
    printf("%s =%s%s\n", name, *value == '\0' ? "" : " ", value);
    free(value);
    return true;
}

static bool print_all(const struct main_cf *cf, int count, char **names, struct err *err)
{
    for (int i = 0; i < count; i++)
        if (!print_one(cf, names[i], err))
            return false;
    for (size_t i = 0; count == 0 && i < postfix_parameter_count; i++)
        if (!print_one(cf, postfix_parameters[i].name, err))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    struct main_cf cf = {0};
    struct notes notes = {0};
    struct err err;

    if (argc < 2)
        return EXIT_FAILURE;
    bool good = main_cf_read_file(&cf, argv[1], &notes, &err)
                && print_all(&cf, argc - 2, argv + 2, &err);
    print_notes(&notes);
    main_cf_fini(&cf);
    if (!good)
        fprintf(stderr, "fatal: %s\n", err.text);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
