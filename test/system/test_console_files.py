# test_console_files.py - the console's files as ternd serves them.
#
# The folder is made here: what matters is how files are served, not which.
#
# SPDX-License-Identifier: MIT
import gzip
import http.client
import os
import socket
import subprocess

import pytest

from tern_server import TernServer

PAGE = b"<!doctype html><title>console</title>" + b" " * 500
SCRIPT = b"console.log('x');" * 100


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("console")
    (root / "assets").mkdir()
    for name, content in (("index.html", PAGE), ("assets/app-1a2b.js", SCRIPT)):
        (root / name).write_bytes(content)
        (root / (name + ".gz")).write_bytes(gzip.compress(content))
    (root / "assets/app-1a2b.js.br").write_bytes(b"as if it were brotli")
    (root / "tern.svg").write_bytes(b"<svg/>")
    (root / "empty.txt").write_bytes(b"")
    (root / ".hidden").write_bytes(b"secret")
    (root.parent / "outside.txt").write_bytes(b"secret")
    return root


@pytest.fixture(scope="module")
def served(bin_dir, folder, tmp_path_factory):
    data = str(tmp_path_factory.mktemp("served") / "data")
    with TernServer(data, bin_dir, ["--console", str(folder)]) as server:
        yield server


def get(server, path, headers=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port,
                                            timeout=10)
    connection.request(method, path, headers=headers or {})
    reply = connection.getresponse()
    answer = reply.status, dict(reply.getheaders()), reply.read()
    connection.close()
    return answer


def test_page_is_served_at_the_root_and_asked_for_each_time(served):
    status, headers, body = get(served, "/")
    assert (status, body) == (200, PAGE)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    assert get(served, "/index.html")[2] == PAGE


def test_asset_is_kept_for_a_year(served):
    status, headers, body = get(served, "/assets/app-1a2b.js")
    assert (status, body) == (200, SCRIPT)
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("accept,coding", [
    ("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=1.0, gzip", "br"),
    ("GZIP", "gzip"), ("deflate,  gzip ;q=0.5", "gzip"), ("gzip;q=0", None),
    ("gzip; q=0.001", "gzip"), ("br;q=0, gzip;q=0.000", None), ("", None),
    ("identity", None), ("gzipped", None), ("x-gzip", None), (",,;;,", None),
])
def test_file_is_sent_as_small_as_the_browser_can_read(served, accept, coding):
    _, headers, body = get(served, "/assets/app-1a2b.js",
                           {"Accept-Encoding": accept})
    assert headers.get("Content-Encoding") == coding
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    if coding == "gzip":
        body = gzip.decompress(body)
    assert body == (b"as if it were brotli" if coding == "br" else SCRIPT)


def test_known_file_is_not_sent_again(served):
    _, headers, _ = get(served, "/", {"Accept-Encoding": "gzip"})
    again = {"If-None-Match": headers["ETag"], "Accept-Encoding": "gzip"}
    status, headers, body = get(served, "/", again)
    assert (status, body) == (304, b"")
    assert "Content-Encoding" not in headers and headers["ETag"]
    # The same page in another coding is another file.
    assert get(served, "/", {"If-None-Match": again["If-None-Match"]})[0] == 200


def test_head_is_get_without_the_body(served):
    for path in ("/", "/assets/app-1a2b.js", "/tern.svg"):
        _, of_get, body = get(served, path)
        status, of_head, none = get(served, path, method="HEAD")
        assert (status, none) == (200, b"")
        assert of_head["Content-Length"] == str(len(body))
        assert of_head["ETag"] == of_get["ETag"]


def test_page_may_load_nothing_from_elsewhere(served):
    for path in ("/", "/devices/pk/dev-01", "/assets/app-1a2b.js", "/tern.svg"):
        _, headers, _ = get(served, path)
        rules = dict(rule.split(" ", 1) for rule in
                     headers["Content-Security-Policy"].split("; "))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == rules["connect-src"] == "'self'"
        assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_address_of_a_page_is_the_page(served):
    for path in ("/devices", "/packages/1", "/devices/pk/dev-01?tab=x&y",
                 "/devices?product_key=a&product_key=b"):
        assert get(served, path)[2] == PAGE
    # A device's name may have dots; a browser says that it wants a page.
    assert get(served, "/devices/pk/dev.01",
               {"Accept": "text/html,*/*"})[2] == PAGE


@pytest.mark.parametrize("path", [
    "/assets/none.js", "/assets/app-1a2b.js/", "/none.js", "/assets/",
    "/assets", "/index.html.gz", "/assets/app-1a2b.js.br", "/.hidden",
    "/api", "/api/v1/none", "/api/v2", "/d/x", "/d", "/healthz/x",
    "/../outside.txt", "/..%2foutside.txt", "/%2e%2e/outside.txt",
    "/assets/../../outside.txt", "/assets/%2e%2e%2f%2e%2e%2foutside.txt",
    "/..\\outside.txt", "//etc/passwd.", "/assets/..%00/x.js",
    "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/" + "a" * 3000 + ".js"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_path_that_is_no_file_gives_none(served, path, accept):
    status, headers, body = get(served, path, {"Accept": accept})
    if accept == "text/html" and status == 200:
        assert body == PAGE  # a browser's typing error: the page says so
    else:
        assert status == 404
        assert headers["Content-Type"] == "application/json"
    assert b"secret" not in body and b"root:" not in body


def test_hostile_request_lines_open_nothing(served):
    for line in (b"GET /\x00/../outside.txt HTTP/1.1",
                 b"GET ../outside.txt HTTP/1.1", b"GET  HTTP/1.1",
                 b"GET http://x/../outside.txt HTTP/1.1",
                 b"GET /%ff%fe%00.js HTTP/1.1"):
        with socket.create_connection(("127.0.0.1", served.http_port),
                                      timeout=10) as s:
            s.sendall(line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
            reply = b""
            while got := s.recv(65536):
                reply += got
        assert b"secret" not in reply
    assert served.api("GET", "/api/v1/status")


def test_page_needs_no_sign_in_and_takes_no_change(served):
    assert get(served, "/", {"Cookie": "tern_session=x"})[0] == 200
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert get(served, "/devices", method=method)[0] == 404


def test_api_is_not_shadowed(served):
    assert get(served, "/healthz")[2] == b'{"status":"ok"}'
    assert get(served, "/api/v1/status")[0] == 401
    assert get(served, "/d/" + "0" * 32 + "/" + "0" * 40 + ".bin")[0] == 403


def test_start_says_whether_there_is_a_console(served, bin_dir, tmp_path):
    def said(server, words):
        with open(server.log, encoding="utf-8") as f:
            return words + server.http in f.read()

    served.wait(lambda: said(served, "console and API  "))
    with TernServer(str(tmp_path / "none"), bin_dir,
                    ["--console", ""]) as server:
        assert get(server, "/")[0] == 404
        server.wait(lambda: said(server, "HTTP API         "))


@pytest.mark.parametrize("make,why", [
    (lambda d: None, "index.html: there is none; build it first"),
    (lambda d: d.rmdir(), "No such file or directory"),
    (lambda d: (d / "index.html").symlink_to("/etc/passwd"),
     "Too many levels of symbolic links"),
])
def test_folder_that_is_no_console_stops_the_start(bin_dir, tmp_path, make,
                                                   why):
    empty = tmp_path / "empty"
    empty.mkdir()
    make(empty)
    run = subprocess.run(
        [os.path.join(bin_dir, "ternd"), "--data", str(tmp_path / "data"),
         "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0", "--console",
         str(empty)], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert why in run.stderr and "console" in run.stderr
