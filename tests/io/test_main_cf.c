/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/io/test_main_cf.c - main.cf as Postfix reads it: entries, origins, notes, faults */
#include "io/main_cf.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

static struct main_cf cf;
static struct notes notes;
static struct err err;

static void start(void)
{
    cf = (struct main_cf){0};
    notes = (struct notes){0};
    err = (struct err){0};
}

static void stop(void)
{
    main_cf_fini(&cf);
    notes_fini(&notes);
}

TestSuite(main_cf, .init = start, .fini = stop);

static bool read_bytes(const char *text, size_t length)
{
    return main_cf_read(&cf, text, length, "main.cf", &notes, &err);
}

static void must_read(const char *text)
{
    cr_assert(read_bytes(text, strlen(text)), "%s", err.text);
}

static void expect_entry(const char *name, const char *value, const char *origin)
{
    const struct main_cf_entry *entry = main_cf_find(&cf, name);

    cr_assert_not_null(entry, "%s", name);
    cr_expect_str_eq(entry->value, value, "%s is '%s', not '%s'", name, entry->value, value);
    cr_expect_str_eq(entry->origin, origin, "%s is from '%s', not '%s'", name, entry->origin,
                     origin);
}

static void expect_notes(size_t count, const char *first)
{
    cr_assert_eq(notes.count, count, "%zu notes: %s", notes.count,
                 notes.count > 0 ? notes.text[0] : "");
    if (count > 0)
        cr_expect_str_eq(notes.text[0], first);
}

static void expect_fault(const char *text)
{
    cr_expect_str_eq(err.text, text);
    cr_expect_eq(err.status, EX_CONFIG);
}

/* --- entries ------------------------------------------------------------ */

Test(main_cf, is_empty_at_first)
{
    must_read("");
    cr_expect_eq(cf.count, 0);
    cr_expect_null(main_cf_find(&cf, "queue_run_delay"));
    cr_expect_str_eq(main_cf_origin(&cf, "queue_run_delay"), "default");
}

Test(main_cf, drops_the_blanks_around_names_and_values)
{
    must_read("a=1\nb =2\nc= 3\nd\t = \t4 5\t \ne=\nf = =x\n");
    expect_entry("a", "1", "main.cf, line 1");
    expect_entry("b", "2", "main.cf, line 2");
    expect_entry("c", "3", "main.cf, line 3");
    expect_entry("d", "4 5", "main.cf, line 4");
    expect_entry("e", "", "main.cf, line 5");
    expect_entry("f", "=x", "main.cf, line 6");
    expect_notes(0, NULL);
}

Test(main_cf, goes_on_where_a_line_begins_with_a_blank)
{
    must_read("a = 1,\n 2\n# no end\n\n\t3\n  # nor here\n   4\nb = 5\n");
    expect_entry("a", "1, 2\t3   4", "main.cf, line 1");
    expect_entry("b", "5", "main.cf, line 8");
}

Test(main_cf, counts_lines_from_where_an_entry_begins)
{
    must_read("# comment\n\n  \na =\n 1\nb\n = 2\n");
    expect_entry("a", "1", "main.cf, line 4");
    expect_entry("b", "2", "main.cf, line 6");
}

Test(main_cf, has_comments_on_lines_of_their_own_only)
{
    must_read("#a = 1\nb = 2 # two\n");
    cr_expect_null(main_cf_find(&cf, "a"));
    cr_expect_null(main_cf_find(&cf, "#a"));
    expect_entry("b", "2 # two", "main.cf, line 2");
}

Test(main_cf, needs_no_newline_at_the_end)
{
    must_read("a = 1\nb = 2");
    expect_entry("b", "2", "main.cf, line 2");
}

Test(main_cf, takes_a_carriage_return_for_a_blank)
{
    must_read("a = 1\r\n\r\nb = 2\r\n 3\r\n");
    expect_entry("a", "1", "main.cf, line 1");
    expect_entry("b", "2\r 3", "main.cf, line 3");
}

Test(main_cf, takes_lines_of_any_length)
{
    enum { LENGTH = 200000 };
    char *text = malloc(LENGTH + 5);

    memset(text, 'x', LENGTH + 4);
    memcpy(text, "a = ", 4);
    text[LENGTH + 4] = '\0';
    must_read(text);
    cr_expect_eq(strlen(main_cf_find(&cf, "a")->value), LENGTH);
    free(text);
}

Test(main_cf, ends_an_entry_at_a_nul_byte_and_says_so)
{
    static const char text[] = "x = 0\na = 1\0 2\nb = 3\n";

    cr_assert(read_bytes(text, sizeof text - 1));
    expect_entry("a", "1", "main.cf, line 2");
    expect_entry("b", "3", "main.cf, line 3");
    expect_notes(1, "main.cf, line 2: a NUL byte: Postfix ignores the rest of this entry");
}

Test(main_cf, keeps_each_name_once_in_order)
{
    must_read("m = 1\nz = 2\na = 3\nm = 4\nA = 5\nz = 2\n");
    static const char *const order[] = {"A", "a", "m", "z"};

    cr_assert_eq(cf.count, COUNT_OF(order));
    for (size_t i = 0; i < cf.count; i++)
        cr_expect_str_eq(cf.entry[i].name, order[i]);
}

Test(main_cf, lets_the_last_entry_win_and_says_so)
{
    must_read("a = 1\nb = 2\na = 3\nb = 2\n");
    expect_entry("a", "3", "main.cf, line 3");
    expect_entry("b", "2", "main.cf, line 4");
    expect_notes(1, "main.cf, line 3: overriding earlier entry: a=1");
}

Test(main_cf, shows_odd_bytes_in_notes_as_question_marks)
{
    must_read("a = 1\t\xe9\na = 3\n");
    expect_notes(1, "main.cf, line 2: overriding earlier entry: a=1??");
}

Test(main_cf, skips_a_first_line_that_goes_on_from_nothing)
{
    must_read("  a = 1\nb = 2\n");
    cr_expect_null(main_cf_find(&cf, "a"));
    expect_entry("b", "2", "main.cf, line 2");
    expect_notes(1, "main.cf: logical line must not start with whitespace: \"  a = 1\"");
}

Test(main_cf, shows_thirty_bytes_of_such_a_line)
{
    must_read(" 23456789012345678901234567890\n\n#\nb = 2\n");
    expect_notes(1, "main.cf: logical line must not start with whitespace:"
                    " \" 23456789012345678901234567890\"");
    stop();
    start();
    must_read(" 234567890123456789012345678901\n");
    expect_notes(1, "main.cf: logical line must not start with whitespace:"
                    " \" 23456789012345678901234567890...\"");
}

/* --- faults of the file ------------------------------------------------- */

struct fault {
    char text[64], want[112];
};

ParameterizedTestParameters(main_cf, refuses_a_line_that_assigns_nothing)
{
    static struct fault faults[] = {
        {"a = 1\nqueue_run_delay\n",
         "main.cf, line 2: missing '=' after attribute name: \"queue_run_delay\""},
        {"a b = 1", "main.cf, line 1: missing '=' after attribute name: \"a b = 1\""},
        {"\n\n= 1\n", "main.cf, line 3: missing attribute name: \"= 1\""},
        {"#\na\n\n 1\nb = 2", "main.cf, line 2: missing '=' after attribute name: \"a 1\""},
        {"a\xe9", "main.cf, line 1: missing '=' after attribute name: \"a?\""},
    };
    return cr_make_param_array(struct fault, faults, COUNT_OF(faults));
}

ParameterizedTest(struct fault *fault, main_cf, refuses_a_line_that_assigns_nothing)
{
    start();
    cr_expect_not(read_bytes(fault->text, strlen(fault->text)));
    expect_fault(fault->want);
    stop();
}

/* --- layers ------------------------------------------------------------- */

Test(main_cf, lets_a_later_layer_win_without_a_note)
{
    must_read("a = 1\nb = 2\nc = 3\n");
    cr_assert(main_cf_read(&cf, "a = 10\nb = 20\n", 14, "policy.cf", &notes, &err));
    cr_assert(main_cf_set(&cf, "a = 100", "-o", &err));
    expect_entry("a", "100", "-o");
    expect_entry("b", "20", "policy.cf, line 2");
    expect_entry("c", "3", "main.cf, line 3");
    expect_notes(0, NULL);
}

Test(main_cf, notes_no_override_of_what_was_set_by_hand)
{
    cr_assert(main_cf_set(&cf, "a=1", "-o", &err));
    must_read("a = 2\n");
    expect_entry("a", "2", "main.cf, line 1");
    expect_notes(0, NULL);
}

Test(main_cf, sets_a_name_as_the_option_o_does)
{
    cr_assert(main_cf_set(&cf, " a = 1 = 2 ", "-o", &err));
    expect_entry("a", "1 = 2", "-o");
    cr_assert(main_cf_set(&cf, "a=", "-o", &err));
    expect_entry("a", "", "-o");
}

Test(main_cf, refuses_an_option_that_assigns_nothing)
{
    cr_expect_not(main_cf_set(&cf, "a", "-o", &err));
    expect_fault("-o: missing '=' after attribute name: \"a\" (accepted: NAME=VALUE)");
    cr_expect_not(main_cf_set(&cf, " =1", "-o", &err));
    expect_fault("-o: missing attribute name: \" =1\" (accepted: NAME=VALUE)");
    cr_expect_eq(cf.count, 0);
}

Test(main_cf, sets_a_value_as_it_is)
{
    main_cf_set_value(&cf, "a", " x ", "x.conf:3");
    expect_entry("a", " x ", "x.conf:3");
}

/* --- names -------------------------------------------------------------- */

Test(main_cf, knows_what_postfix_knows_and_what_values_refer_to)
{
    must_read("mine = 1\nqueue_run_delay = $one${two}$(three)${ four ?x}$$five ${five_six}\n");
    static const char *const known[] = {"queue_run_delay",
                                        "maximal_backoff_time",
                                        "relay_destination_concurrency_limit",
                                        "mine",
                                        "one",
                                        "two",
                                        "three",
                                        "four",
                                        "five_six"};
    static const char *const unknown[] = {"seven", "five_", "on", "ones", "x", "Mine", "five"};

    for (size_t i = 0; i < COUNT_OF(known); i++)
        cr_expect(main_cf_knows(&cf, known[i]), "%s", known[i]);
    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        cr_expect_not(main_cf_knows(&cf, unknown[i]), "%s", unknown[i]);
}

/* --- values ------------------------------------------------------------- */

static void expect_value(const char *name, const char *want)
{
    char *value;

    cr_assert(main_cf_expand(&cf, name, &value, &err), "%s", err.text);
    cr_expect_str_eq(value, want, "%s is '%s'", name, value);
    free(value);
}

Test(main_cf, expands_what_is_set_or_the_default)
{
    must_read("minimal_backoff_time = $mine\nmine = ${queue_run_delay}x\nmyhostname = h.example\n");
    expect_value("minimal_backoff_time", "300sx");
    expect_value("maximal_backoff_time", "4000s");
    expect_value("fast_flush_domains", "h.example, localhost.localdomain, localhost");
    expect_value("nobody_knows", "");
}

Test(main_cf, takes_a_value_that_is_set_empty_for_empty)
{
    must_read("queue_run_delay =\na = ${queue_run_delay?set}|$queue_run_delay|\n");
    expect_value("a", "||");
}

Test(main_cf, says_where_a_value_that_cannot_be_expanded_is_from)
{
    char *value;

    must_read("\nqueue_run_delay = ${x\n");
    cr_expect_not(main_cf_expand(&cf, "queue_run_delay", &value, &err));
    expect_fault("main.cf, line 2: queue_run_delay: truncated macro reference: \"${x\"");
}

/* --- files -------------------------------------------------------------- */

static char folder[64];

static void make_file(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static void start_with_a_folder(void)
{
    start();
    strcpy(folder, P_tmpdir "/tempfail-main_cf-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    make_file("main.cf", "a = 1\n");
}

static void stop_with_a_folder(void)
{
    char path[128];

    snprintf(path, sizeof path, "%s/main.cf", folder);
    unlink(path);
    rmdir(folder);
    stop();
}

TestSuite(main_cf_file, .init = start_with_a_folder, .fini = stop_with_a_folder);

static void expect_read(const char *path, const char *shown)
{
    char origin[160];

    cr_assert(main_cf_read_file(&cf, path, &notes, &err), "%s", err.text);
    snprintf(origin, sizeof origin, "%s, line 1", shown);
    expect_entry("a", "1", origin);
}

Test(main_cf_file, may_be_named_or_the_folder_it_is_in)
{
    char path[128], slash[128];

    snprintf(path, sizeof path, "%s/main.cf", folder);
    snprintf(slash, sizeof slash, "%s/", folder);
    expect_read(path, path);
    expect_read(folder, path);
    expect_read(slash, path);
}

Test(main_cf_file, may_be_standard_input)
{
    char path[128];

    snprintf(path, sizeof path, "%s/main.cf", folder);
    cr_assert_not_null(freopen(path, "r", stdin));
    expect_read("-", "standard input");
}

Test(main_cf_file, must_be_there)
{
    char path[128], want[160];

    snprintf(path, sizeof path, "%s/none.cf", folder);
    snprintf(want, sizeof want, "open %s: No such file or directory", path);
    cr_expect_not(main_cf_read_file(&cf, path, &notes, &err));
    cr_expect_str_eq(err.text, want);
    cr_expect_eq(err.status, EX_NOINPUT);
}

Test(main_cf_file, must_be_readable)
{
    cr_expect_not(main_cf_read_file(&cf, "/proc/self/mem", &notes, &err));
    cr_expect_str_eq(err.text, "read /proc/self/mem: Input/output error");
    cr_expect_eq(err.status, EX_IOERR);
}
