/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/maillog_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/check.h"
#include "sim/printable.h"

const char *const maillog_format_names[] = {"traditional", "rfc3339", "rfc5424", NULL};

/* ------------------------------------------------------------------- lines */

static const struct program {
    const char *name;
    unsigned process;
} programs[MAILLOG_PROGRAM_COUNT] = {
    [MAILLOG_SMTPD] = {"smtpd", 1204},
    [MAILLOG_PICKUP] = {"pickup", 1185},
    [MAILLOG_CLEANUP] = {"cleanup", 1207},
    [MAILLOG_QMGR] = {"qmgr", 1186},
    [MAILLOG_SMTP] = {"smtp", 1211},
    [MAILLOG_ERROR] = {"error", 1213},
    [MAILLOG_BOUNCE_DAEMON] = {"bounce", 1216},
    [MAILLOG_POSTSUPER] = {"postsuper", 1240},
    [MAILLOG_MASTER] = {"master", 1184},
};

#define HEAD_ROOM 512

/* Up to the text of the line. */
static void put_head(struct output *output, enum maillog_format format, const char *host,
                     sim_time at, const struct program *program)
{
    time_t second = (time_t)sim_second(at);
    long usec = (long)(at - sim_second(at) * SIM_SECOND);
    char stamp[64];
    struct tm tm;

    gmtime_r(&second, &tm);
    if (format == MAILLOG_TRADITIONAL) {
        strftime(stamp, sizeof stamp, "%b %e %H:%M:%S", &tm);
        output_print(output, "%s %s postfix/%s[%u]: ", stamp, host, program->name,
                     program->process);
        return;
    }
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);
    if (format == MAILLOG_RFC3339)
        output_print(output, "%s.%06ld+00:00 %s postfix/%s[%u]: ", stamp, usec, host, program->name,
                     program->process);
    else
        output_print(output, "<22>1 %s.%06ldZ %s postfix/%s %u - - ", stamp, usec, host,
                     program->name, program->process);
}

void maillog_put_line(struct output *output, enum maillog_format format, const char *host,
                      sim_time at, enum maillog_program program, const char *fmt, ...)
{
    char text[MAILLOG_LINE_MOST + 1];
    va_list args;

    put_head(output, format, host, at, &programs[program]);
    va_start(args, fmt);
    int length = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    REQUIRE(length >= 0);
    size_t used = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    printable(text, used);
    text[used] = '\n';
    output_write(output, text, used + 1);
}

/* ------------------------------------------------------------------- spans */

/* What the span is rounded to. */
static sim_time resolution_of(sim_time span, unsigned decimals)
{
    sim_time step = SIM_SECOND;

    if (decimals == 0 || span >= 10 * SIM_SECOND)
        return SIM_SECOND;
    if (span >= SIM_SECOND)
        return SIM_SECOND / 10;
    for (unsigned i = 0; i < decimals; i++)
        step /= 10;
    while (span >= 100 * step)
        step *= 10;
    return step;
}

void maillog_seconds(char *text, sim_time span, unsigned decimals)
{
    sim_time positive = span < 0 ? 0 : span;
    sim_time step = resolution_of(positive, decimals);
    sim_time rounded = (positive + step / 2) / step * step;
    int length = snprintf(text, MAILLOG_SECONDS_ROOM, "%lld.%06lld",
                          (long long)(rounded / SIM_SECOND), (long long)(rounded % SIM_SECOND));

    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    text[length] = '\0';
}

/* --------------------------------------------------------------- addresses */

static bool is_atom(unsigned char c)
{
    return c >= 0x80 || (c > ' ' && c < 0x7f && strchr("()<>[]:;@\\,\"", c) == NULL);
}

/* Words with single dots between them, or in quotes already. */
static bool is_safe(const char *local, size_t length)
{
    bool word = false;

    if (length >= 2 && local[0] == '"' && local[length - 1] == '"')
        return true;
    for (size_t i = 0; i < length; i++) {
        bool dot = local[i] == '.';
        if (dot ? !word : !is_atom((unsigned char)local[i]))
            return false;
        word = !dot;
    }
    return word;
}

struct place {
    char *at;
    size_t left; /* without the NUL */
};

static void put(struct place *place, char c)
{
    if (place->left == 0)
        return;
    *place->at++ = c;
    place->left--;
}

void maillog_address(char *text, size_t room, const char *address)
{
    const char *domain = strrchr(address, '@');
    size_t local = domain == NULL ? strlen(address) : (size_t)(domain - address);
    bool quoted = *address != '\0' && !is_safe(address, local);
    struct place place = {text, room - 1};

    if (quoted)
        put(&place, '"');
    for (size_t i = 0; i < local; i++) {
        if (quoted && (address[i] == '"' || address[i] == '\\'))
            put(&place, '\\');
        put(&place, address[i]);
    }
    if (quoted)
        put(&place, '"');
    for (const char *at = address + local; *at != '\0'; at++)
        put(&place, *at);
    *place.at = '\0';
}
