/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/bench/bench_maillog.c - how fast a log is read
 *
 * usage: bench_maillog LOG [TIMES]
 *
 * Reads LOG that many times (5), first from the file and then from memory, and
 * prints the quickest of each.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <time.h>

#include "io/input.h"
#include "io/maillog.h"

static void drop(void *user, struct logged_message *message)
{
    (void)user;
    logged_message_free(message);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
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

/* One reading; from the file where `text` is NULL. Returns the seconds it took. */
static double read_once(const char *path, const char *text, size_t length, uint64_t *lines)
{
    struct maillog *log = maillog_new((struct maillog_sink){drop, NULL});
    struct maillog_totals totals;
    struct err err;
    double start = seconds();

    if (text != NULL) {
        maillog_begin(log, (sim_time)time(NULL) * SIM_SECOND);
        maillog_feed(log, text, length);
    } else if (!maillog_read(log, path, &err)) {
        fprintf(stderr, "bench_maillog: %s\n", err.text);
        exit(err.status);
    }
    maillog_finish(log, &totals);
    *lines = totals.postfix_lines + totals.foreign_lines + totals.unstamped_lines;
    return seconds() - start;
}

static double read_best(const char *path, const char *text, size_t length, int times,
                        uint64_t *lines)
{
    double best = read_once(path, text, length, lines);

    for (int i = 1; i < times; i++) {
        double took = read_once(path, text, length, lines);
        if (took < best)
            best = took;
    }
    return best;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fputs("usage: bench_maillog LOG [TIMES]\n", stderr);
        return EX_USAGE;
    }
    int times = argc == 3 ? atoi(argv[2]) : 5;
    uint64_t lines;
    char *text;
    size_t length;
    struct err err;

    double best = read_best(argv[1], NULL, 0, times, &lines);
    long peak = peak_kib();
    if (!input_read_all(argv[1], &text, &length, &err)) {
        fprintf(stderr, "bench_maillog: %s\n", err.text);
        return err.status;
    }
    report("file", length, lines, best, peak);
    best = read_best(argv[1], text, length, times, &lines);
    report("memory", length, lines, best, peak_kib());
    free(text);
    return 0;
}
