#!/bin/sh
# symbols.sh - no function of ours may bear a name that libunicorn exports: it
# exports all of its own, 30,000 of them, and would then call ours.
#
#   symbols.sh LIBRARY... LIBUNICORN
#
# SPDX-License-Identifier: MIT
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

while [ $# -gt 1 ]; do
    nm --defined-only "$1" 2>/dev/null | awk '$2 ~ /[TDBR]/ {print $3}'
    shift
done | sort -u >"$work/ours"
nm -D --defined-only "$1" | awk '{print $3}' | sort -u >"$work/theirs"
[ -s "$work/ours" ] && [ -s "$work/theirs" ]

comm -12 "$work/ours" "$work/theirs" >"$work/both"
if [ -s "$work/both" ]; then
    echo "names that libunicorn exports too; rename them:" >&2
    cat "$work/both" >&2
    exit 1
fi
