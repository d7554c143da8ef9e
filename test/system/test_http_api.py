# test_http_api.py - every route of the API: what it gives and what it refuses.
#
# One server runs for the whole file; each test makes its own product.
#
# SPDX-License-Identifier: MIT
import hashlib
import http.client
import itertools
import json
import os
import re
import socket
import struct

import pytest

from link_sdk import LinkSdkDevice
from tern_server import ApiError, TernServer

SECRET = "secret0123456789"
UNIQUE = itertools.count(1)


@pytest.fixture(scope="module")
def shared(bin_dir, tmp_path_factory):
    with TernServer(str(tmp_path_factory.mktemp("api") / "data"), bin_dir,
                    ["--console", ""]) as server:
        server.roles = {"admin": server.token}
        for role in ("viewer", "operator"):
            server.roles[role] = server.api(
                "POST", "/api/v1/tokens", {"name": role, "role": role})["token"]
        yield server


@pytest.fixture
def pk(shared):
    key = "pk%d" % next(UNIQUE)
    shared.api("POST", "/api/v1/products", {"name": key, "product_key": key})
    return key


def request(server, method, path, body=None, headers=None, token="admin"):
    """(status, headers, body) of one request with exactly these headers."""
    host, port = server.http[len("http://"):].rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    headers = dict(headers or {})
    if token in server.roles:
        headers.setdefault("Authorization", "Bearer " + server.roles[token])
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    answer = reply.status, dict(reply.getheaders()), reply.read()
    connection.close()
    return answer


JSON = {"Content-Type": "application/json"}
FILE = {"Content-Type": "application/octet-stream"}


def error_of(body):
    error = json.loads(body)["error"]
    assert set(error) - {"checks"} == {"code", "message"} and error["message"]
    return error["code"]


def refused(server, status, code, method, path, body=None, headers=None,
            token="admin"):
    got, reply_headers, text = request(server, method, path, body, headers,
                                       token)
    assert (got, error_of(text)) == (status, code), text
    assert reply_headers["Content-Type"] == "application/json"
    return json.loads(text)["error"]["message"], reply_headers


def upload(server, pk, body=b"any bytes", query="version=1.0.0"):
    return server.api("POST", "/api/v1/products/%s/packages?%s" % (pk, query),
                      body)


def device_with_version(server, pk, name="dev-01", version="1.3.0"):
    """A device that connected, said its version and stays connected."""
    server.api("POST", "/api/v1/products/%s/devices" % pk,
               {"device_name": name, "device_secret": SECRET})
    device = LinkSdkDevice(pk, name, SECRET, server.mqtt_address,
                           server.http_port, version)
    device.connect()
    device.inform()
    server.wait(lambda: server.api(
        "GET", "/api/v1/products/%s/devices/%s" % (pk, name))["version"])
    return device


# --- house ------------------------------------------------------------------


def test_health_needs_no_token(shared):
    status, _, body = request(shared, "GET", "/healthz", token=None)
    assert (status, json.loads(body)) == (200, {"status": "ok"})


def test_status_tells_how_the_server_is(shared):
    status = shared.api("GET", "/api/v1/status")
    assert status["status"] == "ok"
    assert status["broker_connected"] is True
    assert re.fullmatch(r"\d+\.\d+\.\d+", status["version"])
    assert status["started_ms"] > 1e12


# --- products ---------------------------------------------------------------


def test_product_is_made_with_the_key_that_is_given(shared):
    key = "made%d" % next(UNIQUE)
    made = shared.api("POST", "/api/v1/products",
                      {"name": "Lämpchen", "product_key": key})
    assert set(made) == {"product_key", "name", "slot_bytes", "keys",
                         "created_ms"}
    assert (made["slot_bytes"], made["keys"]) == (1048576, [])
    assert (made["product_key"], made["name"]) == (key, "Lämpchen")
    assert shared.api("GET", "/api/v1/products/" + key) == made


def test_product_without_key_gets_one(shared):
    made = shared.api("POST", "/api/v1/products", {"name": "keyless"})
    assert re.fullmatch("[A-Za-z0-9]{1,32}", made["product_key"])


def test_product_key_twice_is_a_conflict(shared, pk):
    message, _ = refused(shared, 409, "EXISTS", "POST", "/api/v1/products",
                         json.dumps({"name": "x", "product_key": pk}), JSON)
    assert pk in message


@pytest.mark.parametrize("body", [
    {}, {"name": ""}, {"name": 5}, {"name": None}, {"name": ["x"]},
    {"name": "x" * 81}, {"name": "a\nb"}, {"name": "x", "product_key": "a/b"},
    {"name": "x", "product_key": ""}, {"name": "x", "product_key": "k" * 33},
    {"name": "x", "nmae": "y"}, [], "x", 5, None, True,
])
def test_product_with_wrong_members_is_refused(shared, body):
    refused(shared, 422, "INVALID", "POST", "/api/v1/products",
            json.dumps(body), JSON)


def test_refusal_names_the_member(shared):
    for body, member in (({"name": 5}, "name"), ({}, "name"),
                         ({"name": "x", "color": 1}, "color")):
        message, _ = refused(shared, 422, "INVALID", "POST",
                             "/api/v1/products", json.dumps(body), JSON)
        assert '"%s"' % member in message


@pytest.mark.parametrize("body", [
    b"", b"{", b"{}x", b'{"name":"a","name":"b"}', b'{"name":"\xff"}',
    b'{"name":"a\\u0000b"}', b"{'name':'x'}", b"[" * 30000,
])
def test_body_that_is_not_json_is_refused(shared, body):
    refused(shared, 400, "BAD_REQUEST", "POST", "/api/v1/products", body, JSON)


def test_body_of_another_type_is_refused(shared):
    for headers in ({}, {"Content-Type": "text/plain"},
                    {"Content-Type": "application/jsonx"}):
        refused(shared, 415, "UNSUPPORTED_TYPE", "POST", "/api/v1/products",
                b'{"name":"x"}', headers)


def test_body_type_may_have_a_charset(shared):
    status, _, _ = request(shared, "POST", "/api/v1/products", b'{"name":"x"}',
                           {"Content-Type": "application/json; charset=utf-8"})
    assert status == 201


def test_body_above_64_kib_is_refused(shared):
    body = b'{"name":"' + b"x" * 65536 + b'"}'
    refused(shared, 413, "TOO_LARGE", "POST", "/api/v1/products", body, JSON)
    refused(shared, 413, "TOO_LARGE", "POST", "/api/v1/products",
            iter([body[:40000], body[40000:]]), JSON)  # chunked


# --- who may do what ----------------------------------------------------------

ROUTES = [  # method, path, headers, least role
    ("GET", "/api/v1/status", {}, "viewer"),
    ("POST", "/api/v1/products", JSON, "admin"),
    ("GET", "/api/v1/products", {}, "viewer"),
    ("GET", "/api/v1/products/none", {}, "viewer"),
    ("PATCH", "/api/v1/products/none", JSON, "admin"),
    ("PUT", "/api/v1/products/none/keys", JSON, "admin"),
    ("GET", "/api/v1/devices", {}, "viewer"),
    ("GET", "/api/v1/packages", {}, "viewer"),
    ("GET", "/api/v1/session", {}, "viewer"),
    ("GET", "/api/v1/tokens", {}, "admin"),
    ("DELETE", "/api/v1/tokens/999999", {}, "admin"),
    ("POST", "/api/v1/products/none/devices", JSON, "admin"),
    ("GET", "/api/v1/products/none/devices", {}, "viewer"),
    ("GET", "/api/v1/products/none/devices/none", {}, "viewer"),
    ("GET", "/api/v1/products/none/devices/none?secret=1", {}, "admin"),
    ("PATCH", "/api/v1/products/none/devices/none", JSON, "admin"),
    ("POST", "/api/v1/products/none/packages?version=1", FILE, "operator"),
    ("GET", "/api/v1/products/none/packages", {}, "viewer"),
    ("GET", "/api/v1/packages/999999", {}, "viewer"),
    ("POST", "/api/v1/packages/999999/verify", JSON, "operator"),
    ("GET", "/api/v1/jobs/999999", {}, "viewer"),
    ("GET", "/api/v1/jobs/999999/tasks", {}, "viewer"),
    ("GET", "/api/v1/tasks", {}, "viewer"),
    ("GET", "/api/v1/tasks/999999", {}, "viewer"),
    ("POST", "/api/v1/tasks/999999/cancel", {}, "operator"),
    ("GET", "/api/v1/events", {}, "viewer"),
    ("POST", "/api/v1/tokens", JSON, "admin"),
]
RANK = ["viewer", "operator", "admin"]


@pytest.mark.parametrize("method,path,headers,least", ROUTES)
def test_route_asks_for_a_token_and_a_role(shared, method, path, headers,
                                           least):
    body = b"{}" if headers else None
    for token in (None, "Basic YTpi", "Bearer", "Bearer tern_" + "0" * 64,
                  "Bearer x" * 50):
        extra = {"Authorization": token} if token else {}
        _, reply = refused(shared, 401, "UNAUTHORIZED", method, path, body,
                           {**headers, **extra}, token=None)
        assert reply["WWW-Authenticate"] == "Bearer"
    for role in RANK:
        status, _, text = request(shared, method, path, body, headers, role)
        if RANK.index(role) < RANK.index(least):
            assert (status, error_of(text)) == (403, "FORBIDDEN")
        else:
            assert status not in (401, 403), text


def test_unknown_things_are_not_found(shared, pk):
    for path in ("/", "/api", "/api/v1", "/api/v2/status", "/api/v1/products/",
                 "/api/v1/products/none", "/api/v1/products/a%2Fb",
                 "/api/v1/products/none/devices", "/api/v1/packages/1x",
                 "/api/v1/products/%s/devices/none" % pk,
                 "/api/v1/packages/0", "/api/v1/packages/-1",
                 "/api/v1/packages/99999999999999999999", "/api/v1/jobs/0",
                 "/api/v1/jobs/999999/tasks", "/api/v1/tasks/x",
                 "/..%2f..%2fetc/passwd", "/d/x/y", "/d/" + "a" * 300):
        refused(shared, 404, "NOT_FOUND", "GET", path)


def test_known_path_names_its_methods(shared):
    _, headers = refused(shared, 405, "METHOD_NOT_ALLOWED", "DELETE",
                         "/api/v1/products")
    assert headers["Allow"] == "POST, GET, HEAD"
    refused(shared, 405, "METHOD_NOT_ALLOWED", "PUT", "/healthz")


def test_query_with_unknown_or_wrong_members_is_refused(shared):
    for query in ("limt=5", "limit=0", "limit=501", "limit=x", "limit=-1",
                  "after=x", "after=1&after=2", "limit", "product_key=%ff"):
        refused(shared, 422, "INVALID", "GET", "/api/v1/tasks?" + query)


# --- devices ----------------------------------------------------------------


def test_device_secret_is_shown_to_its_maker_and_to_admins(shared, pk):
    path = "/api/v1/products/%s/devices" % pk
    made = shared.api("POST", path, {"device_name": "dev:0@1._-"})
    assert re.fullmatch("[A-Za-z0-9]{8,64}", made["device_secret"])
    assert made["enabled"] and not made["online"] and made["version"] == ""
    plain = {k: v for k, v in made.items() if k != "device_secret"}
    assert shared.api("GET", path + "/dev:0@1._-") == plain
    assert shared.api("GET", path + "/dev%3A0%401._-?secret=1") == made
    assert shared.api("GET", path)["items"] == [plain]
    refused(shared, 403, "FORBIDDEN", "GET", path + "/dev:0@1._-?secret=1",
            token="operator")
    refused(shared, 422, "INVALID", "GET", path + "/dev:0@1._-?secret=0")


def test_device_name_twice_is_a_conflict(shared, pk):
    path = "/api/v1/products/%s/devices" % pk
    shared.api("POST", path, {"device_name": "d"})
    refused(shared, 409, "EXISTS", "POST", path, b'{"device_name":"d"}', JSON)


def test_device_of_an_unknown_product_is_not_found(shared):
    refused(shared, 404, "NOT_FOUND", "POST", "/api/v1/products/none/devices",
            b'{"device_name":"d"}', JSON)


@pytest.mark.parametrize("body", [
    {}, {"device_name": "a b"}, {"device_name": "a/b"}, {"device_name": "é"},
    {"device_name": "d" * 33}, {"device_name": "d", "device_secret": "short"},
    {"device_name": "d", "device_secret": "with-a-dash"},
    {"device_name": "d", "device_secret": 12345678},
])
def test_device_with_wrong_members_is_refused(shared, pk, body):
    refused(shared, 422, "INVALID", "POST",
            "/api/v1/products/%s/devices" % pk, json.dumps(body), JSON)


def test_device_disabled_may_not_connect_until_enabled(shared, pk):
    device = device_with_version(shared, pk)
    path = "/api/v1/products/%s/devices/dev-01" % pk

    def may_connect():
        device.power_off()
        try:
            device.connect()
        except PermissionError:
            return False
        return True

    assert shared.api("PATCH", path, {"enabled": False})["enabled"] is False
    shared.wait(lambda: not may_connect())  # the broker looks every 100 ms
    assert shared.api("PATCH", path, {"enabled": True})["enabled"] is True
    assert may_connect()

    refused(shared, 422, "INVALID", "PATCH", path, b'{"enabled":1}', JSON)
    refused(shared, 404, "NOT_FOUND", "PATCH", path + "x",
            b'{"enabled":true}', JSON)


# --- packages ----------------------------------------------------------------


def test_package_upload_gives_its_row(shared, pk):
    body = os.urandom(100001)
    made = upload(shared, pk, body, "version=1.4.0&name=N%20%C3%A4&module=MCU"
                  "&sign_method=Md5&needs_verification=false")
    assert made.pop("id") > 0 and made.pop("created_ms") > 1e12
    assert made.pop("image")
    assert made == {
        "product_key": pk, "name": "N ä", "module": "MCU", "version": "1.4.0",
        "state": "NOT_NEEDED", "sign_method": "Md5", "size_bytes": 100001,
        "checks": [], "job": None,
        "sha256": hashlib.sha256(body).hexdigest(),
        "md5": hashlib.md5(body).hexdigest()}


def test_package_defaults_are_the_careful_ones(shared, pk):
    made = upload(shared, pk)
    assert (made["state"], made["sign_method"], made["module"]) == (
        "UNVERIFIED", "SHA256", "default")
    assert shared.api("GET", "/api/v1/packages/%d" % made["id"]) == made
    assert shared.api("GET", "/api/v1/products/%s/packages" % pk) == {
        "items": [made], "next": None}


@pytest.mark.parametrize("query", [
    "", "version=", "version=a%20b", "version=" + "1" * 65,
    "version=1&sign_method=md5", "version=1&sign_method=MD5",
    "version=1&needs_verification=yes", "version=1&module=a%2Fb",
    "version=1&name=", "version=1&name=a%0Ab", "version=1&name=" + "n" * 81,
    "version=1&version=2", "version=1&colour=red",
])
def test_package_with_wrong_query_is_refused(shared, pk, query):
    refused(shared, 422, "INVALID", "POST",
            "/api/v1/products/%s/packages?%s" % (pk, query), b"bytes", FILE)


def test_package_body_must_be_a_file_of_known_length(shared, pk):
    path = "/api/v1/products/%s/packages?version=1" % pk
    refused(shared, 422, "INVALID", "POST", path, b"", FILE)
    refused(shared, 415, "UNSUPPORTED_TYPE", "POST", path, b"x", JSON)
    refused(shared, 411, "LENGTH_REQUIRED", "POST", path, iter([b"x"]), FILE)
    for length in ("1000000001", "5000000000"):
        refused(shared, 413, "TOO_LARGE", "POST", path, None,
                {**FILE, "Content-Length": length})
    assert shared.api("GET", "/api/v1/products/%s/packages" % pk)["items"] == []


def test_package_of_an_unknown_product_is_refused_before_its_bytes(shared):
    refused(shared, 404, "NOT_FOUND", "POST",
            "/api/v1/products/none/packages?version=1", b"x" * 300000, FILE)


def mcuboot(version=(1, 4, 0, 0), header=0x400, body=4096):
    """An image as far as its header goes; its TLVs hold a hash only."""
    head = struct.pack("<IIHHIIBBHII", 0x96F3B83D, 0, header, 0, body, 0,
                       *version, 0)
    image = head.ljust(header, b"\0") + b"\xa5" * body
    digest = hashlib.sha256(image).digest()
    return image + struct.pack("<HHHH", 0x6907, 40, 0x10, 32) + digest


def test_package_image_is_described(shared, pk):
    made = upload(shared, pk, mcuboot(), "version=1.4.0")
    assert "1.4.0" in made["image"] and "0x400" in made["image"]
    assert "no MCUboot image" in upload(shared, pk)["image"]
    made = upload(shared, pk, mcuboot(version=(1, 5, 0, 0)), "version=1.4.1")
    assert "1.5.0" in made["image"] and "says 1.4.1" in made["image"]


@pytest.mark.parametrize("image,what", [
    (mcuboot()[:2000], "Damaged MCUboot image"),
    (mcuboot()[:-40], "Damaged MCUboot image"),
    (mcuboot(header=16)[:40], "Damaged MCUboot image"),
], ids=["cut", "no digest", "small header"])
def test_package_image_that_cannot_be_right_is_refused(shared, pk, image,
                                                        what):
    message, _ = refused(
        shared, 422, "INVALID", "POST",
        "/api/v1/products/%s/packages?version=1.4.0" % pk, image, FILE)
    assert what in message
    assert os.listdir(os.path.join(shared.data, "tmp")) == []


def test_upload_that_breaks_off_leaves_nothing(shared, pk):
    tmp = os.path.join(shared.data, "tmp")
    host, port = shared.http[len("http://"):].rsplit(":", 1)
    with socket.create_connection((host, int(port))) as s:
        s.sendall(("POST /api/v1/products/%s/packages?version=1 HTTP/1.1\r\n"
                   "Host: x\r\nAuthorization: Bearer %s\r\nContent-Length: "
                   "100000\r\nContent-Type: application/octet-stream\r\n\r\n"
                   % (pk, shared.token)).encode() + b"x" * 50000)
        shared.wait(lambda: os.listdir(tmp))
    shared.wait(lambda: not os.listdir(tmp))
    assert shared.api("GET", "/api/v1/products/%s/packages" % pk)["items"] == []


def test_body_longer_than_announced_is_not_part_of_the_file(shared, pk):
    host, port = shared.http[len("http://"):].rsplit(":", 1)
    with socket.create_connection((host, int(port))) as s:
        s.settimeout(10)
        s.sendall(("POST /api/v1/products/%s/packages?version=1 HTTP/1.1\r\n"
                   "Host: x\r\nAuthorization: Bearer %s\r\nContent-Length: 3"
                   "\r\nContent-Type: application/octet-stream\r\n\r\nabcdef"
                   "\r\n\r\n" % (pk, shared.token)).encode())
        reply = b""
        while b"}" not in reply:
            reply += s.recv(4096)
    assert b" 201 " in reply and b'"size_bytes":3,' in reply
    assert hashlib.sha256(b"abc").hexdigest().encode() in reply


# --- jobs and tasks ------------------------------------------------------------


def test_verify_makes_a_job_with_a_task_per_device(shared, pk):
    device = device_with_version(shared, pk)
    package = upload(shared, pk)["id"]

    job = shared.api("POST", "/api/v1/packages/%d/verify" % package,
                     {"device_names": ["dev-01"], "source_versions": ["1.3.0"],
                      "timeout_minutes": 5})

    assert shared.api("GET", "/api/v1/jobs/%d" % job["id"]) == job
    assert job["package_id"] == package and job["timeout_minutes"] == 5
    assert job["type"] == "VERIFY_FIRMWARE"
    assert job["source_versions"] == ["1.3.0"]
    tasks = shared.api("GET", "/api/v1/jobs/%d/tasks" % job["id"])["items"]
    assert [t["device_name"] for t in tasks] == ["dev-01"]
    one = shared.api("GET", "/api/v1/tasks/%d" % tasks[0]["id"])
    assert one["job_id"] == job["id"] and one["source_version"] == "1.3.0"
    query = "?product_key=%s&device_name=dev-01" % pk
    assert len(shared.api("GET", "/api/v1/tasks" + query)["items"]) == 1
    assert shared.api("GET", "/api/v1/tasks?product_key=%s&device_name=no" % pk
                      )["items"] == []
    device.power_off()


def test_task_canceled_is_over_and_cannot_be_again(shared, pk):
    device_with_version(shared, pk).power_off()
    package = upload(shared, pk)["id"]
    shared.wait(lambda: not shared.api(
        "GET", "/api/v1/products/%s/devices/dev-01" % pk)["online"])
    job = shared.api("POST", "/api/v1/packages/%d/verify" % package,
                     {"device_names": ["dev-01"]})["id"]
    task = shared.api("GET", "/api/v1/jobs/%d/tasks" % job)["items"][0]
    assert task["state"] == "QUEUED" and task["reason"]

    path = "/api/v1/tasks/%d/cancel" % task["id"]
    assert shared.api("POST", path)["state"] == "CANCELED"

    refused(shared, 409, "CONFLICT", "POST", path)
    events = shared.api("GET", "/api/v1/events?task_id=%d" % task["id"])
    assert "admin" in [e["actor"] for e in events["items"]]


@pytest.mark.parametrize("body", [
    {}, {"device_names": []}, {"device_names": "d"}, {"device_names": [1]},
    {"device_names": ["a b"]}, {"device_names": ["d"] * 201},
    {"device_names": ["d"], "source_versions": ["v"] * 17},
    {"device_names": ["d"], "source_versions": ["a b"]},
    {"device_names": ["d"], "timeout_minutes": 0},
    {"device_names": ["d"], "timeout_minutes": 1441},
    {"device_names": ["d"], "timeout_minutes": 1.5},
    {"device_names": ["d"], "timeout_minutes": "5"},
    {"device_names": ["d"], "timeout_minutes": 4294967297},
])
def test_verify_with_wrong_members_is_refused(shared, pk, body):
    package = upload(shared, pk)["id"]
    refused(shared, 422, "INVALID", "POST",
            "/api/v1/packages/%d/verify" % package, json.dumps(body), JSON)


def test_verify_on_unknown_things_is_not_found(shared, pk):
    package = upload(shared, pk)["id"]
    for path in ("/api/v1/packages/%d/verify" % package,
                 "/api/v1/packages/999999/verify"):
        refused(shared, 404, "NOT_FOUND", "POST", path,
                b'{"device_names":["nobody"]}', JSON)


# --- lists, events, tokens -------------------------------------------------------


def test_list_goes_page_by_page(shared, pk):
    path = "/api/v1/products/%s/devices" % pk
    for i in range(5):
        shared.api("POST", path, {"device_name": "d%d" % i})
    names, after = [], 0
    for size in (2, 2, 1):
        page = shared.api("GET", path + "?limit=2&after=%d" % after)
        assert len(page["items"]) == size
        names += [d["device_name"] for d in page["items"]]
        after = page["next"]
    assert names == ["d0", "d1", "d2", "d3", "d4"] and after is None
    assert shared.api("GET", path + "?limit=5")["next"] is None


def test_list_of_products_goes_page_by_page(shared, pk):
    del pk
    seen, after = [], 0
    while after is not None:
        page = shared.api("GET", "/api/v1/products?limit=3&after=%d" % after)
        seen += [p["product_key"] for p in page["items"]]
        after = page["next"]
    everything = shared.api("GET", "/api/v1/products?limit=500")["items"]
    assert seen == [p["product_key"] for p in everything]


def test_every_change_has_its_event_and_actor(shared, pk):
    shared.api("POST", "/api/v1/products/%s/devices" % pk,
               {"device_name": "audited"})
    items = shared.api("GET", "/api/v1/events?product_key=%s" % pk)["items"]
    assert [e["actor"] for e in items] == ["admin", "admin"]
    assert items[0]["id"] < items[1]["id"]
    assert items[1]["device_name"] == "audited"


def test_token_works_with_its_role_and_has_a_name_of_its_own(shared):
    name = "t%d" % next(UNIQUE)
    made = shared.api("POST", "/api/v1/tokens",
                      {"name": name, "role": "viewer"})
    assert (made["name"], made["role"]) == (name, "viewer")
    shared.api("GET", "/api/v1/status", token=made["token"])
    with pytest.raises(ApiError) as e:
        shared.api("POST", "/api/v1/products", {"name": "x"},
                   token=made["token"])
    assert e.value.status == 403
    refused(shared, 409, "EXISTS", "POST", "/api/v1/tokens",
            json.dumps({"name": name, "role": "viewer"}), JSON)
    for body in ({"name": "x"}, {"name": "x", "role": "root"},
                 {"name": "x", "role": 1}, {"role": "admin"}):
        refused(shared, 422, "INVALID", "POST", "/api/v1/tokens",
                json.dumps(body), JSON)


def test_secrets_are_in_no_log_and_no_event(shared, pk):
    secret = "TopSecret0123456789"
    shared.api("POST", "/api/v1/products/%s/devices" % pk,
               {"device_name": "d", "device_secret": secret})
    token = shared.api("POST", "/api/v1/tokens",
                       {"name": "logged%d" % next(UNIQUE), "role": "viewer"})
    with open(shared.log, encoding="utf-8") as f:
        log = f.read()
    with open(os.path.join(shared.data, "broker/mosquitto.log"),
              encoding="utf-8") as f:
        log += f.read()
    log += json.dumps(shared.api("GET", "/api/v1/events?limit=500"))
    for text in (secret, token["token"], shared.token):
        assert text not in log


def test_spec_and_route_table_name_the_same_routes():
    root = os.path.join(os.path.dirname(__file__), "../..")
    with open(root + "/server/http/http_routes.c", encoding="utf-8") as f:
        table = set(re.findall(r'\{ "(\w+)",\s+"([^"]+)",\s+ACCESS_(\w+)',
                               f.read()))
    spec, path, method = {}, None, None
    with open(root + "/spec/http-api.yaml", encoding="utf-8") as f:
        for line in f.read().split("\ncomponents:")[0].splitlines():
            if m := re.fullmatch(r"  (/\S*):", line):
                path = re.sub(r"\{\w+\}", "{}", m[1])
            elif m := re.fullmatch(r"    (get|post|put|patch|delete):", line):
                method = m[1].upper()
                spec[method, path] = "OPEN"
            elif m := re.fullmatch(r"      x-role: (\w+)", line):
                spec[method, path] = m[1].upper()
    assert {(*key, role) for key, role in spec.items()} == table
    for method, path, _, least in ROUTES:
        pattern = re.sub("none|999999", "{}", path.split("?")[0])
        assert RANK.index(spec[method, pattern].lower()) <= RANK.index(least)
