# test_sfw_hostile.py - the demonstration firmware updates itself while network
# and server do what they should not: frames are lost or damaged, the broker or
# the server dies, downloads come wrong, short or not at all. It ends where it
# should, and its two Hello tasks go on all the time.
#
# SPDX-License-Identifier: MIT
import json
import os
import re
import signal

import pytest

from link import Link
from rt1060 import FILES_HOST, MQTT_HOST, MQTT_PORT
from server_double import ServerDouble, stall
from sfw_site import DEVICE, PRODUCT, UPDATE_SECONDS, Site
from sweeps import sweep_all
from tern_cli import Tern

SECRET = "0123456789abcdef0123456789abcdef"
MARGIN_MS = 10  # beside one erase, for whatever else the loop has to do
FRAMES = 30000  # of a million
TRIES = 8  # AGENT_DOWNLOAD_TRIES
STOP = 45000  # about half of the image


@pytest.fixture
def site(bin_dir, arm_dir, tmp_path):
    s = Site(bin_dir, arm_dir, tmp_path)
    yield s
    s.close()


def ready(site, *words, link=None):
    """A board on 1.3.0, a package for it, and where in the console's text the
    update will begin. link: what downloads come through."""
    board = site.board()
    if link:
        link.target = site.server.http_port
        board.reaches(site.server.mqtt_address[1], board.http_port, link.port)
    board.power_on(*words)
    site.informed("1.3.0")
    package = site.upload(site.sign(board, "1.4.0"), "1.4.0")
    return board, package, board.mark()


def hello_went_on(board, mark):
    """Beside the download both tasks spoke, and neither waited for long."""
    first = board.find("OTA target firmware version", mark)
    end = board.wait("never waited longer than", first, UPDATE_SECONDS)
    words = [w for line in board.lines[first:end]
             for w in re.findall(r"Hello world\d", line)]
    assert {"Hello world1", "Hello world2"} <= set(words)
    assert all(a != b for a, b in zip(words, words[1:])), "one stood still"
    gap, erase = map(int, re.search(
        r"longer than (\d+) ms; erasing one sector took (\d+) ms",
        board.lines[end - 1]).groups())
    assert gap <= erase + MARGIN_MS, board.lines[end - 1]


@pytest.mark.parametrize("way", ["--lose", "--corrupt"])
def test_sfw_updates_although_frames_do_not_arrive(site, way):
    board, package, mark = ready(site, way, str(FRAMES))

    job = site.begin(package, DEVICE)

    site.updated(job, "1.4.0", DEVICE)
    hello_went_on(board, mark)


def test_sfw_goes_on_when_the_broker_dies_in_mid_download(site):
    board, package, mark = ready(site)
    dead = []

    def kill_broker():
        dead.append(site.server.broker())
        os.kill(dead[0], signal.SIGKILL)

    board.when("download 30% done", mark, kill_broker)
    job = site.begin(package, DEVICE)

    site.updated(job, "1.4.0", DEVICE)
    assert dead and site.server.broker() not in (None, dead[0])
    hello_went_on(board, mark)


def test_sfw_goes_on_when_the_server_dies_in_mid_download(site):
    link = Link()
    board, package, mark = ready(site, link=link)
    site.server.keep_ports()
    link.stop_once(STOP)

    def die():
        site.server.kill()
        link.drop()

    board.when("download 30% done", mark, die)
    job = site.begin(package, DEVICE)
    lost = board.wait("download interrupted", mark, UPDATE_SECONDS)
    site.server.start()

    site.updated(job, "1.4.0", DEVICE)
    link.close()
    place = board.wait("< HTTP/1.1 206", lost)
    asked = [line for line in board.lines[lost:place] if "> Range" in line]
    assert int(re.search(r"bytes=(\d+)-", asked[-1])[1]) > 0, asked
    hello_went_on(board, mark)


# --- a server that is not ours ------------------------------------------------

class Misled:
    """A board on 1.3.0 whose server is a double with spoilers."""

    def __init__(self, bin_dir, arm_dir, folder):
        maker = Site(bin_dir, arm_dir, folder)
        self.board = maker.board(provisioned=False)
        with open(maker.sign(self.board, "1.4.0"), "rb") as f:
            self.image = f.read()
        maker.close()
        self.server = ServerDouble(PRODUCT, DEVICE, SECRET, FILES_HOST)
        identity = dict(self.server.identity(), mqttHost=MQTT_HOST,
                        mqttPort=MQTT_PORT)
        with open(os.open(self.board.identity,
                          os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600),
                  "w", encoding="ascii") as f:
            json.dump(identity, f)
        self.tern = Tern(bin_dir)
        self.tern.good("board", "provision", self.board.flash, "--identity",
                       self.board.identity)
        self.board.reaches(self.server.mqtt_port, self.server.http_port)

    def begin(self, *words):
        self.board.power_on(*words)
        self.server.wait(lambda: "1.3.0" in self.server.versions(),
                         "inform 1.3.0")
        self.board.wait("no update is waiting")
        mark = self.board.mark()
        self.server.push(self.image, "1.4.0")
        return mark

    def record(self):
        self.board.power_off()
        return self.tern.json("flash", "status", self.board.flash)["record"]

    def close(self):
        self.board.power_off()
        self.server.close()


@pytest.fixture
def misled(bin_dir, arm_dir, tmp_path):
    m = Misled(bin_dir, arm_dir, tmp_path)
    yield m
    m.close()


def other_place(reply):
    reply.first += 1


def other_size(reply):
    reply.total += 1


def wrong_length(reply):
    reply.length -= 1


def short_body(reply):
    reply.body = reply.body[:5000]


def not_found(reply):
    reply.status = 404


def test_sfw_gets_its_image_from_a_server_that_answers_wrong(misled):
    misled.server.spoilers += [short_body, other_place, short_body, other_size,
                               wrong_length, not_found]
    mark = misled.begin()

    misled.server.wait(lambda: misled.server.versions()[-1] == "1.4.0",
                       "inform 1.4.0")

    for text in ("the server closed the connection",
                 "Content-Range is not what was asked for",
                 "the server closed the connection",
                 "Content-Range is not what was asked for",
                 "Content-Length and Content-Range differ",
                 "HTTP status 404", "download 100% done",
                 "firmware confirmed"):
        mark = misled.board.wait(text, mark)
    begins = [int(re.match(r"bytes=(\d+)-", asked)[1])
              for _, _, asked in misled.server.requests]
    assert begins == [0, 5000, 5000, 10000, 10000, 10000, 10000]
    assert misled.record()["active_slot"] == 2


def test_sfw_gets_its_image_from_a_server_that_falls_silent(misled):
    misled.server.spoilers += [stall(30000)]
    mark = misled.begin()

    misled.server.wait(lambda: misled.server.versions()[-1] == "1.4.0",
                       "inform 1.4.0")

    misled.board.wait("the server does not answer", mark)
    hello_went_on(misled.board, mark)
    assert [asked for _, _, asked in misled.server.requests] == \
        ["bytes=0-", "bytes=30000-"]


@pytest.mark.skipif(not sweep_all(), reason="minutes of back-off; SWEEP=all")
def test_sfw_gives_up_a_hopeless_server_and_lives_on(misled):
    misled.server.spoilers += TRIES * [other_place]
    mark = misled.begin()

    misled.server.wait(lambda: any(p["step"] == "-2" for p in
                                   misled.server.params("progress")),
                       "step -2", UPDATE_SECONDS)

    mark = misled.board.wait("no try left", mark)
    for text in ("Hello world1.", "Hello world2.") * 2:
        mark = misled.board.wait(text, mark)
    assert len(misled.server.requests) == TRIES
    record = misled.record()
    assert (record["state"], record["active_slot"]) == ("STEADY", 1)
