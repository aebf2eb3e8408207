#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# next: what it says of a queue that run --snapshot listed is what that run then did; and what bad
# listings are told. usage: check_next.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_next: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 2
start=$(date -u -d 2026-06-01T00:00Z +%s)
instant() { date -u -d "@$((start + $1))" +%Y-%m-%dT%H:%M:%SZ; } # SECONDS

# ---- what the run did: for each deferred message of the listing, against the CSV of next ----
# attempts.csv has no quoted cell before the ninth, messages.csv none at all.
compare() { # RUN SECONDS NEXT.CSV EXACT: 1 where the next attempt is to be known to the second
    awk -F, -v now="$2" -v exact="$4" '
        function floor(x) { return x >= 0 || x == int(x) ? int(x) : int(x) - 1 }
        function bad(what) { print what ": " $0; worse = 1 }
        FNR == 1 { file++; next }
        file == 1 && $8 > now {
            if (!($3 in first) || $8 < first[$3]) first[$3] = $8
            if (!(($3, $7) in tried)) { tried[$3, $7] = 1; tries[$3]++ }
            last[$3] = $8
            end[$3] = $9
        }
        file == 2 { final[$3] = $NF }
        file == 3 && $2 == "deferred" && $1 in first {
            at = floor(first[$1])
            if (at < now + $4 || at > now + $5) bad("tried at " at)
            if (exact && $4 != $5) bad("not exact")
            count++
            if (final[$1] != "expired") next
            expired++
            if (floor(end[$1]) < now + $7 || floor(last[$1]) > now + $8)
                bad("expired at " end[$1])
            if ($11 == "expired" && tries[$1] > 1) bad("was to expire at once")
            if (instant_sites && (tries[$1] < $6 || tries[$1] > $10)) bad("tried " tries[$1])
        }
        END { print count + 0, expired + 0; exit worse }
    ' instant_sites="$instant_sites" "$1/attempts.csv" "$1/messages.csv" "$3" >"$3.said" ||
        { complain "$1 at $2 s, $3:"; head -n 5 "$3.said" >&2; }
    tail -n 1 "$3.said" >>counts
    grep -qx '0 .*' "$3.said" && complain "$1 at $2 s, $3: nothing to compare"
}

# A deferred queue as the run left it: each file has the time stamp of its last attempt.
lay_queue() { # RUN SECONDS
    rm -rf spool
    for digit in 0 1 2 3 4 5 6 7 8 9 A B C D E F; do mkdir -p spool/deferred/$digit; done
    awk -F, -v now="$2" 'FNR > 1 && $9 <= now && $NF != "" { stamp[$3] = $NF }
        END { for (id in stamp) print id, stamp[id] }' "$1/attempts.csv" |
        while read -r id stamp; do
            touch -d "@$((start + stamp))" "spool/deferred/${id%"${id#?}"}/$id"
        done
}

predict() { # NAME EXACT OPTION...: of $run at $seconds
    name=$1 exact=$2
    shift 2
    "$tempfail" next "$run/snapshot-$(printf %010d "$seconds").postqueue-j.jsonl" --now "$(instant "$seconds")" \
        --format csv "$@" >"$run/$name" 2>"$run/said" || complain "$run: next: exit $?"
    compare "$run" "$seconds" "$run/$name" "$exact"
}

# ---- random scenarios: sites that refuse, and others that take their time ----
cat >alone.cf <<'END'
initial_destination_concurrency = 10000
default_destination_concurrency_limit = 0
default_destination_concurrency_failed_cohort_limit = 0
default_process_limit = 10000
END
for seed in 1 2 3 4; do
    luck() { echo $(($1 + (seed * 7919 + $3 * 104729) % 1009 * ($2 - $1) / 1009)); } # FROM TO WHICH
    phase=$(luck 0 900 1) instant_sites=$((seed % 2))
    [ $instant_sites -eq 1 ] && latency= || latency='latency { rcpt = "uniform(0, 50)"  greeting = 7 }'
    latency=$(echo "$latency" | sed 's/50)/50s)/; s/7 /7s /')
    {
        cat alone.cf
        echo "queue_run_delay = $(luck 30 900 2)"
        echo "minimal_backoff_time = $(luck 60 1500 3)"
        echo "maximal_backoff_time = $(luck 600 6000 4)"
        echo "maximal_queue_lifetime = $(luck 3000 90000 5)s"
        echo "bounce_queue_lifetime = $(luck 1000 3000 6)s"
    } >"main$seed.cf"
    cat >"random$seed.conf" <<END
start = 2026-06-01T00:00Z
duration = 4d
seed = $seed
mta postfix { main_cf = "main$seed.cf"  scan_phase = ${phase}s }
traffic a { arrivals = poisson  rate = 20/h  until = 30h  sender = "a@s.example"  recipients = { "@gone.example", "@late.example" } }
traffic b { arrivals = poisson  rate = 5/h  until = 30h  sender = ""  recipients = { "@gone.example" } }
site "gone.example" { outage { for = never  how = refused } $latency }
site "late.example" { reply { until = 60h  text = "450 4.2.0 not now" } $latency }
site "*" { reply { text = "451 4.3.0 no" } $latency }
END
    "$tempfail" run "random$seed.conf" --snapshot "$(luck 3000 40000 7)s" --snapshot 100000s -O "run$seed" >/dev/null ||
        complain "random$seed: exit $?"
    run=run$seed first_scan=$(instant "$phase")
    for seconds in $(luck 3000 40000 7) 100000; do
        predict next.csv 0 -c "main$seed.cf"
        predict phase.csv 0 -c "main$seed.cf" --phase "$first_scan"
        [ "$seed" -gt 2 ] || [ "$seconds" -eq 100000 ] && continue
        lay_queue "$run" "$seconds"
        predict stamps.csv 0 -c "main$seed.cf" --queue-directory spool
        [ -s "$run/said" ] && complain "$run: $(cat "$run/said")"
        predict exact.csv 1 -c "main$seed.cf" --queue-directory spool --phase "$first_scan"
    done
done
awk '{ seen += $1; expired += $2 } END { print seen + 0, expired + 0; exit !(seen > 1000 && expired > 500) }' counts ||
    complain 'too few messages were compared'

# The queue of the weekend under one day, with the numbers that a person can check: all that is
# older than a day goes at its next retry.
"$tempfail" run "$source/scenarios/weekend-outage.conf" --snapshot 7d -O weekend >/dev/null
listing=weekend/snapshot-0000604800.postqueue-j.jsonl now=2026-06-08T00:00:00Z
older=$(sed 's/.*"arrival_time": \([0-9]*\),.*/\1/' "$listing" | awk -v now=$((start + 604800)) '$1 <= now - 86401 { n++ } END { print n }')
all=$(wc -l <"$listing")
"$tempfail" next --now $now -o maximal_queue_lifetime=1d <"$listing" >weekend.txt 2>/dev/null || complain "weekend: exit $?"
grep -A1 -x 'with maximal_queue_lifetime=1d:' weekend.txt | grep -q "^  $older of $all bounce at their next retry, $older of them within 2 hours$" ||
    complain "weekend: not '$older of $all bounce': $(cat weekend.txt)"
awk 'length($0) > 80 { print; bad = 1 } END { exit bad }' weekend.txt || complain 'weekend: wider than 80 columns'
"$tempfail" next "$listing" --now $now --policy stock --policy one-day --format csv >policies.csv || complain "policies: exit $?"
[ "$(wc -l <policies.csv)" -eq $((3 * all + 1)) ] || complain 'policies: a row for each message and policy'
[ "$(grep -c ',one-day,.*,expired$' policies.csv)" -ge "$older" ] || complain 'policies: one-day should bounce the old'
"$tempfail" next "$listing" --now $now --policy one-day --format json >policies.json || complain "json: exit $?"
if command -v python3 >/dev/null; then
    python3 -c "
import csv, json
j = json.load(open('policies.json')); rows = [r for r in csv.DictReader(open('policies.csv')) if r['policy'] != 'stock']
assert j['now'] == '$now' and len(j['messages']) == len(rows) and len(j['policies']) == 2
for r, m in zip(rows, j['messages']):
    assert r == {k: '' if v is None else str(v) for k, v in m.items()}, (r, m)
assert j['policies'][1]['expire_at_next'] == sum(r['policy'] == 'one-day' and r['if_next_fails'] == 'expired' for r in rows)
" || complain 'json: not what the CSV has'
fi
gzip -c "$listing" >weekend.gz && "$tempfail" next weekend.gz --now $now -o maximal_queue_lifetime=1d 2>/dev/null |
    cmp - weekend.txt || complain 'weekend: compressed, another answer'

# ---- queues of all kinds, and none ----
line() { # QUEUE ID MEMBERS
    echo "{\"queue_name\": \"$1\", \"queue_id\": \"$2\", \"arrival_time\": $start, $3\"sender\": \"a@s\", \"recipients\": [{\"address\": \"b@\$(x)\\u001b[2J<b>\"}]}"
}
{ line maildrop M1 ''; line active A1 ''; line incoming I1 ''; line deferred D1 ''; line hold H1 ''
    line deferred F1 '"forced_expire": true, '; } >kinds
"$tempfail" next kinds --now 2026-06-01T00:00:30Z --format csv >kinds.csv || complain "kinds: exit $?"
cat >want <<'END'
queue_id,queue_name,age_s,next_low_s,next_high_s,attempts_left,expires_low_s,expires_high_s,policy,attempts_left_high,if_next_fails
M1,maildrop,30,0,60,107,432000,436357,present,108,deferred
A1,active,30,0,0,107,431970,436268,present,107,deferred
I1,incoming,30,0,0,107,431970,436268,present,107,deferred
D1,deferred,30,0,598,106,431970,436268,present,107,deferred
H1,hold,30,,,,,,present,,deferred
F1,deferred,30,0,598,0,0,598,present,0,expired
END
diff want kinds.csv >&2 || complain 'kinds: another forecast'
"$tempfail" next kinds --now 2026-06-01T00:00:30Z >kinds.txt || complain "kinds: exit $?"
grep -qx '2026-06-01T00:00:30Z: 6 messages: 2 deferred, 1 active, 1 incoming, 1 maildrop, 1 on hold' kinds.txt ||
    complain 'kinds: another first line'
LC_ALL=C tr -d '\n' <kinds.txt | LC_ALL=C grep -q '[[:cntrl:]]' && complain 'kinds: control characters'
[ "$("$tempfail" next --now 2026-06-01T00:00:30Z </dev/null)" = '2026-06-01T00:00:30Z: 0 messages' ] ||
    complain 'an empty queue is an answer'
"$tempfail" next kinds --now 2026-05-31T00:00Z 2>&1 >/dev/null | grep -q '6 messages came after now' ||
    complain 'messages from the future should be told of'
mkdir -p gone/deferred
"$tempfail" next kinds --queue-directory gone 2>&1 >/dev/null | grep -q 'gone: no file of 2 deferred messages' ||
    complain 'files that are not there should be told of'

# ---- what cannot be ----
refuses() { # STATUS 'WHAT IS SAID' ARGUMENT...
    want=$1 said=$2
    shift 2
    "$tempfail" next "$@" >bad.out 2>bad.err </dev/null
    status=$?
    [ $status -eq "$want" ] || complain "$*: exit $status, not $want"
    grep -qF -e "$said" bad.err || complain "$*: said $(cat bad.err)"
}
printf '%s\n%s\n' '{"queue_name": "hold", "queue_id": "A", "arrival_time": 5}' '{"queue_name": "hold' >cut
echo '-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------' >mailq
refuses 65 'cut:2: no JSON, at its byte' cut
refuses 65 "mailq:1: this is the listing of 'postqueue -p'" mailq
refuses 66 'nothing: No such file' nothing
refuses 66 'no deferred queue in it' kinds --queue-directory "$source"
refuses 64 'usage: tempfail next' kinds kinds
refuses 64 "--now: 'yesterday' is no instant" kinds --now yesterday
refuses 64 "--phase: 'soon' is neither" kinds --phase soon
refuses 64 "--phase: '2026-06-01T99:00Z' is no instant" kinds --phase 2026-06-01T99:00Z
refuses 64 "--format: 'xml' is none of text, csv, json" kinds --format xml
refuses 78 'no_such' kinds -o no_such=1
exit $failed
