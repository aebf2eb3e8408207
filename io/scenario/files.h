/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/files.h - the CSV files that a scenario names
 */
#ifndef IO_SCENARIO_FILES_H
#define IO_SCENARIO_FILES_H

#include "io/scenario/reading.h"

/* A path relative to the scenario's own folder; allocated. */
char *path_beside(const struct reading *r, const char *path);

/* The whole file, as input_read_all() has it; it becomes part of the scenario's hash. */
bool read_named(struct reading *r, const char *path, char **text, size_t *length,
                struct err *err) WARN_UNUSED;

/* Hands the rows of the file named by `file = ` to `object`; nothing where `rows` is NULL. */
bool reading_rows(struct reading *r, cfg_t *section, const struct row_reader *rows, void *object);

/* The scans that were recorded, if the section names any. */
bool reading_scans(struct reading *r, cfg_t *section);

/* As in struct text_context; `user` is the reading. */
bool read_samples(void *user, const char *file, double **values, size_t *count, struct err *err);

#endif
