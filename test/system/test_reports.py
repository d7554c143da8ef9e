# test_reports.py - real ternd, real devices: nothing that a device says, and
# nothing that it is told, is lost or counted twice, whoever dies in between.
#
# SPDX-License-Identifier: MIT
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import time

import pytest

from link_sdk import LinkSdkDevice
from server_double import ServerDouble
from tern_server import TernServer
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


def registered(server):
    server.api("POST", "/api/v1/products", {"name": "P", "product_key": "a1Pk"})
    server.api("POST", "/api/v1/products/a1Pk/devices",
               {"device_name": "dev-01", "device_secret": SECRET})
    return server


@pytest.fixture
def fleet(server):
    return registered(server)


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


# --- pushes --------------------------------------------------------------------


@pytest.fixture
def apart(bin_dir, tmp_path):
    """A server whose broker outlives it."""
    script = os.path.join(os.path.dirname(__file__), "outliving_broker.py")
    server = TernServer(str(tmp_path / "data"), bin_dir,
                        ["--mosquitto", script])
    server.start()
    yield registered(server)
    server.kill()
    for pid in outliving(server)["pids"]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def outliving(server):
    with open(server.data + "/broker/outliving.json", encoding="utf-8") as f:
        return json.load(f)


def relay(server, wish):
    with open(server.data + "/broker/relay", "w", encoding="ascii") as f:
        f.write(wish)


def sdk_device(server, port=None):
    address = ("127.0.0.1", port) if port else server.mqtt_address
    device = LinkSdkDevice("a1Pk", "dev-01", SECRET, address,
                           server.http_port, "1.3.0")
    device.connect()
    device.inform()
    server.wait(lambda: version_of(server) == "1.3.0")
    return device


def broker_losses(server):
    items = server.api("GET", "/api/v1/events?limit=500")["items"]
    return sum(e["kind"] == "broker.lost" for e in items)


def begin(server):
    return verify(server, upload(server, os.urandom(9000), "1.4.0"))


def test_push_committed_when_server_and_broker_die_is_delivered_once(fleet):
    device = sdk_device(fleet)
    with open("/proc/%d/task/%d/children" % ((fleet.process.pid,) * 2),
              encoding="ascii") as f:
        broker = int(f.read())
    os.kill(broker, signal.SIGSTOP)
    number = begin(fleet)
    assert task(fleet, number)["state"] == "NOTIFIED"
    fleet.kill()
    os.kill(broker, signal.SIGCONT)
    fleet.start()
    device.mqtt_address = fleet.mqtt_address
    device.connect()  # it is in the same boot and does not inform

    assert device.receive(10)
    assert device.receive(1) is None  # twice would break it


def test_push_committed_when_only_the_server_dies_is_delivered_once(apart):
    device = sdk_device(apart, outliving(apart)["port"])
    relay(apart, "lose")
    number = begin(apart)
    assert task(apart, number)["state"] == "NOTIFIED"
    apart.kill()
    relay(apart, "")
    apart.start()

    assert device.receive(10)
    assert device.receive(1) is None
    assert task(apart, number)["pushes"] == 1


def test_push_that_arrived_is_not_delivered_again_by_the_next_server(apart):
    device = sdk_device(apart, outliving(apart)["port"])
    number = begin(apart)
    assert device.receive(10)
    apart.kill()
    apart.start()
    apart.wait(lambda: is_online(apart))

    assert device.receive(1) is None
    assert task(apart, number)["state"] == "NOTIFIED"


def test_push_whose_puback_is_lost_is_not_delivered_again(apart):
    device = sdk_device(apart, outliving(apart)["port"])
    relay(apart, "cut")
    begin(apart)
    assert device.receive(10)
    apart.wait(lambda: broker_losses(apart) == 3)  # start, cut, connected
    apart.wait(lambda: is_online(apart))

    assert device.receive(1) is None


# --- what devices say -----------------------------------------------------------


def test_report_that_was_not_committed_when_the_server_died_comes_again(apart):
    """Said once, with QoS 0, by a device that stays connected."""
    device = sdk_device(apart, outliving(apart)["port"])
    number = begin(apart)
    assert device.download(device.receive(10))
    apart.wait(lambda: task(apart, number)["step"] == 100)
    device.power_off()
    apart.wait(lambda: not is_online(apart))
    device.connect()
    apart.wait(lambda: is_online(apart))
    lock = sqlite3.connect(apart.data + "/tern.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")  # nothing can be committed now
    device._publish("/ota/device/progress/%s/%s", '"step":"-1","desc":"burnt"')
    device._publish("/ota/device/progress/%s/%s", "")  # counted when it is read
    dropped = "messages_dropped"
    until = time.monotonic() + 2  # or it is not read: just as well
    while (apart.api("GET", "/api/v1/status")[dropped] == 0
           and time.monotonic() < until):
        time.sleep(0.01)
    apart.kill()
    lock.execute("ROLLBACK")
    lock.close()
    apart.start()

    apart.wait(lambda: task(apart, number)["state"] == "FAILED")
    assert task(apart, number)["reason"] == "burnt"
    assert len(events(apart, "task.failed")) == 1


@pytest.fixture
def pit():
    """A server that acknowledges everything and passes nothing on."""
    double = ServerDouble("a1Pk", "dev-01", SECRET)
    yield double
    double.close()


def test_rollback_whose_report_is_lost_is_tried_again_then_failed(
        fleet, board, pit):
    package = upload(fleet, board.image("hello-never-confirms.elf",
                                        "1.4.0").read_bytes(), "1.4.0")
    switch_on(fleet, board)
    number = verify(fleet, package)
    for attempt in range(1, 4):
        fleet.wait(lambda: len(events(fleet, "task.trial")) == attempt, 60)
        assert task(fleet, number)["state"] == "IN_PROGRESS"
        board.identity.write_text(json.dumps(pit.identity()))
        board.process.send_signal(signal.SIGUSR1)
        pit.wait(lambda: len(pit.versions()) >= attempt, "inform after -1")
        assert pit.params("progress")[-1]["task"] == number
        assert board.boot_record()["outcome_reported"]
        switch_off(fleet, board)
        board.power_on(Home(fleet))

    fleet.wait(lambda: task(fleet, number)["state"] == "FAILED")
    assert task(fleet, number)["reason"] == "came back with 1.3.0 after 3 attempts"
    assert version_of(fleet) == "1.3.0"
