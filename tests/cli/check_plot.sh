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

# ---- names with control characters ----
odd=$(printf 'a\nb\001\033[31m')
mkdir odd && cp -R "$source/tests/plots/stock" "odd/$odd" && echo '{}' >"odd/$odd/manifest.json"
"$tempfail" plot "odd/$odd" -O "$odd" >out 2>err || complain "control characters: exit $?"
[ ! -s err ] || complain "control characters: said $(cat err)"
[ -s "$odd/queues.svg" ] && ls "$odd"/*.svg >/dev/null || complain 'control characters: not drawn'
for command in 'plot --terminal dumb' 'report --format text' report; do
    # shellcheck disable=SC2086 # words
    "$tempfail" $command "odd/$odd" >out 2>err || complain "$command of control characters: exit $?"
    [ ! -s err ] || complain "$command of control characters: said $(cat err)"
    if grep -v '/report.html$' out | grep -q "$(printf '\033')"; then complain "$command: printed a control character"; fi
done

# ---- where nothing can be written ----
mkdir -p taken/schedule.svg
# ---- without -O: beside the files of the one folder, else here ----
cp -R scheduled alone
[ "$("$tempfail" plot alone)" = alone/schedule.svg ] || complain 'one folder: not beside its files'
cp -R "$source/tests/plots/stock" "$source/tests/plots/one-day" .
rm -f stock/survival.csv stock/gaps.csv stock/lifetimes.csv stock/results.csv stock/schedule.csv
"$tempfail" plot stock one-day | grep -qx './undelivered.svg' || complain 'two folders: not here'

refuse 73 'taken/schedule.svg: is there, and is no file' plot scheduled -O taken
refuse 73 'schedule.svg: No such file' plot scheduled -O /proc
refuse 73 'err: Not a directory\|err: File exists' plot scheduled -O err

[ $failed -eq 0 ] && echo 'check_plot: all as it should be'
exit $failed
