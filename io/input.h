/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/input.h - the bytes of a file, plain or compressed
 *
 * gzip, bzip2, xz, lzma, zstd, lz4, lzip and compress are undone as they are
 * read; which it is, the content decides and not the name. Memory does not grow
 * with the file. Nothing is promised of the bytes: NULs and broken encodings
 * come through.
 */
#ifndef IO_INPUT_H
#define IO_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/err.h"
#include "sim/time.h"

/* A longer line is cut to this many bytes, unless input_allow_lines() says otherwise. */
#define INPUT_LINE_MOST 65536

/* The largest file that input_read_all() takes. */
#define INPUT_ALL_MOST ((size_t)1 << 30)

struct input;

/* Opens `path`; "-" is the standard input. Returns NULL where that fails. */
struct input *input_open(const char *path, struct err *err);

/* Cuts lines to `most` bytes instead. Requires that none was read. */
void input_allow_lines(struct input *input, size_t most);

/*
 * The next line, without its newline and a carriage return before it. Valid until the next call.
 * Returns false at the end and at damage: input_close() tells which.
 */
bool input_line(struct input *input, const char **line, size_t *length);

/* Lines handed out so far, and how many of them were cut. */
uint64_t input_lines(const struct input *input);
uint64_t input_cut_lines(const struct input *input);

/* When the file was last written, since 1970-01-01 00:00 UTC; the present for a pipe. */
sim_time input_written(const struct input *input);

/* Frees it. Fails if reading ended at damage; `err` may be NULL if that is of no interest. */
bool input_close(struct input *input, struct err *err);

/*
 * The whole file in *text, for the caller to free(), with a NUL after its *length bytes. Fails also
 * when it is larger than INPUT_ALL_MOST.
 */
bool input_read_all(const char *path, char **text, size_t *length, struct err *err) WARN_UNUSED;

/* A number for the bytes of the file (sim/hash.h); 0 if it cannot be read. */
uint64_t input_hash(const char *path);

#endif
