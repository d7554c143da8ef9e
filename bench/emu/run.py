#!/usr/bin/python3
# run.py BIN [--json FILE] - how fast tern-board is: two loops beside
# qemu-system-arm on the same program in the same run, a real firmware, time to
# the first byte, memory, power cuts per second. BIN holds tern-board; use a
# release build. Needs arm-none-eabi-gcc and qemu-system-arm.
#
# SPDX-License-Identifier: MIT
import argparse
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time

import firmware

RUNS = 5
ALU_ROUNDS = (1, 8000000)   # of 66 instructions
MEMORY_ROUNDS = (1, 800000)  # of 50 instructions, 16 loads and 16 stores
HELLO = 1
SWEEP_ROUNDS = 6


def seconds(command):
    """Processor time of a program that ends by itself: other programs on the
    machine disturb it less than the time on the wall."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime
            + after.ru_stime - before.ru_stime)


def stats(board, *words):
    run = subprocess.run([board, *words, "--stats"], check=False, text=True,
                         stdin=subprocess.DEVNULL, capture_output=True)
    rows = (line.split() for line in run.stderr.splitlines())
    return {r[0]: float(r[1]) for r in rows
            if len(r) == 2 and r[0] != "tern-board:"}


def loop_mips(board, folder, memory, rounds):
    """Instructions per microsecond of both emulators, without their start:
    the time of a long run less that of a short one."""
    short, long = (firmware.loop(folder, memory, n) for n in rounds)
    count = (stats(board, "--elf", long)["instructions"]
             - stats(board, "--elf", short)["instructions"])
    commands = {
        "tern-board": lambda elf: [board, "--elf", elf],
        "qemu": lambda elf: ["qemu-system-arm", "-M", "mps2-an500", "-nographic",
                             "-semihosting", "-kernel", elf],
    }
    times = {name: [] for name in commands}
    for _ in range(RUNS):  # in turn, so that both see the same machine
        for name, command in commands.items():
            times[name].append(seconds(command(long))
                               - seconds(command(short)))
    return {name: count / statistics.median(t) / 1e6
            for name, t in times.items()}


def first_byte_ms(board, flash):
    """From starting the program to the first byte on its standard output."""
    times = []
    for _ in range(RUNS):
        begin = time.monotonic()
        with subprocess.Popen([board, "--flash", flash, "--no-save"],
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE) as process:
            process.stdout.read(1)
            times.append(time.monotonic() - begin)
            process.stdout.read()
    return statistics.median(times) * 1000


def cuts_per_second(board, scenario):
    """(cuts, seconds) of the best of three sweeps."""
    best = None
    for _ in range(3):
        begin = time.monotonic()
        out = subprocess.run([board, "sweep", scenario], check=True, text=True,
                             capture_output=True).stdout
        took = time.monotonic() - begin
        cuts = int(out.split(" tears: ")[1].split()[0])
        if best is None or cuts / took > best[0] / best[1]:
            best = (cuts, took)
    return best


def measure(board, folder):
    conformance = firmware.conformance(folder)
    flash = firmware.flash_file(os.path.join(folder, "c.flash"), conformance,
                                0)
    hello = firmware.flash_file(os.path.join(folder, "h.flash"), conformance,
                                HELLO)
    scenario = firmware.record_scenario(folder, firmware.record(folder),
                                        SWEEP_ROUNDS, reads_only=True)
    real = stats(board, "--flash", flash, "--no-save")
    cuts, took = cuts_per_second(board, scenario)
    return {
        "alu_mips": loop_mips(board, folder, False, ALU_ROUNDS),
        "memory_mips": loop_mips(board, folder, True, MEMORY_ROUNDS),
        "conformance_mips": real["mips"],
        "conformance_instructions": real["instructions"],
        "first_byte_ms": first_byte_ms(board, hello),
        "peak_rss_kib": real["peak_rss_kib"],
        "sweep_cuts": cuts,
        "sweep_cuts_per_second": cuts / took,
        "processors": os.cpu_count(),
    }


def show(figures):
    for name in ("alu", "memory"):
        mips = figures[name + "_mips"]
        print("%-7s loop   tern-board %7.0f MIPS   qemu %7.0f MIPS   %.2f"
              % (name, mips["tern-board"], mips["qemu"],
                 mips["tern-board"] / mips["qemu"]))
    print("conformance firmware   %.0f MIPS over %.1f M instructions"
          % (figures["conformance_mips"],
             figures["conformance_instructions"] / 1e6))
    print("first console byte     %.0f ms (limit 200)"
          % figures["first_byte_ms"])
    print("peak memory            %.0f MiB" % (figures["peak_rss_kib"] / 1024))
    print("power-cut sweep        %.0f cuts per second over %d cuts, %d "
          "processors (limit 200)"
          % (figures["sweep_cuts_per_second"], figures["sweep_cuts"],
             figures["processors"]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("--json")
    given = parser.parse_args()
    board = os.path.join(os.path.abspath(given.bin), "tern-board")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(board, folder)
    show(figures)
    if given.json:
        with open(given.json, "w", encoding="ascii") as f:
            json.dump(figures, f, indent=2)


if __name__ == "__main__":
    main()
