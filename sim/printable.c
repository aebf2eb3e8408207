/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/printable.h"

#include <stdbool.h>
#include <stdint.h>

/* What a character of so many bytes must at least be worth: it has no shorter form. */
static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

static size_t length_by(unsigned char lead)
{
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

static bool is_character(const unsigned char *text, size_t length)
{
    uint32_t code = text[0] & (0xffU >> (length + 1));

    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return false;
        code = code << 6 | (text[i] & 0x3f);
    }
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    bool control = code < 0xa0; /* C1: a terminal may obey these, too */
    return code >= least[length] && code <= 0x10ffff && !surrogate && !control;
}

/* How many bytes from here can stay; 0: this one cannot. */
static size_t harmless(const unsigned char *text, size_t left)
{
    if (text[0] < 0x80)
        return is_control((char)text[0]) ? 0 : 1;
    size_t length = length_by(text[0]);
    return length > 0 && length <= left && is_character(text, length) ? length : 0;
}

void printable(char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t good = harmless((const unsigned char *)text + i, length - i);
        if (good == 0)
            text[i] = '?';
        i += good == 0 ? 1 : good;
    }
}
