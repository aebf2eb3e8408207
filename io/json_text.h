/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/json_text.h - any bytes as a text of JSON
 */
#ifndef IO_JSON_TEXT_H
#define IO_JSON_TEXT_H

#include <jansson.h>

/* Where the text is no UTF-8, bytes beyond ASCII become '?'. */
json_t *json_text(const char *text);

#endif
