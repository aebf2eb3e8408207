/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gnuplot is told: hostile names are texts to it, not commands. */
#include "io/gnuplot.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "sim/alloc.h"
#include "tests/io/put_file.h"

static char folder[] = P_tmpdir "/tempfail-gnuplot-XXXXXX";
static char *old_path;

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
    old_path = alloc_printf("%s", getenv("PATH"));
}

static void remove_folder(void)
{
    char *command = alloc_printf("rm -r '%s'", folder);

    setenv("PATH", old_path, 1);
    cr_assert_eq(chdir("/"), 0);
    cr_expect_eq(system(command), 0);
    free(command);
    free(old_path);
}

TestSuite(gnuplot, .init = make_folder, .fini = remove_folder);

static void expect_file(const char *path, const char *want)
{
    char text[4096] = "";
    FILE *file = fopen(path, "r");

    cr_assert_not_null(file, "%s", path);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    cr_expect_str_eq(text, want, "'%s' not '%s'", text, want);
}

/* A gnuplot that does as told here; it is looked for in this folder first. */
static void put_gnuplot(const char *commands)
{
    char *text = alloc_printf("#!/bin/sh\n%s\n", commands);
    char *path = alloc_printf("%s:%s", folder, old_path);

    put_file("gnuplot", text);
    cr_assert_eq(chmod("gnuplot", 0755), 0);
    setenv("PATH", path, 1);
    free(text);
    free(path);
}

static bool draw(const char *note, const struct gnuplot_run *runs, size_t count, struct err *err)
{
    struct output output = {0};
    bool good = output_open(&output, ".", "out.svg", err)
                && gnuplot_draw("some.gp", "svg", &output, note, runs, count, err)
                && output_commit(&output, err);

    output_discard(&output);
    return good;
}

Test(gnuplot, is_told_the_runs_and_their_names)
{
    struct gnuplot_run runs[] = {
        {.folder = "d/one", .name = "one"},
        {.folder = "d/two", .name = "two", .lifetime_s = 86400, .replications = 20},
    };
    struct err err = {0};

    put_gnuplot("for each; do echo \"$each\"; done >told; echo \"$LC_ALL\" >>told");
    cr_expect(draw("n = 3", runs, 2, &err), "%s", err.text);
    expect_file("told",
                "-d\n-e\nterminal='svg';note='n = 3';dir1='d/one';name1='one';"
                "dir2='d/two';name2='two';lifetime2=86400;replications2=20;\nsome.gp\nC.UTF-8\n");
}

/* A png has any bytes. */
Test(gnuplot, draws_into_an_output)
{
    struct gnuplot_run run = {.folder = "d", .name = "d"};
    struct err err = {0};

    put_gnuplot("printf a-bc; printf '\\000'; head -c 100000 /dev/zero");
    cr_expect(draw("", &run, 1, &err), "%s", err.text);
    expect_file("out.svg", "a-bc");
    struct stat status;
    cr_expect_eq(stat("out.svg", &status), 0);
    cr_expect_eq(status.st_size, 4 + 1 + 100000);
    put_gnuplot("echo half; exit 1");
    cr_expect_not(draw("", &run, 1, &err));
    expect_file("out.svg", "a-bc");
}

Test(gnuplot, draws_on_the_standard_output_without_a_file)
{
    struct gnuplot_run run = {.folder = "d", .name = "d"};
    struct err err = {0};

    put_gnuplot("echo \"$3\" >told");
    cr_expect(gnuplot_draw("some.gp", "dumb", NULL, "", &run, 1, &err), "%s", err.text);
    expect_file("told", "terminal='dumb';note='';dir1='d';name1='d';\n");
}

static bool picture(struct gnuplot_look look, char **text, struct err *err)
{
    struct gnuplot_run run = {.folder = "d", .name = "d"};

    return gnuplot_picture("some.gp", look, &run, 1, text, err);
}

/* Longer than a pipe holds, or it is read at once. */
Test(gnuplot, hands_back_a_picture_as_text)
{
    struct err err = {0};
    char *text;

    put_gnuplot("echo \"$3\" >told; head -c 100000 /dev/zero | tr '\\0' x");
    cr_assert(picture((struct gnuplot_look){"svg", 380}, &text, &err), "%s", err.text);
    expect_file("told", "terminal='svg';bare=1;pixels_wide=380;dir1='d';name1='d';\n");
    cr_expect_eq(strlen(text), 100000);
    free(text);
    cr_assert(picture((struct gnuplot_look){.terminal = "dumb"}, &text, &err), "%s", err.text);
    expect_file("told", "terminal='dumb';bare=1;dir1='d';name1='d';\n");
    free(text);
}

Test(gnuplot, hands_back_no_picture_that_failed_or_is_no_text)
{
    struct err err = {0};
    char *text;

    put_gnuplot("echo half of it; exit 1");
    cr_expect_not(picture((struct gnuplot_look){"svg", 380}, &text, &err));
    cr_expect_eq(err.status, EX_SOFTWARE);
    cr_expect_null(text);
    put_gnuplot("printf 'a\\000b'");
    cr_expect_not(picture((struct gnuplot_look){"svg", 380}, &text, &err));
    cr_expect_str_eq(err.text, "some.gp: gnuplot drew no text");
    setenv("PATH", folder, 1);
    cr_expect_eq(unlink("gnuplot"), 0);
    cr_expect_not(picture((struct gnuplot_look){"svg", 380}, &text, &err));
    cr_expect_eq(err.status, EX_UNAVAILABLE);
}

Test(gnuplot, is_told_hostile_names_as_quoted_texts)
{
    struct gnuplot_run run = {
        .folder = "x';system('touch pwned');y='",
        .name = "`id`\"$(id)\\'",
        .current = {"", "it's"},
    };
    struct err err = {0};

    put_gnuplot("printf '%s\\n' \"$3\" >told");
    cr_expect(draw("a\nb\033[0m", &run, 1, &err), "%s", err.text);
    expect_file("told", "terminal='svg';note='ab[0m';"
                        "dir1='x'.\"'\".';system('.\"'\".'touch pwned'.\"'\".');y='.\"'\".'';"
                        "name1='`id`\"$(id)\\'.\"'\".'';current2='it'.\"'\".'s';\n");
}

/* Another path would be another folder; a name is only shown. */
Test(gnuplot, is_told_control_characters_of_a_path_but_not_of_a_name)
{
    struct gnuplot_run run = {.folder = "a\nb\1\1777", .name = "a\nb\177"};
    struct err err = {0};

    put_gnuplot("printf '%s\\n' \"$3\" >told");
    cr_expect(draw("", &run, 1, &err), "%s", err.text);
    expect_file("told", "terminal='svg';note='';dir1='a'.\"\\012\".'b'.\"\\001\".''.\"\\177\".'7';"
                        "name1='ab';\n");
}

Test(gnuplot, really_takes_hostile_names_for_texts)
{
    static const char *const names[] = {
        "'",
        "''",
        "a'; system('touch pwned'); b='",
        "`touch pwned`",
        "$(touch pwned)",
        "a\\",
        "\\'",
        "@name2",
        "a\"b",
        "# a",
        "%s %d",
        "{/Bold a}^2",
        "\xff\xfe",
        "a;b",
    };
    struct err err = {0};

    if (system("gnuplot --version >version 2>&1") != 0)
        cr_skip_test("gnuplot is not installed");
    put_file("some.gp", "set print 'told'\nprint name1\nprint dir1\nprint note\n");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct gnuplot_run run = {.folder = names[i]};
        char *want = alloc_printf("%s\n%s\n%s\n", names[i], names[i], names[i]);
        snprintf(run.name, sizeof run.name, "%s", names[i]);
        cr_expect(draw(names[i], &run, 1, &err), "%s: %s", names[i], err.text);
        expect_file("told", want);
        free(want);
    }
    cr_expect_eq(access("pwned", F_OK), -1);
}

Test(gnuplot, really_takes_control_characters_for_those_of_a_path)
{
    struct gnuplot_run run = {.folder = "\001\n7\"\n#\r\177'", .name = "a"};
    struct err err = {0};

    if (system("gnuplot --version >version 2>&1") != 0)
        cr_skip_test("gnuplot is not installed");
    put_file("some.gp", "set print 'told'\nprint dir1\n");
    cr_expect(draw("", &run, 1, &err), "%s", err.text);
    expect_file("told", "\001\n7\"\n#\r\177'\n");
}

Test(gnuplot, says_when_it_is_not_installed_or_fails)
{
    struct gnuplot_run run = {.folder = "d", .name = "d"};
    struct err err = {0};

    setenv("PATH", folder, 1);
    cr_expect_not(draw("", &run, 1, &err));
    cr_expect_str_eq(err.text, "gnuplot is not installed (Debian: gnuplot-nox)");
    cr_expect_eq(err.status, EX_UNAVAILABLE);
    put_gnuplot("exit 1");
    cr_expect_not(draw("", &run, 1, &err));
    cr_expect_str_eq(err.text, "some.gp: gnuplot could not draw it");
    cr_expect_eq(err.status, EX_SOFTWARE);
    put_gnuplot("kill -9 $$");
    cr_expect_not(draw("", &run, 1, &err));
    cr_expect_eq(err.status, EX_SOFTWARE);
}
