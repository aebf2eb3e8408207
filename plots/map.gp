# SPDX-License-Identifier: GPL-3.0-or-later
#
# plots/map.gp - what two parameters change together: mail given up, attempts
#
# Two maps over the values of the two parameters that a sweep varied, as they were written and in
# their order, the first to the right and the second upwards: the share of recipients given up
# (bounced and expired), and attempts. The lighter, the more; where there is room a cell has its
# figure. A star behind it: some mail was still queued at the end, and may yet be given up. The cell of
# the values that are configured has a frame.
#
# usage: gnuplot -d -e "dir1='swept'" plots/map.gp
#        (all the variables: plots/style.gp; of several folders the first is drawn)
# reads: results.csv: metric, value (metrics recipients, bounced, expired, queued, attempts)
folder(path) = path eq "" || path[strlen(path):*] eq "/" ? path : folder(path[1:strlen(path) - 1])
load folder(ARG0)."style.gp"

file = csv(1, "results")
i = 1
@count_rows
keys = 0
key1 = ""
key2 = ""
if (rows > 0) { @read_keys }

# --- the cells: the values in the order in which they come first --------

room = max(rows, 1)
array across[room]
array upwards[room]
wide = 0
high = 0
x = 1
y = 1
find_across(name) = wide > 0 && across[x] eq name ? x : \
    (x = sum [k=1:wide] (across[k] eq name ? k : 0), x > 0 ? x : (wide = wide + 1, across[wide] = name, x = wide))
find_upwards(name) = high > 0 && upwards[y] eq name ? y : \
    (y = sum [k=1:high] (upwards[k] eq name ? k : 0), y > 0 ? y : (high = high + 1, upwards[high] = name, y = high))
cell(column) = (find_upwards(strcol(2)) - 1) * wide + find_across(strcol(1))
if (rows > 0 && keys == 2) {
    stats file using (find_across(strcol(1)) + find_upwards(strcol(2))) nooutput
}

# Values that gnuplot cannot tell apart, for a quote in them, share a cell.
points = 0
if (rows > 0 && keys == 2) {
    stats file using (is("recipients") ? 1 : 0) nooutput; points = STATS_sum
}
alike = points > wide * high
if (alike) { wide = 0; high = 0 }
cells = wide * high
array mail[max(cells, 1)]
array lost[max(cells, 1)]
array tries[max(cells, 1)]
array held[max(cells, 1)]
do for [k=1:cells] { mail[k] = 0; lost[k] = 0; tries[k] = 0; held[k] = 0 }
figure = 0.0
take(k) = is("recipients") ? (mail[k] = figure, 0) : is("bounced") || is("expired") ? (lost[k] = lost[k] + figure, 0) : \
    is("attempts") ? (tries[k] = figure, 0) : is("queued") ? (held[k] = figure, 0) : 0
if (cells > 0) {
    stats file using (figure = figure_or("value", 0), take(cell(0))) nooutput
}
all_mail = 0.0
any_held = 0
do for [k=1:cells] {
    all_mail = all_mail + mail[k] / cells
    any_held = any_held + (held[k] > 0)
    lost[k] = mail[k] > 0 ? 100.0 * lost[k] / mail[k] : -1 # no share of nothing
}

set print $cells
print "right,up,share,tries,held"
do for [k=1:cells] { print sprintf("%d,%d,%g,%g,%d", (k - 1) % wide + 1, (k - 1) / wide + 1, lost[k], tries[k], held[k] > 0) }
set print

# Those that are configured; 0: not among them.
here_x = 0
here_y = 0
do for [k=1:wide] { if (across[k] eq current1) { here_x = k } }
do for [k=1:high] { if (upwards[k] eq current2) { here_y = k } }
is_here = here_x > 0 && here_y > 0
is_current(x, y) = is_here && x == here_x && y == here_y

# --- what is drawn ------------------------------------------------------

question = cells > 0 ? "What do ".key1." and ".key2." change together?" : "What do two parameters change together?"
drawn = (text ? "means" : "means over the replications").(any_held > 0 ? "; *: some mail was still queued at the end" : "").(is_here ? text ? "; [ ]: as configured" : "; framed: as configured" : "")

name_of(value, k) = harmless(short(value_name(value, k)))
star(k) = held[k] > 0 ? "*" : ""
share_text(v) = sprintf("%.1f %%", v)
nothing = keys == 1 ? "one parameter was varied: see sweep.gp" : keys > 2 ? "more than two parameters were varied" : \
    alike ? "some values differ only behind a quote, and cannot be told apart here" : "nothing was swept"

@viridis

# So many names that they fit, and figures only where they do: a map is 330 pixels wide.
every_x = max(1, ceil(wide / (text ? 6.0 : 8.0)))
every_y = max(1, ceil(high / (text ? 8.0 : 16.0)))
written = 'high <= 14 && (strlen(form(most)) + any_held) * 8 <= 330.0 / wide'
name_axes = 'set xtics ("" 1) scale 0; set ytics ("" 1) scale 0; \
    do for [k=1:wide:every_x] { set xtics add (tic_text(name_of(across[k], k)) k) }; \
    do for [k=1:high:every_y] { set ytics add (tic_text(name_of(upwards[k], k)) k) }'
longest = 4
do for [k=1:high] { longest = max(longest, strlen(name_of(upwards[k], k))) }

# One map, of the column `of`; its legend is the scale beside it.
scale = 'least = 1e300; most = -1e300; \
    do for [k=1:cells] { if (values[k] >= 0) { least = min(least, values[k]); most = max(most, values[k]) } }; \
    if (least > most) { least = 0; most = 1 }; if (least >= most) { most = least + 1 }; \
    set cbrange [least:most]; set cbtics (tic_text(form(least)) least, tic_text(form((least + most) / 2)) (least + most) / 2, tic_text(form(most)) most) scale 0'
bright(v) = v < 0 || v > least + 0.55 * (most - least)
marked(v) = (v < 0 ? "-" : form(v)).(column("held") == 1 ? "*" : "")
framed(figure) = is_current(column("right"), column("up")) ? "[".figure."]" : figure
in_dark(of) = bright(column(of)) ? "" : marked(column(of))
in_light(of) = bright(column(of)) ? marked(column(of)) : ""
coloured(of) = column(of) < 0 ? NaN : column(of)
box = '"right":"up":(column("right") - 0.5):(column("right") + 0.5):(column("up") - 0.5):(column("up") + 0.5)'
map = '@scale; \
    if (cells == 0) { plot NaN notitle } \
    else { if (text) { plot $cells using "right":"up":(framed(marked(column(of)))) with labels notitle } \
    else { if (!(@written)) { plot $cells using @box:(coloured(of)) with boxxyerror fc palette fs solid 1 border lc rgb "white" notitle } \
    else { plot $cells using @box:(coloured(of)) with boxxyerror fc palette fs solid 1 border lc rgb "white" notitle, \
        $cells using "right":"up":(in_dark(of)) with labels tc rgb "white" notitle, \
        $cells using "right":"up":(in_light(of)) with labels tc rgb "black" notitle } } }'

panels = 2
high_px = text ? max(24, 2 * (high + 7)) : max(480, 190 + 26 * min(high, 20))
eval canvas(high_px, high_px)
eval heading
unset key
unset grid
set border 0
set style fill solid 1
panel = 0
left = (longest + 3) * (text ? 1 / 78.0 : 0.0085) + (text ? 0 : 0.02)
set colorbox user origin graph 1.03, graph 0 size graph 0.03, graph 1 noborder
if (text) { unset colorbox }
# Side by side, or as text below one another.
place = 'set lmargin at screen (text || panel == 0 ? left : 0.5 + left); set rmargin at screen (text ? 0.97 : panel == 0 ? 0.42 : 0.92); \
    set tmargin at screen (text ? (panel == 0 ? 1 - 4.0 / high_px : 0.5 - 1.0 / high_px) : 1 - 105.0 / high_px); \
    set bmargin at screen (text ? (panel == 0 ? 0.5 + 2.0 / high_px : 5.0 / high_px) : 85.0 / high_px)'
set xrange [0.5:max(wide, 1) + 0.5]
set yrange [0.5:max(high, 1) + 0.5]
eval name_axes
if (is_here && !text) { set object 1 rectangle from here_x - 0.5, here_y - 0.5 to here_x + 0.5, here_y + 0.5 front fs empty border lc rgb "#D55E00" lw 4 }
set multiplot
eval place
set xlabel key1 tc rgb ink
set ylabel (text ? "" : key2) tc rgb ink offset character 0, 0
title = cells == 0 ? nothing : "given up, of ".thousands(floor(all_mail + 0.5))." recipients"
eval begin_panel
array values[max(cells, 1)]
do for [k=1:cells] { values[k] = lost[k] }
form(v) = share_text(v)
of = "share"
eval map
eval place
title = cells == 0 ? "" : "attempts"
eval begin_panel
set ylabel ""
do for [k=1:cells] { values[k] = tries[k] }
form(v) = most < 100000 ? thousands(v) : thousands(v / 1000.0)."k"
of = "tries"
eval map
unset multiplot
