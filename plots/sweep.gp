# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/sweep.gp - what one parameter changes: mail given up, when senders know, attempts
#
# Three panels over the values of the parameter that a sweep varied, on a logarithmic axis where
# all are positive times or numbers, else side by side: the share of recipients given up (bounced
# and expired); how long it takes until senders are told of failures; attempts. A mark is a mean
# over the replications, a band its 95 % interval. Hollow: mail was still queued at the end, and may
# yet be given up.
#
# The knee, dashed: where the curve of the share, drawn from its largest value at one end to its
# least at the other, in units of its width and height, lies farthest below the straight line
# between its ends: there a further step gains less than those before it did on average. Hollow
# marks do not count. None is marked if it lies less than a twentieth of the height below the
# line, or less than half the width of its band, or on an axis that is not logarithmic. It depends on the
# values that were swept.
#
# A thin line stands at the value that is configured, if it was swept.
#
# usage: gnuplot -d -e "dir1='swept'" plots/sweep.gp
#        (all the variables: plots/style.gp; of several folders the first is drawn)
# reads: results.csv: metric, value, ci95_low, ci95_high (metrics recipients, given_up_share, queued, bad_news_p50, bad_news_p90, attempts)
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

file = csv(1, "results")
i = 1
@count_rows
keys = 0
key1 = ""
if (rows > 0) { @read_keys }

# --- the points, in the order of the file -------------------------------

figures = "recipients given_up_share queued bad_news_p50 bad_news_p90 attempts"
fitting = rows > 0 && keys == 1
load folder(ARG0)."swept.gp"
array at[room]

# Their places: by their sizes, or one by one.
by_size = points > 1
bares = 0
do for [k=1:points] {
    bares = bares + bare(text_of[k])
    if (size_of(text_of[k]) <= 0) { by_size = 0 }
}
if (bares > 0 && bares < points) { by_size = 0 }
do for [k=1:points] { at[k] = by_size ? size_of(text_of[k]) : k }
least_x = points > 0 ? at[1] : 1.0
most_x = least_x
do for [k=1:points] { least_x = min(least_x, at[k]); most_x = max(most_x, at[k]) }
if (most_x <= least_x) { by_size = 0 }

# Sorted by place, for lines.
array order[room]
do for [k=1:points] { order[k] = k }
do for [pass=1:points] { do for [k=1:points - 1] {
    if (at[order[k]] > at[order[k + 1]]) { t = order[k]; order[k] = order[k + 1]; order[k + 1] = t }
} }

array share[room]
array share_low[room]
array share_high[room]
mail = 0.0
top_share = 0.0
known = 0
top_news = minute
low_news = 1e12
top_attempts = 1.0
held = 0
news = 0
do for [k=1:points] {
    mail = mail + recipients_v[k] / points
    share[k] = 100.0 * given_up_share_v[k]
    share_low[k] = 100.0 * within(given_up_share_l[k])
    share_high[k] = 100.0 * within(given_up_share_h[k])
    known = known + (share[k] == share[k])
    if (share[k] == share[k]) { top_share = max(top_share, share_high[k]) }
    top_attempts = max(top_attempts, attempts_h[k])
    held = held + (queued_v[k] > 0)
    if (bad_news_p90_v[k] == bad_news_p90_v[k]) {
        news = news + 1
        top_news = max(top_news, bad_news_p90_h[k])
        low_news = min(low_news, max(1, bad_news_p50_l[k]))
    }
}

# --- the knee -----------------------------------------------------------

knee = 0
full = 0
first_full = 0
last_full = 0
do for [j=1:points] {
    if (queued_v[order[j]] == 0) {
        full = full + 1
        last_full = order[j]
        if (first_full == 0) { first_full = order[j] }
    }
}
if (by_size && full >= 3) {
    height = share[first_full] - share[last_full]
    width = log(at[last_full] / at[first_full])
    deepest = 0.05
    do for [k=1:points] {
        if (height != 0 && queued_v[k] == 0) {
            along = log(at[k] / at[first_full]) / width
            up = (share[k] - min(share[first_full], share[last_full])) / abs(height)
            line = height > 0 ? 1 - along : along
            noise = (share_high[k] - share_low[k]) / 2 / abs(height)
            if (line - up > deepest && line - up > noise) { deepest = line - up; knee = k }
        }
    }
}

here = 0
do for [k=1:points] { if (text_of[k] eq current1) { here = k } }

# --- what is drawn ------------------------------------------------------

set print $points
print "place,share,share_low,share_high,p50,p50_low,p50_high,p90,p90_low,p90_high,tries,tries_low,tries_high,whole"
do for [j=1:points] {
    k = order[j]
    print sprintf("%.10g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%d", at[k], share[k], share_low[k], share_high[k], \
        max(1, bad_news_p50_v[k]), max(1, bad_news_p50_l[k]), max(1, bad_news_p50_h[k]), \
        max(1, bad_news_p90_v[k]), max(1, bad_news_p90_l[k]), max(1, bad_news_p90_h[k]), \
        attempts_v[k], attempts_l[k], attempts_h[k], queued_v[k] == 0)
}
set print

question = "What does ".(points > 0 ? key1 : "a parameter")." change?"
drawn = text ? "means; |: the knee" : \
    "means over the replications; bands: 95 % intervals".(held > 0 ? "; hollow: some mail was still queued at the end" : "")
unset ylabel
panels = 3
panel_room = text ? 11 : 190
left_edge = text ? 0.13 : 0.085
if (by_size) { set logscale x; set xrange [least_x / 1.25:most_x * 1.25] } else { set xrange [0.5:max(points, 1) + 0.5] }

# The values as they were written; those that would overlap have a tic without a name.
apart = by_size ? log(most_x / least_x * 1.56) / (text ? 11 : 22) : 0
x_tics = 'set xtics ("" at_first); named = -1e9; do for [j=1:points] { k = order[j]; \
    near = by_size && log(at[k]) - named < apart; \
    if (!near) { named = by_size ? log(at[k]) : k }; \
    set xtics add (panel < panels || near ? "" : tic_text(harmless(short(text_of[k]))) at[k]) }'
at_first = points > 0 ? at[order[1]] : 1

to_the_left(k) = order[points] == k
backdrop = 'unset arrow; unset label 50; unset label 51; \
    if (here > 0 && !text) { \
        set arrow 2 from at[here], graph 0 to at[here], graph 1 nohead back lc rgb faint lw 1; \
        if (panel == 1) { \
            if (to_the_left(here)) { set label 51 "as configured" at at[here], graph 1 right offset character -0.7, -2.3 tc rgb faint } \
            else { set label 51 "as configured" at at[here], graph 1 left offset character 0.7, -2.3 tc rgb faint } } }; \
    if (knee > 0) { \
        set arrow 1 from at[knee], graph 0 to at[knee], graph (text ? 0.8 : 1) nohead back lc rgb ink lw 1 dt 2; \
        if (panel == 1 && !text) { set label 50 "knee: ".harmless(short(text_of[knee])) at at[knee], graph 1 offset character 0.7, -1 left tc rgb ink } }'
figure(name, colour, shape, size, symbol, caption) = text ? \
    sprintf(", $points using 'place':'%s' with points pt '%s' title '%s %s'", name, symbol, symbol, caption) : \
    sprintf(", $points using 'place':'%s_low':'%s_high' with filledcurves fc rgb colours[%d] fs transparent solid 0.2 noborder notitle", name, name, colour). \
    sprintf(", $points using 'place':'%s' with lines lt %d dt 1 notitle", name, colour). \
    sprintf(", $points using 'place':'%s' with points lt %d pt %d ps %.1f notitle", name, colour, shape, size). \
    (held == 0 ? "" : sprintf(", $points using 'place':(column('whole') == 1 ? NaN : column('%s')) with points lc rgb 'white' pt %d ps %.1f notitle", name, shape, 0.6 * size)). \
    sprintf(", keyentry with linespoints lt %d dt 1 pt %d ps %.1f title '%s'", colour, shape, size, caption)
set key at graph 1, graph (text ? 1.2 : 1.04) right bottom horizontal samplen 2
step(x) = rounded(x / 10 ** floor(log10(x))) * 10 ** floor(log10(x))

eval begin_panels
title = keys > 1 ? "more than one parameter was varied: see map.gp" : points == 0 ? "nothing was swept" : mail == 0 ? "no mail, so that none is given up" : \
    "given up, of ".thousands(floor(mail + 0.5))." recipients"
eval begin_panel
eval backdrop
top_share = top_share > 0 ? top_share : 1.0
set yrange [0:1.15 * top_share]
set format y "%g %%"
eval x_tics
set ytics 0, step(top_share / (text ? 2 : 4))
if (known == 0) { plot NaN notitle } else { eval "plot NaN notitle".figure("share", 2, 7, 1.1, "*", "bounced or expired") }

title = news == 0 ? "no sender is told of a failure" : text ? "sender told after" : "how long until the sender is told of a failure"
eval begin_panel
eval backdrop
set key
set logscale y
low_news = min(low_news, top_news)
set yrange [0.6 * low_news:1.8 * top_news]
eval x_tics
age(s) = s >= day ? sprintf("%.0fd", s / day) : s >= hour ? sprintf("%.0fh", s / hour) : s >= minute ? sprintf("%.0fm", s / minute) : sprintf("%.0fs", s)
set ytics ("1s" 1)
do for [m in (text ? "60 3600 14400 86400 432000 4320000" : "10 60 600 3600 14400 43200 86400 172800 432000 1209600 4320000")] { set ytics add (age(m + 0) m + 0) }
if (news == 0) { plot NaN notitle } else { eval "plot NaN notitle".figure("p90", 5, 5, 1.3, "9", "9 in 10 (p90)").figure("p50", 1, 7, 0.9, "5", "half (p50)") }

title = "attempts"
eval begin_panel
eval backdrop
set key
unset logscale y
set format y "%g"
set yrange [0:1.15 * top_attempts]
eval x_tics
set ytics ("0" 0)
do for [k=1:6] { set ytics add (thousands(k * tic_for(top_attempts * 1.5)) k * tic_for(top_attempts * 1.5)) }
set xlabel (points > 0 ? key1 : "") tc rgb ink
if (points == 0) { plot NaN notitle } else { eval "plot NaN notitle".figure("tries", 3, 7, 1.1, "*", "to deliver, notices too") }
unset multiplot
