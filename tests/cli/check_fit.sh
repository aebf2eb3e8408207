#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How long sites stay away, by a log: what is written can be run and drawn; what a log says, however
# hostile, is text; and what bad ones are told. usage: check_fit.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_fit: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 2

# Thirty sites refuse at first, and every fifth for good.
line() { # SECOND ID DOMAIN STATUS REASON
    printf '2026-06-01T%02d:%02d:%02dZ mx postfix/smtp[1]: %s: to=<u@%s>, relay=%s, delay=%d, delays=%d/0/0/0, dsn=4.4.1, status=%s (%s)\n' \
        $(($1 / 3600)) $(($1 / 60 % 60)) $(($1 % 60)) "$2" "$3" "$6" "$1" "$1" "$4" "$5"
}
for site in $(seq 1 30); do
    refused="connect to mx.s$site.example[192.0.2.1]:25: Connection refused"
    line 0 "A0001AA$((100 + site))" "s$site.example" deferred "$refused" none
    line $((200 + 40 * site)) "A0001AA$((100 + site))" "s$site.example" deferred "$refused" none
    [ $((site % 5)) -eq 0 ] ||
        line $((300 + 60 * site)) "A0001AA$((100 + site))" "s$site.example" sent '250 2.0.0 Ok' 'mx[192.0.2.1]:25'
done | sort >mail.log

"$tempfail" fit mail.log -O out >fit.txt || complain "exit $?"
grep -q '^refused   site                         30        24 ' fit.txt || complain 'text: not 30 spells, 24 over'
grep -q '^  never .*)\*' fit.txt || complain 'text: "never" is not marked as extrapolated'
grep -q '^dns: the log cannot say: there were none' fit.txt || complain 'text: dns'
awk 'length > 80 { exit 1 }' fit.txt || complain 'text: more than 80 columns'
"$tempfail" fit mail.log --format csv | cmp - out/fit.csv || complain 'csv: not fit.csv'
"$tempfail" fit --format json <mail.log | grep -q '"spells": 30' || complain 'json, from standard input'
"$tempfail" fit mail.log -O again >/dev/null && diff -r out again >&2 || complain 'another answer the second time'
"$tempfail" run out/fitted.conf --seed 1 >run.txt || complain "fitted.conf: exit $?"
grep -q '^delivered ' run.txt || complain 'fitted.conf: no summary'
"$tempfail" run out/fitted.conf --policy stock --policy one-day >/dev/null || complain 'fitted.conf: policies'
if command -v gnuplot >/dev/null; then
    "$tempfail" plot out -O pictures | grep -q survival.svg || complain 'plot: no survival.svg'
    "$tempfail" plot out --terminal dumb | grep -q 'refused' || complain 'plot: no text'
    "$tempfail" plot out again 2>plot.err && complain 'plot: two fits'
    grep -q 'one at a time' plot.err || complain "plot: $(cat plot.err)"
fi

# Names that other languages would run.
refused='connect to mx[192.0.2.1]:25: Connection refused'
{
    cat mail.log
    line 5000 A0001BB001 "x\"} site \"*\" {" deferred "$refused" none
    line 5000 A0001BB002 '`touch here`' deferred "$refused" none
    line 5000 A0001BB003 '${HOME}' deferred "$refused" none
    line 5000 A0001BB004 "=cmd|' /C calc'!A0" deferred "$refused" none
    line 5000 A0001BB005 '<script>system("touch here")</script>' deferred "$refused" none
} >hostile.log
"$tempfail" fit hostile.log -O hostile >/dev/null || complain "hostile: exit $?"
"$tempfail" run hostile/fitted.conf >/dev/null || complain "hostile fitted.conf: exit $?"
[ "$(grep -c '^site ' hostile/fitted.conf)" -eq 30 ] || complain 'hostile: other sites than the thirty'
grep -q 'touch\|HOME\|cmd\|script' hostile/fitted.conf hostile/fit.csv hostile/survival.csv && complain 'hostile: a name got through'
[ ! -e here ] || complain 'hostile: it was run'

# STATUS 'WHAT IS SAID' ARGUMENT...
refuses() {
    status=$1 said=$2
    shift 2
    "$tempfail" fit "$@" -O none >bad.out 2>bad.err
    found=$?
    [ "$found" -eq "$status" ] || complain "$*: exit $found, not $status"
    grep -q -F -e "$said" bad.err || complain "$*: no '$said' in: $(cat bad.err)"
    [ ! -e none ] || complain "$*: files were written"; rm -rf none
}
echo 'not a log' >other.log
refuses 65 'other.log: no Postfix log lines found among 1' other.log
echo '2026-06-01T00:00:01Z mx postfix/qmgr[1]: A0001AA001: removed' >empty.log
refuses 65 'empty.log: 1 lines of Postfix, but no message with a dated answer in them' empty.log
{
    line 1 A0001AA001 d.example deferred "$refused" none
    line 1 A0001AA001 d.example deferred "$refused" none | sed 's/^2026/2126/'
} >apart.log
refuses 65 'apart.log: from the first message to the last line it is 100 years' apart.log
refuses 66 'nowhere.log: ' nowhere.log
refuses 64 "--format: 'xml' is none of text, csv, json" mail.log --format xml
exit $failed
