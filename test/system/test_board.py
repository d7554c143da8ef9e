# test_board.py - tern-board as a person and a script use it: console, flash
# file, exit codes, power cuts, terminal, sweeps. gdb: test_board_gdb.py.
#
# SPDX-License-Identifier: MIT
import hashlib
import os
import pty
import re
import select
import signal
import socket
import subprocess
import termios
import time

import pytest

from board_runner import (COUNT, ECHO, HELLO, LOCKUP, READ, SLEEP, SPIN,
                          SPIN_ADDRESS, TICK, TICK_PERIOD, UNKNOWN,
                          WAIT_SECONDS, WRITE, firmware, port_of, read_byte,
                          wait_for)


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


# --- console and exit codes --------------------------------------------------

def test_board_boots_prints_and_gives_the_firmwares_exit_code(board):
    run = board.run("--flash", board.flash(HELLO, 7))

    assert run.out == "hello 0x00000007\n"
    assert run.code == 7


def test_board_runs_an_elf_without_a_flash_file(board):
    run = board.run("run", "--elf", board.record)

    assert (run.out, run.code) == ("no record\n", 1)


def test_board_console_takes_what_stdin_gives(board):
    run = board.run("--flash", board.flash(ECHO), stdin=b"one two\n" * 40
                    + b"q")

    assert run.out == "ONE TWO\n" * 40
    assert run.code == 0


def test_board_console_goes_to_a_file(board, tmp_path):
    out = tmp_path / "console"

    run = board.run("--flash", board.flash(HELLO), "--uart", out)

    assert run.out == ""
    assert out.read_text() == "hello 0x00000000\n"


def talk(peer, process):
    peer.settimeout(WAIT_SECONDS)
    peer.sendall(b"abc")
    got = b""
    while len(got) < 3:
        got += peer.recv(100)
    assert got == b"ABC"
    peer.sendall(b"q")
    assert process.wait(WAIT_SECONDS) == 0


def test_board_console_is_a_unix_socket(board, tmp_path):
    path = str(tmp_path / "console.sock")
    process = board.begin("--flash", board.flash(ECHO), "--uart",
                          "unix:" + path)
    wait_for(lambda: os.path.exists(path), "the socket")
    with socket.socket(socket.AF_UNIX) as peer:
        wait_for(lambda: peer.connect_ex(path) == 0, "a listener")
        talk(peer, process)
    assert not os.path.exists(path)


def test_board_console_is_a_tcp_socket_on_a_free_port(board):
    process = board.begin("--flash", board.flash(ECHO), "--uart", "tcp:0")
    with socket.create_connection(("127.0.0.1", port_of(process))) as peer:
        talk(peer, process)


def test_board_console_tells_a_late_peer_what_was_said(board):
    process = board.begin("--flash", board.flash(TICK, TICK_PERIOD), "--uart",
                          "tcp:0")
    port = port_of(process)
    for _ in range(2):  # the second one comes after the first has gone
        with socket.create_connection(("127.0.0.1", port)) as peer:
            peer.settimeout(WAIT_SECONDS)
            assert peer.recv(1) == b"."
    process.terminate()
    assert process.wait(WAIT_SECONDS) == 0


@pytest.mark.parametrize("scenario, code, word", [
    (LOCKUP, 4, "locked up"), (SLEEP, 4, "sleeps for ever")])
def test_board_that_can_do_nothing_more_ends(board, scenario, code, word):
    run = board.run("--flash", board.flash(scenario))

    assert run.code == code
    assert word in run.err


def test_board_with_a_blank_flash_says_that_nothing_starts(board, tmp_path):
    blank = tmp_path / "blank.flash"
    blank.write_bytes(b"\xff" * firmware.FLASH_BYTES)

    run = board.run("--flash", blank)

    assert run.code == 5
    assert "nothing to start" in run.err


def test_board_names_what_is_not_modelled_once(board):
    run = board.run("--flash", board.flash(UNKNOWN))

    assert run.code == 0
    assert run.err.count("0x403FF010") == 1


def test_board_strict_stops_at_what_is_not_modelled(board):
    run = board.run("--flash", board.flash(UNKNOWN), "--strict")

    assert run.code == 3
    assert run.out == ""


def test_board_leaves_when_its_virtual_time_is_over(board):
    run = board.run("--flash", board.flash(TICK, TICK_PERIOD), "--time",
                    "0.0205")

    assert run.code == 0
    assert run.out == "." * 20


@pytest.mark.parametrize("words", [
    [], ["--flash"], ["--flash", "f", "--cut", "x"], ["--nonsense"],
    ["sweep"], ["sweep", "x", "--jobs", "0"]])
def test_board_usage_errors_end_with_two(board, words):
    run = board.run(*words)

    assert run.code == 2
    assert run.err.startswith("tern-board: ")
    assert "--help" in run.err


def test_board_help_names_every_exit_code(board):
    run = board.run("--help")

    assert run.code == 0
    assert "5 no image" in run.out


# --- flash file --------------------------------------------------------------

def test_board_saves_flash_changes_and_boots_from_them(board):
    flash = board.flash(WRITE, 0x12345678)

    assert board.run("--flash", flash).code == 0

    with open(flash, "r+b") as f:
        f.seek(0x300000)
        assert f.read(4) == b"\x78\x56\x34\x12"
        f.seek(firmware.SCENARIO_OFFSET)
        f.write(bytes([READ, 0, 0, 0]))
    assert board.run("--flash", flash).out == "scratch 0x12345678\n"


def test_board_installs_an_elf_into_its_flash(board, tmp_path):
    flash = tmp_path / "blank.flash"
    flash.write_bytes(b"\xff" * firmware.FLASH_BYTES)

    first = board.run("--flash", flash, "--elf", board.record)
    second = board.run("--flash", flash)

    assert first.out == second.out == "no record\n"


def test_board_keeps_the_file_as_it_was_if_told_so(board, tmp_path):
    flash = board.flash(WRITE, 1)
    before, other = sha256(flash), tmp_path / "other.flash"

    assert board.run("--flash", flash, "--no-save").code == 0
    assert board.run("--flash", flash, "--save", other).code == 0

    assert sha256(flash) == before
    assert sha256(other) != before
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "board.flash", "other.flash"]


def test_board_follows_a_symbolic_link_to_its_flash(board, tmp_path):
    flash = board.flash(WRITE, 1)
    before, link = sha256(flash), tmp_path / "link"
    link.symlink_to("board.flash")

    assert board.run("--flash", link).code == 0

    assert link.is_symlink()
    assert sha256(flash) != before


@pytest.mark.parametrize("size, word", [
    (None, "there is no flash file"), (3, "has 3 bytes"),
    (firmware.FLASH_BYTES + 1, "has 8388609 bytes")])
def test_board_says_what_is_wrong_with_a_flash_file(board, tmp_path, size,
                                                    word):
    path = tmp_path / "f"
    if size is not None:
        path.write_bytes(b"\xff" * size)

    run = board.run("--flash", path)

    assert run.code == 1
    assert word in run.err


def test_board_shares_its_flash_file_with_no_other(board):
    flash = board.flash(TICK, TICK_PERIOD)
    process = board.begin("--flash", flash)
    assert read_byte(process.stdout) == b"."

    run = board.run("--flash", flash)

    assert run.code == 1
    assert "another board is using" in run.err
    reader = board.run("--flash", flash, "--no-save", "--time", "0.01")
    assert reader.code == 0
    process.terminate()
    assert process.wait(WAIT_SECONDS) == 0
    assert board.run("--flash", flash, "--time", "0.01").code == 0


# --- power cuts and faults ---------------------------------------------------

def record_flash(board, tmp_path, rounds):
    flash = str(tmp_path / "record.flash")
    firmware.flash_file(flash, board.record, 0, rounds)
    with open(flash, "r+b") as f:
        f.seek(firmware.RECORD_OFFSET)
        f.write(firmware.record_sector(7))
    return flash


def test_board_cut_comes_at_its_operation_and_power_comes_back(board,
                                                               tmp_path):
    log = tmp_path / "log"

    run = board.run("--flash", record_flash(board, tmp_path, 2), "--cut",
                    "5:first", "--stats", "--flash-log", log)

    # Round one is whole (three operations); the second is torn.
    assert run.out == "number 7\nnumber 8\nstored\n"
    assert "flash operation 5:first" in run.err
    assert run.stats()["power_cuts"] == 1
    assert run.stats()["flash_erases"] == 2 + 2
    assert "torn" in log.read_text()


def test_board_two_runs_are_the_same_to_the_instruction(board, tmp_path):
    seen = []
    for _ in range(2):
        flash = record_flash(board, tmp_path, 2)
        run = board.run("--flash", flash, "--seed", 5, "--cut", "4:random=3",
                        "--stats")
        stats = run.stats()
        seen.append((stats["instructions"], stats["cycles"], run.out,
                     sha256(flash)))

    assert seen[0] == seen[1]


def test_board_skips_the_instruction_it_is_told(board):
    flash = board.flash(COUNT)
    plain = board.run("--flash", flash).out
    step, count = re.match(r"step (\S+)\ncount (\S+)\n", plain).groups()
    assert int(count, 0) == 10

    skipped = board.run("--flash", flash, "--skip", step + ":3").out

    assert skipped.endswith("count 0x00000009\n")


def test_board_flips_a_bit_of_ram_at_its_moment(board):
    run = board.run("--flash", board.flash(SPIN), "--flip",
                    "%#x:4@5280000" % SPIN_ADDRESS, "--stats")

    assert run.out == "spin\nchanged 0x00000010\n"
    assert run.stats()["cycles"] >= 5280000


def test_board_trace_names_the_blocks_that_ran(board, tmp_path):
    trace = tmp_path / "trace"

    board.run("--flash", board.flash(HELLO), "--trace", trace)

    assert len(trace.read_text().splitlines()) > 10


# --- a person ----------------------------------------------------------------

class Person:
    """tern-board on a terminal of its own."""

    def __init__(self, board, *words):
        self.terminal, self.tty = pty.openpty()
        self.before = termios.tcgetattr(self.tty)
        self.process = subprocess.Popen(
            [board.program, *map(str, words)], stdin=self.tty, stdout=self.tty,
            stderr=self.tty)
        self.seen = ""

    def wait_for(self, text):
        end = time.monotonic() + WAIT_SECONDS
        while text not in self.seen:
            ready, _, _ = select.select([self.terminal], [], [], 0.1)
            if ready:
                self.seen += os.read(self.terminal, 4096).decode()
            assert time.monotonic() < end, "never %r:\n%s" % (text, self.seen)
        self.seen = self.seen.split(text, 1)[1]

    def type(self, keys):
        os.write(self.terminal, keys)

    def leave(self):
        code = self.process.wait(WAIT_SECONDS)
        assert termios.tcgetattr(self.tty) == self.before
        os.close(self.tty)
        os.close(self.terminal)
        return code


def test_person_types_resets_cuts_the_power_and_leaves(board):
    person = Person(board, "--flash", board.flash(ECHO))
    wait_for(lambda: termios.tcgetattr(person.tty) != person.before, "raw mode")

    person.type(b"hello\x03")
    person.wait_for("HELLO\x03")  # Ctrl-C is for the firmware
    person.type(b"\x01r")
    person.wait_for("reset")
    person.type(b"\x01p")
    person.wait_for("power off and on")
    person.type(b"\x01hagain\x01\x01")
    person.wait_for("after Ctrl-A")
    person.wait_for("AGAIN\x01")
    person.type(b"\x01x")

    assert person.leave() == 0


def test_person_can_reset_a_board_that_is_locked_up(board):
    person = Person(board, "--flash", board.flash(LOCKUP))

    person.wait_for("Ctrl-A r resets")
    person.type(b"\x01r")
    person.wait_for("lockup")
    person.type(b"\x01x")

    assert person.leave() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP,
                                    signal.SIGABRT, signal.SIGSEGV])
def test_person_gets_the_terminal_back_when_the_board_is_ended(board, number):
    person = Person(board, "--flash", board.flash(TICK, TICK_PERIOD))
    person.wait_for(".")

    person.process.send_signal(number)

    polite = number in (signal.SIGTERM, signal.SIGHUP)
    assert person.leave() == (0 if polite else -number)


def test_board_with_pace_runs_no_faster_than_the_wall(board):
    begin = time.monotonic()

    board.run("--flash", board.flash(TICK, TICK_PERIOD), "--time", "0.4",
              "--pace")

    assert time.monotonic() - begin >= 0.4


# --- sweeps ------------------------------------------------------------------

def test_sweep_of_a_sound_firmware_finds_nothing(board, tmp_path):
    scenario = firmware.record_scenario(str(tmp_path), board.record, 2,
                                        reads_only=True)

    run = board.run("sweep", scenario)

    assert run.code == 0, run.out + run.err
    # Six operations, five tears, and the cut behind the end.
    assert "6 flash operations, 5 tears: 31 cuts" in run.out
    assert "0 failed" in run.out


def test_sweep_finds_the_mistake_and_its_replay_shows_it(board, tmp_path):
    scenario = firmware.record_scenario(str(tmp_path), board.record, 1,
                                        in_place=True)

    run = board.run("sweep", scenario, "--jobs", 1)

    assert run.code == 1
    # A torn or whole erase, then each way in which the two programs are not
    # whole: what a cut just before or behind the three leaves is a number.
    for cut in ("1:all", "1:first", "2:nothing", "2:all", "3:nothing"):
        assert "  %s: the console said 'no record" % cut in run.out, run.out
    assert "  1:nothing:" not in run.out
    assert "  3:all:" not in run.out
    command = re.search(r"tern-board (sweep .* --replay 2:all)", run.out)[1]
    replay = board.run(*command.split(), "--save", tmp_path / "after.flash")
    assert replay.code == 1
    assert replay.out == "number 7\nno record\n"
    assert "power cut 2:all" in replay.err
    # The same case on a board of its own.
    alone = board.run("--flash", tmp_path / "after.flash", "--no-save")
    assert alone.out == "no record\n"


def test_sweep_cuts_each_recovery_again(board, tmp_path):
    scenario = firmware.record_scenario(str(tmp_path), board.record, 1)

    run = board.run("sweep", scenario, "--tears", "nothing,first", "--sample",
                    2, "--second", "all")

    assert run.code == 0, run.out + run.err
    # Per first cut: the recovery's three operations in two ways, and its end.
    assert "3 flash operations, 2 tears: 3 cuts, 14 second cuts" in run.out


def test_sweep_finds_a_mistake_in_the_recovery_alone(board, tmp_path):
    scenario = firmware.record_scenario(str(tmp_path), board.record, 1,
                                        in_place=True)

    run = board.run("sweep", scenario, "--tears", "nothing", "--sample", 1,
                    "--second", "all")

    assert run.code == 1
    assert re.search(r"--replay \d:nothing,\d:nothing", run.out), run.out


def test_sweep_sample_takes_so_many(board, tmp_path):
    scenario = firmware.record_scenario(str(tmp_path), board.record, 2,
                                        reads_only=True)

    run = board.run("sweep", scenario, "--sample", 7)

    assert "5 tears: 8 cuts" in run.out, run.out


@pytest.mark.parametrize("line, word", [
    ("flash = nowhere", "cannot open nowhere"), ("flush = x", "line 1"),
    ("elf = nowhere", "nowhere")])
def test_sweep_says_what_is_wrong_with_a_scenario(board, tmp_path, line, word):
    scenario = tmp_path / "x.scn"
    scenario.write_text(line + "\n")

    run = board.run("sweep", scenario)

    assert run.code == 1
    assert word in run.err


def test_sweep_of_a_run_that_fails_uncut_says_so(board, tmp_path):
    scenario = firmware.record_scenario(str(tmp_path), board.record, 1)
    with open(scenario, "a", encoding="ascii") as f:
        f.write("limit = 0.001\n")

    run = board.run("sweep", scenario)

    assert run.code == 1
    assert "fails before any cut" in run.err
    assert "had not ended at its limit" in run.err


# --- documentation -----------------------------------------------------------

def test_emulator_guides_example_of_a_peripheral_compiles(tmp_path):
    root = os.path.join(os.path.dirname(__file__), "../..")
    with open(os.path.join(root, "docs/emulator.md"), encoding="utf-8") as f:
        blocks = re.findall(r"```c\n(.*?)```", f.read(), re.DOTALL)
    example = tmp_path / "adc.c"
    example.write_text(next(b for b in blocks if "adc_add" in b).replace(
        "void adc_add", "void adc_add(struct soc *s);\nvoid adc_add"))

    subprocess.run(["gcc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic",
                    "-Wconversion", "-Wmissing-prototypes", "-Werror",
                    "-fsyntax-only", "-I" + root, str(example)], check=True)
