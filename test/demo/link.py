# link.py - the network between device and server, with a knob: how fast it is,
# and whether it damages a byte.
#
# SPDX-License-Identifier: MIT
import socket
import threading
import time

PIECE = 4096


class Link:
    """A TCP relay on a loopback port. One thread per connection."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.target = None  # port of the real server
        self.bytes_per_second = None  # None: as fast as it goes
        self.alter_at = None
        threading.Thread(target=self._accept, daemon=True).start()

    def alter_once(self, at):
        """Flip one bit of the at-th byte of the next reply."""
        self.alter_at = at

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                device, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(device,),
                             daemon=True).start()

    def _serve(self, device):
        server = socket.create_connection(("127.0.0.1", self.target))
        threading.Thread(target=self._relay, args=(device, server),
                         daemon=True).start()
        alter, self.alter_at = self.alter_at, None
        self._relay(server, device, alter)

    def _relay(self, source, sink, alter=None):
        passed = 0
        try:
            while piece := source.recv(PIECE):
                if alter is not None and passed <= alter < passed + len(piece):
                    changed = bytearray(piece)
                    changed[alter - passed] ^= 0x10
                    piece = bytes(changed)
                sink.sendall(piece)
                passed += len(piece)
                if self.bytes_per_second:
                    time.sleep(len(piece) / self.bytes_per_second)
        except OSError:
            pass
        finally:
            for side in (source, sink):
                side.close()
