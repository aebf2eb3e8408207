/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that do something to a terminal or are no text. */
#include "sim/printable.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect(const char *text, const char *want)
{
    char copy[64];

    strcpy(copy, text);
    printable(copy, strlen(copy));
    cr_expect_str_eq(copy, want);
}

Test(printable, leaves_what_can_be_read)
{
    expect("", "");
    expect(" ~<a@b.example>: \"x\\y\"", " ~<a@b.example>: \"x\\y\"");
    expect("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xa7 \xf4\x8f\xbf\xbf \xc2\xa0",
           "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xa7 \xf4\x8f\xbf\xbf \xc2\xa0");
}

Test(printable, marks_control_characters)
{
    expect("a\033[31m\nb\x7f\x1f", "a?[31m?b??");
    expect("\xc2\x9b"
           "1m",
           "??1m"); /* CSI of C1 */
}

Test(printable, marks_what_is_no_utf_8)
{
    expect("\xc3", "?");                            /* cut off */
    expect("\xe2\x82", "??");                       /* ... later */
    expect("\xc3(", "?(");                          /* no continuation */
    expect("\x80", "?");                            /* nothing begun */
    expect("\xc0\xaf", "??");                       /* longer than need be */
    expect("\xe0\x9f\xbf", "???");                  /* ... of three */
    expect("\xf0\x8f\xbf\xbf", "????");             /* ... of four */
    expect("\xed\xa0\x80", "???");                  /* a surrogate */
    expect("\xf4\x90\x80\x80 \xf5\x80", "???? ??"); /* beyond the last */
}

Test(printable, looks_no_further_than_told)
{
    char text[] = "\xc3\xa9\n";

    printable(text, 1);
    cr_expect_str_eq(text, "?\xa9\n");
}
