/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/fuzz/fuzz_journal_json.c - any line as an entry of the journal, against jansson */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/journal_json.h"
#include "sim/alloc.h"
#include "sim/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static char put(char byte)
{
    return byte == '\n' ? ' ' : byte;
}

static void expect_bytes(struct span text, const json_t *array)
{
    bool all_bytes = true;
    size_t count = json_array_size(array);

    for (size_t i = 0; i < count; i++) {
        const json_t *element = json_array_get(array, i);
        all_bytes &= json_is_integer(element) && json_integer_value(element) >= 0
                     && json_integer_value(element) <= 255;
    }
    EXPECT(text.length == (all_bytes ? count : 0));
    for (size_t i = 0; i < text.length; i++)
        EXPECT(text.text[i] == put((char)json_integer_value(json_array_get(array, i))));
}

static void expect_value(struct span text, const json_t *value)
{
    if (json_is_array(value) && !json_is_integer(json_array_get(value, 0)))
        value = json_array_get(value, 0); /* the first of several */
    if (json_is_array(value)) {
        expect_bytes(text, value);
        return;
    }
    EXPECT(text.length == json_string_length(value));
    for (size_t i = 0; i < text.length; i++)
        EXPECT(text.text[i] == put(json_string_value(value)[i]));
}

/* Jansson takes it for the byte 0, which nobody writes so. */
static bool has_minus_zero(const char *line, size_t length)
{
    for (size_t i = 1; i < length; i++)
        if (line[i - 1] == '-' && line[i] == '0')
            return true;
    return false;
}

/* What jansson reads is read, and alike; more may be. */
static void compare(const char *line, size_t length, bool read, const struct journal_entry *entry)
{
    json_t *object = json_loadb(line, length, JSON_ALLOW_NUL, NULL);

    if (read && json_is_object(object) && !has_minus_zero(line, length)) {
        expect_value(entry->message, json_object_get(object, "MESSAGE"));
        expect_value(entry->identifier, json_object_get(object, "SYSLOG_IDENTIFIER"));
        expect_value(entry->host, json_object_get(object, "_HOSTNAME"));
    }
    const char *received = json_string_value(json_object_get(object, "__REALTIME_TIMESTAMP"));
    if (received != NULL && strcmp(received, "1780272000000000") == 0)
        EXPECT(read);
    json_decref(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct journal_entry entry;
    char *room = malloc(size == 0 ? 1 : size); /* to the byte */
    bool read = journal_json_read((struct span){(const char *)bytes, size}, room, &entry);

    EXPECT(!read || (entry.at >= 0 && entry.at < SIM_NEVER));
    if (size > 0 && memchr(bytes, '\n', size) == NULL && memchr(bytes, '\r', size) == NULL)
        compare((const char *)bytes, size, read, &entry);
    free(room);
    return 0;
}
