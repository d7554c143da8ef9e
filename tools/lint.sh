#!/bin/sh
# lint.sh BUILD - every static check; BUILD holds compile_commands.json.
#
# SPDX-License-Identifier: MIT
set -eu
cd "$(dirname "$0")/.."
build=${1:?usage: tools/lint.sh BUILD}

echo "== format, layers, shell"
tools/format.sh --check
tools/layers.sh
# shellcheck disable=SC2046 # file names without blanks, by rule
shellcheck dev .ci/run $(git ls-files -co --exclude-standard '*.sh')

sources=$(git ls-files -co --exclude-standard '*.c' |
    grep -Ev '^(test/fuzz|port/template|bench/.*|test/emu/firmware|bench/emu/firmware|port/imxrt1060|targets/imxrt1060-[a-z-]*)/')

echo "== cppcheck"
cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
    --enable=warning,portability,performance \
    --suppressions-list=tools/cppcheck.supp \
    -i "$build/source" \
    --project="$build/compile_commands.json" -j "$(nproc)"

# One file at a time: with several, clang-tidy 14 takes every vsnprintf after
# the first file for one without va_start.
echo "== clang-tidy"
printf '%s\n' "$sources" |
    xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p "$build" \
        --warnings-as-errors='*' 2>/dev/null

echo "== gcc -fanalyzer"
cmake -S . -B build/analyzer -G Ninja -DTERN_TESTS=OFF \
    -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS=-fanalyzer >/dev/null
cmake --build build/analyzer -j "$(nproc)" | grep -v '^\[' || true
cmake --build build/analyzer >/dev/null
echo "lint: nothing found"
