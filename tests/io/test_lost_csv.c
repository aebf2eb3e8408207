/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lost.csv of a log made by hand, whose texts are hostile. */
#include "io/lost_csv.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/models/made_log.h"

static char folder[] = P_tmpdir "/tempfail-lost-XXXXXX";
static struct reconstruction r;
static struct recipient_fates own[RECOVERY_LATEST + 1], policy[RECOVERY_LATEST + 1];
static const struct lost_search search = {&r, own, policy};

static void add(const char *queue_id, double at, const char *sender, const char *to,
                enum logged_status status)
{
    struct logged_message *message = made_mail(queue_id, at, sender);

    made_try(message, to, at + 1, status);
    reconstruct_add(&r, message);
    logged_message_free(message);
}

static void begin(void)
{
    cr_assert_not_null(mkdtemp(folder));
    reconstruct_init(&r);
    add("AAAAAA", 100, "=\"a\",b\nc@a", "<script>`x`@d", LOGGED_SENT);
    add("AAAAAA", 200.5, "", "v@d", LOGGED_DEFERRED);
    reconstruct_ready(&r);
    for (int i = 0; i <= RECOVERY_LATEST; i++) {
        recipient_fates_init(&own[i], &r);
        recipient_fates_init(&policy[i], &r);
    }
}

static void end(void)
{
    char path[sizeof folder + 16];

    snprintf(path, sizeof path, "%s/lost.csv", folder);
    unlink(path);
    rmdir(folder);
    for (int i = 0; i <= RECOVERY_LATEST; i++) {
        recipient_fates_fini(&own[i]);
        recipient_fates_fini(&policy[i]);
    }
    reconstruct_fini(&r);
}

TestSuite(lost_csv, .init = begin, .fini = end);

static void expect_file(const char *want)
{
    char path[sizeof folder + 16], found[1024] = "";
    struct err err;

    cr_assert(lost_csv_write(folder, &search, RECOVERY_MIDDLE, instant(100), instant(350), &err));
    snprintf(path, sizeof path, "%s/lost.csv", folder);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    fclose(file);
    cr_expect_str_eq(found, want);
}

#define HEADER                                                                                     \
    "message,queue_id,sender,recipient,arrival_s,delivered_s,bounced_s,certainty,before_log\n"

Test(lost_csv, has_its_columns_where_nobody_is_lost)
{
    expect_file(HEADER);
}

/* The second message of that queue id has not been delivered but in the replay. */
Test(lost_csv, has_a_row_for_each_who_is_lost)
{
    for (int i = 0; i <= RECOVERY_LATEST; i++)
        policy[i].list[0].bounced = 3600 * SIM_SECOND;
    own[RECOVERY_EARLIEST].list[1].delivered = 300 * SIM_SECOND;
    policy[RECOVERY_EARLIEST].list[1].bounced = 250 * SIM_SECOND;
    expect_file(HEADER
                "AAAAAA,AAAAAA,\"'=\"\"a\"\",b?c@a\",<script>`x`@d,0.000,1.000,3600.000,sure,0\n"
                "AAAAAA/2,AAAAAA,,v@d,100.500,,250.000,maybe,0\n");
}

/* The log begins 250 s after t = 0. */
Test(lost_csv, marks_who_is_given_up_before_the_log_begins)
{
    for (int i = 0; i <= RECOVERY_LATEST; i++)
        policy[i].list[0].bounced = 250 * SIM_SECOND - SIM_SECOND / 1000;
    expect_file(HEADER
                "AAAAAA,AAAAAA,\"'=\"\"a\"\",b?c@a\",<script>`x`@d,0.000,1.000,249.999,sure,1\n");
}

Test(lost_csv, fails_where_there_is_no_folder)
{
    struct err err;

    cr_expect_not(lost_csv_write("/nowhere/at/all", &search, RECOVERY_MIDDLE, 0, 0, &err));
}
