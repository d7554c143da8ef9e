# test_ternd.py - the program: start, stop, crash, and what survives.
#
# SPDX-License-Identifier: MIT
import fcntl
import json
import os
import pty
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import termios
import threading
import time

import pytest

from link_sdk import LinkSdkDevice
from tern_server import ApiError, TernServer

SECRET = "secret0123456789"


def ternd(bin_dir, *options):
    return subprocess.run([os.path.join(bin_dir, "ternd"), *options],
                          capture_output=True, text=True, timeout=60,
                          check=False)


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as f:
        return [int(p) for p in f.read().split()]


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def product(server, key="a1Pk"):
    return server.api("POST", "/api/v1/products",
                      {"name": "P", "product_key": key})


def informed(server, name="dev-01"):
    server.api("POST", "/api/v1/products/a1Pk/devices",
               {"device_name": name, "device_secret": SECRET})
    device = LinkSdkDevice("a1Pk", name, SECRET, server.mqtt_address,
                           server.http_port, "1.3.0")
    device.connect()
    device.inform()
    server.wait(lambda: server.api(
        "GET", "/api/v1/products/a1Pk/devices/" + name)["version"])
    return device


# --- starting ---------------------------------------------------------------


@pytest.mark.parametrize("options,says", [
    ([], "--data"),
    (["--data", "d", "--http", "localhost:1"], "--http"),
    (["--data", "d", "--mqtt", "127.0.0.1:65536"], "--mqtt"),
    (["--data", "d", "--mqtt", "127.0.0.1"], "--mqtt"),
    (["--data", "d", "--http", "0.0.0.0:0"], "--url-host"),
    (["--data", "d", "--url-host", "a b"], "--url-host"),
    (["--data", "d", "--url-port", "0"], "--url-port"),
    (["--data", "d", "more"], "more"),
    (["--no-such"], "--help"),
])
def test_ternd_wrong_options_end_with_2_and_a_sentence(bin_dir, options, says):
    done = ternd(bin_dir, *options)
    assert done.returncode == 2 and says in done.stderr


def test_ternd_version_and_help_need_nothing(bin_dir):
    assert re.match(r"ternd \d+\.\d+\.\d+\n", ternd(bin_dir, "--version").stdout)
    assert "--data DIR" in ternd(bin_dir, "--help").stdout


def test_ternd_ready_says_where_everything_is(server):
    def printed():
        with open(server.log, encoding="utf-8") as f:
            return f.read()

    # The lines for people come right after runtime.json, which start() awaits.
    server.wait(lambda: "/admin.token\n" in printed())
    log = printed()
    assert "Tern 0.1.0 is ready.\n" in log
    # Which of the two: test_console_files.py.
    assert re.search("  (console and API|HTTP API)  +%s\n" % server.http, log)
    assert "  devices (MQTT)   %s:%d\n" % server.mqtt_address in log
    assert "  admin token      %s/admin.token\n" % server.data in log
    for line in log.splitlines():
        if line.startswith("{"):
            assert {"time", "level", "msg"} <= set(json.loads(line))


def test_ternd_folder_is_for_its_user_alone(server):
    assert mode(server.data) == 0o700
    for name in ("admin.token", "link.key", "tern.db", "broker/keys",
                 "broker/service.secret", "runtime.json"):
        assert mode(os.path.join(server.data, name)) == 0o600, name
    with open(server.token_file, encoding="ascii") as f:
        assert re.fullmatch("tern_[0-9a-f]{64}\n", f.read())


def test_second_ternd_on_the_same_folder_is_told_so(bin_dir, server):
    done = ternd(bin_dir, "--data", server.data, "--http", "127.0.0.1:0",
                 "--mqtt", "127.0.0.1:0")
    assert done.returncode == 1
    assert "another ternd" in done.stderr
    assert server.api("GET", "/api/v1/status")["status"] == "ok"
    assert os.path.exists(os.path.join(server.data, "runtime.json"))


def test_port_that_is_taken_is_named(bin_dir, server, tmp_path):
    for option, address in (("--http", server.http[len("http://"):]),
                            ("--mqtt", "%s:%d" % server.mqtt_address)):
        ports = {"--http": "127.0.0.1:0", "--mqtt": "127.0.0.1:0",
                 option: address}
        done = ternd(bin_dir, "--data", str(tmp_path / "other"),
                     *[x for pair in ports.items() for x in pair])
        assert done.returncode == 1
        assert "cannot listen on " + address in done.stderr


def test_broker_that_is_missing_or_broken_is_explained(bin_dir, tmp_path):
    base = ["--data", str(tmp_path / "d"), "--http", "127.0.0.1:0", "--mqtt",
            "127.0.0.1:0"]
    done = ternd(bin_dir, *base, "--plugin", "/nowhere.so")
    assert done.returncode == 1 and "--plugin" in done.stderr
    done = ternd(bin_dir, *base, "--mosquitto", "/nowhere")
    assert done.returncode == 1 and "--mosquitto" in done.stderr
    done = ternd(bin_dir, *base, "--mosquitto", "/bin/false")
    assert done.returncode == 1 and "does not run" in done.stderr


def test_folder_that_cannot_be_made_is_explained(bin_dir, tmp_path):
    done = ternd(bin_dir, "--data", str(tmp_path / "no" / "such"))
    assert done.returncode == 1 and "no/such" in done.stderr


# --- stopping and starting again -----------------------------------------------


def test_stop_is_clean_and_takes_the_broker_along(server):
    brokers = children(server.process.pid)
    assert len(brokers) == 1
    server.stop()
    assert not any(map(alive, brokers))
    assert not os.path.exists(os.path.join(server.data, "runtime.json"))
    server.start()


def test_end_of_its_terminal_ends_the_server(bin_dir, tmp_path):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [os.path.join(bin_dir, "ternd"), "--data", str(tmp_path / "data"),
         "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"],
        stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL,
        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(
            theirs, termios.TIOCSCTTY, 0))
    os.close(theirs)
    said = b""
    while b"is ready" not in said:
        said += os.read(ours, 4096)

    os.close(ours)

    try:
        assert process.wait(30) == 0
    finally:
        process.kill()


def test_stop_lets_a_download_finish(server):
    product(server)
    device = informed(server)
    body = os.urandom(12_000_000)  # more than the sockets hold
    package = server.api("POST", "/api/v1/products/a1Pk/packages?version=2",
                         body)["id"]
    server.api("POST", "/api/v1/packages/%d/verify" % package,
               {"device_names": ["dev-01"]})
    path = "/" + device.receive(10).url.split("/", 3)[3]
    with socket.create_connection(("127.0.0.1", server.http_port)) as s:
        s.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path.encode())
        got = s.recv(1000)
        server.process.send_signal(signal.SIGTERM)
        runtime = os.path.join(server.data, "runtime.json")
        server.wait(lambda: not os.path.exists(runtime))
        while more := s.recv(1 << 20):
            got += more
    assert got.partition(b"\r\n\r\n")[2] == body
    assert server.process.wait(30) == 0


def test_kill_takes_the_broker_along(server):
    brokers = children(server.process.pid)
    server.kill()
    deadline = time.monotonic() + 10
    while any(map(alive, brokers)):
        assert time.monotonic() < deadline
    server.start()


def test_broker_that_dies_is_restarted_and_devices_come_back(server):
    product(server)
    informed(server)
    broker = children(server.process.pid)[0]
    os.kill(broker, signal.SIGKILL)
    server.wait(lambda: children(server.process.pid) not in ([], [broker]))
    server.wait(lambda: server.api("GET", "/api/v1/status")["broker_connected"])
    device = LinkSdkDevice("a1Pk", "dev-01", SECRET, server.mqtt_address,
                           server.http_port, "1.3.0")
    path = "/api/v1/products/a1Pk/devices/dev-01"
    assert server.api("GET", path)["online"] is False
    device.connect()
    server.wait(lambda: server.api("GET", path)["online"])
    device.power_off()
    server.wait(lambda: not server.api("GET", path)["online"])


def test_presence_from_before_the_broker_died_is_not_believed(server):
    product(server)
    device = informed(server)
    device.power_off()
    path = "/api/v1/products/a1Pk/devices/dev-01"
    server.wait(lambda: not server.api("GET", path)["online"])

    # The server sleeps while the device comes and the broker goes; so the
    # broker keeps "online" for it, and never says "offline".
    os.kill(server.process.pid, signal.SIGSTOP)
    device.connect()
    broker = children(server.process.pid)[0]
    os.kill(broker, signal.SIGTERM)
    deadline = time.monotonic() + 10
    while alive(broker):
        assert time.monotonic() < deadline
    os.kill(server.process.pid, signal.SIGCONT)

    server.wait(lambda: children(server.process.pid) not in ([], [broker]))
    server.wait(lambda: server.api("GET", "/api/v1/status")["broker_connected"])
    assert server.api("GET", path)["online"] is False


def test_restart_keeps_everything(server):
    product(server)
    informed(server).power_off()
    server.wait(lambda: not server.api(
        "GET", "/api/v1/products/a1Pk/devices/dev-01")["online"])
    body = os.urandom(50000)
    package = server.api("POST", "/api/v1/products/a1Pk/packages?version=1.4.0",
                         body)
    job = server.api("POST", "/api/v1/packages/%d/verify" % package["id"],
                     {"device_names": ["dev-01"]})["id"]
    task = server.api("GET", "/api/v1/jobs/%d/tasks" % job)["items"][0]["id"]
    token, key = server.token, open(server.data + "/link.key", "rb").read()

    server.stop()
    server.start()

    assert server.token == token
    assert open(server.data + "/link.key", "rb").read() == key
    assert server.api("GET", "/api/v1/packages/%d" % package["id"])[
        "sha256"] == package["sha256"]
    assert server.api("GET", "/api/v1/tasks/%d" % task)["state"] == "QUEUED"
    device = LinkSdkDevice("a1Pk", "dev-01", SECRET, server.mqtt_address,
                           server.http_port, "1.3.0")
    device.connect()  # its key is in the file that was written anew
    pushed = device.receive(10)
    assert device.download(pushed)
    assert device.image == body


def test_kill_at_any_moment_loses_nothing_acknowledged(server):
    product(server)
    acknowledged = {}

    def engineer():
        while True:
            version = "1.0.%d" % len(acknowledged)
            try:
                made = server.api(
                    "POST", "/api/v1/products/a1Pk/packages?version=" + version,
                    os.urandom(20000))
            except Exception:  # the server is gone: anything may come
                return
            acknowledged[version] = made

    for round_number in range(3):
        before = len(acknowledged)
        worker = threading.Thread(target=engineer)
        worker.start()
        server.wait(lambda: len(acknowledged) > before + 3 + round_number)
        server.kill()
        worker.join(60)
        assert not worker.is_alive()
        server.start()
        rows = server.api("GET", "/api/v1/products/a1Pk/packages?limit=500")
        there = {p["version"]: p for p in rows["items"]}
        for version, made in acknowledged.items():
            assert there[version] == made
        for row in there.values():
            path = os.path.join(server.data, "blobs", row["sha256"][:2],
                                row["sha256"])
            assert os.path.getsize(path) == 20000
        blobs = sum(len(f) for _, _, f in os.walk(server.data + "/blobs"))
        assert blobs == len({p["sha256"] for p in there.values()})
        assert os.listdir(server.data + "/tmp") == []
        # a package that was stored but not acknowledged may stand there
        acknowledged.update(there)


def test_token_file_removed_stays_removed(server):
    os.unlink(server.token_file)
    server.stop()
    server.start()
    assert not os.path.exists(server.token_file)
    server.api("GET", "/api/v1/status")


def test_database_that_is_new_takes_the_token_of_the_folder(server):
    token = server.token
    server.stop()
    for name in ("tern.db", "tern.db-wal", "tern.db-shm"):
        if os.path.exists(os.path.join(server.data, name)):
            os.unlink(os.path.join(server.data, name))
    server.start()
    assert server.token == token
    assert server.api("GET", "/api/v1/products")["items"] == []


# --- a full disk -----------------------------------------------------------------


def full_disk_is_survived(server):
    product(server)
    small = server.api("POST", "/api/v1/products/a1Pk/packages?version=1.0.0",
                       b"small")
    with pytest.raises(ApiError) as e:
        server.api("POST", "/api/v1/products/a1Pk/packages?version=2.0.0",
                   b"x" * 12_000_000)
    assert (e.value.status, e.value.code) == (507, "DISK_FULL")
    assert "disk is full" in e.value.message
    assert os.listdir(server.data + "/tmp") == []
    assert server.api("GET", "/api/v1/products/a1Pk/packages")["items"] == [
        small]
    server.api("POST", "/api/v1/products/a1Pk/packages?version=3.0.0", b"fits")


def test_full_disk_refuses_the_upload_and_nothing_else(bin_dir, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tern-test", str(folder)],
        check=False, capture_output=True).returncode == 0
    if not mounted:
        pytest.skip("may not mount a small file system here")
    try:
        with TernServer(str(folder / "data"), bin_dir) as server:
            full_disk_is_survived(server)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_file_size_limit_is_met_like_a_full_disk(bin_dir, tmp_path):
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    server = TernServer(str(tmp_path / "data"), bin_dir)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000_000, was[1]))
    try:
        server.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
        signal.signal(signal.SIGXFSZ, handler)
    with server_running(server):
        full_disk_is_survived(server)


class server_running:
    """with-block for a server that runs already."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        return self.server

    def __exit__(self, *_):
        self.server.stop()


# --- hostile devices -----------------------------------------------------------


def test_hostile_messages_are_counted_and_the_service_goes_on(server):
    product(server)
    device = informed(server)
    topic = "/ota/device/inform/a1Pk/dev-01"
    for payload in (b"", b"{", b"[]", b'{"params":{"version":1}}',
                    b'{"params":{"version":"1","version":"2"}}', b"\xff" * 900,
                    b'{"params":' * 400):
        body = len(topic).to_bytes(2, "big") + topic.encode() + payload
        device._send(b"\x30" + device._length(len(body)) + body)
    server.wait(lambda: server.api(
        "GET", "/api/v1/status")["messages_dropped"] == 7)
    device.version = "1.3.1"
    device.inform()
    server.wait(lambda: server.api(
        "GET", "/api/v1/products/a1Pk/devices/dev-01")["version"] == "1.3.1")


def test_slow_client_does_not_hold_up_others(server):
    host, port = server.http[len("http://"):].rsplit(":", 1)
    slow = [socket.create_connection((host, int(port))) for _ in range(50)]
    for s in slow:
        s.sendall(b"GET /healthz HTTP/1.1\r\nHost:")
    began = time.monotonic()
    assert server.api("GET", "/api/v1/status")["status"] == "ok"
    assert time.monotonic() - began < 2
    for s in slow:
        s.close()
