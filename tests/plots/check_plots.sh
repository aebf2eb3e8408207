#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Draws every plot of SOURCE_DIR/plots from the folders beside this script, in every
# terminal. Fails when gnuplot fails, says anything, writes nothing, or writes another
# picture the second time, in another locale; and when a plot does not say how it is used and what it reads,
# or reads a column that no file has.
set -u
source_dir=${1:?usage: check_plots.sh SOURCE_DIR WORK_DIR}
work_dir=${2:?usage: check_plots.sh SOURCE_DIR WORK_DIR}
plots=$source_dir/plots
runs=$source_dir/tests/plots
locale=C.UTF-8
failures=0

fail() {
    echo "check_plots: $*" >&2
    failures=$((failures + 1))
}

quoted() { # TEXT: a gnuplot string
    printf "'%s'" "$(printf %s "$1" | sed "s/'/''/g")"
}

variables() { # TERMINAL OUTPUT DIR...: what a plot is told
    printf 'terminal=%s; output=%s; note="seed 1"; ' "$(quoted "$1")" "$(quoted "$2")"
    printf 'lifetime1=432000; lifetime2=86400; replications2=2; current1="1d"; current2="4000s"; '
    shift 2
    number=0
    for dir; do
        number=$((number + 1))
        printf 'dir%d=%s; ' "$number" "$(quoted "$dir")"
    done
}

draw() { # PLOT TERMINAL OUTPUT DIR...
    plot=$1
    rm -f "$3"
    said=$(LC_ALL=$locale gnuplot -d -e "$(variables "$2" "$3" "$4" ${5+"$5"})" "$plot" 2>&1) ||
        fail "$plot: $2 of $4: gnuplot failed"
    [ -z "$said" ] || fail "$plot: $2 of $4: gnuplot said: $said"
    [ -s "$3" ] || fail "$plot: $2 of $4: nothing was drawn"
}

draw_all() { # PLOT: two policies, one without mail, one calm and one of an awkward name
    name=$(basename "$1" .gp)
    for terminal in svg png dumb sixel; do
        draw "$1" $terminal "$work_dir/$name-two.$terminal" "$runs/stock" "$runs/one-day"
        draw "$1" $terminal "$work_dir/$name-empty.$terminal" "$runs/empty"
        draw "$1" $terminal "$work_dir/$name-calm.$terminal" "$runs/calm" "$runs/empty"
        draw "$1" $terminal "$work_dir/$name-odd.$terminal" "$work_dir/it's \"50 %\" {of} a_day"
    done
    locale=C
    draw "$1" svg "$work_dir/$name-again.svg" "$runs/stock" "$runs/one-day"
    locale=C.UTF-8
    cmp -s "$work_dir/$name-two.svg" "$work_dir/$name-again.svg" ||
        fail "$1: the same data gave two different pictures"
}

check_header() { # PLOT
    sed -n 3p "$1" | grep -q "^# plots/$(basename "$1") - ." || fail "$1: line 3 does not say what it is"
    grep -q '^# usage: gnuplot ' "$1" || fail "$1: no line of usage"
    grep -q '^# reads: ' "$1" || fail "$1: does not say what it reads"
}

promised() { # PLOT: lines of FILE COLUMN from its `reads:`
    sed -n '/^# reads: /,/^[^#]/ s/^#.* \([a-z]*\.csv\): \([^(]*\).*/\1 \2/p' "$1" | tr -d , |
        while read -r file columns; do
            for column in $columns; do
                echo "$file $column"
            done
        done
}

used() { # PLOT: the columns that its code names
    sed 's/#.*//' "$1" | grep -oE '(column|strcol)\("[a-z_0-9]+"\)' | cut -d'"' -f2 | sort -u
}

own() { # the columns of the tables that the plots make for themselves
    sed -n 's/^print "\([a-z_,]*\)"$/\1/p' "$plots"/*.gp | tr , '\n'
}

check_columns() { # PLOT
    [ -n "$(promised "$1")" ] || fail "$1: names no column"
    promised "$1" | while read -r file column; do
        head -n 1 "$runs/stock/$file" | tr , '\n' | grep -qx "$column" || echo "$file: $column"
    done >"$work_dir/unknown"
    [ ! -s "$work_dir/unknown" ] || fail "$1: no such column: $(cat "$work_dir/unknown")"
    for column in $(used "$1"); do
        { own; awk 'FNR == 1' "$runs"/stock/*.csv | tr , '\n'; } | grep -qx "$column" ||
            fail "$1: no file has a column '$column'"
    done
}

expect() { # NAME COUNT PATTERN: so many lines of the picture NAME.svg
    found=$(grep -c -e "$3" "$work_dir/$1.svg")
    [ "$found" -eq "$2" ] || fail "$1.svg: '$3' in $found lines, not in $2"
}

# Of the outages in stock two overlap, one touches these, one began before the run, one does not
# end; one never ends and never began, one comes later, one is another replication's. So there are
# three in its panel, and two in that of one-day, without the endless one; and one in the legend.
check_shade() { # NAME PANELS
    shadow="polygon fill = 'rgb(240, 228, 207)'"
    expect "$1-two" $((5 * $2 / 2 + 1)) "$shadow"
    expect "$1-calm" 0 "$shadow"
    expect "$1-empty" 0 "$shadow"
}

mkdir -p "$work_dir"
cp -R "$runs/stock" "$work_dir/stock.new"
rm -rf "$work_dir/it's \"50 %\" {of} a_day"
mv "$work_dir/stock.new" "$work_dir/it's \"50 %\" {of} a_day"

# Names of sites as a log may have them: markup, formats, commands, bytes that are no text.
cat >"$work_dir/it's \"50 %\" {of} a_day/sites.csv" <<'END'
replication,site,attempts,connections,sent,deferred,suspended,bounced,dead_times,dead_s,busy_max
1,,5,5,5,0,0,0,0,0.000,1
1,"`touch hostile`, ""quoted"".example",90,90,90,0,0,0,0,0.000,1
1,$(touch hostile)@1<b>&.example,80,80,80,0,0,0,0,0.000,1
1,%s%n%d%%{/*9_x}^2.example,70,70,70,0,0,0,0,0.000,1
1,"\n\001\377,.example",60,60,60,0,0,0,0,0.000,1
1,nan,40,40,40,0,0,0,0,0.000,1
END
printf '1,bad\377\376.example,50,50,50,0,0,0,0,0.000,1\n' >>"$work_dir/it's \"50 %\" {of} a_day/sites.csv"

{
    head -n 1 "$runs/stock/results.csv"
    # shellcheck disable=SC2016 # it is a text
    for value in '`touch hostile` %s' '%n {/*9_x}^2\n' '1h'; do
        printf '%s,recipients,recipients,10,,,,,\n%s,given_up_share,share,0.1,,,,,\n' "$value" "$value"
    done
} >"$work_dir/it's \"50 %\" {of} a_day/results.csv"

# shellcheck disable=SC2016 # it is a text
printf '%s\n$(touch hostile) %%s{/*9_x},1,0.000,0.000,0.000,deferred,300\n' "$(head -n 1 "$runs/stock/schedule.csv")" \
    >"$work_dir/it's \"50 %\" {of} a_day/schedule.csv"

{
    head -n 1 "$runs/stock/qshape.csv"
    # shellcheck disable=SC2016 # it is a text
    for domain in '`touch hostile` %s' '"%n,{/*9_x}^2\n"' nan "$(printf 'bad\377\376')"; do
        printf '60,`touch hostile`,%s,3,0,0,3,0,0,0,0,0,0,0\n' "$domain"
    done
    printf '60,`touch hostile`,TOTAL,3,0,0,3,0,0,0,0,0,0,0\n60,b,a.de,1,1,0,0,0,0,0,0,0,0,0\n60,b,TOTAL,1,1,0,0,0,0,0,0,0,0,0\n'
} >"$work_dir/it's \"50 %\" {of} a_day/qshape.csv"

drawn=0
for plot in "$plots"/*.gp; do
    case $(basename "$plot") in style.gp | swept.gp) continue ;; esac # loaded by others
    drawn=$((drawn + 1))
    check_header "$plot"
    check_columns "$plot"
    draw_all "$plot"
done

# More values than gnuplot's functions may be deep.
mkdir -p "$work_dir/wide"
{
    head -n 1 "$runs/calm/results.csv"
    awk 'BEGIN { for (i = 1; i <= 300; i++) for (j = 1; j <= 2; j++) for (m = 0; m < 2; m++)
        printf "%dm,%dh,%s,recipients,%d,,,,,\n", i, j, m ? "expired" : "recipients", m ? i : 1000 }'
} >"$work_dir/wide/results.csv"
draw "$plots/map.gp" svg "$work_dir/map-wide.svg" "$work_dir/wide"
expect map-wide 1 '>30.0 %<'

check_shade queues 2
check_shade attempts_per_scan 2
check_shade deliveries 4
# Names that are too long and end alike differ all the same: by what is before that end, or by a number.
many() { # NAME...: undelivered-many.svg, of so many policies
    names='' number=0
    for name; do
        number=$((number + 1))
        names="$names dir$number='$runs/stock'; name$number='$name';"
    done
    said=$(gnuplot -d -e "terminal='svg'; output='$work_dir/undelivered-many.svg'; bare=1; pixels_wide=380; $names" \
        "$plots/undelivered.gp" 2>&1)
    [ -z "$said" ] || fail "undelivered-many: gnuplot said: $said"
}
same=bounce_queue_lifetime=1h
many "maximal_queue_lifetime=1h,$same" "maximal_queue_lifetime=12h,$same" stock
expect undelivered-many 1 '>..al_queue_lifetime=1h..  .*%</text>'
expect undelivered-many 1 '>..l_queue_lifetime=12h..  .*%</text>'
expect undelivered-many 1 '>stock  .*%</text>'
many 1 2 "x=1,minimal_backoff_time=4000s" "x=1,minimal_backoff_time=4000s" 5 6 7 "$same,$same"
expect undelivered-many 1 '>3: .._backoff_time=4000s  .*%</text>'
expect undelivered-many 1 '>4: .._backoff_time=4000s  .*%</text>'
expect undelivered-many 1 '>8: ..e_queue_lifetime=1h  .*%</text>'
expect undelivered-many 8 '>[1-8]: .* %</text>'

# Two replications of the second folder: which of them is drawn.
for name in queues attempts_per_scan deliveries sites qshape; do
    expect $name-two 1 '; the first replication[;<]'
    expect $name-empty 0 'replication'
done
for name in undelivered delay_cdf attempts_per_message; do expect $name-two 1 '; all replications together<'; done
expect attempts_per_scan-two 1 '>stock: busiest bin '
for entry in incoming active deferred hold outage; do expect queues-two 1 "<text>$entry</text>"; done
expect deliveries-two 1 '>stock: deliveries at a time, at most 6<'
expect deliveries-two 1 '>stock: dead destinations, at most 2<'
expect deliveries-empty 1 '>empty: no delivery takes time<'

# The fifteen with the most attempts, of those with the same number the first; three others.
expect sites-two 1 '>stock: 5,844 attempts, 18 sites<'
expect sites-two 1 '>900, dead for 2.0 h<'
expect sites-two 1 '>500, dead for 60 min<'
grep -A 1 '^ *site01.example sss* 390' "$work_dir/sites-two.dumb" | grep -q '^ *tied.example ddd* 390' ||
    fail 'sites: of two with as many attempts the first in the file should be first'
expect sites-two 1 '>tied.example<'
expect sites-two 1 '>site13.example<'
expect sites-two 0 '>site14.example<'
expect sites-two 0 '>other.example<'
expect sites-two 1 '>3 others<'
expect sites-two 1 '>264 attempts<'
for entry in sent deferred suspended bounced; do expect sites-two 1 "<text>$entry</text>"; done
expect sites-calm 1 '>calm: 1 attempt, 1 site<'
expect sites-calm 1 '>empty: no attempt was made<'
# shellcheck disable=SC2016 # it is a text
expect sites-odd 1 '>$(touch hostile)@1&lt;b>&amp;.example<'
expect sites-odd 1 '>%s%n%d%%{/\*9_x}^2.example<'
expect sites-odd 1 '>bad??.example<'
expect sites-odd 1 '>nan<'
if LC_ALL=C grep -q '[^ -~[:space:]]' "$work_dir/sites-odd.svg"; then fail "sites-odd.svg: bytes that are no text"; fi
[ ! -e hostile ] || fail 'the name of a site was run as a command'

# qshape.csv: of stock two tables of four have somebody, of one-day one of two; of the twelve domains
# of one the first eight are shown, and the other four in a row. Each row has ten cells.
expect qshape-two 1 '>stock, after 2.0 d, incoming active: 1 recipient, 1 domain<'
expect qshape-two 1 '>stock, after 2.0 d, deferred: 1,372 recipients, 12 domains<'
expect qshape-two 1 '>one-day, after 2.0 d, deferred: 902 recipients, 2 domains<'
expect qshape-two 2 '>big.example<'
expect qshape-two 1 '>site07.example<'
expect qshape-two 0 '>site08.example<'
expect qshape-two 1 '>4 others<'
expect qshape-two 1 '<text>1,200</text>'
expect qshape-two 1 '<text>42</text>'
expect qshape-two $((10 * (1 + 9 + 2))) "polygon fill = 'rgb(242, 242, 242)'"
expect qshape-calm 1 '>nobody waits<'
expect qshape-empty 1 '>no snapshot was taken<'
# shellcheck disable=SC2016 # it is a text
expect qshape-odd 1 '>after 60 s, `touch hostile`: 3 recipients, 4 domains<'
expect qshape-odd 1 '>after 60 s, b: 1 recipient, 1 domain<'

# gaps.csv: 1990 of 2000 are explained; calm's have no prediction, empty has none.
expect gaps-two 1 '>99.5 % of 2,000 retries explained; each mark'
expect gaps-two 1 '<text>explained: 1,950</text>'
expect gaps-two 1 '<text>explained: waited for room in the active queue: 40</text>'
expect gaps-two 1 '<text>before its time: 7</text>'
expect gaps-two 1 '<text>later than it should be: 2</text>'
expect gaps-two 1 '<text>made by no scan: 1</text>'
expect gaps-calm 1 'not drawn: 3<'
expect gaps-empty 2 '>the log has no retries<'

# lifetimes.csv: of stock four lifetimes are within what the log tells, two are not; so there are four
# full circles and two hollow ones of each figure, and two full ones in the legends. Calm kept nothing,
# and has one failure of which somebody was told; empty has no mail.
expect lifetimes-two 1 '>lost: delivered in the log, bounced here; of 9,200 recipients<'
for lost in 1,349 499 200; do expect lifetimes-two 1 "<text>$lost</text>"; done
expect lifetimes-two 10 "<use xlink:href='#gpPt6' transform"
expect lifetimes-two 4 "<use xlink:href='#gpPt5' transform"
expect lifetimes-two 2 "polygon fill = 'rgb(243, 233, 220)'"
expect lifetimes-empty 0 "polygon fill = 'rgb(243, 233, 220)'"
expect lifetimes-two 1 '>logged: 18h<'
expect lifetimes-two 1 '>extrapolated<'
expect lifetimes-calm 1 '>logged: 0<'
expect lifetimes-calm 1 '>how long until the sender is told of a failure<'
expect lifetimes-empty 1 '>the log has no mail<'
expect lifetimes-empty 1 '>no sender is told of a failure<'

# ages.csv: stock has a band, one-day is one replication, calm has a band of one of the two shares.
band="fill = 'rgb(  0, 114, 178)' fill-opacity"
for name in undelivered delay_cdf; do
    expect $name-two 1 '>95 % band of 10 replications<'
    [ "$(grep -c "$band" "$work_dir/$name-two.svg")" -gt 0 ] || fail "$name-two.svg: no band"
    expect $name-two 0 "fill = 'rgb(213,  94,   0)' fill-opacity"
    expect $name-empty 0 'band of'
    expect $name-empty 0 "$band"
done
expect undelivered-calm 1 '>95 % band of 2 replications<'
expect delay_cdf-calm 0 'band of'

# results.csv: of stock six lifetimes, not in order, in the last of which mail is still queued; on
# the logarithmic axis the share falls to a half by 4h, which is the knee. Of calm two parameters
# with three and two values. Of the odd one the values are words.
expect sweep-two 1 '>knee: 4h<'
expect sweep-two 1 '; hollow: some mail was still queued at the end<'
expect sweep-two 1 '>as configured<'
expect sweep-odd 0 'as configured'
expect sweep-two 1 '>given up, of 1,000 recipients<'
expect sweep-two 1 '<text>7d *</text>'
expect sweep-calm 1 '>more than one parameter was varied: see map.gp<'
expect sweep-empty 1 '>nothing was swept<'
expect sweep-odd 0 'knee'
# shellcheck disable=SC2016 # it is a text
expect sweep-odd 1 '>`touch hostile` %s<'
expect map-calm 1 '>8.0 %<'
expect map-calm 1 '>5.0 %\*<'
expect map-calm 1 '>6,234\*<'
expect map-calm 1 '; framed: as configured<'
expect map-calm 2 "path stroke='rgb(213,  94,   0)'"
grep -q '\[' "$work_dir/map-calm.dumb" || fail 'map-calm.dumb: nothing in brackets'
expect map-calm 1 '>given up, of 1,000 recipients<'
expect map-two 1 '>one parameter was varied: see sweep.gp<'
expect map-empty 1 '>nothing was swept<'

# Quotes in values: gnuplot reads none of what is behind one. Of one parameter the points are told
# apart all the same; of two, if what is before the quotes differs.
mkdir -p "$work_dir/quoted" "$work_dir/alike" "$work_dir/line"
grid() { # VALUE...: of the second parameter
    echo 'maximal_queue_lifetime,myhostname,metric,unit,value,ci95_low,ci95_high,diff,diff_low,diff_high'
    for value; do printf '1h,%s,recipients,recipients,100,,,,,\n1h,%s,expired,recipients,10,,,,,\n' "$value" "$value"; done
}
grid '<b>' '=cmd|x' '"""a b"""' >"$work_dir/quoted/results.csv"
grid '"""a"""' '"""b"""' >"$work_dir/alike/results.csv"
grid '<b>' '"""a"""' '"""b"""' | cut -d, -f2- >"$work_dir/line/results.csv"
draw "$plots/map.gp" svg "$work_dir/map-quoted.svg" "$work_dir/quoted"
draw "$plots/map.gp" svg "$work_dir/map-alike.svg" "$work_dir/alike"
draw "$plots/sweep.gp" svg "$work_dir/sweep-quoted.svg" "$work_dir/line"
for name in '&lt;b>' '=cmd|x' 'value 3'; do expect map-quoted 2 ">$name *<"; done
expect map-quoted 4 '>10.0 %<' # and in the scale
expect map-alike 1 '>some values differ only behind a quote, and cannot be told apart here<'
for name in '&lt;b>' 'value 2' 'value 3'; do expect sweep-quoted 1 ">$name *<"; done
expect sweep-quoted 1 '>given up, of 100 recipients<'

# Without mail there is no share, not one of 0 %; the points of the sweep are there all the same. Of the
# map one cell of two has mail.
mkdir -p "$work_dir/no-mail" "$work_dir/half-mail"
{
    head -n 1 "$runs/stock/results.csv"
    for value in 1h 4h 1d; do printf '%s,recipients,recipients,0,,,,,\n%s,attempts,attempts,0,,,,,\n' $value $value; done
} >"$work_dir/no-mail/results.csv"
grid 'a' 'b' | sed 's/^\(1h,a,.*\),10*,,,,,$/\1,0,,,,,/' >"$work_dir/half-mail/results.csv"
for terminal in svg dumb; do
    draw "$plots/sweep.gp" $terminal "$work_dir/sweep-no-mail.$terminal" "$work_dir/no-mail"
    draw "$plots/map.gp" $terminal "$work_dir/map-half-mail.$terminal" "$work_dir/half-mail"
done
expect sweep-no-mail 1 '>no mail, so that none is given up<'
expect sweep-no-mail 4 "<use xlink:href='#gpPt6' transform" # of attempts, and in their legend
expect map-half-mail 1 '>-<'
expect map-half-mail 0 '>0.0 %<'

# Of delay_warning_time: not in order, with 0 and with words, which have no place; 6 without a unit is
# hours, and mail was still queued under it; after 5d nobody is warned, and nothing can be unneeded. So
# there are four marks of one share, three of the other, and a hollow one of each. At 5m three in ten
# are warned, all for nothing, with a band to 40 %; after 6 h two in ten, half of them for nothing.
for terminal in svg dumb; do draw "$plots/warnings.gp" $terminal "$work_dir/warnings-warned.$terminal" "$runs/warned"; done
expect warnings-warned 1 '>sender warned, of 1,000 messages<'
expect warnings-warned 1 '; bands: 95 % intervals;'
expect sweep-two 1 '; bands: 95 % intervals;'
expect warnings-warned 9 "<use xlink:href='#gpPt6' transform"
expect warnings-warned 1 '; hollow: some mail was still queued at the end; without 0: off<'
expect warnings-warned 1 '>30 %<' # the axis ends above the band, at 34 %
expect warnings-warned 1 '>40 %<'
for value in 5m 6 1d 5d; do expect warnings-warned 1 "<text>$value *</text>"; done
for row in ' 20 % |+  *\*' ' 100 % ++\* *$' ' 50 % |+  *\* *$'; do
    grep -q "$row" "$work_dir/warnings-warned.dumb" || fail "warnings-warned.dumb: no line '$row'"
done
grep -q '^ *5m  *6  *1d  *5d *$' "$work_dir/warnings-warned.dumb" || fail 'warnings-warned.dumb: not in order'
expect warnings-two 1 '>delay_warning_time was not what was varied, or not alone<'
expect warnings-two 1 '>no sender is warned<'
expect warnings-empty 1 '>nothing was swept<'
[ ! -e hostile ] || fail 'a value was run as a command'

# schedule.csv: of stock three rows, the last two of one name; calm's is of no name.
expect schedule-two 1 '>stock: 6 attempts, given up after 5.0 d<'
expect schedule-two 1 '>one-day: 3 attempts, given up after 24.0 h<'
expect schedule-two 1 '>one-day: 2 attempts, given up after 2 min<'
expect schedule-calm 1 '>1 attempt, given up after 0.0 s<'
expect schedule-empty 1 '>nothing was scheduled<'
# shellcheck disable=SC2016 # it is a text
expect schedule-odd 1 '>$(touch hostile) %s{/\*9_x}: 1 attempt<'

[ "$drawn" -ge 11 ] || fail "only $drawn plots in $plots"
echo "check_plots: $drawn plots, $failures failures"
[ "$failures" -eq 0 ]
