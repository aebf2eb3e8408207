/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/report_picture.h - the pictures of a report, drawn
 */
#ifndef IO_REPORT_PICTURE_H
#define IO_REPORT_PICTURE_H

#include "io/report.h"

/* A question, and the plot that answers it from these files. */
struct report_plot {
    const char *name; /* of plots/NAME.gp; NULL ends the table */
    const char *question, *drawn;
    const char *files[4]; /* ends with NULL */
    bool of_parent;       /* it draws what lies in the folder above the runs */
    bool of_first;        /* of several replications; the others are of all together */
    bool wide_only;       /* too much is in it for a phone, where it is to be moved */
};

/* In the order in which they stand. */
extern const struct report_plot report_plots[];

/* How many folders it draws, and which. */
size_t report_drawn(const struct report *report, const struct report_plot *plot);
const char *report_drawn_folder(const struct report *report, const struct report_plot *plot,
                                size_t i);

/* Whether all of them hold its files. */
bool report_can_draw(const struct report *report, const struct report_plot *plot);

#define REPORT_MOST_PICTURES 4

struct report_picture {
    const struct report_plot *plot;
    char *wide;   /* owned; SVG or text */
    char *narrow; /* owned; for a phone; NULL: there is none */
};

struct report_pictures {
    struct report_picture list[REPORT_MOST_PICTURES];
    size_t count;
};

void report_pictures_fini(struct report_pictures *pictures);

/* Seed, number of recipients and the like of the runs that the picture shows; allocated. */
char *report_picture_note(const struct report *report, const struct report_plot *plot);

#endif
