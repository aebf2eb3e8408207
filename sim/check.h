/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/check.h - promises, kept in every build
 *
 * REQUIRE() states what a caller must guarantee, EXPECT() what this module
 * believes of itself. Either one broken is our own fault: the place and the
 * condition go to stderr and the process ends with status 70 (EX_SOFTWARE).
 * SLOW_EXPECT() is an EXPECT() too dear for a release build.
 */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include <stddef.h>

#define LIKELY(cond) __builtin_expect(!!(cond), 1)
#define REQUIRE(cond) (LIKELY(cond) ? (void)0 : check_failed(__FILE__, __LINE__, #cond))
#define EXPECT(cond) REQUIRE(cond)

#ifdef NDEBUG
#define SLOW_EXPECT(cond) ((void)sizeof(cond))
#else
#define SLOW_EXPECT(cond) EXPECT(cond)
#endif

/* Rarely called: kept out of the way of what is called all the time. */
#define COLD __attribute__((cold, noinline))

/* Called all the time: what it calls becomes part of it, unless that is COLD. */
#define FLATTEN __attribute__((flatten))

#define WARN_UNUSED __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* The object of TYPE whose MEMBER is at PTR. */
#define CONTAINER_OF(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

/* Elements of an array whose size the compiler knows. */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

_Noreturn void check_failed(const char *file, int line, const char *cond);

#endif
