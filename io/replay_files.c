/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/replay_files.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv_row.h"
#include "io/figures.h"
#include "io/input.h"
#include "models/mta/postfix/transports.h"
#include "sim/alloc.h"
#include "sim/hash.h"

struct files {
    struct output arrivals, evidence, scenario;
    const struct names *names;
};

static void put_text(struct csv_row *row, const char *text)
{
    csv_text(row, text, strlen(text));
}

void replay_files_put_arrivals(struct output *output, const struct reconstruction *r,
                               sim_time start)
{
    output_print(output, "id,time_s,sender,recipient,size_bytes,scan_order\n");
    for (size_t i = 0; i < r->arrival_count; i++) {
        const struct reconstructed_arrival *a = &r->arrivals[i];
        struct csv_row row = csv_row(output);

        put_text(&row, names_text(&r->names, a->label));
        csv_seconds(&row, a->at - start);
        put_text(&row, names_text(&r->names, a->sender));
        put_text(&row, names_text(&r->names, a->recipient));
        if (a->size_bytes < 0)
            csv_empty(&row);
        else
            csv_number(&row, (uint64_t)a->size_bytes);
        if (r->places[a->label] == SCAN_ORDER_NONE)
            csv_empty(&row);
        else
            csv_number(&row, r->places[a->label]);
        csv_end(&row);
    }
}

static void put_instant(struct csv_row *row, sim_time at, sim_time without_end)
{
    if (at == without_end)
        csv_empty(row);
    else
        csv_seconds(row, at);
}

static void put_whom(struct csv_row *row, const struct evidence_row *known,
                     const struct names *names)
{
    const char *name = names_text(names, known->recipient);

    if (!known->whole_domain) {
        put_text(row, name);
        return;
    }
    char *domain = alloc_printf("@%s", name);
    put_text(row, domain);
    free(domain);
}

static void put_evidence(void *user, const struct evidence_row *known, const char *text)
{
    struct files *files = user;
    struct csv_row row = csv_row(&files->evidence);

    put_whom(&row, known, files->names);
    put_instant(&row, known->from, -SIM_NEVER);
    put_instant(&row, known->until, SIM_NEVER);
    put_text(&row, smtp_stage_names[known->stage]);
    put_text(&row, text);
    put_text(&row, known->message == NAMES_NONE ? "" : names_text(files->names, known->message));
    csv_seconds(&row, known->took);
    csv_end(&row);
}

/* In single quotes, where libconfuse expands nothing; Postfix would expand a dollar again. */
static void put_quoted(struct output *output, const char *text)
{
    output_write(output, "'", 1);
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            output_write(output, "\\", 1);
        if (*text == '$')
            output_write(output, "$", 1);
        output_write(output, text, 1);
    }
    output_write(output, "'", 1);
}

static void put_setting(struct output *output, const struct main_cf *config, const char *name)
{
    struct err err;
    char *value;

    if (main_cf_find(config, name) == NULL || !main_cf_expand(config, name, &value, &err))
        return;
    output_print(output, "    %s = ", name);
    put_quoted(output, value);
    output_write(output, "\n", 1);
    free(value);
}

static void put_settings(struct output *output, const struct main_cf *config)
{
    char transport[POSTFIX_TRANSPORT_ROOM];

    for (size_t i = 0; i < postfix_parameter_count; i++)
        put_setting(output, config, postfix_parameters[i].name);
    for (size_t i = 0; i < config->count; i++) {
        if (postfix_override_find(config->entry[i].name, transport) != NULL)
            put_setting(output, config, config->entry[i].name);
    }
}

static void put_deeds(struct output *output, const struct reconstruction *r, sim_time start)
{
    for (size_t i = 0; i < r->deeds.count; i++) {
        const struct deed *deed = &r->deeds.list[i];
        char *name = deeds_message(RECONSTRUCT_TRAFFIC, &r->names, deed->label);
        output_print(output, "    %s { at = %.3fs  message = ", operation_names[deed->kind],
                     (double)(deed->at - start) / (double)SIM_SECOND);
        put_quoted(output, name);
        output_print(output, " }\n");
        free(name);
    }
}

static void put_scenario(struct output *output, const struct reconstruction *r,
                         const struct reconstruct_plan *plan, const struct main_cf *config)
{
    sim_time phase = reconstruct_scan_phase(plan);
    char text[FIGURE_MOST];

    output_print(output, "# a log, replayed; recovery: %s\n", recovery_names[plan->recovery]);
    output_print(output, "start = %s\n", figure_utc(plan->start, text));
    output_print(output, "duration = %.3fs\n",
                 (double)(plan->end - plan->start) / (double)SIM_SECOND);
    output_print(output, "mta postfix {\n");
    if (phase != SIM_NEVER)
        output_print(output, "    scan_phase = %llds\n", (long long)sim_second(phase));
    put_settings(output, config);
    put_deeds(output, r, plan->start);
    output_print(output,
                 "}\n"
                 "traffic " RECONSTRUCT_TRAFFIC " { arrivals = trace  file = \"arrivals.csv\" }\n"
                 "site \"*\" { evidence { file = \"evidence.csv\" } }\n");
}

static bool open_all(struct files *files, const char *folder, struct err *err)
{
    return output_make_folder(folder, err)
           && output_open(&files->arrivals, folder, "arrivals.csv", err)
           && output_open(&files->evidence, folder, "evidence.csv", err)
           && output_open(&files->scenario, folder, "replay.conf", err);
}

static bool commit_all(struct files *files, struct err *err)
{
    return output_commit(&files->arrivals, err) && output_commit(&files->evidence, err)
           && output_commit(&files->scenario, err);
}

bool replay_files_write(const char *folder, const struct reconstruction *r,
                        const struct reconstruct_plan *plan, const struct main_cf *config,
                        struct err *err)
{
    struct files files = {.names = &r->names};
    bool good = open_all(&files, folder, err);

    if (good) {
        replay_files_put_arrivals(&files.arrivals, r, plan->start);
        output_print(&files.evidence, "recipient,from_s,until_s,stage,text,message,took_s\n");
        reconstruct_evidence(r, plan, put_evidence, &files);
        put_scenario(&files.scenario, r, plan, config);
        good = commit_all(&files, err);
    }
    output_discard(&files.arrivals);
    output_discard(&files.evidence);
    output_discard(&files.scenario);
    return good;
}

uint64_t replay_files_hash(const char *folder)
{
    static const char *const names[] = {"replay.conf", "arrivals.csv", "evidence.csv"};
    uint64_t hash = 0;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char *path = alloc_printf("%s/%s", folder, names[i]);
        uint64_t of_file = input_hash(path);
        hash = i == 0 ? of_file : hash_beside(hash, of_file);
        free(path);
    }
    return hash;
}
