/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of gaps.csv. */
#include "io/gaps_csv.h"

#include "tests/io/rows.h"

static struct grid_hit hits[] = {{1000, 0, 0}, {1300, 1, 0}};

static void expect_file(const struct infer_server *servers, size_t count, const char *rows)
{
    char folder[] = P_tmpdir "/tempfail-gaps-XXXXXX";
    struct output output = {0};
    struct err err;

    cr_assert_not_null(mkdtemp(folder));
    cr_assert(output_open(&output, folder, "gaps.csv", &err), "%s", err.text);
    gaps_csv_put(&output,
                 &(struct infer_report){.servers = (struct infer_server *)servers, .count = count});
    char *path = alloc_printf("%s", output.path);
    expect_rows(&output, "server,verdict,predicted_s,observed_s,retries", rows);
    remove(path);
    free(path);
    remove(folder);
}

/* The name of a host is what somebody wrote into a log. */
Test(gaps_csv, has_a_row_for_retries_that_are_alike)
{
    struct retry list[] = {{1010, 10, 290}, {1010, 10, 590}, {1010, 10, 590}, {1010, 10, -60}};
    struct retries retries = {list, 4, 4}, others = {list, 1, 1};
    struct infer_server servers[] = {{.name = "\"`a`\",b postfix", .retries = &retries},
                                     {.name = "c", .retries = &others}};

    servers[0].result.timing = (struct timing){
        .grid = {.period = 300, .hits = hits, .count = 2},
        .backoff = {.minimal = 300, .maximal = 4000},
    };
    expect_file(servers, 2,
                "\"\"\"`a`\"\",b postfix\",on_scan,590,590,2\n"
                "\"\"\"`a`\"\",b postfix\",early,590,290,1\n"
                "\"\"\"`a`\"\",b postfix\",off_grid,590,-60,1\n"
                "c,off_grid,,290,1\n");
}

Test(gaps_csv, cannot_be_written_into_a_file)
{
    struct err err = {0};

    cr_expect_not(gaps_csv_write("/dev/null/folder", &(struct infer_report){0}, &err));
    cr_expect_eq(err.status, 73);
}
