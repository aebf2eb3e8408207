# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/qshape.gp - who waits in the queue, by domain and age
#
# What qshape(1) would print at the moments at which the queue was looked at, a table each for
# incoming and active, and for deferred: a row for each of the domains with the most recipients, a
# column for each bucket of ages. The lighter, the more. Queues in which nobody waits are left out.
#
# usage: gnuplot -d -e "dir1='out/stock'; dir2='out/one-day'" plots/qshape.gp
#        (all the variables: plots/style.gp)
# reads: qshape.csv: snapshot_s, queue, domain, T (and the ten buckets behind it)
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

buckets = 10
array up_to = ["5", "10", "20", "40", "80", "160", "320", "640", "1280", "1280+"] # minutes, as qshape heads them

# --- the tables: those of which TOTAL is not 0 --------------------------

is_total(domain) = domain eq "TOTAL"
tables = 0
moments = 0
last = ""
see_moment(moment) = moment eq last ? 0 : (last = moment, moments = moments + 1, 0)
do for [i=1:count] {
    file = csv(i, "qshape")
    @count_rows
    if (rows > 0) {
        last = ""
        stats file using (see_moment(strcol("snapshot_s")), tables = tables + (is_total(strcol("domain")) && column("T") > 0)) nooutput
    }
}
shown = tables <= 2 ? 16 : tables <= 4 ? 9 : 6

room = max(tables, 1)
array name[room]
array recipients[room]
array domains[room]
array listed[room * shown] # names; the last is that of the other domains, if there are several
array cells[room * shown * buckets]
do for [k=1:room * shown * buckets] { cells[k] = 0 }
do for [t=1:room] { domains[t] = 0 }
place(t, row) = (t - 1) * shown + row
cell(t, row, bucket) = (place(t, row) - 1) * buckets + bucket
after(s) = s == 0 ? "at the start" : "after ".span(s)
whose(i) = count > 1 ? policy(i).", " : ""

# A table begins where the moment or the queue changes; TOTAL may come after a domain with as many.
fill(row) = sum [b=1:buckets] (k = cell(t, row, b), cells[k] = cells[k] + column(4 + b), 0)
call_it(row, name) = (listed[place(t, row)] = name, 0)
add_domain(domain) = (domains[t] = domains[t] + 1, \
    domains[t] > shown ? call_it(shown, thousands(domains[t] - shown + 1)." others") : call_it(domains[t], harmless(short(domain))), \
    fill(min(domains[t], shown)))
begin(key) = key eq last ? 0 : (last = key, taken = column("T") > 0, t = t + taken, \
    taken ? (name[t] = whose(i).after(column("snapshot_s")).", ".harmless(strcol("queue")), recipients[t] = column("T"), 0) : 0)
read_row(domain) = (begin(strcol("snapshot_s")." ".strcol("queue")), taken && !is_total(domain) ? add_domain(domain) : 0)
t = 0
do for [i=1:count] {
    file = csv(i, "qshape")
    last = ""
    @count_rows
    if (rows > 0) { stats file using (read_row(strcol("domain"))) nooutput }
}

# Under one another: `top` is the line of each one's title.
array top[room]
lines = 0
most = 1
do for [t=1:tables] {
    top[t] = lines + 1
    lines = lines + min(domains[t], shown) + (text ? 2 : 1.5)
}
do for [k=1:tables * shown * buckets] { most = max(most, cells[k]) }

set print $cells
print "line,bucket,count"
do for [t=1:tables] { do for [row=1:min(domains[t], shown)] { do for [b=1:buckets] {
    print sprintf("%g,%d,%.0f", top[t] + row, b, cells[cell(t, row, b)])
} } }
set print

# --- what is drawn ------------------------------------------------------

question = "Who waits in the queue, and for how long already?"
drawn = moments == 0 ? "no snapshot was taken" : "recipients by domain and age, up to so many minutes; empty queues are left out".of_first
counted(n, what) = thousands(n)." ".what.(n == 1 ? "" : "s")

# Viridis (CC0) over the logarithm: a domain with many does not hide one with few.
@viridis
set cbrange [0:max(log10(most), 0.1)]
unset colorbox
set border 0
unset grid
unset key
set xrange [0.5:buckets + 0.5]
rows = max(lines, 4) + 1 # the last is that of the buckets
set yrange [rows + 0.5:0.5]
if (text) { set yrange [rows:1] } # a line each
unset xtics
unset ytics

high = text ? rows + 6 : 22 * rows + 120
eval canvas(high, high)
eval heading
set lmargin at screen (text ? 0.33 : 0.27)
set rmargin at screen 0.97
set tmargin above
set bmargin text ? 2 : bare ? 1 : 2.5
if (tables == 0) {
    set label 1 (moments == 0 ? "" : "nobody waits") at screen 0.5, graph 0.5 center tc rgb ink
}
do for [t=1:tables] {
    set label (name[t].": ".counted(recipients[t], "recipient").", ".counted(domains[t], "domain")) at screen (text ? 0 : 0.01), first top[t] tc rgb ink
    do for [row=1:min(domains[t], shown)] {
        set label listed[place(t, row)] at graph 0, first top[t] + row right offset character -1, 0 tc rgb (row == shown && domains[t] > shown ? faint : ink)
    }
}
do for [b=1:tables > 0 ? buckets : 0] { set label up_to[b] at first b, first lines + (text ? 0 : 0.4) center tc rgb ink }

bright(v) = log10(v) > 0.55 * log10(most)
written(count, light) = count > 0 && bright(count) == light ? thousands(count) : ""
box = '"line":(column("bucket") - 0.5):(column("bucket") + 0.5):(column("line") - 0.5):(column("line") + 0.5)'
if (tables == 0) {
    plot NaN notitle
} else { if (text) {
    plot $cells using "bucket":"line":(column("count") > 0 ? thousands(column("count")) : ".") with labels notitle
} else {
    plot $cells using "bucket":@box with boxxyerror fc rgb "#f2f2f2" fs solid 1 border lc rgb "white" notitle, \
        $cells using (column("count") > 0 ? column("bucket") : NaN):@box:(log10(column("count"))) with boxxyerror fc palette fs solid 1 border lc rgb "white" notitle, \
        $cells using "bucket":"line":(written(column("count"), 0)) with labels tc rgb "white" notitle, \
        $cells using "bucket":"line":(written(column("count"), 1)) with labels tc rgb "black" notitle
} }
