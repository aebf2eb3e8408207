/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/json_text.h - any bytes as a text of JSON, and JSON as text
 */
#ifndef IO_JSON_TEXT_H
#define IO_JSON_TEXT_H

#include <jansson.h>
#include <stdio.h>

/* Where the text is no UTF-8, bytes beyond ASCII become '?'. */
json_t *json_text(const char *text);

/* Writes the value, members in their order and numbers with so many digits, and lets it go. */
void json_print(FILE *out, json_t *json, unsigned digits);

#endif
