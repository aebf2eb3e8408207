#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every scenario in the tree twice and wants the same bytes; bad input wants its place, a
# status, and no files. usage: check_run.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_run: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$source" || exit 2

for scenario in scenarios/*.conf tests/truth/*/run.conf; do
    name=$(echo "${scenario%.conf}" | tr / -)
    head -n 1 "$scenario" | grep -q '^# ' || complain "$scenario: the first line should say what it shows"
    for try in 1 2; do
        "$tempfail" run "$scenario" --policy stock --policy one-day -O "$work/$name.$try" \
            >"$work/$name.$try.txt" || complain "$scenario: exit $?"
    done
    diff -r "$work/$name.1" "$work/$name.2" >&2 || complain "$scenario: two runs differ"
    cmp "$work/$name.1.txt" "$work/$name.2.txt" || complain "$scenario: two summaries differ"
    rows=$(($(wc -l <"$work/$name.1/stock/attempts.csv") - 1))
    grep -q "^attempts,attempts,$rows,," "$work/$name.1/stock/summary.csv" ||
        complain "$scenario: attempts.csv has $rows rows, summary.csv says otherwise"
    "$tempfail" run "$scenario" --policy stock --format csv >"$work/$name.csv" || complain "$scenario: exit $?"
    cmp "$work/$name.csv" "$work/$name.1/stock/summary.csv" || complain "$scenario: --format csv is not summary.csv"
    "$tempfail" run "$scenario" --policy stock --policy one-day --format csv >"$work/$name.csv"
    for policy in stock one-day; do
        sed -n "s/^$policy,//p" "$work/$name.csv" | diff - "$work/$name.1/$policy/summary.csv" | grep -v '^0a1$' |
            grep -vx '> metric,unit,value,ci95_low,ci95_high' && complain "$scenario: $policy: other rows in --format csv"
    done
    find "$work/$name.1" -name '.*' -type f | grep . && complain "$scenario: files left beside"
done

# STATUS 'WHAT IS SAID' 'SCENARIO'
refuses() {
    printf '%s\n' "$3" >"$work/bad.conf"
    "$tempfail" run "$work/bad.conf" -O "$work/none" >"$work/bad.out" 2>"$work/bad.err"
    status=$?
    [ "$status" -eq "$1" ] || complain "status $status, not $1, for: $3"
    grep -qF -- "bad.conf:$2" "$work/bad.err" || complain "said $(cat "$work/bad.err"), not '$2'"
    [ ! -e "$work/none" ] || complain "files of a run that failed: $3"
}
mail='sender = "a@b.example" recipients = { "@c.example" } }'
refuses 65 "1: 'sitee': no such setting (did you mean 'site'?)" 'sitee "x" { }'
refuses 65 "1: traffic: 'fro': no such setting (did you mean 'from'?)" "traffic a { arrivals = poisson fro = 1h $mail"
refuses 65 "2: traffic: rate: '5' is no rate" "traffic a { arrivals = poisson
rate = 5 $mail"
refuses 65 "2: outage: 'for' must be given" "traffic a { arrivals = burst count = 3 $mail
site \"c.example\" { outage { at = 1h } }"
refuses 65 "1: traffic: 'count' is given twice" "traffic a { arrivals = burst count = 3 count = 4 $mail"
refuses 65 "1: traffic: peak: arrivals = burst has no such setting" "traffic a { arrivals = burst count = 3 peak = 1h $mail"
refuses 65 "1: site: 'a' is given twice (first in line 1)" 'site "a" { } site "a" { }'
refuses 65 " no traffic { } in it" 'mta postfix { }'
refuses 78 "1: parameter maximal_queue_lifetime: bad time value or unit: 1.5h" "mta postfix { maximal_queue_lifetime = 1.5h } traffic a { arrivals = burst count = 3 $mail"
"$tempfail" run "$work/not-there.conf" 2>/dev/null
[ $? -eq 66 ] || complain "a missing scenario should be exit 66"
"$tempfail" schedule -o maximal_queue_lifetme=1d 2>/dev/null
[ $? -eq 78 ] || complain "an unknown parameter should be exit 78"

# Classes have their file and their table where there are some, and add up to the summary.
"$tempfail" run tests/golden/everything.conf -O "$work/classes" >"$work/classes.txt" || complain "classes: exit $?"
for metric in recipients delivered late bounced expired deleted queued utility; do
    sum=$(awk -F, -v name=$metric 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i; next }
        { sum += $column } END { printf "%.3f", sum }' "$work/classes/classes.csv")
    value=$(awk -F, -v name=$metric '$1 == name { printf "%.3f", $3 }' "$work/classes/summary.csv")
    [ "$sum" = "$value" ] || complain "classes: $metric: $sum together, $value in summary.csv"
done
grep -q '^transactional ' "$work/classes.txt" || complain 'classes: no table'
grep -q '^class ' "$work/scenarios-weekend-outage.1.txt" && complain 'a table of classes where there are none'
[ ! -e "$work/scenarios-weekend-outage.1/stock/classes.csv" ] || complain 'classes.csv where there are no classes'

# What a plot reads is asked for before anything is drawn.
for file in timeline outages sites summary histograms ages; do
    rm -rf "$work/half" && cp -R tests/plots/stock "$work/half"
    for other in survival gaps lifetimes results schedule qshape; do rm "$work/half/$other.csv"; done
    rm "$work/half/$file.csv"
    "$tempfail" plot "$work/half" -O "$work/pictures" 2>"$work/half.err"
    [ $? -eq 66 ] || complain "a run without $file.csv should be exit 66 for plot"
    grep -q "half/$file.csv: No such file" "$work/half.err" || complain "plot should name $file.csv"
done
[ ! -e "$work/pictures" ] || complain 'a plot of half a run should draw nothing'

# STATUS 'WHAT IS SAID' EXPRESSION ARGUMENTS...: 2569 recipients, of whom 127 are given up after
# five days and 232 after one; none is refused, and all are tried.
fails() {
    status=$1 said=$2 expression=$3
    shift 3
    "$tempfail" run scenarios/weekend-outage.conf --fail-if "$expression" "$@" >"$work/fail.out" 2>"$work/fail.err"
    got=$?
    [ $got -eq "$status" ] || complain "status $got, not $status, for --fail-if '$expression'"
    [ "$(cat "$work/fail.err")" = "$said" ] || complain "said $(cat "$work/fail.err"), not '$said'"
}
fails 0 '' 'bounced > 0 | expired > 5%'
fails 0 '' 'bounced > 0 | expired > 5%' --policy stock
fails 1 "tempfail: --fail-if 'bounced > 0 | expired > 4%' holds: recipients 2,569, bounced 0 (0 %), expired 127 (4.944 %)" \
    'bounced > 0 | expired > 4%' -O "$work/failed"
cmp "$work/failed/summary.csv" "$work/scenarios-weekend-outage.1/stock/summary.csv" ||
    complain 'a run that fails should write its files'
diff "$work/failed" "$work/scenarios-weekend-outage.1/stock" | grep '^Only' &&
    complain 'a run that fails should write all its files'
fails 1 "tempfail: one-day: --fail-if 'expired>5%' holds: recipients 2,569, expired 232 (9.031 %)" 'expired>5%' \
    --policy one-day --policy stock
[ "$(grep -c '^expired' "$work/fail.out")" -eq 2 ] || complain 'the policies after one that fails should be run'
fails 1 "tempfail: stock: --fail-if 'expired>4%' holds: recipients 2,569, expired 127 (4.944 %)
tempfail: one-day: --fail-if 'expired>4%' holds: recipients 2,569, expired 232 (9.031 %)" 'expired>4%' \
    --policy stock --policy one-day --format csv
[ "$(wc -l <"$work/fail.out")" -eq "$(wc -l <"$work/scenarios-weekend-outage.csv")" ] ||
    complain 'what fails should say nothing on standard output'
fails 0 '' 'expired > 133' --replications 3 # the mean; it is 399 in all
fails 1 "tempfail: --fail-if 'expired >= 133' holds: expired 133" 'expired >= 133' --replications 3
printf '%s\n' "traffic a { arrivals = burst count = 3 $mail" >"$work/good.conf"
for expression in 'bad_news_p90>1d' '!bad_news_p90<=1d'; do
    "$tempfail" run "$work/good.conf" --fail-if "$expression" >/dev/null 2>"$work/fail.err" ||
        complain "what cannot be told should be exit 0, not $?"
    [ "$(cat "$work/fail.err")" = \
        "tempfail: warning: --fail-if '$expression' cannot be told: bad_news_p90 has no value" ] ||
        complain "said $(cat "$work/fail.err") of what cannot be told"
done
"$tempfail" run "$work/good.conf" --fail-if 'expired>0 & bad_news_p90>1d' 2>&1 >/dev/null | grep . &&
    complain 'what is false whatever the value should not be warned of'
fails 64 "tempfail: --fail-if: no such metric (did you mean 'bad_news_p90'?)
  bounced<=0.1% & bad_news_p9<=26h
                  ^" 'bounced<=0.1% & bad_news_p9<=26h'
fails 64 "tempfail: --fail-if: the name of a metric, a number or '(' was expected
  expired>?[31m5
          ^" "$(printf 'expired>\033[31m5')"
fails 64 'tempfail: --fail-if: given twice: join the expressions with |' 'expired>5%' --fail-if 'expired>4%'

# Interrupted: the shell is told, and nothing half-written is left.
timeout -s INT --preserve-status 0.5 "$tempfail" run scenarios/weekend-outage.conf \
    --replications 100000 -O "$work/cut" >"$work/cut.txt"
[ $? -eq 130 ] || complain "an interrupted run should be exit 130"
find "$work/cut" -type f | grep . && complain "an interrupted run left files"
"$tempfail" run "$(printf 'no\033[31m\nsuch.conf')" 2>"$work/bad.err"
[ "$(tr -d '\n' <"$work/bad.err" | LC_ALL=C grep -c '[[:cntrl:]]')" -eq 0 ] && [ "$(wc -l <"$work/bad.err")" -eq 1 ] ||
    complain 'a message should do nothing to a terminal'
for command in schedule run replay plot models; do
    "$tempfail" $command --help >"$work/help.txt" 2>&1 || complain "$command --help: exit $?"
    grep -q "^usage: tempfail $command" "$work/help.txt" || complain "$command --help: no usage"
    "$tempfail" $command --nonsense >"$work/help.txt" 2>&1
    [ $? -eq 64 ] || complain "$command --nonsense should be exit 64"
done
"$tempfail" run --nonsense 2>&1 | grep -q "^tempfail run: unrecognized option '--nonsense'" ||
    complain 'an unknown option should be named'
# How far it has come is told to a terminal, where one can be had, and to nobody else.
long="$tempfail run tests/golden/everything.conf --replications 1000000"
if script -qec true /dev/null >/dev/null 2>&1; then
    timeout -s INT 2 script -qec "$long" /dev/null >"$work/terminal.txt" </dev/null
    tr '\r' '\n' <"$work/terminal.txt" |
        grep -qE '^replication [0-9]+ of 1000000, day [0-9.]+, [0-9.e+]+ days a second, .* left' ||
        complain 'a terminal should be told how far it has come'
    timeout -s INT 2 script -qec "$long -q" /dev/null >"$work/terminal.txt" </dev/null
    grep -q replication "$work/terminal.txt" && complain '-q should be quiet'
else
    echo 'check_run: no pseudo-terminal here: progress is not looked at' >&2
fi
timeout -s INT 1 $long 2>"$work/progress.err"
[ -s "$work/progress.err" ] && complain 'progress should not go into a file'
"$tempfail" --help >/dev/full 2>/dev/null && complain 'help that cannot be written should not be exit 0'
"$tempfail" run -O "$work/stdin" <scenarios/weekend-outage.conf >/dev/null || complain "run -: exit $?"
cmp "$work/stdin/attempts.csv" "$work/scenarios-weekend-outage.1/stock/attempts.csv" ||
    complain 'a scenario from standard input should be the same scenario'
[ "$(grep scenario_fnv1a "$work/stdin/manifest.json")" = \
    "$(grep scenario_fnv1a "$work/scenarios-weekend-outage.1/stock/manifest.json")" ] ||
    complain 'a scenario from standard input should have its hash'
exit $failed
