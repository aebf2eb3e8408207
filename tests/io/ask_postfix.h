/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/io/ask_postfix.h - the settings of a main.cf, as Postfix's library reads them
 *
 * MAIL_CONFIG names the folder, LD_LIBRARY_PATH the one of libpostfix-util.so and
 * libpostfix-global.so.
 */
#ifndef TESTS_IO_ASK_POSTFIX_H
#define TESTS_IO_ASK_POSTFIX_H

#include "models/mta/postfix/parameters.h"

/*
 * Asks for the parameters of the table in its order, by the calls that daemons
 * make. Where the library gives up, its reason goes to stderr and the program ends
 * with status 1; where there is no library, with 77. Left alone are the feedbacks,
 * which the library does not read, and what is_for_itself() refuses.
 */
void ask_postfix(struct postfix_settings *settings);

/*
 * Whether a parameter's default refers to no other. A daemon knows theirs only
 * from the moment it has read them.
 */
bool is_for_itself(const struct postfix_parameter *parameter);

#endif
