# test_image_sign.py - `tern image sign` writes byte for byte what imgtool writes
# for the same options; the expectation is mcuboot_image.py.
#
# SPDX-License-Identifier: MIT
import hashlib
import json
import os
import stat
import struct

import pytest

import mcuboot_image as mcuboot
from tern_cli import Tern

MAGIC_8 = bytes.fromhex("77c295f360d2ef7f3552500f2cb67980")
MAGIC_MORE = bytes.fromhex("2de15d29410b8d77679c110f1f8a")
SLOT = 0x100000
# As AN13383 and the SBL's documentation have it.
SBL_WORDS = ["--align", "4", "--header-size", "0x400", "--pad-header",
             "--slot-size", "0x100000", "--max-sectors", "32", "--version",
             "1.1"]


@pytest.fixture
def tern(bin_dir, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Tern(bin_dir)


@pytest.fixture(scope="module", params=["p256", "rsa2048"])
def key(request, tmp_path_factory):
    pem = tmp_path_factory.mktemp("keys") / "key.pem"
    return mcuboot.Key.new(pem, request.param == "rsa2048")


@pytest.fixture(scope="module")
def p256(tmp_path_factory):
    return mcuboot.Key.new(tmp_path_factory.mktemp("keys") / "key.pem")


BODY = bytes(range(1, 250)) * 13


def sign(tern, key, *words, body=BODY):
    with open("body", "wb") as f:
        f.write(body)
    run = tern("image", "sign", "--key", key.pem, *words, "--", "body", "out")
    assert run.code == 0, run.err
    with open("out", "rb") as f:
        return f.read()


def assert_image(image, hashed, key, folder):
    """image is what belongs behind `hashed`; returns what follows it."""
    digest = hashlib.sha256(hashed).digest()
    assert image[:len(hashed)] == hashed
    before = (mcuboot.tlv(mcuboot.SHA256, digest) +
              mcuboot.tlv(mcuboot.KEYHASH, key.hash))
    at = len(hashed) + 4
    assert image[at:at + len(before)] == before
    at += len(before)
    kind, length = struct.unpack_from("<HH", image, at)
    assert kind == key.signature_tlv
    assert length == 256 if key.rsa else 68 <= length <= 72
    signature = image[at + 4:at + 4 + length]
    assert key.accepts(digest, signature, folder)
    whole = mcuboot.finish(hashed, key, signature=signature)
    assert image[:len(whole)] == whole
    return image[len(whole):]


def test_sign_the_sbls_own_command_gives_imgtools_bytes(tern, key, tmp_path):
    image = sign(tern, key, *SBL_WORDS)

    hashed = mcuboot.signed_part(BODY, (1, 1))
    assert assert_image(image, hashed, key, tmp_path) == b""
    if key.rsa:  # as seen from NXP's imgtool: three TLVs, 336 bytes
        assert len(image) - len(hashed) == 336
        assert image[len(hashed):len(hashed) + 4] == bytes.fromhex("07695001")


@pytest.mark.parametrize("words, protected", [
    (["--security-counter", "9"], mcuboot.counter(9)),
    (["--security-counter", "0"], mcuboot.counter(0)),
    (["--security-counter", "auto"], mcuboot.counter(0x02030104)),
    (["--depends", "0:1.2.3"], mcuboot.dependency(0, (1, 2, 3))),
    (["--dependencies", "(0, 1.2.3+4)"], mcuboot.dependency(0, (1, 2, 3, 4))),
    (["--dependencies", "(0,1),  (0, 0.2)", "--security-counter", "0x10"],
     mcuboot.counter(16) + mcuboot.dependency(0, (1,)) +
     mcuboot.dependency(0, (0, 2))),
    (["--depends", "0:2.3.260+5", "--depends", "0:0.0.0"],
     mcuboot.dependency(0, (2, 3, 260, 5)) + mcuboot.dependency(0, (0,))),
])
def test_sign_protected_tlvs_are_imgtools(tern, p256, tmp_path, words,
                                          protected):
    image = sign(tern, p256, "--version", "2.3.260+5", *words)

    hashed = mcuboot.signed_part(BODY, (2, 3, 260, 5), protected=protected)
    assert assert_image(image, hashed, p256, tmp_path) == b""
    assert tern("image", "verify", "--key", p256.pem, "out").code == 0


@pytest.mark.parametrize("version, numbers", [
    ("1", (1,)), ("1.1", (1, 1)), ("0.0.2+75", (0, 0, 2, 75)),
    ("255.255.65535+4294967295", (255, 255, 65535, 4294967295)),
])
def test_sign_versions_are_read_as_imgtool_reads_them(tern, p256, tmp_path,
                                                      version, numbers):
    image = sign(tern, p256, "--version", version, "--header-size", "32")

    hashed = mcuboot.signed_part(BODY, numbers, 32)
    assert assert_image(image, hashed, p256, tmp_path) == b""


def test_sign_room_that_the_linker_left_becomes_the_header(tern, p256,
                                                           tmp_path):
    roomy = bytes(0x200) + BODY
    words = ["--version", "1.0.0", "--header-size", "0x200"]

    inside = sign(tern, p256, *words, body=roomy)
    before = sign(tern, p256, *words, "--pad-header", body=roomy)
    almost = sign(tern, p256, *words, body=roomy[1:])

    assert_image(inside, mcuboot.signed_part(BODY, (1,), 0x200, filler=b"\0"),
                 p256, tmp_path)
    assert_image(before, mcuboot.signed_part(roomy, (1,), 0x200), p256,
                 tmp_path)
    assert_image(almost, mcuboot.signed_part(roomy[1:], (1,), 0x200), p256,
                 tmp_path)


@pytest.mark.parametrize("align", [1, 4, 8, 16, 32])
@pytest.mark.parametrize("confirm", [False, True])
def test_sign_pad_fills_the_slot_as_imgtool_does(tern, p256, tmp_path, align,
                                                 confirm):
    image = sign(tern, p256, "--version", "1.0.0", "--align", align,
                 "--slot-size", "0x8000", "--confirm" if confirm else "--pad")

    rest = assert_image(image, mcuboot.signed_part(BODY, (1,)), p256, tmp_path)
    most = max(align, 8)
    magic = MAGIC_8 if most == 8 else struct.pack("<H", most) + MAGIC_MORE
    want = bytearray(b"\xff" * (len(rest) - 16) + magic)
    if confirm:
        want[-max(most, 16) - most] = 1
    assert len(image) == 0x8000
    assert rest == bytes(want)
    assert tern("image", "verify", "--key", p256.pem, "--slot-size", "0x8000",
                "out").code == 0


def trailer(align, sectors):
    most = max(align, 8)
    return sectors * 3 * align + 4 * most + -(-16 // most) * most


@pytest.mark.parametrize("align, sectors", [(1, 128), (4, 32), (8, 256),
                                            (16, 7), (32, 128)])
def test_sign_leaves_room_for_the_trailer_to_the_byte(tern, p256, align,
                                                      sectors):
    words = ["--version", "1.0.0", "--align", align, "--max-sectors", sectors]
    # An ECDSA signature has one of five sizes: let it be at most what fits.
    tlvs = 4 + 36 + 36 + 4 + 72
    fits = len(BODY) + 0x400 + tlvs + trailer(align, sectors)

    sign(tern, p256, *words, "--slot-size", fits)
    run = tern("image", "sign", "--key", p256.pem, *words, "--slot-size",
               fits - 5, "body", "none")

    assert run.code == 1
    assert "its trailer %d" % trailer(align, sectors) in run.err
    assert not os.path.exists("none")


@pytest.mark.parametrize("words, sentence", [
    (["--pad"], "--pad is about the trailer"),
    (["--confirm"], "--confirm is about the trailer"),
    (["--max-sectors", "32"], "--max-sectors is about the trailer"),
    (["--align", "3"], "--align must be 1, 2, 4, 8, 16 or 32"),
    (["--align", "64"], "--align 64"),
    (["--align", "4", "--pad", "--allow-oversize"], "--pad fills a slot"),
    (["--depends", "1.0.0"], "--depends 1.0.0 is no dependency"),
    (["--depends", "256:1.0.0"], "--depends 256:1.0.0 is no dependency"),
    (["--depends", "0:"], "--depends  is no image version"),
    (["--depends", "0:1.256"], "--depends 1.256 has a part that is too large"),
    (["--dependencies", ""], "--dependencies  is no dependency"),
    (["--dependencies", "0:1.0.0"], "--dependencies 0:1.0.0 is no dependency"),
    (["--dependencies", "(0, 1.0.0"], "--dependencies (0, 1.0.0 is no dep"),
    (["--dependencies", "(0 1.0.0)"], "--dependencies (0 1.0.0) is no dep"),
    (["--dependencies", "(0, 1.0.0) x"], "--dependencies (0, 1.0.0) x is no"),
    (["--dependencies", "(-1, 1.0.0)"], "--dependencies (-1, 1.0.0) is no"),
    (["--dependencies", "(0, 1.0)" * 17], "an image may have 16 dependencies"),
    (["--security-counter", "Auto"], "--security-counter Auto"),
    (["--overwrite-only"], "--overwrite-only"),
    (["--encrypt", "key"], "--encrypt"),
])
def test_sign_what_it_does_not_do_is_refused_by_name(tern, p256, words,
                                                     sentence):
    run = tern("image", "sign", "--key", p256.pem, "--version", "1.0.0", *words,
               "--", "body", "out")

    assert run.code == 2
    assert sentence in run.err
    assert not os.path.exists("out")


def test_sign_for_another_image_is_done_and_said(tern, p256, tmp_path):
    protected = mcuboot.dependency(1, (2, 0))
    (tmp_path / "body").write_bytes(BODY)
    run = tern("image", "sign", "--key", p256.pem, "--version", "1.0.0",
               "--dependencies", "(1, 2.0)", "body", "out")

    assert run.code == 0
    assert "dependency: on an image beside image 0" in run.err
    image = (tmp_path / "out").read_bytes()
    assert_image(image, mcuboot.signed_part(BODY, (1,), protected=protected),
                 p256, tmp_path)
    verdict = tern("image", "verify", "--key", p256.pem, "out", "--json")
    assert verdict.code == 1
    assert json.loads(verdict.out)["why"].startswith("dependency:")
    info = tern.json("image", "info", "out")
    assert info["dependencies"] == ["1:2.0.0"]


# --- keys ---------------------------------------------------------------------

def test_key_rsa_is_private_and_what_openssl_sees(tern, tmp_path):
    tern.good("key", "generate", "--type", "rsa2048", "r.pem")
    shown = tern.json("key", "show", "r.pem", "--public", "p.pem", "--point",
                      "raw")
    key = mcuboot.Key(tmp_path / "r.pem", rsa=True)

    assert stat.S_IMODE(os.stat("r.pem").st_mode) == 0o600
    assert shown["type"] == "RSA-2048" and shown["private"] is True
    assert shown["key_hash"] == key.hash.hex()
    raw = (tmp_path / "raw").read_bytes()
    modulus = mcuboot.openssl("rsa", "-in", "r.pem", "-noout", "-modulus")
    assert raw.hex() == shown["modulus"]
    assert modulus.decode().strip().lower() == "modulus=" + raw.hex()
    image = sign(tern, key, "--version", "1.0.0")
    assert image
    for form in ("r.pem", "p.pem", "raw"):
        assert "good" in tern.good("image", "verify", "--key", form, "out")
    assert tern.json("key", "show", "raw")["private"] is False


def test_key_of_the_old_pem_form_signs(tern, tmp_path):
    """As NXP ships its sample key."""
    pem = mcuboot.openssl("genrsa", "-traditional", "2048")
    (tmp_path / "old.pem").write_bytes(pem)
    os.chmod("old.pem", 0o600)
    assert pem.startswith(b"-----BEGIN RSA PRIVATE KEY-----")

    key = mcuboot.Key(tmp_path / "old.pem", rsa=True)
    image = sign(tern, key, *SBL_WORDS)

    assert_image(image, mcuboot.signed_part(BODY, (1, 1)), key, tmp_path)


@pytest.mark.parametrize("words", [["3072"], ["-3", "2048"]])
def test_key_rsa_that_devices_cannot_use_is_refused(tern, tmp_path, words):
    (tmp_path / "k.pem").write_bytes(mcuboot.openssl("genrsa", *words))

    run = tern("key", "show", "k.pem")

    assert run.code == 1
    assert "nor RSA of 2048 bits with exponent 65537" in run.err


def test_key_of_unknown_type_is_usage(tern):
    run = tern("key", "generate", "--type", "rsa3072", "k.pem")

    assert run.code == 2 and "p256 and rsa2048" in run.err
    assert not os.path.exists("k.pem")


