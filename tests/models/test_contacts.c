/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contacts of two sites, looked for at their edges. */
#include "models/contacts.h"

#include <criterion/criterion.h>

static struct contacts contacts;

static void end(void)
{
    contacts_fini(&contacts);
    contacts = (struct contacts){0};
}

TestSuite(contacts, .fini = end);

/* a.example (site 0) is refused at 10, 20, reached at 30, 40, refused at 50; b.example (site 1) is
 * reached at 5, 35 and refused at 60. */
static void fill(void)
{
    static const struct {
        const char *address;
        bool reached;
        sim_time at;
    } rows[] = {
        {"u@a.example", true, 40},  {"u@b.example", true, 35},  {"v@a.example", false, 10},
        {"u@a.example", false, 50}, {"u@b.example", true, 5},   {"u@a.example", true, 30},
        {"w@a.example", false, 20}, {"u@b.example", false, 60},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        contacts_add(&contacts, &(struct contact){.site = contacts_site(&contacts, rows[i].address),
                                                  .reached = rows[i].reached,
                                                  .at = rows[i].at});
    contacts_ready(&contacts);
}

static void expect_at(const struct contact *contact, sim_time at)
{
    if (at < 0)
        cr_expect_null(contact);
    else
        cr_expect(contact != NULL && contact->at == at, "not at %ld", (long)at);
}

Test(contacts, know_a_domain_in_any_letters)
{
    uint32_t site = contacts_site(&contacts, "u@d.example");

    cr_expect_eq(contacts_site(&contacts, "V@D.Example"), site);
    cr_expect_eq(contacts_site(&contacts, "\"a@b\"@d.example"), site);
    cr_expect_neq(contacts_site(&contacts, "u@e.example"), site);
    cr_expect_neq(contacts_site(&contacts, "d.example"), site, "it is a local part");
    cr_expect_eq(contacts_site(&contacts, ""), contacts_site(&contacts, "root"));
}

Test(contacts, find_the_last_that_came_out_so)
{
    fill();
    expect_at(contacts_last(&contacts, 0, false, 0, 100), 50);
    expect_at(contacts_last(&contacts, 0, true, 0, 100), 40);
    expect_at(contacts_last(&contacts, 0, false, 0, 50), 20);
    expect_at(contacts_last(&contacts, 0, false, 20, 50), 20);
    expect_at(contacts_last(&contacts, 0, false, 21, 50), -1);
    expect_at(contacts_last(&contacts, 0, false, 0, 20), 10);
    expect_at(contacts_last(&contacts, 0, true, 0, 30), -1);
    expect_at(contacts_last(&contacts, 1, true, -SIM_NEVER, SIM_NEVER), 35);
    expect_at(contacts_last(&contacts, 1, false, 0, 60), -1);
    expect_at(contacts_last(&contacts, 2, false, 0, 100), -1);
}

Test(contacts, find_the_first_that_came_out_so)
{
    fill();
    expect_at(contacts_first(&contacts, 0, true, -SIM_NEVER), 30);
    expect_at(contacts_first(&contacts, 0, true, 29), 30);
    expect_at(contacts_first(&contacts, 0, true, 30), 40);
    expect_at(contacts_first(&contacts, 0, false, 20), 50);
    expect_at(contacts_first(&contacts, 0, true, 40), -1);
    expect_at(contacts_first(&contacts, 0, false, 50), -1);
    expect_at(contacts_first(&contacts, 1, false, 0), 60);
    expect_at(contacts_first(&contacts, 1, false, 60), -1);
    expect_at(contacts_first(&contacts, 2, true, 0), -1);
}

Test(contacts, are_none_at_first)
{
    contacts_ready(&contacts);
    expect_at(contacts_last(&contacts, 0, true, 0, 100), -1);
    expect_at(contacts_first(&contacts, 0, true, 0), -1);
}
