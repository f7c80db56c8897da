"""`posenet lab` in a terminal: a taken port, no browser, SSH, Ctrl-C."""

import re
import socket
import urllib.request

import pytest

from tests.browser.lab_server import LabServer


@pytest.fixture
def start(clone, tmp_path):
    """Start `posenet lab`, and end it after the test."""
    started = []

    def starter(*options: str, **environment: str) -> LabServer:
        started.append(LabServer(clone, tmp_path / "home", *options, **environment))
        return started[-1]

    yield starter
    for server in started:
        server.stop()


@pytest.fixture
def taken() -> int:
    """A port that somebody else listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def answers(server: LabServer) -> bool:
    with urllib.request.urlopen(f"{server.base}/api/status?token={server.token}", timeout=60) as reply:
        return reply.status == 200


def test_with_the_port_taken_over_ssh_and_stopped(start, taken, tmp_path):
    opened = tmp_path / "opened"
    browser = tmp_path / "browser.sh"
    browser.write_text(f"#!/bin/sh\ntouch {opened}\n")
    browser.chmod(0o755)
    ssh = {"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.1 22", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    server = start("--port", str(taken), browser=True, BROWSER=str(browser), **ssh)
    said = "".join(server.output)
    port = int(re.search(r"localhost:(\d+)/lab", server.url)[1])
    assert port != taken and f"Port {taken} is taken; using {port}." in said
    assert f"ssh -N -L {port}:localhost:{port}" in said, "the tunnel leads to the port in use"
    assert answers(server)
    assert not opened.exists()

    server.interrupt()
    assert server.process.wait(60) == 0
    assert "Traceback" not in "".join(server.output)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def test_without_a_browser_it_prints_the_address(start, tmp_path):
    nowhere = {"BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": "", "SSH_CONNECTION": "", "PATH": str(tmp_path)}
    server = start(browser=True, **nowhere)
    assert answers(server)
    assert "Traceback" not in "".join(server.output)
