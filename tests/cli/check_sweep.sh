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

# ---- some tasks of a job array, by the script that is shipped ----
shipped() { # TASK MIN COUNT NAME=VALUE...
    mkdir -p "$work/batch" && (
        cd "$work/batch" || exit 2
        task=$1 least=$2 count=$3
        shift 3
        env "$@" SLURM_ARRAY_TASK_ID="$task" SLURM_ARRAY_TASK_MIN="$least" SLURM_ARRAY_TASK_COUNT="$count" \
            TEMPFAIL="$tempfail" sh "$source/scenarios/cluster/sweep.sbatch" "$source/$weekend" \
            --vary maximal_queue_lifetime=1d,5d --replications 2 2>/dev/null
    )
}
shipped 12 11 3 A=b | grep -q '^shard 2 of 3: ' || complain 'the whole array'
shipped 3 3 2 SHARDS=4 | grep -q '^shard 3 of 4: ' || complain 'tasks 3 and 4 of 4 alone'
shipped 13 13 1 SHARDS=7 FIRST=11 | grep -q '^shard 3 of 7: ' || complain 'task 13 of 11 to 17 alone'

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
precise() { "$tempfail" sweep $weekend --vary maximal_queue_lifetime=2d,5d --precision 0.2% -q "$@" 2>/dev/null; }
precise >"$work/precise.text"
precise -O "$work/precise" | cmp - "$work/precise.text" || complain '--precision: other text with -O'
sed -i '8,$d' "$work/precise/units.csv"
precise -O "$work/precise" | cmp - "$work/precise.text" || complain '--precision: other text after a stop'

# ---- replications that are all alike prove little ----
cat >"$work/calm.conf" <<'END'
# nothing ever fails
start = 2026-06-01T00:00Z
duration = 1h
mta postfix { }
traffic t { arrivals = poisson  rate = 5/h  sender = "s@b.example"  recipients = { "@a.example" } }
END
for of in 1d,5d 1d; do
    "$tempfail" sweep "$work/calm.conf" --vary maximal_queue_lifetime=$of --precision 2% -q 2>/dev/null | grep -q ' 150 replications$' ||
        complain "--precision 2% of what never fails, $of: not 150 replications"
done
"$tempfail" compare "$work/calm.conf" --policy stock --policy one-day --precision 2% -q -O "$work/calm" >/dev/null 2>&1
grep -q '"replications": 150,' "$work/calm/compare.json" || complain '--precision 2% of no difference: not 150 replications'
awk '/^[25]d / { rows++; wide += $4 > 0.2 } END { exit rows != 2 || wide > 0 }' "$work/precise.text" ||
    complain "--precision 0.2%: $(cat "$work/precise.text")"

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
refuse 64 'holds another sweep, of another vary ' sweep $weekend --vary $lifetimes -O "$work/whole"
refuse 64 'of another seed ' sweep $weekend --vary maximal_queue_lifetime=2d,5d --seed 9 -O "$work/more"
refuse 64 'of another bounce_queue_lifetime ' sweep $weekend --vary maximal_queue_lifetime=2d,5d \
    -o bounce_queue_lifetime=2h -O "$work/more"
refuse 64 'one scenario, or logs' sweep $weekend $weekend --vary $lifetimes
refuse 65 "6 runs are missing.*maximal_queue_lifetime=1h, maximal_backoff_time=4000s, replication 0" \
    merge "$work"/part1 "$work"/part3 "$work"/part4 "$work"/part5 "$work"/part6
refuse 65 'there twice' merge "$work"/part? "$work/part2"
refuse 65 'another sweep' merge "$work/part1" "$work/more"
refuse 66 'sweep.json' merge "$work/part1" "$work/no-such"
refuse 64 'has sweep.json already' merge "$work"/part? -O "$work/whole"

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

# ---- what else a sweep is of: how the log's gaps are filled, the files that a scenario names ----
gaps=$(find "$source/tests/truth" -maxdepth 1 -name '06b*')
log_sweep() { "$tempfail" sweep "$gaps/mail.log.gz" -c "$gaps" --vary maximal_backoff_time=4000s,1h -q -O "$work/gaps" --recovery "$1"; }
log_sweep earliest >/dev/null 2>&1 || complain 'a log'
! log_sweep latest 2>"$work/err" || complain 'another recovery goes on with the first'
grep -q 'of another recovery ' "$work/err" || complain "another recovery: $(cat "$work/err")"
mkdir -p "$work/named" && cp tests/cli/replay/*.csv tests/cli/replay/replay.conf "$work/named"
named() { "$tempfail" sweep "$work/named/replay.conf" --vary maximal_backoff_time=4000s,600s --replications 1 -q "$@" >"$work/out" 2>"$work/err"; }
named -O "$work/trace" || complain "a scenario with files: $(cat "$work/err")"
for file in arrivals evidence; do
    cp "$work/named/$file.csv" "$work/kept.csv"
    sed -i '$d' "$work/named/$file.csv"
    named -O "$work/trace" && complain "another $file.csv goes on with the first"
    grep -q 'of another scenario_fnv1a ' "$work/err" || complain "another $file.csv: $(cat "$work/err")"
    cp "$work/kept.csv" "$work/named/$file.csv"
done
named -O "$work/trace" || complain "the same files: $(cat "$work/err")"

# ---- a log that can be read once ----
mkfifo "$work/fifo"
cat $log >"$work/fifo" &
timeout 20 "$tempfail" sweep "$work/fifo" --vary maximal_queue_lifetime=1d,5d -q -O "$work/fifoed" >/dev/null 2>"$work/err" ||
    complain "a named pipe: $? $(cat "$work/err")"

# ---- results are there when all is done ----
(exec=exec sweep unfinished --replications 3000) >/dev/null 2>&1 &
pid=$!
sleep 0.5
kill $pid
wait $pid
[ -s "$work/unfinished/units.csv" ] && [ ! -e "$work/unfinished/results.csv" ] || complain 'stopped: what is there?'
cp -r "$work/more" "$work/extended"
(exec "$tempfail" sweep $weekend --vary maximal_queue_lifetime=2d,5d --replications 3000 -q -O "$work/extended") >/dev/null 2>&1 &
pid=$!
sleep 0.5
"$tempfail" sweep $weekend --vary maximal_queue_lifetime=2d,5d --replications 2 -q -O "$work/extended" >/dev/null 2>"$work/err" &&
    complain 'two at work in one folder'
grep -q 'another sweep is at work here' "$work/err" || complain "two at work: $(cat "$work/err")"
kill $pid
wait $pid
grep -q '"replications": 3000' "$work/extended/sweep.json" || complain 'who was refused changed sweep.json'
[ ! -e "$work/extended/results.csv" ] || complain 'results of fewer replications than sweep.json has'
"$tempfail" sweep $weekend --vary maximal_queue_lifetime=2d,5d --replications 5 -q -O "$work/extended" 2>/dev/null |
    cmp - "$work/more.text" || complain 'fewer replications: other text'
[ "$("$tempfail" merge "$work/extended" | tail -n 2)" = "$(tail -n 2 "$work/more.text")" ] ||
    complain 'merge: surplus replications count'

# ---- mail that is queued at the end is neither lost nor saved ----
cat >"$work/short.conf" <<'END'
# a site that is away for longer than the run
start = 2026-06-01T00:00Z
duration = 12h
mta postfix { }
traffic t { arrivals = poisson  rate = 10/h  sender = "s@b.example"  recipients = { "@a.example" } }
site "a.example" { outage { at = 0h  for = 30h } }
END
"$tempfail" sweep "$work/short.conf" --vary maximal_queue_lifetime=1h,1d --replications 2 -q -O "$work/short" >"$work/out" 2>/dev/null
most=$(awk -F, '$1 == "1d" && $2 == "queued" { printf "%d", $4 + 0.999 }' "$work/short/results.csv")
grep -q "^Mail was still queued at the end of 2 of 2 points, for up to $most recipients:" "$work/out" ||
    complain "still queued: $most, $(cat "$work/out")"
grep -q 'still queued' "$work/whole.text" && complain 'nothing is queued there'

# ---- a row that is there twice, none at all, and what is no figure ----
cp -r "$work/whole" "$work/twice"
tail -n 1 "$work/whole/units.csv" >>"$work/twice/units.csv"
sweep twice >/dev/null 2>"$work/err"
[ $? -eq 65 ] || complain 'a row twice should be exit 65'
grep -q 'point 5, replication 3 is there twice' "$work/err" || complain "a row twice: $(cat "$work/err")"
cp -r "$work/precise" "$work/none" && sed -i '2,$d' "$work/none/units.csv"
refuse 65 'no run is done' merge "$work/none"
cp -r "$work/precise" "$work/early" && sed -i '22,$d' "$work/early/units.csv"
"$tempfail" merge "$work/early" 2>&1 >/dev/null | grep -q -- '--precision 0.2% is not reached: after 10 replications' ||
    complain 'merge: a precision that is not reached, not a word'
"$tempfail" merge "$work/precise" 2>&1 >/dev/null | grep 'not reached' && complain 'merge: the precision is reached'
cp -r "$work/whole" "$work/escapes"
sed -i 's/"1h"/"\\u001b[31m"/' "$work/escapes/sweep.json"
refuse 65 'a control character' merge "$work/escapes"

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
    refuse 66 'unfinished: a sweep that is not whole' plot "$work/unfinished" -O "$work/pictures"
    mkdir -p "$work/three" && echo 'a,b,c,metric,unit,value,ci95_low,ci95_high' >"$work/three/results.csv"
    refuse 65 'a sweep over 3 parameters: those over one or two' plot "$work/three" -O "$work/pictures"
fi

echo 'not a row' >>"$work/part3/units.csv"
refuse 65 'part3/units.csv:' merge "$work"/part?

exit $failed
