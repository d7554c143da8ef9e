#!/usr/bin/python3
# run.py BIN ARM [--json FILE] - instructions from reset to the application's
# first one, for a signed image of 272,600 bytes in slot 1, counted on the
# emulated board with the real bootloaders. BIN holds tern and tern-board, ARM
# the firmware of the arm preset.
#
# The board's trace counts instructions by block, the linker's map says whose
# code a block is. The emulated flash and DCP are waited for in virtual time,
# mostly outside the count; the console sends at once; caches and the bus cost
# nothing. So the virtual milliseconds are what silicon cannot be below.
#
# SPDX-License-Identifier: MIT
import argparse
import bisect
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../test/system"))
from sbl_board import HEADER_BYTES, SblBoard, symbols  # noqa: E402

IMAGE_BYTES = 272600
BODY_BYTES = IMAGE_BYTES - HEADER_BYTES - 150  # and the TLVs, about
CYCLES_PER_MS = 528000
MCUBOOT = 33.0  # tinycrypt's SHA-256 and ECDSA alone, reference figure
# bootloader, what it hashes with, the limit in millions
BUILDS = (("imxrt1060-sbl", "software", 24), ("imxrt1060-sbl-dcp", "DCP", 14))
# The first pattern that fits the object file's path names the part.
PARTS = (
    ("hash", r"libbearssl\.a\((sha2|sha256|dec32|enc32)|libtern_crypto\.a"
             r"\(crypto|dcp_sha256|image_hash"),
    ("signature", r"libbearssl|libtern_crypto\.a\(p256"),
    ("flash read", r"flexspi_flash\.c"),
    ("console", r"lpuart"),
    ("rest", ""),
)
SECTION = re.compile(r"^ \.(?:text|ramfunc|boot)\S*\s+(0x\w+)\s+(0x\w+) (\S+)",
                     re.M)


def parts_by_address(map_file):
    """Sorted addresses, and the part that begins at each."""
    with open(map_file, encoding="ascii") as f:
        text = re.sub(r"\n {10,}0x", " 0x", f.read())
    rows = []
    for at, size, path in SECTION.findall(text):
        if int(at, 16) and int(size, 16):
            part = next(p for p, path_is in PARTS if re.search(path_is, path))
            rows.append((int(at, 16), part))
    rows.sort()
    assert len(rows) > 50, "the map file looks different"
    return [at for at, _ in rows], [part for _, part in rows]


def read_trace(file, entry):
    """{block: instructions executed in it} until the entry is reached, and the
    cycle of that."""
    done, block, before = collections.Counter(), entry, 0
    with open(file, encoding="ascii") as f:
        for line in f:
            cycle, next_block, instructions = line.split()
            instructions = int(instructions)
            done[block] += instructions - before
            block, before = int(next_block, 16), instructions
            if block == entry:
                return done, int(cycle)
    raise SystemExit("the application was not reached")


def count(done, map_file):
    """{part: instructions}."""
    at, part = parts_by_address(map_file)
    out = collections.Counter()
    for block, instructions in done.items():
        out[part[bisect.bisect_right(at, block) - 1]] += instructions
    return out


def measure(board, bootloader):
    board.write(0, board.arm(bootloader + ".bin"))
    trace = str(board.folder / "trace")
    board.run()  # the first boot writes the flag sector, no other one does
    run = board.run("q", "--trace", trace)
    assert run.apps, run.lines
    entry = symbols(os.path.join(board.arm_dir,
                                 "sbl-test-alpha.elf"))["start_reset"]
    done, end = read_trace(trace, entry)
    os.unlink(trace)
    return count(done, board.map_file(bootloader)), end / CYCLES_PER_MS


def big_image(board):
    body = board.arm("sbl-test-alpha.bin")
    file = board.folder / "body.bin"
    file.write_bytes(body + bytes(BODY_BYTES - len(body)))
    return board.sign(str(file), "1.0.0")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("arm")
    parser.add_argument("--json")
    args = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        board = SblBoard(os.path.abspath(args.bin), os.path.abspath(args.arm),
                         pathlib.Path(folder))
        board.install(1, big_image(board))
        print("reset to the application, million instructions, image of %d "
              "bytes" % IMAGE_BYTES)
        print("%-10s" % "SHA-256" + "".join("%12s" % p for p, _ in PARTS)
              + "%9s%8s%10s%12s" % ("sum", "limit", "MCUboot*", "virtual ms"))
        for bootloader, name, limit in BUILDS:
            parts, ms = measure(board, bootloader)
            total = sum(parts.values())
            print("%-10s" % name
                  + "".join("%12.3f" % (parts[p] / 1e6) for p, _ in PARTS)
                  + "%9.2f%8d%10.1f%12.1f" % (total / 1e6, limit, MCUBOOT, ms))
            found[name] = {**parts, "sum": total, "limit": limit * 1000000,
                           "virtual_ms": ms}
            assert total <= limit * 1000000, "over the limit"
    print("* its SHA-256 and ECDSA by tinycrypt alone, without reading, "
          "console and decision")
    if args.json:
        with open(args.json, "w", encoding="ascii") as f:
            json.dump(found, f, indent=2)


main()
