# test_broker_topics.py - the plugin in a real Mosquitto: topics, delivery,
# presence, and what happens while one side is away.
#
# "Nothing came" is never waited for: something that must come is sent after it,
# and has to be the next.
#
# Source of the claims: spec/device-protocol.md sections 2 and 9.
#
# SPDX-License-Identifier: MIT
import re
import signal
import subprocess

import pytest

from mosquitto_broker import online, presence
from mqtt_client import device_login, packet, text

UPGRADE = "/ota/device/upgrade/pk1/dev-01"
INFORM = "/ota/device/inform/pk1/dev-01"
INFORM_BODY = b'{"id":1, "params":{"version":"1.3.0"}}'


def down(epoch, topic=UPGRADE):
    return "tern/v1/down/" + epoch + topic


# --- topics ------------------------------------------------------------------


def test_uplink_reaches_the_service(broker):
    service = broker.service()
    device, _ = online(broker, service)
    device.publish(INFORM, INFORM_BODY)
    m = service.message()
    assert (m.topic, m.payload) == (INFORM, INFORM_BODY)


def test_uplink_that_decides_a_task_goes_on_with_qos_1(broker):
    service = broker.service()
    device, _ = online(broker, service)
    progress = INFORM.replace("inform", "progress")
    pull = "/sys/pk1/dev-01/thing/ota/firmware/get"
    for topic in (INFORM, progress, pull):
        device.publish(topic, b"{}")
    got = [(m.topic, m.qos) for m in (service.message() for _ in range(3))]
    assert got == [(INFORM, 1), (progress, 1), (pull, 0)]


def test_uplink_with_qos_1_is_acknowledged_and_arrives_once(broker):
    service = broker.service()
    device, _ = online(broker, service)
    device.publish(INFORM, INFORM_BODY, qos=1)
    device.publish(INFORM, b"end", qos=1)
    got = [service.message(), service.message()]
    assert [(m.payload, m.qos) for m in got] == [(INFORM_BODY, 1), (b"end", 1)]


def test_uplink_that_asks_to_be_retained_is_not(broker):
    service = broker.service()
    device, _ = online(broker, service)
    device.publish(INFORM, INFORM_BODY, qos=1, retain=True)
    assert not service.message().retain

    late = broker.service("ternd-2")  # would get what is retained
    device.publish(INFORM, b"end", qos=1)
    assert late.message().payload == b"end"


@pytest.mark.parametrize("topic", [
    "/ota/device/inform/pk1/dev-02",
    "/sys/pk1/dev-02/thing/ota/firmware/get",
    UPGRADE,
    "/sys/pk1/dev-01/thing/ota/firmware/get_reply",
    "tern/v1/presence",
    "tern/v1/sync",
    "tern/v1/down/00000000-1" + UPGRADE,
    "$SYS/broker/version",
    "$CONTROL/x/v1",
])
def test_device_on_a_foreign_topic_is_not_heard(broker, topic):
    service = broker.service()
    assert service.subscribe("#") == 1
    device, _ = online(broker, service)
    device.publish(topic, b"forged", qos=1)
    device.publish(INFORM, b"end", qos=1)
    assert service.message().payload == b"end"
    if not topic.startswith("$"):  # those the broker denies itself
        broker.wait_log(r"tern: denied 'pk1\.dev-01\|.*' to publish on "
                        + re.escape(topic))


@pytest.mark.parametrize("topic_filter", [
    "#", "+/#", "/#", "$SYS/#", "tern/#", "tern/v1/presence",
    "/ota/device/upgrade/pk1/dev-02", "/ota/device/upgrade/pk1/+",
    "/ota/device/upgrade/pk1/#", "/ota/device/+/pk1/dev-01",
    "/ota/device/inform/pk1/dev-01", "/ota/device/inform/+/+",
    "/sys/pk1/+/thing/ota/firmware/get_reply", "/sys/pk1/dev-02/#",
    "/sys/+/dev-01/#", "$share/g/" + UPGRADE, "$share/g//sys/pk1/dev-01/#",
])
def test_subscribe_beyond_the_device_is_refused(broker, topic_filter):
    device = broker.device()
    assert device.connect() == 0
    assert device.subscribe(topic_filter) == 0x80


@pytest.mark.parametrize("topic_filter", [
    UPGRADE, "/sys/pk1/dev-01/thing/ota/firmware/get_reply",
    "/sys/pk1/dev-01/#", "/sys/pk1/dev-01/thing/+", "/pk1/dev-01/user/#",
    "/ota/device/request/pk1/dev-01",
])
def test_subscribe_to_own_topics_is_granted(broker, topic_filter):
    device = broker.device()
    assert device.connect() == 0
    assert device.subscribe(topic_filter, 1) == 1


@pytest.mark.parametrize("retain", [False, True])
def test_will_of_a_device_is_not_sent(broker, retain):
    service = broker.service()
    device = broker.device()
    assert device.connect(will=(INFORM, "last words", retain)) == 0
    assert presence(service.message())["online"]
    device.drop()
    assert not presence(service.message())["online"]
    late = broker.service("ternd-2")  # would get what is retained
    device, _ = online(broker, service)
    assert presence(late.message())["online"]


def test_will_sent_as_the_broker_stops_is_not_kept(broker):
    device = broker.device()
    assert device.connect(will=(INFORM, "last words", True)) == 0
    broker.stop()
    broker.start()
    service = broker.service()
    device, _ = online(broker, service)


def test_packet_beyond_the_limit_closes_the_connection(broker):
    device = broker.device()
    assert device.connect() == 0
    device.send_raw(packet(0x30, text(INFORM) + b"x" * 70000)[:65000])
    device.wait_closed()
    assert broker.device().connect() == 0


# --- delivery ----------------------------------------------------------------


@pytest.mark.parametrize("subscribed", [False, True])
def test_push_reaches_the_device_exactly_once(broker, subscribed):
    service = broker.service()
    device, epoch = online(broker, service)
    if subscribed:
        assert device.subscribe(UPGRADE, 1) == 1
        assert device.subscribe("/sys/pk1/dev-01/#", 1) == 1
    service.publish(down(epoch), b"push", qos=1)
    service.publish(down(epoch), b"end", qos=1)
    got = [device.message(), device.message()]
    assert [(m.topic, m.payload, m.qos, m.retain) for m in got] == [
        (UPGRADE, b"push", 1, False), (UPGRADE, b"end", 1, False)]


def test_push_is_not_seen_by_other_listeners(broker):
    service, other = broker.service(), broker.service("ternd-2", False)
    assert other.subscribe("#") == 1
    device, epoch = online(broker, service)
    assert presence(other.message())["online"]
    service.publish(down(epoch), b"push", qos=1)
    assert device.message().payload == b"push"
    device.publish(INFORM, b"end", qos=1)
    assert other.message().payload == b"end"


@pytest.mark.parametrize("sent,got", [(0, 0), (1, 1), (2, 1)])
def test_push_has_qos_1_at_most(broker, sent, got):
    service = broker.service()
    device, epoch = online(broker, service)
    service.publish(down(epoch), b"push", qos=sent)
    assert device.message().qos == got


def test_push_that_asks_to_be_retained_is_not(broker):
    service = broker.service()
    device, epoch = online(broker, service)
    service.publish(down(epoch), b"push", qos=1, retain=True)
    assert not device.message().retain

    device.disconnect()
    presence(service.message())
    device, epoch = online(broker, service)
    assert device.subscribe(UPGRADE) == 1
    service.publish(down(epoch), b"end", qos=1)
    assert device.message().payload == b"end"


def test_push_with_a_stale_or_foreign_epoch_is_dropped(broker):
    service = broker.service()
    first, stale = online(broker, service)
    first.disconnect()
    assert not presence(service.message())["online"]
    device, epoch = online(broker, service)
    _, other = online(broker, service, dn="dev-02")
    assert len({stale, epoch, other}) == 3
    for wrong in (down(stale), down(other), down("x"), down(""),
                  down(epoch, "/ota/device/upgrade/pk1/nobody"),
                  down(epoch, "/tern/v1/sync"), "tern/v1/down/" + epoch,
                  down("e" * 100)):
        service.publish(wrong, b"wrong", qos=1)
    service.publish(down(epoch), b"end", qos=1)
    assert device.message().payload == b"end"
    broker.wait_log("tern: dropped tern/v1/down/" + stale)


def test_push_with_a_number_arrives_once_in_a_connection(broker):
    service = broker.service()
    device, epoch = online(broker, service)
    for number in ("7-2", "7-2", "7-1", "6-9", "7-3", "8-1", "7-4", "8-1"):
        service.publish(down(epoch + ";" + number), number.encode(), qos=1)
    service.publish(down(epoch), b"end", qos=1)  # without one: always
    got = [device.message().payload for _ in range(4)]
    assert got == [b"7-2", b"7-3", b"8-1", b"end"]

    device.drop()
    assert not presence(service.message())["online"]
    device, epoch = online(broker, service)
    service.publish(down(epoch + ";7-2"), b"7-2", qos=1)
    assert device.message().payload == b"7-2"


@pytest.mark.parametrize("number", [
    ";", ";7", ";7-", ";-1", ";7-1x", ";7-1;7-1", ";" + "7" * 60 + "-1"])
def test_push_with_a_number_that_is_none_is_dropped(broker, number):
    service = broker.service()
    device, epoch = online(broker, service)
    service.publish(down(epoch + number), b"wrong", qos=1)
    service.publish(down(epoch), b"end", qos=1)
    assert device.message().payload == b"end"


def test_push_of_a_large_or_empty_payload_arrives_whole(broker):
    service = broker.service()
    device, epoch = online(broker, service)
    large = bytes(range(256)) * 200
    for payload in (large, b""):
        service.publish(down(epoch), payload, qos=1)
        assert device.message().payload == payload


def test_push_to_many_devices_goes_to_each_its_own(broker):
    names = ["many-%03d" % i for i in range(100)]
    for name in names:
        broker.add("pk2", name)
    service = broker.service()
    devices = [online(broker, service, pk="pk2", dn=name) for name in names]
    for name, (_, epoch) in zip(names, devices):
        service.publish(down(epoch, "/ota/device/upgrade/pk2/" + name), name)
    for name, (device, _) in zip(names, devices):
        m = device.message()
        assert (m.topic, m.payload) == ("/ota/device/upgrade/pk2/" + name,
                                        name.encode())


def test_service_publishing_as_a_device_is_not_routed(broker):
    service = broker.service()
    device, epoch = online(broker, service)
    assert device.subscribe(UPGRADE) == 1
    service.publish(UPGRADE, b"past the plugin", qos=1)
    service.publish(INFORM, b"forged", qos=1)
    service.publish(down(epoch), b"end", qos=1)
    assert device.message().payload == b"end"
    device.publish(INFORM, b"end", qos=1)
    assert service.message().payload == b"end"


# --- presence ----------------------------------------------------------------


def test_presence_names_device_epoch_and_agent(broker):
    service = broker.service()
    device = broker.device(extra="_v=tern-0.1.0")
    assert device.connect() == 0
    p = presence(service.message())
    assert re.fullmatch(r"[0-9a-f]{8}-\d+", p.pop("epoch"))
    assert p == {"pk": "pk1", "dn": "dev-01", "online": True,
                 "agent": "tern-0.1.0"}
    device.drop()
    assert presence(service.message())["online"] is False


def test_presence_with_a_hostile_agent_is_still_json(broker):
    service = broker.service()
    device = broker.device(extra='_v="}\\{<b>')
    assert device.connect() == 0
    assert presence(service.message())["agent"] == "?}?{?b?"


@pytest.mark.parametrize("clean", [True, False])
@pytest.mark.parametrize("second", [{}, {"timestamp": "1"}, {"cid": "new"}])
def test_takeover_closes_the_older_connection_first(broker, second, clean):
    service = broker.service()
    old = broker.device()
    assert old.connect(clean=clean) == 0
    first = presence(service.message())
    new = broker.device(**second)
    assert new.connect(clean=clean) == 0
    old.wait_closed()

    gone, come = presence(service.message()), presence(service.message())
    assert (gone["online"], gone["epoch"]) == (False, first["epoch"])
    assert come["online"] and come["epoch"] != first["epoch"]

    service.publish(down(first["epoch"]), b"stale", qos=1)
    service.publish(down(come["epoch"]), b"end", qos=1)
    assert new.message().payload == b"end"
    new.disconnect()
    last = presence(service.message())
    assert (last["online"], last["epoch"]) == (False, come["epoch"])


def test_takeover_again_and_again_keeps_one_connection(broker):
    service = broker.service()
    devices = []
    for i in range(30):
        devices.append(broker.device(cid=str(i % 3)))
        assert devices[-1].connect() == 0
    for device in devices[:-1]:
        device.wait_closed()
    devices[-1].ping()
    states = [presence(service.message())["online"] for _ in range(59)]
    assert states == [True] + [False, True] * 29


def test_device_cannot_take_the_client_id_of_another(broker):
    victim = broker.device(cid="shared")
    assert victim.connect() == 0
    assert broker.device(dn="dev-02", cid="shared").connect() == 5
    broker.wait_log("another device is connected with the same clientId")
    victim.ping()
    assert broker.device(dn="dev-02", cid="pk1.dev-01").connect() == 5
    broker.wait_log("the clientId names another device")


def test_refused_login_leaves_the_connection_alone(broker):
    service = broker.service()
    device, _ = online(broker, service)
    assert broker.device(secret="secret0123456780").connect() == 5
    device.publish(INFORM, b"end", qos=1)
    assert service.message().payload == b"end"


def test_sync_replays_presence_and_last_inform(broker):
    service = broker.service()
    device, epoch = online(broker, service)
    gone, _ = online(broker, service, dn="dev-02")
    for body in (b"old", INFORM_BODY):
        device.publish(INFORM, body)
        assert service.message().payload == body
    gone.disconnect()
    assert not presence(service.message())["online"]
    service.publish("tern/v1/sync", b"", qos=1)
    p, inform, synced = [service.message() for _ in range(3)]
    assert presence(p) == {"pk": "pk1", "dn": "dev-01", "online": True,
                           "epoch": epoch, "agent": ""}
    assert (inform.topic, inform.payload) == (INFORM, INFORM_BODY)
    assert (synced.topic, synced.qos) == ("tern/v1/synced", 1)


def test_sync_does_not_replay_an_inform_of_an_older_connection(broker):
    service = broker.service()
    device, _ = online(broker, service)
    device.publish(INFORM, INFORM_BODY, qos=1)
    assert service.message().topic == INFORM
    device.disconnect()
    assert not presence(service.message())["online"]
    device, _ = online(broker, service)
    service.publish("tern/v1/sync", b"", qos=1)
    assert presence(service.message())["online"]
    assert service.message().topic == "tern/v1/synced"


# --- while the service or the broker is away ----------------------------------


def leave(broker, service):
    """The service dies; the broker has noticed."""
    service.drop()
    broker.wait_log("Client ternd-1 closed its connection")


def test_uplinks_while_the_service_is_away_reach_it_later(broker):
    service = broker.service()
    device, _ = online(broker, service)
    leave(broker, service)
    device.publish("/ota/device/progress/pk1/dev-01", b"5")
    device.publish(INFORM, INFORM_BODY, qos=1)
    device.publish("/ota/device/progress/pk1/dev-01", b"100")
    device.disconnect()
    broker.wait_log(r"Client pk1\.dev-01\S* disconnected")
    service = broker.service(subscribe=False)
    got = [service.message() for _ in range(4)]
    assert [m.payload for m in got[:3]] == [b"5", INFORM_BODY, b"100"]
    assert not presence(got[3])["online"]


def test_uplinks_kept_by_the_broker_survive_its_restart(broker):
    service = broker.service()
    device, _ = online(broker, service)
    leave(broker, service)
    device.publish("/ota/device/progress/pk1/dev-01", b"5")
    device.publish(INFORM, INFORM_BODY, qos=1)
    broker.stop()
    broker.start()
    device = broker.device()
    assert device.connect() == 0
    device.publish(INFORM, b"after", qos=1)
    service = broker.service(subscribe=False)
    got = [service.message() for _ in range(4)]
    assert [m.payload for m in got if m.topic == INFORM] == [
        INFORM_BODY, b"after"]
    assert [m.payload for m in got if "progress" in m.topic] == [b"5"]


def test_epochs_of_two_runs_of_the_broker_differ(broker):
    service = broker.service()
    _, first = online(broker, service)
    broker.stop(signal.SIGKILL)
    broker.start()
    service = broker.service()
    _, second = online(broker, service)
    assert first.split("-")[0] != second.split("-")[0]


def test_reload_keeps_connections_and_absent_sessions(broker):
    service = broker.service()
    device, epoch = online(broker, service)
    away = broker.device(dn="dev-02")
    assert away.connect(clean=False) == 0
    away.disconnect()
    assert presence(service.message())["online"]
    assert not presence(service.message())["online"]
    broker.process.send_signal(signal.SIGHUP)
    service.publish(down(epoch), b"after", qos=1)
    assert device.message().payload == b"after"
    device.publish(INFORM, b"end", qos=1)
    assert service.message().payload == b"end"


def test_mosquitto_s_own_clients_work_with_it(broker):
    """A second opinion on the wire, not written by us."""
    client_id, username, password = device_login("pk1", "dev-01",
                                                 "secret0123456789")
    service = broker.service()
    code = subprocess.run(
        ["mosquitto_pub", "-h", broker.address[0], "-p",
         str(broker.address[1]), "-i", client_id, "-u", username, "-P",
         password, "-q", "1", "-t", INFORM, "-m", "hello"],
        check=False).returncode
    assert code == 0
    assert presence(service.message())["online"]
    assert service.message().payload == b"hello"
