#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What README shows as printed is what the program prints: of each command, the lines that are
# shown, in their order. usage: check_readme.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_readme: $*" >&2; failed=1; }

rm -rf "$work" && mkdir -p "$work" && cd "$source" || exit 2

# The demo's command is bootstrap's own; "./bootstrap demo" stands for it.
demo=$(sed -n 's/^ *"$tempfail" \(run .*\) -O out$/\1/p' bootstrap)
[ -n "$demo" ] || complain 'bootstrap: the demo runs nothing'

# The indented lines, without the "..." that stands for what is left out.
sed -n 's/^    //p' README.md | grep -vE '^ *\.\.\.$' |
    sed "s|^\./bootstrap demo .*|\$ tempfail $demo|; /^\.\/bootstrap/d" >"$work/shown"
[ "$(grep -c '^\$ tempfail' "$work/shown")" -ge 3 ] || complain 'README shows fewer commands than it did'

check() { # COMMAND: the lines shown of it are in $work/want
    # shellcheck disable=SC2086 # one word an argument
    "$tempfail" $1 >"$work/printed" 2>"$work/said" || complain "$1: exit $?"
    awk -v command="$1" '
        BEGIN { i = 0 }
        NR == FNR { want[n++] = $0; next }
        $0 == want[i] { i++ }
        END { if (i < n) { print command ": does not print (there): " want[i]; exit 1 } }
    ' "$work/want" "$work/printed" >&2 || failed=1
}

command=
while IFS= read -r line; do
    case $line in
        '$ tempfail '*)
            [ -z "$command" ] || check "$command"
            command=${line#\$ tempfail }
            : >"$work/want" ;;
        *) printf '%s\n' "$line" >>"$work/want" ;;
    esac
done <"$work/shown"
check "$command"
exit $failed
