# mosquitto_broker.py - a real Mosquitto with tern_broker.so, configured by
# broker/mosquitto.conf.example, on a loopback port, in a folder of its own.
#
# TERN_MOSQUITTO_WRAP may name a command to run it under, for example
# "valgrind --error-exitcode=9 --log-file=/tmp/vg.%p".
#
# SPDX-License-Identifier: MIT
import json
import os
import pwd
import re
import shlex
import signal
import socket
import subprocess
import time

import pytest

from mqtt_client import WAIT_SECONDS, MqttClient, device_login

ROOT = os.path.join(os.path.dirname(__file__), "../..")
SECRET = "a-secret-only-the-service-knows"


def wait_for(condition, what, seconds=WAIT_SECONDS):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain for " + what
        time.sleep(0.01)


class MosquittoBroker:
    def __init__(self, folder, bin_dir):
        self.folder = str(folder)
        self.plugin = os.path.join(bin_dir, "tern_broker.so")
        self.process = self.address = None
        self.write("service.secret", SECRET + "\n")
        self.write("keys", "tern-keys 1\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        """Replace by rename, as the server does."""
        with open(self.path(name + ".new"), "w", encoding="utf-8") as f:
            os.chmod(f.fileno(), 0o600)
            f.write(content)
        os.rename(self.path(name + ".new"), self.path(name))

    def append_key(self, line):
        with open(self.path("keys"), "a", encoding="utf-8") as f:
            f.write(line)

    def configure(self, more=""):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = probe.getsockname()
        with open(os.path.join(ROOT, "broker/mosquitto.conf.example"),
                  encoding="utf-8") as f:
            conf = f.read()
        for word, value in (("PLUGIN", self.plugin), ("DATA", self.folder),
                            ("PORT", str(self.address[1])),
                            ("ADDRESS", self.address[0]),
                            ("USER", pwd.getpwuid(os.getuid()).pw_name)):
            conf = re.sub("(?m)^(?!#)(.*)@%s@" % word, r"\g<1>" + value, conf)
        self.write("mosquitto.conf", conf + more)

    def launch(self):
        command = shlex.split(os.environ.get("TERN_MOSQUITTO_WRAP", ""))
        with open(self.path("stderr"), "ab") as err:
            self.process = subprocess.Popen(
                command + ["/usr/sbin/mosquitto", "-c",
                           self.path("mosquitto.conf")],
                stdin=subprocess.DEVNULL, stdout=err, stderr=err)

    def start(self):
        """Another process may take the port between our look and the start:
        then with the next one."""
        for _ in range(5):
            self.configure()
            self.launch()
            wait_for(lambda: self._listens() or self.process.poll() is not None,
                     "mosquitto")
            if self.process.poll() is None:
                return
            assert "Address already in use" in self.log(), self.log()
        raise AssertionError("no free port")

    def _listens(self):
        try:
            socket.create_connection(self.address, 1).close()
            return True
        except OSError:
            return False

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(WAIT_SECONDS)
        self.process = None
        assert code in (0, -signal.SIGKILL), "mosquitto ended with %d" % code

    def log(self):
        content = ""
        for name in ("stderr", "mosquitto.log"):
            if os.path.exists(self.path(name)):
                with open(self.path(name), encoding="utf-8",
                          errors="replace") as f:
                    content += f.read()
        return content

    def wait_log(self, pattern):
        wait_for(lambda: re.search(pattern, self.log()), "log " + pattern)

    # --- clients -------------------------------------------------------------

    def add(self, pk, dn, secret="secret0123456789"):
        self.append_key("+ %s %s %s\n" % (pk, dn, secret))

    def device(self, pk="pk1", dn="dev-01", secret="secret0123456789", **how):
        return MqttClient(self.address, *device_login(pk, dn, secret, **how))

    def service(self, name="ternd-1", subscribe=True, clean=False):
        client = MqttClient(self.address, name, "tern-service", SECRET)
        assert client.connect(clean=clean) == 0
        if subscribe:
            for topic in ("tern/v1/presence", "tern/v1/synced",
                          "/ota/device/inform/+/+", "/ota/device/progress/+/+",
                          "/sys/+/+/thing/ota/firmware/get"):
                assert client.subscribe(topic, 1) == 1
        return client


# --- fixtures (conftest.py offers them to every test) and what goes with them ---


@pytest.fixture
def idle(bin_dir, tmp_path):
    """A broker that is not started yet."""
    made = MosquittoBroker(tmp_path, bin_dir)
    yield made
    made.stop()


@pytest.fixture
def broker(idle):
    """A running broker that knows two devices."""
    idle.add("pk1", "dev-01")
    idle.add("pk1", "dev-02")
    idle.start()
    return idle


def presence(message):
    assert message.topic == "tern/v1/presence"
    return json.loads(message.payload)


def online(broker, service, **how):
    """A connected device and its epoch."""
    device = broker.device(**how)
    assert device.connect() == 0
    p = presence(service.message())
    assert p["online"]
    return device, p["epoch"]
