/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/fit_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/figures.h"
#include "io/fit_csv.h"
#include "io/replay_files.h"
#include "sim/alloc.h"

/* So many of all last `length`, `never` of these for ever, and the others are none. */
static char *mixture(double of_all, double never, const char *length)
{
    char none_part[40] = "", never_part[40] = "";

    if (of_all < 1)
        snprintf(none_part, sizeof none_part, "%.6g: 0s, ", 1 - of_all);
    if (never > 0)
        snprintf(never_part, sizeof never_part, "%.6g: never, ", of_all * never);
    if (of_all >= 1 && never <= 0)
        return alloc_printf("%s", length);
    return alloc_printf("mixture(%s%s%.6g: %s)", none_part, never_part, of_all * (1 - never),
                        length);
}

char *fit_distribution(const struct cure *cure, double of_all)
{
    char *length = alloc_printf("%s(%.3fs, %.6g)", cure_family_names[cure->family],
                                cure->value[CURE_SCALE], cure->value[CURE_SHAPE]);
    char *text = mixture(of_all, cure->value[CURE_SHARE], length);

    free(length);
    return text;
}

/* ---- the scenario ---- */

/* A site's spells, by time within it. */
struct site_spell {
    uint32_t site;
    const struct episode *episode;
};

static int by_site(const void *a, const void *b)
{
    const struct site_spell *x = a, *y = b;

    if (x->site != y->site)
        return x->site < y->site ? -1 : 1;
    return (x->episode > y->episode) - (x->episode < y->episode);
}

/* One list holds all episodes: their order is that of causes and times. */
static struct site_spell *spells_by_site(const struct episodes *episodes)
{
    struct site_spell *spells = alloc_zeroed((episodes->count + 1) * sizeof *spells);

    for (size_t i = 0; i < episodes->count; i++)
        spells[i] = (struct site_spell){episodes->list[i].site, &episodes->list[i]};
    if (episodes->count > 0)
        qsort(spells, episodes->count, sizeof *spells, by_site);
    return spells;
}

/* A domain, or an address in brackets. What a log holds beside is nothing to write as a name. */
static bool is_name(const char *text)
{
    return *text != '\0'
           && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-_[]:") == strlen(text);
}

static void put_seconds(struct output *output, sim_time span)
{
    output_print(output, "%.3fs", (double)span / (double)SIM_SECOND);
}

/* As long as the log had it, to the middle between two attempts. */
static void put_own_length(struct output *output, const struct episode *episode)
{
    if (episode->recovered == SIM_NEVER)
        output_print(output, "never");
    else
        put_seconds(output,
                    episode->last + (episode->recovered - episode->last) / 2 - episode->first);
}

static void put_outage(struct output *output, const struct fitted_log *log,
                       const struct episode *episode)
{
    static const char *const hows[CAUSE_COUNT] = {
        [CAUSE_REFUSED] = "refused",
        [CAUSE_TIMEOUT] = "timeout",
        [CAUSE_DNS] = "dns",
        [CAUSE_THROTTLE] = "greeting  text = \"421 4.7.0 too much mail\"",
    };
    const struct cure_fit *best = log->fit->causes[episode->cause].best;
    sim_time at = episode->first - reconstruct_start(log->mail);

    output_print(output, "    outage { at = ");
    put_seconds(output, at < 0 ? 0 : at);
    output_print(output, "  for = ");
    if (best == NULL) {
        put_own_length(output, episode);
    } else {
        char *text = fit_distribution(&best->cure, 1);
        output_print(output, "\"%s\"", text);
        free(text);
    }
    output_print(output, "  how = %s }\n", hows[episode->cause]);
}

/* As they were here: so many for ever, the others as long as half of them. */
static char *own_distribution(const struct fitted_log *log, enum cause cause, double of_all)
{
    const struct cause_fit *of = &log->fit->causes[cause];
    const struct survival_point *half = &of->survival.points[0];
    double open = (double)(of->spells - of->recovered) / (double)of->spells;

    if (of->survival.count == 0)
        return of_all < 1 ? mixture(of_all, 0, "never") : alloc_printf("never");
    for (size_t i = 0; i < of->survival.count && of->survival.points[i].away >= (1 + open) / 2; i++)
        half = &of->survival.points[i];
    char *length = alloc_printf("%.3fs", half->age), *text = mixture(of_all, open, length);
    free(length);
    return text;
}

/* Of all who write to sites like this, so many are held up. */
static void put_greylist(struct output *output, const struct fitted_log *log, enum cause cause)
{
    static const char *const texts[CAUSE_COUNT] = {
        [CAUSE_GREYLIST] = "450 4.2.0 Greylisted",
        [CAUSE_MAILBOX] = "452 4.2.2 Mailbox full",
    };
    const struct cure_fit *best = log->fit->causes[cause].best;
    double share = (double)log->episodes->units[cause] / (double)log->episodes->watched[cause];
    char *text =
        best == NULL ? own_distribution(log, cause, share) : fit_distribution(&best->cure, share);

    output_print(output, "    greylist { delay = \"%s\"  text = \"%s\" }\n", text, texts[cause]);
    free(text);
}

/* The spells are all of one site. */
static void put_site(struct output *output, const struct fitted_log *log,
                     const struct site_spell *spells, size_t count)
{
    output_print(output, "site \"%s\" {\n", names_text(&log->episodes->names, spells->site));
    for (size_t i = 0; i < count; i++) {
        enum cause cause = spells[i].episode->cause;
        bool again = i > 0 && spells[i - 1].episode->cause == cause;
        if (cause_unit(cause) == UNIT_SITE)
            put_outage(output, log, spells[i].episode);
        else if (!again)
            put_greylist(output, log, cause);
    }
    output_print(output, "}\n");
}

static void put_sites(struct output *output, const struct fitted_log *log)
{
    struct site_spell *spells = spells_by_site(log->episodes);
    size_t left_out = 0;

    for (size_t i = 0, next; i < log->episodes->count; i = next) {
        for (next = i; next < log->episodes->count && spells[next].site == spells[i].site;)
            next++;
        if (is_name(names_text(&log->episodes->names, spells[i].site)))
            put_site(output, log, spells + i, next - i);
        else
            left_out++;
    }
    if (left_out > 0)
        output_print(output, "# left out: %zu sites whose names are none\n", left_out);
    free(spells);
}

static void put_verdicts(struct output *output, const struct fit *fit)
{
    for (int i = 0; i < CAUSE_COUNT; i++) {
        const struct cause_fit *of = &fit->causes[i];
        if (of->spells > 0 && of->best == NULL)
            output_print(output, "# %s: %s; as long as it was here\n", cause_names[i],
                         cure_verdict_text(of->verdict));
    }
}

static void put_scenario(struct output *output, const struct fitted_log *log)
{
    char text[FIGURE_MOST];

    output_print(
        output,
        "# A log's mail, and its sites away for as long as it says they are; what is longer "
        "than\n# the log's own %.1f h is extrapolation, and so is every \"never\".\n",
        log->fit->length / 3600);
    put_verdicts(output, log->fit);
    output_print(output,
                 "start = %s\n"
                 "mta postfix { }\n"
                 "traffic logged { arrivals = trace  file = \"arrivals.csv\" }\n",
                 figure_utc(reconstruct_start(log->mail), text));
    put_sites(output, log);
}

/* ---- files ---- */

enum { FIGURES, SURVIVAL, ARRIVALS, SCENARIO, FILES };

bool fit_files_write(const char *folder, const struct fitted_log *log, struct err *err)
{
    static const char *const names[FILES] = {"fit.csv", "survival.csv", "arrivals.csv",
                                             "fitted.conf"};
    struct output files[FILES] = {0};
    bool good = output_make_folder(folder, err);

    for (int i = 0; good && i < FILES; i++)
        good = output_open(&files[i], folder, names[i], err);
    if (good) {
        fit_csv_put_figures(&files[FIGURES], log->fit);
        fit_csv_put_survival(&files[SURVIVAL], log->fit);
        replay_files_put_arrivals(&files[ARRIVALS], log->mail, reconstruct_start(log->mail));
        put_scenario(&files[SCENARIO], log);
    }
    for (int i = 0; i < FILES; i++) {
        good = good && output_commit(&files[i], err);
        output_discard(&files[i]);
    }
    return good;
}
