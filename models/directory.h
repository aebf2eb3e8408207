/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/directory.h - in which order scans come to files, by a log
 *
 * A scan follows the directory, whose order hardly changes from scan to scan:
 * which of two messages is tried first decides who waits for an agent and who
 * finds a site dead. A log has the order of those that a scan took together, line by line; here
 * these make one order of all messages. Where scans contradict each other,
 * one of them is right.
 *
 * A retry costs 24 bytes. Zero is a valid empty directory.
 */
#ifndef MODELS_DIRECTORY_H
#define MODELS_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "sim/time.h"

struct directory {
    struct directory_visit *visits; /* owned */
    size_t count, room;
};

/* That message was taken by a scan at `at`, in line `line` of the log. */
void directory_add(struct directory *directory, uint32_t message, sim_time at, uint64_t line);

/*
 * The place of each message below `messages`: from 0 on those that were added, in the order of the
 * directory; DIRECTORY_NOWHERE for others. Allocated. Sorts what was added.
 */
#define DIRECTORY_NOWHERE UINT32_MAX
uint32_t *directory_places(struct directory *directory, size_t messages);

/* Tells each that was added, in no promised order. */
void directory_each(const struct directory *directory,
                    void (*tell)(void *user, uint32_t message, sim_time at), void *user);

void directory_fini(struct directory *directory);

#endif
