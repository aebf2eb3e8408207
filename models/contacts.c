/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/contacts.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"
#include "sim/check.h"

void contacts_fini(struct contacts *contacts)
{
    names_fini(&contacts->sites);
    free(contacts->list);
}

uint32_t contacts_site(struct contacts *contacts, const char *address)
{
    const char *at = strrchr(address, '@');

    return names_add_lower(&contacts->sites, at == NULL ? "" : at + 1);
}

void contacts_add(struct contacts *contacts, const struct contact *contact)
{
    contacts->list =
        alloc_grow(contacts->list, &contacts->room, contacts->count + 1, sizeof *contacts->list);
    contacts->list[contacts->count++] = *contact;
}

static int by_site_and_time(const void *a, const void *b)
{
    const struct contact *x = a, *y = b;

    if (x->site != y->site)
        return x->site < y->site ? -1 : 1;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->reached != y->reached)
        return x->reached - y->reached;
    if (x->took != y->took)
        return x->took < y->took ? -1 : 1;
    return (x->text > y->text) - (x->text < y->text);
}

static bool is_alike(const struct contact *a, const struct contact *b)
{
    return a->site == b->site && a->reached == b->reached;
}

void contacts_ready(struct contacts *contacts)
{
    struct contact *list = contacts->list;
    uint32_t count = (uint32_t)contacts->count;

    REQUIRE(contacts->count <= UINT32_MAX);
    if (count > 0)
        qsort(list, count, sizeof *list, by_site_and_time);
    for (uint32_t run = 0, end; run < count; run = end) {
        for (end = run + 1; end < count && is_alike(&list[run], &list[end]);)
            end++;
        for (uint32_t i = run; i < end; i++) {
            list[i].run = run;
            list[i].run_end = end;
        }
    }
}

/* The first of the site that is not before `at`, or what comes behind. */
static size_t not_before(const struct contacts *contacts, uint32_t site, sim_time at)
{
    size_t low = 0, high = contacts->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct contact *contact = &contacts->list[middle];
        if (contact->site < site || (contact->site == site && contact->at < at))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct contact *contacts_last(const struct contacts *contacts, uint32_t site, bool reached,
                                    sim_time from, sim_time until)
{
    const struct contact *list = contacts->list;
    size_t end = not_before(contacts, site, until);

    if (end > 0 && list[end - 1].site == site && list[end - 1].reached != reached)
        end = list[end - 1].run;
    if (end == 0 || list[end - 1].site != site || list[end - 1].at < from)
        return NULL;
    return &list[end - 1];
}

const struct contact *contacts_first(const struct contacts *contacts, uint32_t site, bool reached,
                                     sim_time after)
{
    const struct contact *list = contacts->list;
    size_t at = not_before(contacts, site, after + 1);

    if (at < contacts->count && list[at].site == site && list[at].reached != reached)
        at = list[at].run_end;
    return at < contacts->count && list[at].site == site ? &list[at] : NULL;
}
