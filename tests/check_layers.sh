#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails when a file includes a header of a higher layer: sim < models < io < cli.
set -u
cd "${1:?usage: check_layers.sh ROOT}" || exit 2

status=0
forbid() { # FOLDER 'HIGHER|LAYERS'
    if grep -rnE "#include \"($2)/" "$1"; then
        echo "check_layers: $1/ must not include $2" >&2
        status=1
    fi
}
forbid sim 'models|io|cli'
forbid models 'io|cli'
forbid io 'cli'
exit $status
