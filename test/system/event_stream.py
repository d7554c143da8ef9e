# event_stream.py - a reader of /api/v1/stream that takes what comes literally.
#
# SPDX-License-Identifier: MIT
import json
import socket
import time


class EventStream:
    """One connection. blocks() gives (event, id, data) as they come."""

    def __init__(self, server, query="", headers=None, token=None,
                 receive_bytes=None):
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                                   receive_bytes)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", server.http_port))
        lines = {"Host": "x",
                 "Authorization": "Bearer " + (token or server.token)}
        lines.update(headers or {})
        head = "GET /api/v1/stream%s HTTP/1.1\r\n" % query
        head += "".join("%s: %s\r\n" % h for h in lines.items() if h[1])
        self.socket.sendall((head + "\r\n").encode())
        self.raw, self.text, self.comments, self.ended = b"", b"", 0, False
        self.retry = self.last_id = None
        while b"\r\n\r\n" not in self.raw:
            self._receive()
        head, self.raw = self.raw.split(b"\r\n\r\n", 1)
        self.status = int(head.split()[1])
        self.head = head.decode().lower()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def _receive(self):
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionError("the server closed the stream")
        self.raw += got

    def _unchunk(self):
        """Whole chunks out of what was received; False: more is needed."""
        while b"\r\n" in self.raw:
            size, rest = self.raw.split(b"\r\n", 1)
            count = int(size, 16)
            if len(rest) < count + 2:
                return
            assert rest[count:count + 2] == b"\r\n"
            self.text += rest[:count]
            self.raw = rest[count + 2:]
            self.ended = self.ended or count == 0

    def block(self, seconds=10):
        """The next block with data, as (event, id, decoded data)."""
        deadline = time.monotonic() + seconds
        while True:
            self._unchunk()
            if b"\n\n" in self.text:
                block, self.text = self.text.split(b"\n\n", 1)
                if found := self._fields(block.decode()):
                    return found
                continue
            if self.ended:
                raise ConnectionError("the stream ended")
            left = deadline - time.monotonic()
            assert left > 0, "no event within %d s" % seconds
            self.socket.settimeout(left)
            try:
                self._receive()
            except socket.timeout:
                raise AssertionError("no event within %d s" % seconds) from None

    def _fields(self, block):
        fields = {}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            if not name:
                self.comments += 1
            else:
                assert value.startswith(" ") and name not in fields, block
                fields[name] = value[1:]
        self.retry = fields.get("retry", self.retry)
        self.last_id = fields.get("id", self.last_id)
        if "data" not in fields:
            return None
        return (fields["event"], int(fields["id"]) if "id" in fields else None,
                json.loads(fields["data"]))

    def _until(self, condition):
        self._unchunk()
        while not condition():
            self._receive()
            self._unchunk()

    def begin(self):
        """What comes before the first event."""
        self._until(lambda: b"\n\n" in self.text)
        return self.text

    def wait_comment(self):
        self._until(lambda: b"\n:\n\n" in self.text)

    def ids(self, count, seconds=10):
        return [self.block(seconds)[1] for _ in range(count)]
