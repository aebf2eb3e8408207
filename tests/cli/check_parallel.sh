#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Shards under GNU parallel, one of them killed on its way: gone on with by --resume-failed, and joined to
# the same bytes. Skips where parallel is not there. usage: check_parallel.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_parallel: $*" >&2; failed=1; }

command -v parallel >/dev/null && parallel --version 2>/dev/null | grep -q '^GNU parallel' || exit 77
rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 2
# parallel wants to be quoted, by a file in the home folder or on each call.
HOME=$work && export HOME && mkdir -p "$HOME/.parallel" && touch "$HOME/.parallel/will-cite"
scenario=$source/scenarios/weekend-outage.conf
grid='-o bounce_queue_lifetime=1h --vary maximal_queue_lifetime=1h,12h,1d,5d --replications 20'

# shellcheck disable=SC2086 # one word an option
"$tempfail" sweep "$scenario" $grid -q -O whole >whole.text || complain "sweep: exit $?"

# The third shard is killed once, when it has done something.
cat >shard <<EOF
#!/bin/sh
if [ \$1 = 3 ] && [ ! -e part-3 ]; then
    "$tempfail" sweep "$scenario" $grid -q --shard 3/5 -O part-3 &
    while [ "\$(cat part-3/units.csv 2>/dev/null | wc -l)" -lt 2 ]; do sleep 0.01; done
    kill -9 \$!
    exit 1
fi
exec "$tempfail" sweep "$scenario" $grid -q --shard \$1/5 -O part-\$1
EOF
chmod +x shard

seq 5 | parallel --jobs 2 --joblog jobs.log ./shard {} >first.text 2>&1 && complain 'nothing failed: that shows nothing'
seq 5 | parallel --jobs 2 --joblog jobs.log --resume-failed ./shard {} >second.text 2>&1 || complain "resumed: exit $?"
[ "$(wc -l <second.text)" -eq 1 ] || complain "resumed: not one shard alone: $(cat second.text)"
"$tempfail" merge part-5 part-1 part-3 part-2 part-4 -O merged >/dev/null || complain "merge: exit $?"
diff -rq whole merged >&2 || complain 'other bytes'
exit $failed
