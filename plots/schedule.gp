# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/schedule.gp - when a message that always fails is tried, and given up
#
# A row a policy, at most eight: a mark for each attempt, by the age of the message on a
# logarithmic axis; a cross where it is given up. The first attempt, at 0, stands at the edge.
#
# usage: gnuplot -d -e "dir1='scheduled'" plots/schedule.gp
#        (all the variables: plots/style.gp; of several folders the first is drawn)
# reads: schedule.csv: policy, attempt, start_s, end_s, outcome
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

file = csv(1, "schedule")
i = 1
@count_rows

# A policy begins where attempt 1 stands: two may have one name.
policies = 0
array called[max(rows, 1)]
array tried[max(rows, 1)]
array ended[max(rows, 1)] # -1: not given up
array lane[max(rows, 1)]
array start[max(rows, 1)]
array over[max(rows, 1)]
attempts = 0
take(name, number, begin, end, last) = (policies = policies + (number == 1), called[policies] = name, tried[policies] = number, \
    ended[policies] = last ? end : -1, attempts = attempts + 1, lane[attempts] = policies, start[attempts] = begin, over[attempts] = last, 0)
if (rows > 0) {
    stats file using (take(strcol("policy"), column("attempt"), column("start_s"), column("end_s"), strcol("outcome") eq "expired")) nooutput
}
shown = min(policies, 8)
edge = minute
oldest = hour
do for [k=1:shown] { oldest = max(oldest, ended[k]) }

high_px = text ? 8 + 3 * max(shown, 1) : 210 + 60 * max(shown, 1)
eval canvas(high_px, high_px)
question = "When is a message tried that always fails?"
drawn = (text ? "|: an attempt; x: given up" : "each mark an attempt; the cross: given up").(policies > shown ? "; the first eight policies" : "")
eval heading
unset key
unset ytics
set border 1
set lmargin 3
set rmargin 3
set logscale x
set xrange [edge / 1.15:1.3 * oldest]
eval age_tics
set xtics add ("0" edge)
set xlabel "age of the message"
set yrange [-shown - 0.5:-0.2]
if (policies == 0) { set yrange [-1:0]; set label 100 "nothing was scheduled" at graph 0.5, 0.5 center }
name_of(k) = called[k] eq "" ? "" : harmless(short(called[k])).": "
do for [k=1:shown] {
    set label k name_of(k).sprintf("%d attempt%s", tried[k], tried[k] == 1 ? "" : "s").(ended[k] >= 0 ? ", given up after ".span(ended[k]) : "") \
        at first edge, first -k offset character 0, 1 left tc rgb colours[k]
}

set print $ticks
print "lane,place,over"
print "0,1,1" # out of sight, for gnuplot wants points
do for [k=1:attempts] { print sprintf("%d,%g,%d", lane[k], max(edge, start[k]), over[k]) }
set print
of(k) = column("lane") == k ? -k : k == 1 && column("lane") == 0 ? 9 : NaN
plot 9 notitle, \
    for [k=1:shown] $ticks using "place":(of(k)) with points lt k pt "|" tc lt k notitle, \
    for [k=1:shown] $ticks using "place":(column("over") == 1 ? of(k) : NaN) with points lt k pt (text ? "x" : 2) ps 1.6 lw 3 notitle
