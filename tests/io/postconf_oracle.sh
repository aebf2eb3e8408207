#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/io/postconf_oracle.sh - main.cf as the real Postfix reads it
#
# usage: postconf_oracle.sh PRINT_MAIN_CF SOURCE_DIR WORK_DIR [RANDOM_FILES]
#
# Each main.cf of tests/io/main_cf, each line of nasty.txt there and random ones
# are given to `postconf -x` and to print_main_cf: both must show the same values,
# or refuse for the same reason, and warn of the same lines. Postfix's library and
# print_main_cf must make the same numbers of each line of values.txt, or refuse.
#
# TEMPFAIL_POSTFIX_ROOT is where a Debian postfix package was unpacked with
# `dpkg -x`. Without it the package is fetched into WORK_DIR; where that fails the
# test is skipped (status 77). Nothing is installed, no file outside WORK_DIR written.
set -u
export LC_ALL=C
# shellcheck disable=SC3045 # an ulimit that has no -c leaves cores, no more
ulimit -c 0
print_main_cf=$1 corpus=$2/tests/io/main_cf work=$3 random_files=${4:-60}
random_awk=$2/tests/io/random_main_cf.awk
cases=$work/cases
at_once=8 # Postfix sleeps a second before it gives up

skip() {
    echo "skipped: $*"
    exit 77
}

# --- Postfix ------------------------------------------------------------

fetch() { # FOLDER: unpacks the package into it
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    rm -rf "$work/deb" "$1"
    mkdir -p "$work/deb" "$1"
    (cd "$work/deb" && timeout 120 apt-get -qq download postfix >"$work/apt.log" 2>&1 &&
        dpkg -x postfix_*.deb "$1")
}

mkdir -p "$work"
root=${TEMPFAIL_POSTFIX_ROOT:-$work/root}
[ -x "$root/usr/sbin/postconf" ] || [ -n "${TEMPFAIL_POSTFIX_ROOT:-}" ] || fetch "$root" ||
    skip "no postfix package; set TEMPFAIL_POSTFIX_ROOT to an unpacked one"
libraries=$root/usr/lib/postfix

run_postconf() { # CASE NAME...
    folder=$cases/$1
    shift
    LD_LIBRARY_PATH=$libraries "$root/usr/sbin/postconf" -c "$folder" -x "$@"
}

# --- the cases ----------------------------------------------------------

# Postfix reads a file again and again until it is two seconds old.
make_case() { # NAME: stdin is its main.cf
    mkdir "$cases/$1"
    cat >"$cases/$1/main.cf"
    : >"$cases/$1/master.cf"
    touch -t 200001010000 "$cases/$1/main.cf"
}

# Each line of a file, in the escapes of printf(1) %b, is a main.cf.
make_case_of_each_line() { # FILE
    number=0
    while IFS= read -r escaped; do
        number=$((number + 1))
        printf '%b' "$escaped" | make_case "$(basename "$1" .txt).$number"
    done <"$corpus/$1"
}

# Names that lead to names: the limit is 100.
chain() { # LENGTH FORMAT_OF_A_LINK
    awk -v n="$1" -v link="$2" 'BEGIN {
        print "queue_run_delay=$c1"
        for (i = 1; i < n; i++) printf "c%d=" link "\n", i, i + 1
        printf "c%d=${{$d1} == {end}?yes}\nd1=$d2\nd2=end\n", n }'
}

make_cases() {
    rm -rf "$cases"
    mkdir "$cases"
    for file in "$corpus"/*.cf; do
        # shellcheck disable=SC2094 # the name is all that is wanted
        make_case "$(basename "$file")" <"$file"
    done
    make_case_of_each_line nasty.txt
    make_case_of_each_line values.txt
    for length in 99 100 101 102; do
        # shellcheck disable=SC2016 # Postfix expands it, not we
        chain $length '$c%d' | make_case "chain.$length"
        # shellcheck disable=SC2016
        chain $length '${one:$c%d}' | make_case "chain_of_calls.$length"
    done
    awk 'BEGIN { printf "queue_run_delay="; for (i = 0; i < 20000; i++) printf "abc$$ " }' |
        make_case long_line
    seed=0
    while [ $seed -lt "$random_files" ]; do
        awk -v seed=$seed -v names="queue_run_delay minimal_backoff_time maximal_queue_lifetime
            bounce_queue_lifetime notify_classes defer_transports fast_flush_domains
            smtp_connect_timeout" -f "$random_awk" | make_case random.$seed
        seed=$((seed + 1))
    done
}

# --- both answers -------------------------------------------------------

# The host has a name of its own, and the default of fast_flush_domains depends on it.
names_to_ask() { # CASE
    echo "$names"
    grep -aq '^myhostname' "$cases/$1/main.cf" && echo fast_flush_domains
}

ask_both_for_text() { # CASE
    # shellcheck disable=SC2046 # one word a name
    run_postconf "$1" $(names_to_ask "$1") >"$cases/$1/theirs" 2>"$cases/$1/theirs.err"
    echo $? >"$cases/$1/theirs.status"
    # shellcheck disable=SC2046
    "$print_main_cf" "$cases/$1" $(names_to_ask "$1") >"$cases/$1/ours" 2>"$cases/$1/ours.err"
    echo $? >"$cases/$1/ours.status"
}

ask_both_for_numbers() { # CASE
    ASAN_OPTIONS=detect_leaks=0 LD_LIBRARY_PATH=$libraries MAIL_CONFIG=$cases/$1 "$print_main_cf" \
        --postfix >"$cases/$1/theirs" 2>"$cases/$1/theirs.err"
    echo $? >"$cases/$1/theirs.status"
    "$print_main_cf" --settings "$cases/$1" >"$cases/$1/ours" 2>"$cases/$1/ours.err"
    echo $? >"$cases/$1/ours.status"
}

for_each_case() { # WHAT PATTERN...: at_once of them at a time
    what=$1 running=0
    shift
    for pattern; do
        for folder in "$cases"/$pattern; do
            $what "${folder##*/}" &
            running=$((running + 1))
            [ $((running % at_once)) -ne 0 ] || wait
        done
    done
    wait
}

# --- are they the same? -------------------------------------------------

agreed=0 refused=0 failed=0

differ() { # CASE WHAT
    failed=$((failed + 1))
    [ $failed -le 5 ] || return
    echo "DIFFERENT: $1: $2"
    (cd "$cases/$1" && cat -A main.cf | cut -c 1-200 | head -n 30
        for file in theirs ours theirs.err ours.err; do
            echo "--- $file"
            cut -c 1-300 $file | head -n 5
        done
        diff theirs ours | cut -c 1-300 | head -n 10)
}

# Postfix complained of one of our reasons, apart from their places and what is accepted. The list
# of operators is left out: postconf garbles it. So is which of too many names was one too many: that
# depends on where one begins.
same_reason() { # CASE
    sed -n 's/^fatal: //p' "$cases/$1/ours.err" |
        sed -e "s|^$cases/$1/main.cf, line [0-9]*: ||" -e 's/ (accepted: .*//' \
            -e 's/^default: //' -e 's/^\([^ ]*\): \(.*\)/\2/' -e 's/.*">" expected at: //' \
            -e 's/\(macro call nesting\): .*/\1/' >"$cases/$1/reasons"
    [ -s "$cases/$1/reasons" ] && grep -aqF -f "$cases/$1/reasons" "$cases/$1/theirs.err"
}

warnings_of() { # FILE
    sed -n 's/^.*warning: //p' "$1" |
        grep -a -e 'overriding earlier entry' -e 'must not start with whitespace'
}

# Status 2 of ours: the answer is good, but a value that was not asked for has a fault.
compare() { # CASE
    read -r theirs <"$cases/$1/theirs.status"
    read -r ours <"$cases/$1/ours.status"
    case $theirs:$ours in
    0:[02])
        cmp -s "$cases/$1/theirs" "$cases/$1/ours" || differ "$1" "the values"
        agreed=$((agreed + 1))
        ;;
    1:[12])
        same_reason "$1" || differ "$1" "the reason"
        refused=$((refused + 1))
        ;;
    1[0-9][0-9]:1) refused=$((refused + 1)) ;; # Postfix ran out of stack
    *) differ "$1" "status $theirs and $ours" ;;
    esac
}

compare_warnings() { # CASE
    warnings_of "$cases/$1/theirs.err" | sort >"$cases/$1/theirs.warnings"
    warnings_of "$cases/$1/ours.err" | sort >"$cases/$1/ours.warnings"
    cmp -s "$cases/$1/theirs.warnings" "$cases/$1/ours.warnings" || differ "$1" "the warnings"
}

make_cases
names=$("$print_main_cf" --settings "$cases/empty.cf" | sed 's/ = .*//')
run_postconf empty.cf queue_run_delay >"$work/works" 2>&1
grep -q '^queue_run_delay = 300s' "$work/works" ||
    skip "$root/usr/sbin/postconf does not run: $(head -n 1 "$work/works")"

for_each_case ask_both_for_text '*.cf' 'nasty.*' 'chain*' long_line 'random.*'
for folder in "$cases"/*; do
    [ -f "$folder/ours" ] || continue
    compare "${folder##*/}"
    compare_warnings "${folder##*/}"
done
for_each_case ask_both_for_numbers '*.cf' 'values.*'
[ "$(cat "$cases/empty.cf/theirs.status")" -ne 77 ] || skip "$(cat "$cases/empty.cf/theirs.err")"
for folder in "$cases"/*.cf "$cases"/values.*; do
    compare "${folder##*/}"
done
echo "$agreed files agree, $refused are refused for the same reason, $failed differences"
[ $failed -eq 0 ]
