/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classes.csv, of sums made up here. */
#include "io/classes_csv.h"

#include <unistd.h>

#include "models/scenario.h"
#include "tests/io/rows.h"

static char folder[] = P_tmpdir "/tempfail-classes-XXXXXX";
static struct scenario scenario;
static struct classes classes;
static struct output output;

static void make_world(void)
{
    struct err err;

    cr_assert_not_null(mkdtemp(folder));
    scenario_init(&scenario);
    *scenario_add_class(&scenario, "fast") =
        (struct class_spec){.deadline = 900 * SIM_SECOND, .value = 1, .late = 0.2, .lost = -1};
    scenario_add_class(&scenario, "slow");
    classes_begin(&classes, &scenario);
    cr_assert(output_open(&output, folder, "classes.csv", &err), "%s", err.text);
    output_print(&output, CLASSES_COLUMNS);
}

static void forget_world(void)
{
    char *path = alloc_printf("%s/classes.csv", folder);

    unlink(path);
    free(path);
    cr_expect_eq(rmdir(folder), 0);
    classes_fini(&classes);
    scenario_fini(&scenario);
}

TestSuite(classes_csv, .init = make_world, .fini = forget_world);

#define COLUMNS                                                                                    \
    "replication,class,deadline_s,recipients,delivered,late,bounced,expired,deleted,queued,"       \
    "delay_p50_s,delay_p90_s,utility"

/* 7 in time, 3 late, 3 lost: 7 + 0.6 - 3. What nothing was delivered of has no delay. */
Test(classes_csv, has_a_row_for_each_class)
{
    struct class_sum *fast = &classes.list[1];

    fast->recipients = 22;
    fast->fates =
        (struct tally_sum){.delivered = 10, .bounced = 1, .expired = 2, .deleted = 4, .queued = 5};
    fast->late = 3;
    histogram_add(&fast->delay, 100, 8);
    histogram_add(&fast->delay, 1000000, 2);
    classes_put(&output, 3, &scenario.class_names, &classes);
    expect_rows(&output, COLUMNS,
                "3,fast,900.000,22,10,3,1,2,4,5,0.100,1000.000,4.600\n"
                "3,slow,,0,0,0,0,0,0,0,,,0.000\n");
}

Test(classes_csv, has_a_last_row_for_mail_of_none_if_there_is_some)
{
    classes.list[0].recipients = classes.list[0].fates.queued = 2;
    classes_put(&output, 0, &scenario.class_names, &classes);
    classes.list[0].recipients = 0;
    classes_put(&output, 1, &scenario.class_names, &classes);
    expect_rows(&output, COLUMNS,
                "0,fast,900.000,0,0,0,0,0,0,0,,,0.000\n"
                "0,slow,,0,0,0,0,0,0,0,,,0.000\n"
                "0,,,2,0,0,0,0,0,2,,,0.000\n"
                "1,fast,900.000,0,0,0,0,0,0,0,,,0.000\n"
                "1,slow,,0,0,0,0,0,0,0,,,0.000\n");
}

Test(classes_csv, of_no_classes_has_no_rows)
{
    classes_put(&output, 0, &scenario.class_names, &(struct classes){0});
    expect_rows(&output, COLUMNS, "");
}
