# test_http_download.py - downloads, looked at byte by byte on the socket.
#
# What Link SDK's parser can take is in spec/device-protocol.md section 8.
#
# SPDX-License-Identifier: MIT
import hashlib
import hmac
import os
import re
import socket
import time

import pytest

from tern_server import TernServer

SIZE = 100_000
CONTENT = os.urandom(SIZE)
BLOB_ID = hashlib.sha256(CONTENT).hexdigest()[:32]

# As Link SDK v4 sends it.
LINK_SDK_GET = (
    "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html, "
    "application/xhtml+xml, application/xml;q=0.9, */*;q=0.8\r\n"
    "Range: bytes=%s\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture(scope="module")
def shared(bin_dir, tmp_path_factory):
    with TernServer(str(tmp_path_factory.mktemp("dl") / "data"),
                    bin_dir) as server:
        server.api("POST", "/api/v1/products",
                   {"name": "P", "product_key": "a1Pk"})
        server.api("POST", "/api/v1/products/a1Pk/packages?version=1", CONTENT)
        yield server


def link(server, seconds=60, blob=BLOB_ID, key=None):
    if key is None:
        with open(os.path.join(server.data, "link.key"), "rb") as f:
            key = f.read()
    e = "%08x" % (int(time.time()) + seconds)
    sign = hmac.new(key, ("%s|%s" % (blob, e)).encode(), hashlib.sha256)
    return "/d/%s/%s%s.bin" % (blob, e, sign.hexdigest()[:32])


class Reply:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        self.lines = head.decode("ascii").split("\r\n")
        self.status = int(self.lines[0].split(" ")[1])
        self.headers = dict(line.split(": ", 1) for line in self.lines[1:])


def talk(server, text):
    """Send exactly this; the reply, read to the length it announces."""
    host, port = server.http[len("http://"):].rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as s:
        s.sendall(text.encode())
        raw = b""
        while b"\r\n\r\n" not in raw:
            more = s.recv(65536)
            assert more, raw
            raw += more
        length = int(re.search(rb"Content-Length: (\d+)\r\n", raw)[1])
        if text.startswith("HEAD"):
            length = 0
        end = raw.index(b"\r\n\r\n") + 4 + length
        while len(raw) < end:
            more = s.recv(65536)
            assert more, "closed early"
            raw += more
    assert len(raw) == end
    return Reply(raw)


def check_plain(reply):
    """What every reply must be for Link SDK to read it."""
    assert reply.lines[0].startswith("HTTP/1.1 ")
    assert max(map(len, reply.lines)) <= 126
    assert not {"Transfer-Encoding", "Content-Encoding", "Location",
                "Set-Cookie"} & set(reply.headers)


@pytest.mark.parametrize("value,first,last", [
    ("0-", 0, SIZE - 1), ("0-0", 0, 0), ("0-2047", 0, 2047),
    ("14336-", 14336, SIZE - 1), ("99999-", SIZE - 1, SIZE - 1),
    ("5-999999999999", 5, SIZE - 1), ("-10", SIZE - 10, SIZE - 1),
])
def test_range_gets_206_with_exactly_its_bytes(shared, value, first, last):
    reply = talk(shared, LINK_SDK_GET % (link(shared), value))
    check_plain(reply)
    assert reply.status == 206
    assert reply.headers["Content-Range"] == "bytes %d-%d/%d" % (first, last,
                                                                 SIZE)
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert reply.body == CONTENT[first:last + 1]


def test_range_beyond_the_end_is_416_with_the_size(shared):
    for value in ("%d-" % SIZE, "999999999999999999999-", "-0"):
        reply = talk(shared, LINK_SDK_GET % (link(shared), value))
        check_plain(reply)
        assert (reply.status, reply.headers["Content-Range"]) == (
            416, "bytes */%d" % SIZE)
        assert reply.body


def test_range_that_makes_no_sense_is_ignored(shared):
    for value in ("", "x", "9-5", "0-1,5-6"):
        reply = talk(shared, LINK_SDK_GET % (link(shared), value))
        assert (reply.status, reply.body) == (200, CONTENT)
        assert "Content-Range" not in reply.headers


def test_whole_file_without_range(shared):
    for version in ("1.1", "1.0"):
        reply = talk(shared, "GET %s HTTP/%s\r\nHost: x\r\n\r\n"
                     % (link(shared), version))
        check_plain(reply)
        assert (reply.status, reply.body) == (200, CONTENT)


def test_compression_is_never_used(shared):
    reply = talk(shared, "GET %s HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, "
                 "deflate\r\n\r\n" % link(shared))
    check_plain(reply)
    assert reply.body == CONTENT


def test_head_says_the_same_without_the_bytes(shared):
    for extra, status, length in (("", 200, SIZE),
                                  ("Range: bytes=10-19\r\n", 206, 10)):
        reply = talk(shared, "HEAD %s HTTP/1.1\r\nHost: x\r\n%s\r\n"
                     % (link(shared), extra))
        check_plain(reply)
        assert (reply.status, reply.body) == (status, b"")
        assert reply.headers["Content-Length"] == str(length)


def test_if_range_of_another_file_gets_the_whole(shared):
    text = "GET %s HTTP/1.1\r\nHost: x\r\nRange: bytes=1-\r\nIf-Range: %s\r\n\r\n"
    etag = '"%s"' % BLOB_ID[:16]
    assert talk(shared, text % (link(shared), etag)).status == 206
    assert talk(shared, text % (link(shared), '"other"')).status == 200


def test_link_forged_or_expired_is_403_with_a_body(shared):
    good = link(shared)
    flipped = good[:-5] + ("0" if good[-5] != "0" else "1") + good[-4:]
    later = good.replace("/" + good.split("/")[3][:8], "/ffffffff")
    other = good.replace(BLOB_ID, "0" * 32)
    for path in (flipped, later, other, link(shared, key=b"x" * 32),
                 link(shared, seconds=-5)):
        for method in ("GET", "HEAD"):
            reply = talk(shared, "%s %s HTTP/1.1\r\nHost: x\r\n\r\n"
                         % (method, path))
            check_plain(reply)
            assert reply.status == 403
            assert reply.headers["Content-Length"] != "0"


def test_link_to_a_file_that_is_gone_is_404(shared):
    path = link(shared, blob="0123456789abcdef" * 2)
    assert talk(shared, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path).status == 404


def test_link_takes_reading_only(shared):
    reply = talk(shared, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0"
                 "\r\n\r\n" % link(shared))
    check_plain(reply)
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD")


def test_requests_on_one_connection_are_answered_in_turn(shared):
    host, port = shared.http[len("http://"):].rsplit(":", 1)
    want = CONTENT[:10] + CONTENT[20:30]
    got = b""
    with socket.create_connection((host, int(port)), timeout=10) as s:
        for value in ("0-9", "20-29"):
            s.sendall((LINK_SDK_GET % (link(shared), value)).encode())
            raw = b""
            while not raw.endswith(CONTENT[int(value.split("-")[0]):][:10]):
                raw += s.recv(4096)
            got += raw[-10:]
    assert got == want
