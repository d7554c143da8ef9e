#!/usr/bin/python3
# outliving_broker.py - stands in for mosquitto in `ternd --mosquitto`: a real
# one behind a relay, which lives on when ternd is killed, as a broker does that
# is not ternd's child. Devices connect to it directly.
#
# Files in the folder of its mosquitto.conf:
#   outliving.json   written: {"port": of the broker, "pids": to kill at the end}
#   relay            read: "lose": what ternd says from its next push on is lost;
#                    "cut": the broker gets the push, ternd no PUBACK, and the
#                    connection is cut, once
#
# Used by test_reports.py.
#
# SPDX-License-Identifier: MIT
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

PUSH = b"tern/v1/down/"


class Relay:
    def __init__(self, folder, known):
        self.wish = os.path.join(folder, "relay")
        self.port, self.secret = known["port"], known["secret"].encode()
        self.new_secret = secret_of(folder).encode()

    def wanted(self):
        if os.path.exists(self.wish):
            with open(self.wish, encoding="ascii") as f:
                return f.read()
        return ""

    def serve(self, listener):
        while True:
            client, _ = listener.accept()
            broker = socket.create_connection(("127.0.0.1", self.port))
            state = {"back": True}
            for work in ((self.up, client, broker, state),
                         (self.down, broker, client, state)):
                threading.Thread(target=work[0], args=work[1:],
                                 daemon=True).start()

    def up(self, client, broker, state):
        lost = False
        while some := self.receive(client):
            some = some.replace(self.new_secret, self.secret)
            wish = self.wanted() if PUSH in some else ""
            lost |= wish == "lose"
            if wish == "cut":
                os.unlink(self.wish)
                state["back"] = False
            if not lost:
                broker.sendall(some)
        self.end(client, broker)

    def down(self, broker, client, state):
        while some := self.receive(broker):
            if not state["back"]:
                break  # the PUBACK
            try:
                client.sendall(some)
            except OSError:
                break
        self.end(client, broker)

    @staticmethod
    def receive(s):
        try:
            return s.recv(65536)
        except OSError:
            return b""

    @staticmethod
    def end(*sockets):
        for s in sockets:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def secret_of(folder):
    """ternd makes a new one at each start; the broker keeps the first."""
    with open(os.path.join(folder, "service.secret"), encoding="ascii") as f:
        return f.read()


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def broker_start(folder, conf):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = os.path.join(folder, "outliving.conf")
    with open(path, "w", encoding="utf-8") as f:
        f.write(re.sub(r"(?m)^listener \d+", "listener %d" % port, conf))
    process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", path],
                               start_new_session=True)
    while not accepts(port) and process.poll() is None:
        time.sleep(0.01)
    return {"port": port, "secret": secret_of(folder), "pids": [process.pid]}


def main():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # of ternd's death
    os.closerange(3, 256)  # the lock that says "a broker of ternd's runs"
    path = sys.argv[sys.argv.index("-c") + 1]
    folder = os.path.dirname(path)
    with open(path, encoding="utf-8") as f:
        conf = f.read()
    note = os.path.join(folder, "outliving.json")
    if os.path.exists(note):
        with open(note, encoding="utf-8") as f:
            known = json.load(f)
    else:
        known = broker_start(folder, conf)
    known["pids"].append(os.getpid())
    with open(note + ".new", "w", encoding="utf-8") as f:
        json.dump(known, f)
    os.rename(note + ".new", note)
    port = int(re.search(r"(?m)^listener (\d+)", conf)[1])
    Relay(folder, known).serve(
        socket.create_server(("127.0.0.1", port)))


if __name__ == "__main__":
    main()
