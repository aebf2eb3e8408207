/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/nearest.h"

#include <string.h>

/* No name is longer; a longer word is not looked at. */
#define LONGEST 80

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The edit distance with swaps of neighbours counted as one ("optimal string alignment"). */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t row[3][LONGEST + 1]; /* of i - 2, i - 1 and i letters of `a`, in turn */

    for (size_t j = 0; j <= b_length; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            now[j] = before[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = least(now[j], least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], earlier[j - 2] + 1);
        }
    }
    return row[a_length % 3][b_length];
}

static size_t tolerance(size_t length)
{
    if (length <= 3)
        return 1;
    return length <= 7 ? 2 : 3;
}

static const char *name_at(const void *first, size_t offset)
{
    const char *name;

    memcpy(&name, (const char *)first + offset, sizeof name);
    return name;
}

const char *nearest(const char *word, const void *first, size_t count, size_t stride)
{
    size_t length = strlen(word);
    size_t closest = tolerance(length) + 1;
    const char *found = NULL;

    if (length == 0 || length > LONGEST)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const char *name = name_at(first, i * stride);
        size_t name_length = name == NULL ? 0 : strlen(name);

        if (name_length == 0 || name_length > LONGEST)
            continue;
        size_t steps = distance(word, length, name, name_length);
        if (steps < closest && steps < length) {
            closest = steps;
            found = name;
        }
    }
    return found;
}
