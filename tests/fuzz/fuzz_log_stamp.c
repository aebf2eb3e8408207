/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_log_stamp.c - any bytes as time stamps, one a line
 *
 * What is read must lie between 1970 and 9999, give or take a zone, and be the
 * same when read by itself, unless a year had to be found.
 */
#include <stdint.h>
#include <string.h>

#include "io/log_stamp.h"
#include "sim/check.h"

#define REFERENCE (1790000000 * SIM_SECOND)
#define DAY (86400 * SIM_SECOND)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_line(struct log_stamps *stamps, const char *line, size_t length)
{
    sim_time at, alone;
    size_t taken = log_stamp_read(stamps, line, length, &at);

    EXPECT(taken <= length);
    if (taken == 0)
        return;
    EXPECT(at >= -DAY && at < 253402300800 * SIM_SECOND + DAY);

    struct log_stamps fresh;
    log_stamp_init(&fresh, REFERENCE);
    EXPECT(log_stamp_read(&fresh, line, length, &alone) == taken);
    EXPECT(alone == at || line[0] > '9');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    const char *end = text + size;
    struct log_stamps stamps;

    log_stamp_init(&stamps, REFERENCE);
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline == NULL ? end : newline;
        check_line(&stamps, text, (size_t)(stop - text));
        text = stop + 1;
    }
    return 0;
}
