/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "sim/alloc.h"
#include "sim/printable.h"

#define NOT_THERE 127

/* Commands for -e, or what was drawn: growing. */
struct script {
    char *text; /* owned */
    size_t length, room;
};

static void add(struct script *script, const char *text, size_t length)
{
    script->text = alloc_grow(script->text, &script->room, script->length + length + 1, 1);
    memcpy(script->text + script->length, text, length);
    script->length += length;
    script->text[script->length] = '\0';
}

static void add_print(struct script *script, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void add_print(struct script *script, const char *fmt, ...)
{
    char text[128];
    va_list args;

    va_start(args, fmt);
    int length = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    REQUIRE(length >= 0 && (size_t)length < sizeof text);
    add(script, text, (size_t)length);
}

/*
 * name='text'; within single quotes only the quote itself means anything. gnuplot would have it
 * doubled, but misreads that at the start and next to another: it stands in double quotes. So do
 * control characters, as numbers.
 */
static void add_path(struct script *script, const char *name, const char *path)
{
    add_print(script, "%s='", name);
    for (; *path != '\0'; path++) {
        if (*path == '\'')
            add(script, "'.\"'\".'", 7);
        else if (is_control(*path))
            add_print(script, "'.\"\\%03o\".'", (unsigned char)*path);
        else
            add(script, path, 1);
    }
    add(script, "';", 2);
}

/* What is shown is shown without control characters. */
static void add_string(struct script *script, const char *name, const char *text)
{
    char *shown = alloc_text(text, strlen(text)), *end = shown;

    for (; *text != '\0'; text++) {
        if (!is_control(*text))
            *end++ = *text;
    }
    *end = '\0';
    add_path(script, name, shown);
    free(shown);
}

static void describe(struct script *script, const struct gnuplot_run *runs, size_t count)
{
    char name[32];

    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "dir%zu", i + 1);
        add_path(script, name, runs[i].folder);
        snprintf(name, sizeof name, "name%zu", i + 1);
        add_string(script, name, runs[i].name);
        if (runs[i].lifetime_s > 0)
            add_print(script, "lifetime%zu=%ld;", i + 1, runs[i].lifetime_s);
        if (runs[i].replications > 0)
            add_print(script, "replications%zu=%ld;", i + 1, runs[i].replications);
    }
    for (size_t k = 0; k < COUNT_OF(runs[0].current); k++) {
        snprintf(name, sizeof name, "current%zu", k + 1);
        if (runs[0].current[k][0] != '\0')
            add_string(script, name, runs[0].current[k]);
    }
}

/* output: what its standard output is to be; -1: as it is. */
static _Noreturn void become_gnuplot(char *commands, const char *script, int output)
{
    char option[] = "-e", no_defaults[] = "-d", name[] = "gnuplot";
    char *path = alloc_printf("%s", script);

    if (output >= 0 && dup2(output, STDOUT_FILENO) < 0)
        _exit(EX_OSERR);
    setenv("LC_ALL", "C.UTF-8", 1);
    execvp(name, (char *[]){name, no_defaults, option, commands, path, NULL});
    _exit(NOT_THERE);
}

static pid_t begin(char *commands, const char *script, int output)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        become_gnuplot(commands, script, output);
    return child;
}

static bool wait_for(pid_t child, const char *script, struct err *err)
{
    int status;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_THERE)
        return err_exit(err, EX_UNAVAILABLE, "gnuplot is not installed (Debian: gnuplot-nox)");
    return err_exit(err, EX_SOFTWARE, "%s: gnuplot could not draw it", script);
}

/* All of it, ended with a NUL. */
static void read_all(int file, struct script *all)
{
    char block[4096];
    ssize_t length;

    add(all, "", 0);
    while ((length = read(file, block, sizeof block)) != 0) {
        if (length > 0)
            add(all, block, (size_t)length);
        else if (errno != EINTR)
            return;
    }
}

static bool collect(char *commands, const char *script, struct script *picture, struct err *err)
{
    int ends[2];

    if (pipe(ends) != 0)
        return err_exit(err, EX_OSERR, "gnuplot: %s", strerror(errno));
    fcntl(ends[0], F_SETFD, FD_CLOEXEC); /* or gnuplot would not notice that nobody reads on */
    pid_t child = begin(commands, script, ends[1]);
    close(ends[1]);
    if (child > 0)
        read_all(ends[0], picture);
    close(ends[0]);
    if (child < 0)
        return err_exit(err, EX_OSERR, "gnuplot: %s", strerror(errno));
    return wait_for(child, script, err);
}

static bool draw_here(char *commands, const char *script, struct err *err)
{
    pid_t child = begin(commands, script, -1);

    if (child < 0)
        return err_exit(err, EX_OSERR, "gnuplot: %s", strerror(errno));
    return wait_for(child, script, err);
}

/* gnuplot itself would not say that a disk is full. */
static bool draw_into(struct output *output, char *commands, const char *script, struct err *err)
{
    struct script picture = {0};
    bool good = collect(commands, script, &picture, err);

    if (good)
        output_write(output, picture.text, picture.length);
    free(picture.text);
    return good;
}

bool gnuplot_draw(const char *script, const char *terminal, struct output *output, const char *note,
                  const struct gnuplot_run *runs, size_t count, struct err *err)
{
    struct script commands = {0};

    REQUIRE(count >= 1 && count <= GNUPLOT_MOST_RUNS);
    add_string(&commands, "terminal", terminal);
    add_string(&commands, "note", note);
    describe(&commands, runs, count);
    bool good = output == NULL ? draw_here(commands.text, script, err)
                               : draw_into(output, commands.text, script, err);
    free(commands.text);
    return good;
}

bool gnuplot_picture(const char *script, struct gnuplot_look look, const struct gnuplot_run *runs,
                     size_t count, char **picture, struct err *err)
{
    struct script commands = {0}, text = {0};

    REQUIRE(count >= 1 && count <= GNUPLOT_MOST_RUNS);
    add_string(&commands, "terminal", look.terminal);
    add_print(&commands, "bare=1;");
    if (look.width > 0)
        add_print(&commands, "pixels_wide=%u;", look.width);
    describe(&commands, runs, count);
    bool good = collect(commands.text, script, &text, err);
    free(commands.text);
    if (good && strlen(text.text) != text.length)
        good = err_exit(err, EX_SOFTWARE, "%s: gnuplot drew no text", script);
    if (!good)
        free(text.text);
    *picture = good ? text.text : NULL;
    return good;
}
