# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/attempts_per_message.gp - how often messages are tried
#
# A bar (with more than three policies: a dot) for each number of attempts and policy: how
# many messages took that many. The scale is logarithmic, for the many messages that go out
# at once would hide the few that do not.
#
# usage: gnuplot -d -e "dir1='out/stock'; dir2='out/one-day'" plots/attempts_per_message.gp
#        (all the variables: plots/style.gp)
# reads: histograms.csv: metric, low, count (metric attempts_per_message)
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"
eval canvas(600 + row_high * more_rows(23), 22 + more_rows(23))

array messages[count]
array mean[count]
array most[count]
set print $bars
print "policy,attempts,messages"
set print
widest = 0
highest = 0
tried(value) = is("attempts_per_message") ? value : 0
do for [i=1:count] {
    file = csv(i, "histograms")
    messages[i] = 0
    mean[i] = 0
    most[i] = 0
    @count_rows
    if (rows > 0) {
        stats file using (tried(column("count"))) nooutput
        messages[i] = STATS_sum
        highest = max(highest, STATS_max)
        stats file using (tried(column("low") * column("count"))) nooutput
        mean[i] = messages[i] > 0 ? STATS_sum / messages[i] : 0
        stats file using (tried(column("count") > 0 ? column("low") : 0)) nooutput
        most[i] = STATS_max
    }
    widest = max(widest, most[i])
    # Out of sight, so that no policy is without a bar.
    set print $bars append
    print sprintf("%d,-1,1", i)
    set print
    if (messages[i] > 0) {
        set table $bars append separator comma
        plot file using (i):(column("low")):(column("count")) with table if (is("attempts_per_message"))
        unset table
    }
}
caption(i) = mark(i).policy(i).(messages[i] > 0 ? \
    sprintf("  mean %.1f, most %.0f", mean[i], most[i]) : "  no message was tried")

question = "How often is a message tried?"
drawn = "messages by their number of attempts".of_all
eval heading
eval legend(policy_rows(23))

set xrange [0.4:max(10, widest) + 0.6]
set xlabel "attempts"
if (widest <= 20) { set xtics 1 }
set grid noxtics
set logscale y
set yrange [0.7:1.5 * max(10, highest)]
set ytics ("1" 1, "10" 10, "100" 100, "1,000" 1e3, "10,000" 1e4, "100,000" 1e5, "1 million" 1e6, \
    "10 million" 1e7, "100 million" 1e8)
set boxwidth 0.8 / count absolute
aside(i) = (i - (count + 1) / 2.0) * 0.8 / count
drawn_as = text || count <= 3 ? "boxes" : "points pt 7 ps 0.7"

if (highest == 0) { set label 100 "no message was tried" at graph 0.5, 0.5 center }

plot for [i=1:count] $bars \
    using (column("policy") == i ? column("attempts") + aside(i) : NaN):"messages" \
    with @drawn_as lt i title caption(i)
