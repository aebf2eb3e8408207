#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Settings as people give them: which one holds, what is warned of, and the exit statuses.
# usage: check_config.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
unset MAIL_CONFIG
failed=0
complain() { echo "check_config: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work/postfix" && cd "$work" || exit 2
printf 'queue_run_delay = 100\nmaximal_queue_lifetime = 1h\nbounce_queue_lifetime = 0\n' >postfix/main.cf
printf 'queue_run_delay = 200\n' >policy.cf

# SCAN_EVERY LIFETIME ARGUMENT...: what the head of the timetable says
runs_with() {
    want="scan every $1 s (phase 0 s), backoff 300 to 4000 s, lifetime $2 s"
    shift 2
    "$tempfail" schedule "$@" >out 2>err </dev/null || complain "exit $? for: $*: $(cat err)"
    grep -qF "$want" out || complain "$(head -n 1 out), not '$want', for: $*"
}
runs_with 300 432000
runs_with 100 3600 -c postfix
runs_with 100 3600 -c postfix/
runs_with 100 3600 -c postfix/main.cf
runs_with 100 0 -c postfix --null-sender
runs_with 200 3600 -c postfix --policy ./policy.cf
runs_with 200 3600 -c postfix --policy policy.cf
runs_with 200 3600 --policy policy.cf -c postfix
runs_with 300 60 -c postfix --policy queue_run_delay=300,maximal_queue_lifetime=1m
runs_with 400 3600 -o queue_run_delay=400 -c postfix --policy policy.cf
runs_with 500 3600 -c postfix -o queue_run_delay=400 -o queue_run_delay=500
runs_with 300 432000 -c postfix --policy stock
runs_with 300 86400 --policy one-day
MAIL_CONFIG=postfix
export MAIL_CONFIG
runs_with 100 3600
runs_with 200 432000 -c policy.cf
unset MAIL_CONFIG
"$tempfail" schedule -c - <postfix/main.cf | grep -qF 'scan every 100 s' || complain "-c - is not read"

# STATUS 'WHAT IS SAID' ARGUMENT...
refuses() {
    want=$1 said=$2
    shift 2
    "$tempfail" schedule "$@" >out 2>err </dev/null
    status=$?
    [ "$status" -eq "$want" ] || complain "exit $status, not $want, for: $*"
    grep -qF -- "$said" err || complain "said $(cat err), not '$said'"
    [ ! -s out ] || complain "an answer besides, for: $*"
}
printf '\n\nqueue_run_delay = 1.5h\n' >bad.cf
refuses 78 "bad.cf, line 3: parameter queue_run_delay: bad time value or unit: 1.5h (accepted:" -c bad.cf
refuses 78 "bad.cf, line 3: parameter queue_run_delay: bad time value" --policy ./bad.cf
refuses 78 "-o: invalid queue_run_delay: 0 (min 1)" -o queue_run_delay=0
refuses 78 "--policy: invalid maximal_queue_lifetime: 8726400 (max 8640000)" --policy maximal_queue_lifetime=101
refuses 78 "-o: 'queue_run_dely': no such parameter (did you mean 'queue_run_delay'?)" -o queue_run_dely=1
refuses 78 "--policy nobody: no such file, and no shipped policy" --policy nobody
refuses 66 "open none/main.cf: No such file or directory" -c none/main.cf
refuses 64 "--policy: at most 8 of them" --policy a --policy a --policy a --policy a --policy a \
    --policy a --policy a --policy a --policy a

# What is accepted, but not as it seems to be meant, is told on stderr.
"$tempfail" schedule -o queue_run_delay=1h30m >out 2>err || complain "1h30m was refused"
grep -qF 'scan every 3600 s' out || complain "1h30m is not 1h: $(head -n 1 out)"
grep -qF -- "-o: parameter queue_run_delay: Postfix reads '1h30m' as 1h and ignores the rest; 90m was probably meant" \
    err || complain "no warning of 1h30m: $(cat err)"

# The timetable as a file: what is printed as CSV, with the column of policies even where there is one.
two="--policy stock --policy one-day"
# shellcheck disable=SC2086 # several arguments
"$tempfail" schedule $two -O scheduled --format csv >out || complain "schedule -O: exit $?"
cmp -s out scheduled/schedule.csv || complain 'schedule.csv of two policies is not what is printed'
"$tempfail" schedule --policy one-day -O scheduled --format csv | sed '1s/^/policy,/; 2,$s/^/one-day,/' >out
cmp -s out scheduled/schedule.csv || complain 'schedule.csv of one policy has not its name'
[ "$(sed -n '4p;$p' scheduled/schedule.csv)" = "one-day,3,600.000,600.000,300.000,deferred,1200
one-day,26,88800.000,88800.000,4200.000,expired," ] || complain "schedule.csv: $(tail -n 1 scheduled/schedule.csv)"
if command -v gnuplot >/dev/null; then
    [ "$("$tempfail" plot scheduled -O scheduled)" = scheduled/schedule.svg ] || complain 'the schedule is not drawn'
fi

# What comes with the program: each says what it is and where it is from, and is read without a complaint.
for shipped in "$source"/scenarios/policies/*.cf; do
    head -n 1 "$shipped" | grep -q '^# ' || complain "$shipped: the first line should say what it is"
    [ "$(grep -c '^# source: [^ ]' "$shipped")" -eq 1 ] || complain "$shipped: not one line '# source: ...'"
    name=$(basename "$shipped" .cf)
    for use in "-c $shipped" "--policy $name"; do
        # shellcheck disable=SC2086 # two words
        "$tempfail" schedule $use >"$name.out" 2>err </dev/null || complain "$use: exit $?"
        [ ! -s err ] || complain "$use: $(cat err)"
    done
    "$tempfail" check "$shipped" >out 2>err </dev/null || complain "check $name: exit $?"
    [ ! -s err ] || complain "check $name: $(cat err)"
    grep '^warning' out && complain "check $name: what is shipped should not be warned of"
done

# Their figures, from what each names as its source: scan, least and longest backoff, lifetime, of bounces, warning.
printf 'traffic t { arrivals = burst count = 1 sender = "s@a.example" recipients = { "@b.example" } }\n' >one.conf
ships() { # NAME 'FIGURES'
    rm -rf out.d && "$tempfail" run one.conf --policy "$1" -O out.d >/dev/null || complain "run --policy $1: exit $?"
    figures=$(awk -F'"' '/"(queue_run_delay|(min|max)imal_backoff_time|(maximal|bounce)_queue_lifetime|delay_warning_time)"/ {
        getline; printf "%s ", $4 }' out.d/manifest.json)
    [ "$figures" = "$2 " ] || complain "$1: $figures, not $2"
}
ships chatmail '300s 300s 4000s 2d 2d 0h'
ships iredmail '300s 300s 4000s 1d 1d 30m'
ships mailcow '300s 300s 1800s 5d 1d 4h'
ships mailinabox '300s 300s 4000s 2d 1d 3h'
ships mailu '300s 300s 4000s 5d 5d 5m'
ships one-day '300s 300s 4000s 1d 1d 0h'
ships one-hour '5m 5m 15m 1h 1h 0h'
ships postfix-2.3 '1000s 1000s 4000s 5d 5d 0h'
ships proxmox-mail-gateway '300s 300s 4000s 5d 5d 4h'
ships stock '300s 300s 4000s 5d 5d 0h'
exit $failed
