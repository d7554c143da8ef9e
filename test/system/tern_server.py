# tern_server.py - a real ternd in a folder of its own, for tests and the demo.
#
# SPDX-License-Identifier: MIT
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request


class ApiError(Exception):
    """A refusal: .status, .code and .message as the server gave them."""

    def __init__(self, status, text):
        error = {}
        try:
            error = json.loads(text)["error"]
        except (ValueError, KeyError, TypeError):
            pass
        self.status, self.text = status, text
        self.code, self.message = error.get("code"), error.get("message", text)
        super().__init__("%d %s" % (status, self.message))


class TernServer:
    """start() waits until everything is up; stop() ends it in order; kill()
    pulls the plug. The data folder survives all three."""

    def __init__(self, data, bin_dir, options=()):
        self.data, self.bin, self.options = data, bin_dir, list(options)
        self.process = None
        self.http_at = self.mqtt_at = "127.0.0.1:0"
        self.log = os.path.join(os.path.dirname(data) or ".", "ternd.log")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.stop()

    def start(self, seconds=30):
        runtime = os.path.join(self.data, "runtime.json")
        if os.path.exists(runtime):
            os.unlink(runtime)  # of a run that was killed
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.bin, "ternd"), "--data", self.data,
                 "--http", self.http_at, "--mqtt", self.mqtt_at]
                + self.options,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait(lambda: os.path.exists(runtime), seconds)
        with open(runtime, encoding="utf-8") as f:
            run = json.load(f)
        self.http = run["http"]
        self.mqtt_address = self._address(run.get("mqtt"))
        self.mqtts_address = self._address(run.get("mqtts"))
        self.http_port = int(self.http.rsplit(":", 1)[1])
        self.token_file = os.path.join(self.data, "admin.token")
        if os.path.exists(self.token_file):  # else: the one we knew
            with open(self.token_file, encoding="ascii") as f:
                self.token = f.read().strip()

    @staticmethod
    def _address(text):
        if not text:
            return None
        host, port = text.rsplit(":", 1)
        return host, int(port)

    def stop(self, seconds=30):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(seconds)
        assert code == 0, "ternd ended with %d: see %s" % (code, self.log)

    def keep_ports(self):
        """The next start() is for clients who know only these."""
        self.http_at = "127.0.0.1:%d" % self.http_port
        self.mqtt_at = "%s:%d" % self.mqtt_address

    def broker(self):
        """The process of its mosquitto; None while there is none."""
        with open("/proc/%d/task/%d/children" % (2 * (self.process.pid,)),
                  encoding="ascii") as f:
            return next(map(int, f.read().split()), None)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def api(self, method, path, body=None, token=None):
        """The decoded answer; ApiError for anything but 2xx.

        body: bytes are sent as they are, everything else as JSON."""
        headers = {"Authorization": "Bearer " + (token or self.token)}
        if isinstance(body, (bytes, bytearray)):
            headers["Content-Type"] = "application/octet-stream"
        elif body is not None:
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.http + path, data=body,
                                         headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                text = reply.read()
        except urllib.error.HTTPError as error:
            raise ApiError(error.code, error.read().decode()) from None
        return json.loads(text) if text else None

    def wait(self, condition, seconds=20):
        """Ask again until it holds; a server that died fails at once."""
        deadline = time.monotonic() + seconds
        while not condition():
            if self.process.poll() is not None:
                raise AssertionError("ternd died: see " + self.log)
            assert time.monotonic() < deadline, "waited %d s in vain" % seconds
            time.sleep(0.02)
