# test_sfw_many.py - several boards at once, and one board again and again: the
# demonstration firmware on the emulated board, against the real server.
#
# By default two boards, and four updates in a row; SWEEP=all: eight boards, and
# a hundred updates (bench/updates.py keeps what they cost).
#
# SPDX-License-Identifier: MIT
import pytest

from sfw_site import Site
from sfw_row import Row
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

    at_once(site, job, len(names))
    site.updated(job, "1.4.0", *names)
    assert site.package_state(package) == "VERIFIED"
    for board in boards.values():
        board.power_off()
        status = site.record(board)
        assert status["record"]["state"] == "STEADY"
        assert status["record"]["active_slot"] == 2
    keep_count("board, updates at once", "%d boards" % len(names))


def at_once(site, job, boards):
    """There is a moment at which every board is downloading."""
    def downloading():
        return sum(t["state"] == "IN_PROGRESS" for t in site.tasks(job))

    site.server.wait(lambda: downloading() == boards, 60)


def test_sfw_updates_in_a_row_leave_nothing_behind(site):
    row = Row(site)

    for _ in range(IN_A_ROW_ALL if sweep_all() else IN_A_ROW):
        row.update()

    row.end()
    assert len({len(u.operations) for u in row.updates[2:]}) == 1
    keep_count("board, updates in a row", row.summary())
