# test_sfw_many.py - several boards at once, and one board again and again: the
# demonstration firmware on the emulated board, against the real server.
#
# By default two boards, and four updates in a row; SWEEP=all: eight boards, and
# a hundred updates (bench/updates.py keeps what they cost).
#
# SPDX-License-Identifier: MIT
import re

import pytest

from sfw_row import Row
from sfw_site import Site
from sweeps import keep_count, sweep_all

BOARDS, BOARDS_ALL = 2, 8
IN_A_ROW, IN_A_ROW_ALL = 4, 100


@pytest.fixture
def site(bin_dir, arm_dir, tmp_path):
    s = Site(bin_dir, arm_dir, tmp_path)
    yield s
    s.close()


def test_sfw_boards_update_at_once(site):
    names = ["dev-%02d" % i for i in
             range(1, 1 + (BOARDS_ALL if sweep_all() else BOARDS))]
    boards = {name: site.board(name) for name in names}
    for seed, board in enumerate(boards.values()):
        board.power_on("--seed", str(seed))
    for name in names:
        site.informed("1.3.0", name)
    package = site.upload(site.sign(boards[names[0]], "1.4.0"), "1.4.0")

    job = site.begin(package, *names)

    site.updated(job, "1.4.0", *names)
    assert were_at_it_together(site, job, len(names))
    assert site.package_state(package) == "VERIFIED"
    chips = set()
    for board in boards.values():
        board.power_off()
        record = site.record(board)["record"]
        assert (record["state"], record["active_slot"]) == ("STEADY", 2)
        chips |= {re.search("chip [0-9A-F]+", text)[0]
                  for text in board.lines if "] chip " in text}
    assert len(chips) == len(names)
    keep_count("board, updates at once", "%d boards" % len(names))


def were_at_it_together(site, job, boards):
    """The last one began before the first one was done."""
    events = site.server.api("GET", "/api/v1/events?limit=500&job_id=%d" % job)
    times = {state: [e["at_ms"] for e in events["items"]
                     if e["kind"] == "task.state" and state in e["text"]]
             for state in ("IN_PROGRESS", "SUCCEEDED")}
    assert all(len(t) == boards for t in times.values()), times
    return max(times["IN_PROGRESS"]) < min(times["SUCCEEDED"])


def test_sfw_updates_in_a_row_leave_nothing_behind(site):
    row = Row(site)

    for _ in range(IN_A_ROW_ALL if sweep_all() else IN_A_ROW):
        row.update()

    row.end()
    assert len({len(u.operations) for u in row.updates[2:]}) == 1
    keep_count("board, updates in a row", row.summary())
