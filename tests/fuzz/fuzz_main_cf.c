/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_main_cf.c - any bytes as a main.cf
 *
 * What was read is in order, and the same when it is written out and read again.
 * Values expand, or an error says why; settings keep to their ranges.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/main_cf.h"
#include "sim/alloc.h"
#include "sim/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_error(const struct err *err)
{
    size_t length = strlen(err->text);

    EXPECT(err->status == EX_CONFIG);
    EXPECT(length > 0 && length < sizeof err->text);
    for (size_t i = 0; i < length; i++)
        EXPECT(err->text[i] >= ' ' && err->text[i] <= '~');
}

static void check_entry(const struct main_cf *cf, const struct main_cf_entry *entry)
{
    struct err err = {0};
    char *value;

    EXPECT(*entry->name != '\0' && strpbrk(entry->name, " \t\n\v\f\r=") == NULL);
    EXPECT(main_cf_find(cf, entry->name) == entry);
    EXPECT(main_cf_knows(cf, entry->name));
    if (!main_cf_expand(cf, entry->name, &value, &err))
        check_error(&err);
    free(value);
}

/* Each entry on a line of its own. */
static void check_reread(const struct main_cf *cf)
{
    struct main_cf again = {0};
    struct err err = {0};

    for (size_t i = 0; i < cf->count; i++) {
        const struct main_cf_entry *entry = &cf->entry[i];
        EXPECT(strchr(entry->value, '\n') == NULL);
        char *line = alloc_printf("%s = %s", entry->name, entry->value);
        bool good = main_cf_read(&again, line, strlen(line), "again", NULL, &err);
        EXPECT(good);
        EXPECT(strcmp(main_cf_find(&again, entry->name)->value, entry->value) == 0);
        free(line);
    }
    EXPECT(again.count == cf->count);
    main_cf_fini(&again);
}

static void check_settings(const struct main_cf *cf, struct notes *notes)
{
    struct postfix_settings settings;
    struct err err = {0};

    if (!main_cf_settings(cf, &settings, notes, &err)) {
        check_error(&err);
        return;
    }
    EXPECT(settings.queue_run_delay >= 1 && settings.minimal_backoff_time >= 1);
    EXPECT(settings.maximal_queue_lifetime >= 0
           && settings.bounce_queue_lifetime <= settings.maximal_queue_lifetime);
    EXPECT(strlen(settings.defer_transports) < POSTFIX_TEXT_ROOM);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct main_cf cf = {0};
    struct notes notes = {0};
    struct err err = {0};

    if (!main_cf_read(&cf, (const char *)bytes, size, "main.cf", &notes, &err))
        check_error(&err);
    for (size_t i = 0; i < cf.count; i++) {
        check_entry(&cf, &cf.entry[i]);
        EXPECT(i == 0 || strcmp(cf.entry[i - 1].name, cf.entry[i].name) < 0);
    }
    check_reread(&cf);
    check_settings(&cf, &notes);
    notes_fini(&notes);
    main_cf_fini(&cf);
    return 0;
}
