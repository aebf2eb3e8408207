/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/log_stamp.h - the instant at the start of a log line
 *
 * Reads the forms that syslog daemons, journalctl and Postfix write:
 *
 *     Nov  3 16:04:31               RFC 3164; "Nov 03" and fractions too
 *     2013 Jun 10 06:27:30.123      the same with a year
 *     2026-11-24T02:03:57.718203Z   RFC 3339; +01:00 and +0100 too (-o short-iso)
 *
 *     Mon 2026-06-01 00:00:00 UTC   journalctl -o short-full
 *
 * The first two are local time, and so is the last where it does not say UTC:
 * the zone is that of the environment (TZ). Of the hour that a zone repeats in
 * autumn, one is taken throughout. Years run
 * from 1970 to 9999.
 *
 * A stamp without a year takes the year that puts it nearest to the line
 * before: a log may cross New Year, with its lines a little out of order. The
 * first takes the latest year that does not put it more than a day after a
 * reference instant.
 */
#ifndef IO_LOG_STAMP_H
#define IO_LOG_STAMP_H

#include <stddef.h>

#include "sim/time.h"

/* What is remembered from line to line. Set by log_stamp_init() only. */
struct log_stamps {
    sim_time reference;
    sim_time last;      /* the last stamp without a year; SIM_NEVER before the first */
    char hour[24];      /* the last stamp up to its hour, as text ... */
    size_t hour_length; /* ... its length, 0 before the first ... */
    sim_time hour_at;   /* ... and the instant where that hour begins */
};

/* Begins a log that was written until `reference`. One before 1980 counts as 1980. */
void log_stamp_init(struct log_stamps *stamps, sim_time reference);

/*
 * Reads the stamp at the start of `text` into `at`. Returns how many bytes it takes, with the space
 * after it; 0 if there is no such stamp.
 */
size_t log_stamp_read(struct log_stamps *stamps, const char *text, size_t length, sim_time *at);

#endif
