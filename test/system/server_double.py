# server_double.py - what a device needs of a server, and nothing else: an MQTT
# 3.1.1 broker for one device that pushes without SUBSCRIBE, and downloads with
# Range. Shares no line with the real server, so both cannot be wrong together.
#
# Start at ServerDouble. Used by test_device.py.
#
# SPDX-License-Identifier: MIT
import hashlib
import hmac
import http.server
import json
import re
import socket
import struct
import threading
import time

WAIT_SECONDS = 60


def login_is_right(client_id, username, password, secret):
    """Section 1 of spec/device-protocol.md, from its text."""
    cid, items = client_id.split("|")[:2]
    values = dict(item.split("=", 1) for item in items.split(",") if item)
    device_name, product_key = username.split("&")
    signed = "clientId%sdeviceName%sproductKey%s" % (cid, device_name,
                                                     product_key)
    if "timestamp" in values:
        signed += "timestamp" + values["timestamp"]
    digest = getattr(hashlib, values["signmethod"][len("hmac"):])
    right = hmac.new(secret.encode(), signed.encode(), digest).hexdigest()
    return password.lower() == right


class Reply:
    """Of a download, as it should be; a spoiler may change all of it."""

    def __init__(self, data, asked):
        begin, end = re.fullmatch(r"bytes=(\d+)-(\d*)", asked).groups()
        self.first = int(begin)
        self.last = int(end) if end else len(data) - 1
        self.total = len(data)
        self.status, self.silent = 206, False
        self.body = data[self.first:self.last + 1]
        self.length = len(self.body)


def stall(after):
    """So many bytes of the body, then silence."""
    def spoil(reply):
        reply.body, reply.silent = reply.body[:after], True
    return spoil


class ServerDouble:
    """One device's server. said: (topic, payload) in the order they came.
    spoilers: each is called with the Reply to one download, in turn; behind
    the last one, replies are good. url_host: in the links, for the device."""

    def __init__(self, product_key, device_name, secret, url_host="127.0.0.1"):
        self.pk, self.dn, self.secret = product_key, device_name, secret
        self.url_host = url_host
        self.said, self.requests, self.logins = [], [], []
        self.files, self.spoilers = {}, []
        self.offer = None  # data of the upgrade that a pull is answered with
        self.news = threading.Condition()
        self.device = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.mqtt_port = self.listener.getsockname()[1]
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                    self._download_handler())
        self.http.daemon_threads = True
        self.http_port = self.http.server_address[1]
        for work in (self._accept, self.http.serve_forever):
            threading.Thread(target=work, daemon=True).start()

    def close(self):
        self.listener.close()
        self.http.shutdown()
        self.http.server_close()

    def identity(self):
        return {"productKey": self.pk, "deviceName": self.dn,
                "deviceSecret": self.secret, "mqttHost": "127.0.0.1",
                "mqttPort": self.mqtt_port, "httpPort": self.http_port}

    def push(self, image, version):
        """Offer an image, by push now and to every pull from now on."""
        self.files["/d/1.bin"] = image
        sha256 = hashlib.sha256(image).hexdigest()
        self.offer = {
            "size": len(image), "version": version,
            "url": "http://%s:%d/d/1.bin" % (self.url_host, self.http_port),
            "md5": hashlib.md5(image).hexdigest(), "sign": sha256,
            "signMethod": "SHA256"}
        self._publish("/ota/device/upgrade/%s/%s" % (self.pk, self.dn),
                      {"code": "1000", "data": self.offer,
                       "id": 1626969597470, "message": "success"})

    def withdraw(self):
        self.offer = None

    def params(self, kind):
        """params of all that was said on an up topic, e.g. "progress"."""
        topic = "/ota/device/%s/%s/%s" % (kind, self.pk, self.dn)
        return [json.loads(p)["params"] for t, p in self.said if t == topic]

    def versions(self):
        return [p["version"] for p in self.params("inform")]

    def wait(self, condition, what, seconds=WAIT_SECONDS):
        with self.news:
            if not self.news.wait_for(condition, seconds):
                raise AssertionError("never happened: %s; said: %s" %
                                     (what, self.said[-20:]))

    # MQTT

    def _accept(self):
        while True:
            try:
                device, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(device,),
                             daemon=True).start()

    def _serve(self, device):
        device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = device.makefile("rb")
        try:
            while first := stream.read(1):
                self._handle(device, first[0], self._body(stream))
        except OSError:
            pass
        finally:
            device.close()

    @staticmethod
    def _body(stream):
        length = shift = 0
        while True:
            digit = stream.read(1)[0]
            length |= (digit & 0x7F) << shift
            shift += 7
            if digit < 0x80:
                return stream.read(length)

    def _handle(self, device, first, body):
        if first >> 4 == 1:
            device.sendall(bytes([0x20, 2, 0, self._login(device, body)]))
        elif first >> 4 == 3:
            end = 2 + struct.unpack(">H", body[:2])[0]
            topic = body[2:end].decode()
            if first & 6:
                device.sendall(b"\x40\x02" + body[end:end + 2])
                end += 2
            self._heard(topic, body[end:].decode())
        elif first >> 4 == 12:
            device.sendall(b"\xd0\x00")

    def _login(self, device, body):
        texts, at = [], 10  # protocol name, level, flags, keep-alive
        while at < len(body):
            n = struct.unpack(">H", body[at:at + 2])[0]
            texts.append(body[at + 2:at + 2 + n].decode())
            at += 2 + n
        if not login_is_right(*texts, self.secret):
            return 5
        with self.news:
            self.device = device
            self.logins.append(texts[0])
            self.news.notify_all()
        return 0

    def _heard(self, topic, payload):
        with self.news:
            self.said.append((topic, payload))
            self.news.notify_all()
        if topic == "/sys/%s/%s/thing/ota/firmware/get" % (self.pk, self.dn):
            self._publish(topic + "_reply",
                          {"id": json.loads(payload)["id"], "code": 200,
                           "data": self.offer or {}})

    def _publish(self, topic, message):
        payload = json.dumps(message, separators=(",", ":")).encode()
        body = struct.pack(">H", len(topic)) + topic.encode() + payload
        length, n = b"", len(body)
        while n or not length:
            length += bytes([n & 0x7F | (0x80 if n > 0x7F else 0)])
            n >>= 7
        self.device.sendall(b"\x30" + length + body)

    # HTTP

    def _download_handler(self):
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                double.requests.append((time.monotonic(), self.path,
                                        self.headers.get("Range")))
                reply = Reply(double.files[self.path],
                              self.headers.get("Range"))
                if double.spoilers:
                    double.spoilers.pop(0)(reply)
                self.send_response(reply.status)
                self.send_header("Content-Length", str(reply.length))
                self.send_header("Content-Range", "bytes %d-%d/%d" % (
                    reply.first, reply.last, reply.total))
                self.end_headers()
                self.wfile.write(reply.body)
                if reply.silent:
                    self.connection.recv(1)  # until the device is gone
                self.close_connection = True

        return Handler
