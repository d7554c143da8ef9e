#!/bin/sh
# format.sh - clang-format over all C files; --check only says what differs.
#
# SPDX-License-Identifier: MIT
set -eu
cd "$(dirname "$0")/.."

# shellcheck disable=SC2046 # file names without blanks, by rule
set -- "${1:-}" $(git ls-files -co --exclude-standard '*.c' '*.h')
mode=$1
shift
if [ "$mode" = --check ]; then
    clang-format --dry-run --Werror "$@"
    echo "format: $# files are in the project's format"
else
    clang-format -i "$@"
fi
