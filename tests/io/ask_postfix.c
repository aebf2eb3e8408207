/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/io/ask_postfix.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* global/mail_conf.h, global/compat_level.h, util/msg_output.h */
typedef void simple_fn(void);
typedef int conf_time_fn(const char *name, const char *fallback, int min, int max);
typedef int conf_int_fn(const char *name, int fallback, int min, int max);
typedef int conf_bool_fn(const char *name, int fallback);
typedef char *conf_text_fn(const char *name, const char *fallback, int min, int max);
typedef void say_fn(int level, const char *text);
typedef void msg_output_fn(say_fn *say);

struct library {
    void *everything; /* that was loaded */
    simple_fn *read_main_cf, *know_levels;
    conf_time_fn *get_time;
    conf_int_fn *get_int;
    conf_bool_fn *get_bool;
    conf_text_fn *get_text;
    msg_output_fn *add_output;
};

/* Not a difference between Postfix and us: the test is skipped. */
_Noreturn static void skip(void)
{
    fprintf(stderr, "%s\n", dlerror());
    exit(77);
}

static void find(const struct library *library, const char *name, void *function)
{
    void *found = dlsym(library->everything, name);

    if (found == NULL)
        skip();
    *(void **)function = found;
}

static void load(struct library *library)
{
    if (dlopen("libpostfix-util.so", RTLD_NOW | RTLD_GLOBAL) == NULL
        || dlopen("libpostfix-global.so", RTLD_NOW | RTLD_GLOBAL) == NULL)
        skip();
    library->everything = dlopen(NULL, RTLD_NOW);
    find(library, "msg_output", &library->add_output);
    find(library, "mail_conf_suck", &library->read_main_cf);
    find(library, "compat_level_relop_register", &library->know_levels);
    find(library, "get_mail_conf_time", &library->get_time);
    find(library, "get_mail_conf_int", &library->get_int);
    find(library, "get_mail_conf_bool", &library->get_bool);
    find(library, "get_mail_conf_str", &library->get_text);
}

static void say(int level, const char *text)
{
    fprintf(stderr, "%s: %s\n", level > 1 ? "fatal" : "warning", text);
}

bool is_for_itself(const struct postfix_parameter *parameter)
{
    return strchr(parameter->fallback, '$') == NULL;
}

static void ask(const struct library *library, const struct postfix_parameter *p, void *field)
{
    int min = (int)p->min, max = (int)p->max;

    if (p->type == POSTFIX_TIME)
        *(long *)field = library->get_time(p->name, p->fallback, min, max);
    else if (p->type == POSTFIX_INT)
        *(long *)field = library->get_int(p->name, atoi(p->fallback), min, max);
    else if (p->type == POSTFIX_BOOL)
        *(bool *)field = library->get_bool(p->name, p->fallback[0] == 'y') != 0;
    else if (p->type == POSTFIX_TEXT)
        snprintf(field, POSTFIX_TEXT_ROOM, "%s", library->get_text(p->name, p->fallback, min, max));
}

void ask_postfix(struct postfix_settings *settings)
{
    struct library library;

    load(&library);
    library.add_output(say);
    library.know_levels();
    library.read_main_cf();
    postfix_settings_init(settings);
    for (size_t i = 0; i < postfix_parameter_count; i++) {
        const struct postfix_parameter *parameter = &postfix_parameters[i];
        if (is_for_itself(parameter))
            ask(&library, parameter, (char *)settings + parameter->offset);
    }
}
