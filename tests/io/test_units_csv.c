/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io/units_csv - what is done of a sweep, kept row by row */
#include "io/units_csv.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

#include "sim/alloc.h"

static char folder[] = P_tmpdir "/tempfail-units-XXXXXX";
static char *path;
static struct sweep sweep;
static struct units units;
static struct err err;

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    path = alloc_printf("%s/units.csv", folder);
    cr_assert(sweep_add(&sweep, "lifetime=1d,5 d", &err));
    cr_assert(sweep_add(&sweep, "backoff=1h,\"2h\"", &err));
}

static void forget_folder(void)
{
    unlink(path);
    free(path);
    cr_expect_eq(rmdir(folder), 0);
    sweep_fini(&sweep);
    units_fini(&units);
}

TestSuite(units_csv, .init = make_folder, .fini = forget_folder);

/* Figure i of a unit: thirds have no end in any base; the last was not measured. */
static double figure(uint64_t number, size_t i)
{
    return i + 1 == metric_count() ? (double)NAN : (double)(number + i) / 3;
}

static void write_units(const uint64_t *numbers, size_t count)
{
    double *figures = alloc_zeroed(metric_count() * sizeof *figures);
    struct units_file file;
    struct units there = {0};

    cr_assert(units_open(&file, folder, &sweep, &err), "%s", err.text);
    cr_assert(units_begin(&file, &there, &err), "%s", err.text);
    for (size_t u = 0; u < count; u++) {
        for (size_t i = 0; i < metric_count(); i++)
            figures[i] = figure(numbers[u], i);
        cr_assert(units_add(&file, &(struct unit){numbers[u], figures}, &err), "%s", err.text);
    }
    units_close(&file);
    units_fini(&there);
    free(figures);
}

static void expect_units(const uint64_t *numbers, size_t count)
{
    cr_assert(units_read(&units, folder, &sweep, &err), "%s", err.text);
    cr_assert_eq(units.count, count, "%zu units", units.count);
    for (size_t u = 0; u < count; u++) {
        cr_expect_eq(units.list[u].number, numbers[u]);
        for (size_t i = 0; i + 1 < metric_count(); i++)
            cr_expect(units.list[u].figures[i] == figure(numbers[u], i), "not the same bits");
        cr_expect(isnan(units.list[u].figures[metric_count() - 1]));
    }
}

Test(units_csv, comes_back_bit_by_bit)
{
    static const uint64_t numbers[] = {0, 1, 2, 3, 4, 4000003};

    write_units(numbers, COUNT_OF(numbers));
    expect_units(numbers, COUNT_OF(numbers));
}

Test(units_csv, is_empty_where_there_is_no_file)
{
    expect_units(NULL, 0);
}

Test(units_csv, is_added_to)
{
    write_units((const uint64_t[]){5}, 1);
    write_units((const uint64_t[]){3, 8}, 2);
    expect_units((const uint64_t[]){5, 3, 8}, 3);
    units_sort(&units);
    cr_expect_eq(units.list[0].number, 3);
    cr_expect_eq(units.list[2].number, 8);
}

static off_t size_of_file(void)
{
    FILE *file = fopen(path, "r");

    cr_assert_eq(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    fclose(file);
    return size;
}

/* Wherever it was cut, the header too. */
Test(units_csv, forgets_a_line_that_is_not_whole)
{
    write_units((const uint64_t[]){0}, 1);
    off_t one = size_of_file();
    write_units((const uint64_t[]){1}, 1);
    off_t two = size_of_file();

    for (off_t size = two - 1; size >= one; size -= 7) {
        cr_assert_eq(truncate(path, size), 0);
        expect_units((const uint64_t[]){0}, 1);
        units_fini(&units);
        units = (struct units){0};
        write_units((const uint64_t[]){1}, 1);
        cr_expect_eq(size_of_file(), two, "not mended");
    }
    cr_assert_eq(truncate(path, 9), 0);
    write_units((const uint64_t[]){0, 1}, 2);
    cr_expect_eq(size_of_file(), two);
}

static void refuse(const char *row, const char *why)
{
    write_units(NULL, 0);
    FILE *file = fopen(path, "a");
    fprintf(file, "%s", row);
    for (size_t i = 0; i < metric_count(); i++)
        fprintf(file, ",1");
    fprintf(file, "\n");
    fclose(file);
    cr_expect_not(units_read(&units, folder, &sweep, &err), "%s", row);
    cr_expect_eq(err.status, EX_DATAERR);
    cr_expect_not_null(strstr(err.text, why), "%s: %s", row, err.text);
    unlink(path);
}

Test(units_csv, says_what_is_no_unit_of_this_sweep)
{
    refuse("4,0,1d,1h", "units.csv:2: point: '4' is no number below 4");
    refuse("-1,0,1d,1h", "point: '-1' is no number");
    refuse("0,16777216,1d,1h", "replication: '16777216'");
    refuse("0,x,1d,1h", "replication: 'x'");
    refuse("2,0,1d,1h", "of another sweep: lifetime is '1d', not '5 d'");
    refuse("0,0,1d,1h,zwei", "messages: 'zwei' is no number");
    refuse("0,0,1d,1h,inf", "messages: 'inf' is no number");
    refuse("0,0,1d,1h,1e300", "messages: '1e300' is no number that a run can have");
    refuse("0,0,1d,1h,-1e17", "messages: '-1e17' is no number");
}

Test(units_csv, is_written_by_one_at_a_time)
{
    struct units_file one, other;

    cr_assert(units_open(&one, folder, &sweep, &err));
    cr_expect_not(units_open(&other, folder, &sweep, &err));
    cr_expect_not_null(strstr(err.text, "another sweep is at work here"));
    units_close(&other);
    units_close(&one);
}

/* As on a file system of a cluster: this takes the place of libc's. */
static bool has_no_locks;

int flock(int file, int operation)
{
    if (!has_no_locks)
        return (int)syscall(SYS_flock, file, operation);
    errno = ENOSYS;
    return -1;
}

Test(units_csv, is_written_where_there_are_no_locks)
{
    has_no_locks = true;
    write_units((const uint64_t[]){0, 1}, 2);
    expect_units((const uint64_t[]){0, 1}, 2);
}

Test(units_csv, is_left_alone_until_it_is_begun)
{
    struct units_file file;

    cr_assert(units_open(&file, folder, &sweep, &err));
    cr_expect(units_is_new(&file));
    units_close(&file);
    cr_expect_eq(size_of_file(), 0);
    write_units((const uint64_t[]){0}, 1);
    off_t size = size_of_file();
    cr_assert_eq(truncate(path, size - 3), 0);
    cr_assert(units_open(&file, folder, &sweep, &err));
    cr_expect_not(units_is_new(&file));
    units_close(&file);
    cr_expect_eq(size_of_file(), size - 3);
}

Test(units_csv, is_begun_with_what_is_done_by_number_and_once)
{
    struct units_file file;

    write_units((const uint64_t[]){5, 3}, 2);
    cr_assert(units_open(&file, folder, &sweep, &err));
    cr_assert(units_begin(&file, &units, &err), "%s", err.text);
    cr_assert_eq(units.count, 2);
    cr_expect_eq(units.list[0].number, 3);
    cr_assert(units_add(&file, &units.list[1], &err));
    units_close(&file);
    units_fini(&units);
    units = (struct units){0};
    cr_assert(units_open(&file, folder, &sweep, &err));
    cr_expect_not(units_begin(&file, &units, &err));
    cr_expect_eq(err.status, EX_DATAERR);
    cr_expect_not_null(strstr(err.text, "units.csv: point 1, replication 1 is there twice"), "%s",
                       err.text);
    units_close(&file);
}

Test(units_csv, is_the_same_at_once)
{
    write_units((const uint64_t[]){0, 7}, 2);
    off_t size = size_of_file();
    expect_units((const uint64_t[]){0, 7}, 2);
    unlink(path);
    cr_assert(units_write(&units, folder, &sweep, &err), "%s", err.text);
    cr_expect_eq(size_of_file(), size);
    units_fini(&units);
    units = (struct units){0};
    expect_units((const uint64_t[]){0, 7}, 2);
}
