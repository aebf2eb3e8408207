# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/sites.gp - which sites are hit hardest, and what comes of it
#
# A panel a policy: a bar for each of the sites with the most attempts, from the first
# replication, in parts by what came of them. Beside it how many these were, and for how long
# in all the site was dead. The other sites are summed up below.
#
# usage: gnuplot -d -e "dir1='out/stock'; dir2='out/one-day'" plots/sites.gp
#        (all the variables: plots/style.gp)
# reads: sites.csv: replication, site, attempts, sent, deferred, suspended, bounced, dead_s
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

shown = count <= 2 ? 15 : count <= 4 ? 10 : 6
array part = ["sent", "deferred", "suspended", "bounced"]
array paint = [6, 5, 8, 2] # colours
array letter = ["s", "d", "-", "b"] # what the text terminal draws each with

# The rows of each policy's file with the most attempts, most first: how many, and their numbers.
array most[count * shown]
array row[count * shown]
best(i, k) = (i - 1) * shown + k
insert(k, attempts, number) = k > shown ? 0 : \
    attempts <= most[best(i, k)] ? insert(k + 1, attempts, number) : \
    (insert(k + 1, most[best(i, k)], row[best(i, k)]), most[best(i, k)] = attempts, row[best(i, k)] = number, 0)

array sites[count]
array attempts[count]
array listed[count] # attempts of the best alone
highest = 0
lines = 1
is_first(i) = column("replication") == first[i]
do for [i=1:count] {
    file = csv(i, "sites")
    sites[i] = 0
    attempts[i] = 0
    do for [k=best(i, 1):best(i, shown)] {
        most[k] = 0
        row[k] = -1
    }
    @count_rows
    if (rows > 0) {
        stats file using (column("replication")) nooutput
        first[i] = STATS_min
        stats file using (is_first(i) ? 1 : 0) nooutput
        sites[i] = STATS_sum
        stats file using (is_first(i) ? column("attempts") : 0) nooutput
        attempts[i] = STATS_sum
        stats file using (is_first(i) ? insert(1, column("attempts"), column(0)) : 0) nooutput
    }
    listed[i] = sum [k=1:shown] most[best(i, k)]
    highest = max(highest, most[best(i, 1)])
    lines = max(lines, min(sites[i], shown) + (sites[i] > shown))
}
place(i) = is_first(i) ? sum [k=1:shown] (row[best(i, k)] == column(0) ? k : 0) : 0

# Bars take a part of the width, so that there is room behind the longest.
width = text ? 18 : 1.4 * max(highest, 1)
set xrange [0:text ? 46 : width]
set yrange [lines + 0.7:0.3]
set border 0
unset ytics
unset grid
set format x ""
unset xtics
set key at graph 1, graph 1 + 0.2 / lines right bottom horizontal samplen 1.5
question = "Which sites are hit hardest?"
drawn = "attempts by site".(text ? ": s sent, d deferred, - suspended, b bounced" : ", and for how long in all it was dead").of_first

start(k) = k == 1 ? 0 : start(k - 1) + column(part[k - 1])
repeat(sign, times) = times < 1 ? "" : sign.repeat(sign, times - 1)
cells(k) = floor(0.5 + (start(k) + column(part[k])) * width / max(highest, 1)) - floor(0.5 + start(k) * width / max(highest, 1))
bar = 'repeat(letter[1], cells(1)).repeat(letter[2], cells(2)).repeat(letter[3], cells(3)).repeat(letter[4], cells(4))'
counted(n, what) = thousands(n)." ".what.(n == 1 ? "" : "s")
figures(attempts, dead) = thousands(attempts).(dead > 0 ? ", dead for ".span(dead) : "")
visible(k) = k > 0 ? k : NaN

panels = count
panel_room = text ? lines + 6 + ceil(5.0 / count) : 21 * lines + 60
least_height = 250
left_edge = text ? 0.42 : 0.27
eval begin_panels
do for [i=1:count] {
    title = policy(i).": ".(sites[i] > 0 ? counted(attempts[i], "attempt").", ".counted(sites[i], "site") : "no attempt was made")
    eval begin_panel
    set label 1 at screen (text ? 0 : 0.01), graph 1
    set label 2 (sites[i] > shown ? thousands(sites[i] - shown)." others" : "") at graph 0, first shown + 1 right offset character -1, 0 tc rgb faint
    set label 3 (sites[i] > shown ? thousands(attempts[i] - listed[i])." attempts" : "") at graph 0, first shown + 1 left offset character 1, 0 tc rgb faint
    if (sites[i] == 0) {
        plot NaN notitle
    } else { if (text) {
        plot csv(i, "sites") using (0):(visible(place(i))):(harmless(short(strcol("site")))) with labels right offset character -1, 0 notitle, \
            csv(i, "sites") using (0):(visible(place(i))):(place(i) > 0 ? @bar." ".figures(column("attempts"), column("dead_s")) : "") with labels left notitle
    } else {
        plot for [k=1:4] csv(i, "sites") using (0):(visible(place(i))):(start(k)):(start(k) + column(part[k])):(place(i) - 0.36):(place(i) + 0.36) \
                with boxxyerror fc rgb colours[paint[k]] fs solid 1 noborder title part[k], \
            csv(i, "sites") using (0):(visible(place(i))):(harmless(short(strcol("site")))) with labels right offset character -1, 0 tc rgb ink notitle, \
            csv(i, "sites") using (column("attempts")):(visible(place(i))):(figures(column("attempts"), column("dead_s"))) \
                with labels left offset character 1, 0 tc rgb ink notitle
    } }
}
unset multiplot
