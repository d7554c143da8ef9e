# tern_cli.py - run `tern` and look at what it says.
#
# SPDX-License-Identifier: MIT
import json
import os
import subprocess


class Tern:
    """tern("image", "info", f) runs it; .code, .out and .err are the answer."""

    def __init__(self, bin_dir, data=None):
        self.path = os.path.join(bin_dir, "tern")
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith("TERN_")}
        if data:
            self.environment["TERN_DATA"] = data

    def __call__(self, *words):
        run = subprocess.run([self.path, *map(str, words)], encoding="utf-8",
                             stdin=subprocess.DEVNULL, capture_output=True,
                             timeout=60, env=self.environment, check=False)
        run.code, run.out, run.err = run.returncode, run.stdout, run.stderr
        return run

    def good(self, *words):
        """The text that a command which must succeed prints."""
        run = self(*words)
        assert run.code == 0, run.err
        assert run.err == ""
        return run.out

    def json(self, *words):
        return json.loads(self.good(*words, "--json"))

    def begin(self, *words):
        return subprocess.Popen([self.path, *map(str, words)], encoding="utf-8",
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=self.environment)
