# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/undelivered.gp - how much mail is still undelivered, by its age
#
# A step line a policy: the share of all recipients not reached yet. Where it ends is what
# was never delivered. Dashed, upright: when each policy gives up (lifetime1 ...). The band
# under a line is its 95 % interval over several replications.
#
# usage: gnuplot -d -e "dir1='out/stock'; dir2='out/one-day'" plots/undelivered.gp
#        (all the variables: plots/style.gp)
# reads: histograms.csv: metric, high, count (metrics delay and bad_news, in seconds)
#        summary.csv: metric, value (metrics recipients and delivered)
#        ages.csv: age_s, replications, delivered_low, delivered_high (shares; empty without a band)
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"
eval canvas((bare ? (narrow ? 330 : 420) : 600) + row_high * more_rows(9), (bare ? 18 : 22) + more_rows(9))

youngest = minute
share_low = "delivered_low"
share_high = "delivered_high"
oldest = 2 * day
array reached[count]
array mail[count]
array left_over[count] # percent, at the right end
top = 0
all_mail = 0
do for [i=1:count] {
    @read_delays
    if (rows > 0) {
        stats file using (is("delay") || is("bad_news") ? column("high") : 0) nooutput
        oldest = max(oldest, STATS_max)
    }
    @read_reached
    mail[i] = arrived
    all_mail = all_mail + arrived
    left_over[i] = arrived > 0 ? 100 * (1 - reached[i]) : 0
    if (arrived > 0) {
        stats $delays using (column("policy") == i && column("delay_s") <= youngest ? column("share") : 0) nooutput
        top = max(top, 100 * (1 - reached[i] * STATS_max))
    }
    oldest = max(oldest, lifetime(i))
    @read_band
}
if (most > 0) {
    stats $bands using (column("age_s") >= youngest ? column("low") : 1) nooutput
    top = max(top, 100 * (1 - STATS_min))
}

# Labels at the ends of the lines, pushed apart until they can be read.
gap = (text ? 0.09 : 0.05) * max(top, 1)
array height[count]
do for [i=1:count] { height[i] = left_over[i] }
do for [pass=1:20] { do for [i=1:count] { do for [j=1:count] {
    if (i != j && height[i] >= height[j] && height[i] - height[j] < gap) { height[i] = height[j] + gap }
} } }
ending(i) = mark(i).policy(i).(mail[i] > 0 ? sprintf("  %.1f %%", left_over[i]) : "  no mail")
# A policy without mail has a line all the same, out of sight, for gnuplot wants points.
undelivered(i, share) = mail[i] > 0 ? 100 * (1 - reached[i] * share) : -1
longest = 0
do for [i=1:count] { longest = max(longest, strlen(ending(i))) }

labelled = count <= 4 && !narrow
names_lifetimes = 0
question = "How much mail is still undelivered, by its age?"
drawn = "share of recipients not yet delivered; at the right: never delivered".of_all
eval heading
if (!labelled) { eval legend(policy_rows(9)) } else { unset key; set rmargin 0.95 * longest + 1 }

step = top > 20 ? 10 : top > 5 ? 5 : 1
set yrange [0:max(step, step * ceil(1.02 * top / step))]
set format y "%g %%"
set logscale x
set xrange [youngest:1.2 * oldest]
eval age_tics
set xlabel "age of the mail"

do for [i=1:count] {
    if (labelled) {
        set label i ending(i) at graph 1, first height[i] offset character 1, 0 tc rgb colours[i]
    }
    if (lifetime(i) > youngest) {
        set arrow i from lifetime(i), graph 0 to lifetime(i), graph (text ? 0.9 : 1) nohead lc rgb colours[i] lw 1 dt 2
        crowded = (text || narrow) && count > 4
        apart = narrow ? 2 : 0.7
        do for [j=1:i - 1] { if (abs(log(max(1, lifetime(j)) / lifetime(i))) < apart) { crowded = 1 } }
        if (!crowded) {
            names_lifetimes = 1
            set label 10 + i "gives up" at lifetime(i), graph 1 offset character 0, (text ? 0 : 0.6) center tc rgb colours[i]
        }
    }
}
# A legend stands above these words.
if (names_lifetimes && !labelled && !text) {
    set key at graph 0, graph 1.13
    set tmargin (bare ? 1.8 : 6.3) + 1.1 * policy_rows(9)
}
if (top == 0) {
    set label 100 (all_mail > 0 ? "all mail was delivered within a minute" : "no mail arrived") at graph 0.5, 0.5 center
}

if (!text) { set label 104 band_words at graph 0.01, 0.03 font ",".small tc rgb faint }

plot for [i=1:text ? 0 : count] $bands \
    using (column("policy") == i ? column("age_s") : NaN):(100 * (1 - column("high"))):(100 * (1 - column("low"))) \
    with filledcurves fc rgb colours[i] fs transparent solid 0.25 noborder notitle, \
    for [i=1:count] $delays \
    using (column("policy") == i ? column("delay_s") : NaN):(undelivered(i, column("share"))) \
    with steps lt i title ending(i)
