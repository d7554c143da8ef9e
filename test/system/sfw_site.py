# sfw_site.py - a real server and emulated boards that it knows, each with the
# bootloader and the demonstration firmware as built.
#
# SPDX-License-Identifier: MIT
import json
import os
import shutil

from rt1060 import FILES_HOST, MQTT_HOST, MQTT_PORT, Rt1060
from tern_cli import Tern
from tern_server import TernServer

PRODUCT, DEVICE = "a1Sfw", "dev-01"
UPDATE_SECONDS = 300


class Site:
    """A server, and boards that are known to it."""

    def __init__(self, bin_dir, arm_dir, folder):
        self.bin, self.arm, self.folder = bin_dir, arm_dir, folder
        self.server = TernServer(str(folder / "server"), bin_dir,
                                 ["--url-host", FILES_HOST])
        self.server.start()
        self.tern = Tern(bin_dir, self.server.data)
        self.tern.good("product", "create", "Boards", "--key", PRODUCT)
        self.boards, self.factory_flash = [], {}

    def board(self, name=DEVICE, provisioned=True, program="1.3.0",
              version="1.3.0"):
        b = Rt1060(self.bin, self.arm, str(self.folder / name))
        self.tern.good("device", "create", PRODUCT, name, "--identity",
                       b.identity, "--mqtt", "%s:%d" % (MQTT_HOST, MQTT_PORT))
        shutil.copyfile(self.factory(b, version, program), b.flash)
        if provisioned:
            self.tern.good("board", "provision", b.flash,
                           "--identity", b.identity)
        with open(b.identity, encoding="utf-8") as f:
            b.http_port = json.load(f)["httpPort"]
        b.reaches(self.server.mqtt_address[1], b.http_port)
        self.boards.append(b)
        return b

    def factory(self, board, version, program):
        """A flash with bootloader and firmware, of which boards get a copy."""
        if (version, program) not in self.factory_flash:
            out = str(self.folder / ("factory-%s.flash" % version))
            self.tern.good("board", "create", out, "--sbl", board.sbl,
                           "--image", self.sign(board, version, program))
            self.factory_flash[version, program] = out
        return self.factory_flash[version, program]

    def sign(self, board, version, program=None):
        """Of a release, or of a file."""
        program = program or version
        if not os.path.isabs(program):
            program = board.program(program)
        out = str(self.folder / (version + ".img"))
        self.tern.good("image", "sign", "--key", board.key, "--version",
                       version, program, out)
        return out

    def padded(self, board, release, to):
        """A file: the release's program, at least so many bytes of it."""
        out = str(self.folder / (release + ".program"))
        with open(board.program(release), "rb") as f, open(out, "wb") as padded:
            padded.write(f.read().ljust(to, b"\xa5"))
        return out

    def version(self, name=DEVICE):
        return self.server.api("GET", "/api/v1/products/%s/devices/%s"
                               % (PRODUCT, name))["version"]

    def informed(self, version, name=DEVICE):
        self.server.wait(lambda: self.version(name) == version, UPDATE_SECONDS)

    def upload(self, image, version):
        return self.tern.json("package", "upload", PRODUCT, image,
                              "--version", version)["id"]

    def verify(self, package, source):
        return self.tern.begin("package", "verify", str(package), "--device",
                               DEVICE, "--source-version", source, "--wait")

    def begin(self, package, *names):
        """Tell these boards; the job's tasks come from tasks()."""
        return self.server.api("POST", "/api/v1/packages/%s/verify" % package,
                               {"device_names": list(names)})["id"]

    def tasks(self, job):
        return self.server.api("GET", "/api/v1/jobs/%d/tasks" % job)["items"]

    def ended(self, job, seconds=UPDATE_SECONDS):
        """The job's tasks, when none is open any more."""
        self.server.wait(lambda: self.server.api(
            "GET", "/api/v1/jobs/%d" % job)["state"] == "COMPLETED", seconds)
        return self.tasks(job)

    def updated(self, job, version, *names, seconds=UPDATE_SECONDS):
        """Every task has succeeded, and every board runs the version."""
        tasks = self.ended(job, seconds)
        assert sorted(t["device_name"] for t in tasks) == sorted(names)
        for t in tasks:
            assert (t["state"], t["step"]) == ("SUCCEEDED", 100), t
        for name in names:
            assert self.version(name) == version

    def package_state(self, package):
        return self.server.api("GET", "/api/v1/packages/%s" % package)["state"]

    def record(self, board):
        return self.tern.json("flash", "status", board.flash)

    def close(self):
        for b in self.boards:
            b.power_off()
        self.server.stop()
