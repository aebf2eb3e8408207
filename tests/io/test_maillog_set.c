/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rotated, copied and interleaved logs. Each file's lines are named by their seconds. */
#include "io/maillog_set.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "sim/alloc.h"
#include "sim/check.h"

#define MOST 64
#define FILES_MOST 8
#define START (1780272000 * SIM_SECOND) /* 2026-06-01 00:00 UTC */

static char folder[] = P_tmpdir "/tempfail-set-XXXXXX";
static char *paths[FILES_MOST];
static size_t path_count;

static struct logged_message *messages[MOST];
static size_t count;
static struct maillog_totals totals;
static struct err err;

static void begin(void)
{
    cr_assert_not_null(mkdtemp(folder));
    setenv("TZ", "UTC", 1);
    tzset();
}

static void end(void)
{
    for (size_t i = 0; i < path_count; i++) {
        unlink(paths[i]);
        free(paths[i]);
    }
    rmdir(folder);
    for (size_t i = 0; i < count; i++)
        logged_message_free(messages[i]);
}

TestSuite(maillog_set, .init = begin, .fini = end);

/* Files are named in the order in which they are made. */
static FILE *make_file(void)
{
    cr_assert_lt(path_count, FILES_MOST);
    paths[path_count] = alloc_printf("%s/%zu", folder, path_count);
    FILE *file = fopen(paths[path_count++], "w");
    cr_assert_not_null(file);
    return file;
}

static void put_stamp(FILE *file, int second, const char *host)
{
    fprintf(file, "2026-06-01T%02d:%02d:%02dZ %s ", second / 3600, second / 60 % 60, second % 60,
            host);
}

/* A failed attempt that names its second. */
static void put_attempt(FILE *file, int second, const char *host)
{
    put_stamp(file, second, host);
    fprintf(file,
            "postfix/smtp[1]: A0001AA001: to=<b@example.net>, relay=none, delay=%d, "
            "delays=%d/0/0/0, dsn=4.4.1, status=deferred (refused)\n",
            second, second);
}

/* A file with attempts at these seconds, -1 after the last. */
static void file_of(const char *host, const int *seconds)
{
    FILE *file = make_file();

    for (; *seconds >= 0; seconds++)
        put_attempt(file, *seconds, host);
    fclose(file);
}

#define FILE_OF(host, ...) file_of((host), (const int[]){__VA_ARGS__, -1})

static void keep(void *user, struct logged_message *message)
{
    (void)user;
    cr_assert_lt(count, MOST);
    messages[count++] = message;
}

static bool read_set(void)
{
    struct maillog *log = maillog_new((struct maillog_sink){keep, NULL});
    bool good = maillog_set_read(log, (const char *const *)paths, path_count, &err);

    maillog_finish(log, &totals);
    return good;
}

/* One message, tried at these seconds in this order. */
static void expect_attempts(const int *seconds)
{
    size_t i = 0;

    cr_assert(read_set(), "%s", err.text);
    cr_assert_eq(count, 1, "%zu messages", count);
    for (; seconds[i] >= 0; i++) {
        cr_assert_lt(i, messages[0]->attempt_count, "no attempt at %d", seconds[i]);
        cr_expect_eq(messages[0]->attempts[i].at, START + seconds[i] * SIM_SECOND,
                     "attempt %zu is not at %d", i, seconds[i]);
    }
    cr_expect_eq(messages[0]->attempt_count, i);
    cr_expect_eq(totals.postfix_lines, i);
}

#define EXPECT_ATTEMPTS(...) expect_attempts((const int[]){__VA_ARGS__, -1})

/* ---- rotation ---- */

Test(maillog_set, puts_rotated_files_in_order)
{
    FILE_OF("mx", 4000, 5000);
    FILE_OF("mx", 2000, 3000);
    FILE_OF("mx", 100, 1000);
    EXPECT_ATTEMPTS(100, 1000, 2000, 3000, 4000, 5000);
    cr_expect_eq(totals.copied_lines, 0);
}

Test(maillog_set, counts_the_lines_of_a_copy_once)
{
    FILE_OF("mx", 100, 101, 1000);
    FILE_OF("mx", 100, 101, 1000);
    EXPECT_ATTEMPTS(100, 101, 1000);
    cr_expect_eq(totals.copied_lines, 3);
}

/* The old file was copied before the new one was emptied. */
Test(maillog_set, counts_an_overlap_once)
{
    FILE_OF("mx", 500, 500, 501, 600, 4000);
    FILE_OF("mx", 1, 400, 500, 500, 501);
    EXPECT_ATTEMPTS(1, 400, 500, 500, 501, 600, 4000);
    cr_expect_eq(totals.copied_lines, 3);
}

/* The old file's last line is the new one's first, and then there is a long silence. */
Test(maillog_set, counts_an_overlap_of_one_line_once)
{
    FILE_OF("mx", 500, 4000);
    FILE_OF("mx", 1, 500);
    EXPECT_ATTEMPTS(1, 500, 4000);
    cr_expect_eq(totals.copied_lines, 1);
}

/* The old file goes on beyond it. */
Test(maillog_set, counts_a_file_within_another_once)
{
    FILE_OF("mx", 500, 600);
    FILE_OF("mx", 1, 500, 600, 4000, 5000);
    EXPECT_ATTEMPTS(1, 500, 600, 4000, 5000);
    cr_expect_eq(totals.copied_lines, 2);
}

Test(maillog_set, counts_a_line_of_three_files_once)
{
    FILE_OF("mx", 1, 500);
    FILE_OF("mx", 500, 600);
    FILE_OF("mx", 500, 700);
    EXPECT_ATTEMPTS(1, 500, 600, 700);
    cr_expect_eq(totals.copied_lines, 2);
}

/* As often as the file has it that has it most often. */
Test(maillog_set, keeps_equal_lines_of_one_file)
{
    FILE_OF("mx", 7, 7, 7);
    FILE_OF("mx", 7, 7);
    EXPECT_ATTEMPTS(7, 7, 7);
    cr_expect_eq(totals.copied_lines, 2);
}

Test(maillog_set, finds_copies_of_lines_out_of_order)
{
    FILE_OF("mx", 100, 99, 100, 97, 98);
    FILE_OF("mx", 100, 97, 98, 300);
    cr_assert(read_set());
    cr_expect_eq(totals.postfix_lines, 6);
    cr_expect_eq(totals.copied_lines, 3);
}

/* A copy whose beginning is in the middle of disorder. */
Test(maillog_set, finds_copies_a_few_seconds_apart)
{
    FILE_OF("mx", 100, 92, 101);
    FILE_OF("mx", 92, 101);
    cr_assert(read_set());
    cr_expect_eq(totals.postfix_lines, 3);
    cr_expect_eq(totals.copied_lines, 2);
}

/* The other file has ended by then. */
Test(maillog_set, finds_a_copy_that_comes_late)
{
    FILE_OF("mx", 100, 92, 4000);
    FILE_OF("mx", 92);
    cr_assert(read_set());
    cr_expect_eq(totals.postfix_lines, 3);
    cr_expect_eq(totals.copied_lines, 1);
}

Test(maillog_set, does_not_take_a_later_line_for_a_copy)
{
    FILE_OF("mx", 100, 92, 4000);
    FILE_OF("mx", 92, 100, 4000, 92);
    cr_assert(read_set());
    cr_expect_eq(totals.postfix_lines, 4);
    cr_expect_eq(totals.copied_lines, 3);
}

Test(maillog_set, follows_a_clock_that_was_set_back)
{
    FILE_OF("mx", 1000, 100, 101, 1000, 1001);
    FILE_OF("mx", 1000, 100, 101, 1000, 1001);
    EXPECT_ATTEMPTS(1000, 100, 101, 1000, 1001);
    cr_expect_eq(totals.copied_lines, 5);
}

/* A single line of another century comes last; the rest is where it belongs. */
Test(maillog_set, is_not_held_up_by_one_wrong_stamp)
{
    FILE *file = make_file();
    put_attempt(file, 1, "mx");
    fputs("2099-06-01T00:00:00Z mx kernel: clock\n", file);
    put_attempt(file, 3, "mx");
    fclose(file);
    FILE_OF("mx", 2);
    EXPECT_ATTEMPTS(1, 2, 3);
}

Test(maillog_set, compares_compressed_files_too)
{
    FILE_OF("mx", 1, 2, 3);
    FILE_OF("mx", 2, 3, 4);
    char *command = alloc_printf("gzip '%s' && mv '%s.gz' '%s'", paths[0], paths[0], paths[0]);
    cr_assert_eq(system(command), 0);
    free(command);
    EXPECT_ATTEMPTS(1, 2, 3, 4);
}

/* ---- hosts ---- */

/* Read one after the other, the second host's would be 50 minutes back in time. */
Test(maillog_set, lets_hosts_take_turns)
{
    FILE_OF("mx1", 1, 1000, 3000);
    FILE_OF("mx2", 1, 2000, 3000);
    cr_assert(read_set());
    cr_assert_eq(count, 2);
    cr_expect_eq(messages[0]->attempt_count, 3);
    cr_expect_eq(messages[1]->attempt_count, 3);
    cr_expect_eq(totals.copied_lines, 0);
}

static void put_text(FILE *file, int second, const char *host, const char *text)
{
    put_stamp(file, second, host);
    fprintf(file, "postfix/%s\n", text);
}

/* What leaves first is handed on first, whichever file has it. */
Test(maillog_set, hands_on_the_messages_of_hosts_by_time)
{
    static const char *const hosts[] = {"mx1", "mx2"};

    for (int host = 0; host < 2; host++) {
        FILE *file = make_file();
        for (int i = 0; i < 3; i++) {
            put_attempt(file, 1000 * i + 100 * host, hosts[host]);
            put_text(file, 1000 * i + 100 * host, hosts[host], "qmgr[1]: A0001AA001: removed");
        }
        fclose(file);
    }
    cr_assert(read_set());
    cr_assert_eq(count, 6);
    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(messages[i]->host, hosts[i % 2]);
}

/* ---- other files ---- */

Test(maillog_set, reads_what_has_no_line_of_postfix)
{
    FILE *file = make_file();
    fputs("no stamp\n2026-06-01T00:00:00Z mx sshd[1]: nothing of ours\n", file);
    fclose(file);
    make_file();
    FILE_OF("mx", 5, 6);
    FILE_OF("mx", 1, 2);
    EXPECT_ATTEMPTS(1, 2, 5, 6);
    cr_expect_eq(totals.unstamped_lines, 1);
    cr_expect_eq(totals.foreign_lines, 1);
}

/* Each file's year is that of its own time. */
Test(maillog_set, merges_across_new_year)
{
    static const char *const lines[] = {"Jan  1 00:00:05", "Dec 31 23:59:55"};
    const struct timespec written[] = {{1767225700, 0}, {1767225700, 0}}; /* 2026-01-01 */

    for (int i = 0; i < 2; i++) {
        FILE *file = make_file();
        fprintf(file,
                "%s mx postfix/smtp[1]: A0001AA001: to=<b@example.net>, relay=none, "
                "delay=1, status=deferred (refused)\n",
                lines[i]);
        fclose(file);
        utimensat(AT_FDCWD, paths[i], written, 0);
    }
    cr_assert(read_set());
    cr_assert_eq(count, 1);
    cr_assert_eq(messages[0]->attempt_count, 2);
    cr_expect_eq(messages[0]->attempts[1].at - messages[0]->attempts[0].at, 10 * SIM_SECOND);
}

Test(maillog_set, counts_cut_lines_of_all_files)
{
    for (int i = 0; i < 2; i++) {
        FILE *file = make_file();
        put_attempt(file, i, "mx");
        fprintf(file, "%0100000d\n", i);
        fclose(file);
    }
    cr_assert(read_set());
    cr_expect_eq(totals.cut_lines, 2);
}

Test(maillog_set, reads_as_given_where_one_is_a_pipe)
{
    int ends[2];

    FILE_OF("mx", 500, 501);
    FILE_OF("mx", 1, 2);
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    FILE *stream = fdopen(ends[1], "w");
    put_attempt(stream, 3, "mx");
    fclose(stream);
    paths[path_count++] = strdup("-");
    EXPECT_ATTEMPTS(500, 501, 1, 2, 3);
}

Test(maillog_set, says_which_file_is_not_there)
{
    FILE_OF("mx", 500);
    paths[path_count++] = alloc_printf("%s/nowhere", folder);
    cr_expect_not(read_set());
    cr_expect_eq(err.status, EX_NOINPUT);
    cr_expect_not_null(strstr(err.text, "nowhere: No such file"), "%s", err.text);
}

/* What was read before the damage counts; nothing is left open. */
Test(maillog_set, says_which_file_is_damaged)
{
    FILE_OF("mx", 500, 90000);
    char *damaged = alloc_printf("%s/damaged", folder);
    char *command = alloc_printf("{ cat '%s'; head -c 300000 /dev/urandom; } | gzip | "
                                 "head -c 200000 >'%s'",
                                 paths[0], damaged);
    cr_assert_eq(system(command), 0);
    free(command);
    paths[path_count++] = damaged;
    cr_expect_not(read_set());
    cr_expect_eq(err.status, EX_DATAERR);
    cr_expect_not_null(strstr(err.text, "damaged: damaged after line"), "%s", err.text);
    cr_expect_geq(totals.postfix_lines, 1);
}
