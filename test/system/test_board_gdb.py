# test_board_gdb.py - tern-board under gdb-multiarch, and under a peer that
# speaks gdb's protocol badly.
#
# SPDX-License-Identifier: MIT
import re
import socket
import subprocess

from board_runner import (COUNT, TICK, TICK_PERIOD, WAIT_SECONDS,
                          port_of, read_byte)


def gdb(board, elf, port, *commands):
    words = ["gdb-multiarch", "-nx", "-batch", elf, "-ex",
             "set architecture armv7e-m", "-ex",
             "target remote 127.0.0.1:%d" % port]
    for command in commands:
        words += ["-ex", command]
    run = subprocess.run(words, capture_output=True, text=True, check=False,
                         timeout=WAIT_SECONDS)
    return run.stdout + run.stderr


def debugged(board, elf, *words):
    process = board.begin(*words, "--gdb", "0")
    return process, port_of(process)


def test_gdb_stops_reads_steps_and_lets_the_board_end(board):
    process, port = debugged(board, board.conformance, "--flash",
                             board.flash(COUNT))

    said = gdb(board, board.conformance, port, "break count_step", "continue",
               "info registers r0 r1 pc xpsr msp control", "x/1iw $pc",
               "stepi", "print $r0", "continue", "print $r0", "delete",
               "print $d0", "set var $r1=1", "continue")

    assert re.search(r"Breakpoint 1, .*count_ten", said), said
    assert re.search(r"r1 +0xa", said)
    assert re.search(r"control +0x", said)
    assert "$1 = 1" in said, said   # after the step
    assert "$2 = 1" in said, said   # at the second breakpoint, before adding
    assert "exited normally" in said, said
    assert process.wait(WAIT_SECONDS) == 0
    assert b"count 0x00000002" in process.stdout.read()


def test_gdb_interrupts_resets_and_cuts_the_power(board):
    process, port = debugged(board, board.conformance, "--flash",
                             board.flash(TICK, TICK_PERIOD))

    said = gdb(board, board.conformance, port, "break harness_main",
               "continue", "monitor reset", "maintenance flush register-cache",
               "info registers pc", "continue", "monitor cut",
               "maintenance flush register-cache", "continue", "detach")

    assert said.count("harness_main (") >= 3, said
    assert "power was off" in said
    assert read_byte(process.stdout) == b"."  # detached, it runs on
    process.terminate()
    assert process.wait(WAIT_SECONDS) == 0


def test_gdb_kill_ends_the_board(board):
    process, port = debugged(board, board.conformance, "--flash",
                             board.flash(TICK, TICK_PERIOD))

    gdb(board, board.conformance, port, "kill")

    assert process.wait(WAIT_SECONDS) == 0


def frame(body):
    return b"$" + body + b"#%02x" % (sum(body) % 256)


def ask(peer, body):
    """The body of the answer to one packet."""
    return answer_to(peer, frame(body))


def answer_to(peer, raw):
    peer.sendall(raw)
    got = b""
    while not re.search(rb"\$[^#]*#..", got):
        part = peer.recv(4096)
        assert part, "the server hung up"
        got += part
    return re.search(rb"\$([^#]*)#..", got)[1]


def test_gdb_server_answers_bad_packets_and_goes_on(board):
    process, port = debugged(board, board.conformance, "--flash",
                             board.flash(TICK, TICK_PERIOD))
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.settimeout(WAIT_SECONDS)
        for body in (b"m", b"m0", b"m0,", b"m0,ffffffff", b"mzz,1",
                     b"m30000000,4", b"M0,4:00", b"M0,1:", b"X0,5:ab",
                     b"p", b"pff", b"P", b"P0", b"P0=0", b"G00", b"Z0,",
                     b"Z0,1", b"z0,1234,2", b"c12345678901",
                     b"qXfer:features:read:target.xml:ffff,10",
                     b"qXfer:features:read:target.xml:0"):
            assert ask(peer, body) == b"E01", body
        for body in (b"", b"Z2,0,4", b"vCont?", b"q", b"qRcmdx", b"\xff"):
            assert ask(peer, body) == b"", body
        peer.sendall(b"$m0,4#00+++$$$" + b"A" * 10000)
        assert ask(peer, b"?") == b"S05"
        assert answer_to(peer, b"-") == b"S05"  # once more, please
        assert len(ask(peer, b"g")) == 2 * (4 * 24 + 8 * 16)
        peer.sendall(frame(b"c"))
        assert read_byte(process.stdout) == b"."
        peer.sendall(b"\x03")
        assert ask(peer, b"?") == b"S02"
    # The peer has vanished: the board runs on.
    assert read_byte(process.stdout) == b"."
    process.terminate()
    assert process.wait(WAIT_SECONDS) == 0
