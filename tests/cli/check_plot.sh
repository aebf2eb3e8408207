#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Pictures appear whole or not at all, and what cannot be drawn is said in one line.
# usage: check_plot.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_plot: $*" >&2; failed=1; }
command -v gnuplot >/dev/null || exit 77

rm -rf "$work" && mkdir -p "$work/scheduled" "$work/bin" && cd "$work" || exit 2
cp "$source/tests/plots/stock/schedule.csv" scheduled

refuse() { # STATUS PATTERN ARGUMENT...: in one line
    status=$1 pattern=$2
    shift 2
    "$tempfail" "$@" >out 2>err </dev/null
    got=$?
    [ $got -eq "$status" ] || complain "$*: exit $got, not $status"
    if ! grep -qe "$pattern" err || [ "$(wc -l <err)" -ne 1 ]; then complain "$*: said $(cat err)"; fi
    [ ! -s out ] || complain "$*: printed $(cat out)"
}

# ---- a disk that is full keeps the old picture ----
for terminal in svg png; do
    "$tempfail" plot scheduled -O here --terminal $terminal | grep -qx "here/schedule.$terminal" || complain "$terminal: not drawn"
    cp "here/schedule.$terminal" old
    (
        trap '' XFSZ
        ulimit -f 1
        refuse 74 "here/schedule.$terminal: File too large" plot scheduled -O here --terminal $terminal
        exit $failed
    ) || failed=1
    cmp "here/schedule.$terminal" old || complain "$terminal: the old picture is gone"
done
[ "$(find here -type f | wc -l)" -eq 2 ] || complain "a full disk: left $(ls -A here)"

# ---- stopped ----
printf '#!/bin/sh\necho "<svg>"\nexec sleep 5\n' >bin/gnuplot
chmod +x bin/gnuplot
for signal in INT TERM; do
    PATH=$work/bin:$PATH timeout -s $signal --preserve-status 0.5 "$tempfail" plot scheduled -O stopped >out
    case $? in 130 | 143) ;; *) complain "$signal: the shell is not told" ;; esac
    [ -z "$(ls -A stopped)" ] || complain "$signal: left $(ls -A stopped)"
done

# ---- where nothing can be written ----
mkdir -p taken/schedule.svg
refuse 73 'taken/schedule.svg: is there, and is no file' plot scheduled -O taken
refuse 73 'schedule.svg: No such file' plot scheduled -O /proc
refuse 73 'err: Not a directory\|err: File exists' plot scheduled -O err

[ $failed -eq 0 ] && echo 'check_plot: all as it should be'
exit $failed
