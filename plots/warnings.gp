# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/warnings.gp - how many senders are told of a delay, and how many for nothing
#
# Two panels over delay_warning_time, on a logarithmic axis: the share of messages whose sender was
# warned; and of these the share that reached all its recipients in the end, so that the warning was
# not needed. A mark is a mean over the replications, a band its 95 % interval. Hollow: mail was
# still queued at the end, and may yet be delivered. 0, which turns warnings off, has no place here.
#
# usage: gnuplot -d -e "dir1='swept'" plots/warnings.gp
#        (all the variables: plots/style.gp; of several folders the first is drawn)
# reads: results.csv: metric, value, ci95_low, ci95_high (metrics messages, queued, warnings, warned_share, unneeded_share)
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

file = csv(1, "results")
i = 1
@count_rows
keys = 0
key1 = ""
if (rows > 0) { @read_keys }
fitting = keys == 1 && key1 eq "delay_warning_time"

# --- the points, in the order of the file -------------------------------

figures = "messages queued warnings warned_share unneeded_share"
load folder(ARG0)."swept.gp"

# A number without a unit is hours, as Postfix reads this one.
after(k) = bare(text_of[k]) ? hour * size_of(text_of[k]) : size_of(text_of[k])

# Sorted by time, without what has no place on the axis.
array order[room]
shown = 0
off = 0
do for [k=1:points] {
    if (after(k) <= 0) { off = off + 1; continue }
    shown = shown + 1
    order[shown] = k
    do for [j=shown:2:-1] {
        if (after(order[j - 1]) > after(order[j])) { t = order[j]; order[j] = order[j - 1]; order[j - 1] = t }
    }
}

held = 0
told = 0
mail = 0.0
top_share = 0.0
set print $points
print "place,share,share_low,share_high,waste,waste_low,waste_high,whole"
do for [j=1:shown] {
    k = order[j]
    held = held + (queued_v[k] > 0)
    told = told + (warnings_v[k] > 0)
    mail = mail + messages_v[k] / shown
    if (messages_v[k] > 0) { top_share = max(top_share, 100 * within(warned_share_h[k])) }
    print sprintf("%.10g,%g,%g,%g,%g,%g,%g,%d", after(k), 100 * warned_share_v[k], 100 * within(warned_share_l[k]), \
        100 * within(warned_share_h[k]), 100 * unneeded_share_v[k], 100 * within(unneeded_share_l[k]), \
        100 * within(unneeded_share_h[k]), queued_v[k] == 0)
}
set print

# --- what is drawn ------------------------------------------------------

question = "How many senders are told of a delay, and how many for nothing?"
drawn = text ? "means over the replications" : \
    "means over the replications; bands: 95 % intervals".(held > 0 ? "; hollow: some mail was still queued at the end" : "")
if (off > 0) { drawn = drawn."; without 0: off" }
unset ylabel
panels = 2
panel_room = text ? 12 : 235
left_edge = text ? 0.13 : 0.085
least_x = shown > 0 ? after(order[1]) : hour
most_x = shown > 0 ? after(order[shown]) : hour
set logscale x
set xrange [least_x / 1.25:most_x * 1.25]

# The values as they were written; those that would overlap have a tic without a name.
apart = log(most_x / least_x * 1.56) / (text ? 11 : 22)
x_tics = 'set xtics ("" least_x); named = -1e9; do for [j=1:shown] { k = order[j]; near = log(after(k)) - named < apart; \
    if (!near) { named = log(after(k)) }; \
    set xtics add (panel < panels || near ? "" : tic_text(harmless(short(text_of[k]))) after(k)) }'
figure(name, colour) = text ? \
    sprintf(", $points using 'place':'%s' with points pt '*' notitle", name) : \
    sprintf(", $points using 'place':'%s_low':'%s_high' with filledcurves fc rgb colours[%d] fs transparent solid 0.2 noborder notitle", name, name, colour). \
    sprintf(", $points using 'place':'%s' with linespoints lt %d dt 1 pt 7 ps 1.1 notitle", name, colour). \
    (held == 0 ? "" : sprintf(", $points using 'place':(column('whole') == 1 ? NaN : column('%s')) with points lc rgb 'white' pt 7 ps 0.7 notitle", name))
step(x) = rounded(x / 10 ** floor(log10(x))) * 10 ** floor(log10(x))
unset key
set format y "%g %%"

eval begin_panels
title = keys > 0 && !fitting ? "delay_warning_time was not what was varied, or not alone" : shown == 0 ? "nothing was swept" : \
    "sender warned, of ".thousands(floor(mail + 0.5))." messages"
eval begin_panel
top_share = top_share > 0 ? top_share : 1.0
set yrange [0:1.15 * top_share]
eval x_tics
set ytics 0, step(top_share / (text ? 2 : 4))
if (shown == 0) { plot NaN notitle } else { eval "plot NaN notitle".figure("share", 5) }

title = told == 0 ? "no sender is warned" : text ? "unneeded: all were reached" : \
    "unneeded, of these warnings: the message reached all its recipients in the end"
eval begin_panel
set yrange [0:110]
eval x_tics
set ytics 0, (text ? 50 : 20), 100
set xlabel "delay_warning_time" tc rgb ink
if (told == 0) { plot NaN notitle } else { eval "plot NaN notitle".figure("waste", 2) }
unset multiplot
