/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_goal.c - any text as an expression over metrics
 *
 * What is refused is told why and where. What is not is true, false or unknown
 * of any figures, and so are its contrary and what is made of the two.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "models/goal.h"
#include "sim/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* All figures alike, but for one in three where they are negative: it has no value. */
static double figure(void *user, size_t name)
{
    double value = *(const double *)user;

    return value < 0 && name % 3 == 0 ? NAN : value;
}

static enum truth truth_of(const char *text, const struct goal_names *names, double value)
{
    struct goal goal;
    struct err err = {0};

    EXPECT(goal_parse(&goal, text, names, &err));
    enum truth truth = goal_holds(&goal, figure, &value);
    goal_fini(&goal);
    EXPECT(truth == TRUTH_NO || truth == TRUTH_UNKNOWN || truth == TRUTH_YES);
    return truth;
}

static void check_logic(const char *text, const struct goal_names *names, const char *form,
                        enum truth (*expected)(enum truth))
{
    static const double values[] = {0, 1, 86400, -7, 1e300, INFINITY, NAN};
    size_t length = strlen(text);
    char *made = alloc_zeroed(strlen(form) + 2 * length + 1);

    for (const char *c = form; *c != '\0'; c++)
        *c == 'a' ? strcat(made, text) : strncat(made, c, 1);
    for (size_t i = 0; i < COUNT_OF(values); i++)
        EXPECT(truth_of(made, names, values[i]) == expected(truth_of(text, names, values[i])));
    free(made);
}

static enum truth same(enum truth truth)
{
    return truth;
}

static enum truth contrary(enum truth truth)
{
    return truth == TRUTH_UNKNOWN ? truth : truth == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

/* Half as long and deep as the most, so that what is made of it can be read. */
static bool is_modest(const char *text)
{
    int opened = 0;

    for (const char *c = text; *c != '\0'; c++)
        opened += *c == '(' || *c == '!';
    return strlen(text) < GOAL_LENGTH_MOST / 2 - 10 && opened < GOAL_DEPTH_MOST - 2;
}

static void check_goal(const char *text, const struct goal_names *names)
{
    struct goal goal;
    struct err err = {0};

    if (!goal_parse(&goal, text, names, &err)) {
        EXPECT(err.text[0] != '\0' && goal.nodes == NULL);
        EXPECT(err.line == NULL || (err.line == text && err.spot <= strlen(text)));
        return;
    }
    goal_fini(&goal);
    truth_of(text, names, 1);
    if (!is_modest(text))
        return;
    check_logic(text, names, "!(a)", contrary);
    check_logic(text, names, "(a)|(a)", same);
    check_logic(text, names, "(a)&(a)", same);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = alloc_text((const char *)bytes, size);
    struct goal_names names = {0};

    goal_names_add_metrics(&names);
    goal_names_add(&names, "lost", "recipients");
    check_goal(text, &names);
    goal_names_fini(&names);
    free(text);
    return 0;
}
