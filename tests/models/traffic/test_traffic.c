/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/traffic/traffic.h"

#include "tests/models/traffic/source.h"

/* What a run cannot hold: mail from before it starts, and mail that comes after the clock's end. */
static void expect_bounded(const char *kind, const char *name)
{
    static const char *const refused[] = {"2026-05-31T23:59Z", "never", "2150-01-01T00:00Z"};
    struct source source;
    struct err err;

    source_init(&source, kind, 1, NULL);
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        cr_expect(!source_set(&source, name, refused[i], &err), "%s: %s = %s", kind, name,
                  refused[i]);
    cr_expect(source_set(&source, name, "2026-06-01T00:00Z", &err), "%s", err.text);
    source_fini(&source);
}

Test(traffic, comes_within_the_run)
{
    expect_bounded("poisson", "from");
    expect_bounded("even", "from");
    expect_bounded("diurnal", "from");
    expect_bounded("burst", "at");
}

Test(traffic, may_end_whenever_it_likes)
{
    static const char *const kinds[] = {"poisson", "even", "diurnal"};
    struct source source;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        source_init(&source, kinds[i], 1, "rate", "1/s", "until", "2026-05-31T23:59Z", NULL);
        cr_expect_eq(source_next(&source), SIM_NEVER);
        source_fini(&source);
        source_init(&source, kinds[i], 1, "rate", "1/s", "until", "never", NULL);
        cr_expect_neq(source_next(&source), SIM_NEVER);
        source_fini(&source);
    }
}
