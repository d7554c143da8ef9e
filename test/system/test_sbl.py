# test_sbl.py - the real bootloader of the i.MX RT1060 on the emulated board,
# with images that bin/tern signs.
#
# SPDX-License-Identifier: MIT
import os
import re
import subprocess

import pytest

from sbl_board import HEADER_BYTES, SLOT, TEARS, SblBoard, recovered

ALPHA = "app alpha 1.0.0 runs from slot 1, confirmed"
BETA_TRIAL = "app beta 2.0.0 runs from slot 2, on trial"
BETA = "app beta 2.0.0 runs from slot 2, confirmed"

POWER_ONS_MAX = 10  # that a trial may take
CUTS, CUTS_TWICE = 10, 4  # of a sweep; SWEEP=all takes every one
ALL = 0xFFFFFFFF
# What an image that is started on trial from slot 2 finds.
REGISTERS = {
    0xE000ED08: ("VTOR", ALL, 0x60100400),
    0xE000ED14: ("CCR: caches", 0x00030000, 0),
    0xE000ED94: ("MPU_CTRL", ALL, 0),
    0xE000E010: ("SYST_CSR: runs", 0x3, 0),
    0xE000ED24: ("SHCSR: faults", 0x00070000, 0),
    0xE000E100: ("NVIC_ISER0", ALL, 0),
    0xE000ED04: ("ICSR: pending", 0x15400000, 0),
    0x400AC078: ("remap start", ALL, 0x60100000),
    0x400AC07C: ("remap end", ALL, 0x60200000),
    0x400AC080: ("remap offset", ALL, 0x00100000),
    0x40184018: ("LPUART1_CTRL", ALL, 0),
    0x401F0000: ("GPT2_CR", ALL, 0),
    0x400F8008: ("SRC_SRSR", ALL, 0),
}


def arm_tool(name, *words):
    return subprocess.run(["arm-none-eabi-" + name, *words], check=True,
                          encoding="ascii", capture_output=True).stdout


@pytest.fixture
def board(bin_dir, arm_dir, tmp_path):
    """A factory-fresh board: alpha 1.0.0 in slot 1."""
    b = SblBoard(bin_dir, arm_dir, tmp_path)
    b.install(1, b.app("alpha", "1.0.0"))
    return b


@pytest.fixture
def updating(board):
    """beta 2.0.0 has been written to slot 2."""
    board.install(2, board.app("beta", "2.0.0"))
    return board


# --- lives --------------------------------------------------------------------

def test_sbl_starts_the_factory_image_in_the_sbls_words(board):
    console = board.run()

    assert console.code == 0, console.notes
    assert console.lines[0] == "hello sbl."
    assert console.lines[1].startswith("Bootloader Version ")
    assert console.lines[2:] == [
        "Remap type: none", "The image now in PRIMARY_SLOT slot", ALPHA]
    assert "not modelled" not in console.notes


def test_sbl_runs_the_trial_from_slot_2_by_remap(updating):
    console = updating.run("arq")

    # The name is read through the window, the version from the chip.
    assert console.apps == [ALPHA, BETA_TRIAL]
    assert "Remap type: test" in console
    assert "The image now in SECONDARY_SLOT slot" in console
    assert console.code == 0, console.notes


@pytest.mark.parametrize("letters", ["arcrq", "arcq"])
def test_sbl_keeps_a_confirmed_image(updating, letters):
    assert "confirm: ok" in updating.run(letters)  # 'q', then power off

    console = updating.run()

    assert console.apps == [BETA]
    assert "Remap type: none" in console
    assert updating.record()["outcome"] == "CONFIRMED"


def test_sbl_goes_back_if_nobody_confirms_before_a_reset(updating):
    console = updating.run("arrq")

    assert console.apps == [ALPHA, BETA_TRIAL, ALPHA]
    record = updating.record()
    assert (record["outcome"], record["outcome_cause"]) == ("ROLLED_BACK",
                                                            "SOFTWARE")


def test_sbl_goes_back_at_last_if_each_trial_ends_in_a_loss_of_power(updating):
    updating.run("arq")
    apps = []
    while ALPHA not in apps:
        assert len(apps) < POWER_ONS_MAX
        apps += updating.run().apps

    assert set(apps[:-1]) <= {BETA_TRIAL}
    assert updating.record()["outcome_cause"] == "POWER_ON"


def test_sbl_ends_a_trial_that_hangs_by_the_watchdog(updating):
    console = updating.run("arhq")

    assert console.apps == [ALPHA, BETA_TRIAL, ALPHA]
    assert "Remap type: revert" in console
    assert updating.record()["outcome_cause"] == "WATCHDOG"


def test_sbl_updates_back_and_forth(updating):
    assert updating.run("arcuq").apps == [ALPHA, BETA_TRIAL]
    updating.install(1, updating.app("alpha", "3.0.0"))

    console = updating.run("arcrq")

    assert console.apps == [BETA, "app alpha 3.0.0 runs from slot 1, on trial",
                            "app alpha 3.0.0 runs from slot 1, confirmed"]


# --- what must not run --------------------------------------------------------

def test_sbl_rejects_an_image_of_another_key(board):
    other = str(board.folder / "other.pem")
    board.tern.good("key", "generate", other)
    board.install(2, board.app("beta", "2.0.0", key=other))

    console = board.run("arq")

    assert console.apps == [ALPHA, ALPHA]
    assert any(line.startswith("slot 2 refused: signed with a key that is not "
                               "trusted") for line in console.lines)
    assert board.record()["outcome"] == "REJECTED"


def test_sbl_rejects_a_damaged_image(updating):
    updating.damage(2)

    console = updating.run("arq")

    assert console.apps == [ALPHA, ALPHA]
    assert any(line.startswith("slot 2 refused: hash:")
               for line in console.lines)


def test_sbl_gives_up_a_signed_image_that_is_no_program(board):
    noise = board.folder / "noise.bin"
    noise.write_bytes(bytes(range(1, 256)) * 10)
    board.install(2, board.sign(str(noise), "2.0.0"))

    console = board.run("arq")

    assert console.apps == [ALPHA, ALPHA]
    assert any("no vector table" in line for line in console.lines)
    assert board.record()["outcome"] == "ROLLED_BACK"


def test_sbl_falls_back_to_the_confirmed_slot_1(updating):
    updating.run("arcq")
    updating.damage(2)

    assert updating.run().apps == [ALPHA]
    assert updating.record()["outcome"] == "ACTIVE_CORRUPT"


def test_sbl_falls_back_to_the_confirmed_slot_2(updating):
    updating.run("arcuq")
    updating.install(1, updating.app("alpha", "3.0.0"))
    updating.run("arcq")
    updating.damage(1)

    assert updating.run().apps == [BETA]
    assert updating.record()["outcome"] == "ACTIVE_CORRUPT"


def test_sbl_without_any_good_image_waits_and_looks_again(updating):
    updating.damage(1)
    updating.damage(2)

    console = updating.run("", "--time", 130, "--stats")

    assert console.apps == []
    assert console.lines.count(
        "nothing can run: load a signed image into slot 1") == 2
    # The first boot writes the first record, and no other writes anything.
    assert "flash_erases        1" in console.notes
    # A person helps: nothing else needs to be done.
    updating.install(1, updating.app("alpha", "1.0.0"))
    assert updating.run().apps == [ALPHA]


# --- power cuts ---------------------------------------------------------------

UPDATE = ('send = "a" after "%s"' % ALPHA, 'send = "r" after "arm: ok"',
          'send = "c" after "%s"' % BETA_TRIAL,
          'send = "q" after "confirm: ok"')
ROLLBACK = ('send = "a" after "%s"' % ALPHA, 'send = "r" after "arm: ok"',
            'send = "r" after "%s"' % BETA_TRIAL,
            'send = "q" after "going back"')


def test_sbl_boots_after_a_cut_at_each_flash_operation_of_an_update(updating):
    operations = updating.sweep("update", TEARS, 2, *UPDATE,
                                recovered(ALPHA, BETA_TRIAL, BETA))

    assert operations >= 6


def test_sbl_boots_after_a_cut_anywhere_in_an_update_back_to_slot_1(updating):
    updating.run("arcq")
    updating.install(1, updating.app("alpha", "3.0.0"))
    trial, kept = ("app alpha 3.0.0 runs from slot 1, " + how
                   for how in ("on trial", "confirmed"))

    operations = updating.sweep(
        "update back", TEARS, 2, 'send = "a" after "%s"' % BETA,
        'send = "r" after "arm: ok"', 'send = "c" after "%s"' % trial,
        'send = "q" after "confirm: ok"', recovered(BETA, trial, kept),
        sample=CUTS)

    assert operations >= 6


def test_sbl_never_keeps_an_unconfirmed_image_whatever_is_cut(updating):
    operations = updating.sweep("rollback", TEARS, 3, *ROLLBACK,
                                recovered(ALPHA, BETA_TRIAL),
                                'never = "%s"' % BETA, sample=CUTS)

    assert operations >= 6


def test_sbl_goes_on_after_each_cut_of_a_rejection(updating):
    updating.damage(2)

    operations = updating.sweep(
        "rejection", TEARS, 2, 'send = "a" after "%s"' % ALPHA,
        'send = "r" after "arm: ok"', 'send = "q" after "slot 2 refused"',
        recovered(ALPHA), sample=CUTS)

    assert operations >= 4


def test_sbl_falls_back_after_each_cut_of_the_fall_back(updating):
    updating.run("arcq")
    updating.damage(2)

    operations = updating.sweep("active slot damaged", TEARS, 2,
                                'send = "q" after "%s"' % ALPHA,
                                recovered(ALPHA), sample=CUTS)

    assert operations >= 2


def test_sbl_boots_after_a_second_cut_in_the_recovery_of_an_update(updating):
    updating.sweep("update, cut twice", TEARS, 2, *UPDATE,
                   recovered(ALPHA, BETA_TRIAL, BETA), sample=CUTS_TWICE,
                   second=1)


def test_sbl_boots_after_a_second_cut_in_the_recovery_of_a_rollback(updating):
    updating.sweep("rollback, cut twice", TEARS, 3, *ROLLBACK,
                   recovered(ALPHA, BETA_TRIAL), 'never = "%s"' % BETA,
                   sample=CUTS_TWICE, second=1)


# --- what an image finds ------------------------------------------------------

def values(said):
    """What gdb's `print $x` or `x/wx` said, by name or address."""
    rows = re.findall(r"^(\w+)(?: <\w+>)?[ =:\t]+(0x[0-9a-f]+)", said, re.M)
    return {name: int(value, 16) for name, value in rows}


def test_sbl_enters_a_trial_image_as_after_a_reset(updating):
    updating.run("aq")
    words = ["break *start_reset", "continue", "delete",
             *('printf "%s 0x%%x\\n", $%s' % (r, r)
               for r in ("pc", "msp", "primask", "basepri", "control")),
             *("x/wx %#x" % a for a in REGISTERS)]

    found = values(updating.debug("sbl-test-beta.elf", *words))

    assert found["msp"] == 0x20004000
    assert (found["primask"], found["basepri"], found["control"]) == (0, 0, 0)
    for address, (name, mask, value) in REGISTERS.items():
        assert found["%#x" % address] & mask == value, name


def test_sbl_that_is_damaged_says_where_and_waits(board):
    symbols = arm_tool("nm", os.path.join(board.arm_dir, "imxrt1060-sbl.elf"))
    address = int(re.search(r"^(\w+) T boot_choose$", symbols, re.M)[1], 16)
    board.write(address - 0x60000000, b"\x00\xde")  # an undefined instruction

    console = board.run("", "--time", 130)

    assert len(console.lines) == 2  # at power-on and 120 seconds later
    assert console.lines[0].startswith(
        "bootloader fault: pc %08X cfsr 00010000 hfsr 40000000" % address)


# --- the binary ---------------------------------------------------------------

def test_sbl_flash_code_calls_nothing_outside_ram(arm_dir):
    library = os.path.join(arm_dir, "../port/imxrt1060/libtern_imxrt1060.a")

    undefined = arm_tool("nm", "-u", library)
    sections = arm_tool("size", "-A", library)

    def of_flash(text, start):
        part = text.split("flexspi_flash.c", 1)[1]
        return part.split(start, 1)[0]
    assert " U " not in of_flash(undefined, "\n\n")
    rows = [row.split() for row in of_flash(sections, "Total").splitlines()]
    code = {row[0]: int(row[1]) for row in rows
            if len(row) == 3 and row[1].isdigit()}
    assert code.pop(".ramfunc") > 500
    assert not [name for name, size in code.items() if size > 0
                and name.startswith((".text", ".rodata", ".data", ".bss"))]


def test_sbl_ends_before_the_boot_record(arm_dir):
    assert os.path.getsize(os.path.join(arm_dir, "imxrt1060-sbl.bin")) \
        <= 0x0FD000


def test_sbl_linked_for_slot_1_is_what_an_image_must_be(arm_dir):
    with open(os.path.join(arm_dir, "sbl-test-alpha.bin"), "rb") as f:
        f.seek(4)
        entry = int.from_bytes(f.read(4), "little")

    assert entry & 1
    assert entry > 0x60000000 + SLOT[1] + HEADER_BYTES
