/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/recording.h - logs, made ready to be run again
 */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include "cli/logs.h"
#include "models/reconstruct.h"
#include "models/self_check.h"

struct recording {
    struct maillog_totals totals;
    struct reconstruction reconstruction; /* ready */
    struct self_check_result check;       /* by the log's own settings */
    struct reconstruct_plan plan;

    struct self_checks checks;
};

/* Reads --recovery. Fails with EX_USAGE. */
bool recording_take_recovery(enum recovery *recovery, const char *value,
                             struct err *err) WARN_UNUSED;

/*
 * Reads the logs, which were written under `settings`. Fails as logs_read() does, and with
 * EX_DATAERR where there is nothing to run. Release it, whether it fails or not.
 */
bool recording_read(struct recording *recording, const struct logs *logs,
                    const struct postfix_settings *settings, enum recovery recovery,
                    struct err *err) WARN_UNUSED;
void recording_fini(struct recording *recording);

#endif
