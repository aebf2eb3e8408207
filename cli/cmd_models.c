/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_models.c - what may be named in a scenario, from the tables that parse it
 */
#include <stdio.h>

#include "cli/cli.h"
#include "io/scenario/keys.h"
#include "io/scenario/operations.h"
#include "models/mta/mta.h"
#include "models/mta/postfix/transports.h"
#include "models/traffic/traffic.h"

static void print_choices(const char *const *choices)
{
    for (size_t i = 0; choices[i] != NULL; i++)
        printf("%s%s", i == 0 ? " (" : " | ", choices[i]);
    printf(")");
}

static void print_settings(const struct setting *setting)
{
    for (; setting->name != NULL; setting++) {
        printf("      %-10s %-12s %s", setting->name, setting_type_name(setting->type),
               setting->summary);
        if (setting->choices != NULL)
            print_choices(setting->choices);
        if (setting->fallback == NULL)
            printf("; must be given");
        else if (setting->fallback[0] != '\0')
            printf("; default %s", setting->fallback);
        printf("\n");
    }
}

static void print_keys(const struct scenario_key *key)
{
    for (; key->name != NULL; key++)
        printf("      %-15s %-12s %s\n", key->name, key->type, key->summary);
}

static void print_mtas(void)
{
    printf("a scenario\n");
    print_keys(file_keys);
    printf("\nmta NAME { ... }\n");
    for (size_t i = 0; mtas[i] != NULL; i++)
        printf("  %-10s %s\n", mtas[i]->name, mtas[i]->summary);
    print_keys(mta_keys);
}

static void print_operations(void)
{
    printf("\noperations, in mta NAME { ... }\n");
    for (int kind = 0; kind < OPERATION_COUNT; kind++) {
        printf("  %-14s %s\n", operation_names[kind], operation_forms[kind].summary);
        print_settings(operation_forms[kind].settings);
    }
}

static void print_failures(void)
{
    printf("\nsite \"DOMAIN\" { ... }\n");
    print_keys(site_keys);
    printf("\nfailures, in site \"DOMAIN\" { ... }\n");
    for (size_t i = 0; failures[i] != NULL; i++) {
        printf("  %-10s %s\n", failures[i]->name, failures[i]->summary);
        print_settings(failures[i]->settings);
    }
    printf("  %-10s how long each stage takes, when it is passed\n", "latency");
    for (size_t i = 0; smtp_stage_names[i] != NULL; i++)
        printf("      %-10s %-12s default 0\n", smtp_stage_names[i], "distribution");
}

static void print_classes(void)
{
    printf("\nclass NAME { ... }\n");
    printf("  %-10s what mail is worth, and until when\n", "class");
    print_settings(class_settings);
}

static void print_traffics(void)
{
    printf("\ntraffic NAME { arrivals = KIND ... }\n");
    printf("  %-10s of any kind\n", "all");
    print_keys(traffic_keys);
    for (size_t i = 0; traffics[i] != NULL; i++) {
        printf("  %-10s %s\n", traffics[i]->name, traffics[i]->summary);
        print_settings(traffics[i]->settings);
    }
    printf("  %-10s of a kind that makes messages up\n", "envelope");
    print_keys(envelope_keys);
}

static void print_distributions(void)
{
    printf("\ndistributions, in quotes, wherever a duration is drawn\n");
    for (const struct dist_form *form = dist_forms; form->name != NULL; form++)
        printf("  %s\n", form->usage);
}

static void print_parameters(void)
{
    printf("\nparameters of mta postfix { ... }, -c, -o and --policy\n");
    for (size_t i = 0; i < postfix_parameter_count; i++) {
        const struct postfix_parameter *parameter = &postfix_parameters[i];
        printf("  %s = %s\n      %s\n", parameter->name, parameter->fallback, parameter->summary);
    }
    printf("\nand of one transport, with its name for TRANSPORT; default as for all\n");
    for (size_t i = 0; postfix_override_tails[i] != NULL; i++)
        printf("  TRANSPORT%s\n", postfix_override_tails[i]);
}

int cmd_models(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return cli_usage("models");
    print_mtas();
    print_operations();
    print_failures();
    print_classes();
    print_traffics();
    print_distributions();
    print_parameters();
    return cli_done();
}
