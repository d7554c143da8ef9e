# test_cli_console.py - what the console shows, from the command line: lists
# across products, checks and release keys, the events of a real update.
#
# SPDX-License-Identifier: MIT
import json
import os
import queue
import signal
import subprocess
import threading

import pytest

from tern_cli import Tern
from tern_server import ApiError


@pytest.fixture
def tern(bin_dir, server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Tern(bin_dir, data=server.data)
    for key in ("lamp01", "lamp02"):
        made.good("product", "create", "Lamp", "--key", key)
    return made


def sign(tern, bin_dir, key, version="1.4.0", name=None):
    """A signed image of a program that a tern-device can start."""
    name = name or "hello-%s.bin" % version
    if not os.path.exists(key):
        tern.good("key", "generate", key)
    tern.good("image", "sign", "--key", key, "--version", version,
              os.path.join(bin_dir, "hello-%s.elf" % version), name)
    return name


def checks(package):
    return {c["name"]: c["state"] for c in package["checks"]}


# --- lists --------------------------------------------------------------------


def test_cli_lists_need_no_product(tern):
    for pk, names in (("lamp01", ("dev_1", "dev_10")), ("lamp02", ("dev_1",))):
        for name in names:
            tern.good("device", "create", pk, name)
    items = tern.json("device", "list")["items"]
    assert [(d["product_key"], d["device_name"]) for d in items] == [
        ("lamp01", "dev_1"), ("lamp01", "dev_10"), ("lamp02", "dev_1")]
    assert len(tern.json("device", "list", "lamp01")["items"]) == 2
    assert len(tern.json("device", "list", "--name", "dev_10")["items"]) == 1
    assert tern.json("device", "list", "--online")["items"] == []
    assert len(tern.json("device", "list", "--offline")["items"]) == 3
    assert tern("device", "list", "none").code == 1
    assert tern("device", "list", "--online", "--offline").code == 2
    assert "TASK" in tern.good("device", "list").splitlines()[0]


def test_cli_packages_are_listed_newest_first_over_pages(tern, server):
    for i in range(503):
        server.api("POST", "/api/v1/products/lamp0%d/packages?version=%d"
                   % (1 + i % 2, i), b"x")
    ids = [p["id"] for p in tern.json("package", "list")["items"]]
    assert ids == list(range(503, 0, -1))
    assert len(tern.json("package", "list", "lamp02")["items"]) == 251
    assert tern.json("package", "list", "--state", "VERIFIED")["items"] == []
    assert tern("package", "list", "--state", "GOOD").code == 1
    assert tern("package", "list", "none").code == 1


def test_events_are_paged_from_the_newest(server, tern):
    ids, before = [], ""
    while True:
        page = server.api("GET", "/api/v1/events?order=newest&limit=2" + before)
        ids += [e["id"] for e in page["items"]]
        if page["next"] is None:
            break
        before = "&before=%d" % page["next"]
    assert ids == list(range(ids[0], 0, -1))
    with pytest.raises(ApiError):
        server.api("GET", "/api/v1/events?order=sideways")


# --- checks, keys and slots -----------------------------------------------------


def test_cli_upload_says_what_was_checked(tern, bin_dir):
    image = sign(tern, bin_dir, "release.pem")
    said = tern.good("package", "upload", "lamp01", image, "--version", "1.4.0")
    lines = {line.split()[0]: line.split()[1] for line in said.splitlines()
             if line.startswith(("mcuboot_header", "signature", "digest"))}
    assert lines == {"mcuboot_header": "ok", "signature": "skipped",
                     "digest": "ok"}
    assert "tern product add-key" in said
    assert tern.good("package", "show", "1") == said


def test_package_of_a_foreign_key_is_refused_where_keys_are_known(
        tern, bin_dir, server):
    image = sign(tern, bin_dir, "release.pem")
    foreign = Tern(bin_dir, data=server.data)
    foreign.good("key", "generate", "foreign.pem")
    foreign.good("image", "sign", "--key", "foreign.pem", "--version", "1.4.0",
                 os.path.join(bin_dir, "hello-1.4.0.elf"), "foreign.bin")
    # Without a key the server lets it pass: the device will refuse it.
    made = tern.json("package", "upload", "lamp01", "foreign.bin",
                     "--version", "1.4.0")
    assert checks(made)["signature"] == "skipped"

    shown = tern.json("product", "add-key", "lamp01", "release.pem")
    assert len(shown["keys"]) == 1
    with open("foreign.bin", "rb") as f, pytest.raises(ApiError) as refusal:
        server.api("POST", "/api/v1/products/lamp01/packages?version=1.4.0",
                   f.read())
    assert refusal.value.status == 422
    error = json.loads(refusal.value.text)["error"]
    assert checks(error) == {
        "mcuboot_header": "ok", "version": "ok", "signature": "failed",
        "size": "ok", "digest": "ok"}
    assert "foreign key" in error["message"]
    run = tern("package", "upload", "lamp01", "foreign.bin", "--version",
               "1.4.0")
    assert run.code == 1 and "foreign key" in run.err
    made = tern.json("package", "upload", "lamp01", image, "--version", "1.4.0")
    assert checks(made)["signature"] == "ok"
    assert os.listdir(server.data + "/tmp") == []

    # A second key, and then the first one no more.
    tern.good("product", "add-key", "lamp01", "foreign.pem")
    digits = shown["keys"][0]["key_hash"][:8]
    assert "2 release keys now" in tern.good("event", "list")
    assert len(tern.json("product", "remove-key", "lamp01",
                         digits)["keys"]) == 1
    assert tern("product", "remove-key", "lamp01", digits).code == 1
    assert tern("package", "upload", "lamp01", image, "--version",
                "1.4.0").code == 1
    assert tern("package", "upload", "lamp01", "foreign.bin", "--version",
                "1.4.0").code == 0


def test_product_of_devices_from_nxps_sbl_has_an_rsa_key(tern, bin_dir):
    for name in ("release.pem", "foreign.pem"):
        tern.good("key", "generate", "--type", "rsa2048", name)
    tern.good("key", "generate", "next.pem")
    images = [sign(tern, bin_dir, key, name=key + ".bin") for key in
              ("release.pem", "foreign.pem", "next.pem")]

    shown = tern.json("product", "add-key", "lamp01", "release.pem")

    public = tern.json("key", "show", "release.pem")
    assert shown["keys"] == [{"type": "rsa2048", "public": public["modulus"],
                              "key_hash": public["key_hash"]}]
    assert "rsa2048" in tern.good("product", "show", "lamp01")
    words = ("package", "upload", "lamp01")
    made = tern.json(*words, images[0], "--version", "1.4.0")
    assert checks(made)["signature"] == "ok"
    for image in images[1:]:
        run = tern(*words, image, "--version", "1.4.0")
        assert run.code == 1 and "foreign key" in run.err
    # The way to another kind of key: for a while there are both.
    shown = tern.json("product", "add-key", "lamp01", "next.pem")
    assert [k["type"] for k in shown["keys"]] == ["rsa2048", "p256"]
    for image in (images[0], images[2]):
        made = tern.json(*words, image, "--version", "1.4.0")
        assert checks(made)["signature"] == "ok"


@pytest.mark.parametrize("keys", [
    ["04" + "0" * 128], ["02" + "a" * 64], [""], ["x"], 5, None,
    ["04" + "f" * 128] * 2, ["04" + "g" * 128], ["7" + "f" * 511],
    ["f" * 511 + "e"], ["f" * 510], ["f" * 514]])
def test_release_key_that_is_none_is_refused(tern, server, keys):
    with pytest.raises(ApiError) as refusal:
        server.api("PUT", "/api/v1/products/lamp01/keys", {"keys": keys})
    assert refusal.value.status == 422
    assert server.api("GET", "/api/v1/products/lamp01")["keys"] == []


def test_image_larger_than_the_slot_is_refused(tern, bin_dir, server):
    image = sign(tern, bin_dir, "release.pem")
    assert tern.json("product", "set", "lamp01", "--slot-bytes",
                     "4096")["slot_bytes"] == 4096
    run = tern("package", "upload", "lamp01", image, "--version", "1.4.0")
    assert run.code == 1 and "slots of 4096" in run.err
    tern.good("package", "upload", "lamp02", image, "--version", "1.4.0")
    made = tern.json("product", "create", "Big", "--slot-bytes", "0x200000")
    assert made["slot_bytes"] == 0x200000
    for bad in (0, 4095, 1000000001, "4096", None, -1):
        with pytest.raises(ApiError) as refusal:
            server.api("PATCH", "/api/v1/products/lamp01",
                       {"slot_bytes": bad})
        assert refusal.value.status == 422


def test_cli_token_is_revoked_by_its_name(tern, server):
    token = tern.json("token", "create", "eve / \u00e4", "--role",
                      "viewer")["token"]
    assert server.api("GET", "/api/v1/status", token=token)
    assert [t["name"] for t in tern.json("token", "list")["items"]] == [
        "admin", "eve / \u00e4"]
    assert tern.good("token", "revoke", "eve / \u00e4") == ""
    with pytest.raises(ApiError):
        server.api("GET", "/api/v1/status", token=token)
    assert "no token named eve" in tern("token", "revoke", "eve").err
    assert "last token" in tern("token", "revoke", "admin").err


# --- following a real update ------------------------------------------------------


class Follower:
    """`tern event list --follow` and what it prints, line by line."""

    def __init__(self, tern, *words):
        self.process = tern.begin("event", "list", "--follow", *words)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def line(self, seconds=30):
        return self.lines.get(timeout=seconds)

    def connected(self, server):
        """It is, once it prints one of these."""
        for _ in range(300):
            server.api("POST", "/api/v1/products", {"name": "mark"})
            try:
                return self.line(0.1)
            except queue.Empty:
                continue
        raise AssertionError("nothing came")

    def until(self, condition, seconds=60):
        seen = []
        while not seen or not condition(seen[-1]):
            seen.append(json.loads(self.line(seconds)))
        return seen

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(20)
        self.reader.join(10)
        err = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return code, err


@pytest.fixture
def following(tern, server):
    """Starts followers that are connected when it returns, and ends them."""
    begun = []

    def begin(*words):
        follower = Follower(tern, *words)
        begun.append(follower)
        follower.connected(server)
        return follower

    yield begin
    for follower in begun:
        if follower.process.poll() is None:
            follower.end()


def test_cli_follow_goes_on_over_a_restart_of_the_server(tern, server,
                                                         following):
    follower = following("--json")
    last = server.api("GET", "/api/v1/events?order=newest&limit=1")["items"][0]
    tern.good("device", "create", "lamp01", "a")
    seen = follower.until(lambda e: e["device_name"] == "a")
    server.kill()
    server.start()
    tern.good("device", "create", "lamp01", "b")
    seen += follower.until(lambda e: e["device_name"] == "b")
    ids = [e["id"] for e in seen if e["id"] > last["id"]]
    assert ids == [e["id"] for e in server.api(
        "GET", "/api/v1/events?after=%d" % last["id"])["items"]]
    code, err = follower.end()
    assert code == 0 and "closed the stream" in err
    assert tern("event", "list", "--follow", "--limit", "3").code == 2


def test_cli_follow_ends_when_its_token_is_revoked(tern, server, tmp_path,
                                                   bin_dir):
    token = tern.json("token", "create", "eve", "--role", "viewer")["token"]
    (tmp_path / "eve").write_text(token + "\n")
    os.chmod(tmp_path / "eve", 0o600)
    other = Tern(bin_dir)
    follower = Follower(other, "--server", server.http, "--token-file", "eve")
    follower.connected(server)
    tern.good("token", "revoke", "eve")
    assert follower.process.wait(20) == 1
    assert "revoked" in follower.process.stderr.read()
    follower.end()


class Board:
    """A tern-device on lamp01/dev-01 that runs 1.3.0."""

    def __init__(self, tern, bin_dir):
        self.bin = bin_dir
        tern.good("device", "create", "lamp01", "dev-01", "--identity",
                  "dev-01.json")
        first = sign(tern, bin_dir, "release.pem", "1.3.0")
        tern.good("key", "show", "release.pem", "--point", "release.point")
        tern.good("flash", "create", "flash.bin")
        tern.good("flash", "install", "flash.bin", "--slot", "1", first)
        with open("board.log", "wb") as log:
            self.process = subprocess.Popen(
                [os.path.join(bin_dir, "tern-device"), "--flash", "flash.bin",
                 "--identity", "dev-01.json", "--key", "release.point"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


@pytest.fixture
def board(tern, bin_dir, server):
    made = Board(tern, bin_dir)
    server.wait(lambda: tern.json("device", "show", "lamp01",
                                  "dev-01")["version"] == "1.3.0")
    yield made
    made.end()


def test_every_part_of_an_update_is_an_event_of_its_own(tern, bin_dir, server,
                                                        board, following):
    image = sign(tern, bin_dir, "release.pem")
    made = tern.json("package", "upload", "lamp01", image, "--version", "1.4.0")
    assert made["job"] is None
    follower = following("--json")
    job = tern.json("package", "verify", str(made["id"]), "--device", "dev-01")
    seen = follower.until(lambda e: e["kind"] == "package.state"
                          and e["state"] == "VERIFIED")
    kinds = [e["kind"] for e in seen if e["kind"] != "product.created"]
    order = ["job.created", "package.state", "task.state", "task.pushed",
             "task.progress", "task.verified", "task.armed", "device.offline",
             "device.online", "task.trial", "device.inform", "job.state",
             "package.state"]
    at = -1
    for kind in order:  # each of them, in this order, others in between
        at = kinds.index(kind, at + 1)
    steps = [e["step"] for e in seen if e["kind"] == "task.progress"]
    assert steps == sorted(steps) and len(steps) <= 22
    states = [e["state"] for e in seen if e["kind"] == "task.state"]
    assert states[0] == "QUEUED" and states[-1] == "SUCCEEDED"
    assert {e["version"] for e in seen if e["task_id"]} == {"1.4.0"}
    informed = [e["version"] for e in seen if e["kind"] == "device.inform"]
    assert informed[-1] == "1.4.0"

    assert tern.json("package", "show", str(made["id"]))["job"] == job["id"]
    task = tern.json("device", "show", "lamp01", "dev-01")["task"]
    assert (task["state"], task["version"]) == ("SUCCEEDED", "1.4.0")
    assert tern.json("device", "list")["items"][0]["task"] == task
    tasks = server.api("GET", "/api/v1/tasks?package_id=%d" % made["id"])
    assert [t["id"] for t in tasks["items"]] == [task["id"]]


def test_foreign_key_fails_on_the_device_with_its_reason(tern, bin_dir, server,
                                                         board, following):
    tern.good("key", "generate", "foreign.pem")
    tern.good("image", "sign", "--key", "foreign.pem", "--version", "1.4.0",
              os.path.join(bin_dir, "hello-1.4.0.elf"), "foreign.bin")
    made = tern.json("package", "upload", "lamp01", "foreign.bin", "--version",
                     "1.4.0")
    follower = following("--json")
    tern.good("package", "verify", str(made["id"]), "--device", "dev-01")
    seen = follower.until(lambda e: e["kind"] == "package.state"
                          and e["state"] == "VERIFY_FAILED")
    failed = [e for e in seen if e["kind"] == "task.failed"]
    assert [e["step"] for e in failed] == [-3]
    assert "key" in failed[0]["text"]
    task = tern.json("device", "show", "lamp01", "dev-01")["task"]
    assert task["state"] == "FAILED" and task["reason"] == failed[0]["text"]
