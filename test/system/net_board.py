# net_board.py - tern-board with imxrt1060-net-test on it: commands go to its
# console, lines come back; an HTTP server for it to fetch from.
#
# SPDX-License-Identifier: MIT
import http.server
import os
import queue
import re
import subprocess
import threading
import time

WAIT_SECONDS = 20


def fnv1a(data):
    """The hash that `fetched` prints."""
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


class Files:
    """An HTTP server on loopback. content: path -> bytes. A path in `cut` is
    closed after so many bytes of its body."""

    def __init__(self, content, cut=None):
        cut = cut or {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = content[self.path]
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:cut.get(self.path)])

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class NetBoard:
    """A board that runs, until stop()."""

    def __init__(self, bin_dir, arm_dir, rules, *words):
        elf = os.path.join(arm_dir, "imxrt1060-net-test.elf")
        self.process = subprocess.Popen(
            [os.path.join(bin_dir, "tern-board"), "--elf", elf, "--net", rules,
             *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8")
        self.lines, self.seen, self.notes = queue.Queue(), [], []
        for stream, keep in ((self.process.stdout, self.lines.put),
                             (self.process.stderr, self.notes.append)):
            threading.Thread(target=self._read, args=(stream, keep),
                             daemon=True).start()

    @staticmethod
    def _read(stream, keep):
        for line in stream:
            keep(line.rstrip("\r\n"))

    def say(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def wait(self, pattern, seconds=WAIT_SECONDS):
        """The match of the next line that has it."""
        end = time.monotonic() + seconds
        while True:
            try:
                line = self.lines.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError("never: %s\n%s" % (
                    pattern, "\n".join(self.seen + self.notes))) from None
            self.seen.append(line)
            found = re.search(pattern, line)
            if found:
                return found

    def ready(self):
        """The network is there."""
        return self.wait(r"address (\S+)")[1]

    def stop(self):
        self.process.kill()
        self.process.wait()
