/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/operation.h"

#include <stddef.h>

const char *const operation_names[] = {
    [OPERATION_FLUSH] = "flush",
    [OPERATION_FLUSH_SITE] = "flush_site",
    [OPERATION_FLUSH_MESSAGE] = "flush_message",
    [OPERATION_DELETE] = "delete",
    [OPERATION_HOLD] = "hold",
    [OPERATION_RELEASE] = "release",
    [OPERATION_REQUEUE] = "requeue",
    [OPERATION_EXPIRE] = "expire",
    [OPERATION_RESTART] = "restart",
    [OPERATION_TRANSPORT_DOWN] = "transport_down",
    [OPERATION_COUNT] = NULL,
};
