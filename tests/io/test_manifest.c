/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manifest.json and compare.json of figures made up here. */
#include "io/manifest.h"

#include "tests/io/experiment_by_hand.h"

static struct scenario plan;
static struct main_cf config;

static json_t *manifest_of(uint64_t seed)
{
    struct manifest manifest = {.source = {"some/where.conf", 0xabc, &plan, seed, NULL},
                                .config = &config,
                                .replications = 2,
                                .experiment = &experiment};
    json_error_t why;

    output.used = 0;
    manifest_put(&output, &manifest);
    json_t *json = json_loads(written(), 0, &why);
    cr_assert_not_null(json, "%s", why.text);
    return json;
}

static const char *text_at(json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));

    return text == NULL ? "(no text)" : text;
}

static void make_plan(void)
{
    struct err err;

    make_figures();
    add_run(7, 1500);
    scenario_init(&plan);
    cr_assert(main_cf_set(&config, "maximal_queue_lifetime=1d", "-o", &err));
    main_cf_set_value(&config, "queue_run_delay", "300s", "/a/folder/main.cf, line 3");
}

static void free_plan(void)
{
    free_figures();
    scenario_fini(&plan);
    main_cf_fini(&config);
}

TestSuite(manifest, .init = make_plan, .fini = free_plan);

Test(manifest, says_what_was_run)
{
    plan.title = alloc_text("a \"title\"", 9);
    json_t *json = manifest_of(17);

    cr_expect_str_eq(text_at(json, "version"), TEMPFAIL_VERSION);
    cr_expect_str_eq(text_at(json, "scenario"), "where.conf");
    cr_expect_str_eq(text_at(json, "scenario_fnv1a"), "0000000000000abc");
    cr_expect_str_eq(text_at(json, "title"), "a \"title\"");
    cr_expect_str_eq(text_at(json, "start"), "2026-01-01T00:00:00Z");
    cr_expect_eq(json_integer_value(json_object_get(json, "seed")), 17);
    cr_expect_eq(json_integer_value(json_object_get(json, "replications")), 2);
    json_decref(json);
}

Test(manifest, says_where_each_setting_came_from)
{
    json_t *json = manifest_of(1), *settings = json_object_get(json, "settings");
    json_t *lifetime = json_object_get(settings, "maximal_queue_lifetime");
    json_t *delay = json_object_get(settings, "queue_run_delay");

    cr_expect_eq(json_object_size(settings), postfix_parameter_count);
    cr_expect_str_eq(text_at(lifetime, "value"), "1d");
    cr_expect_str_eq(text_at(lifetime, "from"), "-o");
    cr_expect_str_eq(text_at(delay, "value"), "300s");
    cr_expect_str_eq(text_at(delay, "from"), "main.cf, line 3");
    json_decref(json);
}

Test(manifest, has_what_was_set_for_one_transport)
{
    main_cf_set_value(&config, "slow_destination_rate_delay", "2s", "-o");
    main_cf_set_value(&config, "my_own", "2s", "-o");
    json_t *json = manifest_of(1), *settings = json_object_get(json, "settings");

    cr_expect_eq(json_object_size(settings), postfix_parameter_count + 1);
    cr_expect_str_eq(text_at(json_object_get(settings, "slow_destination_rate_delay"), "value"),
                     "2s");
    json_decref(json);
}

Test(manifest, counts)
{
    json_t *json = manifest_of(1), *counts = json_object_get(json, "counts");

    cr_expect_eq(json_number_value(json_object_get(counts, "messages")), 7);
    cr_expect_null(json_object_get(counts, "delay_max"));
    cr_expect_null(json_object_get(counts, "late"));
    json_decref(json);
}

Test(manifest, counts_what_classes_came_to)
{
    experiment_fini(&experiment);
    experiment_init(&experiment);
    add_run_with_classes();
    json_t *json = manifest_of(1), *counts = json_object_get(json, "counts");

    cr_expect_eq(json_number_value(json_object_get(counts, "late")), 0);
    cr_expect_float_eq(json_number_value(json_object_get(counts, "utility")), 0.7, 1e-9);
    json_decref(json);
}

Test(manifest, writes_any_seed)
{
    json_t *json = manifest_of(INT64_MAX);
    cr_expect_eq(json_integer_value(json_object_get(json, "seed")), INT64_MAX);
    json_decref(json);
    json = manifest_of(UINT64_MAX);
    cr_expect_str_eq(text_at(json, "seed"), "18446744073709551615");
    json_decref(json);
}

Test(manifest, takes_texts_that_are_no_utf_8)
{
    plan.title = alloc_text("caf\xe9 \xc3\xa4\033", 8);
    json_t *json = manifest_of(1);

    cr_expect_str_eq(text_at(json, "title"), "caf? ??\033");
    cr_expect_null(memchr(written(), '\033', output.used), "escaped in the file");
    json_decref(json);
}

Test(manifest, is_the_same_each_time)
{
    json_decref(manifest_of(5));
    char *first = alloc_text(written(), output.used);

    json_decref(manifest_of(5));
    cr_expect_str_eq(written(), first);
    free(first);
}

Test(manifest, of_a_comparison_has_the_settings_of_each_policy)
{
    struct main_cf other = {0};
    json_error_t why;

    main_cf_set_value(&other, "maximal_queue_lifetime", "2h", "one.cf, line 1");
    compare_manifest_put(&output, &(struct compare_manifest){
                                      .source = {"a/b.conf", 0xabc, &plan, 3, "latest"},
                                      .replications = 20,
                                      .policies = (const char *const[]){"stock", "caf\xe9"},
                                      .configs = (const struct main_cf *const[]){&config, &other},
                                      .policy_count = 2,
                                  });
    json_t *json = json_loads(written(), 0, &why), *policies = json_object_get(json, "policies");
    json_t *second = json_array_get(policies, 1), *settings = json_object_get(second, "settings");

    cr_expect_str_eq(text_at(json, "scenario"), "b.conf");
    cr_expect_eq(json_integer_value(json_object_get(json, "replications")), 20);
    cr_assert_eq(json_array_size(policies), 2);
    cr_expect_str_eq(text_at(second, "name"), "caf?");
    cr_expect_str_eq(text_at(json_object_get(settings, "maximal_queue_lifetime"), "value"), "2h");
    json_decref(json);
    main_cf_fini(&other);
}
