/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/queue_id.h"

#include <stdio.h>
#include <string.h>

#include "models/catalogue.h"

#define SECONDS_LEAST 6 /* digits, of base 52 */
#define MICROSECONDS 4
#define SEPARATOR 'z'

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool queue_id_is_good(const char *id, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!is_letter_or_digit(id[i]))
            return false;
    }
    return length > 0 && length <= QUEUE_ID_LONGEST;
}

/* The value of digits in base 52; -1 where one is none, or it is too much. */
static int64_t base52(const char *text, size_t length)
{
    static const char digits[] = QUEUE_ID_SAFE_DIGITS;
    int64_t value = 0;

    for (size_t i = 0; i < length; i++) {
        const char *digit = strchr(digits, text[i]);
        if (digit == NULL || value > SIM_LAST_SECOND)
            return -1;
        value = value * (int64_t)(sizeof digits - 1) + (digit - digits);
    }
    return value;
}

/* How many digits the seconds of a long id have; 0 of a short one. */
static size_t second_digits(const char *id)
{
    const char *separator = strrchr(id, SEPARATOR);

    if (separator == NULL || separator - id < SECONDS_LEAST + MICROSECONDS)
        return 0;
    return (size_t)(separator - id) - MICROSECONDS;
}

int64_t queue_id_second(const char *id)
{
    size_t digits = second_digits(id);
    int64_t second = digits == 0 ? -1 : base52(id, digits);

    return second > SIM_LAST_SECOND ? -1 : second;
}

struct queue_id_digits queue_id_digits(const char *id)
{
    struct queue_id_digits digits;
    size_t seconds = second_digits(id);
    int64_t microseconds = seconds == 0 ? -1 : base52(id + seconds, MICROSECONDS);

    if (microseconds >= 0)
        snprintf(digits.text, sizeof digits.text, "%05llX", (unsigned long long)microseconds);
    else
        snprintf(digits.text, sizeof digits.text, "%s", id);
    return digits;
}
