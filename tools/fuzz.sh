#!/bin/sh
# fuzz.sh BUILD SECONDS - run every fuzzer that BUILD holds.
#
# A crash is written to BUILD/crash-<fuzzer>-*; replay it by giving the file
# to the fuzzer.
#
# SPDX-License-Identifier: MIT
set -eu
build=${1:?usage: tools/fuzz.sh BUILD SECONDS}
seconds=${2:?usage: tools/fuzz.sh BUILD SECONDS}
here=$(dirname "$0")/..

for fuzzer in "$build"/fuzz/fuzz_*; do
    name=$(basename "$fuzzer")
    corpus=$build/corpus/$name
    mkdir -p "$corpus"
    echo "== $name, $seconds s"
    "$fuzzer" -max_total_time="$seconds" -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$build/crash-$name-" \
        "$corpus" "$here/test/fuzz/corpus/${name#fuzz_}"
done
