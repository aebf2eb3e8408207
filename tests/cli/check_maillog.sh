#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run --maillog: the log says what the CSV files say; replay reads it and comes to the same end, and
# pflogsumm counts the same, where it is installed. usage: check_maillog.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_maillog: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$source" || exit 2
weekend=scenarios/weekend-outage.conf everything=tests/golden/everything.conf

figure() { # NAME METRIC...: their sum in summary.csv
    name=$1
    shift
    for metric; do sed -n "s/^$metric,[^,]*,\([^,]*\),.*/\1/p" "$work/$name/summary.csv"; done |
        awk '{ sum += $1 } END { print sum }'
}

# ---- each attempt has its line: queue id, recipient, status, dsn ----
attempts_told() { # NAME; no cell before the text is quoted
    awk -F, 'NR > 1 { sub("suspended", "deferred", $12); print $3, $5, $12, $13 }' "$work/$1/attempts.csv"
}
attempts_logged() { # NAME
    sed -n 's/.*: \([0-9A-Za-z]*\): to=<\([^>]*\)>,.* dsn=\([0-9.]*\), status=\([a-z]*\) (.*)$/\1 \2 \4 \3/p' \
        "$work/$1.log"
}

# ---- replay reads what the run came to, and comes to it again ----
value() { # SECTION METRIC
    grep -o "\"$1\":{.*" "$work/replay.json" | head -n 1 | sed "s/.*\"$1\":{//" |
        grep -o "\"$2\":{\"value\":[0-9.]*" | head -n 1 | sed 's/.*://'
}
check_replay() { # NAME SETTINGS
    "$tempfail" replay "$work/$1.log" -c "$2" --format json | tr -d ' \n' >"$work/replay.json" ||
        complain "$1: replay: exit $?"
    for metric in messages recipients notices attempts sent deferred suspended delivered delivered_at_once \
        bounced expired queued warnings; do
        [ "$(value logged $metric)" = "$(figure "$1" $metric)" ] ||
            complain "$1: $metric: the log has $(value logged $metric), the run $(figure "$1" $metric)"
    done
    # A log does not tell who was first within a second: now and then another one finds a site dead.
    for metric in messages recipients delivered bounced expired queued; do
        [ "$(value replayed $metric)" = "$(figure "$1" $metric)" ] ||
            complain "$1: $metric: replayed $(value replayed $metric), run $(figure "$1" $metric)"
    done
    run=$(figure "$1" attempts) replayed=$(value replayed attempts)
    [ $((replayed * 100)) -gt $((run * 99)) ] && [ $((replayed * 100)) -lt $((run * 101)) ] ||
        complain "$1: attempts: replayed $replayed, run $run"
    grep -q '"on_scan":[0-9]*,"waited":0,"share":1,' "$work/replay.json" || complain "$1: not every retry is on its scan"
}

# ---- pflogsumm counts what summary.csv counts; what bounced, notices too, is not one of those ----
check_pflogsumm() { # NAME
    command -v pflogsumm >/dev/null || return 0
    pflogsumm --detail 0 "$work/$1.log" >"$work/$1.pflogsumm" 2>&1 || complain "$1: pflogsumm: exit $?"
    bounced=$(($(figure "$1" attempts) - $(figure "$1" sent deferred suspended)))
    found=$(sed -n 's/^ *\([0-9]*\) *\(received\|delivered\|bounced\)$/\2 \1/p
                    s/^ *[0-9]* *deferred *(\([0-9]*\) *deferrals)$/deferrals \1/p' "$work/$1.pflogsumm")
    want="received $(figure "$1" messages)
delivered $(figure "$1" sent)
deferrals $(figure "$1" deferred suspended)
bounced $bounced"
    [ "$found" = "$want" ] || complain "$1: pflogsumm has" $found ", the run" $want
}

check() { # NAME SCENARIO SETTINGS OPTION...
    name=$1 scenario=$2 settings=$3
    shift 3
    "$tempfail" run "$scenario" "$@" --maillog "$work/$name.log" -O "$work/$name" >/dev/null ||
        complain "$name: exit $?"
    # Its stamps have no year.
    touch -d 2026-12-01T00:00:00Z "$work/$name.log"
    attempts_told "$name" | LC_ALL=C sort >"$work/told"
    attempts_logged "$name" | LC_ALL=C sort >"$work/logged"
    [ "$(wc -l <"$work/told")" -gt 20000 ] || complain "$name: where are its attempts?"
    cmp "$work/told" "$work/logged" || complain "$name: other attempts than attempts.csv has"
    check_replay "$name" "$settings"
    check_pflogsumm "$name"
}
printf '%s\n' 'delay_warning_time = 4h' 'maximal_queue_lifetime = 1d' 'bounce_queue_lifetime = 12h' >"$work/main.cf"
: >"$work/stock.cf"
check weekend $weekend "$work/stock.cf"
check weekend.long $weekend "$work/stock.cf" --maillog-format rfc3339 -o enable_long_queue_ids=yes
check everything $everything "$work/main.cf"
check everything.rfc3339 $everything "$work/main.cf" --maillog-format rfc3339
grep -qE '^2026-06-01T[0-9:]{8}\.[0-9]{6}\+00:00 localhost postfix/qmgr\[[0-9]+\]: 4g[0-9A-Za-z]{8}z[0-9A-Za-z]+: removed$' \
    "$work/weekend.long.log" || complain 'long ids: where are they?'
command -v pflogsumm >/dev/null || echo 'check_maillog: pflogsumm is not installed: it was not asked'

# ---- it changes nothing else, and is the same each time ----
"$tempfail" run $weekend --maillog "$work/again.log" -O "$work/again" >"$work/with.txt" || complain "again: exit $?"
"$tempfail" run $weekend -O "$work/without" >"$work/without.txt" || complain "without: exit $?"
cmp "$work/again.log" "$work/weekend.log" || complain 'the second log is another'
diff -r "$work/again" "$work/without" >&2 || complain 'with a log other files are written'
cmp "$work/with.txt" "$work/without.txt" || complain 'with a log another summary is printed'

# ---- the host is the one that main.cf names ----
"$tempfail" run $weekend -o myhostname=mx1.example.org --maillog "$work/host.log" >/dev/null || complain "host: exit $?"
grep -qvE '^Jun [ 1][0-9] [0-9:]{8} mx1 postfix/' "$work/host.log" && complain 'host: another one writes'
grep -q 'message-id=<2026[0-9]*\.[0-9A-F]*@mx1.example.org>$' "$work/host.log" || complain 'host: not in message ids'

# ---- whatever is in an address or a reply, a line is a line ----
cat >"$work/hostile.conf" <<'EOF'
duration = 1d
traffic t { arrivals = burst  count = 9  sender = "a\nJun  1 00:00:00 mx postfix/qmgr[1]: 3D09087000: removed\e[2J@s"
            recipients = { "@b\n, status=sent (x.example" } }
site "*" { reply { text = "450 4.2.0 one\ntwo\e[2J" } }
EOF
"$tempfail" run "$work/hostile.conf" --maillog "$work/hostile.log" >/dev/null || complain "hostile: exit $?"
grep -qvaE '^Jan  [12] [0-9:]{8} localhost postfix/[a-z]+\[[0-9]+\]: [0-9A-Fcno]' "$work/hostile.log" && complain 'hostile: a broken line'
LC_ALL=C tr -d '\n\040-\176' <"$work/hostile.log" | grep -q . && complain 'hostile: control characters'
"$tempfail" replay "$work/hostile.log" 2>&1 | grep -q 'delivered  *0  *0$' || complain 'hostile: read as delivered'

# ---- what is refused leaves nothing behind ----
refuses() { # STATUS TEXT OPTION...
    status=$1 text=$2
    shift 2
    "$tempfail" run $weekend --maillog "$work/refused.log" "$@" >/dev/null 2>"$work/refused.txt"
    found=$?
    [ $found -eq "$status" ] || complain "$*: exit $found, not $status"
    grep -q -e "$text" "$work/refused.txt" || complain "$*: it says $(cat "$work/refused.txt")"
    [ ! -e "$work/refused.log" ] || complain "$*: a log is left"
}
refuses 64 'give one --policy' --policy stock --policy one-day
refuses 64 'leave out --replications' --replications 2
refuses 64 'traditional, rfc3339' --maillog-format rfc822
refuses 73 'none/x.log' --maillog "$work/none/x.log"
refuses 73 'is no file' --maillog "$work"
refuses 73 'is no file' --maillog /dev/null
refuses 64 'name a file' --maillog -
refuses 78 'queue_run_delay' -o queue_run_delay=0
exit $failed
