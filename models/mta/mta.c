/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/mta.h"

#include <string.h>

extern const struct mta_ops mta_postfix;

const struct mta_ops *const mtas[] = {&mta_postfix, NULL};

const struct mta_ops *mta_find(const char *name)
{
    for (size_t i = 0; mtas[i] != NULL; i++) {
        if (strcmp(mtas[i]->name, name) == 0)
            return mtas[i];
    }
    return NULL;
}
