#!/usr/bin/python3
# cuts.py BUILD ARM [--sample] [--where PLACE] [--only TEXT] - run the sweeps of
# power cuts and of skipped instructions, on the host and on the emulated board,
# every case of them, and keep what was tried in cuts.md. BUILD and ARM are the
# folders of the dev and arm presets. Rows of sweeps that were not run stay as
# they are.
#
# --where host|board: only there.
# --only TEXT: those with TEXT in their name, of the program or of the test.
# --sample: what the tests run by default, to try this out.
#
# SPDX-License-Identifier: MIT
import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SYSTEM = os.path.join(HERE, "../test/system")
BOARD_TESTS = ("test_sbl.py", "test_sbl_mailbox.py", "test_sbl_skip.py",
               "test_sbl_swap.py", "test_sfw_cut.py", "test_sfw_many.py",
               "test_sfw_hostile.py")
BOARD_SWEEPS = "cut or torn or skipped or at_once or in_a_row or hopeless"
FILE = os.path.join(HERE, "cuts.md")
NO_TEST = 5  # pytest: none has such a name
HEAD = """\
# What the sweeps tried

Written by `./dev sweep`; each row is one sweep at the commit that it names, and
one with a failure writes none. A cut is one flash operation, left in one way of
those that the fake flash or the board knows; a second cut is one in the recovery
from it.

| sweep | what was tried | at |
|---|---|---|
"""
ROW = re.compile(r"^\| ((?:host|board|skip)[^|]+) \| ([^|]+ \| [^|]+) \|$", re.M)


def rows_of(file):
    """{sweep: what was tried, and where} of earlier runs."""
    if not os.path.exists(file):
        return {}
    with open(file, encoding="utf-8") as f:
        return dict(ROW.findall(f.read()))


def git(*words):
    return subprocess.run(["git", *words], cwd=HERE, check=True,
                          stdout=subprocess.PIPE,
                          encoding="utf-8").stdout.strip()


def commit():
    """With a + if files differ from it, other than the one we write."""
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":/",
                  ":(exclude)" + os.path.basename(FILE))
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


AT = commit()  # when we begin: a sweep takes hours, and work goes on


def keep(found):
    """Into the file as it is now: other sweeps may run beside this one."""
    rows = rows_of(FILE)
    rows.update({name: "%s | %s" % (tried, AT) for name, tried in found.items()})
    with open(FILE, "w", encoding="utf-8") as f:
        f.write(HEAD + "".join("| %s | %s |\n" % row
                               for row in sorted(rows.items())))


def host(build, only):
    """Are all of them well? Keeps the rows of those that are."""
    good = True
    for program in sorted(glob.glob(os.path.join(build, "tests/*_cut"))):
        name = os.path.basename(program)
        if only and only not in name:
            continue
        run = subprocess.run([program], stdout=subprocess.PIPE,
                             encoding="utf-8", check=False)
        rows = {"host, %s, %s" % (name, life): tried for life, tried in
                re.findall(r"^(\w+): (\d+ \w+.*)$", run.stdout, re.M)}
        for row in rows.items():
            print("%s: %s" % row, flush=True)
        if run.returncode == 0:
            keep(rows)
        else:
            print(run.stdout)
            good = False
    return good


def board(build, arm, only):
    """The same, of each file of tests."""
    which = "(%s) and %s" % (BOARD_SWEEPS, only) if only else BOARD_SWEEPS
    good = True
    for tests in BOARD_TESTS:
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as counts:
            code = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
                 os.path.join(SYSTEM, tests), "-k", which,
                 "--bin", os.path.join(build, "bin"),
                 "--arm", os.path.join(arm, "bin")],
                env={**os.environ, "SWEEP_COUNTS": counts.name},
                check=False).returncode
            text = counts.read()
        print(text, flush=True)
        keep(dict(re.findall(r"^([^:]+): (.+)$", text, re.M)))
        good = good and code in (0, NO_TEST)
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=os.path.abspath)
    parser.add_argument("arm", type=os.path.abspath)
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--where", choices=("host", "board"))
    parser.add_argument("--only")
    args = parser.parse_args()
    if not args.sample:
        os.environ["SWEEP"] = "all"
    good = True
    if args.where != "board":
        good = host(args.build, args.only)
    if args.where != "host":
        good = board(args.build, args.arm, args.only) and good
    if not good:
        raise SystemExit("cuts: something failed: its rows in cuts.md stay as "
                         "they were")


main()
