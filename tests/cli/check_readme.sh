#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a page shows as printed is what the program prints: of each command, the lines that are
# shown, in their order. usage: check_readme.sh TEMPFAIL SOURCE_DIR WORK_DIR PAGE
set -u
tempfail=$1 source=$2 work=$3 page=$4
failed=0
complain() { echo "check_readme: $*" >&2; failed=1; }

# Commands write where they stand: not into the source.
rm -rf "$work" && mkdir -p "$work/here" && cd "$work/here" || exit 2
ln -s "$source/scenarios" "$source/tests" .

# The demo's command is bootstrap's own; "./bootstrap demo" stands for it.
demo=$(sed -n 's/^ *"$tempfail" \(run .*\) -O out$/\1/p' "$source/bootstrap")
[ -n "$demo" ] || complain 'bootstrap: the demo runs nothing'

# The indented lines, without the "..." that stands for what is left out.
sed -n 's/^    //p' "$source/$page" | grep -vE '^ *\.\.\.$' |
    sed "s|^\./bootstrap demo .*|\$ tempfail $demo|; /^\.\/bootstrap/d" >"$work/shown"
[ "$(grep -c '^\$ tempfail' "$work/shown")" -ge 3 ] || complain "$page shows fewer commands than it did"

check() { # COMMAND: the lines shown of it are in $work/want
    # The page is ours: its quotes are a shell's.
    eval "\"$tempfail\" $1" >"$work/printed" 2>"$work/said" || complain "$1: exit $?"
    awk -v command="$1" '
        BEGIN { i = 0 }
        { sub(/ +$/, "") }
        FILENAME == ARGV[1] { want[n++] = $0; next }
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

# Its pictures are those that its commands draw; other gnuplots draw them otherwise.
drawn_by=$(sed -n 's/.*Produced by GNUPLOT \([0-9.]*\).*/\1/p' "$source"/docs/tutorial/*.svg | sort -u | head -n 1)
for picture in $(sed -n 's/^!\[.*\](\(.*\))$/\1/p' "$source/$page"); do
    [ -s "$source/docs/$picture" ] || complain "$page: no $picture"
    gnuplot --version 2>/dev/null | grep -q . || continue
    grep -q 'Produced by GNUPLOT' "pictures/$(basename "$picture")" || complain "$picture: is not drawn"
    if grep -q "Produced by GNUPLOT $drawn_by" "pictures/$(basename "$picture")"; then
        cmp "$source/docs/$picture" "pictures/$(basename "$picture")" >&2 || complain "$picture: is drawn otherwise"
    fi
done
exit $failed
