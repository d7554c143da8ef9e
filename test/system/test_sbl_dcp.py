# test_sbl_dcp.py - the bootloader that hashes by the chip's Data Co-Processor:
# it decides as the other one, and a DCP that fails stops no boot.
#
# SPDX-License-Identifier: MIT
import os
import re

import pytest

from sbl_board import SblBoard, symbols

ALPHA = "app alpha 1.0.0 runs from slot 1, confirmed"
BETA = "app beta 2.0.0 runs from slot 2, confirmed"
BETA_TRIAL = "app beta 2.0.0 runs from slot 2, on trial"
SBL = "imxrt1060-sbl-dcp"
DCP_CTRL = 0x402FC000
OFF = 0xC0000000
START_HASH = "dcp_sha256_start"


@pytest.fixture
def board(bin_dir, arm_dir, tmp_path):
    """alpha 1.0.0 runs from slot 1, beta 2.0.0 is in slot 2."""
    b = SblBoard(bin_dir, arm_dir, tmp_path)
    b.write(0, b.arm(SBL + ".bin"))
    b.install(1, b.app("alpha", "1.0.0"))
    b.install(2, b.app("beta", "2.0.0"))
    return b


def hashed_by_software(board, *disturb):
    """Does the image start, though `disturb` was done to the DCP when it was
    to hash its first bytes; and did software hash it then?"""
    entry = symbols(os.path.join(board.arm_dir, "sbl-test-alpha.elf"))
    said = board.debug(
        SBL + ".elf", "break *%s" % START_HASH, "continue", *disturb,
        "delete", "break *image_hash_by_software",
        "break *%#x" % entry["start_reset"], "continue", 'printf "at %x\\n", $pc',
        "continue", 'printf "then %x\\n", $pc')
    software = symbols(os.path.join(board.arm_dir, SBL + ".elf"))
    assert re.search("then %x$" % entry["start_reset"], said, re.M), said
    return bool(re.search("at %x$" % software["image_hash_by_software"], said,
                          re.M))


def test_sbl_dcp_updates_and_keeps(board):
    console = board.run("arcrq")

    assert console.apps == [ALPHA, BETA_TRIAL, BETA]
    assert "not modelled" not in console.notes


def test_sbl_dcp_rejects_a_damaged_image(board):
    board.damage(2)

    console = board.run("arq")

    assert console.apps == [ALPHA, ALPHA]
    assert any(line.startswith("slot 2 refused: hash:")
               for line in console.lines)


def test_sbl_dcp_that_works_leaves_software_nothing_to_do(board):
    said = board.debug(SBL + ".elf", "break *image_hash_by_software",
                       "break *%#x" % symbols(os.path.join(
                           board.arm_dir, "sbl-test-alpha.elf"))["start_reset"],
                       "continue", 'printf "at %x\\n", $pc')
    software = symbols(os.path.join(board.arm_dir, SBL + ".elf"))

    assert "at %x" % software["image_hash_by_software"] not in said, said


def test_sbl_dcp_that_does_not_answer_software_hashes(board):
    assert hashed_by_software(board,
                              "set {unsigned}%#x = %#x" % (DCP_CTRL, OFF))


def test_sbl_dcp_that_reports_an_error_software_hashes(board):
    # A piece at an address where nothing is.
    assert hashed_by_software(board, "set $r1 = 0x30000000")


def test_sbl_dcp_that_hashes_something_else_software_hashes(board):
    # Sixteen bytes off: no error, another digest.
    assert hashed_by_software(board, "set $r1 = $r1 + 16")


def test_sbl_dcp_is_off_when_the_image_starts(board):
    entry = symbols(os.path.join(board.arm_dir, "sbl-test-alpha.elf"))
    said = board.debug(SBL + ".elf", "break *%#x" % entry["start_reset"],
                       "continue", "x/wx %#x" % DCP_CTRL)

    value = int(re.search(r"%#x:\s+(0x\w+)" % DCP_CTRL, said)[1], 16)
    assert value & OFF == OFF
