# link_sdk.py - a device that behaves, byte for byte, as one built on Alibaba's
# C Link SDK v4.0.0 with the demonstration loop of NXP's SFW.
#
# It is as narrow as the original: it never subscribes, reads JSON by searching
# for text, knows one spelling of Content-Length, cannot read a port in a URL,
# and gives up (LinkSdkBroken) where the original would crash, hang or flash a
# wrong image. A server that satisfies it satisfies the devices in the field.
#
# Facts: spec/device-protocol.md. Its own tests: test_link_sdk.py.
#
# SPDX-License-Identifier: MIT
import hashlib
import hmac
import re
import select
import socket
import struct
import time

TIMESTAMP = "2524608000000"
BODY_BUFFER = 2048
HEADER_LINE = 128  # bytes, CR LF included
RECV_SECONDS = 5  # of silence, then the SDK asks again


class LinkSdkBroken(Exception):
    """The original would now crash, hang, or flash something wrong."""


def json_value(text, key):
    """The SDK's look-up: first textual match, value directly after it."""
    at = text.find('"%s"' % key)
    if at < 0:
        return None
    at += len(key) + 2
    if text[at : at + 1] != ":":
        return None
    rest = text[at + 1 :]
    if rest[:1] == '"':
        end = rest.find('"', 1)
        return rest[1:end] if end > 0 else None
    if rest[:1] in "{[":
        return balanced(rest)
    return re.split(r"[,\]}]", rest, maxsplit=1)[0]


def balanced(text):
    """A slice up to the bracket that closes the first one; strings are not
    understood, just as in the original."""
    opening, closing = ("{", "}") if text[0] == "{" else ("[", "]")
    depth = 0
    for i, c in enumerate(text):
        depth += (c == opening) - (c == closing)
        if depth == 0:
            return text[: i + 1]
    return None


class Task:
    """What the SDK takes from a push; None if it would drop it silently."""

    @staticmethod
    def parse(data):
        task = Task()
        fields = {k: json_value(data, k)
                  for k in ("size", "version", "url", "sign", "signMethod")}
        if None in fields.values():
            return None
        digits = re.match(r"\d*", fields["size"]).group()
        if not digits or int(digits) == 0:
            raise LinkSdkBroken("size 0: division by zero")
        if len(fields["url"]) >= 255:
            raise LinkSdkBroken("URL of 255 or more: heap overflow")
        if fields["signMethod"] not in ("Md5", "SHA256", "Sha256"):
            return None
        task.method = hashlib.md5 if fields["signMethod"] == "Md5" else hashlib.sha256
        if len(fields["sign"]) != task.method().digest_size * 2:
            return None
        task.size, task.version = int(digits), fields["version"]
        task.sign, task.url = fields["sign"].lower(), fields["url"]
        task.host, task.path = Task.split_url(task.url)
        return task

    @staticmethod
    def split_url(url):
        match = re.match(r"^[a-z]+://([^/]+)(/[^#]*)", url)
        if not match or "\\" in url:
            raise LinkSdkBroken("URL not understood: %s" % url)
        host, path = match.groups()
        if ":" in host:
            raise LinkSdkBroken("a port in the URL goes into the name look-up")
        return host, path


class LinkSdkDevice:
    def __init__(self, pk, dn, ds, mqtt, http_port, version):
        self.pk, self.dn, self.ds = pk, dn, ds
        self.mqtt_address, self.http_port = mqtt, http_port
        self.version = version
        self.wire = []  # (">" or "<", bytes) of MQTT
        self.requests = []  # HTTP request texts
        self.pushes = []  # (topic, payload) since power-on
        self.image = bytearray()  # the inactive slot
        self.sock = None
        self.link_buffer = b""
        self.next_id = 1

    # --- MQTT ---------------------------------------------------------------

    def connect(self):
        cid = "%s.%s" % (self.pk, self.dn)
        client_id = cid + (
            "|timestamp=%s,_ss=1,_v=sdk-c-4.0.0,securemode=3,"
            "signmethod=hmacsha256,ext=3,|" % TIMESTAMP)
        signed = "clientId%sdeviceName%sproductKey%stimestamp%s" % (
            cid, self.dn, self.pk, TIMESTAMP)
        password = hmac.new(self.ds.encode(), signed.encode(),
                            hashlib.sha256).hexdigest().upper()
        body = b"\x00\x04MQTT\x04\xc2" + struct.pack(">H", 1200)
        for text in (client_id, "%s&%s" % (self.dn, self.pk), password):
            body += struct.pack(">H", len(text)) + text.encode()
        self.sock = socket.create_connection(self.mqtt_address, 10)
        self.link_buffer = b""
        self._send(b"\x10" + self._length(len(body)) + body)
        kind, reply = self._packet(time.monotonic() + 5)
        if kind != 0x20 or reply != b"\x00\x00":
            raise PermissionError("CONNACK %r" % reply)
        self._send(b"\xc0\x00")

    def inform(self):
        self._publish("/ota/device/inform/%s/%s",
                      '"version":"%s"' % self.version)

    def query_firmware(self):
        self._publish("/sys/%s/%s/thing/ota/firmware/get", "")

    def progress(self, step):
        self._publish("/ota/device/progress/%s/%s",
                      '"step":"%s","desc":""' % step)

    def receive(self, seconds):
        """Handle what comes for so long; a parsed task, or None."""
        deadline = time.monotonic() + seconds
        while True:
            got = self._packet(deadline)
            if got is None:
                return None
            task = self._handle(*got)
            if task:
                return task

    def power_off(self):
        """Abrupt, as a reset is."""
        if self.sock:
            self.sock.close()
        self.sock, self.pushes, self.next_id = None, [], 1

    def _publish(self, topic, params):
        topic = topic % (self.pk, self.dn)
        payload = '{"id":%d, "params":{%s}}' % (self.next_id, params)
        self.next_id += 1
        body = struct.pack(">H", len(topic)) + topic.encode() + payload.encode()
        self._send(b"\x30" + self._length(len(body)) + body)

    def _handle(self, kind, body):
        if kind == 0xD0:
            return None
        if kind & 0xF0 != 0x30 or kind & 0x06 == 0x04:
            raise LinkSdkBroken("packet 0x%02x: the SDK drops the link" % kind)
        topic_len = struct.unpack(">H", body[:2])[0]
        topic, rest = body[2 : 2 + topic_len].decode(), body[2 + topic_len :]
        if kind & 0x06:
            self._send(b"\x40\x02" + rest[:2])
            rest = rest[2:]
        if topic_len >= 128:
            raise LinkSdkBroken("topic of 128 or more")
        if "/config/" in topic:
            raise LinkSdkBroken("a config file would be flashed as firmware")
        return self._message(topic, rest.decode())

    def _message(self, topic, payload):
        self.pushes.append((topic, payload))
        data = json_value(payload, "data")
        if not data or not data.startswith("{"):
            return None
        task = Task.parse(data)
        if task and sum("version" in p for _, p in self.pushes) > 1:
            raise LinkSdkBroken("second push in one boot: wrong flash address")
        return task

    def _packet(self, deadline):
        """(first byte, body) of the next MQTT packet, or None."""
        while True:
            packet = self._split()
            if packet:
                return packet
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                return None
            some = self.sock.recv(4096)
            if not some:
                raise ConnectionError("the broker closed the connection")
            self.wire.append(("<", some))
            self.link_buffer += some

    def _split(self):
        buf, size, shift = self.link_buffer, 0, 0
        for i in range(1, min(len(buf), 5)):
            size |= (buf[i] & 0x7F) << shift
            shift += 7
            if not buf[i] & 0x80:
                end = 1 + i + size
                if len(buf) < end:
                    return None
                self.link_buffer = buf[end:]
                return buf[0], buf[1 + i : end]
        return None

    def _send(self, packet):
        self.wire.append((">", packet))
        self.sock.sendall(packet)

    @staticmethod
    def _length(n):
        out = b""
        while True:
            n, low = n >> 7, n & 0x7F
            out += bytes([low | (0x80 if n else 0)])
            if not n:
                return out

    # --- HTTP ---------------------------------------------------------------

    def download(self, task, drop_after=None):
        """Fetch into self.image as the SDK does; True if the digest matches.

        drop_after: the network fails once after so many body bytes.
        """
        self.image, fetched, digest = bytearray(), 0, task.method()
        reported = 0
        while fetched < task.size:
            http, length = self._get(task, fetched)
            self.progress(fetched * 100 // task.size)
            if length is None:
                raise LinkSdkBroken("no Content-Length: asks for ever")
            for piece in self._body(http, length):
                if drop_after is not None and fetched + len(piece) > drop_after:
                    drop_after = None
                    break
                self.image += piece
                digest.update(piece)
                fetched += len(piece)
                percent = fetched * 100 // task.size
                if percent >= reported + 5 or percent == 100:
                    reported = percent
                    self.progress(percent)
            http.close()
        if fetched > task.size:
            raise LinkSdkBroken("fetched too many: digest never checked")
        if digest.hexdigest() != task.sign:
            self.progress(-3)
            return False
        return True

    def _get(self, task, start):
        request = (
            "GET %s HTTP/1.1\r\nHost: %s\r\n"
            "Accept: text/html, application/xhtml+xml, application/xml;q=0.9, "
            "*/*;q=0.8\r\nRange: bytes=%d-\r\nContent-Length: 0\r\n\r\n"
            % (task.path, task.host, start))
        http = socket.create_connection((task.host, self.http_port), 10)
        http.settimeout(RECV_SECONDS)
        self.requests.append(request)
        http.sendall(request.encode())
        return http, self._headers(http, start)

    def _headers(self, http, start):
        status, length = None, None
        while True:
            line = self._line(http)
            if line == "":
                break
            if line.startswith("HTTP/1.1 "):
                status = int(line[9:12])
            if line.startswith("Content-Length: "):
                length = int(line[16:])
        if status not in (200, 206):
            raise LinkSdkBroken("status %s: the SDK asks again for ever" % status)
        if status == 200 and start:
            raise LinkSdkBroken("200 to a resumed range: the digest breaks")
        return length

    @staticmethod
    def _line(http):
        line = b""
        while not line.endswith(b"\r\n"):
            if len(line) == HEADER_LINE:
                raise LinkSdkBroken("header line over 128 bytes: %r" % line)
            byte = http.recv(1)
            if not byte:
                raise LinkSdkBroken("closed in the header: jumps to the middle")
            line += byte
        return line[:-2].decode("latin-1")

    @staticmethod
    def _body(http, length):
        """Whole buffers only: a part of one is lost when the link drops."""
        while length:
            piece = b""
            want = min(BODY_BUFFER, length)
            while len(piece) < want:
                some = http.recv(want - len(piece))
                if not some:
                    return
                piece += some
            length -= want
            yield piece
