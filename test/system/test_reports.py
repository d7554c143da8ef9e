# test_reports.py - real ternd, real devices: nothing that a device says, and
# nothing that it is told, is lost or counted twice, whoever dies in between.
#
# SPDX-License-Identifier: MIT
import shutil
import signal

import pytest

from test_device import Workshop

SECRET = "secret0123456789"


class Home:
    """The server as a device knows it; all that a Workshop asks for."""

    def __init__(self, server):
        self.server = server

    def identity(self):
        host, port = self.server.mqtt_address
        return {"productKey": "a1Pk", "deviceName": "dev-01",
                "deviceSecret": SECRET, "mqttHost": host, "mqttPort": port,
                "httpPort": self.server.http_port}


@pytest.fixture
def fleet(server):
    server.api("POST", "/api/v1/products", {"name": "P", "product_key": "a1Pk"})
    server.api("POST", "/api/v1/products/a1Pk/devices",
               {"device_name": "dev-01", "device_secret": SECRET})
    return server


@pytest.fixture
def board(tmp_path, bin_dir):
    folder = tmp_path / "board"
    folder.mkdir()
    shop = Workshop(folder, bin_dir)
    shop.tern("flash", "install", shop.flash, "--slot", 1,
              shop.image("hello-1.3.0.elf", "1.3.0"))
    yield shop
    if shop.process and shop.process.poll() is None:
        shop.power_off()


def upload(fleet, image, version):
    return fleet.api(
        "POST", "/api/v1/products/a1Pk/packages?version=%s&name=p-%s"
        "&needs_verification=true" % (version, version), image)["id"]


def verify(fleet, package):
    job = fleet.api("POST", "/api/v1/packages/%d/verify" % package,
                    {"device_names": ["dev-01"],
                     "source_versions": ["1.3.0"]})["id"]
    return fleet.api("GET", "/api/v1/jobs/%d/tasks" % job)["items"][0]["id"]


def task(fleet, number):
    return fleet.api("GET", "/api/v1/tasks/%d" % number)


def events(fleet, kind):
    items = fleet.api("GET", "/api/v1/events?product_key=a1Pk&limit=500")
    return [e for e in items["items"] if e["kind"] == kind]


def version_of(fleet):
    return fleet.api("GET", "/api/v1/products/a1Pk/devices/dev-01")["version"]


def is_online(fleet):
    return fleet.api("GET", "/api/v1/products/a1Pk/devices/dev-01")["online"]


def switch_on(fleet, board):
    board.power_on(Home(fleet))
    fleet.wait(lambda: is_online(fleet) and version_of(fleet) == "1.3.0")


def switch_off(fleet, board):
    assert board.power_off() == 0
    fleet.wait(lambda: not is_online(fleet))


def go_back_unheard(fleet, board):
    """A trial of 1.4.0 ends while nobody listens: the flash as it is then."""
    fleet.stop()
    del board.console[:]
    board.process.send_signal(signal.SIGUSR1)
    board.wait_for("version 1.3.0")
    record = board.boot_record()
    assert record["outcome"] == "ROLLED_BACK" and not record["outcome_reported"]
    assert board.power_off() == 0
    fleet.start()


def test_report_repeated_after_a_reset_does_not_fail_the_next_task(fleet, board):
    bad = upload(fleet, board.image("hello-never-confirms.elf",
                                    "1.4.0").read_bytes(), "1.4.0")
    good = upload(fleet, board.image("hello-1.5.0.elf",
                                     "1.5.0").read_bytes(), "1.5.0")
    switch_on(fleet, board)
    first = verify(fleet, bad)
    fleet.wait(lambda: task(fleet, first)["reason"] == "trial boot", 60)
    go_back_unheard(fleet, board)
    unheard = shutil.copy(board.flash, str(board.flash) + ".unheard")

    board.power_on(Home(fleet))
    fleet.wait(lambda: task(fleet, first)["state"] == "FAILED")
    fleet.wait(lambda: board.boot_record()["outcome_reported"])
    switch_off(fleet, board)
    # As if power had gone between the PUBACK and the record's write.
    shutil.copy(unheard, board.flash)
    second = verify(fleet, good)
    board.power_on(Home(fleet))

    fleet.wait(lambda: task(fleet, second)["state"] in ("FAILED", "SUCCEEDED"),
               60)
    assert task(fleet, second)["state"] == "SUCCEEDED", \
        task(fleet, second)["reason"]
    assert len(events(fleet, "task.rolled_back")) == 1
    stale = events(fleet, "device.stale_report")
    assert len(stale) == 1
    assert "task %d, which is over" % first in stale[0]["text"]
    assert "rolled back: 1.4.0" in stale[0]["text"]
