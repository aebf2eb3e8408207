# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/swept.gp - the points of a sweep over one parameter: loaded by the plots of one, draws nothing
#
# Wants `file` and `rows` of a results.csv (plots/style.gp), `figures`, the metrics that are drawn, and
# `fitting`, whether there is one parameter. Gives `points`, in the order of the file, text_of[point], the
# value as it was written, and of each figure NAME_v, NAME_l and NAME_h, its mean and the ends of its
# 95 % interval, which are the mean where there is none.

points = 0
room = max(rows, 1)
array text_of[room]
do for [m in figures] {
    eval sprintf("array %s_v[room]; array %s_l[room]; array %s_h[room]", m, m, m)
}
first_metric = ""
note_first(metric) = first_metric eq "" ? (first_metric = metric, 0) : 0
begin_point(name) = !is(first_metric) ? 0 : (points = points + 1, text_of[points] = value_name(name, points), 0)
low(v) = figure_or("ci95_low", v)
high(v) = figure_or("ci95_high", v)
if (fitting) {
    stats file using (note_first(strcol("metric")) + begin_point(strcol(1))) nooutput
    do for [m in figures] {
        none = m[1:8] eq "bad_news" || m[strlen(m) - 5:*] eq "_share" ? NaN : 0 # what is not measured is nothing of mail alone
        do for [k=1:points] { eval sprintf("%s_v[k] = none; %s_l[k] = none; %s_h[k] = none", m, m, m) }
        number = 0
        eval sprintf("keep(v) = (%s_v[number] = v, %s_l[number] = low(v), %s_h[number] = high(v), 0)", m, m, m)
        stats file using (number = number + is(first_metric), (is(m) ? keep(figure_or("value", none)) : 0)) nooutput
    }
}
