# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/attempts_per_scan.gp - how many attempts are made, and when
#
# A panel a policy: the attempts in each bin of time, from the first replication. A bin is as
# wide as scans are apart, so a line is a scan and the new mail of that time. A mark stands on the
# busiest. Shaded: a site is away, or several.
#
# usage: gnuplot -d -e "dir1='out/stock'; dir2='out/one-day'" plots/attempts_per_scan.gp
#        (all the variables: plots/style.gp)
# reads: timeline.csv: replication, time_s, attempts
#        outages.csv: replication, from_s, until_s
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

array peak[count]
array peak_at[count]
last = 0
highest = 0
do for [i=1:count] {
    @read_timeline
    last = max(last, until[i])
    peak[i] = 0
    peak_at[i] = 0
    if (bin[i] > 0) {
        stats file using (column("replication") == first[i] ? column("attempts") : 0) nooutput
        peak[i] = STATS_max
        at_peak(attempts) = column("replication") == first[i] && attempts == peak[i]
        stats file using (at_peak(column("attempts")) ? column("time_s") : 1e9) nooutput
        peak_at[i] = STATS_min
    }
    highest = max(highest, peak[i])
}

eval time_axis
eval count_axis
if (!narrow) { set ylabel "attempts" }
set key at graph 1, graph 1.02 right bottom horizontal samplen 1.5
question = "How hard does each scan hit?"
drawn = "attempts in each bin of time, those of new mail too".of_first.shade_words
if (highest == 0) { set label 100 "no attempt was made" at graph 0.5, 0.5 center }

eval begin_panels
do for [i=1:count] {
    title = policy(i).(peak[i] > 0 ? ": busiest bin ".thousands(peak[i]).", at ".span(peak_at[i]) : "")
    eval begin_time_panel
    unset label 2
    if (peak[i] > 0 && !text) {
        set label 2 "" at (peak_at[i] + bin[i] / 2) / unit, peak[i] + 0.05 * highest point pt 11 ps 1.2 lc rgb ink
    }
    if (bin[i] == 0) {
        plot NaN notitle
    } else {
        plot csv(i, "timeline") using (in_time(i, (column("time_s") + bin[i] / 2) / unit)):"attempts" \
            with impulses lt i lw thick(i) dt 1 notitle, \
            @shade_entry
    }
}
unset multiplot
