/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/lifetimes.h - a log's mail, run again under many lifetimes
 */
#ifndef CLI_LIFETIMES_H
#define CLI_LIFETIMES_H

#include "cli/replay_runs.h"

/*
 * Writes lifetimes.csv into `folder`, which must be there: the log's own settings, the first of
 * its policies, but for how long mail is kept. `own`: what became of the mail under these.
 */
bool lifetimes_write(struct replay_runs *runs, const struct recipient_fates *own,
                     const char *folder, struct err *err) WARN_UNUSED;

#endif
