/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/truth/recorded.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "io/main_cf.h"
#include "models/observer.h"
#include "sim/alloc.h"

static char *path_of(const struct recorded_run *run, const char *file)
{
    return alloc_printf("%s/tests/truth/%s/%s", SOURCE_DIR, run->name, file);
}

static sim_time instant(const char *cell)
{
    return (sim_time)llround(strtod(cell, NULL) * (double)SIM_SECOND);
}

static int64_t second(const char *cell)
{
    return strtoll(cell, NULL, 10);
}

/* Valid until the next. */
static struct recorded_mail *mail_of(struct recorded_run *run, const char *id)
{
    size_t number = names_add(&run->ids, id, strlen(id));

    run->mails = alloc_grow(run->mails, &run->room, number + 1, sizeof *run->mails);
    for (; run->count <= number; run->count++)
        run->mails[run->count] = (struct recorded_mail){
            .arrival = SIM_NEVER,
            .told = {-1, -1},
            .notice = {RECORDED_NONE, RECORDED_NONE},
            .removed = -1,
            .owner = run->count,
        };
    return &run->mails[number];
}

static bool add_scan(void *user, const char *const *cells, struct err *err)
{
    struct recorded_run *run = user;

    (void)err;
    run->scans = alloc_grow(run->scans, &run->scan_room, run->scan_count + 1, sizeof *run->scans);
    run->scans[run->scan_count++] = (struct scan){instant(cells[0]), instant(cells[1])};
    return true;
}

static bool add_message(void *user, const char *const *cells, struct err *err)
{
    struct recorded_mail *mail = mail_of(user, cells[0]);

    (void)err;
    if (mail->recipients++ > 0)
        return true;
    mail->sender = alloc_text(cells[1], strlen(cells[1]));
    mail->recipient = alloc_text(cells[2], strlen(cells[2]));
    mail->arrival = instant(cells[3]);
    return true;
}

static void add_activation(struct recorded_mail *mail, int64_t at)
{
    mail->activations = alloc_grow(mail->activations, &mail->activation_room,
                                   mail->activation_count + 1, sizeof *mail->activations);
    mail->activations[mail->activation_count++] = at;
}

static void add_notice(struct recorded_run *run, const char *about, enum notice_kind kind,
                       int64_t at, const char *id)
{
    size_t notice = (size_t)(mail_of(run, id) - run->mails);
    struct recorded_mail *mail = mail_of(run, about);

    if (mail->notices[kind]++ > 0)
        return;
    mail->told[kind] = at;
    mail->notice[kind] = notice;
}

static void settle(struct recorded_mail *mail, enum recorded_fate fate, int64_t at)
{
    mail->fate = fate;
    mail->settled = at;
}

static void remove_file(struct recorded_mail *mail, int64_t at, const char *by)
{
    mail->removed = at;
    if (strcmp(by, "postsuper") == 0)
        settle(mail, RECORDED_DELETED, at);
}

/* "pickup: uid=102 from=<s@s.test> orig_id=4gTDlF1F9hz65G": another file of the same mail. */
static void requeue(struct recorded_run *run, const char *id, const char *detail)
{
    const char *original = strstr(detail, "orig_id=");

    if (original == NULL)
        return;
    size_t owner = (size_t)(mail_of(run, original + strlen("orig_id=")) - run->mails);
    mail_of(run, id)->owner = owner;
}

static bool add_event(void *user, const char *const *cells, struct err *err)
{
    struct recorded_run *run = user;
    int64_t at = second(cells[0]);
    const char *id = cells[1], *event = cells[2];

    (void)err;
    if (strcmp(event, "active") == 0)
        add_activation(mail_of(run, id), at);
    else if (strcmp(event, "removed") == 0)
        remove_file(mail_of(run, id), at, cells[3]);
    else if (strcmp(event, "other") == 0)
        requeue(run, id, cells[3]);
    else if (strcmp(event, "expired") == 0 || strcmp(event, "force-expired") == 0)
        settle(mail_of(run, id), RECORDED_EXPIRED, at);
    else if (strcmp(event, "notification-non-delivery") == 0)
        add_notice(run, id, NOTICE_NON_DELIVERY, at, cells[3]);
    else if (strcmp(event, "notification-delay") == 0)
        add_notice(run, id, NOTICE_DELAY, at, cells[3]);
    return true;
}

static enum recorded_fate fate_of(const char *status)
{
    if (strcmp(status, "sent") == 0)
        return RECORDED_SENT;
    return strcmp(status, "bounced") == 0 ? RECORDED_BOUNCED : RECORDED_LEFT;
}

/* c + d of "a/b/c/d". */
static double time_at_site(const char *delays)
{
    double a, b, c, d;

    cr_assert_eq(sscanf(delays, "%lf/%lf/%lf/%lf", &a, &b, &c, &d), 4, "%s", delays);
    return c + d;
}

static uint32_t domain_of(struct recorded_run *run, const char *recipient)
{
    const char *at = strrchr(recipient, '@');

    cr_assert_not_null(at, "%s", recipient);
    return names_add(&run->domains, at + 1, strlen(at + 1));
}

static bool add_attempt(void *user, const char *const *cells, struct err *err)
{
    struct recorded_run *run = user;
    struct recorded_mail *mail = mail_of(run, cells[0]);
    struct recorded_attempt attempt = {
        .mail = (size_t)(mail - run->mails),
        .at = second(cells[1]),
        .suspended = strcmp(cells[3], "error") == 0,
        .fate = fate_of(cells[2]),
        .delay = strtod(cells[4], NULL),
        .took = time_at_site(cells[5]),
        .domain = domain_of(run, cells[6]),
    };

    (void)err;
    if (attempt.fate != RECORDED_LEFT && mail->fate != RECORDED_EXPIRED
        && mail->fate != RECORDED_DELETED)
        settle(mail, attempt.fate, attempt.at);
    run->attempts = alloc_grow(run->attempts, &run->attempt_room, run->attempt_count + 1,
                               sizeof *run->attempts);
    run->attempts[run->attempt_count++] = attempt;
    return true;
}

/* The age tells when a file was made that is not in arrivals.csv. */
static bool add_deferral(void *user, const char *const *cells, struct err *err)
{
    struct recorded_mail *mail = mail_of(user, cells[0]);
    struct recorded_deferral deferral = {instant(cells[1]), second(cells[2])};

    (void)err;
    if (mail->arrival == SIM_NEVER)
        mail->arrival = deferral.at - instant(cells[3]);
    mail->deferrals = alloc_grow(mail->deferrals, &mail->deferral_room, mail->deferral_count + 1,
                                 sizeof *mail->deferrals);
    mail->deferrals[mail->deferral_count++] = deferral;
    return true;
}

static const struct table {
    const char *file;
    const char *columns[8];
    bool (*row)(void *user, const char *const *cells, struct err *err);
} tables[] = {
    {"scans.csv.gz", {"t_start", "t_end"}, add_scan},
    {"arrivals.csv.gz", {"id", "sender", "recipient", "time_s"}, add_message},
    {"events.csv.gz", {"t", "queue_id", "event", "detail"}, add_event},
    {"attempts.csv.gz",
     {"queue_id", "t_attempt", "status", "agent", "delay", "delays", "rcpt"},
     add_attempt},
    {"retry_times.csv.gz",
     {"queue_id", "t_deferred", "t_eligible", "age_at_deferral"},
     add_deferral},
};

static void read_table(struct recorded_run *run, const struct table *table)
{
    const struct csv_rows rows = {.columns = table->columns, .row = table->row, .user = run};
    struct err err = {0};
    char *path = path_of(run, table->file);

    cr_assert(csv_read(path, &rows, &err), "%s", err.text);
    free(path);
}

static void read_settings(struct recorded_run *run)
{
    struct main_cf cf = {0};
    struct notes notes = {0};
    struct err err = {0};
    char *path = path_of(run, "main.cf");

    cr_assert(main_cf_read_file(&cf, path, &notes, &err), "%s", err.text);
    cr_assert(main_cf_settings(&cf, &run->settings, &notes, &err), "%s", err.text);
    notes_fini(&notes);
    main_cf_fini(&cf);
    free(path);
}

void recorded_read(struct recorded_run *run, const char *name)
{
    *run = (struct recorded_run){.name = name};
    read_settings(run);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        read_table(run, &tables[i]);
    for (size_t i = 0; i < run->count; i++)
        run->mails[i].id = names_text(&run->ids, (uint32_t)i);
    run->clock = scan_clock_recorded(run->scans, run->scan_count, run->settings.queue_run_delay);
}

void recorded_fini(struct recorded_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        free(run->mails[i].sender);
        free(run->mails[i].recipient);
        free(run->mails[i].activations);
        free(run->mails[i].deferrals);
    }
    free(run->mails);
    free(run->attempts);
    free(run->scans);
    names_fini(&run->ids);
    names_fini(&run->domains);
}

uint64_t recorded_scan(const struct recorded_run *run, int64_t second)
{
    uint64_t number = scan_from(&run->clock, (second + 1) * SIM_SECOND) - 1;

    cr_assert(number >= 1 && number <= run->scan_count);
    cr_expect_leq(second, sim_second(run->scans[number - 1].end));
    return number;
}

static sim_time attempt_time(const struct recorded_run *run, const struct recorded_mail *mail,
                             size_t i)
{
    sim_time end = mail->deferrals[i].at;

    if (i == 0)
        return end - mail->arrival;
    return end - scan_start(&run->clock, recorded_scan(run, mail->activations[i]));
}

static int ascending(const void *a, const void *b)
{
    const sim_time *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

sim_time *recorded_attempt_times(const struct recorded_run *run, size_t *count)
{
    sim_time *times = NULL;
    size_t room = 0;

    *count = 0;
    for (const struct recorded_mail *mail = run->mails; mail < run->mails + run->count; mail++) {
        times = alloc_grow(times, &room, *count + mail->deferral_count, sizeof *times);
        for (size_t i = 0; i < mail->deferral_count; i++)
            times[(*count)++] = attempt_time(run, mail, i);
    }
    cr_assert_gt(*count, 0);
    qsort(times, *count, sizeof *times, ascending);
    return times;
}
