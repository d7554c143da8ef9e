# sbl_board.py - a flash with the real bootloader and signed images, and runs of
# tern-board on it.
#
# SPDX-License-Identifier: MIT
import os
import re
import subprocess

from sweeps import keep_count, sweep_all
from tern_cli import Tern

WAIT_SECONDS = 600
SWEEP_SECONDS = 3600
SLOT = {1: 0x100000, 2: 0x200000}
SLOT_BYTES = 0x100000
HEADER_BYTES = 0x400
KEY = "sbl-insecure-development-key.pem"


def symbols(elf):
    """{name: address} of an ELF file; without what the compiler has added."""
    text = subprocess.run(["arm-none-eabi-nm", elf], check=True,
                          encoding="ascii", capture_output=True).stdout
    return {name: int(value, 16)
            for value, name in re.findall(r"^(\w+) \w (\w+)(?:\.\w+)*$", text,
                                    re.M)}


TEARS = "nothing,first,second,random=1"  # of a sweep's cuts


def recovered(*apps):
    """The line of a scenario: one of these runs in the end."""
    return "recovered = " + " ".join('"%s"' % app for app in apps)


class Console:
    """What one run of the board said."""

    def __init__(self, run):
        self.code = run.returncode
        self.notes = run.stderr.decode()
        stamped = run.stdout.decode().splitlines()
        self.stamped = stamped
        assert all(re.match(r"\[\d+\.\d{3}\] |bootloader fault", line)
                   for line in stamped), stamped
        self.lines = [line.split("] ", 1)[-1] for line in stamped]
        self.apps = [line for line in self.lines if line.startswith("app ")]

    def ms(self, words):
        """Since the reset before it, of the first line with these words."""
        line = next(line for line in self.stamped if words in line)
        return round(1000 * float(re.match(r"\[(.*?)\]", line)[1]))

    def __contains__(self, line):
        return line in self.lines


class SblBoard:
    def __init__(self, bin_dir, arm_dir, folder, sbl="imxrt1060-sbl"):
        self.arm_dir, self.folder = arm_dir, folder
        self.key = os.path.join(os.path.dirname(arm_dir), KEY)
        self.program = os.path.join(bin_dir, "tern-board")
        self.tern = Tern(bin_dir)
        self.flash = str(folder / "board.flash")
        self.tern.good("flash", "create", self.flash)
        self.write(0, self.arm(sbl + ".bin"))

    def arm_file(self, name):
        return os.path.join(self.arm_dir, name)

    def arm(self, name):
        with open(self.arm_file(name), "rb") as f:
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
        return self.sign(self.arm_file("sbl-test-%s.bin" % name),
                         version, **how)

    def install(self, slot, image):
        self.tern.good("flash", "install", self.flash, "--slot", slot, image)

    def write_image(self, slot, image):
        """As an application does that has erased the slot before."""
        with open(image, "rb") as f:
            self.write(SLOT[slot], f.read().ljust(SLOT_BYTES, b"\xff"))

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

    def sweep(self, name, tears, boots, *lines, sample=0, second=0):
        """Cut at each operation until 'q' ends the run, then boot `boots`
        times; a cut behind an operation is one before the next. SWEEP=all: no
        sample, and every second cut if there is to be any. How many operations
        there were."""
        if sweep_all():
            sample, second = 0, second and "all"
        scenario = self.folder / "life.scn"
        scenario.write_text("\n".join(
            ["flash = board.flash", "limit = 5", "boots = %d" % boots,
             'never = "nothing can run" "bootloader fault"', "end = exit",
             *lines, ""]))
        words = ["--tears", tears]
        if sample:
            words += ["--sample", sample]
        if second:
            words += ["--second", second]
        run = self.tool("sweep", scenario, *words)
        text = run.stdout.decode()
        assert run.returncode == 0, text + run.stderr.decode()
        assert "0 failed" in text
        keep_count("board, " + name, text.splitlines()[0])
        return int(text.split()[0])

    def debug(self, elf, *commands, uart=os.devnull):
        """What gdb says to the commands, the board just powered on; what the
        board says goes to the file `uart`."""
        board = subprocess.Popen(
            [self.program, "--flash", self.flash, "--gdb", "0",
             "--uart", uart],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, encoding="utf-8")
        try:
            port = re.search(r"127\.0\.0\.1:(\d+)", board.stderr.readline())[1]
            words = ["gdb-multiarch", "-nx", "-batch", self.arm_file(elf)]
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

    def words(self, elf, stop, *accesses):
        """The words that the accesses read, where the symbol `stop` is reached
        first. An access is an address, or (address, value) to be written."""
        commands = ["break *%#x" % (symbols(self.arm_file(elf))[stop] & ~1),
                    "continue"]
        for access in accesses:
            if isinstance(access, tuple):
                commands.append("set *(unsigned *)%#x = %d" % access)
            else:
                commands.append(
                    'printf "word %%08x\\n", *(unsigned *)%#x' % access)
        said = self.debug(elf, *commands)
        words = re.findall(r"^word (\w{8})$", said, re.M)
        assert len(words) == sum(isinstance(a, int) for a in accesses), said
        return [int(word, 16) for word in words]

    def run(self, letters="q", *words):
        """Power on, and type; 'q' ends the run."""
        if "q" not in letters:
            assert "--time" in words
        return Console(subprocess.run(
            [self.program, "--flash", self.flash, *map(str, words)],
            input=letters.encode(), check=False, capture_output=True,
            timeout=WAIT_SECONDS))
