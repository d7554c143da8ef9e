# test_sbl_skip.py - each instruction between reset and the jump is skipped
# once, with an image on the board that must not start: it never does.
#
# test/sweep/board_skip.c does it. A sample by default; SWEEP=all takes every
# instruction (`./dev sweep`). Each test prints how many it tried.
#
# SPDX-License-Identifier: MIT
import os
import re
import struct
import subprocess

import pytest

from sbl_board import HEADER_BYTES, SLOT, SblBoard, symbols
from sweeps import keep_count, sweep_all

SAMPLE = 100  # skips per image
FORGED = 5  # signatures
SLOW_SAMPLE = 20  # where nearly each of them goes through a signature check
ALL_SECONDS = 4 * 3600
TLV_HEAD = struct.Struct("<HH")
TLV_MAGIC = 0x6907
TLV_KEY_HASH, TLV_SIGNATURE = 0x01, 0x22
# Code that decides, of which each execution counts. The rest is drivers,
# arithmetic of the digests and of the curve, text.
DECIDES = re.compile(
    r"^ \.text\.\S+\s+(0x\w+)\s+(0x\w+) \S*"
    r"(imxrt1060-sbl(?:-dcp)?\.dir/\w+\.c|libtern_boot\.a\(\w+\.c|"
    r"libtern_image\.a\(\w+\.c|libtern_crypto\.a\(crypto\.c)", re.M)
CHECKS = re.compile(r"^ \.text\.\S+\s+(0x\w+)\s+(0x\w+) \S*"
                    r"\((ecdsa_i31_vrfy_raw|p256)\.c", re.M)
TELLS = ("boot_words.c", "image_why.c")


def tlv_part(image):
    """Where the unprotected TLVs begin, and where they end."""
    begin = HEADER_BYTES + struct.unpack_from("<I", image, 12)[0]
    begin += struct.unpack_from("<H", image, 10)[0]
    magic, size = TLV_HEAD.unpack_from(image, begin)
    assert magic == TLV_MAGIC
    return begin, begin + size


def tlvs(image):
    """(type, value) of each."""
    at, end = tlv_part(image)
    at += TLV_HEAD.size
    while at < end:
        kind, size = TLV_HEAD.unpack_from(image, at)
        at += TLV_HEAD.size
        yield kind, image[at:at + size]
        at += size


def with_tlvs(image, rows):
    begin, _ = tlv_part(image)
    rows = b"".join(TLV_HEAD.pack(k, len(v)) + v for k, v in rows)
    return image[:begin] + TLV_HEAD.pack(TLV_MAGIC,
                                         TLV_HEAD.size + len(rows)) + rows


class Refused:
    """Boards whose only image must not start."""

    def __init__(self, bin_dir, arm_dir, folder):
        self.board = SblBoard(bin_dir, arm_dir, folder)

    def use(self, bootloader):
        self.board.write(0, self.board.arm(bootloader + ".bin"))

    def image(self, name="alpha", version="1.0.0", **how):
        with open(self.board.app(name, version, **how), "rb") as f:
            return f.read()

    def foreign_image(self):
        other = str(self.board.folder / "other.pem")
        if os.path.exists(other):
            os.unlink(other)
        self.board.tern.good("key", "generate", other)
        return self.image(version="1.0.1", key=other)

    def put(self, slot, image):
        self.board.write(SLOT[slot], image)

    def damaged(self):
        """One bit of a text in it falls; it would run, and say so."""
        image = self.image()
        assert image.count(b"alpha\0") == 1
        self.put(1, image.replace(b"alpha\0", b"alphc\0"))
        return "hash: the image differs"

    def unsigned(self):
        image = self.image()
        self.put(1, with_tlvs(image, [row for row in tlvs(image)
                                      if row[0] != TLV_SIGNATURE]))
        return "signature: none of ECDSA P-256"

    def foreign(self):
        self.put(1, self.foreign_image())
        return "signed with a key that is not trusted"

    def forged(self):
        """By a foreign key, but it names the trusted one."""
        trusted = dict(tlvs(self.image()))[TLV_KEY_HASH]
        image = self.foreign_image()
        self.put(1, with_tlvs(image, [
            (k, trusted if k == TLV_KEY_HASH else v) for k, v in tlvs(image)]))
        return "signature: does not match"

    def withdrawn(self):
        """Below the floor that the confirmed image set before it was lost."""
        board = self.board
        self.put(1, self.image(version="1.0.0", counter=1))
        self.put(2, self.image("beta", "2.0.0", counter=2))
        board.run("arcrq")
        self.put(1, self.image(version="1.5.0", counter=1))
        self.put(2, b"\xff" * HEADER_BYTES)
        return "security counter"


@pytest.fixture
def refused(bin_dir, arm_dir, tmp_path):
    return Refused(bin_dir, arm_dir, tmp_path)


def deciding_code(board, bootloader):
    """A file with the addresses of the code that decides."""
    with open(board.map_file(bootloader), encoding="ascii") as f:
        rows = DECIDES.findall(f.read().replace("\n                0x",
                                                " 0x"))
    rows = [(int(at, 16), int(size, 16)) for at, size, source in rows
            if not source.endswith(TELLS)]
    assert len(rows) > 30, "the map file looks different"
    out = board.folder / "every.txt"
    out.write_text("".join("%#x %#x\n" % (at, at + size) for at, size in rows))
    return out


def skip(refused, bin_dir, arm_dir, *words):
    """board_skip over the board as it is; its first line."""
    entries = [symbols(os.path.join(arm_dir, "sbl-test-%s.elf" % name))
               ["start_reset"] for name in ("alpha", "beta")]
    for entry in entries:
        words += ("--entry", entry)
    run = subprocess.run(
        [os.path.join(bin_dir, "../tests/board_skip"), refused.board.flash,
         *map(str, words)], check=False, encoding="utf-8", errors="replace",
        capture_output=True, timeout=ALL_SECONDS)

    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.splitlines()[0]


@pytest.mark.parametrize("bootloader, kind, sample", [
    ("imxrt1060-sbl", "damaged", SAMPLE),
    ("imxrt1060-sbl", "unsigned", SAMPLE),
    ("imxrt1060-sbl", "foreign", SAMPLE),
    ("imxrt1060-sbl", "forged", SLOW_SAMPLE),
    ("imxrt1060-sbl", "withdrawn", SLOW_SAMPLE),
    ("imxrt1060-sbl-dcp", "damaged", SAMPLE),
])
def test_sbl_starts_no_bad_image_whatever_instruction_is_skipped(
        refused, bootloader, kind, sample, bin_dir, arm_dir):
    refused.use(bootloader)
    why = getattr(refused, kind)()
    board = refused.board
    assert any(why in line for line in board.run("", "--time", 1).lines)
    words = ["--every", deciding_code(board, bootloader)]
    if not sweep_all():
        words += ["--sample", sample]

    said = skip(refused, bin_dir, arm_dir, *words)

    keep_count("skip %s %s" % (bootloader, kind), said)


def test_sbl_end_of_the_signature_check_is_not_one_instruction(
        refused, bin_dir, arm_dir):
    """What it says of a forged image comes together in its last lines, and in
    the file that calls it. Of two signatures one is refused for two reasons, so
    there are several."""
    refused.use("imxrt1060-sbl")
    board = refused.board
    with open(board.map_file("imxrt1060-sbl"), encoding="ascii") as f:
        rows = {name: (int(at, 16), int(at, 16) + int(size, 16))
                for at, size, name in CHECKS.findall(
                    f.read().replace("\n                0x", " 0x"))}
    end = rows["ecdsa_i31_vrfy_raw"][1]
    only = board.folder / "only.txt"
    only.write_text("%#x %#x\n%#x %#x\n" % (end - 24, end, *rows["p256"]))
    every = deciding_code(board, "imxrt1060-sbl")

    for _ in range(FORGED):
        refused.forged()
        board.run("", "--time", 1)  # the first boot has more to do
        said = skip(refused, bin_dir, arm_dir, "--every", every, "--only", only)
        assert int(said.split()[0]) >= 20, said
