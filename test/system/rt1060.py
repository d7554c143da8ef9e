# rt1060.py - an emulated RT1060 board with bootloader and firmware as built, on
# the network, with its console on a terminal: what a person would do by hand.
#
# SPDX-License-Identifier: MIT
import io
import os
import pty
import subprocess
import threading

from console import Console

SLOT_OFFSET = {1: 0x100000, 2: 0x200000}
SLOT_BYTES = 0x100000
KEY = "sbl-insecure-development-key.pem"
MQTT_HOST, MQTT_PORT = "mqtt.tern.test", 1883
FILES_HOST = "files.tern.test"
ESCAPE = b"\x01"  # Ctrl-A
STOP_SECONDS = 30


class Rt1060(Console):
    """Its flash file is `flash`; net_rules() are for a server here."""

    def __init__(self, bin_dir, arm_dir, folder, show=lambda line: None):
        os.makedirs(folder, exist_ok=True)
        super().__init__(os.path.join(folder, "console.log"), show)
        self.bin, self.arm = bin_dir, arm_dir
        self.flash = os.path.join(folder, "flash.bin")
        self.identity = os.path.join(folder, "identity.json")
        self.notes = os.path.join(folder, "board.log")
        self.key = os.path.join(os.path.dirname(arm_dir), KEY)
        self.sbl = os.path.join(arm_dir, "imxrt1060-sbl.bin")
        self.net, self.process, self.terminal = None, None, None

    def program(self, name):
        """The body of a release: 1.3.0, never-confirms, ..."""
        return os.path.join(self.arm, "sfw-%s.bin" % name)

    def reaches(self, mqtt_port, http_port, files_port=None):
        """The server's ports on this machine. http_port: as the identity has
        it; files_port: where downloads really come from."""
        self.net = ",".join((
            "map=%d:127.0.0.1:%d" % (MQTT_PORT, mqtt_port),
            "map=%d:127.0.0.1:%d" % (http_port, files_port or http_port),
            "host=" + MQTT_HOST, "host=" + FILES_HOST))

    def power_on(self, *words):
        self.terminal, theirs = pty.openpty()
        with open(self.notes, "ab") as notes:
            self.process = subprocess.Popen(
                [os.path.join(self.bin, "tern-board"), "--flash", self.flash,
                 "--net", self.net, *words],
                stdin=theirs, stdout=theirs, stderr=notes)
        os.close(theirs)
        stream = io.TextIOWrapper(_Terminal(self.terminal), errors="replace",
                                  newline="\n")
        self.reader = threading.Thread(target=self.read, args=(stream,),
                                       daemon=True)
        self.reader.start()

    def power_off(self):
        """In order, so that the flash file is written."""
        if not self.process:
            return
        self._press(b"x")
        self.process.wait(STOP_SECONDS)
        self.reader.join(STOP_SECONDS)
        os.close(self.terminal)
        self.process = None

    def press_reset(self):
        self.show("(the reset button is pressed)")
        self._press(b"r")

    def cut_power(self):
        """Whatever the flash is doing is torn, bit by bit."""
        self.show("(the power is cut, and comes back)")
        self._press(b"p")

    def save(self):
        """The flash file is written at a reset. Before it the server knows
        all that this boot has to say, and after it again."""
        self._settle(0)
        mark = self.mark()
        self.press_reset()
        self._settle(mark)

    def _settle(self, mark):
        while (boot := self.find("hello sbl.", mark)) is not None:
            mark = boot
        self.wait("no update is waiting", mark)

    def slot_bytes(self, slot):
        self.save()
        with open(self.flash, "rb") as f:
            f.seek(SLOT_OFFSET[slot])
            return f.read(SLOT_BYTES)

    def _press(self, key):
        os.write(self.terminal, ESCAPE + key)


class _Terminal(io.RawIOBase):
    """The board's side of a pseudo-terminal ends with an error, not a file's
    end."""

    def __init__(self, fd):
        super().__init__()
        self.fd = fd

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            data = os.read(self.fd, len(buffer))
        except OSError:
            return 0
        buffer[:len(data)] = data
        return len(data)
