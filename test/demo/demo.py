#!/usr/bin/python3
# demo.py - the whole of Tern on one machine: an update, the way back, and four
# that must not succeed. Nothing is simulated but the chip: server, broker,
# database, downloads, signatures, agent, boot decision and resets are those of
# the product. Start at main(); `./dev demo` runs it.
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
from board import Board  # noqa: E402
from link import Link  # noqa: E402
from tern_server import TernServer  # noqa: E402

PRODUCT, DEVICE = "a1DemoPk", "dev-01"
SLOT_BYTES = 0x100000
# The order of the enumerations in server/core/model.h: the database has numbers.
PACKAGE_STATES = ("NOT_NEEDED", "UNVERIFIED", "VERIFYING", "VERIFIED",
                  "VERIFY_FAILED")
TASK_STATES = ("CONFIRM", "QUEUED", "NOTIFIED", "IN_PROGRESS", "SUCCEEDED",
               "FAILED", "CANCELED")


class Failed(Exception):
    """Something was not as it must be."""


class Demo:
    def __init__(self, bin_dir, folder, quiet):
        self.bin, self.folder, self.quiet = bin_dir, folder, quiet
        self.link = Link()
        self.server = TernServer(
            self.path("server"), bin_dir,
            ["--url-host", "127.0.0.1", "--url-port", str(self.link.port)])
        self.board = Board(bin_dir, self.path("device"), self.show_device)

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
        for name in ("release", "foreign"):
            self.tern("key", "generate", self.path(name + ".pem"))
        self.tern("product", "create", "Demonstration", "--key", PRODUCT)
        self.tern("device", "create", PRODUCT, DEVICE,
                  "--identity", self.board.identity)
        self.tern("key", "show", self.path("release.pem"),
                  "--point", self.board.key)

    def sign(self, version, program=None, key="release", oversize=False):
        """Sign the example program; the image's path."""
        out = self.path("images", "%s-%s.bin" % (version, key))
        program = program or self.program("hello-" + version)
        words = ["image", "sign", "--key", self.path(key + ".pem"),
                 "--version", version]
        if oversize:
            words.append("--allow-oversize")
        self.tern(*words, program, out)
        return out

    def program(self, name):
        return os.path.join(self.bin, name + ".elf")

    def first_firmware(self):
        self.title("1.3.0 goes into slot 1 of an empty flash; power on")
        self.tern("flash", "create", self.board.flash)
        self.tern("flash", "install", self.board.flash, "--slot", "1",
                  self.sign("1.3.0"))
        self.board.power_on()
        self.wait_version("1.3.0")

    def wait_version(self, version):
        path = "/api/v1/products/%s/devices/%s" % (PRODUCT, DEVICE)
        self.server.wait(
            lambda: self.server.api("GET", path)["version"] == version)

    def upload(self, image, version, name):
        return str(json.loads(self.tern(
            "--json", "package", "upload", PRODUCT, image, "--version", version,
            "--name", name, quiet=True))["id"])

    def verify(self, package, source, ok):
        return self.tern("package", "verify", package, "--device", DEVICE,
                         "--source-version", source, "--wait", ok=ok)

    def succeeds(self, version, source):
        self.title("%s: uploaded as needs verification, verified on %s"
                   % (version, DEVICE))
        mark = self.board.mark()
        package = self.upload(self.sign(version), version, "demo " + version)
        self.verify(package, source, ok=True)
        self.wait_version(version)
        self.moments(mark, source, version)

    def moments(self, mark, source, version):
        """What the person at the serial console must have seen, in order."""
        slot = "SECONDARY" if source == "1.3.0" else "PRIMARY"
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
            mark = self.board.find(text, mark)
            if mark is None:
                raise Failed("the device's console lacks, in this order: "
                             + text)
        self.must(True, "every moment of the transcript, in order")

    def fails(self, title, image, version, step, words):
        """An update that must end with the old firmware and a reason."""
        self.title(title)
        mark = self.board.mark()
        package = self.upload(image, version, title.split(":")[0])
        self.verify(package, "1.5.0", ok=False)
        task = self.last_task()
        self.must(task["state"] == "FAILED" and task["step"] == step,
                  "task FAILED with %d: %s" % (step, task["reason"]))
        for word in words:
            self.must(word in task["reason"], "the server's reason has: " + word)
            self.must(self.board.find(word, mark) is not None,
                      "the device's console has: " + word)
        self.still_runs("1.5.0")

    def last_task(self):
        path = "/api/v1/tasks?product_key=%s&device_name=%s&limit=500"
        return self.server.api("GET", path % (PRODUCT, DEVICE))["items"][-1]

    def still_runs(self, version):
        self.wait_version(version)
        self.must(self.flash_runs() == version,
                  "the boot record is STEADY on %s, confirmed" % version)

    def flash_runs(self):
        """The version that the flash file starts for good; None if unsure."""
        status = self.flash_status()
        record = status["record"]
        for slot in status["slots"]:
            if slot["slot"] == record["active_slot"]:
                steady = record["state"] == "STEADY" and slot["confirmed"]
                return slot["version"] if steady else None

    def flash_status(self):
        return json.loads(self.tern("--json", "flash", "status",
                                    self.board.flash, quiet=True))

    def foreign_key(self):
        self.fails("foreign key: signed by somebody else",
                   self.sign("1.6.0", self.program("hello-1.4.0"), "foreign"),
                   "1.6.0", -3, ["key that is not trusted"])

    def too_large(self):
        program = self.path("images", "large")
        with open(self.program("hello-1.4.0"), "rb") as f:
            body = f.read()
        with open(program, "wb") as f:
            f.write(body.ljust(SLOT_BYTES, b"\xa5"))
        before = self.board.slot_bytes(2)
        self.fails("too large: more bytes than the slot has",
                   self.sign("1.7.0", program, oversize=True), "1.7.0", -1,
                   ["slot"])
        self.must(self.board.slot_bytes(2) == before,
                  "slot 2 was not touched: refused before any erase")

    def altered(self):
        self.link.alter_once(at=20000)
        self.fails("altered: one bit differs after the way through the network",
                   self.sign("1.8.0", self.program("hello-1.4.0")), "1.8.0", -3,
                   ["digest"])

    def never_confirms(self):
        mark = self.board.mark()
        self.board.when("trial boot", mark, self.board.press_reset)
        self.fails("never confirms: it starts, and then nothing",
                   self.sign("1.9.0", self.program("hello-never-confirms")),
                   "1.9.0", -1, ["rolled back"])

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
        self.must(packages == [
            "1.4.0 VERIFIED", "1.5.0 VERIFIED", "1.6.0 VERIFY_FAILED",
            "1.7.0 VERIFY_FAILED", "1.8.0 VERIFY_FAILED",
            "1.9.0 VERIFY_FAILED"], "packages: " + ", ".join(packages))
        self.must(tasks == [
            "SUCCEEDED 100", "SUCCEEDED 100", "FAILED -3", "FAILED -1",
            "FAILED -3", "FAILED -1"], "tasks: " + ", ".join(tasks))
        self.must(self.flash_status()["record"]["active_slot"] == 1 and
                  self.flash_runs() == "1.5.0",
                  "boot record: STEADY, slot 1 is active and has 1.5.0")

    def run(self):
        self.set_up()
        self.first_firmware()
        self.link.bytes_per_second = 40000
        self.succeeds("1.4.0", "1.3.0")
        self.succeeds("1.5.0", "1.4.0")
        self.link.bytes_per_second = None
        self.foreign_key()
        self.too_large()
        self.altered()
        self.never_confirms()
        self.check_end()

    def close(self):
        self.board.power_off()
        if self.server.process and self.server.process.poll() is None:
            self.server.stop()
        self.link.close()


def main():
    parser = argparse.ArgumentParser(description="Tern from end to end")
    parser.add_argument("--bin", required=True, help="folder of the programs")
    parser.add_argument("--quiet", action="store_true", help="titles only")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="tern-demo-")
    demo = Demo(os.path.abspath(options.bin), folder, options.quiet)
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
