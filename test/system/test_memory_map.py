# test_memory_map.py - the memory protection that the real bootloader and the
# real firmware set up, read from the board's registers after their start and
# evaluated as the architecture does. The board itself enforces nothing of it.
#
# SPDX-License-Identifier: MIT
import re
import subprocess

import pytest

from mpu_map import NOBODY, MpuMap, Rights
from sbl_board import SblBoard, symbols

REGIONS = 16
MPU_CTRL, MPU_RNR, MPU_RBAR = 0xE000ED94, 0xE000ED98, 0xE000ED9C
SHCSR, FAULTS_ENABLED = 0xE000ED24, 0x70000
CODE = Rights("rx", "write-through")
CONSTANTS = Rights("r", "write-through")
RAM_CODE = Rights("rx", "plain")
DATA = Rights("rw", "plain")
DEVICES = Rights("rw", "device")

# All of the address space, by first and last address. What is not listed is
# nobody's: NULL, the bytes below the stack, OCRAM, the rest of the window.
COMMON = {
    (0x00000100, 0x0001FFFF): RAM_CODE,  # ITCM
    (0x20000000, 0x2001FFFF): DATA,      # DTCM, from the stack's last byte
    (0x40000000, 0x403FFFFF): DEVICES,
}
PROGRAMS = {
    # elf: where it is running, what it may touch
    "imxrt1060-sbl": ("boot_choose", {
        **COMMON,
        (0x60000000, 0x600FFFFF): CODE,       # itself
        (0x60100000, 0x607FFFFF): CONSTANTS,  # slots, journal, identity
    }),
    "sfw-1.3.0": ("scheduler_run", {
        **COMMON,
        (0x60100000, 0x601FFFFF): CODE,  # slot 1, or what is remapped there
    }),
}


class Program:
    """A program on the board, stopped where its memory has been set up."""

    def __init__(self, bin_dir, arm_dir, folder, name):
        self.board = SblBoard(bin_dir, arm_dir, folder)
        self.board.install(1, self.board.sign(
            self.board.arm_file("sfw-1.3.0.bin"), "1.3.0"))
        self.elf = name + ".elf"
        self.symbols = symbols(self.board.arm_file(self.elf))
        self.stop, self.expected = PROGRAMS[name]
        regions = [access for i in range(REGIONS)
                   for access in ((MPU_RNR, i), MPU_RBAR, MPU_RBAR + 4)]
        self.shcsr, *words = self.board.words(self.elf, self.stop, SHCSR,
                                              MPU_CTRL, *regions)
        self.map = MpuMap(words)

    def sections(self):
        """[(name, address, bytes, flags)] of what lies in memory."""
        text = subprocess.run(["arm-none-eabi-objdump", "-h",
                               self.board.arm_file(self.elf)],
                              check=True, encoding="ascii",
                              capture_output=True).stdout
        rows = re.findall(r"^ +\d+ (\S+) +(\w+) +(\w+) +\w+ .*\n +(.*)$", text,
                          re.M)
        return [(name, int(at, 16), int(size, 16), flags)
                for name, size, at, flags in rows
                if "ALLOC" in flags and int(size, 16)]


@pytest.fixture(scope="module", params=sorted(PROGRAMS))
def program(request, bin_dir, arm_dir, tmp_path_factory):
    return Program(bin_dir, arm_dir, tmp_path_factory.mktemp("board"),
                   request.param)


def test_memory_map_is_the_one_that_is_listed(program):
    spans = {(first, last): rights
             for first, last, rights in program.map.spans()
             if rights != NOBODY}

    assert spans == program.expected


def test_memory_map_nothing_is_both_written_and_executed(program):
    for first, last, rights in program.map.spans():
        assert not {"w", "x"} <= set(rights.access), (hex(first), hex(last))


def test_memory_map_first_region_covers_everything_for_nobody(program):
    """So that the core does not fetch ahead where there is no other region."""
    first = program.map.regions[0]

    assert (first.number, first.base, first.bytes) == (0, 0, 1 << 32)
    assert first.rights() == NOBODY and first.rasr >> 28 & 1


def test_memory_map_every_part_of_the_program_has_its_rights(program):
    seen = set()
    for name, at, size, flags in program.sections():
        for address in (at, at + size - 1):
            access = set(program.map.at(address).access)
            if "CODE" in flags:
                assert access == {"r", "x"}, name
            elif "READONLY" in flags:
                assert access >= {"r"} and "w" not in access, name
            else:
                assert access == {"r", "w"}, name
        seen.add(name)
    assert {".ramfunc", ".text"} <= seen


def test_memory_map_below_the_stack_is_nobodys(program):
    top = program.symbols["stack_top"]

    assert program.map.at(top - 1) == DATA
    # Nothing but the stack lies between its top and the guard.
    bottom = next(first for first, last, _ in program.map.spans()
                  if first <= top - 1 <= last)
    assert program.map.at(bottom - 1) == NOBODY
    assert not [name for name, at, size, _ in program.sections()
                if at < top and at + size > bottom]


def test_memory_map_faults_have_handlers_of_their_own(program):
    assert program.shcsr & FAULTS_ENABLED == FAULTS_ENABLED
