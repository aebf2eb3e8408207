/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/input.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "sim/alloc.h"

static char path[] = P_tmpdir "/tempfail-input-XXXXXX";

static void make_file(void)
{
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
}

static void remove_file(void)
{
    unlink(path);
}

TestSuite(input, .init = make_file, .fini = remove_file);

static void append(const char *bytes, size_t length)
{
    FILE *file = fopen(path, "ab");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, length, file), length);
    cr_assert_eq(fclose(file), 0);
}

/* Compresses into a buffer that the caller frees. */
static char *compressed(int filter, const char *bytes, size_t length, size_t *used)
{
    size_t room = length + 4096;
    char *buffer = alloc_zeroed(room);
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();

    cr_assert_geq(archive_write_add_filter(archive, filter), ARCHIVE_WARN);
    archive_write_set_format_raw(archive);
    archive_write_set_bytes_in_last_block(archive, 1);
    archive_write_open_memory(archive, buffer, room, used);
    archive_entry_set_filetype(entry, AE_IFREG);
    cr_assert_eq(archive_write_header(archive, entry), ARCHIVE_OK);
    cr_assert_eq(archive_write_data(archive, bytes, length), (la_ssize_t)length);
    cr_assert_eq(archive_write_close(archive), ARCHIVE_OK);
    archive_write_free(archive);
    archive_entry_free(entry);
    return buffer;
}

/* Lines of 0 to 299 bytes, `size` bytes in all, that tell one place from another. */
static char *made_up_text(size_t size)
{
    char *text = alloc_zeroed(size + 1);
    size_t next = 0;

    for (size_t i = 0; i < size; i++) {
        text[i] = (char)('a' + (i * i + i / 7) % 26);
        if (i == next) {
            text[i] = '\n';
            next += 1 + i * 31 % 300;
        }
    }
    text[size - 1] = '\n';
    return text;
}

static struct input *open_it(void)
{
    struct err err = {0};
    struct input *input = input_open(path, &err);
    cr_assert_not_null(input, "%s", err.text);
    return input;
}

static void expect_line(struct input *input, const char *want, size_t want_length)
{
    const char *line;
    size_t length;

    cr_assert(input_line(input, &line, &length), "no line instead of '%s'", want);
    cr_expect_eq(length, want_length, "%zu bytes instead of %zu", length, want_length);
    cr_expect_eq(memcmp(line, want, want_length), 0, "not '%s'", want);
}

static void expect_end(struct input *input)
{
    struct err err;
    const char *line;
    size_t length;

    cr_expect_not(input_line(input, &line, &length));
    cr_expect_not(input_line(input, &line, &length));
    cr_expect(input_close(input, &err));
}

static void expect_lines_of(const char *text)
{
    struct input *input = open_it();

    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1)
        expect_line(input, text, (size_t)(end - text));
    expect_end(input);
}

Test(input, gives_lines_without_their_ends)
{
    append("a\nb\r\n\r\n\nlast", 12);
    struct input *input = open_it();

    expect_line(input, "a", 1);
    expect_line(input, "b", 1);
    expect_line(input, "", 0);
    expect_line(input, "", 0);
    expect_line(input, "last", 4);
    cr_expect_eq(input_lines(input), 5);
    expect_end(input);
}

Test(input, adds_no_line_after_a_last_newline)
{
    append("a\n", 2);
    struct input *input = open_it();

    expect_line(input, "a", 1);
    expect_end(input);
}

Test(input, passes_any_byte_through)
{
    append("\0a\rb\xff\0\n\xfe", 8);
    struct input *input = open_it();

    expect_line(input, "\0a\rb\xff\0", 6);
    expect_line(input, "\xfe", 1);
    expect_end(input);
}

Test(input, finds_no_line_in_an_empty_file)
{
    expect_end(open_it());
}

Test(input, joins_lines_that_cross_blocks)
{
    char *text = made_up_text(1000000);

    append(text, 1000000);
    expect_lines_of(text);
    free(text);
}

Test(input, cuts_lines_that_are_too_long)
{
    size_t most = INPUT_LINE_MOST;
    char *text = alloc_zeroed(6 * most);

    memset(text, 'x', 6 * most);
    text[most] = '\n';         /* just fits */
    text[2 * most + 2] = '\n'; /* one too many */
    text[5 * most] = '\n';     /* more than a block */
    append(text, 5 * most + 3);
    struct input *input = open_it();

    memset(text, 'x', 6 * most);
    expect_line(input, text, most);
    cr_expect_eq(input_cut_lines(input), 0);
    expect_line(input, text, most);
    cr_expect_eq(input_cut_lines(input), 1);
    expect_line(input, text, most);
    expect_line(input, "xx", 2);
    cr_expect_eq(input_cut_lines(input), 2);
    cr_expect_eq(input_lines(input), 4);
    expect_end(input);
    free(text);
}

Test(input, undoes_each_compression)
{
    static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2,   ARCHIVE_FILTER_XZ,
                                  ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_LZ4,     ARCHIVE_FILTER_LZMA,
                                  ARCHIVE_FILTER_LZIP, ARCHIVE_FILTER_COMPRESS};
    char *text = made_up_text(300000);

    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        size_t used;
        char *packed = compressed(filters[i], text, 300000, &used);

        cr_assert_eq(truncate(path, 0), 0);
        append(packed, used);
        expect_lines_of(text);
        free(packed);
    }
    free(text);
}

Test(input, goes_on_with_a_second_gzip_member)
{
    size_t used;
    char *one = compressed(ARCHIVE_FILTER_GZIP, "a\nb", 3, &used);
    append(one, used);
    char *two = compressed(ARCHIVE_FILTER_GZIP, "c\nd\n", 4, &used);
    append(two, used);

    expect_lines_of("a\nbc\nd\n");
    free(one);
    free(two);
}

Test(input, tells_a_damaged_file_from_its_end)
{
    char *text = made_up_text(1000000);
    size_t used;
    char *packed = compressed(ARCHIVE_FILTER_GZIP, text, 1000000, &used);
    append(packed, used / 2);

    struct input *input = open_it();
    struct err err;
    const char *line;
    size_t length;
    const char *rest = text;
    while (input_line(input, &line, &length)) {
        cr_assert_eq(memcmp(line, rest, length), 0);
        rest += length;
        cr_assert_eq(*rest++, '\n', "half a line");
    }
    uint64_t lines = input_lines(input);
    cr_expect_gt(lines, 100);
    cr_expect_not(input_close(input, &err));
    cr_expect_eq(err.status, EX_DATAERR);

    char want[300];
    snprintf(want, sizeof want, "%s: damaged after line %llu: ", path, (unsigned long long)lines);
    cr_expect_eq(strncmp(err.text, want, strlen(want)), 0, "%s", err.text);
    free(packed);
    free(text);
}

Test(input, says_why_a_file_cannot_be_opened)
{
    struct err err;

    cr_expect_null(input_open("no/such/file", &err));
    cr_expect_str_eq(err.text, "no/such/file: No such file or directory");
    cr_expect_eq(err.status, EX_NOINPUT);
}

Test(input, refuses_a_directory)
{
    struct err err;

    cr_expect_null(input_open(".", &err));
    cr_expect_str_eq(err.text, ".: Is a directory");
    cr_expect_eq(err.status, EX_NOINPUT);
}

Test(input, may_be_closed_early)
{
    append("a\nb\n", 4);
    struct input *input = open_it();

    expect_line(input, "a", 1);
    cr_expect(input_close(input, NULL));
}

Test(input, reads_the_standard_input)
{
    append("a\n", 2);
    cr_assert_not_null(freopen(path, "r", stdin));
    struct err err;
    struct input *input = input_open("-", &err);

    cr_assert_not_null(input);
    expect_line(input, "a", 1);
    expect_end(input);
}

Test(input, knows_when_the_file_was_written)
{
    struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1234567890, .tv_nsec = 5000}};
    cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    struct input *input = open_it();

    cr_expect_eq(input_written(input), 1234567890 * SIM_SECOND + 5);
    expect_end(input);
}

Test(input, takes_the_present_for_a_pipe)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    cr_assert_eq(write(ends[1], "x\n", 2), 2);
    close(ends[1]);
    struct err err;
    sim_time before = (sim_time)time(NULL) * SIM_SECOND;
    struct input *input = input_open("-", &err);

    cr_assert_not_null(input);
    cr_expect_geq(input_written(input), before);
    expect_line(input, "x", 1);
    expect_end(input);
}

Test(input, reads_a_whole_file)
{
    char *want = made_up_text(500000);
    size_t used;
    char *packed = compressed(ARCHIVE_FILTER_XZ, want, 500000, &used);
    append(packed, used);

    char *text;
    size_t length;
    struct err err;
    cr_assert(input_read_all(path, &text, &length, &err));
    cr_expect_eq(length, 500000);
    cr_expect_str_eq(text, want);
    free(text);
    free(packed);
    free(want);
}

Test(input, reads_a_whole_empty_file_as_an_empty_text)
{
    char *text;
    size_t length;
    struct err err;

    cr_assert(input_read_all(path, &text, &length, &err));
    cr_expect_eq(length, 0);
    cr_expect_str_eq(text, "");
    free(text);
}

Test(input, gives_no_part_of_a_whole_file_that_is_damaged)
{
    size_t used;
    char *packed = compressed(ARCHIVE_FILTER_GZIP, "abcdefgh\n", 9, &used);
    append(packed, used - 9);
    free(packed);

    char *text;
    size_t length;
    struct err err;
    cr_expect_not(input_read_all(path, &text, &length, &err));
    cr_expect_null(text);
    cr_expect_eq(err.status, EX_DATAERR);
    cr_expect_not(input_read_all("no/such/file", &text, &length, &err));
    cr_expect_eq(err.status, EX_NOINPUT);
}
