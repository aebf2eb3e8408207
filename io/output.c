/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "sim/alloc.h"

/* The files that lie beside: a signal handler has nothing else to hold on to. */
#define MOST_OPEN 64
static char *volatile open_files[MOST_OPEN];

static void remember(char *path)
{
    for (size_t i = 0; i < MOST_OPEN; i++) {
        if (open_files[i] == NULL) {
            open_files[i] = path;
            return;
        }
    }
}

static void forget(const char *path)
{
    for (size_t i = 0; i < MOST_OPEN; i++) {
        if (open_files[i] == path)
            open_files[i] = NULL;
    }
}

void output_discard_all(void)
{
    for (size_t i = 0; i < MOST_OPEN; i++) {
        if (open_files[i] != NULL)
            unlink(open_files[i]);
    }
}

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool make_one(const char *path, struct err *err)
{
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && is_folder(path)))
        return true;
    return err_exit(err, EX_CANTCREAT, "%s: %s", path, strerror(errno));
}

bool output_make_folder(const char *path, struct err *err)
{
    char *copy = alloc_text(path, strlen(path));
    bool good = true;

    for (char *slash = copy; good && (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
        *slash = '\0';
        good = make_one(copy, err);
    }
    free(copy);
    return good && make_one(path, err);
}

/* Of a device, a pipe or a folder a file cannot take the place. */
static bool can_be_replaced(const char *path)
{
    struct stat status;

    return stat(path, &status) != 0 || S_ISREG(status.st_mode);
}

static bool create(struct output *output, struct err *err)
{
    if (!can_be_replaced(output->path))
        return err_exit(err, EX_CANTCREAT, "%s: is there, and is no file that can be replaced",
                        output->path);
    output->file = open(output->beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return output->file >= 0
           || err_exit(err, EX_CANTCREAT, "%s: %s", output->path, strerror(errno));
}

bool output_open(struct output *output, const char *folder, const char *name, struct err *err)
{
    *output = (struct output){
        .path = alloc_printf("%s/%s", folder, name),
        .beside = alloc_printf("%s/.%s.%ld", folder, name, (long)getpid()),
        .buffer = alloc_zeroed(OUTPUT_BUFFER),
    };
    if (create(output, err)) {
        remember(output->beside);
        return true;
    }
    free(output->path);
    free(output->beside);
    free(output->buffer);
    *output = (struct output){0};
    return false;
}

void output_flush(struct output *output)
{
    const char *text = output->buffer;

    while (output->used > 0 && output->failure == 0) {
        ssize_t written = write(output->file, text, output->used);
        if (written < 0 && errno != EINTR)
            output->failure = errno;
        if (written > 0) {
            text += written;
            output->used -= (size_t)written;
        }
    }
    output->used = 0;
}

void output_write(struct output *output, const char *text, size_t length)
{
    while (length > 0) {
        size_t size = length < OUTPUT_ROOM_MOST ? length : OUTPUT_ROOM_MOST;
        char *room = output_room(output, size);
        memcpy(room, text, size);
        output_used(output, room + size);
        text += size;
        length -= size;
    }
}

void output_print(struct output *output, const char *fmt, ...)
{
    char line[4096];
    va_list args;

    va_start(args, fmt);
    int length = vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    REQUIRE(length >= 0 && (size_t)length < sizeof line);
    output_write(output, line, (size_t)length);
}

static void release(struct output *output)
{
    forget(output->beside);
    free(output->path);
    free(output->beside);
    free(output->buffer);
    *output = (struct output){0};
}

bool output_commit(struct output *output, struct err *err)
{
    output_flush(output);
    if (close(output->file) != 0 && output->failure == 0)
        output->failure = errno;
    if (output->failure == 0 && rename(output->beside, output->path) != 0)
        output->failure = errno;
    bool good = output->failure == 0;
    if (!good) {
        err_exit(err, EX_IOERR, "%s: %s", output->path, strerror(output->failure));
        unlink(output->beside);
    }
    release(output);
    return good;
}

bool output_remove(const char *folder, const char *name, struct err *err)
{
    char *path = alloc_printf("%s/%s", folder, name);
    bool gone = unlink(path) == 0 || errno == ENOENT;

    if (!gone)
        err_exit(err, EX_CANTCREAT, "%s: %s", path, strerror(errno));
    free(path);
    return gone;
}

void output_discard(struct output *output)
{
    if (output->path == NULL)
        return;
    close(output->file);
    unlink(output->beside);
    release(output);
}
