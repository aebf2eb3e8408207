# SPDX-License-Identifier: GPL-3.0-or-later
# A random main.cf. The generator is Lehmer's, so that every awk makes the same. One file in three
# may have faults: postconf refuses a file in whole where one of its values cannot be expanded.
#
# usage: awk -v seed=N -v names="NAME NAME..." -f random_main_cf.awk
function below(n) { state = (state * 16807) % 2147483647; return int(state / 2147483647 * n) }
function one_of(list,   item) { return item[1 + below(split(list, item, "|"))] }
function blank() { return one_of("|||| |  |\t") }
# A name that stands behind the one that is set, so that none needs itself.
function a_name() {
    return name[faulty && !below(12) ? 1 + below(count) : 2 + from + below(count - from - 1)]
}
function word() {
    return one_of("300s|2h|5d|1h30m|a b|x:y|a?b|$$|$$x|10|9|010|3.10|3.9|2|0|||smtp, relay|=|#|\\|(x)|\"q\"")
}
function fault() { return one_of("${|$|${a-b}|}|{|$(|${}|$-|${ }|${?x}|${a b}") }
function operator() {
    return one_of("==|!=|<|<=|>=|>|==|<" (faulty ? "|==level|<level|>=level|=>|=|==x" : ""))
}
function braced(depth) { return blank() "{" text(depth) "}" blank() }
function comparison(depth) {
    return blank() "{" text(depth) "}" blank() operator() blank() "{" text(depth) "}" blank()
}
function call(depth,   kind) {
    kind = below(12)
    if (kind < 3) return "$" a_name()
    if (kind == 3) return "${" blank() a_name() blank() "}"
    if (kind == 4) return "$(" a_name() ")"
    if (kind == 5) return "${" a_name() "?" word() "}"
    if (kind == 6) return "${" a_name() ":" text(depth) "}"
    if (kind == 7) return "${" a_name() "?" braced(depth) "}"
    if (kind == 8) return "${" a_name() one_of(faulty ? "?|:|?|?" : "?") braced(depth) ":" braced(depth) "}"
    if (kind == 9) return "${" comparison(depth) one_of("?|:") braced(depth) "}"
    if (kind == 10) return "${" comparison(depth) "?" braced(depth) ":" text(depth) "}"
    return "${" comparison(depth) "}"
}
function text(depth,   parts, made) {
    for (parts = below(3); parts >= 0; parts--) {
        if (faulty && !below(70)) made = made fault()
        else if (depth > 0 && below(2)) made = made call(depth - 1)
        else made = made word()
    }
    return made
}
function folded(value) {
    if (!below(3)) gsub(/ /, "\n" one_of(" |\t|#c\n  |\n\n |\r\n "), value)
    return value
}
function noise() { return one_of("|||\n|# comment\n| # more\n|  \t \n|#a = b\n|#\n\n") }
BEGIN {
    state = 1 + seed * 7919
    for (i = 0; i < 5; i++) below(2)
    faulty = !below(3)
    split(names " one two three four", name, /[ \n]+/)
    for (count = 0; (count + 1) in name; ) count++
    printf "myhostname = mail.example.com\nmydomain=example.com\n"
    for (lines = 4 + below(14); lines > 0; lines--) {
        from = below(count - 1)
        printf "%s%s%s=%s%s%s", noise(), name[1 + from], blank(), blank(), folded(text(3)), blank()
        printf("%s", (lines > 1 || below(8)) ? one_of("\n|\n|\n|\r\n") : "")
    }
}
