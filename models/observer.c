/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/observer.h"

void observers_add(struct observers *observers, struct observer *observer)
{
    REQUIRE(observers->count < MOST_OBSERVERS);
    observers->list[observers->count++] = observer;
    observers->any_activated |= observer->ops->activated != NULL;
    observers->any_attempted |= observer->ops->attempted != NULL;
}
