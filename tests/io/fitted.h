/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/io/fitted.h - a log made by hand, and what is fitted to it
 *
 * Its length is an hour. Forty sites refuse, and are back after 300 s to 3000 s
 * or not at all; one greylists.
 */
#ifndef TESTS_IO_FITTED_H
#define TESTS_IO_FITTED_H

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "io/fit_files.h"
#include "tests/models/made_log.h"

#define REFUSED "connect to mx.d[192.0.2.1]:25: Connection refused"
#define GREY "host mx.d[192.0.2.1] said: 450 4.2.0 Greylisted (in reply to RCPT TO command)"

struct fitted {
    struct episodes episodes;
    struct reconstruction mail;
    struct fit fit;
    int count;
};

/* Failed at once and after 0.7 `wait` (NULL: nothing did), delivered after `wait` s; 0: not. */
static inline void fitted_meet(struct fitted *fitted, const char *to, const char *text, double wait)
{
    char id[20];

    snprintf(id, sizeof id, "A%d", ++fitted->count);
    struct logged_message *message = made_mail(id, 0, "a@home.example");
    const double fails[] = {0, wait > 0 ? 0.7 * wait : 3000};
    for (int i = 0; text != NULL && i < 2; i++) {
        made_trip(message, fails[i]);
        made_answer(message, to, fails[i], LOGGED_DEFERRED, "4.0.0", text);
    }
    made_trip(message, wait);
    if (wait > 0)
        made_sent(message, to, wait);
    episodes_add(&fitted->episodes, message);
    reconstruct_add(&fitted->mail, message);
    logged_message_free(message);
}

static inline void fitted_ready(struct fitted *fitted)
{
    episodes_ready(&fitted->episodes);
    reconstruct_ready(&fitted->mail);
    fit_init(&fitted->fit, &fitted->episodes, 3600);
}

static inline void fitted_init(struct fitted *fitted)
{
    *fitted = (struct fitted){0};
    episodes_init(&fitted->episodes);
    reconstruct_init(&fitted->mail);
}

static inline void fitted_fini(struct fitted *fitted)
{
    fit_fini(&fitted->fit);
    episodes_fini(&fitted->episodes);
    reconstruct_fini(&fitted->mail);
}

static inline void fitted_add_forty(struct fitted *fitted)
{
    for (int i = 0; i < 40; i++) {
        char to[40];
        snprintf(to, sizeof to, "u@s%d.example", i);
        fitted_meet(fitted, to, REFUSED, i % 4 == 0 ? 0 : floor(300 * exp(i * log(10) / 40)));
    }
    fitted_meet(fitted, "u@grey.example", GREY, 300);
}

#endif
