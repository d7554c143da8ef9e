# test_board_net.py - the Ethernet driver of the i.MX RT1060 and lwIP's glue on
# the emulated board, against real servers on loopback.
#
# SPDX-License-Identifier: MIT
import os
import zlib

import pytest

from mosquitto_broker import presence
from mqtt_client import device_login
from net_board import Files, NetBoard, fnv1a

FIRMWARE = os.urandom(272600)
UPGRADE = "/ota/device/upgrade/pk1/dev-01"


@pytest.fixture
def start(bin_dir, arm_dir):
    """start(RULES, WORDS...) -> a board whose network is up."""
    boards = []

    def begin(rules, *words):
        boards.append(NetBoard(bin_dir, arm_dir, rules, *words))
        assert boards[-1].ready() == "10.0.2.15"
        return boards[-1]

    yield begin
    for board in boards:
        board.stop()


@pytest.fixture
def files():
    server = Files({"/firmware": FIRMWARE, "/half": FIRMWARE},
                   cut={"/half": 100000})
    yield server
    server.stop()


def rules(**port_to_address):
    maps = ["map=%s:%s" % (port[1:], address)
            for port, address in port_to_address.items()]
    return ",".join(maps + ["host=*.example"])


# --- TCP, DNS ----------------------------------------------------------------


def test_file_by_name_arrives_whole(start, files):
    board = start(rules(_80=files.address))
    board.say("get files.example 80 /firmware")
    got = board.wait(r"fetched (\d+) bytes, hash (\d+), .*: (.*)")
    assert int(got[1]) == len(FIRMWARE)
    assert int(got[2]) == fnv1a(FIRMWARE)
    assert got[3] == "the peer closed the connection"


def test_file_by_address_arrives_through_lost_frames(start, files):
    board = start(rules(_80=files.address), "--lose", 5000)
    board.say("get 10.0.2.2 80 /firmware")
    got = board.wait(r"fetched (\d+) bytes, hash (\d+)")
    assert (int(got[1]), int(got[2])) == (len(FIRMWARE), fnv1a(FIRMWARE))


def test_file_at_a_slow_reader_arrives_whole(start, files):
    board = start(rules(_80=files.address))
    board.say("slow files.example 80 /firmware")
    got = board.wait(r"fetched (\d+) bytes, hash (\d+), (\d+) ms")
    assert (int(got[1]), int(got[2])) == (len(FIRMWARE), fnv1a(FIRMWARE))
    assert int(got[3]) >= len(FIRMWARE) // 512 * 10


def test_file_cut_in_its_middle_gives_the_first_part(start, files):
    board = start(rules(_80=files.address))
    board.say("get files.example 80 /half")
    got = board.wait(r"fetched (\d+) bytes, hash (\d+)")
    assert (int(got[1]), int(got[2])) == (100000, fnv1a(FIRMWARE[:100000]))


def test_fetch_again_and_again_leaks_nothing(start, files):
    board = start(rules(_80=files.address))
    for _ in range(10):  # each takes more buffers than there are
        board.say("get files.example 80 /firmware")
        assert board.wait(r"fetched (\d+)")[1] == str(len(FIRMWARE))


def test_name_that_does_not_exist_is_not_found(start, files):
    board = start(rules(_80=files.address))
    board.say("get files.elsewhere 80 /firmware")
    assert board.wait(r"fetched 0 .*: (.*)")[1] == "no such thing"


def test_port_where_nobody_listens_is_an_io_error(start, files):
    board = start(rules(_80=files.address))
    board.say("get files.example 81 /firmware")
    assert "network failed" in board.wait(r"fetched 0 .*: (.*)")[1]


# --- time --------------------------------------------------------------------


def test_time_comes_by_sntp(start):
    board = start(rules() + ",time=1700000000")
    said = "unknown"
    while said == "unknown":  # asked at once, but the answer takes its time
        board.say("time")
        said = board.wait(r"time (\w+)")[1]
    assert 0 <= int(said) - 1700000000 < 60


# --- MQTT --------------------------------------------------------------------


def link_to(board, pk="pk1", dn="dev-01", secret="secret0123456789"):
    board.say("link broker.example 1883 %s %s %s" %
              device_login(pk, dn, secret, timestamp="2524608000000"))


class Linked:
    """A board with a link to the broker, and the service that pushes to it."""

    def __init__(self, board, broker):
        self.board, self.service = board, broker.service()
        link_to(board)
        board.wait("link up")
        self.epoch = presence(self.service.message())["epoch"]

    def push(self, payload):
        self.service.publish("tern/v1/down/" + self.epoch + UPGRADE, payload,
                             qos=1)

    def got(self):
        """Length and CRC-32 of the next message at the board."""
        m = self.board.wait(r"message (\S+) (\d+) bytes, crc (\d+)")
        assert m[1] == UPGRADE
        return int(m[2]), int(m[3])


@pytest.fixture
def linked(start, broker):
    return Linked(start(rules(_1883="%s:%d" % broker.address)), broker)


def test_link_with_the_devices_login_is_up(linked, broker):
    assert linked.epoch
    broker.wait_log("New client connected .* as pk1.dev-01")


def test_link_with_a_wrong_secret_is_refused(start, broker):
    board = start(rules(_1883="%s:%d" % broker.address))
    link_to(board, secret="another-secret-1")
    assert board.wait(r"link refused (\d)")[1] == "5"


def test_link_publication_is_acknowledged_and_arrives(linked):
    topic = "/ota/device/inform/pk1/dev-01"
    linked.board.say('pub %s {"version":"1.3.0"}' % topic)
    token = linked.board.wait(r"published (\d+): ok")[1]
    assert linked.board.wait(r"sent (\d+)")[1] == token
    m = linked.service.message()
    assert (m.topic, m.payload, m.qos) == (topic, b'{"version":"1.3.0"}', 1)


@pytest.mark.parametrize("size", [1, 127, 256, 257, 700, 1536])
def test_link_message_without_subscribe_arrives(linked, size):
    payload = os.urandom(size)
    linked.push(payload)
    assert linked.got() == (size, zlib.crc32(payload))


def test_link_message_that_is_too_long_costs_only_itself(linked):
    for payload in os.urandom(1537), os.urandom(60000), b"short":
        linked.push(payload)
    assert linked.got() == (5, zlib.crc32(b"short"))


def test_link_many_messages_at_once_all_arrive(linked):
    payloads = [b"%03d" % i * 100 for i in range(40)]
    for payload in payloads:
        linked.push(payload)
    assert [linked.got() for _ in payloads] == [(300, zlib.crc32(p))
                                                for p in payloads]


def test_link_goes_down_with_the_broker_and_comes_back(linked, broker):
    broker.stop()
    linked.board.wait("link down")
    broker.launch()
    link_to(linked.board)
    while linked.board.wait("link (up|down)")[1] == "down":
        link_to(linked.board)  # mosquitto does not listen yet


def test_unlink_leaves_by_a_disconnect(linked, broker):
    linked.board.say("unlink")
    broker.wait_log("(?m)^.*Client pk1.dev-01.* disconnected.$")
