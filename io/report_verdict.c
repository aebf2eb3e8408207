/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences of io/report_words.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/report_figures.h"
#include "io/report_words.h"
#include "io/verdict.h"
#include "models/mta/postfix/parameters.h"
#include "sim/alloc.h"

static const struct interval none = {NAN, NAN, NAN};

/* A sentence under way. */
struct sentence {
    FILE *out;
    char *text;
    size_t length;
};

static void begin(struct sentence *sentence)
{
    *sentence = (struct sentence){0};
    sentence->out = open_memstream(&sentence->text, &sentence->length);
    REQUIRE(sentence->out != NULL);
}

static void end(struct sentence *sentence, struct report_lines *lines)
{
    fclose(sentence->out);
    lines->text = alloc_grow(lines->text, &lines->room, lines->count + 1, sizeof *lines->text);
    lines->text[lines->count++] = sentence->text;
}

static void drop(struct sentence *sentence)
{
    fclose(sentence->out);
    free(sentence->text);
}

void report_lines_fini(struct report_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->text[i]);
    free(lines->text);
}

const char *report_title(const struct report *report)
{
    const char *title = report_run_text(&report->runs[0], "title");

    if (title[0] != '\0')
        return title;
    if (report_run_is_replay(&report->runs[0]))
        return "The mail of a log, run again";
    title = report_run_text(&report->runs[0], "scenario");
    return title[0] != '\0' ? title : "A comparison";
}

/* ------------------------------------------------------------- differences */

static struct interval difference_of(const struct report_run *run, const char *metric)
{
    const struct run_figure *figure = report_run_figure(run, metric);

    return figure == NULL ? none : figure->diff;
}

/* Refused or expired: in percent of all recipients. Only compare knows the share; else, the ends of
 * a sum's interval are no nearer than the sums of the ends. */
static struct interval bounced_more(const struct report_run *run, double all)
{
    if (report_run_figure(run, "given_up_share") != NULL)
        return interval_scaled(difference_of(run, "given_up_share"), 100);
    struct interval a = difference_of(run, "bounced"), b = difference_of(run, "expired");
    struct interval sum = {a.mean + b.mean, a.low + b.low, a.high + b.high};

    return all > 0 ? interval_scaled(sum, 100 / all) : none;
}

static void compare(const struct report_run *run, const struct report_run *base,
                    struct report_lines *lines)
{
    double all = report_run_value(base, "recipients"), before = report_run_value(base, "attempts");
    struct verdict verdict = {
        .policy = run->name,
        .other = base->name,
        .any_mail = all > 0,
        .bounced = bounced_more(run, all),
        .delay = difference_of(run, "delay_p90"),
        .bad_news = difference_of(run, "bad_news_p50"),
        .news = report_run_value(run, "bad_news_p50"),
        .other_news = report_run_value(base, "bad_news_p50"),
        .attempts =
            before > 0 ? interval_scaled(difference_of(run, "attempts"), 100 / before) : none,
    };
    struct sentence sentence;

    begin(&sentence);
    verdict_print(sentence.out, &verdict);
    end(&sentence, lines);
}

/* ---------------------------------------------------------------- one run */

static void put_delivered(FILE *out, const struct report_run *run, double all)
{
    char half[FIGURE_MOST], most[FIGURE_MOST], count[FIGURE_MOST];

    fprintf(out, "Of %s recipients ", report_count(all, count));
    verdict_put_share(out, report_run_value(run, "delivered"), all);
    fprintf(out, " have their mail");
    if (!isnan(report_run_value(run, "delay_p50")))
        fprintf(out, ", half of them within %s and nine in ten within %s",
                report_span(report_run_value(run, "delay_p50"), half),
                report_span(report_run_value(run, "delay_p90"), most));
}

static void put_lost(FILE *out, const struct report_run *run, double all)
{
    double lost = report_run_value(run, "bounced") + report_run_value(run, "expired");
    char half[FIGURE_MOST];

    fprintf(out, "; ");
    if (!(lost > 0)) {
        fprintf(out, "none bounces");
        return;
    }
    verdict_put_share(out, lost, all);
    fprintf(out, " bounce");
    if (!isnan(report_run_value(run, "bad_news_p50")))
        fprintf(out, ", and half of their senders know after %s",
                report_span(report_run_value(run, "bad_news_p50"), half));
}

static void state(const struct report_run *run, struct report_lines *lines)
{
    double all = report_run_value(run, "recipients"), attempts = report_run_value(run, "attempts");
    struct sentence sentence;
    char count[FIGURE_MOST];

    begin(&sentence);
    if (all > 0) {
        put_delivered(sentence.out, run, all);
        put_lost(sentence.out, run, all);
        if (attempts > 0)
            fprintf(sentence.out, ". That takes %s attempts", report_count(attempts, count));
    } else {
        fprintf(sentence.out, "No mail came");
    }
    fprintf(sentence.out, ".");
    end(&sentence, lines);
}

void report_verdict(const struct report *report, struct report_lines *lines)
{
    if (report->count == 1)
        state(&report->runs[0], lines);
    for (size_t i = 1; i < report->count; i++)
        compare(&report->runs[i], &report->runs[0], lines);
}

/* ----------------------------------------------------- what they cannot tell */

static void say_queued(const struct report *report, const struct report_run *run,
                       struct report_lines *lines)
{
    struct sentence sentence;

    begin(&sentence);
    if (verdict_print_queued(sentence.out, report->count > 1 ? run->name : NULL,
                             report_run_value(run, "queued"), report_run_value(run, "recipients")))
        end(&sentence, lines);
    else
        drop(&sentence);
}

/* In seconds; 0 if it is not known. */
static long lifetime_of(const struct report_run *run)
{
    const char *text = report_run_setting(run, "maximal_queue_lifetime");
    long seconds;
    struct err err;

    return text != NULL
                   && postfix_value_set(&seconds, postfix_parameter_find("maximal_queue_lifetime"),
                                        text, NULL, &err)
               ? seconds
               : 0;
}

static void say_log_ends(const struct report_run *run, struct report_lines *lines)
{
    struct sentence sentence;
    char span[FIGURE_MOST];

    begin(&sentence);
    fprintf(sentence.out, "This is the mail of a log");
    if (run->last_s > 0)
        fprintf(sentence.out, " of %s", report_span(run->last_s, span));
    fprintf(sentence.out, ", run again: an outage that lasts longer is not in it, and what sites "
                          "answer after its end is not known.");
    end(&sentence, lines);
}

static void say_lifetime(const struct report *report, const struct report_run *run,
                         struct report_lines *lines)
{
    struct sentence sentence;
    char lifetime[FIGURE_MOST], span[FIGURE_MOST];

    if (run->last_s <= 0 || (double)lifetime_of(run) <= run->last_s
        || !(report_run_value(run, "queued") > 0 || report_run_is_replay(run)))
        return;
    begin(&sentence);
    if (report->count > 1)
        fprintf(sentence.out, "%s: ", run->name);
    fprintf(sentence.out,
            "mail is kept for %s, and the run is over after %s: none is seen to be "
            "given up by age.",
            report_span((double)lifetime_of(run), lifetime), report_span(run->last_s, span));
    end(&sentence, lines);
}

static void say(struct report_lines *lines, const char *text)
{
    struct sentence sentence;

    begin(&sentence);
    fputs(text, sentence.out);
    end(&sentence, lines);
}

void report_unknown(const struct report *report, struct report_lines *lines)
{
    const struct report_run *first = &report->runs[0];

    if (!report_is_of_one_experiment(report))
        say(lines, "The runs are of different scenarios, seeds or replications: not all of a "
                   "difference is due to the settings.");
    if (report->leaves_out_comparison)
        say(lines, "A compare.csv lies beside the run: it is of others, and none of it is told "
                   "here. To have it told, let compare write into a folder of its own.");
    if (report_run_is_replay(first))
        say_log_ends(first, lines);
    else if (!report_run_has_intervals(first))
        say(lines, "It was run once, so there are no intervals: other luck gives other figures, "
                   "and --replications tells how far apart they lie.");
    for (size_t i = 0; i < report->count; i++) {
        say_queued(report, &report->runs[i], lines);
        say_lifetime(report, &report->runs[i], lines);
    }
}
