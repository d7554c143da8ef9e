#!/bin/sh
# board.sh BIN ARM DATA [OPTION...] - an emulated board on the server whose data
# folder is DATA, with its console on this terminal; `./dev board` calls it.
#
# The first time, it makes the board as a factory would: product, device, signed
# firmware, flash file. OPTION...: of tern-board.
#
# SPDX-License-Identifier: MIT
set -eu
bin=${1:?usage: tools/board.sh BIN ARM DATA [OPTION...]}
arm=${2:?usage: tools/board.sh BIN ARM DATA [OPTION...]}
data=${3:?usage: tools/board.sh BIN ARM DATA [OPTION...]}
shift 3
product=a1Board
device=board-01
key=$(dirname "$arm")/sbl-insecure-development-key.pem
folder=$data/board
export TERN_DATA="$data"

if [ ! -f "$data/runtime.json" ]; then
    echo "board: no server runs with $data; start one with: ./dev up" >&2
    exit 1
fi
# port NAME - of an address in runtime.json.
port() {
    sed -n "s/.*\"$1\": *\"[^\"]*:\([0-9]*\)\".*/\1/p" "$data/runtime.json"
}
http=$(port http)
mqtt=$(port mqtt)

if [ ! -f "$folder/flash.bin" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    "$bin/tern" product list | grep -q "$product" ||
        "$bin/tern" product create Boards --key "$product"
    "$bin/tern" device create "$product" "$device" \
        --identity "$folder/identity.json" --mqtt "localhost:$mqtt"
    "$bin/tern" image sign --key "$key" --version 1.3.0 \
        "$arm/sfw-1.3.0.bin" "$folder/sfw-1.3.0.img"
    "$bin/tern" board create "$folder/new.bin" \
        --sbl "$arm/imxrt1060-sbl.bin" --image "$folder/sfw-1.3.0.img"
    "$bin/tern" board provision "$folder/new.bin" \
        --identity "$folder/identity.json"
    mv "$folder/new.bin" "$folder/flash.bin"
fi

cat >&2 <<TEXT

An update of this board, from another terminal:

    export TERN_DATA=$data PATH=\$PWD/$bin:\$PATH
    tern image sign --key $key --version 1.4.0 \\
        $arm/sfw-1.4.0.bin sfw-1.4.0.img
    tern package upload $product sfw-1.4.0.img --version 1.4.0
    tern package verify 1 --device $device --source-version 1.3.0 --wait

Ctrl-A x switches the board off.

TEXT
exec "$bin/tern-board" --flash "$folder/flash.bin" \
    --net "map=$mqtt:127.0.0.1:$mqtt,map=$http:127.0.0.1:$http,host=localhost" \
    "$@"
