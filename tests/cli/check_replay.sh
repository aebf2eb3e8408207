#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A small log, replayed: what is printed and written is known; what is written can be run; rotated
# logs may come in any order. usage: check_replay.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_replay: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$source/tests/cli/replay" || exit 2

# The log has no year: the file's own time says which.
cp mail.log "$work/mail.log" && touch -d 2026-06-01T12:00:00Z "$work/mail.log"
cd "$work" || exit 2
golden="$source/tests/cli/replay"
what_if='-o queue_run_delay=100s -o minimal_backoff_time=100s'

"$tempfail" replay mail.log $what_if -O out >replay.txt || complain "exit $?"
diff "$golden/replay.txt" replay.txt >&2 || complain 'replay.txt: not what it was'
for file in arrivals.csv evidence.csv replay.conf; do
    diff "$golden/$file" "out/$file" >&2 || complain "$file: not what it was"
done

"$tempfail" run out/replay.conf --seed 1 -O again >/dev/null || complain "replay.conf: exit $?"
diff -r out/replayed again >&2 || complain 'replay.conf: its run is not the replay'
"$tempfail" run out/replay.conf --seed 1 $what_if -O again >/dev/null || complain "what-if: exit $?"
diff out/what-if/attempts.csv again/attempts.csv >&2 || complain 'replay.conf: its what-if is another'

# Rotated: the shell gives mail.log before mail.log.1.
mkdir rotated
head -n 18 mail.log >rotated/mail.log.1
tail -n +19 mail.log | gzip >rotated/mail.log
touch -d 2026-06-01T12:00:00Z rotated/mail.log rotated/mail.log.1
"$tempfail" replay rotated/mail.log rotated/mail.log.1 $what_if >rotated.txt || complain "exit $?"
cmp replay.txt rotated.txt || complain 'rotated logs: read in the wrong order'

# A log that begins within a message's life: what is written still is what replay.conf repeats.
tail -n +16 mail.log >cut.log && touch -d 2026-06-01T12:00:00Z cut.log
"$tempfail" replay cut.log -O cut >cut.txt || complain "cut: exit $?"
grep -q 'came before it: [1-9]' cut.txt || complain 'cut: no message is older than the log'
"$tempfail" run cut/replay.conf --seed 1 -O cut.again >/dev/null || complain "cut: exit $?"
diff -r cut/replayed cut.again >&2 || complain 'cut: its run is not the replay'
rows=$(($(wc -l <cut/replayed/attempts.csv) - 1))
grep -q "^attempts,attempts,$rows,," cut/replayed/summary.csv || complain "cut: summary.csv has not $rows attempts"

# What comes through a pipe is read once: the settings for all policies, logs in the order given.
echo 'queue_run_delay = 200s' | "$tempfail" replay mail.log -c - -o delay_warning_time=1h -O piped >/dev/null
for policy in replayed what-if; do
    grep -A1 '"queue_run_delay"' piped/$policy/manifest.json | grep -q 200s || complain "-c -: $policy is without it"
done
tail -n +19 mail.log | "$tempfail" replay rotated/mail.log.1 - $what_if >piped.txt
grep -q "^$(sed -n '1s/,.*//p' replay.txt)," piped.txt || complain 'a pipe: lines are gone'
"$tempfail" replay $what_if <mail.log | cmp - replay.txt || complain 'standard input: another answer'

# JSON has what may be and what is, and the two agree where the log leaves nothing open.
"$tempfail" replay mail.log $what_if -o maximal_queue_lifetime=10m -o bounce_queue_lifetime=10m \
    --format json >replay.json || complain "json: exit $?"
tr -d ' \n' <replay.json | grep -q '"replayed":{.*"delivered":{"value":3,"low":3,"high":3}' ||
    complain 'json: 3 delivered under the log'\''s own settings, whatever the recovery'
tr -d ' \n' <replay.json | grep -q '"policies":\[{"name":.*"delivered":{"value":3,"low":2,"high":3}' ||
    complain 'json: with 10 minutes, 2 or 3 delivered, as the site recovers'

# The one that 10 minutes may lose: E0005AA005, delivered 1000 s after it came, if its site is away
# for that long; a replay's own settings lose nobody.
"$tempfail" replay mail.log $what_if -o maximal_queue_lifetime=10m -o bounce_queue_lifetime=10m \
    -O lost >lost.txt || complain "lost: exit $?"
grep -q '^lost by what-if: 0 recipients (0 to 1), listed in$' lost.txt || complain 'lost: how many?'
grep -qx '  lost/what-if/lost.csv' lost.txt || complain 'lost: listed where?'
diff - lost/what-if/lost.csv >&2 <<'EOF_LOST' || complain 'lost.csv: not what it should be'
message,queue_id,sender,recipient,arrival_s,delivered_s,bounced_s,certainty,before_log
E0005AA005,E0005AA005,news@app.example,d@slow.example,1190.000,2190.000,1990.300,maybe,0
EOF_LOST
[ ! -e lost/replayed/lost.csv ] || complain 'lost: by its own settings?'

# Of a log of half an hour all is extrapolated; the recorded one lasts longer than its 16 hours. A row
# of lifetimes.csv is what the same lifetime is as a policy, which the queue manager adjusts.
[ "$(awk -F, 'NR > 1 && $4 == 1' out/lifetimes.csv | wc -l)" -eq 11 ] || complain 'lifetimes.csv: 11 beyond the log'
recorded="$source/tests/truth/09-delay-warning"
lifetime() { awk -F, -v lifetime="$1" '$1 == lifetime' kept/lifetimes.csv; }
of_summary() { awk -F, -v ORS=, 'NR == FNR { value[$1] = $3; next } { printf "%.10g%s", value[$1], ORS }' "$1" figures; }
printf '%s\n' delivered bounced expired queued bad_news_p50 bad_news_p90 bad_news_max attempts >figures
for recovery in earliest middle latest; do
    "$tempfail" replay "$recorded/mail.log.gz" -c "$recorded" -o maximal_queue_lifetime=8h --recovery $recovery \
        -O kept >kept.txt 2>/dev/null || complain "kept: exit $?"
    [ "$(awk -F, -v ORS=' ' 'NR > 1 { print $1 "/" $2 "/" $3 $4 }' kept/lifetimes.csv)" = "$(echo \
        3600/3600/00 7200/7200/00 14400/14400/00 28800/28800/00 43200/43200/00 57600/57600/10 86400/57600/01 \
        172800/57600/01 259200/57600/01 345600/57600/01 432000/57600/01 604800/57600/01 '')" ] ||
        complain 'lifetimes.csv: other lifetimes'
    for row in 28800/what-if 57600/replayed; do
        lifetime "${row%/*}" | cut -d, -f11- | tr , '\n' | awk -v ORS=, '{ printf "%.10g%s", $1, ORS }' >row
        of_summary "kept/${row#*/}/summary.csv" | cmp - row >&2 || complain "lifetimes.csv: $recovery: not what $row is"
    done
    # The range is left out where it has no length.
    lost=$(sed -n 's/^lost by what-if: \([0-9]*\) recipients (\([0-9]*\) to \([0-9]*\)).*/\1,\2,\3/p; t
                   s/^lost by what-if: \([0-9]*\) recipients.*/\1,\1,\1/p' kept.txt)
    [ "$(lifetime 28800 | cut -d, -f5-9)" = "58,58,$lost" ] || complain "lifetimes.csv: $recovery: others are lost"
done
[ "$(lifetime 28800 | cut -d, -f10)" = 0.258621 ] || complain 'lifetimes.csv: 15 of 58 are 0.258621'
"$tempfail" plot kept -O kept | grep -qx 'kept/lifetimes.svg' || complain 'lifetimes: not drawn'
! "$tempfail" plot kept kept/replayed -O kept 2>both.err || complain 'lifetimes: two kinds in one picture'
"$tempfail" plot kept/replayed -O kept | grep -qx 'kept/queues.svg' || complain 'a replay is not drawn as a run'

# STATUS 'WHAT IS SAID' ARGUMENT...
refuses() {
    status=$1 said=$2
    shift 2
    "$tempfail" replay "$@" -O none >bad.out 2>bad.err
    found=$?
    [ "$found" -eq "$status" ] || complain "$*: exit $found, not $status"
    grep -q -F -e "$said" bad.err || complain "$*: no '$said' in: $(cat bad.err)"
    [ ! -e none ] || complain "$*: files were written"; rm -rf none
    [ ! -s bad.out ] || complain "$*: an answer was given"
}

echo 'not a log' >other.log
refuses 65 'other.log: no Postfix log lines found among 1' other.log
attempt='mx postfix/smtp[1]: A0001AA001: to=<a@d>, relay=none, delay=1, status=deferred (no)'
echo "1970-01-01T00:00:01Z $attempt" >apart.log
echo "2070-01-01T00:00:01Z $attempt" >>apart.log
refuses 65 'apart.log: from the first message to the last line it is 100 years' apart.log
refuses 66 'nowhere.log: ' nowhere.log
refuses 66 'nowhere.log: ' mail.log nowhere.log
refuses 64 "--recovery: 'soon' is none of earliest, middle, latest" mail.log --recovery soon
refuses 64 "--format: 'csv' is none of text, json" mail.log --format csv
: >main.cf
refuses 64 "'.' is no name" mail.log --policy ./
refuses 78 "maximal_queue_lifetime" mail.log -o maximal_queue_lifetime=1.5h
refuses 65 '-: no Postfix log lines found among 0' </dev/null
if script -qec true /dev/null >/dev/null 2>&1; then
    script -qec "$tempfail replay" /dev/null </dev/null | grep -q 'usage: tempfail replay MAILLOG...' ||
        complain 'nothing given, on a terminal: no usage'
fi
exit $failed
