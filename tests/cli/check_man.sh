#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual page tells what there is: its synopsis is the program's usage, its lists are what the
# program lists and writes, its examples run. usage: check_man.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
page="$source/docs/tempfail.1"
failed=0
complain() { echo "check_man: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 2

# What a reader of the page may try: his server is a small log under Postfix's defaults.
ln -s "$source/scenarios/weekend-outage.conf" .
cp "$source/tests/cli/replay/mail.log" . && touch -d 2026-06-01T12:00:00Z mail.log
: >main.cf
sed -n 's/^\$ tempfail //p' "$page" | sed 's|/var/log/||; s|/etc/postfix|.|' >examples
[ -s examples ] || complain 'no examples'
while read -r arguments; do
    eval "\"\$tempfail\" $arguments" >/dev/null </dev/null || complain "example: tempfail $arguments: exit $?"
done <examples

sed -n '/^\.Bd -literal -offset indent/,/^\.Ed/p' "$page" | grep -v '^\.' >example.conf
"$tempfail" run example.conf >/dev/null || complain "the scenario: exit $?"

mandoc -T lint -W warning "$page" >&2 || complain 'mandoc has warnings'
# Plain text, a paragraph a line.
mandoc -T ascii -O width=1000 "$page" | sed "s/.$(printf '\b')//g" | tr -s ' ' >page.txt
has() { # WHAT 'TEXT'
    grep -qF -e "$2" page.txt || complain "$1: not in the page: $2"
}
has_list() { # WHAT 'NAME: ' NAMES..., in their order
    what=$1 list=$2
    shift 2
    [ $# -gt 0 ] || complain "$what: the program has none"
    list="$list$1" && shift
    for name; do list="$list, $name"; done
    has "$what" "$list."
}

# ---- commands and options ----
for command in $("$tempfail" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    usage=$("$tempfail" "$command" --no-such-option 2>&1 | sed -n '/^usage: /,$p' | tr -s ' \n' ' ')
    usage=${usage#usage: } usage=${usage% }
    grep -qxF -e " $usage" page.txt || complain "synopsis: not '$usage'"
    grep -q "^ $command [a-z]" page.txt || complain "description: no '$command'"
    for option in $(echo "$usage" | grep -oE -e '-(-[a-z-]+|[a-zA-Z] )'); do
        grep -qE -e "^ $option( |\$)" page.txt || complain "options: no '$option'"
    done
done
for option in $(sed -n "s/^\.It Fl -*\([a-zA-Z-]*\).*/\1/p" "$page"); do
    grep -qE -e "[[ ]--?$option( |])" page.txt || complain "options: no command has '$option'"
done

# ---- what a scenario may name: "outage: at, for, how, text" ----
"$tempfail" models >models.txt
awk '/^[a-z]/ { of = $1; listed = of == "operations," || of == "failures," || of == "class" || of == "traffic" }
     /^  [a-z]/ && listed { print "\n" $1 ": " }
     /^      [a-z]/ && listed { print $1 }' models.txt |
    awk 'BEGIN { RS = "" } { list = $1 " " $2; for (i = 3; i <= NF; i++) list = list ", " $i; print list }' >lists
[ "$(wc -l <lists)" -gt 20 ] || complain 'models: where are failures and traffic?'
while read -r list; do
    grep -qxF -e " $list" page.txt || complain "models: not in the page: $list"
done <lists
for form in $(sed -n '/^distributions/,/^$/s/^  \([a-z]*\)(.*/\1/p' models.txt); do has distribution "$form("; done
# shellcheck disable=SC2046
has_list policies 'comes with the program: ' $(cd "$source/scenarios/policies" && ls -- *.cf | sed "s/\.cf$//")
for scenario in "$source"/scenarios/*.conf; do
    grep -q "^\.It Pa $(basename "$scenario")\$" "$page" || complain "scenarios: not in the page: $scenario"
done
for scenario in $(sed -n '/^These come with the program, in/,/^\.El/s/^\.It Pa //p' "$page"); do
    [ -e "$source/scenarios/$scenario" ] || complain "scenarios: in the page, and not there: $scenario"
done

# ---- what is written ----
"$tempfail" replay mail.log -o delay_warning_time=1h -O replay >/dev/null
"$tempfail" fit mail.log -O fit >/dev/null
"$tempfail" infer mail.log -O infer >/dev/null
"$tempfail" schedule -O schedule >/dev/null
"$tempfail" compare weekend-outage.conf --policy one-day --replications 2 -O compare >/dev/null
"$tempfail" run "$source/tests/golden/everything.conf" --snapshot end -O classes >/dev/null
for file in schedule/*.csv compare/*.csv classes/classes.csv classes/qshape.csv replay/*.csv replay/replayed/*.csv replay/what-if/lost.csv \
    fit/*.csv infer/*.csv; do
    grep -qx -e " $(basename "$file")" page.txt || complain "files: no $(basename "$file")"
    # shellcheck disable=SC2046 # one word a column
    has_list "$file" 'Columns: ' $(sed -n '1s/,/ /gp' "$file")
done
first_cells() { awk -F, 'NR > 1 && !seen[$1]++ { print $1 }' "$@"; }
# shellcheck disable=SC2046
has_list metrics 'Metrics: ' $(first_cells replay/replayed/summary.csv)
# shellcheck disable=SC2046
has_list histograms 'Metrics: ' $(first_cells replay/replayed/histograms.csv)
keys() { sed -n 's/^  "\([a-z_0-9]*\)".*/\1/p' "$@"; }
"$tempfail" run weekend-outage.conf -O weekend >/dev/null
# shellcheck disable=SC2046
has_list manifest.json 'What was run: ' $(keys weekend/manifest.json)
# shellcheck disable=SC2046
has_list compare.json 'What was compared: ' $(keys compare/compare.json)
"$tempfail" sweep weekend-outage.conf --vary maximal_queue_lifetime=1d,5d --replications 1 -q -O sweep >/dev/null 2>&1
# shellcheck disable=SC2046
has_list sweep.json 'Which sweep it is: ' $(keys sweep/sweep.json)
"$tempfail" replay mail.log --format json >replay.json
# shellcheck disable=SC2046
has_list json '--format json prints ' $(keys replay.json)
"$tempfail" infer mail.log --format json >infer.json
# shellcheck disable=SC2046
has_list infer 'infer --format json prints ' $(keys infer.json)
# shellcheck disable=SC2046
has infer "has the columns $("$tempfail" infer mail.log --format csv | sed -n '1s/,/, /gp')"
"$tempfail" fit mail.log --format json >fit.json
# shellcheck disable=SC2046
has_list json '--format json prints ' $(keys fit.json)
for picture in pictures/*.svg; do has plot "$(basename "$picture" .svg)"; done
exit $failed
