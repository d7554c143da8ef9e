#!/usr/bin/python3
# demo.py - the whole of Tern on one machine: an update, the way back, some that
# must not succeed, and power that fails. Nothing is simulated but the chip:
# server, broker, database, downloads, signatures, bootloader, firmware and
# agent are those of the product. Start at run(); `./dev demo` runs it on the
# emulated board, `./dev demo --posix` on tern-device.
#
# SPDX-License-Identifier: MIT
import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../system")]
from board import EmulatedBoard, LinuxDevice  # noqa: E402
from link import Link  # noqa: E402
from tern_server import TernServer  # noqa: E402

PRODUCT, DEVICE = "a1DemoPk", "dev-01"
SLOT_BYTES = 0x100000
COUNTER = 5  # security counter of the images
WAIT_SECONDS = 60
# The order of the enumerations in server/core/model.h: the database has numbers.
PACKAGE_STATES = ("NOT_NEEDED", "UNVERIFIED", "VERIFYING", "VERIFIED",
                  "VERIFY_FAILED")
TASK_STATES = ("CONFIRM", "QUEUED", "NOTIFIED", "IN_PROGRESS", "SUCCEEDED",
               "FAILED", "CANCELED")


class Failed(Exception):
    """Something was not as it must be."""


class Demo:
    def __init__(self, options, folder):
        self.bin, self.folder = os.path.abspath(options.bin), folder
        self.quiet = options.quiet
        self.link = Link()
        if options.posix:
            self.board = LinuxDevice(self.bin, self.path("device"),
                                     self.show_device)
        else:
            self.board = EmulatedBoard(self.bin, os.path.abspath(options.arm),
                                       self.path("device"), self.show_device)
        self.server = TernServer(self.path("server"), self.bin,
                                 self.board.url(self.link))
        self.runs = None  # the version that is confirmed
        self.packages, self.tasks = [], []  # as the database must have them

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    # --- what the reader sees -------------------------------------------------

    def title(self, text):
        print("\n=== " + text, flush=True)

    def show(self, who, text):
        if not self.quiet:
            sys.stdout.write("%-7s| %s\n" % (who, text))
            sys.stdout.flush()

    def show_device(self, line):
        self.show("device", line)

    def tern(self, *words, ok=True, quiet=False):
        """Run the command line as a person would; its output. quiet: it is
        JSON for us, not for the reader."""
        self.show("you", "$ tern " + " ".join(os.path.relpath(w, self.folder)
                  if w.startswith(self.folder) else w for w in words))
        with subprocess.Popen(
                [os.path.join(self.bin, "tern"), "--data", self.server.data,
                 *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True) as process:
            lines = []
            for line in process.stdout:
                lines.append(line)
                if not quiet:
                    self.show("server", line.rstrip("\n"))
        if (process.returncode == 0) != ok:
            raise Failed("tern %s: exit code %d\n%s" % (
                " ".join(words), process.returncode, "".join(lines)))
        return "".join(lines)

    def must(self, fact, text):
        if not fact:
            raise Failed("not so: " + text)
        self.show("ok", text)

    # --- the parts of the story -----------------------------------------------

    def set_up(self):
        self.title("A server with its broker, a signing key, a product, a device")
        self.server.start()
        self.link.target = self.server.http_port
        os.makedirs(self.path("images"))
        self.board.keys(self.tern, self.path("release.pem"))
        self.tern("key", "generate", self.path("foreign.pem"))
        self.tern("product", "create", "Demonstration", "--key", PRODUCT)
        self.tern("device", "create", PRODUCT, DEVICE,
                  "--identity", self.board.identity, *self.board.mqtt)
        self.board.plug_in(self.server, self.link)

    def sign(self, version, program=None, key="release", *words):
        """Sign a release's program (its path, or its name); the image's path.
        Each image is newer than the floor, but for the one that is not."""
        out = self.path("images", "%s-%s.bin" % (version, key))
        program = program or version
        if not os.path.isabs(program):
            program = self.board.program(program)
        counter = [] if "--security-counter" in words else \
            ["--security-counter", str(COUNTER)]
        self.tern("image", "sign", "--key", self.path(key + ".pem"),
                  "--version", version, *counter, *words, program, out)
        return out

    def first_firmware(self):
        self.title("An empty flash gets a first firmware, 1.3.0, in slot 1; "
                   "power on")
        self.board.make(self.tern, self.sign("1.3.0"))
        self.board.power_on()
        self.wait_version("1.3.0")
        self.runs = "1.3.0"

    def wait_version(self, version):
        path = "/api/v1/products/%s/devices/%s" % (PRODUCT, DEVICE)
        self.server.wait(
            lambda: self.server.api("GET", path)["version"] == version,
            WAIT_SECONDS)

    def upload(self, image, version, name):
        return str(json.loads(self.tern(
            "--json", "package", "upload", PRODUCT, image, "--version", version,
            "--name", name, quiet=True))["id"])

    def verify(self, package, ok):
        return self.tern("package", "verify", package, "--device", DEVICE,
                         "--source-version", self.runs, "--wait", ok=ok)

    def succeeds(self, version, title=None, program=None):
        """An update that ends with the new firmware, confirmed; the place in
        the console's text where it began."""
        self.title(title or "%s: uploaded as needs verification, verified on %s"
                   % (version, DEVICE))
        mark = self.board.mark()
        package = self.upload(self.sign(version, program), version,
                              "demo " + version)
        self.verify(package, ok=True)
        self.wait_version(version)
        self.runs = version
        self.packages.append(version + " VERIFIED")
        self.tasks.append("SUCCEEDED 100")
        return mark

    def undisturbed(self, version):
        slot = "SECONDARY" if self.runs == "1.3.0" else "PRIMARY"
        self.moments(self.succeeds(version), slot, version)

    def moments(self, mark, slot, version):
        """What the person at the serial console must have seen, in order."""
        size = os.path.getsize(self.path("images", version + "-release.bin"))
        for text in (
                '/ota/device/upgrade/%s/%s' % (PRODUCT, DEVICE),
                "OTA target firmware version: %s, size: %d Bytes"
                % (version, size),
                '"step":"0"', "> GET /d/", "> Range: bytes=0-",
                "< HTTP/1.1 206", "download 5% done",
                "Hello world1.", "Hello world2.",
                "download 50% done", "Hello world1.", "Hello world2.",
                "download 100% done", '"step":"100"', "digest matched",
                "image hash and signature verified", "SystemReset",
                "hello sbl.", "Bootloader Version", "Remap type: test",
                "The image now in %s_SLOT slot" % slot,
                "version " + version, "confirmed",
                '"version":"%s"' % version):
            mark = self.board.wait(text, mark)
        self.must(True, "every moment of the transcript, in order")

    def fails(self, title, image, version, step, words):
        """An update that must end with the old firmware and a reason."""
        self.title(title)
        mark = self.board.mark()
        package = self.upload(image, version, title.split(":")[0])
        self.verify(package, ok=False)
        task = self.last_task()
        self.must(task["state"] == "FAILED" and task["step"] == step,
                  "task FAILED with %d: %s" % (step, task["reason"]))
        for word in words:
            self.must(word in task["reason"], "the server's reason has: " + word)
            self.board.wait(word, mark)
            self.must(True, "the device's console has: " + word)
        self.packages.append(version + " VERIFY_FAILED")
        self.tasks.append("FAILED %d" % step)
        self.still_runs()

    def last_task(self):
        path = "/api/v1/tasks?product_key=%s&device_name=%s&limit=500"
        return self.server.api("GET", path % (PRODUCT, DEVICE))["items"][-1]

    def still_runs(self):
        self.wait_version(self.runs)
        self.must(self.flash_runs() == self.runs,
                  "the boot record is STEADY on %s, confirmed" % self.runs)

    def flash_runs(self):
        """The version that the flash file starts for good; None if unsure."""
        status = self.flash_status()
        record = status["record"]
        for slot in status["slots"]:
            if slot["slot"] == record["active_slot"]:
                steady = record["state"] == "STEADY" and slot["confirmed"]
                return slot["version"] if steady else None

    def flash_status(self):
        self.board.save()
        return json.loads(self.tern("--json", "flash", "status",
                                    self.board.flash, quiet=True))

    def foreign_key(self):
        self.fails("foreign key: signed by somebody else",
                   self.sign("1.6.0", "1.4.0", "foreign"),
                   "1.6.0", -3, ["key that is not trusted"])

    def too_large(self):
        program = self.path("images", "large")
        with open(self.board.program("1.4.0"), "rb") as f:
            body = f.read()
        with open(program, "wb") as f:
            f.write(body.ljust(SLOT_BYTES, b"\xa5"))
        image = self.sign("1.7.0", program, "release", "--allow-oversize")
        before = self.board.slot_bytes(2)
        self.title("too large for the product: the server does not take it")
        said = self.tern("package", "upload", PRODUCT, image, "--version",
                         "1.7.0", ok=False)
        self.must("slots of %d" % SLOT_BYTES in said, "it says how much fits")
        self.tern("product", "set", PRODUCT, "--slot-bytes",
                  str(2 * SLOT_BYTES))
        self.fails("too large: a server that was told wrong, more bytes than "
                   "the slot has", image, "1.7.0", -1, ["slot"])
        self.must(self.board.slot_bytes(2) == before,
                  "slot 2 was not touched: refused before any erase")

    def altered(self):
        self.link.alter_once(at=20000)
        self.fails("altered: one bit differs after the way through the network",
                   self.sign("1.8.0", "1.4.0"), "1.8.0", -3,
                   ["digest"])

    def never_confirms(self):
        self.board.on_trial(self.board.mark())
        self.fails("never confirms: it starts, and then nothing",
                   self.sign("1.9.0", "never-confirms"), "1.9.0", -1,
                   ["rolled back"])

    def lower_counter(self):
        self.fails("older: its security counter is below the floor",
                   self.sign("1.10.0", "1.4.0", "release",
                             "--security-counter", str(COUNTER - 1)),
                   "1.10.0", -3, ["older than what may run"])

    # --- what needs a bootloader with a watchdog, and a plug to pull ----------

    def hangs(self):
        self.fails("hangs: nothing but the watchdog can end it",
                   self.sign("1.11.0", "hangs"), "1.11.0", -1,
                   ["rolled back", "watchdog"])

    def cut_in_download(self):
        self.board.when("download 50% done", self.board.mark(),
                        self.board.cut_power)
        mark = self.succeeds("2.0.0", "2.0.0: the power fails while half of it "
                             "is in flash", "1.4.0")
        for text in ("download 50% done", "hello sbl.", "resuming",
                     "> Range: bytes=", "download 100% done",
                     "digest matched"):
            mark = self.board.wait(text, mark)
            self.must(True, "the console went on with: " + text)
        self.must("bytes=0-" not in next(
            line for line in reversed(self.board.lines) if "> Range" in line),
            "what was in flash was not fetched again")
        self.still_runs()

    def cut_in_trial(self):
        self.board.when("trial boot", self.board.mark(), self.board.cut_power)
        mark = self.succeeds("2.1.0", "2.1.0: the power fails in its trial",
                             "1.5.0")
        for text in ("on trial", "trial boot", "hello sbl.", "on trial",
                     "firmware confirmed"):
            mark = self.board.wait(text, mark)
            self.must(True, "the console went on with: " + text)
        self.still_runs()

    def check_end(self):
        self.title("What is left in the database and in flash")
        db = sqlite3.connect("file:%s?mode=ro" % self.path("server", "tern.db"),
                             uri=True)
        packages = ["%s %s" % (version, PACKAGE_STATES[state])
                    for version, state in db.execute(
                        "select version, state from package order by id")]
        tasks = ["%s %d" % (TASK_STATES[state], step)
                 for state, step in db.execute(
                     "select state, step from task order by id")]
        db.close()
        self.must(packages == self.packages,
                  "packages: " + ", ".join(packages))
        self.must(tasks == self.tasks, "tasks: " + ", ".join(tasks))
        self.must(self.flash_status()["record"]["active_slot"] == 1 and
                  self.flash_runs() == self.runs,
                  "boot record: STEADY, slot 1 is active and has " + self.runs)

    def run(self):
        print("The device is %s." % self.board.name)
        self.set_up()
        self.first_firmware()
        self.link.bytes_per_second = self.board.bytes_per_second
        self.undisturbed("1.4.0")
        self.undisturbed("1.5.0")
        self.link.bytes_per_second = None
        self.foreign_key()
        self.too_large()
        self.altered()
        self.never_confirms()
        self.lower_counter()
        for scenario in self.board.scenarios:
            getattr(self, scenario)()
        self.check_end()

    def close(self):
        self.board.power_off()
        if self.server.process and self.server.process.poll() is None:
            self.server.stop()
        self.link.close()


def main():
    parser = argparse.ArgumentParser(description="Tern from end to end")
    parser.add_argument("--bin", required=True, help="folder of the programs")
    parser.add_argument("--arm", help="folder of the board's programs")
    parser.add_argument("--posix", action="store_true",
                        help="tern-device instead of the emulated board")
    parser.add_argument("--quiet", action="store_true", help="titles only")
    options = parser.parse_args()
    if not options.posix and not options.arm:
        parser.error("--arm or --posix")
    folder = tempfile.mkdtemp(prefix="tern-demo-")
    demo = Demo(options, folder)
    try:
        demo.run()
    except (Failed, AssertionError, subprocess.TimeoutExpired) as problem:
        print("\nFAILED: %s" % problem)
        return 1
    finally:
        demo.close()
        print("\nEverything is in %s (device/console.log, ternd.log, server/)"
              % folder)
    print("All is as it must be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
