/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on a page is read, and does nothing else. */
#include "io/html.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "sim/alloc.h"

/* In memory: nothing is flushed. */
static struct output page(void)
{
    return (struct output){.file = -1, .buffer = alloc_zeroed(OUTPUT_BUFFER)};
}

static void expect_text(const char *text, const char *want)
{
    struct output output = page();

    html_text(&output, text);
    cr_expect_str_eq(output.buffer, want, "'%s' not '%s'", output.buffer, want);
    free(output.buffer);
}

static void expect_svg(const char *svg, const char *want)
{
    struct output output = page();
    struct err err = {0};

    cr_expect(html_svg(&output, svg, "a-", "a <label>", &err), "%s", err.text);
    cr_expect_str_eq(output.buffer, want, "'%s' not '%s'", output.buffer, want);
    free(output.buffer);
}

Test(html, escapes_what_has_a_meaning)
{
    expect_text("<b a=\"x\" c='y'>&amp;</b>",
                "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;&lt;/b&gt;");
    expect_text("", "");
    expect_text("größer 50 %", "größer 50 %");
}

Test(html, shows_neither_control_characters_nor_broken_ones)
{
    expect_text("a\033[31m\r\nb\xff\xc3", "a?[31m??b??");
}

#define BEFORE                                                                                     \
    "<?xml version=\"1.0\"?>\n<svg \n width=\"380\" height=\"330\"\n viewBox=\"0 0 380 330\"\n"    \
    " xmlns:xlink=\"x\"\n>"
#define BEGIN "<svg viewBox=\"0 0 380 330\" role=\"img\" aria-label=\"a &lt;label&gt;\">"

Test(html, scales_a_picture_and_leaves_its_titles_out)
{
    expect_svg(BEFORE
               "<title>Gnuplot</title><desc>by</desc><g ><title>a &lt;b</title>x</g></svg>\n",
               BEGIN "<g >x</g></svg>");
}

Test(html, tells_the_ids_of_pictures_apart)
{
    expect_svg(
        BEFORE "<g id=\"x\"><circle id='d'/><use xlink:href='#d' filter='url(#f)'/></g></svg>",
        BEGIN "<g id=\"a-x\"><circle id='a-d'/><use href='#a-d' filter='url(#a-f)'/></g></svg>");
}

Test(html, writes_colours_without_blanks)
{
    expect_svg(BEFORE "<path stroke='rgb(  0, 114, 178)'  d='M 1 2'/></svg>",
               BEGIN "<path stroke='rgb(0,114,178)'  d='M 1 2'/></svg>");
}

Test(html, changes_no_text_of_a_picture_but_what_is_broken)
{
    expect_svg(BEFORE "<text xml:space=\"preserve\">rgb( 1) id='x' > \xc3</text>\n\t</svg>",
               BEGIN "<text>rgb( 1) id='x' > ?</text>\n\t</svg>");
}

Test(html, refuses_what_is_no_picture)
{
    static const char *const texts[] = {"",
                                        "<svg>",
                                        "<svg></svg>",
                                        "<svg viewBox=\"0 0 380 330\">",
                                        "viewBox=\"0 0 1 1\"",
                                        "<svg><g viewBox=\"0 0 1 1\"></g></svg>"};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct output output = page();
        struct err err = {0};
        cr_expect_not(html_svg(&output, texts[i], "a-", "", &err), "%s", texts[i]);
        cr_expect_eq(err.status, EX_SOFTWARE);
        free(output.buffer);
    }
}
