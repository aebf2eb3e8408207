/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/maillog_reader.h"

#include "sim/hash.h"

bool maillog_reader_open(struct maillog_reader *reader, const char *path, struct err *err)
{
    *reader = (struct maillog_reader){.input = input_open(path, err)};
    if (reader->input == NULL)
        return false;
    maillog_lines_init(&reader->lines, input_written(reader->input));
    return true;
}

bool maillog_reader_next(struct maillog_reader *reader)
{
    struct span *text = &reader->text;
    struct maillog_line *line = &reader->line;

    if (!input_line(reader->input, &text->text, &text->length))
        return false;
    reader->hash = hash_words(reader->hash, text->text, text->length);
    maillog_line_read(&reader->lines, text->text, text->length, line);
    if (line->kind != MAILLOG_UNSTAMPED)
        reader->now = line->at;
    return true;
}

bool maillog_reader_close(struct maillog_reader *reader, struct err *err)
{
    maillog_lines_free(&reader->lines);
    return input_close(reader->input, err);
}
