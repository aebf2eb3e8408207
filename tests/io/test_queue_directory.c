/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue as Postfix lays it out: hash_queue_depth folders, by the first digits of an id. */
#include "io/queue_directory.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "models/mta/postfix/forecast.h"
#include "sim/alloc.h"

static char root[] = P_tmpdir "/tempfail-queue-XXXXXX";
static struct queue_directory directory;

static void make_folder(const char *relative)
{
    char *path = alloc_printf("%s/%s", root, relative);

    cr_assert_eq(mkdir(path, 0777), 0, "%s", path);
    free(path);
}

static void make_root(void)
{
    cr_assert_not_null(mkdtemp(root));
    make_folder("deferred");
}

static void remove_root(void)
{
    char *command = alloc_printf("rm -rf '%s'", root);

    cr_assert_eq(system(command), 0);
    free(command);
}

TestSuite(queue_directory, .init = make_root, .fini = remove_root);

static void make_file(const char *relative, time_t mtime)
{
    char *path = alloc_printf("%s/%s", root, relative);
    struct timespec times[2] = {{mtime, 999999999}, {mtime, 999999999}};
    int fd = open(path, O_CREAT | O_WRONLY, 0666);

    cr_assert_geq(fd, 0, "%s", path);
    cr_assert_eq(futimens(fd, times), 0);
    close(fd);
    free(path);
}

static void open_root(void)
{
    struct err err = {0};

    cr_assert(queue_directory_open(&directory, root, &err), "%s", err.text);
}

static void expect_mtime(const char *id, int64_t want)
{
    struct err err = {0};
    int64_t mtime = 7;

    cr_assert(queue_directory_mtime(&directory, id, &mtime, &err), "%s", err.text);
    cr_expect_eq(mtime, want, "%s: %lld", id, (long long)mtime);
}

Test(queue_directory, reads_the_stamp_of_a_short_id)
{
    make_folder("deferred/D");
    make_file("deferred/D/D7D47A8E0C6", 1795485837);
    open_root();
    expect_mtime("D7D47A8E0C6", 1795485837);
}

/* Its 292091 us are 474FB. */
Test(queue_directory, finds_a_long_id_by_its_microseconds)
{
    make_folder("deferred/4");
    make_file("deferred/4/4gTDch2417z61Z", 1780272339);
    open_root();
    expect_mtime("4gTDch2417z61Z", 1780272339);
}

Test(queue_directory, finds_out_how_deep_the_folders_go)
{
    make_folder("deferred/D");
    make_folder("deferred/D/7");
    make_folder("deferred/D/7/D");
    make_file("deferred/D/7/D/D7D47A8E0C6", 3);
    make_file("deferred/D/7/D/D7D47A8E0C7", 4);
    open_root();
    expect_mtime("D7D47A8E0C6", 3);
    cr_expect_eq(directory.depth, 3);
    expect_mtime("D7D47A8E0C7", 4);
}

Test(queue_directory, needs_no_folders)
{
    make_file("deferred/D7D47A8E0C6", 3);
    open_root();
    expect_mtime("D7D47A8E0C6", 3);
    cr_expect_eq(directory.depth, 0);
}

/* dir_forest() puts "_" where the digits are over. */
Test(queue_directory, goes_deeper_than_an_id_is_long)
{
    make_folder("deferred/A");
    make_folder("deferred/A/_");
    make_file("deferred/A/_/A", 3);
    open_root();
    expect_mtime("A", 3);
}

Test(queue_directory, a_file_that_has_left_has_no_stamp)
{
    make_folder("deferred/D");
    make_folder("deferred/D/D8"); /* no file */
    open_root();
    expect_mtime("D7D47A8E0C6", FORECAST_UNKNOWN);
    expect_mtime("D8", FORECAST_UNKNOWN);
    make_file("deferred/E", 3); /* no folder */
    expect_mtime("E7", FORECAST_UNKNOWN);
}

Test(queue_directory, a_stamp_before_1970_is_1970)
{
    make_file("deferred/A1", -5);
    open_root();
    expect_mtime("A1", 0);
}

Test(queue_directory, refuses_what_has_no_deferred_queue)
{
    struct err err = {0};
    char *path = alloc_printf("%s/deferred", root);

    cr_expect_not(queue_directory_open(&directory, path, &err));
    cr_expect_eq(err.status, EX_NOINPUT);
    cr_expect_not_null(strstr(err.text, "postconf queue_directory"), "%s", err.text);
    cr_expect_not(queue_directory_open(&directory, "/no/such", &err));
    make_file("deferred/deferred", 3);
    cr_expect_not(queue_directory_open(&directory, path, &err));
    free(path);
}

/* Root may look everywhere, so it is somebody else for a while. */
Test(queue_directory, says_so_where_it_may_not_look)
{
    struct err err = {0};
    int64_t mtime;
    uid_t self = geteuid();

    open_root();
    cr_assert_eq(chmod(root, 0), 0);
    if (self == 0)
        cr_assert_eq(seteuid(65534), 0);
    cr_expect_not(queue_directory_mtime(&directory, "A1", &mtime, &err));
    cr_expect_eq(err.status, EX_NOINPUT);
    cr_expect_not_null(strstr(err.text, "root and the user postfix"), "%s", err.text);
    cr_expect_not(queue_directory_open(&directory, root, &err));
    cr_expect_not_null(strstr(err.text, "root and the user postfix"), "%s", err.text);
    if (self == 0)
        cr_assert_eq(seteuid(self), 0);
    chmod(root, 0700);
}
