/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/goal_node.h - what goal_text.c makes of a goal, for goal.c to evaluate
 */
#ifndef MODELS_GOAL_NODE_H
#define MODELS_GOAL_NODE_H

#include "models/goal.h"

enum goal_op {
    OP_NUMBER,
    OP_FIGURE,
    OP_NOT,
    OP_OR,
    OP_AND,
    OP_LESS,
    OP_LESS_OR_EQUAL,
    OP_MORE,
    OP_MORE_OR_EQUAL,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_PLUS,
    OP_MINUS,
    OP_TIMES,
    OP_OVER,
};

struct goal_node {
    enum goal_op op;
    double number;      /* durations in seconds, percentages as fractions */
    size_t name;        /* of a figure */
    size_t left, right; /* operands; of "not" the left alone */
};

/* Returns its place. */
size_t goal_add(struct goal *goal, const struct goal_node *node);

#endif
