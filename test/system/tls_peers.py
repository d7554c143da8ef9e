# tls_peers.py - servers at the other end of a TLS connection, good and bad, and
# certificates of every kind.
#
# SPDX-License-Identifier: MIT
import os
import socket
import ssl
import subprocess
import threading


class Authority:
    """A CA in a folder, that certifies whatever a test wants."""

    def __init__(self, folder, name="Another CA"):
        os.makedirs(folder)
        self.folder = str(folder)
        self.cert, self.key = self.path("ca.pem"), self.path("ca.key")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                     "-subj", "/CN=" + name, "-keyout", self.key,
                     "-out", self.cert)
        with open(self.path("index"), "w", encoding="ascii"):
            pass
        with open(self.path("conf"), "w", encoding="ascii") as f:
            f.write("[ca]\ndefault_ca=a\n[a]\ndatabase=%s\n"
                    "new_certs_dir=%s\nrand_serial=yes\ndefault_md=sha256\n"
                    "policy=p\nunique_subject=no\ncopy_extensions=copy\n"
                    "[p]\ncommonName=supplied\n"
                    % (self.path("index"), self.folder))

    def path(self, name):
        return os.path.join(self.folder, name)

    @staticmethod
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True,
                       timeout=60)

    def certify(self, name, begin="20200101000000Z", end="20400101000000Z"):
        """(certificate, key) of a server; name as in "DNS:localhost"."""
        key, request, cert = map(self.path, ("s.key", "s.csr", "s.pem"))
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=server",
                     "-addext", "subjectAltName=" + name, "-keyout", key,
                     "-out", request)
        self.openssl("ca", "-batch", "-config", self.path("conf"), "-in",
                     request, "-cert", self.cert, "-keyfile", self.key,
                     "-startdate", begin, "-enddate", end, "-notext",
                     "-out", cert)
        return cert, key


class Peer:
    """Listens on loopback; `serve` has each connection, in a thread."""

    def __init__(self, serve):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.connections = 0
        self._serve, self._kept = serve, []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            self._kept.append(connection)
            threading.Thread(target=self._guard, args=(connection,),
                             daemon=True).start()

    def _guard(self, connection):
        try:
            self._serve(connection)
        except OSError:
            pass

    def close(self):
        self.socket.close()
        for connection in self._kept:
            connection.close()


def tls_peer(cert, key):
    """Speaks TLS and no MQTT."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as tls:
            tls.recv(4096)

    return Peer(serve)


def silent_peer():
    """Takes the connection and says nothing."""
    return Peer(lambda connection: None)


def plain_peer():
    """Answers a TLS handshake in another protocol."""
    def serve(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
        connection.recv(4096)

    return Peer(serve)
