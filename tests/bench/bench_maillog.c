/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/bench/bench_maillog.c - how fast a log is read
 *
 * usage: bench_maillog LOG [TIMES]
 *
 * Reads LOG that many times (5): from the file, merged with a copy of itself,
 * of which each line is looked for among the other's, and from memory. Prints
 * the quickest of each.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <time.h>

#include "io/input.h"
#include "io/maillog_set.h"

static void drop(void *user, struct logged_message *message)
{
    (void)user;
    logged_message_free(message);
}

/* Of the processor: neighbours that take it do not count. */
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void report(const char *from, size_t bytes, uint64_t lines, double best, long peak)
{
    printf("%-6s %9.1f MB/s %12.0f lines/s %8ld KiB peak\n", from, (double)bytes / best / 1e6,
           (double)lines / best, peak);
}

/* What is read: a text in memory, or where that is NULL a file, once or several times. */
struct source {
    const char *path, *text;
    size_t length, count;
};

static bool read_source(struct maillog *log, const struct source *source, struct err *err)
{
    const char *const paths[] = {source->path, source->path};

    if (source->text == NULL)
        return maillog_set_read(log, paths, source->count, err);
    maillog_begin(log, (sim_time)time(NULL) * SIM_SECOND);
    maillog_feed(log, source->text, source->length);
    return true;
}

/* One reading. Returns the seconds it took. */
static double read_once(const struct source *source, uint64_t *lines)
{
    struct maillog *log = maillog_new((struct maillog_sink){drop, NULL});
    struct maillog_totals totals;
    struct err err;
    double start = seconds();

    if (!read_source(log, source, &err)) {
        fprintf(stderr, "bench_maillog: %s\n", err.text);
        exit(err.status);
    }
    maillog_finish(log, &totals);
    *lines =
        totals.postfix_lines + totals.foreign_lines + totals.unstamped_lines + totals.copied_lines;
    return seconds() - start;
}

static void measure(const char *name, const struct source *source, size_t bytes, int times)
{
    uint64_t lines;
    double best = read_once(source, &lines);

    for (int i = 1; i < times; i++) {
        double took = read_once(source, &lines);
        if (took < best)
            best = took;
    }
    report(name, bytes, lines, best, peak_kib());
}

/* Line by line: a text of all would be in the peak. */
static bool count_bytes(const char *path, size_t *bytes, struct err *err)
{
    struct input *input = input_open(path, err);
    const char *line;
    size_t length;

    *bytes = 0;
    if (input == NULL)
        return false;
    while (input_line(input, &line, &length))
        *bytes += length + 1;
    return input_close(input, err);
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fputs("usage: bench_maillog LOG [TIMES]\n", stderr);
        return EX_USAGE;
    }
    int times = argc == 3 ? atoi(argv[2]) : 5;
    const char *path = argv[1];
    char *text;
    size_t length;
    struct err err;

    if (!count_bytes(path, &length, &err)) {
        fprintf(stderr, "bench_maillog: %s\n", err.text);
        return err.status;
    }
    measure("file", &(struct source){.path = path, .count = 1}, length, times);
    measure("merged", &(struct source){.path = path, .count = 2}, 2 * length, times);
    if (!input_read_all(path, &text, &length, &err))
        return err.status;
    measure("memory", &(struct source){.text = text, .length = length}, length, times);
    free(text);
    return 0;
}
