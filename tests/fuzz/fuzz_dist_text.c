/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_dist_text.c - any text as what a scenario's settings may be
 *
 * Distributions, spans, rates, instants, numbers and replies. What is drawn is
 * never negative; what is refused is told why.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "models/dist_text.h"
#include "models/reply.h"
#include "models/rows.h"
#include "models/span.h"
#include "sim/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Three values for any file but "none", which is empty. */
static bool read_samples(void *user, const char *path, double **values, size_t *count,
                         struct err *err)
{
    (void)user;
    if (strcmp(path, "not there") == 0)
        return err_set(err, "%.100s: it is not there", path);
    *values = alloc_zeroed(3 * sizeof **values);
    (*values)[1] = 7.5;
    (*values)[2] = 1e9;
    *count = strcmp(path, "none") == 0 ? 0 : 3;
    return true;
}

static void check_dist(const char *text)
{
    static const uint32_t words[] = {0, 1, 1u << 31, UINT32_MAX};
    const struct text_context context = {.samples = read_samples};
    struct err err = {0};
    struct dist dist;

    if (!dist_parse(&dist, text, &context, &err)) {
        EXPECT(err.text[0] != '\0');
        return;
    }
    for (size_t i = 0; i < COUNT_OF(words); i++)
        EXPECT(dist_draw(&dist, words[i]) >= 0);
    EXPECT(dist_quantile(&dist, 0.25) <= dist_quantile(&dist, 0.75) || dist.kind == DIST_MIXTURE);
    dist_fini(&dist);
}

static void check_small(const char *text)
{
    struct err err = {0};
    sim_time span;
    double number;

    if (span_parse(&span, text, &err))
        EXPECT(span >= 0 && span < SIM_NEVER / 1000);
    if (rate_parse(&number, text, &err))
        EXPECT(isfinite(number) && number >= 0);
    if (number_parse(&number, text, &err))
        EXPECT(isfinite(number) && number >= 0);
    if (utc_parse(&span, text, &err))
        EXPECT(span > -SIM_NEVER / 2 && span < SIM_NEVER / 2);
    if (seconds_parse(&span, text, &err))
        EXPECT(span > -SIM_NEVER / 10 && span < SIM_NEVER / 10);
}

static void check_reply(const char *text)
{
    struct err err = {0};
    struct reply reply;

    if (!reply_parse(&reply, text, &err))
        return;
    EXPECT(reply.code >= 200 && reply.code < 600);
    EXPECT(reply.dsn[0] == text[0] && strlen(reply.dsn) >= 5);
    EXPECT(strcmp(reply.text, text) == 0);
    reply_fini(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = alloc_text((const char *)bytes, size);

    check_dist(text);
    check_small(text);
    check_reply(text);
    free(text);
    return 0;
}
