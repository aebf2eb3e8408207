/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/io/print_main_cf.c - what main_cf.h makes of a main.cf, and what Postfix does
 *
 * usage: print_main_cf DIRECTORY NAME...
 *        print_main_cf --settings DIRECTORY
 *        MAIL_CONFIG=DIRECTORY print_main_cf --postfix
 *
 * The first prints as `postconf -x NAME...` does, which makes one blank of several.
 * The others print what a daemon would run with: after us, and after Postfix's
 * library. Notes go to stderr, and so do faults. The status is 1 where there is
 * no answer, 2 where there is one, but the file has a faulty value besides.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/main_cf.h"
#include "tests/io/ask_postfix.h"

enum status { ANSWERED, NO_ANSWER, FAULT_ELSEWHERE };

static enum status failed(enum status status, const struct err *err)
{
    fprintf(stderr, "fatal: %s\n", err->text);
    return status;
}

static void print_words(char *value)
{
    for (char *word = strtok(value, " \t\r\n"); word != NULL; word = strtok(NULL, " \t\r\n"))
        printf(" %s", word);
    printf("\n");
}

/* postconf looks at every value, but not always far enough to find what is wrong. */
static enum status try_all(const struct main_cf *cf)
{
    enum status status = ANSWERED;

    for (size_t i = 0; i < cf->count; i++) {
        struct err err = {0};
        char *value;
        if (!main_cf_expand(cf, cf->entry[i].name, &value, &err))
            status = failed(FAULT_ELSEWHERE, &err);
        free(value);
    }
    return status;
}

static enum status print_values(const struct main_cf *cf, char **names)
{
    for (; *names != NULL; names++) {
        struct err err = {0};
        char *value;
        if (!main_cf_expand(cf, *names, &value, &err))
            return failed(NO_ANSWER, &err);
        printf("%s =", *names);
        print_words(value);
        free(value);
    }
    return ANSWERED;
}

static void print_setting(const struct postfix_settings *settings,
                          const struct postfix_parameter *parameter)
{
    const void *field = (const char *)settings + parameter->offset;

    if (parameter->type == POSTFIX_BOOL)
        printf("%s = %d\n", parameter->name, *(const bool *)field);
    else if (parameter->type == POSTFIX_TIME || parameter->type == POSTFIX_INT)
        printf("%s = %ld\n", parameter->name, *(const long *)field);
    else if (parameter->type == POSTFIX_TEXT)
        printf("%s = %s\n", parameter->name, (const char *)field);
}

static enum status print_settings(const struct postfix_settings *settings)
{
    for (size_t i = 0; i < postfix_parameter_count; i++)
        if (is_for_itself(&postfix_parameters[i]))
            print_setting(settings, &postfix_parameters[i]);
    return ANSWERED;
}

static enum status print_postfix(void)
{
    struct postfix_settings settings;

    ask_postfix(&settings);
    postfix_settings_clamp(&settings, NULL); /* the queue manager does it, not the library */
    return print_settings(&settings);
}

static enum status print_ours(const struct main_cf *cf, struct notes *notes)
{
    struct postfix_settings settings;
    struct err err = {0};

    if (!main_cf_settings(cf, &settings, notes, &err))
        return failed(NO_ANSWER, &err);
    return print_settings(&settings);
}

static enum status answer(const char *folder, char **names, struct notes *notes)
{
    struct main_cf cf = {0};
    struct err err = {0};
    enum status status;

    if (!main_cf_read_file(&cf, folder, notes, &err)) {
        status = failed(NO_ANSWER, &err);
    } else if (names == NULL) {
        status = print_ours(&cf, notes);
    } else {
        status = print_values(&cf, names);
        enum status elsewhere = try_all(&cf);
        status = status == ANSWERED ? elsewhere : status;
    }
    main_cf_fini(&cf);
    return status;
}

int main(int argc, char **argv)
{
    struct notes notes = {0};

    if (argc == 2 && strcmp(argv[1], "--postfix") == 0)
        return (int)print_postfix();
    if (argc < 3)
        return EXIT_FAILURE;
    bool settings = strcmp(argv[1], "--settings") == 0;
    enum status status = answer(argv[settings ? 2 : 1], settings ? NULL : argv + 2, &notes);
    for (size_t i = 0; i < notes.count; i++)
        fprintf(stderr, "warning: %s\n", notes.text[i]);
    notes_fini(&notes);
    return (int)status;
}
