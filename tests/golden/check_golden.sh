#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Same seed, same bytes: from any build, compiler and machine, and from one commit to the next.
# usage: check_golden.sh TEMPFAIL SOURCE_DIR WORK_DIR [update]
# "update" writes what is found as what is wanted: say in the commit why, and the headline numbers.
set -u
tempfail=$1 source=$2 work=$3 update=${4:-}
golden="$source/tests/golden"
failed=0
complain() { echo "check_golden: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$source" || exit 2

run() { # NAME SCENARIO ARGUMENT...
    name=$1
    shift
    "$tempfail" run "$@" -O "$work/$name" >"$work/$name.txt" || complain "$name: exit $?"
    # The figures are kept to be read, of the rest only what it hashes to.
    (cd "$work" && find "$name" "$name.txt" -type f | LC_ALL=C sort | xargs sha256sum) >"$work/$name.sha256"
    find "$work/$name" -name summary.csv | LC_ALL=C sort | xargs cat >"$work/$name.summary.csv"
    for kept in sha256 summary.csv; do
        [ -z "$update" ] || cp "$work/$name.$kept" "$golden/$name.$kept"
        diff "$golden/$name.$kept" "$work/$name.$kept" >&2 || complain "$name.$kept: not as it was"
    done
}

for scenario in scenarios/*.conf; do
    run "$(basename "$scenario" .conf)" "$scenario" --policy stock --policy one-day
done
run everything tests/golden/everything.conf --replications 2
exit $failed
