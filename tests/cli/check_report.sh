#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Reports on runs, on a replay and on hostile names: the page is well-formed, needs nothing from
# outside and obeys nobody. usage: check_report.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_report: $*" >&2; failed=1; }

command -v gnuplot >/dev/null || exit 77
rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 2

is_sound() { # PAGE: well-formed, one piece, harmless
    if command -v xmllint >/dev/null; then
        xmllint --noout "$1" || complain "$1: not well-formed"
    fi
    for bad in 'http:' 'https:' 'src=' '<script' '<link' '<img' '<iframe' '@import' '<?xml' 'NaN'; do
        grep -qiF -e "$bad" "$1" && complain "$1: has '$bad'"
    done
    grep -oE 'href=[^ >]*' "$1" | grep -vE "^href='#[a-z_]*-(wide|narrow)-gpPt[0-9]+'" &&
        complain "$1: refers to something else"
    grep -oE 'url\([^)]*\)' "$1" | grep -vE '^url\(#' && complain "$1: refers to something else"
    grep -oE "id=['\"][^'\"]*" "$1" | sort | uniq -d | grep . && complain "$1: has ids twice"
    tail -n 1 "$1" | grep -qx '</html>' || complain "$1: has no end"
    [ "$(LC_ALL=C tr -d '\n\t\f -~\200-\377' <"$1" | wc -c)" -eq 0 ] || complain "$1: control characters"
}

says() { # FILE TEXT
    tr -s '\n ' '  ' <"$1" | grep -qF -e "$2" || complain "$1: does not say '$2'"
}

reports() { # PAGE ARGUMENT...
    page=$1
    shift
    "$tempfail" report "$@" >said 2>err || complain "report $*: exit $?: $(cat err)"
    echo "$page" | cmp -s - said || complain "report $*: said '$(cat said)', not '$page'"
    [ -s err ] && complain "report $*: $(cat err)"
    is_sound "$page"
}

fails() { # STATUS 'WHAT IS SAID' ARGUMENT...
    wanted=$1 what=$2
    shift 2
    "$tempfail" report "$@" >said 2>err
    status=$?
    [ "$status" -eq "$wanted" ] || complain "report $*: exit $status, not $wanted"
    grep -qF -e "$what" err || complain "report $*: said '$(cat err)', not '$what'"
    [ ! -s said ] || complain "report $*: printed something"
}

# ---- several policies ----
"$tempfail" run "$source/scenarios/weekend-outage.conf" --policy stock --policy one-day -O out >/dev/null
reports out/report.html out
verdict='one-day instead of stock: 4.1 % more of all recipients bounce, senders learn of failures 3 d 23 h earlier, 54.1 % fewer attempts.'
says out/report.html "$verdict"
says out/report.html '<tr><th scope="row">maximal_<wbr/>queue_<wbr/>lifetime</th><td>5d</td><td>1d</td></tr>'
[ "$(grep -c '<svg viewBox="0 0 \(860\|380\) ' out/report.html)" -eq 4 ] || complain 'two pictures in two widths'
cp out/report.html first.html
reports out/report.html out
cmp -s first.html out/report.html || complain 'two reports of the same runs differ'
"$tempfail" report out --format text >out.txt || complain "report --format text: exit $?"
says out.txt "$verdict"
awk 'length > 80 { exit 1 }' out.txt || complain 'a line of text is longer than 80 columns'
LC_ALL=C grep -q '[^ -~]' out.txt && complain 'the text has more than printable ASCII'
says out.txt 'maximal_queue_lifetime 5d 1d'
# The causes have the attempts of summary.csv that failed, and the recipients that were given up.
awk -F, '$1 == "expired" || $1 == "bounced" { lost += $3 } END { print lost }' out/stock/summary.csv >lost
awk -F, 'NR > 1 && $2 !~ /\/[bw][0-9]+$/ && $12 != "sent" { n++; lost += $15 == "" } END { print n, lost }' \
    out/stock/attempts.csv >rows
"$tempfail" report out/stock --format text | sed -n '/What attempts failed for/,/How this was/p' | tr -d , |
    awk '$NF ~ /^[0-9]+$/ { n += $(NF - 1); lost += $NF } END { print n, lost }' | cmp -s - rows ||
    complain "causes are not those of attempts.csv: $(cat rows)"
grep -qx ".* $(cat lost)" rows || complain "lost are not those of summary.csv"
reports two/report.html out/one-day out/stock/ -O two
says two/report.html 'stock instead of one-day: 4.1 % fewer of all recipients bounce'

# ---- one, and a replay ----
reports out/stock/report.html out/stock
says out/stock/report.html 'Of 2,569 recipients 95.1 % have their mail'
"$tempfail" replay "$source/tests/truth/09-delay-warning/mail.log.gz" -c "$source/tests/truth/09-delay-warning" \
    -o maximal_queue_lifetime=8h -O replay -q >/dev/null 2>&1 || complain "replay: exit $?"
reports replay/report.html replay
says replay/report.html 'what-if instead of replayed: '
says replay/report.html 'an outage that lasts longer is not in it'
says replay/report.html 'What would a shorter lifetime lose, and when would senders know?'

# ---- classes: as classes.csv has them, of both runs ----
grep -qF 'Which mail is late' out/report.html && complain 'classes of a scenario without'
"$tempfail" run "$source/tests/golden/everything.conf" --replications 2 --policy stock --policy one-day -O classes >/dev/null
reports classes/report.html classes
says classes/report.html '<h2>Which mail is late, and which is lost?</h2>'
for policy in stock one-day; do
    for class in transactional newsletter notice ''; do
        row=$(awk -F, -v class="$class" 'NR > 1 && $2 == class { deadline = $3; n += $4; late += $6; lost += $7 + $8 }
            END { print int(n / 2 + 0.5), deadline == "" ? "-" : int(late / 2 + 0.5), int(lost / 2 + 0.5) }' "classes/$policy/classes.csv")
        tr -d ',\n' <classes/report.html | sed 's/<\/tr>/&\
/g' | sed -n "s/.*<th scope=\"row\">${class:-no class}: $policy<\/th>//p" |
            sed 's/<small>[^<]*<\/small>//g; s/<[^>]*>/ /g; s/  */ /g' >told
        [ "$(wc -l <told)" -eq 1 ] || complain "no single row of '$class' under $policy"
        awk -v row="$row" '{ sub(/ (-|[0-9.]+ [a-z]+( [0-9]+)?)/, ""); if (index($0, " " row " ") != 1) exit 1 }' told ||
            complain "'$class' under $policy: '$(cat told)', not '$row'"
    done
done
"$tempfail" report classes --format text >classes.txt || complain "report --format text: exit $?"
says classes.txt 'transactional: one-day 15 min 00'
sed -i '3s/,86400\.000,/,soon,/' classes/stock/classes.csv
fails 65 "classes/stock/classes.csv:3: 'soon' is no number" classes

# ---- hostile names, titles and texts ----
evil='<b onload="x">&'"'"'
{/Bold}`id`$(id)'
evil=$(printf '%s' "$evil" | tr -d '/\n')
mkdir evil
cp -R out/stock "evil/$evil"
cp -R out/one-day "evil/$(printf 'b\377')"
sed -i 's/"title": .*/"title": "<\/title><script>alert(1)<\/script>\\u001b[31m",/; s/"value": "5d"/"value": "<i onclick=x>"/' "evil/$evil/manifest.json"
sed -i 's/Connection refused/<script>refused/' "evil/$evil/attempts.csv"
reports evil/report.html evil
says evil/report.html '<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;?[31m</title>'
grep -qE '<(b|i) ' evil/report.html && complain 'a name became markup'
"$tempfail" report evil --format text >evil.txt || complain "report --format text: exit $?"
[ "$(LC_ALL=C tr -d '\n -~\200-\377' <evil.txt | wc -c)" -eq 0 ] || complain 'text: control characters'

# ---- what is missing ----
fails 64 'usage: tempfail report'
fails 64 "--format: 'csv' is neither html nor text" out --format csv
fails 64 'goes to the standard output' out --format text -O x
fails 66 'none: No such file' none
fails 66 'no summary.csv in it' two
mkdir half && cp out/stock/summary.csv half
fails 66 'half/manifest.json: No such file' half
cp out/stock/manifest.json half
reports half/report.html half
says half/report.html 'Not known: the folders have no attempts.csv.'
grep -q '<figure>' half/report.html && complain 'a picture of what is not there'

# ---- whole or not at all ----
cp half/report.html before.html
mkdir no-gnuplot && cp -R out/stock half2
fails 66 'half2/manifest.json' half2 half2 half2 "$(rm half2/manifest.json; echo half2)"
cp -R out/stock cut
echo before >cut/report.html
PATH=$work/no-gnuplot "$tempfail" report cut >said 2>err
[ $? -eq 69 ] || complain 'without gnuplot it should be exit 69'
grep -q 'gnuplot is not installed' err || complain "without gnuplot: said $(cat err)"
[ "$(cat cut/report.html)" = before ] || complain 'a report that failed should leave the old one'
find . -name '.*report*' | grep . && complain 'files left beside'
if [ -c /dev/full ]; then
    "$tempfail" report out --format text >/dev/full 2>err
    [ $? -eq 74 ] || complain 'a full disk should be exit 74'
fi
exit $failed
