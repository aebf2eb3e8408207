/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/queue_id.h - what the id of a queue file tells
 *
 * Short: five hexadecimal digits of microseconds, and the inode. Long
 * (enable_long_queue_ids): seconds and microseconds in base 52, "z", and the
 * inode. Source: Postfix 3.12-20260821, global/mail_queue.h, mail_queue.c.
 */
#ifndef IO_QUEUE_ID_H
#define IO_QUEUE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_ID_LONGEST 100

/* Letters and digits only, as Postfix has it: fit to be a file's name. */
bool queue_id_is_good(const char *id, size_t length);

/* When the file was made, seconds since 1970; -1 where a short id does not tell. */
int64_t queue_id_second(const char *id);

/*
 * The digits that name the folders which hashed queues keep the file in, one a
 * level: of a long id its microseconds in hexadecimal, a short one itself.
 */
struct queue_id_digits {
    char text[QUEUE_ID_LONGEST + 1];
};

struct queue_id_digits queue_id_digits(const char *id);

#endif
