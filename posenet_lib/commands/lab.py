"""`posenet lab`: JupyterLab on the first notebook."""

import argparse
import getpass
import os
import platform
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command
from posenet_lib.core.errors import WorkbookError

_PORTS_TRIED = 50
_FIRST_FOR_ALL = 1024  # below, ports are root's
# JupyterLab reads labconfig/ in it before the user's own settings: no question about news, no look for updates. The
# workbook works, and starts the same, without the internet.
_SETTINGS = Path(__file__).resolve().parent / "jupyter"


def add_parsers(commands: Any) -> None:
    """Declare `lab`."""
    parser = add_command(
        commands, "lab", run_lab, "Open JupyterLab on notebooks/00_start_here.ipynb. Stop it with Ctrl-C."
    )
    parser.add_argument("--port", type=int, default=8888, help="first port to try")
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address only (always so in an SSH session without display)"
    )


def run_lab(options: argparse.Namespace) -> None:
    """`posenet lab`. The process becomes JupyterLab, so that Ctrl-C and signals reach it directly.

    Raises:
        WorkbookError: there is no free port at or after the wanted one, or this is no clone of the workbook.
    """
    from posenet_lib.core.workspace import repository_root

    root, port, far = repository_root(), free_port(options.port), _is_remote()
    arguments = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--port={port}",
        "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--Application.log_level=WARN",  # the address is not lost among notes about JupyterLab's own parts
        "--ServerApp.answer_yes=True",  # Ctrl-C stops it, as promised, and asks nothing
    ]
    if options.no_browser or far:
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # containers and Colab-like machines run everything as root
    if port != options.port:
        print(f"Port {options.port} is taken; using {port}.")
    print("Starting JupyterLab; stop it with Ctrl-C.", flush=True)
    if far:
        print(_how_to_reach(port), flush=True)
    paths = [str(_SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths))}
    if os.name == "nt":  # there, exec starts a second process and gives the terminal back at once
        sys.exit(subprocess.call(arguments, env=environment))
    os.execve(sys.executable, arguments, environment)


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens at, so that its number can be said before the start.

    Raises:
        WorkbookError: the number is no port, or all that were tried are taken.
    """
    if not 1 <= first <= 65535:
        raise WorkbookError(f"--port is {first}; a port is a number from 1 to 65535, such as 8888")
    last = min(first + _PORTS_TRIED, 65536) - 1
    for port in range(first, last + 1):
        with socket.socket() as probe:
            if os.name != "nt":  # else a port that was used a minute ago counts as taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError:
                if port >= _FIRST_FOR_ALL:  # Windows keeps some ports for itself: taken, as any other
                    continue
                raise WorkbookError(
                    f"--port is {port}, which only root may use; take one from {_FIRST_FOR_ALL} on"
                ) from None
            except OSError:
                continue
            return port
    raise WorkbookError(f"ports {first} to {last} are all taken; choose another one with --port")


def _is_remote() -> bool:
    """Whether a browser started here would be out of the user's sight (or a text browser in this very terminal)."""
    here = os.environ
    return bool(here.get("SSH_CONNECTION")) and not (here.get("DISPLAY") or here.get("WAYLAND_DISPLAY"))


def _how_to_reach(port: int) -> str:
    return (
        "You are connected over SSH, so no browser is opened here. On your own computer, run\n"
        f"    ssh -N -L {port}:localhost:{port} {getpass.getuser()}@{platform.node()}\n"
        "and open the address below, the one that begins with http://localhost, in your browser."
    )
