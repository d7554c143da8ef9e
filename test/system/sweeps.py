# sweeps.py - how much a sweep tries, and what it tried.
#
# SPDX-License-Identifier: MIT
import os


def sweep_all():
    """SWEEP=all: every case of each sweep, and not a sample."""
    return os.environ.get("SWEEP") == "all"


def keep_count(name, said):
    """Print what a sweep has tried; $SWEEP_COUNTS is the file that keeps it."""
    line = "%s: %s" % (name, said)
    print(line)
    if "SWEEP_COUNTS" in os.environ:
        with open(os.environ["SWEEP_COUNTS"], "a", encoding="utf-8") as f:
            f.write(line + "\n")
