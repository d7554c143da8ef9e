# test_board_frames.py - tern-board's network as a user sees it: what is reached,
# what is refused and told, lost and damaged frames, the pcap file.
#
# The firmware (test/emu/firmware/frames.c) asks the gateway who it is, again
# and again, then tries to connect to 1.2.3.4 port 25.
#
# SPDX-License-Identifier: MIT
import struct

import pytest

from board_runner import FRAMES

ROUNDS = 20
GUEST = bytes.fromhex("021213101511")
ARP = 0x0806
ALL = 1000000


def asked(board, *words):
    """The firmware's counts, and the run."""
    run = board.run("--flash", board.flash(FRAMES, ROUNDS), "--no-save",
                    *words)
    assert run.code == 0, run.err
    rows = (line.split() for line in run.out.splitlines())
    return {row[0]: int(row[1], 16) for row in rows}, run


def frames_of(path):
    """(nanoseconds, frame) of a pcap file, read by its own description."""
    data = path.read_bytes()
    magic, major, _, _, _, snap, link = struct.unpack_from("<IHHiIII", data)
    assert (magic, major, link) == (0xA1B23C4D, 2, 1)
    frames, at = [], 24
    while at < len(data):
        s, ns, kept, length = struct.unpack_from("<IIII", data, at)
        assert kept == length <= snap
        frames.append((s * 10**9 + ns, data[at + 16:at + 16 + kept]))
        at += 16 + kept
    assert at == len(data)
    return frames


def test_net_gateway_answers_and_a_stranger_is_refused(board):
    counts, run = asked(board, "--net", "map=80:127.0.0.1:1")

    assert counts == {"sent": ROUNDS, "answered": ROUNDS, "damaged": 0,
                      "refused": 1}
    assert "TCP to 1.2.3.4 port 25" in run.err


def test_net_without_rules_there_is_nobody(board):
    counts, _ = asked(board)

    assert counts["sent"] == ROUNDS
    assert counts["answered"] == counts["refused"] == 0


@pytest.mark.parametrize("rules, word", [
    ("map=80:localhost:1", "127.0.0.1"), ("map=0:127.0.0.1:1", "65535"),
    ("map=80:127.0.0.1:1,map=80:127.0.0.1:2", "already"),
    ("hosts=*", "hosts")])
def test_net_says_what_is_wrong_with_a_rule(board, rules, word):
    run = board.run("--flash", board.flash(FRAMES, 1), "--net", rules)

    assert run.code == 2
    assert word in run.err


def test_net_pcap_holds_each_frame_in_order(board, tmp_path):
    pcap = tmp_path / "run.pcap"

    asked(board, "--net", "map=80:127.0.0.1:1", "--pcap", pcap)

    frames = frames_of(pcap)
    arp = [f for _, f in frames if struct.unpack_from(">H", f, 12)[0] == ARP]
    requests = [f for f in arp if f[6:12] == GUEST]
    replies = [f for f in arp if f[:6] == GUEST]
    times = [ns for ns, _ in frames]
    assert len(requests) == len(replies) == ROUNDS
    assert times == sorted(times)
    assert times[0] > 0


def test_net_pcap_that_cannot_be_written_is_said(board, tmp_path):
    run = board.run("--flash", board.flash(FRAMES, 1), "--net", "host=*",
                    "--pcap", tmp_path / "no" / "run.pcap")

    assert run.code == 1
    assert "run.pcap" in run.err


def test_net_loses_all_frames_if_told_so(board):
    counts, _ = asked(board, "--net", "host=*", "--lose", ALL)

    assert counts == {"sent": ROUNDS, "answered": 0, "damaged": 0,
                      "refused": 0}


def test_net_loses_a_part_and_the_same_part_again(board):
    words = ("--net", "host=*", "--lose", ALL // 4, "--seed", 3)

    first, _ = asked(board, *words)
    again, _ = asked(board, *words)

    assert 0 < first["answered"] < ROUNDS
    assert first["damaged"] == 0
    assert again == first


def test_net_corrupted_frames_arrive_with_a_wrong_bit(board, tmp_path):
    pcap = tmp_path / "run.pcap"

    counts, _ = asked(board, "--net", "host=*", "--corrupt", ALL, "--pcap",
                      pcap)

    # A bit in a frame's padding damages nothing.
    assert counts["answered"] < ROUNDS
    assert counts["damaged"] > 0
    # The file has what the guest sent, and what it was given.
    frames = [f for _, f in frames_of(pcap) if f[12:14] == b"\x08\x06"]
    assert len({f for f in frames if f[6:12] == GUEST}) == 1
    assert len({f for f in frames if f[:6] == GUEST}) > 1


@pytest.mark.parametrize("option", ["--lose", "--corrupt"])
def test_net_refuses_more_than_a_million_of_a_million(board, option):
    run = board.run("--flash", board.flash(FRAMES, 1), "--net", "host=*",
                    option, ALL + 1)

    assert run.code == 2
