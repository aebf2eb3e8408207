/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/output.h - files that appear whole or not at all
 *
 * What is written goes to a file beside, which takes the place of the old one
 * when all is there. A write that fails is remembered until output_commit().
 */
#ifndef IO_OUTPUT_H
#define IO_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/err.h"

struct output {
    char *path, *beside; /* owned */
    int file;
    int failure; /* errno of the first write that failed; 0: none */
    char *buffer;
    size_t used;
};

#define OUTPUT_BUFFER ((size_t)1 << 18)

/* The most that output_room() gives. */
#define OUTPUT_ROOM_MOST ((size_t)1 << 16)

/* Makes the folder and those above it. Fails with EX_CANTCREAT. */
bool output_make_folder(const char *path, struct err *err) WARN_UNUSED;

/* Begins the file `name` in `folder`. Fails with EX_CANTCREAT. */
bool output_open(struct output *output, const char *folder, const char *name,
                 struct err *err) WARN_UNUSED;

void output_flush(struct output *output);

/* Where the next `size` bytes may be put; output_used() then says how far they reach. */
static inline char *output_room(struct output *output, size_t size)
{
    if (OUTPUT_BUFFER - output->used < size)
        output_flush(output);
    return output->buffer + output->used;
}

static inline void output_used(struct output *output, const char *end)
{
    output->used = (size_t)(end - output->buffer);
}

void output_write(struct output *output, const char *text, size_t length);
void output_print(struct output *output, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Puts the file in its place. Fails with EX_IOERR, and then nothing has changed. */
bool output_commit(struct output *output, struct err *err) WARN_UNUSED;

/* Removes what another run left there and this one does not have. Fails with EX_CANTCREAT. */
bool output_remove(const char *folder, const char *name, struct err *err) WARN_UNUSED;

/* Drops it. Nothing happens where the output is zero, or committed. */
void output_discard(struct output *output);

/*
 * Removes all files that lie beside, whatever happens next: for a signal
 * handler; calls nothing but unlink().
 */
void output_discard_all(void);

#endif
