#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Opens a report in a browser without a screen, on a phone and on a desk, by day and by night: it
# complains of nothing, and nothing is wider than the window. usage: check_report_page.sh TEMPFAIL
# SOURCE_DIR WORK_DIR; skipped (77) where there is no Chromium, or none that starts.
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_report_page: $*" >&2; failed=1; }

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || exit 77
command -v gnuplot >/dev/null || exit 77
rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 2

open_page() { # FILE ARGUMENT...: what the page becomes, and on stderr what it complains of
    file=$1
    shift
    HOME=$work timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
        --user-data-dir="$work/profile" --enable-logging=stderr --allow-file-access-from-files \
        --virtual-time-budget=5000 "$@" --dump-dom "file://$work/$file"
}

echo '<!DOCTYPE html><title>up</title>' >up.html
open_page up.html 2>up.err | grep -q up || exit 77

"$tempfail" run "$source/scenarios/weekend-outage.conf" --policy stock --policy one-day \
    --policy minimal_backoff_time=10min,maximal_backoff_time=2h -O out >/dev/null
"$tempfail" report out >/dev/null || complain "report: exit $?"

# Windows of a headless browser have a least width: the page is looked at in frames.
cat >frames.html <<'END'
<!DOCTYPE html>
<title>not yet</title>
<iframe id="360" width="360" height="640" src="out/report.html"></iframe>
<iframe id="1280" width="1280" height="800" src="out/report.html"></iframe>
<script>
addEventListener("load", function () {
    var found = [];
    document.querySelectorAll("iframe").forEach(function (frame) {
        var page = frame.contentDocument, root = page.documentElement, seen = 0;
        page.querySelectorAll("figure svg").forEach(function (svg) {
            seen += svg.getBoundingClientRect().width > 0.8 * Math.min(860, frame.clientWidth - 32);
        });
        found.push(frame.id + ": " + root.scrollWidth + " of " + root.clientWidth + ", " + seen + " pictures, " +
            getComputedStyle(page.body).backgroundColor);
    });
    document.title = "found " + found.join("; ");
});
</script>
END
look() { # ARGUMENT...
    open_page frames.html --window-size=1700,1000 "$@" 2>page.err >page.dom
    sed -n 's/.*<title>found \(.*\)<\/title>.*/\1/p' page.dom
    grep -E 'CONSOLE|Refused to|Uncaught' page.err >console && complain "the console: $(cat console)"
}
day=$(look --blink-settings=preferredColorScheme=1)
night=$(look --blink-settings=preferredColorScheme=0)
for found in "$day" "$night"; do
    echo "$found" | grep -q '^360: \([0-9]*\) of \1, 2 pictures, .*; 1280: \([0-9]*\) of \2, 2 pictures, ' ||
        complain "pages are wider than the window, or without their pictures: $found"
done
echo "$day" | grep -q 'rgb(255, 255, 255).*rgb(255, 255, 255)' || complain "by day: $day"
echo "$night" | grep -q 'rgb(20, 24, 29).*rgb(20, 24, 29)' || complain "by night: $night"
exit $failed
