# test_sbl_choices.py - what a bootloader may be built with: RSA-2048 keys beside
# P-256 ones, and no way down in version. On the emulated board, with
# sbl-test-choices.bin, which has both.
#
# SPDX-License-Identifier: MIT
import os

import pytest

from sbl_board import SblBoard

RSA_KEY = "sbl-insecure-development-rsa-key.pem"
LOWER = "slot 2 refused: version is lower than the confirmed one"


@pytest.fixture
def board(bin_dir, arm_dir, tmp_path):
    b = SblBoard(bin_dir, arm_dir, tmp_path)
    b.write(0, b.arm("sbl-test-choices.bin"))
    b.rsa = os.path.join(os.path.dirname(arm_dir), RSA_KEY)
    return b


def sbl_image(board, name, version):
    """Signed with the command that the SBL's users give to imgtool."""
    out = str(board.folder / ("sbl-%s.img" % version))
    board.tern.good(
        "image", "sign", "--key", board.rsa, "--align", "4", "--header-size",
        "0x400", "--pad-header", "--slot-size", "0x100000", "--max-sectors",
        "32", "--version", version,
        os.path.join(board.arm_dir, "sbl-test-%s.bin" % name), out)
    return out


def test_choices_key_rotation_from_rsa_to_p256_and_back(board):
    board.install(1, sbl_image(board, "alpha", "1.1"))
    board.install(2, board.app("beta", "2.0.0"))

    there = board.run("arcq")
    board.install(1, sbl_image(board, "alpha", "2.1"))
    back = board.run("arcq")

    assert there.apps[0] == "app alpha 1.1.0 runs from slot 1, confirmed"
    assert there.apps[1] == "app beta 2.0.0 runs from slot 2, on trial"
    assert back.apps[0] == "app beta 2.0.0 runs from slot 2, confirmed"
    assert back.apps[1] == "app alpha 2.1.0 runs from slot 1, on trial"
    assert board.record()["active_slot"] == 1


def test_choices_rsa_image_is_foreign_to_a_bootloader_without(board):
    board.write(0, board.arm("imxrt1060-sbl.bin"))
    board.install(1, board.app("alpha", "1.0.0"))
    board.install(2, sbl_image(board, "beta", "2.0"))

    console = board.run("arq")

    assert "slot 2 refused: signed with a key that is not trusted" in console
    assert board.record()["outcome"] == "REJECTED"


def test_choices_lower_version_is_rejected_and_told(board):
    board.install(1, board.app("alpha", "2.0.0"))
    board.install(2, board.app("beta", "1.9.9"))

    console = board.run("arq")

    assert LOWER in console
    assert console.apps[1] == "app alpha 2.0.0 runs from slot 1, confirmed"
    record = board.record()
    assert record["outcome"] == "REJECTED"
    assert record["outcome_error"] == "version is lower than the confirmed one"


def test_choices_lower_version_runs_by_default(board):
    board.write(0, board.arm("imxrt1060-sbl.bin"))
    board.install(1, board.app("alpha", "2.0.0"))
    board.install(2, board.app("beta", "1.9.9"))

    console = board.run("arcq")

    assert console.apps[1] == "app beta 1.9.9 runs from slot 2, on trial"
    assert board.record()["active_slot"] == 2
