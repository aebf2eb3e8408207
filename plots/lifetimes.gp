# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/lifetimes.gp - what a shorter lifetime loses, and when senders are told
#
# Two panels over maximal_queue_lifetime: the share of recipients whom the log delivered and
# that lifetime gives up, with their number, and a bar over what it may be as sites may have
# recovered; and how long it takes until senders are told of failures. Hollow and dashed, in a
# shade: longer than the log can tell, and so extrapolated.
#
# usage: gnuplot -d -e "dir1='replayed'" plots/lifetimes.gp
#        (all the variables: plots/style.gp; of several folders the first is drawn)
# reads: lifetimes.csv: maximal_queue_lifetime_s, logged, extrapolated, recipients, lost, lost_low, lost_high, lost_share, bad_news_p50_s, bad_news_p90_s
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

file = csv(1, "lifetimes")
i = 1
@count_rows
kept_for(x) = max(minute, column("maximal_queue_lifetime_s")) # 0 has no place on the axis
of_all(n) = 100.0 * n / max(1, column("recipients"))
beyond(x) = column("extrapolated") == 1
shortest = hour
longest = 7 * day
told = 0      # the longest lifetime that is not extrapolated
untold = 1e12 # the shortest one that is
own = 0       # where the log's own is drawn
own_s = 0     # what it is
recipients = 0
most = 0.0    # percent
latest = hour
soonest = hour
news = 0      # lifetimes under which somebody is told of a failure
news_past = 0 # of these, extrapolated
if (rows > 0) {
    stats file using (kept_for(0)) nooutput; shortest = STATS_min; longest = STATS_max
    stats file using (beyond(0) ? 0 : kept_for(0)) nooutput; told = STATS_max
    stats file using (beyond(0) ? kept_for(0) : 1e12) nooutput; untold = STATS_min
    stats file using (column("logged") == 1 ? kept_for(0) : 0) nooutput; own = STATS_max
    stats file using (column("logged") == 1 ? column("maximal_queue_lifetime_s") : 0) nooutput; own_s = STATS_max
    stats file using (column("recipients")) nooutput; recipients = STATS_max
    stats file using (of_all(column("lost_high"))) nooutput; most = STATS_max
    stats file using (strcol("bad_news_p90_s") eq "" ? 0 : 1) nooutput; news = STATS_sum
    stats file using (beyond(0) && strcol("bad_news_p90_s") ne "" ? 1 : 0) nooutput; news_past = STATS_sum
    stats file using (strcol("bad_news_p90_s") eq "" ? 0 : column("bad_news_p90_s")) nooutput; latest = max(latest, STATS_max)
    stats file using (strcol("bad_news_p50_s") eq "" ? hour : column("bad_news_p50_s")) nooutput; soonest = max(1, min(soonest, STATS_min))
}

question = "What would a shorter lifetime lose, and when would senders know?"
drawn = text ? "kept for so long instead; right of |: longer than the log can tell" : \
    "the mail of the log, kept for so long instead; hollow, shaded: longer than the log can tell, extrapolated"
unset ylabel
panels = 2
panel_room = text ? 12 : 235
left_edge = text ? 0.13 : 0.085
edge = sqrt(max(told, shortest / 1.6) * min(untold, 1.6 * longest)) # between the two

age(s) = s == 0 ? "0" : s >= day && floor(s) % 86400 == 0 ? sprintf("%.0fd", s / day) : \
    s >= hour && floor(s) % 3600 == 0 ? sprintf("%.0fh", s / hour) : \
    floor(s) % 60 == 0 ? sprintf("%.0fm", s / minute) : sprintf("%.0fs", s)
set logscale x
set xrange [shortest / 1.25:longest * 1.25]
# In the lower panel with names.
marks = text ? "3600 14400 43200 86400 172800 432000 1209600 4320000" : \
    "60 300 900 3600 7200 14400 28800 43200 86400 172800 259200 345600 432000 604800 1209600 2592000 8640000"
x_tics = 'set xtics ("" minute); do for [m in marks] { set xtics add (panel < panels ? "" : age(m + 0) m + 0) }'
step(x) = rounded(x / 10 ** floor(log10(x))) * 10 ** floor(log10(x))
delays = latest > 1000 * soonest || text ? "1 10 60 600 3600 14400 86400 432000 4320000" : \
    "1 10 60 600 1800 3600 7200 14400 28800 43200 86400 172800 432000 1209600 4320000"
delays = text ? "1 60 3600 14400 86400 432000 4320000" : delays

# Behind both panels: what is extrapolated, and the setting that the log was written under.
aside = own > edge ? "-0.7,-2.3 right" : "0.7,-1 left"
backdrop = 'unset object; unset arrow; unset label 50; unset label 51; \
    if (rows > 0 && untold < 1e12) { \
        if (text) { set arrow 1 from edge, graph 0 to edge, graph 0.9 nohead } \
        else { set object 1 rectangle from edge, graph 0 to 1.25 * longest, graph 1 behind fc rgb "#f3e9dc" fs solid 1 noborder; \
               set label 50 "extrapolated" at graph 1, graph 1 offset character -1, -1 right tc rgb faint } }; \
    if (own > 0 && !text) { \
        set arrow 3 from own, graph 0 to own, graph 1 nohead back lc rgb ink lw 1 dt 2; \
        set label 51 "logged: ".age(own_s) at own, graph 1 offset character '.aside.' tc rgb ink }'

# Of a figure what the log tells, and the rest. The line of the rest begins where the other ends.
seen(y) = beyond(0) ? NaN : y
past(y) = beyond(0) ? y : NaN
onward(y) = beyond(0) || kept_for(0) == told ? y : NaN
# gnuplot warns of a line without a point: `any` says which parts there are, 1 or 2 or both of them.
figure(expression, any, colour, filled, size, symbol, caption) = text ? \
    sprintf(", file using (kept_for(0)):(%s) with points pt '%s' title '%s %s'", expression, symbol, symbol, caption) : \
    (any < 2 ? "" : sprintf(", file using (kept_for(0)):(onward(%s)) with lines lt %d lw 1.5 dt 2 notitle", expression, colour). \
        sprintf(", file using (kept_for(0)):(past(%s)) with points lt %d lw 1.5 pt %d ps %.1f notitle", expression, colour, filled - 1, size)). \
    (any % 2 == 0 ? "" : sprintf(", file using (kept_for(0)):(seen(%s)) with linespoints lt %d dt 1 pt %d ps %.1f notitle", expression, colour, filled, size)). \
    sprintf(", keyentry with linespoints lt %d dt 1 pt %d ps %.1f title '%s'", colour, filled, size, caption)
set key at graph 1, graph (text ? 1.2 : 1.04) right bottom horizontal samplen 2

eval begin_panels
title = recipients == 0 ? "the log has no mail" : text ? "lost, of ".thousands(recipients)." recipients" : \
    "lost: delivered in the log, bounced here; of ".thousands(recipients)." recipients"
eval begin_panel
eval backdrop
most = most > 0 ? most : 1.0
set yrange [0:1.3 * most]
set format y "%g %%"
eval x_tics
set ytics 0, step(most / (text ? 2 : 4))
share = "of_all(column('lost'))"
bars = text ? "" : ", file using (kept_for(0)):(of_all(column('lost_low'))):(0):(of_all(column('lost_high') - column('lost_low'))) with vectors heads size screen 0.004,90 lc rgb colours[2] lw 1.5 dt 1 notitle". \
    ", file using (kept_for(0)):(of_all(column('lost_high'))):(thousands(column('lost'))) with labels offset 0, 0.8 tc rgb ink notitle"
if (rows == 0) { plot NaN notitle } else { eval "plot NaN notitle".figure(share, (told > 0) + 2 * (untold < 1e12), 2, 7, 1.2, "*", text ? "lost" : "lost, and the least and most it may be").bars }

title = news == 0 ? "no sender is told of a failure" : text ? "sender told after" : "how long until the sender is told of a failure"
eval begin_panel
eval backdrop
unset label 50
unset label 51
set key
set logscale y
set yrange [0.7 * soonest:1.6 * latest]
eval x_tics
set ytics ("1s" 1)
do for [m in delays] { set ytics add (age(m + 0) m + 0) }
set xlabel "maximal_queue_lifetime" tc rgb ink
p90 = figure("max(1, column('bad_news_p90_s'))", (news > news_past) + 2 * (news_past > 0), 5, 5, 1.6, "9", "9 in 10 (p90)")
p50 = figure("max(1, column('bad_news_p50_s'))", (news > news_past) + 2 * (news_past > 0), 1, 7, 0.9, "5", "half (p50)")
if (news == 0) { plot NaN notitle } else { eval "plot NaN notitle".p90.p50 }
unset multiplot
