# test_sfw_cut.py - one update of the demonstration firmware, with the power cut
# at each flash operation of it: from the factory's flash over download,
# journal, record and trial to the confirmation, on the emulated board, with
# bootloader and firmware as built, against one real server.
#
# Each case is a board of its own. It is cut once, by tern-board --cut, comes
# back, and has to end with the new version confirmed and its task SUCCEEDED.
# By default a sample: every operation on records and journal, and some of the
# many on the slot. SWEEP=all takes every operation, torn in every way;
# SWEEP_CUT=17:first that one; SWEEP_PART=2/8 the second eighth of all.
#
# SPDX-License-Identifier: MIT
import concurrent.futures
import itertools
import os
import shutil

import pytest

from sfw_site import DEVICE, Site
from sweeps import keep_count, sweep_all

TEARS = ("nothing", "first", "second", "random=1")
SLOT_SAMPLE = 4  # of the operations on the slot
BOARDS_PER_CORE = 2  # a board also waits: for addresses, for the server
CASE_SECONDS = 900  # on the wall of a busy machine; the board needs 10
SLOT_1, SLOT_2, JOURNAL = 0x100000, 0x200000, 0x300000
SECTOR_BYTES = 0x1000
# What an update of slot 2 may write: both copies of the record, NXP's flags,
# the slot, the journal.
WRITTEN = ((0xfd000, SLOT_1), (SLOT_2, JOURNAL + SECTOR_BYTES))


class Sweep:
    def __init__(self, site):
        self.site = site
        some = site.board("uncut")
        self.image = site.sign(some, "1.4.0")
        self.package = site.upload(self.image, "1.4.0")
        self.operations = self.uncut(some)

    def uncut(self, board):
        """The update as it is; the place in flash of each operation."""
        log = os.path.join(os.path.dirname(board.flash), "operations")
        before = flash_bytes(board)
        self.update("uncut", board, "--flash-log", log)
        board.power_off()
        self.check(board, before)
        with open(log, encoding="ascii") as f:
            places = [int(line.split()[2], 16) for line in f]
        mark = board.mark()
        board.power_on()
        board.wait("version 1.4.0 in slot 2", mark, CASE_SECONDS)
        board.wait("no update is waiting", mark, CASE_SECONDS)
        board.power_off()
        assert "on trial" not in "".join(board.lines[mark:])
        return places

    def update(self, name, board, *words):
        """From 1.3.0 to 1.4.0, whatever happens to the board meanwhile."""
        board.power_on(*words)
        self.site.server.wait(lambda: self.site.version(name) == "1.3.0",
                              CASE_SECONDS)
        job = self.site.begin(self.package, name)
        self.site.updated(job, "1.4.0", name, seconds=CASE_SECONDS)

    def check(self, board, before):
        """The flash of a board that is off."""
        status = self.site.record(board)
        assert status["record"]["state"] == "STEADY", status
        assert status["record"]["active_slot"] == 2, status
        assert status["slots"][1]["confirmed"], status
        with open(board.flash, "rb") as f:
            after = f.read()
        with open(self.image, "rb") as f:
            image = f.read()
        assert after[SLOT_2:SLOT_2 + len(image)] == image
        at = 0
        for begin, end in WRITTEN + ((len(after), 0),):
            assert after[at:begin] == before[at:begin], \
                "flash has changed where an update has no business"
            at = end

    def cut(self, op, tear):
        """None, or what went wrong."""
        name = "cut-%d-%s" % (op, tear.replace("=", "-"))
        board = self.site.board(name)
        before = flash_bytes(board)
        try:
            self.update(name, board, "--cut", "%d:%s" % (op, tear), "--seed",
                        str(op))
            board.power_off()
            with open(board.notes, encoding="utf-8") as f:
                notes = f.read()
            assert notes.count("power was cut at flash operation") == 1, notes
            assert "not modelled" not in notes
            self.check(board, before)
        except AssertionError as problem:
            return "SWEEP_CUT=%d:%s: %s; see %s" % (
                op, tear, problem, os.path.dirname(board.flash))
        finally:
            board.power_off()
            self.site.boards.remove(board)
        shutil.rmtree(os.path.dirname(board.flash))
        return None

    def cases(self):
        if "SWEEP_CUT" in os.environ:
            op, tear = os.environ["SWEEP_CUT"].split(":", 1)
            return [(int(op), tear)]
        numbered = list(enumerate(self.operations, 1))
        if sweep_all():
            part, parts = map(int, os.environ.get("SWEEP_PART",
                                                  "1/1").split("/"))
            every = [(op, tear) for tear in TEARS for op, _ in numbered]
            return every[part - 1::parts]
        slot = [op for op, at in numbered if SLOT_2 <= at < JOURNAL]
        chosen = slot[::len(slot) // SLOT_SAMPLE][:SLOT_SAMPLE] + \
            [op for op, at in numbered if not SLOT_2 <= at < JOURNAL]
        return list(zip(sorted(chosen), itertools.cycle(TEARS)))


def flash_bytes(board):
    with open(board.flash, "rb") as f:
        return f.read()


@pytest.fixture
def site(bin_dir, arm_dir, tmp_path):
    s = Site(bin_dir, arm_dir, tmp_path)
    yield s
    s.close()


def test_sfw_update_cut_anywhere_ends_with_the_new_version(site):
    sweep = Sweep(site)
    cases = sweep.cases()

    with concurrent.futures.ThreadPoolExecutor(
            BOARDS_PER_CORE * os.cpu_count()) as pool:
        wrong = [w for w in pool.map(lambda c: sweep.cut(*c), cases) if w]

    assert not wrong, "\n".join(wrong)
    assert site.package_state(sweep.package) == "VERIFIED"
    keep_count("board, update with the live server",
               "%d flash operations, %d tears: %d cuts; %d failed" % (
                   len(sweep.operations), len({t for _, t in cases}),
                   len(cases), len(wrong)))


def test_sfw_power_cut_four_times_in_one_download(site):
    board = site.board()
    board.power_on()
    site.informed("1.3.0")
    package = site.upload(site.sign(board, "1.4.0"), "1.4.0")
    mark = board.mark()
    for percent in (40, 55, 70, 85):
        board.when("download %d%% done" % percent, mark, board.cut_power)

    job = site.begin(package, DEVICE)

    site.updated(job, "1.4.0", DEVICE)
    boots = [line for line in board.lines[mark:] if "hello sbl." in line]
    assert len(boots) == 5  # and the trial
