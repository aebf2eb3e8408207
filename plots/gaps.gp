# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/gaps.gp - how long retries waited, against how long they should have
#
# A mark for retries that are alike, larger where there are more. What is explained lies on
# the diagonal, or above it by as long as a scan takes to come to a file; the others are
# coloured by what they are. Logarithmic on both axes; less than a second counts as one.
#
# usage: gnuplot -d -e "dir1='inferred'" plots/gaps.gp
#        (all the variables: plots/style.gp; of several folders the first is drawn)
# reads: gaps.csv: verdict, predicted_s, observed_s, retries
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

file = csv(1, "gaps")
i = 1
@count_rows
verdicts = "on_scan early late off_grid waited"
titles = "explained|before its time|later than it should be|made by no scan|explained: waited for room in the active queue"
title_part(k, rest) = k == 1 ? rest[1:strstrt(rest."|", "|") - 1] : title_part(k - 1, rest[strstrt(rest, "|") + 1:*])
of(v) = strcol("verdict") eq word(verdicts, v)
array retries[5]
array placed[5] # those with a prediction
all = 0
kinds = 0
longest = hour
shortest = minute
do for [v=1:5] {
    retries[v] = 0
    placed[v] = 0
    if (rows > 0) {
        stats file using (of(v) ? column("retries") : 0) nooutput; retries[v] = STATS_sum
        stats file using (of(v) && strcol("predicted_s") ne "" ? column("retries") : 0) nooutput; placed[v] = STATS_sum
    }
    all = all + retries[v]
    kinds = kinds + (placed[v] > 0)
}
if (rows > 0) {
    stats file using (max(column("observed_s"), strcol("predicted_s") eq "" ? 0 : column("predicted_s"))) nooutput
    longest = max(longest, STATS_max)
    stats file using (min(column("observed_s"), strcol("predicted_s") eq "" ? minute : column("predicted_s"))) nooutput
    shortest = max(1, min(shortest, STATS_min))
}

percent(part) = 100.0 * part / all > 99.95 && part < all ? "99.9" : sprintf("%.1f", 100.0 * part / all)
eval canvas(text ? 30 : 760, text ? 30 : 760)
question = "Are retries where the rules put them?"
drawn = all == 0 ? "the log has no retries" : \
    sprintf("%s %% of %s explained; each mark: retries alike, larger where more", percent(retries[1] + retries[5]), thousands(all)." retries")
without = all - placed[1] - placed[2] - placed[3] - placed[4] - placed[5]
if (without > 0) { drawn = drawn.sprintf("; without a prediction, not drawn: %s", thousands(without)) }
count = max(1, kinds)
eval heading
eval legend(min(count, 4))

set logscale xy
set xrange [0.8 * shortest:1.3 * longest]
set yrange [0.8 * shortest:1.3 * longest]
gap_tics = '("1s" 1, "10s" 10, "1m" minute, "5m" 5 * minute, "10m" 10 * minute, "20m" 20 * minute, "1h" hour, \
    "2h" 2 * hour, "4h" 4 * hour, "12h" 12 * hour, "1d" day, "5d" 5 * day, "14d" 14 * day)'
eval "set xtics ".gap_tics
eval "set ytics ".gap_tics
set xlabel "should have waited: until the first scan that could take it"
set ylabel "waited"
set lmargin (text ? 9 : 11)

# Explained ones are many: seen through.
see_through(v) = v == 1 ? 0x90 : 0x40
size(n) = min(4, 0.6 + 0.5 * log10(max(1, n)))
predicted(v) = of(v) && strcol("predicted_s") ne "" ? max(1, column("predicted_s")) : NaN
title_of(v) = (text ? "oELXW"[v:v]." " : "").title_part(v, titles).": ".thousands(retries[v])
if (all == 0) { set label 100 "the log has no retries" at graph 0.5, 0.5 center }
curves = "plot x with lines lc rgb faint lw 1 dt 3 notitle"
do for [v=1:5] {
    if (placed[v] > 0) {
        curves = curves.sprintf(", file using (predicted(%d)):(max(1, column('observed_s'))):(size(column('retries'))) with points %s notitle", v, text ? \
            "pt '"."oELXW"[v:v]."'" : sprintf("pt %d ps variable lc rgb '#%02x%s'", v == 1 ? 7 : 6 + v, see_through(v), colours[v][2:*]))
        curves = curves.sprintf(", keyentry with points %s title title_of(%d)", text ? "pt ' '" : sprintf("pt %d ps 1.2 lc rgb '%s'", v == 1 ? 7 : 6 + v, colours[v]), v)
    }
}
eval curves
