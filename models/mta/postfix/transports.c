/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/transports.h"

#include <stdio.h>
#include <string.h>

#include "sim/nearest.h"

const char *const postfix_override_tails[] = {
    "_initial_destination_concurrency",
    "_destination_concurrency_limit",
    "_destination_recipient_limit",
    "_destination_concurrency_positive_feedback",
    "_destination_concurrency_negative_feedback",
    "_destination_concurrency_failed_cohort_limit",
    "_destination_rate_delay",
    "_transport_rate_delay",
    "_recipient_limit",
    "_extra_recipient_limit",
    "_recipient_refill_limit",
    "_recipient_refill_delay",
    "_delivery_slot_cost",
    "_delivery_slot_loan",
    "_delivery_slot_discount",
    "_minimum_delivery_slots",
    NULL,
};

#define AT(field) offsetof(struct postfix_transport_settings, field)

/* Where the value of each is kept. */
static const size_t offsets[] = {
    AT(initial_destination_concurrency),
    AT(destination_concurrency_limit),
    AT(destination_recipient_limit),
    AT(positive),
    AT(negative),
    AT(failed_cohort_limit),
    AT(destination_rate_delay),
    AT(transport_rate_delay),
    AT(recipient_limit),
    AT(extra_recipient_limit),
    AT(recipient_refill_limit),
    AT(recipient_refill_delay),
    AT(delivery_slot_cost),
    AT(delivery_slot_loan),
    AT(delivery_slot_discount),
    AT(minimum_delivery_slots),
};
_Static_assert(COUNT_OF(offsets) + 1 == COUNT_OF(postfix_override_tails), "a place for each");

/* Of a transport; NULL where the table has none of that name. */
static const struct postfix_parameter *row_of(const char *transport, const char *tail)
{
    char name[POSTFIX_NAME_ROOM];

    snprintf(name, sizeof name, "%.*s%s", POSTFIX_TRANSPORT_ROOM, transport, tail);
    return postfix_parameter_find(name);
}

/* "default_destination_rate_delay"; one has no "default" before it. */
static const struct postfix_parameter *row_of_all(const char *tail)
{
    const struct postfix_parameter *row = row_of("default", tail);

    return row != NULL ? row : postfix_parameter_find(tail + 1);
}

/* ------------------------------------------------------------- what is written */

/* The longest that `name` ends with: "_destination_recipient_limit", not "_recipient_limit". */
static const char *tail_of(const char *name)
{
    const char *longest = NULL;
    size_t length = strlen(name);

    for (size_t i = 0; postfix_override_tails[i] != NULL; i++) {
        const char *tail = postfix_override_tails[i];
        size_t used = strlen(tail);
        if (used < length && strcmp(name + length - used, tail) == 0
            && (longest == NULL || used > strlen(longest)))
            longest = tail;
    }
    return longest;
}

const struct postfix_parameter *postfix_override_find(const char *name, char *transport)
{
    const char *tail = tail_of(name);

    if (tail == NULL || postfix_parameter_find(name) != NULL
        || strcmp(name, POSTFIX_NO_OVERRIDE) == 0)
        return NULL;
    size_t length = strlen(name) - strlen(tail);
    if (length >= POSTFIX_TRANSPORT_ROOM || strspn(name, POSTFIX_NAME_LETTERS) < length)
        return NULL;
    memcpy(transport, name, length);
    transport[length] = '\0';
    return row_of_all(tail);
}

/* Those of master.cf as it comes, which deliver. */
static const char *const usual_transports[] = {
    "smtp", "relay", "lmtp", "local", "virtual", "error", "retry", "discard",
};

static bool is_usual(const struct postfix_settings *settings, const char *transport)
{
    const char *by_default = settings->default_transport;
    size_t length = strcspn(by_default, ":");

    if (strlen(transport) == length && strncmp(by_default, transport, length) == 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(usual_transports); i++) {
        if (strcmp(usual_transports[i], transport) == 0)
            return true;
    }
    return false;
}

static void note_unusual(const struct postfix_settings *settings, const char *name,
                         const char *transport, struct notes *notes)
{
    const char *meant = nearest(transport, usual_transports, COUNT_OF(usual_transports),
                                sizeof usual_transports[0]);

    if (is_usual(settings, transport))
        return;
    if (meant != NULL)
        notes_add(notes, "parameter %s: holds for a transport '%s' only (did you mean '%s'?)", name,
                  transport, meant);
    else
        notes_add(notes,
                  "parameter %s: holds for a transport '%s' only, which is none that Postfix comes"
                  " with",
                  name, transport);
}

static struct postfix_override *place_for(struct postfix_settings *settings, const char *transport,
                                          const struct postfix_parameter *of)
{
    size_t i = 0;

    while (i < settings->override_count
           && (settings->overrides[i].of != of
               || strcmp(settings->overrides[i].transport, transport) != 0))
        i++;
    return i < POSTFIX_OVERRIDES_MOST ? &settings->overrides[i] : NULL;
}

bool postfix_override_set(struct postfix_settings *settings, const char *name, const char *value,
                          struct notes *notes, struct err *err)
{
    struct postfix_override override = {0};

    override.of = postfix_override_find(name, override.transport);
    REQUIRE(override.of != NULL);
    struct postfix_parameter as_written = *override.of;
    as_written.name = name;
    bool is_feedback = as_written.type == POSTFIX_FEEDBACK;
    void *field = is_feedback ? (void *)&override.feedback : (void *)&override.value;
    if (!postfix_value_set(field, &as_written, value, notes, err))
        return false;

    struct postfix_override *place = place_for(settings, override.transport, override.of);
    if (place == NULL) {
        notes_add(notes, "parameter %s: is ignored: there are %d of its kind already", name,
                  POSTFIX_OVERRIDES_MOST);
        return true;
    }
    if (place == &settings->overrides[settings->override_count])
        settings->override_count++;
    *place = override;
    note_unusual(settings, name, override.transport, notes);
    return true;
}

/* ------------------------------------------------------------------ what holds */

static void put(void *field, const struct postfix_parameter *of, const void *value)
{
    bool is_feedback = of->type == POSTFIX_FEEDBACK;

    memcpy(field, value, is_feedback ? sizeof(struct postfix_feedback) : sizeof(long));
}

/* The table has some of its own for `local`. */
static void put_row(void *field, const struct postfix_settings *settings,
                    const struct postfix_parameter *row)
{
    if (row != NULL)
        put(field, row, (const char *)settings + row->offset);
}

static void put_override(void *field, const struct postfix_override *override)
{
    bool is_feedback = override->of->type == POSTFIX_FEEDBACK;

    put(field, override->of,
        is_feedback ? (const void *)&override->feedback : (const void *)&override->value);
}

/* What is set for the transport instead of `of`; NULL if nothing is. */
static const struct postfix_override *override_of(const struct postfix_settings *settings,
                                                  const char *transport,
                                                  const struct postfix_parameter *of)
{
    for (size_t i = 0; i < settings->override_count; i++) {
        const struct postfix_override *override = &settings->overrides[i];
        if (override->of == of && strcmp(override->transport, transport) == 0)
            return override;
    }
    return NULL;
}

/* qmgr/qmgr_transport.c:445-449. */
static void clamp(struct postfix_transport_settings *of)
{
    if (of->destination_rate_delay > 0)
        of->destination_concurrency_limit = 1;
    if (of->destination_concurrency_limit != 0
        && of->initial_destination_concurrency > of->destination_concurrency_limit)
        of->initial_destination_concurrency = of->destination_concurrency_limit;
}

void postfix_transport_settings(struct postfix_transport_settings *of,
                                const struct postfix_settings *settings, const char *transport)
{
    *of = (struct postfix_transport_settings){0};
    for (size_t i = 0; postfix_override_tails[i] != NULL; i++) {
        const char *tail = postfix_override_tails[i];
        const struct postfix_parameter *of_all = row_of_all(tail);
        void *field = (char *)of + offsets[i];

        put_row(field, settings, of_all);
        put_row(field, settings, row_of(transport, tail));
        const struct postfix_override *override = override_of(settings, transport, of_all);
        if (override != NULL)
            put_override(field, override);
    }
    clamp(of);
}

static size_t number_of_tail(const char *tail)
{
    size_t i = 0;

    while (postfix_override_tails[i] != NULL && strcmp(postfix_override_tails[i], tail) != 0)
        i++;
    REQUIRE(postfix_override_tails[i] != NULL);
    return i;
}

struct postfix_deciding postfix_transport_decides(const struct postfix_settings *settings,
                                                  const char *transport, const char *tail)
{
    struct postfix_deciding deciding = {0};
    size_t place = offsets[number_of_tail(tail)];
    const struct postfix_parameter *of_all = row_of_all(tail), *row = row_of(transport, tail);
    const struct postfix_override *override = override_of(settings, transport, of_all);
    struct postfix_transport_settings in_force;

    row = row != NULL ? row : of_all;
    deciding.is_own = override != NULL;
    if (override != NULL)
        snprintf(deciding.name, sizeof deciding.name, "%s%s", transport, tail);
    else
        snprintf(deciding.name, sizeof deciding.name, "%s", row->name);
    if (row->type == POSTFIX_FEEDBACK)
        return deciding;
    put_row(&deciding.value, settings, row);
    if (override != NULL)
        deciding.value = override->value;
    postfix_transport_settings(&in_force, settings, transport);
    memcpy(&deciding.in_force, (const char *)&in_force + place, sizeof deciding.in_force);
    return deciding;
}
