# test_http_stream.py - events as they happen: none lost, none twice, and nobody
# waits for a slow reader.
#
# SPDX-License-Identifier: MIT
import json
import os
import resource
import threading
import time

import pytest

from event_stream import EventStream
from test_http_session import Browser, CONSOLE
from tern_server import TernServer


def add_devices(server, first, count, pk="pk"):
    for i in range(first, first + count):
        server.api("POST", "/api/v1/products/%s/devices" % pk,
                   {"device_name": "d%04d" % i})


def all_ids(server, query=""):
    ids, after = [], 0
    while after is not None:
        page = server.api("GET", "/api/v1/events?limit=500&after=%d%s"
                          % (after, query))
        ids += [e["id"] for e in page["items"]]
        after = page["next"]
    return ids


@pytest.fixture
def stocked(server):
    server.api("POST", "/api/v1/products", {"name": "p", "product_key": "pk"})
    return server


def test_stream_gives_each_event_as_the_list_has_it(stocked):
    with EventStream(stocked) as stream:
        assert stream.status == 200
        assert "content-type: text/event-stream" in stream.head
        assert "no-store" in stream.head
        add_devices(stocked, 1, 3)
        got = [stream.block() for _ in range(3)]
        listed = stocked.api("GET", "/api/v1/events?order=newest&limit=3")
        assert [g[2] for g in got] == listed["items"][::-1]
        assert [g[0] for g in got] == ["device.created"] * 3
        assert [g[1] for g in got] == [g[2]["id"] for g in got]
        assert stream.retry == "1000"


def test_stream_begins_now_and_says_where_that_is(stocked):
    last = all_ids(stocked)[-1]
    with EventStream(stocked) as stream:
        add_devices(stocked, 1, 1)
        assert stream.block()[1] == last + 1
    # Who lost it before the first event has an id to go on with already.
    with EventStream(stocked) as stream:
        assert stream.begin() == b"retry: 1000\nid: %d\n\n" % (last + 1)


def test_stream_goes_on_after_the_id_it_is_given(stocked):
    add_devices(stocked, 1, 40)  # more than one reading of the database
    ids = all_ids(stocked)
    with EventStream(stocked, "?after=%d" % ids[4]) as stream:
        assert stream.ids(len(ids) - 5) == ids[5:]
    with EventStream(stocked, "?after=3",
                     {"Last-Event-ID": str(ids[-3])}) as stream:
        assert stream.ids(2) == ids[-2:]
    with EventStream(stocked, "?after=0") as stream:
        assert stream.ids(len(ids)) == ids
    for bad in ("x", "-1", "1.5", "9" * 30, "1 2"):
        with EventStream(stocked, "", {"Last-Event-ID": bad}) as stream:
            assert stream.status == 422
        with EventStream(stocked, "?after=%s" % bad.replace(" ", "+")) as s:
            assert s.status == 422


def test_stream_gives_only_what_its_filter_names(stocked):
    stocked.api("POST", "/api/v1/products", {"name": "q", "product_key": "qq"})
    with EventStream(stocked, "?product_key=qq") as of_product, \
            EventStream(stocked, "?product_key=qq&device_name=d0002") as one, \
            EventStream(stocked, "?package_id=1") as of_package:
        add_devices(stocked, 1, 2)
        add_devices(stocked, 1, 2, "qq")
        made = stocked.api("POST", "/api/v1/products/qq/packages?version=1",
                           b"hello")
        assert made["id"] == 1
        assert [of_product.block()[2]["device_name"] for _ in range(2)] == \
            ["d0001", "d0002"]
        assert one.block()[2]["device_name"] == "d0002"
        assert of_package.block()[0] == "package.created"
        assert of_product.block()[0] == "package.created"
    for bad in ("device_name=%2F", "product_key=a%2Fb", "package_id=x",
                "kind=x", "limit=1"):
        with EventStream(stocked, "?" + bad) as stream:
            assert stream.status == 422, bad


def test_stream_needs_somebody_who_may_read(stocked):
    with EventStream(stocked, token="tern_" + "0" * 64) as stream:
        assert stream.status == 401
    with EventStream(stocked, headers={"Authorization": ""}) as stream:
        assert stream.status == 401


def test_stream_says_when_nothing_happens(stocked):
    began = time.monotonic()
    with EventStream(stocked) as stream:
        stream.wait_comment()
        assert 14 < time.monotonic() - began < 20
        add_devices(stocked, 1, 1)
        assert stream.block()[0] == "device.created"


def test_dropped_stream_resumes_over_restarts_without_loss(stocked):
    """Devices are added all the time, the server is killed and started three
    times, and each reader goes on where it broke off."""
    add_devices(stocked, 0, 1)
    seen, after = [], str(all_ids(stocked)[0])
    begun = int(after)
    made = 1
    for how in ("kill", "stop", "kill", None):
        stream = EventStream(stocked, "", {"Last-Event-ID": after})
        add_devices(stocked, made, 25)
        made += 25
        ids = stream.ids(20 if how else 1)  # some are still on their way
        if how is None:
            while ids[-1] < all_ids(stocked)[-1]:
                ids += stream.ids(1)
        seen += ids
        after = str(ids[-1])
        if how:
            getattr(stocked, how)()
            stream.close()
            stocked.start()
    assert seen == [i for i in all_ids(stocked) if i > begun]


def rss_kb(server):
    with open("/proc/%d/status" % server.process.pid, encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if "VmRSS" in line)


def test_slow_reader_holds_up_nobody_and_costs_one_buffer(stocked):
    with EventStream(stocked, "?after=0", receive_bytes=4096) as slow, \
            EventStream(stocked) as quick:
        add_devices(stocked, 0, 50)
        quick.ids(50)
        before = rss_kb(stocked)
        add_devices(stocked, 50, 800)  # the slow one reads nothing of it
        assert len(quick.ids(800)) == 800
        assert rss_kb(stocked) - before < 4096
        ids = all_ids(stocked)
        assert slow.ids(len(ids)) == ids


def test_two_hundred_idle_streams_leave_the_server_quick(stocked):
    streams = [EventStream(stocked) for _ in range(200)]
    try:
        times = []
        for i in range(20):
            began = time.monotonic()
            add_devices(stocked, i, 1)
            times.append(time.monotonic() - began)
        assert sorted(times)[10] < 0.5
        for stream in streams:
            ids = stream.ids(20)
            assert ids == list(range(ids[0], ids[0] + 20))
    finally:
        for stream in streams:
            stream.close()


def test_stream_too_many_is_refused_with_a_reason(stocked):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    streams = []
    try:
        streams = [EventStream(stocked) for _ in range(512)]
        assert all(s.status == 200 for s in streams)
        with EventStream(stocked) as one_more:
            assert one_more.status == 503
            body = json.loads(one_more.raw)
            assert "512 streams are open already" in body["error"]["message"]
        assert stocked.api("GET", "/api/v1/status")  # all else goes on
        # Who goes makes room, as soon as that is noticed: at the next event.
        streams.pop().close()

        def room():
            add_devices(stocked, room.next, 1)
            room.next += 1
            with EventStream(stocked) as stream:
                return stream.status == 200
        room.next = 0
        stocked.wait(room)
    finally:
        for stream in streams:
            stream.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def ends_with_session_expired(stream):
    while True:
        event, ident, data = stream.block()
        if event == "session_expired":
            assert (ident, data) == (None, {})
            break
    with pytest.raises(ConnectionError):
        stream.block()


def test_stream_ends_with_its_session_and_its_token(stocked):
    browser, other = Browser(stocked), Browser(stocked)
    token = stocked.api("POST", "/api/v1/tokens",
                        {"name": "eve", "role": "viewer"})["token"]
    browser.sign_in()
    other.sign_in()
    cookie = {"Authorization": "", "Cookie": "tern_session=" + browser.cookie}
    kept = {"Authorization": "", "Cookie": "tern_session=" + other.cookie}
    with EventStream(stocked, headers=cookie) as mine, \
            EventStream(stocked, headers=kept) as stays, \
            EventStream(stocked, token=token) as of_token, \
            EventStream(stocked, "?product_key=none", headers=cookie) as idle:
        browser.ask("DELETE", "/api/v1/session", headers=CONSOLE)
        ends_with_session_expired(mine)
        ends_with_session_expired(idle)  # though no event was for it
        eve = [t["id"] for t in stocked.api("GET", "/api/v1/tokens")["items"]
               if t["name"] == "eve"]
        stocked.api("DELETE", "/api/v1/tokens/%d" % eve[0])
        ends_with_session_expired(of_token)
        add_devices(stocked, 1, 1)
        while stays.block()[0] != "device.created":
            pass


def test_stream_ends_when_its_session_was_not_used(stocked):
    from test_http_session import sessions
    browser = Browser(stocked)
    browser.sign_in()
    with EventStream(stocked, headers={
            "Authorization": "",
            "Cookie": "tern_session=" + browser.cookie}) as stream:
        sessions(stocked, "UPDATE session SET expires_ms = 5")
        ends_with_session_expired(stream)


def test_stop_does_not_wait_for_readers(stocked):
    streams = [EventStream(stocked) for _ in range(20)]
    began = time.monotonic()
    stocked.stop()
    assert time.monotonic() - began < 4
    for stream in streams:
        with pytest.raises(ConnectionError):
            stream.block()
        stream.close()


def test_readers_that_come_and_go_while_much_happens(stocked):
    """Many short readers against many commits: what each sees has no gap."""
    stop, wrong = threading.Event(), []

    def read():
        while not stop.is_set():
            with EventStream(stocked, "?after=1") as stream:
                ids = stream.ids(5)
                if ids != list(range(2, 7)):
                    wrong.append(ids)

    add_devices(stocked, 0, 10)
    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    add_devices(stocked, 10, 150)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert os.path.exists("/proc/%d" % stocked.process.pid)
