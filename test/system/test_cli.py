# test_cli.py - `tern` without a server: keys, images, flash files, and how it
# answers people. The rest is test_cli_server.py.
#
# SPDX-License-Identifier: MIT
import fcntl
import hashlib
import json
import os
import stat
import struct
import subprocess
import zlib

import pytest

from tern_cli import Tern

FLASH_BYTES = 8 << 20
SLOT_1, SLOT_BYTES = 0x100000, 0x100000


@pytest.fixture
def tern(bin_dir, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Tern(bin_dir)


@pytest.fixture
def key(tern):
    tern.good("key", "generate", "key.pem")
    return "key.pem"


@pytest.fixture
def body(tmp_path):
    (tmp_path / "body").write_bytes(os.urandom(5000))
    return "body"


@pytest.fixture
def image(tern, key, body):
    tern.good("image", "sign", "--key", key, "--version", "1.4.0", body, "image")
    return "image"


def read(name):
    with open(name, "rb") as f:
        return f.read()


def write(name, data):
    with open(name, "wb") as f:
        f.write(data)
    return name


# --- help and usage ----------------------------------------------------------

def test_cli_help_names_every_group(tern):
    text = tern.good("help")
    assert text == tern.good("--help")
    for group in ("key", "image", "flash", "status", "product", "device",
                  "package", "task", "event", "token"):
        assert "tern %s" % group in text


def test_cli_help_of_group_and_command_come_from_the_rows(tern):
    assert "tern image sign IN OUT" in tern.good("image", "--help")
    text = tern.good("image", "sign", "--help")
    assert "--security-counter N" in text
    assert text == tern.good("help", "image", "sign")


@pytest.mark.parametrize("words, sentence", [
    ([], ""),
    (["image"], ""),
    (["imgae"], "tern: there is no command 'imgae'."),
    (["image", "sing"], "tern: image: there is no command 'sing'."),
    (["--nope"], "tern: there is no option --nope here."),
    (["help", "nope"], "tern: there is no command 'nope'."),
    (["image", "info"], "tern: image info: IMAGE is missing."),
    (["image", "info", "a", "b"], "tern: image info: 'b' is too much here."),
    (["image", "info", "a", "-x"], "tern: image info: there is no option -x."),
    (["image", "sign", "a", "b"], "tern: image sign: --key FILE is missing."),
    (["image", "sign", "a", "b", "--key", "k"],
     "tern: image sign: --version V is missing."),
    (["image", "sign", "a", "b", "--key"],
     "tern: image sign: --key needs a value: --key FILE."),
    (["flash", "install", "f", "i", "--slot", "3"],
     "tern: flash install: --slot 3 is outside 1..2."),
    (["flash", "install", "f", "i", "--slot", "one"],
     "tern: flash install: --slot one is not a number; write it like 1024 or "
     "0x400."),
    (["product", "list"], "tern: product list: which server?"),
    (["token", "create", "n", "--role", "king"],
     "tern: token create: there is no role king;"),
    (["task", "show", "seven"], "tern: task show: 'seven' is no ID;"),
    (["package", "verify", "--device", "d", "7"],
     "tern: package verify: ID is missing; write it before --device."),
    (["package", "upload", "pk", "f", "--version", "1", "--sign-method", "md5"],
     "tern: package upload: --sign-method md5 is none; it is Md5 or SHA256."),
])
def test_cli_wrong_usage_is_2_and_a_sentence(tern, words, sentence):
    run = tern(*words)

    assert run.code == 2
    assert run.out == ""
    assert run.err.startswith(sentence or "tern 0.1.0")


@pytest.mark.parametrize("option, value", [
    ("--version", "1.4."), ("--version", "1.4.0-rc1"), ("--version", "256.0.0"),
    ("--version", ""), ("--header-size", "16"), ("--header-size", "0x8000"),
    ("--header-size", "34"), ("--header-size", "0x"), ("--header-size", "-1"),
    ("--slot-size", "99999999999"), ("--security-counter", "4294967296"),
])
def test_cli_image_sign_bad_value_is_2_and_writes_nothing(tern, key, body,
                                                          option, value):
    words = {"--key": key, "--version": "1.4.0", option: value}
    run = tern("image", "sign", *[w for o in words.items() for w in o], body,
               "out")

    assert run.code == 2
    assert run.err.startswith("tern: image sign: %s" % option)
    assert not os.path.exists("out")


def test_cli_full_output_device_is_noticed(tern):
    with open("/dev/full", "w", encoding="ascii") as full:
        run = subprocess.run([tern.path, "help"], stdout=full, check=False,
                             stderr=subprocess.PIPE, text=True)
    assert run.returncode == 1
    assert "cannot write the output" in run.stderr


# --- keys --------------------------------------------------------------------

def test_cli_key_generate_is_private_and_never_overwrites(tern, key):
    before = read(key)
    assert stat.S_IMODE(os.stat(key).st_mode) == 0o600
    assert before.startswith(b"-----BEGIN PRIVATE KEY-----")

    run = tern("key", "generate", key)

    assert run.code == 1
    assert "exists already" in run.err
    assert read(key) == before


def test_cli_key_show_writes_what_openssl_sees(tern, key):
    shown = tern.json("key", "show", key, "--public", "p.pem", "--point", "p")
    der = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform",
                          "DER"], capture_output=True, check=True).stdout

    assert read("p") == der[-65:]
    assert shown["point"] == der[-65:].hex()
    assert shown["key_hash"] == hashlib.sha256(der).hexdigest()
    assert tern.json("key", "show", "p.pem")["private"] is False


# --- images ------------------------------------------------------------------

def parts(image):
    """header, version, and the TLVs by type, taken apart as spec/image.md
    says; independent of the code under test."""
    (magic, _, header, protected, size) = struct.unpack_from("<IIHHI", image)
    assert magic == 0x96F3B83D
    at, tlvs, areas = header + size, {}, []
    hashed = at + protected
    for expected in ([0x6908] if protected else []) + [0x6907]:
        magic, total = struct.unpack_from("<HH", image, at)
        assert magic == expected
        end, at = at + total, at + 4
        areas.append(total)
        while at < end:
            kind, length = struct.unpack_from("<HH", image, at)
            tlvs[kind] = image[at + 4:at + 4 + length]
            at += 4 + length
    assert at == len(image)
    return header, struct.unpack_from("<BBHI", image, 20), hashed, tlvs


def test_cli_image_sign_is_what_openssl_verifies(tern, key, body):
    tern.good("image", "sign", "--key", key, "--version", "2.3.4+5",
              "--security-counter", "9", body, "image")
    tern.good("key", "show", key, "--public", "p.pem")
    data = read("image")
    header, version, hashed, tlvs = parts(data)

    assert header == 0x400
    assert version == (2, 3, 4, 5)
    assert data[32:0x400] == b"\xff" * (0x400 - 32)
    assert data[0x400:0x400 + 5000] == read(body)
    assert list(tlvs) == [0x50, 0x10, 0x01, 0x22]
    assert tlvs[0x50] == b"\x09\0\0\0"
    assert tlvs[0x10] == hashlib.sha256(data[:hashed]).digest()
    write("hash", tlvs[0x10])
    write("sig", tlvs[0x22])
    subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey",
                    "p.pem", "-in", "hash", "-sigfile", "sig"], check=True,
                   stdout=subprocess.DEVNULL)


def test_cli_image_verify_takes_every_form_of_the_key(tern, key, image):
    tern.good("key", "show", key, "--public", "p.pem", "--point", "p")

    for form in (key, "p.pem", "p"):
        assert "1.4.0, good" in tern.good("image", "verify", "--key", form,
                                          image)


def test_cli_image_verify_says_why_not(tern, key, image):
    data = bytearray(read(image))
    data[0x500] ^= 1
    write("bad", data)
    tern.good("key", "generate", "other.pem")

    changed = tern("image", "verify", "--key", key, "bad")
    foreign = tern("image", "verify", "--key", "other.pem", image)
    none = tern("image", "verify", "--key", key, write("none", b"x" * 100))

    assert changed.code == foreign.code == none.code == 1
    assert "hash: the image differs from its SHA-256" in changed.err
    assert "signed with a key that is not trusted" in foreign.err
    assert "no image: the magic is missing" in none.err


def test_cli_image_info_tells_what_is_left_of_a_cut_image(tern, image):
    write("cut", read(image)[:-10])

    run = tern("image", "info", "cut")

    assert run.code == 1
    assert "1.4.0" in run.out and "SHA256" in run.out and "5,000" in run.out
    assert "tlv: part larger than the space" in run.err


def test_cli_image_sign_larger_than_the_slot_is_refused_unless_asked(tern, key):
    write("big", b"\x5a" * SLOT_BYTES)
    words = ("image", "sign", "--key", key, "--version", "1.0.0", "big", "out")

    run = tern(*words)

    assert run.code == 1 and "--allow-oversize" in run.err
    assert not os.path.exists("out")
    tern.good(*words, "--allow-oversize")
    assert os.path.getsize("out") > SLOT_BYTES


def test_cli_image_sign_failure_keeps_the_old_file(tern, key, body):
    write("out", b"old")
    write("bad.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n")

    for words in (["--key", "bad.pem", body], ["--key", "none.pem", body],
                  ["--key", key, "none"], ["--key", key, write("empty", b"")]):
        run = tern("image", "sign", "--version", "1.0.0", *words, "out")
        assert run.code == 1, words
        assert words[1] in run.err or words[2] in run.err
        assert read("out") == b"old"
    assert not [f for f in os.listdir(".") if f.startswith("out.")]


def test_cli_image_sign_warns_of_a_key_that_others_can_read(tern, key, body):
    os.chmod(key, 0o644)

    run = tern("image", "sign", "--key", key, "--version", "1.0.0", body, "out")

    assert run.code == 0
    assert "chmod 600 key.pem" in run.err


# --- flash -------------------------------------------------------------------

@pytest.fixture
def flash(tern):
    tern.good("flash", "create", "flash")
    return "flash"


def test_cli_flash_create_is_blank_and_never_overwrites(tern, flash):
    assert read(flash) == b"\xff" * FLASH_BYTES

    write(flash, b"mine")

    assert tern("flash", "create", flash).code == 1
    assert read(flash) == b"mine"


def test_cli_flash_install_replaces_the_whole_slot_and_no_more(tern, flash,
                                                               image):
    write(flash, b"\x11" * FLASH_BYTES)

    tern.good("flash", "install", flash, image, "--slot", "1")

    data, signed = read(flash), read(image)
    assert data[:SLOT_1] == b"\x11" * SLOT_1
    slot = data[SLOT_1:SLOT_1 + SLOT_BYTES]
    assert slot == signed + b"\xff" * (SLOT_BYTES - len(signed))
    assert data[SLOT_1 + SLOT_BYTES:] == b"\x11" * (FLASH_BYTES - SLOT_1
                                                    - SLOT_BYTES)


def test_cli_flash_install_refuses_what_cannot_run(tern, key, flash):
    blank = read(flash)
    write("big", b"\x5a" * SLOT_BYTES)
    tern.good("image", "sign", "--key", key, "--version", "1.0.0", "big",
              "big.img", "--allow-oversize")

    none = tern("flash", "install", flash, write("text", b"hello" * 20),
                "--slot", "1")
    big = tern("flash", "install", flash, "big.img", "--slot", "2")

    assert none.code == big.code == 1
    assert "tern image sign" in none.err
    assert "a slot has 1048576" in big.err
    assert read(flash) == blank


def test_cli_flash_install_leaves_a_running_device_alone(tern, flash, image):
    blank = read(flash)
    with open(flash, "rb") as device:
        fcntl.flock(device, fcntl.LOCK_EX)
        run = tern("flash", "install", flash, image, "--slot", "1")

    assert run.code == 1
    assert "in use by a running device" in run.err
    assert read(flash) == blank


def test_cli_flash_status_of_a_new_device(tern, flash, image):
    tern.good("flash", "install", flash, image, "--slot", "2")

    status = tern.json("flash", "status", flash)

    record = status["record"]
    assert (record["state"], record["active_slot"], record["sequence"]) == \
        ("STEADY", 1, 0)
    one, two = status["slots"]
    assert one["problem"] == "no image: the magic is missing"
    assert two["version"] == "1.4.0" and two["hash_ok"]
    assert two["sha256"] == hashlib.sha256(read(image)).hexdigest()
    assert "There is no boot record yet" in tern.good("flash", "status", flash)


def test_cli_flash_status_survives_garbage(tern):
    for seed in range(3):
        write("garbage", hashlib.shake_256(b"%d" % seed).digest(FLASH_BYTES))
        status = tern.json("flash", "status", "garbage")
        assert all(slot["problem"] for slot in status["slots"])


def test_cli_flash_status_of_another_file_says_what_it_must_be(tern):
    run = tern("flash", "status", write("short", b"\xff" * 100))

    assert run.code == 1
    assert "is not a flash file" in run.err
    assert tern("flash", "status", "none").code == 1


# --- the table ---------------------------------------------------------------

def test_cli_task_diagram_prints_the_rules(tern):
    rules = tern.json("task", "diagram")

    assert {"NOTIFIED", "IN_PROGRESS", "SUCCEEDED"} <= {r["to"] for r in rules}
    assert len(tern.good("task", "diagram").splitlines()) == len(rules) + 1


# --- boards --------------------------------------------------------------------

IDENTITY = {"productKey": "a1B2", "deviceName": "dev-01",
            "deviceSecret": "s3cretS3cret", "mqttHost": "mqtt.example.com",
            "mqttPort": 1883, "httpPort": 8080}
PROVISION = 0x3f0000


@pytest.fixture
def identity(tmp_path):
    (tmp_path / "identity.json").write_text(json.dumps(IDENTITY))
    return "identity.json"


@pytest.fixture
def sbl(tmp_path):
    (tmp_path / "sbl.bin").write_bytes(b"FCFB" + bytes(range(200)))
    return "sbl.bin"


def test_cli_board_create_puts_bootloader_and_image_in_place(tern, sbl, image):
    tern.good("board", "create", "new", "--sbl", sbl, "--image", image)

    made = read("new")
    assert len(made) == FLASH_BYTES
    assert made.startswith(read(sbl) + b"\xff" * 100)
    assert made[SLOT_1:].startswith(read(image) + b"\xff" * 100)
    assert made.count(b"\xff") > FLASH_BYTES - 20000
    assert stat.S_IMODE(os.stat("new").st_mode) == 0o600


def test_cli_board_create_refuses_and_leaves_nothing(tern, sbl, image, body):
    for words, said in (
            (("--sbl", image, "--image", image), "is no bootloader"),
            (("--sbl", sbl, "--image", body), "is no image"),
            (("--sbl", "none", "--image", image), "No such file")):
        run = tern("board", "create", "new", *words)
        assert run.code == 1
        assert said in run.err
        assert not os.path.exists("new")


def test_cli_board_create_never_overwrites(tern, flash, sbl, image):
    before = read(flash)
    run = tern("board", "create", flash, "--sbl", sbl, "--image", image)

    assert run.code == 1
    assert "is not overwritten" in run.err
    assert read(flash) == before


def test_cli_board_provision_writes_the_sector_of_the_spec(tern, flash,
                                                           identity):
    tern.good("board", "provision", flash, "--identity", identity)

    sector = read(flash)[PROVISION:PROVISION + 4096]
    magic, form, length = struct.unpack_from("<4sHH", sector)
    fields, at = {}, 8
    while at < 8 + length:
        kind, size = struct.unpack_from("<HH", sector, at)
        fields[kind] = sector[at + 4:at + 4 + size]
        at += 4 + size
    assert (magic, form, at) == (b"TRNI", 1, 8 + length)
    assert fields == {1: b"a1B2", 2: b"dev-01", 3: b"s3cretS3cret",
                      4: b"mqtt.example.com", 5: struct.pack("<H", 1883),
                      6: struct.pack("<H", 8080)}
    assert struct.unpack_from("<I", sector, at)[0] == zlib.crc32(sector[:at])
    assert sector[at + 4:] == b"\xff" * (4096 - at - 4)
    assert read(flash)[:PROVISION] == b"\xff" * PROVISION


def test_cli_board_provision_again_replaces_the_identity(tern, flash, identity,
                                                         tmp_path):
    tern.good("board", "provision", flash, "--identity", identity)
    (tmp_path / "other").write_text(json.dumps(IDENTITY | {"deviceName": "b"}))
    tern.good("board", "provision", flash, "--identity", "other")

    assert tern.json("board", "show", flash)["device_name"] == "b"


def test_cli_board_show_never_has_the_secret(tern, flash, identity):
    said = tern.good("board", "provision", flash, "--identity", identity)
    shown = tern.good("board", "show", flash) + \
        tern.good("board", "show", flash, "--json")

    assert "dev-01" in shown and "mqtt.example.com" in shown
    assert IDENTITY["deviceSecret"] not in said + shown


def test_cli_board_show_tells_blank_from_damaged(tern, flash, identity):
    assert "blank" in tern.json("board", "show", flash)["problem"]
    tern.good("board", "provision", flash, "--identity", identity)
    with open(flash, "r+b") as f:
        f.seek(PROVISION + 13)
        f.write(b"\0")

    shown = tern.json("board", "show", flash)
    assert not shown["provisioned"]
    assert "checksum" in shown["problem"]


def test_cli_board_provision_names_a_wrong_field(tern, flash, tmp_path):
    (tmp_path / "bad").write_text(json.dumps(IDENTITY | {"deviceSecret": "x"}))
    run = tern("board", "provision", flash, "--identity", "bad")

    assert run.code == 1
    assert '"deviceSecret" is wrong' in run.err
    assert read(flash) == b"\xff" * FLASH_BYTES
