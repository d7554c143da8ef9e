# board.py - the two kinds of device that the demonstration can run on: the
# emulated RT1060 board, and tern-device, a board in one Linux process.
#
# Both have: power_on, power_off, press_reset, save (the flash file is up to
# date), on_trial (do not wait for the end of a trial), slot_bytes, program (the body of a release), make (a factory), the
# console (system/console.py), and what the server is told about them.
#
# SPDX-License-Identifier: MIT
import json
import os
import signal
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../system"))
from console import Console  # noqa: E402
from rt1060 import (FILES_HOST, MQTT_HOST, MQTT_PORT,  # noqa: E402
                    SLOT_BYTES, SLOT_OFFSET, Rt1060)


class EmulatedBoard(Rt1060):
    """A board with a bootloader, a watchdog, and a plug."""
    name = "the emulated i.MX RT1060 board"
    scenarios = ("hangs", "cut_in_download", "cut_in_trial")
    bytes_per_second = 10000  # as slow as the device may be beside other work
    mqtt = ["--mqtt", "%s:%d" % (MQTT_HOST, MQTT_PORT)]

    def url(self, link):
        """What download links name; the identity says the port."""
        return ["--url-host", FILES_HOST]

    def keys(self, tern, release):
        """The key whose images the bootloader was built to run."""
        with open(self.key, "rb") as key, open(
                os.open(release, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as out:
            out.write(key.read())

    def make(self, tern, image):
        tern("board", "create", self.flash, "--sbl", self.sbl,
             "--image", image)
        tern("board", "provision", self.flash, "--identity", self.identity)

    def on_trial(self, mark):
        """Its button is a power-on reset, which gives a trial another start:
        the trial has to end by itself."""

    def plug_in(self, server, link):
        with open(self.identity, encoding="utf-8") as f:
            http_port = json.load(f)["httpPort"]
        self.reaches(server.mqtt_address[1], http_port, link.port)


class LinuxDevice(Console):
    """One tern-device, its flash file and its console."""
    name = "tern-device, a board in one Linux process"
    scenarios = ()
    bytes_per_second = 40000
    mqtt = []

    def __init__(self, bin_dir, folder, show):
        os.makedirs(folder)
        super().__init__(os.path.join(folder, "console.log"), show)
        self.bin = bin_dir
        self.flash = os.path.join(folder, "flash.bin")
        self.identity = os.path.join(folder, "identity.json")
        self.key = os.path.join(folder, "release.point")
        self.process = None

    def program(self, name):
        return os.path.join(self.bin, "hello-%s.elf" % name)

    def url(self, link):
        return ["--url-host", "127.0.0.1", "--url-port", str(link.port)]

    def keys(self, tern, release):
        tern("key", "generate", release)
        tern("key", "show", release, "--point", self.key)

    def make(self, tern, image):
        tern("flash", "create", self.flash)
        tern("flash", "install", self.flash, "--slot", "1", image)

    def plug_in(self, server, link):
        """It is on this machine's network."""

    def power_on(self):
        self.process = subprocess.Popen(
            [os.path.join(self.bin, "tern-device"), "--flash", self.flash,
             "--identity", self.identity, "--key", self.key],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace")
        self.reader = threading.Thread(target=self.read,
                                       args=(self.process.stdout,),
                                       daemon=True)
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

    def on_trial(self, mark):
        """Its button ends a trial."""
        self.when("trial boot", mark, self.press_reset)

    def save(self):
        """Its flash file is always up to date."""

    def slot_bytes(self, slot):
        with open(self.flash, "rb") as f:
            f.seek(SLOT_OFFSET[slot])
            return f.read(SLOT_BYTES)
