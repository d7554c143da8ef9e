# test_image_verdicts.py - a table of images that somebody might send. `tern
# image verify` and the bootloader on the emulated board, which trusts the same
# keys, say the same of each, in the same words.
#
# SPDX-License-Identifier: MIT
import os
import struct

import pytest

import mcuboot_image as mcuboot
from sbl_board import SLOT, SblBoard
from tern_cli import Tern

VERSION = (1, 4, 0)
HEADER = 0x400
COUNTER = mcuboot.counter(7)
SLOT_BYTES = 0x100000

HASH_WRONG = "hash: the image differs from its SHA-256"
NO_KEY = "signed with a key that is not trusted"
NO_SIGNATURE = "signature: none of ECDSA P-256 or RSA-2048 PSS"
FITS_NOT = "signature: does not match the image"
TLV_MAGIC = "tlv: magic is missing"
MAGIC = "no image: the magic is missing"


class Forge:
    """Makes good images and spoils them. `key` is trusted, `foreign` is not."""

    def __init__(self, key, foreign, body):
        self.key, self.foreign, self.body = key, foreign, body
        self.protected_at = HEADER + len(body)
        self.tlvs_at = self.protected_at + 4 + len(COUNTER)
        self.hash_at = self.tlvs_at + 4
        self.key_at = self.hash_at + 36
        self.signature_at = self.key_at + 36

    def good(self, protected=COUNTER, flags=0, key=None, extra=b"",
             version=VERSION):
        hashed = mcuboot.signed_part(self.body, version, HEADER, protected,
                                     flags)
        return bytearray(mcuboot.finish(hashed, key or self.key, extra))

    def put(self, at, form, *values):
        image = self.good()
        struct.pack_into("<" + form, image, at, *values)
        return image

    def flip(self, at):
        image = self.good()
        image[at] ^= 0x01
        return image

    def longer(self, form, *values):
        """Another TLV in the last part."""
        return self.good(extra=struct.pack("<" + form, *values))

    def unsigned(self):
        return mcuboot.finish(
            mcuboot.signed_part(self.body, VERSION, HEADER, COUNTER), None)

    def of_another(self):
        """A trusted signature, of another image."""
        other = self.good(mcuboot.counter(8))
        image = self.good()
        return image[:self.tlvs_at] + other[self.tlvs_at:self.hash_at] + \
            image[self.hash_at:self.signature_at] + other[self.signature_at:]

    def borrowed_name(self):
        image = self.good(key=self.foreign)
        image[self.key_at + 4:self.key_at + 36] = self.key.hash
        return image

    def nameless(self, key):
        image = self.good(key=key)
        struct.pack_into("<H", image, self.key_at, 0x0002)
        return image


def depends(*items):
    return COUNTER + b"".join(mcuboot.dependency(*i) for i in items)


# name: (how it is made, what is said of it; None: it may run)
IMAGES = {
    # what may run
    "good": (lambda f: f.good(), None),
    "no protected part": (lambda f: f.good(b""), None),
    "bytes behind it": (lambda f: f.good() + b"\x55" * 100, None),
    "unknown TLV": (lambda f: f.longer("HHI", 0xA1A0, 4, 1), None),
    "names no key": (lambda f: f.nameless(f.key), None),
    "harmless flag": (lambda f: f.good(flags=0x1), None),
    "load address": (lambda f: f.good(protected=depends((0, VERSION))), None),
    # nothing there
    "empty": (lambda f: b"", MAGIC),
    "a byte": (lambda f: b"\x3d", MAGIC),
    "zeros": (lambda f: bytes(5000), MAGIC),
    "not an image": (lambda f: os.urandom(32) + bytes(100), MAGIC),
    # header
    "magic": (lambda f: f.flip(0), MAGIC),
    "old magic": (lambda f: f.put(0, "I", 0x96F3B83C), MAGIC),
    "encrypted": (lambda f: f.good(flags=0x4), "header: image is encrypted"),
    "encrypted 256": (lambda f: f.good(flags=0x8),
                      "header: image is encrypted"),
    "to RAM": (lambda f: f.good(flags=0x20),
               "header: image must be loaded into RAM to run"),
    "compressed": (lambda f: f.good(flags=0x400),
                   "header: image is compressed"),
    "not bootable": (lambda f: f.good(flags=0x10),
                     "header: image is not meant to boot"),
    "header 0": (lambda f: f.put(8, "H", 0), "header: smaller than 32 bytes"),
    "header 31": (lambda f: f.put(8, "H", 31), "header: smaller than 32 bytes"),
    "header 65535": (lambda f: f.put(8, "H", 0xFFFF),
                     "header: larger than 16 KiB"),
    "header elsewhere": (lambda f: f.put(8, "H", 0x3FC), TLV_MAGIC),
    "no body": (lambda f: f.put(12, "I", 0), "header: body is empty"),
    "body of 4 GB": (lambda f: f.put(12, "I", 0xFFFFFFFF),
                     "header: body larger than the space"),
    "body that wraps": (lambda f: f.put(12, "I", 0xFFFFFC01),
                        "header: body larger than the space"),
    "body of 102 MB": (lambda f: f.put(12, "I", 102 << 20),
                       "header: body larger than the space"),
    "body to the slot's end": (
        lambda f: f.put(12, "I", SLOT_BYTES - HEADER),
        "tlv: begin beyond the space"),
    "body into blank flash": (lambda f: f.put(12, "I", 0x80000), TLV_MAGIC),
    "body one shorter": (lambda f: f.put(12, "I", len(f.body) - 1), TLV_MAGIC),
    "protected size": (lambda f: f.put(10, "H", 13),
                       "tlv: protected part differs from the header's size"),
    "protected size 0": (lambda f: f.put(10, "H", 0), TLV_MAGIC),
    "protected size 65535": (
        lambda f: f.put(10, "H", 0xFFFF),
        "tlv: protected part differs from the header's size"),
    "version": (lambda f: f.flip(20), HASH_WRONG),
    "pad": (lambda f: f.flip(28), HASH_WRONG),
    # TLVs
    "protected magic": (lambda f: f.flip(f.protected_at), TLV_MAGIC),
    "protected part of 3": (lambda f: f.put(f.protected_at + 2, "H", 3),
                            "tlv: part smaller than its own head"),
    "counter of 3": (lambda f: f.put(f.protected_at + 6, "H", 3),
                     "tlv: security counter is not 4 bytes"),
    "counter of 65535": (lambda f: f.put(f.protected_at + 6, "H", 0xFFFF),
                         "tlv: longer than its part"),
    "counter changed": (lambda f: f.flip(f.protected_at + 8), HASH_WRONG),
    "counter twice": (lambda f: f.good(COUNTER + COUNTER),
                      "tlv: more than one security counter"),
    "magic of the part": (lambda f: f.flip(f.tlvs_at), TLV_MAGIC),
    "part of 0": (lambda f: f.put(f.tlvs_at + 2, "H", 0),
                  "tlv: part smaller than its own head"),
    "part of nothing": (lambda f: f.put(f.tlvs_at + 2, "H", 4),
                        "tlv: there is no SHA-256"),
    "part cut short": (lambda f: f.longer("HB", 0xA1A0, 0), "tlv: cut short"),
    "TLV too long": (lambda f: f.longer("HHI", 0xA1A0, 5, 0),
                     "tlv: longer than its part"),
    "hash of 31": (lambda f: f.put(f.hash_at + 2, "H", 31),
                   "tlv: SHA-256 is not 32 bytes"),
    "no hash": (lambda f: f.put(f.hash_at, "H", 0x11),
                "tlv: there is no SHA-256"),
    "hash twice": (lambda f: f.longer("HH32x", 0x10, 32),
                   "tlv: more than one SHA-256"),
    "key hash twice": (lambda f: f.longer("HH32x", 0x01, 32),
                       "tlv: more than one key hash"),
    "ECDSA beside it": (lambda f: f.longer("HH70x", 0x22, 70),
                        "tlv: more than one signature"),
    "RSA beside it": (lambda f: f.longer("HH256x", 0x20, 256),
                      "tlv: more than one signature"),
    "dependency of 11": (lambda f: f.good(COUNTER + mcuboot.tlv(
        0x40, bytes(11))), "tlv: dependency is not 12 bytes"),
    # hash, key and signature
    "body": (lambda f: f.flip(HEADER + 100), HASH_WRONG),
    "filler": (lambda f: f.flip(HEADER - 1), HASH_WRONG),
    "claimed hash": (lambda f: f.flip(f.hash_at + 10), HASH_WRONG),
    "key hash": (lambda f: f.flip(f.key_at + 10), NO_KEY),
    "foreign": (lambda f: f.good(key=f.foreign), NO_KEY),
    "foreign, borrowed name": (lambda f: f.borrowed_name(), FITS_NOT),
    "foreign, no name": (lambda f: f.nameless(f.foreign), FITS_NOT),
    "signature": (lambda f: f.flip(f.signature_at + 40), FITS_NOT),
    "signature of another": (lambda f: f.of_another(), FITS_NOT),
    "unsigned": (lambda f: f.unsigned(), NO_SIGNATURE),
    "other signature": (lambda f: f.put(f.signature_at, "H", 0x24),
                        NO_SIGNATURE),
    "cut in the signature": (lambda f: f.good()[:-30], FITS_NOT),
    "cut in the hash": (lambda f: f.good()[:f.hash_at + 20],
                        "tlv: longer than its part"),
    "cut in the body": (lambda f: f.good()[:HEADER + 200], TLV_MAGIC),
    # dependencies
    "needs a newer self": (lambda f: f.good(depends((0, (1, 4, 1)))),
                           "dependency: on a newer image 0 than this one"),
    "needs another": (lambda f: f.good(depends((0, (1,)), (1, (0,)))),
                      "dependency: on an image beside image 0"),
    "needs, foreign": (lambda f: f.good(depends((1, (0,))), key=f.foreign),
                       NO_KEY),
}


class Bench:
    """The board's bootloader with both development keys, and `tern`."""

    def __init__(self, bin_dir, arm_dir, folder):
        self.tern, self.folder = Tern(bin_dir), folder
        self.board = SblBoard(bin_dir, arm_dir, folder)
        self.board.write(0, self.board.arm("sbl-test-choices.bin"))
        self.image = folder / "image"
        body = self.board.arm("sbl-test-alpha.bin")
        keys = os.path.dirname(arm_dir) + "/sbl-insecure-development-%skey.pem"
        self.forges = {
            kind: Forge(mcuboot.Key(keys % name, rsa),
                        mcuboot.Key.new(folder / (kind + ".pem"), rsa), body)
            for kind, name, rsa in (("P-256", "", False),
                                    ("RSA-2048", "rsa-", True))}

    def tern_says(self, kind):
        run = self.tern("image", "verify", "--key", self.forges[kind].key.pem,
                        self.image)
        if run.code == 0:
            return None
        return run.err.strip().split(": ", 3)[3].rstrip(".")

    def board_says(self):
        slot = self.image.read_bytes().ljust(SLOT_BYTES, b"\xff")
        self.board.write(SLOT[1], slot)
        console = self.board.run("q", "--time", "2")
        if "The image now in PRIMARY_SLOT slot" in console:
            return None
        said = [line for line in console.lines
                if line.startswith("slot 1 refused: ")]
        assert len(said) == 1, (console.lines, console.notes)
        return said[0].split(": ", 1)[1]


@pytest.fixture(scope="module")
def bench(bin_dir, arm_dir, tmp_path_factory):
    return Bench(bin_dir, arm_dir, tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("kind", ["P-256", "RSA-2048"])
@pytest.mark.parametrize("name", IMAGES)
def test_tern_and_the_bootloader_say_the_same(bench, name, kind):
    make, words = IMAGES[name]
    bench.image.write_bytes(make(bench.forges[kind]))

    assert bench.tern_says(kind) == words
    assert bench.board_says() == words


def test_the_table_is_hostile_enough():
    assert sum(words is not None for _, words in IMAGES.values()) >= 30
