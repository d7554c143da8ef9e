# test_sfw_start.py - how the demonstration firmware sets up the chip: clocks,
# and what a stack that runs over does.
#
# SPDX-License-Identifier: MIT
import pytest

from sbl_board import SblBoard, symbols

ELF = "sfw-1.3.0.elf"
TURNS = 300  # of the main loop, a millisecond each: the console is empty

DCDC_REG0, DCDC_REG3 = 0x40080000, 0x4008000C
PLL_ARM, PLL_ARM_SET = 0x400D8000, 0x400D8004
PLL_POWER_DOWN = 0x1000
CACRR, CBCDR, CBCMR, CSCMR1, CSCDR1 = (0x400FC010, 0x400FC014, 0x400FC018,
                                       0x400FC01C, 0x400FC024)
CCGR = [0x400FC068 + 4 * i for i in range(8)]
OSC_MHZ = 24


def bits(value, low, count):
    return value >> low & ((1 << count) - 1)


@pytest.fixture
def board(bin_dir, arm_dir, tmp_path):
    b = SblBoard(bin_dir, arm_dir, tmp_path)
    b.install(1, b.sign(b.arm_file("sfw-1.3.0.bin"), "1.3.0"))
    return b


def at(board, symbol):
    return "break *%#x" % (symbols(board.arm_file(ELF))[symbol] & ~1)


def console(board, *commands):
    """What the board has said when it runs, the commands of gdb before."""
    uart = board.folder / "console"
    said = board.debug(ELF, *commands, "delete", at(board, "run_watchdog"),
                       "ignore $bpnum %d" % TURNS, "continue", uart=str(uart))
    assert "run_watchdog ()" in said, said
    return uart.read_text()


def test_sfw_start_runs_the_core_at_600_mhz(board):
    reg0, reg3, pll, cacrr, cbcdr, cbcmr, cscmr1, cscdr1 = board.words(
        ELF, "scheduler_run", DCDC_REG0, DCDC_REG3, PLL_ARM, CACRR, CBCDR,
        CBCMR, CSCMR1, CSCDR1)

    assert 800 + 25 * bits(reg3, 0, 5) == 1275  # mV
    assert bits(reg0, 31, 1), "the voltage has not settled"
    assert bits(pll, 31, 1) and bits(pll, 13, 1), "no lock, or no output"
    assert not bits(pll, 16, 1) and not bits(pll, 12, 1), "bypassed, or down"
    core = OSC_MHZ * bits(pll, 0, 7) / 2 / (bits(cacrr, 0, 3) + 1)
    assert not bits(cbcdr, 25, 1) and bits(cbcmr, 18, 2) == 3, "another source"
    core /= bits(cbcdr, 10, 3) + 1
    assert core == 600
    assert core / (bits(cbcdr, 8, 2) + 1) == 150, "bus of the peripherals"
    assert core / (bits(cbcdr, 16, 3) + 1) <= 166, "SEMC"
    assert bits(cscmr1, 0, 7) == 0x40, "GPT and PIT: crystal, not divided"
    assert bits(cscdr1, 0, 7) == 0x40, "LPUART: crystal, not divided"


def test_sfw_start_leaves_the_flash_clock_and_the_gates(board):
    """Also of what it switches off for a moment."""
    before = board.words(ELF, "clocks_begin", CSCMR1, *CCGR)
    after = board.words(ELF, "gpt_clock_begin", CSCMR1, *CCGR)

    for was, now in zip([before[0] >> 7, *before[1:]],
                        [after[0] >> 7, *after[1:]]):
        assert was == now


def test_sfw_start_does_nothing_that_the_board_objects_to(board):
    console_seen = board.run("", "--strict", "--time", "1", "--no-save")

    assert console_seen.code == 0, console_seen.notes
    assert "CCM" not in console_seen.notes
    assert any("Hello world2." in line for line in console_seen.lines)


def test_sfw_start_with_clocks_set_changes_nothing(board):
    """As when a debugger resets the core alone: nothing is waited for."""
    symbol = symbols(board.arm_file(ELF))
    after = symbol["gpt_clock_begin"]

    said = board.debug(
        ELF, at(board, "gpt_clock_begin"), "continue", at(board, "await"),
        "set $pc = %#x" % (symbol["clocks_begin"] & ~1),
        "set $lr = %#x" % (after | 1), "set $r0 = $sp - 64", "continue",
        'printf "pc %x, gives %x\\n", $pc, $r0')

    assert "pc %x, gives 0" % (after & ~1) in said


@pytest.mark.parametrize("register, value, sentence", [
    (CSCMR1, 0x04900080, "the flash's clock hangs on the core's"),
    (CBCDR, 0x020A8200, "the core runs from PERIPH_CLK2"),
])
def test_sfw_start_leaves_clocks_that_it_cannot_change_safely(
        board, register, value, sentence):
    said = console(board, at(board, "clocks_begin"), "continue",
                   "set *(unsigned *)%#x = %d" % (CBCMR, 0x2DAE8324),
                   "set *(unsigned *)%#x = %d" % (register, value))

    assert sentence in said
    assert "version 1.3.0 in slot 1" in said


def test_sfw_start_without_lock_goes_on_from_the_crystal(board):
    said = console(board, at(board, "await") + " if $r0 == %#x" % PLL_ARM,
                   "continue",
                   "set *(unsigned *)%#x = %d" % (PLL_ARM_SET, PLL_POWER_DOWN))

    assert "the ARM PLL does not lock: the core stays at 24 MHz" in said
    assert "Hello world1." in said


@pytest.mark.parametrize("stack", [0x20000000, 0x20000004, 0x20000018])
def test_sfw_start_a_stack_that_runs_over_is_told_and_ends_in_a_reset(
        board, stack):
    said = console(board, at(board, "scheduler_run"), "continue",
                   "set $sp = %#x" % stack)

    fault = said.index("firmware fault: pc ")
    assert said.index("hello sbl.", fault)
    assert said.index("last reset by software", fault)
