#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Settings that will surprise: where they are taken from, in which form they are told, the exit statuses.
# usage: check_check.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
unset MAIL_CONFIG
failed=0
complain() { echo "check_check: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work/postfix" && cd "$work" || exit 2
printf 'soft_bounce = yes\n' >postfix/main.cf
printf 'transport_retry_time = 5m\n' >base.cf
printf 'mta postfix {\n main_cf = "postfix/main.cf"\n minimal_backoff_time = 5000\n}\n' >some.conf
printf 'traffic t {\n arrivals = burst\n count = 1\n sender = "s@b"\n recipients = { "@a" }\n}\n' >>some.conf

soft='warning: soft_bounce = yes: '
floor='warning: minimal_backoff_time = 5000s is above maximal_backoff_time = 4000s and wins: every retry comes 5100 s after'
grid='note: queue_run_delay = 5m: as mail waits for a scan, the first retry comes after 299 to 598 s'

# STATUS LINES 'A LINE BEGINS' ARGUMENT...: what is printed, and nothing on stderr
tells() {
    want=$1 lines=$2 begins=$3
    shift 3
    "$tempfail" check "$@" >out 2>err
    status=$?
    [ "$status" -eq "$want" ] || complain "exit $status, not $want, for: $*: $(cat err)"
    [ "$(wc -l <out)" -eq "$lines" ] || complain "$(wc -l <out) lines, not $lines, for: $*: $(cat out)"
    awk -v begins="$begins" 'index($0, begins) == 1 { found = 1 } END { exit !found }' out ||
        complain "not '$begins' for: $*: $(cat out)"
    [ ! -s err ] || complain "stderr, for: $*: $(cat err)"
}

# ---- where settings come from ----
tells 0 1 "$grid" </dev/null
tells 0 1 "$grid" -o soft_bounce=no </dev/null
tells 0 1 "$grid" "$source/scenarios/policies/stock.cf"
tells 0 2 'note: delay_warning_time = 5m: ' "$source/scenarios/policies/mailu.cf"
for scenario in "$source"/scenarios/*.conf; do tells 0 1 "$grid" "$scenario"; done
tells 0 2 "$soft" postfix
tells 0 2 "$soft" postfix/main.cf
tells 0 2 "$soft" -c postfix </dev/null
tells 0 2 "$soft" <postfix/main.cf
tells 0 2 "$soft" - <postfix/main.cf
tells 0 2 "$floor" postfix -o soft_bounce=no -o minimal_backoff_time=5000
tells 0 3 "$floor" some.conf
tells 0 3 "$soft" some.conf
tells 0 2 "$soft" some.conf -o minimal_backoff_time=300
tells 0 4 'note: transport_retry_time = 5m: ' some.conf -c base.cf
printf 'smtp_destination_rate_delay = 1s\nsmtp_destination_concurrency_limit = 5\n' >paced.cf
killed='warning: default_destination_concurrency_failed_cohort_limit = 1 with smtp_destination_rate_delay = 1s: '
tells 0 3 "$killed" paced.cf
tells 0 3 'note: smtp_destination_rate_delay = 1s: one delivery at a time' paced.cf
tells 1 3 "$killed" paced.cf --fail-on-warning
tells 0 4 'note,smtp_destination_rate_delay,"smtp_destination_rate_delay = 1s: ' paced.cf --format csv
MAIL_CONFIG=postfix
export MAIL_CONFIG
tells 0 2 "$soft" </dev/null
tells 0 1 "$grid" - </dev/null
unset MAIL_CONFIG

# ---- policies one by one, and what Postfix itself would say ----
printf 'bounce_queue_lifetime = 10d\n' >long.cf
adjusted='long: warning: bounce_queue_lifetime is larger than maximal_queue_lifetime - adjusting bounce_queue_lifetime (from 10d to 5d)'
tells 0 5 "stock: $soft" postfix --policy stock --policy long.cf
tells 0 5 "stock: $grid" postfix --policy stock --policy long.cf
tells 0 5 "$adjusted" postfix --policy stock --policy long.cf
tells 0 2 "$adjusted" --policy long.cf </dev/null
tells 0 2 "warning: -o: parameter queue_run_delay: Postfix reads '5m30s' as 5m and ignores the rest" \
    -o queue_run_delay=5m30s </dev/null
tells 0 2 'warning: defer_transports = a?b: ' -o "defer_transports=a$(printf '\033')b" </dev/null

# ---- forms ----
tells 0 3 'severity,parameter,text,rule' postfix --format csv
tells 0 3 'warning,soft_bounce,"soft_bounce = yes: ' postfix --format csv
tells 0 6 'policy,severity,parameter,text,rule' postfix --policy stock --policy long.cf --format csv
tells 0 6 'long,warning,,bounce_queue_lifetime is larger than ' postfix --policy stock --policy long.cf --format csv
tells 0 14 '    "parameter": "soft_bounce",' postfix --format json

# ---- exit statuses ----
tells 1 2 "$soft" postfix --fail-on-warning
tells 1 2 "$adjusted" --policy long.cf --fail-on-warning </dev/null
tells 0 1 "$grid" --fail-on-warning </dev/null
tells 0 2 'note: transport_retry_time' base.cf --fail-on-warning

# STATUS 'WHAT IS SAID' ARGUMENT...
refuses() {
    want=$1 said=$2
    shift 2
    "$tempfail" check "$@" >out 2>err </dev/null
    status=$?
    [ "$status" -eq "$want" ] || complain "exit $status, not $want, for: $*"
    grep -qF -- "$said" err || complain "said $(cat err), not '$said'"
    [ ! -s out ] || complain "an answer besides, for: $*"
}
printf 'queue_run_delay = 5m30s\nmaximal_queue_lifetime = 101\n' >bad.cf
printf 'site "a" { outage { fro = 1h } }\n' >bad.conf
refuses 78 'bad.cf, line 2: invalid maximal_queue_lifetime: 8726400 (max 8640000)' bad.cf
refuses 78 "bad.cf, line 1: parameter queue_run_delay: Postfix reads '5m30s' as 5m" bad.cf
refuses 78 "-o: 'soft_bonce': no such parameter" -o soft_bonce=yes
refuses 78 'invalid queue_run_delay: 0 (min 1)' some.conf -o queue_run_delay=0 --fail-on-warning
refuses 65 "bad.conf:1: outage: 'fro': no such setting" bad.conf
refuses 66 'none/main.cf: No such file' none/main.cf
refuses 66 'none.conf: No such file' none.conf
refuses 64 "check: 'postfix': -c base.cf is there already" -c base.cf postfix
refuses 64 'usage: tempfail check' postfix base.cf
refuses 64 "--format: 'xml' is none of text, csv, json" --format xml postfix
[ -w /dev/full ] && for format in text csv json; do
    "$tempfail" check postfix --fail-on-warning --format $format >/dev/full 2>err
    status=$?
    [ "$status" -eq 74 ] || complain "exit $status, not 74, where standard output is full"
done
exit $failed
