"""The `posenet` command. Each sub-command is one function in `posenet_lib/commands/`, imported when it is called."""

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence

from posenet_lib.core.choices import COMMANDS, find
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.settings import refuse

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # the disk, or what one person may have of it


def build_parser() -> argparse.ArgumentParser:
    """All sub-commands; nothing heavy is imported for `--help`."""
    parser = argparse.ArgumentParser(
        prog="posenet", description="Camera relocalization with PoseNet: a course workbook and its tools."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for place in COMMANDS:
        find(place).add_parsers(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; bad input ends with one message on stderr and exit status 2."""
    _print_whatever_names()
    parser = build_parser()
    options, unknown = parser.parse_known_args(arguments)
    try:
        if unknown:
            refuse(unknown)
            parser.error(f"unrecognized arguments: {' '.join(unknown)}")
        return options.run(options) or 0
    except WorkbookError as error:
        print(f"posenet: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno == errno.EPIPE:  # who reads the output (`| head`) has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more at its end
            return 1
        if error.filename is not None:
            where = f"{os.fsdecode(error.filename)}: cannot be used"
        elif error.errno in _FULL:
            where = "cannot write"
        else:  # no file of the user's, and no full disk: a fault of ours, which the traceback tells
            raise
        print(f"posenet: {where} ({error.strerror})", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nposenet: stopped", file=sys.stderr)
        return 130


def _print_whatever_names() -> None:
    """A console that lacks a character of a file's name shows its code instead: no command ends for that."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
