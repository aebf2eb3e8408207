#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run --snapshot: the listings hold what messages.csv says was there, change nothing else, and take
# any address. usage: check_snapshot.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_snapshot: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$source" || exit 2
weekend=scenarios/weekend-outage.conf

# ---- each message that has come and is not gone, and no other ----
# No cell of these files is quoted: arrival_s is the fifth, end_s the last but one.
expected_ids() { # DIR SECONDS
    awk -F, -v t="$2" 'NR > 1 && $1 == 0 && $5 <= t && ($(NF - 1) == "" || $(NF - 1) > t) { print $3 }' \
        "$1/messages.csv" | LC_ALL=C sort
}
listed_ids() { # LISTING
    grep -E '^[0-9A-F]{6}' "$1" | sed 's/[ *!#].*//' | LC_ALL=C sort
}
check_listing() { # DIR NAME SECONDS
    expected_ids "$1" "$3" >"$work/expected"
    listed_ids "$1/$2.postqueue-p.txt" >"$work/listed"
    cmp "$work/expected" "$work/listed" || complain "$1: $2: other messages than messages.csv has"
    sed 's/.*"queue_id": "\([^"]*\)".*/\1/' "$1/$2.postqueue-j.jsonl" | LC_ALL=C sort | cmp - "$work/listed" ||
        complain "$1: $2: -j has other messages than -p"
    recipients=$(cat "$1/$2.qshape.txt" "$1/$2.qshape-deferred.txt" | awk '$1 == "TOTAL" { n += $2 } END { print n }')
    for queue in "incoming active" deferred; do
        [ "$queue" = deferred ] && table=qshape-deferred || table=qshape
        sed -n '2,$p' "$1/$2.$table.txt" | awk '{ $1 = $1; print }' >"$work/table"
        awk -F, -v t="$3" -v queue="$queue" -v OFS=" " '$1 == t && $2 == queue { $1 = $2 = ""; print substr($0, 3) }' \
            "$1/qshape.csv" | diff "$work/table" - >&2 || complain "$1: $2: qshape.csv has another table of $queue"
    done
    [ "$(grep -o '"address"' "$1/$2.postqueue-j.jsonl" | wc -l)" -eq "$recipients" ] ||
        complain "$1: $2: qshape has $recipients recipients, -j others"
}
"$tempfail" run $weekend --snapshot end --snapshot 5d --snapshot 2d --snapshot 48h -O "$work/weekend" \
    >"$work/weekend.txt" || complain "weekend: exit $?"
check_listing "$work/weekend" snapshot-0000172800 172800
check_listing "$work/weekend" snapshot-0000432000 432000
check_listing "$work/weekend" snapshot-end 1209600
[ "$(listed_ids "$work/weekend/snapshot-0000432000.postqueue-p.txt" | wc -l)" -gt 50 ] ||
    complain 'weekend: where is the mail that waits?'
echo 'Mail queue is empty' | cmp - "$work/weekend/snapshot-end.postqueue-p.txt" || complain 'weekend: it ends empty'
[ "$(find "$work/weekend" -name 'snapshot-*' | wc -l)" -eq 12 ] || complain 'weekend: 3 moments, 4 files each'
head -n 4 "$work/weekend/snapshot-0000172800.postqueue-p.txt" >"$work/first"
cat >"$work/want" <<'END'
-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------
0B2E391000    10000 Mon Jun  1 05:04:38  office@sender.example
            (connect to mx.closed.example[192.0.2.188]:25: Connection refused)
                                         office.17@closed.example
END
diff "$work/want" "$work/first" >&2 || complain 'weekend: another first message'

everything=tests/golden/everything.conf
"$tempfail" run $everything --replications 2 --snapshot 7800s --snapshot 30h --snapshot end -O "$work/everything" \
    >/dev/null || complain "everything: exit $?"
check_listing "$work/everything" snapshot-0000007800 7800
check_listing "$work/everything" snapshot-0000108000 108000
check_listing "$work/everything" snapshot-end 172800

# ---- nothing else changes; the first replication is the one that is looked at ----
"$tempfail" run $weekend -O "$work/plain" >"$work/plain.txt"
cmp "$work/plain.txt" "$work/weekend.txt" || complain 'the summary changes'
for file in "$work"/plain/*; do
    cmp "$file" "$work/weekend/${file##*/}" || complain "${file##*/} changes"
done
"$tempfail" run $everything --snapshot 30h -O "$work/once" >/dev/null
for file in "$work"/once/snapshot-*; do
    cmp "$file" "$work/everything/${file##*/}" || complain "${file##*/}: not of the first replication"
done

# ---- what an earlier run left is not taken for this one's ----
"$tempfail" run $everything --snapshot end -O "$work/again" >/dev/null
[ -e "$work/again/qshape.csv" ] && [ -e "$work/again/classes.csv" ] || complain 'everything: what is missing?'
"$tempfail" run $weekend -O "$work/again" >/dev/null
[ ! -e "$work/again/qshape.csv" ] || complain 'qshape.csv is of another run'
[ ! -e "$work/again/classes.csv" ] || complain 'classes.csv is of another run'

# ---- to the terminal, and of several policies ----
"$tempfail" run $weekend --snapshot end --snapshot 2d >"$work/printed.txt" || complain "printed: exit $?"
{
    cat "$work/plain.txt"
    for name in 0000172800 end; do
        [ $name = end ] && seconds=1209600 || seconds=172800
        printf '\nsnapshot %s\n' "$seconds"
        cat "$work/weekend/snapshot-$name.postqueue-p.txt"
    done
} | cmp - "$work/printed.txt" || complain 'without -O the listings should follow the summary'
"$tempfail" run $weekend --policy stock --policy one-day --snapshot 5d -O "$work/both" >/dev/null
cmp "$work/both/stock/snapshot-0000432000.postqueue-p.txt" "$work/weekend/snapshot-0000432000.postqueue-p.txt" ||
    complain 'a policy should have its own listing'
[ "$(wc -l <"$work/both/one-day/snapshot-0000432000.postqueue-p.txt")" -lt \
    "$(wc -l <"$work/both/stock/snapshot-0000432000.postqueue-p.txt")" ] ||
    complain 'after five days less should wait under one-day'
"$tempfail" run $weekend -o enable_long_queue_ids=yes --snapshot 2d |
    grep -qxF -e '----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------' ||
    complain 'enable_long_queue_ids should widen the listing'

# ---- drawn where all runs were looked at ----
drawn() { "$tempfail" plot "$@" -O "$work/pictures" | grep -c '/qshape.svg$'; }
if command -v gnuplot >/dev/null; then
    [ "$(drawn "$work/both/stock" "$work/both/one-day")" -eq 1 ] || complain 'qshape is not drawn'
    grep -qF '>one-day, after 5.0 d, deferred: ' "$work/pictures/qshape.svg" || complain 'qshape: no one-day'
    [ "$(drawn "$work/both/stock" "$work/plain")" -eq 0 ] || complain 'qshape of a run that was not looked at'
    cp -R "$work/both/stock" "$work/half" && rm "$work/half/timeline.csv"
    "$tempfail" plot "$work/half" "$work/plain" -O "$work/pictures" 2>"$work/half.err"
    [ $? -eq 66 ] || complain 'half a run beside a whole one should be exit 66'
    grep -q 'half/timeline.csv: No such file' "$work/half.err" || complain "half a run: $(cat "$work/half.err")"
    rm "$work/both/stock/ages.csv"
    "$tempfail" plot "$work/both/stock" -O "$work/pictures" 2>"$work/half.err"
    [ $? -eq 66 ] || complain 'a plot of half a run should be exit 66'
    grep -q 'stock/ages.csv: No such file' "$work/half.err" || complain "half a run: $(cat "$work/half.err")"
fi

# ---- what cannot be ----
refuses() { # 'WHAT IS SAID' ARGUMENT...
    said=$1
    shift
    "$tempfail" run $weekend "$@" >"$work/bad.out" 2>"$work/bad.err"
    [ $? -eq 64 ] || complain "$*: should be exit 64"
    grep -qF -e "$said" "$work/bad.err" || complain "$*: said $(cat "$work/bad.err")"
    [ ! -s "$work/bad.out" ] || complain "$*: printed something"
}
refuses "'soon' is neither 'end' nor a duration" --snapshot soon
refuses "'1ms' is neither 'end' nor a duration in whole seconds" --snapshot 1ms
refuses "'-1d' is neither" --snapshot=-1d
refuses '1209601 s are beyond the end of the run, at 1209600 s' --snapshot 1209601s
refuses 'needs -O' --snapshot 2d --format csv
# shellcheck disable=SC2046 # thirteen options
refuses 'at most 12' $(for day in 0 1 2 3 4 5 6 7 8 9 10 11 12; do echo "--snapshot ${day}d"; done)
"$tempfail" run $weekend --snapshot 2d --snapshot 14d -O "$work/weekend/attempts.csv/no" >/dev/null 2>&1
[ $? -eq 73 ] || complain 'a folder that cannot be made should be exit 73'
timeout -s INT --preserve-status 0.5 "$tempfail" run $weekend --replications 100000 --snapshot 2d --snapshot end \
    -O "$work/cut" >/dev/null
[ $? -eq 130 ] || complain 'an interrupted run should be exit 130'
find "$work/cut" -type f | grep . && complain 'an interrupted run left files'

# ---- hostile text ----
cat >"$work/trace.conf" <<'END'
# any address
start = 2026-06-01T00:00Z
duration = 1h
traffic t { arrivals = trace  file = "trace.csv" }
site "x\".example" { reply { text = "450 4.2.0 \"no\"\\ way" } }
site "*" { outage { for = never } }
END
printf '%s\n' 'id,time_s,sender,recipient,size_bytes' '1,0,"""a\""@s.example","b""@x"".example",2000' \
    "2,1,,$(printf 'c\033[2J@y.example'),48" >"$work/trace.csv"
"$tempfail" run "$work/trace.conf" --snapshot end -O "$work/trace" >/dev/null || complain "hostile: exit $?"
cat >"$work/want" <<'END'
"sender": "\"a\\\"@s.example", "recipients": [{"address": "b\"@x\".example", "delay_reason": "host mx.x\".example[
END
grep -qF -f "$work/want" "$work/trace/snapshot-end.postqueue-j.jsonl" || complain 'hostile: quotes in -j'
cat "$work/trace"/snapshot-end.* | LC_ALL=C tr -d '\n' | LC_ALL=C grep -q '[[:cntrl:]]' &&
    complain 'hostile: control characters in a listing'
exit $failed
