/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/journal_json.h"

#include <stdint.h>

#include "sim/check.h"

#define REPLACEMENT 0xfffd /* for half a surrogate pair */

/* ---- values as they are written ---- */

static void skip_blanks(struct span *rest)
{
    size_t i = 0;

    while (i < rest->length && (rest->text[i] == ' ' || rest->text[i] == '\t'))
        i++;
    *rest = span_from(*rest, i);
}

/* Eats blanks and a byte. */
static bool take_mark(struct span *rest, char mark)
{
    skip_blanks(rest);
    return span_take(rest, (struct span){&mark, 1});
}

/* An odd number of backslashes before the quote makes it one of the text. */
static bool is_escaped(const char *start, const char *quote)
{
    const char *before = quote;

    while (before > start && before[-1] == '\\')
        before--;
    return (quote - before) % 2 == 1;
}

/* Eats a string into `inside`: what is between its quotes, escapes and all. */
static bool take_string(struct span *rest, struct span *inside)
{
    struct span after = *rest;
    struct span piece;

    if (!take_mark(&after, '"'))
        return false;
    const char *start = after.text;
    while (span_take_until(&after, '"', &piece)) {
        const char *quote = after.text - 1;
        if (is_escaped(start, quote))
            continue;
        *inside = (struct span){start, (size_t)(quote - start)};
        *rest = after;
        return true;
    }
    return false;
}

/* Eats a number, or a name like null. */
static bool take_word(struct span *rest)
{
    size_t i = 0;

    while (i < rest->length && strchr("[]{},:\" \t", rest->text[i]) == NULL)
        i++;
    *rest = span_from(*rest, i);
    return i > 0;
}

/* Eats a value of any kind into `value`. Of arrays and objects only the brackets are looked at. */
static bool take_value(struct span *rest, struct span *value)
{
    struct span inside;
    size_t depth = 0;

    skip_blanks(rest);
    const char *start = rest->text;
    do {
        if (take_mark(rest, '[') || take_mark(rest, '{'))
            depth++;
        else if (depth > 0 && (take_mark(rest, ']') || take_mark(rest, '}')))
            depth--;
        else if (depth > 0 && (take_mark(rest, ',') || take_mark(rest, ':')))
            continue;
        else if (!take_string(rest, &inside) && !take_word(rest))
            return false;
    } while (depth > 0);
    *value = (struct span){start, (size_t)(rest->text - start)};
    return true;
}

/* ---- what they mean ---- */

static char *put_byte(char *end, unsigned byte)
{
    *end = byte == '\n' ? ' ' : (char)byte;
    return end + 1;
}

/* UTF-8 */
static char *put_character(char *end, uint32_t code)
{
    if (code < 0x80)
        return put_byte(end, code);
    if (code < 0x800) {
        end = put_byte(end, 0xc0 | code >> 6);
    } else if (code < 0x10000) {
        end = put_byte(end, 0xe0 | code >> 12);
        end = put_byte(end, 0x80 | (code >> 6 & 0x3f));
    } else {
        end = put_byte(end, 0xf0 | code >> 18);
        end = put_byte(end, 0x80 | (code >> 12 & 0x3f));
        end = put_byte(end, 0x80 | (code >> 6 & 0x3f));
    }
    return put_byte(end, 0x80 | (code & 0x3f));
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c == '\0' ? NULL : strchr(digits, c);

    return found == NULL ? -1 : (int)((found - digits) % 16);
}

/* Eats "\u20ac". */
static bool take_unit(struct span *rest, uint32_t *unit)
{
    if (rest->length < 6 || !span_starts(*rest, SPAN("\\u")))
        return false;
    *unit = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(rest->text[i]);
        if (digit < 0)
            return false;
        *unit = *unit << 4 | (uint32_t)digit;
    }
    *rest = span_from(*rest, 6);
    return true;
}

/* Eats "\u20ac", or the two of a surrogate pair. */
static bool take_code(struct span *rest, uint32_t *code)
{
    if (!take_unit(rest, code))
        return false;
    if (*code < 0xd800 || *code > 0xdfff)
        return true;

    struct span after = *rest;
    uint32_t low;
    if (*code > 0xdbff || !take_unit(&after, &low) || low < 0xdc00 || low > 0xdfff) {
        *code = REPLACEMENT;
        return true;
    }
    *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
    *rest = after;
    return true;
}

/* Eats an escape, of which only the backslash is sure. */
static char *unescape(struct span *rest, char *end)
{
    static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
    uint32_t code;

    if (take_code(rest, &code))
        return put_character(end, code);
    *rest = span_from(*rest, 1);
    if (rest->length == 0)
        return end;
    const char *letter = memchr(letters, rest->text[0], sizeof letters - 1);
    end = put_byte(end, (unsigned char)(letter == NULL ? rest->text[0] : meant[letter - letters]));
    *rest = span_from(*rest, 1);
    return end;
}

/* The text of a string. Most are written without escapes: those stay where they are. */
static struct span string_text(struct span inside, char **room)
{
    size_t plain = span_find(inside, '\\');
    char *start = *room, *end = start;

    if (plain == inside.length)
        return inside;
    while (inside.length > 0) {
        memcpy(end, inside.text, plain);
        end += plain;
        inside = span_from(inside, plain);
        if (inside.length > 0)
            end = unescape(&inside, end);
        plain = span_find(inside, '\\');
    }
    *room = end;
    return (struct span){start, (size_t)(end - start)};
}

/* Eats "77", a byte. */
static bool take_byte(struct span *rest, unsigned *byte)
{
    size_t i = 0;

    *byte = 0;
    for (; i < rest->length && i < 3 && rest->text[i] >= '0' && rest->text[i] <= '9'; i++)
        *byte = 10 * *byte + (unsigned)(rest->text[i] - '0');
    *rest = span_from(*rest, i);
    return i > 0 && *byte <= UINT8_MAX;
}

/* "77, 65 ]", behind the first bracket */
static struct span bytes_text(struct span rest, char **room)
{
    char *start = *room, *end = start;
    unsigned byte;

    do {
        skip_blanks(&rest);
        if (!take_byte(&rest, &byte))
            return SPAN("");
        end = put_byte(end, byte);
    } while (take_mark(&rest, ','));
    if (!take_mark(&rest, ']'))
        return SPAN("");
    *room = end;
    return (struct span){start, (size_t)(end - start)};
}

static struct span value_text(struct span value, char **room)
{
    struct span inside;

    if (take_string(&value, &inside))
        return string_text(inside, room);
    if (!take_mark(&value, '['))
        return SPAN("");
    if (take_string(&value, &inside))
        return string_text(inside, room);
    take_mark(&value, '['); /* several, the first of them bytes */
    return bytes_text(value, room);
}

/* "1780272000000000"; SIM_NEVER if it is no such number. */
static sim_time read_stamp(struct span text)
{
    sim_time at = 0;

    if (text.length == 0)
        return SIM_NEVER;
    for (size_t i = 0; i < text.length; i++) {
        if (text.text[i] < '0' || text.text[i] > '9')
            return SIM_NEVER;
        at = 10 * at + text.text[i] - '0';
        if (at > (SIM_LAST_SECOND + 1) * SIM_SECOND - 1)
            return SIM_NEVER;
    }
    return at;
}

/* ---- the entry ---- */

/* An entry under way. */
struct reading {
    struct journal_entry *entry;
    sim_time received; /* __REALTIME_TIMESTAMP */
    char *room;
};

static void take_field(struct reading *reading, struct span name, struct span value)
{
    struct journal_entry *entry = reading->entry;

    if (span_is(name, SPAN("MESSAGE")))
        entry->message = value_text(value, &reading->room);
    else if (span_is(name, SPAN("SYSLOG_IDENTIFIER")))
        entry->identifier = value_text(value, &reading->room);
    else if (span_is(name, SPAN("_HOSTNAME")))
        entry->host = value_text(value, &reading->room);
    else if (span_is(name, SPAN("_SOURCE_REALTIME_TIMESTAMP")))
        entry->at = read_stamp(value_text(value, &reading->room));
    else if (span_is(name, SPAN("__REALTIME_TIMESTAMP")))
        reading->received = read_stamp(value_text(value, &reading->room));
}

bool journal_json_read(struct span line, char *room, struct journal_entry *entry)
{
    struct reading reading = {entry, SIM_NEVER, room};
    struct span name, value;

    *entry = (struct journal_entry){SIM_NEVER, SPAN(""), SPAN(""), SPAN("")};
    if (!take_mark(&line, '{'))
        return false;
    do {
        if (!take_string(&line, &name) || !take_mark(&line, ':') || !take_value(&line, &value))
            return false;
        take_field(&reading, name, value);
    } while (take_mark(&line, ','));
    if (entry->at == SIM_NEVER)
        entry->at = reading.received;
    return take_mark(&line, '}') && entry->at != SIM_NEVER;
}
