/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model against a real server's log, in the folder that TEMPFAIL_LOGS names
 * or beside the project; it is not part of it. 27 hours with Postfix's stock
 * settings.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "io/maillog.h"
#include "models/mta/postfix/scans.h"
#include "models/self_check.h"
#include "sim/alloc.h"

static struct postfix_settings stock;
static struct self_check check;

static void take(void *user, struct logged_message *message)
{
    self_check_add(user, message);
    logged_message_free(message);
}

static void read_log(void)
{
    const char *named = getenv("TEMPFAIL_LOGS");
    char *path =
        alloc_printf("%s/fg-27h.log.gz", named != NULL ? named : SOURCE_DIR "/../shared/logs");
    struct err err = {0};

    setenv("TZ", "UTC", 1);
    tzset();
    postfix_settings_init(&stock);
    self_check_init(&check, &stock);
    if (access(path, R_OK) == 0) {
        struct maillog *log = maillog_new((struct maillog_sink){take, &check});
        cr_expect(maillog_read(log, path, &err), "%s", err.text);
        maillog_finish(log, NULL);
    }
    free(path);
}

static void forget(void)
{
    self_check_fini(&check);
}

TestSuite(self_check_logs, .init = read_log, .fini = forget, .timeout = 120);

static struct self_check_result result_of_waits(long seconds_more)
{
    struct self_check_result result;

    if (check.retries.count == 0)
        cr_skip_test("no folder of real logs");
    stock.minimal_backoff_time += seconds_more;
    stock.maximal_backoff_time += seconds_more;
    self_check_finish(&check, &result);
    fprintf(stderr,
            "waits %ld s longer: %" PRIu64 " of %" PRIu64 " retries on their scan, phase %" PRId64
            " s; early %" PRIu64 ", late %" PRIu64 ", off the grid %" PRIu64 "\n",
            seconds_more, result.on_scan, result.retries, result.phase_s, result.early, result.late,
            result.off_grid);
    return result;
}

Test(self_check_logs, explains_a_day_of_retries_at_one_phase)
{
    struct self_check_result result = result_of_waits(0);

    cr_expect_eq(result.retries, 7817);
    cr_expect_geq(result.on_scan * 1000, result.retries * 999);
    cr_expect_eq(result.phase_s, 197);
}

/*
 * A second more is as if scans took only what is due: shows that `now + 1` is in the real program,
 * and that the test above can tell.
 */
Test(self_check_logs, explains_fewer_without_the_second_of_tolerance)
{
    struct self_check_result result = result_of_waits(1);

    cr_expect_lt(result.on_scan * 1000, result.retries * 999);
}
