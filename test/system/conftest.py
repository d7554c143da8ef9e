# conftest.py - what every system test starts from.
#
# SPDX-License-Identifier: MIT
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))
from board_runner import BoardRunner, firmware  # noqa: E402
from mosquitto_broker import broker, idle  # noqa: E402,F401 (fixtures)
from tern_server import TernServer  # noqa: E402

BUILD = os.path.join(os.path.dirname(__file__), "../../build")
DEFAULT_BIN = os.path.join(BUILD, "dev/bin")
DEFAULT_ARM = os.path.join(BUILD, "arm/bin")


def pytest_addoption(parser):
    parser.addoption("--bin", default=DEFAULT_BIN,
                     help="folder with ternd, tern, tern_broker.so, tern-device")
    parser.addoption("--arm", default=DEFAULT_ARM,
                     help="folder with the firmware of the arm preset")


@pytest.fixture(scope="session")
def bin_dir(request):
    return os.path.abspath(request.config.getoption("--bin"))


@pytest.fixture(scope="session")
def arm_dir(request):
    folder = os.path.abspath(request.config.getoption("--arm"))
    assert os.path.exists(os.path.join(folder, "imxrt1060-sbl.bin")), \
        "build the arm preset first, or say where it is with --arm"
    return folder


@pytest.fixture
def server(bin_dir, tmp_path):
    """A real ternd with its own mosquitto on ports that the system chose."""
    with TernServer(str(tmp_path / "data"), bin_dir) as running:
        yield running


@pytest.fixture(scope="session")
def elfs(tmp_path_factory):
    """The conformance firmware and record.c, built once."""
    folder = str(tmp_path_factory.mktemp("firmware"))
    return firmware.conformance(folder), firmware.record(folder)


@pytest.fixture
def board(bin_dir, tmp_path, elfs):
    return BoardRunner(bin_dir, tmp_path, *elfs)
