#!/bin/sh
# layers.sh - a folder may include only what DESIGN.md's table allows.
#
# SPDX-License-Identifier: MIT
set -eu
cd "$(dirname "$0")/.."

# folder: what it may include, besides itself
table='
base:
crypto: base
image: base crypto
port: base
port/lwip: base port/port_clock.h port/port_frame.h port/port_link.h port/port_log.h port/port_net.h port/port_rng.h
boot: base crypto image port
agent: base crypto image port boot
targets: base crypto image port boot agent
emu: base
server/core: base image server/store/store.h
server/store: base server/core
server/blob: base server/core
server/http: base server/core server/store server/blob server/log.h server/token_text.h
server/mqtt: base server/core server/log.h
server: base server/core server/store server/blob server/http server/mqtt
broker: base server/core/identity.h
cli: base crypto image boot port server/core/task_step.h server/core/model.h
'
bad=$(mktemp)
trap 'rm -f "$bad"' EXIT

# check FOLDER ALLOWED... - complain about each other "..." include.
check() {
    folder=$1
    shift
    files=$(git ls-files -co --exclude-standard "$folder/*.c" "$folder/*.h")
    for file in $files; do
        case $folder:$file in
        server:server/*/*) continue ;; # has a row of its own
        esac
        sed -n 's/^#include "\(.*\)"/\1/p' "$file" | while read -r header; do
            case $header in "$folder"/*) continue ;; esac
            for allowed in "$@"; do
                case $header in
                "$allowed" | "$allowed"/*) continue 2 ;;
                esac
            done
            echo "$file: may not include \"$header\"" | tee -a "$bad"
        done
    done
}

# The emulator must not share constants with what it tests; agent and server
# meet only on the wire: both follow from the table.
printf '%s' "$table" | while IFS=: read -r folder allowed; do
    # shellcheck disable=SC2086 # a list of words
    [ -z "$folder" ] || check "$folder" $allowed
done

if [ -s "$bad" ]; then
    echo "layers: $(wc -l <"$bad") includes against DESIGN.md" >&2
    exit 1
fi
echo "layers: every include is allowed"
