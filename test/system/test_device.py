# test_device.py - a whole tern-device with the real programs in its slots,
# against a server that is not ours.
#
# SPDX-License-Identifier: MIT
import itertools
import json
import os
import re
import signal
import subprocess
import threading
import time

import pytest

from server_double import WAIT_SECONDS, ServerDouble, stall


class Workshop:
    """A signing key, images made with it, and one device."""

    def __init__(self, folder, bin_dir):
        self.folder, self.bin = folder, bin_dir
        self.key, self.point = folder / "key.pem", folder / "key.point"
        self.flash, self.identity = folder / "flash", folder / "identity.json"
        self.console, self.process = [], None
        self.tern("key", "generate", self.key)
        self.tern("key", "show", self.key, "--point", self.point)
        self.tern("flash", "create", self.flash)

    def tern(self, *words):
        return subprocess.run([os.path.join(self.bin, "tern"),
                               *map(str, words)], check=True, timeout=60,
                              capture_output=True, text=True).stdout

    def image(self, program, version, pad_bytes=0):
        """A signed image; pad_bytes make it larger (ELF ignores a tail)."""
        body, out = self.folder / "body", self.folder / "image"
        with open(os.path.join(self.bin, program), "rb") as f:
            body.write_bytes(f.read() + os.urandom(pad_bytes))
        self.tern("image", "sign", "--key", self.key, "--version", version,
                  body, out)
        return out

    def boot_record(self):
        return json.loads(self.tern("flash", "status", self.flash,
                                    "--json"))["record"]

    def power_on(self, server):
        self.identity.write_text(json.dumps(server.identity()))
        self.identity.chmod(0o600)
        self.process = subprocess.Popen(
            [os.path.join(self.bin, "tern-device"), "--flash", self.flash,
             "--identity", self.identity, "--key", self.point],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        threading.Thread(target=lambda: self.console.extend(
            self.process.stdout), daemon=True).start()

    def power_off(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_SECONDS)

    def text(self):
        return "".join(self.console)

    def wait_for(self, pattern):
        end = time.monotonic() + WAIT_SECONDS
        while not re.search(pattern, self.text(), re.DOTALL):
            assert time.monotonic() < end, "never printed %r:\n%s" % (
                pattern, self.text())
            time.sleep(0.02)


@pytest.fixture
def server():
    double = ServerDouble("a1B2c3", "dev-01", "s3cretS3cretS3cret")
    yield double
    double.close()


@pytest.fixture
def workshop(tmp_path, bin_dir):
    shop = Workshop(tmp_path, bin_dir)
    shop.tern("flash", "install", shop.flash, "--slot", 1,
              shop.image("hello-1.3.0.elf", "1.3.0"))
    yield shop
    if shop.process and shop.process.poll() is None:
        shop.process.kill()
        shop.process.wait()


def start(workshop, server):
    workshop.power_on(server)
    server.wait(lambda: server.versions() == ["1.3.0"], "inform 1.3.0")


def test_device_boots_says_its_version_and_informs(workshop, server):
    start(workshop, server)

    workshop.wait_for("hello sbl.*version 1.3.0.*Hello world1.*Hello world2")
    assert server.logins[0].startswith("a1B2c3.dev-01|")
    assert workshop.power_off() == 0


def test_device_updates_there_and_back_between_its_slots(workshop, server):
    start(workshop, server)

    for version, slot in (("1.4.0", 2), ("1.5.0", 1)):
        image = workshop.image("hello-%s.elf" % version, version)
        server.push(image.read_bytes(), version)
        server.wait(lambda: server.versions()[-1] == version,
                    "inform " + version)
        workshop.wait_for("version %s" % re.escape(version))
        record = workshop.boot_record()
        assert record["active_slot"] == slot
        assert record["state"] == "STEADY"
        assert record["outcome"] == "CONFIRMED"

    steps = [p["step"] for p in server.params("progress")
             if not p["desc"] and int(p["step"]) <= 100]
    assert steps == [str(s) for s in range(0, 101, 5)] * 2
    # A device that is offered what it runs already informs once more.
    assert [v for v, _ in itertools.groupby(server.versions())] == [
        "1.3.0", "1.4.0", "1.5.0"]
    workshop.wait_for("came over the air.*went back into the other slot")
    assert workshop.power_off() == 0


def test_device_application_runs_on_while_it_is_updated(workshop, server):
    start(workshop, server)

    image = workshop.image("hello-1.4.0.elf", "1.4.0", pad_bytes=300000)
    server.push(image.read_bytes(), "1.4.0")
    server.wait(lambda: server.versions()[-1] == "1.4.0", "inform 1.4.0")

    waited = re.search(r"never waited longer than (\d+) ms", workshop.text())
    # Erasing and verifying are cut into small pieces; a machine that is busy
    # with something else gets a generous margin.
    assert int(waited[1]) < 500


def test_device_that_never_confirms_goes_back_and_says_so(workshop, server):
    start(workshop, server)

    image = workshop.image("hello-never-confirms.elf", "1.4.0")
    server.push(image.read_bytes(), "1.4.0")
    server.wait(lambda: any(p["desc"] == "trial boot" for p in
                            server.params("progress")), "trial boot")
    server.withdraw()
    workshop.process.send_signal(signal.SIGUSR1)
    server.wait(lambda: any(p["step"] == "-1" and p["desc"] for p in
                            server.params("progress")), "step -1")

    workshop.wait_for("never finishes its self-test.*version 1.3.0")
    record = workshop.boot_record()
    assert record["active_slot"] == 1
    assert record["outcome"] == "ROLLED_BACK"


def test_device_refuses_an_image_by_a_foreign_key(workshop, server):
    start(workshop, server)

    workshop.key = workshop.folder / "foreign.pem"
    workshop.tern("key", "generate", workshop.key)
    image = workshop.image("hello-1.4.0.elf", "1.4.0")
    server.push(image.read_bytes(), "1.4.0")

    server.wait(lambda: any(p["step"] == "-3" and p["desc"] for p in
                            server.params("progress")), "step -3")
    assert workshop.boot_record()["state"] == "STEADY"
    assert "version 1.4.0" not in workshop.text()


def test_device_reset_in_the_middle_of_a_download_goes_on(workshop, server):
    start(workshop, server)

    image = workshop.image("hello-1.4.0.elf", "1.4.0",
                           pad_bytes=300000).read_bytes()
    server.spoilers.append(stall(len(image) * 6 // 10))
    server.push(image, "1.4.0")
    server.wait(lambda: any(p["step"] == "50" for p in
                            server.params("progress")), "step 50")
    workshop.process.send_signal(signal.SIGUSR1)

    server.wait(lambda: server.versions()[-1] == "1.4.0", "inform 1.4.0")
    assert workshop.boot_record()["outcome"] == "CONFIRMED"
    first, second = (int(re.match(r"bytes=(\d+)-", asked)[1])
                     for _, _, asked in server.requests)
    assert first == 0
    # What was in flash is not fetched again, but for a journal mark's worth.
    assert second > len(image) * 4 // 10
