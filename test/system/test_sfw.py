# test_sfw.py - the demonstration firmware on the emulated board, above the real
# bootloader, against the real server. The rest of its life is test/demo.
#
# SPDX-License-Identifier: MIT
import json
import os
import re
import subprocess

import pytest

from rt1060 import FILES_HOST, MQTT_HOST, MQTT_PORT, Rt1060
from tern_cli import Tern
from tern_server import TernServer

PRODUCT, DEVICE = "a1Sfw", "dev-01"
UPDATE_SECONDS = 180
BOARD_HZ = 528000000
LOG_LINE = 12  # app.log.line in targets/imxrt1060-sfw/main.c


class Site:
    """A server, and boards that are known to it."""

    def __init__(self, bin_dir, arm_dir, folder):
        self.bin, self.arm, self.folder = bin_dir, arm_dir, folder
        self.server = TernServer(str(folder / "server"), bin_dir,
                                 ["--url-host", FILES_HOST])
        self.server.start()
        self.tern = Tern(bin_dir, self.server.data)
        self.tern.good("product", "create", "Boards", "--key", PRODUCT)
        self.boards = []

    def board(self, name=DEVICE, provisioned=True, program="1.3.0",
              version="1.3.0"):
        b = Rt1060(self.bin, self.arm, str(self.folder / name))
        self.tern.good("device", "create", PRODUCT, name, "--identity",
                       b.identity, "--mqtt", "%s:%d" % (MQTT_HOST, MQTT_PORT))
        self.tern.good("board", "create", b.flash, "--sbl", b.sbl, "--image",
                       self.sign(b, version, program))
        if provisioned:
            self.tern.good("board", "provision", b.flash,
                           "--identity", b.identity)
        with open(b.identity, encoding="utf-8") as f:
            http_port = json.load(f)["httpPort"]
        b.reaches(self.server.mqtt_address[1], http_port)
        self.boards.append(b)
        return b

    def sign(self, board, version, program=None):
        out = str(self.folder / (version + ".img"))
        self.tern.good("image", "sign", "--key", board.key, "--version",
                       version, board.program(program or version), out)
        return out

    def version(self, name=DEVICE):
        return self.server.api("GET", "/api/v1/products/%s/devices/%s"
                               % (PRODUCT, name))["version"]

    def informed(self, version, name=DEVICE):
        self.server.wait(lambda: self.version(name) == version, UPDATE_SECONDS)

    def upload(self, image, version):
        return self.tern.json("package", "upload", PRODUCT, image,
                              "--version", version)["id"]

    def verify(self, package, source):
        return self.tern.begin("package", "verify", str(package), "--device",
                               DEVICE, "--source-version", source, "--wait")

    def record(self, board):
        return self.tern.json("flash", "status", board.flash)

    def close(self):
        for b in self.boards:
            b.power_off()
        self.server.stop()


@pytest.fixture
def site(bin_dir, arm_dir, tmp_path):
    s = Site(bin_dir, arm_dir, tmp_path)
    yield s
    s.close()


def test_sfw_update_runs_beside_the_application(site):
    board = site.board()
    board.power_on()
    site.informed("1.3.0")
    mark = board.mark()

    job = site.verify(site.upload(site.sign(board, "1.4.0"), "1.4.0"), "1.3.0")
    out, err = job.communicate(timeout=UPDATE_SECONDS)

    assert job.returncode == 0, out + err
    assert "SUCCEEDED" in out
    site.informed("1.4.0")
    for text in ("OTA target firmware version: 1.4.0", "> GET /d/",
                 "< HTTP/1.1 206", "Hello world", "download 100% done",
                 "digest matched", "image hash and signature verified",
                 "the Hello tasks never waited longer than", "hello sbl.",
                 "Remap type: test", "The image now in SECONDARY_SLOT slot",
                 "version 1.4.0 in slot 2, on trial", "last reset by software",
                 "firmware confirmed"):
        mark = board.wait(text, mark)
    board.power_off()
    status = site.record(board)
    assert status["record"]["state"] == "STEADY"
    assert status["record"]["active_slot"] == 2
    with open(board.notes, encoding="utf-8") as f:
        assert "not modelled" not in f.read()


def test_sfw_hello_waits_for_little_more_than_an_erase(site):
    board = site.board()
    board.power_on()
    site.informed("1.3.0")
    mark = board.mark()

    site.verify(site.upload(site.sign(board, "1.4.0"), "1.4.0"), "1.3.0")
    board.wait("the Hello tasks never waited", mark, UPDATE_SECONDS)

    line = next(text for text in board.lines[mark:] if "never waited" in text)
    gap, erase = map(int, re.search(
        r"longer than (\d+) ms; erasing one sector took (\d+) ms",
        line).groups())
    assert 0 < erase <= gap < 2 * erase, line


def test_sfw_without_identity_says_what_to_do_and_runs(site):
    board = site.board(provisioned=False)
    board.power_on()

    mark = board.wait("this board has no identity. No updates until `tern "
                      "board provision` has written it")

    for text in ("Hello world1.", "Hello world2.") * 3:
        mark = board.wait(text, mark)
    assert not any("LK-" in line for line in board.lines)


def test_sfw_damaged_identity_is_named(site):
    board = site.board()
    with open(board.flash, "r+b") as f:
        f.seek(0x3f0000 + 14)  # in the product key
        f.write(b"\0")
    board.power_on()

    board.wait("this board's identity is wrong: it must be whole: its checksum "
               "differs")


def test_sfw_version_is_that_of_the_image_header(site):
    board = site.board(program="1.5.0", version="7.8.9")
    board.power_on()

    board.wait("version 7.8.9 in slot 1")

    site.informed("7.8.9")


def test_sfw_fault_says_where_and_resets(site):
    board = site.board(provisioned=False)
    symbols = subprocess.run(
        ["arm-none-eabi-nm", os.path.join(site.arm, "sfw-1.3.0.elf")],
        check=True, encoding="ascii", capture_output=True).stdout
    line = int(re.search(r"^(\w+) b app$", symbols, re.M)[1], 16) + LOG_LINE

    # A call to an address without the Thumb bit.
    board.power_on("--flip", "%#x:0@%d" % (line, BOARD_HZ))

    mark = board.wait("firmware fault: pc ")
    assert " cfsr 00020000 " in board.lines[mark - 1]  # INVSTATE
    for text in ("hello sbl.", "last reset by software", "Hello world1."):
        mark = board.wait(text, mark)


def test_sfw_two_boards_update_at_once(site):
    names = ("dev-01", "dev-02")
    boards = [site.board(name) for name in names]
    for seed, board in enumerate(boards):
        board.power_on("--seed", str(seed))
    for name in names:
        site.informed("1.3.0", name)

    package = site.upload(site.sign(boards[0], "1.4.0"), "1.4.0")
    job = site.tern.begin("package", "verify", str(package), "--device",
                          *names, "--source-version", "1.3.0", "--wait")
    out, err = job.communicate(timeout=UPDATE_SECONDS)

    assert job.returncode == 0, out + err
    for board, name in zip(boards, names):
        site.informed("1.4.0", name)
        board.wait("version 1.4.0 in slot 2, on trial")
        board.power_off()
        assert site.record(board)["record"]["state"] == "STEADY"
    assert len({next(text for text in board.lines if "chip " in text)
                for board in boards}) == 2
