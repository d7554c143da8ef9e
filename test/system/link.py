# link.py - the network between device and server, with knobs: how fast it is,
# whether it damages a byte, and where it breaks.
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
        self.alter_at = self.stop_at = None
        self.dropped = threading.Event()
        self.ends = set()  # sockets of connections that are open
        threading.Thread(target=self._accept, daemon=True).start()

    def alter_once(self, at):
        """Flip one bit of the at-th byte of the next reply."""
        self.alter_at = at

    def stop_once(self, at):
        """Behind the at-th byte of the next reply nothing comes until drop()."""
        self.stop_at = at
        self.dropped.clear()

    def drop(self):
        """Every connection ends here and now, whatever is under way."""
        self.dropped.set()
        for end in list(self.ends):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has ended by itself

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
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:  # nobody there
            device.close()
            return
        self.ends |= {device, server}
        threading.Thread(target=self._relay, args=(device, server),
                         daemon=True).start()
        alter, self.alter_at = self.alter_at, None
        stop, self.stop_at = self.stop_at, None
        self._relay(server, device, alter, stop)

    def _relay(self, source, sink, alter=None, stop=None):
        passed = 0
        try:
            while piece := source.recv(PIECE):
                if alter is not None and passed <= alter < passed + len(piece):
                    changed = bytearray(piece)
                    changed[alter - passed] ^= 0x10
                    piece = bytes(changed)
                if stop is not None and passed + len(piece) > stop:
                    sink.sendall(piece[:stop - passed])
                    self.dropped.wait()
                    break
                sink.sendall(piece)
                passed += len(piece)
                if self.bytes_per_second:
                    time.sleep(len(piece) / self.bytes_per_second)
        except OSError:
            pass
        finally:
            for side in (source, sink):
                self.ends.discard(side)
                side.close()
