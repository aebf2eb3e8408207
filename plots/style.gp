# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/style.gp - what the plots share: their variables, the look, the reading
#
# usage: gnuplot -d -e "NAME=VALUE; ..." plots/PLOT.gp, with these variables:
#
#   dir1 ... dir8        folders that a run wrote; dir1 is required
#   name1 ... name8      what each is called; default: the last part of its path
#   lifetime1 ...        how long each keeps mail, in seconds; may be left out
#   replications1 ...    how many replications each is of; may be left out
#   current1, current2   of a sweep: the swept values that are configured; may be left out
#   terminal             svg, png, sixel or dumb (text); default: dumb
#   output               a file; "" or left out: standard output
#   note                 small type under the plot: scenario, seed, policies, n
#   pixels_wide          of svg, png and sixel; default: 1000
#   bare                 set: neither heading nor note, which stand elsewhere
#
# The number of folders is counted, not told. No text is read as markup. Paths may
# hold anything: none is given to a shell.
reset

# --- the variables ------------------------------------------------------

given(i) = exists("dir".i) ? given(i + 1) : i - 1
file_part(path) = strstrt(path, "/") ? file_part(path[strstrt(path, "/") + 1:*]) : path
min(a, b) = a < b ? a : b
max(a, b) = a > b ? a : b
not_a_pipe(path) = path[1:1] eq "/" ? path : "./".path

count = given(1)
if (count < 1) { exit error "style.gp: dir1 is not set" }
if (!exists("current1")) { current1 = "" }
if (!exists("current2")) { current2 = "" }
if (!exists("terminal")) { terminal = "dumb" }
if (!exists("output")) { output = "" }
if (!exists("note")) { note = "" }
if (!exists("pixels_wide")) { pixels_wide = 1000 }
bare = exists("bare")
narrow = pixels_wide < 600

text = terminal eq "dumb"
csv(i, name) = not_a_pipe(value("dir".i))."/".name.".csv"

# Of names that are too long the end is kept: "maximal_queue_lifetime=1d" and "...=4h" differ there. If
# some are alike then, the settings that all of the long ones end with are cut off first; if that does
# not help, they are numbered.
whole_name(i) = exists("name".i) ? value("name".i) : file_part(value("dir".i))
cut(name, room) = strlen(name) > room ? "..".name[strlen(name) - room + 3:*] : name
name_room = 24
is_long(i) = strlen(whole_name(i)) > name_room
ends_with(name, tail) = strlen(name) > strlen(tail) && name[strlen(name) - strlen(tail) + 1:*] eq tail
is_tail(tail) = (sum [i=1:count] (is_long(i) && !ends_with(whole_name(i), tail))) == 0
array policy_name[count]
are_alike = 'alike = 0; do for [i=1:count] { do for [j=1:i - 1] { alike = alike || policy_name[i] eq policy_name[j] } }'
do for [i=1:count] { policy_name[i] = cut(whole_name(i), name_room) }
@are_alike
if (alike) {
    tail = ""
    do for [i=1:count] { if (is_long(i) && tail eq "") { do for [k=2:strlen(whole_name(i))] {
        rest = whole_name(i)[k:*]
        if (tail eq "" && rest[1:1] eq "," && is_tail(rest)) { tail = rest }
    } } }
    do for [i=1:count] { if (is_long(i) && tail ne "") {
        policy_name[i] = cut(whole_name(i)[1:strlen(whole_name(i)) - strlen(tail)], name_room - 2).".."
    } }
    @are_alike
}
if (alike) { do for [i=1:count] { policy_name[i] = sprintf("%d: %s", i, cut(whole_name(i), name_room - 3)) } }
policy(i) = policy_name[i]
lifetime(i) = exists("lifetime".i) ? 1.0 * value("lifetime".i) : 0.0

# What is drawn of several replications: one of them, or all.
several = 0
do for [i=1:count] { if (exists("replications".i)) { several = max(several, value("replications".i) > 1) } }
of_first = several ? "; the first replication" : ""
of_all = several ? "; all replications together" : ""

# --- the look -----------------------------------------------------------

# Okabe and Ito's colours, told apart by everyone; the second four are dashed too.
array colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", \
                 "#E69F00", "#56B4E9", "#000000", "#999999"]
dash(i) = i <= 4 ? 1 : 2
do for [i=1:8] { set linetype i lc rgb colours[i] lw 2 dt dash(i) }
mark(i) = text ? "*#$%@&=*"[i:i]." " : "" # what the text terminal draws line i with
big = terminal eq "svg" ? 19 : 15
small = terminal eq "svg" ? 11 : 8
ink = "#333333"
faint = "#777777"

# Viridis (CC0), whose lightness tells as much as its colour.
viridis = 'set palette defined (0 "#440154", 1 "#482878", 2 "#3e4989", 3 "#31688e", 4 "#26828e", 5 "#1f9e89", 6 "#35b779", 7 "#6ece58", 8 "#b5de2b", 9 "#fde725")'

# A canvas so many pixels, or in text so many lines, high. Run it with eval.
canvas(pixels, lines) = "set terminal ".( \
    terminal eq "svg" ? sprintf("svg size %d,%d font 'sans-serif,14' background 'white'", pixels_wide, pixels) : \
    terminal eq "png" ? sprintf("pngcairo size %d,%d font 'sans-serif,11' background 'white'", pixels_wide, pixels) : \
    terminal eq "sixel" ? sprintf("sixelgd size %d,%d font 'sans-serif,11' truecolor", pixels_wide, pixels) : \
    sprintf("dumb size 78,%d nofeed mono", lines))." noenhanced; set output".(output eq "" ? "" : " target")
target = not_a_pipe(output)

# At the edges: the `question` that a plot answers, what is `drawn`, and the note.
heading = bare ? "" : text ? \
    'set label 101 question at screen 0, screen 1; set label 102 drawn at screen 0, screen 1 offset character 0, -1; \
     set label 103 note at screen 0, screen 0' : \
    'set label 101 question at screen 0, screen 1 offset character 1, -1.2 font ",'.big.'" tc rgb ink; \
     set label 102 drawn at screen 0, screen 1 offset character 1, -2.7 tc rgb faint; \
     set label 103 note at screen 0, screen 0 offset character 1, 0.8 font ",'.small.'" tc rgb faint'

set border 3 lc rgb faint
set tics nomirror scale 0.5 tc rgb ink
set xlabel tc rgb ink
set ylabel tc rgb ink
if (!text) { set grid xtics ytics back lt 1 lc rgb "#dddddd" lw 1 }
set style fill solid 0.85 noborder
set key noenhanced tc rgb ink
set lmargin (narrow ? 6 : 9)
above = text ? (bare ? 1 : 4) : (bare ? 1.5 : 4.5) # characters, for the heading
set tmargin above
set bmargin (text ? (bare ? 3 : 4) : (bare ? 3 : 4.5))

# A legend between heading and frame, in so many rows.
legend(rows) = sprintf('set key at graph 0, graph (text ? 1.12 : 1.04) left bottom Left reverse vertical samplen 3 maxrows %d; \
    set tmargin (bare ? 0.5 : text ? 4 : 5) + %d * (text ? 1 : 1.1)', rows, rows)
# Of policies, with so many characters behind the name: four rows, if two columns have room for that.
widest_name = 0
do for [i=1:count] { widest_name = max(widest_name, strlen(policy(i))) }
two_columns(wide) = text ? 2 * (wide + 6) <= 68 : 2 * (8 * wide + 60) <= 0.88 * pixels_wide
policy_rows(behind) = count <= 4 || two_columns(widest_name + behind) ? min(count, 4) : count
more_rows(behind) = policy_rows(behind) - min(count, 4)
row_high = text ? 1 : narrow ? 30 : 18 # lines or pixels: gnuplot wants the frame no lower than the legend

# --- words and numbers --------------------------------------------------

minute = 60.0
hour = 3600.0
day = 86400.0

thousands(n) = n < 1000 ? sprintf("%.0f", n) : thousands(floor(n / 1000)).sprintf(",%03.0f", n - 1000 * floor(n / 1000))
span(s) = s < 10 ? sprintf("%.1f s", s) : s < 1.5 * minute ? sprintf("%.0f s", s) : \
          s < 1.5 * hour ? sprintf("%.0f min", s / minute) : \
          s < 2 * day ? sprintf("%.1f h", s / hour) : sprintf("%.1f d", s / day)
age_tics = 'set xtics ("0.1s" 0.1, "1s" 1, "10s" 10, "1m" minute, "15m" 15 * minute, "1h" hour, "4h" 4 * hour, \
    "1d" day, "5d" 5 * day); \
    if (!narrow) { set xtics add ("5m" 5 * minute, "12h" 12 * hour, "2d" 2 * day, "14d" 14 * day) }'

# --- reading ------------------------------------------------------------

set datafile separator comma
set datafile columnheaders missing NaN
is(metric) = strcol("metric") eq metric

# How many rows `file` has under its header. Asked first, for gnuplot warns of a file
# without any; the header is counted as a row here, so that this never happens.
count_rows = 'set datafile nocolumnheaders; stats file using (0) nooutput; \
    rows = STATS_records - 1; set datafile columnheaders'

# A name from a log may hold anything: cut, and "?" for what is not printable ASCII.
# A backslash is none either: gnuplot would read on.
printables = ""
do for [k=32:126] { if (k != 92) { printables = printables.sprintf("%c", k) } }
harmless(text) = text eq "" ? "" : (strstrt(printables, text[1:1]) ? text[1:1] : "?").harmless(text[2:*])
tic_text(text) = text eq "" ? "" : (text[1:1] eq "%" ? "%%" : text[1:1]).tic_text(text[2:*]) # a tic's name is a format
short(name) = strlen(name) > 30 ? "..".name[strlen(name) - 27:*] : name

# How policy i went on in time, from its first replication: its number first[i], the width
# of a bin bin[i] and the last instant until[i], all 0 if there is nothing to draw.
array first[count]
array bin[count]
array until[count]
read_timeline = 'file = csv(i, "timeline"); first[i] = 0; bin[i] = 0; until[i] = 0; @count_rows; \
    if (rows > 0) { \
        stats file using (column("replication")) nooutput; first[i] = STATS_min; \
        stats file using (column("replication") == first[i] ? column("time_s") : 0) nooutput; until[i] = STATS_max; \
        stats file using (column("replication") == first[i] && column("time_s") > 0 ? column("time_s") : 1e9) nooutput; \
        bin[i] = STATS_min < 1e9 ? STATS_min : minute; \
        until[i] = until[i] + bin[i] }'
in_time(i, value) = column("replication") == first[i] ? value : NaN

# Adds policy i to $delays: a line of policy, delay_s, share, for each bucket of delays;
# share is of the mail that was delivered. Sets `total`, how many recipients that were.
set print $delays
print "policy,delay_s,share"
set print
delivered(count) = total > 0 ? 1.0 * (seen = seen + count) / total : 0
read_delays = 'file = csv(i, "histograms"); total = 0; seen = 0; @count_rows; \
    set print $delays append; print sprintf("%d,0.001,0", i); set print; \
    if (rows > 0) { stats file using (is("delay") ? column("count") : 0) nooutput; total = STATS_sum }; \
    if (total > 0) { \
        set table $delays append separator comma; \
        plot file using (i):(column("high")):(delivered(is("delay") ? column("count") : 0)) with table if (is("delay")); \
        unset table }; \
    set print $delays append; print sprintf("%d,1e9,%d", i, total > 0); set print'

# A policy's share of recipients that were reached at all, from its summary.
read_reached = 'file = csv(i, "summary"); reached[i] = 0; arrived = 0; @count_rows; \
    if (rows > 0) { \
        stats file using (is("recipients") ? column("value") : 0) nooutput; arrived = STATS_sum; \
        stats file using (is("delivered") ? column("value") : 0) nooutput; \
        reached[i] = arrived > 0 ? STATS_sum / arrived : 0 }'

# Adds to $bands what several replications of policy i leave open, from its ages: a line of policy,
# age_s, low, high for each age that has `share_low` and `share_high`. The replications are `least`
# to `most`. Text has no bands.
set print $bands
print "policy,age_s,low,high"
set print
least = 1e9
most = 0
read_band = 'file = csv(i, "ages"); @count_rows; \
    set print $bands append; print sprintf("%d,0.001,-1,-1", i); set print; \
    if (rows > 0 && !text) { \
        stats file using (strcol(share_low) eq "" ? 0 : column("replications")) nooutput; \
        if (STATS_max > 0) { \
            least = min(least, STATS_max); most = max(most, STATS_max); \
            set table $bands append separator comma; \
            plot file using (i):(column("age_s")):(within(column(share_low))):(within(column(share_high))) with table; \
            unset table } }; \
    band_words = most == 0 ? "" : sprintf("95 %% band of %s replications", \
        least == most ? thousands(most) : thousands(least)." to ".thousands(most))'
within(share) = min(1, max(0, share)) # a band may leave what is possible

# When sites of policy i were away in its first replication: `away` spans from opens[k] until
# closes[k]. The file has them by their begin; those that touch are one. One that lasts from the
# first to the last instant is left out: no part of the picture differs from another by it.
forever = 1e15
array opens[1]
array closes[1]
read_outages = 'file = csv(i, "outages"); away = 0; @count_rows; \
    if (rows > 0) { \
        array opens[rows]; array closes[rows]; \
        stats file using (add_outage(column("from_s"), strcol("until_s") eq "" ? forever : column("until_s"))) nooutput }'
add_outage(from, until) = column("replication") != first[i] || until <= 0 || from >= last || from <= 0 && until >= last ? 0 : \
    away > 0 && from <= closes[max(away, 1)] ? (closes[away] = max(closes[away], until), 0) : \
    (away = away + 1, opens[away] = from, closes[away] = until, 0)

# --- sweeps -------------------------------------------------------------

# The header of `file`, a results.csv: how many columns lie before "metric": keys, 3 for more than
# two; and the names of the parameters in them.
read_keys = 'keys = 0; key1 = ""; key2 = ""; set datafile nocolumnheaders; \
    stats file every ::0::0 using (read_head(strcol(1), strcol(2), strcol(3))) nooutput; set datafile columnheaders'
read_head(a, b, c) = (keys = a eq "metric" ? 0 : b eq "metric" ? 1 : c eq "metric" ? 2 : 3, \
    key1 = harmless(short(a)), key2 = harmless(short(b)), 0)

# gnuplot reads a cell up to a quote within it, and so may read nothing: the k-th value has a number then.
value_name(value, k) = value eq "" ? sprintf("value %d", k) : value

# A figure of a row, `other` where it is empty.
figure_or(name, other) = strcol(name) eq "" ? other : column(name)

# "4000s" is 4000, "1h" 3600; a number is itself, in whatever unit the parameter has; 0: neither.
decimal(text) = text eq "" ? 1 : strstrt("0123456789", text[1:1]) > 0 && decimal(text[2:*])
unit_of(text) = strstrt("smhdw", text[strlen(text):*])
unit_s(u) = u == 1 ? 1 : u == 2 ? minute : u == 3 ? hour : u == 4 ? day : 7 * day
bare(text) = text ne "" && decimal(text)
timed(text) = strlen(text) > 1 && unit_of(text) > 0 && decimal(text[1:strlen(text) - 1])
size_of(text) = bare(text) ? real(text) : timed(text) ? real(text[1:strlen(text) - 1]) * unit_s(unit_of(text)) : 0

# --- panels, under one another; over time: one a policy ------------------

panels = count
panel_room = text ? (count == 1 ? 22 : 12) : 180 # lines or pixels for each
least_height = bare ? 300 : 600 # pixels
left_edge = text ? 0.13 : narrow ? 0.12 : 0.08
edges = bare ? 95 : 150 # pixels above and below all panels
begin_panels = 'panel = 0; high = text ? panel_room * panels : max(least_height, edges + panel_room * panels); \
    eval canvas(high, high); eval heading; if (text) { unset ylabel }; \
    set multiplot layout panels, 1 margins left_edge, 0.97, \
        (text ? (bare ? 3 : 4) : (bare ? 65 : 80)) / (1.0 * high), \
        1 - (text ? (bare ? 2 : 5) : (bare ? 30 : 105)) / (1.0 * high) \
        spacing 0, (text ? 4 : 45) / (1.0 * high)'
# `title` stands over each panel; only the first has the heading and the legend.
begin_panel = 'panel = panel + 1; \
    set label 1 title at graph 0, graph 1 offset character 0, (text ? 1 : 0.7) tc rgb ink; \
    if (panel > 1) { unset label 101; unset label 102; unset label 103; unset key }'
# Policy i's panel over time: only the lowest has the axis. Shaded: its outages.
begin_time_panel = 'eval begin_panel; \
    if (panel == panels) { set format x; set xlabel "time since the start (".units.")" tc rgb ink } else { set format x ""; unset xlabel }; \
    @read_outages; unset object; unset arrow; \
    do for [k=1:away] { x0 = max(0, opens[k]) / unit; x1 = min(last, closes[k]) / unit; @shade }'
shade = 'if (text) { \
        set arrow 2 * k - 1 from x0, graph 0 to x0, graph 0.9 nohead; set arrow 2 * k from x1, graph 0 to x1, graph 0.9 nohead \
    } else { \
        set object k rectangle from x0, graph 0 to x1, graph 1 behind fc rgb shadow fs solid 1 noborder }'
shadow = "#f0e4cf"
# In the legend; for text `shade_words` stand in the heading.
shade_entry = 'for [k=1:text ? 0 : shaded] keyentry with boxes fc rgb shadow fs solid 1 noborder title "outage"'
thick(i) = max(1, 0.8 * 0.89 * pixels_wide * bin[i] / max(last, minute)) # an impulse as wide as a bin, of the pixels that a panel has

# One axis of counts for all the panels, up to `highest`, with three to five round figures, fewer
# in low panels. Long ones push the panels aside.
rounded(x) = x < 1.5 ? 1 : x < 3.5 ? 2 : x < 7.5 ? 5 : 10
tic_for(x) = x <= 3 ? 1 : rounded(x / 3.0 / 10 ** floor(log10(x / 3.0))) * 10 ** floor(log10(x / 3.0))
count_axis = 'tic = tic_for(text ? highest : highest * max(1, 150.0 / panel_room)); \
    if (!text) { left_edge = left_edge + 10.0 / pixels_wide * max(0, strlen(thousands(highest)) - 5) }; \
    set yrange [0:1.12 * max(highest, 1)]; set ytics ("0" 0); \
    do for [k=1:6] { set ytics add (thousands(k * tic) k * tic) }'

# The axis of time up to `last`; and whether there is an outage in it.
time_axis = 'unit = last > 3 * day ? day : last > 3 * hour ? hour : minute; \
    units = unit == day ? "days" : unit == hour ? "hours" : "minutes"; \
    set xrange [0:max(last, minute) / unit]; shaded = 0; \
    do for [i=1:count] { @read_outages; shaded = max(shaded, away > 0) }; \
    shade_words = text && shaded ? "; |: an outage" : ""'
