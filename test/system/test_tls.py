# test_tls.py - MQTT over TLS, end to end: the real server and broker, the real
# devices on Linux and on the board; and servers that must not be believed.
#
# SPDX-License-Identifier: MIT
import json
import os
import re
import signal
import ssl
import subprocess
import threading
import time

import pytest

from console import Console
from rt1060 import FILES_HOST, MQTT_HOST, MQTTS_PORT, TIME_HOST, Rt1060
from tern_cli import Tern
from tern_server import TernServer
from tls_peers import Authority, plain_peer, silent_peer, tls_peer

PRODUCT, DEVICE = "a1Tls", "dev-01"
UPDATE_SECONDS = 180
HANDSHAKE_SECONDS = 20  # LWIP_LINK_CONNECT_MS, POSIX_LINK_CONNECT_MS
NOT_TRUSTED = "certificate is not by the CA that this device trusts"
WRONG_NAME = "certificate is for another name"
EXPIRED = "certificate has expired"
EARLY = "certificate is not valid yet"
STALLED = "the server stalled in the TLS handshake"
BROKEN = "is it a TLS port?"
TIMELESS = "no time server has answered"


class LinuxDevice(Console):
    """tern-device with the real programs; its flash and identity."""

    def __init__(self, bin_dir, folder, tern):
        os.makedirs(folder)
        super().__init__(os.path.join(folder, "console.log"),
                         lambda line: None)
        self.bin, self.process = bin_dir, None
        self.key, point = (os.path.join(folder, n) for n in ("k.pem", "k.pt"))
        self.flash, self.identity = (os.path.join(folder, n)
                                     for n in ("flash", "identity.json"))
        self.point = point
        tern.good("key", "generate", self.key)
        tern.good("key", "show", self.key, "--point", point)
        tern.good("flash", "create", self.flash)

    def program(self, version):
        return os.path.join(self.bin, "hello-%s.elf" % version)

    def power_on(self):
        self.process = subprocess.Popen(
            [os.path.join(self.bin, "tern-device"), "--flash", self.flash,
             "--identity", self.identity, "--key", self.point],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, encoding="utf-8")
        threading.Thread(target=self.read, args=(self.process.stdout,),
                         daemon=True).start()

    def power_off(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.process = None


class Site:
    """A server whose broker speaks TLS, and devices that know its CA."""

    def __init__(self, bin_dir, arm_dir, folder, *options):
        self.bin, self.arm, self.folder = bin_dir, arm_dir, folder
        self.server = TernServer(
            str(folder / "server"), bin_dir,
            ["--mqtt", "none", "--mqtt-tls", "127.0.0.1:0", "--tls-name",
             MQTT_HOST, *options])
        self.server.start()
        self.tern = Tern(bin_dir, self.server.data)
        self.ca = str(folder / "ca.pem")
        self.tern.good("server", "ca", self.ca)
        self.tern.good("product", "create", "Things", "--key", PRODUCT)
        self.devices = []

    def sign(self, device, version):
        out = str(self.folder / (version + ".img"))
        self.tern.good("image", "sign", "--key", device.key, "--version",
                       version, device.program(version), out)
        return out

    def linux_device(self, ca=None, port=None, host="localhost"):
        d = LinuxDevice(self.bin, str(self.folder / DEVICE), self.tern)
        self.tern.good("flash", "install", d.flash, "--slot", 1,
                       self.sign(d, "1.3.0"))
        self.tern.good(
            "device", "create", PRODUCT, DEVICE, "--identity", d.identity,
            "--ca", ca or self.ca, "--mqtt",
            "%s:%d" % (host, port or self.server.mqtts_address[1]))
        self.devices.append(d)
        return d

    def board(self, ca=None, port=None, now="now", **identity):
        b = Rt1060(self.bin, self.arm, str(self.folder / DEVICE))
        self.tern.good("device", "create", PRODUCT, DEVICE, "--identity",
                       b.identity, "--ca", ca or self.ca, "--mqtt",
                       "%s:%d" % (MQTT_HOST, MQTTS_PORT))
        with open(b.identity, encoding="utf-8") as f:
            known = json.load(f)
        with open(b.identity, "w", encoding="utf-8") as f:
            json.dump({**known, **identity}, f)
        self.tern.good("board", "create", b.flash, "--sbl", b.sbl, "--image",
                       self.sign(b, "1.3.0"))
        self.tern.good("board", "provision", b.flash, "--identity", b.identity)
        b.reaches_by_tls(port or self.server.mqtts_address[1],
                         known["httpPort"], now)
        self.devices.append(b)
        return b

    def informed(self, version):
        path = "/api/v1/products/%s/devices/%s" % (PRODUCT, DEVICE)
        self.server.wait(
            lambda: self.server.api("GET", path)["version"] == version,
            UPDATE_SECONDS)

    def update(self, device):
        package = self.tern.json("package", "upload", PRODUCT,
                                 self.sign(device, "1.4.0"), "--version",
                                 "1.4.0")["id"]
        job = self.tern.begin("package", "verify", str(package), "--device",
                              DEVICE, "--source-version", "1.3.0", "--wait")
        out, err = job.communicate(timeout=UPDATE_SECONDS)
        assert job.returncode == 0, out + err
        assert "SUCCEEDED" in out
        self.informed("1.4.0")

    def close(self):
        for d in self.devices:
            d.power_off()
        self.server.stop()


@pytest.fixture
def site(bin_dir, arm_dir, tmp_path):
    s = Site(bin_dir, arm_dir, tmp_path, "--url-host", FILES_HOST)
    yield s
    s.close()


@pytest.fixture
def local_site(bin_dir, tmp_path):
    s = Site(bin_dir, None, tmp_path)
    yield s
    s.close()


@pytest.fixture
def other(tmp_path):
    return Authority(tmp_path / "other")


def goes_on_refusing(device, reason, seconds=40, times=2):
    """It is said, then again later; and the application never stops."""
    mark = 0
    for _ in range(times):
        mark = device.wait(reason, mark, seconds)
        mark = device.wait("Hello world1.", mark)
    assert not any("connected to the broker" in x for x in device.lines)


# --- what must work -----------------------------------------------------------


def test_tls_linux_device_updates_over_it(local_site):
    device = local_site.linux_device()
    device.power_on()
    local_site.informed("1.3.0")

    local_site.update(device)

    log = os.path.join(local_site.server.data, "broker/mosquitto.log")
    with open(log, encoding="utf-8") as f:
        assert "New client connected from 127.0.0.1" in f.read()


def test_tls_board_updates_over_it_beside_the_application(site):
    board = site.board()
    board.power_on()
    site.informed("1.3.0")
    mark = board.mark()

    site.update(board)

    line = board.lines[board.wait("never waited longer", mark) - 1]
    gap, erase, step = map(int, re.search(
        r"longer than (\d+) ms; erasing one sector took (\d+) ms, the longest "
        r"step of TLS (\d+) ms", line).groups())
    print(line)
    assert 0 < step < erase <= gap < 2 * erase, line
    board.wait("firmware confirmed", mark)


def test_tls_address_as_host_is_checked_too(local_site):
    device = local_site.linux_device(host="127.0.0.1")
    device.power_on()

    local_site.informed("1.3.0")


# --- who must not be believed -------------------------------------------------


@pytest.mark.parametrize("name, begin, end, reason", [
    ("DNS:localhost", "20200101000000Z", "20210101000000Z", EXPIRED),
    ("DNS:localhost", "20390101000000Z", "20400101000000Z", EARLY),
    ("DNS:elsewhere", "20200101000000Z", "20400101000000Z", WRONG_NAME),
], ids=["expired", "early", "wrong-name"])
def test_tls_linux_device_refuses_a_certificate(local_site, other, name,
                                                begin, end, reason):
    peer = tls_peer(*other.certify(name, begin, end))
    device = local_site.linux_device(ca=other.cert, port=peer.port)
    device.power_on()

    goes_on_refusing(device, reason)

    peer.close()


def test_tls_linux_device_refuses_a_foreign_ca(local_site, other):
    device = local_site.linux_device(ca=other.cert)
    device.power_on()

    goes_on_refusing(device, NOT_TRUSTED)


def comes_back_to(peer, device, reason):
    """One refusal, which may take the whole HANDSHAKE_SECONDS, and a new
    attempt."""
    goes_on_refusing(device, reason, 3 * HANDSHAKE_SECONDS, times=1)
    deadline = time.monotonic() + 2 * HANDSHAKE_SECONDS
    while peer.connections < 2:
        assert time.monotonic() < deadline, "it never came back"
        time.sleep(0.02)
    peer.close()


@pytest.mark.parametrize("make, reason", [
    (plain_peer, BROKEN), (silent_peer, STALLED)], ids=["plain", "silent"])
def test_tls_linux_device_refuses_who_does_not_speak_it(local_site, make,
                                                        reason):
    peer = make()
    device = local_site.linux_device(port=peer.port)
    device.power_on()

    comes_back_to(peer, device, reason)


def test_tls_board_refuses_a_foreign_ca(site, other):
    board = site.board(ca=other.cert)
    board.power_on()

    goes_on_refusing(board, NOT_TRUSTED)


def test_tls_board_refuses_another_name(site):
    board = site.board(mqttHost=TIME_HOST)
    board.power_on()

    goes_on_refusing(board, WRONG_NAME)


@pytest.mark.parametrize("years, reason", [(+3, EXPIRED), (-3, EARLY)],
                         ids=["expired", "early"])
def test_tls_board_knows_when_a_certificate_ends(site, years, reason):
    board = site.board(now=int(time.time()) + years * 365 * 86400)
    board.power_on()

    goes_on_refusing(board, reason)


def test_tls_board_without_the_time_says_so_and_goes_on(site):
    board = site.board()
    board.net = board.net.replace("time=now,", "")
    board.power_on()

    goes_on_refusing(board, TIMELESS, 3 * HANDSHAKE_SECONDS, times=1)


@pytest.mark.parametrize("make, reason", [
    (plain_peer, BROKEN), (silent_peer, STALLED)], ids=["plain", "silent"])
def test_tls_board_refuses_who_does_not_speak_it(site, make, reason):
    peer = make()
    board = site.board(port=peer.port)
    board.power_on()

    comes_back_to(peer, board, reason)


def test_tls_board_with_a_time_server_of_its_own_asks_that(site):
    board = site.board(timeServer=FILES_HOST)
    board.net = ",".join(r for r in board.net.split(",") if "ntp" not in r)
    board.power_on()

    site.informed("1.3.0")


# --- the server's certificates ------------------------------------------------


def pem(server, name):
    with open(os.path.join(server.data, "tls", name), "rb") as f:
        return f.read()


def restart(server, *options):
    server.stop()
    server.options = ["--mqtt-tls", "127.0.0.1:0", *options]
    server.start()


def test_tls_server_keeps_its_certificates_over_a_restart(local_site):
    server = local_site.server
    before = pem(server, "ca.pem"), pem(server, "server.pem")

    restart(server, "--tls-name", MQTT_HOST)

    assert (pem(server, "ca.pem"), pem(server, "server.pem")) == before
    for name in ("ca.key", "server.key"):
        mode = os.stat(os.path.join(server.data, "tls", name)).st_mode
        assert mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["names", "key"])
def test_tls_server_makes_its_certificate_anew(local_site, damage):
    server = local_site.server
    before = pem(server, "ca.pem"), pem(server, "server.pem")
    names = ["--tls-name", "other.test" if damage == "names" else MQTT_HOST]
    if damage == "key":
        os.unlink(os.path.join(server.data, "tls", "server.key"))

    restart(server, *names)

    assert pem(server, "ca.pem") == before[0]
    assert pem(server, "server.pem") != before[1]


def ends_soon(server, tmp_path):
    """Its certificate is now one that ends in 29 days."""
    folder = os.path.join(server.data, "tls")
    ca = Authority(tmp_path / "copy")
    ca.cert, ca.key = (os.path.join(folder, n) for n in ("ca.pem", "ca.key"))
    end = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 29 * 86400))
    cert, key = ca.certify("DNS:localhost,IP:127.0.0.1,DNS:127.0.0.1,DNS:"
                           + MQTT_HOST, end=end)
    for source, name in ((cert, "server.pem"), (key, "server.key")):
        os.replace(source, os.path.join(folder, name))


def test_tls_server_renews_a_certificate_that_ends_soon(local_site, tmp_path):
    server = local_site.server
    server.stop()
    ends_soon(server, tmp_path)
    before = pem(server, "server.pem")

    server.start()

    assert pem(server, "server.pem") != before


def served(server):
    """The certificate that the broker shows now."""
    return ssl.get_server_certificate(server.mqtts_address)


def file_text(path):
    with open(path, encoding="ascii") as f:
        return f.read()


def logged(server, text):
    with open(server.log, encoding="utf-8") as f:
        return text in f.read()


def test_tls_server_renews_its_certificate_while_it_runs(local_site, tmp_path):
    server = local_site.server
    before = served(server)
    ends_soon(server, tmp_path)

    server.process.send_signal(signal.SIGHUP)

    server.wait(lambda: served(server) != before)
    assert served(server).encode() == pem(server, "server.pem")


def test_tls_server_takes_a_renewed_certificate_and_devices_stay(
        local_site, other):
    server = local_site.server
    cert, key = other.certify("DNS:localhost")
    restart(server, "--tls-cert", cert, "--tls-key", key)
    first = served(server)
    device = local_site.linux_device(ca=other.cert)
    device.power_on()
    local_site.informed("1.3.0")
    old_key = key + ".old"
    os.rename(key, old_key)
    _, new_key = other.certify("DNS:localhost")  # over the old certificate
    os.rename(new_key, key + ".new")

    os.rename(old_key, key)  # whoever renews has not put the key there yet
    server.process.send_signal(signal.SIGHUP)
    server.wait(lambda: logged(server, "is not the key of --tls-cert"))
    assert served(server) == first
    os.rename(key + ".new", key)
    server.process.send_signal(signal.SIGHUP)

    server.wait(lambda: served(server) == file_text(cert))
    package = local_site.tern.json(
        "package", "upload", PRODUCT, local_site.sign(device, "1.4.0"),
        "--version", "1.4.0")["id"]
    local_site.tern.good("package", "verify", str(package), "--device", DEVICE,
                         "--source-version", "1.3.0")
    device.wait("download 100% done", 0, UPDATE_SECONDS)
    connections = [line for line in device.lines
                   if "connected to the broker" in line]
    assert len(connections) == 1  # by which the push came
    local_site.informed("1.4.0")


@pytest.mark.parametrize("curve, days, text", [
    ("P-384", 90, "the key of --tls-cert is not EC P-256"),
    ("P-256", 29, "--tls-cert ends within 30 days"),
])
def test_tls_server_says_what_devices_will_not_like(local_site, tmp_path, curve,
                                                    days, text):
    cert, key = str(tmp_path / "c.pem"), str(tmp_path / "c.key")
    Authority.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                      "ec_paramgen_curve:" + curve, "-nodes", "-days",
                      str(days), "-subj", "/CN=localhost", "-keyout", key,
                      "-out", cert)

    restart(local_site.server, "--tls-cert", cert, "--tls-key", key)

    assert logged(local_site.server, text)
    assert file_text(cert) == served(local_site.server)


def test_tls_server_without_its_ca_key_says_what_to_do(local_site, bin_dir):
    server = local_site.server
    server.stop()
    os.rename(os.path.join(server.data, "tls/ca.key"), server.data + "/away")

    run = subprocess.run([os.path.join(bin_dir, "ternd"), "--data",
                          server.data, *server.options, "--http",
                          "127.0.0.1:0"], capture_output=True, timeout=60,
                         encoding="utf-8", check=False)

    assert run.returncode == 1
    assert "lacks ca.pem or its ca.key: bring them back" in run.stderr
    os.rename(server.data + "/away", os.path.join(server.data, "tls/ca.key"))
    server.start()


def test_tls_server_takes_a_given_certificate(local_site, other):
    cert, key = other.certify("DNS:localhost")
    restart(local_site.server, "--tls-cert", cert, "--tls-key", key)
    device = local_site.linux_device(ca=other.cert)

    device.power_on()

    local_site.informed("1.3.0")
    refusal = local_site.tern("server", "ca")
    assert refusal.code == 1
    assert "its CA is known to whoever made it" in refusal.err


@pytest.mark.parametrize("words, text", [
    (["--mqtt", "none"], "--mqtt none: no device could connect"),
    (["--tls-name", "a"], "without --mqtt-tls"),
    (["--mqtt-tls", "127.0.0.1:0", "--tls-cert", "x"], "give both"),
    (["--mqtt-tls", "127.0.0.1:0", "--tls-name", "a b"], "give a host name"),
    (["--mqtt-tls", "127.0.0.1:0", "--tls-cert", "x", "--tls-key", "y",
      "--tls-name", "a"], "the names are those of --tls-cert"),
])
def test_ternd_refuses_options_that_do_not_go_together(bin_dir, tmp_path,
                                                       words, text):
    run = subprocess.run([os.path.join(bin_dir, "ternd"), "--data",
                          str(tmp_path / "d"), *words], capture_output=True,
                         timeout=60, encoding="utf-8", check=False)

    assert run.returncode == 2
    assert text in run.stderr


# --- provisioning -------------------------------------------------------------


def test_board_provision_refuses_a_certificate_that_is_no_ca(local_site,
                                                             other, tmp_path):
    cert, _ = other.certify("DNS:localhost")
    identity = tmp_path / "identity.json"
    local_site.tern.good("device", "create", PRODUCT, DEVICE, "--identity",
                         identity, "--ca", cert)
    local_site.tern.good("flash", "create", tmp_path / "flash")

    run = local_site.tern("board", "provision", tmp_path / "flash",
                          "--identity", identity)

    assert run.code == 1
    assert "not the certificate of a CA" in run.err


def test_board_provision_with_a_ca_shows_tls_only(local_site, tmp_path):
    identity = tmp_path / "identity.json"
    local_site.tern.good("device", "create", PRODUCT, DEVICE, "--identity",
                         identity, "--ca", local_site.ca)
    local_site.tern.good("flash", "create", tmp_path / "flash")
    local_site.tern.good("board", "provision", tmp_path / "flash",
                         "--identity", identity)

    shown = local_site.tern.json("board", "show", tmp_path / "flash")

    assert shown["tls"] is True
    assert shown["mqtt_port"] == local_site.server.mqtts_address[1]
