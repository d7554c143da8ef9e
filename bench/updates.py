#!/usr/bin/python3
# updates.py BIN ARM [--only download|row] [--rows N] - what updates cost on the
# emulated board, against a real server: how fast an image is downloaded beside
# what the flash alone would take, and what N updates in a row (default 100)
# leave behind in the flash. Keeps it in updates.md; a part that is not run stays
# as it is there. BIN and ARM: the folders of the programs of the host and of the
# board.
#
# Times are virtual, so they do not depend on this machine, unless it is too busy
# to answer the board in time.
#
# SPDX-License-Identifier: MIT
import argparse
import os
import pathlib
import statistics
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../test/system"))
from sfw_row import BOARD_HZ, REGIONS, Row  # noqa: E402
from sfw_site import Site  # noqa: E402

# W25Q64JV, typical: the times that the emulated chip has (emu/nor.c).
ERASE_MS, PROGRAM_MS = 45.0, 0.4
SLOT_2, JOURNAL = 0x200000, 0x300000
LARGE_BYTES = 900000
HEAD = """\
# What an update costs on the board

Written by `bench/updates.py`: the demonstration firmware on the emulated board,
above the real bootloader, against a real server on the same machine. Times are
virtual.

## Download

From the first erase of the slot to the end of its last write, against the sum
of these erases (%g ms) and writes (%g ms a page) alone: what any program would
need that wrote the same file to the same chip, were its network infinitely fast.

| image, bytes | erases | pages | flash alone, ms | download, ms | ratio | \
longest wait of a Hello task, ms |
|---|---|---|---|---|---|---|
""" % (ERASE_MS, PROGRAM_MS)
BETWEEN = """
## Again and again

Two releases in turn.

"""


def flash_ms(operations):
    return sum(ERASE_MS if op.kind == "erase" else PROGRAM_MS
               for op in operations)


def took_ms(operations):
    last = operations[-1]
    return (last.cycle - operations[0].cycle) * 1000 / BOARD_HZ + \
        flash_ms([last])


def in_slot(operations):
    return [op for op in operations
            if SLOT_2 <= op.at < JOURNAL]


def download(bin_dir, arm_dir, folder, pad_to):
    """One update from the factory's flash; its row of the table."""
    folder.mkdir()
    site = Site(bin_dir, arm_dir, folder)
    try:
        row = Row(site, pad_to)
        row.update()
        row.end()
    finally:
        site.close()
    slot = in_slot(row.updates[0].operations)
    erases = sum(op.kind == "erase" for op in slot)
    # What is written to the journal meanwhile is the download's, too.
    return "| %d | %d | %d | %.0f | %.0f | %.2f | %d |\n" % (
        row.image_bytes, erases, len(slot) - erases, flash_ms(slot),
        took_ms(slot), flash_ms(slot) / took_ms(slot), row.updates[0].gap_ms)


def in_a_row(bin_dir, arm_dir, folder, rows):
    folder.mkdir()
    site = Site(bin_dir, arm_dir, folder)
    try:
        row = Row(site)
        for n in range(rows):
            row.update()
            print("\r%d of %d updates" % (n + 1, rows), end="",
                  file=sys.stderr, flush=True)
        row.end()
    finally:
        site.close()
    print(file=sys.stderr)
    return row_text(row)


def row_text(row):
    wear = row.wear()
    slots = [n for at, n in wear.items() if at not in REGIONS]
    operations = [len(u.operations) for u in row.updates]
    seconds = [took_ms(u.operations) / 1000 for u in row.updates]
    lines = [
        "| updates, each confirmed and SUCCEEDED | %d |" % len(row.updates),
        "| flash operations of one | %d to %d |" % (min(operations),
                                                   max(operations)),
        "| first to last of them, s | %.2f to %.2f, median %.2f |" % (
            min(seconds), max(seconds), statistics.median(seconds)),
        "| longest wait of a Hello task, ms | %d |" %
        max(u.gap_ms for u in row.updates)]
    lines += ["| erases, %s | %d |" % (name, wear[at])
              for at, name in REGIONS.items()]
    lines.append("| erases of a slot's sector | most %d, mean %.1f, of %d "
                 "sectors |" % (max(slots), statistics.mean(slots), len(slots)))
    return "| on one board | |\n|---|---|\n" + \
        "\n".join(lines) + "\n"


def parts_of(file):
    """The two tables of an earlier run."""
    if not os.path.exists(file):
        return "", ""
    with open(file, encoding="utf-8") as f:
        first, row = f.read().split(BETWEEN)
    return first[len(HEAD):], row


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin", type=os.path.abspath)
    parser.add_argument("arm", type=os.path.abspath)
    parser.add_argument("--only", choices=("download", "row"))
    parser.add_argument("--rows", type=int, default=100)
    args = parser.parse_args()
    file = os.path.join(HERE, "updates.md")
    downloads, row = parts_of(file)
    with tempfile.TemporaryDirectory(prefix="tern-updates-") as name:
        folder = pathlib.Path(name)
        if args.only != "row":
            downloads = "".join(
                download(args.bin, args.arm, folder / str(pad_to), pad_to)
                for pad_to in (0, LARGE_BYTES))
        if args.only != "download":
            row = in_a_row(args.bin, args.arm, folder / "row", args.rows)
    with open(file, "w", encoding="utf-8") as f:
        f.write(HEAD + downloads + BETWEEN + row)
    print(downloads + BETWEEN + row)


main()
