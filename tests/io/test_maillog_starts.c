/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a file of a log begins, so that rotated ones can be put in order. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "io/maillog.h"
#include "sim/alloc.h"

static char path[] = P_tmpdir "/tempfail-starts-XXXXXX";

static void make_file(void)
{
    int file = mkstemp(path);

    cr_assert_geq(file, 0);
    close(file);
    setenv("TZ", "UTC", 1);
    tzset();
}

static void remove_file(void)
{
    unlink(path);
}

TestSuite(maillog_starts, .init = make_file, .fini = remove_file);

/* Written so many seconds after 2026-06-01T12:00:00Z. */
static sim_time starts(const char *text, long after)
{
    const struct timespec written[] = {{1780315200 + after, 0}, {1780315200 + after, 0}};
    FILE *file = fopen(path, "w");
    struct err err = {0};
    sim_time at = -1;

    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
    cr_assert_eq(utimensat(AT_FDCWD, path, written, 0), 0);
    cr_assert(maillog_starts(path, &at, &err), "%s", err.text);
    return at;
}

#define EXPECT_START(text, second) cr_expect_eq(starts(text, 0), (sim_time)(second)*SIM_SECOND)

Test(maillog_starts, with_its_first_line)
{
    EXPECT_START("2026-06-01T00:00:10Z mx postfix/qmgr[1]: A0001AA001: removed\n"
                 "2026-06-01T00:00:05Z mx postfix/qmgr[1]: A0001AA001: removed\n",
                 1780272010);
    EXPECT_START("2026-06-01T00:00:10Z mx postfix/qmgr[1]: A0001AA001: removed", 1780272010);
}

/* Any line of Postfix's will do. */
Test(maillog_starts, with_a_line_that_tells_of_no_message)
{
    EXPECT_START("Jun  1 00:00:10 mx postfix/smtpd[1]: connect from x[192.0.2.1]\n"
                 "Jun  1 00:00:20 mx postfix/qmgr[1]: A0001AA001: removed\n",
                 1780272010);
}

Test(maillog_starts, after_what_is_not_of_postfix)
{
    EXPECT_START("\n"
                 "no stamp\n"
                 "Jun  1 00:00:10 mx sshd[1]: nothing of ours\n"
                 "Jun  1 00:00:20 mx postfix/qmgr[1]: A0001AA001: removed\n",
                 1780272020);
}

/* A log without years was written until its file's own time. */
Test(maillog_starts, in_the_year_of_the_file)
{
    const char *text = "Dec 31 23:59:59 mx postfix/qmgr[1]: A0001AA001: removed\n";

    cr_expect_eq(starts(text, 0), 1767225599 * SIM_SECOND);
    cr_expect_eq(starts(text, 365 * 86400), 1798761599 * SIM_SECOND);
}

Test(maillog_starts, never_where_there_is_nothing_of_postfix)
{
    cr_expect_eq(starts("", 0), SIM_NEVER);
    cr_expect_eq(starts("not a log\nJun  1 00:00:10 mx sshd[1]: nothing of ours\n", 0), SIM_NEVER);
}

/* Compressed as logrotate does. */
Test(maillog_starts, within_a_compressed_file)
{
    char *command = alloc_printf("echo '2026-06-01T00:00:10Z mx postfix/qmgr[1]: A0001AA001: "
                                 "removed' | gzip >'%s'",
                                 path);
    struct err err = {0};
    sim_time at;

    cr_assert_eq(system(command), 0);
    cr_assert(maillog_starts(path, &at, &err), "%s", err.text);
    cr_expect_eq(at, 1780272010 * SIM_SECOND);
    free(command);
}

/* That it is damaged farther on is told when it is read. */
Test(maillog_starts, before_the_damage)
{
    char *command = alloc_printf("{ echo '2026-06-01T00:00:10Z mx postfix/qmgr[1]: A0001AA001: "
                                 "removed'; head -c 300000 /dev/urandom; } | gzip | head -c 200000 "
                                 ">'%s'",
                                 path);
    struct err err = {0};
    sim_time at;

    cr_assert_eq(system(command), 0);
    cr_assert(maillog_starts(path, &at, &err), "%s", err.text);
    cr_expect_eq(at, 1780272010 * SIM_SECOND);
    free(command);
}

Test(maillog_starts, nowhere_without_a_file)
{
    struct err err = {0};
    sim_time at;

    cr_expect(!maillog_starts("/nowhere/mail.log", &at, &err));
    cr_expect_eq(err.status, EX_NOINPUT);
}
