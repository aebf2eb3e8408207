/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/printable.h - text from outside, made harmless
 */
#ifndef SIM_PRINTABLE_H
#define SIM_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

/* Of ASCII. */
static inline bool is_control(char c)
{
    return (unsigned char)c < ' ' || c == 0x7f;
}

/* Puts "?" for each byte of a control character, and for each that is no part of UTF-8 (RFC 3629).
 */
void printable(char *text, size_t length);

#endif
