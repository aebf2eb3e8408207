#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# sweep and merge: the same bytes in one go, on threads, in shards, and after a kill at any moment.
# usage: check_sweep.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_sweep: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$source" || exit 2
weekend=scenarios/weekend-outage.conf
sweep() { # FOLDER ARGUMENT...
    folder=$1
    shift
    ${exec-} "$tempfail" sweep $weekend -o bounce_queue_lifetime=1h --vary maximal_queue_lifetime=1h,1d,5d \
        --vary maximal_backoff_time=1h,4000s --replications 4 -q -O "$work/$folder" "$@"
}
same() { # FOLDER WHAT
    diff -rq "$work/whole" "$work/$1" >&2 || complain "$2: other bytes"
}

# ---- in one go ----
sweep whole --jobs 1 >"$work/whole.text" || complain "exit $?"
[ "$(wc -l <"$work/whole/units.csv")" -eq 25 ] || complain "not 24 trials: $(wc -l <"$work/whole/units.csv") lines"
awk 'length > 80 { exit 1 }' "$work/whole.text" || complain 'wider than 80 columns'
for jobs in 2 5; do
    sweep "jobs$jobs" --jobs $jobs | cmp - "$work/whole.text" || complain "--jobs $jobs: other text"
    same "jobs$jobs" "--jobs $jobs"
done

# ---- each point is what run makes of it ----
"$tempfail" run $weekend -o bounce_queue_lifetime=1h -o maximal_queue_lifetime=1d -o maximal_backoff_time=4000s \
    --replications 4 --format csv | cut -d, -f1-5 | tail -n +2 >"$work/run.csv"
sed -n 's/^1d,4000s,//p' "$work/whole/results.csv" | grep -v '_share,' | cut -d, -f1-5 | cmp - "$work/run.csv" ||
    complain '1d, 4000s: not as run has it'

# ---- in shards, joined in any order ----
for i in 1 2 3 4 5 6 7; do sweep "part$i" --shard $i/7 >>"$work/shards.text" || complain "shard $i: exit $?"; done
[ "$(cat "$work"/part*/units.csv | grep -vc '^point')" -eq 24 ] || complain 'shards: not 24 trials'
for order in '1 2 3 4 5 6 7' '7 6 5 4 3 2 1' '3 1 7 5 2 6 4'; do
    rm -rf "$work/merged"
    # shellcheck disable=SC2046
    "$tempfail" merge $(for i in $order; do echo "$work/part$i"; done) -O "$work/merged" >/dev/null ||
        complain "merge $order: exit $?"
    same merged "merge $order"
done

# ---- as tasks of a job array ----
for task in 11 12 13; do
    SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_MIN=11 SLURM_ARRAY_TASK_COUNT=3 sweep "task$task" >>"$work/tasks.text"
done
grep -q '^shard 2 of 3: 8 runs in ' "$work/tasks.text" || complain "job array: $(cat "$work/tasks.text")"
"$tempfail" merge "$work"/task1? -O "$work/tasks" >/dev/null && same tasks 'job array'

# ---- killed at any moment, and gone on with ----
awk 'BEGIN { srand(5); for (i = 0; i < 20; i++) printf "%.3f\n", rand() * 0.4 }' >"$work/moments"
while read -r moment; do
    rm -rf "$work/killed"
    (exec=exec sweep killed) >/dev/null 2>&1 &
    pid=$!
    sleep "$moment"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    sweep killed | cmp - "$work/whole.text" || complain "killed after $moment s: other text"
    same killed "killed after $moment s"
done <"$work/moments"

# ---- a line that was under way, wherever it was cut ----
for bytes in 1 7 100 400; do
    rm -rf "$work/cut" && cp -r "$work/whole" "$work/cut"
    truncate -s -$bytes "$work/cut/units.csv"
    sweep cut >/dev/null || complain "cut by $bytes: exit $?"
    same cut "cut by $bytes"
done

# ---- more replications later: none is run again ----
"$tempfail" sweep $weekend --vary maximal_queue_lifetime=2d,5d --replications 2 -q -O "$work/more" >/dev/null 2>&1
cp "$work/more/units.csv" "$work/two.csv"
"$tempfail" sweep $weekend --vary maximal_queue_lifetime=2d,5d --replications 5 -q -O "$work/more" >"$work/more.text" 2>/dev/null
"$tempfail" sweep $weekend --vary maximal_queue_lifetime=2d,5d --replications 5 -q 2>/dev/null | cmp - "$work/more.text" ||
    complain 'more replications: other text'
head -n 5 "$work/more/units.csv" | cmp - "$work/two.csv" || complain 'more replications: the first were run again'

# ---- as many as the precision asks for, gone on with too ----
precise() { "$tempfail" sweep $weekend --vary maximal_queue_lifetime=2d,5d --precision 0.3% -q "$@" 2>/dev/null; }
precise >"$work/precise.text"
precise -O "$work/precise" | cmp - "$work/precise.text" || complain '--precision: other text with -O'
sed -i '8,$d' "$work/precise/units.csv"
precise -O "$work/precise" | cmp - "$work/precise.text" || complain '--precision: other text after a stop'

# ---- a disk that is full keeps what was done ----
if [ "$(id -u)" -eq 0 ] && mkdir "$work/small" && mount -t tmpfs -o size=12k tmpfs "$work/small" 2>/dev/null; then
    sweep small >/dev/null 2>"$work/err"
    [ $? -eq 74 ] || complain "full disk: not exit 74: $(cat "$work/err")"
    cp -r "$work/small" "$work/rescued"
    umount "$work/small"
    rm -f "$work"/rescued/results.csv
    sweep rescued >/dev/null || complain "after a full disk: exit $?"
    same rescued 'after a full disk'
fi

# ---- what is refused ----
refuse() { # STATUS PATTERN COMMAND ARGUMENT...
    status=$1 pattern=$2
    shift 2
    "$tempfail" "$@" >"$work/out" 2>"$work/err" </dev/null
    [ $? -eq "$status" ] || complain "$*: not exit $status"
    grep -q -- "$pattern" "$work/err" || complain "$*: $(cat "$work/err")"
}
lifetimes=maximal_queue_lifetime=1d,5d
refuse 64 'nothing to vary' sweep $weekend
refuse 64 'NAME=VALUE,VALUE was expected' sweep $weekend --vary maximal_queue_lifetime
refuse 64 'is varied twice' sweep $weekend --vary $lifetimes --vary $lifetimes
refuse 64 'is there twice' sweep $weekend --vary maximal_queue_lifetime=1d,1d
refuse 78 "did you mean 'maximal_queue_lifetime'" sweep $weekend --vary maximal_queue_lifetim=1d
refuse 78 'maximal_queue_lifetime' sweep $weekend --vary maximal_queue_lifetime=1.5d
refuse 64 'one at most' sweep $weekend --vary $lifetimes --policy stock --policy one-day
refuse 64 'not I/N' sweep $weekend --vary $lifetimes --shard 8/7 -O "$work/no"
refuse 64 'give -O' sweep $weekend --vary $lifetimes --shard 1/7
refuse 64 'looks at all' sweep $weekend --vary $lifetimes --shard 1/7 --precision 1% -O "$work/no"
refuse 64 'holds another sweep' sweep $weekend --vary $lifetimes -O "$work/whole"
refuse 65 "6 runs are missing.*maximal_queue_lifetime=1h, maximal_backoff_time=4000s, replication 0" \
    merge "$work"/part1 "$work"/part3 "$work"/part4 "$work"/part5 "$work"/part6
refuse 65 'there twice' merge "$work"/part? "$work/part2"
refuse 65 'another sweep' merge "$work/part1" "$work/more"
refuse 66 'sweep.json' merge "$work/part1" "$work/no-such"
refuse 64 'has units.csv already' merge "$work"/part? -O "$work/whole"

# ---- a log that is piped in: gone on with, and told from another ----
log=tests/cli/replay/mail.log
piped() { "$tempfail" sweep --vary maximal_queue_lifetime=1d,5d -q -O "$work/piped" >"$work/out" 2>"$work/err"; }
piped <$log || complain "a log on standard input: $(cat "$work/err")"
cp "$work/piped/results.csv" "$work/piped.csv"
sed -i '$d' "$work/piped/units.csv"
piped <$log || complain "the same log again: $(cat "$work/err")"
cmp "$work/piped/results.csv" "$work/piped.csv" || complain 'the same log again: other results'
sed '$d' $log | piped
[ $? -eq 64 ] || complain 'another log goes on with the sweep of the first'
grep -q 'holds another sweep' "$work/err" || complain "another log: $(cat "$work/err")"

# ---- pictures: of one parameter, of two; not of three, and none of them together ----
if command -v gnuplot >/dev/null; then
    "$tempfail" sweep $weekend --vary $lifetimes --replications 1 -O "$work/one" -q >/dev/null 2>&1
    [ "$("$tempfail" plot "$work/one" -O "$work/pictures")" = "$work/pictures/sweep.svg" ] || complain 'plot: of one parameter'
    grep -q '>weekend-outage.conf [0-9a-f]\{16\}, seed 1, replications of each point: 1<' "$work/pictures/sweep.svg" ||
        complain 'plot: not what was swept'
    [ "$("$tempfail" plot "$work/whole" -O "$work/pictures")" = "$work/pictures/map.svg" ] || complain 'plot: of two parameters'
    "$tempfail" sweep $weekend --vary delay_warning_time=0h,1h,2d --replications 1 -O "$work/warned" -q >/dev/null 2>&1
    [ "$("$tempfail" plot "$work/warned" -O "$work/pictures" | tail -n 1)" = "$work/pictures/warnings.svg" ] ||
        complain 'plot: of delay_warning_time'
    refuse 64 'sweep -O wrote one at a time' plot "$work/one" "$work/whole" -O "$work/pictures"
    mkdir -p "$work/three" && echo 'a,b,c,metric,unit,value,ci95_low,ci95_high' >"$work/three/results.csv"
    refuse 65 'a sweep over 3 parameters: those over one or two' plot "$work/three" -O "$work/pictures"
fi

echo 'not a row' >>"$work/part3/units.csv"
refuse 65 'part3/units.csv:' merge "$work"/part?

exit $failed
