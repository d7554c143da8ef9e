# mqtt_client.py - a small MQTT 3.1.1 client that shows every byte.
#
# No thread: the socket is read only inside of calls, so a test decides when.
# Start at MqttClient.connect(). Used by test_broker*.py.
#
# SPDX-License-Identifier: MIT
import collections
import hashlib
import hmac
import select
import socket
import struct
import time

Message = collections.namedtuple("Message", "topic payload qos retain dup")

WAIT_SECONDS = 15  # for anything that must come


class MqttClosed(Exception):
    """The broker closed the connection."""


class MqttTimeout(AssertionError):
    """Something that had to come did not."""


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">H", len(data)) + data


def packet(first_byte, body):
    length, n = b"", len(body)
    while True:
        n, digit = n >> 7, n & 0x7F
        length += bytes([digit | (0x80 if n else 0)])
        if not n:
            return bytes([first_byte]) + length + body


def device_login(pk, dn, secret, method="hmacsha256", timestamp=None, cid=None,
                 extra=""):
    """clientId, username and password of a device."""
    cid = "%s.%s" % (pk, dn) if cid is None else cid
    signed = "clientId%sdeviceName%sproductKey%s" % (cid, dn, pk)
    items = "securemode=3,signmethod=%s," % method
    if timestamp is not None:
        signed += "timestamp%s" % timestamp
        items = "timestamp=%s,%s" % (timestamp, items)
    digest = getattr(hashlib, method[len("hmac"):])
    password = hmac.new(secret.encode(), signed.encode(), digest).hexdigest()
    return "%s|%s%s|" % (cid, items, extra), "%s&%s" % (dn, pk), password


class MqttClient:
    def __init__(self, address, client_id, username=None, password=None):
        self.address, self.client_id = address, client_id
        self.username, self.password = username, password
        self.sent, self.received = b"", b""  # raw, since connect()
        self.messages = collections.deque()  # not yet asked for
        self.auto_ack = True
        self.sock, self._buffer, self._next_id = None, b"", 1

    # --- what a client does --------------------------------------------------

    def connect(self, clean=True, keepalive=60, will=None):
        """The return code of CONNACK; 0 is welcome. will: (topic, payload,
        retain), QoS 0."""
        flags, body = (0x02 if clean else 0), b""
        if will:
            flags |= 0x04 | (0x20 if will[2] else 0)
            body += text(will[0]) + text(will[1])
        if self.username is not None:
            flags, body = flags | 0x80, body + text(self.username)
        if self.password is not None:
            flags, body = flags | 0x40, body + text(self.password)
        head = b"\x00\x04MQTT\x04" + bytes([flags]) + struct.pack(">H", keepalive)
        self.sent = self.received = self._buffer = b""
        self.sock = socket.create_connection(self.address, WAIT_SECONDS)
        self.send_raw(packet(0x10, head + text(self.client_id) + body))
        return self._await(0x20)[1]

    def publish(self, topic, payload=b"", qos=0, retain=False):
        """Returns after the PUBACK (QoS 1) or PUBCOMP (QoS 2)."""
        payload = payload if isinstance(payload, bytes) else payload.encode()
        body = text(topic)
        ident = self._take_id() if qos else b""
        self.send_raw(packet(0x30 | qos << 1 | (1 if retain else 0),
                             body + ident + payload))
        if qos == 1:
            self._await(0x40, ident)
        if qos == 2:
            self._await(0x50, ident)
            self.send_raw(packet(0x62, ident))
            self._await(0x70, ident)

    def subscribe(self, topic_filter, qos=1):
        """The granted QoS; 0x80 is refused."""
        ident = self._take_id()
        self.send_raw(packet(0x82, ident + text(topic_filter) + bytes([qos])))
        return self._await(0x90, ident)[2]

    def ping(self):
        self.send_raw(b"\xc0\x00")
        self._await(0xD0)

    def message(self, seconds=WAIT_SECONDS):
        """The next message."""
        deadline = time.monotonic() + seconds
        while not self.messages:
            self._handle(*self._packet(deadline))
        return self.messages.popleft()

    def wait_closed(self, seconds=WAIT_SECONDS):
        """Until the broker closes the connection; what came before it is in
        messages."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self._handle(*self._packet(deadline))
        except (MqttClosed, ConnectionResetError):
            self.drop()

    def disconnect(self):
        self.send_raw(b"\xe0\x00")
        self.drop()

    def drop(self):
        """Abrupt, without a word."""
        if self.sock:
            self.sock.close()
        self.sock = None

    def send_raw(self, data):
        self.sent += data
        self.sock.sendall(data)

    # --- packets -------------------------------------------------------------

    def _take_id(self):
        ident, self._next_id = self._next_id, self._next_id % 65535 + 1
        return struct.pack(">H", ident)

    def _await(self, first_byte, ident=b""):
        """The body of the answer; messages that come before it are kept."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            kind, body = self._packet(deadline)
            if kind == first_byte and body.startswith(ident):
                return body
            self._handle(kind, body)

    def _handle(self, kind, body):
        if kind & 0xF0 != 0x30:
            raise AssertionError("unexpected packet 0x%02x %r" % (kind, body))
        qos, (length,) = kind >> 1 & 3, struct.unpack(">H", body[:2])
        topic, rest = body[2 : 2 + length].decode(), body[2 + length :]
        if qos:
            ident, rest = rest[:2], rest[2:]
            if self.auto_ack:
                self.send_raw(packet(0x40, ident))
        self.messages.append(
            Message(topic, rest, qos, bool(kind & 1), bool(kind & 8)))

    def _packet(self, deadline):
        while True:
            whole = self._split()
            if whole:
                return whole
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                raise MqttTimeout("%s: nothing came" % self.client_id)
            some = self.sock.recv(65536)
            if not some:
                raise MqttClosed(self.client_id)
            self.received += some
            self._buffer += some

    def _split(self):
        length = shift = 0
        for at in range(1, min(len(self._buffer), 5)):
            length |= (self._buffer[at] & 0x7F) << shift
            shift += 7
            if self._buffer[at] < 0x80:
                end = at + 1 + length
                if len(self._buffer) < end:
                    return None
                whole = self._buffer[0], self._buffer[at + 1 : end]
                self._buffer = self._buffer[end:]
                return whole
        return None
