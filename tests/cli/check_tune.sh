#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tune: the least cost that meets a goal, against what sweep says of the same grid; and where there is
# none. usage: check_tune.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_tune: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$source" || exit 2
weekend=scenarios/weekend-outage.conf
tune() { "$tempfail" tune $weekend -o bounce_queue_lifetime=1h --replications 4 "$@"; }
best() { sed -n 's/^best: //p' "$work/$1"; }

# ---- of the grid and of what lies between, the cheapest that meets the goal, by sweep ----
tune --vary maximal_queue_lifetime=12h,1d,2d,5d --goal 'lost<=1%' >"$work/lost" || complain "lost<=1%: exit $?"
tried=$(sed -n 's/^[a-z?]* .*maximal_queue_lifetime=\([0-9a-z]*\);.*/\1/p' "$work/lost" | tr '\n' ',')
"$tempfail" sweep $weekend -o bounce_queue_lifetime=1h --replications 4 --vary "maximal_queue_lifetime=5d,${tried%,5d,}" \
    --format csv | awk -F, '
    $2 == "recipients" { all = $4 }
    $2 == "attempts" { attempts[$1] = $4 }
    $2 == "delivered" { if (-$7 <= 0.01 * all) good[$1] = 1 }
    END { for (p in good) if (best == "" || attempts[p] < attempts[best]) best = p
          print "maximal_queue_lifetime=" best }' >"$work/want"
[ "$(best lost)" = "$(cat "$work/want")" ] || complain "best is $(best lost), by sweep $(cat "$work/want")"
[ "$(echo "$tried" | tr ',' '\n' | wc -l)" -gt 5 ] || complain "nothing between the points was tried: $tried"
grep -q '^that holds of the means\|^goal' "$work/lost" || complain 'no figures'

# In how many single replications, by the runs themselves.
best=$(best lost | sed 's/.*=//')
"$tempfail" sweep $weekend -o bounce_queue_lifetime=1h --replications 4 --vary "maximal_queue_lifetime=5d,$best" -q -O "$work/single" >/dev/null
met=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    { got[$2, $1] = $column["delivered"]; all[$2] = $column["recipients"] }
    END { for (r in all) met += got[r, 0] - got[r, 1] <= 0.01 * all[r]; print met + 0 }' "$work/single/units.csv")
told=$(sed -n 's/.*the goal is met in \([0-9]*\) of 4$/\1/p' "$work/lost")
[ "$met" -eq "${told:-4}" ] || complain "met in $met replications of 4, told is ${told:-4}"

# ---- the same bytes on any number of threads ----
for jobs in 1 3; do
    tune --vary maximal_queue_lifetime=12h,1d,2d,5d --goal 'lost<=1%' --jobs $jobs | cmp - "$work/lost" ||
        complain "--jobs $jobs: other bytes"
done

# ---- another cost, two axes, an edge ----
tune --vary maximal_queue_lifetime=1d,5d --vary maximal_backoff_time=1000s,4h --goal 'delivered>0' \
    --minimise bad_news_p50 >"$work/edge" || complain "bad_news_p50: exit $?"
best edge | grep -q '^maximal_queue_lifetime=1d, ' || complain "bad_news_p50: $(best edge)"
grep -q 'maximal_queue_lifetime=1d is the least that was tried.*: beyond that nothing is known' "$work/edge" ||
    complain 'the edge is not told'

# ---- it looks around the best so far: 60h lies half way from 2d, which loses too much, to 76h ----
tried() { sed -n 's/^[a-z?]* .*maximal_queue_lifetime=\([0-9a-z]*\)[;,].*/\1/p' "$work/$1" | sort -u | tr '\n' ' '; }
outage=scenarios/provider-outage.conf
look() { "$tempfail" tune $outage -o bounce_queue_lifetime=1h --replications 5 "$@"; }
look --vary maximal_queue_lifetime=2d,5d --goal 'lost<=0.5%' >"$work/between" || complain "between: exit $?"
[ "$(best between)" = maximal_queue_lifetime=60h ] || complain "between 2d and 5d: $(best between)"
[ "$(tried between)" = '2d 5d 60h 76h 95h ' ] || complain "between 2d and 5d: tried $(tried between)"
grep -q 'beyond that' "$work/between" && complain 'between: an edge is told where there is none'
"$tempfail" sweep $outage -o bounce_queue_lifetime=1h --replications 5 --format csv \
    --vary maximal_queue_lifetime=5d,2d,60h,76h,95h | awk -F, '
    $2 == "recipients" { all = $4 }
    $2 == "attempts" { attempts[$1] = $4 }
    $2 == "delivered" && -$7 <= 0.005 * all { good[$1] = 1 }
    END { for (p in good) if (best == "" || attempts[p] < attempts[best]) best = p
          print "maximal_queue_lifetime=" best }' >"$work/want"
[ "$(best between)" = "$(cat "$work/want")" ] || complain "best is $(best between), by sweep $(cat "$work/want")"

# Two edges at a time are two sentences.
look --vary minimal_backoff_time=300s,1h --vary maximal_backoff_time=4000s,2h --goal 'lost<=0.5%' >"$work/edges" ||
    complain "two edges: exit $?"
grep -q 'minimal_backoff_time=1h is the greatest that was tried, maximal_backoff_time=2h is the greatest that was tried: beyond' \
    "$work/edges" || complain "two edges: $(grep tried "$work/edges")"

# ---- no point of the grid will do, but one between two that fail for different reasons ----
look --vary maximal_queue_lifetime=12h,1d,2d,5d --goal 'lost<=0.5% & bad_news_p90<=4d' >"$work/gap" || complain "gap: exit $?"
[ "$(best gap)" = maximal_queue_lifetime=54h ] || complain "gap: $(best gap)"
[ "$(tried gap)" = '12h 1d 2d 54h 5d 60h 68h 76h 95h ' ] || complain "gap: tried $(tried gap)"

# None, where one condition fails on both sides: nothing is tried in vain.
look --vary maximal_queue_lifetime=12h,1d --goal 'lost<=0.5% & bad_news_p90<=4d' >"$work/nothing"
[ $? -eq 1 ] || complain 'nothing: not exit 1'
[ "$(tried nothing)" = '12h 1d ' ] || complain "nothing: tried $(tried nothing)"

# ---- no setting ----
tune --vary maximal_queue_lifetime=12h,1d --goal 'lost<=0.01%' >"$work/none"
[ $? -eq 1 ] || complain 'a goal that is missed: not exit 1'
grep -q '^no setting that was tried meets the goal lost<=0.01%' "$work/none" || complain 'a goal that is missed: not said'

# ---- a scenario that ends too soon: nothing is delivered, and so nothing lost ----
cat >"$work/short.conf" <<'EOF'
duration = 12h
mta postfix { }
traffic office {
    arrivals = poisson
    rate = 10/h
    sender = "office@sender.example"
    recipients = { "@away.example" }
}
site "away.example" { outage { at = 0h  for = 30h  how = timeout } }
site "sender.example" { }
EOF
short() { "$tempfail" tune "$work/short.conf" -o bounce_queue_lifetime=1h --replications 3 "$@"; }
short --vary maximal_queue_lifetime=4h,5d --goal 'lost<=1%' >"$work/open" || complain "open: exit $?"
grep -q '^not certain: still queued at the end: \([0-9.]*\) of \1 recipients with what is configured, [1-9][0-9.]* with the best;$' "$work/open" ||
    complain "mail is still queued: $(cat "$work/open")"
grep -q '^their end is open, and what gives them up sooner seems to lose nothing by it$' "$work/open" || complain 'what is queued: not said'
grep -q '^the scenario is to last until no mail waits$' "$work/open" || complain 'what is queued: no remedy'
grep -q '^not certain' "$work/between" && complain 'not certain, where no mail is left'
short --vary maximal_queue_lifetime=4h,5h --goal 'lost>=1' >"$work/open"
[ $? -eq 1 ] || complain 'a goal that is missed: not exit 1'
grep -q '^not certain: .* with what is configured;$' "$work/open" || complain 'where no setting meets the goal: not said'

# Where a goal is met, but nothing is known of the cost.
short --vary maximal_queue_lifetime=1d,5d --goal 'lost<=1%' --minimise bad_news_p50 >"$work/open"
[ $? -eq 1 ] || complain 'no cost: not exit 1'
grep -q '^no setting that was tried meets the goal lost<=1% and has a value for bad_news_p50$' "$work/open" ||
    complain "no cost: $(cat "$work/open")"

# ---- the most of something: its points by sweep, what has most of it first ----
classes=tests/golden/everything.conf
"$tempfail" tune $classes --vary maximal_queue_lifetime=1h,5d --goal 'attempts>=0' --maximise utility --replications 2 \
    >"$work/most" 2>/dev/null || complain "--maximise: exit $?"
"$tempfail" sweep $classes --vary "maximal_queue_lifetime=$(tried most | sed 's/ $//; y/ /,/')" --replications 2 \
    --format csv 2>/dev/null | sed -n 's/^\([^,]*\),utility,[^,]*,\([^,]*\),.*/\2 \1/p' | sort -rn >"$work/want"
[ "$(head -n 1 "$work/want" | cut -d' ' -f1)" != "$(tail -n 1 "$work/want" | cut -d' ' -f1)" ] || complain 'utility: all alike'
grep -q " $(best most | sed 's/.*=//')\$" "$work/want" || complain "--maximise: $(best most) is not in the sweep"
most=$(head -n 1 "$work/want" | cut -d' ' -f1)
[ "$(sed -n "s/ $(best most | sed 's/.*=//')\$//p" "$work/want")" = "$most" ] || complain "--maximise: $(best most), by sweep $(cat "$work/want")"
grep -A 1 '^goal  *utility' "$work/most" | grep -q '^best ' || complain '--maximise: the best is not the first'

# What is below 0, too.
sed 's/lost = -1/lost = -1000/' $classes >"$work/costly.conf"
"$tempfail" tune "$work/costly.conf" --vary maximal_queue_lifetime=1h,2h --goal 'attempts>=0' --maximise utility --replications 1 \
    2>/dev/null | grep -q '^yes  *-[1-9][0-9,]*  maximal_queue_lifetime=1h;' || complain 'a utility below 0'

# ---- no mail ----
sed 's/rate = .*/rate = 10\/h  from = 11h  until = 11h/' "$work/short.conf" >"$work/silent.conf"
"$tempfail" tune "$work/silent.conf" --vary maximal_queue_lifetime=1d,5d --goal 'attempts>=0' >"$work/silent" 2>/dev/null
[ $? -eq 1 ] || complain 'no mail: not exit 1'
grep -q '^nothing to tune, as no mail came$' "$work/silent" || complain "no mail: $(cat "$work/silent")"
grep -q '^best\|^no setting\|decides' "$work/silent" && complain "no mail: $(cat "$work/silent")"

# ---- a parameter that decides nothing, and one that does beside it ----
short --vary myhostname=a,b --vary maximal_queue_lifetime=4h,5d --goal 'attempts>0' >"$work/idle" || complain "idle: exit $?"
grep -qx 'myhostname decides nothing here: all figures are the same whatever its value' "$work/idle" || complain 'idle: not said'
grep -q 'lifetime decides nothing' "$work/idle" && complain 'idle: said of one that decides'
short --vary maximal_queue_lifetime=4h,5d --vary myhostname=a,b --goal 'attempts>0' >"$work/idle" || complain "idle: exit $?"
[ "$(grep 'decides nothing' "$work/idle" | cut -d' ' -f1)" = myhostname ] || complain 'idle: not said of the last'
short --vary maximal_queue_lifetime=5d --goal 'attempts>0' >"$work/idle" || complain "idle: exit $?"
grep 'decides nothing' "$work/idle" && complain 'idle: one value'
grep -q ', 1 setting, 3 replications' "$work/idle" || complain "one setting: $(head -n 1 "$work/idle")"

# ---- a warning is given once, whatever its values and in whatever round ----
look --vary maximal_queue_lifetime=12h,1d,5d -o bounce_queue_lifetime=6d -o minimal_backoff_time=5000s --goal 'lost<=1%' \
    2>"$work/err" >/dev/null || complain "warnings: exit $?"
[ "$(grep -c 'adjusting bounce_queue_lifetime' "$work/err")" -eq 1 ] || complain "warnings: $(cat "$work/err")"
[ "$(sort "$work/err" | uniq -d)" = '' ] || complain "warnings: $(cat "$work/err")"
printf 'maximal_queue_lifetme = 1d\n' >"$work/main.cf"
tune -c "$work" --vary maximal_queue_lifetime=2d,5d --goal 'lost<=5%' 2>"$work/err" >/dev/null || complain "-c: exit $?"
[ "$(grep -c maximal_queue_lifetme "$work/err")" -eq 1 ] || complain "-c: $(cat "$work/err")"

# ---- of one log ----
"$tempfail" tune tests/cli/replay/mail.log --vary maximal_queue_lifetime=1d,5d --goal 'lost>=0' >"$work/log" ||
    complain "of a log: exit $?"
grep -q '^Of one log there are no intervals' "$work/log" || complain "of a log: nothing is said of --recovery"
grep -q '^the scenario is' "$work/log" && complain 'of a log: a scenario is told of'
"$tempfail" tune --vary maximal_queue_lifetime=1d,5d --goal 'lost>=0' <tests/cli/replay/mail.log >"$work/piped" ||
    complain "of a log through a pipe: exit $?"
sed '1s/.*mail.log:/-:/' "$work/log" | cmp - "$work/piped" || complain 'of a log through a pipe: other bytes'
grep -q '^Of one log' "$work/lost" && complain 'of a scenario: it is said of a log'

# ---- compare --fail-if ----
"$tempfail" compare $weekend --policy stock --policy one-day --replications 4 --fail-if 'lost>1%' >"$work/out" 2>"$work/err"
[ $? -eq 1 ] || complain 'compare --fail-if: not exit 1'
grep -q "^tempfail: one-day: --fail-if 'lost>1%' holds: recipients [0-9,.]*, lost [0-9.]* ([0-9.]* %)$" "$work/err" ||
    complain "compare --fail-if: $(cat "$work/err")"
"$tempfail" compare $weekend --policy stock --policy one-day --replications 4 --fail-if 'lost>20%' >"$work/out" ||
    complain "compare --fail-if that does not hold: exit $?"

# ---- what is refused ----
refuse() { # STATUS PATTERN ARGUMENT...
    status=$1 pattern=$2
    shift 2
    "$tempfail" tune "$@" >"$work/out" 2>"$work/err" </dev/null
    [ $? -eq "$status" ] || complain "$*: not exit $status"
    grep -q -- "$pattern" "$work/err" || complain "$*: $(cat "$work/err")"
}
refuse 64 'nothing to vary' $weekend --goal 'lost<1%'
refuse 64 'no goal' $weekend --vary maximal_queue_lifetime=1d,5d
refuse 64 "did you mean 'lost'" $weekend --vary maximal_queue_lifetime=1d,5d --goal 'losst<1%'
refuse 64 'given twice' $weekend --vary maximal_queue_lifetime=1d,5d --goal 'lost<1%' --goal 'lost<2%'
refuse 64 'no such metric' $weekend --vary maximal_queue_lifetime=1d,5d --goal 'lost<1%' --minimise cost
refuse 64 "no such metric (did you mean 'attempts'?)" $weekend --vary maximal_queue_lifetime=1d,5d --goal 'lost<1%' --minimise attmpts
refuse 64 'give --maximise utility' $outage --vary maximal_queue_lifetime=2d,5d --goal 'lost<=1%' --minimise utility
refuse 64 'maximise: one metric at most' $outage --vary maximal_queue_lifetime=2d,5d --goal 'lost<=1%' --minimise late --maximise utility
refuse 64 'maximise: utility has no value' $outage --vary maximal_queue_lifetime=2d,5d --goal 'lost<=1%' --maximise utility
refuse 64 'minimise: late has no value, as there are no classes of mail: .*class' $outage --vary maximal_queue_lifetime=2d,5d \
    --goal 'lost<=0.5%' --minimise late
refuse 64 'goal: utility has no value' $outage --vary maximal_queue_lifetime=2d,5d --goal 'lost<=0.5% & utility>0'
grep -qx '               ^' "$work/err" || complain "utility without classes: no caret: $(cat "$work/err")"
"$tempfail" tune tests/golden/everything.conf --vary maximal_queue_lifetime=2d,5d --goal 'late>=0' --replications 1 \
    >/dev/null || complain "late of classes: exit $?"
# ---- the best is in the table, wherever it is ----
"$tempfail" tune scenarios/weekend-outage.conf --vary maximal_queue_lifetime="$(seq -s, 1 40 | sed 's/,/h,/g')h" -o bounce_queue_lifetime=1h \
    --goal 'expired<=190' --replications 1 -q >"$work/long" 2>/dev/null || complain "a long table: exit $?"
grep -q '^best  ' "$work/long" || complain "a long table without the best: $(cat "$work/long")"
grep -q '^[1-9][0-9]* with less$' "$work/long" || complain 'a long table: what is before it?'
[ "$(grep -cE '^(best|yes|no)  ' "$work/long")" -eq 25 ] || complain 'a long table has other lines'

exit $failed
