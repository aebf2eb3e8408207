#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# scenarios/cluster/sweep.sbatch under a Slurm of one machine, bound to loopback, started here and ended
# again. Skips (77) where it is not asked for by TEMPFAIL_TEST_SLURM=1, where this is not root, and where
# munge and Slurm (Debian: munge slurmctld slurmd slurm-client) are not there or do not start.
# usage: check_slurm.sh TEMPFAIL SOURCE_DIR WORK_DIR
set -u
tempfail=$1 source=$2 work=$3
failed=0
complain() { echo "check_slurm: $*" >&2; failed=1; }
skip() { echo "check_slurm: skipped: $*" >&2; exit 77; }

[ "${TEMPFAIL_TEST_SLURM-}" = 1 ] || skip 'not asked for by TEMPFAIL_TEST_SLURM=1'
[ "$(id -u)" -eq 0 ] || skip 'not root'
for program in munged slurmctld slurmd sbatch squeue scancel; do
    command -v $program >/dev/null || skip "no $program"
done
rm -rf "$work" && mkdir -p "$work/run" "$work/log" "$work/spool" "$work/state" && cd "$work" || exit 2
node=$(hostname -s)

cat >slurm.conf <<EOF
ClusterName=tempfail
SlurmctldHost=$node(127.0.0.1)
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/run/munge.socket
CryptoType=crypto/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/run/slurmctld.pid
SlurmdPidFile=$work/run/slurmd.pid
SlurmctldLogFile=$work/log/slurmctld.log
SlurmdLogFile=$work/log/slurmd.log
SlurmctldPort=16817
SlurmdPort=16818
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
EOF
SLURM_CONF=$work/slurm.conf && export SLURM_CONF

end() { # also where a check fails
    scancel --user=root >/dev/null 2>&1
    for daemon in slurmd slurmctld munged; do
        [ -s "run/$daemon.pid" ] && kill "$(cat "run/$daemon.pid")" 2>/dev/null
    done
}
trap end EXIT

dd if=/dev/urandom of=munge.key bs=1024 count=1 2>/dev/null && chmod 400 munge.key
munged --force --key-file="$work/munge.key" --socket="$work/run/munge.socket" --pid-file="$work/run/munged.pid" \
    --log-file="$work/log/munged.log" --seed-file="$work/run/munged.seed" >/dev/null 2>&1 || skip 'munged does not start'
slurmctld || skip "slurmctld does not start: $(tail -n 1 log/slurmctld.log)"
slurmd || skip "slurmd does not start: $(tail -n 1 log/slurmd.log)"
for _ in $(seq 60); do
    sinfo --noheader --format=%T 2>/dev/null | grep -q idle && break
    sleep 1
done
sinfo --noheader --format=%T 2>/dev/null | grep -q idle || skip "no idle node: $(sinfo 2>&1 | tail -n 1)"

scenario=$source/scenarios/weekend-outage.conf
grid='-o bounce_queue_lifetime=1h --vary maximal_queue_lifetime=1h,12h,1d,5d --replications 20'
TEMPFAIL=$tempfail && export TEMPFAIL
await() { # until no task is left
    while squeue --noheader 2>/dev/null | grep -q .; do sleep 1; done
}

# shellcheck disable=SC2086
"$tempfail" sweep "$scenario" $grid -q -O whole >/dev/null || complain "sweep: exit $?"
# shellcheck disable=SC2086
sbatch --array=11-17 "$source/scenarios/cluster/sweep.sbatch" "$scenario" $grid >/dev/null || complain "sbatch: exit $?"
await
[ "$(cat part-*.log | grep -c '^shard [1-7] of 7: ')" -eq 7 ] || complain "tasks: $(cat part-*.log)"
"$tempfail" merge part-1? -O merged >/dev/null || complain "merge: exit $?"
diff -rq whole merged >&2 || complain 'other bytes'

# A task that did not come to its end, and is submitted again by itself.
sed -i '5,$d' part-13/units.csv
"$tempfail" merge part-1? >/dev/null 2>&1 && complain 'missing runs are not missed'
# shellcheck disable=SC2086
SHARDS=7 FIRST=11 sbatch --export=ALL --array=13 "$source/scenarios/cluster/sweep.sbatch" "$scenario" $grid >/dev/null ||
    complain "sbatch again: exit $?"
await
"$tempfail" merge part-1? -O again >/dev/null || complain "merge again: exit $?"
diff -rq whole again >&2 || complain 'again: other bytes'
exit $failed
