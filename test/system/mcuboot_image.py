# mcuboot_image.py - MCUboot images by struct and hashlib, keys and signatures
# by openssl: nothing of ours takes part, so that a mistake cannot cancel itself
# out. The layout is what imgtool writes.
#
# SPDX-License-Identifier: MIT
import hashlib
import struct
import subprocess

MAGIC = 0x96F3B83D
KEYHASH, SHA256, RSA2048_PSS, ECDSA = 0x01, 0x10, 0x20, 0x22
DEPENDENCY, SEC_CNT = 0x40, 0x50
PROTECTED, UNPROTECTED = 0x6908, 0x6907

PSS = ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:32",
       "-pkeyopt", "rsa_mgf1_md:sha256", "-pkeyopt", "digest:sha256"]


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, check=True,
                          capture_output=True).stdout


class Key:
    """A private PEM file; rsa: RSA-2048, else P-256."""

    def __init__(self, pem, rsa):
        self.pem, self.rsa = str(pem), rsa
        public = ["rsa", "-RSAPublicKey_out"] if rsa else ["pkey", "-pubout"]
        der = openssl(*public, "-in", self.pem, "-outform", "DER")
        self.hash = hashlib.sha256(der).digest()
        self.signature_tlv = RSA2048_PSS if rsa else ECDSA

    @classmethod
    def new(cls, pem, rsa=False):
        kind = (["RSA", "-pkeyopt", "rsa_keygen_bits:2048"] if rsa else
                ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
        openssl("genpkey", "-algorithm", *kind, "-out", str(pem))
        return cls(pem, rsa)

    def sign(self, digest):
        return openssl("pkeyutl", "-sign", "-inkey", self.pem,
                       *(PSS if self.rsa else []), data=digest)

    def accepts(self, digest, signature, folder):
        (folder / "signature").write_bytes(signature)
        run = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-inkey", self.pem, "-sigfile",
             str(folder / "signature"), *(PSS if self.rsa else [])],
            input=digest, check=False, capture_output=True)
        return run.returncode == 0


def version_bytes(major, minor=0, revision=0, build=0):
    return struct.pack("<BBHI", major, minor, revision, build)


def tlv(kind, value):
    return struct.pack("<HH", kind, len(value)) + value


def part(magic, tlvs):
    return struct.pack("<HH", magic, len(tlvs) + 4) + tlvs if tlvs else b""


def counter(value):
    return tlv(SEC_CNT, struct.pack("<I", value))


def dependency(image, version):
    return tlv(DEPENDENCY, struct.pack("<B3x", image) + version_bytes(*version))


def header(body_len, version, header_bytes=0x400, protected_bytes=0, flags=0):
    return (struct.pack("<IIHHII", MAGIC, 0, header_bytes, protected_bytes,
                        body_len, flags) +
            version_bytes(*version) + bytes(4))


def signed_part(body, version, header_bytes=0x400, protected=b"", flags=0,
                filler=b"\xff"):
    """Everything that the hash covers."""
    protected = part(PROTECTED, protected)
    head = header(len(body), version, header_bytes, len(protected), flags)
    return head.ljust(header_bytes, filler) + body + protected


def finish(hashed, key, extra=b"", signature=None):
    """The image: hash, key hash and signature behind the signed part."""
    digest = hashlib.sha256(hashed).digest()
    tlvs = tlv(SHA256, digest)
    if key:
        tlvs += tlv(KEYHASH, key.hash)
        tlvs += tlv(key.signature_tlv, signature or key.sign(digest))
    return hashed + part(UNPROTECTED, tlvs + extra)
