# sfw_row.py - one board that is updated again and again, between two releases;
# after each update server and board must agree, and its cost in flash operations
# is kept. Used by test_sfw_many.py and bench/updates.py.
#
# SPDX-License-Identifier: MIT
import collections
import itertools
import os
import re
import time

from sfw_site import DEVICE

BOARD_HZ = 528000000
SECTOR_BYTES = 0x1000
SLOTS, SLOT_BYTES = {1: 0x100000, 2: 0x200000}, 0x100000
REGIONS = {0xfd000: "boot record, first copy",
           0xfe000: "boot record, second copy",
           0xff000: "NXP's flags", 0x300000: "download journal"}

Operation = collections.namedtuple("Operation", "cycle kind at bytes")
Update = collections.namedtuple("Update", "version operations seconds gap_ms")


def read_log(file):
    """What tern-board --flash-log has written so far, whole lines of it."""
    with open(file, encoding="ascii") as f:
        lines = [line.split() for line in f.read().split("\n")[:-1]]
    return [Operation(int(cycle), kind, int(at, 16), int(size))
            for cycle, kind, at, size, *_ in lines]


class Row:
    """pad_to: the programs get at least so large."""

    def __init__(self, site, pad_to=0):
        self.site, self.board, self.updates = site, site.board(), []
        self.packages = {}
        for version in ("1.4.0", "1.5.0"):
            image = site.sign(self.board, version,
                              site.padded(self.board, version, pad_to))
            self.image_bytes = os.path.getsize(image)
            self.packages[version] = site.upload(image, version)
        self.versions = itertools.cycle(self.packages)
        self.log = os.path.join(os.path.dirname(self.board.flash), "operations")
        self.board.power_on("--flash-log", self.log)
        site.informed("1.3.0")
        self.seen = len(read_log(self.log))

    def update(self):
        """The other release; both sides must say that it runs."""
        version, mark = next(self.versions), self.board.mark()
        begin = time.monotonic()
        job = self.site.begin(self.packages[version], DEVICE)
        self.site.updated(job, version, DEVICE)
        wall = time.monotonic() - begin

        slot = 2 - len(self.updates) % 2
        self.board.wait("version %s in slot %d, on trial" % (version, slot),
                        mark)
        mark = self.board.wait("firmware confirmed", mark)
        self.board.wait("no update is waiting", mark)
        operations = read_log(self.log)[self.seen:]
        self.seen += len(operations)
        self.updates.append(Update(version, operations, wall,
                                   self.longest_gap()))

    def longest_gap(self):
        """As the firmware printed it at the end of its update."""
        line = next(text for text in reversed(self.board.lines)
                    if "never waited longer than" in text)
        return int(re.search(r"longer than (\d+) ms", line)[1])

    def end(self):
        """Power off; the flash has to say the same, and so has the server."""
        self.board.power_off()
        status = self.site.record(self.board)
        last = self.updates[-1]
        active = 2 - (len(self.updates) - 1) % 2
        assert status["record"]["state"] == "STEADY", status
        assert status["record"]["active_slot"] == active, status
        assert status["slots"][active - 1]["version"] == last.version, status
        for version in {u.version for u in self.updates}:
            package = self.packages[version]
            assert self.site.package_state(package) == "VERIFIED"

    def wear(self):
        """{sector's offset: erases}, of all that was done since power-on."""
        return collections.Counter(
            op.at & -SECTOR_BYTES for op in read_log(self.log)
            if op.kind == "erase")

    def summary(self):
        wear = self.wear()
        slots = [n for at, n in wear.items() if at not in REGIONS]
        return "%d updates; erases: %s; slots, most worn sector %d, mean %.1f" \
            % (len(self.updates),
               ", ".join("%s %d" % (name, wear[at])
                         for at, name in REGIONS.items()),
               max(slots), sum(slots) / len(slots))
