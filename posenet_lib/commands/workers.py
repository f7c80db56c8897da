"""`--workers`, of the commands that render in several processes."""

import argparse


def add_workers_option(parser: argparse.ArgumentParser) -> None:
    """A number from 1 up."""
    parser.add_argument("--workers", type=_count, default=2, metavar="N", help="processes that render")


def _count(text: str) -> int:
    if not text.strip().isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"it must be a whole number from 1 up, got {text}")
    return int(text)
