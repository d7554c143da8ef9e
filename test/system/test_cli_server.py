# test_cli_server.py - `tern` against a real ternd.
#
# SPDX-License-Identifier: MIT
import json
import os
import signal
import stat
import threading

import pytest

from mqtt_client import MqttClient, device_login
from tern_cli import Tern

SECRET = "abcdefgh12345678"


@pytest.fixture
def tern(bin_dir, server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Tern(bin_dir, data=server.data)


@pytest.fixture
def product(tern):
    tern.good("product", "create", "Lamp", "--key", "lamp01")
    tern.good("device", "create", "lamp01", "dev-01", "--secret", SECRET)
    return "lamp01"


@pytest.fixture
def package(tern, product, tmp_path):
    (tmp_path / "fw.bin").write_bytes(bytes(range(256)) * 1024)
    made = tern.json("package", "upload", product, "fw.bin", "--version",
                     "1.4.0")
    return made["id"]


class Device:
    """dev-01, as little of it as these tests need."""

    def __init__(self, server):
        self.mqtt = MqttClient(server.mqtt_address,
                               *device_login("lamp01", "dev-01", SECRET))
        assert self.mqtt.connect() == 0

    def say(self, what, **params):
        self.mqtt.publish("/ota/device/%s/lamp01/dev-01" % what,
                          json.dumps({"id": 1, "params": params},
                                     separators=(",", ":")))


@pytest.fixture
def device(tern, product, server):
    """dev-01, connected; the server knows that it runs 1.3.0."""
    connected = Device(server)
    connected.say("inform", version="1.3.0")
    server.wait(lambda: tern.json("device", "show", product,
                                  "dev-01")["version"] == "1.3.0")
    yield connected
    connected.mqtt.drop()


@pytest.fixture
def offline(tern, product, device, server):
    """dev-01 after that; what is begun for it stays QUEUED."""
    device.mqtt.disconnect()
    server.wait(lambda: not tern.json("device", "show", product,
                                      "dev-01")["online"])


def line_with(process, text, seconds=20):
    """Read the lines of a process up to the one with this text."""
    guard = threading.Timer(seconds, process.kill)
    guard.start()
    seen = []
    for line in process.stdout:
        seen.append(line)
        if text in line:
            guard.cancel()
            return line
    guard.cancel()
    raise AssertionError("it ended after %r: %s" % (seen,
                                                    process.stderr.read()))


def test_cli_status_says_that_the_server_is_up(tern):
    assert tern.json("status")["status"] == "ok"
    assert "version" in tern.good("status")


def test_cli_server_and_token_file_instead_of_the_folder(tern, server):
    for name in list(tern.environment):
        if name.startswith("TERN_"):
            del tern.environment[name]

    tern.good("product", "list", "--server", server.http, "--token-file",
              server.token_file)


def test_cli_product_create_and_list(tern):
    made = tern.json("product", "create", "Grün & co")

    assert made["name"] == "Grün & co" and made["product_key"]
    text = tern.good("product", "list")
    assert made["product_key"] in text and "Grün & co" in text


def test_cli_refusal_is_the_servers_sentence(tern, product):
    run = tern("device", "create", product, "dev-01")

    assert run.code == 1 and run.out == ""
    assert run.err.startswith("tern: device create: ")
    assert "dev-01" in run.err and run.err.count("\n") == 1


def test_cli_device_create_writes_the_identity(tern, product, server):
    tern.good("device", "create", product, "dev:2@x", "--identity", "id.json")

    with open("id.json", encoding="utf-8") as f:
        identity = json.load(f)
    secret = identity.pop("deviceSecret")
    assert identity == {
        "productKey": product, "deviceName": "dev:2@x",
        "mqttHost": server.mqtt_address[0], "mqttPort": server.mqtt_address[1],
        "httpPort": server.http_port}
    assert stat.S_IMODE(os.stat("id.json").st_mode) == 0o600
    mqtt = MqttClient(server.mqtt_address,
                      *device_login(product, "dev:2@x", secret))
    assert mqtt.connect() == 0
    mqtt.drop()


def test_cli_device_create_keeps_an_identity_that_exists(tern, product):
    with open("id.json", "w", encoding="ascii") as f:
        f.write("mine")

    run = tern("device", "create", product, "dev-02", "--identity", "id.json")

    assert run.code == 1 and "exists already" in run.err
    assert tern("device", "show", product, "dev-02").code == 1
    with open("id.json", encoding="ascii") as f:
        assert f.read() == "mine"


def test_cli_device_disable_and_enable(tern, product):
    assert tern.json("device", "disable", product, "dev-01")["enabled"] is False
    row = tern.good("device", "list", product).splitlines()[1].split()
    assert row[:4] == ["lamp01", "dev-01", "no", "no"]
    assert tern.json("device", "enable", product, "dev-01")["enabled"] is True


def test_cli_list_goes_beyond_one_page(tern, product, server):
    for i in range(510):
        server.api("POST", "/api/v1/products/%s/devices" % product,
                   {"device_name": "more-%03d" % i})

    items = tern.json("device", "list", product)["items"]

    assert len(items) == 511
    assert len({d["device_name"] for d in items}) == 511


def test_cli_package_upload_list_and_show(tern, product, package):
    shown = tern.json("package", "show", package)

    assert shown["size_bytes"] == 256 * 1024
    assert shown["state"] == "UNVERIFIED"
    text = tern.good("package", "list", product)
    assert "262,144" in text and "1.4.0" in text


def test_cli_package_upload_without_verification(tern, product, package):
    del package
    made = tern.json("package", "upload", product, "fw.bin", "--version",
                     "1.5.0", "--name", "second try", "--sign-method",
                     "SHA256", "--no-verification")

    assert (made["state"], made["sign_method"], made["name"]) == \
        ("NOT_NEEDED", "SHA256", "second try")


def test_cli_package_upload_of_no_file_is_refused(tern, product, tmp_path):
    (tmp_path / "empty").write_bytes(b"")

    for name in ("none", "empty", "."):
        run = tern("package", "upload", product, name, "--version", "1")
        assert run.code == 1 and name in run.err


def test_cli_package_verify_of_unknown_device_is_refused(tern, package):
    run = tern("package", "verify", package, "--device", "dev-77")

    assert run.code == 1
    assert run.err.startswith("tern: package verify: ")
    assert "dev-77" in run.err


def test_cli_package_verify_wait_ends_with_success(tern, package, device):
    watcher = tern.begin("package", "verify", package, "--device", "dev-01",
                         "--source-version", "1.3.0", "--wait")

    push = json.loads(device.mqtt.message().payload)
    assert push["data"]["version"] == "1.4.0"
    device.say("progress", step="35", desc="")
    line_with(watcher, "35")
    device.say("inform", version="1.4.0")

    out, err = watcher.communicate(timeout=20)
    assert watcher.returncode == 0, err
    assert "SUCCEEDED" in out
    assert tern.json("package", "show", package)["state"] == "VERIFIED"


def test_cli_package_verify_wait_ends_with_failure(tern, package, device):
    watcher = tern.begin("package", "verify", package, "--device", "dev-01",
                         "--wait", "--json")

    device.mqtt.message()
    device.say("progress", step="-3", desc="not by a trusted key")

    out, err = watcher.communicate(timeout=20)
    assert watcher.returncode == 1
    assert json.loads(out)["tasks"][0]["state"] == "FAILED"
    assert "not by a trusted key" in out
    assert "0 of 1" in err


@pytest.mark.usefixtures("offline")
def test_cli_package_verify_wait_interrupted_leaves_the_task(tern, product,
                                                             package):
    watcher = tern.begin("package", "verify", package, "--device", "dev-01",
                         "--wait")
    line_with(watcher, "dev-01")

    watcher.send_signal(signal.SIGINT)

    _, err = watcher.communicate(timeout=20)
    assert watcher.returncode == 1
    assert "goes on without us" in err
    task = tern.json("task", "list", product, "dev-01")["items"][0]
    assert task["state"] == "QUEUED"


@pytest.mark.usefixtures("offline")
def test_cli_package_verify_wait_outlives_a_restart(tern, product, package,
                                                    server):
    watcher = tern.begin("package", "verify", package, "--device", "dev-01",
                         "--wait")
    line_with(watcher, "dev-01")

    server.stop()
    server.start()
    task = tern.json("task", "list", product)["items"][0]
    tern.good("task", "cancel", task["id"])

    out, err = watcher.communicate(timeout=20)
    assert watcher.returncode == 1
    assert "CANCELED" in out and "0 of 1" in err


@pytest.mark.usefixtures("offline")
def test_cli_task_cancel_shows_the_task(tern, product, package):
    tern.good("package", "verify", package, "--device", "dev-01")
    task = tern.json("task", "list", product)["items"][0]

    assert "CANCELED" in tern.good("task", "cancel", task["id"])
    assert tern.json("task", "show", task["id"])["state"] == "CANCELED"
    assert tern("task", "cancel", task["id"]).code == 1


def test_cli_event_list_filters_and_limits(tern, product):
    everything = tern.json("event", "list")["items"]
    about = tern.json("event", "list", "--product", product, "--device",
                      "dev-01")["items"]

    assert about and all(e["device_name"] == "dev-01" for e in about)
    assert len(everything) > len(about)
    assert len(tern.json("event", "list", "--limit", "1")["items"]) == 1


def test_cli_token_of_a_viewer_may_look_and_no_more(tern, product):
    made = tern.json("token", "create", "guest", "--role", "viewer")
    with open("viewer", "w", encoding="ascii") as f:
        f.write(made["token"] + "\n")

    run = tern("product", "create", "Another", "--token-file", "viewer")

    assert run.code == 1 and run.err.startswith("tern: product create: ")
    assert product in tern.good("product", "list", "--token-file", "viewer")


def test_cli_without_a_server_is_3_and_what_to_do(tern, server):
    server.stop()
    gone = tern("product", "list")
    # A port that was free a moment ago stands in for a server that died.
    stale = tern("product", "list", "--server", server.http, "--token-file",
                 server.token_file)

    assert gone.code == stale.code == 3
    assert "ternd --data" in gone.err
    assert "Is ternd running?" in stale.err
