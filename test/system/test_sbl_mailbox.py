# test_sbl_mailbox.py - firmware with the flag code of NXP's SFW above the real
# bootloader, on the emulated board: it arms and confirms by NXP's trailer, over
# any number of updates, and none of the defects of NXP's own bootloader (W1 to
# W8, W15, W27; each is told at its test) is there.
#
# The firmware is targets/imxrt1060-sbl/test-app/sfw_app.c; it looks at its own
# trailer and knows nothing of the boot record. test/sweep/mailbox_cut.c is the
# same on the host, with many more lives.
#
# SPDX-License-Identifier: MIT
import os
import re

import pytest

from sbl_board import SLOT, TEARS, SblBoard, recovered, symbols

V1 = "app alpha 1.0.0 at position 1, plain"
V1_TRIAL = "app alpha 1.0.0 at position 1, on trial"
V2 = "app beta 2.0.0 at position 2, plain"
V2_TRIAL = "app beta 2.0.0 at position 2, on trial"
TRAILER = 0x0FFFE0
# Each length of the trailer's head that a torn program may leave.
BYTES = "bytes=1,bytes=2,bytes=5,bytes=8,bytes=9,bytes=16,bytes=17,bytes=31"
REFUSED = 2  # any error: what the flash driver answers
EVERY = 1000
CUTS, CUTS_TWICE = 10, 4  # of a sweep; SWEEP=all takes every one
REMAP_OFFSET = 0x400AC080


@pytest.fixture
def board(bin_dir, arm_dir, tmp_path):
    """alpha 1.0.0 runs from slot 1, beta 2.0.0 has been written to slot 2."""
    b = SblBoard(bin_dir, arm_dir, tmp_path)
    b.install(1, b.app("sfw-alpha", "1.0.0"))
    b.run("q")
    b.write_image(2, b.app("sfw-beta", "2.0.0"))
    return b


def trailer(board):
    with open(board.flash, "rb") as f:
        f.seek(TRAILER)
        return f.read(32)


# --- lives --------------------------------------------------------------------

def test_mailbox_arms_and_confirms_an_update(board):
    console = board.run("arcrq")

    assert console.apps == [V1, V2_TRIAL, V2]
    assert "confirmed" in console
    assert board.record()["outcome"] == "CONFIRMED"


# W3: every second update was rolled back.
def test_mailbox_six_updates_in_a_row_are_all_kept_w3(board):
    console = board.run("arc" * 6 + "rq")

    assert console.apps == [V1, *[V2_TRIAL, V1_TRIAL] * 3, V1]
    assert console.lines.count("confirmed") == 6
    assert "nothing to confirm" not in console


def test_mailbox_six_updates_with_a_reset_between_are_all_kept_w3(board):
    console = board.run("arcr" * 6 + "q")

    assert console.apps == [V1] + [V2_TRIAL, V2, V1_TRIAL, V1] * 3
    assert "nothing to confirm" not in console


def test_mailbox_new_versions_by_turns_in_both_slots_w3(board):
    board.run("arcrq")
    for n in range(3, 6):
        slot = 1 if n % 2 else 2
        name = "alpha" if n % 2 else "beta"
        board.write_image(slot, board.app("sfw-" + name, "%d.0.0" % n))
        apps = board.run("arcrq").apps
        assert apps[1:] == [
            "app %s %d.0.0 at position %d, %s" % (name, n, slot, state)
            for state in ("on trial", "plain")]


def test_mailbox_trial_without_confirmation_ends_at_the_next_reset(board):
    console = board.run("arrq")

    assert console.apps == [V1, V2_TRIAL, V1]
    assert board.record()["outcome"] == "ROLLED_BACK"


def test_mailbox_update_after_a_rollback_is_kept(board):
    console = board.run("arrarcrq")

    assert console.apps == [V1, V2_TRIAL, V1, V2_TRIAL, V2]


def test_mailbox_damaged_update_is_rejected(board):
    board.damage(2)

    console = board.run("arrq")

    assert console.apps == [V1, V1, V1]
    assert any(line.startswith("slot 2 refused: hash:")
               for line in console.lines)


# W15: no watchdog and no counter, so a hanging trial stayed for ever.
def test_mailbox_trial_that_hangs_is_ended_by_the_watchdog_w15(board):
    console = board.run("arhq")

    assert console.apps == [V1, V2_TRIAL, V1]
    assert board.record()["outcome_cause"] == "WATCHDOG"


def test_mailbox_firmware_that_knows_no_watchdog_is_reset_once(board):
    console = board.run("archq")  # it hangs, and nobody services the watchdog

    assert console.apps == [V1, V2_TRIAL, V2]
    assert board.record()["outcome"] == "CONFIRMED"


# W4: with a damaged active image the other, good one was never tried.
def test_mailbox_damaged_active_image_the_other_one_runs_w4(board):
    board.run("arcrq")
    board.damage(2)

    assert board.run().apps == [V1]


# W5: installing within a trial made the third image permanent untried.
def test_mailbox_armed_in_its_own_trial_nothing_gets_permanent_w5(board):
    board.run("arq")
    board.write_image(1, board.app("sfw-alpha", "3.0.0"))

    apps = board.run("a" + "r" * 6 + "q").apps

    assert apps[0] == V2_TRIAL
    assert not [line for line in apps if line.endswith("plain")]


# W7: with a spoilt position the new image ran without a trial.
@pytest.mark.parametrize("position", [0x00, 0x02, 0x03, 0xFF])
def test_mailbox_position_is_spoilt_the_new_image_gets_no_pass_w7(board,
                                                                  position):
    board.run("aq")
    board.write(TRAILER, bytes([position]))

    apps = board.run("rrrq").apps

    assert set(apps) <= {V1, V2_TRIAL}
    assert apps[-1] == V1
    assert trailer(board)[0] == 1


def test_mailbox_garbage_in_the_trailer_is_nothing(board):
    board.write(TRAILER, bytes(range(7, 39)))

    assert board.run("rq").apps == [V1, V1]


# W8: nobody looked whether the flash had done what it was told.
def offset_of_remap(board, refusals):
    """Of the image that starts when so many erases are refused by the flash."""
    script = board.folder / "refuse.gdb"
    app = symbols(os.path.join(board.arm_dir,
                               "sbl-test-sfw-alpha.elf"))["app_hello"]
    script.write_text("""
set $left = %d
break *erase_sector
break *%#x
continue
while (unsigned)$pc != %#x
  if $left > 0
    set $left = $left - 1
    set $r0 = %d
    set $pc = $lr
  end
  continue
end
x/wx %#x
printf "left %%d\\n", $left
""" % (refusals, app, app, REFUSED, REMAP_OFFSET))
    said = board.debug("imxrt1060-sbl.elf", "source %s" % script)
    assert refusals == EVERY or "left 0" in said, said
    return int(re.search(r"%#x:\s+(0x\w+)" % REMAP_OFFSET, said)[1], 16)


def test_mailbox_flash_refuses_two_erases_the_trial_runs_w8(board):
    board.run("aq")

    assert offset_of_remap(board, 2) == SLOT[2] - SLOT[1]


def test_mailbox_flash_refuses_every_erase_no_trial_runs_w8(board):
    board.run("aq")

    assert offset_of_remap(board, EVERY) == 0


# W27: the declared sizes were believed before they were looked at.
@pytest.mark.parametrize("header_bytes, protected, body", [
    (0x400, 0, 0xFFFFF000), (0x400, 0, 0x7FFFFFFF), (0xFFFF, 0xFFFF, 0x1000),
    (0x400, 0xFFFF, 0x000FF000), (0, 0, 0), (0x400, 0, 0x00100000)])
def test_mailbox_image_that_lies_about_its_size_costs_no_time_w27(
        board, header_bytes, protected, body):
    board.write(SLOT[2] + 8, header_bytes.to_bytes(2, "little")
                + protected.to_bytes(2, "little") + body.to_bytes(4, "little"))

    console = board.run("arq")

    assert console.apps == [V1, V1]
    assert console.ms("slot 2 refused") - console.ms("Remap type: test") <= 1


# --- power cuts: W1, W2, W6 ---------------------------------------------------
# W1: the only copy of the flags was erased before it was written. W2: going
# back took two updates of it. W6: a torn trailer passed for another one.

UPDATE = ('send = "a" after "%s"' % V1,
          'send = "r" after "armed"',
          'send = "c" after "%s"' % V2_TRIAL,
          'send = "r" after "confirmed"',
          'send = "q" after "%s"' % V2)
UPDATE_BACK = ('send = "a" after "%s"' % V2,
               'send = "r" after "armed"',
               'send = "c" after "%s"' % V1_TRIAL,
               'send = "r" after "confirmed"',
               'send = "q" after "%s"' % V1)
ROLLBACK = ('send = "a" after "%s"' % V1,
            'send = "r" after "armed"',
            'send = "r" after "%s"' % V2_TRIAL,
            'send = "q" after "going back"')


def test_mailbox_cut_anywhere_in_an_update_old_or_new_w1(board):
    operations = board.sweep("mailbox update 1 to 2", TEARS, 2, *UPDATE,
                             recovered(V1, V2_TRIAL, V2), sample=CUTS)

    assert operations >= 10


def test_mailbox_cut_anywhere_in_an_update_back_to_slot_1_old_or_new_w1(board):
    board.run("arcrq")

    operations = board.sweep("mailbox update 2 to 1", TEARS, 2, *UPDATE_BACK,
                             recovered(V2, V1_TRIAL, V1), sample=CUTS)

    assert operations >= 10


def test_mailbox_cut_after_the_confirmation_the_new_one_stays(board):
    board.run("arcq")  # the message is in the trailer, no boot has taken it

    operations = board.sweep("mailbox confirmed", TEARS, 2,
                             'send = "q" after "%s"' % V2, recovered(V2))

    assert operations >= 4


def test_mailbox_cut_anywhere_in_a_rollback_nothing_unconfirmed_stays_w2(board):
    operations = board.sweep("mailbox rollback", TEARS, 3, *ROLLBACK,
                             recovered(V1, V2_TRIAL), 'never = "%s"' % V2,
                             sample=CUTS)

    assert operations >= 8


def test_mailbox_torn_after_any_byte_nothing_unconfirmed_stays_w6(board):
    board.sweep("mailbox rollback, by bytes", BYTES, 2, *ROLLBACK,
                recovered(V1, V2_TRIAL), 'never = "%s"' % V2, sample=CUTS)


def test_mailbox_cut_anywhere_in_a_rejection_the_old_one_runs(board):
    board.damage(2)

    board.sweep("mailbox rejection", TEARS, 2, 'send = "a" after "%s"' % V1,
                'send = "r" after "armed"', 'send = "q" after "slot 2 refused"',
                recovered(V1), sample=CUTS)


def test_mailbox_cut_again_in_the_recovery_of_an_update(board):
    board.sweep("mailbox update, cut twice", TEARS, 2, *UPDATE,
                recovered(V1, V2_TRIAL, V2), sample=CUTS_TWICE, second=1)


def test_mailbox_cut_again_in_the_recovery_of_a_rollback(board):
    board.sweep("mailbox rollback, cut twice", TEARS, 2, *ROLLBACK,
                recovered(V1, V2_TRIAL), 'never = "%s"' % V2,
                sample=CUTS_TWICE, second=1)
