# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/survival.gp - how long sites stay away, by cause
#
# A step line a cause: the share of its spells that are not over by an age (Kaplan and
# Meier); dashed: what was fitted. Shaded: longer than the log, and so extrapolated. Under
# the axis: how many spells were watched at that age.
#
# usage: gnuplot -d -e "dir1='fitted'" plots/survival.gp
#        (all the variables: plots/style.gp; of several folders the first is drawn)
# reads: survival.csv: cause, age_s, at_risk, recovered, away, fitted, extrapolated
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

file = csv(1, "survival")
i = 1
@count_rows
causes = "refused timeout dns greylist throttle mailbox"
of(c) = strcol("cause") eq word(causes, c)
array seen[6]    # 1: there is a line to draw
array fitted[6]
array over[6]
lines = 0
length_s = 0
longest = 5 * day
do for [c=1:6] {
    seen[c] = 0; fitted[c] = 0; over[c] = 0
    if (rows > 0) {
        stats file using (of(c) ? column("at_risk") : 0) nooutput; seen[c] = STATS_sum > 0
        stats file using (of(c) ? column("recovered") : 0) nooutput; over[c] = STATS_sum
        stats file using (of(c) && column("fitted") >= 0 ? 1 : 0) nooutput; fitted[c] = STATS_sum > 0
        lines = lines + (seen[c] || fitted[c])
    }
}
if (rows > 0) {
    stats file using (column("extrapolated") == 0 ? column("age_s") : 0) nooutput; length_s = STATS_max
    stats file using (column("at_risk") > 0 ? column("age_s") : 0) nooutput; longest = max(longest, STATS_max)
}
shown(c) = seen[c] || fitted[c]

rows_high = text ? 22 + lines : 600 + 18 * lines
eval canvas(rows_high, rows_high)
count = lines
question = "How long do sites stay away?"
drawn = text ? "share of spells longer than that, seen and fitted; right of |: extrapolated" : \
    "share of spells that last longer than so much; dashed: fitted; shaded: longer than the log, extrapolated"
eval heading
eval legend(min(count, 4))
set bmargin (text ? 5 : 5.5) + lines * (text ? 1 : 1.2)

set yrange [0:100]
set format y "%g %%"
set logscale x
set xrange [minute:1.2 * longest]
eval age_tics
set xlabel "age of the spell; below: how many were watched"

if (length_s > minute && length_s < 1.2 * longest) {
    if (text) {
        set arrow 1 from length_s, graph 0 to length_s, graph 0.9 nohead
    } else {
        set object 1 rectangle from length_s, graph 0 to 1.2 * longest, graph 1 behind fc rgb "#f3e9dc" fs solid 1 noborder
        set label 50 "extrapolated" at graph 1, graph 1 offset character -1, -1 right tc rgb faint
    }
}

# The numbers at risk, a line a cause.
row = 0
label_count = 200
do for [c=1:6] { if (shown(c)) {
    row = row + 1
    down = -(text ? 2 : 2.6) - row * (text ? 1 : 1.2)
    set label label_count word(causes, c) at graph 0, graph 0 offset character -1, down right tc rgb colours[c]
    label_count = label_count + 1
    do for [age in (text ? "300 3600 14400 86400 432000" : "300 900 3600 14400 43200 86400 172800 432000")] {
        stats file using (of(c) && column("age_s") == age + 0 ? column("at_risk") : 0) nooutput
        set label label_count sprintf("%.0f", STATS_sum) at first age + 0, graph 0 offset character 0, down center tc rgb colours[c]
        label_count = label_count + 1
    }
} }
set lmargin 10

title_of(c) = mark(c).word(causes, c).sprintf("  %.0f over", over[c])
if (lines == 0) { set label 100 "the log has no spells" at graph 0.5, 0.5 center }
seen_share(c) = of(c) ? 100 * column("away") : NaN
fitted_share(c, beyond) = of(c) && (beyond ? column("age_s") >= length_s : column("extrapolated") == 0) ? 100 * column("fitted") : NaN
curves = "plot -1 notitle lc rgb faint"
do for [c=1:6] {
    if (seen[c]) {
        curves = curves.sprintf(", file using (column('age_s')):(seen_share(%d)) with steps lt %d dt 1 title title_of(%d)", c, c, c)
    }
    if (fitted[c]) {
        curves = curves.sprintf(", file using (column('age_s')):(fitted_share(%d, 0)) with lines lt %d lw 1.5 dt 2 notitle", c, c)
        curves = curves.sprintf(", file using (column('age_s')):(fitted_share(%d, 1)) with lines lt %d lw 1.5 dt 3 notitle", c, c)
    }
}
eval curves
