/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables as qshape of Postfix 3.7.11 printed them for queue files of these ages and domains. */
#include "io/qshape.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/alloc.h"

static struct output output;
static FILE *file;
static struct qshape qshape;

static void begin(void)
{
    file = tmpfile();
    cr_assert_not_null(file);
    output = (struct output){.file = fileno(file), .buffer = alloc_zeroed(OUTPUT_BUFFER)};
    qshape = (struct qshape){0};
}

static void end(void)
{
    fclose(file);
    free(output.buffer);
    qshape_fini(&qshape);
}

TestSuite(qshape, .init = begin, .fini = end);

static void expect_written(const char *want)
{
    static char got[8192];

    output_flush(&output);
    rewind(file);
    got[fread(got, 1, sizeof got - 1, file)] = '\0';
    cr_expect_str_eq(got, want, "\n%s not \n%s", got, want);
}

static void expect(const char *want)
{
    qshape_put(&qshape, &output);
    expect_written(want);
}

static void add(const char *address, int64_t age, int times)
{
    while (times-- > 0)
        qshape_add(&qshape, address, age);
}

#define HEADINGS                                                                                   \
    "                                         T  5 10 20 40 80 160 320 640 1280 1280+\n"

Test(qshape, of_nothing_has_the_sums)
{
    expect(HEADINGS
           "                                  TOTAL  0  0  0  0  0  0   0   0   0    0     0\n");
}

Test(qshape, counts_by_domain_and_age_most_first)
{
    add("u@Big.Example", 10, 3);
    add("u@big.example", 310, 150);
    add("u@big.example.", 610, 1);
    add("a@b@mid.example", 1210, 2);
    add("u@.mid..example", 2410, 1);
    add("u@a-very-long-name-of-a-domain-that-is-cut.somewhere.example", 4810, 1);
    add("u@b.de", 9610, 1);
    add("u@c.example", 19210, 1);
    add("u@other.example", 38410, 1);
    add("u@other.example", 76790, 1);
    add("u@last.example", 76810, 1);
    add("local", 900000, 1);
    expect("                                        T  5  10 20 40 80 160 320 640 1280 1280+\n"
           "                                TOTAL 164  3 150  1  2  1   1   1   1    2     2\n"
           "                          big.example 154  3 150  1  0  0   0   0   0    0     0\n"
           "                          mid.example   3  0   0  0  2  1   0   0   0    0     0\n"
           "                        other.example   2  0   0  0  0  0   0   0   0    2     0\n"
           "                                 b.de   1  0   0  0  0  0   0   1   0    0     0\n"
           "                                local   1  0   0  0  0  0   0   0   0    0     1\n"
           "                            c.example   1  0   0  0  0  0   0   0   1    0     0\n"
           "                         last.example   1  0   0  0  0  0   0   0   0    0     1\n"
           "+domain-that-is-cut.somewhere.example   1  0   0  0  0  0   1   0   0    0     0\n");
}

/* The name that is shorter comes first, were it before the sums. */
Test(qshape, of_one_short_domain_has_the_sums_below)
{
    add("u@a.de", 10, 1);
    expect(HEADINGS
           "                                   a.de  1  1  0  0  0  0   0   0   0    0     0\n"
           "                                  TOTAL  1  1  0  0  0  0   0   0   0    0     0\n");
}

/* A bucket begins where the one before ends; what comes from the future is new. */
Test(qshape, has_buckets_that_begin_with_their_first_second)
{
    static const int64_t begins[] = {-5, 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 76800};

    for (size_t i = 0; i < COUNT_OF(begins); i++)
        add("u@ends.example", begins[i], 1);
    add("u@ends.example", 299, 1);
    add("u@ends.example", 76799, 1);
    expect(HEADINGS
           "                                  TOTAL 12  2  1  1  1  1   1   1   1    2     1\n"
           "                           ends.example 12  2  1  1  1  1   1   1   1    2     1\n");
}

Test(qshape, orders_as_many_by_length_and_alphabet)
{
    add("u@cc.example", 0, 1);
    add("u@bb.example", 0, 1);
    add("u@d.example", 0, 1);
    expect(HEADINGS
           "                                  TOTAL  3  3  0  0  0  0   0   0   0    0     0\n"
           "                              d.example  1  1  0  0  0  0   0   0   0    0     0\n"
           "                             bb.example  1  1  0  0  0  0   0   0   0    0     0\n"
           "                             cc.example  1  1  0  0  0  0   0   0   0    0     0\n");
}

Test(qshape, takes_any_address)
{
    char *endless = alloc_zeroed(10001);

    memset(endless, 'x', 10000);
    add("", 0, 4);
    add("u@\033[2J\xff", 0, 3);
    add("u@", 0, 2);
    add("u@.", 0, 1);
    add(endless, 0, 1);
    expect(HEADINGS
           "                                  TOTAL 11 11  0  0  0  0   0   0   0    0     0\n"
           "                          MAILER-DAEMON  4  4  0  0  0  0   0   0   0    0     0\n"
           "                                  ?[2j?  3  3  0  0  0  0   0   0   0    0     0\n"
           "                                         2  2  0  0  0  0   0   0   0    0     0\n"
           "                                      .  1  1  0  0  0  0   0   0   0    0     0\n"
           "+xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  1  1  0  0  0  0   0   0   0    0     0\n");
    free(endless);
}

Test(qshape, is_the_same_in_rows)
{
    add("u@b.de", 9610, 1);
    add("u@a.example", 10, 1);
    add("u@a.example", 76810, 2);
    add("u@=1,\"2\".example", 400, 1);
    qshape_put_rows(&qshape, 172800, "incoming active", &output);
    expect_written("172800,incoming active,TOTAL,5,1,1,0,0,0,0,1,0,0,2\n"
                   "172800,incoming active,a.example,3,1,0,0,0,0,0,0,0,0,2\n"
                   "172800,incoming active,b.de,1,0,0,0,0,0,0,1,0,0,0\n"
                   "172800,incoming active,\"'=1,\"\"2\"\".example\",1,0,1,0,0,0,0,0,0,0,0\n");
}

Test(qshape, of_nothing_has_a_row_of_sums)
{
    qshape_put_rows(&qshape, 0, "deferred", &output);
    expect_written("0,deferred,TOTAL,0,0,0,0,0,0,0,0,0,0,0\n");
}

/* As a listing of files and rows has it: the first must not disturb the second. */
Test(qshape, may_be_written_twice)
{
    add("u@b.de", 10, 1);
    qshape_put_rows(&qshape, 1, "deferred", &output);
    qshape_put_rows(&qshape, 2, "deferred", &output);
    expect_written("1,deferred,b.de,1,1,0,0,0,0,0,0,0,0,0\n"
                   "1,deferred,TOTAL,1,1,0,0,0,0,0,0,0,0,0\n"
                   "2,deferred,b.de,1,1,0,0,0,0,0,0,0,0,0\n"
                   "2,deferred,TOTAL,1,1,0,0,0,0,0,0,0,0,0\n");
}
