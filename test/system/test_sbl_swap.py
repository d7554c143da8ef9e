# test_sbl_swap.py - the bootloader for chips without remap, on the emulated
# board: the slots exchange their contents, and all firmware runs in slot 1.
#
# SPDX-License-Identifier: MIT
import pytest

from sbl_board import SLOT, TEARS, SblBoard, recovered

ALPHA = "app alpha 1.0.0 runs from slot 1, confirmed"
BETA_TRIAL = "app beta 2.0.0 runs from slot 1, on trial"
BETA = "app beta 2.0.0 runs from slot 1, confirmed"
EXCHANGE = "slot 1 and slot 2 exchange their images"
SAMPLE = 12  # of the cuts; test/sweep/swap_cut.c tries them all


@pytest.fixture
def updating(bin_dir, arm_dir, tmp_path):
    """alpha 1.0.0 runs; beta 2.0.0 has been written to slot 2."""
    b = SblBoard(bin_dir, arm_dir, tmp_path, "imxrt1060-sbl-swap")
    b.install(1, b.app("alpha", "1.0.0"))
    b.install(2, b.app("beta", "2.0.0"))
    return b


def slot(board, number, length):
    with open(board.flash, "rb") as f:
        f.seek(SLOT[number])
        return f.read(length)


def test_swap_update_runs_in_slot_1_and_stays(updating):
    console = updating.run("arcq")

    assert console.apps == [ALPHA, BETA_TRIAL]
    assert EXCHANGE in console
    assert updating.run().apps == [BETA]


def test_swap_unconfirmed_update_goes_back(updating):
    before = [slot(updating, n, 0x1000) for n in (1, 2)]

    console = updating.run("arrq")

    assert console.apps == [ALPHA, BETA_TRIAL, ALPHA]
    assert console.lines.count(EXCHANGE) == 2
    assert updating.record()["outcome"] == "ROLLED_BACK"
    assert [slot(updating, n, 0x1000) for n in (1, 2)] == before


def test_swap_damaged_update_moves_nothing(updating):
    updating.damage(2)

    console = updating.run("arq")

    assert console.apps == [ALPHA, ALPHA]
    assert EXCHANGE not in console
    assert updating.record()["outcome"] == "REJECTED"


def test_swap_boots_after_cuts_all_over_an_update(updating):
    operations = updating.sweep(
        "swap, update", TEARS, 2, 'send = "a" after "%s"' % ALPHA,
        'send = "r" after "arm: ok"', 'send = "c" after "%s"' % BETA_TRIAL,
        'send = "q" after "confirm: ok"', recovered(ALPHA, BETA_TRIAL, BETA),
        sample=SAMPLE)

    assert operations > SAMPLE


def test_swap_boots_after_cuts_all_over_a_rollback(updating):
    operations = updating.sweep(
        "swap, rollback", TEARS, 3, 'send = "a" after "%s"' % ALPHA,
        'send = "r" after "arm: ok"', 'send = "r" after "%s"' % BETA_TRIAL,
        'send = "q" after "going back"', recovered(ALPHA, BETA_TRIAL),
        'never = "%s"' % BETA, sample=SAMPLE)

    assert operations > SAMPLE
