# mpu_map.py - what the Cortex-M7's protection unit allows, from its registers.
#
# Source: ARMv7-M Architecture Reference Manual, B3.5 "Protected Memory System
# Architecture, PMSAv7": of the regions that hold an address the one with the
# highest number decides, of its eight parts those that are not disabled.
#
# SPDX-License-Identifier: MIT
import collections

ENABLE, PRIVDEFENA = 1, 4
XN = 1 << 28
SUBREGION_BYTES_MIN = 256  # smaller regions have no parts
# AP: what privileged code may do.
ACCESS = {0: "", 1: "rw", 2: "rw", 3: "rw", 5: "r", 6: "r", 7: "r"}
# TEX, C, B, without regard to sharing.
KIND = {(0, 0, 0): "strongly-ordered", (0, 0, 1): "device",
        (0, 1, 0): "write-through", (0, 1, 1): "write-back",
        (1, 0, 0): "plain", (1, 1, 1): "write-back, allocating",
        (2, 0, 0): "device"}

Rights = collections.namedtuple("Rights", "access kind")
NOBODY = Rights("", "")


class Region:
    def __init__(self, number, rbar, rasr):
        self.number, self.rasr = number, rasr
        self.bytes = 1 << ((rasr >> 1 & 0x1F) + 1)
        self.base = rbar & ~0x1F
        assert self.bytes >= 32, "region %d: reserved size" % number
        assert self.base % self.bytes == 0, \
            "region %d does not begin at a multiple of its size" % number

    def holds(self, address):
        part = (address - self.base) * 8 // self.bytes
        if not 0 <= part < 8:
            return False
        return (self.bytes < SUBREGION_BYTES_MIN
                or not self.rasr >> (8 + part) & 1)

    def rights(self):
        access = ACCESS[self.rasr >> 24 & 7]
        if not access:
            return NOBODY
        kind = KIND[self.rasr >> 19 & 7, self.rasr >> 17 & 1,
                    self.rasr >> 16 & 1]
        return Rights(access + ("" if self.rasr & XN else "x"), kind)


class MpuMap:
    """`words`: MPU_CTRL, then MPU_RBAR and MPU_RASR of each region."""

    def __init__(self, words):
        assert words[0] & ENABLE, "the MPU is off"
        assert not words[0] & PRIVDEFENA, \
            "where there is no region the default map holds"
        self.regions = [Region(i // 2, words[1 + i], words[2 + i])
                        for i in range(0, len(words) - 1, 2)
                        if words[2 + i] & ENABLE]

    def at(self, address):
        holding = [r for r in self.regions if r.holds(address)]
        return holding[-1].rights() if holding else NOBODY

    def edges(self):
        """Every address at which the rights may change."""
        edges = {r.base + r.bytes * part // 8
                 for r in self.regions for part in range(9)}
        return sorted(e for e in edges if e < 1 << 32)

    def spans(self):
        """[(first, last, rights)], from 0 to 0xFFFFFFFF, none like the next."""
        out = []
        edges = self.edges()
        for first, end in zip(edges, edges[1:] + [1 << 32]):
            rights = self.at(first)
            if out and out[-1][2] == rights:
                out[-1] = (out[-1][0], end - 1, rights)
            else:
                out.append((first, end - 1, rights))
        return out
