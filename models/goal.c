/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/goal.h"

#include <math.h>
#include <stdlib.h>

#include "models/goal_node.h"
#include "models/results.h"
#include "sim/alloc.h"

void goal_names_fini(struct goal_names *names)
{
    free(names->list);
    *names = (struct goal_names){0};
}

void goal_names_add(struct goal_names *names, const char *name, const char *unit)
{
    names->list = alloc_grow(names->list, &names->room, names->count + 1, sizeof *names->list);
    names->list[names->count++] = (struct goal_name){name, unit};
}

void goal_names_add_metrics(struct goal_names *names)
{
    for (const struct metric *metric = metrics; metric->name != NULL; metric++)
        goal_names_add(names, metric->name, metric->unit);
}

void goal_fini(struct goal *goal)
{
    free(goal->nodes);
    *goal = (struct goal){0};
}

size_t goal_add(struct goal *goal, const struct goal_node *node)
{
    goal->nodes = alloc_grow(goal->nodes, &goal->room, goal->count + 1, sizeof *goal->nodes);
    goal->nodes[goal->count] = *node;
    return goal->count++;
}

/* -------------------------------------------------------------- evaluation */

/* What is asked, and of whom. */
struct asked {
    const struct goal *goal;
    goal_value_fn *value;
    void *user;
};

static double number_of(const struct asked *asked, size_t place)
{
    const struct goal_node *node = &asked->goal->nodes[place];

    if (node->op == OP_NUMBER)
        return node->number;
    if (node->op == OP_FIGURE)
        return asked->value(asked->user, node->name);
    double left = number_of(asked, node->left), right = number_of(asked, node->right);
    switch (node->op) {
    case OP_PLUS:
        return left + right;
    case OP_MINUS:
        return left - right;
    case OP_TIMES:
        return left * right;
    default:
        EXPECT(node->op == OP_OVER);
        return right == 0 ? NAN : left / right;
    }
}

static bool is_so(enum goal_op op, double left, double right)
{
    switch (op) {
    case OP_LESS:
        return left < right;
    case OP_LESS_OR_EQUAL:
        return left <= right;
    case OP_MORE:
        return left > right;
    case OP_MORE_OR_EQUAL:
        return left >= right;
    case OP_EQUAL:
        return left == right;
    default:
        EXPECT(op == OP_UNEQUAL);
        return left != right;
    }
}

static enum truth comparison_truth(const struct asked *asked, const struct goal_node *node)
{
    double left = number_of(asked, node->left), right = number_of(asked, node->right);

    if (isnan(left) || isnan(right))
        return TRUTH_UNKNOWN;
    return is_so(node->op, left, right) ? TRUTH_YES : TRUTH_NO;
}

static enum truth truth_of(const struct asked *asked, size_t place)
{
    const struct goal_node *node = &asked->goal->nodes[place];

    if (node->op == OP_NOT)
        return TRUTH_YES - truth_of(asked, node->left);
    if (node->op != OP_AND && node->op != OP_OR)
        return comparison_truth(asked, node);
    enum truth left = truth_of(asked, node->left), right = truth_of(asked, node->right);
    bool is_least = left < right;
    return is_least == (node->op == OP_AND) ? left : right;
}

enum truth goal_holds(const struct goal *goal, goal_value_fn *value, void *user)
{
    REQUIRE(goal->count > 0);
    return truth_of(&(struct asked){goal, value, user}, goal->count - 1);
}

static uint64_t failed_of(const struct asked *asked, size_t place, unsigned *condition)
{
    const struct goal_node *node = &asked->goal->nodes[place];

    if (node->op == OP_AND) {
        uint64_t left = failed_of(asked, node->left, condition);
        return left | failed_of(asked, node->right, condition);
    }
    uint64_t bit = UINT64_C(1) << *condition;
    if (*condition < 63)
        ++*condition;
    return truth_of(asked, place) == TRUTH_YES ? 0 : bit;
}

uint64_t goal_failed(const struct goal *goal, goal_value_fn *value, void *user)
{
    unsigned condition = 0;

    REQUIRE(goal->count > 0);
    return failed_of(&(struct asked){goal, value, user}, goal->count - 1, &condition);
}

bool goal_needs(const struct goal *goal, size_t name)
{
    for (size_t i = 0; i < goal->count; i++) {
        if (goal->nodes[i].op == OP_FIGURE && goal->nodes[i].name == name)
            return true;
    }
    return false;
}
