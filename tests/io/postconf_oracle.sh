#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/io/postconf_oracle.sh - main.cf as the real postconf reads it
#
# usage: postconf_oracle.sh PRINT_MAIN_CF [CASES]
#
# Writes main.cf files, made up at random from a fixed seed and a list of nasty
# ones, and compares what print_main_cf and `postconf -x` make of them: the value
# of each parameter, or that both refuse, and then for the same reason.
#
# TEMPFAIL_POSTFIX_ROOT is where a Debian postfix package was unpacked with
# `dpkg -x`. Without it the package is fetched with apt-get; where that fails the
# test is skipped (status 77). Nothing is installed.

set -u
ulimit -c 0
print_main_cf=$1
cases=${2:-600}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

skip()
{
    echo "SKIP: $*"
    exit 77
}

root=${TEMPFAIL_POSTFIX_ROOT:-}
if [ -z "$root" ]; then
    root=$work/root
    mkdir "$work/deb" "$root"
    (cd "$work/deb" && apt-get -qq download postfix >"$work/apt.log" 2>&1 && dpkg -x postfix_*.deb "$root") \
        || skip "no postfix package: set TEMPFAIL_POSTFIX_ROOT to an unpacked one"
fi
postconf=$root/usr/sbin/postconf
LD_LIBRARY_PATH=$root/usr/lib/postfix "$postconf" -d queue_run_delay >"$work/version" 2>&1
grep -q '^queue_run_delay = 300s' "$work/version" \
    || skip "$postconf does not run: $(head -n 1 "$work/version")"

run_postconf()
{
    LD_LIBRARY_PATH=$root/usr/lib/postfix "$postconf" -c "$work/case" -x "$@"
}

# What is asked about. The random files assign to these and to names of their own.
nasty_names="queue_run_delay minimal_backoff_time"
random_names="queue_run_delay minimal_backoff_time maximal_queue_lifetime bounce_queue_lifetime
notify_classes defer_transports fast_flush_domains smtp_connect_timeout"

# A random main.cf. The generator is Lehmer's, so that every awk makes the same.
random_case()
{
    awk -v seed="$1" -v names="$random_names" '
    function below(n) { state = (state * 16807) % 2147483647; return int(state / 2147483647 * n) }
    function one_of(list,   item) { return item[1 + below(split(list, item, "|"))] }
    function blank() { return one_of("|||| |  |\t") }
    function a_name() { return name[1 + (below(12) ? from + below(count - from) : below(count))] }
    function word() {
        return one_of("300s|2h|5d|1h30m|a b|x:y|a?b|$$|$$x|10|9|010|3.10|3.9|2|0|||smtp, relay|=|#|\\|(x)|\"q\"")
    }
    function fault() { return one_of("${|$|${a-b}|}|{|$(|${}|$-|${ }|${?x}|${a b}") }
    function operator() { return one_of("==|!=|<|<=|>=|>|==|<|==level|<level|>=level|=>|=|==x") }
    function braced(depth) { return blank() "{" text(depth) "}" blank() }
    function comparison(depth) {
        return blank() "{" text(depth) "}" blank() operator() blank() "{" text(depth) "}" blank()
    }
    function call(depth,   kind) {
        kind = below(12)
        if (kind < 3) return "$" a_name()
        if (kind == 3) return "${" blank() a_name() blank() "}"
        if (kind == 4) return "$(" a_name() ")"
        if (kind == 5) return "${" a_name() "?" word() "}"
        if (kind == 6) return "${" a_name() ":" text(depth) "}"
        if (kind == 7) return "${" a_name() "?" braced(depth) "}"
        if (kind == 8) return "${" a_name() one_of("?|:|?|?") braced(depth) ":" braced(depth) "}"
        if (kind == 9) return "${" comparison(depth) one_of("?|:") braced(depth) "}"
        if (kind == 10) return "${" comparison(depth) "?" braced(depth) ":" text(depth) "}"
        return "${" comparison(depth) "}"
    }
    function text(depth,   parts, made) {
        for (parts = below(3); parts >= 0; parts--) {
            if (!below(70)) made = made fault()
            else if (depth > 0 && below(2)) made = made call(depth - 1)
            else made = made word()
        }
        return made
    }
    function folded(value) {
        if (!below(3)) gsub(/ /, "\n" one_of(" |\t|#c\n  |\n\n |\r\n "), value)
        return value
    }
    function noise() { return one_of("|||\n|# comment\n| # more\n|  \t \n|#a = b\n|#\n\n") }
    BEGIN {
        state = 1 + seed * 7919
        for (i = 0; i < 5; i++) below(2)
        split(names " one two three four", name, /[ \n]+/)
        for (count = 0; (count + 1) in name; ) count++
        printf "myhostname = mail.example.com\nmydomain=example.com\n"
        for (lines = 4 + below(14); lines > 0; lines--) {
            from = below(count)
            printf "%s%s%s=%s%s%s", noise(), name[1 + from], blank(), blank(), folded(text(3)), blank()
            printf "%s", lines > 1 || below(8) ? one_of("\n|\n|\n|\r\n") : ""
        }
    }'
}

# Nasty ones, in the escapes of printf(1) %b.
nasty_cases()
{
    cat <<'EOF'

\n\n\n
queue_run_delay
queue_run_delay\n
=5\n
 = 5\n
queue_run_delay 300s\n
queue run delay = 5\n
queue_run_delay :=5\n
queue_run_delay==5\n
queue_run_delay=a=b=c
queue_run_delay=1\nqueue_run_delay=2\n
queue_run_delay=1\nqueue_run_delay=1\n
queue_run_delay=1\n#a\nqueue_run_delay=\n 2\n#b\n#c\nx=1\nqueue_run_delay=4
#\nqueue_run_delay\n 1\n#a\nx=1\n
  queue_run_delay=1\nminimal_backoff_time=2\n
\n \n\r\n\tqueue_run_delay=1\n 2\nminimal_backoff_time=2
 1234567890123456789012345678901234567890\nqueue_run_delay=2\n
queue_run_delay=1 # no comment\n
queue_run_delay=1\n#c\n\t\n#c2\n 2\n\n #x\n 3\nminimal_backoff_time=y\n
queue_run_delay = \t x\\\\\n \t y \r\n\tz\n
queue_run_delay=5\r\nminimal_backoff_time=6\r\n
queue_run_delay\r\n=5\n
queue_run_delay=a\v\f\nminimal_backoff_time=b\n
\fqueue_run_delay=a\n
queue_run_delay=a\n\fb\n\vc\n
queue_run_delay=a\0000b\nminimal_backoff_time=c\n
queue_run_delay=a\n \0000b\n c\nminimal_backoff_time=d\n
queue\0000_run_delay=a\n
\0000queue_run_delay=a\n
queue_run_delay=\0000\n
#\0000\nqueue_run_delay=5\n
\0357\0273\0277queue_run_delay=4\n
queue_run_delay=\0351\0240 b \0205\n
queue_run_delay=\0001\0177x\nqueue_run_delay=2\n
queue_run_delay=$
queue_run_delay=a$
queue_run_delay=$$
queue_run_delay=$$$
queue_run_delay=$$$$a$$
queue_run_delay=$ a
queue_run_delay=$-
queue_run_delay=$$x\nx=3
one=$$two\ntwo=3\nqueue_run_delay=$one
queue_run_delay=${
queue_run_delay=${}
queue_run_delay=$()
queue_run_delay=${ }
queue_run_delay=${ \t one \r }\none=1
queue_run_delay=${one two}
queue_run_delay=${one
queue_run_delay=$(one
queue_run_delay=$(one}
queue_run_delay=${one)
queue_run_delay=$(one{)
queue_run_delay=$({1} == {1})
queue_run_delay=$(one?{(})\none=1
queue_run_delay=$(one?(a)b)\none=1
queue_run_delay=${?a}
queue_run_delay=${:a}
queue_run_delay=${ :b}
queue_run_delay=${one?a:b}|${one?a}|${one:b}\none=1
queue_run_delay=${one??a}|${one:?a}|${two::b}\none=1
queue_run_delay=${one?${one}:4000s}\none=2h
queue_run_delay=${one?{a}}|${one:{b}}|${two?{a}}|${two:{b}}\none=1
queue_run_delay=${one ? a }|${one\t:\tb}|${two : b }\none=1
queue_run_delay=${one?{a}:{b}}|${two?{a}:{b}}|${one?{a}:b}|${two?{a}:b c}\none=1
queue_run_delay=${one? {a} : {b} }|${two? {a} : {b} }\none=1
queue_run_delay=${one:{a}:{b}}
queue_run_delay=${one:{a}:{b}}\none=1
queue_run_delay=${one?{a} b}\none=1
queue_run_delay=${one?{a} b}
queue_run_delay=${one?{a}:{b} b}
queue_run_delay=${one?{a}:{b}:{c}}
queue_run_delay=${one?{a}b:{c}}\none=1
queue_run_delay=${one?{a}:}|${one?}|${one:}|${one?:}\none=1
queue_run_delay=${one?{{a}}:{{b}}}\none=1
queue_run_delay=${one?a{b}c}\none=1
queue_run_delay=${one?{a}}}\none=1
queue_run_delay=${one?{$x}:{${}}}
queue_run_delay=${one?{${}}:{b}}
queue_run_delay=${one?${two?${three?x}}}\none=1\ntwo=1\nthree=1
queue_run_delay=${{1} == {1}}|${{1} == {2}}|${{1}!={2}}|${{}=={}}
queue_run_delay=${{10} < {9}}|${{10} < {9a}}|${{10} > {9}}|${{a} > {B}}|${{\0351} > {z}}
queue_run_delay=${{10} <= {010}}|${{10} >= {10}}|${{10} == {0010}}|${{10} != {0x10}}
queue_run_delay=${{} < {0}}|${{ 1} == {1}}|${{1 } == {1}}|${{+1} == {1}}|${{-1} < {1}}
queue_run_delay=${{4294967296} == {0}}|${{9223372036854775807} > {9223372036854775806}}
queue_run_delay=${{9223372036854775808} > {0}}
queue_run_delay=${{99999999999999999999} == {x}}
queue_run_delay=${{1} == {1}?{a}:{b}}|${{1} == {2} ? {a} : {b} }|${{1} == {2}?{a}:b}
queue_run_delay=${{1} == {1}:a}|${{1} == {2}:a}|${{1} == {1}?a}|${{1} == {1}? a}
queue_run_delay=${{1} == {1} x}
queue_run_delay=${{1} == {1}} x}
queue_run_delay=${{1} => {1}}
queue_run_delay=${{1} = {1}}
queue_run_delay=${{1} {1}}
queue_run_delay=${{1}}
queue_run_delay=${{1} ==}
queue_run_delay=${{1} == 1}
queue_run_delay=${{1} == {1}
queue_run_delay=${{1 == 1}}
queue_run_delay=${{1} ==foo {1}}
queue_run_delay=${{1} ==level1 {1}}
queue_run_delay=${{1} == level {1}}
queue_run_delay=${{3.10} >level {3.9}}|${{3.10} > {3.9}}|${{3} ==level {3.0.0}}
queue_run_delay=${{3} <level{3.0.1}?{a}:b}|${{ +3. 9} <=level {3.09}}|${{-0} ==level {0}}
queue_run_delay=${{x} >level {3.9}}
queue_run_delay=${{3.} >level {3}}
queue_run_delay=${{3.1024} >level {3}}
queue_run_delay=${{3.1023.1023} >level {3}}
queue_run_delay=${{3.1.1.1} >level {3}}
queue_run_delay=${{3.1.1024} >level {3}}
queue_run_delay=${{-1} <level {3}}
queue_run_delay=${{} <level {3}}
queue_run_delay=${{8796093022207} >level {3}}
queue_run_delay=${{8796093022208} >level {3}}
queue_run_delay=${{$one} == {${two:1}}?{$one$two}:{no}}\none=1
queue_run_delay=${{${{1} == {1}}} == {true}?{yes}:{no}}
queue_run_delay=${{${{1} == {2}?{a}:{b}}} == {b}?{${{1}!={1}:{deep}}}:{no}}
queue_run_delay=$queue_run_delay
queue_run_delay=$minimal_backoff_time\nminimal_backoff_time=$queue_run_delay
queue_run_delay=${{$queue_run_delay} == {1}?{a}:{b}}
queue_run_delay=${queue_run_delay?x}
queue_run_delay=${queue_run_delay?{$queue_run_delay}}
queue_run_delay=${queue_run_delay:x}
minimal_backoff_time=$queue_run_delay
queue_run_delay=$relay_domains\nmyhostname=h.example\nmydomain=example
queue_run_delay=$relay_domains\nmyhostname=h.example\nmydomain=example\ncompatibility_level=3.6
queue_run_delay=$mydestination\nmydestination=a, $myhostname\nmyhostname=h.example
fast_flush_domains=$relay_domains\nrelay_domains=a.example,\n b.example
queue_run_delay=$undefined_name|x
queue_run_delay=$smtp_connect_timeout$max_idle$default_process_limit
Queue_run_delay=1
-x=1\n$y=2\nqueue_run_delay=3
queue_run_delay=$one$two\none=$two$two\ntwo=${three:y}
EOF
    # Names that lead to names: the limit is 100.
    for length in 99 100 101 102 103; do
        awk -v n=$length 'BEGIN {
            printf "queue_run_delay=$c1"
            for (i = 1; i < n; i++) printf "\\nc%d=$c%d", i, i + 1
            printf "\\nc%d=end\n", n }'
        awk -v n=$length 'BEGIN {
            printf "queue_run_delay=$c1"
            for (i = 1; i < n; i++) printf "\\nc%d=${one:$c%d}", i, i + 1
            printf "\\nc%d=end\n", n }'
        awk -v n=$length 'BEGIN {
            printf "queue_run_delay=$c1"
            for (i = 1; i < n; i++) printf "\\nc%d=$c%d", i, i + 1
            printf "\\nc%d=${{$c%d} == {end}?yes}\\nc%d=$c%d\\nc%d=end\n", n, n + 1, n + 1, n + 2, n + 2 }'
    done
    # A long line.
    awk 'BEGIN { printf "queue_run_delay="; for (i = 0; i < 20000; i++) printf "abc$$ "; print "" }'
}

agreed=0 refused=0 failed=0 values=0

differ()
{
    failed=$((failed + 1))
    [ "$failed" -gt 5 ] && return
    echo "DIFFERENT: $*"
    cat -A "$work/case/main.cf" | head -n 40
    echo "--- postconf:"
    head -n 5 "$work/theirs" "$work/theirs.err"
    echo "--- ours:"
    head -n 5 "$work/ours" "$work/ours.err"
}

# Our reason, without the place, must be among what postconf complained of. The list of operators
# is left out: postconf garbles it.
same_reason()
{
    reason=$(sed -n 's/^fatal: //p' "$work/ours.err" | head -n 1 \
        | sed -e "s|^$work/case/main.cf, line [0-9]*: $1: ||" -e 's/^default: [a-z_]*: //')
    case $reason in
    *"\">=\" or \">\" expected at: "*) reason=${reason#*expected at: } ;;
    esac
    [ -n "$reason" ] && { grep -aqF -- "$reason" "$work/theirs.err" || [ ! -s "$work/theirs.err" ] \
        || ! grep -aqE 'fatal|expected' "$work/theirs.err"; }
}

compare_refusals()
{
    for one in $names; do
        run_postconf "$one" >"$work/theirs" 2>"$work/theirs.err"
        theirs=$?
        "$print_main_cf" "$work/case" "$one" >"$work/ours" 2>"$work/ours.err"
        ours=$?
        if [ $theirs -eq 0 ] && [ $ours -eq 0 ]; then
            cmp -s "$work/theirs" "$work/ours" || differ "$1: $one"
            values=$((values + 1))
        elif [ $theirs -eq 0 ] || [ $ours -ne 1 ]; then
            differ "$1: $one: status $theirs and $ours"
        else
            same_reason "$one" || differ "$1: $one: the reason"
            refused=$((refused + 1))
        fi
    done
}

# What we note as overridden, postconf must say too.
compare_overrides()
{
    sed -n 's/^warning: //p' "$work/ours.err" | grep -a -e 'overriding' -e 'must not start' >"$work/notes"
    while IFS= read -r note; do
        grep -aqF -- "$note" "$work/theirs.err" || differ "$1: $note"
    done <"$work/notes"
}

# postconf reads a file again and again until it is two seconds old.
compare()
{
    touch -t 202601010000 "$work/case/main.cf"
    run_postconf $names >"$work/theirs" 2>"$work/theirs.err"
    theirs=$?
    "$print_main_cf" "$work/case" $names >"$work/ours" 2>"$work/ours.err"
    if [ $? -eq 0 ] && [ $theirs -eq 0 ] && cmp -s "$work/theirs" "$work/ours"; then
        agreed=$((agreed + 1))
        compare_overrides "$1"
    else
        compare_refusals "$1"
    fi
}

mkdir "$work/case"
: >"$work/case/master.cf"
names=$nasty_names
nasty=0
nasty_cases >"$work/nasty"
while IFS= read -r escaped; do
    nasty=$((nasty + 1))
    printf '%b' "$escaped" >"$work/case/main.cf"
    compare "nasty $nasty"
done <"$work/nasty"
names=$random_names
seed=0
while [ $seed -lt "$cases" ]; do
    random_case $seed >"$work/case/main.cf"
    compare "random $seed"
    seed=$((seed + 1))
done
echo "$nasty nasty and $cases random files: $agreed agree in whole; of the others" \
    "$values values agree and $refused are refused by both, for the same reason;" \
    "$failed differences"
[ $failed -eq 0 ]
