#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The settings of a recorded run, from its log: whole, rotated, through a pipe, among another
# server's; and what is said of what is no log. usage: check_infer.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_infer: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 2
truth="$source/tests/truth"
year() { touch -d 2026-06-02T12:00:00Z "$@"; } # the log has none: the file's own time says which

gunzip -c "$truth/09-delay-warning/mail.log.gz" >mail.log && year mail.log
"$tempfail" infer mail.log >whole.txt || complain "exit $?"
for line in 'queue_run_delay *300s  only this *176 scans' 'maximal_backoff_time *4000s ' \
    'maximal_queue_lifetime *16h ' 'bounce_queue_lifetime *? ' 'delay_warning_time *4h '; do
    grep -q "^$line" whole.txt || complain "no '$line'"
done

# Rotated: the shell gives mail.log before mail.log.1.
mkdir rotated
head -n 700 mail.log >rotated/mail.log.1
tail -n +701 mail.log | gzip >rotated/mail.log
year rotated/mail.log rotated/mail.log.1
"$tempfail" infer rotated/mail.log rotated/mail.log.1 | cmp - whole.txt || complain 'rotated logs: another answer'
"$tempfail" infer <mail.log | cmp - whole.txt || complain 'standard input: another answer'
"$tempfail" infer - <mail.log | cmp - whole.txt || complain '-: another answer'

# Two instances that write one log: each has its own answer, that with more retries first.
gunzip -c "$truth/06b-run60-min900-max3600/mail.log.gz" | sed 's| postfix/| postfix-out/|' >out.log
year out.log
"$tempfail" infer out.log mail.log --format csv >both.csv || complain "two instances: exit $?"
awk -F, 'NR > 1 { print $1 ":" $2 "=" $3 }' both.csv >both
sed -n 1p both | grep -qx 'mta postfix-out:queue_run_delay=60' || complain 'two instances: the busy one is not first'
for answer in postfix-out:minimal_backoff_time=900 postfix-out:maximal_backoff_time=3600 \
    postfix:queue_run_delay=300 postfix:delay_warning_time=14400; do
    grep -qx "mta $answer" both || complain "two instances: no $answer"
done
"$tempfail" infer out.log mail.log --format json | tr -d ' \n' |
    grep -q '^{"server":"mtapostfix-out",.*"others":\[{"server":"mtapostfix",' || complain 'two instances: json'

# The gaps are those of the retries that the report counts, and a picture is drawn of them.
"$tempfail" infer mail.log -O gaps | cmp - whole.txt || complain '-O: another answer'
of=$(sed -n 's/^.*: [0-9,]* of \([0-9,]*\) retries.*/\1/p' whole.txt | tr -d ,)
explained=$(sed -n 's/^.*: \([0-9,]*\) of [0-9,]* retries.*/\1/p' whole.txt | tr -d ,)
awk -F, -v of="$of" -v explained="$explained" 'NR > 1 { sum += $5 } $2 == "on_scan" { good += $5; if ($4 < $3 || $4 > $3 + 30) bad++ }
    END { exit !(of > 0 && sum == of && good == explained && !bad) }' gaps/gaps.csv || complain 'gaps.csv: other retries than reported'
"$tempfail" plot gaps -O gaps | grep -qx 'gaps/gaps.svg' || complain 'gaps: not drawn'
refuses_both() { ! "$tempfail" plot gaps gaps -O gaps 2>both.err && grep -q 'infer -O wrote one at a time' both.err; }
refuses_both || complain 'gaps: two logs in one picture'

# What the log tells of a reload stands in the report; a log of nothing else is of no mail.
{ cat mail.log; grep -m1 'daemon started' mail.log | sed 's/^.\{15\}/Jun 01 09:00:00/; s/daemon started/reload/'; } | sort -s -k1,3 >reload.log
year reload.log
"$tempfail" infer reload.log | grep -q '^2026-06-01T09:00:00Z  restart  logged' || complain 'reload: not told'
grep 'daemon started' mail.log >started.log
"$tempfail" infer started.log >bad.out 2>&1 && complain 'started.log: an answer was given'
grep -q 'no message in them' bad.out || complain "started.log: $(cat bad.out)"

# Servers whose names other languages would run, mail from and to such, with NULs and escapes; and
# a line of a megabyte. Nothing is run, and all arrives as text.
escape=$(printf '\033[31m')
hostile='=cmd|%C!A0 `touch${IFS}here` $(touch${IFS}here) "{system(%touch${IFS}here%)}" <script>alert(1)</script> @SUM(1) '"$escape"
for name in $hostile; do
    sed "s#^\(.\{15\}\) mta #\1 $name #; s#from=<[^>]*>#from=<$name@s>#; s#(in reply#($name (in reply#" mail.log
done >hostile.log
{
    sed -n '1,40s|mta.test|a\x00b|p' mail.log
    printf 'Jun  1 01:00:00 mta postfix/smtp[1]: A1: to=<'
    head -c 1000000 /dev/zero | tr '\0' '"'
    echo '>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (no)'
} >>hostile.log
year hostile.log
for format in text csv json; do
    "$tempfail" infer hostile.log -O hostile --format "$format" >hostile.out || complain "hostile, $format: exit $?"
    LC_ALL=C tr -d '\n\040-\176' <hostile.out | grep -q . && complain "hostile, $format: control characters"
    [ $format != csv ] || ! grep -qE '(^|,)"?[=@]' hostile.out || complain "hostile, $format: a formula"
    grep -qF 'touch' hostile.out || complain "hostile, $format: the servers are not told"
done
[ "$(cut -d, -f1 hostile/gaps.csv | sort -u | grep -c .)" -ge 7 ] || complain 'hostile: servers are missing in gaps.csv'
LC_ALL=C tr -d '\n\040-\176' <hostile/gaps.csv | grep -q . && complain 'hostile: control characters in gaps.csv'
grep -qE '(^|,)"?[=@]' hostile/gaps.csv && complain 'hostile: a formula in gaps.csv'
if command -v gnuplot >/dev/null; then
    for terminal in svg dumb; do
        "$tempfail" plot hostile -O hostile --terminal $terminal >hostile.out 2>&1 || complain "hostile, $terminal: $(cat hostile.out)"
        LC_ALL=C tr -d '\n\f\040-\176' <hostile.out | grep -q . && complain "hostile, $terminal: control characters"
    done
    grep -q '<script' hostile/gaps.svg && complain 'hostile: a script in gaps.svg'
fi
[ -z "$(find . -name 'here*')" ] || complain 'hostile: it was run'

# STATUS 'WHAT IS SAID' ARGUMENT...
refuses() {
    status=$1 said=$2
    shift 2
    "$tempfail" infer "$@" >bad.out 2>bad.err </dev/null
    found=$?
    [ "$found" -eq "$status" ] || complain "$*: exit $found, not $status"
    grep -q -F -e "$said" bad.err || complain "$*: no '$said' in: $(cat bad.err)"
    [ ! -s bad.out ] || complain "$*: an answer was given"
}

echo 'not a log' >other.log
echo 'Jun  1 12:00:00 mx postfix/qmgr[1]: nothing of note' >empty.log
refuses 65 'other.log: no Postfix log lines found among 1' other.log
refuses 65 'empty.log: 1 lines of Postfix, but no message in them' empty.log
refuses 66 'none.log' none.log
refuses 64 'xml' mail.log --format xml
refuses 64 'usage: tempfail infer MAILLOG...' mail.log --policy stock

# A log without retries is a log: that nothing is known is the answer.
line='Jun  1 12:00:00 mx postfix/smtp[1]: A0001AA001: to=<a@d>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (no)'
echo "$line" >one.log
"$tempfail" infer one.log >one.txt || complain "one.log: exit $?"
"$tempfail" infer one.log -O none >none.txt && [ "$(wc -l <none/gaps.csv)" -eq 1 ] || complain 'one.log: gaps'
grep -q '^mx postfix: no retries' one.txt || complain 'one.log: retries'
[ "$(grep -c ' ?  ' one.txt)" -eq 7 ] || complain 'one.log: something is known'
exit $failed
