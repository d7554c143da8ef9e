# test_http_session.py - people who sign in: cookies, their end, and who may not.
#
# SPDX-License-Identifier: MIT
import http.client
import json
import sqlite3
import time

import pytest

from tern_server import ApiError, TernServer

CONSOLE = {"X-Tern-Console": "1"}


class Browser:
    """One person: keeps the cookie as a browser would."""

    def __init__(self, server):
        self.server, self.cookie, self.headers = server, None, {}

    def ask(self, method, path, body=None, headers=None):
        """(status, decoded body or None)"""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.http_port, timeout=30)
        headers = dict(headers or {})
        if self.cookie:
            headers.setdefault("Cookie", "tern_session=" + self.cookie)
        if body is not None:
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        self.headers = dict(reply.getheaders())
        if line := self.headers.get("Set-Cookie"):
            self.cookie = line.split(";")[0].split("=", 1)[1] or None
        text = reply.read()
        connection.close()
        return reply.status, json.loads(text) if text else None

    def sign_in(self, secret=None):
        return self.ask("POST", "/api/v1/session",
                        {"secret": secret or self.server.token})


@pytest.fixture
def browser(server):
    return Browser(server)


def sessions(server, sql="SELECT * FROM session"):
    """The database, by hand; it waits for the server's own writes."""
    with sqlite3.connect(server.data + "/tern.db", timeout=10) as db:
        return db.execute(sql).fetchall()


def test_session_is_who_the_secret_says(server, browser):
    status, who = browser.sign_in()
    assert (status, who["name"], who["role"]) == (200, "admin", "admin")
    assert abs(who["expires_ms"] / 1000 - time.time() - 12 * 3600) < 60
    line = browser.headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"):
        assert part in line.split("; ")
    assert "Secure" not in line and len(browser.cookie) == 64
    assert browser.ask("GET", "/api/v1/status")[0] == 200
    assert browser.ask("GET", "/api/v1/session")[1]["name"] == "admin"


def test_session_has_the_role_of_its_token(server, browser):
    viewer = server.api("POST", "/api/v1/tokens",
                        {"name": "eve", "role": "viewer"})["token"]
    assert browser.sign_in(viewer)[1]["role"] == "viewer"
    assert browser.ask("GET", "/api/v1/products")[0] == 200
    assert browser.ask("POST", "/api/v1/products", {"name": "x"},
                       CONSOLE)[0] == 403


def test_database_knows_no_cookie(server, browser):
    browser.sign_in()
    with open(server.data + "/tern.db", "rb") as f:
        kept = f.read()
    with open(server.data + "/tern.db-wal", "rb") as f:
        kept += f.read()
    assert browser.cookie.encode() not in kept


def test_session_survives_a_restart(server, browser):
    browser.sign_in()
    server.kill()
    server.start()
    assert browser.ask("GET", "/api/v1/session")[1]["name"] == "admin"


def test_change_needs_the_header_of_our_own_page(server, browser):
    browser.sign_in()
    for headers in ({}, {"X-Tern-Console": "0"}, {"X-Tern-Console": ""}):
        status, why = browser.ask("POST", "/api/v1/products", {"name": "x"},
                                  headers)
        assert status == 403 and "X-Tern-Console: 1" in why["error"]["message"]
        assert browser.ask("DELETE", "/api/v1/session", headers=headers)[0] \
            == 403
    assert server.api("GET", "/api/v1/products")["items"] == []
    status, made = browser.ask("POST", "/api/v1/products", {"name": "x"},
                               CONSOLE)
    assert status == 201
    actors = [e["actor"] for e in server.api("GET", "/api/v1/events")["items"]
              if e["kind"] == "product.created"]
    assert actors == ["admin"]
    # A token needs no such header: no browser adds it by itself.
    assert server.api("POST", "/api/v1/products", {"name": "y"})


def test_token_counts_before_the_cookie(server, browser):
    browser.sign_in()
    bad = {"Authorization": "Bearer tern_" + "0" * 64}
    assert browser.ask("GET", "/api/v1/status", headers=bad)[0] == 401


def test_sign_out_ends_this_session_only(server, browser):
    other = Browser(server)
    browser.sign_in()
    other.sign_in()
    cookie = browser.cookie
    assert browser.ask("DELETE", "/api/v1/session", headers=CONSOLE)[0] == 204
    assert browser.cookie is None and "Max-Age=0" in \
        browser.headers["Set-Cookie"]
    browser.cookie = cookie
    status, why = browser.ask("GET", "/api/v1/session")
    assert status == 401 and "sign in again" in why["error"]["message"]
    assert browser.ask("DELETE", "/api/v1/session")[0] == 204  # nobody: done
    assert other.ask("GET", "/api/v1/session")[0] == 200


def test_revoked_token_ends_its_sessions(server, browser):
    token = server.api("POST", "/api/v1/tokens",
                       {"name": "eve", "role": "operator"})["token"]
    browser.sign_in(token)
    found = {t["name"]: t["id"]
             for t in server.api("GET", "/api/v1/tokens")["items"]}
    assert set(found) == {"admin", "eve"}
    server.api("DELETE", "/api/v1/tokens/%d" % found["eve"])
    assert browser.ask("GET", "/api/v1/session")[0] == 401
    with pytest.raises(ApiError) as refusal:
        server.api("GET", "/api/v1/status", token=token)
    assert refusal.value.status == 401
    with pytest.raises(ApiError) as refusal:
        server.api("DELETE", "/api/v1/tokens/%d" % found["admin"])
    assert refusal.value.status == 409 and "last" in refusal.value.message


def test_revoked_first_token_stays_revoked_over_a_restart(server):
    second = server.api("POST", "/api/v1/tokens",
                        {"name": "second", "role": "admin"})["token"]
    first = server.api("GET", "/api/v1/tokens")["items"][0]
    assert first["name"] == "admin"
    server.api("DELETE", "/api/v1/tokens/%d" % first["id"], token=second)
    server.stop()
    server.start()
    with pytest.raises(ApiError) as refusal:
        server.api("GET", "/api/v1/status")  # with admin.token
    assert refusal.value.status == 401
    assert server.api("GET", "/api/v1/status", token=second)


def test_unused_session_expires_and_a_used_one_lasts_anew(server, browser):
    idle = Browser(server)
    browser.sign_in()
    idle.sign_in()
    # As if both had been signed in for long: an hour of twelve is left.
    soon = int(time.time() * 1000) + 3600 * 1000
    sessions(server, "UPDATE session SET expires_ms = %d" % soon)
    assert browser.ask("GET", "/api/v1/status")[0] == 200
    assert "Max-Age=43200" in browser.headers["Set-Cookie"]
    server.wait(lambda: sessions(
        server, "SELECT * FROM session WHERE expires_ms > %d" % soon))
    assert browser.ask("GET", "/api/v1/status")[0] == 200
    assert "Set-Cookie" not in browser.headers  # that would be a write each

    sessions(server, "UPDATE session SET expires_ms = 5 WHERE expires_ms = %d"
             % soon)
    assert idle.ask("GET", "/api/v1/session")[0] == 401
    server.wait(lambda: len(sessions(server)) == 1)
    kinds = [e["kind"] for e in server.api(
        "GET", "/api/v1/events?order=newest&limit=1")["items"]]
    assert kinds == ["session.expired"]


def test_session_minutes_and_secure_cookie_are_options(bin_dir, tmp_path):
    with TernServer(str(tmp_path / "data"), bin_dir,
                    ["--session-minutes", "5", "--secure-cookie"]) as server:
        browser = Browser(server)
        _, who = browser.sign_in()
        assert abs(who["expires_ms"] / 1000 - time.time() - 300) < 30
        assert browser.headers["Set-Cookie"].endswith("; Secure")
        assert "Max-Age=300;" in browser.headers["Set-Cookie"]


@pytest.mark.parametrize("secret", [
    "", "x", "tern_", "tern_" + "0" * 64, "tern_" + "g" * 64, "ä" * 90,
    "' OR 1=1 --"])
def test_wrong_secret_is_refused_and_says_where_the_right_one_is(
        server, browser, secret):
    status, why = browser.ask("POST", "/api/v1/session", {"secret": secret})
    assert status == 401 and "admin.token" in why["error"]["message"]
    assert "Set-Cookie" not in browser.headers


def test_body_that_is_no_secret_is_refused(server, browser):
    for body in ({}, {"secret": 5}, {"secret": "x" * 201}, [],
                 {"secret": "x", "more": 1}):
        assert browser.ask("POST", "/api/v1/session", body)[0] == 422
    # A form of another site cannot be JSON.
    status, _ = browser.ask("POST", "/api/v1/session", None,
                            {"Content-Type": "text/plain"})
    assert status == 415


def test_guessing_is_stopped_and_sessions_go_on(server, browser):
    browser.sign_in()
    guesser = Browser(server)
    status = [guesser.sign_in("x")[0] for _ in range(25)]
    assert status == [401] * 20 + [429] * 5
    assert 1 <= int(guesser.headers["Retry-After"]) <= 60
    assert guesser.sign_in()[0] == 429  # the right one does not tell either
    assert browser.ask("GET", "/api/v1/session")[0] == 200


@pytest.mark.parametrize("cookie", [
    "tern_session=", "tern_session", "=", ";;;;", "tern_session=" + "0" * 64,
    "tern_session=" + "0" * 63, "tern_session=" + "A" * 64,
    "tern_session=" + "0" * 5000, "tern_session=%00%0a", "a=b; " * 60,
    'tern_session="' + "0" * 64 + '"', "tern_session=\xff\xfe",
    "tern_session=' OR 1=1; x=y", "tern_session=" + "0" * 64 + "; "
    "tern_session=" + "1" * 64])
def test_hostile_cookie_is_nobody(server, browser, cookie):
    status, why = browser.ask("GET", "/api/v1/status",
                              headers={"Cookie": cookie})
    assert status == 401 and why["error"]["code"] == "UNAUTHORIZED"
    browser.sign_in()
    status, _ = browser.ask(
        "GET", "/api/v1/status",
        headers={"Cookie": "x=y; tern_session=%s; z=w" % browser.cookie})
    assert status == 200
