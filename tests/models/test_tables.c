/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table left short by a forgotten line must fail here, not in a run. */
#include <criterion/criterion.h>
#include <string.h>

#include "models/classes.h"
#include "models/mta/mta.h"
#include "models/results.h"
#include "models/site/failure.h"
#include "models/traffic/traffic.h"
#include "sim/alloc.h"

static bool is_text(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static size_t size_of_field(enum setting_type type)
{
    static const size_t sizes[] = {
        [SETTING_SPAN] = sizeof(sim_time),      [SETTING_DIST] = sizeof(struct dist),
        [SETTING_INSTANT] = sizeof(sim_time),   [SETTING_COUNT] = sizeof(int64_t),
        [SETTING_SHARE] = sizeof(double),       [SETTING_RATE] = sizeof(double),
        [SETTING_REPLY] = sizeof(struct reply), [SETTING_CHOICE] = sizeof(int),
        [SETTING_TEXT] = sizeof(char *),        [SETTING_FILE] = sizeof(char *),
        [SETTING_AMOUNT] = sizeof(double),
    };

    return sizes[type];
}

static void check_setting(const char *owner, const struct setting *table,
                          const struct setting *setting, size_t size)
{
    size_t end = setting->offset + size_of_field(setting->type);

    cr_expect(is_text(setting->summary), "%s: %s has no summary", owner, setting->name);
    cr_expect(setting_find(table, setting->name) == setting, "%s: two are called %s", owner,
              setting->name);
    cr_expect(end <= size, "%s: %s is outside of the settings", owner, setting->name);
    cr_expect((setting->type == SETTING_CHOICE) == (setting->choices != NULL), "%s: %s", owner,
              setting->name);
    for (const struct setting *other = table; other < setting; other++)
        cr_expect(end <= other->offset
                      || other->offset + size_of_field(other->type) <= setting->offset,
                  "%s: %s and %s share a field", owner, other->name, setting->name);
}

/* Also that every fallback can be parsed: settings_init() insists on it. */
static void check_settings(const char *owner, const struct setting *table, size_t size)
{
    void *settings = alloc_zeroed(size);

    for (const struct setting *setting = table; setting->name != NULL; setting++)
        check_setting(owner, table, setting, size);
    settings_init(table, settings);
    settings_fini(table, settings);
    free(settings);
}

/* What reads rows has a file to read them from. */
static void check_rows(const char *owner, const struct row_reader *rows,
                       const struct setting *table)
{
    const struct setting *file = setting_find(table, "file");
    size_t columns = 0;

    cr_expect((rows != NULL) == (file != NULL), "%s", owner);
    if (rows == NULL || file == NULL)
        return;
    cr_expect(file->type == SETTING_FILE && file->fallback == NULL, "%s", owner);
    cr_expect(rows->add != NULL, "%s has no add()", owner);
    while (rows->columns[columns] != NULL)
        columns++;
    cr_expect(rows->optional < columns, "%s", owner);
}

Test(tables, every_failure_is_complete)
{
    size_t count = 0;

    for (; failures[count] != NULL; count++) {
        const struct failure_ops *ops = failures[count];
        cr_assert(is_text(ops->name) && is_text(ops->summary) && ops->settings != NULL);
        cr_expect(ops->stages != NULL && ops->speak != NULL, "%s", ops->name);
        cr_expect(failure_find(ops->name) == ops, "two failures are called %s", ops->name);
        cr_expect((ops->end == NULL && ops->begin == NULL) || ops->state_size > 0, "%s", ops->name);
        check_settings(ops->name, ops->settings, ops->settings_size);
        check_rows(ops->name, ops->rows, ops->settings);
    }
    cr_expect_eq(count, 7);
}

Test(tables, every_traffic_is_complete)
{
    size_t count = 0;

    for (; traffics[count] != NULL; count++) {
        const struct traffic_ops *ops = traffics[count];
        cr_assert(is_text(ops->name) && is_text(ops->summary) && ops->settings != NULL);
        cr_expect(ops->next != NULL, "%s has no next()", ops->name);
        cr_expect(traffic_find(ops->name) == ops, "two traffics are called %s", ops->name);
        cr_expect((ops->envelope != NULL) == (ops->rows != NULL), "%s", ops->name);
        cr_expect((ops->envelope != NULL) == (ops->find != NULL), "%s", ops->name);
        cr_expect(ops->state_size > 0, "%s", ops->name);
        check_settings(ops->name, ops->settings, ops->settings_size);
        check_rows(ops->name, ops->rows, ops->settings);
    }
    cr_expect_eq(count, 5);
}

Test(tables, classes_have_complete_settings)
{
    check_settings("class", class_settings, sizeof(struct class_spec));
}

Test(tables, every_mta_is_complete)
{
    size_t count = 0;

    for (; mtas[count] != NULL; count++) {
        const struct mta_ops *ops = mtas[count];
        cr_assert(is_text(ops->name) && is_text(ops->summary));
        cr_expect(ops->start != NULL && ops->submit != NULL, "%s", ops->name);
        cr_expect(ops->close != NULL && ops->free != NULL, "%s", ops->name);
        cr_expect(mta_find(ops->name) == ops, "two MTAs are called %s", ops->name);
    }
    cr_expect_eq(count, 1);
}

Test(tables, every_operation_has_a_name)
{
    for (int i = 0; i < OPERATION_COUNT; i++)
        cr_expect(is_text(operation_names[i]));
    cr_expect_null(operation_names[OPERATION_COUNT]);
}

/* A scenario may name a failure where it may also say "latency". */
Test(tables, know_no_other_names)
{
    cr_expect_null(failure_find("latency"));
    cr_expect_null(failure_find(""));
    cr_expect_null(failure_find("Outage"));
    cr_expect_null(traffic_find("poissons"));
    cr_expect_null(traffic_find(""));
    cr_expect_null(mta_find("Postfix"));
    cr_expect_null(mta_find(""));
    cr_expect_null(metric_find("delay_p5"));
    cr_expect_null(metric_find(""));
}

Test(tables, every_stage_and_outcome_has_a_name)
{
    for (int i = 0; i < STAGE_COUNT; i++)
        cr_expect(is_text(smtp_stage_names[i]));
    cr_expect_null(smtp_stage_names[STAGE_COUNT]);
    for (int i = 0; i < OUTCOME_COUNT; i++)
        cr_expect(is_text(outcome_names[i]));
    cr_expect_null(outcome_names[OUTCOME_COUNT]);
}

Test(tables, every_metric_is_complete)
{
    for (const struct metric *metric = metrics; metric->name != NULL; metric++) {
        cr_expect(is_text(metric->name) && is_text(metric->unit) && metric->value != NULL);
        cr_expect(metric_find(metric->name) == metric, "two metrics are called %s", metric->name);
    }
}

/* The names people's scripts rely on; others may stand between them. */
Test(tables, metrics_are_those_promised_in_that_order)
{
    static const char *const promised[] = {
        "messages",
        "recipients",
        "notices",
        "attempts",
        "connections",
        "sent",
        "deferred",
        "suspended",
        "bounced",
        "expired",
        "deleted",
        "queued",
        "delay_p50",
        "delay_p90",
        "delay_p99",
        "delay_max",
        "bad_news_p50",
        "bad_news_p90",
        "bad_news_max",
        "warnings",
        "warnings_unneeded",
        "late",
        "utility",
        "attempts_per_scan_max",
        "active_max",
        "deferred_queue_max",
    };
    const struct metric *last = NULL;

    for (size_t i = 0; i < COUNT_OF(promised); i++) {
        const struct metric *metric = metric_find(promised[i]);
        cr_assert_not_null(metric, "%s", promised[i]);
        cr_expect(last == NULL || last < metric, "%s", promised[i]);
        last = metric;
    }
}
