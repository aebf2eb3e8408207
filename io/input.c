/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/input.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "sim/alloc.h"
#include "sim/hash.h"

#define BLOCK_SIZE (128 * 1024)

struct input {
    char *name; /* for messages */
    int fd;
    struct archive *archive;
    sim_time written;
    uint64_t lines, cut_lines;
    bool ended;

    const char *block; /* libarchive's, what is left of it */
    size_t left;

    size_t line_most;
    char *part; /* a line that crosses blocks */
    size_t part_length, part_room;
    bool part_cut;

    struct err damage; /* text "" while there is none */
};

/*
 * What archive_read_support_filter_all() has, without those that would run another program: the
 * bytes may come from anyone.
 */
static void support_filters(struct archive *archive)
{
    archive_read_support_filter_bzip2(archive);
    archive_read_support_filter_compress(archive);
    archive_read_support_filter_gzip(archive);
    archive_read_support_filter_lz4(archive);
    archive_read_support_filter_lzip(archive);
    archive_read_support_filter_lzma(archive);
    archive_read_support_filter_xz(archive);
    archive_read_support_filter_zstd(archive);
    archive_read_support_format_raw(archive);
    archive_read_support_format_empty(archive);
}

/* Notes why no more can be read. Always false. */
static bool damaged(struct input *input)
{
    int code = archive_errno(input->archive);
    bool is_system = code > 0 && code != EILSEQ; /* which is libarchive's "bad format" */
    const char *why = archive_error_string(input->archive);

    if (is_system)
        why = strerror(code);
    input->ended = true;
    return err_exit(&input->damage, is_system ? EX_IOERR : EX_DATAERR, "%s",
                    why == NULL ? "not a file that can be read" : why);
}

/* Finds out what the file holds. Damage is kept for later, as if met while reading. */
static void look_inside(struct input *input)
{
    struct archive_entry *entry;

    input->archive = archive_read_new();
    if (input->archive == NULL)
        exit(EX_OSERR);
    support_filters(input->archive);
    if (archive_read_open_fd(input->archive, input->fd, BLOCK_SIZE) != ARCHIVE_OK) {
        damaged(input);
        return;
    }
    int found = archive_read_next_header(input->archive, &entry);
    if (found == ARCHIVE_EOF)
        input->ended = true;
    else if (found != ARCHIVE_OK && found != ARCHIVE_WARN)
        damaged(input);
}

static sim_time time_of(struct timespec at)
{
    return at.tv_sec * SIM_SECOND + at.tv_nsec / 1000;
}

static sim_time written_at(const struct stat *status)
{
    struct timespec now;

    if (S_ISREG(status->st_mode))
        return time_of(status->st_mtim);
    clock_gettime(CLOCK_REALTIME, &now);
    return time_of(now);
}

/* A descriptor for `path`, looked up in *status; -1 and errno where that fails. */
static int open_file(const char *path, struct stat *status)
{
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, status) == 0 && !S_ISDIR(status->st_mode))
        return fd;

    int why = S_ISDIR(status->st_mode) ? EISDIR : errno;
    close(fd);
    errno = why;
    return -1;
}

struct input *input_open(const char *path, struct err *err)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    struct stat status = {0};
    int fd = open_file(path, &status);
    if (fd < 0) {
        err_exit(err, EX_NOINPUT, "%s: %s", name, strerror(errno));
        return NULL;
    }

    struct input *input = alloc_zeroed(sizeof *input);
    input->name = alloc_text(name, strlen(name));
    input->fd = fd;
    input->written = written_at(&status);
    input->line_most = INPUT_LINE_MOST;
    look_inside(input);
    return input;
}

void input_allow_lines(struct input *input, size_t most)
{
    REQUIRE(input->lines == 0 && most > 0);
    input->line_most = most;
}

/* Gets bytes into the empty block. */
static bool next_block(struct input *input)
{
    while (!input->ended && input->left == 0) {
        const void *bytes;
        int64_t offset;
        int got = archive_read_data_block(input->archive, &bytes, &input->left, &offset);
        if (got == ARCHIVE_EOF)
            input->ended = true;
        else if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
            return damaged(input);
        else
            input->block = bytes;
    }
    return !input->ended;
}

/* Eats `count` bytes, and the newline after them if there is one. */
static void eat(struct input *input, size_t count, bool newline)
{
    count += newline ? 1 : 0;
    input->block += count;
    input->left -= count;
}

/* Adds bytes to the line in the making, as far as they fit. */
static void keep_part(struct input *input, const char *bytes, size_t length)
{
    size_t room = input->line_most - input->part_length;

    input->part_cut |= length > room;
    if (length > room)
        length = room;
    input->part = alloc_grow(input->part, &input->part_room, input->part_length + length + 1, 1);
    memcpy(input->part + input->part_length, bytes, length);
    input->part_length += length;
}

/* Hands out one line. Counts it, and cuts what is too much. */
static bool hand_out(struct input *input, const char *text, size_t size, const char **line,
                     size_t *length)
{
    input->lines++;
    if (size > input->line_most) {
        input->part_cut = true;
        size = input->line_most;
    }
    if (input->part_cut)
        input->cut_lines++;
    else if (size > 0 && text[size - 1] == '\r')
        size--;
    input->part_cut = false;
    input->part_length = 0;
    *line = text;
    *length = size;
    return true;
}

bool input_line(struct input *input, const char **line, size_t *length)
{
    bool begun = false;

    while (input->left > 0 || next_block(input)) {
        const char *start = input->block;
        const char *newline = memchr(start, '\n', input->left);
        size_t size = newline == NULL ? input->left : (size_t)(newline - start);
        eat(input, size, newline != NULL);
        if (newline != NULL && !begun)
            return hand_out(input, start, size, line, length);
        keep_part(input, start, size);
        begun = true;
        if (newline != NULL)
            break;
    }
    if (!begun || input->damage.text[0] != '\0')
        return false;
    return hand_out(input, input->part, input->part_length, line, length);
}

uint64_t input_lines(const struct input *input)
{
    return input->lines;
}

uint64_t input_cut_lines(const struct input *input)
{
    return input->cut_lines;
}

sim_time input_written(const struct input *input)
{
    return input->written;
}

bool input_close(struct input *input, struct err *err)
{
    bool whole = input->damage.text[0] == '\0';

    if (!whole && err != NULL)
        err_exit(err, input->damage.status, "%s: damaged after line %llu: %s", input->name,
                 (unsigned long long)input->lines, input->damage.text);
    archive_read_free(input->archive);
    close(input->fd);
    free(input->part);
    free(input->name);
    free(input);
    return whole;
}

/* Moves the rest of the file to *text, with a NUL after it. */
static bool collect(struct input *input, char **text, size_t *length, struct err *err)
{
    size_t room = 0;

    *text = alloc_grow(*text, &room, 1, 1);
    while (next_block(input)) {
        if (input->left > INPUT_ALL_MOST - *length)
            return err_exit(err, EX_DATAERR, "%s: larger than %zu MiB", input->name,
                            INPUT_ALL_MOST >> 20);
        *text = alloc_grow(*text, &room, *length + input->left + 1, 1);
        memcpy(*text + *length, input->block, input->left);
        *length += input->left;
        input->left = 0;
    }
    (*text)[*length] = '\0';
    return true;
}

bool input_read_all(const char *path, char **text, size_t *length, struct err *err)
{
    *text = NULL;
    *length = 0;
    struct input *input = input_open(path, err);
    if (input == NULL)
        return false;

    bool collected = collect(input, text, length, err);
    bool closed = input_close(input, collected ? err : NULL);
    if (collected && closed)
        return true;
    free(*text);
    *text = NULL;
    return false;
}

uint64_t input_hash(const char *path)
{
    struct err err;
    char *text;
    size_t length;

    if (!input_read_all(path, &text, &length, &err))
        return 0;
    uint64_t hash = hash_more(HASH_EMPTY, text, length);
    free(text);
    return hash;
}
