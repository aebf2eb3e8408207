/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files appear whole or not at all. */
#include "io/output.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "sim/alloc.h"

static char folder[] = P_tmpdir "/tempfail-output-XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

/* Files in `path`; what lies beside counts too. */
static int count_files(const char *path)
{
    DIR *dir = opendir(path);
    int count = 0;

    cr_assert_not_null(dir);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 2;
}

static void remove_folder(void)
{
    char *command = alloc_printf("rm -r '%s'", folder);

    cr_assert_eq(chdir("/"), 0);
    cr_expect_eq(system(command), 0);
    free(command);
}

TestSuite(output, .init = make_folder, .fini = remove_folder);

static void expect_file(const char *path, const char *want)
{
    char text[200] = "";
    FILE *file = fopen(path, "r");

    cr_assert_not_null(file, "%s", path);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    cr_expect_str_eq(text, want);
}

static struct output begin(const char *name)
{
    struct output output;
    struct err err = {0};

    cr_assert(output_open(&output, ".", name, &err), "%s", err.text);
    return output;
}

static void put_old_file(void)
{
    struct output output = begin("file");
    struct err err;

    output_print(&output, "old\n");
    cr_assert(output_commit(&output, &err));
}

/* From here on no file can grow beyond so many bytes; RLIM_INFINITY: that is over. */
static void let_files_grow_to(rlim_t bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* ------------------------------------------------------------ whole or not */

Test(output, shows_a_file_only_when_it_is_committed)
{
    struct output output = begin("file");
    struct err err;

    output_print(&output, "%s %d\n", "one", 1);
    output_write(&output, "two\n", 4);
    output_flush(&output);
    cr_expect_eq(access("file", F_OK), -1);
    cr_expect(output_commit(&output, &err));
    expect_file("file", "one 1\ntwo\n");
    cr_expect_eq(count_files("."), 1);
}

Test(output, leaves_the_old_file_until_the_new_one_is_whole)
{
    put_old_file();
    struct output output = begin("file");
    struct err err;

    output_print(&output, "new\n");
    output_flush(&output);
    expect_file("file", "old\n");
    cr_expect(output_commit(&output, &err));
    expect_file("file", "new\n");
}

Test(output, drops_what_is_discarded)
{
    put_old_file();
    struct output output = begin("file"), never_opened = {0};

    output_print(&output, "new\n");
    output_flush(&output);
    output_discard(&output);
    output_discard(&output);
    output_discard(&never_opened);
    expect_file("file", "old\n");
    cr_expect_eq(count_files("."), 1);
}

Test(output, does_nothing_when_it_is_discarded_after_it_was_committed)
{
    struct output output = begin("file");
    struct err err;

    cr_expect(output_commit(&output, &err));
    output_discard(&output);
    expect_file("file", "");
}

Test(output, writes_what_is_larger_than_its_buffer)
{
    size_t size = 3 * OUTPUT_BUFFER + 17;
    char *text = alloc_zeroed(size), *got = alloc_zeroed(size + 1);
    struct output output = begin("file");
    struct err err;

    for (size_t i = 0; i < size; i++)
        text[i] = (char)(i * i / 7);
    output_write(&output, text, 5);
    output_write(&output, text + 5, size - 5);
    cr_assert(output_commit(&output, &err));
    FILE *file = fopen("file", "r");
    cr_expect_eq(fread(got, 1, size + 1, file), size);
    fclose(file);
    cr_expect_eq(memcmp(got, text, size), 0);
    free(text);
    free(got);
}

Test(output, gives_room_for_what_is_put_by_hand)
{
    struct output output = begin("file");
    struct err err;

    for (int i = 0; i < 9; i++) {
        char *room = output_room(&output, OUTPUT_ROOM_MOST);
        memset(room, '0' + i, OUTPUT_ROOM_MOST);
        output_used(&output, room + OUTPUT_ROOM_MOST);
    }
    cr_expect(output_commit(&output, &err));
    struct stat status;
    cr_assert_eq(stat("file", &status), 0);
    cr_expect_eq((size_t)status.st_size, 9 * OUTPUT_ROOM_MOST);
}

/* ------------------------------------------------------------- a full disk */

Test(output, leaves_the_old_file_when_the_disk_is_full)
{
    put_old_file();
    struct output output = begin("file");
    struct err err = {0};

    output_print(&output, "%04000d\n", 7);
    let_files_grow_to(1000);
    bool good = output_commit(&output, &err);
    let_files_grow_to(RLIM_INFINITY);
    cr_expect_not(good);
    cr_expect_eq(err.status, EX_IOERR);
    cr_expect_eq(EX_IOERR, 74);
    cr_expect_str_eq(err.text, "./file: File too large");
    expect_file("file", "old\n");
    cr_expect_eq(count_files("."), 1);
}

Test(output, remembers_a_write_that_failed_though_later_ones_would_not)
{
    struct output output = begin("file");
    struct err err = {0};

    output_print(&output, "%04000d\n", 7);
    let_files_grow_to(1000);
    output_flush(&output);
    let_files_grow_to(RLIM_INFINITY);
    output_print(&output, "more\n");
    cr_expect_not(output_commit(&output, &err));
    cr_expect_eq(err.status, EX_IOERR);
    cr_expect_eq(count_files("."), 0);
}

/* -------------------------------------------------------- what stands there */

Test(output, fails_where_no_file_can_be)
{
    struct output output;
    struct err err = {0};

    cr_expect_not(output_open(&output, "not/there", "file", &err));
    cr_expect_str_eq(err.text, "not/there/file: No such file or directory");
    cr_expect_eq(err.status, EX_CANTCREAT);
    output_discard(&output);
}

Test(output, fails_where_a_folder_has_its_name)
{
    struct output output = begin("file");
    struct err err = {0};

    cr_assert_eq(mkdir("file", 0777), 0);
    cr_expect_not(output_commit(&output, &err));
    cr_expect_str_eq(err.text, "./file: Is a directory");
    cr_expect_eq(err.status, EX_IOERR);
    cr_expect_eq(count_files("."), 1);
}

Test(output, makes_folders_and_those_above)
{
    struct err err = {0};

    cr_expect(output_make_folder("a/b/c", &err), "%s", err.text);
    cr_expect(output_make_folder("a/b/c", &err), "%s", err.text);
    cr_expect(output_make_folder("a/b//d/", &err), "%s", err.text);
    cr_expect_eq(access("a/b/c", F_OK), 0);
    cr_expect_eq(access("a/b/d", F_OK), 0);
    char *whole = alloc_printf("%s/e/f", folder);
    cr_expect(output_make_folder(whole, &err), "%s", err.text);
    cr_expect_eq(access("e/f", F_OK), 0);
    free(whole);
}

Test(output, makes_no_folder_where_a_file_stands)
{
    struct err err = {0};

    put_old_file();
    cr_expect_not(output_make_folder("file", &err));
    cr_expect_str_eq(err.text, "file: File exists");
    cr_expect_eq(err.status, EX_CANTCREAT);
    cr_expect_not(output_make_folder("file/a", &err));
    cr_expect_eq(err.status, EX_CANTCREAT);
    expect_file("file", "old\n");
}

/* ------------------------------------------------------------- all at once */

Test(output, removes_all_that_lies_beside_when_the_program_is_stopped)
{
    put_old_file();
    struct output done = begin("done"), dropped = begin("dropped"), one = begin("file"),
                  two = begin("two");
    struct err err;

    cr_assert(output_commit(&done, &err));
    output_discard(&dropped);
    cr_expect_eq(count_files("."), 4);
    output_discard_all();
    cr_expect_eq(count_files("."), 2);
    expect_file("file", "old\n");
    expect_file("done", "");
    output_discard(&one);
    output_discard(&two);
}

static void stop(int number)
{
    (void)number;
    output_discard_all();
}

Test(output, removes_what_lies_beside_from_a_signal_handler)
{
    pid_t child = fork();

    if (child == 0) {
        struct output output;
        struct err err;
        signal(SIGTERM, stop);
        if (!output_open(&output, ".", "file", &err))
            _exit(1);
        raise(SIGTERM);
        _exit(0);
    }
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect_eq(status, 0);
    cr_expect_eq(count_files("."), 0);
}

Test(output, takes_no_place_of_what_is_no_file)
{
    struct output output;
    struct err err;

    cr_assert_not(output_open(&output, "/dev", "null", &err));
    cr_expect_eq(err.status, EX_CANTCREAT);
    cr_expect_not_null(strstr(err.text, "/dev/null: is there, and is no file"), "%s", err.text);
}
