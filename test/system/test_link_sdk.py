# test_link_sdk.py - devices built on Link SDK v4 work with Tern unmodified.
#
# The device is link_sdk.py; server, broker, database and files are real.
#
# SPDX-License-Identifier: MIT
import hashlib
import json
import os

import pytest

from link_sdk import LinkSdkBroken, LinkSdkDevice, Task, json_value

SECRET = "secret0123456789"
IMAGE = bytes(range(256)) * 120 + b"tail"  # not MCUboot: any chip's file


@pytest.fixture
def fleet(server):
    """A server with one product, and a maker of devices on it."""
    server.api("POST", "/api/v1/products", {"name": "P", "product_key": "a1Pk"})

    def device(name="dev-01", version="1.3.0"):
        server.api("POST", "/api/v1/products/a1Pk/devices",
                   {"device_name": name, "device_secret": SECRET})
        return LinkSdkDevice("a1Pk", name, SECRET, server.mqtt_address,
                             server.http_port, version)

    server.device = device
    return server


def upload(server, version="1.4.0", body=IMAGE, method="SHA256"):
    return server.api(
        "POST", "/api/v1/products/a1Pk/packages?version=%s&name=p-%s"
        "&sign_method=%s&needs_verification=true" % (version, version, method),
        body)["id"]


def verify(server, package, name="dev-01", source="1.3.0"):
    return server.api("POST", "/api/v1/packages/%d/verify" % package, {
        "device_names": [name], "source_versions": [source]})["id"]


def task_of(server, job):
    return server.api("GET", "/api/v1/jobs/%d/tasks" % job)["items"][0]


def informed(server, device):
    device.connect()
    device.inform()
    server.wait(lambda: server.api(
        "GET", "/api/v1/products/a1Pk/devices/" + device.dn)["version"]
        == device.version)


def test_link_sdk_connect_sends_the_bytes_of_the_original(fleet):
    device = fleet.device()

    informed(fleet, device)

    sent = b"".join(data for way, data in device.wire if way == ">")
    assert sent.startswith(
        b"\x10\xbe\x01\x00\x04MQTT\x04\xc2\x04\xb0\x00ca1Pk.dev-01|timestamp="
        b"2524608000000,_ss=1,_v=sdk-c-4.0.0,securemode=3,"
        b"signmethod=hmacsha256,ext=3,|\x00\x0bdev-01&a1Pk\x00@")
    assert b"\xc0\x00" in sent
    assert sent.endswith(
        b"0F\x00\x1e/ota/device/inform/a1Pk/dev-01"
        b'{"id":1, "params":{"version":"1.3.0"}}')


@pytest.mark.parametrize("method", ["SHA256", "Md5"])
def test_link_sdk_update_succeeds_end_to_end(fleet, method):
    device = fleet.device()
    informed(fleet, device)
    package = upload(fleet, method=method)
    job = verify(fleet, package)

    task = device.receive(10)
    assert task and task.version == "1.4.0" and task.size == len(IMAGE)
    assert device.download(task)
    fleet.wait(lambda: task_of(fleet, job)["step"] == 100)
    device.power_off()
    device.version = "1.4.0"
    informed(fleet, device)

    fleet.wait(lambda: task_of(fleet, job)["state"] == "SUCCEEDED")
    assert bytes(device.image) == IMAGE
    assert fleet.api("GET", "/api/v1/packages/%d" % package)["state"] == "VERIFIED"


def test_link_sdk_gets_one_push_with_qos_1_and_nothing_else(fleet):
    device = fleet.device()
    informed(fleet, device)
    verify(fleet, upload(fleet))

    assert device.receive(10)
    assert device.receive(1) is None  # silence: no copy follows

    assert len(device.pushes) == 1
    topic, payload = device.pushes[0]
    assert topic == "/ota/device/upgrade/a1Pk/dev-01"
    assert (">", b"\x40\x02\x00\x01") in device.wire
    assert " " not in payload and "\\" not in payload
    push = json.loads(payload)
    assert list(push) == ["code", "data", "id", "message"]
    assert list(push["data"]) == ["size", "version", "url", "md5", "sign",
                                  "signMethod"]
    assert push["code"] == "1000" and push["message"] == "success"
    assert len(str(push["id"])) == 13
    assert push["data"]["md5"] == hashlib.md5(IMAGE).hexdigest()
    assert len(push["data"]["url"]) <= 254


def test_link_sdk_offline_device_is_pushed_to_when_it_comes(fleet):
    device = fleet.device()
    informed(fleet, device)
    device.power_off()
    fleet.wait(lambda: not fleet.api(
        "GET", "/api/v1/products/a1Pk/devices/dev-01")["online"])
    job = verify(fleet, upload(fleet))
    assert task_of(fleet, job)["state"] == "QUEUED"
    assert "offline" in task_of(fleet, job)["reason"]

    device.connect()
    device.inform()

    assert device.receive(10)
    fleet.wait(lambda: task_of(fleet, job)["state"] == "NOTIFIED")
    assert device.receive(1) is None


def test_link_sdk_resumes_where_the_connection_dropped(fleet):
    device = fleet.device()
    informed(fleet, device)
    verify(fleet, upload(fleet))

    task = device.receive(10)
    assert device.download(task, drop_after=15000)

    assert "Range: bytes=0-\r\n" in device.requests[0]
    assert "Range: bytes=14336-\r\n" in device.requests[1]
    assert bytes(device.image) == IMAGE


def test_link_sdk_is_not_pushed_again_when_it_reconnects_in_a_download(fleet):
    device = fleet.device()
    informed(fleet, device)
    job = verify(fleet, upload(fleet))
    task = device.receive(10)
    device.progress(5)
    fleet.wait(lambda: task_of(fleet, job)["state"] == "IN_PROGRESS")

    device.sock.close()
    device.connect()  # the SDK does not inform again; pushes are kept

    assert device.receive(2) is None
    assert device.download(task)


def test_link_sdk_reboot_in_a_download_is_pushed_to_again(fleet):
    device = fleet.device()
    informed(fleet, device)
    job = verify(fleet, upload(fleet))
    assert device.receive(10)
    device.progress(35)
    fleet.wait(lambda: task_of(fleet, job)["state"] == "IN_PROGRESS")

    device.power_off()
    informed(fleet, device)

    assert device.receive(10)
    assert task_of(fleet, job)["pushes"] == 2


def test_link_sdk_that_always_comes_back_fails_after_three_pushes(fleet):
    device = fleet.device()
    informed(fleet, device)
    job = verify(fleet, upload(fleet))

    for _ in range(3):
        assert device.download(device.receive(10))
        fleet.wait(lambda: task_of(fleet, job)["step"] == 100)
        device.power_off()  # its bootloader went back to 1.3.0
        device.connect()
        device.inform()

    fleet.wait(lambda: task_of(fleet, job)["state"] == "FAILED")
    assert "1.3.0" in task_of(fleet, job)["reason"]
    assert device.receive(1) is None


def test_link_sdk_altered_file_ends_failed_with_minus_3(fleet):
    device = fleet.device()
    informed(fleet, device)
    package = upload(fleet)
    job = verify(fleet, package)
    task = device.receive(10)
    task.sign = "0" * 64  # as if other bytes had arrived

    assert not device.download(task)

    fleet.wait(lambda: task_of(fleet, job)["state"] == "FAILED")
    assert task_of(fleet, job)["step"] == -3
    assert fleet.api("GET", "/api/v1/packages/%d" % package)["state"] \
        == "VERIFY_FAILED"


def test_link_sdk_query_is_answered_like_a_push(fleet):
    device = fleet.device()
    informed(fleet, device)
    device.query_firmware()
    assert device.receive(1) is None  # nothing to do: data is {}
    assert device.pushes[-1][1] == '{"id":"2","code":200,"data":{}}'


def test_link_sdk_url_without_port_is_served_after_a_server_restart(fleet):
    device = fleet.device()
    informed(fleet, device)
    job = verify(fleet, upload(fleet))
    task = device.receive(10)
    assert ":" not in task.url.split("//")[1]

    device.sock.close()
    fleet.stop()
    fleet.start()
    device.mqtt_address = fleet.mqtt_address
    device.http_port = fleet.http_port
    device.connect()
    assert device.download(task)

    device.power_off()
    device.version = "1.4.0"
    informed(fleet, device)
    fleet.wait(lambda: task_of(fleet, job)["state"] == "SUCCEEDED")


# --- the double itself: it must be as narrow as the original ------------------


def test_double_json_value_is_found_only_directly_after_the_colon():
    assert json_value('{"size":12,"url":"x"}', "size") == "12"
    assert json_value('{"size" :12}', "size") is None
    assert json_value('{"data": {"a":1,"b":2}}', "data") == ' {"a":1'
    assert json_value('{"data":{"a":{}},"b":2}', "data") == '{"a":{}}'


def test_double_task_without_a_mandatory_field_is_dropped():
    data = '{"size":1,"version":"v","url":"http://h/p","sign":"%s",' \
        '"signMethod":"%s"}'
    assert Task.parse(data % ("0" * 64, "SHA256"))
    assert Task.parse(data % ("0" * 64, "MD5")) is None
    assert Task.parse(data % ("0" * 63, "SHA256")) is None
    assert Task.parse('{"size":1,"version":"v"}') is None


@pytest.mark.parametrize("url", [
    "http://h:8080/p", "http://h", "http://h/" + "x" * 250, "http:\\/\\/h/p"])
def test_double_url_that_breaks_the_original_breaks_the_double(url):
    data = '{"size":1,"version":"v","url":"%s","sign":"%s",' \
        '"signMethod":"SHA256"}' % (url, "0" * 64)
    with pytest.raises(LinkSdkBroken):
        Task.parse(data)


def test_double_is_refused_with_a_wrong_secret(fleet):
    device = fleet.device()
    device.ds = "x" + SECRET

    with pytest.raises(PermissionError, match="x00.x05"):
        device.connect()
    log = os.path.join(fleet.data, "broker", "mosquitto.log")
    fleet.wait(lambda: "dev-01" in open(log, encoding="utf-8").read())
