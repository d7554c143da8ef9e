# board_runner.py - start tern-board on the small firmwares of test/emu and
# bench/emu, and talk to it.
#
# SPDX-License-Identifier: MIT
import os
import re
import select
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../bench/emu"))
import firmware  # noqa: E402

WAIT_SECONDS = 60

# test/emu/firmware/scenario.h
(HELLO, ECHO, WRITE, READ, COUNT, SPIN, SLEEP, LOCKUP, UNKNOWN, NOISE, TICK,
 FRAMES) = range(1, 13)
SPIN_ADDRESS = 0x20280000
TICK_PERIOD = 528000  # a millisecond


class Finished:
    def __init__(self, run):
        self.code = run.returncode
        self.out = run.stdout.decode("utf-8", "replace")
        self.err = run.stderr.decode("utf-8", "replace")

    def stats(self):
        """What --stats printed, as numbers."""
        rows = (line.split() for line in self.err.splitlines())
        return {r[0]: float(r[1]) for r in rows
                if len(r) == 2 and r[0] != "tern-board:"}


class BoardRunner:
    """Flash files with built firmware in `folder`, and runs of tern-board."""

    def __init__(self, bin_dir, folder, conformance, record):
        self.program = os.path.join(bin_dir, "tern-board")
        self.folder, self.record = folder, record
        self.conformance = conformance

    def flash(self, scenario, argument=0):
        return firmware.flash_file(str(self.folder / "board.flash"),
                                   self.conformance, scenario, argument)

    def run(self, *words, stdin=b""):
        run = subprocess.run([self.program, *map(str, words)], input=stdin,
                             check=False, capture_output=True,
                             timeout=WAIT_SECONDS)
        return Finished(run)

    def begin(self, *words, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen([self.program, *map(str, words)],
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **how)


def wait_for(condition, what):
    """Polls until condition() is true, and gives its value."""
    end = time.monotonic() + WAIT_SECONDS
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, "never: " + what
        time.sleep(0.01)


def read_byte(stream):
    """The next byte of a pipe; fails instead of waiting for ever."""
    ready, _, _ = select.select([stream], [], [], WAIT_SECONDS)
    assert ready, "nothing was printed"
    return os.read(stream.fileno(), 1)


def port_of(process):
    line = b""
    while not line.endswith(b"\n"):
        line += read_byte(process.stderr)
    return int(re.search(r"127\.0\.0\.1:(\d+)", line.decode())[1])
