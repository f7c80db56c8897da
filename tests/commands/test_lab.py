"""`posenet lab`: what it starts JupyterLab with. (tests/browser starts it.)"""

import json
import os
import socket
from pathlib import Path

import pytest

from posenet_lib import cli
from posenet_lib.commands import lab
from posenet_lib.core.errors import WorkbookError


@pytest.fixture
def start(monkeypatch, capsys):
    """Run `posenet lab` up to the start: (arguments, environment, what it printed)."""

    def started(*options: str) -> tuple[list[str], dict[str, str], str]:
        call = []
        monkeypatch.setattr(os, "execve", lambda path, arguments, environment: call.extend((arguments, environment)))
        assert cli.main(["lab", *options]) == 0
        return *call, capsys.readouterr().out

    for name in ("SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return started


@pytest.fixture
def taken() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_said_and_the_next_free_one_used(start, taken):
    arguments, _, said = start("--port", str(taken))
    port = next(int(a.removeprefix("--port=")) for a in arguments if a.startswith("--port="))
    assert taken < port < taken + 50
    assert f"Port {taken} is taken; using {port}." in said


@pytest.mark.parametrize("port", ["0", "70000", "-1"])
def test_no_port_number(port, capsys):
    assert cli.main(["lab", f"--port={port}"]) == 2
    assert f"--port is {port}" in capsys.readouterr().err


def test_all_ports_taken(monkeypatch, taken):
    monkeypatch.setattr(lab, "_PORTS_TRIED", 1)
    with pytest.raises(WorkbookError, match=f"{taken} are all taken"):
        lab.free_port(taken)


def test_a_port_that_windows_keeps_for_itself_is_passed_over(monkeypatch):
    class Probe(socket.socket):
        def bind(self, address):
            if address[1] == 8888:
                raise PermissionError(13, "access permissions")

    monkeypatch.setattr(lab.socket, "socket", Probe)
    assert lab.free_port(8888) == 8889


@pytest.mark.parametrize(
    ("variables", "opens"),
    [
        ({}, True),
        ({"SSH_CONNECTION": "a 1 b 22"}, False),
        ({"SSH_CONNECTION": "a 1 b 22", "DISPLAY": "localhost:10.0"}, True),  # ssh -X shows windows here
    ],
)
def test_over_ssh_it_says_how_to_reach_it(start, monkeypatch, variables, opens):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    arguments, _, said = start("--port", "18888")
    assert ("--no-browser" not in arguments) == opens
    assert ("ssh -N -L 18888:localhost:18888" in said) != opens


def test_settings_come_with_the_package_and_leave_the_users_own(start, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/mine")
    _, environment, _ = start()
    ours, mine = environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert mine == "/mine"
    settings = json.loads((Path(ours) / "labconfig" / "default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
