# test_broker.py - the plugin in a real Mosquitto: its start, and who may log in.
#
# Source of the claims: spec/device-protocol.md sections 1 and 9.
#
# SPDX-License-Identifier: MIT
import os
import re

import pytest

from mosquitto_broker import ROOT, SECRET, online, presence
from mqtt_client import MqttClient, MqttClosed, device_login


# --- login -------------------------------------------------------------------


@pytest.mark.parametrize("timestamp", [None, "2524608000000"])
@pytest.mark.parametrize("method", ["hmacmd5", "hmacsha1", "hmacsha256"])
def test_login_by_each_method_is_accepted(broker, method, timestamp):
    assert broker.device(method=method, timestamp=timestamp).connect() == 0


def test_login_as_link_sdk_sends_it_is_accepted(broker):
    device = broker.device(timestamp="2524608000000",
                           extra="_ss=1,_v=sdk-c-4.0.0,ext=3,")
    device.password = device.password.upper()
    assert device.connect(keepalive=1200) == 0


def test_login_vectors_of_the_specification_are_accepted(broker):
    with open(os.path.join(ROOT, "spec/vectors/login.txt"),
              encoding="utf-8") as f:
        rows = [line.split(" ") for line in f.read().splitlines()
                if line and not line.startswith("#")]
    assert rows
    for client_id, username, secret, password in rows:
        dn, pk = username.split("&")
        broker.add(pk, dn, secret)
        device = MqttClient(broker.address, client_id, username, password)
        assert device.connect() == 0, client_id


def test_login_with_wrong_secret_is_refused_and_the_log_says_why(broker):
    device = broker.device(secret="secret0123456780")
    assert device.connect() == 5
    broker.wait_log(r"tern: refused login of 'pk1\.dev-01\|.*' "
                    r"\(user 'dev-01&pk1'\) from 127\.0\.0\.1: wrong password")
    assert device.password not in broker.log()
    assert "secret0123456789" not in broker.log()


def test_login_of_unknown_device_is_refused_and_the_log_says_why(broker):
    assert broker.device(dn="nobody").connect() == 5
    broker.wait_log(r"user 'nobody&pk1'\) .*unknown or disabled device")


@pytest.mark.parametrize("client_id,username,password,why", [
    ("x", "dev-01&pk1", "00", "clientId is not cid"),
    ("x|signmethod=none|", "dev-01&pk1", "00", "signmethod is not"),
    ("x|signmethod=hmacmd5|", "dev-01", "00", "username is not"),
    ("x|signmethod=hmacmd5|", None, None, "clientId or username is missing"),
    ("x|signmethod=hmacmd5|", "dev-01&pk1", None, "wrong password"),
    ("y" * 2000 + "|signmethod=hmacmd5|", "dev-01&pk1", "00", "512"),
    ("ternd-1", "tern-service", "wrong", "wrong service secret"),
    ("ternd-1", "tern-service", None, "wrong service secret"),
    ("ternd-1", "tern-service", SECRET + "x", "wrong service secret"),
    ("other", "tern-service", SECRET, "must begin with ternd-"),
])
def test_login_malformed_is_refused(broker, client_id, username, password, why):
    client = MqttClient(broker.address, client_id, username, password)
    assert client.connect() == 5
    broker.wait_log("tern: refused login of .*" + why)


def test_login_with_nul_inside_names_is_refused(broker):
    for field in range(3):
        values = [v.encode() for v in device_login("pk1", "dev-01",
                                                   "secret0123456789")]
        values[field] = values[field][:3] + b"\0" + values[field][3:]
        device = MqttClient(broker.address, *values)
        try:
            assert device.connect() != 0
        except (MqttClosed, ConnectionResetError):
            pass
    assert broker.device().connect() == 0


def test_login_without_anything_is_refused(broker):
    client = MqttClient(broker.address, "")
    try:
        assert client.connect() != 0
    except (MqttClosed, ConnectionResetError):
        pass


def test_login_refusals_in_a_flood_are_counted_not_written(broker):
    for _ in range(60):
        assert broker.device(dn="nobody").connect() == 5
    broker.wait_log(r"tern: and \d+ more refused logins")


def test_device_made_after_the_start_can_log_in_at_once(broker):
    broker.add("pk9", "late")
    assert broker.device("pk9", "late").connect() == 0


def test_device_in_a_replaced_file_can_log_in_at_once(broker):
    broker.write("keys", "tern-keys 1\n+ pk9 late secret0123456789\n")
    assert broker.device("pk9", "late").connect() == 0
    assert broker.device().connect() == 5


def test_device_with_new_secret_logs_in_with_it_only(broker):
    broker.add("pk1", "dev-01", "another0123456789")
    assert broker.device(secret="another0123456789").connect() == 0
    assert broker.device().connect() == 5


def test_device_whose_line_is_not_complete_waits_for_it(broker):
    broker.append_key("+ pk9 late secret01234")
    assert broker.device("pk9", "late").connect() == 5
    broker.append_key("56789\n")
    assert broker.device("pk9", "late").connect() == 0


def test_disabled_device_is_thrown_out_and_stays_out(broker):
    service = broker.service()
    device, epoch = online(broker, service)
    broker.append_key("- pk1 dev-01\n")
    device.wait_closed()
    gone = presence(service.message())
    assert (gone["online"], gone["epoch"]) == (False, epoch)
    assert broker.device().connect() == 5
    broker.add("pk1", "dev-01")
    assert broker.device().connect() == 0


def test_device_missing_in_a_replaced_file_is_thrown_out(broker):
    devices = [broker.device(), broker.device(dn="dev-02")]
    assert [d.connect() for d in devices] == [0, 0]
    broker.write("keys", "tern-keys 1\n+ pk1 dev-02 secret0123456789\n")
    devices[0].wait_closed()
    devices[1].ping()


# --- start -------------------------------------------------------------------


@pytest.mark.parametrize("change,why", [
    (lambda b: b.configure("plugin_opt_keyfile /x\n"), "no option .*keyfile"),
    (lambda b: os.unlink(b.path("keys")), "cannot open keys file"),
    (lambda b: b.write("keys", ""), "no keys file"),
    (lambda b: b.write("keys", "+ pk1 d secret0123456789\n"), "no keys file"),
    (lambda b: os.unlink(b.path("service.secret")), "cannot open service"),
    (lambda b: b.write("service.secret", "short\n"), "16 to 128"),
    (lambda b: b.write("service.secret", "x" * 129 + "\n"), "16 to 128"),
])
def test_start_with_bad_options_is_refused_with_a_reason(idle, change, why):
    idle.configure()
    change(idle)
    idle.launch()
    assert idle.process.wait(30) != 0
    idle.process = None
    assert re.search("tern: .*" + why, idle.log()), idle.log()
