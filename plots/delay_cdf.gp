# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/delay_cdf.gp - how long delivered mail waited
#
# A step line a policy: the share of the delivered recipients that waited no longer than so
# much. Dots, and the legend, tell when 50, 90 and 99 percent had their mail. The band under a
# line is its 95 % interval over several replications.
#
# usage: gnuplot -d -e "dir1='out/stock'; dir2='out/one-day'" plots/delay_cdf.gp
#        (all the variables: plots/style.gp)
# reads: histograms.csv: metric, high, count (metric delay, in seconds)
#        ages.csv: age_s, replications, of_delivered_low, of_delivered_high (shares; empty without a band)
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"
eval canvas(600 + row_high * more_rows(36), 22 + more_rows(36))

shortest = 0.1
longest = hour
array p50[count]
array p90[count]
array p99[count]
delivered_any = 0
share_low = "of_delivered_low"
share_high = "of_delivered_high"
set print $marks
print "policy,delay_s,percent"
set print
do for [i=1:count] {
    @read_delays
    delivered_any = max(delivered_any, total)
    set print $marks append
    do for [p in "50 90 99"] {
        # A bucket's upper bound: the least delay that so many had not exceeded.
        reached_by(share) = 100 * share >= p && column("policy") == i ? column("delay_s") : 1e9
        stats $delays using (reached_by(column("share"))) nooutput
        if (p == 50) { p50[i] = STATS_min }
        if (p == 90) { p90[i] = STATS_min }
        if (p == 99) { p99[i] = STATS_min }
        print sprintf("%d,%g,%s", i, max(shortest, STATS_min), p)
    }
    set print
    if (total > 0) {
        stats file using (is("delay") ? column("high") : 0) nooutput
        longest = max(longest, STATS_max)
    }
    @read_band
}
caption(i) = mark(i).policy(i).(p50[i] < 1e9 ? \
    sprintf("  p50 %s, p90 %s, p99 %s", span(p50[i]), span(p90[i]), span(p99[i])) : "  nothing delivered")

question = "How late is the mail that arrives?"
drawn = "share of delivered recipients that waited no longer than so much".of_all
eval heading
eval legend(policy_rows(36))

set yrange [0:100]
set ytics ("0 %%" 0, "25 %%" 25, "50 %%" 50, "75 %%" 75, "90 %%" 90, "99 %%" 99)
set logscale x
set xrange [shortest:1.5 * longest]
eval age_tics
set xlabel "time from arrival to delivery"
if (delivered_any == 0) { set label 100 "no mail was delivered" at graph 0.5, 0.5 center }

if (!text) { set label 104 band_words at graph 0.99, 0.03 right font ",".small tc rgb faint }

plot for [i=1:text ? 0 : count] $bands \
        using (column("policy") == i ? column("age_s") : NaN):(100 * column("low")):(100 * column("high")) \
        with filledcurves fc rgb colours[i] fs transparent solid 0.25 noborder notitle, \
    for [i=1:count] $delays \
        using (column("policy") == i ? column("delay_s") : NaN):(100 * column("share")) \
        with steps lt i title caption(i), \
    for [i=1:(text ? 0 : count)] $marks \
        using (column("policy") == i ? column("delay_s") : NaN):"percent" \
        with points lt i pt 7 ps 1.2 notitle
