#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# compare: the same as two runs, whatever the number of threads; and what it refuses.
# usage: check_compare.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_compare: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$source" || exit 2
weekend=scenarios/weekend-outage.conf

# ---- the same bytes on any number of threads ----
for jobs in 1 2 5; do
    "$tempfail" compare $weekend --policy stock --policy one-day --replications 6 --jobs $jobs -O "$work/$jobs" \
        >"$work/$jobs.text" || complain "--jobs $jobs: exit $?"
    cmp "$work/1.text" "$work/$jobs.text" && diff -r "$work/1" "$work/$jobs" || complain "--jobs $jobs: other bytes"
done

# ---- each policy is what run makes of it: values and intervals ----
"$tempfail" run $weekend --policy stock --policy one-day --replications 6 -q -O "$work/run" >/dev/null
for policy in stock one-day; do
    sed -n "s/^$policy,//p" "$work/1/compare.csv" | grep -v '_share,' | cut -d, -f1-5 >"$work/$policy.compared"
    tail -n +2 "$work/run/$policy/summary.csv" | cmp - "$work/$policy.compared" || complain "$policy: not as run has it"
done

# ---- each message that ends otherwise has its row ----
finals() { cut -d, -f1,2,9-13,15 "$work/run/$1/messages.csv" | grep -v '/[bw][0-9]*,' | sort; }
finals stock >"$work/stock.finals"
finals one-day >"$work/one-day.finals"
comm -13 "$work/stock.finals" "$work/one-day.finals" | cut -d, -f1,2,8 | sort >"$work/want"
tail -n +2 "$work/1/diff.csv" | cut -d, -f1,2,7 | sort | cmp - "$work/want" || complain "diff.csv: other messages"
[ -s "$work/want" ] || complain "no message differs: that shows nothing"

# ---- what is paired is known better: docs/compare.md ----
"$tempfail" compare $weekend --policy stock --policy one-day --format csv | awk -F, '
    $2 == "delivered" && $1 == "stock" { first = $6 - $4 }
    $2 == "delivered" && $1 == "one-day" { unpaired = sqrt(first ^ 2 + ($6 - $4) ^ 2); paired = $9 - $7 }
    END { printf "%.1f %.1f\n", unpaired, paired }' >"$work/pairing"
grep -qF "| $(sed 's/ / | /' "$work/pairing") |" docs/compare.md || complain "docs/compare.md: is $(cat "$work/pairing")"

# ---- the verdict and its table ----
grep -q '^one-day instead of stock: [0-9.]* % more of all recipients bounce ([0-9.]* to [0-9.]*),$' "$work/1.text" ||
    complain "no verdict: $(sed -n 3p "$work/1.text")"
awk 'length > 80 { exit 1 }' "$work/1.text" || complain "wider than 80 columns"

# ---- report has the same interval, to the digit ----
bounces() { tr '\n' ' ' | grep -o '[0-9.]* % [a-z]* of all recipients bounce ([^)]*)'; }
bounces <"$work/1.text" >"$work/bounces"
"$tempfail" report "$work/1" --format text | bounces | cmp - "$work/bounces" ||
    complain "report tells another interval than compare: $(cat "$work/bounces")"

# ---- a run that ends before anything can bounce says so ----
sed 's/^duration = .*/duration = 12h/; s/until = 9d/until = 11h/' $weekend >"$work/short.conf"
"$tempfail" compare "$work/short.conf" --policy stock --policy one-day --replications 2 2>&1 | tr '\n' ' ' >"$work/short"
for policy in stock one-day; do
    grep -q "$policy: [0-9]* recipients ([0-9.]* %) still waited at the end" "$work/short" || complain "$policy: who waits is not told"
done

# ---- one policy is measured against what is configured ----
"$tempfail" compare $weekend -o maximal_queue_lifetime=2d --replications 2 --format csv >"$work/one.csv" ||
    complain "-o alone: exit $?"
[ "$(tail -n +2 "$work/one.csv" | cut -d, -f1 | uniq | tr '\n' ' ')" = "configured what-if " ] ||
    complain "-o alone: other policies"

# ---- a policy against itself: no difference, and that for sure ----
"$tempfail" compare $weekend --policy stock --policy maximal_queue_lifetime=5d --replications 3 --format csv |
    awk -F, 'NR > 1 && $2 != "" && $7 != "" && ($7 != 0 || $8 != 0 || $9 != 0)' | grep . && complain "stock differs from itself"

# ---- a log: as replay has it, and under each recovery ----
log=tests/truth/09-delay-warning
for recovery in earliest latest; do
    "$tempfail" compare $log/mail.log.gz -c $log -o maximal_queue_lifetime=8h --recovery $recovery -O "$work/log" >"$work/log.text" ||
        complain "log: exit $?"
    "$tempfail" replay $log/mail.log.gz -c $log -o maximal_queue_lifetime=8h --recovery $recovery -O "$work/replayed" >/dev/null
    for pair in configured/replayed what-if/what-if; do
        for metric in delivered expired queued bad_news_p50 delay_max; do
            sed -n "s/^${pair%/*},$metric,[^,]*,\([^,]*\),.*/\1/p" "$work/log/compare.csv"
        done >"$work/log.compared"
        for metric in delivered expired queued bad_news_p50 delay_max; do
            sed -n "s/^$metric,[^,]*,\([^,]*\),.*/\1/p" "$work/replayed/${pair#*/}/summary.csv"
        done | awk '{ printf "%.3f\n", $1 }' | cmp - "$work/log.compared" || complain "log, $recovery, $pair: not as replay has it"
    done
done
# What was tried before the log begins is in none of its figures.
zcat $log/mail.log.gz | tail -n 900 >"$work/half.log"
"$tempfail" compare "$work/half.log" -c $log -o delay_warning_time=1h --format csv | sed -n 's/^configured,attempts,attempts,\([0-9]*\).*/\1/p' >"$work/half.compared"
"$tempfail" replay "$work/half.log" -c $log --format json -q -O "$work/half" | tr -d ' \n' |
    sed 's/.*"replayed":{//; s/.*"attempts":{"value":\([0-9]*\).*/\1/' >"$work/half.replayed"
[ "$(cat "$work/half.replayed")" = "$(cat "$work/half.compared")" ] || complain "half a log: $(cat "$work/half.compared") attempts, replay has $(cat "$work/half.replayed")"
grep -q "^attempts,attempts,$(cat "$work/half.compared")," "$work/half/replayed/summary.csv" && complain 'half a log: nothing was tried before'

grep -q '^Of one log there are no intervals' "$work/log.text" || complain 'log: its limits are not told'
[ "$(tail -n +2 "$work/log/diff.csv" | wc -l)" -gt 10 ] || complain 'log: no message differs'

# ---- replications are added until the interval is narrow enough, ten at a time ----
for precision in 5% 0.15%; do
    "$tempfail" compare $weekend --policy stock --policy one-day --precision $precision |
        sed -n '1s/.*, \([0-9]*\) replications/\1/p'
done >"$work/rounds"
[ "$(sed -n 1p "$work/rounds")" = 10 ] || complain "--precision 5%: $(sed -n 1p "$work/rounds") replications"
awk 'NR == 2 && ($1 <= 10 || $1 % 10 != 0) { exit 1 }' "$work/rounds" ||
    complain "--precision 0.15%: $(sed -n 2p "$work/rounds") replications"

"$tempfail" compare $weekend --policy stock --policy one-day --replications 12 --precision 0.01% >/dev/null 2>"$work/warned" ||
    complain "--precision 0.01%: exit $?"
grep -q 'warning: --precision 0.01% is not reached: after 12 replications .* reaches 0\.[0-9]*% to either side' "$work/warned" ||
    complain "--precision is missed: $(cat "$work/warned")"
"$tempfail" compare $weekend --policy stock --policy one-day --replications 1 --precision 1% 2>&1 >/dev/null |
    grep -q '1% is not reached: of so few replications' || complain '--precision of one replication: not a word'
"$tempfail" compare $weekend --policy stock --policy one-day --precision 5% 2>&1 >/dev/null | grep 'not reached' &&
    complain '--precision 5% is reached'
"$tempfail" sweep $weekend --vary maximal_queue_lifetime=1d,5d --replications 3 --precision 0.01% 2>&1 >/dev/null |
    grep -q -- '--precision 0.01% is not reached: after 3' || complain 'sweep: --precision is missed, not a word'

# ---- what is refused ----
refuse() { # STATUS PATTERN ARGUMENT...
    status=$1 pattern=$2
    shift 2
    "$tempfail" compare "$@" >"$work/out" 2>"$work/err" </dev/null
    [ $? -eq "$status" ] || complain "$*: not exit $status"
    grep -q -- "$pattern" "$work/err" || complain "$*: $(cat "$work/err")"
}
refuse 64 'nothing to compare' $weekend
refuse 64 "there is a 'stock' already" $weekend --policy stock --policy stock
refuse 64 "--precision: '0.1' is no share" $weekend --policy stock --precision 0.1
refuse 64 "--jobs: '0' is no whole number" $weekend --policy stock --jobs 0
refuse 66 'no-such.conf' no-such.conf --policy stock
refuse 78 'fro' $weekend --policy maximal_queue_lifetime=fro
refuse 64 '--replications: a log is one draw of luck' $log/mail.log.gz -c $log --policy stock --replications 5
refuse 64 '--precision: a log is one draw of luck' $log/mail.log.gz -c $log --policy stock --precision 1%
"$tempfail" compare $log/mail.log.gz -c $log --policy stock --replications 1 >/dev/null || complain "a log, --replications 1: exit $?"
"$tempfail" tune $log/mail.log.gz -c $log --vary queue_run_delay=5m,10m --goal 'bounced<=1' --replications 5 2>"$work/err" &&
    complain 'tune of a log, five times'
grep -q -- '--replications: a log is one draw' "$work/err" || complain "tune of a log: $(cat "$work/err")"
[ -w /proc/version ] || refuse 73 'cannot' $weekend --policy stock -O /proc/version/x

# ---- classes: what run makes of each under the same luck ----
classes() { awk -v of="$1, all replications together:" '$0 == of { on = 1; next } on && /^class / { seen = 1 } seen && $0 == "" { exit } seen'; }
"$tempfail" compare tests/golden/everything.conf --policy stock --policy one-day --replications 2 -q >"$work/classes" 2>/dev/null
for policy in stock one-day; do
    "$tempfail" run tests/golden/everything.conf --policy $policy --replications 2 -q 2>/dev/null | sed -n '/^class /,$p' >"$work/want"
    [ "$(wc -l <"$work/want")" -eq 6 ] || complain "classes: run has $(cat "$work/want")"
    classes $policy <"$work/classes" | diff "$work/want" - >&2 || complain "classes under $policy: not as run has them"
done
"$tempfail" compare $weekend --policy stock --policy one-day --replications 1 2>/dev/null | grep 'all replications together' &&
    complain 'classes where there are none'

exit $failed
