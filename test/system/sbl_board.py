# sbl_board.py - a flash with the real bootloader and signed images, and runs of
# tern-board on it.
#
# SPDX-License-Identifier: MIT
import os
import re
import subprocess

from tern_cli import Tern

WAIT_SECONDS = 120
SWEEP_SECONDS = 600
SLOT = {1: 0x100000, 2: 0x200000}
HEADER_BYTES = 0x400
KEY = "sbl-insecure-development-key.pem"


def sweep_all():
    """SWEEP=all: every case of each sweep, and not a sample."""
    return os.environ.get("SWEEP") == "all"


def symbols(elf):
    """{name: address} of an ELF file."""
    text = subprocess.run(["arm-none-eabi-nm", elf], check=True,
                          encoding="ascii", capture_output=True).stdout
    return {name: int(value, 16)
            for value, name in re.findall(r"^(\w+) \w (\w+)$", text, re.M)}


class Console:
    """What one run of the board said."""

    def __init__(self, run):
        self.code = run.returncode
        self.notes = run.stderr.decode()
        stamped = run.stdout.decode().splitlines()
        assert all(re.match(r"\[\d+\.\d{3}\] |bootloader fault", line)
                   for line in stamped), stamped
        self.lines = [line.split("] ", 1)[-1] for line in stamped]
        self.apps = [line for line in self.lines if line.startswith("app ")]

    def __contains__(self, line):
        return line in self.lines


class SblBoard:
    def __init__(self, bin_dir, arm_dir, folder):
        self.arm_dir, self.folder = arm_dir, folder
        self.key = os.path.join(os.path.dirname(arm_dir), KEY)
        self.program = os.path.join(bin_dir, "tern-board")
        self.tern = Tern(bin_dir)
        self.flash = str(folder / "board.flash")
        self.tern.good("flash", "create", self.flash)
        self.write(0, self.arm("imxrt1060-sbl.bin"))

    def arm(self, name):
        with open(os.path.join(self.arm_dir, name), "rb") as f:
            return f.read()

    def map_file(self, program):
        return os.path.join(self.arm_dir, "../targets/imxrt1060-sbl",
                            program + ".map")

    def write(self, offset, content):
        with open(self.flash, "r+b") as f:
            f.seek(offset)
            f.write(content)

    def sign(self, body, version, key=None, counter=None):
        """The file of a signed image; `body`: a file."""
        out = str(self.folder / ("%s.img" % version))
        floor = [] if counter is None else ["--security-counter", counter]
        self.tern.good("image", "sign", "--key", key or self.key, "--version",
                       version, *floor, body, out)
        return out

    def app(self, name, version, **how):
        return self.sign(os.path.join(self.arm_dir, "sbl-test-%s.bin" % name),
                         version, **how)

    def install(self, slot, image):
        self.tern.good("flash", "install", self.flash, "--slot", slot, image)

    def damage(self, slot):
        """One bit of the image's body falls."""
        with open(self.flash, "r+b") as f:
            f.seek(SLOT[slot] + HEADER_BYTES + 0x100)
            byte = f.read(1)[0]
            f.seek(-1, 1)
            f.write(bytes([byte ^ 0x10]))

    def record(self):
        return self.tern.json("flash", "status", self.flash)["record"]

    def tool(self, *words):
        return subprocess.run([self.program, *map(str, words)], check=False,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=SWEEP_SECONDS)

    def debug(self, elf, *commands):
        """What gdb says to the commands, the board just powered on."""
        board = subprocess.Popen(
            [self.program, "--flash", self.flash, "--gdb", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, encoding="utf-8")
        try:
            port = re.search(r"127\.0\.0\.1:(\d+)", board.stderr.readline())[1]
            words = ["gdb-multiarch", "-nx", "-batch",
                     os.path.join(self.arm_dir, elf)]
            for command in ["set architecture armv7e-m",
                            "target remote 127.0.0.1:" + port, *commands,
                            "kill"]:
                words += ["-ex", command]
            return subprocess.run(words, stdin=subprocess.DEVNULL,
                                  check=False, capture_output=True,
                                  encoding="utf-8",
                                  timeout=WAIT_SECONDS).stdout
        finally:
            board.kill()
            board.communicate()

    def run(self, letters="q", *words):
        """Power on, and type; 'q' ends the run."""
        if "q" not in letters:
            assert "--time" in words
        return Console(subprocess.run(
            [self.program, "--flash", self.flash, *map(str, words)],
            input=letters.encode(), check=False, capture_output=True,
            timeout=WAIT_SECONDS))
