#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# At most 365 instructions an attempt where nothing contends: counted, so that no noise is in it.
# (297 before next hops were asked whether they have room, and queues were counted.) Exit 77 without valgrind.
# usage: check_instructions.sh BENCH_RUN
set -u
MOST=365
messages=20000
command -v valgrind >/dev/null || { echo 'no valgrind: skipped'; exit 77; }

run=$(mktemp) && trap 'rm -f "$run"' EXIT
valgrind --tool=callgrind --callgrind-out-file=/dev/null "$1" $messages >"$run" 2>&1 ||
    { cat "$run" >&2; exit 1; }
attempts=$(sed -n 's/.* attempts \([0-9]*\) .*/\1/p' "$run")
instructions=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$run")
echo "$instructions instructions for $attempts attempts: $((instructions / attempts)) each, at most $MOST"
[ $((instructions / attempts)) -le $MOST ]
