"""`posenet lab`: JupyterLab on the first notebook."""

import argparse
import os
import sys
from typing import Any

from posenet_lib.commands.options import add_command


def add_parsers(commands: Any) -> None:
    """Declare `lab`."""
    parser = add_command(
        commands, "lab", run_lab, "Open JupyterLab on notebooks/00_start_here.ipynb. Stop it with Ctrl-C."
    )
    parser.add_argument("--port", type=int, default=8888, help="first port to try")
    parser.add_argument("--no-browser", action="store_true", help="print the address only")


def run_lab(options: argparse.Namespace) -> None:
    """`posenet lab`. The process becomes JupyterLab, so that Ctrl-C and signals reach it directly."""
    from posenet_lib.workspace import repository_root

    root = repository_root()
    arguments = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--port={options.port}",
        "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb",
        # Neither asks about news nor looks for updates: the workbook works, and starts the same, without the internet.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    ]
    if options.no_browser:
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # containers and Colab-like machines run everything as root
    print("Starting JupyterLab; stop it with Ctrl-C.", flush=True)
    os.execv(sys.executable, arguments)
