#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every scenario that comes with the program: what its head says to run runs, and shows what it says.
# usage: check_stories.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_stories: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work/bin" && cd "$source" || exit 2
ln -s "$tempfail" "$work/bin/tempfail"
PATH="$work/bin:$PATH"

# The commands in a scenario's head, each as one line.
commands() { sed -n '/^[^#]/q; s/^#   //p' "$1" | sed -e ':a' -e '/\\$/{N;s/\\\n *//;ba' -e '}'; }

# "POLICY METRIC VALUE" of each; without policies the number of the command stands for one.
figures() {
    awk -F, -v number="$2" '/^"/ { split($0, part, "\""); gsub(/,/, "+", part[2]); $0 = part[2] part[3] }
        $1 != "policy" && NF == 6 { print $1, $2, $4 }
        $1 != "metric" && NF == 5 { print number, $1, $3 }' "$1"
}

for scenario in scenarios/*.conf; do
    story=$(basename "$scenario" .conf) number=0
    head -n 1 "$scenario" | grep -q '^# .*[?.]$' || complain "$story: the first line should say what it shows"
    sed -n '/^[^#]/q; p' "$scenario" | grep -q '^# source: [^ ]' || complain "$story: where are its figures from?"
    commands "$scenario" >"$work/$story.commands"
    [ -s "$work/$story.commands" ] || complain "$story: does not say what to run"
    : >"$work/$story.figures"
    while read -r command; do
        number=$((number + 1))
        sh -c "$command --format csv" >"$work/$story.csv" 2>"$work/$story.err" || complain "$story: $command: exit $?"
        [ ! -s "$work/$story.err" ] || complain "$story: $command: $(cat "$work/$story.err")"
        figures "$work/$story.csv" $number >>"$work/$story.figures"
    done <"$work/$story.commands"
done

# STORY 'EXPRESSION' with figures as {POLICY METRIC}
shows() {
    awk -v left="$2" '{ value[$1 " " $2] = $3 }
        END {
            while (match(left, /\{[^}]*\}/)) {
                name = substr(left, RSTART + 1, RLENGTH - 2)
                text = text substr(left, 1, RSTART - 1) (name in value ? value[name] : "unknown: " name)
                left = substr(left, RSTART + RLENGTH)
            }
            print text left
        }' "$work/$1.figures" >"$work/expression"
    ! grep -q unknown "$work/expression" && awk "BEGIN { exit !($(cat "$work/expression")) }" ||
        complain "$1: not so: $2: $(cat "$work/expression")"
}
hour=3600 day=86400

shows weekend-outage '{one-day expired} > 1.5 * {stock expired}'
shows weekend-outage "{stock bad_news_p50} - {one-day bad_news_p50} > 3.9 * $day"

shows provider-outage '{one-day expired} > 1.9 * {stock expired}'
shows provider-outage '{one-day expired} > {mailinabox expired} && {mailinabox expired} > {stock expired}'
shows provider-outage "{stock bad_news_p50} - {one-day bad_news_p50} > 3.9 * $day"
shows provider-outage '{stock attempts} > 1.7 * {one-day attempts}'

scans='queue_run_delay=60s+minimal_backoff_time=60s'
shows greylisting '{stock delivered} == {stock recipients}'
shows greylisting '{stock delay_p90} > 450 && {stock delay_p90} < 600 && {stock delay_max} < 41 * 60'
shows greylisting '{postfix-2.3 delay_p90} > 1500 && {postfix-2.3 delay_max} < 3600'
shows greylisting "{$scans delay_p90} < 480 && {$scans delay_max} < 33 * 60"
shows greylisting "{$scans attempts} > 1.2 * {stock attempts} && {$scans attempts} < 1.35 * {stock attempts}"

slow=smtp_destination_rate_delay=10s often=maximal_backoff_time=20m
shows throttled-campaign "{$slow attempts} == 2500 && {stock attempts} > 6 * 2500 && {$often attempts} > 10 * 2500"
for figure in delay_p50 delay_p90 delay_max; do
    shows throttled-campaign "{$slow $figure} < {stock $figure} && {$often $figure} < {$slow $figure}"
done
shows throttled-campaign "{stock delay_p50} > 3.5 * $hour && {stock delay_p90} > 7 * $hour"

shows dead-domains '{stock expired} == {one-day expired} && {stock expired} < 0.02 * {stock recipients}'
shows dead-domains '{stock attempts} - {stock recipients} > 0.65 * {stock attempts}'
shows dead-domains '{one-day attempts} < 0.51 * {stock attempts}'
shows dead-domains '{mailinabox warnings} < 1.05 * {mailinabox expired} && {mailu warnings} > 2 * {mailu expired}'

shows flush-from-cron '{1 delivered} == {2 delivered} && {1 expired} == {2 expired}'
shows flush-from-cron '{1 attempts} > 7 * {2 attempts} && {1 connections} > 2 * {2 connections}'
shows flush-from-cron '{2 delay_p99} - {1 delay_p99} > 0 && {2 delay_p99} - {1 delay_p99} < 70 * 60'
shows flush-from-cron '{1 delay_p90} < 1 && {2 delay_p90} < 1 && {2 bad_news_p50} - {1 bad_news_p50} < 70 * 60'

patient='maximal_queue_lifetime=14d+bounce_queue_lifetime=14d'
shows backup-mx "{one-day expired} > 0.8 * {one-day recipients} && {$patient expired} == 0"
shows backup-mx '{stock expired} / {stock recipients} > 1 / 6.5 && {stock expired} / {stock recipients} < 1 / 5.5'
shows backup-mx "{$patient suspended} > 0.95 * {$patient attempts}"
exit $failed
