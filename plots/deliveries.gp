# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/deliveries.gp - how many deliveries are under way, and how many destinations are dead
#
# Two panels a policy, from the first replication: the most delivery agents at work at a time
# in each bin of time, and the next hops that are dead at its end, so that nothing is tried there.
# Shaded: a site is away, or several.
#
# usage: gnuplot -d -e "dir1='out/stock'; dir2='out/one-day'" plots/deliveries.gp
#        (all the variables: plots/style.gp)
# reads: timeline.csv: replication, time_s, busy_max, dead_sites
#        outages.csv: replication, from_s, until_s
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

array busiest[count]
array deadest[count]
last = 0
most_busy = 0
most_dead = 0
do for [i=1:count] {
    @read_timeline
    last = max(last, until[i])
    busiest[i] = 0
    deadest[i] = 0
    if (bin[i] > 0) {
        stats file using (column("replication") == first[i] ? column("busy_max") : 0) nooutput
        busiest[i] = STATS_max
        stats file using (column("replication") == first[i] ? column("dead_sites") : 0) nooutput
        deadest[i] = STATS_max
    }
    most_busy = max(most_busy, busiest[i])
    most_dead = max(most_dead, deadest[i])
}

eval time_axis
set key at graph 1, graph 1.05 right bottom horizontal samplen 1.5
question = "How many deliveries at a time, and how many dead destinations?"
drawn = "in each bin of time: most deliveries; destinations dead at its end".of_first.shade_words
at_most(n, what, none) = n > 0 ? what.", at most ".thousands(n) : none
unset ylabel

panels = 2 * count
panel_room = text ? 12 : 120
eval begin_panels
do for [i=1:count] { do for [column_of in "busy_max dead_sites"] {
    busy = column_of eq "busy_max"
    highest = busy ? most_busy : most_dead
    eval count_axis
    title = policy(i).": ".(busy ? at_most(busiest[i], "deliveries at a time", "no delivery takes time") \
        : at_most(deadest[i], "dead destinations", "no destination is dead"))
    eval begin_time_panel
    if (bin[i] == 0) {
        plot NaN notitle
    } else {
        plot csv(i, "timeline") using (in_time(i, (column("time_s") + bin[i] / 2) / unit)):(column(column_of)) \
            with impulses lt i lw thick(i) dt 1 notitle, \
            @shade_entry
    }
} }
unset multiplot
