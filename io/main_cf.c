/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/main_cf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "io/macro.h"
#include "models/mta/postfix/transports.h"
#include "sim/alloc.h"

/* What isspace() finds in the C locale. */
#define BLANKS " \t\n\v\f\r"

static bool is_blank(char c)
{
    return c != '\0' && strchr(BLANKS, c) != NULL;
}

/* Postfix shows bytes that are not plain text as "?". */
static void make_printable(char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

static bool misconfigured(struct err *err)
{
    make_printable(err->text);
    err->status = EX_CONFIG;
    return false;
}

static void free_entry(struct main_cf_entry *entry)
{
    free(entry->name);
    free(entry->value);
    free(entry->origin);
}

void main_cf_fini(struct main_cf *cf)
{
    for (size_t i = 0; i < cf->count; i++)
        free_entry(&cf->entry[i]);
    free(cf->entry);
    *cf = (struct main_cf){0};
}

/* The index of the first entry that does not sort before `name`. */
static size_t lower_bound(const struct main_cf *cf, const char *name)
{
    size_t low = 0, high = cf->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(cf->entry[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void main_cf_copy(struct main_cf *cf, const struct main_cf *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct main_cf_entry *entry = &from->entry[i];
        main_cf_set_value(cf, entry->name, entry->value, entry->origin);
    }
}

const struct main_cf_entry *main_cf_find(const struct main_cf *cf, const char *name)
{
    size_t i = lower_bound(cf, name);

    return i < cf->count && strcmp(cf->entry[i].name, name) == 0 ? &cf->entry[i] : NULL;
}

/* The entry of that name, made empty-handed or emptied. */
static struct main_cf_entry *entry_for(struct main_cf *cf, const char *name)
{
    size_t i = lower_bound(cf, name);

    if (i < cf->count && strcmp(cf->entry[i].name, name) == 0) {
        free_entry(&cf->entry[i]);
    } else {
        cf->entry = alloc_grow(cf->entry, &cf->room, cf->count + 1, sizeof *cf->entry);
        memmove(&cf->entry[i + 1], &cf->entry[i], (cf->count - i) * sizeof *cf->entry);
        cf->count++;
    }
    return &cf->entry[i];
}

static void set(struct main_cf *cf, const char *name, const char *value, const char *origin,
                size_t reading)
{
    struct main_cf_entry fresh = {
        .name = alloc_text(name, strlen(name)),
        .value = alloc_text(value, strlen(value)),
        .origin = alloc_text(origin, strlen(origin)),
        .reading = reading,
    };

    *entry_for(cf, name) = fresh;
}

void main_cf_set_value(struct main_cf *cf, const char *name, const char *value, const char *origin)
{
    set(cf, name, value, origin, 0);
}

/* Splits "name = value" in place. Returns NULL, or what is wrong, as split_nameval() does. */
static const char *split(char *line, char **name, char **value)
{
    *name = line + strspn(line, BLANKS);
    if (**name == '\0' || **name == '=')
        return "missing attribute name";
    char *end = *name + strcspn(*name, BLANKS "=");
    char *equals = end + strspn(end, BLANKS);
    if (*equals != '=')
        return "missing '=' after attribute name";

    *end = '\0';
    *value = equals + 1 + strspn(equals + 1, BLANKS);
    for (end = *value + strlen(*value); end > *value && is_blank(end[-1]); end--)
        continue;
    *end = '\0';
    return NULL;
}

bool main_cf_set(struct main_cf *cf, const char *assignment, const char *origin, struct err *err)
{
    char *line = alloc_text(assignment, strlen(assignment));
    char *name, *value;
    const char *fault = split(line, &name, &value);

    if (fault == NULL)
        set(cf, name, value, origin, 0);
    free(line);
    if (fault == NULL)
        return true;
    err_set(err, "%s: %s: \"%.200s\" (accepted: NAME=VALUE)", origin, fault, assignment);
    return misconfigured(err);
}

/* Reads logical lines. */
struct reader {
    const char *at, *end;
    const char *file;
    size_t line;  /* physical lines read */
    size_t first; /* of them, the first of the logical line */
    char *text;   /* the logical line, owned */
    size_t length, room;
    struct notes *notes;
};

/* Adds the next physical line, unless it is blank or a comment. Its newline is dropped. */
static void add_physical_line(struct reader *reader)
{
    size_t left = (size_t)(reader->end - reader->at);
    const char *newline = memchr(reader->at, '\n', left);
    const char *line = reader->at, *end = newline != NULL ? newline : reader->end;
    const char *word = line;

    reader->line++;
    reader->at = newline != NULL ? newline + 1 : end;
    while (word < end && is_blank(*word))
        word++;
    if (word == end || *word == '#')
        return;
    if (reader->length == 0)
        reader->first = reader->line;

    size_t more = (size_t)(end - line);
    reader->text = alloc_grow(reader->text, &reader->room, reader->length + more + 1, 1);
    memcpy(reader->text + reader->length, line, more);
    reader->length += more;
}

/* Whether the next physical line belongs to this logical one. */
static bool goes_on(const struct reader *reader)
{
    return reader->at < reader->end && (*reader->at == '#' || is_blank(*reader->at));
}

static void note_nul(struct reader *reader)
{
    if (strlen(reader->text) < reader->length)
        notes_add(reader->notes, "%s, line %zu: a NUL byte: Postfix ignores the rest of this entry",
                  reader->file, reader->first);
}

static void note_misplaced(struct reader *reader)
{
    enum { SHOWN = 30 };
    size_t length = strlen(reader->text);

    make_printable(reader->text);
    notes_add(reader->notes, "%s: logical line must not start with whitespace: \"%.30s%s\"",
              reader->file, reader->text, length > SHOWN ? "..." : "");
}

/* Reads the next logical line that begins as one. False at the end. */
static bool next_logical_line(struct reader *reader)
{
    for (;;) {
        reader->length = 0;
        while (reader->at < reader->end) {
            add_physical_line(reader);
            if (reader->length > 0 && !goes_on(reader))
                break;
        }
        if (reader->length == 0)
            return false;
        reader->text[reader->length] = '\0';
        if (!is_blank(*reader->text))
            break;
        note_misplaced(reader);
    }
    note_nul(reader);
    return true;
}

static void note_override(const struct main_cf *cf, const struct reader *reader, const char *name,
                          const char *value)
{
    const struct main_cf_entry *old = main_cf_find(cf, name);

    if (old == NULL || old->reading != cf->readings || strcmp(old->value, value) == 0)
        return;
    char *note = alloc_printf("%s, line %zu: overriding earlier entry: %s=%s", reader->file,
                              reader->first, name, old->value);
    make_printable(note);
    notes_add(reader->notes, "%s", note);
    free(note);
}

static bool read_entry(struct main_cf *cf, struct reader *reader, struct err *err)
{
    char *name, *value;
    const char *fault = split(reader->text, &name, &value);

    if (fault != NULL) {
        err_set(err, "%s, line %zu: %s: \"%s\"", reader->file, reader->first, fault, reader->text);
        return misconfigured(err);
    }
    note_override(cf, reader, name, value);

    char *origin = alloc_printf("%s, line %zu", reader->file, reader->first);
    set(cf, name, value, origin, cf->readings);
    free(origin);
    return true;
}

bool main_cf_read(struct main_cf *cf, const char *text, size_t length, const char *file,
                  struct notes *notes, struct err *err)
{
    struct reader reader = {.at = text, .end = text + length, .file = file, .notes = notes};
    bool good = true;

    cf->readings++;
    while (good && next_logical_line(&reader))
        good = read_entry(cf, &reader, err);
    free(reader.text);
    return good;
}

static bool is_directory(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* All that a stream holds, in *text, allocated. */
static bool read_stream(FILE *stream, const char *file, char **text, size_t *length,
                        struct err *err)
{
    enum { CHUNK = 65536 };
    size_t room = 0, got;

    *text = NULL;
    *length = 0;
    do {
        *text = alloc_grow(*text, &room, *length + CHUNK, 1);
        got = fread(*text + *length, 1, CHUNK, stream);
        *length += got;
    } while (got == CHUNK);
    if (ferror(stream))
        return err_exit(err, EX_IOERR, "read %s: %s", file, strerror(errno));
    return true;
}

static bool read_main_cf(struct main_cf *cf, FILE *stream, const char *file, struct notes *notes,
                         struct err *err)
{
    char *text;
    size_t length;
    bool good = read_stream(stream, file, &text, &length, err)
                && main_cf_read(cf, text, length, file, notes, err);

    free(text);
    return good;
}

static bool open_and_read(struct main_cf *cf, const char *file, struct notes *notes,
                          struct err *err)
{
    FILE *stream = fopen(file, "r");

    if (stream == NULL)
        return err_exit(err, EX_NOINPUT, "open %s: %s", file, strerror(errno));
    bool good = read_main_cf(cf, stream, file, notes, err);
    fclose(stream);
    return good;
}

bool main_cf_read_file(struct main_cf *cf, const char *path, struct notes *notes, struct err *err)
{
    if (strcmp(path, "-") == 0)
        return read_main_cf(cf, stdin, "standard input", notes, err);

    size_t length = strlen(path);
    bool slash = length > 0 && path[length - 1] == '/';
    char *file = is_directory(path) ? alloc_printf("%s%smain.cf", path, slash ? "" : "/")
                                    : alloc_text(path, length);
    bool good = open_and_read(cf, file, notes, err);
    free(file);
    return good;
}

const char *main_cf_origin(const struct main_cf *cf, const char *name)
{
    const struct main_cf_entry *entry = main_cf_find(cf, name);

    return entry != NULL ? entry->origin : "default";
}

/* Whether `value` has "$name", "${name" or "$(name" in it, and no longer name. */
static bool refers_to(const char *value, const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t length = strlen(name);

    while ((value = strchr(value, '$')) != NULL) {
        value++;
        if (*value == '$') { /* a dollar, not a reference */
            value++;
            continue;
        }
        if (*value == '{' || *value == '(')
            value += 1 + strspn(value + 1, BLANKS);
        if (strspn(value, letters) == length && strncmp(value, name, length) == 0)
            return true;
    }
    return false;
}

static bool is_referred_to(const struct main_cf *cf, const char *name)
{
    for (size_t i = 0; i < cf->count; i++)
        if (refers_to(cf->entry[i].value, name))
            return true;
    return false;
}

bool main_cf_knows(const struct main_cf *cf, const char *name)
{
    return postfix_parameter_known(name) || main_cf_find(cf, name) != NULL
           || is_referred_to(cf, name);
}

/* A search for values, and what it found besides. */
struct search {
    const struct main_cf *cf;
    const struct postfix_parameter *by_default; /* the last of the table that was not set */
    char undefined[64];                         /* a name that has no value at all, cut */
};

static const char *look_up(const char *name, void *context)
{
    struct search *search = context;
    const struct main_cf_entry *entry = main_cf_find(search->cf, name);

    if (entry != NULL)
        return entry->value;

    const struct postfix_parameter *parameter = postfix_parameter_find(name);
    const char *fallback = postfix_default(name);
    if (fallback == NULL)
        snprintf(search->undefined, sizeof search->undefined, "%s", name);
    if (parameter != NULL && (search->by_default == NULL || parameter > search->by_default))
        search->by_default = parameter;
    return fallback;
}

/* Expands the value of `name`. A fault is told with the origin. */
static bool expand(struct search *search, const char *name, char **value, struct err *err)
{
    const struct main_cf_entry *entry = main_cf_find(search->cf, name);
    const char *fallback = postfix_default(name);
    const char *raw = entry != NULL ? entry->value : fallback != NULL ? fallback : "";

    if (macro_expand(raw, look_up, search, value, err))
        return true;
    err_within(err, "%s: %s", main_cf_origin(search->cf, name), name);
    return misconfigured(err);
}

bool main_cf_expand(const struct main_cf *cf, const char *name, char **value, struct err *err)
{
    struct search search = {.cf = cf};

    return expand(&search, name, value, err);
}

/* Adds notes to `notes` with the place before each. */
static void pass_on(struct notes *found, const char *origin, struct notes *notes)
{
    for (size_t i = 0; i < found->count; i++) {
        make_printable(found->text[i]);
        notes_add(notes, "%s: %s", origin, found->text[i]);
    }
    notes_fini(found);
}

/*
 * A daemon knows the default of a parameter only from the moment it reads that
 * parameter. Until then a reference to it is empty, and most often fatal; postconf
 * shows nothing of it. The table has the order in which the queue manager reads.
 */
static void note_references(const struct search *search, const struct postfix_parameter *parameter,
                            struct notes *notes)
{
    const char *name = parameter->name;

    if (main_cf_find(search->cf, name) == NULL)
        return;
    if (*search->undefined != '\0')
        notes_add(notes, "parameter %s: undefined parameter: %s", name, search->undefined);
    if (search->by_default != NULL && search->by_default > parameter)
        notes_add(notes,
                  "parameter %s: $%s is not set: postconf shows its default, but a daemon that"
                  " reads it later takes it as empty here; set it, too",
                  name, search->by_default->name);
}

/* parameter: of the table; NULL: `name` is the override of a transport. */
static bool read_setting(const struct main_cf *cf, const char *name,
                         const struct postfix_parameter *parameter,
                         struct postfix_settings *settings, struct notes *notes, struct err *err)
{
    const char *origin = main_cf_origin(cf, name);
    struct search search = {.cf = cf};
    struct notes found = {0};
    char *value;

    if (!expand(&search, name, &value, err))
        return false;
    if (parameter != NULL)
        note_references(&search, parameter, &found);
    bool good = parameter != NULL ? postfix_parameter_set(settings, parameter, value, &found, err)
                                  : postfix_override_set(settings, name, value, &found, err);
    free(value);
    pass_on(&found, origin, notes);
    if (good)
        return true;
    err_within(err, "%s", origin);
    return misconfigured(err);
}

static bool read_overrides(const struct main_cf *cf, struct postfix_settings *settings,
                           struct notes *notes, struct err *err)
{
    char transport[POSTFIX_TRANSPORT_ROOM];
    bool good = true;

    for (size_t i = 0; good && i < cf->count; i++) {
        const char *name = cf->entry[i].name;
        if (postfix_override_find(name, transport) != NULL)
            good = read_setting(cf, name, NULL, settings, notes, err);
    }
    return good;
}

static void note_misspelt(const struct main_cf *cf, struct notes *notes)
{
    for (size_t i = 0; i < cf->count; i++) {
        const struct main_cf_entry *entry = &cf->entry[i];
        const char *meant = postfix_parameter_meant(entry->name);

        if (meant == NULL || is_referred_to(cf, entry->name))
            continue;
        struct notes found = {0};
        notes_add(&found, "unused parameter: %s=%.200s (did you mean '%s'?)", entry->name,
                  entry->value, meant);
        pass_on(&found, entry->origin, notes);
    }
}

bool main_cf_settings(const struct main_cf *cf, struct postfix_settings *settings,
                      struct notes *notes, struct err *err)
{
    postfix_settings_init(settings);
    for (size_t i = 0; i < postfix_parameter_count; i++) {
        const struct postfix_parameter *parameter = &postfix_parameters[i];
        if (!read_setting(cf, parameter->name, parameter, settings, notes, err))
            return false;
    }
    if (!read_overrides(cf, settings, notes, err))
        return false;
    note_misspelt(cf, notes);
    postfix_settings_clamp(settings, notes);
    return true;
}
