"""`posenet download`: scenes and pretrained weights from their public homes."""

import argparse
from typing import Any

from posenet_lib.commands.options import add_command


def add_parsers(commands: Any) -> None:
    """Declare `download`."""
    parser = add_command(
        commands,
        "download",
        run_download,
        "Get known scenes and weights, and go on where an earlier try was cut off. Without a name: list them.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to get, for example KingsCollege")
    parser.add_argument("--keep-archive", action="store_true", help="keep a scene's zip after it is unpacked")


def run_download(options: argparse.Namespace) -> None:
    """`posenet download`."""
    from posenet_lib.download import KNOWN_FILES, download, find_known

    if not options.names:
        for known in KNOWN_FILES:
            print(f"{known.name:20}{'here' if known.is_here else '-':6}{known.what} ({known.facts})")
        return
    for known in [find_known(name) for name in options.names]:  # all names are right, or nothing starts
        print(download(known, keep_archive=options.keep_archive))
