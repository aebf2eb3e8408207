# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/queues.gp - how much mail waits, in which queue, and when
#
# A panel a policy: messages in the deferred, active, incoming and hold queues, stacked in
# this order (in text: a line each). Levels at the end of each bin of time, from the first
# replication. Shaded: a site is away, or several.
#
# usage: gnuplot -d -e "dir1='out/stock'; dir2='out/one-day'" plots/queues.gp
#        (all the variables: plots/style.gp)
# reads: timeline.csv: replication, time_s, deferred_queue, active, incoming, hold
#        outages.csv: replication, from_s, until_s
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

array queue = ["deferred_queue", "active", "incoming", "hold"]
array shown = ["deferred", "active", "incoming", "hold"]
array paint = [1, 5, 3, 4] # colours
stacked(k) = k == 1 ? column(queue[1]) : column(queue[k]) + stacked(k - 1)
level(k) = text ? column(queue[k]) : stacked(k)

array most[count]
last = 0
highest = 0
do for [i=1:count] {
    @read_timeline
    last = max(last, until[i])
    most[i] = 0
    if (bin[i] > 0) {
        stats file using (column("replication") == first[i] ? stacked(4) : 0) nooutput
        most[i] = STATS_max
        highest = max(highest, most[i])
    }
}

eval time_axis
eval count_axis
set ylabel "messages"
set key right bottom horizontal samplen 1.5
if (text) { set key at screen 1, graph 1.3 } else { set key at graph 1, graph 1.02 }
question = "How much mail waits, and in which queue?"
drawn = "messages at the end of each bin of time".of_first.shade_words
if (highest == 0) { set label 100 "no message had to wait" at graph 0.5, 0.5 center }

eval begin_panels
do for [i=1:count] {
    title = policy(i).": at most ".thousands(most[i])
    eval begin_time_panel
    if (bin[i] == 0) {
        plot NaN notitle
    } else { if (text) {
        plot for [k=1:4] csv(i, "timeline") using (in_time(i, (column("time_s") + bin[i]) / unit)):(level(k)) \
            with steps lt k title shown[k]
    } else {
        plot for [k=4:1:-1] csv(i, "timeline") using (in_time(i, (column("time_s") + bin[i]) / unit)):(level(k)) \
            with filledcurves x1 fc rgb colours[paint[k]] fs solid 1 title shown[k], \
            @shade_entry
    } }
}
unset multiplot
