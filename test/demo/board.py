# board.py - one tern-device, its flash file and its serial console.
#
# SPDX-License-Identifier: MIT
import os
import signal
import subprocess
import threading

SLOT_OFFSET = {1: 0x100000, 2: 0x200000}
SLOT_BYTES = 0x100000
# Every line is kept in console.log; these are too many to show.
NOISE = ("Hello world", "[LK-030A]")


class Board:
    def __init__(self, bin_dir, folder, show):
        os.makedirs(folder)
        self.bin, self.show = bin_dir, show
        self.flash = os.path.join(folder, "flash.bin")
        self.identity = os.path.join(folder, "identity.json")
        self.key = os.path.join(folder, "release.point")
        self.log = os.path.join(folder, "console.log")
        self.lines, self.watch = [], []
        self.process = None

    def power_on(self):
        self.process = subprocess.Popen(
            [os.path.join(self.bin, "tern-device"), "--flash", self.flash,
             "--identity", self.identity, "--key", self.key],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace")
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def power_off(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)
            self.reader.join(10)
            self.process = None

    def press_reset(self):
        self.show("(the reset button is pressed)")
        self.process.send_signal(signal.SIGUSR1)

    def mark(self):
        """A place in the console's text; find() looks behind it."""
        return len(self.lines)

    def find(self, text, mark):
        """The place behind the first line from mark on that has text."""
        for i in range(mark, len(self.lines)):
            if text in self.lines[i]:
                return i + 1
        return None

    def when(self, text, mark, action):
        """Do it once, at the first line behind mark that has text."""
        self.watch.append((text, mark, action))

    def slot_bytes(self, slot):
        with open(self.flash, "rb") as f:
            f.seek(SLOT_OFFSET[slot])
            return f.read(SLOT_BYTES)

    def _read(self):
        hello = 0
        with open(self.log, "a", encoding="utf-8") as log:
            for line in self.process.stdout:
                log.write(line)
                log.flush()
                self.lines.append(line.rstrip("\n"))
                hello += "Hello world" in line
                if not any(n in line for n in NOISE) or \
                        ("Hello" in line and hello % 4 < 2):
                    self.show(self.lines[-1])
                self._act()

    def _act(self):
        for entry in list(self.watch):
            text, mark, action = entry
            if self.find(text, mark) is not None:
                self.watch.remove(entry)
                action()
